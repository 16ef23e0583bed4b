//! The bytes of an answer, into a file, within limits.

use std::io::Read as _;
use std::sync::atomic::AtomicBool;

use crate::address::RedactedUrl;
use crate::error::{FetchError, from_library};
use crate::partial::Part;
use crate::surroundings::stop_if;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Bytes in which a web page shows itself.
const LOOK: u64 = 1024;

/// What a download must keep to.
pub(crate) struct Limits<'a> {
    pub(crate) url: &'a RedactedUrl,
    pub(crate) largest: u64,
    /// Bytes of the whole file, where the source said so.
    pub(crate) total: Option<u64>,
    pub(crate) cancelled: &'a AtomicBool,
}

/// Appends the body to the part until it ends where it should.
pub(crate) fn read(
    body: ureq::Body,
    part: &mut Part,
    limits: &Limits<'_>,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<(), FetchError> {
    let too_large = || FetchError::TooLarge { url: limits.url.clone(), limit: limits.largest };
    if limits.total.is_some_and(|total| total > limits.largest) {
        return Err(too_large());
    }
    let (mut reader, mut piece) = (body.into_reader(), vec![0_u8; PIECE]);
    progress(part.length(), limits.total);
    loop {
        stop_if(limits.cancelled)?;
        let read = match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(told(
                    from_library(ureq::Error::from(error), limits.url, part.length()),
                    limits.total,
                ));
            }
        };
        if part.length().saturating_add(read as u64) > limits.largest {
            return Err(too_large());
        }
        part.append(piece.get(..read).unwrap_or_default())?;
        progress(part.length(), limits.total);
    }
    match limits.total {
        Some(total) if total != part.length() => {
            Err(FetchError::Cut { url: limits.url.clone(), bytes: part.length(), expected: Some(total) })
        }
        _ => Ok(()),
    }
}

fn told(error: FetchError, expected: Option<u64>) -> FetchError {
    match error {
        FetchError::Cut { url, bytes, .. } => FetchError::Cut { url, bytes, expected },
        other => other,
    }
}

/// Refuses a web page and an empty file in place of data.
pub(crate) fn is_data(part: &mut Part, url: &RedactedUrl) -> Result<(), FetchError> {
    if part.length() == 0 {
        return Err(FetchError::Empty { url: url.clone() });
    }
    if is_web_page(&part.start(LOOK)?) { Err(FetchError::Html { url: url.clone() }) } else { Ok(()) }
}

/// Byte order mark, white space, declaration and comments may stand before the first tag.
fn is_web_page(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start).replace('\0', "").to_ascii_lowercase();
    let mut rest = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    loop {
        let (opens, closes) = match rest {
            _ if rest.starts_with("<?xml") => ("<?", "?>"),
            _ if rest.starts_with("<!--") => ("<!--", "-->"),
            _ => break,
        };
        match rest.strip_prefix(opens).and_then(|rest| rest.split_once(closes)) {
            Some((_, after)) => rest = after.trim_start(),
            None => return false,
        }
    }
    let word = |name: &str| {
        rest.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    let doctype = rest.strip_prefix("<!doctype").is_some_and(|rest| rest.trim_start().starts_with("html"));
    doctype || word("<html") || word("<head") || word("<body")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_pages_are_told_from_data() {
        for page in [
            "<!doctype html>",
            "\u{feff}\r\n <!DOCTYPE  HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
            "<html lang=\"ja\">",
            "<HTML>",
            "<?xml version=\"1.0\"?>\n<!-- x -->\n<!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\">",
            "<head><title>",
        ] {
            assert!(is_web_page(page.as_bytes()), "{page}");
        }
        let wide: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_web_page(&wide));
        for data in [
            "",
            "{\"text\":\"<html>\"}",
            "<?xml version=\"1.0\"?><rdf:RDF>",
            "<?xml version=\"1.0\"?><!DOCTYPE rss><rss>",
            "<htmlish>",
            "<header>",
            "<!-- never closed <html>",
            "PK\u{3}\u{4}",
        ] {
            assert!(!is_web_page(data.as_bytes()), "{data}");
        }
    }
}
