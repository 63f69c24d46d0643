//! A world to test in: a virtual clock, a network that loses what it is told to lose, and a Hatchet as simple as a
//! model can be.

mod clock;
mod hatchet;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hatchet_scheduled::client::Client;
use hatchet_scheduled::http::{Body, NoAnswer, Request, Response};
use hatchet_scheduled::time::{UnknownZone, Zones};
use hatchet_scheduled::transport::{
    Config, Environment, Event, Happening, KEEPALIVE_LIMIT, Keepalive, Options, Platform, TokenSource,
};

pub(crate) use clock::Clock;
pub(crate) use hatchet::{Hatchet, Run};

pub(crate) const TENANT: &str = "707d0855-80ab-4e1f-a156-f1c4546cbf52";

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: it is answered.
    None,
    /// It never reaches the server.
    LostBefore,
    /// The server acts; the answer is lost.
    LostAfter,
    /// Something before the server answers with this status and a page.
    Status(u16),
    /// Something before the server answers 302 with another place to ask.
    Redirect,
    /// A gateway answers 502 though the server acted.
    BadGateway,
    /// No answer ever comes; the server acts.
    Silence,
}

/// Decides what happens to the n-th request (from 1).
pub(crate) type Weather = Box<dyn FnMut(usize, &Request) -> Fault>;

/// The world's state, shared by the client under test and by the test.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) hatchet: Rc<RefCell<Hatchet>>,
    weather: Rc<RefCell<Weather>>,
    hides_date: Rc<Cell<bool>>,
    keepalive: Rc<Keepalive>,
    /// Bytes under way that outlive the page, as a browser counts them.
    outliving: Rc<Cell<usize>>,
    log: Rc<RefCell<Log>>,
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    dropped: usize,
    waits: Vec<Duration>,
    events: Vec<String>,
}

/// How long a request is on its way there, and the answer on its way back.
const HALF_TRIP: Duration = Duration::from_millis(10);

impl World {
    pub(crate) fn new() -> Self {
        Self {
            clock: Clock::at("2026-11-23T10:00:00Z".parse().unwrap()),
            hatchet: Rc::default(),
            weather: Rc::new(RefCell::new(Box::new(|_, _| Fault::None))),
            hides_date: Rc::default(),
            keepalive: Rc::default(),
            outliving: Rc::default(),
            log: Rc::default(),
        }
    }

    /// From now on the network does this.
    pub(crate) fn weather(&self, weather: impl FnMut(usize, &Request) -> Fault + 'static) {
        *self.weather.borrow_mut() = Box::new(weather);
    }

    /// From now on nobody sees the `date` of an answer, as in a page of another origin.
    pub(crate) fn hide_date(&self) {
        self.hides_date.set(true);
    }

    pub(crate) fn client(&self) -> Client<World> {
        self.client_with(|_| {})
    }

    pub(crate) fn client_with(&self, change: impl FnOnce(&mut Options)) -> Client<World> {
        let mut options = Options {
            token: Some(TokenSource::Fixed(token(&format!(r#"{{"sub":"{TENANT}"}}"#)))),
            server_url: Some("https://hatchet.test".into()),
            ..Options::default()
        };
        change(&mut options);
        Client::new(self.clone(), Config::new(options, Environment::default()).unwrap())
    }

    /// Runs the future to its end, moving the clock whenever nothing else can happen.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clock.run(future)
    }

    /// Every request so far as `METHOD path`.
    pub(crate) fn requests(&self) -> Vec<String> {
        let base = format!("https://hatchet.test/api/v1/tenants/{TENANT}/workflows");
        let log = self.log.borrow();
        let told = log.requests.iter().map(|request| {
            let path = request.url.strip_prefix(&base).unwrap_or(&request.url);
            format!("{} {path}", request.method.as_str())
        });
        told.collect()
    }

    /// The waits between attempts so far.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.log.borrow().waits.clone()
    }

    /// How many requests were dropped before they were answered.
    pub(crate) fn dropped(&self) -> usize {
        self.log.borrow().dropped
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.log.borrow().events.clone()
    }
}

/// A token with these claims.
pub(crate) fn token(claims: &str) -> String {
    use base64::Engine;
    format!("e30.{}.c2ln", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims))
}

struct Trip {
    log: Rc<RefCell<Log>>,
    arrived: bool,
}

impl Drop for Trip {
    fn drop(&mut self) {
        if !self.arrived {
            self.log.borrow_mut().dropped += 1;
        }
    }
}

/// Room for a body that outlives its page, as a browser has it.
struct Room(Rc<Cell<usize>>, usize);

impl Room {
    fn take(under_way: &Rc<Cell<usize>>, bytes: usize) -> Option<Self> {
        let all = under_way.get() + bytes;
        under_way.set(all);
        let room = Self(Rc::clone(under_way), bytes);
        (all <= KEEPALIVE_LIMIT).then_some(room)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.0.set(self.0.get() - self.1);
    }
}

fn lost() -> NoAnswer {
    NoAnswer { message: "connection reset".into(), cause: None, hint: None, unsent: None }
}

impl Platform for World {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        let fault = {
            let mut log = self.log.borrow_mut();
            log.requests.push(request.clone());
            (self.weather.borrow_mut())(log.requests.len(), &request)
        };
        let bytes = request.body.as_ref().filter(|_| request.keepalive).map_or(0, |body| body.as_str().len());
        let Some(_room) = Room::take(&self.outliving, bytes) else { return Err(lost()) };
        let mut trip = Trip { log: Rc::clone(&self.log), arrived: false };
        self.clock.sleep(HALF_TRIP).await;
        let acts = !matches!(fault, Fault::LostBefore | Fault::Status(_) | Fault::Redirect);
        let mut answer = acts.then(|| self.hatchet.borrow_mut().answer(&request, self.clock.now()));
        if let Some(answer) = &mut answer
            && !self.hides_date.get()
        {
            answer.headers.push(("date".into(), self.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        }
        if fault == Fault::Silence {
            std::future::pending::<()>().await;
        }
        self.clock.sleep(HALF_TRIP).await;
        trip.arrived = true;
        let page = Body::new("<title>trouble</title>");
        let plain = |status| Response { status, headers: Vec::new(), body: page.clone() };
        match (fault, answer) {
            (Fault::None, Some(answer)) => Ok(answer),
            (Fault::Status(status), _) => Ok(plain(status)),
            (Fault::Redirect, _) => {
                let headers = vec![("location".into(), "https://hatchet.test/login".into())];
                Ok(Response { headers, ..plain(302) })
            }
            (Fault::BadGateway, _) => Ok(plain(502)),
            _ => Err(lost()),
        }
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.wall()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn keepalive(&self) -> Option<&Keepalive> {
        Some(&self.keepalive)
    }

    fn observe(&self, event: &Event<'_>) {
        let mut log = self.log.borrow_mut();
        let what = match &event.what {
            Happening::Request(attempt) => format!("request {}", attempt.number),
            Happening::Response { attempt, status, .. } => {
                format!("response {} {}", attempt.number, status.map_or("none".into(), |status| status.to_string()))
            }
            Happening::Retry { attempt, delay, .. } => {
                log.waits.push(*delay);
                format!("retry {} in {} ms", attempt.number, delay.as_millis())
            }
            Happening::Warning(warning) => format!("warning {:?}", warning.code),
        };
        log.events.push(format!("{}: {what}", event.operation));
    }
}

impl Zones for World {
    fn offset(&self, zone: &str, _: DateTime<Utc>) -> Result<i32, UnknownZone> {
        if zone == "UTC" { Ok(0) } else { Err(UnknownZone) }
    }
}
