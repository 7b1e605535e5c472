/** Everything about one entry, below its row. */
const lc = (globalThis.logconsole ??= {});
const { el, button, icon, nodes } = lc.dom;
const { gettext, pgettext, fill } = lc.text;

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
  const cell = el("div", { role: "gridcell", "aria-colspan": "5" }, actions(entry, view, acts), body);
  return el("div.lc-detail", { role: "row", "aria-level": "2", "data-tone": lc.format.tone(entry.level, entry.levelno) }, cell);
}

function actions(entry, view, acts) {
  const copy = (text, produce) => lc.copying.button(text, produce, acts.announce);
  return el("div.lc-actions", {},
    copy(gettext("Copy message"), () => entry.msg),
    copy(gettext("Copy as JSON"), () => lc.copying.asJSON(entry)),
    copy(gettext("Copy link"), () => acts.link(entry)),
    entry.logger && button(gettext("Only this logger"), { onclick: () => acts.onlyLogger(entry) }),
    entry.request_id && button(gettext("Only this request"), { onclick: () => acts.onlyRequest(entry) }),
    button(gettext("Show surrounding entries"), { onclick: () => acts.surrounding(entry) }));
}

function section(title, content, more = null) {
  return el("div.lc-section", {}, el("div.lc-section-head", {}, el("h3", {}, title), more), content);
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
  const lines = lc.traceback.lines(text, view.base).map(({ text: line, kind }) =>
    el(`span.lc-line.lc-${kind}`, {}, nodes(lc.visible.pieces(`${line}\n`, view.marks))));
  const copy = lc.copying.button(gettext("Copy traceback"), () => text, acts.announce);
  copy.classList.add("lc-quiet");
  return section(title, el("pre.lc-traceback", { tabindex: "0", "aria-label": title }, lines), copy);
}

function fields(entry, acts) {
  const unknown = Object.entries(entry).filter(([key]) => !KNOWN.includes(key));
  const all = [...Object.entries(entry.extra ?? {}), ...unknown];
  if (!all.length) return null;
  return section(gettext("Fields"), table(all.map(([key, value]) => [key, value, fieldName(key)]), acts));
}

/** A key of extra as a query names it; one that is also a key of ours is told apart by its prefix. */
function fieldName(key) {
  if (!/^[A-Za-z_][\w.-]*$/.test(key)) return null;
  return KNOWN.includes(key) || ["has", "since", "until"].includes(key) ? `extra.${key}` : key;
}

function record(entry, view, acts) {
  const process = [entry.service, entry.host && `@${entry.host}`, entry.pid && ` (pid ${entry.pid})`].filter(Boolean).join("");
  const { date, time, millis } = lc.format.clock(entry.ts, view.zone);
  const rows = [
    [pgettext("logconsole", "time"), `${date} ${time}${millis}`, null],
    ["ts", entry.ts, null],
    ["level", entry.levelno ? `${entry.level} (${entry.levelno})` : entry.level, "level", entry.level],
    ["logger", entry.logger, "logger"],
    ["caller", entry.caller, "caller"],
    [pgettext("logconsole", "process"), process, "service", entry.service],
    ["thread", entry.thread, "thread"],
    ["request_id", entry.request_id, "request_id"],
    ["user", entry.user, "user"],
  ].filter(([, value]) => value);
  return section(gettext("Record"), table(rows, acts));
}

function table(rows, acts) {
  return el("dl.lc-table", {}, rows.map(([key, value, field, wanted = value]) => {
    const text = shown(value);
    const isScalar = value !== null && typeof value !== "object";
    return el("div.lc-pair", {}, el("dt", {}, nodes(lc.visible.pieces(key))), el("dd", {}, nodes(lc.visible.pieces(text))),
      el("div.lc-pair-acts", {}, isScalar && field && filters(field, wanted, acts), small("copy", gettext("Copy value"), () => {
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
