//! Options of the client and of a call, from the JSON text that the facade makes of them.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::args::{Args, Read, count, known};
use super::platform::cause;
use super::thrown::property;
use crate::bulk::{BulkOptions, Progress};
use crate::call::CallOptions;
use crate::cancel;
use crate::config::{Environment, Options, TokenFailure, TokenFuture, TokenSource, check_duration};
use crate::json::Json;
use crate::platform::Headers;
use crate::watch::WatchOptions;

/// Ends the call that it is given to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Cancel(cancel::Cancel);

#[wasm_bindgen]
impl Cancel {
    /// Ends nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the call, wherever it is.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

impl Cancel {
    pub(super) fn core(&self) -> cancel::Cancel {
        self.0.clone()
    }
}

/// The constructor's options, and the variables that the facade found.
pub(super) fn settings(settings: &Args<'_>, token: Option<Function>) -> (Options, Environment) {
    let options = settings.get("options");
    let environment = settings.get("environment");
    let token = match token {
        Some(provider) => Some(TokenSource::Provider(Rc::new(move || ask(provider.clone())))),
        None => options.text_of("token").map(TokenSource::Fixed),
    };
    let options = Options {
        token,
        server_url: options.text_of("serverUrl"),
        tenant_id: options.text_of("tenantId"),
        namespace: options.text_of("namespace"),
        timeout: duration(options, "timeoutMs"),
        total_timeout: duration(options, "totalTimeoutMs"),
        max_retries: count(options, "maxRetries").map(|count| count as u32),
        headers: headers(options),
    };
    let variable = |name: &str| environment.text_of(&["HATCHET_CLIENT_", name].concat());
    let environment = Environment {
        token: variable("TOKEN"),
        tenant_id: variable("TENANT_ID"),
        server_url: variable("SERVER_URL"),
        api_url: variable("API_URL"),
        namespace: variable("NAMESPACE"),
    };
    (options, environment)
}

/// The options of a call.
pub(super) fn call(args: &Args<'_>, cancel: cancel::Cancel) -> CallOptions {
    let options = args.get("options");
    CallOptions {
        cancel,
        keepalive: options.get("keepalive").and_then(Json::as_bool).unwrap_or_default(),
        namespace: options.text_of("namespace"),
        timeout: duration(options, "timeoutMs"),
        total_timeout: duration(options, "totalTimeoutMs"),
        max_retries: count(options, "maxRetries").map(|count| count as u32),
        headers: headers(options),
    }
}

/// The options of a bulk call.
pub(super) fn bulk(args: &Args<'_>, call: CallOptions, on_progress: Option<Function>) -> BulkOptions {
    let options = args.get("options");
    let dry_run = options.get("dryRun").and_then(Json::as_bool).unwrap_or_default();
    let on_progress = on_progress.map(|listener| -> Rc<dyn Fn(Progress)> {
        Rc::new(move |Progress { done, failed, total }| {
            let [done, failed, total] = [done, failed, total].map(|count| JsValue::from_f64(count as f64));
            // What a listener throws is its own affair.
            let _ = listener.call3(&JsValue::UNDEFINED, &done, &failed, &total);
        })
    });
    BulkOptions { call, concurrency: count(options, "concurrency"), dry_run, on_progress }
}

/// The options of `watch`.
pub(super) fn watch(args: &Args<'_>, call: CallOptions) -> Read<WatchOptions> {
    let options = args.get("options");
    let interval = duration(options, "intervalMs");
    check_duration(interval, "options.intervalMs")?;
    let known = known(options).map_err(|invalid| invalid.under("options"))?;
    Ok(WatchOptions { call, interval, known })
}

/// Milliseconds. What is no length of time is zero here, which is refused with the limits of the option.
fn duration(options: Json<'_>, key: &str) -> Option<Duration> {
    let milliseconds = options.get(key)?.as_number().unwrap_or_default();
    Some(Duration::from_micros((milliseconds * 1000.0) as u64))
}

/// The headers in an object.
pub(super) fn headers(object: Json<'_>) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in object.member("headers").members() {
        headers.push((name.into(), value.as_text().unwrap_or_default().into()));
    }
    headers
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
