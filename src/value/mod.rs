//! Values of JSON, as the parser of wherever the client runs made them: the engine's own objects in JavaScript,
//! serde_json's natively. What is large stays as it is; what the client works with is read into types by serde.
//!
//! On the ground: nothing here knows of requests or runs.

#[cfg(not(target_arch = "wasm32"))]
mod check;
#[cfg(target_arch = "wasm32")]
mod engine;
mod invalid;
mod mistake;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod read;
mod step;
mod text;

#[cfg(not(target_arch = "wasm32"))]
pub use check::DEEPEST;
#[cfg(target_arch = "wasm32")]
pub(crate) use engine::base64url;
#[cfg(target_arch = "wasm32")]
pub use engine::{List, Text, Value};
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
pub(crate) use engine::{describe, kind, pairs};
pub use invalid::{Invalid, Refused};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{List, Text, Value};
pub(crate) use text::{lower_case, quoted, step};

use serde::de::DeserializeOwned;

impl Value {
    /// Reads the value into a type. Members that the type does not know are passed over.
    ///
    /// # Errors
    /// Says where it is something else.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Invalid> {
        read::read(self)
    }
}

impl List {
    /// Reads the value at a place into a type.
    fn read_at<T: DeserializeOwned>(&self, place: usize) -> Result<T, Invalid> {
        let value = self.get(place).unwrap_or_default();
        value.read().map_err(|invalid| invalid.under(&format!("[{place}]")))
    }
}
