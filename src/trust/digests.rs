//! Digests that the author published, given with the question.

use crate::answer::Answer;
use crate::claim::{Source, Standing};
use crate::question::{AUTHOR, Trust};

use super::{About, Of, Scheme, Testimony, Vouched, Weight};

/// Digests in the question.
#[derive(Debug)]
pub(super) struct Digests;

impl Scheme for Digests {
    fn vouches(&self, about: &About) -> Option<Testimony> {
        let Trust::Digests(digests) = about.by else {
            return None;
        };
        let author = Source::given(AUTHOR);
        let mut vouched = Vec::with_capacity(digests.len());
        for digest in digests {
            vouched.push(Vouched {
                digest: digest.clone(),
                platform: None,
                standing: Standing::premise(author.clone()),
                by: author.clone(),
                of: Of::Any,
            });
        }
        Some(Testimony {
            weight: Weight::Listed,
            vouched,
            answer: Answer::default(),
            unproven: None,
        })
    }
}
