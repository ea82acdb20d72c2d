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

use crate::claim::Code;
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Line, Output, Reading, Shape, Tool, is_identifier, never};
use crate::text::{Ascii, Parts, joined, parsed};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json,
    lines,
    plain: Ascii::of("#CF"),
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

fn lines(_: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
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
    if names.reading.statements.is_empty() {
        // A whole file is one; a line in prose may only look like it.
        if first.starts_with("FROM ") || file == File::Line {
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
    /// A line by itself.
    Line,
    Yaml,
}

impl File {
    fn of(lines: &[Line]) -> Option<Self> {
        let line = lines.first()?.text;
        let text = line.trimmed();
        let begins = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
        let dmap = || {
            lines
                .get(1)
                .is_some_and(|next| next.text.trimmed() == "dmap:")
        };
        Some(match () {
            () if begins(&["diff --git ", "--- a/", "@@ -"]) => File::Diff,
            () if from(text).is_some() || begins(&["# syntax=", "COPY --from="]) => {
                File::Dockerfile
            }
            () if begins(&["apiVersion: ", "services:"]) || dmap() => File::Yaml,
            () => match field(text) {
                Some(("registry" | "repository" | "newname", _)) if lines.len() > 1 => File::Yaml,
                Some((key, value)) if is_image(key) && image(value).is_some() => File::Yaml,
                _ if text.has("sha256:") && text.len() < 1200 => File::Line,
                _ => return None,
            },
        })
    }

    fn name(self) -> &'static str {
        match self {
            File::Diff => "a diff",
            File::Dockerfile => "a Dockerfile",
            File::Line => "a text that names images",
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
            File::Yaml => {
                let plain = !text.has("Pulling from") && !text.starts_with("Digest: ");
                text.is_empty() || line.begins(" \t-#") || plain && !capitals && key(text)
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

/// A name and its value in a line, the name in lower case where it is one of those known here.
fn field(line: &str) -> Option<(&'static str, &str)> {
    let (key, value) = line.after_all("- ").split_once(':')?;
    let key = key.without("\"'");
    let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key))?;
    let mut words = value.split_whitespace();
    let value = words.next().unwrap_or_default();
    // Words of prose are no value; what else follows is a comment.
    let prose = words.next().is_some_and(|word| !word.begins("#/"));
    (!prose).then_some((*known, value.without("\"',")))
}

const KEYS: [&str; 11] = [
    "baseimage",
    "container",
    "digest",
    "image",
    "name",
    "newname",
    "newtag",
    "registry",
    "repository",
    "tag",
    "uses",
];

fn is_image(key: &str) -> bool {
    matches!(key, "baseimage" | "container" | "image" | "uses")
}

fn image(text: &str) -> Option<Reference> {
    parsed(text.after_all("docker://")).filter(|_| text != "scratch" && !is_identifier(text))
}

/// What is said behind an image that is named by a tag only.
pub(in crate::paste) const UNPINNED: &str = " is named without a digest";

struct Names {
    reading: Reading,
    /// The stages of a Dockerfile, which are no images.
    stages: Vec<String>,
    /// An image by its parts, as Helm's values and Kustomize have it.
    parts: [String; 5],
}

/// The parts of an image's name, and other names of theirs.
const PARTS: [&str; 7] = [
    "registry",
    "repository",
    "name",
    "tag",
    "digest",
    "newtag",
    "newname",
];
const REPOSITORY: usize = 1;
const NAME: usize = 2;

impl Names {
    fn new(tool: &'static str) -> Self {
        Names {
            reading: Reading::new(tool, None),
            stages: Vec::new(),
            parts: <[String; 5]>::default(),
        }
    }

    fn within(&mut self, key: &str, value: &Value) {
        if let Some(text) = value.as_str() {
            let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key));
            self.field(known.copied().unwrap_or_default(), text, None);
        }
        for item in value.items().unwrap_or_default() {
            self.within(key, item);
        }
        for member in value.members().unwrap_or_default() {
            self.within(&member.key.text, &member.value);
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
        // A name without a value begins something else.
        if text.ends_with(':') {
            self.flush();
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
                    if name.has_any("/:@") { "image" } else { "" },
                    name,
                    removed,
                );
            }
        }
        if !self.row(text) {
            for word in text.split_whitespace() {
                self.field("", word.without("\"'`,;()[]<>"), removed);
            }
        }
    }

    fn field(&mut self, key: &str, value: &str, removed: Option<&str>) {
        // Without a name for it only what is pinned is certain to be an image.
        let pinned = value.has("@sha256:") && value.before_any("@").has_any("/:");
        let image = is_image(key) && (key != "uses" || value.starts_with("docker://"));
        if image || pinned && !key.ends_with("tag") {
            return self.image(value, removed);
        }
        let part = match PARTS.iter().position(|part| *part == key) {
            Some(part) if removed.is_none() => part,
            _ => return,
        };
        // The other names of tag and repository.
        let part = match part {
            5 => 3,
            6 => REPOSITORY,
            part => part,
        };
        let taken = |part: &String| part.is_empty();
        if part == REPOSITORY && !self.parts.get(part).is_none_or(taken) {
            self.flush();
        }
        if let Some(part) = self.parts.get_mut(part) {
            value.clone_into(part);
        }
    }

    /// Takes an image that was named by its parts.
    fn flush(&mut self) {
        let [registry, mut repository, name, tag, digest] = std::mem::take(&mut self.parts);
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
    }

    fn image(&mut self, name: &str, removed: Option<&str>) {
        let Some(image) = image(name).filter(|_| !self.stages.iter().any(|stage| stage == name))
        else {
            return;
        };
        match (image.digest(), removed) {
            (Some(digest), None) => self.reading.pins(&image, digest),
            (digest, how) => {
                let tagged = image.tag().and_then(|tag| image.with_tag(tag).ok());
                let reference = tagged.as_ref().unwrap_or(&image);
                let text = format!("{reference}{}", how.unwrap_or(UNPINNED));
                self.reading.note(digest, Code::Named, text);
            }
        }
    }

    /// A row of a list with one image and one digest, and nothing else that could change what they mean.
    fn row(&mut self, text: &str) -> bool {
        let (mut images, mut digests) = (Vec::new(), Vec::new());
        for word in text.split(|c: char| c.is_whitespace() || c == '|') {
            let word = word.without("\"'`,;()[]<>*-=→");
            let words = "digest digest: image image: is sha256 tag tag:";
            if word.is_empty() || words.has_word(&word.to_ascii_lowercase()) {
                continue;
            }
            if let Some(digest) =
                parsed::<Digest>(word).filter(|digest| digest.algorithm().is_some())
            {
                digests.push(digest);
            } else {
                images.push(
                    parsed::<Reference>(word)
                        .filter(|image| word.has("/") && image.digest().is_none()),
                );
            }
        }
        let ([Some(image)], [digest]) = (images.as_slice(), digests.as_slice()) else {
            return false;
        };
        self.reading.pins(image, digest);
        true
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
