/** Questions to the URLs beside the page. */
const lc = (globalThis.logconsole ??= {});

/** An answer that is none: `status` (0: nobody answered), and for a bad value `param`. */
class Refusal extends Error {
  constructor(status, { error = "", param = "", position = null } = {}) {
    super(error || `HTTP ${status}`);
    Object.assign(this, { status, param, position });
  }
}

/** The JSON at a URL relative to the page. */
async function ask(path, params = null, { signal } = {}) {
  const url = new URL(path, location.href);
  url.search = params ? params.toString() : "";
  const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", signal }).catch((error) => {
    throw error.name === "AbortError" ? error : new Refusal(0);
  });
  if (answer.redirected && answer.ok) throw new Refusal(401); // a middleware sent us to a login page
  const said = await answer.json().catch(() => null);
  if (!answer.ok || said === null) throw new Refusal(answer.ok ? 502 : answer.status, said ?? {});
  return said;
}

lc.http = { ask, Refusal };
