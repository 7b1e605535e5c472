/** The search field: what is typed, and what is wrong with it. */
const lc = (globalThis.logconsole ??= {});
const { debounced } = lc.dom;

const QUIET = 200; // milliseconds without a key before the store is asked

class Search {
  constructor({ field, error, onChange }) {
    Object.assign(this, { field, error });
    this.changed = debounced(() => onChange(field.value), QUIET);
    field.addEventListener("input", () => this.changed());
    field.addEventListener("keydown", (event) => this.#key(event));
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
    this.changed.cancel();
  }

  /** Say what is wrong below the field; "" when nothing is. */
  refuse(text) {
    this.error.textContent = text;
    this.error.hidden = !text;
    this.field.toggleAttribute("aria-invalid", Boolean(text));
    if (text) this.field.setAttribute("aria-invalid", "true");
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  #key(event) {
    if (event.key === "Enter") this.changed.now();
    else if (event.key === "Escape" && this.field.value) {
      this.field.value = "";
      this.changed.now();
    } else if (event.key === "Escape") document.getElementById("lc-list").focus({ preventScroll: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

lc.Search = Search;
