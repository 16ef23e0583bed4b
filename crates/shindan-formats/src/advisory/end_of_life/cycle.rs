//! One release of a product, from either form of the API.

use shindan_domain::version::{Bound, Scheme, VersionRange};

use super::model::{DateOrFlag, OldCycle, Product, Release, scalar};
use crate::advisory::plain_order;
use crate::json::Str;

/// When security support ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// From this day on there is none, as written.
    On(String),
    /// There is none any more; no day is told.
    Passed,
    /// No end is known.
    Never,
    /// Nothing is said.
    Untold,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cycle {
    /// `22.04`, `10-22h2-e`
    pub name: String,
    /// For people: `22.04 'Jammy Jellyfish' (LTS)`
    pub label: String,
    pub end: End,
    /// The ends of all phases in the source's words.
    pub summary: String,
    /// The newest version of it.
    pub latest: Option<String>,
    pub link: Option<String>,
    pub pointer: String,
}

impl Cycle {
    /// From API v1.
    pub(super) fn of_release(release: &Release<'_>, product: &Product<'_>, pointer: String) -> Cycle {
        let end = match (&release.eol_from, release.is_eol) {
            (Some(day), _) => End::On(day.trim().to_owned()),
            (None, Some(true)) => End::Passed,
            (None, Some(false)) => End::Never,
            (None, None) => End::Untold,
        };
        let phases = [
            (&product.labels.eoas, "eoas", &release.eoas_from),
            (&product.labels.eol, "eol", &release.eol_from),
            (&product.labels.eoes, "eoes", &release.eoes_from),
        ];
        let told = phases.iter().filter_map(|(label, key, day)| {
            Some(format!("{}: {}", label.as_deref().unwrap_or(key), day.as_deref()?))
        });
        let latest = release.latest.as_ref();
        Cycle {
            name: release.name.trim().to_owned(),
            label: release.label.as_deref().unwrap_or(&release.name).trim().to_owned(),
            end,
            summary: told.collect::<Vec<_>>().join("; "),
            latest: latest.and_then(|l| l.name.as_ref()).map(|name| name.trim().to_owned()),
            link: latest.and_then(|l| l.link.as_ref()).and_then(web),
            pointer,
        }
    }

    /// From the older form.
    pub(super) fn of_old(old: &OldCycle<'_>, pointer: String) -> Cycle {
        let name = scalar(old.cycle).unwrap_or_default().trim().to_owned();
        let end = match &old.eol {
            Some(DateOrFlag::Date(day)) => End::On(day.trim().to_owned()),
            Some(DateOrFlag::Flag(true)) => End::Passed,
            Some(DateOrFlag::Flag(false)) => End::Never,
            None => End::Untold,
        };
        let phases = [("support", &old.support), ("eol", &old.eol), ("extendedSupport", &old.extended)];
        let told = phases.iter().filter_map(|(key, phase)| match phase {
            Some(DateOrFlag::Date(day)) => Some(format!("{key}: {}", day.trim())),
            _ => None,
        });
        let summary = told.collect::<Vec<_>>().join("; ");
        // A cycle without a name could be anything.
        let end = if name.is_empty() { End::Untold } else { end };
        Cycle {
            label: old.label.as_deref().map_or_else(|| name.clone(), |label| label.trim().to_owned()),
            name,
            end,
            summary,
            latest: old.latest.and_then(scalar).map(|latest| latest.trim().to_owned()),
            link: old.link.as_ref().and_then(web),
            pointer,
        }
    }

    /// The versions of the cycle, if its name is the front of them: `22.04` with the newest `22.04.5` is `>=22.04
    /// <22.05`. The newest version is the proof: that of SQL Server `2019` is `15.0.4430.1`.
    pub(super) fn range(&self, scheme: Scheme) -> Option<VersionRange> {
        let latest = self.latest.as_deref()?.trim_start_matches(['v', 'V']);
        if !plain_order::is_plain(&self.name) {
            return None;
        }
        let behind = latest.strip_prefix(self.name.as_str())?;
        if !(behind.is_empty() || behind.starts_with(['.', '-', '+', ' '])) {
            return None;
        }
        Some(VersionRange {
            scheme,
            lower: Bound::Inclusive(self.name.clone()),
            upper: Bound::Exclusive(successor(&self.name)?),
        })
    }
}

/// `22.04` → `22.05`, `9` → `10`. `None` if the number is beyond all versions.
fn successor(name: &str) -> Option<String> {
    let (front, last) = match name.rsplit_once('.') {
        Some((front, last)) => (Some(front), last),
        None => (None, name),
    };
    let next = last.parse::<u32>().ok()?.checked_add(1)?;
    let next = format!("{next:0width$}", width = last.len());
    Some(front.map_or_else(|| next.clone(), |front| format!("{front}.{next}")))
}

fn web(link: &Str<'_>) -> Option<String> {
    let link = link.trim();
    (link.starts_with("https://") || link.starts_with("http://")).then(|| link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_a_range_only_if_it_is_the_front_of_its_versions() {
        let check = |name: &str, latest: Option<&str>, expected: &str| {
            let cycle = Cycle {
                name: name.to_owned(),
                label: String::new(),
                end: End::Passed,
                summary: String::new(),
                latest: latest.map(str::to_owned),
                link: None,
                pointer: String::new(),
            };
            let range = cycle.range(Scheme::Generic).map(|range| range.to_string());
            assert_eq!(range.as_deref().unwrap_or("?"), expected, "{name} {latest:?}");
        };
        check("22.04", Some("22.04.5"), ">=22.04 <22.05");
        check("15.2", Some("15.2"), ">=15.2 <15.3");
        check("9", Some("9.6"), ">=9 <10");
        check("1.9", Some("v1.9.3"), ">=1.9 <1.10");
        check("11.1", Some("11.1-h3"), ">=11.1 <11.2");
        check("2019", Some("15.0.4430.1"), "?");
        check("1", Some("10.2"), "?");
        check("7-sp1", Some("6.1.7601"), "?");
        check("12", None, "?");
        check("4294967295", Some("4294967295"), "?");
        check("", Some("1.0"), "?");
    }
}
