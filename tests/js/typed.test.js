// Spellings of images that people type on the page: each is read as the references that it names, as the module then reads
// them, and three names or more are counted.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import "../../dist/pkg/node.js";
import { onlyImages } from "../../dist/pkg/index.js";
import { root } from "../../scripts/command.mjs";

// In the site it lies beside the package, as it does nowhere else.
const site = join(root, "dist", "site");
const [build] = readdirSync(site).filter((name) => name.startsWith("build-"));
const { asReferences, tooMany } = await import(pathToFileURL(join(site, build, "give", "typed.js")).href);

const images = (text) => onlyImages(asReferences(text));
const digest = `sha256:${"a".repeat(64)}`;

test("one image, as people have it at hand", () => {
  for (const [text, ...expected] of [
    ["nginx", "nginx"],
    ["docker pull a/b:1", "a/b:1"],
    ["docker pull nginx", "docker.io/library/nginx"],
    ["$ sudo docker pull --platform linux/arm64 a/b:1", "a/b:1"],
    ["docker pull --platform=linux/arm64 -q a/b:1", "a/b:1"],
    [`podman pull quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
    ["crane manifest ghcr.io/a/b:1", "ghcr.io/a/b:1"],
    ["skopeo inspect --raw docker://quay.io/a/b:1", "quay.io/a/b:1"],
    ["docker://alpine:3.20", "alpine:3.20"],
    ["https://hub.docker.com/_/nginx", "docker.io/library/nginx"],
    ["https://hub.docker.com/r/nicolas/webdis/tags", "docker.io/nicolas/webdis"],
    ["hub.docker.com/r/nicolas/webdis/tags?name=0.1.19", "docker.io/nicolas/webdis:0.1.19"],
    [`https://hub.docker.com/layers/nicolas/webdis/0.1.19/images/${digest.replace(":", "-")}?context=explore`, "docker.io/nicolas/webdis:0.1.19"],
    ["https://github.com/acme/app/pkgs/container/app%2Fserver/238924?tag=v1.2", "ghcr.io/acme/app/server:v1.2"],
    ["https://github.com/orgs/Acme/packages/container/package/app", "ghcr.io/acme/app"],
    ["https://ghcr.io/acme/app:1", "ghcr.io/acme/app:1"],
    ["https://quay.io/repository/coreos/etcd?tab=tags&tag=v3.5", "quay.io/coreos/etcd:v3.5"],
    [`https://quay.io/repository/coreos/etcd/manifest/${digest}`, `quay.io/coreos/etcd@${digest}`],
    ["quay.io/repository/coreos/etcd", "quay.io/coreos/etcd"],
    ["https://gallery.ecr.aws/docker/library/alpine", "public.ecr.aws/docker/library/alpine"],
    ["gallery.ecr.aws/nicolas/webdis", "public.ecr.aws/nicolas/webdis"],
    ["https://gitlab.com/gitlab-org/build/CNG/container_registry/4211", "registry.gitlab.com/gitlab-org/build/cng"],
    ["https://gitlab.com/group/project/-/container_registry", "registry.gitlab.com/group/project"],
  ]) assert.deepEqual(images(text), expected, text);
});

test("two images, with whatever is between them", () => {
  const between = [" ", "\n", " vs ", " vs. ", " versus ", " and ", ", ", ",", "; ", " & ", " -> ", " = ", " with ", " the same as "];
  for (const words of between) assert.deepEqual(images(`a/b:1${words}c.example/d:2`), ["a/b:1", "c.example/d:2"], words);
  for (const words of [" vs ", " and ", ", ", ","]) assert.deepEqual(images(`nginx${words}redis`), ["docker.io/library/nginx", "docker.io/library/redis"], words);
  for (const text of [
    "docker pull a/b:1\ndocker pull c.example/d:2",
    "docker pull a/b:1 && docker pull c.example/d:2",
    "$ docker pull a/b:1\r\n$ crane digest c.example/d:2",
    "compare a/b:1 c.example/d:2",
    "is a/b:1 the same as c.example/d:2?",
    "pullproof same a/b:1 c.example/d:2",
    "https://hub.docker.com/layers/a/b/1/images/x and docker://c.example/d:2",
  ]) assert.deepEqual(images(text).map((image) => image.replace("docker.io/", "")), ["a/b:1", "c.example/d:2"], text);
});

test("three names and more are too many, and are counted", () => {
  for (const [text, count] of [
    ["a:1 b:1 c:1", 3],
    ["a:1, b:1 and c:1", 3],
    ["nginx, redis, alpine", 3],
    ["nginx vs redis vs alpine vs busybox", 4],
    ["docker pull nginx\ndocker pull redis\ndocker pull alpine", 3],
    ["https://hub.docker.com/_/nginx ghcr.io/a/b:1 quay.io/c/d", 3],
    ["a:1 b:1", undefined],
    ["a:1", undefined],
  ]) assert.equal(tooMany(text), count, text);
});

test("any other text is left as it is, for the module to read", () => {
  for (const text of [
    "what is this",
    "",
    "1.0\n1.1\nlatest",
    `Digest: ${digest}`,
    `${digest}\n${digest}\n${digest}`,
    "https://example.org/policy.json",
    "https://me:hunter2@ghcr.io/acme/app",
    "{ \"a\": 1, \"b\": 2 }",
    "REPOSITORY TAG IMAGE ID",
    "docker pull",
    "docker pull -q",
    `a/b:1 ${"x".repeat(5000)}`,
  ]) {
    const read = asReferences(text);
    assert.ok(read === text || read === text.split(/\s+/).join("\n"), `${text}: ${read}`);
    assert.equal(tooMany(text), undefined, text);
    assert.deepEqual(images(text), [], text);
  }
});
