//! Evidence: everything that a session is told, by a person who pastes, a file or a fetch. All of it has one form and
//! comes through [`Session::take`](crate::session::Session::take). A receipt is the log of it.

use crate::claim::{Listing, Source, Want, WantKind};
use crate::digest::Digest;
use crate::error::Error;
use crate::json::{self, Kind};
use crate::name::Reference;
use crate::question::{FormFields, wrong};

/// One thing that a session is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Bytes that were wanted. If their digest is not the one that was wanted, the claim about them is contradicted.
    Bytes {
        /// The want that they are for.
        want: Want,
        /// The bytes.
        bytes: Vec<u8>,
        /// Their source.
        from: Source,
    },
    /// A want that could not be fetched. It remains a want.
    Failed {
        /// The want that failed.
        want: Want,
        /// A stable name for the reason.
        code: String,
        /// The reason.
        text: String,
        /// The server that was asked.
        from: Source,
    },
    /// The digest that a server's header gave for a wanted document (`Docker-Content-Digest`). It is a statement: only
    /// the bytes decide, and a mismatch shows both.
    Header {
        /// The document that was wanted.
        want: Want,
        /// The digest that was said.
        digest: Digest,
        /// The server that said it.
        from: Source,
    },
    /// A list of documents that refer to another, which was wanted.
    Listed {
        /// The want for the list, with the digest of the document.
        want: Want,
        /// The way it is listed.
        by: Listing,
        /// A JSON array of descriptors, as they were sent.
        descriptors: String,
        /// The server that lists it.
        from: Source,
    },
    /// Something that a reader should know of how the evidence was got.
    Note {
        /// A stable name for it.
        code: String,
        /// It in words.
        text: String,
        /// The speaker.
        from: Source,
    },
    /// Pasted text, or that of a file.
    Paste {
        /// The text.
        pasted: Vec<u8>,
        /// The reference that it was printed for, if the text does not say it.
        about: Option<Reference>,
        /// The name of the file that it was in.
        file: Option<String>,
    },
}

impl Evidence {
    /// Reads evidence from the JSON form that JavaScript uses. One field names its kind: `paste`, `bytes`, `header`,
    /// `failed`, `note` or `listed`. The argument `bytes` has the bytes of the first two, which JSON cannot carry.
    ///
    /// # Errors
    /// The text does not have that form.
    pub fn read(text: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let json = json::parse(text.as_bytes())?;
        let form = FormFields::of(json.unique()?)?;
        if form.get("paste").is_some() {
            form.only("paste about file")?;
            let about = match form.get("about") {
                None => None,
                Some(_) => Some(form.text("about")?.parse()?),
            };
            let file = match form.get("file") {
                None => None,
                Some(_) => Some(form.text("file")?.to_owned()),
            };
            let pasted = bytes;
            return Ok(Evidence::Paste {
                pasted,
                about,
                file,
            });
        }
        let from = source(&form.object("from")?)?;
        if form.get("note").is_some() {
            form.only("note from")?;
            let (code, text) = words(&form.object("note")?)?;
            return Ok(Evidence::Note { code, text, from });
        }
        let want = want(&form.object("want")?)?;
        if let Some(list) = form.get("listed") {
            form.only("listed by want from")?;
            return Ok(Evidence::Listed {
                want,
                by: match form.text("by")? {
                    "api" => Listing::Api,
                    "fallbackTag" => Listing::FallbackTag,
                    "none" => Listing::None,
                    other => return Err(wrong("api, fallbackTag or none", other)),
                },
                descriptors: text.get(list.span.clone()).unwrap_or_default().to_owned(),
                from,
            });
        }
        if form.get("header").is_some() {
            form.only("header want from")?;
            let digest = form.text("header")?.parse()?;
            return Ok(Evidence::Header { want, digest, from });
        }
        if form.get("failed").is_some() {
            form.only("failed want from")?;
            let (code, text) = words(&form.object("failed")?)?;
            return Ok(Evidence::Failed {
                want,
                code,
                text,
                from,
            });
        }
        form.only("bytes want from")?;
        form.text("bytes")?;
        Ok(Evidence::Bytes { want, bytes, from })
    }
}

/// A stable name, and words for people.
fn words(form: &FormFields) -> Result<(String, String), Error> {
    form.only("code text")?;
    Ok((form.text("code")?.to_owned(), form.text("text")?.to_owned()))
}

fn want(form: &FormFields) -> Result<Want, Error> {
    form.only("what hint command digest url accept")?;
    let mut want = Want::of(form.text("hint")?);
    want.what = match form.text("what")? {
        "blob" => WantKind::Blob,
        "document" => WantKind::Document,
        "notary" => WantKind::Notary,
        "referrers" => WantKind::Referrers,
        "signatures" => WantKind::Signatures,
        "trustedRoot" => WantKind::TrustedRoot,
        "words" => WantKind::Words,
        other => {
            let expected = "blob, document, notary, referrers, signatures, trustedRoot or words";
            return Err(wrong(expected, other));
        }
    };
    if let Some(value) = form.get("command") {
        want.command = match value.kind {
            Kind::Bool(command) => command,
            _ => return Err(wrong("true or false", value.type_name())),
        };
    }
    if form.get("digest").is_some() {
        want.digest = Some(form.text("digest")?.parse()?);
    }
    if form.get("url").is_some() {
        want.url = Some(form.text("url")?.to_owned());
    }
    if form.get("accept").is_some() {
        let mut types = Vec::new();
        for text in form.texts("accept")? {
            types.push(text.to_owned());
        }
        want.accept = Some(types);
    }
    Ok(want)
}

fn source(form: &FormFields) -> Result<Source, Error> {
    let owned = |name| form.text(name).map(str::to_owned);
    let (fields, source) = match form.text("via")? {
        "fetched" => {
            let (url, at) = (owned("url")?, owned("at")?);
            ("via url at", Source::Fetched { url, at })
        }
        "file" => {
            let name = owned("name")?;
            ("via name", Source::File { name })
        }
        "given" => {
            let what = owned("what")?;
            ("via what", Source::Given { what })
        }
        "pasted" => {
            let tool = owned("tool")?;
            ("via tool", Source::Pasted { tool, file: None })
        }
        other => return Err(wrong("fetched, file, given or pasted", other)),
    };
    form.only(fields)?;
    Ok(source)
}
