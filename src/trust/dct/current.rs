//! Until when signers vouch for a tag, and how new the metadata is, as of the time that is asked
//! about.

use crate::json::joined;
use crate::tuf::Target;

use super::Weighing;
use crate::trust::{seconds, written};

impl Weighing<'_> {
    /// Whether the root and the roles that released a tag still vouched for it at the time.
    pub(super) fn expired(&mut self, releases: &[&Target]) {
        let Some(now) = self.asked.now else {
            return;
        };
        let mut over = Vec::new();
        let checked = self.checked;
        for role in &checked.roles {
            let above = |target: &&Target| {
                let rest = target.role.strip_prefix(role.name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let rests = role.name == "root" || releases.iter().any(above);
            if rests && seconds(&role.expires).is_none_or(|until| until <= now) {
                over.push(format!("{} on {}", role.name, role.expires));
            }
        }
        for certificate in &checked.certificates {
            if certificate.until <= now {
                let until = written(certificate.until);
                over.push(format!("the root's certificate on {until}"));
            }
        }
        if over.is_empty() {
            return;
        }
        let text = format!(
            "the tag is signed, but as of {} that has expired ({}) and may have been replaced since",
            written(now),
            joined(&over, ", ")
        );
        let hint = "newer metadata, or ask as of a time before it expired";
        self.open("dct-expired", text, hint);
    }

    /// How new the metadata is: only a timestamp says so, and only for as long as it is valid.
    pub(super) fn freshness(&mut self) {
        let Some(now) = self.asked.now else {
            return;
        };
        let wrong = |role: &str| self.checked.faults.iter().any(|fault| fault.role == role);
        let mut until: Option<&str> = None;
        let mut whole = true;
        for name in ["timestamp", "snapshot"] {
            let expires = self.role(name).map(|role| role.expires.as_str());
            whole &= !wrong(name) && expires.is_some();
            let later = |known: &str| expires.is_some_and(|e| seconds(e) > seconds(known));
            if until.is_none_or(|known| !later(known)) {
                until = expires.or(until);
            }
        }
        let valid = until.and_then(seconds).is_some_and(|until| until > now);
        let text = match until {
            Some(until) if whole && valid => format!(
                "as of {} the metadata is the newest that its timestamp vouches for, until {until}",
                written(now)
            ),
            Some(until) if whole => format!(
                "archived: signed on record, valid as the newest until {until}; freshness as of {} \
                 cannot be proven",
                written(now)
            ),
            _ => format!(
                "archived: signed on record, without a timestamp and snapshot that hold; freshness \
                 as of {} cannot be proven",
                written(now)
            ),
        };
        self.beside("dct-freshness", text);
    }
}
