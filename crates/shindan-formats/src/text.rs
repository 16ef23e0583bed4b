//! Bytes to text: UTF-8 with or without BOM, UTF-16 with BOM, CP932 where the caller allows it.
//!
//! Nothing is replaced on the way: a byte that does not decode is an error with its offset, never a `U+FFFD`.

use std::borrow::Cow;

use encoding_rs::{Encoding as Decoder, SHIFT_JIS, UTF_16BE, UTF_16LE};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

/// What a text was decoded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark (which is removed).
    Utf8,
    /// UTF-16, little endian, announced by its byte order mark.
    Utf16Le,
    /// UTF-16, big endian, announced by its byte order mark.
    Utf16Be,
    /// CP932: Shift_JIS as Windows writes it.
    Cp932,
}

/// Which legacy encoding is tried when the bytes are not Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legacy {
    /// None: bytes that are not Unicode are an error.
    Refused,
    /// CP932, which files saved by Japanese spreadsheets are in.
    Cp932,
}

/// A text without its byte order mark; borrowed wherever the bytes already were UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// What it was decoded from.
    pub encoding: Encoding,
}

/// Decodes `bytes`. Empty input is an empty text.
///
/// # Errors
/// `encoding-invalid` with the offset (in bytes, from the start of the file) of what does not decode.
pub fn decode<'a>(bytes: &'a [u8], legacy: Legacy, path: &str) -> Result<Decoded<'a>, Diagnostic> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3, path),
        [0xFF, 0xFE, rest @ ..] => other(UTF_16LE, Encoding::Utf16Le, rest, 2, path),
        [0xFE, 0xFF, rest @ ..] => other(UTF_16BE, Encoding::Utf16Be, rest, 2, path),
        _ => match (utf8(bytes, 0, path), legacy) {
            (Ok(decoded), _) => Ok(decoded),
            (Err(diagnostic), Legacy::Refused) => Err(diagnostic),
            (Err(_), Legacy::Cp932) => other(SHIFT_JIS, Encoding::Cp932, bytes, 0, path),
        },
    }
}

fn utf8<'a>(bytes: &'a [u8], skipped: usize, path: &str) -> Result<Decoded<'a>, Diagnostic> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8 }),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', valid).count() as u64 + 1;
            Err(invalid(path, skipped + error.valid_up_to()).with_line(line))
        }
    }
}

fn other<'a>(
    decoder: &'static Decoder,
    encoding: Encoding,
    bytes: &'a [u8],
    skipped: usize,
    path: &str,
) -> Result<Decoded<'a>, Diagnostic> {
    match decoder.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text, encoding }),
        None => Err(invalid(path, skipped + first_malformed(decoder, bytes))),
    }
}

/// The offset at which decoding stops. Only called once it is known that it does.
fn first_malformed(decoder: &'static Decoder, bytes: &[u8]) -> usize {
    let mut machine = decoder.new_decoder_without_bom_handling();
    let mut read = 0;
    let mut sink = vec![0_u8; 64 * 1024];
    while let Some(rest) = bytes.get(read..) {
        let (result, consumed, _) = machine.decode_to_utf8_without_replacement(rest, &mut sink, true);
        read += consumed;
        match result {
            encoding_rs::DecoderResult::InputEmpty => break,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(length, after) => {
                return read.saturating_sub(usize::from(length) + usize::from(after));
            }
        }
    }
    read
}

fn invalid(path: &str, offset: usize) -> Diagnostic {
    Diagnostic::new(Code::EncodingInvalid, Place::file(path)).with("offset", offset)
}

trait WithLine {
    fn with_line(self, line: u64) -> Self;
}

impl WithLine for Diagnostic {
    fn with_line(mut self, line: u64) -> Self {
        self.place.line = Some(line);
        self
    }
}

/// The text without control characters and markup-free line breaks folded, cut at `limit` characters with `…`.
pub fn shorten(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit * 4));
    let mut count = 0;
    let mut gap = false;
    let mut rest = text;
    loop {
        // Words of ASCII are copied whole.
        let room = limit.saturating_sub(count + usize::from(gap));
        let word = rest.bytes().take(room).take_while(u8::is_ascii_graphic).count();
        if let Some((word, behind)) = rest.split_at_checked(word).filter(|(word, _)| !word.is_empty()) {
            if gap {
                out.push(' ');
            }
            out.push_str(word);
            count += usize::from(gap) + word.len();
            (gap, rest) = (false, behind);
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if count + usize::from(gap) >= limit {
            out.push('…');
            break;
        }
        if gap {
            out.push(' ');
            count += 1;
            gap = false;
        }
        out.push(c);
        count += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Character by character.
    fn shortened(text: &str, limit: usize) -> String {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let joined = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        match joined.char_indices().nth(limit) {
            None => joined,
            Some((at, c)) => {
                let kept = joined.get(..at).unwrap_or_default();
                // The space in front of a word that does not fit goes with it.
                format!("{}…", if c == ' ' { kept } else { kept.trim_end() })
            }
        }
    }

    proptest! {
        #[test]
        fn shortening_word_by_word(text in "([a-c]| |\t|\u{1}|診|é|\u{3000}){0,20}", limit in 0_usize..12) {
            prop_assert_eq!(shorten(&text, limit), shortened(&text, limit));
        }
    }

    fn offset(bytes: &[u8], legacy: Legacy) -> String {
        let error = decode(bytes, legacy, "x").expect_err("must not decode");
        assert_eq!(error.code, Code::EncodingInvalid);
        error.params["offset"].clone()
    }

    #[test]
    fn unicode_with_and_without_mark() {
        for bytes in [
            "診断".as_bytes().to_vec(),
            [b"\xEF\xBB\xBF".as_slice(), "診断".as_bytes()].concat(),
            vec![0xFF, 0xFE, 0x3A, 0x8A, 0xAD, 0x65],
            vec![0xFE, 0xFF, 0x8A, 0x3A, 0x65, 0xAD],
        ] {
            assert_eq!(decode(&bytes, Legacy::Refused, "x").expect("decodes").text, "診断");
        }
    }

    #[test]
    fn cp932_only_where_allowed() {
        // "髙﨑①㈱" exists in CP932 and not in plain Shift_JIS.
        let bytes = [0xFB, 0xFC, 0xFA, 0xB1, 0x87, 0x40, 0x87, 0x8A];
        let decoded = decode(&bytes, Legacy::Cp932, "x").expect("decodes");
        assert_eq!(decoded.text, "髙﨑①㈱");
        assert_eq!(decoded.encoding, Encoding::Cp932);
        assert_eq!(offset(&bytes, Legacy::Refused), "0");
    }

    #[test]
    fn the_offset_points_at_the_damage() {
        assert_eq!(offset(b"ab\xC3", Legacy::Refused), "2");
        assert_eq!(offset(b"\xEF\xBB\xBFab\xC3(", Legacy::Refused), "5");
        assert_eq!(offset(b"\x83A\x83\x20", Legacy::Cp932), "2");
        assert_eq!(offset(b"\xFF\xFEa\0\x00\xD8b\0", Legacy::Refused), "4");
        assert_eq!(offset(b"\xFF\xFEa\0b", Legacy::Refused), "4");
    }

    #[test]
    fn shortening_counts_characters_and_folds_white_space() {
        assert_eq!(shorten("  a\n\n b\tc ", 400), "a b c");
        assert_eq!(shorten("診断診断", 3), "診断診…");
        assert_eq!(shorten("診断診", 3), "診断診");
    }
}
