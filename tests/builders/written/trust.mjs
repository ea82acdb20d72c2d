// docker trust inspect, as JSON and --pretty.
import { sha256 } from "../bytes.mjs";
import { facts, hex, json, table } from "./facts.mjs";

const JSON_SOURCE = "docker/cli cmd/docker-trust/trust/inspect.go and its golden files";
const PRETTY_SOURCE = "docker/cli cmd/docker-trust/trust/inspect_pretty.go and its golden files";

const key = (name) => hex(sha256(Buffer.from(`key of ${name}`)));
const ADMIN = { Root: key("root"), Repository: key("repository") };
const NAME = "registry.example/lighthouse/docker-manifest-push";

export function trustOutput() {
  const list = facts("docker-manifest-push").root;
  const other = facts("buildx-list").root;
  const repoAdmin = { tag: "1.0", digest: list, signers: ["Repo Admin"] };
  const keeper = { tag: "1.0", digest: list, signers: ["keeper"] };
  const both = [{ tag: "0.9", digest: other, signers: ["keeper", "warden"] }, keeper];
  const cases = [
    { name: "repo-admin", of: `${NAME}:1.0`, tags: [repoAdmin], signers: ["keeper"], note: "keeper may sign, and did not sign this tag" },
    { name: "signer", of: `${NAME}:1.0`, tags: [keeper], signers: ["keeper"] },
    { name: "whole-repository", of: NAME, tags: both, signers: ["keeper", "warden"] },
    { name: "no-signers", of: `${NAME}:1.0`, tags: [repoAdmin], signers: [] },
    { name: "unsigned-tag", of: `${NAME}:0.1`, tags: [], signers: ["keeper", "warden"], note: "the repository is signed, this tag is not" },
    {
      name: "conflict", of: `${NAME}:1.0`, tags: [repoAdmin, { ...keeper, digest: other }], signers: ["keeper"],
      note: "one tag, two digests: the repository key and keeper disagree",
    },
  ];
  return [
    ...cases.map(({ name, note, ...rest }) => ({ tool: "docker trust inspect", name, source: JSON_SOURCE, digest: list, note, text: json([entry(rest)], 4) })),
    { tool: "docker trust inspect", name: "uninitialized", source: JSON_SOURCE, text: "[]\n" },
    {
      tool: "docker trust inspect", name: "two-repositories", source: JSON_SOURCE, digest: list,
      text: json([entry(cases[1]), entry({ ...cases[1], of: "lighthouse/docker-manifest-push:1.0" })], 4),
    },
    ...cases.map(({ name, note, ...rest }) => ({ tool: "docker trust inspect --pretty", name, source: PRETTY_SOURCE, digest: list, note, text: pretty(rest) })),
  ];
}

// Signers and keys go from the last name to the first in JSON, the other way round in the table.
function entry({ of, tags, signers }) {
  return {
    Name: of,
    SignedTags: tags.map(({ tag, digest, signers }) => ({ SignedTag: tag, Digest: hex(digest), Signers: signers })),
    Signers: signers.toReversed().map((name) => ({ Name: name, Keys: [{ ID: key(name) }] })),
    AdministrativeKeys: Object.entries(ADMIN).map(([name, id]) => ({ Name: name, Keys: [{ ID: id }] })),
  };
}

function pretty({ of, tags, signers }) {
  const named = ({ signers }) => signers.map((name) => (name === "Repo Admin" ? `(${name})` : name)).join(", ");
  const rows = tags.map((tag) => [tag.tag, hex(tag.digest), named(tag)]);
  const signed = table([["SIGNED TAG", "DIGEST", "SIGNERS"], ...rows]);
  const signatures = tags.length > 0 ? `\nSignatures for ${of}\n\n${signed}` : `\nNo signatures for ${of}\n\n`;
  const people = table([["SIGNER", "KEYS"], ...signers.map((name) => [name, key(name).slice(0, 12)])], { least: 10 });
  const list = signers.length > 0 ? `\nList of signers and their keys for ${of}\n\n${people}` : "";
  const admin = `\nAdministrative keys for ${of}\n\n  Repository Key:\t${ADMIN.Repository}\n  Root Key:\t${ADMIN.Root}\n`;
  return `${signatures}${list}${admin}`;
}
