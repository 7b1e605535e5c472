/** A choice among what was seen: services, loggers. */
const lc = (globalThis.logconsole ??= {});
const { el, icon } = lc.dom;
const { gettext, pgettext, fill } = lc.text;

class Facet {
  /** `known()`: `[[value, count]]`. `isTree`: names are dotted, and include those below. `onChange(values)`. */
  constructor({ button, name, known, isTree = false, onOpen, onChange }) {
    Object.assign(this, { button, name, known, isTree, onChange });
    this.value = [];
    this.menu = new lc.menus.Menu(button, (panel) => this.#render(panel, onOpen()), { label: name, role: "dialog" });
  }

  set value(values) {
    this.chosen = values;
    const [first, ...more] = values;
    const text = !first ? pgettext("logconsole", "All") : more.length ? `${first} +${more.length}` : first;
    this.button.querySelector(".lc-value").textContent = lc.visible.plain(text, 200);
    this.button.classList.toggle("lc-chosen", Boolean(first));
  }

  get value() {
    return this.chosen;
  }

  /** `[{value, depth, count}]`, in order; in a tree, also what several names begin with. */
  options() {
    const under = (value, parent) => this.isTree && value.startsWith(`${parent}.`);
    const counts = new Map([...this.chosen.map((value) => [value, 0]), ...this.known()]);
    const names = new Set(counts.keys());
    for (const value of counts.keys()) {
      const parent = value.split(".").slice(0, -1).join(".");
      if ([...counts.keys()].filter((one) => under(one, parent)).length > 1) names.add(parent);
    }
    return [...names].sort().map((value) => ({
      value,
      depth: [...names].filter((one) => under(value, one)).length,
      count: [...counts].reduce((sum, [one, count]) => sum + (one === value || (one && under(one, value)) ? count : 0), 0),
    }));
  }

  /** `asked`: whether more is known, once it is. */
  #render(panel, asked) {
    const field = el("input.lc-facet-search", { type: "search", autofocus: true, placeholder: gettext("Find…"),
      "aria-label": fill(gettext("Find in %(name)s"), { name: this.name }), oninput: () => this.#sift(field.value) });
    this.list = el("div.lc-options", { role: "listbox", "aria-multiselectable": "true", "aria-label": this.name });
    panel.append(field, this.list);
    this.#fillList();
    asked.then((isMore) => isMore && this.menu.isOpen && (this.#fillList(), this.#sift(field.value)));
  }

  #fillList() {
    const all = this.#option({ value: "", depth: 0, count: null }, pgettext("logconsole", "All"), !this.chosen.length);
    const options = this.options().map((option) => this.#option(option, option.value, this.chosen.includes(option.value)));
    this.list.replaceChildren(all, ...options);
    if (!options.length) this.list.append(el("p.lc-none", {}, gettext("None was seen yet")));
  }

  #option({ value, depth, count }, text, isChosen) {
    const choose = (event) => this.#choose(value, event.shiftKey);
    const option = el("div.lc-option", { role: "option", tabindex: "-1", "aria-selected": String(isChosen), "data-value": value,
      onclick: choose, onkeydown: (event) => [" ", "Enter"].includes(event.key) && (event.preventDefault(), choose(event)) },
      el("span.lc-check", {}, isChosen && icon("check")), el("span.lc-item-text", {}, lc.visible.plain(text, 200)),
      count ? el("span.lc-hint", {}, lc.format.number(count)) : null);
    if (value) option.append(el("button.lc-only", { type: "button", tabindex: "-1",
      onclick: (event) => (event.stopPropagation(), this.#choose(value, true)) }, pgettext("logconsole", "Only")));
    option.style.setProperty("--lc-depth", depth);
    return option;
  }

  #choose(value, isOnly) {
    const chosen = !value ? [] : isOnly ? [value]
      : this.chosen.includes(value) ? this.chosen.filter((one) => one !== value) : [...this.chosen, value];
    this.onChange(chosen);
    const at = [...this.list.children].findIndex((option) => option.dataset.value === value);
    this.#fillList();
    this.list.children[at]?.focus();
  }

  #sift(text) {
    const wanted = text.trim().toLowerCase();
    for (const option of this.list.querySelectorAll(".lc-option")) option.hidden = !option.dataset.value.toLowerCase().includes(wanted);
  }
}

lc.Facet = Facet;
