//! Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds, six digits – what every app can do.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

use super::super::RecordsError;
use super::codes;

/// Seconds for which a code is shown.
const PERIOD: i64 = 30;
/// Digits of a code.
const DIGITS: u32 = 6;
/// A clock may be behind or ahead by so many steps.
const DRIFT: i64 = 1;
/// The digits in which apps take secrets, RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step whose code was typed, if it is one that counts at this time and is later than `last`.
pub(super) fn step_of(secret: &[u8], typed: &str, now: Timestamp, last: i64) -> Option<i64> {
    let typed = plain(typed)?;
    let present = now.as_second().div_euclid(PERIOD);
    let mut found = None;
    // All are computed, whichever is right.
    for step in present - DRIFT..=present + DRIFT {
        let right = bool::from(code(secret, step, DIGITS)?.as_bytes().ct_eq(typed.as_bytes()));
        if right && step > last && found.is_none() {
            found = Some(step);
        }
    }
    found
}

/// True if what was typed looks like a code of an app rather than a recovery code.
pub(super) fn is_code(typed: &str) -> bool {
    plain(typed).is_some()
}

fn plain(typed: &str) -> Option<String> {
    let digits: String =
        typed.nfkc().filter(|letter| !letter.is_whitespace() && *letter != '-').take(16).collect();
    let six = digits.len() == DIGITS as usize && digits.bytes().all(|byte| byte.is_ascii_digit());
    six.then_some(digits)
}

/// The code of a step, RFC 4226 section 5.3; `None` for a time before 1970.
fn code(secret: &[u8], step: i64, digits: u32) -> Option<String> {
    let step = u64::try_from(step).ok()?;
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0xf);
    let four: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
    Some(format!("{number:0width$}", width = digits as usize))
}

/// The code that an app shows at a time.
#[cfg(test)]
pub(super) fn code_at(secret: &[u8], now: Timestamp) -> Option<String> {
    code(secret, now.as_second().div_euclid(PERIOD), DIGITS)
}

/// The secret as it is typed into an app that has no camera: groups of four.
pub(super) fn shown(secret: &[u8]) -> String {
    let text = codes::digits(secret, BASE32);
    let groups: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// The address that an app reads: `otpauth://totp/…`.
pub(super) fn uri(secret: &[u8], issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    let secret = codes::digits(secret, BASE32);
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={PERIOD}"
    )
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// A picture of an address, as an SVG element without prolog.
pub(super) fn picture(uri: &str) -> Result<String, RecordsError> {
    let wrong = |error: qrcode::types::QrError| RecordsError::Invalid {
        field: "name".to_owned(),
        value: error.to_string(),
    };
    let svg = QrCode::new(uri).map_err(wrong)?.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(svg.find("<svg").and_then(|start| svg.get(start..)).unwrap_or(&svg).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238 appendix B, SHA-1.
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(SECRET, seconds / 30, 8).as_deref(), Some(expected), "{seconds}");
        }
        // RFC 4226 appendix D.
        for (counter, expected) in
            ["755224", "287082", "359152", "969429", "338314", "254676"].iter().enumerate()
        {
            assert_eq!(code(SECRET, counter as i64, 6).as_deref(), Some(*expected));
        }
        assert_eq!(code(SECRET, -1, 6), None);
    }

    #[test]
    fn a_code_counts_one_step_early_or_late_and_never_again() {
        let typed = code(SECRET, 100, 6).unwrap();
        assert_eq!(step_of(SECRET, &typed, at(100 * 30), 0), Some(100));
        assert_eq!(step_of(SECRET, &typed, at(99 * 30), 0), Some(100));
        assert_eq!(step_of(SECRET, &typed, at(101 * 30 + 29), 0), Some(100));
        assert_eq!(step_of(SECRET, &typed, at(102 * 30), 0), None);
        assert_eq!(step_of(SECRET, &typed, at(98 * 30), 0), None);
        assert_eq!(step_of(SECRET, &typed, at(100 * 30), 100), None, "used");
        let (first, rest) = typed.split_at(3);
        let wide: String =
            typed.chars().map(|digit| char::from_u32(u32::from(digit) + 0xFEE0).unwrap()).collect();
        assert_eq!(step_of(SECRET, &format!("{first} {rest}"), at(3_000), 0), Some(100));
        assert_eq!(step_of(SECRET, &wide, at(3_000), 0), Some(100));
        assert!(!is_code("12345") && !is_code("1234567") && !is_code("ABCD-EFGH"));
    }

    #[test]
    fn an_app_reads_the_address() {
        let uri = uri(SECRET, "shindan MED", "管理 花子");
        assert_eq!(
            uri,
            "otpauth://totp/shindan%20MED:%E7%AE%A1%E7%90%86%20%E8%8A%B1%E5%AD%90?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=shindan%20MED&algorithm=SHA1&digits=6&period=30"
        );
        let svg = picture(&uri).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style"), "a strict content security policy shows it");
        assert_eq!(shown(b"1234567890"), "GEZD GNBV GY3T QOJQ");
    }
}
