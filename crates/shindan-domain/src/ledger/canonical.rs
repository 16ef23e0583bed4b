//! The one form in which entries are written: RFC 8785 (JSON Canonicalization Scheme), integers only.

use serde::Serialize;
use serde_json::Value;

/// A value that cannot be written in an entry.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// Floating point: scores are integers × 10, probabilities decimal text.
    #[error("the number {0} is not an integer")]
    Float(String),
    /// An integer that RFC 8785 (I-JSON, RFC 7493) cannot carry exactly.
    #[error("the number {0} is larger than 2^53 - 1")]
    TooLarge(String),
    /// The value has no JSON form.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// Writes `value` in RFC 8785 form.
///
/// # Errors
/// [`NotCanonical`] if it has a fraction or an integer beyond 2^53 - 1 anywhere, or is no JSON.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let value = serde_json::to_value(value)?;
    only_integers(&value)?;
    Ok(serde_json_canonicalizer::to_vec(&value)?)
}

/// Refuses what RFC 8785 would have to round.
fn only_integers(value: &Value) -> Result<(), NotCanonical> {
    const LARGEST: u64 = (1 << 53) - 1;
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(n), _) if n <= LARGEST => Ok(()),
            (None, Some(n)) if n.unsigned_abs() <= LARGEST => Ok(()),
            (None, None) => Err(NotCanonical::Float(number.to_string())),
            _ => Err(NotCanonical::TooLarge(number.to_string())),
        },
        Value::Array(items) => items.iter().try_for_each(only_integers),
        Value::Object(fields) => fields.values().try_for_each(only_integers),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_by_utf16_and_nothing_is_rounded() {
        // The example of RFC 8785 section 3.2.3: order of UTF-16 code units, in which U+1F600 precedes U+FB33.
        let value =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        let expected =
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(text, expected);
        assert!(canonical(&json!({"score": 7.5})).is_err());
        assert!(canonical(&json!([9_007_199_254_740_992_u64])).is_err());
        assert!(canonical(&json!(9_007_199_254_740_991_u64)).is_ok());
        assert!(canonical(&json!(-9_007_199_254_740_992_i64)).is_err());
    }
}
