/** The line below the list: what is held, since when, how fast it comes and from whom. */
const lc = (globalThis.logconsole ??= {});
const { gettext, fill, count } = lc.text;

const RATE_SECONDS = 10;

class Foot {
  constructor({ left, right }) {
    Object.assign(this, { left, right });
    this.forget();
  }

  forget() {
    this.processes = new Set();
    this.arrivals = []; // [moment, number] of the last seconds
  }

  /** Entries were seen; `isLive`: they arrived just now. */
  see(entries, isLive) {
    for (const { service, host, pid } of entries)
      if (service && this.processes.size < 200) this.processes.add(`${service}${host ? `@${host}` : ""}${pid ? ` (pid ${pid})` : ""}`);
    if (isLive && entries.length) this.arrivals.push([Date.now(), entries.length]);
  }

  get rate() {
    const since = Date.now() - RATE_SECONDS * 1000;
    this.arrivals = this.arrivals.filter(([moment]) => moment > since);
    return this.arrivals.reduce((sum, [, number]) => sum + number, 0) / RATE_SECONDS;
  }

  draw({ held, zone, zoneText, scope }) {
    const oldest = held.items.find((item) => item.ts);
    const rate = this.rate;
    const names = [...this.processes];
    const parts = [
      scope,
      held.size <= held.limit
        ? fill(gettext("%(held)s / %(limit)s held"), { held: lc.format.number(held.size), limit: lc.format.number(held.limit) })
        : fill(gettext("%(held)s held"), { held: lc.format.number(held.size) }),
      oldest && fill(gettext("since %(time)s"), { time: lc.format.clock(oldest.ts, zone).time }),
      rate && fill(gettext("%(n)s entries/s"), { n: lc.format.number(rate >= 10 ? Math.round(rate) : Math.round(rate * 10) / 10) }),
      names.length && `${count("%(n)s process", "%(n)s processes", names.length)}: ${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""}`,
    ];
    const text = lc.visible.plain(parts.filter(Boolean).join(" · "));
    if (this.left.textContent !== text) this.left.textContent = this.left.title = text;
    this.right.textContent = fill(gettext("Times in %(zone)s"), { zone: zoneText });
  }
}

lc.Foot = Foot;
