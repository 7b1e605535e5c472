/** Light or dark, measured from what is painted; and how high the console may be. */
const lc = (globalThis.logconsole ??= {});

/** Keep the root's `data-scheme` and sizes right, whatever theme and admin do. */
function install(root) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const measure = () => {
    const color = background(root.parentElement);
    root.style.setProperty("--lc-page", color);
    root.dataset.scheme = luminance(probe, color) > 0.4 ? "light" : "dark";
  };
  const place = () => {
    const top = root.getBoundingClientRect().top + scrollY;
    if (isAtTheEdge(root)) root.style.setProperty("--lc-side", "0px");
    const sizes = { "--lc-top": `${Math.round(top)}px`, "--lc-bottom": `${Math.round(covered(root))}px` };
    for (const [name, size] of Object.entries(sizes))
      if (root.style.getPropertyValue(name) !== size) root.style.setProperty(name, size);
  };
  const both = lc.dom.perFrame(() => (measure(), place()));
  new MutationObserver(both).observe(document.documentElement, { attributes: true });
  new MutationObserver(both).observe(document.body, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", both);
  new ResizeObserver(both).observe(document.body);
  addEventListener("resize", both);
  addEventListener("load", both);
  measure();
  place();
}

/** Whether a theme leaves no room beside the console to grow into. */
function isAtTheEdge(root) {
  const { left, right } = root.getBoundingClientRect();
  return left < 6 || right > innerWidth - 6;
}

/** How much of the window's lower end a theme takes for a foot of its own. */
function covered(root) {
  const { left, width } = root.getBoundingClientRect();
  let foot = document.elementFromPoint(left + width / 2, innerHeight - 2);
  if (!foot || root.contains(foot) || foot.contains(root)) return 0;
  while (foot.parentElement && !foot.parentElement.contains(root)) foot = foot.parentElement;
  const height = innerHeight - foot.getBoundingClientRect().top;
  return height < 120 ? height : 0;
}

/** The nearest background that is not see-through. */
function background(element) {
  for (let one = element; one; one = one.parentElement) {
    const color = getComputedStyle(one).backgroundColor;
    if (color && color !== "transparent" && !/,\s*0\)$|\/\s*0\)$/.test(color)) return color;
  }
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches
    && getComputedStyle(document.documentElement).colorScheme.includes("dark");
  return isDark ? "#121212" : "#ffffff"; // nothing is painted: the browser's own canvas
}

function luminance(probe, color) {
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

lc.scheme = { install };
