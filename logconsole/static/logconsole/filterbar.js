/** The controls that filter, kept in step with the state of the page. */
const lc = (globalThis.logconsole ??= {});
const { gettext, count, fill } = lc.text;

const by = (id) => document.getElementById(id);

class FilterBar {
  /** `onChange(change, {push})`: what the reader chose. `onGo(ts)`: the moment that they want to see. `zone()`: of the times typed. `onOpen()`: values are about to be offered. */
  constructor({ stores, zone, onChange, onGo, onOpen }) {
    this.known = new lc.Known();
    const choose = (field) => (values) => {
      this.search.write(lc.query.choose(this.search.value, field, values));
      onChange({ q: this.search.value });
    };
    this.search = new lc.Search({ field: by("lc-search"), error: by("lc-search-error"), list: by("lc-suggestions"), known: this.known,
      onChange: (q) => onChange({ q }), onOpen });
    this.levels = new lc.Levels({ box: by("lc-levels"), onChange: (levels) => onChange({ levels }) });
    this.services = new lc.Facet({ button: by("lc-service"), name: gettext("Service"), known: () => this.known.values("service"),
      onOpen, onChange: choose("service") });
    this.loggers = new lc.Facet({ button: by("lc-logger"), name: gettext("Logger"), known: () => this.known.values("logger"), isTree: true,
      onOpen, onChange: choose("logger") });
    this.range = new lc.Range({ button: by("lc-range"), zone, onGo, onChange: (range) => onChange(range, { push: true }) });
    this.#makeStores(stores, onChange);
  }

  /** A choice only where there is one; each store says how far it sees. */
  #makeStores(stores, onChange) {
    this.store = by("lc-store");
    this.store.hidden = stores.length < 2;
    this.store.replaceChildren(...stores.map(({ alias, scope }) =>
      lc.dom.el("option", { value: alias }, `${alias} · ${lc.scope.name(scope)}`)));
    this.first = stores[0]?.alias ?? "";
    this.store.addEventListener("change", () => {
      this.forget();
      onChange({ store: this.store.value === this.first ? "" : this.store.value }, { push: true });
    });
  }

  /** Other entries: what was seen is no choice any more. */
  forget() {
    this.known.forget();
  }

  /** Entries were seen: their services, loggers and levels can be chosen. */
  see(entries) {
    this.known.see(entries);
    const custom = entries.filter((entry) => !(entry.level in lc.format.LEVELS));
    if (custom.length) this.levels.know(custom.map((entry) => entry.level), Object.fromEntries(custom.map((entry) => [entry.level, entry.levelno])));
  }

  show(state) {
    this.search.value = state.q;
    this.levels.value = state.levels;
    this.services.value = lc.query.chosen(state.q, "service");
    this.loggers.value = lc.query.chosen(state.q, "logger");
    this.range.value = state;
    this.store.value = state.store || this.first;
    const isFiltered = lc.urlstate.isFiltered(state);
    by("lc-clear").hidden = !isFiltered;
  }

  /** `41 of 500 entries`: of all levels, where only levels are filtered; else those that match. */
  total(counts, state) {
    const { buckets } = counts;
    if (!buckets) by("lc-total").textContent = counts.isCounting ? gettext("Counting…") : "";
    if (!buckets || counts.isStale) return;
    const shown = counts.total(this.levels.shown);
    const all = counts.total([...buckets.levels.keys()]);
    by("lc-total").textContent = this.#totalText(shown, all, buckets.scanned, lc.urlstate.isFiltered({ ...state, levels: [] }));
  }

  #totalText(shown, all, scanned, isMatching) {
    const [n, of, share] = [lc.format.number(shown), lc.format.number(all), lc.format.percent(scanned)];
    if (scanned < 1) return fill(gettext("%(n)s entries in %(share)s of the log, counting…"), { n, share });
    if (shown < all) return fill(gettext("%(shown)s of %(all)s entries"), { shown: n, all: of });
    return isMatching ? count("%(n)s entry matches", "%(n)s entries match", shown) : count("%(n)s entry", "%(n)s entries", shown);
  }
}

lc.FilterBar = FilterBar;
