//! Probabilities as decimal text, compared without floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Digits after the point that are kept.
const DIGITS: usize = 18;
const ONE: u64 = 1_000_000_000_000_000_000;

/// A probability from 0 to 1, exact to 18 digits after the point.
///
/// Further digits are dropped. That never changes whether a value reaches a threshold of at most 18 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Probability(u64);

/// Not a probability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a probability: a plain decimal number from 0 to 1 such as 0.1 is expected")]
pub struct ProbabilityError(pub String);

impl FromStr for Probability {
    type Err = ProbabilityError;

    /// Reads `0`, `1`, `0.1`, `1.000`, `.5`; no sign, no exponent, no blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ProbabilityError(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return Err(error());
        }
        let mut value: u64 = match whole.trim_start_matches('0') {
            "" => 0,
            "1" => ONE,
            _ => return Err(error()),
        };
        let mut unit = ONE;
        for byte in fraction.bytes().take(DIGITS) {
            unit /= 10;
            value += u64::from(byte - b'0') * unit;
        }
        let beyond_one = value == ONE && fraction.bytes().skip(DIGITS).any(|byte| byte != b'0');
        if value > ONE || beyond_one { Err(error()) } else { Ok(Probability(value)) }
    }
}

impl TryFrom<String> for Probability {
    type Error = ProbabilityError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Probability> for String {
    fn from(probability: Probability) -> Self {
        probability.to_string()
    }
}

impl fmt::Display for Probability {
    /// Plain decimal text without trailing zeros: `0.1`, `1`, `0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / ONE, self.0 % ONE);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{fraction:018}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_plain_decimals_only() {
        for (text, shown) in [
            ("0", "0"),
            ("1", "1"),
            ("1.000", "1"),
            ("0.97567", "0.97567"),
            (".5", "0.5"),
            ("00.10", "0.1"),
            ("0.", "0"),
        ] {
            assert_eq!(text.parse::<Probability>().expect(text).to_string(), shown);
        }
        for text in [
            "",
            ".",
            "-0.1",
            "+0.1",
            "1.1",
            "2",
            "5e-05",
            " 0.1",
            "0,1",
            "1.0000000000000000001",
            "nan",
            "0.1.1",
        ] {
            assert_eq!(text.parse::<Probability>(), Err(ProbabilityError(text.to_owned())));
        }
    }

    #[test]
    fn a_threshold_is_reached_exactly() {
        let threshold: Probability = "0.1".parse().expect("threshold");
        let at = |text: &str| text.parse::<Probability>().expect("value") >= threshold;
        assert!(at("0.1") && at("0.10000") && at("0.1000000000000000000000001"));
        assert!(!at("0.09999999999999999999999") && !at("0.00005"));
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9.eE+ -]{0,40}") {
            let _ = text.parse::<Probability>();
        }

        #[test]
        fn text_form_round_trips(value in 0u64..=ONE) {
            let probability = Probability(value);
            prop_assert_eq!(probability.to_string().parse::<Probability>(), Ok(probability));
        }
    }
}
