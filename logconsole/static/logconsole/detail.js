/** Everything about one entry, below its row. */
const lc = (globalThis.logconsole ??= {});
const { el, button, icon, nodes } = lc.dom;
const { gettext, pgettext, fill, count } = lc.text;

const KNOWN = ["ts", "level", "levelno", "msg", "logger", "service", "host", "pid", "thread", "caller", "request_id",
  "user", "exc", "stack", "extra", "cut", "cursor"];

/** The detail of an entry. `acts`: what its buttons do; `view`: zone, marks, base_dir; `isWhole`: the row shows it all. */
function make(entry, { view, acts, isWhole }) {
  const body = el("div.lc-columns", {},
    el("div.lc-main", {}, isWhole ? null : message(entry, view), cut(entry),
      entry.exc && traceback(gettext("Traceback"), entry.exc, view, acts),
      entry.stack && traceback(gettext("Stack"), entry.stack, view, acts)),
    el("div.lc-side", {}, fields(entry, acts), record(entry, view, acts)));
  if (!body.firstChild.childElementCount) body.firstChild.remove();
  body.classList.toggle("lc-wide", Boolean(entry.exc || entry.stack));
  const cell = el("div", { role: "gridcell", "aria-colspan": "5" }, actions(entry, view, acts), body, raw(entry));
  return el("div.lc-detail", { role: "row", "aria-level": "2", "data-tone": lc.format.tone(entry.level, entry.levelno) }, cell);
}

function actions(entry, view, acts) {
  const copy = (text, produce) => lc.copying.button(text, produce, acts.announce);
  const chip = (text, title, ...fields) => button(text, { class: "lc-chip", title, onclick: () => acts.only(entry, ...fields) });
  return el("div.lc-actions", {},
    el("span.lc-chips", { role: "group", "aria-label": gettext("Show more like this") },
      entry.request_id && chip(gettext("This request"), gettext("Only entries of the same request"), "request_id"),
      entry.logger && chip(gettext("This logger"), gettext("Only entries of this logger"), "logger"),
      entry.pid && chip(gettext("This process"), gettext("Only entries of the same process"), "host", "pid"),
      button(gettext("Around"), { class: "lc-chip", title: gettext("Everything that was logged before and after, without the filter"),
        onclick: () => acts.surrounding(entry) })),
    el("span.lc-copies", { role: "group", "aria-label": pgettext("logconsole", "Copy") },
      copy(gettext("Copy message"), () => entry.msg),
      copy(gettext("Copy as JSON"), () => lc.copying.asJSON(entry)),
      copy(gettext("Copy link"), () => acts.link(entry))));
}

/** The entry as it is stored, on demand. */
function raw(entry) {
  const box = el("details.lc-raw", { ontoggle: () => {
    if (box.open && box.childElementCount === 1)
      box.append(el("pre.lc-json", { tabindex: "0", "aria-label": "JSON" }, nodes(lc.visible.pieces(lc.copying.asJSON(entry, 2)))));
  } }, el("summary", {}, gettext("As JSON")));
  return box;
}

function section(title, content, more = null) {
  return el("div.lc-section", {}, el("div.lc-section-head", {}, el("h2.lc-heading", {}, title), more), content);
}

function message(entry, view) {
  const text = el("pre.lc-message", { tabindex: "0" }, nodes(lc.visible.pieces(entry.msg, view.marks)));
  return section(gettext("Message"), text);
}

function cut(entry) {
  if (!entry.cut) return null;
  const size = lc.format.number(entry.cut);
  return el("p.lc-cut", {}, fill(gettext("Parts of this entry were cut; it had %(size)s bytes."), { size }));
}

function traceback(title, text, view, acts) {
  const { exception, parts } = lc.traceback.parts(text, view.base);
  const shown = ({ text: line, kind }) => el(`span.lc-line.lc-${kind}`, {}, nodes(lc.visible.pieces(`${line}\n`, view.marks)));
  const folded = (part) => {
    const words = count("%(n)s frame of a library", "%(n)s frames of libraries", part.folded);
    const opener = el("button.lc-fold", { type: "button", onclick: () => opener.replaceWith(...part.lines.map(shown)) }, `  … ${words}\n`);
    return opener;
  };
  const isFolding = parts.some((part) => !part.folded && part.lines.some(({ kind }) => kind === "own-file"));
  const body = parts.flatMap((part) => (part.folded && isFolding ? folded(part) : part.lines.map(shown)));
  const copy = lc.copying.button(gettext("Copy traceback"), () => text, acts.announce);
  copy.classList.add("lc-quiet");
  const head = exception.length ? el("p.lc-raised", {}, nodes(lc.visible.pieces(exception.map((line) => line.text).join("\n"), view.marks))) : null;
  return section(title, [head, el("pre.lc-traceback", { tabindex: "0", "aria-label": title }, body)], copy);
}

function fields(entry, acts) {
  const unknown = Object.entries(entry).filter(([key]) => !KNOWN.includes(key));
  const all = [...Object.entries(entry.extra ?? {}), ...unknown];
  if (!all.length) return null;
  return section(gettext("Fields"), table(gettext("Fields"), all.map(([key, value]) => [key, value, fieldName(key)]), acts));
}

/** A key of extra as a query names it; one that is also a key of ours is told apart by its prefix. */
function fieldName(key) {
  if (!/^[A-Za-z_][\w.-]*$/.test(key)) return null;
  return KNOWN.includes(key) || ["has", "since", "until"].includes(key) ? `extra.${key}` : key;
}

function record(entry, view, acts) {
  const { date, time, millis } = lc.format.clock(entry.ts, view.zone);
  const rows = [
    [pgettext("logconsole", "time"), `${date} ${time}${millis}`, null],
    ["ts", entry.ts, null],
    ["level", entry.levelno ? `${entry.level} (${entry.levelno})` : entry.level, "level", entry.level],
    ["logger", entry.logger, "logger"],
    ["caller", entry.caller, "caller"],
    [pgettext("logconsole", "service"), entry.service, "service"],
    [pgettext("logconsole", "host"), entry.host, "host"],
    ["pid", entry.pid, "pid"],
    ["thread", entry.thread, "thread"],
    ["request_id", entry.request_id, "request_id"],
    ["user", entry.user, "user"],
  ].filter(([, value]) => value);
  return section(gettext("Record"), table(gettext("Record"), rows, acts));
}

function table(title, rows, acts) {
  return el("div.lc-table", { role: "table", "aria-label": title }, rows.map(([key, value, field, wanted = value]) => {
    const text = shown(value);
    const isScalar = value !== null && typeof value !== "object";
    return el("div.lc-pair", { role: "row" }, el("div.lc-key", { role: "rowheader" }, nodes(lc.visible.pieces(key))),
      el("div.lc-value", { role: "cell" }, nodes(lc.visible.pieces(text))),
      el("div.lc-pair-acts", { role: "cell" }, isScalar && field && filters(field, wanted, acts), small("copy", gettext("Copy value"), () => {
        lc.copying.write(text);
        acts.announce(pgettext("logconsole", "Copied"));
      })));
  }));
}

/** A value as text; what is nested, as JSON: in one line if it is short. */
function shown(value) {
  if (typeof value !== "object" || value === null) return String(value);
  const short = JSON.stringify(value);
  return short.length <= 60 ? short : JSON.stringify(value, null, 2);
}

function filters(field, value, acts) {
  const term = lc.query.condition(field, String(value));
  return [small("plus", fill(gettext("Only %(term)s"), { term }), () => acts.filter(term)),
    small("minus", fill(gettext("Without %(term)s"), { term }), () => acts.filter(`-${term}`))];
}

function small(name, title, onclick) {
  return el("button.lc-small", { type: "button", title, "aria-label": title, onclick }, icon(name));
}

lc.detail = { make };
