//! From when and until when signers vouch for a tag, and how new the metadata is, as of the time that is asked
//! about.

use crate::claim::Code;
use crate::json::sorted;
use crate::tuf::{RoleFile, RootCertificate, Target, is_older_root, is_root};

use super::Weighing;
use crate::text::{joined, shortened};
use crate::time::{minute, seconds};

impl<'a> Weighing<'a> {
    /// Checks that everything that a tag's signature depends on was valid at the time: the files
    /// and the certificates of the keys that signed them, from the pinned root on.
    pub(super) fn valid(&mut self, releases: &[&Target]) {
        let Some(now) = self.asked.now else {
            return;
        };
        let (mut over, mut before) = (Vec::new(), Vec::new());
        let checked = self.checked;
        let roots = checked
            .certificates
            .iter()
            .map(|certificate| ("root", certificate));
        let mut certificates: Vec<(&str, &RootCertificate)> = roots.collect();
        for role in self.rested_on(releases) {
            let name = role.name.as_str();
            if !is_older_root(name) && seconds(&role.expires).is_none_or(|until| until <= now) {
                let until = shown(&role.expires);
                over.push(format!("{}, valid until {until}", shortened(name)));
            }
            let signers = role.certificates.iter();
            certificates.extend(signers.map(|certificate| (name, certificate)));
        }
        for (role, certificate) in certificates {
            let older = is_older_root(role);
            let of = match role {
                "root" => "the root's certificate".to_owned(),
                role => format!("a certificate of {}", shortened(role)),
            };
            if certificate.from > now {
                let from = minute(certificate.from);
                before.push(format!("{of}, valid from {from}"));
            }
            // A root was replaced, perhaps since its certificate was to end.
            if certificate.until <= now && !older {
                let until = minute(certificate.until);
                over.push(format!("{of}, valid until {until}"));
            }
        }
        self.outside(now, &over, &before);
    }

    /// Says that the time that is asked about is not in that of the files and certificates.
    fn outside(&mut self, now: i64, over: &[String], before: &[String]) {
        // Each once: several keys may have certificates of one time.
        let listed = |all: &[String]| {
            let all = sorted(all.iter().map(|one| (0, one.as_str())).collect());
            let mut all: Vec<&str> = all.into_iter().map(|(_, one, _)| one).collect();
            all.dedup();
            joined(&all, "; ")
        };
        let now = minute(now);
        if !over.is_empty() {
            let text = format!(
                "the tag is signed, but at {now} the signature had expired ({}), and may have \
                 been replaced since",
                listed(over)
            );
            let hint = "newer metadata, or a question about a time before it expired";
            self.open(Code::DctExpired, text, hint);
        }
        if !before.is_empty() {
            let text = format!(
                "the tag is signed, but at {now} the signature was not valid yet ({})",
                listed(before)
            );
            let hint = "metadata of that time, or a question about a later time";
            self.open(Code::DctNotYet, text, hint);
        }
    }

    /// The roles that the signature of a tag rests on: the roots from the pinned one on, those that
    /// lead to the tag, and where a delegate signed it the snapshot that names the delegate's file.
    fn rested_on(&self, releases: &[&Target]) -> Vec<&'a RoleFile> {
        let above = |role: &RoleFile| {
            let leads = |target: &&Target| {
                let rest = target.role.strip_prefix(role.name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            releases.iter().any(leads)
        };
        let delegated = releases.iter().any(|target| target.role != "targets");
        let rests = |role: &&RoleFile| match role.name.as_str() {
            "snapshot" => delegated,
            name => is_root(name) || above(role),
        };
        self.checked.roles.iter().filter(rests).collect()
    }

    /// Says how new the metadata is: only a timestamp tells, and only for as long as it is valid.
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
                "the signed metadata was current at {}, and is valid until {}",
                minute(now),
                shown(until)
            ),
            Some(until) if whole => format!(
                "archived metadata: current until {}; whether it was still current at {} cannot be \
                 proven",
                shown(until),
                minute(now)
            ),
            _ => format!(
                "archived metadata without a valid timestamp and snapshot: whether it was current at \
                 {} cannot be proven",
                minute(now)
            ),
        };
        self.beside(Code::DctFreshness, text);
    }
}

/// A time that metadata has, as it is written in sentences.
fn shown(time: &str) -> String {
    seconds(time).map_or_else(|| shortened(time), minute)
}
