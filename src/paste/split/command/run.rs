//! The command that words run: the program, and its subcommand with flags between.

use crate::paste::{Program, TOOLS, Verb, bit, code, first_code};
use crate::text::{Ascii, Parts};

/// The verb that these words begin with, with flags between them taken out, and the other words.
pub(super) fn verb(words: &[String]) -> Option<(&'static Verb, Option<&'static str>, Vec<&str>)> {
    let (name, rest) = words.split_first()?;
    let name = program(name);
    let names: Vec<&str> = rest.iter().map(String::as_str).collect();
    let codes = names
        .iter()
        .fold(bit(code(name)), |all, word| all | bit(code(word)));
    let mut verbs = TOOLS.iter().flat_map(|tool| tool.commands);
    let (verb, path, own) = verbs.find_map(|verb| {
        if verb.codes & codes == 0 {
            return None;
        }
        let mut spelled = verb
            .spelled
            .split('|')
            .map(|path| (path.after_all("+"), path));
        let found = spelled.find(|(path, _)| {
            let (first, rest) = path.split_once(' ').unwrap_or((path, ""));
            first == name && has_subcommand(verb.program, &names, rest)
        });
        let (path, spelling) = found?;
        Some((*verb, path, Some(path).filter(|_| spelling.begins("+"))))
    })?;
    let mut left = spaces(path);
    let mut after_flag = false;
    let arguments = names.into_iter().filter(|word| {
        let sub = left > 0 && !word.starts_with('-') && !after_flag;
        after_flag = left > 0 && verb.program.takes_value(word);
        left -= usize::from(sub);
        !sub
    });
    Some((verb, own, arguments.collect()))
}

/// Whether these are the first words that are neither flags nor their values.
fn has_subcommand(program: &Program, words: &[&str], subcommand: &str) -> bool {
    let mut wanted = subcommand.split(' ').filter(|word| !word.is_empty());
    let mut next = wanted.next();
    let mut after_flag = false;
    for word in words {
        let is_flag = word.starts_with('-') || after_flag;
        after_flag = program.takes_value(word);
        if is_flag {
            continue;
        }
        if next != Some(*word) {
            break;
        }
        next = wanted.next();
    }
    next.is_none()
}

fn spaces(words: &str) -> usize {
    words.bytes().filter(|b| *b == b' ').count()
}

/// True if one of the first words is a program of one of the tools.
pub(super) fn runs_any(line: &str) -> bool {
    let mut names = line.split_whitespace().take(FIRST_WORDS);
    names.any(|word| {
        // Every name of one ends with such a letter.
        let last = word.as_bytes().last();
        if !last.is_some_and(u8::is_ascii_lowercase) {
            return false;
        }
        let name = program(word);
        CODES.has(code(name)) && PROGRAMS.has_word(name)
    })
}

/// The most words before the name of the program, with those of a prompt.
const FIRST_WORDS: usize = 20;

/// The codes of the programs, which few other words have.
const CODES: Ascii = {
    let mut codes = Ascii::of("");
    let mut rest = PROGRAMS.as_bytes();
    while let [_, ..] = rest {
        let (code, behind) = first_code(rest, b' ');
        codes = codes.with(code);
        rest = behind;
    }
    codes
};

/// The programs of all the tools.
const PROGRAMS: &str = "docker podman crane skopeo regctl oras cosign notation notary curl wget http https xh \
     Invoke-WebRequest Invoke-RestMethod iwr irm gh aws az gcloud oc kubectl nerdctl ctr crictl buildah container \
     docker-compose docker-buildx buildx buildctl hub-tool manifest-tool diffoci pack ko slsa-verifier";

/// The name of a program without its folder.
fn program(word: &str) -> &str {
    let sign = |byte: u8| matches!(byte, b'/' | b'\\' | b'(' | b'"' | b'\'');
    let from = word.bytes().rposition(sign).map_or(0, |at| at + 1);
    let name = word.get(from..).unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_is_among_those_that_are_looked_for() {
        for verb in TOOLS.iter().flat_map(|tool| tool.commands) {
            for spelled in verb.spelled.split('|') {
                assert!(
                    PROGRAMS.has_word(spelled.after_all("+").before_any(" ")),
                    "{spelled}"
                );
            }
        }
    }
}
