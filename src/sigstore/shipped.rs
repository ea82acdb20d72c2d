//! Trusted roots that come with the package, as files beside the module. Here each is known by its name and by the
//! digest of its bytes only: whoever has the files hands them over, and other bytes are refused.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use crate::digest::Digest;
use crate::error::Error;

use super::bundle::{Bundle, SignedWith};
use super::cert::IssuedCertificate;
use super::fields::wrong;
use super::root::{CODE, TrustedRoot};

/// Each root by the name that reports call it, and its SHA-256: those of Sigstore's public instance, as its repository
/// has it since that day, and of GitHub, with authorities that are trusted from that day on.
const SHIPPED: [(&str, &str); 2] = [
    (
        "the trusted root of sigstore.dev of 2025-09-22",
        "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
    ),
    (
        "the trusted root of GitHub of 2026-06-12",
        "484cdfe1a7c65479c5ba2a22193d1be90f0020db1997de696ab207434c62fbb7",
    ),
];

/// The files, in the same order: a program in Rust has them in itself, the module of wasm beside itself.
#[cfg(not(target_arch = "wasm32"))]
const FILES: [&[u8]; 2] = [
    include_bytes!("roots/public-good.json"),
    include_bytes!("roots/github.json"),
];

/// The organisation in the names of GitHub's authorities, and the issuer of the identities of its workflows.
const GITHUB: (&[u8], &str) = (
    b"GitHub, Inc.",
    "https://token.actions.githubusercontent.com",
);

/// The trusted roots that come with the package, as far as they are here. All clones have the same.
#[derive(Clone, Debug)]
pub struct ShippedRoots(Rc<[ShippedRoot; 2]>);

#[derive(Debug, Default)]
struct ShippedRoot {
    bytes: OnceCell<Cow<'static, [u8]>>,
    /// Read when it is needed: most questions need none.
    read: OnceCell<Option<TrustedRoot>>,
}

impl Default for ShippedRoots {
    /// All that are in the program itself.
    fn default() -> Self {
        let roots = <[ShippedRoot; 2]>::default();
        #[cfg(not(target_arch = "wasm32"))]
        for (root, bytes) in roots.iter().zip(FILES) {
            root.bytes.get_or_init(|| Cow::Borrowed(bytes));
        }
        ShippedRoots(Rc::new(roots))
    }
}

impl ShippedRoots {
    /// Takes one of them, by its bytes.
    ///
    /// # Errors
    /// It is not one of them.
    pub fn take(&self, bytes: Vec<u8>) -> Result<(), Error> {
        let found = Digest::sha256(&bytes);
        for ((_, digest), root) in SHIPPED.iter().zip(&*self.0) {
            if found.encoded() == *digest {
                root.bytes.get_or_init(|| Cow::Owned(bytes));
                return Ok(());
            }
        }
        Err(wrong(CODE, "one that comes with pullproof", found.as_str()))
    }

    /// The root that a bundle is checked with: GitHub's for what GitHub's authority certified, else that of the public
    /// instance.
    ///
    /// # Errors
    /// It is not here.
    pub fn of(&self, bundle: &Bundle) -> Result<&TrustedRoot, Error> {
        let at = usize::from(is_of_github(bundle));
        let root = SHIPPED.get(at).zip(self.0.get(at));
        let read = root.and_then(|((name, _), root)| {
            let bytes = root.bytes.get()?;
            let read = || TrustedRoot::read(bytes, name).ok();
            root.read.get_or_init(read).as_ref()
        });
        read.ok_or_else(|| {
            let expected = "a file that comes with pullproof (load or install it again)";
            wrong(CODE, expected, "none")
        })
    }
}

/// True if a certificate says that it is by GitHub's authority, for an identity that GitHub itself vouches for. Of
/// others its authority has no say.
fn is_of_github(bundle: &Bundle) -> bool {
    let (organisation, workflows) = GITHUB;
    let SignedWith::Certificates(chain) = &bundle.by else {
        return false;
    };
    let leaf = chain.first().and_then(|der| IssuedCertificate::read(der));
    leaf.is_some_and(|leaf| {
        let mut parts = leaf.fields.issuer.windows(organisation.len());
        let issuer = leaf.oidc_issuer();
        parts.any(|part| part == organisation)
            && issuer.is_ok_and(|issuer| issuer.is_none_or(|issuer| issuer == workflows))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_those_that_are_named_and_no_others_are_taken() {
        for (file, (name, _)) in FILES.iter().zip(SHIPPED) {
            let roots = ShippedRoots(Rc::default());
            roots.take(file.to_vec()).unwrap();
            TrustedRoot::read(file, name).unwrap();
            let mut other = file.to_vec();
            other.push(b'\n');
            let error = roots.take(other).unwrap_err();
            assert_eq!(error.code(), "trusted-root");
            let text = "expected one that comes with pullproof in the trusted-root, found sha256:";
            assert!(error.to_string().starts_with(text), "{error}");
        }
    }
}
