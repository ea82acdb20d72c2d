//! The filters behind a command, which change or choose its output.

use crate::text::Parts;

/// A command behind a `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Takes the final newline off.
    Chomp,
    /// Prints the digest of its input.
    Hash,
    /// Prints the same JSON with other white space.
    Indent,
    /// Does something that is not known here.
    Other,
    /// Prints its input as it is.
    Same,
    /// Prints some of its input.
    Select,
    /// Prints the same JSON with its names sorted.
    Sort,
}

/// The filter that these words run.
pub(super) fn filter(words: &[String]) -> Filter {
    let Some((program, arguments)) = words.split_first() else {
        return Filter::Other;
    };
    let has = |wanted: &str| arguments.iter().any(|word| word == wanted);
    let contains = |wanted: &str| arguments.iter().any(|word| word.has(wanted));
    let digest = || contains("256") || contains("512");
    match program.as_str() {
        "jq" => jq(arguments),
        "python" | "python3" if has("json.tool") => {
            if has("--sort-keys") {
                Filter::Sort
            } else {
                Filter::Indent
            }
        }
        "perl" if contains("chomp") => Filter::Chomp,
        "head" if has("-c") && has("-1") || has("-c-1") => Filter::Chomp,
        "shasum" | "openssl" if digest() => Filter::Hash,
        program => {
            let known = FILTERS
                .iter()
                .find(|(_, programs)| programs.has_word(program));
            known.map_or(Filter::Other, |(filter, _)| *filter)
        }
    }
}

/// The filters that do the same whatever their words are.
const FILTERS: [(Filter, &str); 3] = [
    (Filter::Same, "cat less more pbcopy tee xclip"),
    (Filter::Hash, "sha256sum sha512sum"),
    (
        Filter::Select,
        "Select-String awk cut egrep findstr grep head rg sed tail tr",
    ),
];

/// `jq .` prints all of its input; any other program selects.
fn jq(arguments: &[String]) -> Filter {
    let program = arguments.iter().find(|word| !word.starts_with('-'));
    let sorts = |word: &String| {
        word == "--sort-keys" || (word.starts_with('-') && !word.starts_with("--") && word.has("S"))
    };
    match program.map(String::as_str) {
        Some(program) if program != "." => Filter::Select,
        _ if arguments.iter().any(sorts) => Filter::Sort,
        _ => Filter::Indent,
    }
}
