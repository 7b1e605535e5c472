/** What stands where entries end: loading, the strip above the oldest, words when there is none. */
const lc = (globalThis.logconsole ??= {});
const { gettext, fill } = lc.text;

const BARS_AFTER = 300; // milliseconds until waiting is shown

class Ends {
  constructor({ root, strip, empty, noMatch, loading }) {
    Object.assign(this, { root, strip, empty, noMatch, loading });
    this.button = strip.querySelector("#lc-older-button");
    this.stop = strip.querySelector("#lc-stop");
    this.words = strip.querySelector(".lc-older-text");
  }

  /** Show how things stand. `isFiltered`: whether nothing may mean no match; `isMemory`: whether no store outlives a restart. */
  draw({ held, history, isStarted, isFiltered, isForbidden, isMemory, zone }) {
    Object.assign(this, { zone, isMemory });
    const isSearching = history.busy === "older" || (!held.size && held.moreBefore && !history.stopped && !history.failed);
    const isEmpty = isStarted && !held.size && !isSearching && !isForbidden;
    this.empty.hidden = !isEmpty || isFiltered;
    this.noMatch.hidden = !isEmpty || !isFiltered;
    this.strip.hidden = !held.size && !isSearching && !history.stopped && !history.failed;
    this.#bars(!isStarted && !held.size && !isForbidden);
    this.root.querySelector("#lc-list").setAttribute("aria-busy", String(!isStarted || Boolean(history.busy)));
    this.stop.hidden = !isSearching || history.scanned >= 1;
    this.button.hidden = !(history.failed || (held.moreBefore && !isSearching));
    this.button.textContent = history.failed ? gettext("Loading failed. Try again")
      : history.stopped ? gettext("Search on") : gettext("Load older entries");
    this.words.textContent = this.button.hidden || history.stopped ? this.#text(history, isSearching, isFiltered) : "";
  }

  #text(history, isSearching, isFiltered) {
    if (history.scanned < 1 && history.reached && (isSearching || history.stopped)) return this.#reached(history);
    if (!isSearching && this.isMemory) return gettext("Older entries are not kept. Add the file handler to keep them.");
    if (!isSearching) return isFiltered ? gettext("Nothing older is kept that matches") : gettext("Nothing older is kept");
    if (history.scanned >= 1) return gettext("Loading older entries…");
    return fill(gettext("Searching older entries… %(share)s of the log read"), { share: lc.format.percent(history.scanned) });
  }

  #reached({ reached, scanned }) {
    const { date, time } = lc.format.clock(reached, this.zone);
    const isToday = date === lc.format.clock(Date.now(), this.zone).date;
    const when = isToday ? time : `${lc.format.day(reached, this.zone)} ${time}`;
    return fill(gettext("Searched back to %(when)s, %(share)s of the log"), { when, share: lc.format.percent(scanned) });
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
