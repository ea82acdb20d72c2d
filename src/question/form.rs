//! The form in which questions cross the boundary to JavaScript.

use std::str::FromStr;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::claim::Level;
use crate::error::Error;
use crate::json::{self, Value};
use crate::name::Reference;
use crate::platform::Platform;
use crate::policy;
use crate::signature::PublicKey;

use super::fields::{FormFields, wrong};
use super::{Asked, Linked, Question, Trust};

/// A question as it is written out again.
pub(crate) struct QuestionForm<'q> {
    pub(crate) question: &'q Question,
    pub(crate) platform: Option<&'q Platform>,
    pub(crate) image: Option<&'q Reference>,
    pub(crate) linked: &'q Linked,
}

impl FromStr for Asked {
    type Err = Error;

    /// Reads a question from the JSON of the form that it has in JavaScript.
    ///
    /// # Errors
    /// An unknown or missing field, a part that cannot be read, or trust in nothing.
    fn from_str(text: &str) -> Result<Self, Error> {
        let json = json::parse(text.as_bytes())?;
        let form = FormFields::of(json.unique()?)?;
        match form.text("ask")? {
            "published" => form.published(text),
            "same" => form.same(),
            "what" => {
                form.only("ask image linked")?;
                let image = match form.get("image") {
                    None => None,
                    Some(_) => Some(form.text("image")?.parse()?),
                };
                Ok(Asked {
                    image,
                    linked: form.linked()?,
                    ..Question::What.into()
                })
            }
            other => Err(wrong("published, same or what", other)),
        }
    }
}

impl FormFields<'_, '_> {
    fn platform(&self) -> Result<Option<Platform>, Error> {
        match self.get("platform") {
            None => Ok(None),
            Some(_) => self.text("platform")?.parse().map(Some),
        }
    }

    fn linked(&self) -> Result<Linked, Error> {
        match self.get("linked") {
            None => Ok(Linked::default()),
            Some(_) => Linked::read(&self.texts("linked")?),
        }
    }

    fn published(&self, text: &str) -> Result<Asked, Error> {
        self.only("ask image by platform linked")?;
        let by = self.object("by")?;
        let image = self.text("image")?.parse()?;
        let by = by.trust(text)?;
        Ok(Asked {
            platform: self.platform()?,
            linked: self.linked()?,
            ..Question::Published { image, by }.into()
        })
    }

    fn same(&self) -> Result<Asked, Error> {
        self.only("ask left right level platform linked")?;
        let (left, right) = (self.text("left")?.parse()?, self.text("right")?.parse()?);
        let level = match self.get("level") {
            None => Level::Config,
            Some(_) => match self.text("level")? {
                "index" => Level::Index,
                "manifest" => Level::Manifest,
                "config" => Level::Config,
                "rootfs" => Level::Rootfs,
                other => return Err(wrong("index, manifest, config or rootfs", other)),
            },
        };
        Ok(Asked {
            platform: self.platform()?,
            linked: self.linked()?,
            ..Question::Same { left, right, level }.into()
        })
    }

    /// `text` is the whole question, in which the policy stands.
    fn trust(&self, text: &str) -> Result<Trust, Error> {
        if let Some(policy) = self.get("policy") {
            self.only("policy")?;
            return policy_trust(policy, text);
        }
        if self.get("digests").is_some() {
            self.only("digests")?;
            let mut digests = Vec::new();
            for text in self.texts("digests")? {
                digests.push(text.parse()?);
            }
            return Ok(Trust::Digests(digests));
        }
        self.signer()
    }

    fn signer(&self) -> Result<Trust, Error> {
        if self.get("keys").is_some() {
            self.only("keys")?;
            let mut keys = Vec::new();
            for text in self.texts("keys")? {
                keys.push(text.parse()?);
            }
            return Ok(Trust::Keys(keys));
        }
        if let Some(all) = self.get("signers") {
            self.only("signers")?;
            return policy::signers(all).map(Trust::Signers);
        }
        self.only("identity issuer")?;
        let (identity, issuer) = (self.text("identity")?, self.text("issuer")?);
        if identity.is_empty() || issuer.is_empty() {
            return Err(wrong(
                "digests, keys, a policy, signers, or an identity with its issuer",
                "none",
            ));
        }
        let (identity, issuer) = (identity.to_owned(), issuer.to_owned());
        Ok(Trust::Identity { identity, issuer })
    }
}

fn policy_trust(policy: &Value, question: &str) -> Result<Trust, Error> {
    // As its text, so that the places in errors are those of the file; or as an object.
    let object = question.get(policy.span.clone()).unwrap_or_default();
    let policy = policy.as_str().unwrap_or(object).parse()?;
    Ok(Trust::Policy(Arc::new(policy)))
}

impl Serialize for QuestionForm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Question", 6)?;
        match self.question {
            Question::Published { image, by } => {
                form.serialize_field("ask", "published")?;
                form.serialize_field("image", image)?;
                form.serialize_field("by", by)?;
            }
            Question::Same { left, right, level } => {
                form.serialize_field("ask", "same")?;
                form.serialize_field("left", left)?;
                form.serialize_field("right", right)?;
                form.serialize_field("level", level)?;
            }
            Question::What => {
                form.serialize_field("ask", "what")?;
                if let Some(image) = self.image {
                    form.serialize_field("image", image)?;
                }
            }
        }
        if let Some(platform) = self.platform {
            form.serialize_field("platform", platform)?;
        }
        if !self.linked.is_empty() {
            form.serialize_field("linked", self.linked)?;
        }
        form.end()
    }
}

impl Serialize for Trust {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Trust", 2)?;
        match self {
            Trust::Digests(digests) => form.serialize_field("digests", digests)?,
            Trust::Identity { identity, issuer } => {
                form.serialize_field("identity", identity)?;
                form.serialize_field("issuer", issuer)?;
            }
            Trust::Keys(keys) => {
                let keys: Vec<&str> = keys.iter().map(PublicKey::text).collect();
                form.serialize_field("keys", &keys)?;
            }
            Trust::Policy(policy) => form.serialize_field("policy", policy.text())?,
            Trust::Signers(signers) => form.serialize_field("signers", signers)?,
        }
        form.end()
    }
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = QuestionForm {
            question: &self.question,
            platform: self.platform.as_ref(),
            image: self.image.as_ref(),
            linked: &self.linked,
        };
        form.serialize(serializer)
    }
}
