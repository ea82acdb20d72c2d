// cosign's keyless and older output, and notation's.
import { sha256 } from "../bytes.mjs";
import { facts, hex, json } from "./facts.mjs";

const COSIGN = "sigstore/cosign cmd/cosign/cli/verify/common.go";
const NOTATION = "notaryproject/notation specs/cmd";
const IMAGE = "registry.example/lighthouse/buildx-attested";

export function signatureOutput() {
  return [...cosign(), ...notation()];
}

function cosign() {
  const { root } = facts("buildx-attested");
  const payload = { critical: { identity: { "docker-reference": IMAGE }, image: { "docker-manifest-digest": root }, type: "cosign container image signature" } };
  const optional = {
    Bundle: {
      SignedEntryTimestamp: Buffer.from("not a signature").toString("base64"),
      Payload: { body: Buffer.from("{}").toString("base64"), integratedTime: 1710000627, logIndex: 12345678, logID: hex(sha256(Buffer.from("log"))) },
    },
    Issuer: "https://token.actions.example",
    Subject: "https://forge.example/lighthouse/beacon/.github/workflows/release.yml@refs/tags/1.0",
  };
  const capitals = { Critical: { Identity: { "docker-reference": "" }, Image: { "Docker-manifest-digest": root }, Type: "cosign container image signature" }, Optional: null };
  const checks = (lines) => ["The following checks were performed on each of these signatures:", ...lines.map((line) => `  - ${line}`)].join("\n");
  return [
    {
      tool: "cosign verify", folder: "cosign-verify-written", name: "keyless", source: COSIGN, digest: root, note: "standard output only; its values are made up and prove nothing",
      text: `\n${JSON.stringify([{ ...payload, optional }])}\n`,
    },
    {
      tool: "cosign verify", folder: "cosign-verify-written", name: "keyless-terminal", source: COSIGN, digest: root, note: "standard error first, as a terminal shows it",
      text: `\nVerification for ${IMAGE}:1.0 --\n${checks(["The cosign claims were validated", "Existence of the claims in the transparency log was verified offline", "The code-signing certificate was verified using trusted certificate authority certificates"])}\n\n${JSON.stringify([{ ...payload, optional }])}\n`,
    },
    {
      tool: "cosign verify", folder: "cosign-verify-written", name: "capitals", source: "sigstore/cosign README.md", digest: root, note: "cosign 1: no array, capital letters",
      text: `The following checks were performed on these signatures:\n  - The cosign claims were validated\n  - The signatures were verified against the specified public key\n${JSON.stringify(capitals)}\n`,
    },
  ];
}

function notation() {
  const { root, top } = facts("buildx-attested");
  const [jws, cose] = ["jws", "cose"].map((name) => sha256(Buffer.from(`signature manifest ${name}`)));
  const fingerprint = hex(sha256(Buffer.from("certificate")));
  const target = `${IMAGE}@${root}`;
  return [
    { tool: "notation verify", name: "digest", source: `${NOTATION}/verify.md`, digest: root, text: `Successfully verified signature for ${target}\n` },
    {
      tool: "notation verify", name: "tag", source: `${NOTATION}/verify.md`, digest: root,
      text: `Warning:  Always verify the artifact using digest(@sha256:...) rather than a tag(:1.0) because resolved digest may not point to the same signed artifact, as tags are mutable.\nSuccessfully verified signature for ${target}\n`,
    },
    {
      tool: "notation list", name: "two", source: "notaryproject/notation cmd/notation/internal/display", digest: root, note: "the digests below are of signature manifests",
      text: `${target}\n└── application/vnd.cncf.notary.signature\n    ├── ${jws}\n    └── ${cose}\n`,
    },
    { tool: "notation inspect", name: "one", source: `${NOTATION}/inspect.md`, digest: root, text: inspectTree({ target, jws, fingerprint, top }) },
    { tool: "notation inspect -o json", name: "one", source: `${NOTATION}/inspect.md`, digest: root, text: json(inspectJson({ jws, fingerprint, top }), 2) },
  ];
}

const inspectTree = ({ target, jws, fingerprint, top }) => `Inspecting all signatures for signed artifact
${target}
└── application/vnd.cncf.notary.signature
    └── ${jws}
        ├── signature algorithm: ECDSA-SHA-256
        ├── signature envelope type: application/jose+json
        ├── signed attributes
        │   ├── content type: application/vnd.cncf.notary.payload.v1+json
        │   ├── signing scheme: notary.x509
        │   └── signing time: Sat Mar  9 16:10:27 2024
        ├── user defined attributes
        │   └── (empty)
        ├── unsigned attributes
        │   └── signing agent: notation-go/1.3.2
        ├── certificates
        │   └── SHA256 fingerprint: ${fingerprint}
        │       ├── issued to: CN=keeper,O=Lighthouse
        │       ├── issued by: CN=keeper,O=Lighthouse
        │       └── expiry: Sun Mar  9 16:10:27 2025
        └── signed artifact
            ├── media type: ${top.mediaType}
            ├── digest: ${top.digest}
            └── size: ${top.size}
`;

const inspectJson = ({ jws, fingerprint, top }) => ({
  mediaType: top.mediaType,
  signatures: [
    {
      digest: jws,
      signatureAlgorithm: "ECDSA-SHA-256",
      signatureEnvelopeType: "application/jose+json",
      signedAttributes: {
        contentType: "application/vnd.cncf.notary.payload.v1+json",
        signingScheme: "notary.x509",
        signingTime: "2024-03-09T16:10:27Z",
      },
      userDefinedAttributes: null,
      unsignedAttributes: { signingAgent: "notation-go/1.3.2" },
      certificates: [{ SHA256Fingerprint: fingerprint, issuedTo: "CN=keeper,O=Lighthouse", issuedBy: "CN=keeper,O=Lighthouse", expiry: "2025-03-09T16:10:27Z" }],
      signedArtifact: top,
    },
  ],
});
