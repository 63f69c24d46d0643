//! A caller's `AbortSignal` as the cancellation of a call.

use wasm_bindgen::prelude::*;

use super::engine::describe_thrown;
use super::fields::{boolean, expected, function, get};
use crate::cancel::Cancel;
use crate::invalid::Invalid;

#[wasm_bindgen]
extern "C" {
    /// Any object with the methods of an `AbortSignal`: those of other realms and of polyfills are none of ours.
    type Signal;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal, name: &str, listener: &Closure<dyn FnMut()>) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal, name: &str, listener: &Closure<dyn FnMut()>) -> Result<(), JsValue>;
}

/// Listens to a signal as long as it lives.
pub(super) struct Abort {
    signal: Signal,
    listener: Closure<dyn FnMut()>,
}

impl Abort {
    /// Raises `cancel` when the signal aborts, or at once when it has.
    pub(super) fn listen(signal: &JsValue, cancel: &Cancel) -> Result<Self, Invalid> {
        let usable = function(&get(signal, "addEventListener")?).and_then(|_| boolean(&get(signal, "aborted")?));
        let aborted = usable.map_err(|_| expected("an AbortSignal", signal))?;
        let raise = cancel.clone();
        let abort = Self { signal: signal.clone().unchecked_into(), listener: Closure::new(move || raise.cancel()) };
        if aborted {
            cancel.cancel();
            return Ok(abort);
        }
        abort
            .signal
            .add_event_listener("abort", &abort.listener)
            .map_err(|thrown| Invalid::new("", format!("listening to it failed: {}", describe_thrown(&thrown))))?;
        Ok(abort)
    }

    /// What the caller aborted with, whatever its type.
    pub(super) fn reason(&self) -> JsValue {
        match get(&self.signal, "reason") {
            Ok(reason) if !reason.is_undefined() => reason,
            _ => {
                let error = js_sys::Error::new("The call was aborted");
                error.set_name("AbortError");
                error.into()
            }
        }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // A signal that cannot forget its listener has nothing left to tell it.
        let _ = self.signal.remove_event_listener("abort", &self.listener);
    }
}
