// "Check this page": which version it is, the digest of each of its files, and whether those are what
// was served. And keeping it for use without a network, which begins with a press and ends with one.

import { scriptAddress } from "./checker.js";
import { digest, element, quoted, visible, worded } from "./text.js";

const listName = "files.json";
const mostFiles = 500;
const get = async (file) => {
  const response = await fetch(new URL(file, document.baseURI), { cache: "no-store", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error(`expected ${file}, found status ${response.status}`);
  return response.arrayBuffer();
};

/** Adds the part to `place`; `say` tells of what was done. */
export async function startOffline({ place, say }) {
  const result = element("div", { class: "result" });
  const doing = (work) => async () => {
    try {
      await work();
    } catch (error) {
      say(`Not done: ${String(error?.message ?? error)}`);
    }
  };
  const button = (text, work) => element("button", { type: "button", class: "small", onclick: doing(work) }, text);
  const canKeep = "serviceWorker" in navigator && window.isSecureContext;
  const forget = button("Forget the offline copy", async () => {
    await order("forget");
    forget.hidden = true;
    say("The offline copy was deleted.");
  });
  const keep = button("Keep for use offline", async () => {
    say("Keeping the page…");
    await navigator.serviceWorker.register(scriptAddress("sw"), { updateViaCache: "none" });
    const said = await order("update");
    if (said === "forgotten") return say("This site offers no offline copy.");
    forget.hidden = false;
    return say("The page is kept for use offline: everything but fetching.");
  });
  place.append(
    element(
      "details",
      { id: "page-check" },
      element("summary", {}, "Check this page"),
      element("p", {}, "The page is some files that your browser loaded. Here it loads them again, hashes them, and compares them with the site’s own list. Who serves other files can serve another list, so compare the digests with those of a build of your own: ", element("code", {}, "npm run site"), " gives the same bytes everywhere, with the list in ", element("code", {}, `dist/site/${listName}`), "."),
      element("div", { class: "row" }, button("Hash what was served", () => check(result, say)), canKeep ? [keep, forget] : []),
      result,
    ),
  );
  forget.hidden = true;
  if (!canKeep) return;
  const kept = await navigator.serviceWorker.getRegistration(document.baseURI);
  forget.hidden = kept === undefined;
  if (kept === undefined) return;
  const said = await order("update").catch(() => "without a network");
  if (said === "updated") say("A newer version of this page was kept: load it again to use it.");
  if (said === "forgotten") forget.hidden = true;
}

/** Tells the service worker something and gives what it says. */
async function order(text) {
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data.startsWith("failed: ") ? reject(new Error(data.slice(8))) : resolve(data));
    active.postMessage(text, [port2]);
  });
}

async function check(result, say) {
  say("Hashing…");
  const bytes = await get(listName);
  const { version, files } = JSON.parse(new TextDecoder().decode(bytes));
  const rows = [];
  for (const [file, expected] of Object.entries(files).slice(0, mostFiles)) {
    const found = await get(file).then(sha256, (error) => visible(error.message));
    rows.push({ file, expected: String(expected), found });
  }
  const other = rows.filter(({ expected, found }) => expected !== found).length;
  const row = ({ file, expected, found }) =>
    element("li", {}, quoted(file), ": ", expected === found ? [digest(found), ", as listed"] : ["differs: listed ", worded(expected), ", found ", worded(found)]);
  const list = await sha256(bytes);
  result.replaceChildren(
    element("p", {}, "Version ", quoted(version), "; the list itself is ", digest(list), "."),
    element("ul", {}, rows.map(row)),
  );
  say(other === 0 ? `All ${rows.length} files are as listed.` : `${other} of ${rows.length} files differ from the list.`);
}

async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
