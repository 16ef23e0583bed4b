//! The pack of known scanners (`catalog/assessment/scanners.toml`).

use std::collections::BTreeSet;

use serde::Deserialize;
use shindan_domain::assessment::ScanFormat;

const OURS: &str = include_str!("../../../../catalog/assessment/scanners.toml");
const SCHEMA: &str = "shindan.scanners/1";

/// What a scanner looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// A host; it is handed the address that was checked.
    Host,
    /// A web address.
    Url,
    /// A web address with TLS.
    HttpsUrl,
    /// A folder with source code.
    Folder,
    /// The computer that it runs on.
    ThisComputer,
}

impl TargetKind {
    /// True if it connects to a target.
    pub fn is_network(self) -> bool {
        matches!(self, TargetKind::Host | TargetKind::Url | TargetKind::HttpsUrl)
    }
}

/// Arguments that a scanner knows from a version on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The first version.
    pub version: String,
    /// What is added.
    pub arguments: Vec<String>,
}

/// A known scanner and how it is called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// Its key, as in reports: `nmap`.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// Names of its program, the best one first.
    pub executables: Vec<String>,
    /// Arguments that make it tell its version.
    pub version: Vec<String>,
    /// What stands before the version in that answer.
    pub version_after: String,
    /// What stands there in other editions of it.
    pub version_after_too: Option<String>,
    /// What it looks at.
    pub target: TargetKind,
    /// The form of its report.
    pub format: ScanFormat,
    /// Name of the file that it writes; without it, the report is what it prints.
    pub output: Option<String>,
    /// How it is told ports.
    #[serde(default)]
    pub ports: Vec<String>,
    /// What it has to be told for addresses of IPv6.
    #[serde(default)]
    pub ipv6: Vec<String>,
    /// Variables of the environment that are handed on: places of its own data, never secrets.
    #[serde(default)]
    pub environment: Vec<String>,
    /// Arguments of the safe profile.
    pub safe: Vec<String>,
    /// Arguments that newer versions get, too.
    #[serde(default)]
    pub since: Vec<Since>,
}

/// The argument for which each address stands as an argument of its own.
pub(super) const ADDRESSES: &str = "{addresses}";

impl Scanner {
    /// True if it looks at several addresses in one run.
    pub fn takes_several(&self) -> bool {
        self.safe.iter().any(|argument| argument == ADDRESSES)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    schema: String,
    scanner: Vec<Scanner>,
}

/// The pack of scanners cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pack of scanners cannot be used: {0}")]
pub struct BadScanners(pub String);

/// The scanners that this program can start.
///
/// # Errors
/// [`BadScanners`] if the pack that ships is damaged, which a test excludes.
pub fn known() -> Result<Vec<Scanner>, BadScanners> {
    read(OURS)
}

/// Reads a pack of scanners.
fn read(text: &str) -> Result<Vec<Scanner>, BadScanners> {
    let pack: Pack = toml::from_str(text).map_err(|error| BadScanners(error.to_string()))?;
    if pack.schema != SCHEMA {
        return Err(BadScanners(format!("its schema is not {SCHEMA}")));
    }
    let mut keys = BTreeSet::new();
    for scanner in &pack.scanner {
        if !keys.insert(&scanner.key) {
            return Err(BadScanners(format!("{} is there twice", scanner.key)));
        }
        if let Some(wrong) = wrong_with(scanner) {
            return Err(BadScanners(format!("{}: {wrong}", scanner.key)));
        }
    }
    Ok(pack.scanner)
}

fn wrong_with(scanner: &Scanner) -> Option<&'static str> {
    let uses = |place: &str| scanner.safe.iter().any(|argument| argument.contains(place));
    let named = match scanner.target {
        TargetKind::Host => uses("{address}") || scanner.takes_several(),
        TargetKind::Url | TargetKind::HttpsUrl => {
            uses("{target}") || uses("{target/}") || uses("{host}:{port}")
        }
        TargetKind::Folder => uses("{target}"),
        TargetKind::ThisComputer => true,
    };
    let plain = |name: &String| {
        !name.is_empty()
            && !name.starts_with(['.', '-'])
            && name.bytes().all(|b| b.is_ascii_graphic() && b != b'/')
    };
    if !named {
        Some("its arguments do not name the target")
    } else if scanner.output.is_some() != uses("{output}") {
        Some("its file and its arguments do not fit")
    } else if scanner.executables.is_empty() || !scanner.executables.iter().chain(&scanner.output).all(plain)
    {
        Some("a name of a file is none")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_that_ships_is_whole_and_safe() {
        let scanners = known().unwrap();
        let keys: Vec<_> = scanners.iter().map(|scanner| scanner.key.as_str()).collect();
        for key in [
            "nmap",
            "nikto",
            "wapiti",
            "testssl",
            "sslyze",
            "ssh-audit",
            "nuclei",
            "semgrep",
            "bandit",
            "trivy",
            "grype",
            "osv-scanner",
            "lynis",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        for scanner in &scanners {
            let all = scanner.safe.join(" ");
            for word in ["--script", "exploit", "-A ", "-T4", "-T5", "sqli ", "blindsql", "brute_login"] {
                assert!(!all.contains(word), "{}: {word}", scanner.key);
            }
        }
    }

    #[test]
    fn a_pack_that_is_wrong_is_refused() {
        for (from, to) in [
            ("shindan.scanners/1", "shindan.scanners/2"),
            ("key = \"nikto\"", "key = \"nmap\""),
            ("\"{addresses}\"]", "\"10.0.0.1\"]"),
            ("\"{output}\"", "\"elsewhere\""),
            ("executables = [\"nmap\"]", "executables = [\"../nmap\"]"),
            ("format = \"nmap-xml\"", "format = \"nmap\""),
            ("safe = [", "danger = ["),
        ] {
            let text = OURS.replacen(from, to, 1);
            assert_ne!(text, OURS, "{from}");
            assert!(read(&text).is_err(), "{from}");
        }
    }
}
