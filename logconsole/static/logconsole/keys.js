/** The keyboard: while the focus is in the console, or nowhere, and not in a text field. */
const lc = (globalThis.logconsole ??= {});

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** `acts`: what the keys do; `isOn()`: whether single keys are wanted. */
function install(root, acts, isOn) {
  const plain = {
    "/": acts.search, j: acts.next, k: acts.previous, e: acts.nextError, E: acts.previousError, g: acts.first, G: acts.latest,
    o: acts.open, n: acts.nextMatch, p: acts.previousMatch, " ": acts.pause, c: acts.copy, C: acts.copyJSON, y: acts.copyLink,
    r: acts.request, s: acts.surroundingActive, t: acts.range, z: acts.anyTime, x: acts.clear, v: acts.view, "?": acts.help,
  };
  const inList = { ArrowDown: acts.next, ArrowUp: acts.previous, Home: acts.first, End: acts.latest, Enter: acts.open,
    "⇧ArrowDown": acts.extendDown, "⇧ArrowUp": acts.extendUp, ArrowRight: acts.openOnly, ArrowLeft: acts.close, PageDown: acts.pageDown, PageUp: acts.pageUp };

  document.addEventListener("keydown", (event) => {
    const { target, key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target !== document.body && !root.contains(target)) return;
    if (target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const single = isOn() ? (digit(event, acts) ?? plain[key]) : null;
    const act = key === "Escape" ? acts.escape : (single ?? (isList(target) ? (inList[shiftKey ? `⇧${key}` : key] ?? inList[key]) : null));
    if (!act || ([" ", "Enter"].includes(key) && target.closest("button, a"))) return;
    event.preventDefault();
    act();
  });
}

/** 1 to 5: this level and graver; with Shift: this level on or off. By the place of the key: Shift changes its sign. */
function digit({ code, shiftKey }, acts) {
  const level = /^Digit[1-5]$/.test(code) ? LEVELS[code.at(-1) - 1] : null;
  return level && (() => (shiftKey ? acts.toggleLevel(level) : acts.atLeast(level)));
}

const isList = (target) => target.id === "lc-list" || target === document.body;

lc.keys = { install };
