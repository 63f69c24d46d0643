//! JSON as text, read where it stands and written piece by piece: no tree of values, and no code for each type.
//!
//! Answers hold thousands of runs whose text goes to the caller as it came. So [`Json`] is a slice of text that is known
//! to be well-formed, and looking into it costs nothing but the reading. What goes out is checked for what the server
//! would refuse or change: see [`check`].

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::invalid::Invalid;

/// How deep values may nest in what is sent: far more than people write, and less than answers may ([`DEEPEST_READ`]).
pub const DEEPEST: usize = 100;

/// How deep values may nest in what is read: the reader recurses.
pub const DEEPEST_READ: usize = 128;

/// The text of one JSON value, well-formed, without white space around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The empty object.
    pub const EMPTY: Json<'static> = Json("{}");

    /// Reads a text that is one JSON value and nothing else.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEEPEST_READ)?;
        reader.next().is_none().then_some(value)
    }

    /// The text itself.
    pub fn text(self) -> &'a str {
        self.0
    }

    fn begins_with(self, byte: u8) -> bool {
        self.0.as_bytes().first() == Some(&byte)
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.begins_with(b'n')
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.begins_with(b'{')
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.begins_with(b'[')
    }

    /// Whether it is a string.
    pub fn is_text(self) -> bool {
        self.begins_with(b'"')
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A string, its escapes resolved; half a surrogate pair becomes U+FFFD.
    pub fn as_text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inner.contains('\\') { Cow::Owned(unescape(inner).0) } else { Cow::Borrowed(inner) })
    }

    /// A number.
    pub fn as_number(self) -> Option<f64> {
        number(self.0)
    }

    /// A whole number, as exact as a double is.
    pub fn as_integer(self) -> Option<i64> {
        let number = self.as_number()?;
        let whole = number as i64;
        (whole as f64 == number).then_some(whole)
    }

    /// The members of an object in their order, none of anything else.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        let mut reader = Reader { text: self.0, at: usize::from(self.is_object()) };
        std::iter::from_fn(move || {
            let key = reader.item()?.as_text()?;
            reader.at += usize::from(reader.next() == Some(b':'));
            Some((key, reader.item()?))
        })
    }

    /// The items of an array in their order, none of anything else.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut reader = Reader { text: self.0, at: if self.is_array() { 1 } else { self.0.len() } };
        std::iter::from_fn(move || reader.item())
    }

    /// The member of an object with this key; the last one, as JavaScript has it.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        let mut found = None;
        for (known, value) in self.members() {
            if known == key {
                found = Some(value);
            }
        }
        found
    }

    /// The string under this key.
    pub(crate) fn text_of(self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key)?.as_text()
    }

    /// What kind of value it is, in words.
    pub(crate) fn kind(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b'n') => "null",
            Some(b't' | b'f') => "a boolean",
            _ => "a number",
        }
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Goes over a text. After the first `None` it stands where the text is no JSON.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space; it stays.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// The next value of a well-formed sequence, without the comma before it.
    fn item(&mut self) -> Option<Json<'a>> {
        let _ = self.take(b',');
        self.value(DEEPEST_READ)
    }

    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
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
        loop {
            self.at += 1;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            let digits = self.text.get(self.at + 1..self.at + 5)?;
                            digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
                        }
                        _ => return None,
                    }
                }
                0..0x20 => return None,
                _ => {}
            }
        }
        self.at += 1;
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

/// The text that a string's inside stands for, and whether it holds half a surrogate pair.
fn unescape(inner: &str) -> (String, bool) {
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

/// Checks a value for what the server would refuse (NUL characters) or change (integers beyond 2^53, as it keeps numbers
/// as doubles; half a surrogate pair).
///
/// # Errors
/// Names the place, e.g. `items[3].price`.
pub fn check(value: Json<'_>) -> Result<(), Invalid> {
    check_within(value, DEEPEST)
}

fn check_within(value: Json<'_>, depth: usize) -> Result<(), Invalid> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Invalid::new("", format!("is nested more than {DEEPEST} levels deep")));
    };
    let text = value.text();
    if value.is_object() {
        for (key, item) in value.members() {
            check_text(&key).and_then(|()| check_within(item, depth)).map_err(|invalid| invalid.under(&step(&key)))?;
        }
    } else if value.is_array() {
        for (index, item) in value.items().enumerate() {
            check_within(item, depth).map_err(|invalid| invalid.under(&format!("[{index}]")))?;
        }
    } else if value.is_text() {
        if text.contains('\\') {
            let (unescaped, halved) = unescape(text);
            if halved {
                let reason = "holds half a character (a lone surrogate), which the server would change";
                return Err(Invalid::new("", reason));
            }
            check_text(&unescaped)?;
        }
    } else if text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) && !fits(text.trim_start_matches('-')) {
        let reason = format!(
            "{text} is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send \
             it as a string"
        );
        return Err(Invalid::new("", reason));
    }
    Ok(())
}

/// Whether the digits of an integer are at most those of 2^53, up to which a double holds every integer.
fn fits(digits: &str) -> bool {
    const LARGEST: &str = "9007199254740992";
    digits.len() < LARGEST.len() || digits.len() == LARGEST.len() && digits <= LARGEST
}

/// Checks a text for NUL characters, which the server's database cannot hold.
pub(crate) fn check_text(text: &str) -> Result<(), Invalid> {
    if text.contains('\0') {
        return Err(Invalid::new("", "holds a NUL character, which the server cannot store; remove it"));
    }
    Ok(())
}

/// A key as a step of a path: `name` or `["two words"]`.
pub(crate) fn step(key: &str) -> String {
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
        && !key.starts_with(|first: char| first.is_ascii_digit());
    if is_name && !key.is_empty() { key.to_owned() } else { format!("[{}]", quote(key)) }
}

/// The text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    push_text(&mut quoted, text);
    quoted
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\0'..' ' => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Writes an object member by member, in the order of the calls.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_text(&mut self.0, key);
        self.0.push(':');
    }

    /// A member that is JSON already.
    pub(crate) fn json(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key);
        self.0.push_str(json);
        self
    }

    /// A string.
    pub(crate) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        self.key(key);
        push_text(&mut self.0, text);
        self
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &str, number: i64) -> &mut Self {
        self.json(key, &number.to_string())
    }

    pub(crate) fn finish(self) -> String {
        let Self(mut text) = self;
        text.push('}');
        text
    }
}

/// Writes an array item by item.
#[derive(Debug)]
pub(crate) struct Array(String);

impl Array {
    pub(crate) fn new() -> Self {
        Self("[".to_owned())
    }

    /// An item that is JSON already.
    pub(crate) fn json(&mut self, item: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(item);
    }

    pub(crate) fn finish(self) -> String {
        let Self(mut text) = self;
        text.push(']');
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_the_server_would_change_or_refuse_is_refused_with_its_place() {
        let told = |text: &str| check(Json::parse(text).unwrap()).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                told(r#"{"items": [1, {"price": 9007199254740993}]}"#),
                told(r#"{"n": -123456789012345678901234567890}"#),
                told(r#"{"a": {"b": "x\u0000y"}}"#),
                told(r#"{"a\u0000": 1}"#),
                told(r#"{"two words": ["\ud83d"]}"#),
            ]
            .join("\n"),
            @r#"
        items[1].price: 9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        n: -123456789012345678901234567890 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        a.b: holds a NUL character, which the server cannot store; remove it
        ["a\u0000"]: holds a NUL character, which the server cannot store; remove it
        ["two words"][0]: holds half a character (a lone surrogate), which the server would change
        "#
        );
        let fine = r#"{"n":9007199254740992,"m":-9007199254740992,"e":1e300,"f":1234567890123456789.5,"s":"\ud83d\ude00\\u0000"}"#;
        assert!(check(Json::parse(fine).unwrap()).is_ok());
    }

    #[test]
    fn deep_nesting_is_refused_without_a_deep_stack() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(check(Json::parse(&nested(101)).unwrap()).unwrap_err().reason.contains("100 levels"));
        assert!(check(Json::parse(&nested(99)).unwrap()).is_ok());
        assert!(Json::parse(&nested(DEEPEST_READ)).is_some());
        assert!(Json::parse(&nested(100_000)).is_none());
    }

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

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |number| serde_json::Number::from_f64(number).map(Value::Number)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// The value again, out of what the reader gives.
    fn rebuilt(json: Json<'_>) -> Value {
        if json.is_object() {
            Value::Object(json.members().map(|(key, value)| (key.into_owned(), rebuilt(value))).collect())
        } else if json.is_array() {
            json.items().map(rebuilt).collect()
        } else if let Some(text) = json.as_text() {
            Value::from(text.into_owned())
        } else {
            serde_json::from_str(json.text()).unwrap()
        }
    }

    proptest! {
        #[test]
        fn values_are_read_as_they_were_written(value in value()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(rebuilt(Json::parse(&text).unwrap()), serde_json::from_str::<Value>(&text).unwrap());
            }
        }

        #[test]
        fn what_is_json_is_what_others_take_for_json(text in r#"[\[\]{}:,"\\ue0-9.+\- ntrals]{0,24}"#) {
            prop_assert_eq!(Json::parse(&text).is_some(), serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn texts_are_written_and_read_back(text in any::<String>()) {
            let quoted = quote(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text.clone());
            prop_assert_eq!(Json::parse(&quoted).unwrap().as_text().unwrap(), text);
        }

        #[test]
        fn escapes_are_resolved_as_others_do(units in prop::collection::vec(any::<u16>(), 0..6)) {
            let quoted = format!("\"{}\"", units.iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>());
            prop_assert_eq!(Json::parse(&quoted).unwrap().as_text().unwrap(), String::from_utf16_lossy(&units));
        }
    }

    #[test]
    fn objects_and_arrays_are_written() {
        let mut object = Object::new();
        let mut list = Array::new();
        list.json("1");
        list.json("{}");
        object.text("a\"", "b\n").integer("n", -1).json("list", &list.finish());
        let written: Value = serde_json::from_str(&object.finish()).unwrap();
        assert_eq!(written, json!({"a\"": "b\n", "n": -1, "list": [1, {}]}));
        assert_eq!(Array::new().finish(), "[]");
    }

    #[test]
    fn of_two_members_with_one_key_the_last_counts() {
        assert_eq!(Json::parse(r#"{"a":1,"a":2}"#).unwrap().get("a").unwrap().text(), "2");
    }
}
