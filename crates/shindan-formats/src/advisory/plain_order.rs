//! The one piece of version order that this crate relies on: between plain dotted numbers.
//!
//! Order belongs to the version schemes of `shindan-match`. But every scheme agrees that 1.9 comes before 1.10, and
//! some records can only be read right with that much knowledge: events out of order, entries that may overlap.
//! Wherever schemes disagree (`1.0` and `1.0.0`, suffixes, epochs) the answer here is *not known*.

use std::cmp::Ordering;

/// The order of two versions if both are plain dotted numbers and every scheme agrees; else `None`.
pub(crate) fn compare(a: &str, b: &str) -> Option<Ordering> {
    if a == b && is_plain(a) {
        return Some(Ordering::Equal);
    }
    if !is_plain(a) || !is_plain(b) {
        return None;
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        match (left.next(), right.next()) {
            // The same numbers so far, written at different length or with leading zeros: schemes disagree.
            (None, None) => return None,
            (x, y) => match number_order(x.unwrap_or("0"), y.unwrap_or("0")) {
                Ordering::Equal => {}
                decided => return Some(decided),
            },
        }
    }
}

/// True for digits and dots such as `10.0.17763`.
pub(crate) fn is_plain(version: &str) -> bool {
    version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn number_order(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_scheme_agrees_on() {
        assert_eq!(compare("1.9", "1.10"), Some(Ordering::Less));
        assert_eq!(compare("2", "1.99.99"), Some(Ordering::Greater));
        assert_eq!(compare("1.0", "1.0.1"), Some(Ordering::Less));
        assert_eq!(compare("1.2.3", "1.2.3"), Some(Ordering::Equal));
        assert_eq!(compare("1.0", "1.0.0"), None);
        assert_eq!(compare("1.01", "1.1"), None);
        assert_eq!(compare("1.0-rc1", "1.0"), None);
        assert_eq!(compare("v1", "v1"), None);
        assert_eq!(compare("", ""), None);
    }
}
