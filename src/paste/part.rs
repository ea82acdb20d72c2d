//! A part of a paste, read.

use std::ops::Range;

use crate::claim::{Claim, Source, Standing, Statement, Tells, Want};
use crate::paste::{Content, Finding, Printout};

/// A part of a paste, read.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The tool whose output it looks like.
    pub(crate) tool: &'static str,
    /// Its position in the paste.
    pub(crate) span: Range<usize>,
    /// The statements of the tool.
    pub(crate) statements: Vec<Statement>,
    /// Texts from which documents may be recovered.
    pub(crate) texts: Vec<Printout>,
    /// The subject of its tool's statements.
    pub(crate) tells: Tells,
    /// What it is to whoever takes it in.
    pub(crate) content: Content,
}

impl Part {
    /// Its statements.
    pub(super) fn finding(&self) -> Finding {
        let mut claims = Vec::new();
        for statement in &self.statements {
            let standing = match statement {
                Statement::Unread { .. } => Standing::missing(Want::of(UNREAD)),
                _ => Standing::stated(Source::pasted(self.tool)),
            };
            claims.push(Claim::new(statement.clone(), standing));
        }
        let tool = self.tool.to_owned();
        Finding { tool, claims }
    }

    /// The digests that its texts may have. Finding them takes longer than reading: a session does it for the texts
    /// whose digest nobody names.
    pub(super) fn add_candidates(&self, claims: &mut Vec<Claim>) {
        let texts = self.texts.iter();
        for text in texts.filter(|text| text.expected.is_none()) {
            text.add_candidates(claims);
        }
    }
}

const UNREAD: &str = "paste the whole output of the command, with the command line above it";
