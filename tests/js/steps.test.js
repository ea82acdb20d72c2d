// "Check it yourself" is true when run: a registry on this machine, jq, and a stand-in for crane that prints what the
// registry has, as it has it. tests/peers runs the same with the real clients.

import assert from "node:assert/strict";
import test from "node:test";
import { answer, checkReceipt } from "../../dist/pkg/node.js";
import { reference } from "../../dist/pkg/index.js";
import { checks } from "../../dist/pkg/report/checks.js";
import { identified } from "../../dist/pkg/report/checks/question.js";
import { isHere } from "../../dist/pkg/report/machine.js";
import { signatureRegistries } from "../../dist/pkg/report/places.js";
import { fieldsOf } from "../../www/ask/question.js";
import { sha256 } from "../builders/bytes.mjs";
import { image as imageOf } from "../builders/images.mjs";
import { tools } from "../peers/tools.mjs";
import { folder } from "../support/cli.mjs";
import { shapes } from "../support/shapes.mjs";
import { runSteps } from "../support/steps.mjs";
import { serveVerbatim } from "../support/verbatim.mjs";

tools(["jq"]);
// `crane manifest|blob NAME@DIGEST`, and by a tag, of what the registry at this name has: files, by what names them.
const crane = (name, folder) => `case "$2" in "${name}@"*) cat "${folder}/\${2##*@}" ;; "${name}:"*) cat "${folder}/\${2##*:}" ;; esac`;

const attested = (name = "buildx-attested") => {
  const { documents, root } = imageOf(name);
  return { documents: documents.map(({ bytes }) => bytes), all: documents, root: documents.find(({ digest }) => digest === root).bytes };
};

async function craneSteps(t, question, { documents, root }, options = {}) {
  const host = await serveVerbatim(t, { documents, tags: { "l/image:1.0": root } });
  const report = await answer(question(`${host}/l/image`), { referrers: false, ...options });
  const { steps } = checks(report).find(({ tool }) => tool === "crane");
  const files = folder(t, Object.fromEntries([...documents.map((bytes) => [sha256(bytes), bytes]), [sha256(root), root], ["1.0", root]]));
  const ran = await runSteps(steps, { env: process.env, programs: { crane: crane(`${host}/l/image`, files) } });
  return { report, ran, wrong: ran.filter(({ prints, printed }) => JSON.stringify(prints) !== JSON.stringify(printed)) };
}

test("published by the digest of a platform's manifest or configuration: the sum that is asked for is one that it has", async (t) => {
  for (const [name, kind] of [["buildx-attested", "manifest"], ["buildx-single", "config"], ["buildx-attested", "index"]]) {
    const beacon = attested(name);
    const digests = beacon.all.filter((one) => one.kind === kind && !one.part?.endsWith("attestation")).map(({ digest }) => digest);
    const { report, ran, wrong } = await craneSteps(t, (name) => ({ ask: "published", image: `${name}:1.0`, by: { digests } }), beacon);
    assert.equal(report.verdict, "proven", `${kind}: ${report.summary}`);
    assert.deepEqual(wrong, [], kind);
    const asked = ran.filter(({ about }) => /has to be one of the digests given/.test(about));
    assert.deepEqual(asked.flatMap(({ printed }) => printed).sort(), digests.map((digest) => digest.slice(7)).sort(), kind);
  }
  const beacon = attested();
  const [one] = beacon.all.filter(({ kind }) => kind === "manifest");
  const { report, ran } = await craneSteps(t, (name) => ({ ask: "published", image: `${name}:1.0`, by: { digests: [one.digest] } }), beacon);
  assert.equal(report.verdict, "open");
  assert.deepEqual(ran.filter(({ about }) => /has to be one of/.test(about)).flatMap(({ printed }) => printed), [one.digest.slice(7)]);
});

test("published as one image of an index that was: the image's own sum is not asked to be the index's", async (t) => {
  const beacon = attested();
  const [manifest] = beacon.all.filter(({ kind }) => kind === "manifest");
  const question = (name) => ({ ask: "published", image: `${name}@${manifest.digest}`, by: { digests: [sha256(beacon.root)] } });
  const { report, wrong } = await craneSteps(t, question, beacon, { pasted: [beacon.root] });
  assert.equal(report.verdict, "proven", report.summary);
  assert.deepEqual(wrong, []);
});

test("a digest that the answer contradicts is shown by the sum", async (t) => {
  const beacon = attested();
  const { report, wrong } = await craneSteps(t, (name) => ({ ask: "published", image: `${name}:1.0`, by: { digests: [`sha256:${"0".repeat(64)}`] } }), beacon);
  assert.equal(report.verdict, "contradicted");
  assert.ok(wrong.some(({ about, printed }) => /has to be one of the digests given/.test(about) && printed[0] === sha256(beacon.root).slice(7)));
});

test("by a policy: of the release that the module says is meant, by tag or by digest alone", async (t) => {
  const beacon = attested();
  const configs = Object.fromEntries(beacon.all.filter(({ kind, part }) => kind === "config" && !part.endsWith("attestation")).map(({ digest, part }) => [`linux/${part}`, digest]));
  for (const [fields, name] of [[{ digests: [sha256(beacon.root)] }, ":1.0"], [{ configs }, ":1.0"], [{ digests: [sha256(beacon.root)] }, `@${sha256(beacon.root)}`]]) {
    const question = (image) => {
      const releases = [{ tag: "0", digests: [`sha256:${"0".repeat(64)}`] }, { tag: "1.0", ...fields }];
      return { ask: "published", image: `${image}${name}`, by: { policy: JSON.stringify({ pullproof: "policy", version: 1, project: "Beacon", names: [image], releases }) } };
    };
    const { report, ran, wrong } = await craneSteps(t, question, beacon);
    assert.deepEqual([report.verdict, report.release, wrong], ["proven", "1.0", []], name);
    assert.ok(ran.some(({ about }) => /has to be one of the digests of the policy/.test(about)), name);
  }
  // A tag that ends like one of the policy's is not one of its releases, nor is another repository's.
  for (const [name, image] of [["other", "1.0"], ["image", "v1.0"]]) {
    const by = { policy: JSON.stringify({ pullproof: "policy", version: 1, project: "Beacon", names: ["r.example/l/image"], releases: [{ tag: "1.0", digests: [sha256(beacon.root)] }] }) };
    const report = await answer({ ask: "published", image: `r.example/l/${name}:${image}`, by }, { fetch: () => Promise.reject(new TypeError("fetch failed")), timeout: 1000 });
    assert.equal(report.release, undefined);
    assert.doesNotMatch(JSON.stringify(checks(report)), /of the policy/);
  }
});

test("cosign checks each signer of the question, in the repository that has the signatures", () => {
  const image = "r.example/l/image:1.0";
  const [identity, issuer] = ["me@example.com", "https://accounts.example"];
  const commands = (by, more = {}) => identified({ ask: "published", image, by, ...more }).map(({ command }) => command);
  const verify = `cosign verify --certificate-identity ${identity} --certificate-oidc-issuer ${issuer} ${image}`;
  assert.deepEqual(commands({ identity, issuer }), [verify]);
  assert.deepEqual(commands({ identity, issuer }, { signatures: ["r.example/l/signatures"] }), [verify, `COSIGN_REPOSITORY=r.example/l/signatures ${verify}`]);
  const sigstore = [
    { identity, issuer, signatures: "other.example/l/signatures" },
    { identityPattern: "https://r.example/a.b/*@refs/tags/*", issuer },
    { repository: "acme/beacon", workflow: ".github/workflows/release.yml", signatures: "l/signatures" },
    { key: "ab".repeat(32), signatures: "l/signatures" },
  ];
  const expected = [
    `COSIGN_REPOSITORY=other.example/l/signatures ${verify}`,
    `cosign verify --certificate-identity-regexp '^https://r\\.example/a\\.b/.*@refs/tags/.*$' --certificate-oidc-issuer ${issuer} ${image}`,
    `COSIGN_REPOSITORY=l/signatures cosign verify --certificate-identity-regexp '^https://github\\.com/acme/beacon/\\.github/workflows/release\\.yml@.*$' --certificate-oidc-issuer https://token.actions.githubusercontent.com --certificate-github-workflow-repository acme/beacon ${image}`,
  ];
  assert.deepEqual(commands({ signers: sigstore }), expected);
  const policy = JSON.stringify({ pullproof: "policy", version: 1, project: "Beacon", names: ["r.example/l/image"], releases: [{ tag: "1.0" }], signers: { sigstore } });
  assert.deepEqual(commands({ policy }), expected);
  assert.deepEqual(commands({ policy: policy.replace(/,"signers".*/, "}") }), []);
  // A place that no command should hold has none.
  assert.deepEqual(commands({ identity, issuer }, { signatures: ["a/$(b)"] }), [verify]);
});

test("the registries that are asked for signatures are named by their names in references", () => {
  const signers = ["acme/signatures", "docker.io/acme/others", "127.0.0.1:5000/a/b", "localhost/a", "r.example/a/b"].map((signatures) => ({ key: "", signatures }));
  assert.deepEqual(signatureRegistries({ by: { signers } }), ["docker.io", "127.0.0.1:5000", "localhost", "r.example"]);
  assert.deepEqual(signatureRegistries({ signatures: "r.example/a", by: { keys: [] } }), ["r.example"]);
  assert.deepEqual(signatureRegistries({ ask: "what" }), []);
});

test("the form has no place for the repository of a signer's signatures", () => {
  const signer = { identity: "me@example.com", issuer: "https://accounts.example" };
  assert.deepEqual(fieldsOf({ signers: [signer] }), signer);
  assert.equal(fieldsOf({ signers: [{ ...signer, signatures: "a/b" }] }), undefined);
  assert.equal(fieldsOf({ signers: [{ key: "ab".repeat(32), signatures: "a/b" }] }), undefined);
});

for (const [name, shape] of Object.entries(shapes)) {
  test(`each line that is printed of a document holds: ${name}`, async (t) => {
    const { report, ran, wrong } = await craneSteps(t, (image) => ({ ask: "what", image: `${image}:1.0` }), shape);
    assert.deepEqual(wrong, [], report.summary);
    assert.ok(ran.length > 0);
    if (JSON.parse(shape.root).manifests === undefined) assert.ok(!ran.some(({ about }) => /names manifests for these platforms/.test(about)));
  });
}

test("a document is called what it is known to be: a configuration or an attestation is not called a manifest", async () => {
  const beacon = attested();
  const offline = { fetch: () => Promise.reject(new TypeError("fetch failed")), timeout: 1000, referrers: false };
  const of = (kind) => beacon.all.filter((one) => one.kind === kind).map(({ bytes }) => bytes);
  const words = async (bytes, more = []) => {
    const report = await answer({ ask: "what", image: `a.example/b@${sha256(bytes)}` }, { ...offline, pasted: [bytes, ...more] });
    const { steps } = checks(report).find(({ tool }) => tool === "files");
    return steps.find(({ prints }) => prints[0] === sha256(bytes).slice(7)).about.replace(/^\S+ FILE holds the /, "");
  };
  const [manifest, attestation] = [of("manifest")[0], beacon.all.find(({ kind, part }) => kind === "manifest" && part.endsWith("attestation")).bytes];
  assert.equal(await words(beacon.root), "index");
  assert.equal(await words(manifest), "manifest");
  assert.equal(await words(attestation, [beacon.root]), "attestation manifest");
  const config = beacon.all.find(({ digest }) => digest === JSON.parse(manifest).config.digest).bytes;
  assert.equal(await words(config), "document");
  assert.equal(await words(config, [manifest]), "configuration");
  const statement = Buffer.from(JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject: [], predicateType: "https://slsa.dev/provenance/v1", predicate: {} }));
  assert.equal(await words(statement), "document");
});

test("which host is this machine is the same to the module and to what words its reports", () => {
  for (const host of [
    "localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:5000", "localhost.example", "127.0.0.1.example", "127.1", "127.0.0.1x.example",
    "128.0.0.1", "[::2]:5000", "registry.example", "registry.example:80", "0.0.0.0", "10.0.0.1:5000", "localhost-x.example",
  ]) assert.equal(isHere(host), reference(`${host}/a`).here, host);
});

test("what of a question came from a link is in the answer and in its receipt, and nothing else counts as a part", async () => {
  const beacon = attested();
  let receipt;
  const digest = sha256(beacon.root);
  const question = { ask: "published", image: `a.example/b@${digest}`, by: { digests: [digest] }, linked: ["by", "image", "by"] };
  const options = { fetch: () => Promise.reject(new TypeError("fetch failed")), timeout: 1000, pasted: [beacon.root], onReceipt: (text) => (receipt = text) };
  const report = await answer(question, options);
  assert.deepEqual(report.question.linked, ["by", "image"]);
  assert.match(report.summary, /by a digest from the link/);
  assert.deepEqual(checkReceipt(receipt).report.question.linked, ["by", "image"]);
  assert.doesNotMatch(JSON.stringify(report.claims), /the author published/);
  const { linked: _, ...own } = question;
  assert.doesNotMatch(JSON.stringify(await answer(own, options)), /from the link|"link"/);
  for (const linked of [["ask"], [], "by", [1]]) await assert.rejects(answer({ ...question, linked }, options), { code: "question" });
});
