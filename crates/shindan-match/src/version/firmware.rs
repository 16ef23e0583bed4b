//! Firmware as a device prints it and a ledger copies it. What surrounds the version and never counts is taken away;
//! what remains is ordered by the scheme of the advisory, or has no order there, which is said.

use std::borrow::Cow;

/// A firmware text in the form in which it is compared: without a copyright line's rest (`, RELEASE SOFTWARE (fc3)`),
/// and with NetScaler's build as advisories write it (`NS13.1: Build 49.13.nc` is `13.1-49.13`).
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let front = trimmed.split_once(", RELEASE SOFTWARE").map_or(trimmed, |(front, _)| front);
    match netscaler(front) {
        Some(version) => Cow::Owned(version),
        None => Cow::Borrowed(front),
    }
}

/// `NS13.1: Build 49.13.nc, Date: …`, also behind the name of the system (`NetScaler NS13.1 …`).
fn netscaler(text: &str) -> Option<String> {
    let rest = text.strip_prefix("NetScaler").unwrap_or(text).trim_start();
    let rest = rest.strip_prefix("NS").unwrap_or(rest);
    let (release, rest) = rest.split_once([':', ' '])?;
    let build = rest.trim_start_matches([':', ' ']);
    let build = build.strip_prefix("Build").or_else(|| build.strip_prefix("build"))?.trim_start();
    // Both have two numbers: `7.0 build 0157` of other makers is none of this.
    let build: String = build.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let build = build.trim_end_matches('.');
    let two = |text: &str| {
        text.split('.').count() == 2
            && text.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    (two(release) && two(build) && text.contains("NS")).then(|| format!("{release}-{build}"))
}

/// The version in front of `build…`, if that is what follows a blank or a comma.
pub(crate) fn without_build(text: &str) -> Option<&str> {
    let (version, rest) = text.trim().split_once([' ', ',', '('])?;
    let rest = rest.trim_start_matches([' ', ',', '(']);
    let word = rest.get(..5).filter(|front| front.eq_ignore_ascii_case("build"));
    let number = word.and_then(|_| rest.get(5..)).or_else(|| rest.strip_prefix("ビルド"))?;
    let numbered = number.trim_start_matches([' ', ':', '.']).starts_with(|c: char| c.is_ascii_digit());
    (numbered && version.contains(|c: char| c.is_ascii_digit())).then_some(version)
}

/// True for a day in parts: `2023-10-01`, `2023/10/1`.
pub(crate) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day]
        if digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2))
}

/// The text behind the name of the software, where a ledger writes both: `FortiOS v7.0.13`. `names` are folded.
pub(crate) fn behind_name<'t>(text: &'t str, names: &[String]) -> Option<&'t str> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_whitespace() || c == '：' || c == ':')?;
    let (front, rest) = text.split_at_checked(end)?;
    let folded = crate::names::fold_product(front);
    let rest = rest.trim_start_matches([' ', '\u{3000}', ':', '：']);
    (names.contains(&folded) && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_the_version_is_taken_away() {
        for (text, expected) in [
            ("NS13.1: Build 49.13", "13.1-49.13"),
            ("NS13.1: Build 49.13.nc, Date: Jul 10 2023, 10:59:56", "13.1-49.13"),
            ("NetScaler NS12.1: Build 55.302.nc", "12.1-55.302"),
            ("NS13.1 Build 49.13", "13.1-49.13"),
            ("13.1-49.13", "13.1-49.13"),
            ("NS13", "NS13"),
            ("7.0 build 0157", "7.0 build 0157"),
            ("7.0 build 0157.1", "7.0 build 0157.1"),
            ("15.2(7)E3, RELEASE SOFTWARE (fc3)", "15.2(7)E3"),
            ("  v7.0.13 ", "v7.0.13"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn the_build_behind_a_version_may_be_left_out() {
        for (text, expected) in [
            ("v7.0.13 build0566", Some("v7.0.13")),
            ("v7.0.13,build0566,230831 (GA.M)", Some("v7.0.13")),
            ("7.0.13(build 0566)", Some("7.0.13")),
            ("7.0.13 ビルド0566", Some("7.0.13")),
            ("7.0.13 build", None),
            ("7.0.13 ビルド", None),
            ("build0566", None),
            ("7.0.13 patch 2", None),
            ("7.0.13", None),
            ("", None),
        ] {
            assert_eq!(without_build(text), expected, "{text}");
        }
    }

    #[test]
    fn the_name_of_the_software_may_stand_in_front() {
        let names = ["fortios".to_owned(), "panos".to_owned()];
        assert_eq!(behind_name("FortiOS v7.0.13", &names), Some("v7.0.13"));
        assert_eq!(behind_name("PAN-OS: 10.1.3-h1", &names), Some("10.1.3-h1"));
        assert_eq!(behind_name("iDRAC9 4.10.10.10", &names), None, "of another part of the device");
        assert_eq!(behind_name("FortiOS", &names), None);
        assert_eq!(behind_name("FortiOS ", &names), None);
    }
}
