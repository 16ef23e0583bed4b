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
    match order(&value)? {
        Order::Canonical => Ok(serde_json::to_vec(&value)?),
        Order::Other => Ok(serde_json_canonicalizer::to_vec(&value)?),
    }
}

/// Whether plain JSON of a value is in RFC 8785 form: then only the order of keys is left to look at, because integers and
/// the escapes of `serde_json` are those of RFC 8785 (sections 3.2.2.2 and 3.2.2.3; a test holds both writers together).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Keys come in the order of their UTF-16 code units.
    Canonical,
    /// They do not, or it takes a closer look.
    Other,
}

/// Refuses what RFC 8785 would have to round, and looks at the order of keys.
pub(super) fn order(value: &Value) -> Result<Order, NotCanonical> {
    const LARGEST: u64 = (1 << 53) - 1;
    let mut found = Order::Canonical;
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(n), _) if n <= LARGEST => {}
            (None, Some(n)) if n.unsigned_abs() <= LARGEST => {}
            (None, None) => return Err(NotCanonical::Float(number.to_string())),
            _ => return Err(NotCanonical::TooLarge(number.to_string())),
        },
        Value::Array(items) => {
            for item in items {
                found = found.and(order(item)?);
            }
        }
        Value::Object(fields) => {
            let mut before: Option<&str> = None;
            for (key, value) in fields {
                // Bytes of ASCII are in the order of UTF-16 code units.
                if !key.is_ascii() || before.is_some_and(|before| before >= key.as_str()) {
                    found = Order::Other;
                }
                before = Some(key);
                found = found.and(order(value)?);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
    Ok(found)
}

impl Order {
    fn and(self, other: Order) -> Order {
        if self == Order::Canonical { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
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

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
            any::<String>().prop_map(Value::String),
            "[\\u{0}-\\u{ff}]{0,8}".prop_map(Value::String),
        ];
        let key = prop_oneof!["[a-z]{1,4}", any::<String>()];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(key.clone(), inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_writers_say_the_same(value in any_value()) {
            let expected = serde_json_canonicalizer::to_vec(&value).unwrap();
            prop_assert_eq!(canonical(&value).unwrap(), expected);
        }
    }
}
