/**
 * The stream of batches: a socket while that works, questions every three seconds while it does not.
 *
 * `subscribe` says what is wanted and from where; whatever happens to the connection, the stream goes on at the cursor
 * of the last batch. `onBatch(batch, {isStart, isLive}, done)` is called for each: `isStart` begins the list anew,
 * `isLive` came after the backlog, `done` is to be called when it is painted.
 */
const lc = (globalThis.logconsole ??= {});

const POLL_SECONDS = 3;
const SOCKET_AGAIN_SECONDS = 60;
const FULL_SECONDS = 30; // between tries while the server has too many clients
const FIRST_SECONDS = 10; // for the first word of a server: a proxy may let the handshake wait for ever
const SILENCE_SECONDS = 70; // the server pings every 25: a socket silent for so long is dead
const TRIES = 3;

class Feed {
  constructor({ ask = lc.http.ask, open = openSocket, limit, onBatch, onState, onRefused }) {
    Object.assign(this, { ask, open, limit, onBatch, onState, onRefused });
    this.id = 0;
    this.tries = this.failures = 0; // since it was live; with a ticket but without a socket
    this.wasLive = false;
    this.state = "connecting";
    this.round = 0; // what an older round still wants to do is void
    this.asking = 0; // the same for the questions while there is no socket
  }

  /** From now on batches of this filter; after null: the newest, then what comes. */
  subscribe(filter, after) {
    Object.assign(this, { filter, after, isStart: after === null, isLive: false });
    this.id += 1;
    if (this.isOpen) this.#send();
    else if (this.state === "polling") this.#poll();
  }

  get isOpen() {
    return this.socket?.readyState === 1;
  }

  /** Connect, now; a page that polls goes on until the socket is open. */
  async connect() {
    const round = this.#turn();
    if (lc.retry.isFinal(this.state)) return;
    if (navigator.onLine === false) return this.#become("offline");
    if (this.state !== "polling") this.#become(this.wasLive || this.tries ? "reconnecting" : "connecting");
    try {
      const { ticket } = await this.ask("ticket/");
      if (round === this.round) this.#open(round, ticket);
    } catch (refusal) {
      if (round === this.round) this.#failed(refusal.status, false);
    }
  }

  /** The page is going, or the reader may look no longer. */
  stop(state) {
    this.#turn();
    this.#askNoMore();
    if (state) this.#become(state);
  }

  /** Everything under way is void; returns the number of the new round. */
  #turn() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.round += 1;
    const { socket } = this;
    this.socket = null;
    socket?.close();
    return this.round;
  }

  #open(round, ticket) {
    this.isLive = false;
    let isRefused = true; // until the server says anything
    const socket = (this.socket = this.open());
    socket.onopen = () => {
      if (round !== this.round) return;
      this.#askNoMore(); // the socket goes on where the last answer ended
      this.#send(ticket);
    };
    socket.onmessage = ({ data }) => {
      if (round !== this.round) return;
      isRefused = false;
      this.#listen(SILENCE_SECONDS);
      this.#receive(JSON.parse(data));
    };
    socket.onclose = ({ code }) => round === this.round && this.#failed(code, isRefused);
    this.#listen(FIRST_SECONDS, true);
  }

  #listen(seconds, isRefused = false) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#failed(1006, isRefused), seconds * 1000);
  }

  #send(ticket) {
    const { id, filter, after, limit } = this;
    this.socket.send(JSON.stringify({ type: "subscribe", ...(ticket && { ticket }), id, ...filter, after, limit }));
  }

  #receive(message) {
    if (message.id !== undefined && message.id !== this.id) return; // of a filter that is no longer wanted
    if (message.type === "batch") this.#take(message, message.id);
    else if (message.type === "error") this.onRefused(message);
    else if (message.type === "status" && message.state === "live") this.#live(message);
  }

  #take(batch, id) {
    const { isStart, isLive, socket } = this;
    Object.assign(this, { isStart: false, after: batch.after });
    this.onBatch(batch, { isStart, isLive }, () => {
      if (socket && socket === this.socket && this.isOpen)
        socket.send(JSON.stringify({ type: "ack", id, after: batch.after }));
    });
  }

  #live({ scope, store, trouble }) {
    Object.assign(this, { isLive: true, wasLive: true, tries: 0, failures: 0, signedOut: 0 });
    this.#become("live", { scope, store, trouble });
  }

  /** A close code or HTTP status; `isSocket`: the server gave a ticket, but its socket never spoke. */
  async #failed(code, isSocket) {
    const round = this.#turn();
    const state = lc.retry.meaning(code);
    if (code === 4401) return this.#staleTicket();
    if (lc.retry.isFinal(state)) return this.#become(state);
    if (state === "too-many") return this.#again(FULL_SECONDS, state);
    if (isSocket) this.failures += 1;
    if (isSocket && this.failures < TRIES && !this.wasLive && (await this.#isWithoutSockets())) this.failures = TRIES;
    if (round !== this.round) return;
    if (this.failures >= TRIES && isSocket) return this.#startPolling();
    this.#again(lc.retry.delay(this.tries++), "reconnecting");
  }

  /** 4401 also means a ticket that came too late: one that asks again at once is told which. */
  #staleTicket() {
    this.signedOut = (this.signedOut ?? 0) + 1;
    if (this.signedOut > 1) this.#become("signed-out");
    else this.connect();
  }

  async #isWithoutSockets() {
    return this.ask("ws/").then(() => false, (refusal) => refusal.status === 426);
  }

  #again(seconds, state) {
    if (navigator.onLine === false) return this.#become("offline");
    this.#become(state, { until: Date.now() + seconds * 1000 });
    this.timer = setTimeout(() => this.connect(), seconds * 1000);
  }

  #startPolling() {
    this.#become("polling");
    this.timer = setTimeout(() => this.connect(), SOCKET_AGAIN_SECONDS * 1000);
    this.#poll();
  }

  async #poll() {
    const asking = this.#askNoMore();
    const { id, filter, after, limit } = this;
    try {
      const batch = await this.ask("entries/", lc.query.parameters(filter, { after, limit }));
      if (asking !== this.asking) return;
      this.tries = 0;
      const isAll = after === null || !batch.more; // the newest are asked for backward: `more` is about older ones
      this.#take(batch, id);
      if (isAll) this.isLive = true;
      this.pollTimer = setTimeout(() => this.#poll(), isAll ? POLL_SECONDS * 1000 : 0);
    } catch (refusal) {
      if (asking !== this.asking) return;
      if (refusal.status === 400) this.onRefused({ error: refusal.message, ...refusal });
      else this.#failed(refusal.status, false);
    }
  }

  /** Any answer that is still to come is void; returns the number of the next question. */
  #askNoMore() {
    clearTimeout(this.pollTimer);
    return (this.asking += 1);
  }

  #become(state, more = {}) {
    if (state !== "polling") this.#askNoMore();
    this.state = state;
    this.onState(state, more);
  }
}

function openSocket() {
  const url = new URL("ws/", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = url.hash = "";
  return new WebSocket(url);
}

lc.Feed = Feed;
