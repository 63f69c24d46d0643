//! The API token: redacted wherever it could be shown, and read for its claims.

use std::fmt;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::value::{Invalid, Value};

/// A Hatchet API token. `Debug` never shows it. Clones share it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Rc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    text: String,
    claims: Claims,
}

/// What the token says of itself. **Unverified**: only the server can check the signature, so these choose defaults
/// and word hints, nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// The tenant's id.
    pub sub: Option<String>,
    /// Where the server answers.
    pub server_url: Option<String>,
    /// When it expires.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Payload {
    sub: Option<String>,
    server_url: Option<String>,
    exp: Option<f64>,
}

impl From<Payload> for Claims {
    fn from(Payload { sub, server_url, exp }: Payload) -> Self {
        let expires_at = exp.and_then(|seconds| DateTime::from_timestamp(seconds as i64, 0));
        Self { sub, server_url, expires_at }
    }
}

impl Token {
    /// Reads a token: trimmed, then three parts joined by dots, the second a JSON object.
    ///
    /// # Errors
    /// Says what is wrong without showing the text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let refuse = |what: &str| {
            Err(Invalid::new(
                "token",
                format!(
                    "{what}; a Hatchet API token is three parts joined by dots, as Settings > API Tokens of the \
                     Hatchet dashboard shows it once"
                ),
            ))
        };
        if text.is_empty() {
            return refuse("is empty");
        }
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
            return refuse("starts with \"Bearer\", which is added here: give the token alone");
        }
        let mut parts = text.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return refuse("is malformed (not three parts)");
        };
        let (Some(_), Some(claims), Some(_)) = (decode(header), decode(claims), decode(signature)) else {
            return refuse("is malformed (a part is empty or holds other characters than base64url)");
        };
        let claims = Value::parse(&claims).filter(Value::is_object);
        match claims.and_then(|claims| claims.read::<Payload>().ok()) {
            Some(claims) => Ok(Self(Rc::new(Parts { text: text.to_owned(), claims: claims.into() }))),
            None => refuse("is malformed (its claims are not JSON)"),
        }
    }

    /// What the token says of itself, unverified.
    pub fn claims(&self) -> &Claims {
        &self.0.claims
    }

    /// The value of the `Authorization` header: the only way out for the text.
    pub(crate) fn authorization(&self) -> String {
        ["Bearer ", &self.0.text].concat()
    }
}

/// The text of a part of a token, at least one character. A JavaScript engine reads base64 itself.
#[cfg(target_arch = "wasm32")]
fn decode(part: &str) -> Option<String> {
    crate::value::base64url(part).filter(|text| !text.is_empty())
}

/// The text of a part of a token, at least one character.
#[cfg(not(target_arch = "wasm32"))]
fn decode(part: &str) -> Option<String> {
    use base64::Engine as _;

    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).ok()?;
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn token(claims: &str) -> String {
        format!("eyJhbGciOiJIUzI1NiJ9.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn claims_are_read() {
        let token = Token::parse(&format!(
            " {}\n",
            token(r#"{"sub":"t","server_url":"https://h.example","exp":1924992000,"aud":["x"]}"#)
        ))
        .unwrap();
        assert_eq!(token.claims().sub.as_deref(), Some("t"));
        assert_eq!(token.claims().server_url.as_deref(), Some("https://h.example"));
        assert_eq!(token.claims().expires_at.unwrap().timestamp(), 1_924_992_000);
        assert!(token.authorization().ends_with(".c2lnbmF0dXJl"), "no white space around it");
    }

    #[test]
    fn a_malformed_token_is_refused_and_never_echoed() {
        for bad in [
            "",
            "  ",
            "s3cret",
            "s3cret.b",
            "s3cret.b.c.d",
            "s3cret.!.c",
            "s3cret.e30.",
            "s3cret.eyI.c",
            "Bearer s3cret.e30.c",
        ] {
            let refusal = Token::parse(bad).unwrap_err();
            assert_eq!(refusal.path, "token");
            assert!(!refusal.reason.contains("s3cret"), "{refusal}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_no_token_is_refused_without_its_text(
            text in prop_oneof![any::<String>(), "[A-Za-z0-9_.=+/-]{0,60}", "[a-z0-9]{1,9}\\.[A-Za-z0-9_=-]{0,30}\\.[a-z0-9]{0,9}"],
            claims in prop_oneof![any::<String>(), "\\{\"(sub|exp|server_url)\":(\"[ -~]{0,9}\"|-?[0-9]{1,30}(\\.[0-9]{1,9})?(e[0-9]{1,3})?|null|\\[\\])\\}"],
        ) {
            let secret = format!("s3cret{text}s3cret");
            for given in [text.clone(), secret, token(&claims), format!("s3cret{}", token(&claims))] {
                match Token::parse(&given) {
                    Ok(parsed) => prop_assert_eq!(parsed.authorization(), format!("Bearer {}", given.trim())),
                    Err(refusal) => prop_assert!(refusal.path == "token" && !refusal.reason.contains("s3cret"), "{}", refusal),
                }
            }
        }
    }

    #[test]
    fn debug_hides_the_text() {
        let shown = format!("{:?}", Token::parse(&token("{}")).unwrap());
        assert_eq!(shown, "Token(…)");
    }
}
