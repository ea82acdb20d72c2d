// Metadata of Docker Content Trust that lies in one folder, as docker keeps it, becomes one piece of evidence. What of it
// is true is for the module to say.

/** Files by name, `{ name, bytes }`: those of a folder with metadata together, `{ name, bytes, roles }`, and the others. */
export function metadataIn(files) {
  const folders = new Set(files.map(({ name }) => name.match(base)?.[1]).filter((folder) => folder !== undefined));
  const together = new Map([...folders].map((folder) => [folder, []]));
  const others = [];
  for (const file of files) (together.get(within(folders, file.name)) ?? others).push(file);
  return { saved: [...together].map(([folder, all]) => saved(folder, all)), others };
}

// A folder is one of metadata where one of these lies in it.
const base = /^(.*\/|)(?:(?:\d+\.)?root|targets|snapshot|timestamp)\.json$/;

/** The innermost of these folders that a file lies in. */
function within(folders, name) {
  for (let end = name.lastIndexOf("/"); end >= 0; end = end === 0 ? -1 : name.lastIndexOf("/", end - 1)) {
    const folder = name.slice(0, end + 1);
    if (folders.has(folder)) return folder;
  }
  return folders.has("") ? "" : undefined;
}

/** Files of one repository as `rescue` writes them, without a word of which it is: its root says. */
function saved(folder, files) {
  const byRole = files.map(({ name, bytes }) => [name.slice(folder.length), base64(bytes)]);
  const text = JSON.stringify({ pullproof: "notary-v1", repository: "", server: "", at: "", files: Object.fromEntries(byRole) });
  const roles = byRole.map(([role]) => role);
  return { name: folder === "" ? "files of metadata" : folder, bytes: new TextEncoder().encode(text), roles };
}

/** Bytes as base64. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
