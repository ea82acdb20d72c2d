//! Takes off what is before lines and not theirs: marks of quoted mail and Markdown, the indentation
//! of a code block in a list, the time and the name that logs put there, byte order marks.
//!
//! Each is told by its form, in one pass, and is only taken from the beginning of a line: inside a
//! document nothing is changed. No-break spaces become spaces where no string could have them.
//!
//! Forms: GitHub Actions and Azure Pipelines (`2024-05-01T12:00:00.1234567Z `, with
//! `JOB<tab>STEP<tab>` before it in `gh run view --log`), GitLab (`… 00O `), Jenkins' timestamper
//! (`[2024-05-01T12:00:00.123Z] `, `12:00:00  `), `kubectl logs --timestamps` and `--prefix`, CRI
//! (`… stdout F `), syslog and journald (`May 01 12:00:00 host unit[7]: `), docker compose
//! (`web-1  | `), Drone, Woodpecker and Tekton (`[step:L0:0s] `), Cloud Build (`Step #0 - "x": `).
//! Lines that are JSON with a line of text in it are that text: docker's json-file logs (`{"log":"…"}`), the progress
//! that the daemon's interface prints (`{"status":"…","id":"…"}`), and asciinema's recordings (`[1.5,"o","…"]`).
//! The time of Go's log package has slashes, and is left to the tools that print it.

use crate::json::{self, Value};
use crate::text::Parts;

use super::{command, is_fence};

/// The text without what wraps its lines, with the way back: from this position of it on, bytes are
/// at that position of the text that came. Nothing where nothing wraps them.
pub(super) fn unwrap(text: &str) -> Option<(String, Vec<(usize, usize)>)> {
    let mut wraps = Wraps::default();
    let (mut out, mut places) = (String::with_capacity(text.len()), vec![(0, 0)]);
    let (mut at, mut changed) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(logged) = logged(line) {
            changed = true;
            places.push((out.len(), at));
            out.push_str(&logged);
            places.push((out.len(), end));
            at = end;
            continue;
        }
        let kept = wraps.line(line, text.get(at..).unwrap_or_default());
        if kept.len() < line.len() {
            changed = true;
            places.push((out.len(), end - kept.len()));
        }
        if !kept.is_ascii() && !kept.has("\"") && kept.has_any(SPACES) {
            changed = true;
            for (from, c) in kept.char_indices() {
                let space = SPACES.chars().any(|space| space == c);
                out.push(if space { ' ' } else { c });
                if space {
                    places.push((out.len(), end - kept.len() + from + c.len_utf8()));
                }
            }
        } else {
            out.push_str(kept);
        }
        if kept.len() < line.len() {
            places.push((out.len(), end));
        }
        at = end;
    }
    changed.then_some((out, places))
}

/// The text in a line that is JSON.
fn logged(line: &str) -> Option<String> {
    let begins = ["{\"log\":\"", "{\"status\":\"", "["].map(|start| line.starts_with(start));
    if !begins.contains(&true) || begins == [false, false, true] && !line.has(", \"o\", \"") {
        return None;
    }
    let json = json::parse(line.trim_end().as_bytes()).ok()?;
    let value = json.root();
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let members = value.members().unwrap_or_default();
    let (id, said, end) = match value.items() {
        Some([_, _, said]) => ("", said.as_str()?, ""),
        // A line of a log has no other members.
        _ if !members.iter().all(|one| LOGGED.has_word(&one.key.text)) => return None,
        _ => match text("log") {
            Some(log) => ("", log, ""),
            None => (text("id").unwrap_or_default(), text("status")?, "\n"),
        },
    };
    let colon = if id.is_empty() { "" } else { ": " };
    let said = said.put("\r\n", "\n");
    Some(format!("{id}{colon}{said}{end}"))
}

/// The members of a line of a log.
const LOGGED: &str = "attrs id log progress progressDetail status stream time";

/// Spaces that pages and word processors put in place of the common one.
const SPACES: &str = "\u{a0}\u{2002}\u{2003}\u{2009}\u{202f}";

/// The wraps that were found around the lines before this one.
#[derive(Default)]
struct Wraps<'t> {
    /// Whether marks of quoting are taken off in this run of lines that begin with them.
    quoted: Option<bool>,
    /// The indentation of the code block that the line is in.
    fence: Option<usize>,
    /// The name before the last line, as it came.
    name: &'t str,
    /// True if the last line goes on in this one.
    goes_on: bool,
}

impl<'t> Wraps<'t> {
    /// The line with its end, without what is before it; `rest` begins with it.
    fn line(&mut self, line: &'t str, rest: &'t str) -> &'t str {
        let mut kept = line.without_start("\u{feff}");
        if quote(kept).is_some() {
            let goes_on = self.goes_on;
            let quoted = *self
                .quoted
                .get_or_insert_with(|| !goes_on && is_quoted(rest));
            while let Some(inner) = quote(kept).filter(|_| quoted) {
                kept = inner;
            }
        } else {
            self.quoted = None;
        }
        self.goes_on = command::goes_on(line);
        kept = self.in_fence(kept);
        let next = rest.get(line.len()..).unwrap_or_default();
        kept = self.named(kept, next.before_any("\n"));
        let kept = stamp(kept).unwrap_or(kept);
        let marks = ["##[debug]", "##[warning]", "##[error]"];
        let marked = marks.iter().find_map(|mark| kept.strip_prefix(mark));
        marked.unwrap_or(kept)
    }

    /// In Markdown a code block in a list is indented as a whole.
    fn in_fence(&mut self, line: &'t str) -> &'t str {
        let plain = line.without_start(" ");
        let indent = line.len() - plain.len();
        let within = self.fence;
        if is_fence(line) {
            self.fence = match within {
                None => Some(indent),
                Some(_) => None,
            };
        }
        let taken = within.or(self.fence).unwrap_or(0).min(indent);
        line.get(taken..).unwrap_or(line)
    }

    /// The name of a service or a step, where a neighbour has it too, or one of the same form.
    fn named(&mut self, line: &'t str, next: &str) -> &'t str {
        if let Some(rest) = line.strip_prefix("Step #") {
            return rest.cut(": ").map_or(line, |(_, rest)| rest);
        }
        let Some((name, rest)) = service(line).or_else(|| step(line)) else {
            self.name = "";
            return line;
        };
        let before = std::mem::replace(&mut self.name, name);
        let counted =
            name.trim().ends("0123456789") && name.has_any("-_") && rest.len() < line.len();
        if counted || name == before || next.starts_with(name) {
            rest
        } else {
            line
        }
    }
}

/// The text behind one mark of quoting.
fn quote(line: &str) -> Option<&str> {
    let plain = line.without_start(" ");
    let rest = plain
        .strip_prefix('>')
        .filter(|_| line.len() - plain.len() < 4)?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// True if lines that begin with `>` are quoted: they are neither the request that `curl -v` shows,
/// nor command lines behind a prompt.
fn is_quoted(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map_while(|line| quote(line).map(|rest| (line, rest)));
    let mut quoted = false;
    let request = lines.any(|(line, rest)| {
        quoted = quoted || !rest.trimmed().is_empty() && command::read(line).is_none();
        rest.has(" HTTP/") || rest.starts_with("Host: ")
    });
    quoted && !request
}

/// `web-1  | text`: the name with the spaces behind it, and the text.
fn service(line: &str) -> Option<(&str, &str)> {
    let name = line.before_any("|");
    let rest = line.get(name.len() + 1..)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let word = name.trim_end();
    // A table may have one space there.
    let fits = !word.is_empty() && word.len() + 1 < name.len() && name.len() < 64;
    (fits && word.bytes().all(plain)).then_some((name, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// The phases of a build of `pack`, which says in which of them it prints a line.
const PHASES: &str = "analyzer builder creator detector exporter restorer";

/// `[pod/a/b] text`, `[step:L0:0s] text`: the name as far as it is the same before other lines.
fn step(line: &str) -> Option<(&str, &str)> {
    let (inside, rest) = line.strip_prefix('[')?.cut("] ")?;
    let name = inside.before_any("0123456789:");
    let fits = inside.len() < 80
        && !PHASES.has_word(inside)
        && !inside.has_any("\"'@{[,~")
        && name.bytes().any(|b| b.is_ascii_lowercase());
    fits.then_some((line.get(..=name.len())?, rest))
}

/// The text behind a time, with the end of the line.
fn stamp(line: &str) -> Option<&str> {
    let mut fields = line.splitn(3, '\t').skip(2);
    let line = fields
        .next()
        .filter(|field| time(field).is_some())
        .unwrap_or(line);
    if line.get(25..30) == Some(" GMT ") {
        return line.get(30..);
    }
    // `May 01 12:00:00 host unit[7]: text`
    if is_month(line) {
        let clock = line.get(3..)?.trim_start().without_start("0123456789");
        return Some(time(clock.trim_start())?.cut(": ")?.1);
    }
    let rest = match line.strip_prefix('[') {
        Some(inside) => time(inside)?.strip_prefix(']')?,
        None => time(line)?,
    };
    let rest = match rest.after_any(" \t") {
        None if !rest.trimmed().is_empty() => return None,
        after => after.unwrap_or(rest),
    };
    // The stream, and whether the line is whole, are left out.
    Some(match rest.as_bytes() {
        [_, _, b'O' | b'E', b' ' | b'+', ..] => rest.get(4..)?,
        [b's', b't', b'd', ..]
            if rest
                .get(6..9)
                .is_some_and(|flag| flag == " F " || flag == " P ") =>
        {
            rest.get(9..)?
        }
        _ => rest,
    })
}

fn is_month(line: &str) -> bool {
    let month = line.get(..3).unwrap_or_default();
    month.len() == 3 && "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".has_word(month)
}

/// The text behind a time of day, with its date, fraction and zone where it has them.
fn time(text: &str) -> Option<&str> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let dated = text.get(..10).is_some_and(|day| {
        let mut parts = day.split('-');
        parts.all(digits) && day.bytes().filter(|b| *b == b'-').count() == 2
    });
    let clock = if dated {
        text.get(10..)?.after_any("T ")?
    } else {
        text
    };
    let (hour, rest) = clock.split_once(':')?;
    let (minute, second) = (rest.get(..2)?, rest.get(3..5)?);
    let fits = matches!(hour.len(), 1 | 2) && rest.get(2..3) == Some(":");
    if !fits || !digits(hour) || !digits(minute) || !digits(second) {
        return None;
    }
    Some(rest.get(5..)?.without_start("0123456789.,:+-Z"))
}
