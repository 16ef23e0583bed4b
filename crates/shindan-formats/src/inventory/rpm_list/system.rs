//! Distribution and release of a system, from its packages: the package that holds `/etc/os-release`, and the marks of
//! releases (`.el9_2`, `.fc39`, `.amzn2023`).
//!
//! Source: Fedora packaging guidelines, "Dist tag"; the release packages of each distribution.

use std::collections::BTreeMap;

use super::line::Package;

/// Release packages: name, namespace of the purls, `ID` of os-release, how many numbers of the version count.
const RELEASE_PACKAGES: [(&str, &str, &str, usize); 15] = [
    ("redhat-release", "redhat", "rhel", 1),
    ("redhat-release-server", "redhat", "rhel", 1),
    ("redhat-release-client", "redhat", "rhel", 1),
    ("redhat-release-workstation", "redhat", "rhel", 1),
    ("centos-release", "centos", "centos", 1),
    ("centos-linux-release", "centos", "centos", 1),
    ("centos-stream-release", "centos-stream", "centos-stream", 1),
    ("rocky-release", "rocky", "rocky", 1),
    ("almalinux-release", "almalinux", "almalinux", 1),
    ("oraclelinux-release", "oraclelinux", "ol", 1),
    ("fedora-release-common", "fedora", "fedora", 1),
    ("fedora-release", "fedora", "fedora", 1),
    ("system-release", "amzn", "amzn", 1),
    ("sles-release", "suse", "sles", 2),
    ("openSUSE-release", "opensuse", "opensuse-leap", 2),
];

/// What is known about the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct System {
    /// Namespace of the purls.
    pub namespace: String,
    /// `ID` of os-release.
    pub id: String,
    /// `9`, `39`, `15.4`
    pub release: Option<String>,
    /// `redhat-release 9.3`
    pub evidence: String,
}

/// The mark that a package's release bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark<'a> {
    /// `el`, `fc`, `amzn`
    pub family: &'static str,
    /// `9`
    pub release: &'a str,
    /// The package belongs to a product of its own on that system (`.el8ost`, `.rhaos4.12.el8`), whose advisories
    /// are not those of the system.
    pub layered: bool,
}

/// The mark of a package's release; the last one, if there are several.
pub(super) fn mark(release: &str) -> Option<Mark<'_>> {
    let mut found = None;
    let of_openshift = release.contains(".rhaos");
    for (at, _) in release.match_indices(['.', '+', '_']) {
        let Some(rest) = release.get(at + 1..) else { continue };
        for family in ["el", "fc", "amzn"] {
            let Some(number) = rest.strip_prefix(family) else { continue };
            let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
            let (number, after) = number.split_at(end);
            if !number.is_empty() && number.len() <= 4 {
                let layered = after.starts_with(|c: char| c.is_ascii_alphabetic()) || of_openshift;
                found = Some(Mark { family, release: number, layered });
            }
        }
    }
    found
}

/// Derives the system; `None` if nothing tells.
pub(super) fn derive<'p, 'a: 'p>(packages: impl Iterator<Item = &'p Package<'a>>) -> Option<System> {
    let mut counts: BTreeMap<(&'static str, &str), (u64, String)> = BTreeMap::new();
    for package in packages {
        let known = RELEASE_PACKAGES.iter().find(|(name, ..)| *name == package.name);
        if let Some((name, namespace, id, numbers)) = known {
            let release: Vec<&str> = package.version.split('.').take(*numbers).collect();
            return Some(System {
                namespace: (*namespace).to_owned(),
                id: (*id).to_owned(),
                release: Some(release.join(".")),
                evidence: format!("{name} {}", package.version),
            });
        }
        if let Some(mark) = mark(package.release).filter(|mark| !mark.layered) {
            let example = || (0, format!("{}-{}-{}", package.name, package.version, package.release));
            counts.entry((mark.family, mark.release)).or_insert_with(example).0 += 1;
        }
    }
    let ((family, release), (_, evidence)) = counts.into_iter().max_by_key(|(_, (count, _))| *count)?;
    // Rebuilds of Red Hat Enterprise Linux bear the same mark; without their release package they pass for it.
    let (namespace, id) = match family {
        "el" => ("redhat", "rhel"),
        "fc" => ("fedora", "fedora"),
        _ => ("amzn", "amzn"),
    };
    Some(System {
        namespace: namespace.to_owned(),
        id: id.to_owned(),
        release: Some(release.to_owned()),
        evidence,
    })
}

impl System {
    /// The purl's `distro` for a package: the release of its own mark, else that of the system; `None` for a package
    /// of another product.
    pub(super) fn distro_of(&self, package: &Package<'_>) -> Option<String> {
        let release = match mark(package.release) {
            Some(mark) if mark.layered => return None,
            Some(mark) if mark.family == self.family() => mark.release,
            _ => self.release.as_deref()?,
        };
        Some(format!("{}-{release}", self.id))
    }

    /// The namespace of the purl of a package.
    ///
    /// Advisories of these distributions name source packages only: without the source package nothing could be
    /// matched, and silence would look clean. Such a purl names no distribution, and is undetermined.
    pub(super) fn namespace_of(&self, package: &Package<'_>) -> &str {
        let by_source = matches!(self.namespace.as_str(), "rocky" | "suse" | "opensuse");
        if by_source && package.source.is_none() { "" } else { &self.namespace }
    }

    fn family(&self) -> &'static str {
        match self.namespace.as_str() {
            "fedora" => "fc",
            "amzn" => "amzn",
            "suse" | "opensuse" => "",
            _ => "el",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::{Parsed, parse};
    use super::*;

    fn packages<'a>(lines: &[&'a str]) -> Vec<Package<'a>> {
        let one = |line: &&'a str| match parse(line) {
            Parsed::Package(package) => package,
            other => panic!("{line}: {other:?}"),
        };
        lines.iter().map(one).collect()
    }

    fn check(lines: &[&str], expected: &str) {
        let packages = packages(lines);
        let system = derive(packages.iter());
        let found = match &system {
            None => "unknown".to_owned(),
            Some(system) => {
                let distros: Vec<String> =
                    packages.iter().map(|p| system.distro_of(p).unwrap_or_else(|| "-".to_owned())).collect();
                format!("{} by {}: {}", system.namespace, system.evidence, distros.join(" "))
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn marks() {
        let text = |release| match mark(release) {
            None => "-".to_owned(),
            Some(mark) => {
                format!("{}{}{}", mark.family, mark.release, if mark.layered { "!" } else { "" })
            }
        };
        for (release, expected) in [
            ("6.el9_1", "el9"),
            ("24.el9", "el9"),
            ("2.module+el8.7.0+18445+9493b6ea", "el8"),
            ("1.el7.centos", "el7"),
            ("1.el8ost", "el8!"),
            ("5.rhaos4.12.git1.el8", "el8!"),
            ("1.fc39", "fc39"),
            ("1.amzn2023.0.2", "amzn2023"),
            ("150400.3.27.1", "-"),
            ("1.elastic", "-"),
            ("1", "-"),
        ] {
            assert_eq!(text(release), expected, "{release}");
        }
    }

    #[test]
    fn the_release_package_decides_and_each_mark_holds_for_its_package() {
        check(
            &[
                "bash-5.1.8-6.el9_1.x86_64",
                "redhat-release-9.3-0.5.el9.x86_64",
                "old-1-1.el8.noarch",
                "tool-1-1.x86_64",
            ],
            "redhat by redhat-release 9.3: rhel-9 rhel-9 rhel-8 rhel-9",
        );
        check(
            &["rocky-release-9.3-1.2.el9.noarch", "bash-5.1.8-6.el9_1.x86_64"],
            "rocky by rocky-release 9.3: rocky-9 rocky-9",
        );
        check(
            &["sles-release-15.4-150400.58.7.3.x86_64", "bash-4.4-150400.25.22.x86_64"],
            "suse by sles-release 15.4: sles-15.4 sles-15.4",
        );
    }

    #[test]
    fn marks_decide_without_it() {
        check(
            &["bash-5.1.8-6.el9_1.x86_64", "cri-o-1.25-5.rhaos4.12.git1.el8.x86_64", "less-590-2.el9.x86_64"],
            "redhat by bash-5.1.8-6.el9_1: rhel-9 - rhel-9",
        );
        check(&["bash-5.2-1.fc39.x86_64"], "fedora by bash-5.2-1.fc39: fedora-39");
        check(&["bash-5.2-1.x86_64"], "unknown");
    }
}
