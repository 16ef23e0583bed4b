//! NetScaler's way to write versions: `version` is a release (`13.1`) and its limit a build of that release (`49.13`).
//! Taken by the letter, `13.1` below `49.13` would hold `14.1` and the fixed build itself, and `14.1` below `12.35`
//! nothing at all.
//!
//! Source: records of the CNA Citrix, for instance CVE-2023-3466 and CVE-2024-5491. CISA writes the same limits out:
//! `13.1` below `13.1-51.15`.
//!
//! Editions (`13.1-FIPS`, `12.1-NDcPP`, `13.1 FIPS and NDcPP`) have builds of their own under the same release. A device
//! prints the same text for either, so that an edition's limit holds for every build of the release below it: that is a
//! finding too many at worst, because the other builds below it are older still.

use shindan_domain::version::{Bound, Scheme, VersionRange};

use super::model::{Product, VersionEntry};

/// The builds that an entry means, and the first build beyond them where the limit is exclusive; `None` if the entry is
/// not written that way.
pub(super) fn of(entry: &VersionEntry<'_>, product: &Product<'_>) -> Option<(VersionRange, Option<String>)> {
    if !entry.changes.is_empty() || !is_netscaler(product) {
        return None;
    }
    let (release, start) = start(entry.version.trim())?;
    let (limit, exclusive) = match (&entry.less_than, &entry.less_than_or_equal) {
        (Some(limit), _) => (limit, true),
        (None, Some(limit)) => (limit, false),
        // One build, and not everything from the release to the build. A release alone is read as others are.
        (None, None) => {
            return (start != release).then(|| (VersionRange::exactly(Scheme::Generic, start), None));
        }
    };
    let limit = limit.trim();
    let written_out = limit.strip_prefix(release).and_then(|rest| rest.strip_prefix('-'));
    let build = Some(written_out.unwrap_or(limit)).filter(|build| is_pair(build))?;
    let end = format!("{release}-{build}");
    let upper = if exclusive { Bound::Exclusive(end.clone()) } else { Bound::Inclusive(end.clone()) };
    let lower = Bound::Inclusive(start.to_owned());
    Some((VersionRange { scheme: Scheme::Generic, lower, upper }, exclusive.then_some(end)))
}

fn is_netscaler(product: &Product<'_>) -> bool {
    let lower = |text: &Option<crate::json::Str<'_>>| text.as_deref().unwrap_or_default().to_lowercase();
    let (vendor, name) = (lower(&product.vendor), lower(&product.product));
    let citrix = vendor.contains("citrix") || vendor.contains("cloud software group");
    let former = ["adc", "gateway", "application delivery controller"];
    name.contains("netscaler") || (citrix && former.iter().any(|word| name.contains(word)))
}

/// The release, and the version from which on an entry holds: the release itself or one of its builds (`13.1-4.43`).
fn start(text: &str) -> Option<(&str, &str)> {
    match text.split_once('-') {
        Some((release, build)) if is_pair(release) && is_pair(build) => Some((release, text)),
        _ => release(text).map(|release| (release, release)),
    }
}

/// `13.1` of `13.1`, ` 13.1-FIPS` and `13.1 FIPS and NDcPP`.
fn release(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (release, edition) = text.split_at_checked(end)?;
    let mut words = edition.split([' ', '-', ',', '/']).filter(|word| !word.is_empty());
    let known = |word: &str| ["fips", "ndcpp", "and"].iter().any(|known| word.eq_ignore_ascii_case(known));
    (is_pair(release) && words.all(known)).then_some(release)
}

/// True for two numbers with a dot between them.
fn is_pair(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(left, right)| number(left) && number(right))
}
