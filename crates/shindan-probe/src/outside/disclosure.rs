//! Products and versions that a server tells without being asked. Each is a finding with component and version, so that the
//! caller can look it up in the knowledge base.

use std::collections::BTreeSet;

use shindan_domain::assessment::OutsideRule as Rule;

use super::Walk;
use super::record::Record;
use crate::target::Target;

/// Longest name or version.
const LONGEST: usize = 100;

pub(super) fn judge(record: &mut Record<'_>, base: &Target, walk: &Walk) {
    let rules = [Rule::ServerVersion, Rule::PoweredByVersion, Rule::AspnetVersion, Rule::GeneratorVersion];
    if let Err(trouble) = walk.page() {
        for rule in rules {
            record.trouble(rule, &trouble);
        }
    }
    let mut found = BTreeSet::new();
    for answer in walk.answers.iter().filter(|answer| answer.target.host == base.host) {
        let mut tell = |rule, header: &str, products: Vec<(String, String)>| {
            for (name, version) in products {
                found.insert((rule, header.to_owned(), name, version));
            }
        };
        for value in answer.all("server") {
            tell(Rule::ServerVersion, "Server", products(value));
        }
        for value in answer.all("x-powered-by") {
            tell(Rule::PoweredByVersion, "X-Powered-By", products(value));
        }
        for (header, name) in [("X-AspNet-Version", "ASP.NET"), ("X-AspNetMvc-Version", "ASP.NET MVC")] {
            for value in answer.all(header).filter(|value| is_version(value)) {
                let version = value.chars().take(LONGEST).collect();
                tell(Rule::AspnetVersion, header, vec![(name.to_owned(), version)]);
            }
        }
        let generators = generators(&answer.text());
        if generators.is_empty()
            && let Err(trouble) = &answer.whole
        {
            record.trouble(Rule::GeneratorVersion, trouble);
        }
        tell(Rule::GeneratorVersion, "generator", generators);
    }
    for rule in rules {
        record.passed(rule);
    }
    for (rule, header, name, version) in found {
        let mut place = record.host();
        place.path = Some(base.bare_path().to_owned());
        place.url = Some(base.to_string());
        place.parameter = Some(header.to_ascii_lowercase());
        place.component = Some(name.clone());
        place.version = Some(version.clone());
        record.found(rule, place, &format!("{header}: {name} {version}"));
    }
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `Apache/2.4.49 (Unix) OpenSSL/1.1.1k` (RFC 9110, section 10.2.4). Products without a version tell nothing.
fn products(value: &str) -> Vec<(String, String)> {
    let mut depth = 0_u32;
    let outside: String = value
        .chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let parts = outside.split([' ', ',', ';']).filter_map(|part| part.split_once('/'));
    let known = parts.filter(|(name, version)| !name.is_empty() && is_version(version));
    let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
    known.map(|(name, version)| (short(name), short(version))).collect()
}

/// `<meta name="generator" content="WordPress 6.1.1">`
fn generators(page: &str) -> Vec<(String, String)> {
    // The lower-case copy has the same length, so that places in it hold for the page.
    let lower = page.to_ascii_lowercase();
    let mut all = Vec::new();
    for (at, _) in lower.match_indices("<meta").take(200) {
        let length = lower.get(at..).and_then(|rest| rest.find('>')).unwrap_or(0).min(1000);
        let Some(tag) = page.get(at..at + length) else { continue };
        if attribute(tag, "name").is_some_and(|name| name.eq_ignore_ascii_case("generator"))
            && let Some(content) = attribute(tag, "content")
        {
            let mut words = content.split_whitespace();
            let mut name: Vec<&str> = Vec::new();
            let version = words.by_ref().find(|word| {
                let version = is_version(word.trim_start_matches('v'));
                if !version {
                    name.push(word);
                }
                version
            });
            if let Some(version) = version.filter(|_| !name.is_empty()) {
                let version = version.trim_start_matches('v').trim_end_matches([';', ',']);
                let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
                all.push((short(&name.join(" ")), short(version)));
            }
        }
    }
    all
}

/// The value of an attribute of a tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let lower = tag.to_ascii_lowercase();
    let start = lower.match_indices(name).find_map(|(at, _)| {
        let before = lower.get(..at)?.ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let rest = lower.get(at + name.len()..)?;
        let equals = rest.len() - rest.trim_start().len();
        (before && rest.trim_start().starts_with('=')).then_some(at + name.len() + equals + 1)
    })?;
    let value = tag.get(start..)?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_told_apart() {
        let of = |text: &str| {
            products(text).into_iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join(" ")
        };
        for (value, expected) in [
            ("Apache/2.4.49 (Unix) OpenSSL/1.1.1k PHP/7.4.3", "Apache=2.4.49 OpenSSL=1.1.1k PHP=7.4.3"),
            ("Microsoft-IIS/10.0", "Microsoft-IIS=10.0"),
            ("nginx", ""),
            ("Apache (Debian/12)", ""),
            ("ASP.NET", ""),
            ("a/b c/1)", "c=1"),
            ("((((", ""),
        ] {
            assert_eq!(of(value), expected, "{value}");
        }
    }

    #[test]
    fn generators_are_found_in_pages() {
        for (page, expected) in [
            ("<META content='WordPress 6.1.1' NAME='Generator'>", vec![("WordPress", "6.1.1")]),
            ("<meta name=\"generator\" content=\"TYPO3 CMS v4.5 x\" />", vec![("TYPO3 CMS", "4.5")]),
            ("<meta name=generator content=Hugo>", vec![]),
            ("<meta name=\"generator\" content=\"病院 2.0\">", vec![("病院", "2.0")]),
            ("<meta name=\"author\" content=\"x 1\"><meta", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            assert_eq!(generators(page), expected, "{page}");
        }
    }
}
