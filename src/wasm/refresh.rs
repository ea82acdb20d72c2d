//! A newer trusted root, file by file.

use wasm_bindgen::prelude::*;

use super::into_error;
use super::session::seconds;

/// A refresh under way.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Refresh(crate::tuf::RootRefresh);

#[wasm_bindgen]
impl Refresh {
    /// Begins at this time, in milliseconds. The first file that it takes is a root of the repository that is trusted.
    #[wasm_bindgen(constructor)]
    pub fn new(now: f64) -> Refresh {
        Refresh(crate::tuf::RootRefresh::new(seconds(now)))
    }

    /// Takes the file that was wanted, or nothing in its place, and gives the path of the next one; nothing when all are here.
    ///
    /// # Errors
    /// It is not what it has to be.
    pub fn take(&mut self, file: Option<Vec<u8>>) -> Result<Option<String>, JsValue> {
        self.0.take(file.as_deref()).map_err(into_error)
    }
}
