//! Numbers as Go's `float64` reads and writes them.

/// The shortest text that reads back as the same number, in Go's choice of notation, with the database's view that
/// there is no negative zero. `None` where the literal is beyond a `float64`.
pub(crate) fn canonical(literal: &str) -> Option<String> {
    let value: f64 = literal.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return Some("0".to_owned());
    }
    if (1e-6..1e21).contains(&magnitude) {
        return Some(format!("{value}"));
    }
    let text = format!("{value:e}");
    Some(if magnitude >= 1.0 { text.replacen('e', "e+", 1) } else { text })
}
