// The parts of this page that are loaded when they are needed. They lie in a folder that is named by what is in it, so
// where the site was replaced by another version meanwhile they are gone, and no other part is taken for one of them.

/** What is said where the site was replaced. */
export const replacedWords =
  "This site has been updated, and parts of the old page are no longer available. Reload to continue; copy your input first, because reloading clears it.";

/** Gives the module that `load` imports, or throws an error that says why it is not available. */
export async function part(load) {
  try {
    return await load();
  } catch (error) {
    throw new Error((await isReplaced()) ? replacedWords : `A part of this page could not be loaded: ${error?.message ?? error}`);
  }
}

/** True if the site's list of files differs from this page's. */
export async function isReplaced() {
  try {
    const response = await fetch(new URL("files.json", document.baseURI), { cache: "no-store", credentials: "omit", redirect: "error" });
    const { pullproof, files } = await response.json();
    const own = import.meta.url.slice(new URL("./", document.baseURI).href.length);
    return response.ok && pullproof === "files" && !Object.hasOwn(files, own);
  } catch {
    // Without a network nothing is known of it.
    return false;
  }
}
