//! Identifiers, numbers and words as tools write them: which weakness it is, and whether it is one of settings.

use std::collections::BTreeSet;

use shindan_domain::assessment::ScanResult;
use shindan_domain::identifier::FindingKind;

/// Beginnings of identifiers of vulnerabilities.
const IDENTIFIERS: [&str; 16] = [
    "CVE-", "GHSA-", "PYSEC-", "RUSTSEC-", "GO-", "OSV-", "MAL-", "JVNDB-", "JVN#", "DSA-", "DLA-", "USN-",
    "ALAS-", "RHSA-", "SNYK-", "GMS-",
];

/// Every CVE number in a text, in capital letters.
pub(super) fn cves(text: &str) -> impl Iterator<Item = String> + '_ {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + find_ignoring_case(bytes.get(from..)?, b"CVE-")?;
            from = at + 4;
            if let Some(length) = cve_length(bytes.get(at..)?) {
                from = at + length;
                return text.get(at..at + length).map(str::to_ascii_uppercase);
            }
        }
    })
}

/// Length of `CVE-2024-12345` at the start of `bytes`, which begin with `CVE-`.
fn cve_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    if digits(4) != 4 || bytes.get(8) != Some(&b'-') {
        return None;
    }
    let number = digits(9);
    (4..=10).contains(&number).then_some(9 + number)
}

/// Every number behind `CWE-`, `CWE:` or `CWE #` in a text, also `external/cwe/cwe-079` and `cwe79`.
pub(super) fn cwes(text: &str) -> BTreeSet<u32> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| find_ignoring_case(rest, b"CWE")) {
        from += at + 3;
        let rest = text.get(from..).unwrap_or_default();
        found.extend(leading_number(rest.trim_start_matches(['-', ':', '#', ' ', '_', '/'])));
    }
    found
}

/// A CWE number that stands alone: `79`, `CWE-79`. `-1` and `0` are the ways of tools to say that there is none.
pub(super) fn cwe(text: &str) -> BTreeSet<u32> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        leading_number(text).into_iter().collect()
    } else {
        cwes(text)
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok().filter(|number| (1..100_000).contains(number))
}

fn find_ignoring_case(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let (low, high) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(low, high, bytes)
        .find(|at| bytes.get(*at..*at + wanted.len()).is_some_and(|found| found.eq_ignore_ascii_case(wanted)))
}

/// A score of 0.0 to 10.0, times ten.
pub(super) fn score(text: &str) -> Option<u8> {
    let text = text.trim();
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || !whole.bytes().chain(tenth.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Scores have one digit, but tools print them as they calculate with them: 7.199999809265137.
    let tenths = (text.parse::<f64>().ok()? * 10.0).round();
    // In range by the guard.
    (0.0..=100.0).contains(&tenths).then_some(tenths as u8)
}

/// A score of a tool that writes 0 where it has none.
pub(super) fn score_unless_zero(text: &str) -> Option<u8> {
    score(text).filter(|score| *score > 0)
}

/// CVSS vectors without what only some tools write around them: `CVSS2#`, brackets. `None` for what is no vector.
pub(super) fn vector(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let text = text.strip_prefix("CVSS2#").or_else(|| text.strip_prefix("CVSS3#")).unwrap_or(text);
    let plain = text.len() <= 400 && text.bytes().all(|byte| byte.is_ascii_graphic());
    (plain && text.contains("AV:") && text.contains('/')).then(|| text.to_owned())
}

/// Whether a text is the identifier of a vulnerability.
pub(super) fn is_identifier(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    !text.contains(char::is_whitespace)
        && text.len() < 64
        && IDENTIFIERS.iter().any(|begin| upper.len() > begin.len() && upper.starts_with(begin))
}

/// Adds an identifier, if it is one. CVE names are written in capitals.
pub(super) fn identify(result: &mut ScanResult, text: &str) {
    let text = text.trim();
    if is_identifier(text) {
        let cve = text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("CVE-"));
        let text = if cve { text.to_ascii_uppercase() } else { text.to_owned() };
        result.identifiers.insert(text);
    }
}

/// Adds a CVSS vector once.
pub(super) fn add_vector(result: &mut ScanResult, text: &str) {
    if let Some(vector) = vector(text).filter(|vector| !result.cvss.contains(vector)) {
        result.cvss.push(vector);
    }
}

/// Adds a page to read more, once; lists of hundreds are of no use to anyone.
pub(super) fn reference(result: &mut ScanResult, page: &str) {
    let page = page.trim();
    let known = result.references.iter().any(|known| known == page);
    if page.contains("://") && page.len() < 2_000 && result.references.len() < 50 && !known {
        result.references.push(page.to_owned());
    }
}

/// `"0"`, `false`, `none` and nothing stand for none.
pub(super) fn fixed(version: &str) -> Option<String> {
    let version = version.trim();
    let none = matches!(version.to_ascii_lowercase().as_str(), "" | "none" | "false" | "true" | "null");
    (!none).then(|| version.to_owned())
}

/// CWEs of weaknesses that lie in how something is set up: headers, cookies, TLS, listings, default settings.
const SETTINGS_CWE: [u32; 33] = [
    2, 11, 12, 13, 15, 16, 260, 276, 295, 298, 311, 319, 325, 326, 327, 328, 497, 521, 523, 525, 530, 538,
    548, 614, 693, 732, 942, 1004, 1021, 1188, 1275, 1390, 1392,
];

/// Words in titles that speak of a weakness in a program.
const WEAKNESS: [&str; 14] = [
    "injection",
    "overflow",
    "execution",
    "traversal",
    "scripting",
    "xss",
    "inclusion",
    "forgery",
    "csrf",
    "bypass",
    "denial of service",
    "multiple vulnerabilities",
    "use after free",
    "deserialization",
];

/// Words in titles that speak of how something is set up.
const SETTINGS: [&str; 28] = [
    "header",
    "cookie",
    "samesite",
    "httponly",
    "security policy",
    "csp",
    "cache-control",
    "cross-domain",
    "cross-origin",
    "hsts",
    "strict-transport",
    "http method",
    "methods allowed",
    "directory browsing",
    "directory listing",
    "indexing",
    "certificate",
    "cipher",
    "ssl",
    "tls",
    "timestamps",
    "banner",
    "default page",
    "password",
    "credentials",
    "cleartext",
    "clickjacking",
    "unencrypted",
];

/// Words in titles by which a tool says that support has ended.
const ENDED: [&str; 6] = [
    "end of life",
    "end-of-life",
    "unsupported version",
    "unsupported operating",
    "seol",
    "no longer supported",
];

/// A weakness of settings, if one of the numbers is.
pub(super) fn kind_of(cwe: &BTreeSet<u32>) -> FindingKind {
    if cwe.iter().any(|number| SETTINGS_CWE.contains(number)) {
        FindingKind::Misconfiguration
    } else {
        FindingKind::Vulnerability
    }
}

/// What kind of finding this is: as the CWE numbers say, else as the title does. Titles that say neither are weaknesses: nothing is made smaller by a guess.
pub(super) fn kind(title: &str, cwe: &BTreeSet<u32>, has_cve: bool) -> FindingKind {
    let title = title.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| title.contains(word));
    if says(&ENDED) {
        FindingKind::EndOfLife
    } else if has_cve || (cwe.is_empty() && says(&WEAKNESS)) {
        FindingKind::Vulnerability
    } else if cwe.is_empty() && says(&SETTINGS) {
        FindingKind::Misconfiguration
    } else {
        kind_of(cwe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_found_in_texts() {
        let found: Vec<String> = cves("cve-2024-1234, (CVE-2021-44228) CVE-20-1 CVE-2024-123 CVE-").collect();
        assert_eq!(found, ["CVE-2024-1234", "CVE-2021-44228"]);
        assert_eq!(cwes("CWE-79: x; cwe:89 CWE #310, CWEs 5 CWE-0"), [79, 89, 310].into());
        assert_eq!(cwes("external/cwe/cwe-079,cwe89, owasp-a1"), [79, 89].into());
        assert_eq!(cwe("614"), [614].into());
        assert_eq!(cwe("-1"), BTreeSet::new());
        assert_eq!(cwe("0"), BTreeSet::new());
    }

    #[test]
    fn what_is_an_identifier_has_no_blanks_and_a_known_beginning() {
        assert!(is_identifier("CVE-2021-44228") && is_identifier("GHSA-jfh8-c2jp-5v3q"));
        for text in ["CVE-", "CVE-2021-1 and more", "AVD-DS-0002"] {
            assert!(!is_identifier(text), "{text}");
        }
    }

    #[test]
    fn scores_are_between_nothing_and_ten() {
        assert_eq!(score("7.5"), Some(75));
        assert_eq!(score("10.0"), Some(100));
        assert_eq!(score("5"), Some(50));
        assert_eq!((score("7.199999809265137"), score("9.800000190734863")), (Some(72), Some(98)));
        assert_eq!(
            (score("0.0"), score_unless_zero("0.0"), score_unless_zero("9.8")),
            (Some(0), None, Some(98))
        );
        for text in ["50", "10.1", "-1", "", "7,5", ".5", "x", "1e1"] {
            assert_eq!(score(text), None, "{text}");
        }
    }

    #[test]
    fn vectors_lose_what_is_around_them() {
        assert_eq!(vector("CVSS2#AV:N/AC:L/Au:N/C:N/I:P/A:N").as_deref(), Some("AV:N/AC:L/Au:N/C:N/I:P/A:N"));
        assert_eq!(vector("(AV:N/AC:L/Au:N/C:N/I:P/A:N)").as_deref(), Some("AV:N/AC:L/Au:N/C:N/I:P/A:N"));
        assert_eq!(vector("7.5"), None);
        assert_eq!(vector(""), None);
    }

    #[test]
    fn kinds_follow_what_the_title_says() {
        let none = BTreeSet::new();
        let table = [
            ("Cookie Without Secure Flag", false, FindingKind::Misconfiguration),
            ("X-Frame-Options Header Not Set", false, FindingKind::Misconfiguration),
            ("CRLF Header Injection", false, FindingKind::Vulnerability),
            ("Absence of Anti-CSRF Tokens", false, FindingKind::Vulnerability),
            ("SSL Medium Strength Cipher Suites", true, FindingKind::Vulnerability),
            ("PHP Unsupported Version Detection", false, FindingKind::EndOfLife),
            ("Operating System (OS) End of Life (EOL) Detection", false, FindingKind::EndOfLife),
            ("Something new", false, FindingKind::Vulnerability),
        ];
        for (title, cve, expected) in table {
            assert_eq!(kind(title, &none, cve), expected, "{title}");
        }
        assert_eq!(kind("Something new", &[693].into(), false), FindingKind::Misconfiguration);
        assert_eq!(kind("Cookie Poisoning", &[20].into(), false), FindingKind::Vulnerability);
    }
}
