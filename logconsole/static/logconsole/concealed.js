/** How many entries the filters keep from the reader, said where they leave none. */
const lc = (globalThis.logconsole ??= {});

class Concealed {
  /** `ask(address, parameters)`: of the store. */
  constructor({ element, ask }) {
    Object.assign(this, { element, ask, isShown: false });
  }

  /** Counted anew each time that nothing matches. */
  async draw({ isShown, store }) {
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    this.element.textContent = "";
    if (!isShown) return;
    const answer = await this.ask("timeline/", lc.query.parameters({ store }, { buckets: 1 })).catch(() => null);
    const number = Object.values(answer?.levels ?? {}).flat().reduce((sum, many) => sum + many, 0);
    if (this.isShown && number) this.element.textContent = `${text(number, answer.scanned < 1)} `;
  }
}

const text = (number, isPart) => isPart
  ? lc.text.count("More than %(n)s entry is hidden.", "More than %(n)s entries are hidden.", number)
  : lc.text.count("%(n)s entry is hidden.", "%(n)s entries are hidden.", number);

lc.Concealed = Concealed;
