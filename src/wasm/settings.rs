//! A client's settings: the constructor's options, and the variables that the facade found.

use std::rc::Rc;

use js_sys::{Function, Promise};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::arguments::Options;
use super::thrown::{cause, property};
use crate::error::TokenFailure;
use crate::transport::{Config, TokenFuture, TokenSource};
use crate::value::{Invalid, Value};

#[derive(Deserialize)]
struct Settings {
    options: Options,
    environment: Options,
}

pub(super) fn config(given: &Value, token: Option<Function>) -> Result<Config, Invalid> {
    let Settings { options, environment } = given.read()?;
    let token = token.map(|provider| TokenSource::Provider(Rc::new(move || ask(provider.clone()))));
    Config::new(options.client(token), environment.environment()).map_err(|invalid| invalid.under("options"))
}

/// Asks a token function, through the facade, which makes of what it does a text or the way in which it failed.
fn ask(provider: Function) -> TokenFuture {
    Box::pin(async move {
        let asked = provider.call0(&JsValue::UNDEFINED).unwrap_or_default();
        let given = JsFuture::from(Promise::resolve(&asked)).await.unwrap_or_default();
        given.as_string().ok_or_else(|| TokenFailure {
            message: property(&given, "message").as_string().unwrap_or_default(),
            cause: cause(&given),
        })
    })
}
