/** What may be meant where the caret stands in a query. No DOM. */
const lc = (globalThis.logconsole ??= {});

const AT_CARET = /(?:^|[\s(])(-?)(?:([A-Za-z_][\w.-]*)(:|>=|<=|>|<))?("?)([^\s()":<>]*(?:(?<=")[^"]*)?)$/;
const MOST = 10;
const VALUE_FIELDS = ["service", "logger", "level"]; // of which values are offered without their name
const LEVELS = () => Object.keys(lc.format.LEVELS).map((level) => level.toLowerCase());
const SPECIAL = { has: ["exc", "stack", "extra", "request_id", "user", "cut"], since: ["5m", "15m", "1h", "6h", "24h", "7d"], until: ["5m", "1h", "24h"] };

/**
 * `{from, to, items: [{text, insert, count}], isValue}`: what may stand from `from` to `to`; `known`: fields and their
 * values; `isValue`: what stands there is the beginning of a value, and none itself.
 */
function suggest(text, caret, known) {
  const found = AT_CARET.exec(text.slice(0, caret));
  const [, minus, field = "", operator = "", quote, begun] = found ?? [];
  if (!found || (quote && !field)) return { from: caret, to: caret, items: [], isValue: false };
  const shape = (insert) => minus + (text[caret] ? insert.trimEnd() : insert); // what follows has a space of its own
  const from = caret - begun.length - quote.length - operator.length - field.length - minus.length;
  const items = field ? values(field, operator, begun, known) : words(begun, known);
  return { from, to: caret, items: items.slice(0, MOST).map((item) => ({ ...item, insert: shape(item.insert) })),
    isValue: Boolean(field) && items.some(({ text }) => text.startsWith(minus + field + operator + begun)) && !isKnown(field, begun, known) };
}

const isKnown = (field, value, known) => known.values(field).some(([one]) => one.toLowerCase() === value.toLowerCase());

/** The values of a field: those that begin so first, then those that hold it. */
function values(field, operator, begun, known) {
  const all = SPECIAL[field]?.map((value) => [value, 0]) ?? (field === "level" ? levels(known) : known.values(field));
  return sifted(all, begun, ([value]) => value).map(([value, count]) => {
    const insert = field + operator + lc.query.quoted(value);
    return { text: insert, insert: `${insert} `, count };
  }).filter(({ text }) => text !== field + operator + begun);
}

function levels(known) {
  const counts = new Map(known.values("level").map(([level, count]) => [level.toLowerCase(), count]));
  return [...new Set([...LEVELS(), ...counts.keys()])].map((level) => [level, counts.get(level) ?? 0]);
}

/** Fields that begin so, then values that hold it. */
function words(begun, known) {
  if (!begun) return [];
  const fields = sifted([...known.fields, ...Object.keys(SPECIAL)], begun, (name) => name, true)
    .map((name) => ({ text: `${name}:`, insert: `${name}:`, count: 0 }));
  if (begun.length < 2) return fields;
  return [...fields, ...VALUE_FIELDS.flatMap((field) => values(field, ":", begun, known))];
}

function sifted(all, begun, textOf, isBeginning = false) {
  const wanted = begun.toLowerCase();
  const place = (one) => textOf(one).toLowerCase().indexOf(wanted);
  const begins = all.filter((one) => place(one) === 0);
  return isBeginning ? begins : [...begins, ...all.filter((one) => place(one) > 0)];
}

lc.suggest = suggest;
