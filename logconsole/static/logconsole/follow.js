/** Whether the page follows the newest entry, and what came meanwhile if it does not. No DOM. */
const lc = (globalThis.logconsole ??= {});

class Follow {
  #changed;

  constructor(changed = () => {}) {
    this.#changed = changed;
    this.following = true;
    this.paused = false;
    this.fresh = 0; // entries that arrived below what is seen
    this.errors = 0; // how many of them are errors or worse
  }

  /** Whether new entries are to be shown and scrolled to. */
  get pinned() {
    return this.following && !this.paused;
  }

  /** The reader went away from the end: scrolled up, opened a row, began to select. */
  leave() {
    if (this.following) this.#set({ following: false });
  }

  /** The reader is at the end again. */
  reach() {
    if (!this.following && !this.paused) this.#set({ following: true, fresh: 0, errors: 0 });
  }

  pause() {
    if (!this.paused) this.#set({ paused: true });
  }

  /** Go on, and show the newest; returns how many entries came meanwhile. */
  resume() {
    const { fresh } = this;
    this.#set({ following: true, paused: false, fresh: 0, errors: 0 });
    return fresh;
  }

  /** Another list begins: it is followed, unless the reader paused. */
  resumeUnlessPaused() {
    this.#set({ following: true, fresh: 0, errors: 0 });
  }

  /** Entries came; they are counted unless they are seen at once. */
  arrived(entries) {
    if (this.pinned || !entries.length) return;
    const { fresh, errors } = counted(entries);
    this.#set({ fresh: this.fresh + fresh, errors: this.errors + errors });
  }

  /** The reader fetched some of what came. */
  caught(entries) {
    const { fresh, errors } = counted(entries);
    this.#set({ fresh: Math.max(0, this.fresh - fresh), errors: Math.max(0, this.errors - errors) });
  }

  /** Nothing that came is unseen any more: the list begins anew. */
  forget() {
    this.#set({ fresh: 0, errors: 0 });
  }

  #set(values) {
    Object.assign(this, values);
    this.#changed(this);
  }
}

const isGrave = ({ level, levelno }) => lc.format.levelNumber(level, levelno) >= 40;

const counted = (entries) => ({ fresh: entries.length, errors: entries.filter(isGrave).length });

/** `137 new, 4 errors`. */
function news(fresh, errors) {
  const some = lc.text.count("%(n)s new", "%(n)s new", fresh);
  return errors ? `${some}, ${lc.text.count("%(n)s error", "%(n)s errors", errors)}` : some;
}

lc.Follow = Follow;
lc.follow = { news, counted, isGrave };
