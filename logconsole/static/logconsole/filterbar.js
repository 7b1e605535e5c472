/** The controls that filter, kept in step with the state of the page. */
const lc = (globalThis.logconsole ??= {});
const { gettext, count, fill } = lc.text;

const by = (id) => document.getElementById(id);

class FilterBar {
  /** `onChange(change, {push})`: what the reader chose. `zone()`: of the times typed. `held`: the entries the page holds. */
  constructor({ stores, held, zone, onChange }) {
    const values = (key) => () => held.items.map((item) => item[key]);
    this.search = new lc.Search({ field: by("lc-search"), error: by("lc-search-error"), onChange: (q) => onChange({ q }) });
    this.levels = new lc.Levels({ box: by("lc-levels"), onChange: (levels) => onChange({ levels }) });
    this.services = new lc.Facet({ button: by("lc-service"), name: gettext("Service"), held: values("service"),
      onChange: (services) => onChange({ services }) });
    this.loggers = new lc.Facet({ button: by("lc-logger"), name: gettext("Logger"), held: values("logger"), isTree: true,
      onChange: (loggers) => onChange({ loggers }) });
    this.range = new lc.Range({ button: by("lc-range"), zone, onChange: (range) => onChange(range, { push: true }) });
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
    this.services.forget();
    this.loggers.forget();
  }

  /** Entries were seen: their services, loggers and levels can be chosen. */
  see(entries) {
    this.services.see(entries.map((entry) => entry.service));
    this.loggers.see(entries.map((entry) => entry.logger));
    const custom = entries.filter((entry) => !(entry.level in lc.format.LEVELS));
    if (custom.length) this.levels.know(custom.map((entry) => entry.level), Object.fromEntries(custom.map((entry) => [entry.level, entry.levelno])));
  }

  show(state) {
    this.search.value = state.q;
    this.levels.value = state.levels;
    this.services.value = state.services;
    this.loggers.value = state.loggers;
    this.range.value = state;
    this.store.value = state.store || this.first;
    const isFiltered = lc.urlstate.isFiltered(state);
    by("lc-clear").hidden = !isFiltered;
  }

  /** `41 of 500 entries`: of all levels, where only levels are filtered; else those that match. */
  total(counts, state) {
    const { buckets } = counts;
    if (!buckets || counts.isStale) return;
    const shown = counts.total(this.levels.shown);
    const all = counts.total([...buckets.levels.keys()]);
    by("lc-total").textContent = this.#totalText(shown, all, buckets.scanned, lc.urlstate.isFiltered({ ...state, levels: [] }));
  }

  #totalText(shown, all, scanned, isMatching) {
    const [n, of, share] = [lc.format.number(shown), lc.format.number(all), lc.format.percent(scanned)];
    if (scanned < 1) return fill(gettext("%(n)s entries in %(share)s of the log"), { n, share });
    if (shown < all) return fill(gettext("%(shown)s of %(all)s entries"), { shown: n, all: of });
    return isMatching ? count("%(n)s entry matches", "%(n)s entries match", shown) : count("%(n)s entry", "%(n)s entries", shown);
  }
}

lc.FilterBar = FilterBar;
