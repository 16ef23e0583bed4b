//! Percent-encoding as purls use it. Source: ECMA-427 clause 5.4.

use std::borrow::Cow;
use std::fmt;

use super::PurlError;

/// Decodes `%XX`; `+` is a plus. Borrows if there is nothing to decode.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, PurlError> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let invalid = || PurlError::InvalidEncoding(text.to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        if byte == b'%' {
            let high = rest.next().and_then(|&b| hex(b)).ok_or_else(invalid)?;
            let low = rest.next().and_then(|&b| hex(b)).ok_or_else(invalid)?;
            bytes.push(high << 4 | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| invalid())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Writes `text` with everything encoded but letters, digits, `.`, `-`, `_`, `~` and `:`.
pub(super) fn write_encoded(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

/// Writes the segments of a path, each encoded, separated by `/`.
pub(super) fn write_path(out: &mut impl fmt::Write, path: &str) -> fmt::Result {
    for (position, segment) in path.split('/').enumerate() {
        if position > 0 {
            out.write_char('/')?;
        }
        write_encoded(out, segment)?;
    }
    Ok(())
}
