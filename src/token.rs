//! The API token: redacted wherever it could be shown, and read for its claims.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::invalid::Invalid;

/// A Hatchet API token. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: String,
    claims: Claims,
}

/// What the token says of itself. **Unverified**: only the server can check the signature, so these choose defaults
/// and word hints, nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// The tenant's id.
    #[serde(default)]
    pub sub: Option<String>,
    /// Where the server answers.
    #[serde(default)]
    pub server_url: Option<String>,
    /// When it expires, in seconds since 1970.
    #[serde(default)]
    exp: Option<serde_json::Number>,
}

impl Claims {
    /// When the token expires.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        let seconds = self.exp.as_ref()?;
        DateTime::from_timestamp(seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds as i64))?, 0)
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
        let is_base64url = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if ![header, claims, signature].into_iter().all(is_base64url) {
            return refuse("is malformed (a part is empty or holds other characters than base64url)");
        }
        let Ok(claims) = URL_SAFE_NO_PAD.decode(claims) else {
            return refuse("is malformed (its claims are not base64url)");
        };
        match serde_json::from_slice(&claims) {
            Ok(claims) => Ok(Self { text: text.to_owned(), claims }),
            Err(_) => refuse("is malformed (its claims are not JSON)"),
        }
    }

    /// What the token says of itself, unverified.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The value of the `Authorization` header: the only way out for the text.
    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.text)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
pub(crate) mod tests {
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
        assert_eq!(token.claims().expires_at().unwrap().timestamp(), 1_924_992_000);
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

    #[test]
    fn debug_hides_the_text() {
        let shown = format!("{:?}", Token::parse(&token("{}")).unwrap());
        assert_eq!(shown, "Token(…)");
    }
}
