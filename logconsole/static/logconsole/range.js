/** The choice of a time range: the last so many minutes, or from one moment to another. */
const lc = (globalThis.logconsole ??= {});
const { el, button: makeButton } = lc.dom;
const { gettext } = lc.text;

class Range {
  /** `onChange({range, from, to})`; `onGo(ts)`: to a moment; `zone()`: the zone times are shown and typed in. */
  constructor({ button, zone, onChange, onGo }) {
    Object.assign(this, { button, zone, onChange, onGo });
    this.value = { range: "", from: "", to: "" };
    this.menu = new lc.menus.Menu(button, (panel) => this.#render(panel), { label: gettext("Time range"), role: "dialog" });
  }

  set value(value) {
    this.chosen = value;
    this.button.querySelector(".lc-value").textContent = this.text;
    this.button.classList.toggle("lc-chosen", Boolean(value.range || value.from || value.to));
  }

  get text() {
    const { range, from, to } = this.chosen;
    if (range) return known()[range] ?? range;
    if (!from && !to) return known()[""];
    return `${from ? this.#short(from) : "…"} – ${to ? this.#short(to) : "…"}`;
  }

  #short(ts) {
    const { time } = lc.format.clock(ts, this.zone());
    const today = lc.format.clock(Date.now(), this.zone()).date;
    return lc.format.clock(ts, this.zone()).date === today ? time : `${lc.format.day(ts, this.zone())} ${time}`;
  }

  #render(panel, menu = this.menu) {
    const choose = (value) => {
      menu.close();
      this.onChange({ range: "", from: "", to: "", ...value });
    };
    const isOwn = Boolean(this.chosen.from || this.chosen.to);
    panel.append(el("div", { role: "menu", "aria-label": gettext("Time range") }, Object.entries(known()).map(([range, text]) =>
      lc.menus.item(text, { checked: !isOwn && this.chosen.range === range, onclick: () => choose({ range }) }))),
      this.#typed(choose), this.#fields(choose));
  }

  /** A range in the reader's words. */
  #typed(choose) {
    const field = el("input", { type: "text", autocomplete: "off", placeholder: "45m, 9:00 – 9:30, 2026-11-23", "aria-label": gettext("Time range, typed") });
    const apply = (event) => {
      event.preventDefault();
      const read = lc.when.read(field.value, this.zone());
      field.setAttribute("aria-invalid", String(!read));
      wrong.hidden = Boolean(read);
      if (read) choose(read);
    };
    const wrong = el("p.lc-wrong", { role: "alert" }, gettext("Not a time range. Write 45m, 9:00 – 9:30, or 2026-11-23 9:00"));
    wrong.hidden = true;
    return el("form.lc-typed-range", { onsubmit: apply }, field, wrong);
  }

  #fields(choose) {
    const zone = this.zone();
    const field = (text, ts) => {
      const input = el("input", { type: "datetime-local", step: "1", value: ts ? lc.format.local(Date.parse(ts), zone) : null });
      return Object.assign(el("label.lc-field", {}, text, input), { input });
    };
    const from = field(gettext("From"), this.chosen.from);
    const to = field(gettext("To"), this.chosen.to);
    const read = ({ input }) => (input.value ? new Date(lc.format.moment(input.value, zone)).toISOString() : "");
    const apply = (event) => {
      event.preventDefault();
      choose({ from: read(from), to: read(to) });
    };
    const go = () => {
      if (!read(from)) return from.input.focus();
      this.menu.close();
      this.onGo(read(from));
    };
    return el("form.lc-own-range", { onsubmit: apply }, lc.menus.title(gettext("From one moment to another")), from, to,
      el("p.lc-own-acts", {}, makeButton(gettext("Go to the first"), { onclick: go }), makeButton(gettext("Apply"), { type: "submit" })));
  }
}

const known = () => ({
  "": gettext("Any time"),
  "5m": gettext("Last 5 minutes"),
  "15m": gettext("Last 15 minutes"),
  "1h": gettext("Last hour"),
  "6h": gettext("Last 6 hours"),
  "24h": gettext("Last 24 hours"),
});

lc.Range = Range;
