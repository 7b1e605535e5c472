/** What opens below a button: menus and lists to choose from. One is open at a time. */
const lc = (globalThis.logconsole ??= {});
const { el, icon } = lc.dom;

let current = null;

class Menu {
  /** `render(panel, menu)` fills the panel each time it opens. */
  constructor(button, render, { label, role = "menu" } = {}) {
    Object.assign(this, { button, render });
    this.panel = el("div.lc-popover", { role, "aria-label": label ?? button.textContent.trim(), tabindex: "-1" });
    this.panel.hidden = true;
    button.setAttribute("aria-haspopup", role === "menu" ? "menu" : "dialog");
    button.setAttribute("aria-expanded", "false");
    button.after(this.panel);
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.panel.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOpen() {
    return current === this;
  }

  open() {
    current?.close({ refocus: false });
    current = this;
    this.panel.replaceChildren();
    this.render(this.panel, this);
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.place();
    (this.panel.querySelector("[autofocus]") ?? this.items[0] ?? this.panel).focus({ preventScroll: true });
  }

  close({ refocus = true } = {}) {
    if (!this.isOpen) return;
    current = null;
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (refocus) this.button.focus({ preventScroll: true });
  }

  /** Below the button, inside the console. */
  place() {
    const root = document.getElementById("logconsole").getBoundingClientRect();
    const anchor = this.button.getBoundingClientRect();
    const { style } = this.panel;
    const width = this.panel.offsetWidth;
    const isEnd = getComputedStyle(this.button).direction === "rtl" ? anchor.left + width <= root.right : anchor.left + width > root.right;
    const left = isEnd ? anchor.right - width : anchor.left;
    style.left = `${Math.max(left, root.left) - root.left}px`;
    style.top = `${anchor.bottom + 4 - root.top}px`;
    style.maxHeight = `${Math.max(160, Math.min(420, innerHeight - anchor.bottom - 16))}px`;
  }

  get items() {
    return [...this.panel.querySelectorAll("[role=menuitem], [role=menuitemradio], [role=option]")].filter((item) => !item.hidden);
  }

  #key(event) {
    const { items } = this;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
    const isTyping = event.target.matches("input") && ["Home", "End"].includes(event.key);
    if (to !== undefined && items.length && !isTyping) {
      items[(to + items.length) % items.length].focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.close();
      event.preventDefault();
    } else if (event.key === "Tab" && !this.panel.querySelector("input")) this.close();
    event.stopPropagation(); // the keys of the console are not meant here
  }
}

addEventListener("pointerdown", ({ target }) => {
  if (current && !current.panel.contains(target) && !current.button.contains(target)) current.close({ refocus: false });
});
addEventListener("focusin", ({ target }) => {
  if (current && target !== document.body && !current.panel.contains(target) && !current.button.contains(target))
    current.close({ refocus: false });
});
addEventListener("resize", () => current?.place());

/** A line of a menu: `item("Last 5 minutes", {checked, hint, onclick})`. */
function item(text, { checked, hint, href, onclick } = {}) {
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  const attributes = { role, tabindex: "-1", "aria-checked": checked === undefined ? null : String(checked), onclick };
  const parts = [checked === undefined ? null : el("span.lc-check", {}, checked && icon("check")), el("span.lc-item-text", {}, text),
    hint && el("span.lc-hint", {}, hint)];
  if (href) return el("a.lc-item", { ...attributes, href, download: true }, parts);
  return el("button.lc-item", { ...attributes, type: "button" }, parts);
}

const title = (text) => el("div.lc-menu-title", {}, text);

lc.menus = { Menu, item, title };
