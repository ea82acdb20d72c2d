// An image and what refers to it, put there by the programs that attach things to images.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../builders/images.mjs";
import { push } from "./push.mjs";

const SUBJECT = "buildx-single";

/** The programs that attach: what `client` has to know. */
export const ATTACHERS = ["oras", "regctl"];

/**
 * Pushes an image to a started registry, and three artifacts that refer to it: one by plain
 * requests, one by oras, one by regctl. Where the registry has no referrers API, which `by` says,
 * clients list them in an index under the tag `sha256-<hex>`.
 * Gives `{ image, repository, subject, by, artifacts: [{ digest, artifactType }] }`.
 */
export async function withReferrers({ registry, client }) {
  const { host } = registry;
  const [repository, subject] = ["lighthouse/referred", image(SUBJECT).root];
  const headers = registry.authorization(repository);
  await push(host, repository, "1.0", image(SUBJECT), headers);
  const answer = await fetch(`http://${host}/v2/${repository}/referrers/${subject}`, { headers });
  const by = answer.status === 200 ? "api" : "fallbackTag";
  // A plain push to a registry without the API says nowhere that the artifact is there.
  const [name, tag] = by === "api" ? ["oras-artifact"] : ["oras-referrers", subject.replace(":", "-")];
  await push(host, repository, tag, image(name), headers);
  const plain = { digest: image("oras-artifact").root, artifactType: "application/vnd.example.log" };
  const reference = `${host}/${repository}:1.0`;
  // One after the other: each rewrites the index under the fallback tag.
  const attached = [await oras(reference, client), await regctl(reference, client)];
  return { image: reference, repository, subject, by, artifacts: [plain, ...attached] };
}

async function oras(reference, client) {
  const artifactType = "application/vnd.example.sbom";
  writeFileSync(join(client.folder, "sbom.json"), '{"parts":[]}\n');
  const argv = ["oras", "attach", "--plain-http", "--artifact-type", artifactType, "--format", "json", reference];
  const { digest } = JSON.parse(await client.output([...argv, "sbom.json:application/json"]));
  return { digest, artifactType };
}

async function regctl(reference, client) {
  const artifactType = "application/vnd.example.review";
  await client.withoutTls(reference.split("/")[0]);
  writeFileSync(join(client.folder, "review.txt"), "seen by the keeper\n");
  const argv = ["regctl", "artifact", "put", "--artifact-type", artifactType, "--subject", reference];
  const file = ["--file", "review.txt", "--file-media-type", "text/plain"];
  const digest = await client.output([...argv, ...file, "--format", "{{.Manifest.GetDescriptor.Digest}}"]);
  return { digest: digest.toString().trim(), artifactType };
}
