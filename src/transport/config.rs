//! Where the client's settings come from: options win over the environment, which wins over the token's own claims.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use super::Token;
use super::plain::split_port;
use crate::api::Place;
use crate::error::TokenFailure;
use crate::http::Headers;
use crate::model::check_id;
use crate::value::{Invalid, lower_case};

/// How long one attempt may take, body included, unless told otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// How many times a request is repeated, unless told otherwise.
pub const DEFAULT_MAX_RETRIES: u32 = 2;
/// The longest time that a JavaScript timer can hold, about 24.8 days; longer ones would fire at once.
pub const LONGEST_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

/// Stands for the tenant where a handler on a server knows it and the client does not.
pub const NO_TENANT: &str = "00000000-0000-0000-0000-000000000000";

/// What a token function answers: the text of a token, or why there is none.
pub type TokenFuture = Pin<Box<dyn Future<Output = Result<String, TokenFailure>>>>;

/// Where the token comes from.
#[derive(Clone)]
pub enum TokenSource {
    /// Always the same.
    Fixed(String),
    /// Asked before every attempt.
    Provider(Rc<dyn Fn() -> TokenFuture>),
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "TokenSource::Fixed(…)",
            Self::Provider(_) => "TokenSource::Provider(…)",
        })
    }
}

/// What the caller sets.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The API token.
    pub token: Option<TokenSource>,
    /// Where the server answers, e.g. `https://cloud.onhatchet.run`.
    pub server_url: Option<String>,
    /// The tenant's id, a UUID.
    pub tenant_id: Option<String>,
    /// Put before workflow names.
    pub namespace: Option<String>,
    /// How long one attempt may take, body included. Default 30 s.
    pub timeout: Option<Duration>,
    /// How long a whole call may take, with its retries and waits. Default: no limit.
    pub total_timeout: Option<Duration>,
    /// How many times a request may be repeated. Default 2.
    pub max_retries: Option<u32>,
    /// Sent with every request.
    pub headers: Headers,
}

/// The `HATCHET_CLIENT_*` variables.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `HATCHET_CLIENT_TOKEN`.
    pub token: Option<String>,
    /// `HATCHET_CLIENT_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// `HATCHET_CLIENT_SERVER_URL`, the Python client's name.
    pub server_url: Option<String>,
    /// `HATCHET_CLIENT_API_URL`, the TypeScript client's name.
    pub api_url: Option<String>,
    /// `HATCHET_CLIENT_NAMESPACE`.
    pub namespace: Option<String>,
}

/// Settings that are complete and checked, as far as they can be without asking for a token.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) token: ResolvedToken,
    server_url: Option<String>,
    tenant_id: Option<String>,
    pub(crate) namespace: Namespace,
    pub(crate) timeout: Duration,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) max_retries: u32,
    pub(crate) headers: Headers,
}

/// A token source whose fixed token is already read.
#[derive(Clone)]
pub(crate) enum ResolvedToken {
    Fixed(Token),
    Provider(Rc<dyn Fn() -> TokenFuture>),
    /// There is none: what stands at the address goes by something else, such as the session of a page.
    None,
}

impl fmt::Debug for ResolvedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Config {
    /// Checks the options and fills them up.
    ///
    /// # Errors
    /// Names the option that is missing or malformed.
    pub fn new(options: Options, environment: Environment) -> Result<Self, Invalid> {
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let token = match options.token.or_else(|| given(environment.token).map(TokenSource::Fixed)) {
            Some(TokenSource::Fixed(text)) => ResolvedToken::Fixed(Token::parse(&text)?),
            Some(TokenSource::Provider(provider)) => ResolvedToken::Provider(provider),
            None if options.server_url.is_some() => ResolvedToken::None,
            None => {
                return Err(Invalid::new("token", "is missing; give the option `token` or set HATCHET_CLIENT_TOKEN"));
            }
        };
        let server_url = match (options.server_url, given(environment.server_url).or(given(environment.api_url))) {
            (Some(url), _) | (None, Some(url)) => Some(server_url(&url, "serverUrl")?),
            (None, None) => None,
        };
        let tenant_id = match (options.tenant_id, given(environment.tenant_id)) {
            (Some(id), _) | (None, Some(id)) => Some(tenant_id(&id)?),
            (None, None) => None,
        };
        check_duration(options.timeout, "timeoutMs")?;
        check_duration(options.total_timeout, "totalTimeoutMs")?;
        check_headers(&options.headers, "headers")?;
        let config = Self {
            token,
            server_url,
            tenant_id,
            namespace: Namespace::new(&options.namespace.or(environment.namespace).unwrap_or_default()),
            timeout: options.timeout.unwrap_or(DEFAULT_TIMEOUT),
            total_timeout: options.total_timeout,
            max_retries: options.max_retries.unwrap_or(DEFAULT_MAX_RETRIES),
            headers: options.headers,
        };
        match &config.token {
            ResolvedToken::Fixed(token) => drop(config.base(Some(token), Place::Workflows)?),
            ResolvedToken::None => drop(config.base(None, Place::Workflows)?),
            ResolvedToken::Provider(_) => {}
        }
        Ok(config)
    }

    /// The tenant that the caller set.
    pub(crate) fn tenant_id(&self) -> Option<&str> {
        self.tenant_id.as_deref()
    }

    /// The address that paths of a place stand below, for requests that carry this token.
    pub(crate) fn base(&self, token: Option<&Token>, place: Place) -> Result<String, Invalid> {
        let claimed = token.and_then(|token| token.claims().server_url.as_deref());
        let server = match (&self.server_url, claimed) {
            (Some(url), _) => url.clone(),
            (None, Some(url)) => server_url(url, "serverUrl").map_err(|invalid| {
                let reason = format!("the token's server_url claim {}; give the option instead", invalid.reason);
                invalid.because(reason)
            })?,
            (None, None) => {
                return Err(Invalid::new(
                    "serverUrl",
                    "is missing, and the token has no server_url claim; give the option or set \
                     HATCHET_CLIENT_SERVER_URL, e.g. https://cloud.onhatchet.run",
                ));
            }
        };
        match place {
            Place::Server => Ok(server),
            Place::Tenant => Ok([&server, "/api/v1/stable/tenants/", &self.tenant(token)?].concat()),
            Place::Workflows => Ok([&server, "/api/v1/tenants/", &self.tenant(token)?, "/workflows"].concat()),
        }
    }

    /// The tenant that requests with this token are about; [`NO_TENANT`] where that is not for the client to say.
    pub(crate) fn tenant(&self, token: Option<&Token>) -> Result<String, Invalid> {
        match (&self.tenant_id, token.map(|token| token.claims().sub.as_deref())) {
            (Some(id), _) => Ok(id.clone()),
            (None, None) => Ok(NO_TENANT.to_owned()),
            (None, Some(Some(id))) => tenant_id(id).map_err(|invalid| {
                invalid.because("the token's sub claim is no tenant id (a UUID); give the option instead")
            }),
            (None, Some(None)) => Err(Invalid::new(
                "tenantId",
                "is missing, and the token has no sub claim; give the option or set HATCHET_CLIENT_TENANT_ID",
            )),
        }
    }
}

fn server_url(text: &str, path: &str) -> Result<String, Invalid> {
    let text = text.trim().trim_end_matches('/');
    let lower = text.to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let refuse = |reason: &str| Err(Invalid::new(path, reason));
    let authority = host.and_then(|host| host.split('/').next()).unwrap_or_default();
    // An empty one is the scheme's own.
    let is_port =
        |port: &str| port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    match host {
        None => refuse("must be an absolute URL that starts with https:// or http://"),
        Some(host) if host.is_empty() || host.starts_with(['/', ':']) => refuse("has no host"),
        Some(host) if host.contains(['?', '#']) => refuse("must not hold a query or a fragment"),
        Some(_) if authority.contains('@') => {
            refuse("must not hold a user name or password; the token alone says who calls")
        }
        Some(host) if host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') => {
            refuse("holds white space, a backslash or a control character")
        }
        Some(_) if !split_port(authority).1.is_none_or(is_port) => {
            refuse("has a port that is no number from 0 to 65535")
        }
        Some(_) => Ok(text.to_owned()),
    }
}

fn tenant_id(text: &str) -> Result<String, Invalid> {
    check_id(text.trim()).map_err(|invalid| invalid.under("tenantId"))?;
    Ok(text.trim().to_owned())
}

/// Checks a time limit: more than nothing, and no more than a timer can hold.
pub(crate) fn check_duration(duration: Option<Duration>, path: &str) -> Result<(), Invalid> {
    match duration {
        Some(duration) if duration.is_zero() || duration > LONGEST_TIMEOUT => Err(Invalid::new(
            path,
            format!("must be more than 0 and at most {} milliseconds (24.8 days)", LONGEST_TIMEOUT.as_millis() as u64),
        )),
        _ => Ok(()),
    }
}

/// More than servers take.
const MOST_HEADERS: usize = 500;

/// Checks headers that a caller adds.
pub(crate) fn check_headers(headers: &Headers, path: &str) -> Result<(), Invalid> {
    if headers.len() > MOST_HEADERS {
        return Err(Invalid::new(path, format!("are more than {MOST_HEADERS}, which no server takes")));
    }
    for (name, value) in headers {
        let path = format!("{path}[{name:?}]");
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(Invalid::new(path, "is no header name: letters, digits and - are allowed"));
        }
        if value.chars().any(|c| c.is_control() && c != '\t' || c as u32 > 255) {
            return Err(Invalid::new(path, "holds a control character or one outside Latin-1; encode it first"));
        }
        if name.eq_ignore_ascii_case("authorization") {
            return Err(Invalid::new(path, "is set from the option `token`; give it there"));
        }
        if name.eq_ignore_ascii_case("content-type") {
            return Err(Invalid::new(path, "is always application/json; leave it out"));
        }
    }
    Ok(())
}

/// Put before workflow names: lower-cased, with `_` at its end; nothing when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Namespace(String);

impl Namespace {
    /// Makes a namespace as Hatchet's clients do.
    pub fn new(text: &str) -> Self {
        let mut text = lower_case(text.trim());
        if !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
        Self(text)
    }

    /// The workflow's name on the server. A name that starts with the namespace already stays as it is.
    pub fn apply(&self, name: &str) -> String {
        if name.starts_with(&self.0) { name.to_owned() } else { format!("{}{name}", self.0) }
    }

    /// The text before names; empty for none.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::token::tests::token;

    const TENANT: &str = "707d0855-80ab-4e1f-a156-f1c4546cbf52";

    fn options(claims: &str) -> Options {
        Options { token: Some(TokenSource::Fixed(token(claims))), ..Options::default() }
    }

    fn base(options: Options, environment: Environment) -> Result<String, Invalid> {
        let config = Config::new(options, environment)?;
        let token = match &config.token {
            ResolvedToken::Fixed(token) => Some(token),
            ResolvedToken::None => None,
            ResolvedToken::Provider(_) => panic!("a fixed token, or none"),
        };
        config.base(token, Place::Workflows)
    }

    #[test]
    fn options_win_over_the_environment_which_wins_over_the_token() {
        let claims = format!(r#"{{"sub":"{TENANT}","server_url":"https://claim.example/"}}"#);
        let of_token = base(options(&claims), Environment::default()).unwrap();
        assert_eq!(of_token, format!("https://claim.example/api/v1/tenants/{TENANT}/workflows"));

        let environment = Environment {
            server_url: Some("http://python.example".into()),
            api_url: Some("http://typescript.example".into()),
            tenant_id: Some("11111111-1111-4111-8111-111111111111".into()),
            ..Environment::default()
        };
        let of_environment = base(options(&claims), environment.clone()).unwrap();
        assert_eq!(
            of_environment,
            "http://python.example/api/v1/tenants/11111111-1111-4111-8111-111111111111/workflows"
        );

        let mut all = options(&claims);
        all.server_url = Some("https://option.example/hatchet/".into());
        all.tenant_id = Some(TENANT.into());
        let of_options = base(all, environment).unwrap();
        assert_eq!(of_options, format!("https://option.example/hatchet/api/v1/tenants/{TENANT}/workflows"));
    }

    #[test]
    fn an_address_that_is_said_needs_no_token() {
        let said = Options { server_url: Some("https://app.example/api/scheduled/".into()), ..Options::default() };
        let nobody = base(said, Environment::default()).unwrap();
        assert_eq!(nobody, format!("https://app.example/api/scheduled/api/v1/tenants/{NO_TENANT}/workflows"));

        let variable = Environment { server_url: Some("https://h.example".into()), ..Environment::default() };
        assert_eq!(base(Options::default(), variable).unwrap_err().path, "token", "a variable may mean anything");
    }

    #[test]
    fn either_name_of_the_url_variable_counts_and_empty_variables_do_not() {
        let environment = Environment {
            token: Some(format!(" {}\n", token(&format!(r#"{{"sub":"{TENANT}"}}"#)))),
            server_url: Some(" ".into()),
            api_url: Some("http://typescript.example".into()),
            ..Environment::default()
        };
        assert!(base(Options::default(), environment).unwrap().starts_with("http://typescript.example/api"));
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let refused = |change: fn(&mut Options)| {
            let mut options = options("{}");
            options.server_url = Some("https://h.example".into());
            options.tenant_id = Some(TENANT.into());
            change(&mut options);
            Config::new(options, Environment::default()).unwrap_err().to_string()
        };
        insta::assert_snapshot!(
            [
                refused(|options| (options.token, options.server_url) = (None, None)),
                refused(|options| options.server_url = None),
                refused(|options| options.tenant_id = None),
                refused(|options| options.tenant_id = Some("acme".into())),
                refused(|options| options.server_url = Some("cloud.onhatchet.run".into())),
                refused(|options| options.server_url = Some("https://a:b@h.example".into())),
                refused(|options| options.server_url = Some("https://h.example?x".into())),
                refused(|options| options.server_url = Some("https://".into())),
                refused(|options| options.server_url = Some("https://h .example".into())),
                refused(|options| options.server_url = Some("https://h.example:99999/x".into())),
                refused(|options| options.server_url = Some("https://[::1]:x".into())),
                refused(|options| options.timeout = Some(Duration::ZERO)),
                refused(|options| options.total_timeout = Some(Duration::from_secs(3_000_000))),
                refused(|options| options.headers = vec![("x y".into(), "1".into())]),
                refused(|options| options.headers = vec![("x".into(), "a\r\nb: c".into())]),
                refused(|options| options.headers = vec![("Authorization".into(), "x".into())]),
            ]
            .join("\n"),
            @r#"
        token: is missing; give the option `token` or set HATCHET_CLIENT_TOKEN
        serverUrl: is missing, and the token has no server_url claim; give the option or set HATCHET_CLIENT_SERVER_URL, e.g. https://cloud.onhatchet.run
        tenantId: is missing, and the token has no sub claim; give the option or set HATCHET_CLIENT_TENANT_ID
        tenantId: must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
        serverUrl: must be an absolute URL that starts with https:// or http://
        serverUrl: must not hold a user name or password; the token alone says who calls
        serverUrl: must not hold a query or a fragment
        serverUrl: must be an absolute URL that starts with https:// or http://
        serverUrl: holds white space, a backslash or a control character
        serverUrl: has a port that is no number from 0 to 65535
        serverUrl: has a port that is no number from 0 to 65535
        timeoutMs: must be more than 0 and at most 2147483647 milliseconds (24.8 days)
        totalTimeoutMs: must be more than 0 and at most 2147483647 milliseconds (24.8 days)
        headers["x y"]: is no header name: letters, digits and - are allowed
        headers["x"]: holds a control character or one outside Latin-1; encode it first
        headers["Authorization"]: is set from the option `token`; give it there
        "#
        );
    }

    #[test]
    fn the_namespace_rule_is_hatchets() {
        let apply = |namespace: &str, name: &str| Namespace::new(namespace).apply(name);
        assert_eq!(apply("", "MyFlow"), "MyFlow");
        assert_eq!(apply("Dev", "MyFlow"), "dev_MyFlow");
        assert_eq!(apply("dev_", "MyFlow"), "dev_MyFlow");
        assert_eq!(apply("dev", "dev_MyFlow"), "dev_MyFlow");
        assert_eq!(apply("dev", "DEV_MyFlow"), "dev_DEV_MyFlow");
    }
}
