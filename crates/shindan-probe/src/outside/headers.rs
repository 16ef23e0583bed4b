//! Headers that protect, and cookies.

use std::collections::BTreeSet;

use shindan_domain::assessment::{OutsideRule as Rule, ScanPlace};

use super::Walk;
use super::record::Record;
use crate::http::Answer;
use crate::target::{Scheme, Target};

/// 180 days, in seconds.
const LONG_ENOUGH: u64 = 180 * 86_400;

pub(super) fn judge(record: &mut Record<'_>, base: &Target, walk: &Walk) {
    let page = match walk.page() {
        Ok(page) => page,
        Err(trouble) => {
            for rule in [
                Rule::HstsMissing,
                Rule::HstsShort,
                Rule::CspMissing,
                Rule::ContentTypeOptionsMissing,
                Rule::FrameOptionsMissing,
                Rule::ReferrerPolicyMissing,
                Rule::CookieNotSecure,
                Rule::CookieNotHttpOnly,
                Rule::CookieSameSiteMissing,
            ] {
                record.trouble(rule, &trouble);
            }
            return;
        }
    };
    strict_transport(record, base, page);
    let policy: Vec<String> =
        page.all("content-security-policy").map(|value| value.to_ascii_lowercase()).collect();
    let missing =
        |name: &str| Some((header_at(record, page, name), format!("status {}, no {name}", page.status)));
    let csp = if policy.iter().all(|one| one.is_empty()) { missing("content-security-policy") } else { None };
    let sniff = first_word(page, "x-content-type-options") == "nosniff";
    let sniff = if sniff { None } else { missing("x-content-type-options") };
    let frames = matches!(first_word(page, "x-frame-options").as_str(), "deny" | "sameorigin")
        || policy.iter().any(|one| limits_frames(one));
    let frames = if frames { None } else { missing("x-frame-options") };
    let referrer = if keeps_addresses(page) { None } else { missing("referrer-policy") };
    record.judged(Rule::CspMissing, csp);
    record.judged(Rule::ContentTypeOptionsMissing, sniff);
    record.judged(Rule::FrameOptionsMissing, frames);
    record.judged(Rule::ReferrerPolicyMissing, referrer);
    cookies(record, base, walk);
}

/// The parameter is the header, so that each is a finding of its own.
fn header_at(record: &Record<'_>, page: &Answer, name: &str) -> ScanPlace {
    ScanPlace { parameter: Some(name.to_owned()), ..record.web(&page.target, "GET") }
}

fn first_word(page: &Answer, name: &str) -> String {
    page.header(name).unwrap_or_default().trim().to_ascii_lowercase()
}

fn limits_frames(policy: &str) -> bool {
    policy.split([';', ',']).any(|directive| {
        let mut words = directive.split_whitespace();
        words.next() == Some("frame-ancestors") && words.all(|word| !matches!(word, "*" | "http:" | "https:"))
    })
}

/// Browsers take the last policy that they know.
fn keeps_addresses(page: &Answer) -> bool {
    let known = [
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "origin",
        "origin-when-cross-origin",
        "no-referrer-when-downgrade",
        "unsafe-url",
    ];
    let values = page.all("referrer-policy").flat_map(|value| value.split(','));
    let last =
        values.map(|value| value.trim().to_ascii_lowercase()).filter(|v| known.contains(&v.as_str())).last();
    last.is_some_and(|value| !matches!(value.as_str(), "unsafe-url" | "no-referrer-when-downgrade"))
}

fn strict_transport(record: &mut Record<'_>, base: &Target, page: &Answer) {
    if base.scheme == Scheme::Http {
        // Browsers pass over it in what is not encrypted (RFC 6797, section 7.2).
        record.does_not_apply(Rule::HstsMissing);
        record.does_not_apply(Rule::HstsShort);
        return;
    }
    let name = "strict-transport-security";
    let age = page.header(name).and_then(|value| {
        let directives = value.split(';').filter_map(|directive| directive.split_once('='));
        let age = directives
            .filter(|(key, _)| key.trim().eq_ignore_ascii_case("max-age"))
            .map(|(_, age)| age)
            .next()?;
        age.trim().trim_matches('"').parse::<u64>().ok()
    });
    match age {
        None => {
            record.found(Rule::HstsMissing, header_at(record, page, name), "no max-age");
            record.does_not_apply(Rule::HstsShort);
        }
        Some(age) => {
            record.passed(Rule::HstsMissing);
            let short =
                (age < LONG_ENOUGH).then(|| (header_at(record, page, name), format!("max-age={age}")));
            record.judged(Rule::HstsShort, short);
        }
    }
}

/// A cookie without its value, which may be a secret.
struct Cookie {
    name: String,
    secure: bool,
    http_only: bool,
    same_site: Option<String>,
    is_removed: bool,
}

fn cookie(header: &str) -> Option<Cookie> {
    let mut parts = header.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let mut cookie = Cookie {
        name: name.trim().chars().take(100).collect(),
        secure: false,
        http_only: false,
        same_site: None,
        is_removed: false,
    };
    for part in parts {
        let (key, setting) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "samesite" => cookie.same_site = Some(setting.trim().to_ascii_lowercase()),
            "max-age" => cookie.is_removed = value.is_empty() && setting.trim() == "0",
            _ => {}
        }
    }
    Some(cookie)
}

fn cookies(record: &mut Record<'_>, base: &Target, walk: &Walk) {
    let rules = [Rule::CookieNotSecure, Rule::CookieNotHttpOnly, Rule::CookieSameSiteMissing];
    for rule in rules {
        record.passed(rule);
    }
    let mut seen = BTreeSet::new();
    for answer in walk.answers.iter().filter(|answer| answer.target.host == base.host) {
        for cookie in answer.all("set-cookie").filter_map(cookie).filter(|cookie| !cookie.is_removed) {
            let same_site = match cookie.same_site.as_deref() {
                Some("lax" | "strict") => true,
                Some("none") => cookie.secure,
                _ => false,
            };
            for (rule, kept) in rules.into_iter().zip([cookie.secure, cookie.http_only, same_site]) {
                if !kept && seen.insert((rule, cookie.name.clone())) {
                    let mut place = record.web(&answer.target, "GET");
                    place.parameter = Some(cookie.name.clone());
                    record.found(rule, place, &format!("cookie {}", cookie.name));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_without_their_value() {
        let one = cookie("SID=secret; Path=/; secure; HttpOnly; SameSite=None").unwrap();
        assert_eq!((one.name.as_str(), one.secure, one.http_only), ("SID", true, true));
        assert_eq!(one.same_site.as_deref(), Some("none"));
        assert!(cookie("nonsense").is_none());
        assert!(cookie("SID=; Max-Age=0").unwrap().is_removed);
    }

    #[test]
    fn frames_are_limited_by_a_policy_that_names_who_may() {
        for (policy, limited) in [
            ("frame-ancestors 'none'", true),
            ("default-src 'self'; frame-ancestors 'self' https://portal.example.jp", true),
            ("frame-ancestors *", false),
            ("default-src 'none'", false),
            ("frame-ancestors https:", false),
        ] {
            assert_eq!(limits_frames(policy), limited, "{policy}");
        }
    }
}
