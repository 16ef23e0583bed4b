//! Cargo's `Cargo.lock`, versions 1 to 4.
//!
//! Source: Cargo's own reader and writer (`cargo::core::resolver::encode`), the Cargo book, "Cargo.toml vs Cargo.lock".
//!
//! Which packages get a purl follows cargo-audit, which is the oracle for this format: a package is looked up only
//! if its `source` is the default registry, by git index or sparse index. Packages without a source (workspace
//! members, path dependencies) are the user's own code; they are listed with [`Component::own`] set. Packages from
//! git or from another registry are listed without a purl: a name in another registry need not be the same crate.

mod generated;

use std::collections::BTreeSet;

use serde::Deserialize;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::line_numbers::{Lines, line_of};
use super::package_url;

/// The newest version of the format that is known.
const NEWEST: i64 = 4;

/// One `[[package]]`, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Package<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    source: Option<&'a str>,
    /// Line of the table's header, from 1.
    line: u64,
}

/// Reads a `Cargo.lock`.
///
/// # Errors
/// `toml-invalid` if not one package could be read before the text stops being TOML.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let quick = generated::read(text);
    let components = if quick.complete {
        check_version(quick.version, &mut found);
        components(&quick.packages, &mut found)
    } else {
        match toml::from_str::<Document<'_>>(text) {
            Ok(document) => {
                check_version(document.version, &mut found);
                let packages = document.packages(text);
                components(&packages, &mut found)
            }
            Err(error) => {
                found.push(explain(&error, text, &found));
                if quick.packages.is_empty() {
                    return Err(found.finish());
                }
                components(&quick.packages, &mut found)
            }
        }
    };
    Ok(Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::CargoLock,
        subject: subject(&components),
        about: None,
        components: components.into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: found.finish(),
    })
}

fn check_version(version: Option<i64>, found: &mut Collector<'_>) {
    if let Some(version) = version
        && !(1..=NEWEST).contains(&version)
    {
        found.push(
            found
                .at_field(Code::FieldTolerated, "version")
                .with("field", "version")
                .with("value", version)
                .with("expected", "1 … 4"),
        );
    }
}

fn components(packages: &[Package<'_>], found: &mut Collector<'_>) -> Vec<Component> {
    let mut seen = BTreeSet::new();
    let mut components = Vec::with_capacity(packages.len());
    // Cargo writes packages in the order of their names: what equals another stands beside one of the same name.
    let ordered = packages.is_sorted_by(|before, after| before.name <= after.name);
    for (at, package) in packages.iter().enumerate() {
        let Some(name) = package.name else {
            found.push(found.at_line(Code::FieldMissing, package.line).with("field", "name"));
            continue;
        };
        if package.version.is_none() {
            found.push(found.at_line(Code::FieldMissing, package.line).with("field", "version"));
        }
        let beside = [at.checked_sub(1), at.checked_add(1)];
        let other = |&at: &usize| packages.get(at).is_none_or(|it| it.name != package.name);
        let alone = ordered && beside.iter().flatten().all(other);
        let first = alone || seen.insert((name, package.version, package.source));
        if !first {
            found.push(
                found
                    .at_line(Code::DuplicateIdentifier, package.line)
                    .with("field", "package")
                    .with("value", format_args!("{name} {}", package.version.unwrap_or_default())),
            );
        }
        components.push(component(name, package));
    }
    components
}

fn component(name: &str, package: &Package<'_>) -> Component {
    let purl = match package.source {
        Some(source) if is_default_registry(source) => {
            Some(package_url::build("cargo", "", name, package.version))
        }
        _ => None,
    };
    Component {
        name: name.to_owned(),
        version: package.version.map(str::to_owned),
        purl,
        own: package.source.is_none(),
        pointer: ["line ", itoa::Buffer::new().format(package.line)].concat(),
        ..Component::default()
    }
}

/// The registry that advisories speak of: by git index, or by sparse index. As cargo-lock's `is_default_registry`.
fn is_default_registry(source: &str) -> bool {
    let base = memchr::memchr(b'#', source.as_bytes()).and_then(|end| source.get(..end)).unwrap_or(source);
    base == "registry+https://github.com/rust-lang/crates.io-index"
        || base.strip_prefix("sparse+https://index.") == Some("crates.io/")
}

/// The one package without a source, if there is exactly one. A workspace of several has no name of its own.
fn subject(components: &[Component]) -> Option<String> {
    let mut own = components.iter().filter(|component| component.own);
    match (own.next(), own.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    }
}

fn explain(error: &toml::de::Error, text: &str, found: &Collector<'_>) -> Diagnostic {
    let mut place = found.place();
    if let Some(span) = error.span() {
        place.line = Some(line_of(text, span.start));
    }
    Diagnostic::new(Code::TomlInvalid, place).with("reason", crate::text::shorten(error.message(), 200))
}

/// The general reading, for files that were edited by hand or by another program.
#[derive(Debug, Deserialize)]
struct Document<'a> {
    version: Option<i64>,
    #[serde(borrow)]
    root: Option<toml::Spanned<Table<'a>>>,
    #[serde(default, borrow)]
    package: Vec<toml::Spanned<Table<'a>>>,
}

#[derive(Debug, Deserialize)]
struct Table<'a> {
    #[serde(borrow)]
    name: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    version: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<std::borrow::Cow<'a, str>>,
}

impl Document<'_> {
    fn packages(&self, text: &str) -> Vec<Package<'_>> {
        let mut lines = Lines::of(text);
        self.root
            .iter()
            .chain(&self.package)
            .map(|spanned| {
                let table = spanned.get_ref();
                Package {
                    name: table.name.as_deref(),
                    version: table.version.as_deref(),
                    source: table.source.as_deref(),
                    line: lines.at(spanned.span().start),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_default_registry_is_looked_up() {
        let registry = "crates.io";
        assert!(is_default_registry(&format!("registry+https://github.com/rust-lang/{registry}-index")));
        assert!(is_default_registry(&format!("registry+https://github.com/rust-lang/{registry}-index#abc")));
        assert!(is_default_registry(&format!("sparse+https://index.{registry}/")));
        for other in [
            format!("sparse+https://index.{registry}.example.jp/"),
            format!("registry+https://github.com/example/{registry}-index"),
            format!("git+https://github.com/rust-lang/{registry}-index"),
            String::new(),
        ] {
            assert!(!is_default_registry(&other), "{other}");
        }
    }

    /// The quick reading and the TOML reader agree on what Cargo writes.
    #[test]
    fn both_readings_agree() {
        for text in [include_str!("samples/v1.lock"), include_str!("samples/v4.lock")] {
            let quick = generated::read(text);
            assert!(quick.complete);
            let document: Document<'_> = toml::from_str(text).expect("TOML");
            assert_eq!(document.packages(text), quick.packages);
            assert_eq!(document.version, quick.version);
        }
    }

    /// Ends of lines of Windows are read quickly, too; what is not as Cargo writes it is left to the TOML reader.
    #[test]
    fn what_is_read_quickly() {
        let genuine = include_str!("samples/v4.lock");
        let windows = genuine.replace('\n', "\r\n");
        let quick = generated::read(&windows);
        assert!(quick.complete);
        assert_eq!(quick.packages, generated::read(genuine).packages);
        let list =
            "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b\",\n \"c 1\",\n]\n";
        assert!(generated::read(list).complete);
        assert!(generated::read(&list.replace('\n', "\r\n")).complete);
        for (good, other) in [
            ("\"b\",", "\"b\tc\","),
            ("\"b\",", "\"b\\nc\","),
            ("\"b\",", "\"b\", \"x\","),
            ("\"b\",", "\"b\""),
            ("\"b\",", "\"b"),
            ("\"c 1\",\n]\n", "\"c 1\",\n"),
            ("\"1.0.0\"", "\"1.0\u{1}.0\""),
            ("\"1.0.0\"", "\"1.0.0\"x"),
            ("name = \"a\"", "name = \"a\"\nname = \"b\""),
            ("name = \"a\"", "name = \"a\"\nother = \"b\""),
        ] {
            assert!(list.contains(good), "{good}");
            assert!(!generated::read(&list.replace(good, other)).complete, "{other}");
        }
    }

    /// A package that stands twice is told of, wherever the second one stands.
    #[test]
    fn the_same_package_twice() {
        let package = |name: &str, version: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n")
        };
        let [first, newer, other] = [package("a", "1.9.0"), package("a", "1.10.0"), package("b", "1.0.0")];
        for (text, twice) in [
            (first.clone() + &newer + &other, 0),
            (first.clone() + &first + &newer + &other, 1),
            (first.clone() + &newer + &first + &other, 1),
            (first.clone() + &other + &first, 1),
            (first.clone() + &other + &first + &other, 2),
        ] {
            let diagnostics =
                super::super::read(text.as_bytes(), "Cargo.lock", &crate::limits::Limits::DEFAULT)
                    .expect("a lock file")
                    .diagnostics;
            let told = diagnostics.iter().filter(|it| it.code == Code::DuplicateIdentifier).count();
            assert_eq!(told, twice, "{text}");
        }
    }
}
