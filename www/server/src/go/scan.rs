//! Whether the bytes start with a JSON value, in the words of Go's `encoding/json` scanner.

use super::quote::quote_byte;

/// Arrays and objects may be nested this deep.
const MAX_DEPTH: usize = 10_000;

/// Why there is no JSON value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    /// Nothing but white space.
    Eof,
    /// The bytes end within a value.
    UnexpectedEof,
    /// A byte that cannot stand where it stands; `offset` counts it in.
    Syntax { offset: usize, message: String },
}

/// Where the first value starts and ends, and how deep it is nested. What follows the value is not looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) depth: usize,
}

/// Scans the first value of `data`.
pub(crate) fn scan(data: &[u8]) -> Result<Scanned, ScanError> {
    let mut scanner = Scanner { data, at: 0, open: Vec::new(), depth: 0 };
    scanner.skip_space();
    let start = scanner.at;
    if start == data.len() {
        return Err(ScanError::Eof);
    }
    scanner.run()?;
    Ok(Scanned { start, end: scanner.at, depth: scanner.depth })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Object,
}

struct Scanner<'a> {
    data: &'a [u8],
    at: usize,
    open: Vec<Open>,
    depth: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), ScanError> {
        loop {
            self.begin_value()?;
            // A value is complete: close what ends with it, up to the next value or the end.
            loop {
                let Some(&open) = self.open.last() else { return Ok(()) };
                self.skip_space();
                match (open, self.peek()?) {
                    (Open::Array, b',') => {
                        self.at += 1;
                        self.skip_space();
                        break;
                    }
                    (Open::Array, b']') | (Open::Object, b'}') => {
                        self.at += 1;
                        self.open.pop();
                    }
                    (Open::Array, _) => return Err(self.refuse("after array element")),
                    (Open::Object, b',') => {
                        self.at += 1;
                        self.skip_space();
                        self.key()?;
                        break;
                    }
                    (Open::Object, _) => return Err(self.refuse("after object key:value pair")),
                }
            }
        }
    }

    /// Reads a scalar, or the opening of arrays and objects down to the first scalar or empty one.
    fn begin_value(&mut self) -> Result<(), ScanError> {
        loop {
            self.skip_space();
            match self.peek()? {
                b'{' => {
                    self.push(Open::Object)?;
                    self.skip_space();
                    if self.peek()? == b'}' {
                        return Ok(());
                    }
                    self.key()?;
                }
                b'[' => {
                    self.push(Open::Array)?;
                    self.skip_space();
                    if self.peek()? == b']' {
                        return Ok(());
                    }
                }
                b'"' => return self.string(),
                b't' => return self.word("true"),
                b'f' => return self.word("false"),
                b'n' => return self.word("null"),
                b'-' | b'0'..=b'9' => return self.number(),
                _ => return Err(self.refuse("looking for beginning of value")),
            }
        }
    }

    fn push(&mut self, open: Open) -> Result<(), ScanError> {
        self.open.push(open);
        self.depth = self.depth.max(self.open.len());
        if self.open.len() > MAX_DEPTH {
            return Err(self.refuse("exceeded max depth"));
        }
        self.at += 1;
        Ok(())
    }

    fn key(&mut self) -> Result<(), ScanError> {
        if self.peek()? != b'"' {
            return Err(self.refuse("looking for beginning of object key string"));
        }
        self.string()?;
        self.skip_space();
        if self.peek()? != b':' {
            return Err(self.refuse("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), ScanError> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.at += 1,
                        b'u' => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek()?.is_ascii_hexdigit() {
                                    return Err(self.refuse("in \\u hexadecimal character escape"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.refuse("in string escape code")),
                    }
                }
                0..0x20 => return Err(self.refuse("in string literal")),
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<(), ScanError> {
        for expected in word.bytes() {
            if self.peek()? != expected {
                return Err(self.refuse(&format!("in literal {word} (expecting '{}')", char::from(expected))));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), ScanError> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return Err(self.refuse("in numeric literal")),
        }
        if self.here() == Some(b'.') {
            self.at += 1;
            if !self.peek()?.is_ascii_digit() {
                return Err(self.refuse("after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.here(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek()?, b'+' | b'-') {
                self.at += 1;
            }
            if !self.peek()?.is_ascii_digit() {
                return Err(self.refuse("in exponent of numeric literal"));
            }
            self.digits();
        }
        Ok(())
    }

    fn digits(&mut self) {
        while self.here().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.here(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn here(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn peek(&self) -> Result<u8, ScanError> {
        self.here().ok_or(ScanError::UnexpectedEof)
    }

    fn refuse(&self, context: &str) -> ScanError {
        let byte = self.here().unwrap_or_default();
        let message = format!("invalid character {} {context}", quote_byte(byte));
        ScanError::Syntax { offset: self.at + 1, message }
    }
}
