/** The rows that are seen: made once, in the order of the log, used again for others. */
const lc = (globalThis.logconsole ??= {});

class Rows {
  constructor(list) {
    this.list = list;
    this.made = new Map(); // those that show something, by number
    this.free = [];
  }

  get(number) {
    return this.made.get(number);
  }

  has(number) {
    return this.made.has(number);
  }

  /** Each is filled anew when it is next shown. */
  forget() {
    for (const row of this.made.values()) row.item = null;
  }

  /** Show the items from `low` to `high`, and no others. */
  show(low, high) {
    this.#recycle(low, high);
    this.#place(low, high);
  }

  #recycle(low, high) {
    const kept = lc.selectedRows(this.list.canvas);
    for (const [number, row] of this.made) {
      if ((number >= low && number <= high) || (kept.includes(row) && this.list.held.at(number))) continue;
      this.made.delete(number);
      row.remove();
      this.free.push(row);
    }
    this.list.details.hide(low, high);
  }

  /** Rows stand in the DOM in the order of the log, so that a selection goes on from one to the next. */
  #place(low, high) {
    const { list } = this;
    let next = list.canvas.firstElementChild;
    const numbers = [...this.made.keys()].filter((number) => number < low || number > high);
    for (let number = low; number <= high; number += 1) numbers.push(number);
    for (const number of numbers.sort((a, b) => a - b)) {
      next = this.#put(this.#row(number), list.y(number), next);
      const detail = list.details.get(number);
      if (detail && number >= low && number <= high) next = this.#put(detail, list.y(number) + list.heights.row, next);
    }
  }

  #put(element, y, next) {
    if (element.y !== y) element.style.transform = `translateY(${(element.y = y)}px)`;
    if (element === next) return next.nextElementSibling;
    this.list.canvas.insertBefore(element, next);
    return next;
  }

  #row(number) {
    const { list } = this;
    let row = this.made.get(number);
    if (!row) this.made.set(number, (row = this.free.pop() ?? lc.row.make()));
    const item = list.held.at(number);
    row.number = number;
    if (row.item !== item) lc.row.fill(row, item, list.view);
    this.#dress(row, item, number);
    return row;
  }

  /** What an item is on this list; its text stays as it is, for someone may be selecting it. */
  #dress(row, item, number) {
    const { held, heights, active, marked } = this.list;
    const isOpen = heights.has(number);
    const index = number - held.first + 2;
    const state = `${number} ${index} ${isOpen} ${number === active} ${item.cursor === marked} ${Boolean(item.gap)}`;
    if (row.state === state) return;
    row.state = state;
    row.id = `lc-row-${number}`;
    row.setAttribute("aria-rowindex", index);
    if (item.gap) row.removeAttribute("aria-expanded");
    else row.setAttribute("aria-expanded", isOpen);
    row.classList.toggle("lc-open", isOpen);
    row.classList.toggle("lc-active", number === active);
    row.classList.toggle("lc-marked", Boolean(item.cursor) && item.cursor === marked);
  }
}

lc.Rows = Rows;
