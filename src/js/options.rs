//! Options of the client and of a call.

use std::rc::Rc;
use std::time::Duration;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::abort::Abort;
use super::args;
use super::engine::kind;
use super::error::{Origin, Thrown};
use super::fields::{Fields, Read, any, boolean, count, entries, function, number, string};
use super::platform::settled;
use super::to_js;
use crate::bulk::{BulkOptions, Progress};
use crate::call::CallOptions;
use crate::config::{Environment, Options, TokenFailure, TokenFuture, TokenSource, check_duration};
use crate::invalid::Invalid;
use crate::model::ScheduledWorkflows;
use crate::platform::Headers;
use crate::watch::WatchOptions;

const CLIENT_KEYS: &[&str] = &[
    "token",
    "serverUrl",
    "tenantId",
    "namespace",
    "timeoutMs",
    "totalTimeoutMs",
    "maxRetries",
    "headers",
    "fetch",
    "onEvent",
];
const CALL_KEYS: &[&str] =
    &["signal", "keepalive", "namespace", "timeoutMs", "totalTimeoutMs", "maxRetries", "headers"];

/// What the constructor was given.
pub(super) struct ClientOptions {
    pub(super) core: Options,
    pub(super) fetch: Option<Function>,
    pub(super) on_event: Option<Function>,
}

/// Reads the constructor's options.
pub(super) fn client_options(options: &JsValue) -> Read<ClientOptions> {
    let fields = Fields::of(options, CLIENT_KEYS)?;
    Ok(ClientOptions {
        core: Options {
            token: fields.optional("token", token)?,
            server_url: fields.optional("serverUrl", string)?,
            tenant_id: fields.optional("tenantId", string)?,
            namespace: fields.optional("namespace", string)?,
            timeout: fields.optional("timeoutMs", duration)?,
            total_timeout: fields.optional("totalTimeoutMs", duration)?,
            max_retries: fields.optional("maxRetries", count)?,
            headers: fields.optional("headers", headers)?.unwrap_or_default(),
        },
        fetch: fields.optional("fetch", function)?,
        on_event: fields.optional("onEvent", function)?,
    })
}

/// Reads the variables that the facade found.
pub(super) fn environment(variables: &JsValue) -> Read<Environment> {
    let mut environment = Environment::default();
    for (name, value) in entries(variables, string)? {
        let place = match name.as_str() {
            "HATCHET_CLIENT_TOKEN" => &mut environment.token,
            "HATCHET_CLIENT_TENANT_ID" => &mut environment.tenant_id,
            "HATCHET_CLIENT_SERVER_URL" => &mut environment.server_url,
            "HATCHET_CLIENT_API_URL" => &mut environment.api_url,
            "HATCHET_CLIENT_NAMESPACE" => &mut environment.namespace,
            _ => continue,
        };
        *place = Some(value);
    }
    Ok(environment)
}

/// The options of a call, and what its errors are made of.
pub(super) struct Call {
    pub(super) options: CallOptions,
    abort: Option<Abort>,
    items: Vec<JsValue>,
}

/// What some calls take besides.
struct Further {
    dry_run: bool,
    concurrency: Option<usize>,
    on_progress: Option<Function>,
    interval: Option<Duration>,
    known: Option<Vec<ScheduledWorkflows>>,
}

impl Call {
    /// Reads the options of a call, which may be undefined.
    pub(super) fn read(options: &JsValue) -> Read<Self> {
        Self::with_keys(options, &[]).map(|(call, _)| call)
    }

    /// Reads the options of a bulk call over these items. Only deletions know what they would do.
    pub(super) fn read_bulk(options: &JsValue, items: Vec<JsValue>, knows_dry_run: bool) -> Read<(Self, BulkOptions)> {
        let (mut call, further) = Self::with_keys(options, &["dryRun", "concurrency", "onProgress"])?;
        if further.dry_run && !knows_dry_run {
            let reason = "is for bulkDelete only: this call would make its changes";
            return Err(Invalid::new("options.dryRun", reason));
        }
        call.items = items;
        let bulk = BulkOptions {
            call: call.options.clone(),
            concurrency: further.concurrency,
            dry_run: further.dry_run,
            on_progress: further.on_progress.map(progress_listener),
        };
        Ok((call, bulk))
    }

    /// Reads the options of `watch`.
    pub(super) fn read_watch(options: &JsValue) -> Read<(Self, WatchOptions)> {
        let (call, further) = Self::with_keys(options, &["intervalMs", "known"])?;
        check_duration(further.interval, "options.intervalMs")?;
        let watch = WatchOptions { call: call.options.clone(), interval: further.interval, known: further.known };
        Ok((call, watch))
    }

    fn with_keys(options: &JsValue, further: &[&str]) -> Read<(Self, Further)> {
        let read = || {
            let empty = js_sys::Object::new();
            let options = if options.is_undefined() { &empty } else { options };
            let fields = Fields::of(options, &[CALL_KEYS, further].concat())?;
            let core = CallOptions {
                keepalive: fields.optional("keepalive", boolean)?.unwrap_or_default(),
                namespace: fields.optional("namespace", string)?,
                timeout: fields.optional("timeoutMs", duration)?,
                total_timeout: fields.optional("totalTimeoutMs", duration)?,
                max_retries: fields.optional("maxRetries", count)?,
                headers: fields.optional("headers", headers)?.unwrap_or_default(),
                ..CallOptions::default()
            };
            let further = Further {
                dry_run: fields.optional("dryRun", boolean)?.unwrap_or_default(),
                concurrency: fields.optional("concurrency", count)?,
                on_progress: fields.optional("onProgress", function)?,
                interval: fields.optional("intervalMs", duration)?,
                known: fields.optional("known", args::runs)?,
            };
            let signal = fields.optional("signal", any)?;
            let listen = |signal| Abort::listen(&signal, &core.cancel).map_err(|invalid| invalid.under("signal"));
            let abort = signal.map(listen).transpose()?;
            Ok((Self { options: core, abort, items: Vec::new() }, further))
        };
        read().map_err(|invalid: Invalid| invalid.under("options"))
    }

    /// What this call's errors are made of.
    pub(super) fn origin(&self) -> Origin<'_> {
        Origin { aborted: self.abort.as_ref().map_or(JsValue::UNDEFINED, Abort::reason), items: &self.items }
    }
}

fn progress_listener(listener: Function) -> Rc<dyn Fn(Progress)> {
    #[derive(Serialize)]
    struct Told {
        done: usize,
        failed: usize,
        total: usize,
    }
    Rc::new(move |Progress { done, failed, total }| {
        // What a listener throws is its own affair.
        let _ = listener.call1(&JsValue::UNDEFINED, &to_js::small(&Told { done, failed, total }));
    })
}

fn token(value: &JsValue) -> Read<TokenSource> {
    if let Ok(provider) = function(value) {
        return Ok(TokenSource::Provider(Rc::new(move || ask(provider.clone()))));
    }
    string(value).map(TokenSource::Fixed)
}

/// Asks a token function. Neither what it gives nor what it throws gets into a message: both may hold the token.
fn ask(provider: Function) -> TokenFuture {
    Box::pin(async move {
        let given = settled(provider.call0(&JsValue::UNDEFINED)).await;
        let given = given.map_err(|thrown| TokenFailure {
            message: "the token function failed".to_owned(),
            cause: Some(Rc::new(Thrown(thrown))),
        })?;
        given.as_string().ok_or_else(|| TokenFailure {
            message: format!("the token function gave {} instead of a string", kind(&given)),
            cause: None,
        })
    })
}

/// Milliseconds. What is no length of time is zero here, which is refused with the limits of the option.
fn duration(value: &JsValue) -> Read<Duration> {
    number(value).map(|milliseconds| Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default())
}

fn headers(value: &JsValue) -> Read<Headers> {
    entries(value, string)
}
