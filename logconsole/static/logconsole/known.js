/** What is known of the fields of entries: of those that were seen, and, where the server tells, of all that match. No DOM. */
const lc = (globalThis.logconsole ??= {});

const OWN = ["level", "logger", "service", "host", "pid", "thread", "caller", "request_id", "user"];
const FIELDS = 200; // names that are kept, and
const VALUES = 300; // values of each
const LONGEST = 80; // characters of a value that is worth offering
const AGAIN = 15_000; // milliseconds until the server is asked once more

class Known {
  constructor({ ask = lc.http.ask } = {}) {
    this.ask = ask;
    this.isTold = true; // whether the server has such an answer
    this.forget();
  }

  forget() {
    this.seen = new Map();
    this.told = new Map();
    this.askedAt = -Infinity;
    this.round = (this.round ?? 0) + 1;
  }

  /** Entries were seen. */
  see(entries) {
    for (const entry of entries) {
      for (const field of OWN) if (entry[field]) this.#count(field, entry[field]);
      for (const key in entry.extra) this.#count(key, entry.extra[key]);
    }
  }

  #count(field, value) {
    if (!this.seen.has(field)) {
      if (this.seen.size >= FIELDS) return;
      this.seen.set(field, new Map());
    }
    const text = String(value);
    if (value === null || typeof value === "object" || !text || text.length > LONGEST) return;
    const values = this.seen.get(field);
    if (values.has(text) || values.size < VALUES) values.set(text, (values.get(text) ?? 0) + 1);
  }

  /** Ask the server what else there is; without such an address, what was seen is all. Returns whether it told anything. */
  async refresh(filter, now = Date.now()) {
    if (!this.isTold || now - this.askedAt < AGAIN) return false;
    this.askedAt = now;
    const { round } = this;
    try {
      const { fields } = await this.ask("facets/", lc.query.parameters({ store: filter.store, since: filter.since, until: filter.until }));
      if (round !== this.round) return false;
      this.told = new Map(Object.entries(fields).map(([field, values]) => [field, new Map(values)]));
      return true;
    } catch (refusal) {
      if (refusal.status === 404) this.isTold = false;
      return false;
    }
  }

  /** Names of fields, in the order of the alphabet. */
  get fields() {
    return [...new Set([...OWN, ...this.seen.keys(), ...this.told.keys()])].sort();
  }

  /** `[[value, count]]` of a field, the most frequent first; the server's counts are those of all, ours of what was seen. */
  values(field) {
    const all = new Map([...(this.seen.get(field) ?? []), ...(this.told.get(field) ?? [])]);
    return [...all].map(([value, count]) => [String(value), count]).sort((a, b) => b[1] - a[1]);
  }
}

lc.Known = Known;
