/** Copying a selection that spans rows: what is copied are the entries between, also those that have no row. */
const lc = (globalThis.logconsole ??= {});

/** Make Ctrl-C over several rows of a list copy whole entries. */
function install(list, view) {
  list.canvas.addEventListener("copy", (event) => {
    const [from, to] = lc.selectedRows(list.canvas).map((row) => row.number).sort((a, b) => a - b);
    if (to === undefined || from === to) return;
    const lines = [];
    for (let number = from; number <= to; number += 1) {
      const item = list.held.at(number);
      if (item && !item.gap) lines.push(line(item, list.heights.has(number), view.zone));
    }
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
  });
}

function line(entry, isOpen, zone) {
  const shown = isOpen ? entry : { ...entry, exc: "", stack: "" };
  return lc.copying.asText(shown, zone);
}

lc.selection = { install };
