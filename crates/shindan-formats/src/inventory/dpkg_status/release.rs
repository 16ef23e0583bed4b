//! Distribution and release of a system, from what its packages are versioned like.
//!
//! Sources: Debian Developer's Reference 5.11.2 (`+deb12u1`, `~deb12u1`, `~bpo12+1`); Ubuntu's "Version strings" for
//! stable updates (`0ubuntu0.22.04.1`); the versions of `base-files`, which each release sets.

use std::collections::BTreeMap;

/// A package whose version names the release of the system it belongs to.
const BASE: &str = "base-files";

/// `base-files` of Ubuntu's long-term releases: upstream version with Ubuntu's number, and the release.
const UBUNTU_BASE: [(&str, &str); 6] = [
    ("7.2ubuntu5", "14.04"),
    ("9.4ubuntu4", "16.04"),
    ("10.1ubuntu2", "18.04"),
    ("11ubuntu5", "20.04"),
    ("12ubuntu4", "22.04"),
    ("13ubuntu10", "24.04"),
];

/// What is known about the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct System {
    /// `debian` or `ubuntu`
    pub vendor: String,
    /// `12`, `22.04`; `None` if only the distribution shows.
    pub release: Option<String>,
    /// What it was derived from: `base-files 12.4+deb12u5`.
    pub evidence: String,
}

impl System {
    /// The purl's `distro`: `debian-12`.
    pub(super) fn distro(&self) -> Option<String> {
        self.release.as_ref().map(|release| format!("{}-{release}", self.vendor))
    }
}

/// Derives the system from names and versions of installed packages; `None` if nothing tells.
///
/// `base-files` decides, if it is there and its version is known. Otherwise the mark that most packages bear; a single
/// package left over from an older release does not outvote them. Two releases with equally many marks: unknown.
pub(super) fn derive<'a>(packages: impl Iterator<Item = (&'a str, &'a str)>) -> Option<System> {
    let mut marks: BTreeMap<(&'static str, String), (u64, String)> = BTreeMap::new();
    let mut of_base = None;
    let mut any_ubuntu = None;
    for (name, version) in packages {
        if name == BASE {
            of_base = base(version);
        }
        if any_ubuntu.is_none() && version.contains("ubuntu") {
            any_ubuntu = Some(format!("{name} {version}"));
        }
        if let Some(mark) = mark(version) {
            let entry = marks.entry(mark).or_insert_with(|| (0, format!("{name} {version}")));
            entry.0 += 1;
        }
    }
    if let Some(System { release: Some(_), .. }) = &of_base {
        return of_base;
    }
    let vendor = of_base.as_ref().map(|system| system.vendor.clone());
    let most = marks.values().map(|(count, _)| *count).max().unwrap_or_default();
    let mut leading = marks.into_iter().filter(|((of, _), (count, _))| {
        *count == most && vendor.as_deref().is_none_or(|vendor| vendor == *of)
    });
    if let (Some(((vendor, release), (_, evidence))), None) = (leading.next(), leading.next()) {
        return Some(System { vendor: vendor.to_owned(), release: Some(release), evidence });
    }
    let ubuntu = any_ubuntu.map(|evidence| System { vendor: "ubuntu".to_owned(), release: None, evidence });
    of_base.or(ubuntu)
}

/// What a version of `base-files` tells. `None` for derivatives, which number it in their own way.
fn base(version: &str) -> Option<System> {
    let evidence = format!("{BASE} {version}");
    let system = |vendor: &str, release: Option<&str>| {
        Some(System {
            vendor: vendor.to_owned(),
            release: release.map(str::to_owned),
            evidence: evidence.clone(),
        })
    };
    if version.contains("ubuntu") {
        let known = UBUNTU_BASE.iter().find(|(start, _)| {
            version.strip_prefix(start).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        return system("ubuntu", known.map(|(_, release)| *release));
    }
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let (number, rest) = version.split_at(end);
    let own = rest.is_empty() || rest.starts_with("+deb") || rest.starts_with("~deb");
    let major = number.split('.').next().filter(|major| matches!(major.len(), 1 | 2))?;
    if own { system("debian", Some(major)) } else { None }
}

/// The release that a version's own mark names.
fn mark(version: &str) -> Option<(&'static str, String)> {
    for start in ["+deb", "~deb"] {
        let Some((_, rest)) = version.rsplit_once(start) else { continue };
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        if !number.is_empty() && after.starts_with('u') {
            return Some(("debian", number.to_owned()));
        }
    }
    // 0ubuntu0.22.04.1, 1ubuntu3.20.04.2, ~22.04.1
    let (_, rest) = version.rsplit_once("ubuntu")?;
    let numbers: Vec<&str> = rest.split(['.', '~', '+']).collect();
    numbers.windows(2).find_map(|pair| match pair {
        [year, month]
            if year.len() == 2
                && matches!(*month, "04" | "10")
                && year.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            Some(("ubuntu", format!("{year}.{month}")))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(packages: &[(&str, &str)], expected: &str) {
        let found = match derive(packages.iter().copied()) {
            None => "unknown".to_owned(),
            Some(system) => {
                let distro = system.distro().unwrap_or_else(|| format!("{} -", system.vendor));
                format!("{distro} by {}", system.evidence)
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn base_files_decide() {
        check(&[("base-files", "12.4+deb12u5")], "debian-12 by base-files 12.4+deb12u5");
        check(&[("base-files", "13")], "debian-13 by base-files 13");
        check(&[("base-files", "12ubuntu4.6")], "ubuntu-22.04 by base-files 12ubuntu4.6");
        check(&[("base-files", "12ubuntu40")], "ubuntu - by base-files 12ubuntu40");
        check(&[("base-files", "12.4+deb12u5+rpi1")], "debian-12 by base-files 12.4+deb12u5+rpi1");
        check(&[("base-files", "2023.4.0")], "unknown");
        let left_over = [("base-files", "12.4+deb12u5"), ("a", "1+deb10u1"), ("b", "1+deb10u1")];
        check(&left_over, "debian-12 by base-files 12.4+deb12u5");
    }

    #[test]
    fn marks_of_versions_decide_without_it() {
        check(&[("a", "3.0.11-1~deb12u2"), ("b", "1")], "debian-12 by a 3.0.11-1~deb12u2");
        check(&[("a", "1+deb11u1"), ("b", "1+deb12u1"), ("c", "2~deb12u1")], "debian-12 by b 1+deb12u1");
        check(&[("a", "1.2-0ubuntu0.22.04.1")], "ubuntu-22.04 by a 1.2-0ubuntu0.22.04.1");
        check(&[("a", "1ubuntu3.20.04.2")], "ubuntu-20.04 by a 1ubuntu3.20.04.2");
        check(&[("a", "4.4.1-1ubuntu2~24.04.1")], "ubuntu-24.04 by a 4.4.1-1ubuntu2~24.04.1");
    }

    #[test]
    fn what_does_not_tell_stays_unknown() {
        check(&[("a", "1.0-1"), ("b", "2.0-1+b1")], "unknown");
        check(&[("a", "1.0-1ubuntu3")], "ubuntu - by a 1.0-1ubuntu3");
        check(&[("a", "1+deb11u1"), ("b", "1+deb12u1")], "unknown");
        check(&[("base-files", "x")], "unknown");
        check(&[("a", "1.0~bpo12+1"), ("b", "1.0+debug")], "unknown");
    }
}
