//! Single texts of version entries: is it a version, a series (`5.10.*`), no bound at all, or words?

use shindan_domain::version::{Bound, Scheme};

/// Stands for "arbitrarily large" inside a version: `5.10.*` as the end of an exception becomes this component.
/// Greater than any build number or time stamp that is used as a component, and still within 64 bits.
const LARGE: &str = "999999999999999999";

/// Words that belong to a version (`15.0 SP1`, `9.0 Update 2`), in lower case.
const VERSION_WORDS: [&str; 27] = [
    "alpha",
    "beta",
    "build",
    "cu",
    "cumulative",
    "ep",
    "fix",
    "fp",
    "ga",
    "hf",
    "hotfix",
    "level",
    "lts",
    "maintenance",
    "mr",
    "p",
    "pack",
    "patch",
    "pl",
    "r",
    "rc",
    "release",
    "rev",
    "service",
    "sp",
    "u",
    "update",
];

/// Texts that CNAs write where the schema asks for a version and they have none.
const NO_VERSION: [&str; 10] = ["", "-", "n/a", "na", "unspecified", "unknown", "none", "*", "any", "all"];

/// True for a text that says "from the beginning" as a lower bound.
pub(super) fn is_open_start(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    NO_VERSION.contains(&lower.as_str()) || lower.split('.').all(|part| part == "0")
}

/// True for a single text that names every version explicitly.
pub(super) fn is_every_version(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    matches!(lower.as_str(), "*" | "all" | "all versions" | "any" | "any version" | "every version")
}

/// True if the text looks like one version that a scheme can be asked to order.
pub(super) fn is_version(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 100 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if is_span(text) {
        return false;
    }
    let mut words = text.split_ascii_whitespace();
    words.next().is_some_and(is_word_of_version) && words.all(is_later_word)
}

fn is_word_of_version(word: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+~:()".contains(&byte);
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    // `7.1.x` is a series, not a version.
    has_digit && word.bytes().all(allowed) && !word.split('.').any(|part| part.eq_ignore_ascii_case("x"))
}

/// A further word: a known one (`SP`), one with its number (`SP1`), or a number.
fn is_later_word(word: &str) -> bool {
    let word = word.trim_matches(|c| c == '(' || c == ')').to_ascii_lowercase();
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    letters.is_empty() || VERSION_WORDS.contains(&letters)
}

/// True for `12.1.1-12.1.3`: two plain versions of the same shape with a hyphen between them.
fn is_span(text: &str) -> bool {
    let Some((left, right)) = text.split_once('-') else { return false };
    let dots = |part: &str| part.bytes().filter(|byte| *byte == b'.').count();
    let plain = |part: &str| crate::advisory::plain_order::is_plain(part.trim());
    plain(left) && plain(right) && dots(left) > 0 && dots(left) == dots(right)
}

/// The stem of a series: `5.10` for `5.10.*`.
pub(super) fn series(text: &str) -> Option<&str> {
    let text = text.trim();
    let stem =
        text.strip_suffix(".*").or_else(|| text.strip_suffix(".x")).or_else(|| text.strip_suffix(".X"))?;
    let last_is_number =
        stem.rsplit('.').next().is_some_and(|part| part.bytes().any(|byte| byte.is_ascii_digit()));
    (is_version(stem) && last_is_number && !stem.contains(char::is_whitespace)).then_some(stem)
}

/// The end of a series where its versions are claimed: below the next series (`5.10.*` ends below `5.11`). Where a
/// pre-release of the next series exists, it is claimed too; that errs on the side of a finding.
pub(super) fn series_end_claimed(stem: &str, scheme: Scheme) -> Option<Bound> {
    let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, number) = stem.split_at_checked(stem.len() - digits)?;
    let next = number.parse::<u64>().ok()?.checked_add(1)?;
    Some(Bound::Exclusive(padded(&format!("{head}{next}"), scheme, "0")))
}

/// The end of a series where its versions are excepted: the largest version of the series itself, so that nothing
/// of the next series is excepted.
pub(super) fn series_end_excepted(stem: &str, scheme: Scheme) -> Bound {
    Bound::Inclusive(padded(&format!("{stem}.{LARGE}"), scheme, LARGE))
}

/// Semantic versions have three parts.
fn padded(version: &str, scheme: Scheme, with: &str) -> String {
    let mut version = version.to_owned();
    if matches!(scheme, Scheme::Semver | Scheme::Npm | Scheme::Go) {
        while version.split('.').count() < 3 {
            version.push('.');
            version.push_str(with);
        }
    }
    version
}

/// True for a commit hash, abbreviated or whole.
pub(super) fn is_commit(text: &str) -> bool {
    let text = text.trim();
    (7..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The scheme behind `versionType`. An ecosystem decides before the type does; a declared semantic version whose
/// texts are none is of no declared scheme.
pub(super) fn scheme(ecosystem: Option<Scheme>, version_type: Option<&str>, texts: &[&str]) -> Scheme {
    if let Some(scheme) = ecosystem {
        return scheme;
    }
    let declared = version_type.unwrap_or_default().trim().to_ascii_lowercase();
    match declared.split_ascii_whitespace().next().unwrap_or_default() {
        "semver" | "semvar" if texts.iter().all(|text| is_strict_semver(text)) => Scheme::Semver,
        "npm" if texts.iter().all(|text| is_strict_semver(text)) => Scheme::Npm,
        "python" | "pep440" | "pypi" => Scheme::Pypi,
        "maven" => Scheme::Maven,
        "rpm" => Scheme::Rpm,
        "deb" | "dpkg" => Scheme::Deb,
        "nuget" => Scheme::Nuget,
        "gem" | "rubygems" => Scheme::Gem,
        _ => Scheme::Generic,
    }
}

/// `1.2.3`, with pre-release or build; also the texts that are no bound.
fn is_strict_semver(text: &str) -> bool {
    let text = text.trim();
    if is_open_start(text) || series(text).is_some() {
        return true;
    }
    let core = text.split(['-', '+']).next().unwrap_or_default();
    core.split('.').count() == 3 && crate::advisory::plain_order::is_plain(core)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_words() {
        for version in [
            "1.2.3",
            "V05.30",
            "15.0 SP1",
            "R1 SP2",
            "10.0.17763.5696",
            "0:4.18.0-553.el8",
            "2.1.4-1",
            "12L",
            "9.0 Update 2",
            "1.0 (Build 1575)",
            "1.0-beta.1",
            "2023.4",
            "230.041",
            "4.4.0-6.5",
            "1.0 build 20230101",
        ] {
            assert!(is_version(version), "{version}");
        }
        for words in [
            "",
            "n/a",
            "-",
            "*",
            "< 1.2.3",
            "prior to 2.0",
            "5.4 and earlier",
            "1.0 through 1.5",
            "all versions",
            "12.1.1-12.1.3",
            "7.1.x",
            "7.1.*",
            "various",
            "publication",
            "1.0, 1.1",
            "Junos 21.2",
            "<=3",
            "1.0/1.1",
            "version before 2023.2",
            "１．０",
        ] {
            assert!(!is_version(words), "{words}");
        }
    }

    #[test]
    fn series_have_two_ends() {
        assert_eq!(series("5.10.*"), Some("5.10"));
        assert_eq!(series("V3.x"), Some("V3"));
        for none in ["*", ".*", "Apache SOAP*", "10*", "a.*", "5.*.*", "1.0 SP1.*"] {
            assert_eq!(series(none), None, "{none}");
        }
        let claimed = |stem, scheme| series_end_claimed(stem, scheme).expect("a number");
        assert_eq!(claimed("5.10", Scheme::Generic), Bound::Exclusive("5.11".into()));
        assert_eq!(claimed("V9", Scheme::Generic), Bound::Exclusive("V10".into()));
        assert_eq!(claimed("2", Scheme::Semver), Bound::Exclusive("3.0.0".into()));
        assert_eq!(series_end_excepted("5.10", Scheme::Generic), Bound::Inclusive(format!("5.10.{LARGE}")));
        assert_eq!(series_end_claimed("99999999999999999999", Scheme::Generic), None);
    }

    #[test]
    fn schemes_follow_ecosystem_then_type_then_text() {
        assert_eq!(scheme(Some(Scheme::Npm), Some("custom"), &["1"]), Scheme::Npm);
        assert_eq!(scheme(None, Some("semver"), &["1.0.0", "*", "0"]), Scheme::Semver);
        assert_eq!(scheme(None, Some("semver"), &["1.0"]), Scheme::Generic);
        assert_eq!(scheme(None, Some("python"), &["1.0"]), Scheme::Pypi);
        assert_eq!(scheme(None, Some("custom"), &["1.0"]), Scheme::Generic);
        assert_eq!(scheme(None, None, &[]), Scheme::Generic);
    }

    #[test]
    fn commits() {
        assert!(is_commit("1da177e4c3f4") && is_commit("7cb6c860e9b56def7667096351cabf793dc5645a"));
        assert!(!is_commit("2.1.4-1") && !is_commit("20240814") && !is_commit("abc"));
    }
}
