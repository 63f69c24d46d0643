//! Promises of what calls come to.

use std::task::{Context, Poll, Waker};

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::error::to_error;
use crate::error::Error;

/// The promise of what a call comes to.
///
/// The call begins before this returns: what it was given is read and its request is sent by then.
pub(super) fn promise(mut answer: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(value)) => Promise::resolve(&value),
        Poll::Ready(Err(error)) => Promise::reject(&to_error(&error)),
        // It is polled again at once, by somebody who can be woken.
        Poll::Pending => future_to_promise(async move { answer.await.map_err(|error| to_error(&error)) }),
    }
}
