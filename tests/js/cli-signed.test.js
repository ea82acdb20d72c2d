// The signers of an image, asked through the command: an image signed in all ways at once, in a registry on this machine.

import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { kindOf } from "../../dist/pkg/report/signers.js";
import { signedRegistry } from "../builders/signed.mjs";
import { folder, pullproof } from "../support/cli.mjs";

const image = JSON.parse(readFileSync(new URL("../sigstore/image.json", import.meta.url), "utf8"));
const { identity, issuer } = image;
const flat = (text) => text.replace(/\s+/g, " ");

/** Asks the program about the image in a registry, with the trusted root of the tests. */
async function asked(t, args, options) {
  const { host } = await signedRegistry(t, options);
  const cwd = folder(t, {
    "root.json": JSON.stringify(image.root), "key.pem": image.key, "bundle.json": image.bundles[0].bundle,
    ...options?.files,
  });
  const words = args.map((word) => word.replace("IMAGE", `${host}/acme/beacon:1`));
  const found = await pullproof([...words, "--trusted-root", "root.json", "--at", "2026-01-09"], { cwd });
  return { ...found, host, text: flat(found.stdout) };
}

test("without a name it is said who signed, and it is never a yes", async (t) => {
  const { code, stdout, text, host } = await asked(t, ["published", "IMAGE"]);
  assert.equal(code, 3, stdout);
  assert.match(text, /^… Signed, but by nobody you named\. /);
  assert.ok(text.includes(`signed by ${identity} (issuer ${issuer}): the index (provenance and vulnerability scan) and linux/amd64;`), text);
  assert.ok(text.includes("2026-01-02 03:04 UTC or before, say"), text);
  assert.ok(text.includes(`pullproof published ${host}/acme/beacon:1 --identity ${identity} --issuer ${issuer}`), text);
  assert.equal(stdout.trimEnd().split("\n").at(-1), "OPEN: Signed, but by nobody you named");
  const what = await asked(t, ["what", "IMAGE"]);
  assert.equal(what.code, 0);
  assert.ok(what.text.includes(`It is signed by ${identity}.`), what.text);
  assert.ok(what.text.includes(`signed by ${identity} (issuer ${issuer}): the index`), what.text);
});

test("everything about the signatures: what each covers, and where was looked", async (t) => {
  const { text } = await asked(t, ["published", "IMAGE", "--verbose"]);
  assert.ok(text.includes("Who signed"), text);
  assert.match(text, /the index: ✓ signed \(provenance and vulnerability scan\)/);
  assert.match(text, /linux\/amd64: ✓ signed /);
  assert.match(text, /linux\/arm64: \(✓\) named by the signed index /);
  assert.match(text, /signatures are in the list of what refers to it/);
  assert.match(text, /signatures are in the tag of cosign's signatures/);
  assert.match(text, /no signature is in the tag of cosign's attestations/);
  assert.match(text, /revocation was not checked/);
});

test("an identity, a pattern of it and a key prove who published it; others do not", async (t) => {
  const by = ["--issuer", issuer];
  for (const [args, code, line] of [
    [["--identity", identity, ...by], 0, "PROVEN: Signed by its author"],
    [["--identity-pattern", identity.replace(/@.*/, "@refs/tags/*"), ...by], 0, "PROVEN: Signed by its author"],
    [["--key", "key.pem"], 0, "PROVEN: Signed by its author"],
    [["--identity", "https://github.com/acme/other", ...by], 3, "OPEN: No such signature found"],
    [["--identity-pattern", "https://github.com/acme/other/*", ...by], 3, "OPEN: No such signature found"],
    [["--identity", identity, "--issuer", "https://example.org"], 3, "OPEN: No such signature found"],
  ]) {
    const found = await asked(t, ["published", "IMAGE", ...args, "--quiet"]);
    assert.deepEqual([found.code, found.stdout.trim()], [code, line], `${args} ${found.stderr}`);
  }
});

test("the source is proven or contradicted by provenance as signed", async (t) => {
  const by = ["--identity", identity, "--issuer", issuer];
  const right = await asked(t, ["published", "IMAGE", ...by, "--source", "github.com/acme/beacon", "--verbose"]);
  assert.equal(right.code, 0, right.stdout);
  assert.match(right.text, /built from https:\/\/github\.com\/acme\/beacon, as signed/);
  const wrong = await asked(t, ["published", "IMAGE", ...by, "--source", "github.com/acme/other"]);
  assert.equal(wrong.code, 1, wrong.stdout);
  assert.match(wrong.text, /expected github\.com\/acme\/other, found https:\/\/github\.com\/acme\/beacon/);
  const unsaid = await asked(t, ["published", "IMAGE", "--key", "key.pem", "--source", "github.com/acme/beacon"]);
  assert.equal(unsaid.code, 3, unsaid.stdout);
});

test("a key is named by its ID with a source, and its provenance has to name that", async (t) => {
  const id = createHash("sha256").update(createPublicKey(image.key).export({ type: "spki", format: "der" })).digest("hex");
  const source = ["--source", "github.com/acme/beacon"];
  // Nothing that this key signed names a source.
  const unsaid = await asked(t, ["published", "IMAGE", "--key", id, ...source]);
  assert.equal(unsaid.code, 3, unsaid.stdout);
  assert.doesNotMatch(unsaid.text, /^✓/);
  const given = await asked(t, ["published", "IMAGE", "--key", id, ...source, "--paste", "key.pem"]);
  assert.equal(given.code, 3, given.stdout);
  assert.match(given.text, /Still needed: provenance, signed by the same/);
  const wrong = await pullproof(["published", "reg.example/a:1", "--key", id.slice(0, 20), ...source, "--offline"]);
  assert.equal(wrong.code, 2, wrong.stdout);
});

test("a policy names the workflow that signs", async (t) => {
  const policy = (repository) => ({
    pullproof: "policy", version: 1, project: "Beacon", names: ["docker.io/acme/beacon"], mirrors: ["HOST/acme/beacon"],
    releases: [{ tag: "1" }], signers: { sigstore: [{ repository, workflow: ".github/workflows/release.yml" }] },
  });
  for (const [repository, code] of [["acme/beacon", 0], ["acme/other", 3]]) {
    const registry = await signedRegistry(t);
    const cwd = folder(t, { "root.json": JSON.stringify(image.root), "policy.json": JSON.stringify(policy(repository)).replace("HOST", registry.host) });
    const found = await pullproof(["published", `${registry.host}/acme/beacon:1`, "--policy", "policy.json", "--trusted-root", "root.json", "--at", "2026-01-09"], { cwd });
    assert.equal(found.code, code, `${found.stdout} ${found.stderr}`);
  }
});

test("why nobody is found is told apart", async (t) => {
  const said = async (options) => (await asked(t, ["published", "IMAGE"], options)).text;
  const nothing = { bundles: [], older: false };
  assert.match(await said(nothing), /Not known who published it\. No signature was found in any place that was looked at: /);
  assert.match(await said({ ...nothing, broken: "/referrers/" }), /No signature was found, but not every place could be read, so there may be one: the list of what refers to it could not be read/);
  assert.match(await said({ ...nothing, bundles: [2] }), /Only attestations of this image are signed, not the image itself\./);
  const { bundle } = JSON.parse(readFileSync(new URL("../sigstore/fixture.json", import.meta.url), "utf8"));
  const other = await asked(t, ["published", "IMAGE", "--bundle", "other.json"], { ...nothing, files: { "other.json": JSON.stringify(bundle) } });
  assert.match(other.text, /The signatures that were found are of something else than this image\./);
});

test("bundles come from files, and files that are something else are refused", async (t) => {
  const nothing = { bundles: [], older: false };
  const by = ["--identity", identity, "--issuer", issuer];
  const given = await asked(t, ["published", "IMAGE", ...by, "--bundle", "bundle.json"], nothing);
  assert.equal(given.code, 0, given.stdout);
  for (const [args, message] of [
    [["--bundle", "key.pem"], /a public key|not a Sigstore bundle/],
    [["--bundle", "odd.txt"], /odd\.txt is not a Sigstore bundle/],
    [["--key", "odd.txt"], /key: .*odd\.txt|odd\.txt/],
  ]) {
    const found = await asked(t, ["published", "IMAGE", ...args], { ...nothing, files: { "odd.txt": "odd" } });
    assert.equal(found.code, 2, found.stdout);
    assert.match(found.stderr, message);
  }
});

test("of GitHub's list of attestations each bundle counts, and one that is elsewhere is said", async (t) => {
  const nothing = { bundles: [], older: false };
  const elsewhere = { bundle: null, bundle_url: "https://blobs.example/1.json.sn", repository_id: 1 };
  const whole = { bundle: JSON.parse(image.bundles[0].bundle), bundle_url: "", repository_id: 1 };
  const files = { "all.json": JSON.stringify({ attestations: [elsewhere, whole] }), "one.json": JSON.stringify({ attestations: [elsewhere] }) };
  const by = ["--identity", identity, "--issuer", issuer];
  const both = await asked(t, ["published", "IMAGE", ...by, "--bundle", "all.json"], { ...nothing, files });
  assert.equal(both.code, 0, both.stdout);
  assert.match(flat(both.stderr), /all\.json: a signature cannot be read: expected a bundle in the attestations, found only its address: https:\/\/blobs\.example\/1\.json\.sn/);
  const missing = await asked(t, ["published", "IMAGE", "--bundle", "one.json"], { ...nothing, files });
  assert.equal(missing.code, 3, missing.stdout);
  assert.match(missing.text, /not every place could be read, so there may be one: .*https:\/\/blobs\.example\/1\.json\.sn \(`gh attestation download` gets it\)/);
});

test("signatures in another repository are found where it is named, and said to be there", async (t) => {
  const elsewhere = { place: "acme/notary" };
  const by = ["--identity", identity, "--issuer", issuer];
  const without = await asked(t, ["published", "IMAGE", ...by], elsewhere);
  assert.equal(without.code, 3, without.stdout);
  const { host, asked: requests } = await signedRegistry(t, elsewhere);
  const cwd = folder(t, { "root.json": JSON.stringify(image.root) });
  const named = (args, ...more) => pullproof([...args, "--signatures", `${host}/acme/notary`, "--trusted-root", "root.json", "--at", "2026-01-09", ...more], { cwd });
  const found = await named(["published", `${host}/acme/beacon:1`, ...by], "--verbose", "--receipt", "receipt.json");
  assert.equal(found.code, 0, `${found.stdout} ${found.stderr}`);
  assert.ok(flat(found.stdout).includes(`signatures are in the list of what refers to it in ${host}/acme/notary`), found.stdout);
  assert.ok(flat(found.stdout).includes("no signature is in the list of what refers to it nobody looked"), found.stdout);
  const report = JSON.parse((await named(["published", `${host}/acme/beacon:1`, ...by], "--json")).stdout);
  const signs = report.claims.slice(0, report.rests).find(({ statement }) => statement.kind === "signs");
  assert.ok(signs.standing.from.some(({ url }) => url?.startsWith(`http://${host}/v2/acme/notary/blobs/sha256:`)), JSON.stringify(signs));
  assert.ok(requests.includes("/v2/acme/beacon/manifests/1"));
  const again = await pullproof(["check", "receipt.json"], { cwd });
  assert.equal(again.code, 0, `${again.stdout} ${again.stderr}`);
  const who = await named(["published", `${host}/acme/beacon:1`]);
  assert.equal(who.code, 3);
  assert.ok(flat(who.stdout).includes(`pullproof published ${host}/acme/beacon:1 --identity ${identity} --issuer ${issuer} --signatures ${host}/acme/notary`), who.stdout);
  const json = JSON.parse((await named(["what", `${host}/acme/beacon:1`], "--json")).stdout);
  assert.deepEqual(json.question.signatures, [`${host}/acme/notary`]);
});

test("signatures in another repository are found where the policy's signer names it", async (t) => {
  const { host, asked: requests } = await signedRegistry(t, { place: "acme/notary" });
  const signer = { identity, issuer, signatures: `${host}/acme/notary` };
  const policy = { pullproof: "policy", version: 1, project: "Beacon", names: [`${host}/acme/beacon`], releases: [{ tag: "1" }], signers: { sigstore: [signer] } };
  const cwd = folder(t, { "root.json": JSON.stringify(image.root), "policy.json": JSON.stringify(policy) });
  const found = await pullproof(["published", `${host}/acme/beacon:1`, "--policy", "policy.json", "--trusted-root", "root.json", "--at", "2026-01-09", "--verbose"], { cwd });
  assert.equal(found.code, 0, `${found.stdout} ${found.stderr}`);
  assert.ok(flat(found.stdout).includes(`signatures are in the list of what refers to it in ${host}/acme/notary`), found.stdout);
  assert.ok(requests.some((path) => path.startsWith("/v2/acme/notary/referrers/")));
});

test("a statement is cosign's signature by its whole type", () => {
  assert.deepEqual([undefined, "https://sigstore.dev/cosign/sign/v1"].map(kindOf), ["signature", "signature"]);
  for (const type of ["https://sigstore.dev/cosign/sign/v10", "https://sigstore.dev/cosign/sign/v1/x", "https://sigstore.dev/cosign/sign/"]) assert.equal(kindOf(type), type);
});

test("options that do not go together are said plainly", async () => {
  for (const [args, message] of [
    [["--source", "github.com/a/b"], /--source needs the signer/],
    [["--digest", `sha256:${"0".repeat(64)}`, "--signatures", "docker.io/a/b"], /--signatures needs a signer/],
    [["--signatures", "https://hub.docker.com/r/kong/notary"], /is a web address\. Did you mean docker\.io\/kong\/notary\?/],
    [["--signatures", "kong/Notary"], /"kong\/Notary" is not an image name/],
    [["--issuer", issuer], /--issuer needs --identity/],
    [["--identity-pattern", "x*"], /--identity-pattern needs --issuer/],
    [["--identity-pattern", "*", "--issuer", issuer], /--identity-pattern takes an identity in which \* is any text/],
    [["--identity-pattern", "x", "--issuer", issuer], /--identity-pattern takes an identity in which \* is any text/],
  ]) {
    const found = await pullproof(["published", "reg.example/a:1", ...args, "--offline"]);
    assert.equal(found.code, 2, found.stdout);
    assert.match(found.stderr, message);
  }
});
