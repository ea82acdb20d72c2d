//! Which claims follow from signatures, one file a scheme.

pub(crate) mod dct;
