//! The orders in which known writers put keys.
//!
//! Go writes the fields of a struct in the order of their declaration and the keys of a map
//! sorted. Docker and BuildKit write the top level of an image configuration from a map, and
//! what is in it from structs. The lists were taken from these declarations and hold for the
//! documents that these writers left in public repositories.

use super::order::KeyOrder::{self, Kept, Listed, Sorted};
use super::order::{Habit, Place};

impl Place {
    /// The writers of such documents, most likely first.
    pub(super) fn writers(self) -> &'static [Habit] {
        match self {
            Place::Config => &CONFIGS,
            Place::Index | Place::Manifest => &MANIFESTS,
            Place::Schema1 => &SCHEMA1,
            _ => &[],
        }
    }
}

/// The writers of manifests and indexes, most likely first.
pub(super) static MANIFESTS: [Habit; 8] = [
    manifests("the OCI Go types", VERSION_FIRST, DIGEST_FIRST),
    manifests(
        "Docker and go-containerregistry",
        ANNOTATIONS_FIRST,
        SIZE_FIRST,
    ),
    manifests("BuildKit before 2023", TYPE_FIRST, DIGEST_FIRST),
    manifests("Docker, media type first", TYPE_FIRST, SIZE_FIRST),
    ALPHABET,
    manifests(
        "Docker Official Images",
        VERSION_FIRST,
        Listed("mediaType digest size urls platform annotations data artifactType"),
    ),
    manifests(
        "Docker, with annotations last",
        VERSION_FIRST,
        Listed("mediaType size digest urls platform annotations data artifactType"),
    ),
    Habit {
        name: "rules_oci",
        rules: [
            (Place::Index, VERSION_FIRST),
            (Place::Manifest, VERSION_FIRST),
            (Place::Descriptor, SIZE_FIRST),
            (Place::Layer, Listed("size digest mediaType")),
            (Place::Platform, PLATFORM),
        ],
        rest: Kept,
    },
];

/// The writers of image configurations, most likely first.
static CONFIGS: [Habit; 12] = [
    configs("BuildKit", Sorted, OCI_RUN, OCI_HISTORY),
    configs("Docker", Sorted, DOCKER_RUN, DOCKER_HISTORY),
    configs("the OCI Go types", OCI_CONFIG, OCI_RUN, OCI_HISTORY),
    configs("go-containerregistry", GGCR_CONFIG, GGCR_RUN, GGCR_HISTORY),
    configs(
        "Docker Official Images",
        OFFICIAL_CONFIG,
        Sorted,
        OCI_HISTORY,
    ),
    configs("BuildKit since 2023", Sorted, OCI_RUN_1_1, OCI_HISTORY),
    configs("buildah", BUILDAH_CONFIG, DOCKER_RUN, DOCKER_HISTORY),
    configs("Jib", JIB_CONFIG, JIB_RUN, DOCKER_HISTORY),
    configs(
        "the OCI Go types before 1.1",
        OCI_RC_CONFIG,
        OCI_RUN,
        OCI_HISTORY,
    ),
    ALPHABET,
    configs("rules_oci", RULES_CONFIG, RULES_RUN, OCI_HISTORY),
    configs(
        "rules_oci before 2024",
        RULES_CONFIG,
        RULES_OLD_RUN,
        OCI_HISTORY,
    ),
];

/// The writers of schema 1 manifests: distribution, `manifest/schema1`; containers/image,
/// `manifest/docker_schema1.go`.
static SCHEMA1: [Habit; 2] = [
    schema1(
        "Docker",
        "schemaVersion mediaType name tag architecture fsLayers history",
    ),
    schema1(
        "containers/image",
        "name tag architecture fsLayers history schemaVersion",
    ),
];

/// Documents that went through a map once more, as jq's `--sort-keys` in build rules.
const ALPHABET: Habit = Habit {
    name: "the alphabet",
    rules: [(Place::Other, Sorted); 5],
    rest: Sorted,
};

const fn manifests(name: &'static str, document: KeyOrder, descriptor: KeyOrder) -> Habit {
    let rules = [
        (Place::Index, document),
        (Place::Manifest, document),
        (Place::Descriptor, descriptor),
        (Place::Layer, descriptor),
        (Place::Platform, PLATFORM),
    ];
    Habit {
        name,
        rules,
        rest: Kept,
    }
}

const fn configs(
    name: &'static str,
    document: KeyOrder,
    run: KeyOrder,
    history: KeyOrder,
) -> Habit {
    let rules = [
        (Place::Config, document),
        (Place::Run, run),
        (Place::History, history),
        (Place::Rootfs, ROOTFS),
        (Place::Health, HEALTH),
    ];
    Habit {
        name,
        rules,
        rest: Kept,
    }
}

const fn schema1(name: &'static str, document: &'static str) -> Habit {
    Habit {
        name,
        rules: [(Place::Schema1, Listed(document)); 5],
        rest: Kept,
    }
}

/// image-spec, `specs-go/v1/manifest.go` and `index.go`
const VERSION_FIRST: KeyOrder =
    Listed("schemaVersion mediaType artifactType config layers manifests subject annotations");
/// go-containerregistry, `pkg/v1/manifest.go`; distribution has no annotations there
const ANNOTATIONS_FIRST: KeyOrder =
    Listed("schemaVersion mediaType config layers manifests annotations subject");
/// BuildKit before a89f482dc, `exporter/containerimage/writer.go`; OCI artifact manifests
const TYPE_FIRST: KeyOrder = Listed(
    "mediaType schemaVersion artifactType config layers blobs manifests subject annotations",
);
/// image-spec, `specs-go/v1/descriptor.go`
const DIGEST_FIRST: KeyOrder =
    Listed("mediaType digest size urls annotations data platform artifactType");
/// distribution, `descriptor.go`; go-containerregistry, `pkg/v1/manifest.go`
const SIZE_FIRST: KeyOrder =
    Listed("mediaType size digest data urls annotations platform artifactType");
/// The same in image-spec, distribution and go-containerregistry.
const PLATFORM: KeyOrder = Listed("architecture os os.version os.features variant features");

/// image-spec, `specs-go/v1/config.go`
const OCI_CONFIG: KeyOrder =
    Listed("created author architecture os os.version os.features variant config rootfs history");
/// The same in release candidates of image-spec 1.1
const OCI_RC_CONFIG: KeyOrder =
    Listed("created author architecture variant os config rootfs history");
/// go-containerregistry, `pkg/v1/config.go`
const GGCR_CONFIG: KeyOrder = Listed(
    "architecture author container created docker_version history os rootfs config \
     container_config osversion os.version variant os.features throwaway",
);
/// meta-scripts, as its configurations lie in the registry
const OFFICIAL_CONFIG: KeyOrder = Listed("config created history rootfs architecture os variant");
/// containers/image, `manifest/docker_schema2.go`; buildah, `docker/types.go`: the second
/// `parent` hides the first
const BUILDAH_CONFIG: KeyOrder = Listed(
    "id comment created container container_config docker_version author config \
     architecture variant os Size parent rootfs history os.version os.features",
);
/// jib, `ContainerConfigurationTemplate.java`
const JIB_CONFIG: KeyOrder = Listed("created architecture os config history rootfs");

/// `rules_oci`, `oci/private/image.sh`: made by jq, in the order of its program
const RULES_CONFIG: KeyOrder =
    Listed("created config history rootfs architecture os variant author os.version os.features");

/// image-spec, `specs-go/v1/config.go`, and what BuildKit adds at the end
const OCI_RUN: KeyOrder = Listed(
    "User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal Healthcheck \
     ArgsEscaped OnBuild StopTimeout Shell",
);
/// The same since image-spec 1.1, which has `ArgsEscaped` itself
const OCI_RUN_1_1: KeyOrder = Listed(
    "User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal ArgsEscaped \
     Healthcheck OnBuild StopTimeout Shell",
);
/// moby, `api/types/container/config.go`
const DOCKER_RUN: KeyOrder = Listed(
    "Hostname Domainname User AttachStdin AttachStdout AttachStderr ExposedPorts Tty \
     OpenStdin StdinOnce Env Cmd Healthcheck ArgsEscaped Image Volumes \
     WorkingDir Entrypoint NetworkDisabled MacAddress OnBuild Labels StopSignal StopTimeout Shell",
);
/// go-containerregistry, `pkg/v1/config.go`
const GGCR_RUN: KeyOrder = Listed(
    "AttachStderr AttachStdin AttachStdout Cmd Healthcheck Domainname Entrypoint Env Hostname \
     Image Labels OnBuild OpenStdin StdinOnce Tty User Volumes WorkingDir ExposedPorts \
     ArgsEscaped NetworkDisabled MacAddress StopSignal Shell",
);
/// jib, `ContainerConfigurationTemplate.java`
const JIB_RUN: KeyOrder =
    Listed("Env Entrypoint Cmd Healthcheck ExposedPorts Labels WorkingDir User Volumes");
/// `rules_oci`, `oci/private/image.bzl`: in the order of the arguments; an entry point takes the
/// place of a command
const RULES_RUN: KeyOrder =
    Listed("Cmd Entrypoint ExposedPorts Volumes Env Labels User WorkingDir StopSignal");
/// The same before an entry point did that
const RULES_OLD_RUN: KeyOrder =
    Listed("Entrypoint ExposedPorts Cmd Env Labels User WorkingDir Volumes StopSignal");
/// The same in moby and BuildKit; go-containerregistry's has no `StartInterval`.
const HEALTH: KeyOrder = Listed("Test Interval Timeout StartPeriod StartInterval Retries");

/// The same everywhere.
const ROOTFS: KeyOrder = Listed("type diff_ids");

/// image-spec, `specs-go/v1/config.go`
const OCI_HISTORY: KeyOrder = Listed("created created_by author comment empty_layer");
/// moby, `image/image.go`
const DOCKER_HISTORY: KeyOrder = Listed("created author created_by comment empty_layer");
/// go-containerregistry, `pkg/v1/config.go`
const GGCR_HISTORY: KeyOrder = Listed("author created created_by comment empty_layer");
