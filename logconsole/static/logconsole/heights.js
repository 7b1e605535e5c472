/** Where rows stand: all are equally high, but for those that are open. No DOM. */
const lc = (globalThis.logconsole ??= {});

class Heights {
  constructor(row) {
    this.row = row;
    this.open = []; // [{number, extra}] in order
  }

  clear() {
    this.open = [];
  }

  has(number) {
    return this.open.some((one) => one.number === number);
  }

  /** How much an item is higher than a row; returns by how much that changed. */
  set(number, extra) {
    const known = this.open.find((one) => one.number === number);
    const change = extra - (known?.extra ?? 0);
    if (known) known.extra = extra;
    else {
      this.open.push({ number, extra });
      this.open.sort((a, b) => a.number - b.number);
    }
    return change;
  }

  /** The item is a plain row again; returns by how much it was higher. */
  delete(number) {
    const gone = this.open.find((one) => one.number === number)?.extra ?? 0;
    this.open = this.open.filter((one) => one.number !== number);
    return gone;
  }

  /** What stands outside of the numbers held is forgotten; returns the height that went at the start. */
  keep(first, end) {
    const gone = this.open.filter((one) => one.number < first).reduce((sum, one) => sum + one.extra, 0);
    this.open = this.open.filter((one) => one.number >= first && one.number < end);
    return gone;
  }

  /** The top of an item, measured from the top of item `first`. */
  top(number, first) {
    let top = (number - first) * this.row;
    for (const one of this.open) if (one.number < number) top += one.extra;
    return top;
  }

  /** The item that covers a height, measured from the top of item `first`. */
  at(height, first) {
    let above = 0;
    for (const { number, extra } of this.open) {
      const bottom = (number - first + 1) * this.row + above;
      if (height < bottom) break;
      if (height < bottom + extra) return number;
      above += extra;
    }
    return first + Math.floor((height - above) / this.row);
  }
}

lc.Heights = Heights;
