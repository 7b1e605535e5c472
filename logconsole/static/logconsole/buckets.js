/** The timeline's counts: per level in equal spans of time, growing while entries arrive. No DOM. */
const lc = (globalThis.logconsole ??= {});

class Buckets {
  constructor({ since, step_seconds: seconds, levels, scanned = 1 }) {
    this.since = Date.parse(since);
    this.step = seconds * 1000;
    this.levels = new Map(Object.entries(levels).map(([level, counts]) => [level, [...counts]]));
    this.length = Math.max(0, ...Object.values(levels).map((counts) => counts.length));
    this.scanned = scanned;
  }

  get until() {
    return this.since + this.length * this.step;
  }

  /** Count entries that arrived; those before the first span are none of it. */
  add(entries) {
    for (const { ts, level } of entries) {
      const place = this.placeOf(Date.parse(ts));
      if (!(place >= 0) || place > this.length + 10_000) continue;
      this.grow(place + 1);
      if (!this.levels.has(level)) this.levels.set(level, Array(this.length).fill(0));
      this.levels.get(level)[place] += 1;
    }
  }

  /** Make room up to a number of spans: time goes on, even when nothing is logged. */
  grow(length) {
    if (length <= this.length) return;
    for (const counts of this.levels.values()) while (counts.length < length) counts.push(0);
    this.length = length;
  }

  /** Let the oldest spans go, so that at most so many are left. */
  slide(most) {
    const many = this.length - most;
    if (many <= 0) return;
    for (const counts of this.levels.values()) counts.splice(0, many);
    this.length = most;
    this.since += many * this.step;
  }

  /** Join spans two by two: half as many, twice as long. */
  coarsen() {
    for (const [level, counts] of this.levels)
      this.levels.set(level, Array.from({ length: Math.ceil(counts.length / 2) }, (_, at) => counts[2 * at] + (counts[2 * at + 1] ?? 0)));
    this.length = Math.ceil(this.length / 2);
    this.step *= 2;
  }

  placeOf(moment) {
    return Math.floor((moment - this.since) / this.step);
  }

  /** How many entries a level has. */
  total(level) {
    return (this.levels.get(level) ?? []).reduce((sum, one) => sum + one, 0);
  }

  /** The counts of one span, or of several as one: `[[level, count]]`, gravest first, empty ones left out. */
  of(place, names, last = place) {
    const sum = (name) => (this.levels.get(name) ?? []).slice(place, last + 1).reduce((all, one) => all + one, 0);
    return names.map((name) => [name, sum(name)]).filter(([, count]) => count).reverse();
  }

  /** The highest span of the levels named, as `{place, count}`. */
  peak(names) {
    let best = { place: 0, count: 0 };
    for (let place = 0; place < this.length; place += 1) {
      const count = names.reduce((sum, name) => sum + (this.levels.get(name)?.[place] ?? 0), 0);
      if (count > best.count) best = { place, count };
    }
    return best;
  }
}

lc.Buckets = Buckets;
