//! One call of a caller's: its limits, its cancellation, and the only loop that sends requests.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::{Either, LocalBoxFuture, select};

use super::clock::{ServerClock, ServerTime, Source, Span};
use super::config::{ResolvedToken, check_headers};
use super::keepalive::Admitted;
use super::plain::readable_origin;
use super::retry::{Decision, decide};
use super::{Attempt, Cancel, Config, Event, Happening, Namespace, Platform, Token, check_duration};
use crate::api::{Endpoint, Message, not_a_success};
use crate::error::{Error, ErrorKind, Refusal};
use crate::http::{Body, Headers, Replay, Request};
use crate::model::ClientWarning;
use crate::time::until;
use crate::value::Invalid;

/// Where requests go, and by which settings.
#[derive(Debug)]
pub(crate) struct Connection<P> {
    pub(crate) platform: P,
    pub(crate) config: Config,
    pub(crate) clock: ServerClock,
    /// Whether somebody was told that the token can be read on the way.
    pub(crate) told_readable: Cell<bool>,
}

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
    /// How long the whole call may take, with its retries and waits; of a stream, each of its pages or looks.
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
    pub(crate) connection: &'a Connection<P>,
    pub(crate) operation: &'static str,
    pub(crate) options: &'a CallOptions,
    pub(crate) namespace: Namespace,
    /// When the operation itself begins again after a failure that may pass.
    pub(crate) again_after: Cell<Option<Duration>>,
    timeout: Duration,
    /// The limit of the whole call, and when it began, by a clock that nobody sets.
    total: Option<(Duration, Duration)>,
    max_retries: u32,
}

/// How long may pass until it is noticed that the machine has slept.
const NAP: Duration = Duration::from_secs(5);
/// By how much the clock on the wall has gone ahead then.
const SLEPT: Duration = Duration::from_secs(2);

/// Looks whether a request that came to this error still has to be repeated.
pub(crate) type Look<'a> = &'a dyn Fn(Error) -> LocalBoxFuture<'a, Result<(), Error>>;

/// An answer, and how many requests it took.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    pub(crate) attempts: u32,
    /// When the attempt was under way that was answered so.
    span: Span,
}

impl<'a, P: Platform> Call<'a, P> {
    pub(crate) fn new(
        connection: &'a Connection<P>,
        operation: &'static str,
        options: &'a CallOptions,
    ) -> Result<Self, Error> {
        options.check()?;
        let Connection { platform, config, .. } = connection;
        let total = options.total_timeout.or(config.total_timeout);
        Ok(Self {
            connection,
            operation,
            options,
            namespace: options.namespace.as_deref().map_or_else(|| config.namespace.clone(), Namespace::new),
            again_after: Cell::new(None),
            timeout: options.timeout.unwrap_or(config.timeout),
            total: total.map(|total| (total, platform.monotonic())),
            max_retries: options.max_retries.unwrap_or(config.max_retries),
        })
    }

    /// The time on the server, as far as it can be known.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.server_time().likely
    }

    /// The time on the server, and how well it is known.
    pub(crate) fn server_time(&self) -> ServerTime {
        self.connection.clock.now(&self.connection.platform)
    }

    /// The time on the server at a moment that is past, by what is known now.
    pub(crate) fn server_time_at(&self, moment: Duration, wall: DateTime<Utc>) -> ServerTime {
        self.connection.clock.at(&self.connection.platform, moment, wall)
    }

    /// Waits, unless the call ends first.
    pub(crate) async fn sleep(&self, duration: Duration) -> Result<(), Error> {
        self.options.cancel.race(self.connection.platform.sleep(duration)).await.ok_or_else(Error::aborted)
    }

    /// [`sleep`](Self::sleep) as a part of what the call may take in all: a wait that would pass that is not begun.
    pub(crate) async fn wait(&self, duration: Duration) -> Result<(), Error> {
        match self.total {
            Some((total, _)) if self.remaining().is_some_and(|left| duration > left) => {
                Err(Error::timeout(total, true))
            }
            _ => self.sleep(duration).await,
        }
    }

    /// Waits, unless the call ends or the machine was put to sleep: that is over when it wakes, as nobody knows then what
    /// went on.
    pub(crate) async fn sleep_awake(&self, duration: Duration) -> Result<(), Error> {
        let Connection { platform, .. } = self.connection;
        let begun = platform.monotonic();
        loop {
            let left = duration.saturating_sub(platform.monotonic().saturating_sub(begun));
            if left.is_zero() {
                return Ok(());
            }
            let (moment, wall) = (platform.monotonic(), platform.now());
            self.sleep(left.min(NAP)).await?;
            // While a machine sleeps the clock on the wall goes on, and the other one stands still on most.
            let awake = platform.monotonic().saturating_sub(moment);
            if until(wall, platform.now()) > awake + SLEPT {
                return Ok(());
            }
        }
    }

    /// What is left of the total timeout.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let now = self.connection.platform.monotonic();
        self.total.map(|(total, begun)| total.saturating_sub(now.saturating_sub(begun)))
    }

    pub(crate) fn warn(&self, warning: &ClientWarning) {
        self.observe(Happening::Warning(warning));
    }

    fn observe(&self, what: Happening<'_>) {
        self.connection.platform.observe(&Event { operation: self.operation, what });
    }

    /// Sends a request until it is answered, or may not or need not be sent again.
    pub(crate) fn send<E: Endpoint>(&self, endpoint: &E) -> impl Future<Output = Result<E::Response, Error>> {
        let exchange = self.exchange(Message::of(endpoint), None);
        async move { self.read::<E>(exchange.await?) }
    }

    /// [`send`](Self::send), telling how many requests it took.
    pub(crate) async fn send_counted<E: Endpoint>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        let answer = self.exchange(Message::of(endpoint), None).await?;
        let (attempts, span) = (answer.attempts, answer.span);
        Ok(Answer { value: self.read::<E>(answer)?, attempts, span })
    }

    /// [`send`](Self::send), sent again whatever happened to it; `look` is asked before each repeat, and ends the call
    /// by an error.
    pub(crate) async fn send_looking<'b, E: Endpoint>(
        &'b self,
        endpoint: &E,
        look: Look<'b>,
    ) -> Result<E::Response, Error> {
        let message = Message { replay: Replay::Safe, ..Message::of(endpoint) };
        self.read::<E>(self.exchange(message, Some(look)).await?)
    }

    fn read<E: Endpoint>(&self, answer: Answer<Body>) -> Result<E::Response, Error> {
        let read =
            E::decode(answer.value).map_err(|error| self.told(error, answer.attempts).with_attempts_of(true, true))?;
        if let Some(made) = E::made_at(&read) {
            let Connection { platform, clock, .. } = self.connection;
            clock.saw(platform, Source::Database, made, answer.span);
        }
        Ok(read)
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
    ) -> LocalBoxFuture<'b, Result<Answer<Body>, Error>> {
        Box::pin(async move {
            let mut number = 0;
            let (mut lost, mut may_have_acted) = (false, false);
            loop {
                let limit = self.limit();
                let prepared = self.within(limit, self.prepare(&message)).await.and_then(|prepared| prepared);
                let unsent = |error| self.told(error, number).with_attempts_of(lost, may_have_acted);
                let (token, request) = prepared.map_err(unsent)?;
                let room = self.room(&request).await.map_err(unsent)?;
                number += 1;
                let attempt = Attempt { method: request.method, url: &request.url.clone(), number };
                let error = match self.attempt(attempt, request, message.success).await {
                    Ok((value, span)) => return Ok(Answer { value, attempts: number, span }),
                    // Nothing else is refused by then but what was never sent.
                    Err(error) => {
                        let unsent = matches!(error.kind(), ErrorKind::Validation(_));
                        self.told(error, number - u32::from(unsent))
                    }
                };
                drop(room);
                lost |= error.got_no_answer();
                may_have_acted |= lost || matches!(error.status(), Some(408 | 500..));
                let jitter = self.connection.platform.random();
                match decide(message.replay, number, self.max_retries, &error, jitter, self.remaining()) {
                    Decision::Stop => {
                        let error = self.explain(error.with_attempts_of(lost, may_have_acted), token.as_ref());
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
                            let looked = look(error.with_attempts_of(lost, may_have_acted)).await;
                            looked.map_err(|error| error.with_attempts_of(lost, may_have_acted))?;
                        }
                    }
                }
            }
        })
    }

    async fn prepare(&self, message: &Message) -> Result<(Option<Token>, Request), Error> {
        if self.options.cancel.is_cancelled() {
            return Err(Error::aborted());
        }
        let token = self.token().await?;
        let url = self.connection.config.base(token.as_ref(), message.place)? + &message.path;
        if token.is_some() {
            self.warn_of_readers(&url);
        }
        let request = Request {
            method: message.method,
            url,
            headers: self.headers(token.as_ref(), message.body.is_some()),
            body: message.body.clone(),
            keepalive: self.options.keepalive,
        };
        Ok((token, request))
    }

    /// Says once that the token can be read on the way. A page's own server has sent the page itself that way.
    fn warn_of_readers(&self, url: &str) {
        let Connection { platform, told_readable, .. } = self.connection;
        let Some(origin) = readable_origin(url) else { return };
        if !told_readable.replace(true) && platform.page_origin().as_deref() != Some(origin) {
            self.warn(&ClientWarning::plain_http(format!(
                "the token goes to {origin} unencrypted, for anybody on the way to read: set serverUrl to an https address"
            )));
        }
    }

    async fn token(&self) -> Result<Option<Token>, Error> {
        Ok(match &self.connection.config.token {
            ResolvedToken::Fixed(token) => Some(token.clone()),
            ResolvedToken::Provider(provider) => Some(Token::parse(&provider().await.map_err(Error::token)?)?),
            ResolvedToken::None => None,
        })
    }

    /// The tenant that requests are about.
    pub(crate) async fn tenant(&self) -> Result<String, Error> {
        let token = self.within(self.limit(), self.token()).await??;
        Ok(self.connection.config.tenant(token.as_ref())?)
    }

    /// Waits for room, where the request is to outlive its page.
    async fn room(&self, request: &Request) -> Result<Option<Admitted<'_>>, Error> {
        let keepalive = self.connection.platform.keepalive().filter(|_| request.keepalive);
        let (Some(keepalive), Some(body)) = (keepalive, &request.body) else { return Ok(None) };
        Ok(Some(self.within(self.limit(), keepalive.admit(body.bytes())).await??))
    }

    /// Every header of a request. Of two with one name that of the call wins over the client's.
    fn headers(&self, token: Option<&Token>, has_body: bool) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in self.connection.config.headers.iter().chain(&self.options.headers) {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        if let Some(token) = token {
            headers.push(("authorization".to_owned(), token.authorization()));
        }
        if has_body {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        headers
    }

    /// How long the next attempt may take, and whether that is what is left of the whole call.
    fn limit(&self) -> Limit {
        match (self.remaining(), self.total) {
            (Some(left), Some((total, _))) if left < self.timeout => Limit { left, told: total, total: true },
            _ => Limit { left: self.timeout, told: self.timeout, total: false },
        }
    }

    /// What comes first: the future's end, the caller's, or that of the time.
    async fn within<T>(&self, limit: Limit, future: impl Future<Output = T>) -> Result<T, Error> {
        let timeout = || Error::timeout(limit.told, limit.total);
        if limit.left.is_zero() {
            return Err(timeout());
        }
        let (future, end) = (pin!(future), pin!(self.connection.platform.sleep(limit.left)));
        match self.options.cancel.race(select(future, end)).await {
            None => Err(Error::aborted()),
            Some(Either::Left((value, _))) => Ok(value),
            Some(Either::Right(_)) => Err(timeout()),
        }
    }

    /// One attempt; the body of a success, and how long it took.
    async fn attempt(&self, attempt: Attempt<'_>, request: Request, success: u16) -> Result<(Body, Span), Error> {
        let Connection { platform, clock, .. } = self.connection;
        self.observe(Happening::Request(attempt));
        let begun = platform.monotonic();
        let answered = self.within(self.limit(), platform.send(request)).await;
        let outcome = answered.and_then(|answer| answer.map_err(Error::connection));
        let span = Span { begun, ended: platform.monotonic() };
        let status = outcome.as_ref().ok().map(|response| response.status);
        if let Ok(response) = &outcome {
            clock.saw_answer(platform, span, || response.date());
        }
        let outcome = outcome.and_then(|response| match response.status {
            status if status == success => Ok((response.body, span)),
            200..300 => Err(not_a_success(success, &response)),
            _ => Err(Error::refused(Refusal::new(response, self.now()))),
        });
        let duration = span.ended.saturating_sub(begun);
        self.observe(Happening::Response { attempt, status, duration, error: outcome.as_ref().err() });
        outcome
    }

    /// Adds what the token's own claims say to a refusal that they may explain.
    fn explain(&self, error: Error, token: Option<&Token>) -> Error {
        if let Some(0 | 300..=399) = error.status() {
            return error.with_hint(
                "Redirects are not followed, as they lose the token or turn a POST into a GET: set serverUrl to the address \
                 that Hatchet itself answers at, with its https",
            );
        }
        if !matches!(error.status(), Some(401 | 403 | 404)) || error.hint().is_some() {
            return error;
        }
        let Some(claims) = token.map(Token::claims) else {
            return if error.is_not_found() {
                error
            } else {
                error.with_hint(
                    "No token was sent, as none is set: what answers at serverUrl goes by something else, such as the \
                     session of the page, and does not let this caller do that",
                )
            };
        };
        let tenant = self.connection.config.tenant_id();
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

/// How long something may take, and what is told when it is over.
#[derive(Debug, Clone, Copy)]
struct Limit {
    left: Duration,
    told: Duration,
    total: bool,
}

impl Error {
    /// Whether the attempt itself ended without an answer of Hatchet's.
    fn got_no_answer(&self) -> bool {
        use ErrorKind::{Aborted, Connection, Decode, Timeout};
        matches!(self.kind(), Connection(_) | Timeout { .. } | Decode(_) | Aborted)
    }
}
