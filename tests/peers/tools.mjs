// The real clients: Debian's packages and programs built from pinned Go modules.
// What cannot be had is an error that says so; nothing is skipped.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { find, root } from "../../scripts/command.mjs";
import { hasPackages } from "../../scripts/debian.mjs";

// Newest versions that build with Go 1.26.8.
const GO_MODULES = {
  buildx: { module: "github.com/docker/buildx", package: "cmd/buildx", version: "v0.38.2" },
  cosign: { module: "github.com/sigstore/cosign/v3", package: "cmd/cosign", version: "v3.1.3" },
  // The generation before, which writes what most registries have.
  cosign2: { module: "github.com/sigstore/cosign/v2", package: "cmd/cosign", version: "v2.6.5" },
  crane: { module: "github.com/google/go-containerregistry", package: "cmd/crane", version: "v0.22.1" },
  notary: { module: "github.com/theupdateframework/notary", package: "cmd/notary", version: "v0.7.0" },
  "notary-server": { module: "github.com/theupdateframework/notary", package: "cmd/notary-server", version: "v0.7.0" },
  oras: { module: "oras.land/oras", package: "cmd/oras", version: "v1.3.6" },
  regctl: { module: "github.com/regclient/regclient", package: "cmd/regctl", version: "v0.11.7" },
  // v2.1.5 needs a newer Go.
  "timestamp-server": { module: "github.com/sigstore/timestamp-authority/v2", package: "cmd/timestamp-server", version: "v2.1.2" },
  // The successor of what Debian calls docker-registry.
  registry: { module: "github.com/distribution/distribution/v3", package: "cmd/registry", version: "v3.1.2" },
};

// Programs of ours, for what no program of those modules offers.
const GO_FOLDERS = { "crane-referrers": "tests/registry/referrers" };

// The first package that can be had is taken; since Debian 13 the client is apart from the engine.
const DEBIAN = {
  docker: { packages: ["docker-cli", "docker.io"], version: /version (\S+),/ },
  "docker-registry": { packages: ["docker-registry"], version: /distribution (\S+)/ },
  jq: { packages: ["jq"], version: /jq-(\S+)/ },
  openssl: { packages: ["openssl"], ask: "version", version: /OpenSSL (\S+)/ },
  skopeo: { packages: ["skopeo"], version: /version (\S+)/ },
  // A package of its own since Debian 11.
  xxd: { packages: ["xxd", "vim-common"], version: /xxd (\S+)/ },
};

/** Each named tool as `{ path, version }`, got first where it is missing. */
export function tools(names) {
  return Object.fromEntries(names.map((name) => [name, got(name)]));
}

function got(name) {
  if (GO_FOLDERS[name]) return compiled(name);
  return GO_MODULES[name] ? built(name) : packaged(name);
}

function built(name) {
  const { module, package: folder, version } = GO_MODULES[name];
  const bin = join(root, ".cache", `go-bin-${name}-${version}`);
  const path = join(bin, basename(folder));
  if (!existsSync(path)) {
    console.error(`building ${module}/${folder}@${version}`);
    go(name, bin, ["install", `${module}/${folder}@${version}`], root);
  }
  return { path, version };
}

function compiled(name) {
  const folder = join(root, GO_FOLDERS[name]);
  const sources = ["main.go", "go.mod", "go.sum"].map((file) => readFileSync(join(folder, file)));
  const version = createHash("sha256").update(Buffer.concat(sources)).digest("hex").slice(0, 12);
  const bin = join(root, ".cache", `go-bin-${name}-${version}`);
  if (!existsSync(join(bin, name))) go(name, bin, ["build", "-o", join(bin, name), "."], folder);
  return { path: join(bin, name), version };
}

function go(name, bin, args, cwd) {
  if (!find("go")) throw new Error(`${name} is built with Go: install Go 1.26.8 or newer`);
  mkdirSync(bin, { recursive: true });
  const env = { ...process.env, GOBIN: bin, GOFLAGS: "-trimpath -buildvcs=false" };
  execFileSync("go", args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
}

function packaged(name) {
  const { packages, ask = "--version", version } = DEBIAN[name];
  if (!find(name)) packages.find((one) => hasPackages(one));
  const path = find(name);
  if (!path) throw new Error(`${name} is missing: install Debian's package ${packages.join(" or ")}`);
  const said = execFileSync(path, [ask], { encoding: "utf8" });
  return { path, version: version.exec(said)?.[1] ?? said.trim() };
}
