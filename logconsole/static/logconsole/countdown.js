/** The time that is left of each level that was changed for a while; at its end the page shows how things stand. */
const lc = (globalThis.logconsole ??= {});

/** Minutes and seconds. */
function clock(seconds) {
  const hours = Math.floor(seconds / 3600);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return [...(hours ? [hours] : []), ...parts].join(":");
}

/** Count down what the server said was left when the page came. */
function count(elements, began) {
  const passed = Math.floor((performance.now() - began) / 1000);
  for (const element of elements) {
    const left = Math.max(0, Number(element.dataset.left) - passed);
    element.textContent = clock(left);
    if (!left) element.closest(".lc-levels-changed").hidden = true;
  }
}

const elements = [...document.querySelectorAll("time[data-left]")];
if (elements.length) {
  const began = performance.now();
  count(elements, began);
  setInterval(() => count(elements, began), 1000);
}
lc.countdown = { clock };
