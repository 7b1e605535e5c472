/** What the window does not hold, asked for when the reader comes near: older entries, newer ones, a place. */
const lc = (globalThis.logconsole ??= {});

class History {
  /** `onChange` hears of progress; `onOlder(count)` and `onNewer(batch)` of entries that came. */
  constructor({ held, ask = lc.http.ask, limit, onChange, onOlder, onNewer, onRefused }) {
    Object.assign(this, { held, ask, limit, onChange, onOlder, onNewer, onRefused });
    this.forget();
  }

  /** The window begins anew: answers that are still under way are void. */
  forget() {
    this.round = (this.round ?? 0) + 1;
    this.busy = "";
    this.scanned = 1;
    this.failed = false;
  }

  /** Ask for older entries until some came or there are none: a long search answers in parts. */
  async older(filter) {
    if (this.busy || this.failed || !this.held.moreBefore || this.held.before === null) return;
    await this.#while("older", async (isStill) => {
      let came = 0;
      while (isStill() && !came && this.held.moreBefore) {
        const batch = await this.#batch(filter, { before: this.held.before });
        if (!isStill()) return;
        this.scanned = batch.scanned;
        came = this.held.prepend(batch);
        this.onOlder(came);
      }
    });
  }

  /** Ask for what comes behind a window that has left the live end. */
  async newer(filter) {
    if (this.busy || this.failed || this.held.attached || this.held.after === null) return;
    await this.#while("newer", async (isStill) => {
      let batch;
      do {
        batch = await this.#batch(filter, { after: this.held.after });
        if (!isStill()) return;
        this.onNewer(batch);
      } while (isStill() && batch.more && !batch.entries.length);
    });
  }

  /** The batch around an entry, or before a moment. */
  around(filter, place) {
    return this.#batch(filter, place);
  }

  /** Try again after a failure. */
  again() {
    this.failed = false;
    this.onChange();
  }

  #batch(filter, place) {
    return this.ask("entries/", lc.query.parameters(filter, { ...place, limit: this.limit }));
  }

  async #while(what, run) {
    const { round } = this;
    const isStill = () => round === this.round;
    this.busy = what;
    this.onChange();
    try {
      await run(isStill);
    } catch (refusal) {
      if (!isStill()) return;
      this.failed = true;
      this.onRefused(refusal);
    } finally {
      if (isStill()) {
        this.busy = "";
        this.onChange();
      }
    }
  }
}

lc.History = History;
