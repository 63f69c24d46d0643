//! Go's `time.Parse` for RFC 3339 and for a date alone, with its error texts.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::quote::quote_bytes;

const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
const DATE: &str = "2006-01-02";

/// A time as it was written: the clock on the wall and how far that clock is from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant {
    /// Date and time as written, the offset not applied.
    pub(crate) wall: NaiveDateTime,
    /// Seconds east of UTC.
    pub(crate) offset: i32,
}

impl Instant {
    /// Go's zero time, 0001-01-01T00:00:00Z, which stands for "none".
    pub(crate) fn zero() -> Self {
        let wall = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
        Self { wall, offset: 0 }
    }

    /// The same instant in UTC.
    pub(crate) fn utc(&self) -> NaiveDateTime {
        self.wall - TimeDelta::seconds(i64::from(self.offset))
    }

    /// Whether it is the zero time, in whichever zone it was written.
    pub(crate) fn is_zero(&self) -> bool {
        self.utc() == Self::zero().wall
    }
}

/// `Time.UnmarshalJSON` for a literal that is a string: `raw` is what stands between the quotes, not unescaped.
pub(crate) fn parse_rfc3339(raw: &[u8]) -> Result<Instant, String> {
    let mut parser = Parser { layout: RFC3339, input: raw, rest: raw };
    let date = parser.date()?;
    parser.literal(b"T", "T")?;
    let hour = parser.number("15", false, 0..=23, "hour")?;
    parser.literal(b":", ":")?;
    let minute = parser.number("04", true, 0..=59, "minute")?;
    parser.literal(b":", ":")?;
    let second = parser.number("05", true, 0..=59, "second")?;
    let nanos = parser.fraction();
    let offset = parser.zone()?;
    parser.end()?;
    let date = parser.valid(date)?;
    let wall =
        date.and_hms_nano_opt(hour, minute, second, nanos).ok_or_else(|| parser.message("second out of range"))?;
    Ok(Instant { wall, offset })
}

/// `time.Parse("2006-01-02", …)`.
pub(crate) fn parse_date(raw: &[u8]) -> Result<Instant, String> {
    let mut parser = Parser { layout: DATE, input: raw, rest: raw };
    let date = parser.date()?;
    parser.end()?;
    Ok(Instant { wall: parser.valid(date)?.and_time(NaiveTime::MIN), offset: 0 })
}

struct Parser<'a> {
    layout: &'static str,
    input: &'a [u8],
    rest: &'a [u8],
}

impl Parser<'_> {
    fn date(&mut self) -> Result<(i32, u32, u32), String> {
        let year = self.rest.get(..4).filter(|digits| digits.iter().all(u8::is_ascii_digit));
        let year = year.map(|digits| digits.iter().fold(0, |year, &digit| year * 10 + i32::from(digit - b'0')));
        let year = year.ok_or_else(|| self.mismatch(self.rest, "2006"))?;
        self.advance(4);
        self.literal(b"-", "-")?;
        let month = self.number("01", true, 1..=12, "month")?;
        self.literal(b"-", "-")?;
        // The day is checked last, when the whole text has been read.
        let day = self.number("02", true, 0..=99, "day")?;
        Ok((year, month, day))
    }

    fn valid(&self, (year, month, day): (i32, u32, u32)) -> Result<NaiveDate, String> {
        NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| self.message("day out of range"))
    }

    fn literal(&mut self, literal: &[u8], element: &str) -> Result<(), String> {
        if !self.rest.starts_with(literal) {
            return Err(self.mismatch(self.rest, element));
        }
        self.advance(literal.len());
        Ok(())
    }

    /// One or two digits; exactly two where the element is `fixed`.
    fn number(
        &mut self,
        element: &str,
        fixed: bool,
        range: std::ops::RangeInclusive<u32>,
        name: &str,
    ) -> Result<u32, String> {
        let digit =
            |at: usize| self.rest.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'));
        let (value, length) = match (digit(0), digit(1)) {
            (Some(tens), Some(ones)) => (tens * 10 + ones, 2),
            (Some(ones), None) if !fixed => (ones, 1),
            _ => return Err(self.mismatch(self.rest, element)),
        };
        self.advance(length);
        if !range.contains(&value) {
            return Err(self.message(&format!("{name} out of range")));
        }
        Ok(value)
    }

    /// A point or comma and digits, cut to nanoseconds; 0 where there is none.
    fn fraction(&mut self) -> u32 {
        let [b'.' | b',', digits @ ..] = self.rest else { return 0 };
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return 0;
        }
        let padded = digits.iter().take(length).chain(std::iter::repeat(&b'0')).take(9);
        let nanos = padded.fold(0, |nanos, &digit| nanos * 10 + u32::from(digit - b'0'));
        self.advance(1 + length);
        nanos
    }

    fn zone(&mut self) -> Result<i32, String> {
        if self.rest.first() == Some(&b'Z') {
            self.advance(1);
            return Ok(0);
        }
        let held = self.rest;
        let [sign, h1, h2, b':', m1, m2, ..] = *held else { return Err(self.mismatch(held, "Z07:00")) };
        self.advance(6);
        let two = |tens: u8, ones: u8| {
            (tens.is_ascii_digit() && ones.is_ascii_digit())
                .then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
        };
        let hours = two(h1, h2);
        let minutes = hours.and_then(|_| two(m1, m2));
        // Where both are out of range, Go names the one it looked at last.
        if minutes.is_some_and(|minutes| minutes > 60) {
            return Err(self.message("time zone offset minute out of range"));
        }
        if hours.is_some_and(|hours| hours > 24) {
            return Err(self.message("time zone offset hour out of range"));
        }
        match (sign, hours, minutes) {
            (b'+', Some(hours), Some(minutes)) => Ok((hours * 60 + minutes) * 60),
            (b'-', Some(hours), Some(minutes)) => Ok(-(hours * 60 + minutes) * 60),
            _ => Err(self.mismatch(held, "Z07:00")),
        }
    }

    fn end(&self) -> Result<(), String> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.message(&format!("extra text: {}", quote_bytes(self.rest))))
        }
    }

    fn advance(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn mismatch(&self, found: &[u8], element: &str) -> String {
        let (input, found) = (quote_bytes(self.input), quote_bytes(found));
        format!("parsing time {input} as \"{}\": cannot parse {found} as \"{element}\"", self.layout)
    }

    fn message(&self, message: &str) -> String {
        format!("parsing time {}: {message}", quote_bytes(self.input))
    }
}
