//! Core
pub mod claim;
pub mod digest;
pub mod document;
mod error;
pub mod json;
pub mod limits;
pub mod name;
pub mod paste;
pub mod platform;
pub mod recover;
pub mod signature;
pub use error::{Error, ErrorKind};
