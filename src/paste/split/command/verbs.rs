//! The commands that print digests, and which of their flags have a value.

/// What prints digests: the words of the command, and its full name.
pub(super) const VERBS: &[(&str, &str)] = &[
    ("docker manifest inspect", "docker manifest inspect"),
    ("docker trust inspect", "docker trust inspect"),
    ("docker image inspect", "docker image inspect"),
    ("docker inspect", "docker image inspect"),
    ("docker image pull", "docker pull"),
    ("docker pull", "docker pull"),
    ("docker image push", "docker push"),
    ("docker push", "docker push"),
    ("docker image ls", "docker images"),
    ("docker image list", "docker images"),
    ("docker images", "docker images"),
    ("docker info", "docker info"),
    ("docker system info", "docker info"),
    ("crane config", "crane config"),
    ("crane digest", "crane digest"),
    ("crane ls", "crane ls"),
    ("crane manifest", "crane manifest"),
    (
        "docker buildx imagetools inspect",
        "docker buildx imagetools inspect",
    ),
    (
        "docker-buildx imagetools inspect",
        "docker buildx imagetools inspect",
    ),
    (
        "buildx imagetools inspect",
        "docker buildx imagetools inspect",
    ),
    ("skopeo inspect", "skopeo inspect"),
    ("regctl image config", "regctl image config"),
    ("regctl image digest", "regctl image digest"),
    ("regctl image manifest", "regctl manifest get"),
    ("regctl manifest digest", "regctl image digest"),
    ("regctl manifest get", "regctl manifest get"),
    ("regctl manifest head", "regctl image digest"),
    ("oras discover", "oras discover"),
    ("oras manifest fetch", "oras manifest fetch"),
    ("oras manifest fetch-config", "oras manifest fetch-config"),
    ("oras resolve", "oras resolve"),
    ("cosign tree", "cosign tree"),
    ("cosign triangulate", "cosign triangulate"),
    ("cosign verify", "cosign verify"),
    ("notation inspect", "notation inspect"),
    ("notation list", "notation list"),
    ("notation ls", "notation list"),
    ("notation verify", "notation verify"),
    ("kubectl describe", "kubectl describe"),
    ("kubectl get", "kubectl get"),
    ("nerdctl image inspect", "nerdctl image inspect"),
    ("nerdctl inspect", "nerdctl image inspect"),
    ("nerdctl image ls", "nerdctl images"),
    ("nerdctl image list", "nerdctl images"),
    ("nerdctl images", "nerdctl images"),
    ("podman image inspect", "podman image inspect"),
    ("podman inspect", "podman image inspect"),
    ("podman image ls", "podman images"),
    ("podman image list", "podman images"),
    ("podman images", "podman images"),
];

/// Flags whose value is the next word, by tool; `=` always works.
pub(super) const VALUES: &[(&str, &str)] = &[
    (
        "docker",
        "--builder --config --context --filter --format --host --log-level --platform -H -c -f -l",
    ),
    ("crane", "--platform -o --output"),
    (
        "skopeo",
        "--authfile --cert-dir --creds --daemon-host --format --manifest-digest --override-arch --override-os --override-variant --password --policy --registry-token --retry-delay --retry-times --shared-blob-dir --username -f",
    ),
    (
        "regctl",
        "--format --host --logopt --platform --verbosity -p -v",
    ),
    (
        "oras",
        "--artifact-type --ca-file --cert-file --depth --format --key-file --media-type --output --password --platform --registry-config --username -o -p -u",
    ),
    (
        "cosign",
        "--annotations --attachment --key --max-workers --output --output-file --payload --registry-password --registry-token --registry-username --rekor-url --signature --signature-digest-algorithm --sk-slot --timestamp-certificate-chain --trusted-root --type -a -o",
    ),
    (
        "nerdctl",
        "--address --filter --format --host --mode --namespace --platform --snapshotter -H -a -f -n",
    ),
    (
        "podman",
        "--connection --filter --format --identity --log-level --root --sort --type --url -c -f -t",
    ),
    (
        "notation",
        "--max-signatures --output --password --plugin-config --user-metadata --username -m -o -p -u",
    ),
];
