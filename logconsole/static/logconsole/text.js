/** Translated texts; the text itself where Django's catalogue did not load. */
const lc = (globalThis.logconsole ??= {});

const gettext = (text) => globalThis.gettext?.(text) ?? text;

const pgettext = (context, text) => globalThis.pgettext?.(context, text) ?? text;

const ngettext = (one, many, count) => globalThis.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

/** `fill("%(n)s new", {n: 3})`: what `interpolate` does, without needing the catalogue. */
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);

/** A counted text: the number, written for people, fills `%(n)s`. */
function count(one, many, number, values = {}) {
  return fill(ngettext(one, many, number), { n: lc.format.number(number), ...values });
}

lc.text = { gettext, pgettext, ngettext, fill, count };
