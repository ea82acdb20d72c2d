//! A threshold of n needs n private keys: however each of them is written, called and certified, and
//! however often it signs.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use base64ct::{Base64, Encoding};
use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign};
use ed25519_dalek::pkcs8::EncodePublicKey as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use pullproof::tuf::{self, Checked, Files};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use notary::{DAY, Key, by_id, complete, der, written};

/// The primes of a key that is nobody's.
const PRIMES: [&str; 2] = [
    "d0ba5feb3943745037cfe8ef2c6ee7c44e82da80b83be00a281d240f6e4f785092707c32ac82fa3e41a2a1b3\
    64d249c5966b0d3fd823e27a5f9c80647dc9f269517e70f89b8c4a829e6a1a9d4986f42a23b5c2be5eec8234\
    f01daebb892dc223162905e451a690db4891536ce328cfc4805ed88552661bb83f24fe10fe75b9fd",
    "cd9d79c4e6ef1b9a0f01d32899446a10684d48dea76de6ec508e1fe3a1883703519105fa9415cbd45c133292\
    b0b661b734b10933876673e74d72a54a2b24d296ef02c4ab00eb86404217a4ea81e7efc13c4f6166e51dff26\
    92969f6f994c5929cca5ed8c05578b0f45e5810f400687cd1c50c1ea58e01354e251e7e06dc21567",
];

/// A point of order 8 on the curve of Ed25519.
const TORSION: &str = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";

const EC: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: [u8; 7] = [6, 5, 0x2b, 0x81, 4, 0, 0x22];

type Sign = Box<dyn Fn(&[u8]) -> (&'static str, Vec<u8>)>;

/// One writing of a private key.
struct Spelled {
    what: String,
    id: String,
    value: Value,
    sign: Sign,
    /// Whether a file may have it: else the file is at fault.
    fits: bool,
}

impl Spelled {
    /// Under a type of key, as base64 of these bytes.
    fn new(what: &str, kind: &str, public: &[u8], sign: Sign) -> Self {
        let (id, value) = by_id(kind, &Base64::encode_string(public));
        Spelled {
            what: format!("{what} as {kind}"),
            id,
            value,
            sign,
            fits: true,
        }
    }

    fn misfit(self) -> Self {
        Spelled {
            fits: false,
            ..self
        }
    }

    fn signature(&self, signed: &Value) -> Value {
        let (method, bytes) = (self.sign)(signed.to_string().as_bytes());
        json!({ "keyid": self.id, "method": method, "sig": Base64::encode_string(&bytes) })
    }
}

/// A certificate of a key, in PEM.
fn pem(spki: &[u8], serial: u8) -> Vec<u8> {
    let issuer = p256::ecdsa::SigningKey::from_slice(&[99; 32]).unwrap();
    let days = (b"200101000000Z", b"400101000000Z");
    let body = notary::certificate(&issuer, spki, ("a/b", serial, days));
    let body = Base64::encode_string(&body);
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n").into_bytes()
}

/// A point as a `SubjectPublicKeyInfo`.
fn spki(curve: &[u8], point: &[u8]) -> Vec<u8> {
    let bits = der(3, &[&[0], point]);
    der(0x30, &[&der(0x30, &[&EC, curve]), &bits])
}

/// Every writing of an elliptic curve's key, by what signs with it and with its negative.
macro_rules! elliptic {
    ($name:ident, $curve:ident, $oid:ident, $seed:expr) => {
        fn $name(seed: u8) -> Vec<Spelled> {
            let own = $curve::ecdsa::SigningKey::from_slice(&$seed(seed)).unwrap();
            let negative = $curve::ecdsa::SigningKey::from(-*own.as_nonzero_scalar());
            let mut all = Vec::new();
            for (what, key) in [("a key", own), ("its negative", negative)] {
                let sign = || -> Sign {
                    let key = key.clone();
                    Box::new(move |message| {
                        let hashed = Sha256::digest(message);
                        let made: $curve::ecdsa::Signature = key.sign_prehash(&hashed).unwrap();
                        ("ecdsa", made.to_bytes().to_vec())
                    })
                };
                // A compressed point is refused, in whichever kind of key.
                for compressed in [false, true] {
                    let taken = |spelled: Spelled| {
                        if compressed {
                            spelled.misfit()
                        } else {
                            spelled
                        }
                    };
                    let point = key.verifying_key().to_sec1_point(compressed);
                    let spki = spki(&$oid, point.as_bytes());
                    let what = format!("{what} {seed}, compressed {compressed}");
                    all.push(taken(Spelled::new(&what, "ecdsa", &spki, sign())));
                    for serial in [1, 2] {
                        let pem = pem(&spki, serial);
                        all.push(taken(Spelled::new(&what, "ecdsa-x509", &pem, sign())));
                    }
                    for kind in ["rsa", "ed25519", "ECDSA", "ecdsa-sha2-nistp256", ""] {
                        all.push(Spelled::new(&what, kind, &spki, sign()).misfit());
                    }
                    for kind in ["rsa-x509", "ed25519-x509", "ecdsa-x509-x509", "-x509"] {
                        let pem = pem(&spki, 1);
                        all.push(Spelled::new(&what, kind, &pem, sign()).misfit());
                    }
                }
            }
            all
        }
    };
}

elliptic!(nist_256, p256, P256, |seed: u8| [seed; 32]);
elliptic!(nist_384, p384, P384, |seed: u8| [seed; 48]);

fn edwards(seed: u8) -> Vec<Spelled> {
    let own = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let torsion: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&TORSION[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let torsion = ed25519_dalek::VerifyingKey::try_from(torsion.as_slice()).unwrap();
    let (point, small) = (own.verifying_key().to_edwards(), torsion.to_edwards());
    let scalar = own.to_scalar();
    let mut all = Vec::new();
    for (what, scalar, point) in [
        ("a key", scalar, point),
        ("its negative", -scalar, -point),
        ("with a point of small order", scalar, point + small),
        ("with two of them", scalar, point + small + small),
        ("its negative with one", -scalar, small - point),
    ] {
        let public = ed25519_dalek::VerifyingKey::from(point);
        let sign = move || -> Sign {
            Box::new(move |message| {
                // Until what is added does not matter to the equation.
                for prefix in 0..=u8::MAX {
                    let hash_prefix = [prefix; 32];
                    let secret = ExpandedSecretKey {
                        scalar,
                        hash_prefix,
                    };
                    let made = raw_sign::<Sha512>(&secret, message, &public);
                    if public.verify_strict(message, &made).is_ok() {
                        return ("eddsa", made.to_bytes().to_vec());
                    }
                }
                panic!("no signature");
            })
        };
        let what = format!("{what} {seed}");
        all.push(Spelled::new(&what, "ed25519", public.as_bytes(), sign()));
        let spki = public.to_public_key_der().unwrap();
        for kind in ["ecdsa", "rsa", "Ed25519"] {
            all.push(Spelled::new(&what, kind, spki.as_bytes(), sign()).misfit());
        }
        let pem = pem(spki.as_bytes(), 1);
        all.push(Spelled::new(&what, "ed25519-x509", &pem, sign()).misfit());
    }
    all
}

fn rivest() -> Vec<Spelled> {
    let [p, q] = PRIMES.map(|prime| {
        let bytes: Vec<u8> = (0..128)
            .map(|at| u8::from_str_radix(&prime[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        BoxedUint::from_be_slice(&bytes, 1024).unwrap()
    });
    let mut all = Vec::new();
    for exponent in [65_537_u64, 257, 65_539] {
        let exponent_of = BoxedUint::from(exponent);
        let key = RsaPrivateKey::from_p_q(p.clone(), q.clone(), exponent_of).unwrap();
        assert_eq!(key.n().bit_width(), 2048);
        let spki = key.to_public_key().to_public_key_der().unwrap();
        let sign = || -> Sign {
            let key = key.clone();
            Box::new(move |message| {
                let hashed = Sha256::digest(message);
                let padding = Pkcs1v15Sign::new::<Sha256>();
                ("rsapkcs1v15", key.sign(padding, &hashed).unwrap())
            })
        };
        let what = format!("RSA with {exponent}");
        all.push(Spelled::new(&what, "rsa", spki.as_bytes(), sign()));
        let certified = pem(spki.as_bytes(), 1);
        all.push(Spelled::new(&what, "rsa-x509", &certified, sign()));
        for kind in ["ecdsa", "rsassa-pss-sha256", "RSA"] {
            all.push(Spelled::new(&what, kind, spki.as_bytes(), sign()).misfit());
        }
        all.push(Spelled::new(&what, "ecdsa-x509", &certified, sign()).misfit());
    }
    all
}

/// All private keys, each with every writing of it.
fn privates() -> Vec<Vec<Spelled>> {
    let mut all = vec![nist_384(51), rivest()];
    all.extend([11, 12].map(nist_256));
    all.extend([31, 32].map(edwards));
    all
}

fn keys(all: &[&Spelled]) -> Value {
    let pairs = all.iter().map(|key| (key.id.clone(), key.value.clone()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// A repository whose role needs so many of the keys that it lists, and is signed with all of them.
fn files(role: &str, threshold: usize, listed: &[&Spelled]) -> Files {
    let own = Key::new(2);
    let ids: Vec<&str> = listed.iter().map(|key| key.id.as_str()).collect();
    let of_role = json!({ "keyids": ids, "threshold": threshold });
    let plain = || notary::role(&[&own]);
    let mut all = notary::keys(&[&own]);
    let mut roles =
        json!({ "root": plain(), "snapshot": plain(), "timestamp": plain(), "targets": plain() });
    let mut delegated = json!({ "keys": {}, "roles": [] });
    if role == "targets/releases" {
        let mut of_role = of_role;
        (of_role["name"], of_role["paths"]) = (json!(role), json!([""]));
        delegated = json!({ "keys": keys(listed), "roles": [of_role] });
    } else {
        roles[role] = of_role;
        all.as_object_mut()
            .unwrap()
            .extend(keys(listed).as_object().unwrap().clone());
    }
    let root = json!({ "_type": "Root", "version": 1, "expires": DAY, "consistent_snapshot": false,
        "keys": all, "roles": roles });
    let targets = |delegations: &Value| {
        json!({ "_type": "Targets", "version": 1, "expires": DAY, "targets": { "1.0": notary::entry(b"one") },
            "delegations": delegations })
    };
    let none = json!({ "keys": {}, "roles": [] });
    let mut files = Files::new();
    for (name, signed) in [
        ("root", root),
        ("targets", targets(&delegated)),
        ("targets/releases", targets(&none)),
    ] {
        let signatures: Vec<Value> = if name == role {
            listed.iter().map(|key| key.signature(&signed)).collect()
        } else {
            vec![own.signature(&signed)]
        };
        files.insert(name.to_owned(), written(&signed, &json!(signatures)));
    }
    complete(&mut files, &[&own]);
    files
}

const ROLES: [&str; 3] = ["root", "targets", "targets/releases"];

fn is_met(checked: &Checked, role: &str) -> bool {
    checked.roles.iter().any(|known| known.name == role)
}

#[test]
fn every_writing_of_a_private_key_signs_and_two_of_them_are_one() {
    let mut pairs = 0;
    for private in privates() {
        let fitting: Vec<&Spelled> = private.iter().filter(|key| key.fits).collect();
        for one in &private {
            let checked = tuf::check(&files("targets", 1, &[one]), &[]);
            assert_eq!(is_met(&checked, "targets"), one.fits, "{}", one.what);
            // That it does not fit is said of the file that lists it.
            let faults = checked.faults.iter().filter(|fault| fault.role == "root");
            assert_eq!(
                faults.count() > 0,
                !one.fits,
                "{}: {:?}",
                one.what,
                checked.faults
            );
            let other = fitting[pairs % fitting.len()];
            if one.id != other.id {
                let checked = tuf::check(&files("targets", 2, &[one, other]), &[]);
                assert!(!is_met(&checked, "targets"), "{}, {}", one.what, other.what);
            }
            pairs += 1;
        }
        let all: Vec<&Spelled> = private.iter().collect();
        for role in ROLES {
            let checked = tuf::check(&files(role, 2, &all), &[]);
            assert!(!is_met(&checked, role), "{role}: {}", all[0].what);
        }
    }
    println!("{pairs} writings of keys");
    assert!(pairs > 100, "{pairs}");
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[test]
fn a_threshold_of_n_is_reached_by_n_private_keys_and_by_no_fewer() {
    let privates = privates();
    let mut numbers = Numbers(15);
    let (mut met, mut unmet) = (0, 0);
    for _ in 0..300 {
        let mut listed: Vec<&Spelled> = Vec::new();
        let mut signing = 0;
        for private in &privates {
            let writings = [0, 0, 1, 1, 2, 5][numbers.below(6)];
            let mut counts = false;
            for _ in 0..writings {
                let one = &private[numbers.below(private.len())];
                if listed.iter().all(|known| known.id != one.id) {
                    listed.push(one);
                    counts |= one.fits;
                }
            }
            signing += usize::from(counts);
        }
        if listed.is_empty() {
            continue;
        }
        for at in (1..listed.len()).rev() {
            listed.swap(at, numbers.below(at + 1));
        }
        let threshold = 1 + numbers.below(listed.len());
        let role = ROLES[numbers.below(3)];
        let checked = tuf::check(&files(role, threshold, &listed), &[]);
        let whats: Vec<&str> = listed.iter().map(|key| key.what.as_str()).collect();
        assert_eq!(
            // Who may sign a delegation is said by a file that a misfit makes no less signed.
            is_met(&checked, role),
            signing >= threshold,
            "{role}: {threshold} of {whats:?}"
        );
        let signers = checked.roles.iter().find(|known| known.name == role);
        let signers = signers.map_or(0, |known| known.keys.len());
        assert!(signers <= signing, "{signers} of {signing}: {whats:?}");
        if signing >= threshold {
            met += 1;
        } else {
            unmet += 1;
        }
    }
    println!("{met} thresholds reached, {unmet} not");
    assert!(met > 50 && unmet > 50, "{met} {unmet}");
}

#[test]
fn one_signature_under_two_ids_or_in_its_two_forms_counts_once() {
    let private = nist_256(11);
    let [one, other] = [&private[0], &private[1]];
    let mut all = files("targets", 2, &[one, other]);
    let targets: Value = serde_json::from_slice(&all["targets"]).unwrap();
    let mut signatures = targets["signatures"].clone();
    // The same bytes under both ids.
    signatures[1]["sig"] = signatures[0]["sig"].clone();
    let same = written(&targets["signed"], &signatures);
    // Of (r, s) also (r, n - s) is a signature.
    let text = signatures[0]["sig"].as_str().unwrap();
    let made = p256::ecdsa::Signature::from_slice(&Base64::decode_vec(text).unwrap()).unwrap();
    let (r, s) = made.split_scalars();
    let turned = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
    signatures[1]["sig"] = json!(Base64::encode_string(&turned.to_bytes()));
    let turned = written(&targets["signed"], &signatures);
    for targets in [same, turned] {
        all.insert("targets".to_owned(), targets);
        complete(&mut all, &[&Key::new(2)]);
        let checked = tuf::check(&all, &[]);
        assert!(!is_met(&checked, "targets"), "{:?}", checked.faults);
    }
}

#[test]
fn another_message_is_signed_by_none_of_them() {
    for private in privates() {
        for one in private {
            let mut all = files("targets", 1, &[&one]);
            let mut targets: Value = serde_json::from_slice(&all["targets"]).unwrap();
            targets["signed"]["version"] = json!(2);
            let changed = written(&targets["signed"], &targets["signatures"]);
            all.insert("targets".to_owned(), changed);
            assert!(!is_met(&tuf::check(&all, &[]), "targets"), "{}", one.what);
        }
    }
}
