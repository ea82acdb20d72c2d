// docker pull, push, images --digests, image inspect and info.
import { facts, json, short, table } from "./facts.mjs";

const SOURCES = {
  pull: "moby daemon/internal/distribution/pull_v2.go and docker/cli docs/reference/commandline/image_pull.md",
  pullContainerd: "moby daemon/containerd/image_pull.go",
  push: "moby daemon/internal/distribution/push_v2.go",
  images: "docker/cli cli/command/formatter/image.go",
  inspect: "moby api/types/image/image_inspect.go, printed by docker/cli cli/command/inspect/inspector.go",
  info: "docker/cli cli/command/system/info.go",
};

export function engineOutput() {
  return [...pulls(), ...pushes(), ...imagesDigests(), ...inspects(), ...infos()];
}

function pulls() {
  const tool = "docker pull";
  const list = facts("docker-manifest-push");
  const attested = facts("buildx-attested");
  const single = facts("docker-push");
  const downloaded = (layers, word) => layers.map((layer) => `${short(layer)}: ${word}\n`).join("");
  const end = (status, ref, digest) => `Digest: ${digest}\nStatus: ${status} ${ref}\n`;
  return [
    {
      tool, name: "list", source: SOURCES.pull, digest: list.root, note: "the digest is the list's",
      text: `1.0: Pulling from lighthouse/docker-manifest-push\n${downloaded(list.layers, "Pull complete")}${end("Downloaded newer image for", "lighthouse/docker-manifest-push:1.0", list.root)}docker.io/lighthouse/docker-manifest-push:1.0\n`,
    },
    {
      tool, name: "containerd-index", source: SOURCES.pullContainerd, digest: attested.root,
      note: "containerd image store; docker leaves a space after complete",
      text: `1.0: Pulling from lighthouse/buildx-attested\n${downloaded(attested.layers, "Download complete ")}${end("Downloaded newer image for", "registry.example/lighthouse/buildx-attested:1.0", attested.root)}registry.example/lighthouse/buildx-attested:1.0\n`,
    },
    {
      tool, name: "up-to-date", source: SOURCES.pull, digest: single.root,
      text: `1.0: Pulling from lighthouse/docker-push\n${end("Image is up to date for", "registry.example:5000/lighthouse/docker-push:1.0", single.root)}registry.example:5000/lighthouse/docker-push:1.0\n`,
    },
    {
      tool, name: "default-tag", source: SOURCES.pull, digest: single.root,
      text: `Using default tag: latest\nlatest: Pulling from lighthouse/docker-push\n${downloaded(single.layers, "Already exists")}${end("Downloaded newer image for", "lighthouse/docker-push:latest", single.root)}docker.io/lighthouse/docker-push:latest\n`,
    },
    {
      tool, name: "by-digest", source: SOURCES.pull, digest: single.root,
      text: `docker.io/lighthouse/docker-push@${single.root}: Pulling from lighthouse/docker-push\n${end("Image is up to date for", `lighthouse/docker-push@${single.root}`, single.root)}docker.io/lighthouse/docker-push@${single.root}\n`,
    },
  ];
}

function pushes() {
  const tool = "docker push";
  const { root, diffIds, top } = facts("docker-push");
  const [base, beacon] = diffIds.map(short);
  const index = facts("buildx-attested");
  const containerdLines = index.layers.map((layer) => `${short(layer)}: Pushed \n`).join("");
  return [
    {
      tool, name: "single", source: SOURCES.push, digest: root, note: "the short digests are of diff_ids",
      text: `The push refers to repository [registry.example/lighthouse/docker-push]\n${beacon}: Pushed \n${base}: Layer already exists \n1.0: digest: ${root} size: ${top.size}\n`,
    },
    {
      tool, name: "containerd-index", source: "moby daemon/containerd/image_push.go", digest: index.root, note: "containerd image store; the short digests are of layers",
      text: `The push refers to repository [registry.example/lighthouse/buildx-attested]\n${containerdLines}1.0: digest: ${index.root} size: ${index.top.size}\n`,
    },
  ];
}

function imagesDigests() {
  const tool = "docker images --digests";
  const head = ["REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE"];
  const list = facts("docker-manifest-push");
  const single = facts("docker-push");
  const index = facts("buildx-attested");
  const rows = (entries) => table([head, ...entries], { least: 10 });
  return [
    {
      tool, name: "graphdriver", source: SOURCES.images, digest: list.root,
      note: "classic image store: IMAGE ID is of the config, and the same for both repositories",
      text: rows([
        ["lighthouse/docker-manifest-push", "1.0", list.root, short(list.config), "2 years ago", "7.3MB"],
        ["registry.example/lighthouse/docker-push", "1.0", single.root, short(single.config), "2 years ago", "7.3MB"],
        ["local/beacon", "dev", "<none>", short(single.config), "2 years ago", "7.3MB"],
      ]),
    },
    {
      tool, name: "containerd", source: SOURCES.images, digest: index.root,
      note: "containerd image store: IMAGE ID is of the index",
      text: rows([["registry.example/lighthouse/buildx-attested", "1.0", index.root, short(index.root), "2 years ago", "12.1kB"]]),
    },
  ];
}

function inspects() {
  const tool = "docker image inspect";
  const source = SOURCES.inspect;
  const list = facts("docker-manifest-push");
  const single = facts("docker-push");
  const index = facts("buildx-attested");
  const busybox = facts("official-busybox");
  const both = ["lighthouse/docker-push", "registry.example/lighthouse/docker-push"];
  return [
    {
      tool, name: "graphdriver", source, digest: list.config, note: "classic image store: Id is the config's digest, RepoDigests names the list",
      text: json([classic(list, ["lighthouse/docker-manifest-push"], list.root)], 4),
    },
    {
      tool, name: "graphdriver-two-registries", source, digest: single.config, note: "one image under two names",
      text: json([classic(single, both, single.root)], 4),
    },
    {
      tool, name: "graphdriver-local", source, digest: single.config, note: "built here, never pushed: no RepoDigests",
      text: json([{ ...classic(single, ["local/beacon"], single.root), RepoDigests: [] }], 4),
    },
    {
      tool, name: "containerd-index", source, digest: index.root, note: "containerd image store: Id is the index's digest",
      text: json([containerd(index, "registry.example/lighthouse/buildx-attested")], 4),
    },
    {
      tool, name: "containerd-manifest", source, digest: busybox.root, note: "containerd image store, no index: Id is the manifest's digest",
      text: json([containerd(busybox, "registry.example/lighthouse/official-busybox")], 4),
    },
    {
      tool, name: "two-images", source, digest: single.config, note: "one command, two images of different stores' shape",
      text: json([classic(single, both, single.root), containerd(index, "registry.example/lighthouse/buildx-attested")], 4),
    },
  ];
}

function classic({ config, diffIds, architecture, os, cmd, env, created }, repositories, digest) {
  return {
    Id: config,
    RepoTags: repositories.map((name) => `${name}:1.0`),
    RepoDigests: repositories.map((name) => `${name}@${digest}`),
    Parent: "",
    Comment: "buildkit.dockerfile.v0",
    Created: created,
    DockerVersion: "20.10.24",
    Author: "",
    Config: { Hostname: "", Domainname: "", User: "", Env: env, Cmd: cmd, Image: "", Volumes: null, WorkingDir: "", Entrypoint: null, OnBuild: null, Labels: null },
    Architecture: architecture,
    Os: os,
    Size: 7340032,
    GraphDriver: {
      Data: {
        MergedDir: "/var/lib/docker/overlay2/2f1c3f/merged",
        UpperDir: "/var/lib/docker/overlay2/2f1c3f/diff",
        WorkDir: "/var/lib/docker/overlay2/2f1c3f/work",
      },
      Name: "overlay2",
    },
    RootFS: { Type: "layers", Layers: diffIds },
    Metadata: { LastTagTime: "0001-01-01T00:00:00Z" },
  };
}

function containerd({ root, top, diffIds, architecture, os, cmd, env, created }, repository) {
  return {
    Id: root,
    RepoTags: [`${repository}:1.0`],
    RepoDigests: [`${repository}@${root}`],
    Comment: "buildkit.dockerfile.v0",
    Created: created,
    Config: { Env: env, Cmd: cmd },
    Architecture: architecture,
    Os: os,
    Size: 4854,
    RootFS: { Type: "layers", Layers: diffIds },
    Metadata: { LastTagTime: "2026-03-09T16:10:27.123456789Z" },
    Descriptor: top,
  };
}

function infos() {
  const tool = "docker info";
  const info = (storage) => `Client: Docker Engine - Community
 Version:    28.2.2
 Context:    default
 Debug Mode: false

Server:
 Containers: 0
  Running: 0
  Paused: 0
  Stopped: 0
 Images: 3
 Server Version: 28.2.2
 ${storage.join("\n  ")}
 Logging Driver: json-file
 Cgroup Driver: systemd
 Cgroup Version: 2
 OSType: linux
 Architecture: x86_64
 Docker Root Dir: /var/lib/docker
`;
  return [
    { tool, name: "graphdriver", source: SOURCES.info, text: info(["Storage Driver: overlay2", "Backing Filesystem: extfs", "Supports d_type: true"]) },
    { tool, name: "containerd", source: SOURCES.info, text: info(["Storage Driver: overlayfs", "driver-type: io.containerd.snapshotter.v1"]) },
  ];
}
