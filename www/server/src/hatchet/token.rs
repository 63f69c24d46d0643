//! API tokens: JWTs signed with HMAC-SHA256, with the claims of the real server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

/// The one header that is written and accepted.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    /// Seconds since 1970.
    exp: i64,
    grpc_broadcast_address: String,
    iat: i64,
    iss: String,
    server_url: String,
    /// The tenant.
    sub: String,
    token_id: String,
}

/// Signs tokens and checks them. Their time is the system's, whatever the server's clock says.
pub(super) struct Signer {
    key: Vec<u8>,
}

impl Signer {
    pub(super) fn new(key: Vec<u8>) -> Self {
        Self { key }
    }

    /// A token for the tenant, good for `ttl` from now.
    pub(super) fn sign(&self, tenant: Uuid, server_url: &str, ttl: TimeDelta) -> String {
        let now = Utc::now();
        let host = server_url.split_once("://").map_or(server_url, |(_, host)| host);
        let claims = Claims {
            aud: server_url.to_owned(),
            exp: (now + ttl).timestamp(),
            grpc_broadcast_address: host.trim_end_matches('/').to_owned(),
            iat: now.timestamp(),
            iss: server_url.to_owned(),
            server_url: server_url.to_owned(),
            sub: tenant.to_string(),
            token_id: Uuid::new_v4().to_string(),
        };
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    /// Whether the value of an `Authorization` header holds a good token of the tenant. As on the real server, the
    /// word `Bearer` must stand in it once, whatever surrounds it.
    pub(super) fn accepts(&self, authorization: Option<&str>, tenant: Uuid) -> bool {
        let parts: Vec<&str> = authorization.unwrap_or_default().split("Bearer").collect();
        let [_, token] = parts.as_slice() else { return false };
        self.claims(token.trim()).is_some_and(|claims| {
            claims.exp > Utc::now().timestamp() && Uuid::parse_str(&claims.sub).is_ok_and(|sub| sub == tenant)
        })
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        // The comparison takes the same time wherever the signatures differ.
        self.mac(signed).verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        (header.alg == "HS256").then_some(claims)
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| unreachable!("any key length"));
        mac.update(text.as_bytes());
        mac
    }
}

/// The tenant that a token names, its signature not checked.
#[must_use]
pub fn tenant_of(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.trim().split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("sub")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new(b"key".to_vec())
    }

    #[test]
    fn only_a_token_signed_here_for_this_tenant_and_not_expired_is_accepted() {
        let tenant = Uuid::from_u128(7);
        let sign = |signer: &Signer, tenant, seconds| {
            format!("Bearer {}", signer.sign(tenant, "http://localhost", TimeDelta::seconds(seconds)))
        };
        let good = sign(&signer(), tenant, 60);
        let accepts = |value: &str| signer().accepts(Some(value), tenant);
        assert!(accepts(&good));
        assert!(accepts(&good.replacen("Bearer ", "Bearer", 1)));
        assert!(!accepts(&good.replacen("Bearer", "bearer", 1)));
        assert!(!accepts(&sign(&Signer::new(b"other".to_vec()), tenant, 60)));
        assert!(!accepts(&sign(&signer(), Uuid::from_u128(8), 60)));
        assert!(!accepts(&sign(&signer(), tenant, -1)));
        assert!(!accepts("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"));
        assert!(!signer().accepts(None, tenant));
    }

    #[test]
    fn a_token_that_names_another_algorithm_is_refused_even_if_its_signature_fits() {
        let tenant = Uuid::from_u128(7);
        let token = signer().sign(tenant, "http://localhost", TimeDelta::seconds(60));
        let claims = token.split('.').nth(1).unwrap();
        let signed = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
        let signature = URL_SAFE_NO_PAD.encode(signer().mac(&signed).finalize().into_bytes());
        assert!(!signer().accepts(Some(&format!("Bearer {signed}.{signature}")), tenant));
    }
}
