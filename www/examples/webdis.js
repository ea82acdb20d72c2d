// Docker's output for Webdis 0.1.19 on its two registries, as its guide shows it.

export const webdis = [
  "$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667\nStatus: Image is up to date for nicolas/webdis:0.1.19\ndocker.io/nicolas/webdis:0.1.19\n",
  "$ docker manifest inspect docker.io/nicolas/webdis:0.1.19\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n   \"manifests\": [\n      {\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \"size\": 1365,\n         \"digest\": \"sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54\",\n         \"platform\": {\n            \"architecture\": \"amd64\",\n            \"os\": \"linux\"\n         }\n      },\n      {\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \"size\": 1365,\n         \"digest\": \"sha256:d026c5675552947b6a755439dfd58360e44a8860436f4eddfe9b26d050801248\",\n         \"platform\": {\n            \"architecture\": \"arm64\",\n            \"os\": \"linux\",\n            \"variant\": \"v8\"\n         }\n      }\n   ]\n}\n",
  "$ docker manifest inspect nicolas/webdis:0.1.19 | grep -E 'digest|architecture'\n         \"digest\": \"sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54\",\n            \"architecture\": \"amd64\",\n         \"digest\": \"sha256:d026c5675552947b6a755439dfd58360e44a8860436f4eddfe9b26d050801248\",\n            \"architecture\": \"arm64\",\n",
  "$ docker manifest inspect nicolas/webdis@sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54 | grep -A3 config\n    \"config\": {\n        \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n        \"digest\": \"sha256:010021e00e0910d0b73d0bfc9cb58ce583e96f3ad69fc6ee4a7a41baa707d7f7\",\n        \"size\": 2728\n",
  "$ docker manifest inspect public.ecr.aws/nicolas/webdis:0.1.19 | grep -E 'digest|architecture'\n         \"digest\": \"sha256:ec6a77ec083a659d3293810542c07bc1eee74e148cb02448cca3bfb260d7c19c\",\n            \"architecture\": \"amd64\",\n         \"digest\": \"sha256:d78f48b96464cd31bb1c29b01bcdaceac28c2ccb2d52a294cdf4cf840f5b6433\",\n            \"architecture\": \"arm64\",\n",
  "$ docker manifest inspect public.ecr.aws/nicolas/webdis@sha256:ec6a77ec083a659d3293810542c07bc1eee74e148cb02448cca3bfb260d7c19c | grep -A3 config\n    \"config\": {\n        \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n        \"size\": 2728,\n        \"digest\": \"sha256:010021e00e0910d0b73d0bfc9cb58ce583e96f3ad69fc6ee4a7a41baa707d7f7\"\n"
];

// Docker's output about its signatures, and the key IDs in the guide: root and repository.

export const webdisSigned = [
  "$ docker trust inspect --pretty nicolas/webdis:0.1.19\n\nSignatures for nicolas/webdis:0.1.19\n\nSIGNED TAG   DIGEST                                                             SIGNERS\n0.1.19       5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667   (Repo Admin)\n\nList of signers and their keys for nicolas/webdis:0.1.19\n\nSIGNER      KEYS\nnicolasff   dd0768b9d35d\n\nAdministrative keys for nicolas/webdis:0.1.19\n\n  Repository Key:       fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a\n  Root Key:    40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef\n",
  webdis[1],
];

export const webdisKeys = [
  "40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef",
  "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a",
];
