//! Text, as it is shown, and as far as whoever runs the client knows it better.

/// The text in lower case. A JavaScript engine has the tables for that, which weigh more than all of this module.
#[cfg(target_arch = "wasm32")]
pub(crate) fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// The text in lower case.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn lower_case(text: &str) -> String {
    text.to_lowercase()
}

/// The text in quotes, cut where it is too long to be shown whole.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("\"{}…\"", text.get(..end).unwrap_or_default()),
        None => format!("\"{text}\""),
    }
}

/// A key as a step of a path: `name` or `["two words"]`.
pub(crate) fn step(key: &str) -> String {
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
        && !key.starts_with(|first: char| first.is_ascii_digit());
    if is_name && !key.is_empty() { key.to_owned() } else { format!("[{key:?}]") }
}
