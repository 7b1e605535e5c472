/** What stands where entries end: loading, the strip above the oldest, words when there is none. */
const lc = (globalThis.logconsole ??= {});
const { gettext, fill } = lc.text;

const BARS_AFTER = 300; // milliseconds until waiting is shown

class Ends {
  constructor({ root, strip, empty, noMatch, loading }) {
    Object.assign(this, { root, strip, empty, noMatch, loading });
    this.button = strip.querySelector("button");
    this.words = strip.querySelector(".lc-older-text");
  }

  /** Show how things stand. `isFiltered`: whether nothing may mean no match. */
  draw({ held, history, isStarted, isFiltered, isForbidden }) {
    const isSearching = history.busy === "older" || (!held.size && held.moreBefore);
    const isEmpty = isStarted && !held.size && !isSearching && !isForbidden;
    this.empty.hidden = !isEmpty || isFiltered;
    this.noMatch.hidden = !isEmpty || !isFiltered;
    this.strip.hidden = !held.size && !isSearching;
    this.#bars(!isStarted && !held.size && !isForbidden);
    this.root.querySelector("#lc-list").setAttribute("aria-busy", String(!isStarted || Boolean(history.busy)));
    const text = this.#text(history, isSearching, isFiltered);
    this.button.hidden = !(history.failed || (held.moreBefore && !isSearching));
    this.button.textContent = history.failed ? gettext("Loading failed. Try again") : gettext("Load older entries");
    this.words.textContent = this.button.hidden ? text : "";
  }

  #text(history, isSearching, isFiltered) {
    if (!isSearching) return isFiltered ? gettext("Nothing older is kept that matches") : gettext("Nothing older is kept");
    if (history.scanned >= 1) return gettext("Loading older entries…");
    return fill(gettext("Searching older entries… %(share)s of the log read"), { share: lc.format.percent(history.scanned) });
  }

  #bars(isWaiting) {
    if (isWaiting && !this.waiting) this.waiting = setTimeout(() => (this.loading.hidden = false), BARS_AFTER);
    if (isWaiting) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    this.loading.hidden = true;
  }
}

lc.Ends = Ends;
