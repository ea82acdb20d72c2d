//! `gcloud container images` and `gcloud artifacts docker` (Google Cloud SDK reference).

use crate::paste::{
    ANSWERED, Command, JsonForm, LineForm, Program, Table, Tool, Verb, answer, log, table,
};
use crate::text::Ascii;

pub(super) const TOOL: Tool = Tool {
    commands: &[&TAGS, &IMAGES, &ALL_TAGS, &DESCRIBE],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ANSWERS),
    lines: |output, lines| table(output, lines, TABLES).or_else(|| log(output, lines, LOGS)),
    plain: Ascii::of("DIT"),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program::new("--account --filter --format --limit --project --sort-by");

const fn verb(spelled: &'static str) -> Verb {
    Verb {
        lists: true,
        ..Verb::new(PROGRAM, spelled)
    }
}

static TAGS: Verb = verb("gcloud container images list-tags");
static IMAGES: Verb = verb("gcloud artifacts docker images list");
static ALL_TAGS: Verb = verb("gcloud artifacts docker tags list");
static DESCRIBE: Verb =
    verb("gcloud container images describe|+gcloud artifacts docker images describe");

const fn of(verb: &'static Verb, headers: &'static [&'static str]) -> Table {
    Table {
        verb,
        means: ANSWERED,
        headers,
        looks: |_, _| false,
    }
}

const TABLES: &[Table] = &[
    of(&TAGS, &["DIGEST TAGS TIMESTAMP"]),
    of(&IMAGES, &["IMAGE DIGEST TAGS", "IMAGE DIGEST CREATE_TIME"]),
    of(&ALL_TAGS, &["TAG IMAGE DIGEST"]),
];

const ANSWERS: &[JsonForm] = &[
    JsonForm {
        tool: TAGS.name,
        means: ANSWERED,
        images: ". d=digest x=timestamp/datetime ? t=tags",
        parts: "",
    },
    JsonForm {
        tool: IMAGES.name,
        means: ANSWERED,
        images: ". g=package d=version ? t=tags",
        parts: "",
    },
    JsonForm {
        tool: DESCRIBE.name,
        means: ANSWERED,
        images: "image_summary g=fully_qualified_digest",
        parts: "",
    },
];

const LOGS: &[LineForm] = &[LineForm {
    verbs: &[&DESCRIBE],
    ..LineForm::of(
        DESCRIBE.name,
        "image_summary:\n+digest: $d\n+fully_qualified_digest: $g\n+$x: $x\n+$u",
    )
}];
