/** The picture of the timeline: stacked bars, axis, and what is marked; one SVG path per level. */
const lc = (globalThis.logconsole ??= {});
const { svg } = lc.dom;

const HEIGHT = 56;
const BAR = 9; // pixels a bar has at least
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];
const TONES = Object.keys(lc.format.LEVELS);

class Chart {
  /** `zone()`: of the times on the axis. */
  constructor({ box, zone }) {
    Object.assign(this, { box, zone });
    this.paths = TONES.map((tone) => svg("path", { class: `lc-bars lc-bars-${tone}` }));
    this.hover = svg("rect", { class: "lc-hover", y: 0, height: HEIGHT });
    this.brush = svg("rect", { class: "lc-brush", y: 0, height: HEIGHT });
    this.mark = svg("rect", { class: "lc-mark", y: HEIGHT + 1, height: 2 });
    this.base = svg("rect", { class: "lc-base", x: 0, y: HEIGHT, height: 1 });
    this.axis = svg("g", { class: "lc-axis" });
    this.peak = svg("text", { class: "lc-peak", x: 0, y: 10 });
    this.svg = svg("svg", { "aria-hidden": "true", height: 74 }, this.hover, ...this.paths, this.base, this.brush, this.mark, this.axis, this.peak);
    box.append(this.svg);
    this.draw = throttled(() => this.#draw(), 250);
    new ResizeObserver(() => this.#measure()).observe(box);
    this.#measure();
  }

  /** How many spans fit. */
  get most() {
    return Math.max(20, Math.min(120, Math.floor(this.width / BAR)));
  }

  #measure() {
    this.width = this.box.clientWidth || 600;
    this.svg.setAttribute("width", this.width);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} 74`);
    this.draw.now();
  }

  /** Show these counts of these levels; at once, or soon: what arrives need not be drawn each time. */
  show(buckets, names) {
    const isOther = buckets !== this.buckets || names.join() !== this.names?.join();
    Object.assign(this, { buckets, names });
    if (isOther) this.draw.now();
    else this.draw();
  }

  /** Mark the span of time that the list shows. */
  seen(from, to) {
    this.marked = [from, to];
    this.#drawMark();
  }

  #draw() {
    const { buckets, names, width } = this;
    this.base.setAttribute("width", width);
    if (!buckets) return this.#clear();
    const peak = buckets.peak(names);
    const bar = width / Math.max(buckets.length, 1);
    const scale = peak.count ? (HEIGHT - 4) / peak.count : 0;
    const floor = Array(buckets.length).fill(0);
    TONES.forEach((tone, at) => this.paths[at].setAttribute("d", path(buckets, namesOf(names, tone), floor, bar, scale)));
    this.peak.textContent = peak.count ? lc.format.number(peak.count) : "";
    if (peak.count) this.#drawAxis();
    else this.axis.replaceChildren();
    this.#drawMark();
    this.onDraw?.(peak);
  }

  #clear() {
    for (const path of this.paths) path.setAttribute("d", "");
    this.peak.textContent = "";
    this.axis.replaceChildren();
    this.mark.setAttribute("width", 0);
    this.onDraw?.(null);
  }

  #drawAxis() {
    const { buckets, width } = this;
    const pixel = (moment) => ((moment - buckets.since) / (buckets.until - buckets.since)) * width;
    const seconds = (buckets.until - buckets.since) / 1000;
    const step = (TICKS.find((one) => (one / seconds) * width >= (width < 600 ? 90 : 130)) ?? TICKS.at(-1)) * 1000;
    const offset = Date.parse(`${lc.format.local(buckets.since, this.zone())}Z`) - buckets.since;
    const labels = [];
    for (let moment = Math.ceil((buckets.since + offset) / step) * step - offset; moment <= buckets.until; moment += step) {
      const x = pixel(moment);
      if (x < 16 || x > width - 22) continue;
      labels.push(svg("text", { x: x.toFixed(1), y: HEIGHT + 15, "text-anchor": "middle" }, this.#label(moment, step)));
    }
    this.axis.replaceChildren(...labels);
  }

  #label(moment, step) {
    if (step >= 86_400_000) return lc.format.day(moment, this.zone());
    return lc.format.clock(moment, this.zone()).time.slice(0, step < 60_000 ? 8 : 5);
  }

  #drawMark() {
    const { buckets, marked, width } = this;
    const isShown = Boolean(buckets && marked?.[0] && marked[0] <= buckets.until && marked[1] >= buckets.since);
    this.mark.setAttribute("width", 0);
    if (!isShown) return;
    const pixel = (moment) => Math.max(0, Math.min(1, (moment - buckets.since) / (buckets.until - buckets.since))) * width;
    const [x, end] = marked.map(pixel);
    this.mark.setAttribute("x", Math.min(x, width - 4).toFixed(1));
    this.mark.setAttribute("width", Math.max(4, end - x).toFixed(1));
  }

  /** Set a rectangle between two pixels; without them it is gone. */
  span(rectangle, from, to) {
    rectangle.setAttribute("x", from ?? 0);
    rectangle.setAttribute("width", to === undefined ? 0 : to - from);
  }

  /** The level drawn at a height of a span, or null. */
  levelAt(place, y) {
    const peak = this.buckets.peak(this.names).count;
    let top = HEIGHT;
    for (const tone of TONES)
      for (const name of namesOf(this.names, tone)) {
        const number = this.buckets.levels.get(name)?.[place] ?? 0;
        top -= number ? Math.max((number * (HEIGHT - 4)) / peak, 1) : 0;
        if (number && y >= top) return name;
      }
    return null;
  }

  /** The moment at a pixel. */
  moment(x) {
    const { since, until } = this.buckets;
    return since + (x / this.width) * (until - since);
  }
}

const namesOf = (names, tone) => names.filter((name) => lc.format.tone(name) === tone);

/** One level's bars, standing on those drawn before. */
function path(buckets, names, floor, bar, scale) {
  let drawn = "";
  const width = Math.max(1, bar - (bar > 4 ? 1 : 0)).toFixed(2);
  for (let place = 0; place < buckets.length; place += 1) {
    const number = names.reduce((sum, name) => sum + (buckets.levels.get(name)?.[place] ?? 0), 0);
    if (!number) continue;
    const height = Math.max(number * scale, 1);
    floor[place] += height;
    drawn += `M${(place * bar).toFixed(2)} ${(HEIGHT - floor[place]).toFixed(2)}h${width}v${height.toFixed(2)}h-${width}z`;
  }
  return drawn;
}

/** At most once in so many milliseconds; `.now()` at once. */
function throttled(run, milliseconds) {
  let timer = null;
  const soon = () => (timer ??= setTimeout(() => soon.now(), milliseconds));
  soon.now = () => {
    clearTimeout(timer);
    timer = null;
    run();
  };
  return soon;
}

lc.Chart = Chart;
