// Parts of an output that guides tell people to look at, under the command that printed them.
import { sha256 } from "../bytes.mjs";
import { facts, hex } from "./facts.mjs";

const SOURCE = "the commands of webdis' guide to Docker Content Trust, over our own images";
const HUB = "lighthouse/docker-manifest-push";
const BUILT = "lighthouse/buildx-attested";
const MIRROR = "registry.example/lighthouse/mirror-recompressed";

export function fragments() {
  const hub = facts("docker-manifest-push");
  const single = facts("docker-push");
  const built = facts("buildx-attested");
  const mirror = facts("mirror-recompressed");
  const key = (name) => hex(sha256(Buffer.from(`key of ${name}`)));
  const folder = "fragments";
  const common = { folder, source: SOURCE };
  return [
    {
      ...common, name: "image-inspect-grep-id", tool: "docker image inspect", digest: single.config,
      text: ["lighthouse/docker-push:1.0", "registry.example/lighthouse/docker-push:1.0"]
        .map((ref) => `$ docker image inspect ${ref} | grep -w Id\n        "Id": "${single.config}",\n`)
        .join("\n"),
    },
    {
      ...common, name: "manifest-inspect-grep-digest", tool: "docker manifest inspect", digest: hub.root,
      text: `$ docker manifest inspect ${HUB}:1.0 | grep -E 'digest|architecture'\n${grep(hub.bytes.toString(), /digest|architecture/)}`,
    },
    {
      ...common, name: "manifest-inspect-grep-config", tool: "docker manifest inspect", digest: built.manifest,
      note: "OCI: the config's media type has the word in it too",
      text: `$ docker manifest inspect ${BUILT}@${built.manifest} | grep -A3 config\n${grep(tabbed(built.manifestBytes), /config/, 3)}`,
    },
    {
      ...common, name: "manifest-inspect-grep-config-mirror", tool: "docker manifest inspect", digest: mirror.manifest,
      note: "the same config as in manifest-inspect-grep-config, in another manifest; size before digest",
      text: `$ docker manifest inspect ${MIRROR}@${mirror.manifest} | grep -A3 config\n${grep(tabbed(mirror.manifestBytes), /config/, 3)}`,
    },
    {
      ...common, name: "trust-inspect-sed", tool: "docker trust inspect", digest: hub.root,
      note: "quotes, brackets and commas taken off with sed",
      text: `$ docker trust inspect docker.io/${HUB}:1.0 | grep -Ew '[A-Z][A-Za-z]+' | sed -E -e 's/ {8}/  /g' | sed -E -e 's/"|(^ {2})|((\\[|,)$)//g'
Name: docker.io/${HUB}:1.0
SignedTags:
  SignedTag: 1.0
  Digest: ${hex(hub.root)}
  Signers:
      Repo Admin
Signers:
  Name: keeper
  Keys:
    ID: ${key("keeper")}
AdministrativeKeys:
  Name: Root
  Keys:
    ID: ${key("root")}
  Name: Repository
  Keys:
    ID: ${key("repository")}
`,
    },
    {
      ...common, name: "shasum", tool: "shasum", digest: hub.root,
      text: `$ docker manifest inspect docker.io/${HUB}:1.0 | perl -pe 'chomp if eof' | shasum -a 256\n${hex(hub.root)}  -\n`,
    },
  ];
}

/** The matching lines and `after` more behind each, as grep -A. */
function grep(text, pattern, after = 0) {
  const lines = text.split("\n");
  const near = (at) => lines.slice(Math.max(0, at - after), at + 1).some((line) => pattern.test(line));
  return lines.filter((_, at) => near(at)).map((line) => `${line}\n`).join("");
}

/** A single manifest as docker manifest inspect prints it. */
const tabbed = (bytes) => JSON.stringify(JSON.parse(bytes), null, "\t");
