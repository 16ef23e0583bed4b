//! What tools say of a weakness, in the forms in which they say it: CWE numbers, identifiers, scores, and which weaknesses are
//! ones of settings.

use std::collections::BTreeSet;

use shindan_domain::assessment::ScanResult;
use shindan_domain::identifier::FindingKind;

/// Weaknesses (CWE) that lie in the way something is set up: headers, cookies, TLS, listings, what errors show.
const OF_SETTINGS: [u32; 24] = [
    2, 11, 12, 13, 16, 260, 276, 295, 311, 319, 325, 326, 327, 497, 525, 538, 548, 614, 693, 732, 942, 1004,
    1021, 1275,
];

/// Beginnings of identifiers of vulnerabilities.
const IDENTIFIERS: [&str; 16] = [
    "CVE-", "GHSA-", "PYSEC-", "RUSTSEC-", "GO-", "OSV-", "MAL-", "JVNDB-", "JVN#", "DSA-", "DLA-", "USN-",
    "ALAS-", "RHSA-", "SNYK-", "GMS-",
];

/// The CWE numbers that a text names: `CWE-79: …`, `external/cwe/cwe-079`, `cwe:79`.
pub(super) fn cwe_in(text: &str) -> BTreeSet<u32> {
    let lower = text.to_ascii_lowercase();
    let mut numbers = BTreeSet::new();
    for after in lower.split("cwe").skip(1) {
        let digits = after.trim_start_matches(['-', '_', ':', ' ', '/']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if let Some(number) = digits.get(..end).and_then(|digits| digits.parse().ok()).filter(|n| *n > 0) {
            numbers.insert(number);
        }
    }
    numbers
}

/// The CWE number that a field of that meaning holds: `79`, `CWE-79`.
pub(super) fn cwe_of(text: &str) -> BTreeSet<u32> {
    match text.trim().parse::<u32>() {
        Ok(0) => BTreeSet::new(),
        Ok(number) => BTreeSet::from([number]),
        // `-1` stands for none in ZAP.
        Err(_) => cwe_in(text),
    }
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

/// A weakness of settings, if one of the numbers is.
pub(super) fn kind_of(cwe: &BTreeSet<u32>) -> FindingKind {
    if cwe.iter().any(|number| OF_SETTINGS.contains(number)) {
        FindingKind::Misconfiguration
    } else {
        FindingKind::Vulnerability
    }
}

/// A CVSS score × 10; `None` if it is none, or 0: tools write 0 where they have no score.
pub(super) fn score_x10(score: &str) -> Option<u8> {
    let score: f64 = score.trim().parse().ok()?;
    let tenths = (score * 10.0).round();
    // In range by the guard.
    (tenths > 0.0 && tenths <= 100.0).then_some(tenths as u8)
}

/// Adds a CVSS vector once.
pub(super) fn vector(result: &mut ScanResult, vector: &str) {
    let vector = vector.trim();
    if vector.contains("AV:") && vector.len() < 400 && !result.cvss.iter().any(|known| known == vector) {
        result.cvss.push(vector.to_owned());
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

/// A file in which a component was found, up to the folder or name that holds its version: `/lib/redis-4.0.2.dist-info/METADATA`
/// is `/lib`. The place of a component is a part of its identity, and its version is not.
pub(super) fn without_version(path: &str, version: &str) -> String {
    let holds = |part: &&str| version.len() >= 3 && part.contains(version);
    match path.split('/').position(|part| holds(&part)) {
        Some(number) => path.split('/').take(number).collect::<Vec<_>>().join("/"),
        None => path.to_owned(),
    }
}

/// `"0"`, `false`, `none` and nothing stand for none.
pub(super) fn fixed(version: &str) -> Option<String> {
    let version = version.trim();
    let none = matches!(version.to_ascii_lowercase().as_str(), "" | "none" | "false" | "true" | "null");
    (!none).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaknesses_in_many_forms() {
        assert_eq!(cwe_in("CWE-79: Cross-site (XSS)"), BTreeSet::from([79]));
        assert_eq!(cwe_in("external/cwe/cwe-079"), BTreeSet::from([79]));
        assert_eq!(cwe_in("cwe-79,cwe-89"), BTreeSet::from([79, 89]));
        assert_eq!(cwe_in("owasp-a1"), BTreeSet::new());
        assert_eq!(cwe_of("693"), BTreeSet::from([693]));
        assert_eq!(cwe_of("-1"), BTreeSet::new());
        assert_eq!(cwe_of("0"), BTreeSet::new());
    }

    #[test]
    fn places_of_components_hold_no_version() {
        assert_eq!(without_version("/lib/redis-4.0.2.dist-info/METADATA", "4.0.2"), "/lib");
        assert_eq!(without_version("/app/lib/log4j-2.14.1.jar", "2.14.1"), "/app/lib");
        assert_eq!(without_version("/var/lib/dpkg/status", "1.2"), "/var/lib/dpkg/status");
        assert_eq!(without_version("/lib/1/x", "1"), "/lib/1/x");
    }

    #[test]
    fn identifiers_and_scores() {
        assert!(is_identifier("CVE-2021-44228") && is_identifier("GHSA-jfh8-c2jp-5v3q"));
        assert!(
            !is_identifier("CVE-") && !is_identifier("CVE-2021-1 and more") && !is_identifier("AVD-DS-0002")
        );
        assert_eq!(
            (score_x10("9.8"), score_x10("0.0"), score_x10("11"), score_x10("x")),
            (Some(98), None, None, None)
        );
    }
}
