/** Entries as text and JSON, and the way to the clipboard. */
const lc = (globalThis.logconsole ??= {});

/** One line of the log, with the traceback below: `2026-11-23 09:02:07.371 WARNING web app.search: Slow search`. */
function asText(entry, zone) {
  const { date, time, millis } = lc.format.clock(entry.ts, zone);
  const head = [date, time + millis, entry.level, entry.service, entry.logger].filter(Boolean).join(" ");
  return [`${head}: ${entry.msg}`, entry.exc, entry.stack].filter(Boolean).join("\n");
}

/** The stored line: everything but the cursor, which is only ours; `indent` for people. */
function asJSON(entry, indent = 0) {
  const { cursor, ...stored } = entry;
  return JSON.stringify(stored, null, indent);
}

/** Put text on the clipboard; where the page is not secure, by a selection. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    writeSelected(text);
  }
}

function writeSelected(text) {
  const field = lc.dom.el("textarea.lc-hidden", { "aria-hidden": "true", readonly: true });
  const focused = document.activeElement;
  field.value = text;
  document.getElementById("logconsole").append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
}

/** A button that copies, and says so for a moment. */
function button(text, produce, announce) {
  const made = lc.dom.button(text, {
    onclick: async () => {
      await write(produce());
      const label = made.querySelector(".lc-label");
      label.textContent = lc.text.pgettext("logconsole", "Copied");
      announce(label.textContent);
      setTimeout(() => (label.textContent = text), 1500);
    },
  });
  return made;
}

lc.copying = { asText, asJSON, write, button };
