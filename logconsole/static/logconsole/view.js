/** How the page shows things, as the reader likes it; kept in the browser, never in the URL. */
const lc = (globalThis.logconsole ??= {});
const { el, button } = lc.dom;
const { gettext, pgettext } = lc.text;

const KEY = "logconsole.view.v1";
const DEFAULTS = { density: "comfortable", lines: 1, service: true, logger: true, fields: true, millis: true, date: false,
  timeline: true, times: "server", keys: true, announce: "off" };
const TIMES = ["server", "browser", "utc"];

/** What was chosen before; whatever else is stored there is ignored. */
function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY)) ?? {};
    const usable = Object.entries(stored).filter(([key, value]) => typeof value === typeof DEFAULTS[key]);
    return { ...DEFAULTS, ...Object.fromEntries(usable) };
  } catch {
    return { ...DEFAULTS };
  }
}

function save(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // a browser that stores nothing shows the page as ever
  }
}

/** The zone that times are shown in, and the words for it. */
function zone(settings, server) {
  const browser = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { server, browser, utc: "UTC" }[settings.times] ?? server;
}

function zoneText(settings, server) {
  const words = { server: pgettext("logconsole", "server"), browser: pgettext("logconsole", "this computer") }[settings.times];
  return words ? `${zone(settings, server)} (${words})` : "UTC";
}

/** The dialog; `onChange(settings)` is called with every choice. */
class Dialog {
  constructor({ settings, onChange }) {
    Object.assign(this, { settings, onChange });
    this.dialog = el("dialog.lc-dialog", { "aria-labelledby": "lc-view-title" });
    document.getElementById("logconsole").append(this.dialog);
    closesOutside(this.dialog);
  }

  open() {
    const radios = (key, title, options) => this.#radios(key, title, options);
    const times = { server: gettext("Server"), browser: gettext("This computer"), utc: "UTC" };
    this.dialog.replaceChildren(heading("lc-view-title", pgettext("logconsole", "View"), this.dialog),
      radios("density", gettext("Density"), { comfortable: gettext("Comfortable"), compact: gettext("Compact") }),
      radios("lines", gettext("Lines per entry"), { 1: "1", 2: "2", 3: "3" }),
      radios("times", gettext("Times"), times),
      radios("announce", gettext("Read new entries aloud"), { off: gettext("Never"), errors: gettext("Errors"), all: pgettext("logconsole", "All") }),
      this.#checks(gettext("Columns"), { service: gettext("Service"), logger: gettext("Logger"), fields: gettext("Fields behind the message"),
        millis: gettext("Milliseconds"), date: gettext("Date") }),
      this.#checks(gettext("Page"), { timeline: gettext("Timeline"), keys: gettext("Single-key shortcuts") }));
    this.dialog.showModal();
  }

  /** Set one of them, and keep it. */
  choose(key, value) {
    this.settings[key] = value;
    save(this.settings);
    this.onChange(this.settings);
  }

  #radios(key, title, options) {
    return el("fieldset", {}, el("legend", {}, title), el("div.lc-choices", {}, Object.entries(options).map(([value, text]) =>
      el("label.lc-choice", {}, el("input", { type: "radio", name: `lc-${key}`, checked: String(this.settings[key]) === value,
        onchange: () => this.choose(key, key === "lines" ? Number(value) : value) }), el("span", {}, text)))));
  }

  #checks(title, options) {
    return el("fieldset", {}, el("legend", {}, title), el("div.lc-choices", {}, Object.entries(options).map(([key, text]) =>
      el("label.lc-choice", {}, el("input", { type: "checkbox", checked: this.settings[key],
        onchange: ({ target }) => this.choose(key, target.checked) }), el("span", {}, text)))));
  }
}

function heading(id, text, dialog) {
  const close = button("", { icon: "close", "aria-label": gettext("Close"), onclick: () => dialog.close() });
  return el("div.lc-dialog-head", {}, el("h2", { id }, text), close);
}

function closesOutside(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
}

/** The next of the three, for a switch. */
const nextTimes = (times) => TIMES[(TIMES.indexOf(times) + 1) % TIMES.length];

lc.view = { load, nextTimes, zone, zoneText, Dialog, heading, closesOutside };
