// A signed manifest of Docker's schema 1: the digest is that of the payload, which is the file
// without its signatures, put together as the signature's protected header says.
import { readFileSync } from "node:fs";
import { gzip, sha256, tar } from "./bytes.mjs";
import { print } from "./print.mjs";

const MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const LAYER = gzip(tar("etc/beacon", "a layer of 2015\n"));
const TAIL = "\n}";
const INDENT = "   ";

/** The signed part. */
export function payload() {
  const history = { id: "7d5e7c1f", created: "2015-03-09T16:10:27Z", architecture: "amd64", os: "linux" };
  return print(
    {
      schemaVersion: 1,
      name: "lighthouse/docker-schema1",
      tag: "1.0",
      architecture: "amd64",
      fsLayers: [{ blobSum: sha256(LAYER) }],
      history: [{ v1Compatibility: JSON.stringify(history) }],
    },
    { indent: INDENT },
  );
}

export function protectedHeader() {
  const formatTail = Buffer.from(TAIL).toString("base64url");
  const header = { formatLength: payload().length - TAIL.length, formatTail, time: "2015-03-09T16:10:27Z" };
  return Buffer.from(JSON.stringify(header)).toString("base64url");
}

/** As images() in images.mjs gives them. */
export function schema1() {
  const bytes = Buffer.concat([payload().subarray(0, -TAIL.length), signatures(), Buffer.from(TAIL)]);
  const digest = sha256(payload());
  const writer = "docker schema 1";
  const note = "the digest is the payload's, not the file's";
  const document = { kind: "schema1", writer, mediaType: MEDIA_TYPE, digest, size: bytes.length, layout: "3 spaces", bytes };
  const layer = { kind: "layer", digest: sha256(LAYER), size: LAYER.length, bytes: LAYER };
  return { name: "docker-schema1", writer, note, documents: [layer, document], root: digest };
}

function signatures() {
  // ECDSA signs with a random number: the signature was made once, and its key thrown away.
  const { kid, x, y, signature } = JSON.parse(readFileSync(new URL("schema1-signature.json", import.meta.url)));
  const header = { jwk: { crv: "P-256", kid, kty: "EC", x, y }, alg: "ES256" };
  const printed = JSON.stringify([{ header, signature, protected: protectedHeader() }], null, INDENT);
  return Buffer.from(`,\n${INDENT}"signatures": ${printed.replaceAll("\n", `\n${INDENT}`)}`);
}
