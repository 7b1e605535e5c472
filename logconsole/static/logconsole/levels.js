/** The chips: which levels are shown, and how many entries each has. */
const lc = (globalThis.logconsole ??= {});
const { el } = lc.dom;
const { gettext, pgettext } = lc.text;

const FIVE = Object.keys(lc.format.LEVELS);

const MOST = 24; // chips: whoever logs chooses the names

const label = (level) => (!FIVE.includes(level) ? lc.visible.plain(level, 24) : {
  DEBUG: pgettext("logconsole", "Debug"), INFO: pgettext("logconsole", "Info"), WARNING: pgettext("logconsole", "Warning"),
  ERROR: pgettext("logconsole", "Error"), CRITICAL: pgettext("logconsole", "Critical"),
}[level]);

class Levels {
  /** `onChange(levels)`: exact names, none when all are shown. */
  constructor({ box, onChange }) {
    Object.assign(this, { box, onChange });
    this.chips = new Map();
    this.chosen = [];
    this.know(FIVE);
  }

  get names() {
    return [...this.chips.keys()];
  }

  /** The names of what is shown. */
  get shown() {
    return this.names.filter((name) => !this.chosen.length || this.chosen.includes(name));
  }

  /** A level that is none of the five gets its chip when it is first seen. */
  know(names, number = {}) {
    for (const name of names) {
      if (this.chips.has(name) || this.chips.size >= MOST) continue;
      const count = el("span.lc-count");
      const chip = el("button.lc-level", { type: "button", "data-level": name, "data-tone": lc.format.tone(name, number[name]),
        title: gettext("Shift-click: only this level"), onclick: (event) => this.toggle(name, event.shiftKey) },
        el("span.lc-dot", { "aria-hidden": "true" }), el("span.lc-level-name", {}, label(name)), count);
      this.chips.set(name, Object.assign(chip, { count }));
      this.box.append(chip);
    }
    this.#draw();
  }

  toggle(name, isOnly) {
    const { shown } = this;
    const wanted = isOnly ? [name] : shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
    this.onChange(isOnly && shown.length === 1 && shown[0] === name ? [] : wanted.length === this.chips.size ? [] : wanted);
  }

  /** Only this level and graver ones. */
  atLeast(name) {
    const bound = lc.format.LEVELS[name];
    const wanted = this.names.filter((one) => lc.format.levelNumber(one) >= bound);
    this.onChange(wanted.length === this.chips.size ? [] : wanted);
  }

  set value(levels) {
    this.know(levels);
    this.chosen = levels;
    this.#draw();
  }

  /** How many entries each level has, with a + where not all were counted; null: not known. */
  count(buckets) {
    if (!buckets) return this.chips.forEach(({ count }) => (count.textContent = ""));
    this.know([...buckets.levels.keys()]);
    for (const [name, chip] of this.chips)
      chip.count.textContent = lc.format.number(buckets.total(name)) + (buckets.scanned < 1 ? "+" : "");
  }

  #draw() {
    const { shown } = this;
    for (const [name, chip] of this.chips) chip.setAttribute("aria-pressed", String(shown.includes(name)));
  }
}

lc.Levels = Levels;
lc.levelLabel = label;
