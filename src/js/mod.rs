//! Everything that knows JavaScript: thin bindings, without logic of their own, behind the facade in `pkg/js`.

mod abort;
mod args;
mod client;
mod cursor;
mod engine;
mod error;
mod event;
mod fields;
mod options;
mod platform;
mod to_js;
mod value;
mod zones;

use wasm_bindgen::prelude::*;

pub use client::Client;
pub use cursor::Cursor;

/// Tells `listener` the reason of a panic, before the trap that ends it.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(listener: js_sys::Function) {
    // A panic hook has to be Send and Sync, which a function of JavaScript's one thread is not.
    std::thread_local! {
        static LISTENER: std::cell::RefCell<Option<js_sys::Function>> = const { std::cell::RefCell::new(None) };
    }
    LISTENER.set(Some(listener));
    std::panic::set_hook(Box::new(|panic| {
        let reason = JsValue::from_str(&panic.to_string());
        LISTENER.with_borrow(|listener| listener.as_ref().map(|listener| listener.call1(&JsValue::UNDEFINED, &reason)));
    }));
}
