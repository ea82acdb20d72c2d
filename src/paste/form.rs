//! The forms of tools' output, as tables: a new one costs a line. Each says by letters (`ImageFacts::put`)
//! what its fields are.

use crate::claim::{Code, IdKind};
use crate::json::{Kind, Value};
use crate::name::Reference;
use crate::paste::{
    Command, ImageFacts, LINE_BYTES, Line, Means, Output, Reading, Verb, columns, digest, fit,
    is_cut, queried, template,
};
use crate::text::{Ascii, Parts, parsed};

/// The answer of a registry.
pub(crate) const ANSWERED: Means = Means {
    kept: false,
    id: None,
};

/// Images that a machine keeps, whose identifiers are the digests of configurations.
pub(crate) const KEPT: Means = Means {
    kept: true,
    id: Some(IdKind::Config),
};

/// The form of JSON: where the images are, and below each of them letters with the paths of fields.
/// Those before `?` have to be there. `.` is the value itself, `*` all that an object has.
pub(crate) struct JsonForm {
    pub(crate) tool: &'static str,
    pub(crate) means: Means,
    pub(crate) images: &'static str,
    /// The same of the manifests in each image.
    pub(crate) parts: &'static str,
}

/// Reads JSON that has one of these forms.
pub(crate) fn answer(
    output: &Output,
    value: &Value,
    answers: &'static [JsonForm],
) -> Option<Reading> {
    answers
        .iter()
        .filter(|answer| answer.may_be(value))
        .find_map(|answer| answer.read(output, value))
}

impl JsonForm {
    /// False for an object without the field that is looked for first. Most JSON has none of those of any form, and
    /// this takes less time than reading it.
    fn may_be(&self, value: &Value) -> bool {
        // A letter and a sign are before the first path of the fields of the value itself.
        let path = match self.images.strip_prefix(". ") {
            Some(fields) => fields.get(2..).unwrap_or_default(),
            None => self.images,
        };
        let (path, first) = (path.as_bytes(), path.as_bytes().first());
        let begins = |name: &str| {
            let name = name.as_bytes();
            let rest = path.strip_prefix(name).filter(|_| name.first() == first);
            rest.is_some_and(|rest| matches!(rest, [b'/' | b' ', ..] | []))
        };
        value.members().is_none_or(|members| {
            matches!(first, Some(b'.' | b'*'))
                || members.iter().any(|member| begins(&member.key.text))
        })
    }

    fn read(&'static self, output: &Output, value: &Value) -> Option<Reading> {
        let tool = output.command.map_or(self.tool, Command::name);
        let mut reading = Reading::new(tool, output.about);
        let (root, fields) = self.images.split_once(' ')?;
        let images = at(value, root);
        for image in &images {
            let mut entry = ImageFacts::new(self.means);
            let region = output.command.and_then(|command| command.value("--region"));
            entry.region = region.unwrap_or_default();
            if !fill(output, &mut entry, image, fields) {
                return None;
            }
            if let Some((root, fields)) = self.parts.split_once(' ') {
                for part in at(image, root) {
                    fill(output, &mut entry, part, fields);
                }
            }
            entry.state(&mut reading);
        }
        (!images.is_empty()).then_some(reading)
    }
}

/// Takes in the fields; true if those that have to be there are, with a value of their kind.
fn fill<'v>(
    output: &'v Output,
    entry: &mut ImageFacts<'v>,
    image: &'v Value,
    fields: &'static str,
) -> bool {
    let mut needed = true;
    for field in fields.split(' ') {
        let Some((letter, path)) = field.split_once('=') else {
            needed = false;
            continue;
        };
        let letter = letter.as_bytes().first().copied().unwrap_or_default();
        let mut read = false;
        each(image, path, &mut |found| {
            read |= match (letter, &found.kind) {
                (b'b', Kind::String(text)) => {
                    entry.text(&text.text, path.behind_any("/"));
                    true
                }
                (_, Kind::String(text)) => entry.put(letter, &text.text),
                (_, Kind::Object(_) | Kind::Null) => false,
                _ => entry.put(letter, output.written(found)),
            };
        });
        if letter == b't' {
            entry.put(letter, "");
        }
        if needed && !read {
            return false;
        }
    }
    true
}

/// The values at a path; arrays on the way, and at its end, stand for their items.
pub(crate) fn at<'v, 'a>(value: &'v Value<'a>, path: &str) -> Vec<&'v Value<'a>> {
    let mut found = Vec::new();
    each(value, path, &mut |value| found.push(value));
    found
}

/// Gives each value at a path.
fn each<'v, 'a>(value: &'v Value<'a>, path: &str, take: &mut dyn FnMut(&'v Value<'a>)) {
    let name = path.before_any("/");
    let rest = path.get(name.len() + 1..);
    let mut next = |value: &'v Value<'a>| match rest {
        Some(rest) => each(value, rest, take),
        None => value
            .items()
            .unwrap_or(std::slice::from_ref(value))
            .iter()
            .for_each(&mut *take),
    };
    for value in value.items().unwrap_or(std::slice::from_ref(value)) {
        match name {
            "." => next(value),
            "*" => value
                .members()
                .unwrap_or_default()
                .iter()
                .for_each(|member| next(&member.value)),
            _ => value.get(name).into_iter().for_each(&mut next),
        }
    }
}

/// The form of a table of images.
pub(crate) struct Table {
    pub(crate) verb: &'static Verb,
    pub(crate) means: Means,
    /// The beginnings of its headers: as a whole they are told by them, without a header, as `grep`
    /// leaves them, the rows by the first that fits.
    pub(crate) headers: &'static [&'static str],
    /// True for a first row that no other table with this header has.
    pub(crate) looks: fn(&str, &str) -> bool,
}

/// Reads a table that has the form of the command's, or else the form that it looks like.
pub(crate) fn table(
    output: &Output,
    lines: &[Line],
    tables: &'static [Table],
) -> Option<(Reading, usize)> {
    let kept = tables.first()?.means.kept;
    let above = output.command.map_or(0, |_| above(lines, tables));
    let lines = lines.get(above..)?;
    let text = |n: usize| lines.get(n).map_or("", |line| line.text);
    let first = text(0);
    // Rows without their header, as people copy them.
    let is_row = above > 0 || output.signs.holds(ROW);
    let bare = is_row && first.has(" sha256:") && first.has(" ago ");
    let known =
        output.command.is_some() || bare || tables.iter().any(|table| table.may_head(first));
    if !(SHORTEST..=LINE_BYTES).contains(&first.len()) || !known {
        return None;
    }
    let words = joined_words(text(0));
    let mut fitting = tables.iter().filter(|table| table.heads(&words));
    let headed = fitting.clone().next().is_some();
    let looks = fitting
        .clone()
        .find(|table| (table.looks)(text(0), text(1)))
        .or_else(|| {
            tables
                .iter()
                .find(|table| bare && (table.looks)("", text(0)))
        });
    let command = output.command;
    let table =
        match command.and_then(|command| tables.iter().find(|table| command.runs(table.verb))) {
            // podman is installed under docker's name too.
            Some(table) if std::ptr::eq(table, tables.first()?) => looks.unwrap_or(table),
            Some(table) => table,
            None => looks
                .or_else(|| fitting.next())
                .or(tables.first().filter(|_| bare && kept))?,
        };
    let plus = |(reading, read)| (reading, read + above);
    let format = command
        .and_then(|command| command.value("--format --output -o"))
        .unwrap_or_default();
    let quiet = command.is_some_and(|command| command.has("-q --quiet"));
    let pattern = match command {
        _ if quiet => "$i".to_owned(),
        _ if format.has_any("{(") && !format.starts_with("table") => template(format),
        Some(command) if !kept && !headed => queried(command, text(0))?.to_owned(),
        _ => String::new(),
    };
    if !pattern.is_empty() {
        let (reading, read) = table.rows(lines, &pattern, output);
        return (read > 0).then_some(plus((reading, read)));
    }
    if headed || !format.is_empty() && columns(&words).len() > 3 {
        let rows = lines.get(1..)?;
        let (reading, read) = table.rows(rows, &columns(&words), output);
        return Some(plus((reading, read + 1)));
    }
    let mut headers = table
        .headers
        .iter()
        .map(|header| table.rows(lines, &columns(header), output));
    headers.find(|(_, read)| *read > 0).map(plus)
}

/// The signs in a row that is read without its header.
const ROW: Ascii = Ascii::of(" sha256: ago ");

/// The number of lines above the header, or above the first row of a registry's list: docker explains its marks there,
/// gcloud says where it looks, and aws has a title between rules.
fn above(lines: &[Line], tables: &[Table]) -> usize {
    let begins = |line: &Line| {
        let words = joined_words(line.text);
        let mut tables = tables.iter();
        tables.any(|table| table.heads(&words) || !table.means.kept && line.text.has("sha256:"))
    };
    lines
        .iter()
        .take(ABOVE)
        .position(begins)
        .unwrap_or_default()
}

/// The most of them.
const ABOVE: usize = 8;

impl Table {
    /// Rules out most lines as a header of it.
    fn may_head(&self, line: &str) -> bool {
        let sign = line.as_bytes().first();
        let mut headers = self.headers.iter();
        headers.any(|header| {
            header.as_bytes().first() == sign && line.starts_with(header.before_any(" "))
        })
    }

    /// True if a line with these words is a header of it.
    fn heads(&self, words: &str) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|header| {
            words
                .strip_prefix(header)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    }

    fn rows(&self, lines: &[Line], columns: &str, output: &Output) -> (Reading, usize) {
        // An identifier alone is of what was asked for.
        let alone = columns == "$i";
        let tool = match output.command {
            Some(command) if command.runs(self.verb) => command.name(),
            _ => self.verb.name,
        };
        let mut reading = Reading::new(tool, output.about.filter(|_| alone || !self.means.kept));
        let mut read = 0;
        for line in lines {
            if is_cut(line.text) {
                reading.note(None, Code::Elided, LEFT_OUT);
                read += 1;
                continue;
            }
            let row = line.text.put("|", " ");
            // Other lines are platforms of the image above, whose identifiers are those of manifests, rules, or
            // tasks that ended.
            if !row.trim_start().begins("├└-+") && !row.has(" \\_ ") {
                let Some(entry) = entry(columns, &row, self.means) else {
                    break;
                };
                entry.state(&mut reading);
            }
            read += 1;
        }
        if reading.statements.is_empty() && read > 0 {
            let text = "the list has no image that can be named";
            reading.note(None, Code::NoImages, text);
        }
        (reading, read)
    }
}

fn entry<'t>(pattern: &str, line: &'t str, means: Means) -> Option<ImageFacts<'t>> {
    let mut entry = ImageFacts::new(means);
    // A name without a tag is not one with `latest` here.
    if pattern.has("$n") || !means.kept {
        entry.put(b't', "");
    }
    let untagged = || fit(pattern.strip_suffix("$t")?.trim_end(), line);
    let fits = fit(pattern, line)
        .or_else(untagged)?
        .into_iter()
        .all(|(letter, value)| entry.put(letter, value));
    fits.then_some(entry)
}

/// The words with one space between them.
fn joined_words(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().take(12).collect();
    crate::text::joined(&words, " ")
}

/// The note where dots or words mark a part that was left out of a table or of a log.
pub(crate) const LEFT_OUT: &str = "something was left out of the text here";

/// Every line that a log may begin with is longer.
const SHORTEST: usize = 12;

/// The form of lines that a tool prints as it goes, each of which has one of the patterns.
pub(crate) struct LineForm {
    pub(crate) tool: &'static str,
    /// The commands that print it.
    pub(crate) verbs: &'static [&'static Verb],
    pub(crate) means: Means,
    /// The beginning of one of the first lines, where other tools print the same first line.
    pub(crate) needs: &'static str,
    /// Signs that are taken off the beginning of each line. No letters: names begin with those.
    pub(crate) marks: &'static str,
    /// The signs that the patterns of a first line begin with: with a word of theirs, or with a date or a name.
    pub(crate) first: (Ascii, Ascii),
    /// The patterns, line by line. Those behind `+` are only looked for below a line that has another, or below
    /// the command line.
    pub(crate) lines: &'static str,
}

impl LineForm {
    /// A log without anything before its lines.
    pub(crate) const fn of(tool: &'static str, lines: &'static str) -> Self {
        LineForm {
            tool,
            verbs: &[],
            means: ANSWERED,
            needs: "",
            marks: "",
            first: first_signs(lines),
            lines,
        }
    }
}

/// Two sets of ASCII signs for the first line of a log: those that its patterns begin with, and those that a date or a
/// name begins with where a pattern begins with one.
const fn first_signs(lines: &str) -> (Ascii, Ascii) {
    let mut rest = lines.as_bytes();
    let (mut signs, mut open) = (Ascii::of(""), Ascii::of(""));
    let mut begins = true;
    while let [sign, after @ ..] = rest {
        match rest {
            _ if !begins => {}
            [b'$', b'x', b' ', b'$', b'x', ..] => open = open.and(Ascii::of("0123456789")),
            [b'$', ..] => open = Ascii::ALL,
            [b'+', ..] => {}
            _ => signs = signs.with(*sign),
        }
        begins = *sign == b'\n';
        rest = after;
    }
    (signs, open)
}

/// A first line, as far as it tells which forms it may be of.
struct Beginning<'t> {
    text: &'t str,
    slash: bool,
}

impl<'t> Beginning<'t> {
    fn of(line: &'t str, signs: Ascii) -> Option<Self> {
        let slash = signs.has(b'/');
        let may = line.len() > SHORTEST && line.len() <= LINE_BYTES;
        let text = line.trimmed();
        may.then_some(Beginning { text, slash })
    }
}

/// Reads lines of one of these forms.
pub(crate) fn log(
    output: &Output,
    lines: &[Line],
    logs: &'static [LineForm],
) -> Option<(Reading, usize)> {
    let first = Beginning::of(lines.first()?.text, output.signs);
    let own = |log: &&LineForm| match (output.command, &first) {
        (Some(command), _) => log.verbs.iter().any(|verb| command.runs(verb)),
        (None, first) => first.as_ref().is_some_and(|first| log.begins(first)),
    };
    logs.iter()
        .filter(own)
        .find_map(|log| log.read(output, lines))
}

impl LineForm {
    /// Rules out most lines as the first without looking at all of them.
    fn begins(&self, line: &Beginning) -> bool {
        let text = match self.marks {
            "" => line.text,
            marks => line.text.without_start(marks),
        };
        let (signs, open) = self.first;
        let named = |first| open.has(first) && line.slash && text.len() > SHORTEST;
        let first = text.as_bytes().first();
        first.is_some_and(|first| signs.has(*first) || named(*first))
    }

    fn read(&self, output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
        let free = output.command.is_none();
        let tool = output.command.map_or(self.tool, Command::name);
        let mut reading = Reading::new(tool, output.about);
        let mut entry = ImageFacts::new(self.means);
        let mut read = 0;
        let mut near = lines.iter().take(4);
        if !near.any(|line| line.text.trimmed().starts_with(self.needs)) {
            return None;
        }
        'lines: for (n, line) in lines.iter().enumerate() {
            if line.text.len() > LINE_BYTES {
                break;
            }
            let text = line.text.trimmed().without_start(self.marks);
            if text.is_empty() {
                continue;
            }
            if (!free || read > 0) && is_cut(text) {
                reading.note(None, Code::Elided, LEFT_OUT);
                read = n + 1;
                continue;
            }
            let fits = |pattern: &'static str| match pattern.strip_prefix('+') {
                Some(_) if free && read == 0 => None,
                Some(pattern) => fit(pattern, text),
                None => fit(pattern, text),
            };
            let Some(found) = self.lines.split('\n').find_map(fits) else {
                break;
            };
            for (letter, value) in found {
                if matches!(letter, b'G' | b'g' | b'n' | b'N') && entry.is_whole() {
                    let next = ImageFacts::new(entry.means);
                    std::mem::replace(&mut entry, next).state(&mut reading);
                }
                if letter == b'B' {
                    let text = "the text does not say of which document this is the digest";
                    reading.note(digest(value).as_ref(), Code::UnknownRole, text);
                } else if letter == b'R' {
                    // The base image that it was made from.
                    let base = parsed::<Reference>(value.without("'"));
                    if let Some((base, digest)) =
                        base.as_ref().and_then(|base| Some((base, base.digest()?)))
                    {
                        reading.pins(base, digest);
                    }
                } else if !entry.put(letter, value) {
                    break 'lines;
                }
            }
            read = n + 1;
        }
        (read > 0).then(|| {
            entry.note_names(&mut reading);
            entry.state(&mut reading);
            (reading, read)
        })
    }
}
