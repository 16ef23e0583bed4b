//! Building blocks of order-preserving byte keys.
//!
//! A key is compared with `memcmp`, so every part must end itself: of two different parts none may be a prefix of the
//! other. Numbers are written as length and digits, so numbers of any size compare rightly without being parsed.

/// Appends a number given as ASCII digits; leading zeros do not count. No digits at all means zero.
///
/// Zero is one byte, so that "no number" and "0" are the same and are below every other number.
pub fn number(digits: &[u8], out: &mut Vec<u8>) {
    let zeros = digits.iter().take_while(|d| **d == b'0').count();
    let digits = digits.get(zeros..).unwrap_or_default();
    // 0 to 254 digits in one byte; longer ones after 255, big-endian, so that longer still means larger.
    match u8::try_from(digits.len()) {
        Ok(length) if length < u8::MAX => out.push(length),
        _ => {
            out.push(u8::MAX);
            out.extend_from_slice(&(digits.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(digits);
}

/// Appends a text whose bytes are all above 1, ended by 1, so that a prefix is below what it begins.
pub fn text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(text);
    out.push(1);
}

/// Splits off the leading ASCII digits.
pub fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().take_while(|b| b.is_ascii_digit()).count();
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_order_whatever_their_size() {
        let key = |digits: &str| {
            let mut out = Vec::new();
            number(digits.as_bytes(), &mut out);
            out
        };
        assert_eq!(key(""), key("000"));
        assert_eq!(key("007"), key("7"));
        let long = "1".repeat(254);
        let longer = "1".repeat(255);
        let longest = "2".repeat(300);
        for pair in ["0", "1", "9", "10", "99", "100", &long, &longer, &longest].windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{} < {}", pair[0].len(), pair[1].len());
        }
    }
}
