/** How things stand, in words: the pill, the banner, and what a screen reader is told. */
const lc = (globalThis.logconsole ??= {});
const { el, icon } = lc.dom;
const { gettext, pgettext, fill } = lc.text;

const BANNER_AFTER = 2000; // milliseconds of loss before a banner says so

class Status {
  constructor({ pill, banner, live, toast, acts }) {
    Object.assign(this, { pill, banner, live, toast, acts });
    this.state = "connecting";
    this.more = {};
    this.isPaused = false;
    this.isFixed = false; // whether the range that is shown has ended
    this.troubled = null; // the store whose trouble was announced
  }

  /** The state of the connection. `more.until`: when it is tried again. */
  show(state, more = {}) {
    const before = this.state;
    Object.assign(this, { state, more });
    if (state === "live") this.lostAt = null;
    else if (before === "live") this.lostAt = Date.now();
    const news = [state !== before && this.#news(state, before), this.#newTrouble()].filter(Boolean);
    if (news.length) this.say(news.join(". "));
    if (state !== before) this.isDismissed = false;
    this.#draw();
  }

  setPaused(isPaused) {
    this.isPaused = isPaused;
    this.#draw();
  }

  setFixed(isFixed) {
    this.isFixed = isFixed;
    this.#draw();
  }

  /** Say something to those who do not see it; `isShown`: to all, for a moment. */
  say(text, { isShown = false } = {}) {
    if (isShown) this.#flash(text);
    this.live.textContent = "";
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.live.textContent = text), 30);
  }

  #flash(text) {
    clearTimeout(this.flashing);
    this.toast.textContent = text;
    this.toast.hidden = false;
    this.flashing = setTimeout(() => (this.toast.hidden = true), 1500);
  }

  /** A line that needs doing and has nothing to do with the connection; "" takes it away. */
  notice(text, act = null) {
    this.noticed = text ? { tone: "info", text, act } : null;
    this.#draw();
  }

  #draw() {
    clearTimeout(this.tick);
    const { pill, state, isPaused, isFixed } = this;
    pill.dataset.state = state;
    pill.toggleAttribute("data-quiet", isPaused || isFixed);
    pill.querySelector(".lc-pill-text").textContent = this.#text();
    const reason = isFixed && gettext("What is logged now is outside of the chosen time range");
    pill.title = [reason, this.more.store && scopeText(this.more)].filter(Boolean).join("\n");
    this.#drawBanner();
    if (this.#seconds || (this.lostAt && state === "reconnecting")) this.tick = setTimeout(() => this.#draw(), 500);
  }

  get #seconds() {
    return this.more.until ? Math.max(0, Math.ceil((this.more.until - Date.now()) / 1000)) : 0;
  }

  #text() {
    const n = this.#seconds;
    return {
      connecting: gettext("Connecting…"),
      live: this.isPaused ? pgettext("logconsole", "Paused") : this.isFixed ? gettext("Fixed range") : pgettext("logconsole", "Live"),
      reconnecting: n ? fill(gettext("Reconnecting in %(n)s s"), { n }) : gettext("Reconnecting…"),
      offline: pgettext("logconsole", "Offline"),
      polling: gettext("Refreshing every 3 s"),
      "signed-out": gettext("Signed out"),
      forbidden: gettext("No access"),
      "too-many": gettext("Too many readers"),
      outdated: gettext("Update needed"),
    }[this.state];
  }

  #drawBanner() {
    const said = this.#said() ?? this.noticed;
    const key = said ? said.tone + said.text + (said.act?.[0] ?? "") : "";
    if (key === this.bannered) return;
    this.bannered = key;
    this.banner.hidden = !said;
    if (!said) return this.banner.replaceChildren();
    this.banner.dataset.tone = said.tone;
    const [text, act] = said.act ?? [];
    const isLink = typeof act === "string";
    const onclick = ({ currentTarget }) => (currentTarget.href = this.acts.loginURL()); // the filter may have changed since
    this.banner.replaceChildren(...[icon("warning"), el("span.lc-banner-text", {}, said.text),
      act && el(isLink ? "a.lc-link" : "button.lc-link", isLink ? { href: act, onclick } : { type: "button", onclick: act }, text),
      said.canDismiss && el("button.lc-small", { type: "button", "aria-label": gettext("Close"), onclick: () => (said.onDismiss?.(), this.#dismiss()) }, icon("close")),
    ].filter(Boolean));
  }

  #dismiss() {
    this.isDismissed = true;
    this.#draw();
  }

  /** What the banner says about the connection, if anything. */
  #said() {
    const n = this.#seconds;
    const wait = n ? fill(gettext("Trying again in %(n)s s."), { n }) : gettext("Trying again…");
    const retry = [gettext("Retry now"), () => this.acts.retry()];
    if (this.isDismissed) return null;
    switch (this.state) {
      case "live": // what the server writes in words: entries that it cannot keep
        return this.more.trouble ? { tone: "error", text: this.more.trouble } : this.#alone();
      case "reconnecting":
        if (this.lostAt && Date.now() - this.lostAt < BANNER_AFTER) return null;
        return { tone: "wait", text: `${gettext("The live connection was lost. Entries below are still readable.")} ${wait}`, act: retry };
      case "offline":
        return { tone: "wait", text: gettext("Your computer is offline. Entries below are still readable.") };
      case "too-many":
        return { tone: "wait", text: `${gettext("The server has as many open log pages as it allows. Close one, or wait.")} ${wait}`, act: retry };
      case "polling":
        return { tone: "info", text: gettext("This server does not accept WebSockets, so the page asks for new entries every 3 seconds."),
          act: [gettext("Try again"), () => this.acts.retry()], canDismiss: true };
      case "signed-out":
        return { tone: "error", text: gettext("Your session has ended. Entries already on this page stay readable."),
          act: [gettext("Log in again"), this.acts.loginURL()] };
      case "forbidden":
        return { tone: "error", text: gettext("You no longer have permission to see the log."),
          act: [gettext("Log in as another user"), this.acts.loginURL()] };
      case "outdated":
        return { tone: "info", text: gettext("The server was updated, and this page is older than it."),
          act: [gettext("Reload"), () => location.reload()] };
      default:
        return null;
    }
  }

  /** A store that sees one process is told, until the reader knows. */
  #alone() {
    if (this.more.scope !== "process" || this.noticed || isKnown(this.more.store)) return null;
    return { tone: "info", canDismiss: true, onDismiss: () => know(this.more.store),
      text: fill(gettext("The store %(store)s holds only what one process, the one that answers, has logged since it was started."), this.more) };
  }

  /** What has changed about the connection. */
  #news(state, before) {
    if (state === "live") return before === "connecting" ? "" : gettext("Live again");
    if (state === "reconnecting") return before === "live" ? gettext("Connection lost") : "";
    return state === "connecting" ? "" : (this.#said()?.text ?? this.#text());
  }

  /** What the server says about its store, when it begins; a lost connection does not end it. */
  #newTrouble() {
    if (this.state !== "live") return "";
    const { trouble, store } = this.more;
    const isKnown = this.troubled === store;
    this.troubled = trouble ? store : null;
    return isKnown ? "" : trouble;
  }
}

const KNOWN = "logconsole.alone.v1";

/** Whether the reader closed what is said of a store that sees one process. */
function isKnown(store) {
  try {
    return localStorage.getItem(KNOWN) === store;
  } catch {
    return false;
  }
}

function know(store) {
  try {
    localStorage.setItem(KNOWN, store);
  } catch {
    // a browser that stores nothing is told again
  }
}

/** How far a store sees, in words. */
function scopeText({ store, scope }) {
  const far = {
    process: gettext("entries of this process only"),
    host: gettext("entries of every process on this host"),
    cluster: gettext("entries of every process on every host"),
  }[scope];
  return far ? `${store}: ${far}` : store;
}

const scopeName = (scope) => ({ process: gettext("this process"), host: gettext("this host"), cluster: gettext("cluster") })[scope] ?? scope;

lc.Status = Status;
lc.scope = { text: scopeText, name: scopeName };
