/** The page's own URL: what is filtered, as parameters, only what is not the default. No DOM. */
const lc = (globalThis.logconsole ??= {});

const TEXTS = ["q", "range", "from", "to", "at", "store", "follow"];

/** The state of a page without parameters: nothing filtered. */
function initial() {
  return { store: "", q: "", levels: [], range: "", from: "", to: "", at: "", follow: "" };
}

/** The state in a URL's query string. */
function read(search) {
  const params = new URLSearchParams(search);
  const state = initial();
  for (const key of TEXTS) state[key] = params.get(key) ?? "";
  const levels = params.getAll("level").flatMap((value) => value.split(",")).filter(Boolean);
  state.levels = [...new Set(levels.map((level) => level.toUpperCase()))];
  for (const field of ["service", "logger"])
    if (params.has(field)) state.q = lc.query.choose(state.q, field, params.getAll(field).filter(Boolean));
  if (state.follow !== "0") state.follow = "";
  if (state.range && !/^\d+[smhdw]$/.test(state.range)) state.range = "";
  if (state.range) state.from = state.to = "";
  return state;
}

/** The query string of a state, with its `?`, or nothing. */
function write(state) {
  const params = new URLSearchParams();
  if (state.q.trim()) params.set("q", state.q.trim());
  if (state.levels.length) params.set("level", state.levels.join(",").toLowerCase());
  for (const key of ["range", "from", "to", "at", "store", "follow"]) if (state[key]) params.set(key, state[key]);
  const text = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text && `?${text}`;
}

/** Whether anything is filtered; the store and the marked entry are no filter. */
function isFiltered(state) {
  return Boolean(state.q.trim() || state.levels.length || state.range || state.from || state.to);
}

/** The state without its filters. */
const cleared = (state) => ({ ...initial(), store: state.store, follow: state.follow });

lc.urlstate = { initial, read, write, isFiltered, cleared };
