/** The queries that were used last, kept in this browser alone. */
const lc = (globalThis.logconsole ??= {});

const KEY = "logconsole.queries.v1";
const MOST = 20;

/** The newest first. */
function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(stored) ? stored.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** A query was used. */
function add(text) {
  const query = text.trim();
  if (query) save([query, ...load().filter((one) => one !== query)].slice(0, MOST));
}

function save(queries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    // a browser that stores nothing forgets them
  }
}

lc.recent = { load, add, forget: () => save([]) };
