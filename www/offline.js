// "Check this page": which version it is, the digest of each of its files, and whether those are what
// was served. And the copy of the page for use without a network.
//
// A page that was visited once is kept without being asked: what is kept are the files that were served
// anyway, nothing that anybody gave. It is switched off here, and stays so. On this machine's own addresses
// it is kept only when asked: tomorrow another program may serve there, and must not be hidden by this page.

import { scriptAddress } from "./worker/checker.js";
import { keepLast } from "./ask/cache.js";
import { isHere } from "./pkg/report/machine.js";
import { digest, element, quoted, visible, worded } from "./text.js";

const listName = "files.json";
const mostFiles = 500;
const get = async (file) => {
  const response = await fetch(new URL(file, document.baseURI), { cache: "no-store", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error(`expected ${file}, found status ${response.status}`);
  return response.arrayBuffer();
};

const say = (text) => (document.getElementById("status").textContent = visible(text));

/** Keeps the page, or brings what is kept up to date. */
export async function keepOffline(registered) {
  if (registered === undefined && (isHere(location.hostname) || isOff() || navigator.connection?.saveData)) return;
  if (registered === undefined) return void (await register().then(keepLast).catch(() => {}));
  const said = await order("update").catch(() => "without a network");
  if (said === "updated") say("A newer version of this page was kept: load it again to use it.");
}

/** Done when all of the page is kept; a worker that could not keep it is given up by the browser. */
async function register() {
  const { installing: worker } = await navigator.serviceWorker.register(scriptAddress("sw"), { updateViaCache: "none" });
  if (worker === null) return;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("expected the files that the site lists, found others or none"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

// The switch that turns it off: one word, for this page's own folder.
const off = `pullproof offline ${new URL("./", document.baseURI).pathname}`;
const isOff = () => attempt(() => localStorage.getItem(off) !== null);
const switchOff = (value) => attempt(() => (value ? localStorage.setItem(off, "off") : localStorage.removeItem(off)));

/** Where nothing can be stored, nothing is kept either. */
function attempt(work) {
  try {
    return work();
  } catch {
    return true;
  }
}

/** Fills the part of the page in which it is checked. */
export async function showCheck() {
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
    switchOff(true);
    await order("forget");
    forget.hidden = true;
    keep.hidden = false;
    say("The offline copy was deleted, and none is kept until you ask for it.");
  });
  const keep = button("Keep for use offline", async () => {
    say("Keeping the page…");
    switchOff(false);
    await register();
    const said = await order("update");
    await keepLast();
    if (said === "forgotten") return say("This site offers no offline copy.");
    forget.hidden = false;
    keep.hidden = true;
    return say("The page is kept for use offline: everything but fetching.");
  });
  forget.hidden = true;
  document.getElementById("page-check").append(
    element("p", {}, "The page is some files that your browser loaded. Here it loads them again, hashes them, and compares them with the site’s own list. Who serves other files can serve another list: so build the page yourself, from the sources of this version. There ", element("code", {}, "npm run site"), " gives the same bytes on every machine, and ", element("code", {}, `sha256sum dist/site/${listName}`), " prints the digest of the list, which is shown here too. For a publisher’s page ", element("code", {}, "npx pullproof page DIR --policy policy.json"), " gives them, with the list in DIR. The module that checks is hashed before each use, whoever serves them."),
    element("div", { class: "row" }, button("Hash what was served", () => check(result)), canKeep ? [keep, forget] : []),
    result,
  );
  if (!canKeep) return;
  const kept = (await navigator.serviceWorker.getRegistration(document.baseURI)) !== undefined;
  forget.hidden = !kept;
  keep.hidden = kept;
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

async function check(result) {
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
  const said = other === 0 ? `All ${rows.length} files are as listed.` : `${other} of ${rows.length} files differ from the list.`;
  result.replaceChildren(
    element("p", {}, `${said} Version `, quoted(version), "; the list itself is ", digest(list), "."),
    element("ul", {}, rows.map(row)),
  );
  say(said);
}

async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
