/** The page: what its parts tell each other. */
const lc = (globalThis.logconsole ??= {});
const { gettext, pgettext, fill, ngettext } = lc.text;

const by = (id) => document.getElementById(id);

class Console {
  constructor(root, config) {
    Object.assign(this, { root, config, title: document.title, unseen: { fresh: 0, errors: 0 } });
    this.settings = lc.view.load();
    this.state = lc.urlstate.read(location.search);
    this.state.q = by("lc-search").value || this.state.q; // typed before this ran
    if (!config.stores.some(({ alias }) => alias === this.state.store)) this.state.store = "";
    this.view = { marks: null, base: config.base_dir ?? "", zone: config.time_zone };
    this.display = new lc.Display(this);
    this.#makeParts(config);
    this.#makeControls(config);
    this.#listen();
    this.display.settings();
    this.#keep();
    if (this.state.follow === "0") this.follow.pause();
    this.#ask({ isOpen: true });
    this.stream.feed.connect();
  }

  #makeParts({ window: size = 100_000, limit = 500 }) {
    this.status = new lc.Status({ pill: by("lc-status"), banner: by("lc-banner"), live: by("lc-announce"), toast: by("lc-toast"),
      acts: { retry: () => this.stream.feed.connect(), loginURL: () => this.#loginURL() } });
    this.announcer = new lc.Announcer({ say: (text) => this.status.say(text), wanted: () => this.settings.announce });
    this.held = new lc.Window(size);
    this.follow = new lc.Follow(() => this.display.follow());
    this.ends = new lc.Ends({ root: this.root, strip: by("lc-older"), empty: by("lc-empty"), noMatch: by("lc-no-match"), loading: by("lc-loading") });
    this.concealed = new lc.Concealed({ element: by("lc-concealed"), ask: lc.http.ask });
    this.foot = new lc.Foot({ left: by("lc-foot-left"), right: by("lc-foot-right") });
    this.stream = new lc.Stream({ limit, held: this.held, follow: this.follow, on: {
      entries: (entries, how) => this.#came(entries, how), ends: () => this.display.ends(), state: (state, more) => this.#connection(state, more),
      refused: (refusal) => this.#refused(refusal), lost: ({ status }) => lc.retry.meaning(status) && this.stream.feed.connect(),
      gone: () => this.#gone(), fallback: () => this.#filter({ q: "", range: "", from: "", to: "" }) } });
    this.list = this.stream.list = new lc.List({ scroller: by("lc-list"), held: this.held, follow: this.follow, view: this.view,
      makeDetail: (entry, isWhole) => lc.detail.make(entry, { view: this.view, acts: this.acts, isWhole }),
      onEdge: (edge) => this.stream.edge(edge), onOpen: (cursor) => this.#opened(cursor), onSeen: (first, last) => this.display.seen(first, last) });
    lc.selection.install(this.list, this.view);
    this.timeline = new lc.Timeline({ box: by("lc-timeline"), zone: () => this.view.zone, say: (text) => this.status.say(text),
      onZoom: (from, to) => this.#zoom(from, to), onPick: (from, to) => this.#pick(from, to), onBack: () => this.#anyTime(),
      onLevel: (level) => this.bar.levels.toggle(level, true) });
    this.table = new lc.TimelineTable({ timeline: this.timeline, onPick: (from, to) => this.#pick(from, to) });
    this.counts = new lc.Counts({ most: () => this.timeline.most, isFrozen: () => this.follow.paused, onChange: () => this.display.counts() });
  }

  #makeControls({ stores }) {
    this.bar = new lc.FilterBar({ stores, zone: () => this.view.zone, onChange: (change, how) => this.#apply(change, how),
      onGo: (since) => this.#goTo(since), onOpen: () => this.bar.known.refresh(this.stream.filter) });
    const button = by("lc-download"); // there only for those who may
    const total = () => this.counts.estimate(this.bar.levels.shown);
    if (button) lc.download.install({ button, wanted: () => this.stream.filter, total });
    this.help = new lc.Help({ onExample: (q) => this.#search(q) });
    this.dialog = new lc.view.Dialog({ settings: this.settings, onChange: () => this.display.settings() });
    this.acts = {
      ...lc.acts.make({ list: this.list, held: this.held, view: this.view, say: (text, how) => this.status.say(text, how),
        link: (entry) => this.#link(entry), surrounding: (entry) => this.#surrounding(entry), onlyRequest: (entry) => this.#only(["request_id"], entry) }),
      announce: (text) => this.status.say(text), link: (entry) => this.#link(entry),
      filter: (term) => this.#search(lc.query.withTerm(this.bar.search.value, term)),
      only: (entry, ...fields) => this.#only(fields, entry),
      surrounding: (entry) => this.#surrounding(entry),
      search: () => this.bar.search.focus(), latest: () => this.#latest(), pause: () => this.#pause(), escape: () => this.#escape(),
      range: () => this.bar.range.menu.open(), anyTime: () => this.#anyTime(), clear: () => this.#clear(),
      view: () => this.dialog.open(), help: () => this.help.open(),
      toggleLevel: (level) => this.bar.levels.toggle(level, false), atLeast: (level) => this.bar.levels.atLeast(level),
    };
  }

  #listen() {
    const on = (id, run) => by(id).addEventListener("click", run);
    on("lc-view", () => this.dialog.open());
    on("lc-help", () => this.help.open());
    on("lc-table", () => this.table.open());
    on("lc-fold", () => this.dialog.choose("timeline", !this.settings.timeline));
    on("lc-foot-right", () => this.dialog.choose("times", lc.view.nextTimes(this.settings.times)));
    on("lc-jump", () => this.#latest());
    on("lc-pause", () => this.#pause());
    on("lc-clear", () => this.#clear());
    on("lc-clear-all", () => this.#clear());
    on("lc-all-time", () => this.#anyTime());
    on("lc-older-button", () => (this.stream.history.again(), this.stream.edge("older")));
    on("lc-stop", () => this.stream.history.stop());
    on("lc-newer-button", () => this.stream.forward());
    for (const name of ["online", "offline"]) addEventListener(name, () => this.stream.feed.connect());
    addEventListener("popstate", () => this.#restore());
    addEventListener("pagehide", () => this.stream.feed.stop());
    addEventListener("pageshow", ({ persisted }) => persisted && this.stream.feed.connect());
    document.addEventListener("visibilitychange", () => this.#visible());
    setInterval(() => document.hidden || (this.counts.tick(), this.display.foot()), 1000);
    new ResizeObserver(() => this.display.sizes()).observe(this.root);
    lc.keys.install(this.root, this.acts, () => this.settings.keys);
  }

  // ---- what is asked for

  #apply(change, { push = false } = {}) {
    const before = JSON.stringify(this.state);
    this.state = { ...this.state, at: "", ...change };
    if (JSON.stringify(this.state) === before && !this.isRefused) return;
    history[push ? "pushState" : "replaceState"](null, "", lc.urlstate.write(this.state) || location.pathname);
    this.#ask({ isOpen: false });
  }

  /** An entry was opened; "": the last one was closed. */
  #opened(cursor) {
    if (!cursor && this.list.marked === this.state.at) return; // what the page was asked to show stays in its URL
    this.state.at = cursor;
    this.#keep();
  }

  /** The URL says what the page shows. */
  #keep() {
    const url = lc.urlstate.write(this.state) || location.pathname;
    if (url !== location.search) history.replaceState(null, "", url);
  }

  #filter(change = {}) {
    const filter = lc.query.filter({ ...this.state, ...change });
    return { ...filter, store: filter.store || this.config.stores[0]?.alias || "" };
  }

  #ask(how) {
    const filter = this.#filter();
    this.isRefused = false;
    this.bar.search.refuse("");
    this.status.notice("");
    this.bar.show(this.state);
    this.view.marks = lc.query.marks(this.state.q) ?? (this.state.at ? this.searched : null);
    if (this.stream.filter?.store !== filter.store) this.#forget();
    if (this.state.at) this.stream.visit(filter, this.state.at, how);
    else this.stream.ask(filter);
    if (!how.isOpen) this.display.asked();
    this.status.setFixed(Date.parse(filter.until) <= Date.now());
    this.counts.load(filter);
    this.display.counts(); // other levels may be shown of what is known
    this.display.ends();
  }

  /** Another store: nothing that is known holds for it. */
  #forget() {
    this.held.clear();
    this.list.reset();
    this.foot.forget();
    this.counts.forget();
  }

  #search(q) {
    this.bar.search.write(q);
    this.#apply({ q });
  }

  /** Only entries that share these fields with one. */
  #only(fields, entry) {
    const terms = fields.filter((field) => entry[field]).map((field) => lc.query.condition(field, String(entry[field])));
    this.#search(terms.reduce(lc.query.withTerm, this.bar.search.value));
  }

  #clear() {
    this.bar.search.write("");
    this.#apply(lc.urlstate.cleared(this.state), { push: true });
  }

  #anyTime() {
    this.#apply({ range: "", from: "", to: "" }, { push: true });
  }

  #zoom(from, to) {
    const [since, until] = [from, to].map((moment) => new Date(Math.round(moment)).toISOString());
    this.#apply({ range: "", from: since, to: until }, { push: true });
  }

  #surrounding({ cursor }) {
    this.searched = this.view.marks;
    this.bar.search.write("");
    this.#apply({ ...lc.urlstate.cleared(this.state), at: cursor }, { push: true });
    this.status.notice(gettext("The entry and what was logged around it, whatever was searched for."),
      [gettext("Back to the search"), () => history.back()]);
  }

  /** Go to the first entry of a span of the timeline; one that is not held is asked for. */
  async #pick(from, to) {
    const isIn = (item) => item.ts && Date.parse(item.ts) >= from && Date.parse(item.ts) < to;
    const number = this.held.seek(this.held.first, 1, isIn);
    if (number !== null) return this.list.go(number, { center: true });
    const filter = this.stream.filter;
    const until = new Date(to).toISOString();
    const batch = await lc.http.ask("entries/", lc.query.parameters({ ...filter, until }, { limit: this.config.limit })).catch(() => null);
    const first = batch?.entries.find(isIn) ?? batch?.entries.at(-1);
    if (first && filter === this.stream.filter) this.stream.visit(filter, first.cursor, { isOpen: false });
  }

  /** Go to the first entry from a moment on, whatever is held; what is searched for stays. */
  async #goTo(since) {
    const filter = this.stream.filter;
    let after = "", batch;
    do {
      const asked = lc.query.parameters({ ...filter, since }, { limit: 1 });
      asked.set("after", after);
      batch = await lc.http.ask("entries/", asked).catch(() => null);
      after = batch?.after;
    } while (batch?.more && !batch.entries.length);
    if (filter !== this.stream.filter || !batch) return;
    if (batch.entries.length) this.stream.visit(filter, batch.entries[0].cursor, { isOpen: false });
    else this.status.say(gettext("Nothing is kept from then on"), { isShown: true });
  }

  #restore() {
    this.state = lc.urlstate.read(location.search);
    this.bar.search.write(this.state.q);
    this.#ask({ isOpen: false });
  }

  #link({ cursor }) {
    return new URL(lc.urlstate.write({ ...this.state, at: cursor }), location.href).href;
  }

  #loginURL() {
    const next = location.pathname + location.search;
    return `${this.config.login_url}?${new URLSearchParams({ next })}`;
  }

  // ---- what happened

  #came(entries, { isLive }) {
    this.bar.see(entries);
    this.foot.see(entries, isLive);
    if (isLive) this.counts.add(entries);
    if (isLive) this.announcer.add(entries);
    if (isLive && document.hidden) this.#countUnseen(entries);
    this.display.ends();
    if (!isLive) this.display.foot();
  }

  #countUnseen(entries) {
    const { unseen } = this;
    const { fresh, errors } = lc.follow.counted(entries);
    unseen.fresh += fresh;
    unseen.errors += errors;
    if (unseen.fresh) document.title = `(${lc.follow.news(unseen.fresh, unseen.errors)}) ${this.title}`;
  }

  #visible() {
    if (document.hidden) return this.list.release();
    this.unseen = { fresh: 0, errors: 0 };
    document.title = this.title;
    this.list.paint();
    if (["reconnecting", "too-many"].includes(this.stream.feed.state)) this.stream.feed.connect();
  }

  #connection(state, more) {
    const wasLost = this.status.state !== "live" && this.status.state !== "connecting";
    this.status.show(state, more);
    this.root.dataset.connection = state;
    by("lc-pause").disabled = lc.retry.isFinal(state);
    if (state === "live" && wasLost) {
      this.stream.history.again();
      this.counts.load(this.stream.filter);
    }
    if (state !== "forbidden") return;
    this.#forget();
    this.display.counts();
    this.display.ends();
  }

  #refused({ error, param, position = null }) {
    this.isRefused = true;
    if (param === "q") this.bar.search.refuse(error, position);
    else this.status.notice(error, [gettext("Clear filters"), () => this.#clear()]);
    this.status.say(error);
  }

  #gone() {
    this.state.at = "";
    this.status.notice(gettext("This entry is no longer kept, or not among what is filtered."), [gettext("Close"), () => this.status.notice("")]);
  }

  #latest() {
    Object.assign(this.state, { at: "", follow: "" });
    this.#keep();
    const wasPaused = this.follow.paused;
    const fresh = this.stream.latest();
    if (wasPaused) this.status.say(fill(ngettext("Resumed, %(n)s new entry", "Resumed, %(n)s new entries", fresh), { n: fresh }));
  }

  #pause() {
    if (this.follow.paused) return this.#latest();
    this.follow.pause();
    this.state.follow = "0";
    this.#keep();
    this.status.say(pgettext("logconsole", "Paused"));
  }

  #escape() {
    if (this.list.active !== null && this.list.heights.has(this.list.active)) {
      by("lc-list").focus({ preventScroll: true });
      this.list.details.close(this.list.active);
    } else if (this.state.from || this.state.to) this.#anyTime();
  }
}

const root = by("logconsole");
lc.format.configure(document.documentElement.lang);
lc.scheme.install(root);
lc.page = new Console(root, JSON.parse(by("logconsole-config").textContent));
