/** Tracebacks in lines of a kind: our own code, libraries, the exception. No DOM. */
const lc = (globalThis.logconsole ??= {});

const FRAME = /^[\s|+-]*File "(.+?)", line \d+/;
const TITLE = /^[\s|+-]*(?:Exception Group )?Traceback \(most recent call last\):|^[\s|+-]*(?:The above exception was|During handling of)/;
const EXCEPTION = /^(?:[\s|+-]*[|+] )?([A-Za-z_][\w.]*)(?::\s|:?$)/;
const LIBRARY = /(?:site|dist)-packages[\\/]|[\\/]lib[\\/]python\d|^<frozen /;

/** Whether a file is the project's own. */
function isOwn(path, base) {
  if (LIBRARY.test(path)) return false;
  return !base || !/^(?:\/|[A-Za-z]:)/.test(path) || path.startsWith(base.endsWith("/") ? base : `${base}/`);
}

/** `[{text, kind}]`, kind being `own`, `own-file`, `library`, `exception` or `plain`. */
function lines(text, base = "") {
  let kind = "plain";
  let isInFrames = false;
  return text.replace(/\n$/, "").split("\n").map((line) => {
    const frame = FRAME.exec(line);
    if (frame) {
      kind = isOwn(frame[1], base) ? "own" : "library";
      isInFrames = true;
      return { text: line, kind: kind === "own" ? "own-file" : kind };
    }
    if (TITLE.test(line) || !line.trim()) kind = "plain";
    else if (isInFrames && EXCEPTION.test(line)) kind = "exception";
    return { text: line, kind };
  });
}

/**
 * The parts to show: `{exception: [line], parts: [{lines, folded}]}`. The exception that was raised last comes first;
 * `folded` is the number of library frames in a row, or 0 for what is to be seen at once.
 */
function parts(text, base = "") {
  const all = lines(text, base);
  const from = all.findLastIndex(({ text: line, kind }) => kind === "exception" && EXCEPTION.test(line));
  const found = [];
  for (const line of all) {
    const isLibrary = line.kind === "library";
    if (!found.length || isLibrary !== found.at(-1).folded > 0) found.push({ lines: [], folded: 0 });
    found.at(-1).lines.push(line);
    if (isLibrary) found.at(-1).folded += FRAME.test(line.text) || !found.at(-1).folded ? 1 : 0;
  }
  const exception = from < 0 ? [] : all.slice(from).filter(({ kind }) => kind === "exception");
  return { exception, parts: found };
}

/** The name of the exception that was raised last: `ReadTimeout` of `httpx.ReadTimeout: ...`. */
function name(text) {
  const last = lines(text).filter((line) => line.kind === "exception" && EXCEPTION.test(line.text)).at(-1);
  return last ? EXCEPTION.exec(last.text)[1].split(".").at(-1) : "";
}

lc.traceback = { lines, parts, name };
