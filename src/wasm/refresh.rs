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
    /// Begins with a root of the repository that is trusted.
    ///
    /// # Errors
    /// It is not a root.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &[u8], now: f64) -> Result<Refresh, JsValue> {
        let now = seconds(now);
        Ok(Refresh(
            crate::tuf::RootRefresh::new(root, now).map_err(into_error)?,
        ))
    }

    /// The path of the file that is wanted; none when all are here.
    pub fn wanted(&self) -> Option<String> {
        self.0.wanted()
    }

    /// Takes the file that was wanted, or that there is none.
    ///
    /// # Errors
    /// It is not what it has to be.
    pub fn take(&mut self, file: Option<Vec<u8>>) -> Result<(), JsValue> {
        self.0.take(file.as_deref()).map_err(into_error)
    }
}
