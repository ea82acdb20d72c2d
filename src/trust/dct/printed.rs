//! Where what `docker trust inspect` printed and the metadata do not say the same.
//!
//! docker prints a tag that `targets/releases` or `targets` has, signed by the delegations that
//! have it with the same digest, or by `Repo Admin` where none has (docker/cli: `common.go`,
//! `matchReleasedSignatures`). Of a delegate's keys it prints the ids of the bare keys, of the
//! root those of its certificates.

use crate::claim::{Claim, Seen, Signatory, Source, Standing, Statement};
use crate::digest::Digest;
use crate::name::Reference;
use crate::text::shown;
use crate::text::{joined, shortened};
use crate::tuf::{Checked, Target};

use super::RELEASED;

const ADMIN: &str = "Repo Admin";

/// Each statement that docker printed of this repository (of `said`, all that it printed) and that
/// the metadata contradicts, with both sides. Neither is taken for right here.
pub(crate) fn disagreements(
    checked: &Checked,
    said: &[(Statement, Source)],
    (repository, from): (&str, &Source),
) -> Vec<Claim> {
    let printed = Printed {
        checked,
        said,
        repository,
    };
    let mut claims = Vec::new();
    for (statement, by) in said {
        let Some((expected, found)) = printed.differs(statement) else {
            continue;
        };
        let (expected, found) = (
            Seen::new(expected, from.clone()),
            Seen::new(found, by.clone()),
        );
        let claim = Claim::new(statement.clone(), Standing::contradicted(expected, found));
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }
    claims.extend(printed.left_out(from));
    claims
}

struct Printed<'a> {
    checked: &'a Checked,
    said: &'a [(Statement, Source)],
    repository: &'a str,
}

impl Printed<'_> {
    /// The metadata's value and the printed one, if they differ.
    fn differs(&self, statement: &Statement) -> Option<(String, String)> {
        match statement {
            Statement::Resolves { reference, digest } => {
                let reference = self.ours(reference)?;
                let released = self.released(reference.tag()?);
                let same = released.iter().any(|target| target.digest == *digest);
                let digests: Vec<_> = released
                    .iter()
                    .map(|target| target.digest.to_string())
                    .collect();
                let expected = listed(&digests, "no release of this tag");
                (!same).then(|| (expected, digest.to_string()))
            }
            Statement::Signs {
                digest,
                tag: Some(tag),
                by,
                ..
            } => {
                if !self.is_of_ours(tag, digest) {
                    return None;
                }
                // That the digest is another is said of the tag.
                let signers = self.signers(tag, digest);
                let is_by = |name: &String| *by == Signatory::named(name);
                let known = signers.is_empty() || signers.iter().any(is_by);
                (!known).then(|| (listed(&signers, ""), shortened(&by.to_string())))
            }
            Statement::Authorises {
                reference,
                role,
                key,
            } => {
                self.ours(reference)?;
                let keys = self.keys(role);
                let known = keys.iter().any(|known| begins(known, key));
                let expected = listed(&keys, "no such role");
                (!known).then(|| {
                    (
                        expected,
                        format!("{} for {}", shortened(key), shortened(role)),
                    )
                })
            }
            _ => None,
        }
    }

    /// Signers of the tags that were printed, and keys, that the metadata has and docker did not
    /// print.
    fn left_out(&self, from: &Source) -> Vec<Claim> {
        let Some((_, by)) = self.said.first() else {
            return Vec::new();
        };
        let mut left_out = Vec::new();
        for target in &self.checked.targets {
            let (tag, digest) = (&target.tag, &target.digest);
            if !self.is_of_ours(tag, digest) {
                continue;
            }
            for name in self.signers(tag, digest) {
                left_out.push(Statement::Signs {
                    digest: digest.clone(),
                    tag: Some(tag.clone()),
                    by: Signatory::Name { name },
                    predicate: None,
                    seen: Vec::new(),
                });
            }
        }
        let ours = |statement: &Statement| match statement {
            Statement::Authorises { reference, .. } => self.ours(reference).is_some(),
            _ => false,
        };
        if self.said.iter().any(|(statement, _)| ours(statement)) {
            let mut roles = vec!["Root".to_owned(), "Repository".to_owned()];
            let delegations = self.checked.delegations.iter();
            roles.extend(delegations.filter_map(|(role, _)| delegate(role)));
            for role in roles {
                for key in self.keys(&role) {
                    left_out.push(Statement::Authorises {
                        reference: self.repository.to_owned(),
                        role: role.clone(),
                        key,
                    });
                }
            }
        }
        left_out.retain(|statement| !self.is_said(statement));
        left_out.dedup();
        let mut claims = Vec::new();
        for statement in left_out {
            let expected = match &statement {
                Statement::Authorises { role, key, .. } => format!("{key} for {}", shortened(role)),
                Statement::Signs { by, .. } => shortened(&by.to_string()),
                _ => continue,
            };
            let (expected, found) = (
                Seen::new(expected, from.clone()),
                Seen::new("no such line", by.clone()),
            );
            claims.push(Claim::new(
                statement,
                Standing::contradicted(expected, found),
            ));
        }
        claims
    }

    /// True if docker printed this, perhaps only the beginning of a key id.
    fn is_said(&self, wanted: &Statement) -> bool {
        self.said
            .iter()
            .any(|(statement, _)| match (statement, wanted) {
                (
                    Statement::Authorises {
                        reference,
                        role,
                        key,
                    },
                    Statement::Authorises {
                        role: wanted,
                        key: whole,
                        ..
                    },
                ) => role == wanted && begins(whole, key) && self.ours(reference).is_some(),
                (statement, wanted) => statement == wanted,
            })
    }

    /// A reference to the repository that the metadata is of.
    fn ours(&self, reference: &str) -> Option<Reference> {
        let reference: Reference = reference.parse().ok()?;
        let name = format!("{}/{}", reference.registry(), reference.repository());
        (name == self.repository).then_some(reference)
    }

    /// True if docker printed this digest for the tag of the repository: a signer is printed
    /// without the name of the image.
    fn is_of_ours(&self, tag: &str, digest: &Digest) -> bool {
        self.said.iter().any(|(statement, _)| match statement {
            Statement::Resolves {
                reference,
                digest: found,
            } if found == digest => self
                .ours(reference)
                .is_some_and(|ours| ours.tag() == Some(tag)),
            _ => false,
        })
    }

    fn released(&self, tag: &str) -> Vec<&Target> {
        let targets = self.checked.targets.iter();
        let released =
            |target: &&Target| target.tag == tag && RELEASED.contains(&target.role.as_str());
        targets.filter(released).collect()
    }

    /// The names that docker prints for the signers of a tag.
    fn signers(&self, tag: &str, digest: &Digest) -> Vec<String> {
        let all = self.checked.targets.iter();
        let same = |target: &&Target| target.tag == tag && target.digest == *digest;
        let mut names = Vec::new();
        for target in all.filter(same) {
            names.extend(delegate(&target.role));
        }
        let released = self
            .released(tag)
            .iter()
            .any(|target| target.digest == *digest);
        if names.is_empty() && released {
            names.push(ADMIN.to_owned());
        }
        names
    }

    fn keys(&self, role: &str) -> Vec<String> {
        match role {
            "Root" => self
                .checked
                .root_keys
                .iter()
                .map(|(id, _)| id.clone())
                .collect(),
            "Repository" => self.checked.repository_keys.clone(),
            name => {
                let mut delegations = self.checked.delegations.iter();
                let found = delegations.find(|(role, _)| delegate(role).as_deref() == Some(name));
                found.map(|(_, keys)| keys.clone()).unwrap_or_default()
            }
        }
    }
}

/// The name by which docker prints a delegation, as what it printed is kept; none for
/// `targets/releases`.
fn delegate(role: &str) -> Option<String> {
    let name = role.strip_prefix("targets/")?;
    (name != "releases").then(|| shown(name))
}

/// Whether a key id is the one that was printed: on a terminal docker prints its beginning, which
/// is never less than this.
fn begins(whole: &str, printed: &str) -> bool {
    const LEAST: usize = 12;
    printed.len() >= LEAST && whole.starts_with(printed)
}

fn listed(texts: &[String], none: &str) -> String {
    if texts.is_empty() {
        return none.to_owned();
    }
    shortened(&joined(texts, " or "))
}
