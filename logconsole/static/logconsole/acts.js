/** What buttons and keys do with the entry that is active. */
const lc = (globalThis.logconsole ??= {});
const { gettext, pgettext } = lc.text;

/** The acts that concern the list; `link(entry)`, `surrounding(entry)` and `onlyRequest(entry)` are the page's. */
function make({ list, held, view, say, link, surrounding, onlyRequest }) {
  const active = (run) => () => {
    const item = list.active === null ? null : held.at(list.active);
    if (item && !item.gap) run(item);
  };
  const copy = (produce) => active((entry) => {
    lc.copying.write(produce(entry));
    say(pgettext("logconsole", "Copied"), { isShown: true });
  });
  const isGrave = (item) => !item.gap && lc.follow.isGrave(item);
  const isMatch = ({ msg = "", exc = "" }) => !view.marks || [msg, exc].some((text) => text.search(view.marks) >= 0);
  const go = (number) => {
    if (number === null) return;
    if (lc.selection.anchor(list) !== null) getSelection().removeAllRanges();
    list.go(number);
  };
  const extend = (step) => () => {
    const from = lc.selection.anchor(list) ?? list.active ?? list.step(step);
    list.go(list.active === null ? from : list.step(step));
    list.whenPainted(() => lc.selection.select(list, from, list.active));
  };
  const page = () => Math.max(1, (list.seen?.[1] ?? 0) - (list.seen?.[0] ?? 0) - 1);
  const withActive = (run) => () => list.active !== null && run(list.active);
  const seek = (direction, test) => {
    const number = held.seek(list.step(direction), direction, test);
    if (number === null || number === list.active) say(gettext("None further is held"), { isShown: true });
    else go(number);
  };
  return {
    next: () => go(list.step(1)),
    previous: () => go(list.step(-1)),
    extendDown: extend(1),
    extendUp: extend(-1),
    pageDown: () => go(list.step(page())),
    pageUp: () => go(list.step(-page())),
    first: () => go(held.first),
    nextError: () => seek(1, isGrave),
    previousError: () => seek(-1, isGrave),
    nextMatch: () => seek(1, isMatch),
    previousMatch: () => seek(-1, isMatch),
    open: withActive((number) => list.details.toggle(number)),
    openOnly: withActive((number) => list.details.open(number)),
    close: withActive((number) => list.details.close(number)),
    copy: copy((entry) => lc.copying.asText(entry, view.zone)),
    copyJSON: copy(lc.copying.asJSON),
    copyLink: copy(link),
    surroundingActive: active(surrounding),
    request: active((entry) => entry.request_id && onlyRequest(entry)),
  };
}

lc.acts = { make };
