//! `encoding/json` into typed values, through echo's binder: what it takes, what it overlooks, and its refusals.
//!
//! A type error does not stop the decoding: the first one is kept and told at the end, unless a time or an id is
//! malformed, which is told at once. Unknown fields are ignored, field names match in any case, a repeated field
//! overwrites a scalar and is merged into an object, and null leaves a scalar as it was.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::number::canonical;
use super::object::{Object, write_object, write_string};
use super::scan::{ScanError, scan};
use super::text::unescape;
use super::time::{Instant, parse_rfc3339};
use super::uuid::parse as parse_uuid;

/// Deeper bodies are decoded on a thread with a stack to match.
const DEEP: usize = 200;
const DEEP_STACK: usize = 64 << 20;

/// Reads the first JSON value of `body` with `read`, and refuses it in echo's words.
pub(crate) fn decode<T: Default + Send>(
    body: &[u8],
    read: impl FnOnce(&mut Decoder<'_>, &mut T) -> Result<(), String> + Send,
) -> Result<T, String> {
    let scanned = scan(body).map_err(|error| match error {
        ScanError::Eof => "EOF".to_owned(),
        ScanError::UnexpectedEof => "unexpected EOF".to_owned(),
        ScanError::Syntax { offset, message } => format!("Syntax error: offset={offset}, error={message}"),
    })?;
    let data = body.get(..scanned.end).unwrap_or_default();
    let run = move || {
        let mut decoder = Decoder { data, at: scanned.start, fields: Vec::new(), saved: None };
        let mut value = T::default();
        read(&mut decoder, &mut value)?;
        decoder.saved.map_or(Ok(value), Err)
    };
    if scanned.depth <= DEEP {
        return run();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(DEEP_STACK).spawn_scoped(scope, run);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err("exceeded max depth".to_owned()))
    })
}

/// Reads values one after the other from text that the scanner has passed.
pub(crate) struct Decoder<'a> {
    data: &'a [u8],
    at: usize,
    fields: Vec<&'static str>,
    saved: Option<String>,
}

impl<'a> Decoder<'a> {
    /// A struct: `read` is called with the index in `names` of each field found. Null leaves it alone.
    pub(crate) fn structure(
        &mut self,
        type_name: &str,
        names: &[&'static str],
        mut read: impl FnMut(&mut Self, usize) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.null() || !self.expect(b'{', type_name) {
            return Ok(());
        }
        self.members(|decoder, key| {
            let exact = names.iter().position(|name| *name == key);
            let folded = || names.iter().position(|name| fold(name) == fold(&key));
            let Some((index, name)) = exact.or_else(folded).and_then(|index| Some((index, *names.get(index)?))) else {
                decoder.skip();
                return Ok(());
            };
            decoder.fields.push(name);
            read(decoder, index)?;
            decoder.fields.pop();
            Ok(())
        })
    }

    /// A pointer: null makes it nil, anything else is read into what it points to.
    pub(crate) fn pointer<T: Default>(
        &mut self,
        target: &mut Option<T>,
        read: impl FnOnce(&mut Self, &mut T) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.null() {
            *target = None;
            return Ok(());
        }
        read(self, target.get_or_insert_default())
    }

    /// A slice: elements already there are read over, as Go does when a field is repeated.
    pub(crate) fn slice<T: Default>(
        &mut self,
        type_name: &str,
        target: &mut Vec<T>,
        mut read: impl FnMut(&mut Self, &mut T) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.null() {
            target.clear();
            return Ok(());
        }
        if !self.expect(b'[', type_name) {
            return Ok(());
        }
        let mut count = 0;
        while self.more(b']') {
            if count == target.len() {
                target.push(T::default());
            }
            if let Some(element) = target.get_mut(count) {
                read(self, element)?;
            }
            count += 1;
        }
        target.truncate(count);
        Ok(())
    }

    /// `map[string]interface{}`: null makes it nil, a repeated field adds to it.
    pub(crate) fn object(&mut self, target: &mut Option<Object>) -> Result<(), String> {
        if self.null() {
            *target = None;
            return Ok(());
        }
        if !self.expect(b'{', "map[string]interface {}") {
            return Ok(());
        }
        let object = target.get_or_insert_default();
        self.members(|decoder, key| {
            object.has_nul |= key.contains('\0');
            let value = decoder.any(&mut object.has_nul);
            object.members.insert(key, value);
            Ok(())
        })
    }

    /// `json.RawMessage`: the text of any value.
    pub(crate) fn raw(&mut self) -> String {
        let start = self.at;
        self.skip();
        String::from_utf8_lossy(self.data.get(start..self.at).unwrap_or_default()).into_owned()
    }

    /// `int32`.
    pub(crate) fn int32(&mut self, target: &mut i32) -> Result<(), String> {
        if let Some(literal) = self.literal("int32") {
            let text = String::from_utf8_lossy(literal);
            match text.parse() {
                _ if literal.first() == Some(&b'"') => self.type_error("int32", "string", self.at),
                Ok(value) => *target = value,
                Err(_) => self.type_error("int32", &format!("number {text}"), self.at),
            }
        }
        Ok(())
    }

    /// `string`.
    pub(crate) fn string(&mut self, target: &mut String) -> Result<(), String> {
        if let Some(literal) = self.literal("string") {
            match inside_quotes(literal) {
                Some(inside) => *target = unescape(inside),
                None => self.type_error("string", "number", self.at),
            }
        }
        Ok(())
    }

    /// `time.Time`: a malformed one ends the decoding.
    pub(crate) fn time(&mut self, target: &mut Instant) -> Result<(), String> {
        if self.null() {
            return Ok(());
        }
        let start = self.at;
        self.skip();
        match inside_quotes(self.data.get(start..self.at).unwrap_or_default()) {
            Some(raw) => *target = parse_rfc3339(raw)?,
            None => return Err("Time.UnmarshalJSON: input is not a JSON string".to_owned()),
        }
        Ok(())
    }

    /// `uuid.UUID` behind the type that an error is to name: a malformed one ends the decoding.
    pub(crate) fn uuid(&mut self, type_name: &str, target: &mut Uuid) -> Result<(), String> {
        let Some(literal) = self.literal(type_name) else { return Ok(()) };
        match inside_quotes(literal) {
            Some(inside) => *target = parse_uuid(&unescape(inside))?,
            None => self.type_error(type_name, "number", self.at),
        }
        Ok(())
    }

    /// Reads a literal: a string or a number. Null is passed over; any other kind is kept as a type error.
    fn literal(&mut self, type_name: &str) -> Option<&'a [u8]> {
        if self.null() {
            return None;
        }
        let (start, kind) = (self.at, self.here());
        self.skip();
        match kind {
            b'{' => self.type_error(type_name, "object", start + 1),
            b'[' => self.type_error(type_name, "array", start + 1),
            b't' | b'f' => self.type_error(type_name, "bool", self.at),
            _ => return self.data.get(start..self.at),
        }
        None
    }

    /// Steps into an array or object; anything else is passed over and kept as a type error.
    fn expect(&mut self, open: u8, type_name: &str) -> bool {
        let (start, found) = (self.at, self.here());
        if found == open {
            self.at += 1;
            return true;
        }
        self.skip();
        match found {
            b'{' => self.type_error(type_name, "object", start + 1),
            b'[' => self.type_error(type_name, "array", start + 1),
            b'"' => self.type_error(type_name, "string", self.at),
            b't' | b'f' => self.type_error(type_name, "bool", self.at),
            _ => self.type_error(type_name, "number", self.at),
        }
        false
    }

    /// Any value as canonical JSON text.
    fn any(&mut self, has_nul: &mut bool) -> String {
        match self.here() {
            b'{' => {
                self.at += 1;
                let mut members = BTreeMap::new();
                while self.more(b'}') {
                    let key = self.key();
                    *has_nul |= key.contains('\0');
                    let value = self.any(has_nul);
                    members.insert(key, value);
                }
                write_object(&members)
            }
            b'[' => {
                self.at += 1;
                let mut out = String::from("[");
                while self.more(b']') {
                    if out.len() > 1 {
                        out.push(',');
                    }
                    out.push_str(&self.any(has_nul));
                }
                out.push(']');
                out
            }
            _ => self.scalar(has_nul),
        }
    }

    fn scalar(&mut self, has_nul: &mut bool) -> String {
        let start = self.at;
        self.skip();
        let literal = self.data.get(start..self.at).unwrap_or_default();
        if let Some(inside) = inside_quotes(literal) {
            let text = unescape(inside);
            *has_nul |= text.contains('\0');
            return write_string(&text);
        }
        let text = String::from_utf8_lossy(literal);
        if text.starts_with(['t', 'f', 'n']) {
            return text.into_owned();
        }
        canonical(&text).unwrap_or_else(|| {
            self.type_error("float64", &format!("number {text}"), self.at + 1);
            "null".to_owned()
        })
    }

    fn members(&mut self, mut read: impl FnMut(&mut Self, String) -> Result<(), String>) -> Result<(), String> {
        while self.more(b'}') {
            let key = self.key();
            read(self, key)?;
        }
        Ok(())
    }

    fn key(&mut self) -> String {
        let start = self.at;
        self.skip();
        let key = inside_quotes(self.data.get(start..self.at).unwrap_or_default()).map(unescape).unwrap_or_default();
        self.skip_past(b':');
        key
    }

    /// Moves to the next element, past a comma; or past the closing bracket, and then there is none.
    fn more(&mut self, close: u8) -> bool {
        self.skip_past(b',');
        if self.here() == close {
            self.at += 1;
            return false;
        }
        self.at < self.data.len()
    }

    fn null(&mut self) -> bool {
        let null = self.here() == b'n';
        if null {
            self.at += 4;
        }
        null
    }

    /// Moves past the value that starts here.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.here() {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => self.at += 1,
                _ => self.at += self.rest().iter().take_while(|byte| is_word(**byte)).count().max(1),
            }
            if depth == 0 || self.at >= self.data.len() {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            match self.here() {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
            if self.at >= self.data.len() {
                return;
            }
        }
    }

    fn skip_past(&mut self, separator: u8) {
        self.skip_space();
        if self.here() == separator {
            self.at += 1;
            self.skip_space();
        }
    }

    fn skip_space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    fn here(&self) -> u8 {
        self.rest().first().copied().unwrap_or_default()
    }

    fn type_error(&mut self, expected: &str, got: &str, offset: usize) {
        if self.saved.is_none() {
            let field = self.fields.join(".");
            self.saved =
                Some(format!("Unmarshal type error: expected={expected}, got={got}, field={field}, offset={offset}"));
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

fn inside_quotes(literal: &[u8]) -> Option<&[u8]> {
    literal.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// Go's case folding of a field name. Of the characters beyond ASCII only these two fold into it.
fn fold(name: &str) -> String {
    let folded = name.chars().map(|c| match c {
        'ſ' => 'S',
        '\u{212a}' => 'K',
        _ => c.to_ascii_uppercase(),
    });
    folded.collect()
}
