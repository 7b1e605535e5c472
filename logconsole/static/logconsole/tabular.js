/** The timeline as a table, for those who read it. */
const lc = (globalThis.logconsole ??= {});
const { el } = lc.dom;
const { gettext, pgettext, count } = lc.text;

class TimelineTable {
  /** `timeline`: whose counts are shown; `onPick(from, to)` in milliseconds. */
  constructor({ timeline, onPick }) {
    Object.assign(this, { timeline, onPick });
    this.dialog = el("dialog.lc-dialog.lc-table-dialog", { "aria-labelledby": "lc-table-title" });
    document.getElementById("logconsole").append(this.dialog);
    lc.view.closesOutside(this.dialog);
  }

  open() {
    this.dialog.replaceChildren(lc.view.heading("lc-table-title", gettext("Timeline as a table"), this.dialog), this.#table());
    this.dialog.showModal();
  }

  #table() {
    const { buckets, names } = this.timeline;
    const levels = buckets ? names.filter((name) => buckets.total(name)) : [];
    if (!levels.length) return el("p.lc-note", {}, gettext("No entries"));
    const head = [pgettext("logconsole", "Time"), ...levels.map(lc.levelLabel), gettext("All together")];
    const rows = Array.from({ length: buckets.length }, (_, place) => this.#row(place, levels)).filter(Boolean);
    const total = levels.reduce((sum, name) => sum + buckets.total(name), 0);
    return el("div.lc-table-scroll", { tabindex: "0", role: "group", "aria-labelledby": "lc-table-title" }, el("table", {},
      el("caption", {}, count("%(n)s entry", "%(n)s entries", total)),
      el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))), el("tbody", {}, rows)));
  }

  /** A span in which nothing was logged has no row. */
  #row(place, levels) {
    const { buckets } = this.timeline;
    const counts = levels.map((name) => buckets.levels.get(name)?.[place] ?? 0);
    const sum = counts.reduce((all, one) => all + one, 0);
    if (!sum) return null;
    const from = buckets.since + place * buckets.step;
    const go = () => (this.dialog.close(), this.onPick(from, from + buckets.step));
    return el("tr", {}, el("th", { scope: "row" }, el("button.lc-link", { type: "button", onclick: go }, this.timeline.range(place))),
      [...counts, sum].map((number) => el("td", {}, number ? lc.format.number(number) : "")));
  }
}

lc.TimelineTable = TimelineTable;
