/**
 * The list: what of the window is seen, and where it stands.
 *
 * Everything is painted in one frame, however much arrived; nothing is measured after it was changed. The rows are
 * rows.js, details of open ones details.js, what the reader does is reader.js.
 */
const lc = (globalThis.logconsole ??= {});
const { perFrame } = lc.dom;

const OVERSCAN = 6;
const TAIL = 28; // pixels of the line behind a window that has left the live end
const NEAR = 40; // rows from an end of the window at which what is beyond is asked for

class List {
  /** `onEdge("older"|"newer")`, `onSeen(first, last)` after each painting, `onOpen(cursor)`, `makeDetail(entry, isWhole)`. */
  constructor({ scroller, held, follow, view, makeDetail, onEdge, onSeen, onOpen }) {
    Object.assign(this, { scroller, held, follow, view, onEdge, onSeen });
    this.head = scroller.querySelector(".lc-head");
    this.canvas = scroller.querySelector(".lc-canvas");
    this.strip = scroller.querySelector("#lc-older");
    this.tail = scroller.querySelector("#lc-newer");
    this.heights = new lc.Heights(26);
    this.rows = new lc.Rows(this);
    this.active = this.marked = null;
    this.top = this.shift = 0;
    this.painted = []; // who wants to know that it was painted
    this.paint = perFrame(() => this.#paint());
    this.details = new lc.Details(this, makeDetail, onOpen);
    const sizes = new ResizeObserver(() => this.measure());
    for (const one of [scroller, this.head, this.strip]) sizes.observe(one);
    lc.reader.listen(this);
    this.measure();
  }

  /** Sizes are read here and nowhere else. */
  measure() {
    this.viewport = this.scroller.clientHeight;
    this.headHeight = this.head.offsetHeight;
    this.stripHeight = this.strip.offsetHeight;
    this.paint();
  }

  setRowHeight(height) {
    if (height === this.heights.row) return;
    const anchor = this.seen?.[0];
    const offset = anchor === undefined ? 0 : this.y(anchor);
    this.heights.row = height;
    if (anchor !== undefined) this.shift += this.y(anchor) - offset;
    this.refresh();
  }

  /** Everything anew: other entries, or the same ones shown otherwise. */
  reset() {
    this.details.clear();
    this.active = null;
    this.top = this.shift = 0;
    this.scroller.scrollTop = 0;
    this.refresh();
  }

  refresh() {
    this.rows.forget();
    this.paint();
  }

  /** Older entries were put before the others: what is read stays where it is. */
  prepended(many) {
    this.shift += many * this.heights.row;
    this.paint();
  }

  /** Entries left the window. */
  dropped({ oldest, newest }) {
    if (!oldest && !newest) return;
    this.shift -= oldest * this.heights.row + this.heights.keep(this.held.first, this.held.end);
    this.details.drop();
    if (this.active !== null && !this.held.at(this.active)) this.setActive(null);
    this.paint();
  }

  /** Call when the frame that shows all of this is done. */
  whenPainted(done) {
    this.painted.push(done);
    this.paint();
    if (document.hidden) this.release();
  }

  /** Nobody looks, so nothing is painted: those who wait for it need not. */
  release() {
    this.painted.splice(0).forEach((done) => done());
  }

  // ---- the active row

  /** Go to an item: it becomes the active one and is brought into view. */
  go(number, { center = false } = {}) {
    if (!this.held.at(number)) return;
    this.setActive(number);
    const y = this.y(number);
    const room = this.viewport - this.headHeight;
    if (center || y < this.top || y + this.heights.row > this.top + room) {
      const wanted = center || Math.abs(y - this.top) > 2 * room ? y - room / 3 : y < this.top ? y : y + this.heights.row - room;
      this.shift = 0;
      this.wanted = Math.max(0, wanted);
      if (wanted < this.end()) this.follow.leave();
    }
    this.paint();
  }

  /** The number that stands `step` rows from the active one, or from what is seen. */
  step(step) {
    const from = this.active ?? (step > 0 ? (this.seen?.[0] ?? this.held.first) - 1 : (this.seen?.[1] ?? this.held.end) + 1);
    return Math.min(Math.max(from + step, this.held.first), this.held.end - 1);
  }

  /** The row that keys speak of. */
  setActive(number) {
    this.active = number;
  }

  // ---- geometry

  /** The top of an item in the canvas, below the strip that speaks of older entries. */
  y(number) {
    return this.stripHeight + this.heights.top(number, this.held.first);
  }

  get #total() {
    return this.held.size ? this.y(this.held.end) + (this.held.attached ? 0 : TAIL) : 0;
  }

  /** The scrollTop of the end. */
  end() {
    return Math.max(0, this.headHeight + this.#total - this.viewport);
  }

  // ---- painting

  #paint() {
    const { held, heights, scroller } = this;
    this.canvas.style.height = `${this.#total}px`;
    this.tail.hidden = held.attached || !held.size;
    if (!this.tail.hidden) this.tail.style.transform = `translateY(${this.#total - TAIL}px)`;
    this.#scroll();
    const room = this.viewport - this.headHeight;
    const low = Math.max(held.first, heights.at(this.top - this.stripHeight, held.first) - OVERSCAN);
    const high = Math.min(held.end - 1, heights.at(this.top - this.stripHeight + room, held.first) + OVERSCAN);
    this.seen = held.size ? [Math.min(low + OVERSCAN, held.end - 1), Math.max(high - OVERSCAN, held.first)] : undefined;
    if (low === held.first) this.seen && (this.seen[0] = Math.max(held.first, heights.at(this.top - this.stripHeight, held.first)));
    if (high === held.end - 1) this.seen && (this.seen[1] = high);
    this.rows.show(low, high);
    scroller.setAttribute("aria-rowcount", held.size + 1);
    if (this.active !== null && this.rows.has(this.active)) scroller.setAttribute("aria-activedescendant", `lc-row-${this.active}`);
    else scroller.removeAttribute("aria-activedescendant");
    this.onSeen(...(this.seen ?? [null, null]));
    this.release();
    if (held.size && low - held.first < NEAR) this.onEdge("older");
    if (held.size && held.end - high < NEAR && !held.attached) this.onEdge("newer");
  }

  #scroll() {
    const end = this.end();
    let wanted = this.wanted ?? this.top + this.shift;
    if (this.follow.pinned && !this.isDragging && this.wanted === undefined) wanted = end;
    this.wanted = undefined;
    this.shift = 0;
    this.top = Math.min(Math.max(0, wanted), end);
    if (Math.abs(this.scroller.scrollTop - this.top) >= 1) this.scroller.scrollTop = this.top;
  }
}

lc.List = List;
