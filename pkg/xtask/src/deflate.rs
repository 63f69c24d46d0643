//! How what is large travels in the package.

use anyhow::Result;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Deflated, as no runtime lacks a way to inflate. Zopfli takes a second or two for it, and finds a twentieth more than others.
pub(crate) fn deflated(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut deflated = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Deflate, bytes, &mut deflated)?;
    Ok(deflated)
}

/// Deflated in base64, the one form of bytes that every bundler leaves alone.
pub(crate) fn inlined(bytes: &[u8]) -> Result<String> {
    Ok(BASE64_STANDARD.encode(deflated(bytes)?))
}
