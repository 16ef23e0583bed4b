//! Generator of inventories: deterministic, so that two machines measure the same file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;

use crate::Failure;
use crate::osv::{End, Record};

/// A package at a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// purl type.
    pub kind: &'static str,
    /// Namespace, if the type has one.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
}

impl Package {
    /// The purl.
    pub fn purl(&self) -> String {
        let mut purl = format!("pkg:{}/", self.kind);
        if let Some(namespace) = &self.namespace {
            // Writing to a string cannot fail.
            let _ = write!(purl, "{}/", encoded(namespace, b"/"));
        }
        // Writing into a string cannot fail.
        let _ = write!(purl, "{}@{}", encoded(&self.name, b""), encoded(&self.version, b""));
        purl
    }
}

fn encoded(text: &str, also_plain: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) || also_plain.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// What the generated inventories draw from: the versions that advisories name.
#[derive(Debug)]
pub struct Source {
    events: Vec<Package>,
}

impl Source {
    /// Every introduced version, last affected version, enumerated version, and version just below a fix.
    pub fn new(records: &[Record]) -> Source {
        let mut events = BTreeSet::new();
        for affected in records.iter().filter(|r| !r.withdrawn()).flat_map(Record::affected) {
            let kind = match affected.ecosystem.as_str() {
                "crates.io" => "cargo",
                "PyPI" => "pypi",
                _ => continue,
            };
            let mut versions: Vec<String> = affected.versions.clone();
            for interval in &affected.intervals {
                versions.extend(interval.introduced.clone());
                match &interval.end {
                    End::Fixed(version) => versions.extend(just_below(version)),
                    End::Last(version) => versions.push(version.clone()),
                    End::Open => {}
                }
            }
            events.extend(versions.into_iter().map(|version| Package {
                kind,
                namespace: None,
                name: affected.package.clone(),
                version,
            }));
        }
        Source { events: events.into_iter().collect() }
    }

    /// `count` packages, 5 % of them from advisory events, the rest random names of seven package types.
    pub fn packages(&self, count: usize) -> impl Iterator<Item = Package> {
        let mut chance = Chance(count as u64);
        (0..count).map(move |_| {
            let from_event = chance.below(20) == 0;
            let event = if from_event { chance.of(&self.events).cloned() } else { None };
            event.unwrap_or_else(|| random(&mut chance))
        })
    }

    /// `count` packages of Python, half of them from advisory events.
    pub fn python(&self, count: usize) -> impl Iterator<Item = Package> {
        let events: Vec<&Package> = self.events.iter().filter(|p| p.kind == "pypi").collect();
        let mut chance = Chance(count as u64 + 1);
        (0..count).map(move |_| {
            let from_event = chance.below(2) == 0;
            let event = if from_event { chance.of(&events).copied().cloned() } else { None };
            event.unwrap_or_else(|| Package { kind: "pypi", namespace: None, ..random(&mut chance) })
        })
    }
}

/// The last number of the version that is above zero, one less: `1.4.0` → `1.3.0`. `None` if there is none or the
/// version has more than numbers.
fn just_below(version: &str) -> Option<String> {
    let mut numbers: Vec<u64> = version.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let last = numbers.iter_mut().rev().find(|n| **n > 0)?;
    *last -= 1;
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

const SYLLABLES: &[&str] = &[
    "ka", "ru", "te", "shin", "dan", "mi", "ro", "quo", "lex", "fir", "ob", "zan", "pel", "tor", "gri", "ux",
];

fn random(chance: &mut Chance) -> Package {
    let word =
        |chance: &mut Chance| -> String { (0..3).filter_map(|_| chance.of(SYLLABLES).copied()).collect() };
    const KINDS: &[&str] = &["cargo", "pypi", "npm", "maven", "golang", "gem", "nuget"];
    let kind = chance.of(KINDS).copied().unwrap_or("npm");
    let namespace = match kind {
        "maven" => Some(format!("org.{}.{}", word(chance), word(chance))),
        "golang" => Some(format!("example.com/{}", word(chance))),
        "npm" if chance.below(4) == 0 => Some(format!("@{}", word(chance))),
        _ => None,
    };
    let name = format!("{}-{}", word(chance), word(chance));
    let prefix = if kind == "golang" { "v" } else { "" };
    let version = format!("{prefix}{}.{}.{}", chance.below(9), chance.below(30), chance.below(20));
    Package { kind, namespace, name, version }
}

/// Writes a CycloneDX 1.5 document.
///
/// # Errors
/// When it cannot be written.
pub fn write_cyclonedx(path: &Path, packages: impl Iterator<Item = Package>) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(path)?);
    let header = json!({"timestamp": "2026-01-01T00:00:00Z",
        "component": {"type": "application", "bom-ref": "root", "name": "benchmark", "version": "1.0.0"}});
    write!(out, "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\"metadata\":{header}")?;
    write!(out, ",\"components\":[")?;
    for (number, package) in packages.enumerate() {
        let component = json!({
            "type": "library",
            "bom-ref": format!("c{number}"),
            "group": package.namespace,
            "name": package.name,
            "version": package.version,
            "scope": "required",
            "licenses": [{"license": {"id": "Apache-2.0"}}],
            "purl": package.purl(),
        });
        let mut component = component;
        if package.namespace.is_none()
            && let Some(fields) = component.as_object_mut()
        {
            fields.remove("group");
        }
        write!(out, "{}{component}", if number == 0 { "\n" } else { ",\n" })?;
    }
    writeln!(out, "]}}")?;
    out.flush()?;
    Ok(())
}

/// Writes a requirements file; a package stands in it once.
///
/// # Errors
/// When it cannot be written.
pub fn write_requirements(path: &Path, packages: impl Iterator<Item = Package>) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut seen = BTreeSet::new();
    for package in packages {
        if seen.insert(package.name.clone()) {
            writeln!(out, "{}=={}", package.name, package.version)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Writes a lock file of one package.
///
/// # Errors
/// When it cannot be written.
pub fn write_cargo_lock(path: &Path, package: &Package) -> Result<(), Failure> {
    let Package { name, version, .. } = package;
    let source = "registry+https://github.com/rust-lang/crates.io-index";
    let text = format!(
        "version = 3\n\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{source}\"\n"
    );
    std::fs::write(path, text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_just_below() {
        assert_eq!(just_below("1.4.0").as_deref(), Some("1.3.0"));
        assert_eq!(just_below("0.0.0"), None);
        assert_eq!(just_below("1.0.0-rc.1"), None);
    }

    #[test]
    fn the_same_file_each_time() {
        let source = Source { events: vec![] };
        let first: Vec<Package> = source.packages(50).collect();
        assert_eq!(first, source.packages(50).collect::<Vec<_>>());
        let kinds: BTreeSet<&str> = first.iter().map(|p| p.kind).collect();
        assert!(kinds.len() > 4, "{kinds:?}");
    }

    #[test]
    fn purls_are_encoded() {
        let package = Package {
            kind: "npm",
            namespace: Some("@scope".into()),
            name: "a".into(),
            version: "1.0.0+b".into(),
        };
        assert_eq!(package.purl(), "pkg:npm/%40scope/a@1.0.0%2Bb");
    }
}
