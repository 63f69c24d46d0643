//! What the real server inherits from Go: how it reads JSON, times, ids and query parameters, and the words in which
//! it refuses them.

mod decode;
mod number;
mod object;
mod query;
mod quote;
mod scan;
mod text;
mod time;
mod uuid;

pub(crate) use decode::{Decoder, decode};
pub(crate) use object::Object;
pub(crate) use query::Query;
pub(crate) use time::Instant;
pub(crate) use uuid::parse as parse_uuid;

#[cfg(test)]
mod oracle;
