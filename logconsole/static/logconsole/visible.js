/** Hostile text in pieces that can be shown safely: plain, marked, and characters that would act. No DOM. */
const lc = (globalThis.logconsole ??= {});

// Control characters other than newline and tab, line separators, and what turns the direction of writing.
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const ACTING_ALL = new RegExp(ACTING.source, "g");
const LINE_ENDS = /\r\n|\n/g;

/** What is shown in place of an acting character, as in a download: `\x1b`, `\u202e`. */
function picture(character) {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}

/** The text as `[{text, mark, acting}]`; marks are the matches of the global RegExp, if any. */
function pieces(text, marks = null) {
  if (!marks && !ACTING.test(text)) return [{ text, mark: false, acting: false }];
  return spans(text, marks).flatMap(({ text: part, mark }) => split(part, mark));
}

/** In one line: line ends become a sign, what is longer than the limit is not looked at. */
function oneLine(text, marks = null, limit = 600) {
  const short = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return pieces(short.trimEnd().replace(LINE_ENDS, " ⏎ "), marks);
}

/** The same as text: for a name, a badge, a title. */
function plain(text, limit = 600) {
  return text ? oneLine(String(text), null, limit).map((piece) => piece.text).join("") : "";
}

function spans(text, marks) {
  if (!marks) return [{ text, mark: false }];
  const found = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    if (!match[0]) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), mark: false });
    found.push({ text: match[0], mark: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), mark: false });
  return found;
}

function split(text, mark) {
  if (!ACTING.test(text)) return [{ text, mark, acting: false }];
  const found = [];
  let from = 0;
  for (const match of text.matchAll(ACTING_ALL)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), mark, acting: false });
    found.push({ text: picture(match[0]), mark, acting: true });
    from = match.index + 1;
  }
  if (from < text.length) found.push({ text: text.slice(from), mark, acting: false });
  return found;
}

lc.visible = { pieces, oneLine, plain };
