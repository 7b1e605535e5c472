/** Entries on their way into the window: live ones, older ones, a place in the past; following, pausing, jumping. */
const lc = (globalThis.logconsole ??= {});

const RESUME = 2000; // entries that came during a pause and are still fetched one after the other; of more, the newest

class Stream {
  /** `on`: what the page does about `entries`, `ends`, `state`, `refused`, `lost`, `gone` and `fallback`. */
  constructor({ limit, held, follow, on }) {
    Object.assign(this, { held, follow, on });
    this.isStarted = false; // whether the list shows what is asked for
    this.isPlaced = false; // whether it shows a place in the past
    this.filter = this.valid = null;
    this.history = new lc.History({ held, limit, onChange: () => on.ends(), onOlder: (many) => this.#older(many),
      onNewer: (batch) => this.#newer(batch), onRefused: (refusal) => on.lost(refusal) });
    this.feed = new lc.Feed({ limit, onBatch: (...batch) => this.#came(...batch), onState: on.state,
      onRefused: (refusal) => this.#refused(refusal) });
  }

  /** Begin anew with the newest matches of a filter. */
  ask(filter) {
    Object.assign(this, { filter, isStarted: false, isPlaced: false });
    this.history.forget();
    this.follow.resumeUnlessPaused();
    this.feed.subscribe(filter, null);
  }

  /** Show the entries around one; live ones are counted meanwhile. */
  async visit(filter, cursor, { isOpen }) {
    this.ask(filter);
    this.isPlaced = true;
    this.follow.leave();
    const { round } = this.history;
    try {
      const batch = await this.history.around(filter, { around: cursor });
      if (round !== this.history.round) return;
      this.#start(batch, { attached: false, moreBefore: true });
      const number = this.held.find(cursor);
      if (number === null) return this.#gone();
      this.list.marked = cursor;
      this.list.go(number, { center: true });
      if (isOpen) this.list.details.open(number);
    } catch (refusal) {
      if (round === this.history.round) this.#gone(refusal);
    }
  }

  #gone() {
    this.on.gone();
    this.ask(this.filter);
  }

  /** Go to the newest entry and stay there; returns how many came meanwhile. */
  latest() {
    const { held, follow, feed } = this;
    const isNear = follow.paused && !this.isPlaced && follow.fresh <= RESUME;
    const isAttached = held.attached;
    const fresh = follow.resume();
    if (isAttached) this.list.paint();
    else if (isNear) this.#attach();
    else {
      this.isStarted = this.isPlaced = false;
      this.history.forget();
      feed.subscribe(this.filter, null);
    }
    return fresh;
  }

  /** The live end is what the window holds from now on: whatever came behind it comes again. */
  #attach() {
    this.held.attached = true;
    this.isPlaced = false;
    this.feed.subscribe(this.filter, this.held.after);
  }

  /** The reader is near an end of what is held. */
  edge(which) {
    if (!this.isStarted) return;
    if (which === "older") this.history.older(this.filter);
    else if (!this.follow.paused) this.history.newer(this.filter);
  }

  /** The next entries behind those that are held, during a pause too. */
  forward() {
    this.history.again();
    this.history.newer(this.filter);
  }

  #came(batch, { isStart, isLive }, done) {
    const { held, follow, list } = this;
    if (isStart) this.valid = this.filter;
    if (isStart && !this.isPlaced) this.#start(batch, {});
    else if (!isStart) {
      follow.arrived(batch.entries);
      if (follow.paused) held.attached = false;
      if (held.attached) this.#append(batch);
    }
    this.on.entries(batch.entries, { isLive: isLive && !isStart });
    if (document.hidden) done();
    else list.whenPainted(done);
  }

  #start(batch, how) {
    this.isStarted = true;
    this.history.forget(); // what was asked for belongs behind or before what now goes
    this.held.start(batch, how);
    this.list.marked = null;
    this.list.reset();
    this.list.wanted = this.isPlaced ? 0 : Number.MAX_SAFE_INTEGER; // the newest, even if a pause lets nothing move
    this.on.ends();
    if (!this.held.size) this.history.older(this.filter);
  }

  #append(batch) {
    this.held.append(batch);
    this.#fit();
  }

  #fit() {
    const near = this.follow.pinned ? null : (this.list.seen?.[0] ?? this.held.end);
    this.list.dropped(this.held.fit(near));
    this.list.paint();
  }

  #older(many) {
    this.on.entries(this.held.items.slice(0, many).filter((item) => !item.gap), { isLive: false });
    this.list.prepended(many);
    this.#fit();
  }

  #newer(batch) {
    this.on.entries(batch.entries, { isLive: false });
    this.#append(batch);
    if (batch.more) return this.follow.caught(batch.entries);
    this.follow.forget();
    this.#attach();
  }

  /** The store cannot run the query: the last one that it could stays in force. */
  #refused(refusal) {
    this.on.refused(refusal);
    const wasTried = this.filter === this.valid || this.filter === this.last;
    if (wasTried) return;
    if (this.valid) {
      this.filter = this.valid;
      this.isStarted = true;
      this.feed.subscribe(this.filter, this.held.after ?? null);
    } else this.ask((this.last = this.on.fallback()));
  }
}

lc.Stream = Stream;
