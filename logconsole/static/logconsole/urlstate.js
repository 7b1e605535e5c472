/** The page's own URL: what is filtered, as parameters, only what is not the default. No DOM. */
const lc = (globalThis.logconsole ??= {});

const LISTS = { level: "levels", service: "services", logger: "loggers" };
const TEXTS = ["q", "range", "from", "to", "at", "store"];

/** The state of a page without parameters: nothing filtered. */
function initial() {
  return { store: "", q: "", levels: [], services: [], loggers: [], range: "", from: "", to: "", at: "" };
}

/** The state in a URL's query string. */
function read(search) {
  const params = new URLSearchParams(search);
  const state = initial();
  for (const key of TEXTS) state[key] = params.get(key) ?? "";
  for (const [key, name] of Object.entries(LISTS)) {
    const values = params.getAll(key).flatMap((value) => (key === "level" ? value.split(",") : [value]));
    state[name] = [...new Set(values.filter(Boolean))];
  }
  state.levels = state.levels.map((level) => level.toUpperCase());
  if (state.range && !/^\d+[smhdw]$/.test(state.range)) state.range = "";
  if (state.range) state.from = state.to = "";
  return state;
}

/** The query string of a state, with its `?`, or nothing. */
function write(state) {
  const params = new URLSearchParams();
  if (state.q.trim()) params.set("q", state.q.trim());
  if (state.levels.length) params.set("level", state.levels.join(",").toLowerCase());
  for (const service of state.services) params.append("service", service);
  for (const logger of state.loggers) params.append("logger", logger);
  for (const key of ["range", "from", "to", "at", "store"]) if (state[key]) params.set(key, state[key]);
  const text = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text && `?${text}`;
}

/** Whether anything is filtered; the store and the marked entry are no filter. */
function isFiltered(state) {
  return Boolean(state.q.trim() || state.levels.length || state.services.length || state.loggers.length
    || state.range || state.from || state.to);
}

/** The state without its filters. */
const cleared = (state) => ({ ...initial(), store: state.store });

lc.urlstate = { initial, read, write, isFiltered, cleared };
