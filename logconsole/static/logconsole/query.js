/** What the page asks the store for: the typed query, the choices beside it, and which words to mark. No DOM. */
const lc = (globalThis.logconsole ??= {});

const FIELD = /^[A-Za-z_][\w.-]*(?::|>=|<=|>|<)(?=[^\s):(]|"|$)/;
const TOKEN = /(-?)(?:([()])|\/((?:[^/\\]|\\.|\/(?![\s)]|$))+)\/(?=[\s)]|$)|"((?:[^"\\]|\\.)*)"|([^\s()]+))/y;
const FIELD_PHRASE = /-?[A-Za-z_][\w.-]*(?::|>=|<=|>|<)"(?:[^"\\]|\\.)*"/y;
const BARE = /^[^\s()"/*-][^\s()"*]*$/;

/** The tokens that words are marked by, and whether the text is whole: nothing is begun and not ended. */
function read(text) {
  const terms = [];
  const depth = [];
  let whole = true;
  let dangling = false;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at])) { at += 1; continue; }
    FIELD_PHRASE.lastIndex = TOKEN.lastIndex = at;
    const field = FIELD_PHRASE.exec(text);
    const [all, minus, paren, regex, phrase, word] = field ?? TOKEN.exec(text) ?? [text[at]];
    at += all.length;
    dangling = word === "OR";
    if (field) continue;
    if (paren === "(") depth.push(minus === "-" || depth.at(-1) === true);
    else if (paren === ")") whole = depth.pop() !== undefined && whole;
    const negated = minus === "-" || depth.at(-1) === true;
    if (regex !== undefined) terms.push({ kind: "regex", text: regex.replaceAll("\\/", "/"), negated });
    else if (phrase !== undefined) terms.push({ kind: "text", text: phrase.replace(/\\(["\\])/g, "$1"), negated });
    else if (word !== undefined) {
      if (word.startsWith('"') || /:"/.test(word)) whole = false;
      if (word !== "OR" && word !== "AND" && !FIELD.test(word)) terms.push({ kind: "text", text: word, negated });
    }
  }
  return { terms, whole: whole && depth.length === 0 && !dangling };
}

/** A value as it stands behind `field:`, quoted where it must be. */
const quoted = (value) => (BARE.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`);

const condition = (field, value) => `${field}:${quoted(String(value))}`;

function either(field, values) {
  if (!values.length) return "";
  const parts = values.map((value) => condition(field, value));
  return parts.length === 1 ? parts[0] : `(${parts.join(" OR ")})`;
}

const VALUE = '(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s()"*]+)';

/** Where a text says which values of a field are wanted, all others not: `{from, to, values}`, or null. */
function place(text, field) {
  const one = `${field}:${VALUE}`;
  for (const { 0: all, index: from } of text.matchAll(new RegExp(`(?<=^|\\s)(?:${one}|\\(${one}(?: OR ${one})*\\))(?=\\s|$)`, "g"))) {
    const to = from + all.length;
    if (!read(text.slice(0, from)).whole || /^\s+OR(?=\s|$)/.test(text.slice(to))) continue;
    return { from, to, values: [...all.matchAll(new RegExp(one, "g"))].map(([part]) => unquoted(part.slice(field.length + 1))) };
  }
  return null;
}

/** The values of a field that a text asks for. */
const chosen = (text, field) => place(text, field)?.values ?? [];

/** The text that asks for these values of a field instead. */
function choose(text, field, values) {
  const found = place(text, field);
  const term = either(field, values);
  if (found) return [text.slice(0, found.from).trimEnd(), term, text.slice(found.to).trimStart()].filter(Boolean).join(" ");
  const parts = [text.trim(), term].filter(Boolean);
  return (read(text).whole ? parts : parts.reverse()).join(" "); // what is begun and not ended would swallow it
}

const unquoted = (value) => (value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, "$1") : value);

/** The filter of the wire: `store`, `q`, `level`, `since`, `until`. */
function filter(state) {
  return {
    store: state.store,
    q: (state.q ?? "").trim(),
    level: state.levels ?? [],
    since: state.range || state.from || "",
    until: state.range ? "" : state.to || "",
  };
}

/** The same as URL parameters; what is empty is left out. */
function parameters(wanted, more = {}) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...wanted, ...more }))
    for (const item of [value].flat()) if (item !== "" && item !== null && item !== undefined) params.append(key, item);
  return params;
}

/** The typed text with one more condition; its opposite, if it stands there, goes. */
function withTerm(typed, term) {
  const opposite = term.startsWith("-") ? term.slice(1) : `-${term}`;
  const has = (part) => ` ${typed} `.includes(` ${part} `);
  if (has(term)) return typed.trim();
  const kept = has(opposite) ? ` ${typed} `.replace(` ${opposite} `, " ") : typed;
  return `${kept.trim()} ${term}`.trim();
}

/** What to mark in messages: one global RegExp of the words, phrases and tame patterns, or null. */
function marks(typed) {
  const wanted = read(typed).terms.filter((term) => !term.negated && term.text);
  const sources = wanted.map(source).filter(Boolean);
  return sources.length ? new RegExp(sources.sort((a, b) => b.length - a.length).join("|"), "giu") : null;
}

function source({ kind, text }) {
  if (kind === "text") return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === "-" ? "\\x2d" : `\\${sign}`));
  if (!isTame(text)) return "";
  try {
    return new RegExp(`(?:${text})`, "giu").source;
  } catch {
    return ""; // a pattern of the server's engine that is none here is simply not marked
  }
}

/** Whether the browser's backtracking engine can run the pattern without a hang: the server's is linear, this is not. */
function isTame(pattern) {
  const unbounded = pattern.match(/[*+]|\{\d*,\}/g)?.length ?? 0;
  return unbounded <= 2 && !/\)[*+{?]|\\[1-9k]|\(\?[<=!]/.test(pattern) && pattern.length <= 200;
}

lc.query = { read, chosen, choose, quoted, filter, parameters, condition, withTerm, marks };
