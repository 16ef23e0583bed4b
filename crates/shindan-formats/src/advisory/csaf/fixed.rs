//! Fixed versions that a remediation names plainly: "Update to version 5.170.5 or later". Anything that could be
//! meant in two ways yields nothing; the text itself is kept with the remediation.

use shindan_domain::version::{Bound, Scheme, VersionClaim};

use crate::range_text;

/// The one version that `details` tells to install, if it names exactly one.
pub(super) fn plain(details: &str) -> Option<String> {
    if details.len() > 2000 {
        return None;
    }
    let mut found: Option<String> = None;
    let words: Vec<&str> = details.split_whitespace().collect();
    for (index, word) in words.iter().enumerate() {
        let Some(version) = candidate(word) else { continue };
        if !(told_before(&words, index) || told_after(&words, index)) {
            continue;
        }
        match &found {
            Some(known) if *known != version => return None,
            _ => found = Some(version),
        }
    }
    found
}

/// A word that is a version beyond doubt.
fn candidate(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '"' | '\'')).trim_end_matches('.');
    if !word.contains('.') {
        return None;
    }
    let VersionClaim::Ranged { ranges, except } = range_text::parse(word, Scheme::Generic).claim else {
        return None;
    };
    match (ranges.as_slice(), except.is_empty()) {
        ([range], true) => match (&range.lower, &range.upper) {
            (Bound::Inclusive(a), Bound::Inclusive(b)) if a == b => Some(a.clone()),
            _ => None,
        },
        _ => None,
    }
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
