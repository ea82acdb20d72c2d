// Archives and folders of images as evidence: image layouts and what `docker save` wrote at every age, in every form, and
// what is wrong with archives from anybody.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { held } from "../../dist/pkg/files/bytes.js";
import { evidenceIn } from "../../dist/pkg/files/evidence.js";
import { headerOf, member, tarOf, zipOf } from "../builders/archives.mjs";
import { byCrane, config, digest, layer, layout, manifest, name, newer, noise, older, oldest, sha256 } from "../builders/saved.mjs";
import { call, folder, pullproof } from "../support/cli.mjs";

const flat = (text) => text.replace(/\s+/g, " ");
const hash = async ({ name, size, chunks }) => {
  if (size === undefined) assert.fail(name);
  const sum = createHash("sha256");
  for await (const part of chunks(0)) sum.update(part);
  return `sha256:${sum.digest("hex")}`;
};

/** What is read in some bytes, as lines. */
async function read(bytes, called = "a.tar") {
  const { pieces, problems } = await evidenceIn({ ...held(called, bytes), first: async () => bytes.subarray(0, 512) }, hash);
  const told = ({ name, evidence: { want, paste, note } }) => note?.text ?? `${name} ${paste === undefined ? want.digest : "as text"}`;
  return { told: pieces.map(told), problems };
}

const configId = `sha256:${sha256(config)}`;
const blob = (bytes) => `blobs/sha256/${sha256(bytes)}`;
const ofLayout = (called) => [
  `${called}: index.json as text`,
  `${called}: ${blob(config)} ${configId}`,
  `${called}: ${blob(manifest)} ${digest}`,
  `1 layer (${layer.length} bytes) was not read`,
];

for (const [form, bytes] of [
  ["tar", tarOf(layout())],
  ["tar from GNU", tarOf(layout(), { long: "gnu" })],
  ["tar from pax", tarOf(layout(), { long: "pax" })],
  ["tar.gz", gzipSync(tarOf(layout()))],
  ["tar.gz.gz", gzipSync(gzipSync(tarOf(layout())))],
  ["zip, deflated", zipOf(layout())],
  ["zip, stored", zipOf(layout(), { stored: true })],
  ["zip in gzip", gzipSync(zipOf(layout()))],
]) {
  test(`an image layout as ${form}`, async () => {
    assert.deepEqual(await read(bytes), { told: ofLayout("a.tar"), problems: [] });
  });
}

test("what docker saved at every age, and what crane saves", async () => {
  const size = Buffer.concat([...member("x", Buffer.alloc(0))]).length;
  assert.equal(size, 512);
  const aged = async (files) => read(tarOf(files));
  assert.deepEqual(await aged(oldest()), {
    told: [`the archive is from docker before 1.10 and names hello:1 by the id ${"ab".repeat(32)}: such an id is not a digest, so nothing can be compared with it`, "1 layer (3072 bytes) was not read"],
    problems: [],
  });
  assert.deepEqual(await aged(older()), { told: ["a.tar: manifest.json as text", `a.tar: ${sha256(config)}.json ${configId}`, "1 layer (3072 bytes) was not read"], problems: [] });
  assert.deepEqual((await aged(newer())).told, [ofLayout("a.tar")[0], "a.tar: manifest.json as text", ...ofLayout("a.tar").slice(1)]);
  assert.deepEqual((await aged(byCrane())).told, ["a.tar: manifest.json as text", `a.tar: ${configId} ${configId}`, `1 layer (${layer.length} bytes) was not read`]);
});

test("what is no archive of images is a binary file with its digest", async () => {
  const random = noise(1000);
  assert.deepEqual((await read(random, "b.bin")).told, [`b.bin is a binary file of 1000 bytes; its digest is sha256:${sha256(random)}`]);
  assert.deepEqual((await read(layer, "l.tgz")).told, [`l.tgz is a binary file (compressed with gzip) of ${layer.length} bytes; its digest is sha256:${sha256(layer)}; no document of an image was found in it`]);
});

test("a binary file that the module takes has its bytes as evidence too", async () => {
  const whole = async (bytes) => {
    const { pieces: [piece] } = await evidenceIn({ ...held("b.bin", bytes), first: async () => bytes.subarray(0, 512) }, hash);
    return piece.whole;
  };
  const bytes = Buffer.concat([Buffer.from([0xff, 0]), Buffer.alloc(4 * 2 ** 20 - 2)]);
  assert.deepEqual(await whole(bytes), { bytes, want: { what: "document", hint: "b.bin", digest: `sha256:${sha256(bytes)}` }, from: { via: "file", name: "b.bin" } });
  assert.equal(await whole(Buffer.concat([bytes, bytes])), undefined);
  assert.equal(await whole(Buffer.from([0x61, 0])), undefined);
});

test("of a binary file the digest is proven, and of an image nothing", async (t) => {
  const file = join(folder(t, { "b.bin": gzipSync(noise(1000)) }), "b.bin");
  const { stdout } = await pullproof(["what", file, "--json"]);
  const { verdict, headline, subject } = JSON.parse(stdout);
  assert.deepEqual([verdict, headline, subject.digest], ["proven", "A binary file", `sha256:${sha256(readFileSync(file))}`]);
  const asked = JSON.parse((await pullproof(["what", "nginx:1.27", "--offline", "--paste", file, "--json"])).stdout);
  assert.equal(asked.verdict, "open");
  assert.equal(asked.subject, undefined);
});

test("a binary file is named in its sentence, and hashed on standard input too", async (t) => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0]), noise(1000)]);
  const file = join(folder(t, { "b.bin": bytes }), "b.bin");
  for (const [given, name, input] of [[file, file, ""], ["-", "standard input", bytes]]) {
    const { stdout } = await pullproof(["what", given, "--json"], { input });
    const { verdict, summary } = JSON.parse(stdout);
    assert.deepEqual([verdict, summary], ["proven", `${name} is a binary file of 1002 bytes; its digest is sha256:${sha256(bytes)}.`]);
  }
});

test("a layout that gives its images no names says which there are", async () => {
  const { [Object.keys(layout())[0]]: _, ...files } = layout();
  const entries = ["amd64", "arm64"].map((architecture, n) => ({ digest: `sha256:${String(n).repeat(64)}`, size: 2, platform: { os: "linux", architecture } }));
  const bytes = tarOf({ ...files, "index.json": Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: entries })) });
  const { told, problems } = await read(bytes);
  assert.equal(told[0], `the layout lists 2 manifests, none by a name: ${entries[0].digest} (linux/amd64), ${entries[1].digest} (linux/arm64)`);
  assert.equal(problems.length, 2);
});

test("an archive in an archive is named", async () => {
  const { told, problems } = await read(zipOf({ "image.tar": tarOf(layout()) }), "artifact.zip");
  assert.match(told.join(), /^artifact\.zip is a binary file \(a zip archive\) of \d+ bytes; its digest is sha256:[0-9a-f]{64}; no document/);
  assert.deepEqual(problems, ["artifact.zip: image.tar is an archive in it, and was not read: unpack it and give that"]);
});

const files = layout();
const list = files["index.json"];
const spoilt = (bytes, at) => Buffer.from(bytes).fill(0x41, at, at + 4);
const directory = tarOf(files);

for (const [what, bytes, problem, rest = 3] of [
  ["a name that leads out", tarOf({ "../../x.json": list, ...files }), "a.tar: ../../x.json has a name that leads out of the archive, and was not read"],
  ["an absolute name", tarOf({ "/etc/x.json": list, ...files }), "a.tar: /etc/x.json has a name that leads out of the archive, and was not read"],
  ["a name on a drive", tarOf({ "C:\\x.json": list, ...files }), "a.tar: C:\\x.json has a name that leads out of the archive, and was not read"],
  // Whoever fills an archive would choose whom to trust.
  ["a trusted root", tarOf({ "root.json": Buffer.from('{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'), ...files }), "a.tar: root.json is a trusted root, and was not taken: give the file by itself if you trust it"],
  ["a link for a document", Buffer.concat([...member("manifest.json", Buffer.alloc(0), "2", "/etc/passwd"), directory]), "a.tar: manifest.json is a link, and was not read"],
  ["a list that is there twice", Buffer.concat([...member("manifest.json", Buffer.from("[]")), ...member("manifest.json", Buffer.from("[{}]")), directory]), "a.tar: manifest.json is there twice, and neither was read: tools differ in which one they take"],
  ["a document that is too large", Buffer.concat([...member("manifest.json", Buffer.concat([Buffer.from("["), Buffer.alloc(4 * 2 ** 20, " ")])), directory]), "a.tar: manifest.json has 4194305 bytes, over the 4194304 of a document, and was not read"],
  ["a name without end", tarOf({ [`${"a/".repeat(600)}x.json`]: list, ...files }, { long: "gnu" }), `a.tar: ${"a/".repeat(40)}… has a name of 1206 characters, over 1024, and was not read`],
  ["a header that is too long", Buffer.concat([...member("x", Buffer.alloc(65537), "x"), directory]), "a.tar has a header of 65537 bytes at byte 0, over 65536: the rest was not read", 0],
  ["a wrong checksum", Buffer.concat([...member("oci-layout", files["oci-layout"]), spoilt(directory, 100)]), "a.tar has no valid header at byte 1024, after oci-layout: the rest was not read", 0],
  ["a tar that is cut off in a file", directory.subarray(0, 600), `a.tar: ${blob(config)} is cut off: ${config.length - 88} of ${config.length} bytes are missing`, 0],
  ["a tar without an end", directory.subarray(0, directory.length - 1024), "a.tar has no end mark, after oci-layout, so it may be cut off"],
  ["data behind the end", Buffer.concat([directory, Buffer.from("more")]), `a.tar has data behind its end, from byte ${directory.length - 512} on, which was not read`],
  ["a layout without its list", tarOf({ "oci-layout": files["oci-layout"], [blob(config)]: config }), "a.tar: oci-layout is here, and no index.json beside it: the layout is not complete", 1],
  ["a layout without what it names", tarOf({ "oci-layout": files["oci-layout"], "index.json": layout(null)["index.json"], [blob(config)]: config }), `a.tar: index.json names ${digest}, which is not in the archive`, 1],
  ["gzip that is cut off", gzipSync(tarOf({ ...files, "x.bin": noise(5000) })).subarray(0, 3000), /^a\.tar cannot be decompressed behind \d+ bytes: it is damaged, or cut off$/],
  ["gzip in gzip in gzip", gzipSync(gzipSync(gzipSync(directory))), "a.tar is compressed more than 2 times, and was not read", 0],
  ["gzip that unpacks to hundreds of times its size", gzipSync(Buffer.concat([...Object.entries(files).flatMap(([name, bytes]) => member(name, bytes)), ...member("x.bin", Buffer.alloc(300 * 2 ** 20))])), "a.tar unpacks to over 100 times its size: the rest was not read"],
  ["a zip with a password", zipOf(files, { spoil: (entry) => ({ ...entry, flags: entry.name === "index.json" ? 1 : 0 }) }), "a.tar: index.json is encrypted and was not read: unpack it with its password first", 2],
  ["a zip with another method", zipOf(files, { spoil: (entry) => ({ ...entry, method: entry.name === "index.json" ? 12 : 8 }) }), "a.tar: index.json is compressed by method 12, and only stored and deflated files are read", 2],
  ["a zip with a wrong checksum", zipOf(files, { spoil: (entry) => ({ ...entry, sum: entry.name === "index.json" ? 1 : entry.sum }) }), "a.tar: index.json is damaged: its checksum is wrong", 2],
  ["a zip that says less than is in it", zipOf(files, { spoil: (entry) => ({ ...entry, size: entry.name === "index.json" ? 9 : entry.size }) }), "a.tar: index.json has more bytes and not the 9 that the directory says", 2],
  ["a zip that is cut off", zipOf(files).subarray(0, 900), "a.tar has no directory at its end, so it may be cut off", 0],
]) {
  test(`${what} is said, and the rest is read`, async () => {
    const found = await read(bytes);
    if (typeof problem === "string") assert.ok(found.problems.includes(problem), found.problems.join("\n"));
    else assert.ok(found.problems.some((line) => problem.test(line)), found.problems.join("\n"));
    assert.equal(found.told.filter((line) => /sha256:[0-9a-f]{64}$| as text$/.test(line) && line.startsWith("a.tar: ")).length, rest, found.told.join("\n"));
  });
}

test("a tar has the entries that GNU tar sees, where two headers say two sizes", async () => {
  const hidden = Buffer.concat(member("hidden.json", list));
  const pax = (size) => {
    const text = ` size=${size}\n`;
    return member("PaxHeaders/x", Buffer.from(`${text.length + (text.length < 9 ? 1 : 2)}${text}`), "x");
  };
  const end = Buffer.alloc(1024);
  const seen = async (...parts) => (await read(Buffer.concat([...parts.flat(), end]))).told.filter((line) => / as text$/.test(line));
  // The record says more than the header: what looks like an entry is content.
  assert.deepEqual(await seen(pax(hidden.length), headerOf("a.bin", 0), hidden, member("b.json", list)), ["a.tar: b.json as text"]);
  // It says less: what looks like content is an entry.
  assert.deepEqual(await seen(pax(0), headerOf("a.bin", hidden.length), hidden), ["a.tar: hidden.json as text"]);
});

test("real tar and zip, as files, in standard input and as a folder: `what` and `read` say the same", async (t) => {
  const cwd = folder(t);
  for (const [path, bytes] of Object.entries(layout())) {
    mkdirSync(join(cwd, "image", dirname(path)), { recursive: true });
    writeFileSync(join(cwd, "image", path), bytes);
  }
  const run = (program, args, at = "image") => execFileSync(program, args, { cwd: join(cwd, at), stdio: "ignore" });
  run("tar", ["cf", "../image.tar", "."]);
  run("tar", ["czf", "../image.tgz", "."]);
  run("tar", ["--format=posix", "-cSf", "../posix.tar", "."]);
  run("zip", ["-qr", "../image.zip", "."]);
  for (const [given, input] of [["image.tar"], ["image.tgz"], ["posix.tar"], ["image.zip"], ["./image"], ["image"], ["-", "image.tar"], ["-", "image.tgz"]]) {
    const options = input === undefined ? { cwd } : { cwd, input: readFileSync(join(cwd, input)) };
    const { code, stdout, stderr } = await pullproof(["what", given], options);
    assert.match(flat(stdout), new RegExp(`An image manifest\\. With 1 layer\\. Its digest is ${digest}`), `${given}: ${stdout}${stderr}`);
    assert.match(stdout, /✓/);
    assert.equal(code, 0, given);
    assert.doesNotMatch(stdout, /pasted|probably/i);
    const listed = await pullproof(["read", given], options);
    assert.match(flat(listed.stdout), new RegExp(`image layout ${name} is named with ${digest}`), given);
    assert.match(flat(listed.stdout), /1 layer \(\d+ bytes\) was not read/);
    assert.doesNotMatch(listed.stdout, /pasted|would be settled/);
  }
  const both = await pullproof(["read", "image.tar", "image.zip"], { cwd });
  assert.match(both.stdout, /^image\.tar: index\.json$/m);
  assert.match(both.stdout, /^image\.zip: index\.json$/m);
});

test("what is said of an archive has its heading by its code, whatever its images are called", async (t) => {
  const entries = ["sha256:00", "x not read"].map((name) => ({ digest: name }));
  const { [Object.keys(layout())[0]]: _, ...files } = layout();
  const cwd = folder(t, { "image.tar": tarOf({ ...files, "index.json": Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: entries })) }) });
  const { stdout } = await pullproof(["read", "image.tar"], { cwd });
  assert.match(flat(stdout), / archive the layout lists 2 manifests, none by a name: sha256:00, x not read/);
  assert.match(flat(stdout), / not read 1 layer \(\d+ bytes\) was not read/);
});

test("an archive is evidence for an answer, and a receipt of it is answered again", async (t) => {
  const cwd = folder(t, { "image.tar": tarOf(newer()) });
  const [archive, receipt] = [join(cwd, "image.tar"), join(cwd, "receipt.json")];
  const { code, stdout } = await call(["published", `docker.io/library/hello@${digest}`, "--digest", digest, "--offline", "--paste", archive, "--receipt", receipt]);
  assert.equal(code, 0, stdout);
  const again = await call(["check", receipt]);
  assert.equal(again.code, 0, again.stdout);
});

test("a file whose name says another digest than it has is contradicted", async (t) => {
  const changed = Buffer.from(config.toString().replace("amd64", "arm64"));
  const cwd = folder(t, { "image.tar": tarOf({ ...older(), [`${sha256(config)}.json`]: changed }) });
  const { code, stdout } = await call(["what", join(cwd, "image.tar")]);
  assert.equal(code, 1, stdout);
  assert.match(flat(stdout), new RegExp(`expected ${configId}, found sha256:${sha256(changed)}`));
});

test("links of a folder are not followed", async (t) => {
  const cwd = folder(t, { "secret.json": JSON.stringify({ schemaVersion: 2 }) });
  mkdirSync(join(cwd, "image"));
  symlinkSync(join(cwd, "secret.json"), join(cwd, "image", "manifest.json"));
  const { stderr } = await pullproof(["read", "./image"], { cwd });
  assert.match(stderr, /image: manifest\.json is a link, and was not read/);
});

test("an archive of hundreds of megabytes takes little memory", async (t) => {
  const cwd = folder(t);
  const large = 700 * 2 ** 20;
  const [path, hex] = [join(cwd, "large.tar"), "cd".repeat(32)];
  const file = openSync(path, "w");
  // The layer is a hole, so that no disk is filled.
  writeSync(file, headerOf(`blobs/sha256/${hex}`, large), 0, 512, 0);
  const rest = tarOf(layout());
  writeSync(file, rest, 0, rest.length, 512 + large);
  ftruncateSync(file, 512 + large + rest.length);
  closeSync(file);
  const script = `import { readGiven } from ${JSON.stringify(new URL("../../dist/pkg/cli/given.js", import.meta.url).href)};
    const pieces = await readGiven(process.argv[1], process, { fault: console.error, note() {} });
    console.log(JSON.stringify([pieces.length, pieces.at(-1).evidence.note.text, process.resourceUsage().maxRSS / 1024]));`;
  for (const given of [path, "-"]) {
    const stdin = given === "-" ? openSync(path, "r") : "ignore";
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script, given], { encoding: "utf8", stdio: [stdin, "pipe", "inherit"] });
    const [pieces, line, megabytes] = JSON.parse(said);
    assert.deepEqual([pieces, line], [4, `2 layers (${large + layer.length} bytes) were not read`]);
    assert.ok(megabytes < 150, `${megabytes} MiB`);
  }
});
