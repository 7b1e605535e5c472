/** The search field: what is typed, what may be meant, and what is wrong with it. */
const lc = (globalThis.logconsole ??= {});
const { debounced, el } = lc.dom;
const { gettext, fill } = lc.text;

const QUIET = 200; // milliseconds without a key before the store is asked,
const PATIENCE = 1200; // and while a value is typed of which the rest is offered

class Search {
  constructor({ field, error, list, known, onChange, onOpen }) {
    Object.assign(this, { field, error });
    this.changed = debounced(() => onChange(field.value), QUIET);
    this.suggestions = new lc.Suggestions({ field, list, known, onOpen, onChoose: (text, caret) => this.#complete(text, caret) });
    field.addEventListener("input", () => this.changed.after(this.suggestions.isUnfinished ? PATIENCE : QUIET));
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("change", () => this.error.hidden && lc.recent.add(field.value));
  }

  set value(text) {
    if (document.activeElement !== this.field || !text) this.field.value = text;
  }

  get value() {
    return this.field.value;
  }

  /** Show the text at once, whoever has the focus. */
  write(text) {
    this.field.value = text;
    this.suggestions.close();
    this.changed.cancel();
  }

  /** Say below the field what is wrong, and where: `position` counts from the first character that is no space. */
  refuse(text, position = null) {
    this.error.replaceChildren(text, ...(text && position !== null ? this.#place(position) : []));
    this.error.hidden = !text;
    this.field.toggleAttribute("aria-invalid", Boolean(text));
    if (text) this.field.setAttribute("aria-invalid", "true");
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  /** The text around a position, the character there marked; a click goes to it. */
  #place(position) {
    const { value } = this.field;
    const at = Math.min(position + value.length - value.trimStart().length, value.length);
    const from = Math.max(0, at - 24);
    const wrong = value[at] ?? " ";
    const go = () => (this.field.focus(), this.field.setSelectionRange(at, at + 1));
    return [" ", el("button.lc-place", { type: "button", onclick: go, title: gettext("Go there"),
      "aria-label": fill(gettext("at character %(n)s"), { n: at + 1 }) },
      from ? "…" : "", value.slice(from, at), el("mark", {}, wrong), value.slice(at + 1, at + 25))];
  }

  #complete(text, caret) {
    this.field.value = text;
    this.field.focus();
    this.field.setSelectionRange(caret, caret);
    if (text.endsWith(":")) this.changed.cancel();
    else this.changed.now();
  }

  #key(event) {
    if (this.suggestions.key(event)) {
      event.preventDefault();
      return event.stopPropagation();
    }
    if (event.key === "Enter") {
      this.suggestions.close();
      this.changed.now();
      lc.recent.add(this.field.value);
    } else if (event.key === "Escape" && this.field.value) {
      this.field.value = "";
      this.changed.now();
    } else if (event.key === "Escape") document.getElementById("lc-list").focus({ preventScroll: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

lc.Search = Search;
