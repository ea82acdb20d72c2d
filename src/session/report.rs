//! The answer of a session.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::claim::{Claim, Difference, Verdict, Want};
use crate::digest::Digest;
use crate::name::Reference;
use crate::platform::Platform;
use crate::question::{Linked, Question, QuestionForm};

/// The document that the answer to "which digest is this?" is about: the one that no other names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The kind of document: "image index".
    pub kind: &'static str,
    /// Its digest, or the likeliest one.
    pub digest: Digest,
    /// The number of bytes that have it, in digits.
    pub size: String,
    /// The layout of these: "indented with 3 spaces, no final newline".
    pub form: String,
    /// What was changed in the text that was given, to get these bytes.
    pub edits: Vec<String>,
    /// True if nothing speaks for other bytes.
    pub certain: bool,
}

/// The answer as far as the evidence goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The question.
    pub question: Question,
    /// The weakest standing among the claims that the answer rests on.
    pub verdict: Verdict,
    /// The answer in a few words, which cannot be taken for more than the verdict.
    pub headline: String,
    /// The answer in a sentence or two, with the names of the images.
    pub summary: String,
    /// The conditions of the answer, in sentences: when tags were looked up and by whom, how long
    /// signatures are valid, the part that a link chose, and the part that no answer checks.
    pub conditions: Vec<String>,
    /// So many of the claims, the first, are those that the verdict is the weakest of.
    pub rests: usize,
    /// All claims; those that the answer rests on come first.
    pub claims: Vec<Claim>,
    /// What would settle what is missing.
    pub wants: Vec<Want>,
    /// The differences between two images that do not match at the level asked for, as far as their
    /// documents are here.
    pub differences: Vec<Difference>,
    /// The one platform asked about, where the question is limited to one.
    pub platform: Option<Platform>,
    /// The image asked about, where the question is what it is.
    pub image: Option<Reference>,
    /// The parts of the question that came from a link.
    pub linked: Linked,
    /// The release of the policy that the image is held against, where it is one.
    pub release: Option<String>,
    /// The document that the answer is about, where the question is what something is.
    pub subject: Option<Subject>,
}

impl Serialize for Report {
    /// The form that the report has in JavaScript, where the platform is part of the question.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let asked = QuestionForm {
            question: &self.question,
            platform: self.platform.as_ref(),
            image: self.image.as_ref(),
            linked: &self.linked,
        };
        let mut form = serializer.serialize_struct("Report", 10)?;
        form.serialize_field("question", &asked)?;
        form.serialize_field("verdict", &self.verdict)?;
        form.serialize_field("headline", &self.headline)?;
        form.serialize_field("summary", &self.summary)?;
        form.serialize_field("conditions", &self.conditions)?;
        form.serialize_field("rests", &self.rests)?;
        form.serialize_field("claims", &self.claims)?;
        form.serialize_field("wants", &self.wants)?;
        if !self.differences.is_empty() {
            form.serialize_field("differences", &self.differences)?;
        }
        if let Some(release) = &self.release {
            form.serialize_field("release", release)?;
        }
        if let Some(subject) = &self.subject {
            form.serialize_field("subject", subject)?;
        }
        form.end()
    }
}
