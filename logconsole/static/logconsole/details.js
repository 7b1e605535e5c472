/** The rows that are open: each has its detail below it, as high as it wants to be. */
const lc = (globalThis.logconsole ??= {});

const GUESS = 240; // pixels, until it is measured

class Details {
  /** `make(entry, isWhole)` gives the element; `isWhole`: the row shows the whole message already. */
  constructor(list, make, onChange = () => {}) {
    Object.assign(this, { list, make, onChange });
    this.elements = new Map();
    this.sizes = new ResizeObserver((sizes) => sizes.forEach(({ target }) => this.#resized(target)));
  }

  get(number) {
    return this.elements.get(number);
  }

  toggle(number, how) {
    if (this.elements.has(number)) this.close(number);
    else this.open(number, how);
  }

  /** `delay`: milliseconds until the row may move so that more of the detail is seen. */
  open(number, { delay = 0 } = {}) {
    const { list } = this;
    const item = list.held.at(number);
    if (!item || item.gap || this.elements.has(number)) return;
    list.follow.leave();
    const detail = Object.assign(this.make(item, isWhole(item, list.rows.get(number))), { number, isNew: true, delay });
    this.elements.set(number, detail);
    list.heights.set(number, GUESS);
    this.sizes.observe(detail);
    list.setActive(number);
    list.paint();
    this.onChange(item.cursor);
  }

  close(number) {
    const { list } = this;
    if (!this.elements.has(number)) return;
    const gone = list.heights.delete(number);
    if (list.y(number) < list.top) list.shift -= gone;
    this.#forget(number);
    list.setActive(number);
    list.paint();
    this.onChange([...this.elements.keys()].map((open) => list.held.at(open)?.cursor).at(-1) ?? "");
  }

  clear() {
    for (const number of [...this.elements.keys()]) this.#forget(number);
    this.list.heights.clear();
  }

  /** Those of entries that left the window. */
  drop() {
    for (const number of [...this.elements.keys()]) if (!this.list.held.at(number)) this.#forget(number);
  }

  /** Those of rows that are not seen stand nowhere, unless someone is inside. */
  hide(low, high) {
    for (const [number, detail] of this.elements)
      if ((number < low || number > high) && !detail.contains(document.activeElement)) detail.remove();
  }

  #forget(number) {
    const detail = this.elements.get(number);
    this.sizes.unobserve(detail);
    detail.remove();
    this.elements.delete(number);
  }

  #resized(detail) {
    const { list } = this;
    if (!detail.isConnected || !this.elements.has(detail.number)) return;
    const change = list.heights.set(detail.number, detail.offsetHeight);
    if (change && list.y(detail.number) + list.heights.row < list.top) list.shift += change;
    if (detail.isNew && detail.delay) setTimeout(() => detail.isNew && detail.isConnected && this.#reveal(detail), detail.delay);
    else if (detail.isNew) this.#reveal(detail);
    if (change) list.paint();
  }

  /** A detail that was just opened is brought into view, as far as its row stays there. */
  #reveal(detail) {
    const { list } = this;
    detail.isNew = false;
    const y = list.y(detail.number);
    const below = y + list.heights.row + detail.offsetHeight - (list.top + list.viewport - list.headHeight);
    if (below > 0) list.wanted = list.top + Math.min(below, Math.max(0, y - list.top - list.heights.row));
    list.paint();
  }
}

function isWhole({ msg }, row) {
  const text = row?.parts.text;
  return Boolean(text) && text.scrollWidth <= text.clientWidth && text.scrollHeight <= text.clientHeight + 1
    && !msg.trimEnd().includes("\n") && msg.length < 600;
}

lc.Details = Details;
