//! Command lines: the prompt before them, their words, what they were run for, and what was
//! done to their output.

mod address;
mod filter;
mod prompt;
mod run;
mod variables;
mod words;

use crate::name::Reference;
use crate::paste::{Fidelity, Program, Verb, Words, is_identifier};
use crate::text::Parts;

pub(crate) use address::image_at;
pub(crate) use filter::Filter;
use filter::filter;
use prompt::{after_certain_prompt, after_weak_prompts};
use run::{runs_any, verb};
use variables::is_variable;
pub(crate) use variables::{assigned, with_images};
use words::words;

/// A command line, as far as it tells what was printed below it.
#[derive(Clone, Default)]
pub(crate) struct Command {
    /// The command that was run, if it prints digests.
    pub(crate) verb: Option<&'static Verb>,
    /// The flags, each with its value where it has one.
    pub(crate) flags: Vec<(String, Option<String>)>,
    /// The images it was run for.
    pub(crate) references: Vec<Reference>,
    /// Whether it was run for something that cannot be read here, such as a variable.
    pub(crate) unclear: bool,
    /// The filters after it, in order.
    pub(crate) filters: Vec<Filter>,
    /// True if it was run for what is in an archive, a folder or a local store.
    pub(crate) kept: bool,
    /// True if it asked a registry for a manifest or an index.
    pub(crate) document: bool,
    /// Its own name, where the verb has several that are not the same.
    pub(crate) named: Option<&'static str>,
    /// The choice that the last of these that chooses was told to make.
    pub(crate) picked: String,
}

/// Words before a command that do not change what it prints.
const BEFORE: &[&str] = &[
    "command", "env", "exec", "k3s", "lima", "microk8s", "sudo", "time",
];

/// The command of a line that has a prompt, or that is a known command as it stands.
pub(crate) fn read(line: &str) -> Option<Command> {
    let line = line.trimmed();
    // The shortest that is anything is `$`; and a line of JSON may be very long.
    if line.is_empty() || (line.len() == 1 && line != "$") || line.starts_with('{') {
        return None;
    }
    if let Some(rest) = after_certain_prompt(line) {
        return Some(parse(rest).unwrap_or_default());
    }
    // Of what nothing else looks like any command is one.
    let prompt = || (line.begins("➜╭") || line.starts_with("┌──(")).then(Command::default);
    if !line.has(" ") {
        return prompt();
    }
    // A filter that reads a file.
    let reads_file = |line: &str| {
        let filters = ["jq ", "cat "].iter().any(|start| line.starts_with(start));
        (filters && line.strip_suffix(".json").is_some()).then(Command::default)
    };
    // An item of a list, or code in Markdown.
    let plain = line.without_start("0123456789.-*)` ").without_end("`");
    // Nearly every line runs nothing, which is cheap to see.
    if !runs_any(line) && !runs_any(plain.before_any(" ")) {
        return prompt().or_else(|| reads_file(plain));
    }
    // A heading or a quotation may begin with the name of a program that asks for any address.
    let runs = |text| {
        parse(text).filter(|command: &Command| {
            let asks = |verb: &Verb| verb.program.words == Words::Addresses;
            let addressed = command.unclear || !command.references.is_empty();
            addressed || !command.verb.is_some_and(asks)
        })
    };
    if let Some(command) = after_weak_prompts(line).find_map(runs) {
        return Some(command);
    }
    parse(plain)
        .filter(|command| reads_as_command(command, plain))
        .or_else(prompt)
        .or_else(|| reads_file(plain))
}

/// Reads the text after a prompt that directly follows other output, as a shell prints it when that
/// output has no final newline.
pub(crate) fn read_behind_output(rest: &str) -> Option<Command> {
    let rest = rest.trimmed();
    after_certain_prompt(rest).map(|command| parse(command).unwrap_or_default())
}

/// True if the line goes on in the next one.
pub(crate) fn goes_on(line: &str) -> bool {
    let line = line.without_end("\r\n ");
    line.ends_with('\\') && !line.ends_with("\\\\")
}

impl Command {
    /// The one image that it was run for.
    pub(crate) fn about(&self) -> Option<&Reference> {
        match self.references.as_slice() {
            [one] if !self.unclear => Some(one),
            _ => None,
        }
    }

    /// True if one of these flags is set.
    pub(crate) fn has(&self, names: &str) -> bool {
        let set = |value: &Option<String>| value.as_deref() != Some("false");
        self.flags
            .iter()
            .any(|(name, value)| names.has_word(name) && set(value))
    }

    /// The value of the first of these flags.
    pub(crate) fn value(&self, names: &str) -> Option<&str> {
        let found = self.flags.iter().find(|(name, _)| names.has_word(name));
        found.and_then(|(_, value)| value.as_deref())
    }

    /// Whether this is what was run.
    pub(crate) fn runs(&self, verb: &Verb) -> bool {
        self.verb.is_some_and(|run| std::ptr::eq(run, verb))
    }

    /// The full name of what was run.
    pub(crate) fn name(&self) -> &'static str {
        self.named
            .or(self.verb.map(|verb| verb.name))
            .unwrap_or_default()
    }

    /// Whether it shows what this machine keeps.
    fn is_local(&self) -> bool {
        self.verb.is_some_and(|verb| verb.local)
    }

    /// True if it prints a manifest or an index.
    pub(crate) fn prints_manifest(&self) -> bool {
        self.verb.is_some_and(|verb| (verb.manifest)(self))
    }

    /// Whether it prints a manifest or an index as the registry has it, byte for byte.
    pub(crate) fn prints_exactly(&self) -> bool {
        self.verb.is_some_and(|verb| (verb.exact)(self))
    }

    /// True if the whole output is there, perhaps in another layout.
    pub(crate) fn whole(&self) -> bool {
        !self
            .filters
            .iter()
            .any(|filter| matches!(filter, Filter::Hash | Filter::Select | Filter::Other))
    }

    /// True if only lines of the output are there.
    pub(crate) fn selects(&self) -> bool {
        self.filters.contains(&Filter::Select) && !self.hashes()
    }

    /// True if the output is there, or a part of it.
    pub(crate) fn is_shown(&self) -> bool {
        !self.hashes()
    }

    /// True if the output was hashed.
    pub(crate) fn hashes(&self) -> bool {
        self.filters.contains(&Filter::Hash)
    }

    /// The treatment of the bytes after the filters, if the tool itself treats them like this.
    pub(crate) fn fidelity(&self, fidelity: Fidelity) -> Fidelity {
        let has = |filter| self.filters.contains(&filter);
        match fidelity {
            _ if has(Filter::Sort) => Fidelity::Rebuilt,
            Fidelity::Exact if has(Filter::Indent) => Fidelity::Indented,
            fidelity => fidelity,
        }
    }
}

/// True if a line without a prompt is a command, and no sentence that begins with its name: it has
/// one image, or several that could be nothing else.
fn reads_as_command(command: &Command, line: &str) -> bool {
    let sentence = line.ends(".:,!") && !line.ends_with(" .") || line.has(". ");
    let names = line.before_any("|>").split_whitespace();
    let marked = names.filter(|word| word.has_any("/:@")).count();
    let images = command.references.len();
    let flags = |verb: &Verb| verb.program.words != Words::Flags || !command.flags.is_empty();
    let listing = command.verb.is_some_and(|verb| verb.lists && flags(verb));
    let identified = command.is_local() && words_are_identifiers(line);
    let enough = match images {
        0 if command.kept => true,
        0 => listing || identified || command.unclear && (line.has("$") || line.has("sha256:")),
        1 => !command.unclear,
        _ => marked >= images && !command.unclear,
    };
    enough && !sentence && (!listing || images < 2)
}

/// True if such a line ends in the identifier of an image, and no word of a sentence that has only
/// the letters up to f.
fn words_are_identifiers(line: &str) -> bool {
    let last = line.before_any("|>").split_whitespace().last();
    last.is_some_and(|word| is_identifier(word) && word.bytes().any(|b| b.is_ascii_digit()))
}

fn parse(line: &str) -> Option<Command> {
    if !runs_any(line) {
        return None;
    }
    let stages = words(line);
    let (first, filters) = stages.split_first()?;
    let mut first = first.as_slice();
    while let Some((word, rest)) = first.split_first() {
        let assignment = word
            .split_once('=')
            .is_some_and(|(name, _)| is_variable(name));
        if !assignment && !BEFORE.contains(&word.as_str()) {
            break;
        }
        first = rest;
    }
    let (verb, own, arguments) = verb(first)?;
    let mut command = Command {
        verb: Some(verb),
        named: own,
        filters: filters.iter().map(|words| filter(words)).collect(),
        picked: picked(filters),
        ..Command::default()
    };
    command.arguments(verb.program, &arguments);
    Some(command)
}

/// The program of the first `jq`, or the words that `grep` looks for.
fn picked(filters: &[Vec<String>]) -> String {
    let mut chooses = filters
        .iter()
        .filter(|words| filter(words) == Filter::Select);
    let words = chooses.next().map(Vec::as_slice).unwrap_or_default();
    let program = words.iter().skip(1).find(|word| !word.starts_with('-'));
    program.cloned().unwrap_or_default()
}

impl Command {
    fn arguments(&mut self, program: &Program, words: &[&str]) {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if !word.starts_with('-') || word.len() < 2 {
                self.image(program, word);
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None if program.takes_value(word) => (*word, words.next().map(|v| (*v).to_owned())),
                None => (*word, None),
            };
            self.unclear |= program.on_disk.has_word(name);
            if let Some(value) = value.as_deref().filter(|_| program.named_by.has_word(name)) {
                self.reference(value);
            }
            self.flags.push((name.to_owned(), value));
        }
    }

    fn image(&mut self, program: &Program, word: &str) {
        if program.words == Words::Addresses {
            self.document |= word.has("/manifests/");
            if word.has("onlyActiveTags=true") {
                self.flags.push(("onlyActiveTags".to_owned(), None));
            }
            if word.has("://") || word.has("/v2/") || word.has("/packages/container/") {
                match image_at(word) {
                    Some(image) => self.references.push(image),
                    None => self.unclear = true,
                }
            } else {
                self.flags.push((String::new(), Some(word.to_owned())));
            }
            return;
        }
        let name = word.strip_prefix("docker://").unwrap_or(word);
        // What is asked of a local store may be the beginning of an identifier, however short.
        let hex = is_identifier(name) && (self.is_local() || name.len() >= 12);
        let no_image = match program.words {
            Words::Target => {
                self.references.clear();
                self.unclear = false;
                word.has(":/") && name.len() == word.len()
            }
            Words::Transports => {
                self.kept |= name.len() == word.len() && word.has(":");
                name.len() == word.len()
            }
            Words::Others => true,
            Words::Flags => return,
            _ => false,
        };
        if no_image || hex {
            self.unclear = true;
            return;
        }
        self.reference(name);
    }

    fn reference(&mut self, name: &str) {
        match name.parse() {
            Ok(reference) => self.references.push(reference),
            Err(_) => self.unclear = true,
        }
    }

    /// The part of the output that is chosen, in the language of the tool or of `jq`.
    pub(crate) fn chosen(&self) -> &str {
        let format = self.value("--format -f --output -o --query");
        format
            .filter(|_| self.picked.is_empty())
            .unwrap_or(&self.picked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_command_behind_a_prompt() {
        for prompt in [
            "$ ",
            "# ",
            "% ",
            "> ",
            "❯ ",
            "user@host:~/x$ ",
            "[user@host x]# ",
            "PS C:\\Users\\a> ",
            "C:\\>",
            "root@4f2:/# ",
            "bash-5.2$ ",
            "user@host ~ % ",
            "(venv) user@host:~$ ",
            "",
            "➜  x ",
            "➜  ~ ",
            "➜  beacon git:(main) ✗ ",
            "» ",
            "~/src/beacon (main) » ",
            "λ ~/src ",
            "~ ❯❯❯ ",
            "╰─$ ",
            "└─➤ ",
            "❯ ",
            "+ ",
            "##[command]",
            "[command]/usr/bin/",
            "[nix-shell:~/x]$ ",
            "12:30:01 user@host ~/x $ ",
            "beacon on  main via 🐳 desktop-linux ❯ ",
            "1. ",
            "- ",
            "/ # ",
            "~/src $ ",
            "host:src user$ ",
            "sudo ",
            "$ DOCKER_CLI_EXPERIMENTAL=enabled ",
            "$ /usr/bin/",
        ] {
            let line =
                format!("{prompt}docker manifest inspect --insecure nicolas/webdis:0.1.19 | jq .");
            let command = read(&line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(command.name(), "docker manifest inspect", "{line}");
            let about = command.about().map(ToString::to_string);
            assert_eq!(
                about.as_deref(),
                Some("docker.io/nicolas/webdis:0.1.19"),
                "{line}"
            );
            assert_eq!(command.filters, [Filter::Indent]);
        }
    }

    #[test]
    fn a_sentence_is_no_command() {
        for line in [
            "docker trust inspect",
            "docker images are built for each release",
            "docker image inspect and compare the Id fields:",
            "Docker images for Webdis are signed",
            "crane digest of the image",
            "# Manifests",
            "# http caching of tags",
            "> gh api is what we ask",
            "> quoted",
            "docker images are built",
            "nicolas/webdis@sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54",
            "ubuntu@sha256:2e86: Pulling from x, 45% done",
        ] {
            assert!(read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn reads_arguments() {
        let command =
            read("$ skopeo inspect --tls-verify=false --config docker://127.0.0.1:5000/a/b:1")
                .unwrap();
        assert_eq!(command.about().unwrap().to_string(), "127.0.0.1:5000/a/b:1");
        assert!(command.has("--config") && !command.has("--raw --tls-verify"));
        let command =
            read("$ docker --config /x buildx imagetools inspect --format '{{json .}}' a/b 2>&1")
                .unwrap();
        assert_eq!(command.value("--format"), Some("{{json .}}"));
        assert_eq!(command.about().unwrap().repository(), "a/b");
        for line in [
            "$ cosign verify --local-image a/b",
            "$ crane digest --tarball=a.tar a/b",
            "$ notation list --oci-layout a/b",
            "$ oras resolve --oci-layout a/b",
            "$ oras resolve --oci-layout-path=c a/b",
        ] {
            let command = read(line).unwrap();
            assert!(command.unclear && command.about().is_none(), "{line}");
        }
        let command = read("$ docker inspect sha256:ecadadde26d4").unwrap();
        assert!(command.unclear && command.references.is_empty());
        let command = read("$ crane digest \"$IMAGE\"").unwrap();
        assert!(command.about().is_none());
        let command =
            read("$ docker manifest inspect a/b:c \\\n  | perl -pe 'chomp if eof' | shasum -a 256")
                .unwrap();
        assert_eq!(command.filters, [Filter::Chomp, Filter::Hash]);
        assert_eq!(command.about().unwrap().to_string(), "docker.io/a/b:c");
    }
}
