//! One call of a caller's: its limits, its cancellation, and the only loop that sends requests.

use std::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;

use crate::cancel::{Cancel, First, first};
use crate::client::Client;
use crate::config::{Namespace, ResolvedToken, check_duration, check_headers};
use crate::endpoint::{Endpoint, Envelope, Message, encode};
use crate::error::{Error, ErrorKind};
use crate::invalid::Invalid;
use crate::model::ClientWarning;
use crate::platform::{Attempt, Event, Happening, Headers, Platform, Request};
use crate::retry::{Decision, Replay, decide};
use crate::time::until;
use crate::token::Token;

/// What a caller sets for one call. What is not set is the client's.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// Ends the call wherever it is: in a request, a wait, or between two requests.
    pub cancel: Cancel,
    /// Whether requests outlive the page that sends them.
    pub keepalive: bool,
    /// Instead of the client's; empty for none.
    pub namespace: Option<String>,
    /// How long one attempt may take, body included.
    pub timeout: Option<Duration>,
    /// How long the whole call may take, with its retries and waits.
    pub total_timeout: Option<Duration>,
    /// How many times a request may be repeated.
    pub max_retries: Option<u32>,
    /// Added to the client's headers, and stronger.
    pub headers: Headers,
}

impl CallOptions {
    fn check(&self) -> Result<(), Invalid> {
        check_duration(self.timeout, "timeoutMs")
            .and_then(|()| check_duration(self.total_timeout, "totalTimeoutMs"))
            .and_then(|()| check_headers(&self.headers, "headers"))
            .map_err(|invalid| invalid.under("options"))
    }
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct Call<'a, P> {
    pub(crate) client: &'a Client<P>,
    pub(crate) operation: &'static str,
    pub(crate) options: &'a CallOptions,
    pub(crate) namespace: Namespace,
    /// When the operation itself begins again after a failure that may pass.
    pub(crate) again_after: Cell<Option<Duration>>,
    timeout: Duration,
    total: Option<(Duration, DateTime<Utc>)>,
    max_retries: u32,
}

/// Looks whether a request still has to be repeated.
pub(crate) type Look<'a> = &'a dyn Fn() -> LocalBoxFuture<'a, Result<(), Error>>;

/// An answer, and how many requests it took.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    pub(crate) attempts: u32,
}

impl<'a, P: Platform> Call<'a, P> {
    pub(crate) fn new(client: &'a Client<P>, operation: &'static str, options: &'a CallOptions) -> Result<Self, Error> {
        options.check()?;
        let config = client.config();
        let total = options.total_timeout.or(config.total_timeout);
        Ok(Self {
            client,
            operation,
            options,
            namespace: options.namespace.as_deref().map_or_else(|| config.namespace.clone(), Namespace::new),
            again_after: Cell::new(None),
            timeout: options.timeout.unwrap_or(config.timeout),
            total: total.map(|total| (total, client.platform().now())),
            max_retries: options.max_retries.unwrap_or(config.max_retries),
        })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.client.platform().now()
    }

    /// Waits, unless the call ends first.
    pub(crate) async fn sleep(&self, duration: Duration) -> Result<(), Error> {
        let wait = self.client.platform().sleep(duration);
        self.options.cancel.race(wait).await.ok_or_else(Error::aborted)
    }

    /// What is left of the total timeout.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.total.map(|(total, begun)| total.saturating_sub(until(begun, self.now())))
    }

    pub(crate) fn warn(&self, warning: &ClientWarning) {
        self.observe(Happening::Warning(warning));
    }

    fn observe(&self, what: Happening<'_>) {
        self.client.platform().observe(&Event { operation: self.operation, what });
    }

    /// Sends a request until it is answered, or may not or need not be sent again.
    pub(crate) fn send<E: Endpoint>(&self, endpoint: &E) -> impl Future<Output = Result<E::Response, Error>> {
        let exchange = self.exchange(Message::of(endpoint), None);
        async move { self.read::<E>(&exchange.await?) }
    }

    /// [`send`](Self::send), telling how many requests it took.
    pub(crate) async fn send_counted<E: Endpoint>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        let answer = self.exchange(Message::of(endpoint), None).await?;
        Ok(Answer { value: self.read::<E>(&answer)?, attempts: answer.attempts })
    }

    /// [`send`](Self::send), sent again whatever happened to it; `look` is asked before each repeat, and ends the call
    /// by an error.
    pub(crate) async fn send_looking<'b, E: Endpoint>(
        &'b self,
        endpoint: &E,
        look: Look<'b>,
    ) -> Result<E::Response, Error> {
        let message = Message { replay: Replay::Safe, ..Message::of(endpoint) };
        self.read::<E>(&self.exchange(message, Some(look)).await?)
    }

    fn read<E: Endpoint>(&self, answer: &Answer<String>) -> Result<E::Response, Error> {
        E::decode(&answer.value).map_err(|error| self.told(error, answer.attempts).with_attempts_of(true, true))
    }

    /// The error as this call's, after so many attempts.
    fn told(&self, error: Error, attempts: u32) -> Error {
        error.in_operation(self.operation).after(attempts)
    }

    /// The attempt loop. Boxed, so that it is no part of the many futures that wait for it.
    fn exchange<'b>(
        &'b self,
        message: Message,
        look: Option<Look<'b>>,
    ) -> LocalBoxFuture<'b, Result<Answer<String>, Error>> {
        Box::pin(async move {
            let mut number = 0;
            let (mut lost, mut may_have_acted) = (false, false);
            loop {
                let (token, request) = self.prepare(&message).await.map_err(|error| self.told(error, number))?;
                number += 1;
                let attempt = Attempt { method: request.method, url: &request.url.clone(), number };
                let error = match self.attempt(attempt, request).await {
                    Ok(value) => return Ok(Answer { value, attempts: number }),
                    Err(error) => self.told(error, number),
                };
                lost |= error.got_no_answer();
                may_have_acted |= lost || matches!(error.status(), Some(408 | 500..));
                let jitter = self.client.platform().random();
                match decide(message.replay, number, self.max_retries, &error, jitter, self.remaining()) {
                    Decision::Stop => {
                        let error = self.explain(error.with_attempts_of(lost, may_have_acted), &token);
                        if let Some(delay) = self.again_after.get().filter(|_| error.is_retryable()) {
                            self.observe(Happening::Retry { attempt, status: error.status(), delay, error: &error });
                        }
                        return Err(error);
                    }
                    Decision::Wait(delay) => {
                        self.observe(Happening::Retry { attempt, status: error.status(), delay, error: &error });
                        self.sleep(delay)
                            .await
                            .map_err(|error| self.told(error, number).with_attempts_of(lost, may_have_acted))?;
                        if let Some(look) = look {
                            look().await?;
                        }
                    }
                }
            }
        })
    }

    async fn prepare(&self, message: &Message) -> Result<(Token, Request), Error> {
        if self.options.cancel.is_cancelled() {
            return Err(Error::aborted());
        }
        let config = self.client.config();
        let token = match &config.token {
            ResolvedToken::Fixed(token) => token.clone(),
            ResolvedToken::Provider(provider) => {
                let asked = self.options.cancel.race(provider()).await;
                Token::parse(&asked.ok_or_else(Error::aborted)?.map_err(Error::token)?)?
            }
        };
        let base = config.base(&token)?;
        let envelope = Envelope {
            base: &base,
            authorization: token.authorization(),
            headers: [&config.headers, &self.options.headers],
            keepalive: self.options.keepalive,
        };
        let request = encode(message, &envelope);
        Ok((token, request))
    }

    /// One attempt; the body of a 2xx answer.
    async fn attempt(&self, attempt: Attempt<'_>, request: Request) -> Result<String, Error> {
        let platform = self.client.platform();
        let (limit, total) = match (self.remaining(), self.total) {
            (Some(remaining), Some((total, _))) if remaining < self.timeout => (remaining, Some(total)),
            _ => (self.timeout, None),
        };
        if total.is_some() && limit.is_zero() {
            return Err(Error::timeout(total.unwrap_or_default(), true));
        }
        self.observe(Happening::Request(attempt));
        let started = platform.now();
        let answered = first(platform.sleep(limit), platform.send(request));
        let outcome = match self.options.cancel.race(answered).await {
            None => Err(Error::aborted()),
            Some(First::One(())) => Err(Error::timeout(total.unwrap_or(limit), total.is_some())),
            Some(First::Two(answer)) => answer.map_err(Error::connection),
        };
        let duration = until(started, platform.now());
        let status = outcome.as_ref().ok().map(|response| response.status);
        let outcome = outcome.and_then(|response| {
            if (200..300).contains(&response.status) {
                Ok(response.body)
            } else {
                Err(Error::api(response, platform.now()))
            }
        });
        self.observe(Happening::Response { attempt, status, duration, error: outcome.as_ref().err() });
        outcome
    }

    /// Adds what the token's own claims say to a refusal that they may explain.
    fn explain(&self, error: Error, token: &Token) -> Error {
        if !matches!(error.status(), Some(401 | 403 | 404)) || error.hint().is_some() {
            return error;
        }
        let claims = token.claims();
        let tenant = self.client.config().tenant_id();
        if let (Some(of_token), Some(asked)) = (claims.sub.as_deref(), tenant)
            && !of_token.eq_ignore_ascii_case(asked)
        {
            return error.with_hint(format!(
                "The token belongs to tenant {of_token}, and tenant {asked} was asked: leave out tenantId, or use a \
                 token of that tenant"
            ));
        }
        if error.is_not_found() {
            return error;
        }
        match claims.expires_at {
            Some(expired) if expired <= self.now() => {
                error.with_hint(format!("The token expired at {}: make a new one", crate::time::to_wire(expired)))
            }
            _ => error.with_hint(
                "Hatchet answers 403 to a token that it does not know, that was revoked, or that belongs to another \
                 server, and to paths that it does not know",
            ),
        }
    }
}

impl Error {
    /// Whether the attempt itself ended without an answer.
    fn got_no_answer(&self) -> bool {
        matches!(self.kind(), ErrorKind::Connection(_) | ErrorKind::Timeout { .. } | ErrorKind::Aborted)
    }
}
