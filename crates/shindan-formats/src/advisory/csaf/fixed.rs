//! Fixed versions that a remediation names plainly: "Update to version 5.170.5 or later". Anything that could be
//! meant in two ways yields nothing; the text itself is kept with the remediation.

use shindan_domain::version::{Bound, Scheme, VersionClaim};

use crate::range_text;

/// Longest version in words: `V4.7 SP4 Update 1 HF1`.
const LONGEST: usize = 5;

/// The one version that `details` tells to install, if it names exactly one.
pub(super) fn plain(details: &str) -> Option<String> {
    if details.len() > 2000 {
        return None;
    }
    let mut found: Option<String> = None;
    let words: Vec<&str> = details.split_whitespace().collect();
    let mut index = 0;
    while index < words.len() {
        let Some((version, count)) = candidate(words.get(index..)?) else {
            index += 1;
            continue;
        };
        let last = index + count - 1;
        if told_before(&words, index) || told_after(&words, last) {
            if !ends_there(&words, last) || found.as_ref().is_some_and(|known| *known != version) {
                return None;
            }
            found = Some(version);
        }
        index += count;
    }
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '"' | '\'')).trim_end_matches('.')
}

/// The longest run of words that is one version beyond doubt, with its length.
fn candidate(words: &[&str]) -> Option<(String, usize)> {
    if !words.first()?.contains('.') {
        return None;
    }
    (1..=LONGEST.min(words.len())).rev().find_map(|count| {
        let (last, front) = words.get(..count)?.split_last()?;
        // Punctuation ends a version, so that only the last word may carry it.
        if front.iter().any(|word| bare(word) != *word) {
            return None;
        }
        let mut text = front.join(" ");
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(bare(last));
        single(&text).map(|version| (version, count))
    })
}

fn single(text: &str) -> Option<String> {
    let parsed = range_text::parse(text, Scheme::Generic);
    let VersionClaim::Ranged { ranges, except } = parsed.claim else { return None };
    match (ranges.as_slice(), except.is_empty(), parsed.product_hint) {
        ([range], true, None) => match (&range.lower, &range.upper) {
            (Bound::Inclusive(a), Bound::Inclusive(b)) if a == b => Some(a.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// What follows must not belong to the version: "V4.7 Edition B" would otherwise be cut to "V4.7".
fn ends_there(words: &[&str], last: usize) -> bool {
    let closed = words.get(last).is_some_and(|word| word.ends_with(['.', ',', ';', ':', ')']));
    closed || words.get(last + 1).is_none_or(|next| next.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// "update to 1.2", "upgrade to version 1.2", "fixed in v1.2".
fn told_before(words: &[&str], index: usize) -> bool {
    let lower = |back: usize| {
        let at = index.checked_sub(back)?;
        words.get(at).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    };
    let marks = ["version", "versions", "v", "firmware", "release"];
    let skip = usize::from(lower(1).is_some_and(|w| marks.contains(&w.as_str())));
    let preposition = lower(1 + skip).unwrap_or_default();
    let verb = lower(2 + skip).unwrap_or_default();
    let install = ["update", "upgrade", "updating", "upgrading", "updated", "upgraded"];
    let fix = ["fixed", "resolved", "patched", "addressed", "corrected"];
    (preposition == "to" && install.contains(&verb.as_str()))
        || (preposition == "in" && fix.contains(&verb.as_str()))
}

/// "1.2 or later", "1.2 and newer".
fn told_after(words: &[&str], index: usize) -> bool {
    let lower = |ahead: usize| {
        words.get(index + ahead).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    };
    let joined = matches!(lower(1).as_deref(), Some("or" | "and"));
    joined && matches!(lower(2).as_deref(), Some("later" | "newer" | "higher" | "above" | "greater"))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn one_version_told_plainly() {
        let table = [
            ("OpenClinic recommends to update to Version 5.170.5 or later.", Some("5.170.5")),
            ("Upgrade to 2.1.3", Some("2.1.3")),
            ("Update to v1.40.46.63 or newer version.", Some("v1.40.46.63")),
            ("The issue is fixed in version 3.2.", Some("3.2")),
            ("Users of 1.0 should update to version 2.0 or later", Some("2.0")),
            ("Update to V4.7 SP4 HF1 or later version", Some("V4.7 SP4 HF1")),
            ("Update to V4.7 Hotfix Collection 2", None),
            ("FortiOS 7.6: Upgrade to 7.6.3 or above FortiOS 7.4: Upgrade to 7.4.8 or above", None),
            ("Version 4.0 and prior are affected", None),
            ("Contact the vendor", None),
            ("Update to the latest version", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(plain(text).as_deref(), expected, "{text}");
        }
    }
}
