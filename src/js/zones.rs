//! The rules of time zones, as the JavaScript runtime's `Intl` knows them.

use std::cell::RefCell;

use chrono::{DateTime, Datelike, Timelike, Utc};
use wasm_bindgen::prelude::*;

use crate::time::{UnknownZone, Zones};

/// More zones than a program is likely to use at a time; a formatter weighs some 45 KB.
const KEPT_FORMATTERS: usize = 64;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    // The constructor of js-sys does not catch, and an unknown zone makes it throw.
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &js_sys::Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, epoch_millis: f64) -> Result<String, JsValue>;
}

/// The zones of `Intl.DateTimeFormat`, one formatter each, made when first asked for.
#[derive(Default)]
pub(super) struct IntlZones {
    formatters: RefCell<Vec<(String, DateTimeFormat)>>,
}

impl Zones for IntlZones {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        let mut formatters = self.formatters.borrow_mut();
        let known = formatters.iter().position(|(name, _)| name == zone);
        let known = match known {
            Some(known) => known,
            None => {
                let formatter = formatter(zone).map_err(|_| UnknownZone)?;
                if formatters.len() == KEPT_FORMATTERS {
                    formatters.clear();
                }
                formatters.push((zone.to_owned(), formatter));
                formatters.len() - 1
            }
        };
        let (_, formatter) = formatters.get(known).ok_or(UnknownZone)?;
        let shown = formatter.format(at.timestamp_millis() as f64).map_err(|_| UnknownZone)?;
        offset(&shown, at).ok_or(UnknownZone)
    }
}

/// Shows day of the month, hour, minute and second in a zone. A formatter takes some 0.1 ms to make and 2 µs to use.
fn formatter(zone: &str) -> Result<DateTimeFormat, JsValue> {
    let options = js_sys::Object::new();
    for (name, value) in [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ] {
        js_sys::Reflect::set(&options, &name.into(), &value.into())?;
    }
    DateTimeFormat::new("en-US", &options)
}

/// Seconds east of UTC of a clock that shows `31, 23:15:30` at the instant `at`. No clock is a whole day from UTC, so the
/// days of the month tell yesterday from tomorrow without year and month.
fn offset(shown: &str, at: DateTime<Utc>) -> Option<i32> {
    let mut numbers = shown.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut next = || numbers.next()?.parse::<u32>().ok();
    let (day, hour, minute, second) = (next()?, next()?, next()?, next()?);
    let days = match day.cast_signed() - at.day().cast_signed() {
        days @ -1..=1 => days,
        days => -days.signum(),
    };
    let clock = (hour % 24 * 3600 + minute * 60 + second).cast_signed();
    Some(days * 86_400 + clock - at.num_seconds_from_midnight().cast_signed())
}
