// Archives and layouts that skopeo writes, read.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { config, digest, layer, layout, sha256 } from "../builders/saved.mjs";
import { folder, pullproof } from "../support/cli.mjs";
import { tools } from "./tools.mjs";

const { skopeo } = tools(["skopeo"]);
const flat = (text) => text.replace(/\s+/g, " ");

test("an oci-archive, an image layout and a docker-archive", async (t) => {
  const cwd = folder(t);
  for (const [name, bytes] of Object.entries(layout({ "org.opencontainers.image.ref.name": "1" }))) {
    mkdirSync(join(cwd, "image", dirname(name)), { recursive: true });
    writeFileSync(join(cwd, "image", name), bytes);
  }
  const copy = (to) => execFileSync(skopeo.path, ["--insecure-policy", "copy", "-q", "oci:image:1", to], { cwd });
  copy("oci-archive:oci.tar:docker.io/library/hello:1");
  copy("oci:copied:docker.io/library/hello:1");
  copy("docker-archive:docker.tar:hello:1");
  for (const given of ["oci.tar", "copied"]) {
    const { code, stdout, stderr } = await pullproof(["read", given], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(flat(stdout), new RegExp(`docker\\.io/library/hello:1 is named with ${digest}`));
    assert.match(flat(stdout), new RegExp(`1 layer \\(${layer.length} bytes\\) was not read`));
    assert.match(flat((await pullproof(["what", `./${given}`], { cwd })).stdout), new RegExp(`An image manifest.*${digest}`));
  }
  const { stdout, stderr } = await pullproof(["read", "docker.tar"], { cwd });
  assert.match(flat(stdout), new RegExp(`docker\\.io/library/hello:1 has the Id sha256:${sha256(config)}`));
  assert.match(flat(stdout), /1 layer \(3072 bytes\) was not read/);
  assert.equal(stderr, "");
});
