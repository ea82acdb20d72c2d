//! The certificate that signed.

use super::super::cert::{CODE_SIGNING, DIGITAL_SIGNATURE, IssuedCertificate};
use super::super::ct;
use super::super::root::OTHER_TIME;
use super::super::{BundleSigner, RuleOutcome};
use super::BundleCheck;

/// The thing that is expected of a log of certificates.
const STAMPED: &str = "a certificate timestamp that its log signed";

impl BundleCheck<'_> {
    pub(super) fn certificate(&mut self, leaf: &IssuedCertificate) {
        self.time(leaf);
        self.uses(leaf);
        self.chain(leaf);
        let (identity, issuer) = (leaf.identity(), leaf.oidc_issuer());
        let Some(identity) = identity else {
            self.fails(
                "certificate-identity",
                "one name of a known kind",
                "none, or several",
            );
            return;
        };
        let Ok(issuer) = issuer else {
            self.fails(
                "certificate-issuer",
                "one issuer of the identity",
                "two that differ",
            );
            return;
        };
        self.found.signer = Some(BundleSigner::Certificate {
            identity,
            issuer,
            claims: leaf.claims(),
        });
    }

    /// A certificate is valid for minutes: without a time nothing is known of it.
    fn time(&mut self, leaf: &IssuedCertificate) {
        let times = &self.times;
        if times.is_empty() {
            if let Some(wanted) = self.undated {
                let text = "when it was signed is not known".to_owned();
                self.add("time", RuleOutcome::Unknown { text, wanted });
            } else {
                let text = "a time of a log or timestamp authority";
                self.fails("time", text, "none that holds");
            }
        } else if times.iter().all(|time| leaf.is_valid_at(*time)) {
            self.holds("time", "the certificate was valid when it signed");
        } else {
            let text = "a certificate that was valid at every time found";
            self.fails("time", text, "one that is not");
        }
    }

    fn uses(&mut self, leaf: &IssuedCertificate) {
        if leaf.may_be_authority() {
            self.fails(
                "certificate-use",
                "a certificate that issues no others",
                "an authority's",
            );
        }
        if !leaf.has_usage(DIGITAL_SIGNATURE) || !leaf.is_for(CODE_SIGNING) {
            self.fails(
                "certificate-use",
                "a certificate for signing code",
                "another",
            );
        }
        if let Some(oid) = leaf.unknown() {
            self.fails("certificate-use", "extensions that are known", &oid);
        }
    }

    fn chain(&mut self, leaf: &IssuedCertificate) {
        let root = self.asked.root;
        let mut fault = None;
        for authority in &root.authorities {
            let certificates = authority.certificates();
            for (at, issuer) in certificates.iter().enumerate() {
                if issuer.fields.subject != leaf.fields.issuer {
                    continue;
                }
                let why = authority.fault(&certificates, at, &self.times).or_else(|| {
                    let key = issuer.key();
                    let is_issued = key.is_ok_and(|key| leaf.is_issued_by(&key));
                    (!is_issued).then_some(
                        "a certificate that the authority it names issued, in a supported way",
                    )
                });
                let Some(why) = why else {
                    let text = ["the certificate was issued by ", &authority.name];
                    self.holds("certificate-chain", &text.concat());
                    self.logged(leaf, issuer);
                    return;
                };
                // That the authority has this name too says nothing against one with the key that it names.
                if leaf.is_of_other_key(issuer) {
                    continue;
                }
                // An authority of another time says least of what is wrong.
                fault = fault.filter(|known| *known != OTHER_TIME).or(Some(why));
            }
        }
        if let Some(expected) = fault {
            self.fails("certificate-chain", expected, "one that is not");
        } else {
            let text = self.not_in_root("the authority that issued the certificate");
            self.unrooted("certificate-chain", text);
        }
    }

    /// Checks that a log of certificates knew it before it was issued.
    fn logged(&mut self, leaf: &IssuedCertificate, issuer: &IssuedCertificate) {
        let root = self.asked.root;
        if root.certificate_logs.is_empty() {
            return;
        }
        let Some(timestamps) = ct::timestamps(leaf) else {
            self.fails("sct", STAMPED, "other bytes");
            return;
        };
        let (mut known, mut others) = (false, false);
        for one in timestamps {
            let Some(log) = root.certificate_logs.iter().find(|log| log.is(one.log)) else {
                others = true;
                continue;
            };
            // SHA-256 with RSA or ECDSA, or Ed25519 (RFC 8422, 5.1.3).
            let named = matches!(one.algorithm, [4, 1 | 3] | [8, 7]);
            if !named || !log.verifies(&one.signed(leaf, issuer), one.signature) {
                self.fails("sct", STAMPED, "another");
                return;
            }
            if !log.window.contains(one.at) {
                self.fails(
                    "sct",
                    "a log that the root trusts for that time",
                    "another time",
                );
                return;
            }
            known = true;
        }
        if known {
            self.holds("sct", "a log of certificates knew it before it was issued");
        } else if others {
            let text = self.not_in_root("the log of the certificate's timestamp");
            self.unrooted("sct", text);
        } else {
            self.fails("sct", STAMPED, "none");
        }
    }
}
