/** When to try again, and what it means that a socket closed. No DOM. */
const lc = (globalThis.logconsole ??= {});

const SECONDS = [1, 2, 4, 8, 15, 30];

/** Seconds to wait before try number `tries` (from 0), scattered by a fifth so that pages do not come all at once. */
function delay(tries, random = Math.random) {
  return SECONDS[Math.min(tries, SECONDS.length - 1)] * (0.8 + 0.4 * random());
}

/** The state that a close code or an HTTP status means, or null: simply lost. */
function meaning(code) {
  return { 4400: "outdated", 4401: "signed-out", 401: "signed-out", 4403: "forbidden", 403: "forbidden",
    4429: "too-many", 429: "too-many" }[code] ?? null;
}

/** States that only the reader can end. */
const isFinal = (state) => ["outdated", "signed-out", "forbidden"].includes(state);

lc.retry = { delay, meaning, isFinal };
