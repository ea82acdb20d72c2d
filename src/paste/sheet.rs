//! The sheets of `Name: value` lines that buildx and regctl print through Go's tabwriter, read
//! without relying on their indentation, which pages lose.

use crate::digest::Digest;
use crate::name::Reference;
use crate::paste::{Line, Output, Reading};
use crate::platform::Platform;
use crate::text::{Parts, parsed};

/// A sheet: its own fields, and its sections, each entry of which has fields.
#[derive(Debug, Default)]
pub(crate) struct Sheet<'t> {
    /// The fields above all sections.
    pub(crate) top: Vec<(&'t str, &'t str)>,
    /// The entries, each with the name of its section.
    pub(crate) entries: Vec<(&'t str, Vec<(&'t str, &'t str)>)>,
    /// The number of its lines.
    pub(crate) lines: usize,
}

const SECTIONS: &str = "Annotations Config Layers Manifests Subject";
/// And `Total Size`.
const FIELDS: &str =
    "ArtifactType Digest Features MediaType Name OSFeatures OSVersion Platform Size URLs";

impl<'t> Sheet<'t> {
    /// Reads a sheet that begins with `Name:`, `MediaType:` and `Digest:`, of which the first
    /// and the last can be read, so that nothing is read far and then left.
    pub(crate) fn read(lines: &[Line<'t>]) -> Option<Self> {
        // Nearly no line is one's first, which is cheap to see.
        lines
            .first()
            .filter(|line| line.text.trimmed().starts_with("Name"))?;
        let mut head = lines.iter().take(4).map_while(|line| field(line.text));
        let named = head
            .next()
            .is_some_and(|(name, value)| name == "Name" && value.parse::<Reference>().is_ok());
        let typed = head.next().is_some_and(|(name, _)| name == "MediaType");
        let digest = head.find(|(name, _)| *name == "Digest");
        if !named || !typed || digest.is_none_or(|(_, value)| value.parse::<Digest>().is_err()) {
            return None;
        }
        let mut sheet = Sheet::default();
        let mut cursor = Cursor::default();
        for (n, line) in lines.iter().enumerate() {
            if line.text.trimmed().is_empty() {
                cursor.blank = true;
                continue;
            }
            if !cursor.line(&mut sheet, line.text) {
                break;
            }
            sheet.lines = n + 1;
        }
        Some(sheet)
    }

    /// The statements of `Name` and `Digest`, and of both together.
    pub(crate) fn reading(
        &self,
        tool: &'static str,
        output: &Output,
    ) -> Option<(Reading, Reference, Digest)> {
        let name: Reference = parsed(field_of(&self.top, "Name")?)?;
        let digest: Digest = parsed(field_of(&self.top, "Digest")?)?;
        let mut reading = Reading::new(tool, output.about.or(Some(&name)));
        // hub-tool leaves the tag out, which without one reads as `latest`.
        let written = field_of(&self.top, "Name")?.behind_any("/").has_any(":@");
        let asked = output
            .about
            .filter(|asked| !written && asked.same_repository(&name));
        reading.resolves_for(asked.unwrap_or(&name), &digest);
        Some((reading, name, digest))
    }

    /// Whether it has what regctl prints and buildx does not: sizes, other sections, and the
    /// digest of each entry on a line of its own.
    pub(crate) fn has_more(&self) -> bool {
        let more = |(section, fields): &(&str, Vec<_>)| {
            *section != "Manifests" || field_of(fields, "Digest").is_some()
        };
        field_of(&self.top, "Total Size").is_some() || self.entries.iter().any(more)
    }
}

/// The platform of an entry, with the Windows version, which has its own field.
pub(crate) fn platform_of(fields: &[(&str, &str)]) -> Option<Platform> {
    let mut platform: Platform = parsed(field_of(fields, "Platform")?)?;
    if let Some(version) = field_of(fields, "OSVersion") {
        version.clone_into(&mut platform.os_version);
    }
    Some(platform)
}

/// A field of an entry.
pub(crate) fn field_of<'t>(fields: &[(&'t str, &'t str)], name: &str) -> Option<&'t str> {
    fields
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

#[derive(Default)]
struct Cursor<'t> {
    section: &'t str,
    /// The indentation of `Annotations:`, while in it.
    annotations: Option<usize>,
    blank: bool,
}

impl<'t> Cursor<'t> {
    /// True if the line belongs to the sheet.
    fn line(&mut self, sheet: &mut Sheet<'t>, line: &'t str) -> bool {
        let Some((name, value)) = field(line) else {
            return false;
        };
        let indent = line.len() - line.trim_start().len();
        let known = name == "Total Size"
            || FIELDS.has_word(name)
            || (SECTIONS.has_word(name) && value.is_empty());
        // What is indented further is an annotation, whatever it calls itself.
        let inside = self
            .annotations
            .is_some_and(|outer| indent > outer || !known);
        if inside {
            // Kept under its own name, which no field has.
            if !known && let Some((_, fields)) = sheet.entries.last_mut() {
                fields.push((name, value));
            }
            return true;
        }
        if !known {
            return false;
        }
        self.annotations = (name == "Annotations").then_some(indent);
        match name {
            "Annotations" => {}
            _ if SECTIONS.has_word(name) => {
                self.section = name;
                self.blank = true;
            }
            // Another sheet.
            "Name" if self.section.is_empty() && !sheet.top.is_empty() => return false,
            _ => self.field(sheet, name, value),
        }
        true
    }

    fn field(&mut self, sheet: &mut Sheet<'t>, name: &'t str, value: &'t str) {
        if self.section.is_empty() {
            sheet.top.push((name, value));
            return;
        }
        let repeated = sheet
            .entries
            .last()
            .is_some_and(|(_, fields)| field_of(fields, name).is_some());
        let first = match self.section {
            "Manifests" => name == "Name",
            _ => name == "Digest",
        };
        let moved = sheet
            .entries
            .last()
            .is_none_or(|(section, _)| *section != self.section);
        if moved || (self.blank && first) || repeated {
            sheet.entries.push((self.section, Vec::new()));
        }
        self.blank = false;
        if let Some((_, fields)) = sheet.entries.last_mut() {
            fields.push((name, value));
        }
    }
}

fn field(line: &str) -> Option<(&str, &str)> {
    let line = line.trimmed();
    match line
        .split_once(':')
        .filter(|(_, value)| value.begins(" \t"))
    {
        Some(("Mediatype", value)) => Some(("MediaType", value.trim())),
        Some((name, value)) => Some((name.trim(), value.trim())),
        None => line.strip_suffix(':').map(|name| (name.trim(), "")),
    }
}
