/** A time range as people type it. No DOM. */
const lc = (globalThis.logconsole ??= {});

const SPAN = /^(?:(\d+)\s*([smhdw]))$/i;
const MOMENT = /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:[T ]?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const DAY = 86_400_000;

/** `45m`; `9:00`; `2026-11-23`; `9:00 - 9:30`; `2026-11-23 9:00 -`: `{range, from, to}`, or null for anything else. */
function read(text, zone, now = Date.now()) {
  const typed = text.trim();
  const span = SPAN.exec(typed);
  if (span) return { range: span[1] + span[2].toLowerCase(), from: "", to: "" };
  const [begin, end, more] = typed.split(/\s+[-–]\s*|\s*–\s*|(?<=:\d{2})-(?=\d)/);
  const from = moment(begin, zone, now);
  const isDay = end === undefined && /^\S+-\S+$/.test(typed); // a day alone is all of it
  const to = end ? moment(end, zone, now, begin) : isDay && from !== null ? from + DAY : "";
  if (more !== undefined || from === null || to === null || (to !== "" && to <= from)) return null;
  return { range: "", from: new Date(from).toISOString(), to: to === "" ? "" : new Date(to).toISOString() };
}

/** The moment, in milliseconds; a time alone is that of the day that `of` names, or of today. */
function moment(text, zone, now, of = "") {
  const found = text?.trim() ? MOMENT.exec(text.trim()) : null;
  if (!found) return null;
  const [, year, month, day, hour = "0", minute = "00", second = "00"] = found;
  const two = (value) => value.padStart(2, "0");
  const date = year ? `${year}-${two(month)}-${two(day)}` : (/^\d{4}-\d{1,2}-\d{1,2}/.exec(of)?.[0] ?? lc.format.clock(now, zone).date);
  const local = `${date}T${two(hour)}:${minute}:${second}`;
  return Number.isNaN(Date.parse(local)) ? null : lc.format.moment(local, zone);
}

lc.when = { read };
