// The documents in an archive or a folder of images: an image layout (OCI image spec, image-layout.md), and what `docker
// save` and others write (moby: image/tarexport), of every age. Layers are counted, and left for what hashes content.
//
// Names in an archive are text, and nothing is ever written where they say.

import { documentBytes, evidenceBytes, mostDocuments } from "./limits.js";
import { metadataIn } from "./metadata.js";

const decoder = new TextDecoder();

/**
 * Reads the entries of an archive or a folder: gives pieces of evidence, `{ name, evidence, roles }`, whether anything in it
 * is a document, and the name of an archive in it. `problem(text, name)` is told what was not read and why.
 */
export async function documentsIn(archive, entries, problem) {
  const content = new Content();
  const documents = new Map();
  let bytes = 0;
  for await (const entry of entries) {
    const name = plain(entry.name);
    if (entry.kind === "folder") continue;
    if (name === undefined) {
      problem("has a name that leads out of the archive, and was not read", entry.name);
      continue;
    }
    const isLarge = entry.kind === "other" && entry.size > documentBytes;
    if (!isDocument(name) || isLarge) content.add(name, entry);
    else if (entry.kind !== "file") problem(`is ${entry.kind === "link" ? "a link" : "stored with holes, or no file"}, and was not read`, name);
    else if (documents.size === mostDocuments || bytes > evidenceBytes) content.add(name, entry);
    else {
      const found = await documentIn(entry, name, problem);
      if (found === undefined) content.add(name, entry);
      else if (found.length > 0) {
        bytes += found.length;
        add(documents, name, found, problem);
      }
    }
  }
  if (documents.size === mostDocuments) problem(`has over ${mostDocuments} documents: the others were not read`);
  if (bytes > evidenceBytes) problem(`has documents of over ${evidenceBytes} bytes: the others were not read`);
  for (const [name, found] of documents) if (found === undefined) documents.delete(name);
  const pieces = piecesOf(archive, documents, content, problem);
  return { pieces: [...pieces, ...content.told(archive)], isAny: pieces.length > 0, inner: content.archive };
}

const trustedRoot = "application/vnd.dev.sigstore.trustedroot";

/** A name with one way of writing a folder; nothing for one that leads out. Archives of `.` begin each with `./`. */
function plain(name) {
  const parts = name.replaceAll("\\", "/").split("/").filter((part) => part !== ".");
  const isOut = parts.includes("..") || parts[0] === "" || /^[a-z]:$/i.test(parts[0]);
  return isOut ? undefined : parts.filter((part) => part !== "").join("/");
}

const blob = /(?:^|\/)blobs\/(sha256|sha512)\/([0-9a-f]+)$/;
const configuration = /(?:^|\/)(?:sha256:)?([0-9a-f]{64})(?:\.json)?$/;
const lists = /(?:^|\/)(?:index\.json|manifest\.json|oci-layout|repositories)$/;

/** True for a name that a document may have. Nothing else is read, so that no private key that lies beside metadata is. */
const isDocument = (name) => name.endsWith(".json") || blob.test(name) || configuration.test(name) || lists.test(name);

/** The digest that the name of a file says. */
function digestOf(name) {
  const [, algorithm, hex] = blob.exec(name) ?? [];
  if (hex !== undefined) return `${algorithm}:${hex}`;
  const [, config] = configuration.exec(name) ?? [];
  return config === undefined ? undefined : `sha256:${config}`;
}

/** The bytes of a document; nothing for the content of an image; none at all if it could not be read. */
async function documentIn(entry, name, problem) {
  const isLarge = entry.size > documentBytes;
  const found = await entry.take(isLarge ? 64 : documentBytes);
  // It is cut off, which is said, or was not read, which was.
  if (!isLarge && found.length < entry.size) return new Uint8Array();
  const isJson = /^\uFEFF?\s*[[{]/.test(decoder.decode(found.subarray(0, 64)));
  if (!isJson && digestOf(name) !== undefined) return undefined;
  if (!isLarge) return found;
  problem(`has ${entry.size} bytes, over the ${documentBytes} of a document, and was not read`, name);
  return new Uint8Array();
}

/** Blobs are told by their digests; of two files of one other name nobody knows which is meant. */
function add(documents, name, bytes, problem) {
  if (documents.has(name) && digestOf(name) === undefined) {
    problem("is there twice, and neither was read: tools differ in which one they take", name);
    documents.set(name, undefined);
  } else documents.set(name, bytes);
}

function piecesOf(archive, documents, content, problem) {
  const folderOf = (name) => name.slice(0, name.lastIndexOf("/") + 1);
  const isIn = (folder, name) => documents.has(`${folder}${name}`);
  const [pieces, files] = [[], []];
  const marked = [...documents.keys()].some((name) => lists.test(name) || blob.test(name));
  for (const [name, bytes] of documents) {
    const [folder, full] = [folderOf(name), archive === "" ? name : `${archive}: ${name}`];
    const digest = digestOf(name);
    const last = name.slice(folder.length);
    if (last === "oci-layout") {
      if (!isIn(folder, "index.json")) problem("is here, and no index.json beside it: the layout is not complete", name);
    } else if (last === "repositories") {
      if (!isIn(folder, "manifest.json")) pieces.push(...old(full, bytes));
    } else if (digest !== undefined) {
      const want = { what: "document", hint: name, digest };
      pieces.push({ name: full, evidence: { bytes, want, from: { via: "file", name: full } } });
    } else if (last === "index.json" && isIn(folder, "oci-layout") && !isNamed(bytes)) {
      for (const named of missing(bytes, folder, documents)) problem(`names ${named}, which is not in the archive`, name);
      pieces.push(...unnamed(full, bytes));
    } else if (decoder.decode(bytes).includes(trustedRoot)) {
      // The user chooses whom to trust, not whoever made the archive.
      problem("is a trusted root, and was not taken: give the file by itself if you trust it", name);
    } else files.push({ name, bytes });
  }
  const { saved, others } = metadataIn(files);
  for (const { name, bytes, roles } of saved) pieces.push({ ...text(archive, name, bytes), roles });
  for (const { name, bytes } of others) {
    // Content of an image has JSON too, such as that of programs.
    if (marked || /sha256|sha512|signed|schemaVersion|pullproof|rootfs/.test(decoder.decode(bytes))) pieces.push(text(archive, name, bytes));
    else content.add(name, { kind: "file", size: bytes.length });
  }
  // The tables, which name documents, come before the documents.
  return pieces.sort((a, b) => ("bytes" in a.evidence) - ("bytes" in b.evidence));
}

function text(archive, name, bytes) {
  const file = archive === "" ? name : `${archive}: ${name}`;
  return { name: file, evidence: { paste: bytes, file } };
}

const parsed = (bytes) => {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
};

const entriesIn = (bytes) => [parsed(bytes)?.manifests ?? []].flat().filter((entry) => entry !== null && typeof entry === "object");

/** True if the list of a layout gives names, which the module reads; any other has nothing but digests. */
const isNamed = (bytes) =>
  entriesIn(bytes).some(({ annotations }) => ["org.opencontainers.image.ref.name", "io.containerd.image.name"].some((key) => typeof annotations?.[key] === "string"));

/** The digests in the list of a layout whose documents are not there. */
function missing(bytes, folder, documents) {
  const digests = entriesIn(bytes).map(({ digest }) => String(digest));
  return digests.filter((digest) => !documents.has(`${folder}blobs/${digest.replace(":", "/")}`));
}

/** Several images of a layout, none of which has a name there. */
function unnamed(name, bytes) {
  const entries = entriesIn(bytes);
  if (entries.length < 2) return [];
  const images = entries.slice(0, 8).map(({ digest, platform }) => `${String(digest).slice(0, 140)}${platform?.os === undefined ? "" : ` (${platformOf(platform)})`}`);
  const more = entries.length > images.length ? ` and ${entries.length - images.length} more` : "";
  return [{ name, evidence: note("archive-names", `the layout lists ${entries.length} manifests, none by a name: ${images.join(", ")}${more}`, name) }];
}

const platformOf = ({ os, architecture, variant }) => [os, architecture, variant].filter((part) => typeof part === "string").map((part) => part.slice(0, 32)).join("/");

/** An archive of docker before 1.10 names images by ids that are no digests. */
function old(name, bytes) {
  const named = Object.entries(parsed(bytes) ?? {}).flatMap(([image, tags]) => Object.entries(tags ?? {}).map(([tag, id]) => `${image}:${tag} by the id ${String(id).slice(0, 64)}`));
  if (named.length === 0) return [];
  const words = `the archive is from docker before 1.10 and names ${named.slice(0, 3).join(", ")}: such an id is not a digest, so nothing can be compared with it`;
  return [{ name, evidence: note("archive-names", words, name) }];
}

/** Something to know of a file. */
export const note = (code, text, file) => ({ note: { code, text }, from: { via: "file", name: file } });

/** What is in an archive and is not a document: how many files, of which size. */
class Content {
  #layers = { count: 0, bytes: 0 };
  #others = 0;
  /** The first archive, which may be one of images. */
  archive;

  add(name, { kind, size }) {
    // Docker before 1.10 described each layer, and links to one that is there already.
    if (/(?:^|\/)[0-9a-f]{64}\/(?:VERSION|json)$/.test(name) || (kind === "link" && isLayer(name))) return;
    if (/^[^/]+\.(?:tar|tgz|tar\.gz|zip)$/.test(name)) this.archive ??= name;
    if (!isLayer(name)) return void (this.#others += 1);
    this.#layers.count += 1;
    this.#layers.bytes += size;
  }

  /** A line on it, as a piece of evidence. */
  told(archive) {
    const { count, bytes } = this.#layers;
    const parts = [];
    if (count > 0) parts.push(`${count} ${count === 1 ? "layer" : "layers"} (${bytes} bytes)`);
    if (this.#others > 0) parts.push(`${this.#others} other ${this.#others === 1 ? "file" : "files"}`);
    if (parts.length === 0) return [];
    const words = `${parts.join(" and ")} ${count + this.#others === 1 ? "was" : "were"} not read`;
    return [{ name: archive, evidence: note("archive", words, archive) }];
  }
}

const isLayer = (name) => blob.test(name) || /\.(?:tar|tgz|tar\.(?:gz|zst|xz|bz2))$/.test(name) || configuration.test(name);
