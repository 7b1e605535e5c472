/** New entries, told to those who listen: how many, never which, and not more often than anybody can bear. No DOM. */
const lc = (globalThis.logconsole ??= {});
const { count, fill, gettext } = lc.text;

const QUIET = 10_000; // milliseconds between two sentences

class Announcer {
  /** `say(text)`; `wanted()`: `off`, `errors` or `all`. */
  constructor({ say, wanted, now = () => Date.now(), later = (run, milliseconds) => setTimeout(run, milliseconds) }) {
    Object.assign(this, { say, wanted, now, later, fresh: 0, errors: 0, at: -Infinity, waits: false });
  }

  /** Entries came. */
  add(entries) {
    if (this.wanted() === "off") return;
    const { fresh, errors } = lc.follow.counted(entries);
    this.fresh += fresh;
    this.errors += errors;
    if (!this.#isWorthIt || this.waits) return;
    this.waits = true;
    this.later(() => this.#speak(), Math.max(0, this.at + QUIET - this.now()));
  }

  get #isWorthIt() {
    return this.wanted() === "all" ? this.fresh > 0 : this.errors > 0;
  }

  #speak() {
    const { fresh, errors } = this;
    const some = count("%(n)s new entry", "%(n)s new entries", fresh);
    const grave = count("%(n)s error", "%(n)s errors", errors);
    if (this.wanted() !== "off") this.say(errors ? fill(gettext("%(entries)s, %(errors)s"), { entries: some, errors: grave }) : some);
    Object.assign(this, { fresh: 0, errors: 0, at: this.now(), waits: false });
  }
}

lc.Announcer = Announcer;
