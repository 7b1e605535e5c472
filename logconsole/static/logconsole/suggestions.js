/** The list below the search field: what may be meant, or what was searched for before. */
const lc = (globalThis.logconsole ??= {});
const { el } = lc.dom;
const { gettext } = lc.text;

class Suggestions {
  /** `known`: fields and values; `onChoose(text, caret)`: the field's new text; `onOpen()`: more may be asked for. */
  constructor({ field, list, known, onChoose, onOpen }) {
    Object.assign(this, { field, list, known, onChoose, onOpen, items: [], active: -1 });
    field.addEventListener("input", () => this.offer());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("click", () => !field.value && this.offer());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Whether a value is being typed that is none of those known, but the beginning of one. */
  get isUnfinished() {
    return this.isOpen && Boolean(this.field.value.trim()) && this.isValue;
  }

  /** Show what fits where the caret is; in an empty field, the queries used before. */
  offer() {
    this.#fit();
    this.onOpen().then((isMore) => isMore && this.active < 0 && document.activeElement === this.field && this.#fit());
  }

  #fit() {
    const { value, selectionStart } = this.field;
    const fits = value.trim() ? lc.suggest(value, selectionStart ?? value.length, this.known) : this.#recent();
    Object.assign(this, fits, { active: -1 });
    this.#draw();
  }

  close() {
    this.items = [];
    this.#draw();
  }

  /** The field's keys that are meant for the list; returns whether this one was. */
  key({ key }) {
    if (key === "ArrowDown" && !this.isOpen) this.offer();
    else if (["ArrowDown", "ArrowUp"].includes(key)) this.#move(key === "ArrowDown" ? 1 : -1);
    else if (!this.isOpen) return false;
    else if (key === "Escape") this.close();
    else if (key === "Enter" && this.active >= 0) this.#choose(this.items[this.active]);
    else if (key === "Tab") this.#choose(this.items[Math.max(this.active, 0)]);
    else return false;
    return true;
  }

  #recent() {
    const items = lc.recent.load().map((query) => ({ text: query, insert: query, count: 0 }));
    if (items.length) items.push({ text: gettext("Forget these queries"), forgets: true });
    return { from: 0, to: this.field.value.length, items, isValue: false };
  }

  #move(step) {
    if (!this.items.length) return;
    const places = this.items.length + 1; // one of them is the field itself
    this.active = ((this.active + 1 + step + places) % places) - 1;
    this.#draw();
  }

  #choose(item) {
    if (item.forgets) lc.recent.forget();
    else this.onChoose(this.field.value.slice(0, this.from) + item.insert + this.field.value.slice(this.to), this.from + item.insert.length);
    this.close();
    if (!item.forgets && item.insert.endsWith(":")) this.offer(); // now for its value
  }

  #draw() {
    const { items, list, field } = this;
    list.hidden = !items.length;
    field.setAttribute("aria-expanded", String(items.length > 0));
    list.replaceChildren(...items.map((item, at) => this.#option(item, at)));
    const active = list.children[this.active];
    active?.scrollIntoView({ block: "nearest" });
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  }

  #option(item, at) {
    return el(`div.lc-option${item.forgets ? ".lc-forget" : ""}`, { role: "option", id: `lc-suggestion-${at}`,
      "aria-selected": String(at === this.active), onclick: () => this.#choose(item) },
      el("span.lc-item-text", {}, item.text), item.count ? el("span.lc-hint", {}, lc.format.number(item.count)) : null);
  }
}

lc.Suggestions = Suggestions;
