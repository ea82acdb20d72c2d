//! What builds images and says how the result is called: `docker buildx build` (moby/buildkit:
//! exporter/containerimage/writer.go, util/push; docker/buildx: commands/build.go for `--metadata-file`),
//! kaniko (pkg/executor/push.go), ko (pkg/publish), jib (`JibBuildRunner`, `jib-image.json`), `pack build`
//! (buildpacks/lifecycle: phase/exporter.go) and the rules of bazel (`rules_docker`:
//! container/go/cmd/pusher).
//!
//! Of a build that was not pushed, the digest is that of what this machine keeps.

use crate::claim::IdKind;
use crate::json::Value;
use crate::paste::{
    ANSWERED, BUILD, Command, JsonForm, KEPT, Line, LineForm, Means, Output, Reading, Tool, Verb,
    answer, at, log,
};
use crate::text::Ascii;

pub(super) const TOOL: Tool = Tool {
    commands: &[&DOCKER_BUILD, &PACK, &KO],
    reads: Command::is_shown,
    json,
    lines: |output, lines| log(output, lines, LOGS),
    plain: Ascii::of("#0123456789.=>BCFINO[enprw"),
    ..Tool::NONE
};

static DOCKER_BUILD: Verb = Verb {
    lists: true,
    ..Verb::new(
        BUILD,
        "docker buildx build|docker build|docker image build|docker buildx bake|\
         buildctl build|nerdctl build",
    )
};
static PACK: Verb = Verb::new(BUILD, "pack build");
static KO: Verb = Verb {
    lists: true,
    ..Verb::new(BUILD, "ko build|ko publish|ko resolve|ko apply")
};

/// With what the base images were resolved to.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    // The lines of a log, as `--progress rawjson` has them.
    let at_of = |status: &Value| status.span.start;
    let mut lines = Vec::new();
    for status in at(value, "statuses/id") {
        lines.extend(status.as_str().map(|text| Line {
            text,
            at: at_of(status),
        }));
    }
    if let Some((reading, _)) = log(output, &lines, LOGS) {
        return Some(reading);
    }
    let mut reading = answer(output, value, ANSWERS)?;
    if let Some(bases) = answer(output, value, BASES) {
        reading.statements.extend(bases.statements);
    }
    Some(reading)
}

const BASES: &[JsonForm] = &[JsonForm {
    tool: "",
    means: KEPT,
    images: "containerimage.buildinfo/sources n=ref d=pin",
    parts: "",
}];

const LOGS: &[LineForm] = &[
    LineForm::of("kbld", "resolve | final: $n -> $n"),
    LineForm {
        means: KEPT,
        marks: "#0123456789.=> ",
        verbs: &[&DOCKER_BUILD],
        ..LineForm::of(
            "docker buildx build",
            "pushing manifest for $N *\n\
             resolve $R *\n\
             [$x FROM $R *\n\
             [$x $x FROM $R *\n\
             exporting manifest list $d *\n\
             exporting attestation manifest $a *\n\
             exporting manifest $m *\n\
             exporting config $c *\n\
             naming to $n *\n\
             writing image $i *\n\
             exporting to $x *\n\
             +importing to docker*\n\
             +sending tarball*\n\
             exporting layers *\n\
             +pushing *\n\
             +unpacking *\n\
             [internal] *\n\
             +CACHED\n\
             +DONE *\n\
             +[auth] *\n\
             +[$x*\n\
             +",
        )
    },
    // `--quiet` prints the identifier alone.
    LineForm {
        means: Means { id: None, ..KEPT },
        verbs: &[&DOCKER_BUILD],
        ..LineForm::of(DOCKER_BUILD.name, "+$i")
    },
    LineForm::of(
        "kaniko",
        "INFO[$x Pushed $n\n\
         INFO[$x Pushing image to $x\n\
         INFO[$x Resolved base name *\n\
         INFO[$x Retrieving image *\n\
         INFO[$x Built cross stage deps: *\n\
         +INFO[*",
    ),
    LineForm {
        verbs: &[&KO],
        ..LineForm::of(
            "ko build",
            "$x $x Using base $R for *\n\
             $x $x Building $x for *\n\
             $x $x Published $G\n\
             $x $x Publishing $x\n\
             +$x $x $G: digest: $d size: $s\n\
             +$g\n\
             +$x $x pushed *\n\
             +$x $x existing *\n\
             +$x $x mounted *",
        )
    },
    LineForm {
        marks: "[INFO] ",
        means: ANSWERED,
        ..LineForm::of(
            "jib",
            "Containerizing application to *\n\
             Base image '$R'*\n\
             Built and pushed image as *\n\
             Built image to Docker daemon as *\n\
             +Using credentials *\n\
             +Container entrypoint *\n\
             +Container program *\n\
             +Executing tasks:*\n\
             +The base image *\n\
             +[=*\n\
             +=*\n\
             +-*\n\
             +BUILD *",
        )
    },
    LineForm {
        verbs: &[&PACK],
        ..LineForm::of(
            "pack build",
            "*** Images ($u):\n\
             *** Digest: $d\n\
             ===> EXPORTING\n\
             [exporter] *** Images ($u):\n\
             [exporter] *** Digest: $d\n\
             [exporter] Adding *\n\
             [exporter] Reusing *\n\
             [exporter] Saving *\n\
             +[exporter] $g\n\
             +[exporter]*\n\
             +Successfully built image $x\n\
             +$g",
        )
    },
    LineForm::of(
        "bazel",
        "$x $x Successfully pushed $x image to $n resulting digest is $d",
    ),
];

const ANSWERS: &[JsonForm] = &[
    JsonForm {
        tool: "docker buildx build --metadata-file",
        means: KEPT,
        images: ". d=containerimage.digest ? n=image.name k=containerimage.descriptor/mediaType s=containerimage.descriptor/size c=containerimage.config.digest",
        parts: "",
    },
    JsonForm {
        tool: "docker buildx bake --metadata-file",
        means: KEPT,
        images: "* d=containerimage.digest ? n=image.name k=containerimage.descriptor/mediaType s=containerimage.descriptor/size c=containerimage.config.digest",
        parts: "",
    },
    JsonForm {
        tool: "jib",
        means: Means {
            id: Some(IdKind::Config),
            ..ANSWERED
        },
        images: ". n=image d=imageDigest i=imageId t=tags",
        parts: "",
    },
];
