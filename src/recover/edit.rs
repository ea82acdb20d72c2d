//! The name of everything that recovery may change in a pasted text, in one place: people are
//! shown these phrases, and tests know them.

use std::fmt;

use crate::text::in_quotes;

/// One edit. Those that begin with "changed text" alter more than how a document is written
/// down, and are tried last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    Around,
    Attestations,
    Base64,
    Bom,
    Borders,
    Compact,
    CrToLf,
    CrRemoved,
    CrlfToLf,
    Dashes,
    Dedented,
    DiffNew,
    DiffOld,
    DockerType,
    EmptyLayers,
    EmptyPlatform,
    EmptySpread,
    Fence,
    FinalNewlineAdded,
    FinalNewlineRemoved,
    Html,
    ImagetoolsFields,
    InString,
    Indented(u8),
    Inside(&'static str),
    Joined,
    JoinedBySpace,
    JsonString,
    LfToCrlf,
    LineNumbers,
    Markdown,
    MediaType,
    NoBreakSpaces,
    OciType,
    OneLine,
    Order(&'static str),
    Prefix,
    Python,
    QuotedPrintable,
    Quotes,
    ShellQuotes,
    Signatures,
    SpaceAtEnd,
    SpaceAtStart,
    Spelling(&'static str),
    Tabs,
    Tags,
    Terminal,
    TrailingSpaces,
    Unescaped,
    Utf16,
    Variant,
    Within,
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edit::Indented(1) => f.write_str("indented with 1 space"),
            Edit::Indented(width) => write!(f, "indented with {width} spaces"),
            Edit::Inside(name) => write!(f, "taken out of {}", in_quotes(name)),
            Edit::Order(writer) => write!(f, "keys put in the order of {writer}"),
            Edit::Spelling(how) => f.write_str(how),
            other => f.write_str(other.phrase()),
        }
    }
}

impl Edit {
    /// True if it alters more than the layout of a document.
    pub(super) fn changes_text(self) -> bool {
        self.phrase().starts_with("changed text")
    }

    fn phrase(self) -> &'static str {
        match self {
            Edit::Around => "text around the JSON removed",
            Edit::Attestations => "attestation annotations put back",
            Edit::Base64 => "base64 decoded",
            Edit::Bom => "byte order mark removed",
            Edit::Borders => "borders of a table removed",
            Edit::Compact => "white space removed",
            Edit::CrToLf => "CR line endings made LF",
            Edit::CrRemoved => "CR within lines removed",
            Edit::CrlfToLf => "CRLF line endings made LF",
            Edit::Dashes => "changed text: typographic dashes and dots made plain",
            Edit::Dedented => "indentation of the whole text removed",
            Edit::DiffNew => "new side of a diff taken",
            Edit::DiffOld => "old side of a diff taken",
            Edit::DockerType => "media type made that of a Docker list",
            Edit::EmptyLayers => "changed text: null and an empty list of layers exchanged",
            Edit::EmptyPlatform => "empty platform removed",
            Edit::EmptySpread => "empty objects and arrays written on two lines",
            Edit::Fence => "code fence removed",
            Edit::FinalNewlineAdded => "final newline added",
            Edit::FinalNewlineRemoved => "final newline removed",
            Edit::Html => "HTML escapes resolved",
            Edit::ImagetoolsFields => "digest and size that imagetools puts in removed",
            Edit::InString => "taken out of a JSON string",
            Edit::Joined => "broken lines joined",
            Edit::JoinedBySpace => "changed text: broken lines joined by a space",
            Edit::JsonString => "JSON string resolved",
            Edit::LfToCrlf => "LF line endings made CRLF",
            Edit::LineNumbers => "line numbers removed",
            Edit::Markdown => "backslashes of Markdown removed",
            Edit::MediaType => "media type of the index removed",
            Edit::NoBreakSpaces => "changed text: no-break spaces made spaces",
            Edit::OciType => "media type made that of an OCI index",
            Edit::OneLine => "written on one line with a space after comma and colon",
            Edit::Prefix => "prefix of every line removed",
            Edit::Python => "Python's spelling made that of JSON",
            Edit::QuotedPrintable => "quoted-printable decoded",
            Edit::Quotes => "changed text: typographic quotes made straight",
            Edit::ShellQuotes => "quotes of a shell resolved",
            Edit::Signatures => "schema 1 signatures removed",
            Edit::SpaceAtEnd => "white space at the end removed",
            Edit::SpaceAtStart => "white space at the start removed",
            Edit::Tabs => "indented with tabs",
            Edit::Tags => "HTML tags removed",
            Edit::Terminal => "terminal control codes removed",
            Edit::TrailingSpaces => "white space at the end of lines removed",
            Edit::Unescaped => "backslash escapes resolved",
            Edit::Utf16 => "UTF-16 made UTF-8",
            Edit::Variant => "variant v8 of arm64 removed",
            Edit::Within => "taken out of other JSON",
            Edit::Indented(_) | Edit::Inside(_) | Edit::Order(_) | Edit::Spelling(_) => "",
        }
    }
}
