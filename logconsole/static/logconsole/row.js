/** One line of the list: made once, filled again and again. */
const lc = (globalThis.logconsole ??= {});
const { el, icon, nodes } = lc.dom;
const { fill: fillText, gettext } = lc.text;
const { plain } = lc.visible;

const FIELDS = 3; // of extra, shown behind the message

/** An empty row; its parts are kept beside it, so that filling needs no search. */
function make() {
  const cell = (name) => el(`span.lc-${name}`, { role: "gridcell" });
  const parts = { time: cell("time"), level: cell("levelname"), service: cell("service"), logger: cell("logger"), msg: cell("msg") };
  parts.clock = document.createTextNode("");
  parts.millis = el("span.lc-millis");
  parts.time.append(parts.clock, parts.millis);
  parts.badge = el("span");
  parts.level.append(parts.badge);
  parts.text = el("span.lc-text");
  parts.chip = el("span.lc-exception");
  parts.extra = el("span.lc-extra");
  parts.msg.append(parts.text, parts.chip, parts.extra);
  const row = el("div.lc-row", { role: "row", "aria-level": "1" },
    el("span.lc-chevron", { "aria-hidden": "true" }, icon("right")), ...Object.values(parts).slice(0, 5));
  row.parts = parts;
  return row;
}

/** Show an entry, or a gap, in a row. `view`: zone, marks and whether fields are shown. */
function fill(row, item, view) {
  row.item = item;
  row.classList.toggle("lc-gap", Boolean(item.gap));
  if (item.gap) return fillGap(row, item.gap, view);
  const { parts } = row;
  const { date, time, millis } = lc.format.clock(item.ts, view.zone);
  row.dataset.level = item.level;
  row.dataset.tone = lc.format.tone(item.level, item.levelno);
  row.dataset.cursor = item.cursor ?? "";
  row.classList.toggle("lc-has-exception", Boolean(item.exc || item.stack));
  parts.clock.data = plain(view.date ? `${date} ${time}` : time, 100);
  parts.millis.textContent = view.millis ? millis : "";
  parts.badge.textContent = plain(item.level, 100);
  parts.service.textContent = parts.service.title = plain(view.hosts && item.host ? `${item.service ?? ""}@${item.host}` : item.service);
  parts.logger.textContent = plain(item.logger);
  parts.logger.title = plain(item.logger);
  showMessage(parts.text, item.msg, view.marks);
  parts.chip.textContent = item.exc ? (plain(exceptionName(item), 100) || gettext("Traceback")) : "";
  parts.extra.textContent = view.fields ? summary(item) : "";
}

function fillGap(row, { from, to }, view) {
  for (const key of ["level", "tone", "cursor"]) delete row.dataset[key];
  row.classList.remove("lc-has-exception");
  const { parts } = row;
  parts.clock.data = parts.millis.textContent = parts.badge.textContent = parts.service.textContent = "";
  parts.logger.textContent = parts.chip.textContent = parts.extra.textContent = "";
  const time = (ts) => lc.format.clock(ts, view.zone).time;
  parts.text.textContent = from && to
    ? fillText(gettext("Entries between %(from)s and %(to)s are gone: the store had dropped them before this page could read them"),
      { from: time(from), to: time(to) })
    : gettext("Entries are missing here: the store had dropped them before this page could read them");
}

function showMessage(target, msg, marks) {
  const pieces = lc.visible.oneLine(msg ?? "", marks);
  const only = target.firstChild;
  if (pieces.length === 1 && !pieces[0].mark && !pieces[0].acting && only?.nodeType === 3 && !only.nextSibling)
    only.data = pieces[0].text; // Optimization: the common case changes one text node
  else target.replaceChildren(...nodes(pieces));
}

const names = new WeakMap();

function exceptionName(item) {
  if (!names.has(item)) names.set(item, lc.traceback.name(item.exc));
  return names.get(item);
}

/** `status=404 duration_ms=87`: the first simple fields of extra whose values the message does not tell already. */
function summary({ extra, msg }) {
  if (!extra) return "";
  const isTold = (text) => text.length > 2 && msg.includes(text); // a short number is in many texts by chance
  const simple = Object.entries(extra).filter(([, value]) => value !== null && value !== "" && typeof value !== "object" && !isTold(String(value)));
  return simple.slice(0, FIELDS).map(([key, value]) => plain(`${key}=${String(value).slice(0, 80)}`)).join(" ");
}

lc.row = { make, fill };
