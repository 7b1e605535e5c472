/**
 * The entries the page holds: a window over the store's matches, bounded, contiguous. No DOM.
 *
 * Every item has a number that stays its own while it is held: `first` is the number of the oldest. An item is an
 * entry, or `{gap: {...}}` where entries are known to be missing. What leaves the window can be asked for again:
 * `before` and `after` are the cursors at its two ends.
 */
const lc = (globalThis.logconsole ??= {});

const BASE = 300; // bytes that an entry takes beside its texts, about
const ROOM = 64_000_000; // bytes of all of them

class Window {
  constructor(limit, room = ROOM) {
    Object.assign(this, { limit, room });
    this.clear();
  }

  clear() {
    this.items = [];
    this.weight = 0;
    this.first = 0;
    this.before = this.after = null;
    this.moreBefore = false;
    this.attached = true; // whether the newest end is the live end
  }

  get size() {
    return this.items.length;
  }

  get end() {
    return this.first + this.items.length;
  }

  at(number) {
    return this.items[number - this.first];
  }

  /** Begin anew with a batch. Detached: there is something behind it that is not held. */
  start(batch, { attached = true, moreBefore = batch.more } = {}) {
    this.clear();
    this.items = [...batch.entries];
    this.weight = weightOf(this.items);
    Object.assign(this, { before: batch.before, after: batch.after, moreBefore, attached });
  }

  /** Put a batch behind the newest; returns how many items came. */
  append(batch) {
    const came = [...this.#gap(batch, this.items.at(-1), batch.entries[0]), ...batch.entries];
    this.items.push(...came);
    this.weight += weightOf(came);
    this.after = batch.after;
    this.before ??= batch.before;
    return came.length;
  }

  /** Put a batch before the oldest; returns how many items came. */
  prepend(batch) {
    const came = [...batch.entries, ...this.#gap(batch, batch.entries.at(-1), this.items[0])];
    this.items = came.concat(this.items);
    this.weight += weightOf(came);
    this.first -= came.length;
    this.before = batch.before;
    this.moreBefore = batch.more;
    return came.length;
  }

  #gap(batch, from, to) {
    return batch.missed ? [{ gap: { from: from?.ts ?? "", to: to?.ts ?? "" } }] : [];
  }

  /**
   * Let go of what is too much, at the end that is not being read; returns `{oldest, newest}`, how many went.
   * While someone reads (`near` is the number of an item they see) half as much again may be held.
   */
  fit(near = null) {
    const slack = near === null ? 1 : 1.5;
    if (this.size <= this.limit * slack && this.weight <= this.room * slack) return { oldest: 0, newest: 0 };
    const isOldestFar = near === null || near - this.first > this.end - near;
    const many = this.#surplus(isOldestFar ? 1 : -1);
    if (isOldestFar) this.#dropOldest(many);
    else this.#dropNewest(many);
    return isOldestFar ? { oldest: many, newest: 0 } : { oldest: 0, newest: many };
  }

  /** How many items must go, from the oldest (+1) or the newest (-1) on; one always stays. */
  #surplus(direction) {
    let many = Math.max(0, this.size - this.limit);
    const at = (place) => this.items.at(direction > 0 ? place : -1 - place);
    let weight = this.weight;
    for (let place = 0; place < this.size - 1; place += 1) {
      if (place >= many && weight <= this.room) break;
      weight -= weightOf([at(place)]);
      many = Math.max(many, place + 1);
    }
    return many;
  }

  #dropOldest(many) {
    this.weight -= weightOf(this.items.splice(0, many));
    this.first += many;
    this.before = this.items.find((item) => item.cursor)?.cursor ?? this.before;
    this.moreBefore = true;
  }

  #dropNewest(many) {
    const dropped = this.items.splice(this.items.length - many, many);
    this.weight -= weightOf(dropped);
    this.after = dropped.find((item) => item.cursor)?.cursor ?? this.after;
    this.attached = false;
  }

  /** The number of the item at a cursor, or null. */
  find(cursor) {
    const index = this.items.findIndex((item) => item.cursor === cursor);
    return index < 0 ? null : this.first + index;
  }

  /** The number of the next item from `start` in a direction (+1, -1) that passes the test, or null. */
  seek(start, direction, test) {
    for (let number = start; number >= this.first && number < this.end; number += direction)
      if (test(this.at(number))) return number;
    return null;
  }
}

/** About how many bytes items take. */
function weightOf(items) {
  let sum = 0;
  for (const { msg, exc, stack, extra } of items) {
    sum += BASE + length(msg) + length(exc) + length(stack);
    for (const key in extra) sum += length(extra[key]);
  }
  return sum;
}

/** Of what is nested, a guess is enough: the store bounds it. */
const length = (value) => (typeof value === "string" ? value.length : value && typeof value === "object" ? BASE : 8);

lc.Window = Window;
