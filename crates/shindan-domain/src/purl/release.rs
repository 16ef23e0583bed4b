//! Distributions and their releases, as purl qualifiers and OSV ecosystems write them.

/// A `distro` qualifier taken apart.
pub(super) struct Distro<'t> {
    /// The distribution it names, if it names one.
    pub ecosystem: Option<&'static str>,
    /// Release number or code name as written; empty if there is none.
    pub release: &'t str,
}

/// Prefixes of the `distro` qualifier (the `ID` of os-release) and namespaces of purls. Longer ones stand before
/// those they begin with.
const DISTRIBUTIONS: [(&str, &str); 25] = [
    ("debian", "Debian"),
    ("ubuntu", "Ubuntu"),
    ("alpine", "Alpine"),
    ("wolfi", "Wolfi"),
    ("chainguard", "Chainguard"),
    ("minimos", "MinimOS"),
    ("redhat", "Red Hat"),
    ("rhel", "Red Hat"),
    // CentOS Linux rebuilt Red Hat's packages with Red Hat's versions. (CentOS Stream runs ahead and is another.)
    ("centos", "Red Hat"),
    ("rockylinux", "Rocky Linux"),
    ("rocky", "Rocky Linux"),
    ("almalinux", "AlmaLinux"),
    ("alma", "AlmaLinux"),
    ("opensuse-leap", "openSUSE"),
    ("opensuse-tumbleweed", "openSUSE"),
    ("opensuse", "openSUSE"),
    ("sles", "SUSE"),
    ("suse", "SUSE"),
    ("mageia", "Mageia"),
    ("openeuler", "openEuler"),
    ("photon", "Photon OS"),
    ("azurelinux", "Azure Linux"),
    ("cbl-mariner", "Azure Linux"),
    ("mariner", "Azure Linux"),
    ("echo", "Echo"),
];

const DEBIAN: [(&str, &str); 14] = [
    ("sarge", "3.1"),
    ("etch", "4"),
    ("lenny", "5"),
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
    ("unstable", "sid"),
];

const UBUNTU: [(&str, &str); 34] = [
    ("hardy", "8.04"),
    ("lucid", "10.04"),
    ("maverick", "10.10"),
    ("natty", "11.04"),
    ("oneiric", "11.10"),
    ("precise", "12.04"),
    ("quantal", "12.10"),
    ("raring", "13.04"),
    ("saucy", "13.10"),
    ("trusty", "14.04"),
    ("utopic", "14.10"),
    ("vivid", "15.04"),
    ("wily", "15.10"),
    ("xenial", "16.04"),
    ("yakkety", "16.10"),
    ("zesty", "17.04"),
    ("artful", "17.10"),
    ("bionic", "18.04"),
    ("cosmic", "18.10"),
    ("disco", "19.04"),
    ("eoan", "19.10"),
    ("focal", "20.04"),
    ("groovy", "20.10"),
    ("hirsute", "21.04"),
    ("impish", "21.10"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// The OSV ecosystem of a purl namespace.
pub(super) fn distribution_of(namespace: &str) -> Option<&'static str> {
    DISTRIBUTIONS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(namespace)).map(|(_, known)| known)
}

/// Takes `debian-12`, `bookworm`, `ubuntu-jammy`, `alpine-3.18.4`, `rhel-9.2` apart.
pub(super) fn parse_distro(text: &str) -> Distro<'_> {
    let text = text.trim();
    for (prefix, ecosystem) in DISTRIBUTIONS {
        let Some((head, rest)) = text.split_at_checked(prefix.len()) else { continue };
        if head.eq_ignore_ascii_case(prefix) && (rest.is_empty() || rest.starts_with(['-', ':', ' '])) {
            // Tumbleweed has no releases, only days.
            let release = if prefix == "opensuse-tumbleweed" { "Tumbleweed" } else { rest };
            return Distro {
                ecosystem: Some(ecosystem),
                release: release.trim_start_matches(['-', ':', ' ']),
            };
        }
    }
    let ecosystem = if code_name(&DEBIAN, text).is_some() {
        Some("Debian")
    } else if code_name(&UBUNTU, text).is_some() {
        Some("Ubuntu")
    } else {
        None
    };
    Distro { ecosystem, release: text }
}

/// The release as both sides write it; `None` if there is none or it cannot be understood.
///
/// Ubuntu Pro and Red Hat's extended streams (`rhel_eus`, `rhel_aus` …) stay releases of their own: their fixes do not
/// reach an ordinary system.
pub(super) fn normalise_release(ecosystem: &str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match ecosystem {
        "Debian" | "Echo" => match code_name(&DEBIAN, text) {
            Some(number) => Some(number.to_owned()),
            None if text.eq_ignore_ascii_case("sid") => Some("sid".to_owned()),
            None => numbers(text, if text.starts_with("3.") { 2 } else { 1 }),
        },
        "Ubuntu" => ubuntu(text),
        "Alpine" if text.eq_ignore_ascii_case("edge") => Some("edge".to_owned()),
        "Alpine" | "Alpaquita" => numbers(text.trim_start_matches(['v', 'V']), 2),
        "Rocky Linux" | "AlmaLinux" | "Mageia" => numbers(text, 1),
        "Red Hat" => red_hat(text),
        "SUSE" | "openSUSE" => Some(suse(text)),
        "Photon OS" | "Azure Linux" => numbers(text, 2),
        // Rolling distributions and language ecosystems have no releases; what follows is a date or an address.
        "Wolfi" | "Chainguard" | "MinimOS" => None,
        "openEuler"
        | "FreeBSD"
        | "Android"
        | "Hackage"
        | "GHC"
        | "Bitnami"
        | "BellSoft Hardened Containers" => Some(text.to_ascii_lowercase()),
        _ => None,
    }
}

fn code_name<'n>(names: &[(&str, &'n str)], text: &str) -> Option<&'n str> {
    names.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, number)| *number)
}

/// The first `count` dotted numbers that `text` begins with: `9.2` with one is `9`.
fn numbers(text: &str, count: usize) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let parts: Vec<&str> = text.get(..end)?.split('.').filter(|part| !part.is_empty()).take(count).collect();
    if parts.is_empty() { None } else { Some(parts.join(".")) }
}

/// `22.04:LTS`, `Pro:18.04:LTS`, `Pro:FIPS:18.04:LTS`, `jammy`, `22.04`.
fn ubuntu(text: &str) -> Option<String> {
    let mut kept = Vec::new();
    let mut has_number = false;
    for part in text.split(':').map(str::trim) {
        if part.is_empty() || part.eq_ignore_ascii_case("LTS") {
            continue;
        }
        match code_name(&UBUNTU, part).map(str::to_owned).or_else(|| numbers(part, 2)) {
            Some(number) => {
                has_number = true;
                kept.push(number);
            }
            None => kept.push(part.to_owned()),
        }
    }
    if has_number { Some(kept.join(":")) } else { None }
}

/// `enterprise_linux:9::appstream` and `9.2` are `9`; `rhel_eus:9.2::baseos` is `rhel_eus:9.2`.
fn red_hat(text: &str) -> Option<String> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return numbers(text, 1);
    }
    let (stream, rest) = text.split_once(':').unwrap_or((text, ""));
    let version = rest.split(':').next().unwrap_or("");
    match (stream, numbers(version, 1)) {
        ("enterprise_linux", Some(major)) => Some(major),
        _ if version.is_empty() => Some(stream.to_owned()),
        _ => Some(format!("{stream}:{version}")),
    }
}

/// `Linux Enterprise Server 15 SP5`, `15-SP5`, `15.5`, `Leap 15.5` are `15.5`; a name without number stays.
fn suse(text: &str) -> String {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
        return text.to_ascii_lowercase();
    };
    let tail = text.get(start..).unwrap_or("");
    let Some(version) = numbers(tail, 2) else {
        return text.to_ascii_lowercase();
    };
    if version.contains('.') {
        return version;
    }
    let after = tail.get(version.len()..).unwrap_or("").trim_start_matches([' ', '-']).to_ascii_lowercase();
    match after.strip_prefix("sp").and_then(|pack| numbers(pack, 1)) {
        Some(pack) => format!("{version}.{pack}"),
        None => version,
    }
}
