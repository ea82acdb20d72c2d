//! The tables of images that a machine keeps: of docker (docker/cli: cli/command/formatter/image.go,
//! cli/command/image/tree.go for the list that 29.0 prints, docker/compose: cmd/compose/images.go), podman
//! (containers/podman: cmd/podman/images/list.go), buildah, nerdctl (containerd/nerdctl:
//! pkg/cmd/image/list.go), ctr (containerd: cmd/ctr/commands/images/images.go), crictl
//! (cri-tools: cmd/crictl/image.go), Apple's container and diffoci.
//!
//! All of them show what was once pulled, pushed, built or only tagged. They do not mean the same by it:
//! - docker: `DIGEST` is of what was pulled or pushed, `IMAGE ID` the beginning of what `docker image
//!   inspect` prints as `Id`: of the configuration in the classic store, else of the same manifest or
//!   index, with which it then begins.
//! - podman, buildah: `DIGEST` is of the manifest, or list, that it keeps, `IMAGE ID` of the configuration.
//! - nerdctl, diffoci: `IMAGE ID` is the beginning of `DIGEST`, which is of the manifest or index.
//! - crictl: `IMAGE ID` is of the configuration, by which nothing can be pulled.
//! - ctr: `DIGEST` is of the manifest or index, whose type is beside it.

use crate::claim::IdKind;
use crate::paste::{
    Command, DOCKER, JsonForm, KEPT, LineForm, Means, NERDCTL, PODMAN, Program, Table, Tool, Verb,
    answer, log, table,
};
use crate::text::{Ascii, Parts};

pub(super) const TOOL: Tool = Tool {
    commands: &[
        &BY_DOCKER,
        &BY_NERDCTL,
        &BY_PODMAN,
        &BY_BUILDAH,
        &BY_CRICTL,
        &BY_CTR,
        &BY_CONTAINER,
        &BY_DIFFOCI,
        &BY_COMPOSE,
        &SERVICE,
        &SAVE,
        &LOAD,
        &HISTORY,
        &PS,
        &TASKS,
    ],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ROWS),
    lines: |output, lines| table(output, lines, TABLES).or_else(|| log(output, lines, LOGS)),
    plain: Ascii::of("CINRT"),
    ..Tool::NONE
};

const fn list(program: &'static Program, spelled: &'static str) -> Verb {
    Verb {
        local: true,
        lists: true,
        ..Verb::new(program, spelled)
    }
}

static BY_DOCKER: Verb = list(DOCKER, "docker images|docker image ls|docker image list");
static BY_COMPOSE: Verb = list(DOCKER, "docker compose images|docker-compose images");
static BY_NERDCTL: Verb = list(
    NERDCTL,
    "nerdctl images|nerdctl image ls|nerdctl image list",
);
static BY_PODMAN: Verb = list(PODMAN, "podman images|podman image ls|podman image list");
static BY_BUILDAH: Verb = list(PODMAN, "buildah images");
static BY_CRICTL: Verb = list(
    &Program::new("--config --filter --image-endpoint --output --runtime-endpoint -c -f -i -o -r"),
    "crictl images|crictl image|crictl img",
);
static BY_CTR: Verb = list(
    NERDCTL,
    "ctr images list|ctr images ls|ctr image list|ctr image ls|ctr i ls",
);
static BY_CONTAINER: Verb = list(
    DOCKER,
    "container image list|container image ls|container images list|container images ls",
);
static SERVICE: Verb = list(DOCKER, "docker service inspect");
static HISTORY: Verb = Verb {
    local: true,
    ..Verb::new(DOCKER, "docker history|docker image history")
};
static PS: Verb = list(DOCKER, "docker ps|docker container ls");
static TASKS: Verb = list(DOCKER, "docker service ps|+docker stack ps|+docker node ps");
static SAVE: Verb = Verb::new(
    DOCKER,
    "docker save|docker image save|podman save|nerdctl save",
);
static LOAD: Verb = list(
    PODMAN,
    "docker load|docker image load|+podman load|+nerdctl load",
);
static BY_DIFFOCI: Verb = list(NERDCTL, "diffoci images");

const UNKNOWN: Means = Means { id: None, ..KEPT };
/// The identifier is of the manifest or index.
const TARGET: Means = Means {
    id: Some(IdKind::Unknown),
    ..KEPT
};

const PLAIN: &[&str] = &["REPOSITORY TAG DIGEST IMAGE ID", "REPOSITORY TAG IMAGE ID"];

const fn of(verb: &'static Verb, means: Means, headers: &'static [&'static str]) -> Table {
    Table {
        verb,
        means,
        headers,
        looks: |_, _| false,
    }
}

const TABLES: &[Table] = &[
    of(
        &BY_DOCKER,
        UNKNOWN,
        &[
            "REPOSITORY TAG DIGEST IMAGE ID",
            "REPOSITORY TAG IMAGE ID",
            "IMAGE ID DISK USAGE",
        ],
    ),
    Table {
        // Columns that no other tool has, and units that only it prints.
        looks: |header, row| {
            header.has(" PLATFORM ") && header.has(" BLOB") || row.trim_end().ends_with("iB")
        },
        ..of(&BY_NERDCTL, TARGET, PLAIN)
    },
    Table {
        // docker shortens the names of its own registry, and writes a size as one word; its old releases
        // wrote two, below a header with wider columns.
        looks: |header, row| {
            let size = row.trim_end().behind_any("0123456789");
            let old = header.has("IMAGE ID         ") || !row.before_any(" ").has_any("/<");
            row.starts_with("docker.io/")
                || row.starts_with("localhost/")
                || size.starts_with(' ') && size.ends("B") && !old
        },
        ..of(&BY_PODMAN, KEPT, PLAIN)
    },
    of(&BY_BUILDAH, KEPT, PLAIN),
    of(
        &BY_CRICTL,
        KEPT,
        &["IMAGE TAG DIGEST IMAGE ID", "IMAGE TAG IMAGE ID"],
    ),
    of(&BY_CTR, KEPT, &["REF TYPE DIGEST"]),
    of(
        &BY_CONTAINER,
        KEPT,
        &["NAME TAG DIGEST", "NAME TAG INDEX DIGEST"],
    ),
    of(&BY_DIFFOCI, TARGET, PLAIN),
    of(&PS, UNKNOWN, &["CONTAINER ID IMAGE COMMAND"]),
    of(&TASKS, UNKNOWN, &["ID NAME IMAGE NODE"]),
    of(&BY_COMPOSE, UNKNOWN, &["CONTAINER REPOSITORY TAG"]),
];

/// The layers of an image, of which the first has the image's identifier; the files of an archive; and a summary of
/// what is known to be vulnerable.
const LOGS: &[LineForm] = &[
    LineForm {
        means: UNKNOWN,
        verbs: &[&HISTORY],
        ..LineForm::of(
            HISTORY.name,
            "IMAGE CREATED *\n\
             +<missing> *\n\
             +$i *",
        )
    },
    LineForm {
        means: UNKNOWN,
        verbs: &[&LOAD],
        ..LineForm::of(
            LOAD.name,
            "Loaded image ID: $i\n\
             Loaded image: $n\n\
             Loaded image(s): $n\n\
             $x: Loading layer *\n\
             +unpacking *",
        )
    },
    LineForm {
        verbs: &[&SAVE],
        ..LineForm::of(
            SAVE.name,
            "blobs/\n\
             blobs/sha256/\n\
             +blobs/sha256/$B\n\
             +index.json\n\
             +manifest.json\n\
             +oci-layout\n\
             +repositories\n\
             +$x/\n\
             +$x.json\n\
             +$x/VERSION\n\
             +$x/json\n\
             +$x/layer.tar",
        )
    },
    LineForm {
        means: UNKNOWN,
        ..LineForm::of(
            "watchtower",
            "time=$x level=$x msg=\"Found new $n image ($i)*\n\
             +time=$x level=*",
        )
    },
    LineForm {
        means: UNKNOWN,
        ..LineForm::of(
            "gitlab-runner",
            "Using docker image $i for $n with digest $n *\n\
             Using Docker executor with *\n\
             Pulling docker image *\n\
             +Using *",
        )
    },
    LineForm {
        means: KEPT,
        ..LineForm::of(
            "containerd",
            "time=$x level=$x msg=\"Pulled image $x with image id \\\"$i\\\", repo tag \\\"$n\\\", repo digest \\\"$n\\\"*\n\
             +time=$x level=*",
        )
    },
    LineForm {
        means: UNKNOWN,
        ..LineForm::of(
            "docker scout",
            "Target │ $n *\n\
             +digest │ $d *\n\
             +$x │ *\n\
             +Base image │ *\n\
             +Refreshed base image │ *\n\
             +Updated base image │ *\n\
             +│ *",
        )
    },
];

/// `--format json`, and `{{json .}}`; and what a service is run from.
const ROWS: &[JsonForm] = &[
    JsonForm {
        tool: "docker images",
        means: UNKNOWN,
        images: ". n=Repository t=Tag i=ID ? d=Digest",
        parts: "",
    },
    // The table of an archive that docker or crane saved: files are named by digests.
    JsonForm {
        tool: "image archive",
        means: KEPT,
        images: ". f=Config x=Layers ? n=RepoTags F=Layers",
        parts: "",
    },
    // Scanners, of what they found or pulled where they ran.
    JsonForm {
        tool: "trivy image",
        means: KEPT,
        images: ". x=ArtifactName i=Metadata/ImageID ? n=Metadata/RepoTags n=Metadata/RepoDigests",
        parts: "",
    },
    JsonForm {
        tool: "syft",
        means: KEPT,
        images: "source x=type i=metadata/imageID ? n=metadata/tags n=metadata/repoDigests",
        parts: "",
    },
    JsonForm {
        tool: "syft",
        means: KEPT,
        images: ". x=manifestDigest i=imageID ? n=tags n=repoDigests",
        parts: "",
    },
    JsonForm {
        tool: "aws ecs",
        means: UNKNOWN,
        images: "tasks/containers n=image d=imageDigest",
        parts: "",
    },
    JsonForm {
        tool: "docker service inspect",
        means: UNKNOWN,
        images: "Spec/TaskTemplate/ContainerSpec n=Image",
        parts: "",
    },
];
