//! Is the container image I pull the one its author published, and is the image on registry B
//! the same as the one on registry A?

mod answer;
mod chain;
pub mod claim;
mod compare;
pub mod digest;
pub mod document;
mod error;
mod evidence;
pub mod json;
pub mod limits;
pub mod name;
pub mod paste;
pub mod platform;
pub mod policy;
pub mod question;
pub mod recover;
pub mod registry;
pub mod session;
pub mod signature;
mod text;
pub mod time;
mod trust;
pub mod tuf;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use claim::{Claim, Verdict, Want};
pub use digest::Digest;
pub use document::Document;
pub use error::{Error, ErrorKind};
pub use name::Reference;
pub use paste::{Finding, recognise};
pub use question::{Question, Trust};
pub use recover::{Recovered, recover};
pub use session::{Report, Session};
pub use time::UnixTime;
