/** The timeline: how many entries of each level in each span of time, to look at, to zoom into and to jump by. */
const lc = (globalThis.logconsole ??= {});
const { el } = lc.dom;
const { gettext, pgettext, fill, count } = lc.text;

class Timeline {
  /** `onZoom(from, to)` in milliseconds, `onPick(from, to)` of a click, `onBack()` to the range before, `onLevel(name)`. */
  constructor({ box, zone, say, onZoom, onPick, onBack, onLevel }) {
    Object.assign(this, { box, zone, say, onZoom, onPick, onBack, onLevel });
    this.chart = new lc.Chart({ box, zone });
    this.chart.onDraw = (peak) => (this.#describe(peak), this.#point(this.place));
    this.tip = el("div.lc-tip", { "aria-hidden": "true" });
    this.tip.hidden = true;
    box.append(this.tip);
    this.place = this.anchor = null; // what is pointed at, and where a stretch of several began
    this.#listen();
  }

  /** How many spans fit. */
  get most() {
    return this.chart.most;
  }

  get buckets() {
    return this.chart.buckets;
  }

  get names() {
    return this.chart.names;
  }

  #describe(peak) {
    const { buckets, names } = this;
    if (!peak) return this.box.setAttribute("aria-label", pgettext("logconsole", "Timeline"));
    const time = (moment) => lc.format.clock(moment, this.zone()).time.slice(0, 5);
    const sum = (some) => some.reduce((all, name) => all + buckets.total(name), 0);
    const errors = names.filter((name) => lc.format.levelNumber(name) >= 40);
    const peakTime = time(buckets.since + peak.place * buckets.step);
    this.box.setAttribute("aria-label", [
      pgettext("logconsole", "Timeline"),
      fill(gettext("%(from)s to %(to)s"), { from: time(buckets.since), to: time(buckets.until) }),
      count("%(n)s entry", "%(n)s entries", sum(names)),
      peak.count && fill(gettext("peak %(n)s at %(time)s"), { n: peak.count, time: peakTime }),
      count("%(n)s error", "%(n)s errors", sum(errors)),
      buckets.scanned < 1 && fill(gettext("%(share)s of the log counted"), { share: lc.format.percent(buckets.scanned) }),
    ].filter(Boolean).join(", "));
  }

  // ---- pointer and keys

  #listen() {
    const { box } = this;
    box.addEventListener("pointermove", (event) => this.#moved(event));
    box.addEventListener("pointerleave", () => this.#point(null));
    box.addEventListener("pointerdown", (event) => this.#pressed(event));
    box.addEventListener("dblclick", () => this.onBack());
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("blur", () => this.#point(null));
  }

  #x(event) {
    return Math.max(0, Math.min(this.chart.width, event.clientX - this.box.getBoundingClientRect().left));
  }

  #pressed(event) {
    if (!this.buckets || event.button) return;
    const from = this.#x(event);
    this.box.setPointerCapture(event.pointerId);
    this.from = from;
    const up = (end) => {
      const to = this.#x(end);
      this.from = undefined;
      this.chart.span(this.chart.brush);
      this.box.removeEventListener("pointerup", up);
      this.box.removeEventListener("pointercancel", up);
      if (end.type === "pointercancel") return;
      if (Math.abs(to - from) > 4) this.#zoom(this.chart.moment(Math.min(from, to)), this.chart.moment(Math.max(from, to)));
      else if (end.shiftKey) this.#pickLevel(end);
      else this.#pick(this.buckets.placeOf(this.chart.moment(to)));
    };
    this.box.addEventListener("pointerup", up);
    this.box.addEventListener("pointercancel", up);
  }

  #moved(event) {
    if (!this.buckets) return;
    const x = this.#x(event);
    if (this.from !== undefined && Math.abs(x - this.from) > 4) this.chart.span(this.chart.brush, Math.min(x, this.from), Math.max(x, this.from));
    this.#point(Math.min(this.buckets.placeOf(this.chart.moment(x)), this.buckets.length - 1));
  }

  /** What is pointed at is then somewhere else. */
  #zoom(from, to) {
    this.#point(null);
    this.onZoom(from, to);
  }

  #pick(place) {
    const { since, step } = this.buckets;
    if (this.buckets.of(place, this.names).length) this.onPick(since + place * step, since + (place + 1) * step);
  }

  /** The level whose part of a bar is pointed at. */
  #pickLevel(event) {
    const place = this.buckets.placeOf(this.chart.moment(this.#x(event)));
    const name = this.chart.levelAt(place, event.clientY - this.box.getBoundingClientRect().top);
    if (name) this.onLevel(name);
  }

  /** Point at a span: its counts are shown. */
  #point(place) {
    const isNowhere = place === null || !this.buckets || place < 0 || place >= this.buckets.length;
    this.place = isNowhere ? null : place;
    if (isNowhere) this.anchor = null;
    this.tip.hidden = isNowhere;
    this.chart.span(this.chart.hover);
    if (isNowhere) return;
    const bar = this.chart.width / this.buckets.length;
    const [first, last] = this.#stretch;
    this.chart.span(this.chart.hover, first * bar, (last + 1) * bar);
    const counts = this.buckets.of(place, this.names);
    this.tip.replaceChildren(el("div.lc-tip-range", {}, this.range(place)), ...counts.map(([name, number]) =>
      el("div.lc-tip-line", { "data-tone": lc.format.tone(name) }, el("span.lc-square"), el("span", {}, lc.levelLabel(name)),
        el("span.lc-tip-count", {}, lc.format.number(number)))));
    if (!counts.length) this.tip.append(el("div.lc-tip-line", {}, gettext("No entries")));
    const middle = (place + 0.5) * bar;
    const isRight = middle > this.chart.width / 2;
    this.tip.style.left = isRight ? "" : `${middle + 10}px`;
    this.tip.style.right = isRight ? `${this.chart.width - middle + 10}px` : "";
  }

  /** A span of time in words, or a stretch of several. */
  range(place, last = place) {
    const { since, step } = this.buckets;
    const digits = step < 1000 ? 12 : 8;
    const show = (moment) => { const { time, millis } = lc.format.clock(moment, this.zone()); return (time + millis).slice(0, digits); };
    const date = step >= 3_600_000 ? `${lc.format.day(since + place * step, this.zone())} ` : "";
    return `${date}${show(since + place * step)} – ${show(since + (last + 1) * step)}`;
  }

  /** With the keyboard, from span to span; `isExtended`: the stretch from where that began. */
  #walk(step, isExtended) {
    const { length } = this.buckets;
    const within = (place) => Math.min(Math.max(place, 0), length - 1);
    const before = this.place ?? (step > 0 ? -1 : length);
    this.anchor = isExtended ? (this.anchor ?? within(before)) : null;
    this.#point(within(before + step));
    const [first, last] = this.#stretch;
    const counts = this.buckets.of(first, this.names, last).map(([name, number]) => `${number} ${lc.levelLabel(name)}`);
    this.say([this.range(first, last), ...(counts.length ? counts : [gettext("No entries")])].join(", "));
  }

  get #stretch() {
    return [this.place, this.anchor ?? this.place].sort((a, b) => a - b);
  }

  #key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && this.buckets) this.#walk(step, event.shiftKey);
    else if (event.key === "Enter" && this.place !== null) {
      const { since, step: width } = this.buckets;
      const [first, last] = this.#stretch;
      this.#zoom(since + first * width, since + (last + 1) * width);
    } else if (event.key === "Escape") this.onBack();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

lc.Timeline = Timeline;
