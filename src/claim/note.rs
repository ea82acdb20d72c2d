//! The codes of notes: one list of them, which callers may steer by. A code keeps its spelling.
//!
//! A note may have a code that is not here: that of an error, of a fault in signed metadata (with
//! `dct-` before it), or of whatever somebody who fetched told of. Nothing is steered by those.

use crate::digest::Digest;
use crate::error::Error;

use super::Statement;

macro_rules! codes {
    ($($name:ident, $word:literal, $meaning:literal;)*) => {
        /// The subject of a note, or of a part of the evidence that was not read.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// All of them, by their spelling.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// As it is spelled.
            pub fn word(self) -> &'static str {
                match self {
                    $(Code::$name => $word,)*
                }
            }

            /// Its meaning, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Code::$name => $meaning,)*
                }
            }
        }
    };
}

codes! {
    Aborted, "aborted", "Fetching was ended before an answer came.";
    Accept, "accept", "Which media types were asked for.";
    AmbiguousTool, "ambiguous-tool", "Several tools print such a text, and it is read as the output of one of them.";
    Archive, "archive", "What in an archive or a folder was not read, such as layers.";
    ArchiveNames, "archive-names", "What the names in an archive or a layout say of its images, such as none at all.";
    ArtifactContent, "artifact-content", "An artifact holds nothing of the kind that it says it is.";
    ArtifactType, "artifact-type", "An artifact is of another kind than the list says.";
    AttestationSubject, "attestation-subject", "An attestation is about something else than the manifest beside which it is listed.";
    Attestations, "attestations", "An entry of a list of attestations whose bundle is elsewhere.";
    Attests, "attests", "A statement about a digest, or what a tool says that it verified of one, which is not verified here.";
    Base64, "base64", "Text was decoded from base64, or should be base64 and is not.";
    Binary, "binary", "A file that is not text: its name, size and digest.";
    ChosenPlatform, "chosen-platform", "Of an image for several platforms a tool showed one.";
    ClaimedReference, "claimed-reference", "The name that a signer wrote, which nobody compared with anything.";
    Closed, "closed", "A registry does not let web pages read it.";
    Conflict, "conflict", "A document is named in two ways that cannot both be.";
    ContentDigest, "content-digest", "The header of an answer names another digest than its bytes have.";
    CosignChecks, "cosign-checks", "What cosign says that it checked.";
    CosignTree, "cosign-tree", "What cosign lists is only what is stored beside an image.";
    CosignVerify, "cosign-verify", "What cosign printed was checked where it ran, and not here.";
    Data, "data", "What an entry holds itself is not what it names.";
    DctDigest, "dct-digest", "A tag is signed with another digest than the image has.";
    DctExpired, "dct-expired", "Signed metadata was no longer valid at the time asked about.";
    DctFault, "dct-fault", "The signature rests on metadata in which there are faults.";
    DctFile, "dct-file", "A part of the text is a file of signed metadata.";
    DctFreshness, "dct-freshness", "How new signed metadata is known to be.";
    DctLength, "dct-length", "What is signed has another length, or two.";
    DctMetadata, "dct-metadata", "Signed metadata is here, of a repository and with these files.";
    DctNoCertificate, "dct-no-certificate", "No certificate says for which repository a root is.";
    DctNotYet, "dct-not-yet", "Signed metadata was not valid yet at the time asked about.";
    DctOlder, "dct-older", "An older state of signed metadata, which a newer one replaces.";
    DctPinned, "dct-pinned", "Signed metadata leads from a key that is given.";
    DctRecovered, "dct-recovered", "The bytes of a file of signed metadata were found again.";
    DctReleases, "dct-releases", "Whether docker would read another file first is not known.";
    DctRepository, "dct-repository", "Signed metadata is of another repository.";
    DctRole, "dct-role", "A file of signed metadata, with its version and its signers.";
    DctRollback, "dct-rollback", "Two states of signed metadata cannot be of one history.";
    DctRoot, "dct-root", "A root key, by both of its ids.";
    DctSha512, "dct-sha512", "What is signed has another SHA-512, or two.";
    DctSigner, "dct-signer", "No signer that was named signed the tag.";
    DctSnapshot, "dct-snapshot", "No snapshot says that a file is of this repository.";
    DctStray, "dct-stray", "A file of signed metadata belongs to no repository here.";
    DctTag, "dct-tag", "The place of a tag in signed metadata, and how long that is valid.";
    DctTwoDigests, "dct-two-digests", "A tag is signed as two digests.";
    DctUnpinned, "dct-unpinned", "Signed metadata does not lead to a key that is given.";
    DctUnreleased, "dct-unreleased", "A tag is signed, but not in a role that docker reads.";
    DctUnrooted, "dct-unrooted", "Signed metadata has no root that a given key leads to.";
    DiffIds, "diff-ids", "The uncompressed layers of an image.";
    DigestAlgorithm, "digest-algorithm", "A digest is by an algorithm that is not computed here.";
    Disputed, "disputed", "Which of several digests of one name is the newest is not known.";
    Elided, "elided", "Parts of a document were left out of the text.";
    Empty, "empty", "A list that should hold something holds nothing.";
    Fetched, "fetched", "How something was fetched.";
    Forbidden, "forbidden", "A registry refused to let the one who asked read it.";
    History, "history", "A configuration and its history have different numbers of layers.";
    HtmlEscaped, "html-escaped", "Text was escaped as HTML.";
    IdKind, "id-kind", "Of what an identifier is the digest.";
    Image, "image", "What the image is that was asked about is not known yet.";
    ImageStore, "image-store", "Which image store docker has is not said.";
    ImageStoreClassic, "image-store-classic", "Docker has its classic image store.";
    ImageStoreContainerd, "image-store-containerd", "Docker has the containerd image store.";
    JoinedLines, "joined-lines", "Lines that a terminal had broken were joined again.";
    Kept, "kept", "A machine keeps the image with a digest of the author's; what the name is now is not known.";
    LimitExceeded, "limit-exceeded", "There is more than is taken in or followed.";
    MediaType, "media-type", "An answer is of another media type than was asked for.";
    MixedFacts, "mixed-facts", "A tool prints facts of two documents as one.";
    Named, "named", "An image that a text names: without a digest, without its registry, or in a line that is removed.";
    NearestTag, "nearest-tag", "The tag that exists and is nearest to a missing one.";
    Network, "network", "No answer came over the network.";
    NextPage, "next-page", "A list leads on to what is not its next page.";
    NoConfig, "no-config", "A manifest has no configuration that could be one of an image.";
    NoDigest, "no-digest", "The text does not have the digest that was pulled.";
    NoId, "no-id", "A tool printed something as an identifier that is not one.";
    NoImages, "no-images", "There is no image in a list, or none that can be named.";
    NoOutput, "no-output", "A command line without what it prints.";
    NoTrustData, "no-trust-data", "A tool found no signed metadata.";
    NotFound, "not-found", "What was asked for is not there.";
    NotManifest, "not-manifest", "An answer is not a manifest.";
    NotPinned, "not-pinned", "A key is not among those given.";
    NotPublished, "not-published", "No digest that the author published is this, or for this platform.";
    NotReferrers, "not-referrers", "An answer is not a list of referrers.";
    NotSigned, "not-signed", "A tool found no signature.";
    NotTags, "not-tags", "An answer is not a list of tags.";
    NotationCertificate, "notation-certificate", "To whom a certificate was issued.";
    NotationInspect, "notation-inspect", "What notation printed of a signature was not verified.";
    NotationVerify, "notation-verify", "What notation printed was checked where it ran, and not here.";
    NothingStated, "nothing-stated", "A tool's output is recognised and states nothing.";
    OnlyRight, "only-right", "Something that only the second image has.";
    Other, "other", "JSON that is no document of an image.";
    OtherBytes, "other-bytes", "A document has another digest than its tag was resolved to.";
    OtherReference, "other-reference", "The text is about another image than its command line.";
    Pinned, "pinned", "A key is one of those given.";
    PlatformAbsent, "platform-absent", "An image does not have the platform asked about, or is not known to have it.";
    PlatformTwice, "platform-twice", "An index has two entries for one platform.";
    PolicyConfig, "policy-config", "The configuration that a policy lists is not known yet.";
    PolicyDigests, "policy-digests", "A policy lists a release without digests.";
    PolicyName, "policy-name", "A policy does not list the repository asked about.";
    PolicyRelease, "policy-release", "The release that a policy lists an image as, or that it lists none.";
    PolicySource, "policy-source", "Where the policy was fetched, and its digest.";
    PrefixOnly, "prefix-only", "Only the beginning of a key or of a digest is here, which proves nothing.";
    RateLimited, "rate-limited", "A registry answers no more for a while.";
    Redirect, "redirect", "A server leads to a place that is not followed.";
    Referrer, "referrer", "What a registry lists as referring to a document, where it is not a document.";
    ReferrerSubject, "referrer-subject", "What is listed as referring to a document refers to another.";
    Referrers, "referrers", "What refers to an image could not be found out.";
    RepoAdmin, "repo-admin", "That no delegate signed, which a tool prints as a name.";
    Rootfs, "rootfs", "The layers of a manifest and of its configuration are not the same number.";
    SamePaste, "same-paste", "A digest and its document come from one paste.";
    Schema1, "schema-1", "A manifest of docker's first schema.";
    Secret, "secret", "A part of the text is a secret; it is not kept.";
    Server, "server", "A server says that it failed.";
    SeveralDigests, "several-digests", "Several digests were said for one name.";
    ShellDigest, "shell-digest", "A digest that a shell computed.";
    SignaturesIn, "signatures-in", "A repository beside the image's own where its signatures are looked for, too.";
    SigstoreFound, "sigstore-found", "A place where signatures of the image are.";
    SigstoreNone, "sigstore-none", "A place where no signature of the image is.";
    SigstoreSource, "sigstore-source", "Whether signed provenance names the source that was asked for.";
    SigstoreUnasked, "sigstore-unasked", "A place where nobody looked for signatures of the image.";
    SigstoreUnread, "sigstore-unread", "A place that may have signatures of the image and could not be read.";
    Status, "status", "A server answered with a status that means nothing here.";
    Tags, "tags", "A list of tags, without digests.";
    TerminalCodes, "terminal-codes", "Codes for a terminal were taken out of the text.";
    Timeout, "timeout", "An answer did not come in time, or was not waited for.";
    Token, "token", "A token server gave no token.";
    TokenServer, "token-server", "The token server that a registry names cannot be used.";
    TrustedRoot, "trusted-root", "A trusted root is not here, or cannot be read.";
    Unattributed, "unattributed", "The text does not say for which image it was printed.";
    Unauthorized, "unauthorized", "Whoever was asked wants to know who asks.";
    UnknownRole, "unknown-role", "A digest of which the text does not say what it is of.";
    Unsigned, "unsigned", "Nothing says that those who have to have signed did.";
    Utf16, "utf-16", "The text was UTF-16, so that places in it are approximate.";
    Wrapped, "wrapped", "What wraps a text (marks of quoting, times and names of a log, a string of JSON) was taken off.";
}

impl Code {
    /// Whether somebody who fetched may tell of it. By the others this crate says what it found
    /// itself; a receipt that has one as told is refused (`src/js/codes.js`).
    pub fn is_told(self) -> bool {
        matches!(
            self,
            Code::Aborted
                | Code::Accept
                | Code::Archive
                | Code::ArchiveNames
                | Code::Binary
                | Code::Closed
                | Code::Fetched
                | Code::Forbidden
                | Code::LimitExceeded
                | Code::MediaType
                | Code::NearestTag
                | Code::Network
                | Code::NextPage
                | Code::NotFound
                | Code::NotManifest
                | Code::NotReferrers
                | Code::NotTags
                | Code::OtherBytes
                | Code::PolicySource
                | Code::RateLimited
                | Code::Redirect
                | Code::Referrers
                | Code::Server
                | Code::SignaturesIn
                | Code::Status
                | Code::Timeout
                | Code::Token
                | Code::TokenServer
                | Code::Unauthorized
        )
    }

    /// Whether it says what a policy or signed metadata has to say of the image, which is then the
    /// whole answer.
    pub(crate) fn of_scheme(self) -> bool {
        let word = self.word();
        self != Code::PolicySource && (word.starts_with("policy-") || word.starts_with("dct-"))
    }
}

impl Statement {
    /// Something that a reader should know of a document, or of the evidence.
    pub(crate) fn note(subject: Option<&Digest>, code: Code, text: impl Into<String>) -> Self {
        Statement::told(subject, code.word(), text)
    }

    /// A note that a document, or a part of one, is not taken as what it looks like.
    pub(crate) fn error(subject: Option<&Digest>, error: &Error, text: impl Into<String>) -> Self {
        Statement::told(subject, error.code(), text)
    }

    /// A note whose code is not chosen here.
    pub(crate) fn told(subject: Option<&Digest>, code: &str, text: impl Into<String>) -> Self {
        Statement::Note {
            subject: subject.cloned(),
            code: code.to_owned(),
            text: text.into(),
        }
    }

    /// Its text, if it is a note with this code.
    pub(crate) fn noted(&self, wanted: Code) -> Option<&str> {
        self.noted_of(|code| code == wanted)
    }

    /// Its text, if it is a note with a code that fits.
    pub(crate) fn noted_of(&self, fits: impl Fn(Code) -> bool) -> Option<&str> {
        let Statement::Note { code, text, .. } = self else {
            return None;
        };
        let known = Code::ALL.iter().find(|known| known.word() == code);
        known.filter(|known| fits(**known)).map(|_| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_there_once_in_order_and_is_explained() {
        let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        assert!(words.is_sorted_by(|a, b| a < b), "{words:?}");
        for code in Code::ALL {
            let meaning = code.meaning();
            assert!(meaning.ends_with('.') && meaning.len() > 20, "{code:?}");
        }
    }
}
