// The real clients' choices in the indexes of tests/platforms/shapes.json: the table says what pullproof has to reckon with,
// so it has to be what they do. The choices of containerd and docker are read from their sources and not run here: that
// takes an engine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { Image } from "../builders/image.mjs";
import { home } from "./home.mjs";
import { push } from "./registry.mjs";
import { startCraneRegistry } from "../registry/real.mjs";
import { tools as get } from "./tools.mjs";

const { shapes } = JSON.parse(readFileSync(new URL("../platforms/shapes.json", import.meta.url)));
const tools = get(["crane", "skopeo"]);
const registry = await startCraneRegistry({ program: tools.crane.path });
const client = home(tools);
after(async () => {
  await registry.stop();
  client.remove();
});

for (const [at, { name, asked, entries, takes }] of shapes.entries()) {
  test(`${name}: skopeo and crane take what the table says`, async () => {
    const image = new Image(`shape-${at}`, "ggcr", { note: name });
    list(image, entries, asked, "");
    const root = image.documents.at(-1).digest;
    await push(registry.host, `shapes/s${at}`, "1.0", { documents: image.documents, root });
    const reference = `${registry.host}/shapes/s${at}:1.0`;
    const [os, architecture, variant] = asked.split("/");
    const skopeo = ["skopeo", "--override-os", os, "--override-arch", architecture, ...(variant ? ["--override-variant", variant] : [])];
    const found = {
      skopeo: taken([...skopeo, "inspect", "--tls-verify=false", "--config", "--raw", `docker://${reference}`]),
      crane: taken(["crane", "config", "--platform", asked, reference]),
    };
    assert.deepEqual(found, { skopeo: takes.skopeo, crane: takes.crane });
  });
}

/** The name in the configuration of the image that a client takes, null where it takes none. */
function taken(argv) {
  const { code, stdout } = client.run(argv);
  return code === 0 ? JSON.parse(stdout).config.Labels.name : null;
}

/** Adds an index of such entries, and what they name. */
function list(image, entries, asked, part) {
  const manifests = entries.map(([name, platform, { annotations, entries: inner } = {}], at) => {
    const { platform: _, ...descriptor } = inner
      ? list(image, inner, asked, `${part}inner-${at}`)
      : single(image, name, said(name, platform, asked), `${part}${at}`);
    return { ...descriptor, ...(platform ? { platform } : {}), ...(annotations ? { annotations } : {}) };
  });
  return image.index({ manifests }, part || undefined);
}

const single = (image, name, platform, part) => image.platform(platform, { part, labels: { name } });

/** The platform in the configuration: that of the entry, or else the one asked for. */
function said(name, platform, asked) {
  const [os, architecture] = asked.split("/");
  if (name === "arm64") return { os, architecture: "arm64" };
  const { variant } = platform ?? {};
  const word = (key, other) => (platform?.[key] || other).toLowerCase().replace("x86_64", "amd64");
  return { os: word("os", os), architecture: word("architecture", architecture), ...(variant ? { variant } : {}) };
}
