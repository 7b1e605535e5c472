/** What the reader does to the list: scrolling, opening, selecting. */
const lc = (globalThis.logconsole ??= {});

const DOUBLE = 300; // milliseconds in which a second click still finds its row where it was
const END = 4; // pixels within which the end counts as reached

/** Make a list hear of it; scrolling away from the end ends following, scrolling to it begins it. */
function listen(list) {
  const { scroller, canvas, follow } = list;
  scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && list.top > 0 && follow.leave(), { passive: true });
  scroller.addEventListener("pointerdown", ({ target, pointerType }) => {
    list.isDragging = target === scroller; // the scrollbar
    list.isTouched = pointerType === "touch";
  });
  addEventListener("pointerup", () => (list.isDragging = false));
  scroller.addEventListener("scroll", () => scrolled(list), { passive: true });
  canvas.addEventListener("click", (event) => clicked(list, event));
  document.addEventListener("selectionchange", () => follow.following && lc.selectedRows(canvas).length && follow.leave());
}

function scrolled(list) {
  const top = list.scroller.scrollTop;
  if (Math.abs(top - list.top) < 1) return; // our own doing
  if (list.scroller.clientHeight !== list.viewport) return list.measure(); // a banner came or went, not the reader
  list.top = top;
  if (top < list.end() - END) list.follow.leave();
  else if (list.held.attached) list.follow.reach();
  list.paint();
}

function clicked(list, { target, detail }) {
  const row = target.closest(".lc-row");
  const isSelecting = !getSelection().isCollapsed || (detail > 1 && !list.isTouched); // a second click selects a word, a second tap none
  if (!row || row.item?.gap || isSelecting) return;
  list.scroller.focus({ preventScroll: true });
  list.details.toggle(row.number, { delay: DOUBLE });
}

lc.reader = { listen };
