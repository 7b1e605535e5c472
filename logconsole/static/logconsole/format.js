/** Times, numbers and levels as people read them. No DOM. */
const lc = (globalThis.logconsole ??= {});

const SLOT = 15 * 60 * 1000; // every zone changes its offset on a quarter of an hour
const LEVELS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 };
const offsets = new Map();
const formatters = new Map();
let language;

/** Which language numbers and days are written in. */
function configure(lang) {
  language = lang || undefined;
}

/** Minutes are enough for people, but the offset is in milliseconds. Optimization: Intl is asked once per slot. */
function offset(moment, zone) {
  if (zone === "UTC") return 0;
  const slot = Math.floor(moment / SLOT);
  const key = `${zone} ${slot}`;
  if (!offsets.has(key)) {
    if (offsets.size > 5000) offsets.clear();
    offsets.set(key, offsetOf(slot * SLOT, zone));
  }
  return offsets.get(key);
}

function offsetOf(moment, zone) {
  const part = {};
  for (const { type, value } of formatter(zone).formatToParts(moment)) part[type] = Number(value);
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - moment;
}

function formatter(zone) {
  if (!formatters.has(zone)) formatters.set(zone, new Intl.DateTimeFormat("en-u-nu-latn", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  }));
  return formatters.get(zone);
}

/** `{date: "2026-11-23", time: "09:02:07", millis: ".371"}`; a `ts` that is no time is shown as it is. */
function clock(ts, zone) {
  const moment = typeof ts === "number" ? ts : Date.parse(ts);
  if (Number.isNaN(moment)) return { date: "", time: String(ts), millis: "" };
  const text = new Date(moment + offset(moment, zone)).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 19), millis: text.slice(19, 23) };
}

/** `23 Nov` in the language of the page. */
function day(ts, zone) {
  const moment = typeof ts === "number" ? ts : Date.parse(ts);
  if (Number.isNaN(moment)) return "";
  return new Intl.DateTimeFormat(language, { timeZone: zone, day: "numeric", month: "short" }).format(moment);
}

/** `2026-11-23T09:02` of a moment, for a datetime-local field, and back. */
function local(moment, zone) {
  return new Date(moment + offset(moment, zone)).toISOString().slice(0, 19);
}

function moment(text, zone) {
  const guess = Date.parse(`${text}Z`);
  return guess - offset(guess - offset(guess, zone), zone);
}

const number = (value) => new Intl.NumberFormat(language).format(value);

const percent = (share) => new Intl.NumberFormat(language, { style: "percent" }).format(share);

/** A number for any level name; one of the five carries its own. */
const levelNumber = (level, levelno) => LEVELS[level] ?? levelno ?? 20;

/** Which of the five levels a custom one is painted like. */
function tone(level, levelno) {
  if (level in LEVELS) return level;
  const number = levelNumber(level, levelno);
  return Object.keys(LEVELS).findLast((name) => LEVELS[name] <= number) ?? "DEBUG";
}

lc.format = { LEVELS, configure, clock, day, local, moment, number, percent, levelNumber, tone };
