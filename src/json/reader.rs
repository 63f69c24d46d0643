//! The reader of JSON text.

use super::Json;

/// Goes over a text. After the first `None` it stands where the text is no JSON.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space; it stays.
    pub(super) fn next(&mut self) -> Option<u8> {
        loop {
            let byte = self.peek()?;
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// The next value of a sequence that is known to be well-formed, without the comma before it. To find its end, only
    /// texts and brackets have to be told apart.
    pub(super) fn item(&mut self) -> Option<Json<'a>> {
        let _ = self.take(b',');
        self.next()?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => at = end_of_text(bytes, at),
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => depth -= 1,
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => break,
                _ => {}
            }
            at += 1;
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                break;
            }
        }
        self.at = at;
        self.text.get(start..at).filter(|text| !text.is_empty()).map(Json)
    }

    pub(super) fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        let byte = self.next()?;
        let start = self.at;
        match byte {
            b'{' => self.sequence(b'}', depth)?,
            b'[' => self.sequence(b']', depth)?,
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => {
                let rest = self.text.get(start..)?;
                let word = ["null", "true", "false"].into_iter().find(|word| rest.starts_with(word))?;
                self.at += word.len();
            }
        }
        self.text.get(start..self.at).map(Json)
    }

    /// An array, or, when it ends in a brace, an object.
    fn sequence(&mut self, end: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            if end == b'}' {
                self.next().filter(|byte| *byte == b'"')?;
                self.string()?;
                self.take(b':')?;
            }
            self.value(depth)?;
            if self.take(b',').is_none() {
                return self.take(end);
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            match bytes.get(at)? {
                b'"' => break,
                b'\\' => {
                    at += 1;
                    match bytes.get(at)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            let digits = bytes.get(at + 1..at + 5)?;
                            digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                        }
                        _ => return None,
                    }
                }
                0..0x20 => return None,
                _ => {}
            }
            at += 1;
        }
        self.at = at + 1;
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

/// Where a text that begins at `at` ends: at its second quotation mark.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at += 1;
        match bytes.get(at) {
            Some(b'\\') => at += 1,
            Some(b'"') | None => return at,
            Some(_) => {}
        }
    }
}

/// The text that a string's inside stands for, and whether it holds half a surrogate pair.
pub(super) fn unescape(inner: &str) -> (String, bool) {
    let mut units = Vec::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            continue;
        }
        units.push(match characters.next().unwrap_or_default() {
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'u' => {
                let digits = characters.as_str().get(..4).unwrap_or_default();
                characters.nth(3);
                u16::from_str_radix(digits, 16).unwrap_or_default()
            }
            itself => itself as u16,
        });
    }
    let mut halved = false;
    let whole = |unit: Result<char, _>| {
        halved |= unit.is_err();
        unit.unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let text = char::decode_utf16(units).map(whole).collect();
    (text, halved)
}

/// A decimal number: exact for what a double holds in at most 15 digits, and off by the last bit at worst. The standard
/// library's exact reader would weigh as much as all of this module.
pub(crate) fn number(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let mut exponent = match exponent.strip_prefix('+').unwrap_or(exponent) {
        "0" => 0,
        exponent => number(exponent)? as i32,
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut mantissa = 0_u64;
    for (place, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if !digit.is_ascii_digit() {
            return None;
        }
        if mantissa < u64::MAX / 10 - 1 {
            mantissa = mantissa * 10 + u64::from(digit - b'0');
            exponent = exponent.saturating_sub(i32::from(place >= whole.len()));
        } else {
            exponent = exponent.saturating_add(i32::from(place < whole.len()));
        }
    }
    let scale = 10_f64.powi(exponent.abs());
    let size = if exponent < 0 { mantissa as f64 / scale } else { mantissa as f64 * scale };
    (!whole.is_empty()).then_some(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in
            ["0", "-0.5", "1793000000000", "1792895400.25", "9007199254740992", "1e22", "1E-3", "0.001", "123456.789e3"]
        {
            assert_eq!(number(text), Some(text.parse().unwrap()), "{text}");
        }
        for text in ["", "-", ".5", "x", "1x", "1e", "--1"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("1e400"), Some(f64::INFINITY));
    }
}
