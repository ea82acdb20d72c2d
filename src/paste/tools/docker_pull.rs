//! `docker pull` and `docker push`: what the daemon resolved a tag to.
//!
//! `TAG: Pulling from REPOSITORY` has no registry in it, so that line names no image; `Status:`
//! and the last line do (moby: `daemon/internal/distribution/pull_v2.go`, `push_v2.go`,
//! `daemon/containerd/image_pull.go`, `image_push.go`).

use crate::claim::{Code, Signatory, Statement};
use crate::digest::Digest;
use crate::error::Error;
use crate::name::Reference;
use crate::paste::{
    ANSWERED, Command, DOCKER, JsonForm, LEFT_OUT, Line, Output, Reading, Tool, Verb, answer, fit,
    is_cut, repository,
};
use crate::text::{Ascii, Parts, beginning, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&PULL, &PUSH],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, PROGRESS),
    lines,
    plain: Ascii::of("T"),
    ..Tool::NONE
};

/// The end of a push, as the daemon's interface says it.
const PROGRESS: &[JsonForm] = &[JsonForm {
    tool: "docker push",
    means: ANSWERED,
    images: "aux d=Digest t=Tag s=Size",
    parts: "",
}];

static PULL: Verb = Verb::new(DOCKER, "docker pull|docker image pull");
static PUSH: Verb = Verb::new(DOCKER, "docker push|docker image push");

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trimmed();
    if refers(first).is_some() || (output.runs(&PUSH) && pushed(first).is_some()) {
        return Some(push(output, lines));
    }
    let pulls = words(SIGNED, first).is_some()
        || first == "Using default tag: latest"
        || output.signs.holds(PULLING) && pulling(first).is_some()
        || output.runs(&PULL) && (layer(first) || is_cut(first))
        || (digest(first).is_some() && (output.runs(&PULL) || status_follows(lines)));
    pulls.then(|| pull(output, lines))
}

/// The lines with the digest that the trust data has for the tag, and with the tag that it is given.
const SIGNED: &str = "Pull ($x of $x): $n|Tagging $n as $t";

/// The holes of the first of these patterns that a line has.
fn words<'t>(patterns: &str, line: &'t str) -> Option<Vec<(u8, &'t str)>> {
    patterns.split('|').find_map(|pattern| fit(pattern, line))
}

/// The value of the first hole.
fn word<'t>(patterns: &str, line: &'t str) -> Option<&'t str> {
    Some(words(patterns, line)?.first()?.1)
}

/// The signs in its first line.
const PULLING: Ascii = Ascii::of(":Pullingfrom");

/// `0.1.19: Pulling from nicolas/webdis`
fn pulling(line: &str) -> Option<&str> {
    word("$t: Pulling from $n", line)
}

fn digest(line: &str) -> Option<Result<Digest, Error>> {
    Some(line.strip_prefix("Digest: ")?.trim().parse())
}

fn status(line: &str) -> Option<Reference> {
    let said = "Status: Downloaded newer image for $n|Status: Image is up to date for $n";
    parsed(word(said, line)?)
}

fn status_follows(lines: &[Line]) -> bool {
    lines
        .get(1)
        .is_some_and(|line| status(line.text.trimmed()).is_some())
}

/// `e756f3fdd6a3: Pull complete`
fn layer(line: &str) -> bool {
    let Some((id, state)) = line.cut(": ") else {
        return false;
    };
    let short = id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit());
    short && STATES.split('|').any(|known| state.starts_with(known))
}

/// The beginnings of what is said of a layer.
const STATES: &str = "Already exists|Download complete|Downloading|Extracting|Layer already exists|Mounted from|\
     Preparing|Pull complete|Pulling fs layer|Pushed|Pushing|Retrying|Verifying Checksum|Waiting";

fn pull(output: &Output, lines: &[Line]) -> (Reading, usize) {
    let mut pull = Pull::default();
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.trimmed();
        if is_cut(text) {
            pull.cut = true;
        } else if !text.is_empty() && !pull.line(text) {
            break;
        }
        if !text.is_empty() {
            read = n + 1;
        }
    }
    (pull.reading(output), read)
}

#[derive(Default)]
struct Pull {
    /// Each digest, with the tag that the line above it gives.
    digests: Vec<(Option<String>, Digest)>,
    tag: Option<String>,
    image: Option<Reference>,
    /// The name and the digest of each tag that is signed.
    signed: Vec<Reference>,
    /// The names that were given locally to what was pulled by its digest.
    tagged: Vec<(Reference, Digest)>,
    /// True if lines were left out.
    cut: bool,
    /// The reason a text in place of a digest is not one.
    wrong: Option<(Error, String)>,
}

impl Pull {
    /// True if the line belongs to the output.
    fn line(&mut self, text: &str) -> bool {
        match words(SIGNED, text).as_deref() {
            Some([_, _, (_, name)]) => {
                self.signed.extend(parsed::<Reference>(name));
                return true;
            }
            Some([(_, of), (_, name)]) => {
                let digest = parsed::<Reference>(of).and_then(|of| of.digest().cloned());
                self.tagged.extend(parsed(name).zip(digest));
                return true;
            }
            _ => {}
        }
        if self.image.is_some() && self.signed.is_empty() {
            // The full name, printed again as the last line.
            let name = parsed::<Reference>(text);
            return name.is_some_and(|name| text.has("/") && self.image.as_ref() == Some(&name));
        }
        if let Some(tag) = pulling(text) {
            self.tag = Some(tag.to_owned());
        } else if let Some(digest) = digest(text) {
            match digest {
                Ok(digest) => self.digests.push((self.tag.take(), digest)),
                Err(error) => self.wrong = Some((error, beginning(text))),
            }
        } else if let Some(image) = status(text) {
            self.image = Some(image);
        } else {
            return layer(text)
                || text == "Using default tag: latest"
                || text.starts_with("Status: ");
        }
        true
    }

    fn reading(self, output: &Output) -> Reading {
        let all = output
            .command
            .is_some_and(|command| command.has("-a --all-tags"));
        let mut reading = Reading::new(PULL.name, output.about.or(self.image.as_ref()));
        if let (Some(asked), Some(image)) = (output.about, &self.image)
            && !all
            && self.signed.is_empty()
            && !asked.names_same(image)
        {
            let text =
                format!("the text is about {image}, its command line or its reader says {asked}");
            reading.note(None, Code::OtherReference, text);
            reading.about = Some(image.clone());
        }
        if let Some((error, line)) = &self.wrong {
            reading.state(Statement::error(None, error, format!("{error}: {line}")));
        }
        if self.cut {
            reading.note(None, Code::Elided, LEFT_OUT);
        }
        if self.digests.is_empty() {
            reading.note(
                None,
                Code::NoDigest,
                "the digest that was pulled is not in this text",
            );
        }
        for name in &self.signed {
            if let Some(digest) = name.digest() {
                reading.signs(
                    digest,
                    name.tag(),
                    Signatory::named("a key that docker trusts"),
                );
            }
        }
        for (name, digest) in &self.tagged {
            reading.keeps(name, digest);
        }
        if !self.signed.is_empty() {
            // It is pulled by the digest: the registry was not asked for the tag.
            return reading;
        }
        // Each of several has its tag above it, though the command line may be missing.
        let all = all || self.digests.len() > 1;
        for (tag, digest) in &self.digests {
            let tagged = reading
                .about
                .as_ref()
                .and_then(|about| about.with_tag(tag.as_deref()?).ok());
            match tagged.filter(|_| all) {
                Some(reference) => reading.resolves_for(&reference, digest),
                None => reading.resolves(digest),
            }
        }
        reading
    }
}

/// `0.1.19: digest: sha256:… size: 1994`
fn pushed(line: &str) -> Option<(&str, Digest, &str)> {
    let found = words("$t: digest: $d size: $s", line)?;
    let [(_, tag), (_, digest), (_, size)] = *found.as_slice() else {
        return None;
    };
    let number = size.bytes().all(|b| b.is_ascii_digit());
    Some((tag, parsed(digest)?, size)).filter(|_| number)
}

/// The first line; before 17.04 it had an article more (moby: `distribution/push_v2.go`).
fn refers(line: &str) -> Option<&str> {
    let said = "The push refers to repository [$n]*|The push refers to a repository [$n]*";
    word(said, line)
}

/// The beginnings of the lines between a push and its signature.
const SIGNING: [&str; 4] = [
    "Signing and pushing trust metadata",
    "DEBU[",
    "Enter passphrase for ",
    "Finished initializing ",
];

/// The keys that the repository's root is signed with, which docker prints where it is asked to tell all.
fn root_keys(reading: &mut Reading, of: Option<&Reference>, line: &str) {
    let keys = line
        .cut("root keys: [")
        .map_or("", |(_, keys)| keys.before_any("]"));
    for key in keys.split_whitespace().take(8) {
        if let (Some(of), Ok(key)) = (of, Digest::from_sha256_hex(key)) {
            reading.state(Statement::Authorises {
                reference: repository(of),
                role: "Root".to_owned(),
                key: key.encoded().to_owned(),
            });
        }
    }
}

fn push(output: &Output, lines: &[Line]) -> (Reading, usize) {
    let mut reading = Reading::new(PUSH.name, output.about);
    let mut pushed_to = output.about.cloned();
    let mut read = 0;
    let mut last: Option<(String, Digest)> = None;
    let mut signs = false;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.trimmed();
        if SIGNING.iter().any(|start| text.starts_with(start)) {
            signs |= !text.starts_with("DEBU[");
            root_keys(&mut reading, pushed_to.as_ref(), text);
        } else if let (Some(_), Some((tag, digest))) =
            (text.strip_prefix("Successfully signed "), &last)
        {
            reading.signs(digest, Some(tag), Signatory::named("a key that docker had"));
            signs = false;
        } else if let Some(name) = refers(text) {
            pushed_to = parsed(name).or(pushed_to);
        } else if let Some((tag, digest, size)) = pushed(text) {
            match pushed_to
                .as_ref()
                .and_then(|image| image.with_tag(tag).ok())
            {
                Some(reference) => {
                    reading.resolves_for(&reference, &digest);
                    reading.about.get_or_insert(reference);
                }
                None => reading.unattributed(Some(&digest)),
            }
            reading.size(&digest, size);
            last = Some((tag.to_owned(), digest));
        } else if is_cut(text) {
            reading.note(None, Code::Elided, LEFT_OUT);
        } else if !text.is_empty() && !layer(text) {
            break;
        }
        if !text.is_empty() {
            read = n + 1;
        }
    }
    if let (true, Some((_, digest))) = (signs, &last) {
        let text = "docker began to sign the tag; the text ends before it says that it did";
        reading.note(Some(digest), Code::Elided, text);
    }
    (reading, read)
}
