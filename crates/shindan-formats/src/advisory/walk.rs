//! Small steps through a JSON document that may be anything: absent and mistyped fields are `None`, never a panic.

use serde_json::Value;

/// The string at `key`, without blanks around it; `None` if absent, blank or no string.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The string at `key` as written; `None` if absent, blank or no string.
pub(super) fn raw<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The items of the array at `key`; none if it is absent or no array.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The strings of the array at `key`.
pub(super) fn texts<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    items(value, key).filter_map(Value::as_str)
}

/// A score such as `9.8` × 10, read from its text: no floating point.
pub(super) fn tenths(value: Option<&Value>) -> Option<u8> {
    let text = match value? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let tenth = fraction.chars().next()?.to_digit(10)?;
    let score = whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)?;
    u8::try_from(score).ok().filter(|score| *score <= 100)
}
