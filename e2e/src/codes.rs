//! The codes that an authenticator app shows: RFC 6238 with SHA-1, 30 seconds, six digits. Written here from the standards, and not
//! taken from the program, so that the two have to agree.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Outcome;

/// Seconds for which an app shows a code.
const PERIOD: u64 = 30;

/// The code of the present time, or of so many steps of 30 seconds later: each counts once.
///
/// # Errors
/// A secret that is no base 32.
pub fn code(secret: &str, later: u64) -> Outcome<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    let key = base32(secret)?;
    Ok(at(&key, now.as_secs() / PERIOD + later, 6))
}

/// RFC 4226, section 5.3.
fn at(key: &[u8], step: u64, digits: u32) -> String {
    let hash = hmac(key, &step.to_be_bytes());
    let offset = usize::from(hash[19] & 0xf);
    let four = [hash[offset], hash[offset + 1], hash[offset + 2], hash[offset + 3]];
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
    format!("{number:0width$}", width = digits as usize)
}

/// RFC 4648, section 6; spaces are left out.
fn base32(text: &str) -> Outcome<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return Err(format!("\"{text}\" is no base 32")),
        };
        bits = (bits << 5) | u32::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Ok(bytes)
}

/// RFC 2104, for keys of one block at most.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 20] {
    let padded = |with: u8| -> Vec<u8> {
        (0..64).map(|place| key.get(place).copied().unwrap_or_default() ^ with).collect()
    };
    let inner = sha1(&[padded(0x36).as_slice(), message].concat());
    sha1(&[padded(0x5c).as_slice(), &inner].concat())
}

/// FIPS 180-4, section 6.1.
fn sha1(message: &[u8]) -> [u8; 20] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded.chunks(64) {
        let mut w = [0_u32; 80];
        for (word, four) in w.iter_mut().zip(block.chunks(4)) {
            *word = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        }
        for t in 16..80 {
            w[t] = (w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (t, word) in w.iter().enumerate() {
            let (f, k) = match t {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(value);
        }
    }
    let mut digest = [0; 20];
    for (four, word) in digest.chunks_mut(4).zip(state) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, and RFC 4648, section 10.
    #[test]
    fn codes_are_those_of_the_standard() {
        let key = b"12345678901234567890";
        for (second, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_234_567_890, "89005924"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(at(key, second / PERIOD, 8), expected, "{second}");
        }
        assert_eq!(base32("MZXW 6YTB OI").unwrap(), b"foobar");
        assert!(base32("0").is_err());
    }
}
