//! Files and lists that name images: Dockerfiles, Compose files, Kubernetes manifests of every kind,
//! Helm values, workflows of GitHub and GitLab, devcontainer.json, Kustomize, the lists in which
//! publishers give digests of their tags, and diffs of all these.
//!
//! A pin says which image is meant, by whoever wrote it: it is no word of a registry, and none of
//! any machine. A line that a diff removes says what was meant before.
//!
//! Forms: docker/docs "Dockerfile reference" (`FROM`, `COPY --from`, `# syntax=`); compose-spec
//! `05-services.md` (`image`); Kubernetes `core/v1` `Container.image`; GitHub's workflow syntax
//! (`uses: docker://`, `container`); kustomize `images` (`newName`, `newTag`, `digest`);
//! kubernetes-sigs/promo-tools (`dmap`).

mod field;

use crate::claim::Code;
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    DigestRow, Line, LineForm, Output, Reading, Shape, Tool, is_identifier, is_platform, log, never,
};
use crate::text::{Ascii, Parts, joined, parsed};

use field::{
    DIGEST, IMAGE, IS, KEY, NAME, OF_NAMED, OTHER, REGISTRY, REPOSITORY, ROW, USES, VALUE, field,
    is_variable, part, result,
};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json,
    lines,
    plain: Ascii::of("#ABCF"),
    ..Tool::NONE
};

/// Any JSON in which images are named.
fn json(_: &Output, value: &Value) -> Option<Reading> {
    if Shape::of(value).is_some() {
        return None;
    }
    let mut names = Names::new("JSON that names images");
    names.within("", value);
    names.flush();
    (!names.reading.statements.is_empty()).then_some(names.reading)
}

/// The change that a bot asks for: it names an image by the beginning of its new digest.
const LOGS: &[LineForm] = &[LineForm::of(
    "Renovate (or Dependabot)",
    "This PR contains the following updates:\n\
     | Package | *\n\
     chore(deps): update $x docker digest to $w\n\
     fix(deps): update $x docker digest to $w\n\
     Bumps $x from `$x` to `$w`.\n\
     +| $x | digest | `$x` $x `$w` *\n\
     +| $x | $x | digest | `$x` $x `$w` *\n\
     +|*",
)];

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if let Some(read) = log(output, lines, LOGS) {
        return Some(read);
    }
    let first = lines.first()?.text;
    let file = File::of(lines)?;
    let mut names = Names::new(file.name());
    let mut read = 1;
    let mut before = "";
    for (n, line) in lines.iter().enumerate() {
        if n > 0 && !file.goes_on(line.text, before) {
            break;
        }
        before = line.text;
        if !before.trim().is_empty() {
            read = n + 1;
        }
        match file {
            File::Diff => names.changed(before),
            _ => names.line(before, None),
        }
    }
    names.flush();
    if file == File::Line && names.reading.statements.is_empty() {
        names.loose(first);
    }
    if names.reading.statements.is_empty() {
        // A whole file is one; a line in prose may only look like it.
        if first.starts_with("FROM ") || matches!(file, File::Fields | File::Line) {
            return None;
        }
        let reading = &mut names.reading;
        reading.note(
            None,
            Code::NoImages,
            "no image is named in it that can be read",
        );
    }
    Some((names.reading, read))
}

/// A text that names images, by how it begins.
#[derive(Clone, Copy, PartialEq)]
enum File {
    Diff,
    Dockerfile,
    /// Fields in another language than YAML, or rows of a table of them.
    Fields,
    /// A line by itself.
    Line,
    Yaml,
}

/// Keys of a whole file below which images are named.
const HEADS: &str = "containers: global: image: images: jobs: spec:";

impl File {
    fn of(lines: &[Line]) -> Option<Self> {
        let line_at = |n: usize| lines.get(n).map_or("", |line| line.text);
        let first = usize::from(line_at(0).trimmed() == "{");
        let line = line_at(first);
        let text = line.trimmed();
        let begins = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
        let second = line_at(first + 1).trimmed();
        let dmap = || second == "dmap:" || second == "services:";
        let heads = |line: &str| HEADS.has_word(line.trim_end());
        Some(match () {
            () if begins(&["diff --git ", "--- a/", "@@ -"]) => File::Diff,
            () if from(text).is_some() || begins(&["# syntax=", "ARG ", "COPY --from="]) => {
                File::Dockerfile
            }
            () if begins(&["apiVersion: ", "services:"]) || dmap() || heads(line) => File::Yaml,
            () => match field(text) {
                Some((IMAGE | REPOSITORY | DIGEST, _)) if text.has(IS) || text.starts_with(ROW) => {
                    File::Fields
                }
                Some((REGISTRY | REPOSITORY, _)) if lines.len() > 1 => File::Yaml,
                Some((DIGEST, _)) if second.starts_with("name:") => File::Yaml,
                Some((NAME, value)) if result(value) != OTHER => File::Yaml,
                Some((IMAGE | USES, value)) if image(value).is_some() => File::Yaml,
                _ if text.has("sha256:") && text.len() < 1200 => File::Line,
                _ => return None,
            },
        })
    }

    fn name(self) -> &'static str {
        match self {
            File::Diff => "a diff",
            File::Dockerfile => "a Dockerfile",
            File::Fields | File::Line => "a text that names images",
            File::Yaml => "YAML that names images",
        }
    }

    /// True if a line belongs to what began before it.
    fn goes_on(self, line: &str, before: &str) -> bool {
        let text = line.trimmed();
        let word = line.before_any(" \t:");
        let capitals = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
        let key = |text: &str| {
            let key = text.without_start("- ").before_any(":");
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./\"' {}$@:".contains(&b);
            text.has(":") && !key.has(" ") && key.bytes().all(plain)
        };
        match self {
            File::Diff => {
                let heads = ["diff", "index", "new", "deleted", "similarity", "rename"];
                text.is_empty() || line.begins("+-@ \\") || heads.contains(&word)
            }
            File::Dockerfile => {
                text.is_empty()
                    || line.begins("# \t")
                    || capitals
                    || before.trim_end().ends_with('\\')
            }
            File::Line => false,
            File::Fields | File::Yaml => {
                let plain = !text.has("Pulling from") && !text.starts_with("Digest: ");
                text.is_empty() || line.begins(" \t-#}") || plain && !capitals && key(text)
            }
        }
    }
}

/// The image of `FROM [--platform=P] IMAGE [AS NAME]`, and the name of that stage.
fn from(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.strip_prefix("FROM ")?;
    let mut words = rest
        .split_whitespace()
        .skip_while(|word| word.starts_with("--"));
    let image = words.next().filter(|word| image(word).is_some())?;
    match (words.next(), words.next(), words.next()) {
        (None, ..) => Some((image, None)),
        (Some(r#as), Some(stage), None) if r#as.eq_ignore_ascii_case("as") => {
            Some((image, Some(stage)))
        }
        _ => None,
    }
}

fn image(text: &str) -> Option<Reference> {
    parsed(text.after_all("docker://").after_all("docker-image://"))
        .filter(|_| text != "scratch" && !is_identifier(text) && !is_platform(text))
}

/// The image with this digest, by its tag only if its name has one.
fn at(image: &Reference, name: &str, digest: &Digest) -> Reference {
    if name.behind_any("/").has(":") {
        image.clone()
    } else {
        image.at(digest)
    }
}

/// What is said behind an image that is named by a tag only.
pub(in crate::paste) const UNPINNED: &str = " is named without a digest";

struct Names {
    reading: Reading,
    /// The stages of a Dockerfile, which are no images.
    stages: Vec<String>,
    /// An image by its parts, as Helm's values and Kustomize have it.
    parts: [String; 5],
    /// True if they are results of a task.
    results: bool,
    /// True if the line has a sign between a name and its value.
    assigns: bool,
    /// An image without a digest, which may be in the next field.
    bare: Option<(Reference, String)>,
}

impl Names {
    fn new(tool: &'static str) -> Self {
        Names {
            reading: Reading::new(tool, None),
            stages: Vec::new(),
            parts: <[String; 5]>::default(),
            results: false,
            assigns: false,
            bare: None,
        }
    }

    fn within(&mut self, key: &str, value: &Value) {
        if let Some(text) = value.as_str() {
            // Files have names and digests too.
            let part = match part(key) {
                _ if is_variable(key) => OTHER,
                NAME if !text.has("/") && result(text) == OTHER => OTHER,
                part => part,
            };
            self.field(part, text, None);
        }
        for item in value.items().unwrap_or_default() {
            self.within(key, item);
            self.next();
        }
        // The digest of an object belongs to no image around it.
        if let Some(members) = value.members() {
            self.settle();
            for member in members {
                self.within(&member.key.text, &member.value);
            }
            self.settle();
        }
    }

    /// A line of a diff.
    fn changed(&mut self, line: &str) {
        let headed = ["diff ", "index ", "--- ", "+++ ", "@@ "];
        if headed.iter().any(|head| line.starts_with(head)) {
            return;
        }
        let removed = line
            .starts_with('-')
            .then_some(" is named in a line that is removed");
        self.line(line.get(1..).unwrap_or_default(), removed);
    }

    /// `removed`: how it is named where that no longer counts.
    fn line(&mut self, line: &str, removed: Option<&str>) {
        let text = line.trimmed();
        self.assigns = text.has(IS);
        // A name without a value begins something else.
        if text.ends_with(':') {
            self.flush();
        } else if text.starts_with("- ") {
            self.next();
        }
        if let Some((image, stage)) = from(text) {
            self.image(image, removed);
            self.stages.extend(stage.map(str::to_owned));
            return;
        }
        if let Some((digest, tags)) = listed(text) {
            return self.listed(&digest, tags);
        }
        if let Some((key, value)) = field(text) {
            return self.field(key, value, removed);
        }
        for mark in ["--from=", ",from=", "# syntax="] {
            if let Some((_, rest)) = text.cut(mark) {
                let name = rest.before_any(" ,\t");
                return self.field(
                    if name.has_any("/:@") { IMAGE } else { OTHER },
                    name,
                    removed,
                );
            }
        }
        if !self.row(text) {
            for word in text.split_whitespace() {
                let word = word.without("\"'`,;()[]<>");
                self.field(OTHER, word.behind_any("=").without("\"'"), removed);
            }
        }
    }

    fn field(&mut self, mut part: usize, value: &str, removed: Option<&str>) {
        // The results of Tekton have a name and a value each, and several images in one.
        if part == VALUE {
            part = result(&std::mem::take(&mut self.parts[NAME]));
            self.results = true;
        } else if part == KEY && value.starts_with("IMAGE") {
            part = NAME;
        } else if part == OF_NAMED {
            part = DIGEST;
            self.parts[NAME].clear();
        }
        let value = value.trim();
        // Without a name for it only what is pinned is certain to be an image.
        let pinned = value.has("@sha256:") && value.before_any("@").has_any("/:");
        let image = part == IMAGE || part == USES && value.starts_with("docker://");
        if image || pinned {
            for image in value.split(',') {
                self.image(image.trim(), removed);
            }
            return;
        }
        if part == DIGEST
            && removed.is_none()
            && let (Some((image, name)), Some(digest)) = (&self.bare, parsed::<Digest>(value))
        {
            self.reading.pins(&at(image, name, &digest), &digest);
            self.bare = None;
            return;
        }
        let Some(known) = self.parts.get(part).filter(|_| removed.is_none()) else {
            return;
        };
        if matches!(part, REPOSITORY | DIGEST) && !known.is_empty() {
            self.flush();
        }
        if let Some(part) = self.parts.get_mut(part) {
            value.clone_into(part);
        }
    }

    /// Ends an entry of a list: its parts belong to no other image. Only the results of a task, each of which is an
    /// entry, belong to one image.
    fn next(&mut self) {
        self.settle();
        let [_, repository, name, _, digest] = &self.parts;
        if !(digest.is_empty() || repository.is_empty() && name.is_empty()) {
            self.flush();
        }
        if !self.results {
            self.parts = <[String; 5]>::default();
        }
        self.parts[NAME].clear();
    }

    /// Takes an image that was named by its parts.
    fn flush(&mut self) {
        self.settle();
        let [registry, mut repository, name, tag, digest] = std::mem::take(&mut self.parts);
        self.results = false;
        if repository.is_empty() && digest.starts_with("sha256:") {
            repository = name;
        } else if let Some(kept) = self.parts.get_mut(NAME) {
            // A list of digests gives its name once.
            *kept = name;
        }
        if repository.is_empty() || tag.is_empty() && digest.is_empty() {
            return;
        }
        let mut image = repository;
        if !registry.is_empty() {
            image = format!("{registry}/{image}");
        }
        for (mark, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                image.push(mark);
                image += &part;
            }
        }
        self.image(&image, None);
        self.settle();
    }

    fn image(&mut self, name: &str, removed: Option<&str>) {
        let Some(image) = image(name).filter(|_| !self.stages.iter().any(|stage| stage == name))
        else {
            return;
        };
        self.settle();
        // Rules for builds name the digest first.
        let before = parsed::<Digest>(&self.parts[DIGEST]).filter(|_| self.assigns);
        match (image.digest(), removed, before) {
            (Some(digest), None, _) => self.reading.pins(&image, digest),
            (None, None, Some(digest)) => self.reading.pins(&at(&image, name, &digest), &digest),
            (None, None, None) => self.bare = Some((image, name.to_owned())),
            (digest, Some(how), _) => {
                let tagged = image.tag().and_then(|tag| image.with_tag(tag).ok());
                let reference = tagged.as_ref().unwrap_or(&image);
                let text = format!("{reference}{how}");
                self.reading.note(digest, Code::Named, text);
            }
        }
    }

    /// Notes the image of which no digest came.
    fn settle(&mut self) {
        if let Some((image, _)) = self.bare.take() {
            let text = format!("{image}{UNPINNED}");
            self.reading.note(None, Code::Named, text);
        }
    }

    /// A line with a digest, and at most a platform beside it.
    fn loose(&mut self, text: &str) {
        let row = DigestRow::of(text);
        if let (Some(digest), None, 0) = (&row.digest, &row.image, row.others) {
            self.reading.unattributed(Some(digest));
        }
    }

    /// A row of a list with one image and one digest, and nothing else that could change what they mean.
    fn row(&mut self, text: &str) -> bool {
        let row = DigestRow::of(text);
        let (Some(image), Some(digest)) = (&row.image, &row.digest) else {
            return false;
        };
        let alone = row.others == 0 && row.platform.is_empty();
        if alone {
            self.reading.pins(image, digest);
        }
        alone
    }

    /// A digest and its tags, in a list that gives the last part of the name.
    fn listed(&mut self, digest: &Digest, tags: &str) {
        let tags: Vec<&str> = tags.split(',').map(|tag| tag.without("[]\"' ")).collect();
        let text = format!(
            "{} {} is listed with this digest; the list does not say in which registry",
            crate::text::shown(self.parts.get(NAME).map_or("", String::as_str)),
            crate::text::shown(&joined(&tags, ", "))
        );
        self.reading.note(Some(digest), Code::Named, text);
    }
}

/// `"sha256:…": ["v1", "v2"]`
fn listed(text: &str) -> Option<(Digest, &str)> {
    let (digest, tags) = text.cut(": [")?;
    Some((parsed(digest.without("\"'"))?, tags))
}
