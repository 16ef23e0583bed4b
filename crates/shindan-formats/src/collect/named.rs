//! Identifiers of vulnerabilities that a text names.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Adds every identifier that the text names. Full-width characters are read as the plain ones that they stand for.
///
/// Addresses name JVN entries without the sign: `https://jvn.jp/vu/JVNVU97232160/` is `JVNVU#97232160`.
pub(super) fn collect(text: &str, found: &mut BTreeSet<String>) {
    let plain: String = text.nfkc().map(|c| if is_hyphen(c) { '-' } else { c }).collect();
    let bytes = plain.as_bytes();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let begins = !before.is_some_and(u8::is_ascii_alphanumeric);
        match identifier(rest).filter(|_| begins) {
            Some((id, length)) => {
                found.insert(id);
                at += length;
            }
            None => at += 1,
        }
    }
}

/// Hyphens that Japanese texts use in place of the plain one.
fn is_hyphen(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2013}' | '\u{2212}')
}

/// The identifier at the start, and how many bytes it takes.
fn identifier(bytes: &[u8]) -> Option<(String, usize)> {
    let first = bytes.first()?.to_ascii_uppercase();
    match first {
        b'C' => numbered(bytes, "CVE-", 4, 4..=12),
        b'G' => ghsa(bytes),
        b'J' => numbered(bytes, "JVNDB-", 4, 6..=7)
            .or_else(|| ["JVNVU", "JVNTA", "JVN"].into_iter().find_map(|prefix| signed(bytes, prefix, 8))),
        b'V' => signed(bytes, "VU#", 5).or_else(|| signed(bytes, "VU#", 6)),
        _ => None,
    }
}

/// `CVE-2026-106302`: prefix, year, hyphen, number.
fn numbered(
    bytes: &[u8],
    prefix: &str,
    year: usize,
    length: std::ops::RangeInclusive<usize>,
) -> Option<(String, usize)> {
    let rest = after(bytes, prefix)?;
    let (years, rest) = (digits(rest), rest.get(year..)?);
    let number = rest.strip_prefix(b"-")?;
    let count = digits(number);
    if years != year || !length.contains(&count) {
        return None;
    }
    let total = prefix.len() + year + 1 + count;
    Some((text_of(bytes, total)?, total))
}

/// `JVN#12345678`, `JVNVU#97232160`, `VU#123456`: the sign may be missing in addresses, and is put in then.
fn signed(bytes: &[u8], prefix: &str, length: usize) -> Option<(String, usize)> {
    let name = prefix.trim_end_matches('#');
    let rest = after(bytes, name)?;
    let (number, sign) = match rest.strip_prefix(b"#") {
        Some(number) => (number, 1),
        // Without the sign, `VU` and digits could be anything.
        None if prefix == name => (rest, 0),
        None => return None,
    };
    if digits(number) != length || number.get(length).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let id = format!("{name}#{}", text_of(number, length)?);
    Some((id, name.len() + sign + length))
}

/// Source: GitHub's advisories: three groups of four out of `23456789cfghjmpqrvwx`.
fn ghsa(bytes: &[u8]) -> Option<(String, usize)> {
    let total = "GHSA-xxxx-xxxx-xxxx".len();
    let mut groups = after(bytes, "GHSA-")?.get(..total - 5)?.split(|byte| *byte == b'-');
    let known = |byte: &u8| b"23456789cfghjmpqrvwx".contains(&byte.to_ascii_lowercase());
    let right =
        groups.clone().count() == 3 && groups.all(|group| group.len() == 4 && group.iter().all(known));
    let ends = !bytes.get(total).is_some_and(u8::is_ascii_alphanumeric);
    let id = String::from_utf8_lossy(bytes.get(5..total)?).to_ascii_lowercase();
    (right && ends).then(|| (format!("GHSA-{id}"), total))
}

fn after<'a>(bytes: &'a [u8], prefix: &str) -> Option<&'a [u8]> {
    let (start, rest) = bytes.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix.as_bytes()).then_some(rest)
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn text_of(bytes: &[u8], length: usize) -> Option<String> {
    bytes.get(..length).map(|bytes| String::from_utf8_lossy(bytes).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        collect(text, &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn identifiers_in_texts_and_addresses() {
        assert_eq!(named("脆弱性（CVE-2026-106302、cve-2025-0354）"), ["CVE-2025-0354", "CVE-2026-106302"]);
        assert_eq!(named("ＣＶＥ－２０２６－１２３４ と CVE‐2026‐9999"), ["CVE-2026-1234", "CVE-2026-9999"]);
        assert_eq!(
            named("https://jvn.jp/vu/JVNVU97232160/index.html JVN#12345678"),
            ["JVN#12345678", "JVNVU#97232160"]
        );
        assert_eq!(
            named("JVNDB-2022-000097, JVNTA#90371415 VU#986018 VU#12345"),
            ["JVNDB-2022-000097", "JVNTA#90371415", "VU#12345", "VU#986018"]
        );
        assert_eq!(named("ghsa-43W2-9j62-hq99."), ["GHSA-43w2-9j62-hq99"]);
    }

    #[test]
    fn what_only_looks_like_one_is_left() {
        for text in [
            "CVE-2026-123",
            "XCVE-2026-1234",
            "CVE-26-1234",
            "CVE-2026",
            "JVN#1234567",
            "JVN#123456789",
            "VU123456",
            "VU#1234",
            "GHSA-43w2-9j62-hq9",
            "GHSA-43w2-9j62-hq999",
            "JVNDB-2022-0097",
            "CVE-",
            "C",
            "JVN",
            "",
        ] {
            assert!(named(text).is_empty(), "{text}: {:?}", named(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "(\\PC|CVE-|JVN#|VU#|GHSA-|[0-9-]){0,40}") {
            named(&text);
        }
    }
}
