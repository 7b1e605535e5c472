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

/** The number of the row in which a selection of several began, or null. */
function anchor(list) {
  const [first, last] = lc.selectedRows(list.canvas);
  return last && first !== last ? first.number : null;
}

/** Select whole rows from one to another; both must be there. */
function select(list, from, to) {
  const [first, last] = [list.rows.get(from), list.rows.get(to)];
  if (!first || !last) return;
  const ends = from <= to ? [0, last.childNodes.length] : [first.childNodes.length, 0];
  getSelection().setBaseAndExtent(first, ends[0], last, ends[1]);
}

function line(entry, isOpen, zone) {
  const shown = isOpen ? entry : { ...entry, exc: "", stack: "" };
  return lc.copying.asText(shown, zone);
}

/** The rows in which a selection begins and ends: they must stay while others are used again. */
function selectedRows(canvas) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return [];
  return [selection.anchorNode, selection.focusNode]
    .map((node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest(".lc-row"))
    .filter((row) => row && canvas.contains(row));
}

lc.selectedRows = selectedRows;
lc.selection = { install, anchor, select };
