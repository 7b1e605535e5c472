/** Elements, icons and frames of the page; text only ever becomes a text node. */
const lc = (globalThis.logconsole ??= {});

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2l7.5 4.8L5 12.8z",
  download: "M8 2v7.5M4.8 6.5L8 9.7l3.2-3.2M2.5 13.2h11",
  view: "M2 5h5.2M11 5h3M9.1 3.1a1.9 1.9 0 1 0 .001 0M2 11h2.6M8.4 11H14M6.5 9.1a1.9 1.9 0 1 0 .001 0",
  search: "M7 2.5a4.5 4.5 0 1 0 .001 0M10.4 10.4l3.4 3.4",
  clock: "M8 2a6 6 0 1 0 .001 0M8 4.6V8l2.3 1.5",
  chevron: "M4.5 6.5L8 10l3.5-3.5",
  right: "M6.2 4.2L10 8l-3.8 3.8",
  down: "M8 2.5v10.5M3.8 9L8 13.2 12.2 9",
  warning: "M8 2a6 6 0 1 0 .001 0M8 4.8v3.8M8 10.8v.6",
  check: "M3.2 8.4l3.2 3.2 6.4-7",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  copy: "M5.5 5.5h7.5v8h-7.5zM10.5 5.5v-3H3v8h2.5",
  close: "M4 4l8 8M12 4l-8 8",
};

/** `el("button.lc-button", {type: "button", onclick: f}, "text", child)`; functions listen, null is left out. */
function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  set(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
}

/** An element of SVG. */
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const icon = (name) =>
  svg("svg", { viewBox: "0 0 16 16", class: "lc-icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/** A button of the page: `button("Pause", {icon: "pause", onclick: f})`. */
function button(text, { icon: name, class: more, ...attributes } = {}) {
  return el(`button.lc-button${more ? `.${more}` : ""}`, { type: "button", ...attributes },
    name && icon(name), text && el("span.lc-label", {}, text));
}

/** The pieces of visible.js as nodes. */
function nodes(pieces) {
  return pieces.map(({ text, mark, acting }) => {
    const node = acting ? el("span.lc-acting", {}, text) : document.createTextNode(text);
    return mark ? el("mark", {}, node) : node;
  });
}

/** A function that runs the other once in the next frame, however often it is called; a hidden page has none. */
function perFrame(run) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      run();
    });
  };
}

/** A function that runs the other when it was quiet for some time; `.now()` runs it at once. */
function debounced(run, milliseconds) {
  let timer = 0;
  const later = (...args) => later.after(milliseconds, ...args);
  later.after = (quiet, ...args) => {
    clearTimeout(timer);
    timer = setTimeout(run, quiet, ...args);
  };
  later.now = (...args) => {
    clearTimeout(timer);
    run(...args);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

lc.dom = { el, svg, icon, button, nodes, perFrame, debounced };
