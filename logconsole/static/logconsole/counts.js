/** How many entries match, per level and over time: asked of the store, then kept up with what arrives. */
const lc = (globalThis.logconsole ??= {});

const AGAIN = 60_000; // milliseconds after which the store is asked again: other levels' counts grow unseen
const ON = 300; // the same while only a part was counted: the store goes on where it was left

class Counts {
  /** `most()`: how many spans of time are wanted; `isFrozen()`: whether nothing may move; `onChange()`. */
  constructor({ ask = lc.http.ask, most, isFrozen, onChange }) {
    Object.assign(this, { ask, most, isFrozen, onChange });
    this.buckets = null;
    this.round = 0;
    this.isStale = this.isCounting = false;
    this.soon = lc.dom.debounced((filter) => this.#load(filter), 150);
  }

  /** Count what this filter matches; until the answer is there, what is shown is that of the last one. */
  load(filter) {
    this.isStale ||= asked(filter) !== asked(this.filter);
    this.isCounting ||= this.isStale;
    this.wait = ON / 2;
    this.soon(filter);
  }

  /** Count entries that arrived. */
  add(entries) {
    if (!this.buckets || this.isStale || !entries.length) return;
    this.buckets.add(entries);
    this.#fit();
    if (!this.isFrozen()) this.onChange();
  }

  /** Time went on. */
  tick() {
    if (!this.buckets || this.isStale || this.isFrozen() || this.filter?.until) return;
    const { length } = this.buckets;
    this.buckets.grow(this.buckets.placeOf(Date.now()) + 1);
    if (this.buckets.length === length) return;
    this.#fit();
    this.onChange();
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
    this.isCounting = false;
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
    this.#later(filter, AGAIN);
    const { level, ...others } = filter; // counts of the other filters: a level that is off shows what it would add
    try {
      const answer = await this.ask("timeline/", lc.query.parameters(others, { buckets: this.most() }));
      if (round !== this.round) return;
      this.#take(filter, answer);
    } catch (refusal) {
      // What is wrong with the connection or the query is told by the feed; the counts stay as they were.
      if (!(refusal instanceof lc.http.Refusal)) throw refusal;
      if (round === this.round) this.isCounting = false;
    }
    this.onChange();
  }

  #take(filter, answer) {
    const isFurther = answer.scanned > (this.buckets?.scanned ?? 0);
    Object.assign(this, { filter, isStale: false, isCounting: answer.scanned < 1, buckets: new lc.Buckets(answer) });
    this.length = this.buckets.length;
    this.wait = isFurther ? ON : Math.min(2 * this.wait, AGAIN);
    if (this.isCounting) this.#later(filter, this.wait);
  }

  /** Ask again; not while nobody looks, and what is counted to its end not while nothing may move. */
  #later(filter, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (document.hidden || (this.isFrozen() && !this.isCounting)) this.#later(filter, wait);
      else this.#load(filter);
    }, wait);
  }
}

/** What decides on the counts: every part of a filter but its levels, which are counted apart. */
function asked(filter) {
  const { level, ...others } = filter ?? {};
  return JSON.stringify(others);
}

lc.Counts = Counts;
