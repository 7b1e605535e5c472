/** The menu of downloads: what is filtered, in three formats, compressed if wanted, streamed by the server. */
const lc = (globalThis.logconsole ??= {});
const { gettext, count } = lc.text;

/** `wanted()`: the filter as URL parameters; `total()`: `{number, isSure}` of the entries that match, or null if that is not known. */
function install({ button, wanted, total }) {
  return new lc.menus.Menu(button, (panel, menu) => {
    const formats = [["text", ".log", gettext("plain text, as shown")], ["jsonl", ".jsonl", gettext("one JSON object per line")],
      ["csv", ".csv", gettext("for a spreadsheet")]];
    const matching = total();
    panel.append(lc.menus.title(matching === null ? gettext("Matching entries")
      : matching.isSure ? count("%(n)s matching entry", "%(n)s matching entries", matching.number)
        : count("about %(n)s matching entry", "about %(n)s matching entries", matching.number)));
    for (const [format, extension, text] of formats) {
      const item = (name, hint, more) => lc.menus.item(name, { hint, onclick: () => menu.close(),
        href: `download/?${lc.query.parameters(wanted(), { format, ...more })}` });
      panel.append(item(extension, text), item(`${extension}.gz`, gettext("the same, compressed"), { gzip: 1 }));
    }
  });
}

lc.download = { install };
