//! The API token: redacted wherever it could be shown, and read for its claims.

use std::fmt;
use std::rc::Rc;

use chrono::{DateTime, Utc};

use crate::invalid::Invalid;
use crate::json::Json;

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

impl Claims {
    fn read(json: Json<'_>) -> Self {
        let seconds = json.get("exp").and_then(Json::as_number);
        Self {
            sub: json.text_of("sub"),
            server_url: json.text_of("server_url"),
            expires_at: seconds.and_then(|seconds| DateTime::from_timestamp(seconds as i64, 0)),
        }
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
        let claims = String::from_utf8(claims).unwrap_or_default();
        match Json::parse(&claims).filter(|claims| claims.is_object()) {
            Some(claims) => Ok(Self(Rc::new(Parts { text: text.to_owned(), claims: Claims::read(claims) }))),
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

/// The bytes of a base64url text, at least one, without the weight of a decoder for every alphabet.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
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
        fn base64url_is_decoded_as_others_do(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
            prop_assert_eq!(decode(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn debug_hides_the_text() {
        let shown = format!("{:?}", Token::parse(&token("{}")).unwrap());
        assert_eq!(shown, "Token(…)");
    }
}
