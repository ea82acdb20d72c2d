// The examples that run as they are, without a network: each is evidence and a question, given as a user
// would have given them. A button of index.html has the number of each.

import { attested, author, copy, mirror, tops } from "./examples/beacon.js";
import { metadata, pinned } from "./examples/signed.js";
import { part } from "./part.js";
import { webdis, webdisKeys, webdisSigned } from "./examples/webdis.js";

export const examples = [
  async () => ({
    pieces: webdis,
    question: { ask: "same", left: "docker.io/nicolas/webdis:0.1.19", right: "public.ecr.aws/nicolas/webdis:0.1.19", level: "config", platform: "linux/amd64" },
  }),
  async () => ({
    pieces: attested,
    question: { ask: "what", image: "lighthouse.example/beacon:1.0" },
  }),
  async () => ({
    pieces: [...author, ...copy],
    question: { ask: "same", left: "lighthouse.example/beacon:1.0", right: "mirror.example/beacon:1.0", level: "config" },
  }),
  async () => ({
    pieces: webdisSigned,
    question: { ask: "published", image: "docker.io/nicolas/webdis:0.1.19", by: { keys: webdisKeys } },
  }),
  async () => ({
    pieces: [metadata, ...author.slice(1)],
    question: { ask: "published", image: "lighthouse.example/beacon:1.0", by: { keys: [pinned] } },
  }),
  async () => ({
    // By their digests: what a tag means, only a registry can say.
    pieces: [...author.slice(1), ...mirror],
    question: { ask: "same", left: `lighthouse.example/beacon@${tops[0]}`, right: `mirror.example/beacon@${tops[1]}`, level: "config" },
  }),
  // Larger than the others together.
  () => part(() => import("./examples/keyless.js")).then(({ keyless }) => keyless),
];
