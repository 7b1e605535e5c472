/** How many entries match, per level and over time: asked of the store, then kept up with what arrives. */
const lc = (globalThis.logconsole ??= {});

const AGAIN = 60_000; // milliseconds after which the store is asked again: other levels' counts grow unseen

class Counts {
  /** `most()`: how many spans of time are wanted; `isFrozen()`: whether nothing may move; `onChange(buckets)`. */
  constructor({ ask = lc.http.ask, most, isFrozen, onChange }) {
    Object.assign(this, { ask, most, isFrozen, onChange });
    this.buckets = null;
    this.round = 0;
    this.isStale = false;
    this.soon = lc.dom.debounced((filter) => this.#load(filter), 150);
  }

  /** Count what this filter matches; until the answer is there, what is shown is that of the last one. */
  load(filter) {
    this.isStale ||= asked(filter) !== asked(this.filter);
    this.soon(filter);
  }

  /** Count entries that arrived. */
  add(entries) {
    if (!this.buckets || this.isStale || !entries.length) return;
    this.buckets.add(entries);
    this.#fit();
    if (!this.isFrozen()) this.onChange(this.buckets);
  }

  /** Time went on. */
  tick() {
    if (!this.buckets || this.isStale || this.isFrozen() || this.filter?.until) return;
    const { length } = this.buckets;
    this.buckets.grow(this.buckets.placeOf(Date.now()) + 1);
    if (this.buckets.length === length) return;
    this.#fit();
    this.onChange(this.buckets);
  }

  /** The number of entries of the levels named, or null while that is not known. */
  total(names) {
    return this.isStale || !this.buckets ? null : names.reduce((sum, name) => sum + this.buckets.total(name), 0);
  }

  /** The same of all that is kept: where only a part was counted, what that makes for the whole. */
  estimate(names) {
    const total = this.total(names);
    if (total === null) return null;
    const { scanned } = this.buckets;
    return scanned < 1 ? { number: scanned ? Math.round(total / scanned) : total, isSure: false } : { number: total, isSure: true };
  }

  forget() {
    this.round += 1;
    this.buckets = null;
    clearTimeout(this.timer);
  }

  /** A range that moves lets the past go; one that grows has longer spans. */
  #fit() {
    if (this.buckets.length <= this.length) return;
    if (/^\d+[smhdw]$/.test(this.filter?.since)) this.buckets.slide(this.length);
    else while (this.buckets.length > 1.3 * Math.max(this.most(), 20)) this.buckets.coarsen();
  }

  async #load(filter) {
    const round = (this.round += 1);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#again(filter), AGAIN);
    const { level, ...others } = filter; // counts of the other filters: a level that is off shows what it would add
    try {
      const answer = await this.ask("timeline/", lc.query.parameters(others, { buckets: this.most() }));
      if (round !== this.round) return;
      this.filter = filter;
      this.isStale = false;
      this.buckets = new lc.Buckets(answer);
      this.length = this.buckets.length;
      this.onChange(this.buckets);
    } catch (refusal) {
      // What is wrong with the connection or the query is told by the feed; the counts stay as they were.
      if (!(refusal instanceof lc.http.Refusal)) throw refusal;
    }
  }

  #again(filter) {
    if (document.hidden || this.isFrozen()) this.timer = setTimeout(() => this.#again(filter), AGAIN);
    else this.#load(filter);
  }
}

/** What decides on the counts: every part of a filter but its levels, which are counted apart. */
function asked(filter) {
  const { level, ...others } = filter ?? {};
  return JSON.stringify(others);
}

lc.Counts = Counts;
