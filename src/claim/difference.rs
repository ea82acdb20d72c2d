//! Differences between two images.

use serde::Serialize;

/// The differences between the two images of one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The platform, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The fields of the configurations that differ, and layers that differ.
    pub fields: Vec<Field>,
    /// The number of differences that are not listed.
    pub more: usize,
}

/// A value that both images have, or one of them, and that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The part of the image: `created`, `config`, `history`, `layer` and so on, as the image spec calls it.
    pub part: String,
    /// The one of several: the name of a field, a variable or a label, or the place in a list, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The value on the left side, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// The value on the right side, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}
