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
    this.controller?.abort();
    this.controller = new AbortController();
    this.busy = "";
    this.scanned = 1;
    this.reached = ""; // the time back to which nothing was found
    this.failed = this.stopped = false;
  }

  /** Search no further, until asked again. */
  stop() {
    if (!this.busy) return;
    const { scanned, reached } = this;
    this.forget();
    Object.assign(this, { scanned, reached, stopped: true });
    this.onChange();
  }

  /** Ask for older entries until some came or there are none: a long search answers in parts. */
  async older(filter) {
    if (this.busy || this.failed || this.stopped || !this.held.moreBefore || this.held.before === null) return;
    await this.#while("older", async (isStill) => {
      let came = 0;
      while (isStill() && !came && this.held.moreBefore) {
        const batch = await this.#batch(filter, { before: this.held.before });
        if (!isStill()) return;
        this.scanned = batch.scanned;
        came = this.held.prepend(batch);
        this.onOlder(came);
        if (!came && batch.more) await this.#tell(filter, batch.before);
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

  /** The time of the entry at a cursor, whatever it is: that far back the search has come. */
  async #tell({ store }, cursor) {
    const { entries } = await this.ask("entries/", lc.query.parameters({ store }, { after: cursor, limit: 1 }), this.controller);
    this.reached = entries[0]?.ts ?? this.reached;
    this.onChange();
  }

  /** Go on after a failure or a stop. */
  again() {
    this.failed = this.stopped = false;
    this.onChange();
  }

  #batch(filter, place) {
    return this.ask("entries/", lc.query.parameters(filter, { ...place, limit: this.limit }), this.controller);
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
