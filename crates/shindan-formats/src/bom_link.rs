//! BOM-Links: how one CycloneDX document points to an element of another one.
//!
//! Source: CycloneDX, "BOM-Link"; IANA URN namespace `cdx`: `urn:cdx:serialNumber/version#bom-ref`.

use std::borrow::Cow;

/// True for a BOM-Link.
pub(crate) fn is_link(reference: &str) -> bool {
    reference.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("urn:cdx:"))
}

/// The link to an element of the document with this serial number (the UUID alone) and version.
pub(crate) fn to_element(serial: &str, version: u64, reference: &str) -> String {
    format!("urn:cdx:{serial}/{version}#{}", plain(reference))
}

/// A link as others wrote it, in the one form in which links are compared: the UUID in lower case, the reference
/// without percent-encoding.
pub(crate) fn normalise(link: &str) -> String {
    let (document, reference) = link.split_once('#').unwrap_or((link, ""));
    let document = document.to_ascii_lowercase();
    if reference.is_empty() { document } else { format!("{document}#{}", plain(reference)) }
}

/// The document of a normalised link, and the element within it if the link goes that far.
pub(crate) fn parts(link: &str) -> (&str, Option<&str>) {
    match link.split_once('#') {
        Some((document, reference)) if !reference.is_empty() => (document, Some(reference)),
        Some((document, _)) => (document, None),
        None => (link, None),
    }
}

/// A reference without percent-encoding. Links should encode references, many do not, and references that are
/// package URLs are encoded already: two rounds bring every spelling to the same text.
fn plain(reference: &str) -> Cow<'_, str> {
    if !reference.contains('%') {
        return Cow::Borrowed(reference);
    }
    let once = decode(reference);
    Cow::Owned(if once.contains('%') { decode(&once) } else { once })
}

/// Decodes `%XX`. What is no encoding, or does not give text, stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let pair = match (first, behind) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        match pair.and_then(|(high, low)| u8::try_from(high << 4 | low).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_gives_the_same_link() {
        let own = to_element("3e671687-395b-41f5-a30f-a58921a69b79", 1, "pkg:npm/%40acme/a@1?x=y");
        for text in [
            "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/%40acme/a@1?x=y",
            "urn:cdx:3E671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/@acme/a@1?x=y",
            "URN:CDX:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2F%2540acme%2Fa%401%3Fx%3Dy",
        ] {
            assert!(is_link(text));
            assert_eq!(normalise(text), own, "{text}");
        }
        assert_eq!(parts(&own).1, Some("pkg:npm/@acme/a@1?x=y"));
        assert_eq!(normalise("urn:cdx:A/1#"), "urn:cdx:a/1");
        assert_eq!(parts("urn:cdx:a/1"), ("urn:cdx:a/1", None));
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%2"), "%zz%2");
        assert_eq!(decode("%ff"), "%ff");
        assert!(!is_link("urn:cd") && !is_link("pkg:npm/a"));
    }
}
