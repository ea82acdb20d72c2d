// The offer of a newer trusted root of Sigstore, from its repository or a file.

import { element, worded } from "../text.js";

const host = "tuf-repo-cdn.sigstore.dev";

/** The offer, or nothing where no newer root is wanted. `newest()` gets it, and gives the reason where it cannot. */
export function newerRootView({ claims }, newest) {
  const isWanted = ({ standing }) => standing.is === "missing" && standing.want.what === "trustedRoot";
  if (newest === undefined || !claims.some(isWanted)) return undefined;
  const said = element("p", { role: "status" });
  const get = async ({ currentTarget: button }) => {
    button.disabled = true;
    said.textContent = `Asking ${host}…`;
    const why = await newest();
    // With a newer root the answer is made again, without this offer.
    said.replaceChildren(why === undefined ? "" : worded(why));
    button.disabled = false;
  };
  return element("div", { class: "offer newer-root" },
    element("p", {}, "The trusted root used here does not know a log or an authority of a signature. A newer one may."),
    element("div", { class: "row" },
      element("button", { type: "button", onclick: get }, "Get the newest trusted root"),
      element("button", { type: "button", class: "small", onclick: () => document.getElementById("files").click() }, "Choose a file")),
    element("p", { class: "hint" }, `Contacts ${host}, which will see your IP address. Each of its files is checked by its signatures, beginning with a root that came with this page.`),
    said);
}
