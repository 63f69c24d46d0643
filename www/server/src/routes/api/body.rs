//! The body of a request, as far as the server takes it.

use std::error::Error;

use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;

use crate::wire::Refusal;

/// The real server has no limit; but an input of more than 4 MiB reaches none of its workers.
const LIMIT: usize = 16 * 1024 * 1024;
/// A longer body is read up to this, and dropped, so that who sends it to its end gets to read why it is refused.
const DROPPED: usize = 4 * LIMIT;

/// Reads a body to its end.
pub(super) async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| unreadable(&error))?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= LIMIT {
            kept.extend_from_slice(&data);
        } else if length <= DROPPED {
            kept = Vec::new();
        } else {
            break;
        }
    }
    if length <= LIMIT {
        return Ok(kept.into());
    }
    let message = format!("the body is longer than the {} MiB that this server takes", LIMIT >> 20);
    Err(Refusal::Message(StatusCode::PAYLOAD_TOO_LARGE, message))
}

fn unreadable(error: &axum::Error) -> Refusal {
    let status = if is_late(error) { StatusCode::REQUEST_TIMEOUT } else { StatusCode::BAD_REQUEST };
    Refusal::Message(status, error.to_string())
}

#[cfg(not(target_arch = "wasm32"))]
fn is_late(error: &(dyn Error + 'static)) -> bool {
    error.is::<tower_http::timeout::TimeoutError>() || error.source().is_some_and(is_late)
}

/// There is no network to wait for.
#[cfg(target_arch = "wasm32")]
fn is_late(_: &(dyn Error + 'static)) -> bool {
    false
}
