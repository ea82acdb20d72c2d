//! Chooses the tool whose file reads a piece.

use crate::claim::Code;
use crate::name::Reference;
use crate::paste::{Output, Reading, TOOLS, Tool};
use crate::text::{Ascii, Parts, joined};

/// Lets a tool's file read a piece.
type Read<'r> = dyn FnMut(&Tool, &Output) -> Option<(Reading, usize)> + 'r;

/// The reading of the tool that the command runs; without a command the reading of the only
/// tool that prints such a thing. Also how many lines it read, and whether it was the command's.
/// `plain` is the sign that a plain line begins with: only tools that know it are asked.
pub(super) fn choose(
    output: &Output,
    given: Option<&Reference>,
    plain: Option<u8>,
    read: &mut Read,
) -> Option<(Reading, usize, bool)> {
    if let Some(command) = output.command {
        let mut tools = TOOLS.iter().filter(|tool| tool.prints(command));
        if let Some((reading, lines)) = tools.find_map(|tool| tell(read, tool, output)) {
            return Some((reading, lines, true));
        }
    }
    // What another tool prints is not about the image of this command.
    let free = Output {
        command: None,
        about: given,
        text: output.text,
        signs: output.signs,
        sole: output.sole,
        expected: output.expected,
        span: output.span.clone(),
    };
    let begins = |tool: &&Tool| plain.is_none_or(|sign| tool.plain.has(sign));
    let mut special = TOOLS.iter().filter(|tool| !tool.general && begins(tool));
    let Some((reading, lines)) = special.find_map(|tool| tell(read, tool, &free)) else {
        let mut general = TOOLS.iter().filter(|tool| tool.general && begins(tool));
        return general
            .find_map(|tool| tell(read, tool, &free))
            .map(|(reading, lines)| (reading, lines, false));
    };
    let mut found = vec![(reading, lines)];
    found.extend(special.filter_map(|tool| tell(read, tool, &free)));
    if found.len() > 1 {
        return Some(ambiguous(&found));
    }
    found.pop().map(|(reading, lines)| (reading, lines, false))
}

/// The sign that a line begins with in which no image and no digest can be: of such only a few may be the first
/// of a tool's output.
pub(super) fn plain(line: &str, signs: Ascii) -> Option<u8> {
    let first = *line.trimmed().as_bytes().first()?;
    (first.is_ascii() && !signs.has_any(Ascii::of(":/@{"))).then_some(first)
}

fn tell(read: &mut Read, tool: &Tool, output: &Output) -> Option<(Reading, usize)> {
    let (mut reading, lines) = read(tool, output)?;
    reading.tells = tool.tells;
    Some((reading, lines))
}

/// What two tools may have printed is taken for neither: it may have been made for that.
fn ambiguous(found: &[(Reading, usize)]) -> (Reading, usize, bool) {
    let tools: Vec<&str> = found.iter().map(|(reading, _)| reading.tool).collect();
    let mut reading = Reading::new("unread", None);
    let text = format!(
        "this may be the output of {}: paste it with its command line",
        joined(&tools, " or of ")
    );
    reading.note(None, Code::AmbiguousTool, text);
    let lines = found.iter().map(|(_, lines)| *lines).max().unwrap_or(0);
    (reading, lines, false)
}
