// A private registry's credentials: they pass through this form to the worker, and stay nowhere here.

import { isHere } from "../pkg/report/machine.js";
import { visible } from "../text.js";

/** Follows the form. `keep` takes origins, user name and password; `drop` forgets all of them. */
export function watchCredentials(form, { keep, drop, say }) {
  const field = (name) => form.querySelector(`[name="${name}"]`);
  const registries = new Set();
  const show = () => {
    form.querySelector(".kept").hidden = registries.size === 0;
    form.querySelector(".registries").textContent = visible([...registries].join(", "));
  };
  const clear = () => {
    registries.clear();
    show();
  };
  const take = () => {
    const [registry, username, password] = ["registry", "username", "password"].map((name) => field(name).value);
    const origins = originsOf(registry.trim());
    if (origins.length === 0) return say("Not kept: expected a registry’s host, as in ghcr.io or localhost:5000.");
    if (password === "") return say("Not kept: expected a password or a token, found none.");
    keep({ origins, username, password });
    registries.add(origins[0].replace(/^https?:\/\//, ""));
    form.reset();
    show();
    return say("Kept until this tab is closed. Nothing was sent.");
  };
  form.querySelector(".kept button").addEventListener("click", () => {
    drop();
    clear();
    field("registry").focus();
    say("Forgotten.");
  });
  return {
    /** Takes the form's values. */
    take,
    /** Without the worker that kept them they are gone. */
    clear,
    /** Names the registry that wants them, if none is named yet. */
    suggest(host) {
      if (field("registry").value === "") field("registry").value = host;
    },
  };
}

// Docker Hub's images are at one host, and its tokens come from another.
const hub = ["https://registry-1.docker.io", "https://auth.docker.io"];

/** The origins that a registry's credentials belong to; none if that is no host. */
function originsOf(registry) {
  if (/^(?:index\.)?docker\.io$/i.test(registry)) return hub;
  if (!/^[a-z0-9.:[\]-]+$/i.test(registry) || !URL.canParse(`https://${registry}`)) return [];
  const { hostname } = new URL(`https://${registry}`);
  return [new URL(`${isHere(hostname) ? "http" : "https"}://${registry}`).origin];
}
