/** What the page shows of how things stand: pause and pill, counts, ends, foot, and the sizes of it all. */
const lc = (globalThis.logconsole ??= {});
const { gettext, count } = lc.text;

const NARROW = 720; // pixels of the console, as in the stylesheet
const QUIET = 450; // milliseconds until a number is read aloud: whoever types on does not hear the last one
const by = (id) => document.getElementById(id);

class Display {
  constructor(page) {
    this.page = page;
    this.isAsked = false; // whether a number is waited for
    this.tell = lc.dom.debounced(() => page.status.say(by("lc-total").textContent), QUIET);
  }

  /** By what was chosen under View. */
  settings() {
    const { settings, config, view } = this.page;
    const { fields, millis, date } = settings;
    Object.assign(view, { fields, millis, date, zone: lc.view.zone(settings, config.time_zone) });
    for (const name of ["service", "logger", "date", "millis"]) this.page.root.toggleAttribute(`data-no-${name}`, !settings[name]);
    this.page.root.dataset.lines = settings.lines;
    this.page.root.dataset.density = settings.density;
    by("lc-timeline").hidden = !settings.timeline;
    by("lc-fold").setAttribute("aria-expanded", String(settings.timeline));
    this.sizes();
    this.page.timeline.chart.draw();
    this.page.bar.range.value = this.page.state;
    this.page.list.refresh();
    this.foot();
  }

  /** By the room there is: narrow rows have two lines. */
  sizes() {
    const isNarrow = this.page.root.clientWidth <= NARROW;
    const base = isNarrow ? 50 : this.page.settings.density === "compact" ? 22 : 26;
    const height = base + (this.page.settings.lines - 1) * 18;
    by("lc-list").style.setProperty("--lc-row", `${height}px`);
    this.page.list.setRowHeight(height);
    this.page.list.measure();
  }

  /** The rows from `first` to `last` are seen. */
  seen(first, last) {
    const at = (number) => (number === null ? null : this.page.held.at(number)?.ts);
    const [from, to] = [at(first), at(last)];
    by("lc-head-date").textContent = from && !this.page.view.date ? lc.format.day(from, this.page.view.zone) : "";
    this.page.timeline.chart.seen(from ? Date.parse(from) : null, to ? Date.parse(to) : null);
    this.jump();
  }

  follow() {
    if (!this.page.list) return;
    const { paused } = this.page.follow;
    const button = by("lc-pause");
    button.setAttribute("aria-pressed", String(paused));
    button.querySelector(".lc-label").textContent = paused ? gettext("Resume") : gettext("Pause");
    button.title = paused ? gettext("Resume") : gettext("Pause");
    button.querySelector(".lc-icon").replaceWith(lc.dom.icon(paused ? "play" : "pause"));
    this.page.status.setPaused(paused);
    this.page.list.paint();
    this.jump();
  }

  jump() {
    const { pinned, fresh, errors, paused } = this.page.follow;
    const isShown = this.page.held.size > 0 && (!pinned || !this.page.held.attached) && (!paused || fresh > 0 || !this.page.follow.following);
    if (isShown && by("lc-jump").hidden) this.#keepFromPointer(by("lc-jump"));
    by("lc-jump").hidden = !isShown;
    by("lc-jump-text").textContent = fresh ? lc.follow.news(fresh, errors) : gettext("Jump to latest");
    by("lc-jump").toggleAttribute("data-errors", errors > 0);
    by("lc-newer-button").textContent = fresh
      ? count("Load %(n)s newer entry", "Load %(n)s newer entries", fresh) : gettext("Load newer entries");
  }

  /** What appears under the pointer does not take the second half of a double click. */
  #keepFromPointer(button) {
    button.inert = true;
    setTimeout(() => (button.inert = false), 400);
  }

  counts() {
    const { buckets, isCounting } = this.page.counts;
    this.page.root.toggleAttribute("data-counting", isCounting);
    this.page.bar.total(this.page.counts, this.page.state);
    this.page.bar.levels.count(buckets);
    this.page.timeline.chart.show(buckets, this.page.bar.levels.shown);
    if (!buckets || this.page.counts.isStale) return;
    if (this.isAsked) this.tell();
    this.isAsked = false;
  }

  /** Something else is searched for: how much was found is told, once it is known. */
  asked() {
    this.tell.cancel();
    this.isAsked = true;
  }

  ends() {
    const { held, stream, state } = this.page;
    if (!this.page.list) return;
    const { history, isStarted, feed } = stream;
    const isFiltered = lc.urlstate.isFiltered(state);
    by("lc-all-time").hidden = !(state.range || state.from || state.to);
    const isForbidden = feed.state === "forbidden", isMemory = this.page.config.stores.every((one) => one.scope === "process");
    this.page.ends.draw({ held, history, isStarted, isFiltered, isForbidden, isMemory, zone: this.page.view.zone });
    this.page.concealed.draw({ isShown: !by("lc-no-match").hidden, store: stream.filter?.store });
  }

  foot() {
    const { held, view, settings, config } = this.page;
    const alias = this.page.stream.filter?.store ?? config.stores[0]?.alias;
    const store = config.stores.find((one) => one.alias === alias);
    view.hosts = store?.scope === "cluster"; // with one host its name would be the same in every row
    this.page.root.toggleAttribute("data-hosts", view.hosts);
    const scope = store && lc.scope.text({ store: store.alias, scope: store.scope });
    this.page.foot.draw({ held, scope, zone: view.zone, zoneText: lc.view.zoneText(settings, config.time_zone) });
  }
}

lc.Display = Display;
