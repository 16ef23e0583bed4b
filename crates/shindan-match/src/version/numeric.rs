//! Lists of numbers: CRAN and Hackage.
//!
//! Source: "Writing R Extensions", section 1.1.1 (`Version`), R's `numeric_version`; the Haskell Package Versioning
//! Policy. In both a list is above what it begins: `1.0` < `1.0.0`.

use super::key::{number, split_digits};

const END: u8 = 0;
const NUMBER: u8 = 1;

/// The separators of CRAN; `1.0-2` is `1.0.2`.
pub const CRAN: &[u8] = b".-";

/// The separator of Hackage.
pub const HACKAGE: &[u8] = b".";

/// Appends the key of `text`, numbers between any of `separators`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, separators: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = text.trim_ascii().as_bytes();
    loop {
        let (digits, after) = split_digits(rest);
        if digits.is_empty() {
            return Err("a number is missing");
        }
        out.push(NUMBER);
        number(digits, out);
        match after {
            [] => {
                out.push(END);
                return Ok(());
            }
            [separator, next @ ..] if separators.contains(separator) => rest = next,
            _ => return Err("not a list of numbers"),
        }
    }
}
