//! Codes that a person types once: invitations and recovery codes. 120 random bits, which no guessing finds, so that a plain hash keeps
//! them (NIST SP 800-63B-4 section 3.1.2.2 asks for 112).

use shindan_domain::ledger::Hash;
use unicode_normalization::UnicodeNormalization;

use super::super::{RecordsError, random};

/// Crockford's digits: nothing that is taken for something else.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters between hyphens.
const GROUP: usize = 4;

/// A new code: `4K7P-…`, six groups of four.
pub(super) fn new() -> Result<String, RecordsError> {
    let bytes: [u8; 15] = random::bytes()?;
    let digits = digits(&bytes, DIGITS);
    let groups: Vec<&str> =
        digits.as_bytes().chunks(GROUP).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Ok(groups.join("-"))
}

/// The hash that is kept of a code, however it is typed: small letters, full width, without hyphens, O for 0, I and L for 1.
pub(super) fn digest(typed: &str) -> Hash {
    let plain: String = typed
        .nfkc()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|letter| match letter {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(64)
        .collect();
    Hash::of(plain.as_bytes())
}

/// Bytes as digits of five bits each, RFC 4648 order.
pub(super) fn digits(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u16, 0_u8);
    let digit = |value: u16| alphabet.get(usize::from(value & 31)).copied().map_or('0', char::from);
    for byte in bytes {
        held = held << 8 | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(digit(held >> bits));
            held &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        text.push(digit(held << (5 - bits)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = new().unwrap();
        assert_eq!(code.len(), 29);
        assert_ne!(code, new().unwrap());
        let kept = digest(&code);
        assert_eq!(digest(&code.to_lowercase().replace('-', " ")), kept);
        assert_eq!(digest("01AB-1"), digest("ｏｌａｂＩ"));
        assert_ne!(digest("01AB-1"), digest("01AB-2"));
    }

    #[test]
    fn five_bits_are_one_digit() {
        // RFC 4648 section 10.
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(digits(bytes.as_bytes(), alphabet), text);
        }
    }
}
