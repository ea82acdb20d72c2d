// Looking at the faulty registry with plain requests: what the checks of all faults have in common.
import assert from "node:assert/strict";
import { sha256 } from "../../builders/bytes.mjs";
import { image } from "../../builders/images.mjs";
import { ask } from "../ask.mjs";

export const INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const ACCEPT = { accept: `${INDEX}, ${DOCKER_LIST}` };

/** The repository of one fault, to look at. */
export class Look {
  constructor(faulty, name) {
    Object.assign(this, { faulty, name });
  }

  /** Another repository of the same registry. */
  of(name) {
    return new Look(this.faulty, name);
  }

  /** Asks for something there; `headers` beside what takes every index. */
  get(what, { headers, ...options } = {}) {
    const url = `http://${this.faulty.host}/v2/faults/${this.name}/${what}`;
    return ask(url, { headers: { ...ACCEPT, ...headers }, ...options });
  }

  /** Asks for the root, as the repository's reference names it. */
  root(options) {
    const reference = this.faulty.reference(this.name).split("/").at(-1);
    return this.get(`manifests/${/[:@](sha\d+:.+|[\w.]+)$/.exec(reference)[1]}`, options);
  }

  /** Follows one redirect. */
  led({ status, headers }, options) {
    assert.equal(status, 307);
    return ask(new URL(headers.location, `http://${this.faulty.host}`), { headers: ACCEPT, ...options });
  }
}

export const beacon = image("buildx-attested");
export const part = (kind, name) =>
  beacon.documents.find((document) => document.kind === kind && document.part === name);
export const [manifest, config] = ["manifest", "config"].map((kind) => part(kind, "arm64").digest);

export const isGood = ({ status, headers, body }) =>
  status === 200 && headers["docker-content-digest"] === sha256(body) && JSON.parse(body).schemaVersion === 2;

export async function assertGoodRoot(at, options) {
  const answer = await at.root(options);
  assert.ok(isGood(answer), `${answer.status} ${answer.body}`);
  assert.equal(sha256(answer.body), beacon.root);
}

export const realmOf = ({ status, headers }) => {
  assert.equal(status, 401);
  return /realm="(http[^"]*)"/.exec(headers["www-authenticate"].replace(/^Basic.*, /, ""))[1];
};

/** Asks for a token as the challenge says, and shows it. */
export async function withToken(at, options = {}) {
  const { body } = await ask(realmOf(await at.root()), options);
  const { token, access_token: other } = JSON.parse(body);
  return { headers: { authorization: `Bearer ${token ?? other}` } };
}

export const token = async (at) => ask(realmOf(await at.root()));
export const status =
  (code, headers = {}) =>
  (answer) => {
    assert.equal(answer.status, code);
    for (const [key, value] of Object.entries(headers)) assert.equal(answer.headers[key], value);
  };
export const isPage = ({ status, body }) => assert.ok(status === 200 && body.includes("<h1>Log in</h1>"));
