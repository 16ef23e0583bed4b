//! Nikto. Several checks share one number (every uncommon header is 999100): what stands between quotes in the text tells them apart.

use shindan_domain::assessment::{ScanPlace, ScanResult};
use shindan_domain::identifier::FindingKind;

use crate::scan::collected;
use crate::scan::{names, place, secrets};

/// One line of a report of Nikto, whatever its format.
pub(in crate::scan) struct Entry<'a> {
    /// Number of the check; what stands for it where there is none ([`rule`]).
    pub(in crate::scan) rule: &'a str,
    /// What was found.
    pub(in crate::scan) description: &'a str,
    /// Where, below the site; empty for the site as a whole.
    pub(in crate::scan) uri: &'a str,
    /// Method of the request.
    pub(in crate::scan) method: &'a str,
    /// Number in OSVDB, with or without `OSVDB-`; `0` for none.
    pub(in crate::scan) osvdb: &'a str,
    /// Texts that hold addresses and identifiers.
    pub(in crate::scan) references: Vec<&'a str>,
}

/// The finding that an entry tells, on this site.
pub(in crate::scan) fn finding(entry: &Entry<'_>, site: &ScanPlace) -> ScanResult {
    let description = secrets::removed(entry.description);
    let uri = if entry.uri.trim().is_empty() { "/" } else { entry.uri.trim() };
    let mut result =
        ScanResult::new(entry.rule, collected::line(&description), FindingKind::Vulnerability, site.clone());
    let spot = &mut result.place;
    spot.path = place::web(uri).path.or_else(|| spot.path.take());
    spot.url = site.url.as_deref().map(|url| {
        let (scheme, authority, _) = split_url(url);
        let (_, _, below) = split_url(uri);
        collected::line(&secrets::removed(&format!("{scheme}{authority}{below}")))
    });
    spot.method = Some(entry.method.trim()).filter(|method| !method.is_empty()).map(str::to_owned);
    spot.parameter = quoted(without_uri(&description, uri)).map(collected::line);
    result.evidence = collected::short(&description);
    result.identifiers = names::cves(&description).collect();
    for word in entry.references.iter().flat_map(|text| text.split_whitespace()) {
        let word = word.trim_matches(['.', ',', ';', ':', '(', ')']);
        names::identify(&mut result, word);
        names::reference(&mut result, word);
        if word.to_ascii_uppercase().starts_with("CWE-") {
            result.cwe.extend(names::cwe(word));
        }
    }
    result.kind = names::kind(&description, &result.cwe, !result.identifiers.is_empty());
    let osvdb = entry.osvdb.trim().trim_start_matches("OSVDB-");
    if !osvdb.is_empty() && osvdb != "0" && osvdb.bytes().all(|byte| byte.is_ascii_digit()) {
        result.identifiers.insert(format!("OSVDB-{osvdb}"));
    }
    result
}

/// What stands for the number of a check where a report gives none: the message without what stands between quotes and behind a colon.
pub(in crate::scan) fn rule(message: &str) -> String {
    let message = message.trim_start_matches(['/', ':', ' ']);
    let outside: Vec<&str> = message.split(['\'', '"']).step_by(2).collect();
    let outside = outside.join("_");
    let end = outside.find(": ").filter(|end| *end > 10).unwrap_or(outside.len());
    crate::text::shorten(outside.get(..end).unwrap_or(&outside), 80)
}

/// A text without the path that Nikto 2.5 puts in front of it: `/a/: Cookie x created without`.
fn without_uri<'t>(text: &'t str, uri: &str) -> &'t str {
    text.strip_prefix(uri).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(text)
}

/// `https://`, `host:443` and `/path?query` of an address; an address without a scheme is a path.
fn split_url(url: &str) -> (&str, &str, &str) {
    let Some(at) = url.find("://") else { return ("", "", url) };
    let (scheme, rest) = url.split_at(at + 3);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (scheme, authority, path)
}

/// The header, cookie or entry that a text speaks of: `Uncommon header 'x-cache' found`, `Cookie JSESSIONID created without`.
fn quoted(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("Cookie ") {
        return rest.split_whitespace().next();
    }
    let (_, rest) = text.split_once('\'')?;
    let (inner, _) = rest.split_once('\'')?;
    (!inner.is_empty() && inner.len() <= 100 && !inner.contains(char::is_whitespace)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_for_two_headers_is_two_findings() {
        assert_eq!(quoted("Uncommon header 'x-cache' found, with contents: HIT"), Some("x-cache"));
        assert_eq!(quoted("Cookie JSESSIONID created without the httponly flag"), Some("JSESSIONID"));
        let named = without_uri("/a/: Cookie sid created without the secure flag", "/a/");
        assert_eq!(quoted(named), Some("sid"));
        assert_eq!(quoted("it's there, isn't it"), None);
        assert_eq!(split_url("https://a:443/b/c"), ("https://", "a:443", "/b/c"));
    }

    #[test]
    fn values_are_no_part_of_the_rule() {
        assert_eq!(
            rule("Uncommon header 'x-cache' found, with contents: HIT"),
            "Uncommon header _ found, with contents"
        );
        assert_eq!(
            rule("/: The X-Frame-Options header is not present."),
            "The X-Frame-Options header is not present."
        );
        assert_eq!(rule(""), "");
    }
}
