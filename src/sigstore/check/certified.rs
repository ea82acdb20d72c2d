//! The certificate that signed.

use super::super::BundleSigner;
use super::super::cert::{CODE_SIGNING, DIGITAL_SIGNATURE, IssuedCertificate};
use super::super::ct;
use super::super::key;
use super::super::root::Authority;
use super::BundleCheck;

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
            let text = "a time of a log or timestamp authority";
            self.fails("time", text, "none that holds");
        } else if times.iter().all(|time| leaf.is_valid_at(*time)) {
            self.holds("time", "the certificate was valid when it signed");
        } else {
            let text = "a certificate that was valid at every time found";
            self.fails("time", text, "one that was not");
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
                "another use",
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
                match self.issued(leaf, authority, &certificates, at) {
                    None => {
                        let text = ["the certificate was issued by ", &authority.name];
                        self.holds("certificate-chain", &text.concat());
                        self.logged(leaf, issuer);
                        return;
                    }
                    Some(why) => fault = Some(fault.unwrap_or(why)),
                }
            }
        }
        if let Some(expected) = fault {
            self.fails("certificate-chain", expected, "one that is not");
        } else {
            let text = self.not_in_root("the authority that issued the certificate");
            self.unrooted("certificate-chain", text);
        }
    }

    /// Finds the fault of a certificate as one that this authority issued.
    fn issued(
        &self,
        leaf: &IssuedCertificate,
        authority: &Authority,
        certificates: &[IssuedCertificate],
        at: usize,
    ) -> Option<&'static str> {
        let key = certificates.get(at).and_then(|issuer| issuer.key().ok());
        let Some(key) = key.filter(|key| key::scheme(leaf.fields.algorithm, key).is_some()) else {
            return Some("a certificate that is signed in a supported way");
        };
        if !leaf.is_issued_by(&key) {
            return Some("a certificate that the authority it names issued");
        }
        authority.fault(certificates, at, &self.times)
    }

    /// Checks that a log of certificates knew it before it was issued.
    fn logged(&mut self, leaf: &IssuedCertificate, issuer: &IssuedCertificate) {
        let root = self.asked.root;
        if root.certificate_logs.is_empty() {
            return;
        }
        let Some(timestamps) = ct::timestamps(leaf) else {
            self.fails("sct", "signed certificate timestamps", "other bytes");
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
                self.fails(
                    "sct",
                    "a certificate timestamp that its log signed",
                    "another",
                );
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
            self.fails("sct", "a timestamp of a log of certificates", "none");
        }
    }
}
