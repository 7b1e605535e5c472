/** The page of help: shortcuts and the language of the search field. */
const lc = (globalThis.logconsole ??= {});
const { el } = lc.dom;
const { gettext } = lc.text;

const EXAMPLES = () => [
  ["timeout -healthcheck", gettext("both conditions: this word, not that one")],
  ['"CSRF token"', gettext("a phrase")],
  ["level>=error logger:django", gettext("errors and worse of a logger and those below it")],
  ["service:web", gettext("one service")],
  ["status:500", gettext("a field of the entry; * stands for anything")],
  ["duration_ms>1000", gettext("a number compared")],
  ["has:exc", gettext("with a traceback")],
  ["(timeout OR refused) since:1h", gettext("either, in the last hour")],
  ["/order #\\d{5}/", gettext("a regular expression")],
];

const KEYS = () => [
  ["/", gettext("Search")],
  ["↓ ↑  j k", gettext("Next, previous entry")],
  ["⇧ ↓↑", gettext("Select entries; the browser's Copy takes them whole")],
  ["Enter  →  o", gettext("Open the entry")],
  ["Esc  ←", gettext("Close it")],
  ["e  E", gettext("Next, previous error")],
  ["g  Home", gettext("First entry held")],
  ["G  End", gettext("Latest entry, and follow")],
  ["n  p", gettext("Next, previous match: what is searched for stays marked around an entry")],
  ["Space", gettext("Pause, resume")],
  ["⇧ click", gettext("In the timeline: only the level of that part of a bar")],
  ["←→  ⇧ ←→", gettext("In the timeline: a span, a stretch of several; Enter zooms to it")],
  ["1 … 5", gettext("This level and graver ones")],
  ["c  C", gettext("Copy the entry, as JSON")],
  ["y", gettext("Copy a link to the entry")],
  ["r", gettext("Only the request of the entry")],
  ["s", gettext("Show surrounding entries")],
  ["t", gettext("Time range")],
  ["z", gettext("Any time again")],
  ["x", gettext("Clear filters")],
  ["v", gettext("View")],
  ["?", gettext("This help")],
];

/** The dialog; `onExample(text)` searches for an example. */
class Help {
  constructor({ onExample }) {
    this.onExample = onExample;
    this.dialog = el("dialog.lc-dialog.lc-help", { "aria-labelledby": "lc-help-title" });
    document.getElementById("logconsole").append(this.dialog);
    lc.view.closesOutside(this.dialog);
  }

  open() {
    const example = ([text, meaning]) => el("div.lc-pair", {}, el("dt", {}, el("button.lc-example", { type: "button", onclick: () => {
      this.dialog.close();
      this.onExample(text);
    } }, text)), el("dd", {}, meaning));
    const caps = (keys) => keys.split(/\s+/).map((one) => (one === "…" ? one : el("kbd", {}, one)));
    const key = ([keys, meaning]) => el("div.lc-pair", {}, el("dt", {}, caps(keys)), el("dd", {}, meaning));
    this.dialog.replaceChildren(lc.view.heading("lc-help-title", gettext("Help"), this.dialog), el("div.lc-help-columns", {},
      el("section", {}, el("h3", {}, gettext("Searching")), el("dl", {}, EXAMPLES().map(example)),
        el("p.lc-note", {}, gettext("Words are looked for in message, traceback, logger and fields, without regard to case."))),
      el("section", {}, el("h3", {}, gettext("Keyboard")), el("dl", {}, KEYS().map(key)),
        el("p.lc-note", {}, gettext("While the focus is in the console and not in a text field.")))));
    this.dialog.showModal();
  }
}

lc.Help = Help;
