//! The checks of one signature, all of them.

mod certified;
mod logged;

use crate::signature::{Family, Hash, VerifyingKey};
use crate::text::{from_hex, hex, in_quotes, shortened};
use crate::time::{UnixTime, written};

use super::bundle::{Bundle, Envelope, SignedContent, SignedWith};
use super::cert::IssuedCertificate;
use super::payload::signed;
use super::statement;
use super::timestamp::{Stamped, TimestampToken};
use super::{
    Artifact, BundleQuestion, BundleSigner, Expected, RuleFinding, RuleOutcome, RuleWant,
    SignedTime, Verified, key,
};

/// What is wanted where a digest is not enough.
const BYTES: &str = "the bytes of the artifact";

/// Checks a signature. All that could not be checked or does not hold is in what is found.
pub fn verify(bundle: &Bundle, asked: &BundleQuestion) -> Verified {
    let mut check = BundleCheck {
        bundle,
        asked,
        times: Vec::new(),
        undated: None,
        found: Verified::default(),
    };
    match &bundle.by {
        SignedWith::Certificates(chain) => check.by_certificate(chain),
        SignedWith::Key(hint) => check.by_key(hint),
    }
    check.found
}

struct BundleCheck<'a> {
    bundle: &'a Bundle,
    asked: &'a BundleQuestion<'a>,
    /// Milliseconds since 1970 at which the signature is known to have been there.
    times: Vec<i64>,
    /// What would settle a time that could not be checked.
    undated: Option<RuleWant>,
    found: Verified,
}

impl BundleCheck<'_> {
    fn add(&mut self, rule: &'static str, outcome: RuleOutcome) {
        self.found.findings.push(RuleFinding { rule, outcome });
    }

    fn holds(&mut self, rule: &'static str, text: &str) {
        self.add(rule, RuleOutcome::Holds(text.to_owned()));
    }

    fn fails(&mut self, rule: &'static str, expected: &str, found: &str) {
        let expected = expected.to_owned();
        let found = shortened(found);
        self.add(rule, RuleOutcome::Fails { expected, found });
    }

    fn unknown(&mut self, rule: &'static str, text: String, words: &'static str) {
        let wanted = RuleWant::Words(words);
        self.add(rule, RuleOutcome::Unknown { text, wanted });
    }

    /// The trusted root does not know whose word this is.
    fn unrooted(&mut self, rule: &'static str, text: String) {
        let wanted = RuleWant::NewerRoot;
        self.add(rule, RuleOutcome::Unknown { text, wanted });
    }

    fn unused(&mut self, rule: &'static str, text: &str) {
        self.add(rule, RuleOutcome::Unused(text.to_owned()));
    }

    /// Remembers a time that was checked, unless it is still to come.
    fn seen(&mut self, rule: &'static str, at: i64, by: &str) {
        let now = self.asked.now;
        let second = UnixTime(at.div_euclid(1000));
        if second > now {
            self.fails(rule, "a time that is not in the future", &written(second.0));
            return;
        }
        self.times.push(at);
        let by = by.to_owned();
        let text = format!("signed at {} or before, says {by}", written(second.0));
        self.found.seen.push(SignedTime { at: second, by });
        self.add(rule, RuleOutcome::Holds(text));
    }

    fn by_certificate(&mut self, chain: &[Vec<u8>]) {
        let mut certificates = chain.iter().map(|der| IssuedCertificate::read(der));
        let Some(leaf) = certificates.next().flatten() else {
            self.fails("certificate", "an X.509 certificate", "other bytes");
            return;
        };
        for other in certificates {
            match other {
                Some(other) if other.fields.subject != other.fields.issuer => {}
                // Whoever signs would say themselves whom to trust.
                Some(_) => self.fails(
                    "certificate-root",
                    "no root of the signer's own",
                    "a self-issued certificate in the bundle",
                ),
                None => self.fails("certificate", "an X.509 certificate", "other bytes"),
            }
        }
        let key = match leaf.key() {
            Ok(key) => key,
            Err(error) => {
                // That it is of another artifact is seen without the key.
                self.signature(&[]);
                let text = ["the certificate's key: ", &error.to_string()].concat();
                self.unknown("algorithm", text, "another signature");
                return;
            }
        };
        self.signature(&[(&key, leaf.fields.spki)]);
        self.timestamps();
        self.entries(&key, Some(leaf.whole), leaf.fields.spki);
        self.certificate(&leaf);
        match self.asked.by {
            Some(Expected::Identity { identity, issuer }) => self.identity(identity, issuer),
            Some(Expected::Keys(_)) => {
                self.fails("key", "a signature by the key", "one by a certificate");
            }
            None => {}
        }
    }

    fn by_key(&mut self, hint: &str) {
        let keys = match self.asked.by {
            Some(Expected::Keys(keys)) => keys.as_slice(),
            _ => &[],
        };
        if keys.is_empty() {
            if let Some(Expected::Identity { .. }) = self.asked.by {
                self.fails("identity", "a certificate of the identity", "a key");
            }
            self.signature(&[]);
            let hint = shortened(hint);
            let hint = in_quotes(&hint);
            let text = format!("it is by a key, which it does not contain, with the hint {hint}");
            self.unknown("key", text, "the public key");
            return;
        }
        let all: Vec<_> = keys
            .iter()
            .map(|key| (&key.verifying, key.spki.as_slice()))
            .collect();
        let by = self.signature(&all).and_then(|at| keys.get(at));
        self.timestamps();
        // Without the key that signed, the entries can be held against any of those asked for.
        if let Some(key) = by.or(keys.first()) {
            self.entries(&key.verifying, None, &key.spki);
        }
        if let Some(key) = by {
            self.holds("key", &["signed by the key ", key.id()].concat());
            self.found.signer = Some(BundleSigner::Key(key.id().to_owned()));
        }
        let seen = &self.found.seen;
        match by.and_then(|key| key.window) {
            Some(_) if seen.is_empty() => {
                let text =
                    "when it was signed is not known, and the key is not trusted for all time";
                self.unknown("time", text.to_owned(), "a log entry or a timestamp");
            }
            Some((from, until)) if !seen.iter().all(|seen| (from..=until).contains(&seen.at)) => {
                self.fails("time", "a time for which the key is trusted", "another");
            }
            None if seen.is_empty() => self.unused("time", "when it was signed is not known"),
            _ => {}
        }
    }

    /// Finds the key that made the signature among these.
    fn signature(&mut self, keys: &[(&VerifyingKey, &[u8])]) -> Option<usize> {
        match &self.bundle.content {
            SignedContent::Message { hashed, signature } => {
                self.message(keys, self.asked.artifact, hashed.as_ref(), signature)
            }
            SignedContent::Payload { payload, signature } => {
                self.payload(payload);
                self.message(keys, Artifact::Bytes(payload), None, signature)
            }
            SignedContent::Envelope(envelope) => self.envelope(keys, envelope),
        }
    }

    fn message(
        &mut self,
        keys: &[(&VerifyingKey, &[u8])],
        artifact: Artifact,
        hashed: Option<&(Hash, Vec<u8>)>,
        signature: &[u8],
    ) -> Option<usize> {
        let hash = hashed.map_or(Hash::Sha256, |(hash, _)| *hash);
        let known = artifact.hash(hash);
        let said = hashed.map(|(_, digest)| digest.as_slice());
        match (&known, said) {
            (None, _) => {
                let text = "the signature is over another hash than the digest given".to_owned();
                self.unknown("artifact", text, BYTES);
            }
            (Some(known), Some(said)) if known != said => {
                self.fails("artifact", &hex(known), &hex(said));
            }
            _ => {}
        }
        // Of whatever artifact it is, it has to be a signature of what it says.
        let known = known.as_deref().or(said)?;
        let bytes = match artifact {
            Artifact::Bytes(bytes) => Some(bytes),
            Artifact::Digest(_) => None,
        };
        let mut is_ed25519 = false;
        let by = keys.iter().position(|(key, _)| {
            is_ed25519 |= key.family() == Family::Ed25519;
            // A payload does not say which hash; keys on P-384 are used with both.
            let tried = match (hashed, key.curve()) {
                (None, 384) => &[Hash::Sha384, hash][..],
                _ => &[hash],
            };
            let mut schemes = tried.iter().flat_map(|hash| key::schemes(key, *hash));
            schemes.any(|scheme| match bytes {
                Some(bytes) => key.verifies(scheme, bytes, signature),
                None => key.verifies_hash(scheme, known, signature),
            })
        });
        if by.is_none() && is_ed25519 && bytes.is_none() {
            let text = "the signature of Ed25519 is over the artifact itself".to_owned();
            self.unknown("signature", text, BYTES);
        } else {
            self.signed(keys, by);
        }
        by
    }

    /// Checks that a payload names the artifact.
    fn payload(&mut self, payload: &[u8]) {
        let (digest, name) = match signed(payload) {
            Ok(signed) => signed,
            Err((expected, found)) => return self.fails("statement", expected, found),
        };
        self.found.name = Some(name);
        let hash = match digest.split_once(':') {
            Some(("sha256", hex)) => Some((Hash::Sha256, hex)),
            Some(("sha512", hex)) => Some((Hash::Sha512, hex)),
            _ => None,
        };
        let signed = hash.and_then(|(hash, hex)| Some((hash, from_hex(hex)?)));
        let known = signed.map(|(hash, signed)| (self.asked.artifact.hash(hash), signed));
        match known {
            Some((Some(known), signed)) if known == signed => {
                self.holds("artifact", "the signed payload names the artifact");
            }
            Some((None, _)) => {
                let text = "the signed payload has another hash than the digest given".to_owned();
                self.unknown("artifact", text, BYTES);
            }
            _ => self.fails("artifact", "a payload that names the artifact", &digest),
        }
    }

    fn envelope(&mut self, keys: &[(&VerifyingKey, &[u8])], envelope: &Envelope) -> Option<usize> {
        let signed = envelope.signed();
        let by = keys.iter().position(|(key, _)| {
            // An envelope does not say which hash; keys on P-384 are used with both.
            let hashes: &[Hash] = match key.curve() {
                384 => &[Hash::Sha384, Hash::Sha256],
                _ => &[Hash::Sha256],
            };
            let mut schemes = hashes.iter().flat_map(|hash| key::schemes(key, *hash));
            schemes.any(|scheme| key.verifies(scheme, &signed, &envelope.signature))
        });
        self.signed(keys, by);
        if envelope.payload_type != statement::PAYLOAD {
            self.fails("statement", statement::PAYLOAD, &envelope.payload_type);
            return by;
        }
        let artifact = self.asked.artifact;
        let (predicate, about) = statement::read(&envelope.payload, artifact);
        match about {
            Ok(true) => self.holds(
                "artifact",
                "the artifact is a subject of the signed statement",
            ),
            Ok(false) => {
                let text = "the signed statement has no digest that can be compared".to_owned();
                self.unknown("artifact", text, BYTES);
            }
            Err((expected, found)) => {
                let rule = if predicate.is_some() {
                    "artifact"
                } else {
                    "statement"
                };
                self.fails(rule, expected, found);
            }
        }
        self.found.predicate = predicate;
        by
    }

    /// Without a key that could have made it nothing is said of the signature.
    fn signed(&mut self, keys: &[(&VerifyingKey, &[u8])], by: Option<usize>) {
        match by {
            None if keys.is_empty() => {}
            Some(_) => self.holds("signature", "the signature is valid"),
            None => self.fails("signature", "a valid signature", "one that does not verify"),
        }
    }

    fn timestamps(&mut self) {
        let all = &self.bundle.timestamps;
        if repeats(all) {
            self.fails("twice", "each timestamp once", "one twice");
        }
        let signature = self.bundle.content.signature();
        for response in all {
            let Some(token) = TimestampToken::read(response) else {
                self.fails("timestamp", "an RFC 3161 timestamp", "other bytes");
                continue;
            };
            match token.of(signature, self.asked.root) {
                Stamped::By(name) => self.seen("timestamp", token.at, &name),
                Stamped::Unknown => {
                    self.undated = Some(RuleWant::NewerRoot);
                    let text = self.not_in_root("this timestamp authority");
                    self.unrooted("timestamp-authority", text);
                }
                Stamped::Wrong(expected, found) => self.fails("timestamp", expected, found),
            }
        }
    }

    fn not_in_root(&self, what: &str) -> String {
        format!("{} does not know {what}", self.asked.root.name)
    }

    fn identity(&mut self, identity: &str, issuer: &str) {
        let Some(BundleSigner::Certificate {
            identity: found,
            issuer: by,
            ..
        }) = self.found.signer.clone()
        else {
            return;
        };
        if found.is(identity) {
            self.holds(
                "identity",
                &["the certificate is for ", &found.name].concat(),
            );
        } else {
            let found = [found.kind, ":", &found.name].concat();
            self.fails("identity", identity, &found);
        }
        let by = by.unwrap_or_default();
        if by == issuer {
            self.holds(
                "issuer",
                &["its identity was vouched for by ", &by].concat(),
            );
        } else {
            let found = if by.is_empty() { "none" } else { &by };
            self.fails("issuer", issuer, found);
        }
    }
}

/// True if one of these is there twice.
fn repeats(all: &[Vec<u8>]) -> bool {
    all.iter()
        .enumerate()
        .any(|(at, one)| all.iter().skip(at + 1).any(|other| other == one))
}
