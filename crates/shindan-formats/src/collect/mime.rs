//! The structure of a mail: headers, parts, encodings. Read here instead of by a library, because those put `U+FFFD` where
//! they cannot read, and nothing would tell.
//!
//! Source: RFC 5322, RFC 2045 to 2047, RFC 2231 (without continuations in other character sets than the first).

use encoding_rs::{Encoding, ISO_2022_JP};

/// Deepest nesting of parts.
const DEPTH: usize = 10;
/// Most parts.
const PARTS: usize = 200;

/// Why a mail or a part of it cannot be read, as in the parameter `reason` of `mail-part-unreadable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The character set is not known.
    CharsetUnknown,
    /// The bytes are not of the character set.
    CharsetInvalid,
    /// The transfer encoding is not known or its text damaged.
    TransferEncoding,
    /// Parts without a boundary, or a boundary that never comes, or never closes.
    Boundary,
    /// Nested too deep, or too many parts.
    TooMany,
}

impl Fault {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Fault::CharsetUnknown => "charset-unknown",
            Fault::CharsetInvalid => "charset-invalid",
            Fault::TransferEncoding => "transfer-encoding",
            Fault::Boundary => "boundary",
            Fault::TooMany => "too-many-parts",
        }
    }
}

/// Headers, unfolded, in the order of the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// The headers, and the body behind the blank line; `None` if there is no header, or no blank line: then the mail is
    /// cut off.
    pub(super) fn split(bytes: &[u8]) -> Option<(Headers, &[u8])> {
        Headers::read(bytes, false)
    }

    /// As [`Headers::split`]; `may_end` for a part, whose blank line may belong to the boundary behind it.
    fn read(bytes: &[u8], may_end: bool) -> Option<(Headers, &[u8])> {
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let mut rest = bytes;
        loop {
            let (line, after) = line_of(rest);
            if line.is_empty() {
                if rest.is_empty() && !may_end {
                    return None;
                }
                return (!headers.is_empty()).then_some((Headers(headers), after));
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                headers.last_mut()?.1.extend_from_slice(line);
            } else {
                let colon = memchr::memchr(b':', line)?;
                let (name, value) = line.split_at_checked(colon)?;
                let printable = |byte: &u8| byte.is_ascii_graphic();
                if name.is_empty() || !name.iter().all(printable) {
                    return None;
                }
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                headers.push((name, value.get(1..)?.trim_ascii().to_vec()));
            }
            rest = after;
        }
    }

    pub(super) fn raw(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// The value with its encoded words decoded.
    pub(super) fn text(&self, name: &str) -> Option<Result<String, Fault>> {
        self.raw(name).map(header_text)
    }

    /// The value in front of the first `;`, in lower case, and the parameters.
    fn structured(&self, name: &str) -> (String, Vec<(String, String)>) {
        let value = String::from_utf8_lossy(self.raw(name).unwrap_or_default()).into_owned();
        let mut pieces = outside_quotes(&value, ';').into_iter();
        let first = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let parameters = pieces.filter_map(|piece| piece.split_once('='));
        let parameters = parameters.map(|(name, value)| {
            let value = value.trim();
            let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let value = inner
                .map_or_else(|| value.to_owned(), |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"));
            (name.trim().to_ascii_lowercase(), value)
        });
        (first, parameters.collect())
    }
}

fn outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(|c| {
        let cut = c == separator && !quoted;
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        cut
    })
    .collect()
}

/// A part that holds no other parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// `text/plain`.
    pub(super) kind: String,
    /// The name of the file, decoded, if it is one.
    pub(super) file: Option<String>,
    /// True if it is to be shown as a file and not as text.
    pub(super) attached: bool,
    /// The text of a text part that is not attached; otherwise empty.
    pub(super) text: Result<String, Fault>,
    /// Size of its body as it stands in the mail, in bytes.
    pub(super) size: usize,
}

/// All parts in the order of the mail, the innermost ones. Mails inside a mail are attachments.
///
/// # Errors
/// [`Fault::Boundary`] and [`Fault::TooMany`]; what is wrong with one part stands in the part.
pub(super) fn parts(headers: &Headers, body: &[u8]) -> Result<Vec<Part>, Fault> {
    let mut found = Vec::new();
    // Kept on the heap, so that depth costs no stack; the first one is taken first.
    let mut open = vec![(headers.clone(), body, 0)];
    while let Some((headers, body, depth)) = open.pop() {
        let (kind, parameters) = headers.structured("content-type");
        if !kind.starts_with("multipart/") {
            found.push(leaf(&headers, kind, &parameters, body));
        } else {
            let boundary = parameters.iter().find(|(name, _)| name == "boundary").map(|(_, value)| value);
            let inner = split_parts(body, boundary.filter(|b| !b.is_empty()).ok_or(Fault::Boundary)?)?;
            for piece in inner.into_iter().rev() {
                // A part may have no headers: then it begins with the blank line.
                let (headers, body) = Headers::read(piece, true).unwrap_or_else(|| {
                    let (line, rest) = line_of(piece);
                    (Headers::default(), if line.is_empty() { rest } else { piece })
                });
                open.push((headers, body, depth + 1));
            }
        }
        if depth > DEPTH || open.len() + found.len() > PARTS {
            return Err(Fault::TooMany);
        }
    }
    Ok(found)
}

fn leaf(headers: &Headers, kind: String, parameters: &[(String, String)], body: &[u8]) -> Part {
    let (disposition, of_disposition) = headers.structured("content-disposition");
    let parameter = |list: &[(String, String)], name: &str| {
        let extended = format!("{name}*");
        let found = list.iter().find(|(known, _)| *known == extended || *known == format!("{extended}0*"));
        found.and_then(|(_, value)| extended_value(value)).or_else(|| {
            let found = list.iter().find(|(known, _)| known == name)?;
            // A name that cannot be decoded is shown as it stands.
            Some(header_text(found.1.as_bytes()).unwrap_or_else(|_| found.1.clone()))
        })
    };
    let file = parameter(&of_disposition, "filename").or_else(|| parameter(parameters, "name"));
    let kind = if kind.is_empty() { "text/plain".to_owned() } else { kind };
    let is_text = matches!(kind.as_str(), "text/plain" | "text/html");
    let attached = disposition == "attachment" || !is_text || file.is_some();
    let charset =
        parameters.iter().find(|(name, _)| name == "charset").map_or("us-ascii", |(_, value)| value);
    let text = if attached { Ok(String::new()) } else { part_text(headers, body, charset) };
    Part { kind, file, attached, text, size: body.len() }
}

/// Source: RFC 2231: `utf-8'ja'%E8%A8%BA`.
fn extended_value(value: &str) -> Option<String> {
    let mut pieces = value.splitn(3, '\'');
    let (charset, _, escaped) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let mut bytes = Vec::new();
    let mut rest = escaped.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                bytes.push(hex(*high)? << 4 | hex(*low)?);
                rest = after;
            }
            (byte, after) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    decode_charset(&bytes, charset).ok()
}

fn part_text(headers: &Headers, body: &[u8], charset: &str) -> Result<String, Fault> {
    let (encoding, _) = headers.structured("content-transfer-encoding");
    let bytes = match encoding.as_str() {
        "" | "7bit" | "8bit" | "binary" => body.to_vec(),
        "base64" => base64(body).ok_or(Fault::TransferEncoding)?,
        "quoted-printable" => quoted_printable(body).ok_or(Fault::TransferEncoding)?,
        _ => return Err(Fault::TransferEncoding),
    };
    decode_charset(&bytes, charset)
}

/// Nothing is replaced: bytes that are not of the character set are a fault.
pub(super) fn decode_charset(bytes: &[u8], charset: &str) -> Result<String, Fault> {
    let charset = match charset.trim().to_ascii_lowercase().as_str() {
        // Many mails that call themselves plain are in UTF-8.
        "us-ascii" | "ascii" | "" => "utf-8".to_owned(),
        // Microsoft's names of ISO-2022-JP with more characters; the decoder of the web reads those, too.
        "iso-2022-jp-ms" | "cp50220" | "cp50221" | "iso-2022-jp-1" => "iso-2022-jp".to_owned(),
        "cp932" | "ms932" => "shift_jis".to_owned(),
        other => other.to_owned(),
    };
    let encoding = Encoding::for_label_no_replacement(charset.as_bytes()).ok_or(Fault::CharsetUnknown)?;
    let single = if encoding == ISO_2022_JP { single_escapes(bytes) } else { bytes.to_vec() };
    let text = encoding.decode_without_bom_handling_and_without_replacement(&single);
    Ok(text.ok_or(Fault::CharsetInvalid)?.replace("\r\n", "\n"))
}

/// Of escape sequences that follow one another at once only the last one counts. Mailers write such, and the decoder,
/// which follows the web's standard, refuses them.
fn single_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let doubled = *first == 0x1B
            && matches!(after, [b'(', b'B' | b'J' | b'I', 0x1B, ..] | [b'$', b'@' | b'B', 0x1B, ..]);
        if doubled {
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

/// Decodes encoded words; blanks between two of them do not count. Source: RFC 2047.
fn header_text(value: &[u8]) -> Result<String, Fault> {
    let value = decode_charset(value, "utf-8")?;
    let mut out = String::new();
    let mut rest = value.as_str();
    let mut after_word = false;
    // Bytes of words that follow one another in one character set: a character may be cut between two words.
    let mut pending: Option<(String, Vec<u8>)> = None;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        let Some((charset, bytes, after)) = encoded_word(word)? else {
            flush(&mut pending, &mut out)?;
            out.push_str(before);
            out.push_str("=?");
            rest = word.get(2..).unwrap_or_default();
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            flush(&mut pending, &mut out)?;
            out.push_str(before);
        }
        match &mut pending {
            Some((known, joined)) if known.eq_ignore_ascii_case(charset) => joined.extend(bytes),
            _ => {
                flush(&mut pending, &mut out)?;
                pending = Some((charset.to_owned(), bytes));
            }
        }
        rest = after;
        after_word = true;
    }
    flush(&mut pending, &mut out)?;
    out.push_str(rest);
    Ok(out)
}

fn flush(pending: &mut Option<(String, Vec<u8>)>, out: &mut String) -> Result<(), Fault> {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&decode_charset(&bytes, &charset)?);
    }
    Ok(())
}

/// The character set, the bytes and what follows the word; `None` if it is no encoded word.
#[allow(clippy::type_complexity)]
fn encoded_word(word: &str) -> Result<Option<(&str, Vec<u8>, &str)>, Fault> {
    let pieces = word.strip_prefix("=?").map(|inner| inner.splitn(3, '?').collect::<Vec<_>>());
    let Some([charset, encoding, rest]) = pieces.as_deref() else { return Ok(None) };
    let Some((text, after)) = rest.split_once("?=") else { return Ok(None) };
    if charset.is_empty() || charset.contains(char::is_whitespace) {
        return Ok(None);
    }
    // A language may follow the character set. Source: RFC 2231, section 5.
    let charset = charset.split('*').next().unwrap_or(charset);
    let bytes = match *encoding {
        "B" | "b" => base64(text.as_bytes()),
        "Q" | "q" => quoted_printable(text.replace('_', " ").as_bytes()),
        _ => return Ok(None),
    };
    Ok(Some((charset, bytes.ok_or(Fault::TransferEncoding)?, after)))
}

/// The pieces between the boundaries. A mail that is cut off lacks the last boundary, and is refused.
fn split_parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<&'a [u8]>, Fault> {
    let mark = format!("--{boundary}").into_bytes();
    let mut pieces = Vec::new();
    let mut begin: Option<usize> = None;
    let mut at = 0;
    while at < body.len() {
        let rest = body.get(at..).unwrap_or_default();
        let (line, after) = line_of(rest);
        let next = body.len() - after.len();
        if let Some(tail) = line.strip_prefix(mark.as_slice()) {
            let tail = tail.trim_ascii_end();
            if tail.is_empty() || tail == b"--" {
                if let Some(begin) = begin {
                    let piece = body.get(begin..at).unwrap_or_default();
                    // The line end in front of a boundary belongs to the boundary.
                    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
                    pieces.push(piece.strip_suffix(b"\r").unwrap_or(piece));
                }
                if tail == b"--" {
                    return Ok(pieces);
                }
                begin = Some(next);
                if pieces.len() > PARTS {
                    return Err(Fault::TooMany);
                }
            }
        }
        at = next;
    }
    Err(Fault::Boundary)
}

/// The first line without its end, and the rest.
fn line_of(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match memchr::memchr(b'\n', bytes) {
        Some(end) => (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default()),
        None => (bytes, &[][..]),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padded) = (0_u32, 0_u32, false);
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padded = true;
                continue;
            }
            _ => return None,
        };
        if padded {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xFF) as u8);
        }
        bits &= (1 << count) - 1;
    }
    // Six bits that are left over are half a byte: the text is cut off.
    (count < 6).then_some(out)
}

fn quoted_printable(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            out.push(*first);
            continue;
        }
        match after {
            [b'\r', b'\n', after @ ..] | [b'\n', after @ ..] => rest = after,
            [] => {}
            [high, low, after @ ..] => {
                out.push(hex(*high)? << 4 | hex(*low)?);
                rest = after;
            }
            [_] => return None,
        }
    }
    Some(out)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
#[path = "mime_tests.rs"]
mod tests;
