//! The text of a JSON string literal, as Go reads it.

/// Unescapes the inside of a string literal that the scanner has passed. Lone surrogates and bytes that are no UTF-8
/// become U+FFFD, one for each.
pub(crate) fn unescape(inside: &[u8]) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        let (plain, escape) = rest.split_at(at);
        push_utf8(&mut out, plain);
        let (c, length) = read_escape(escape);
        out.push(c);
        rest = escape.get(length..).unwrap_or_default();
    }
    push_utf8(&mut out, rest);
    out
}

/// Appends bytes that should be UTF-8.
pub(crate) fn push_utf8(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
    }
}

fn read_escape(escape: &[u8]) -> (char, usize) {
    match escape.get(1) {
        Some(b'b') => ('\x08', 2),
        Some(b'f') => ('\x0c', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => read_unicode(escape),
        Some(&byte) => (char::from(byte), 2),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn read_unicode(escape: &[u8]) -> (char, usize) {
    let unit = |at: usize| -> Option<u16> {
        let marker = escape.get(at..at + 2)?;
        let digits = std::str::from_utf8(escape.get(at + 2..at + 6)?).ok()?;
        (marker == b"\\u").then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, escape.len()) };
    match char::decode_utf16([first]).next() {
        Some(Ok(c)) => (c, 6),
        _ => match unit(6).map(|second| char::decode_utf16([first, second]).next()) {
            Some(Some(Ok(c))) => (c, 12),
            _ => (char::REPLACEMENT_CHARACTER, 6),
        },
    }
}
