//! apk's `installed` database (`/lib/apk/db/installed`): what is installed on Alpine, Wolfi and Chainguard images.
//!
//! Source: Alpine wiki, "Apk spec", "Installed Database V2". Advisories name source packages, which is `o:` (origin);
//! its version is that of the package.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// Packages that only one distribution has: name, namespace of its purls, and whether the package's version is that
/// of the release.
const MARKS: [(&str, &str, bool); 5] = [
    ("alpine-release", "alpine", true),
    ("alpine-base", "alpine", true),
    ("wolfi-baselayout", "wolfi", false),
    ("chainguard-baselayout", "chainguard", false),
    ("alpine-keys", "alpine", false),
];

#[derive(Debug, Clone, Copy, Default)]
struct Package<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    architecture: Option<&'a str>,
    origin: Option<&'a str>,
    line: u64,
}

/// Namespace and `distro` of the purls.
struct System {
    namespace: &'static str,
    distro: String,
}

/// Reads the paragraphs of `text`.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Inventory {
    let packages = paragraphs(text, &mut found);
    if !text.ends_with('\n') {
        let end = found.at_line(Code::FieldInvalid, text.lines().count() as u64);
        found.push(end.with("field", "end of file").with("value", "").with("expected", "line end"));
    }
    let system = system(&packages, &mut found);
    let components = packages.iter().filter_map(|p| component(p, system.as_ref(), &mut found)).collect();
    Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::ApkInstalled,
        subject: None,
        about: None,
        components,
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: found.finish(),
    }
}

fn paragraphs<'a>(text: &'a str, found: &mut Collector<'_>) -> Vec<Package<'a>> {
    let mut packages = Vec::new();
    let mut current: Option<Package<'a>> = None;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            packages.extend(current.take());
            continue;
        }
        let package = current.get_or_insert_with(|| Package { line: number, ..Package::default() });
        // One letter and a colon; case matters (`A` is the architecture, `a` the rights of a file).
        let Some((field, value)) = line.split_once(':').filter(|(field, _)| field.len() == 1) else {
            found.push(
                found
                    .at_line(Code::FieldInvalid, number)
                    .with("field", "line")
                    .with("value", shorten(line, 80))
                    .with("expected", "P:name"),
            );
            continue;
        };
        let value = Some(value.trim()).filter(|value| !value.is_empty());
        match field {
            "P" => package.name = value,
            "V" => package.version = value,
            "A" => package.architecture = value,
            "o" => package.origin = value,
            _ => {}
        }
    }
    packages.extend(current);
    packages
}

/// The distribution, from packages that only it has; `alpine-release` tells the release as well.
fn system(packages: &[Package<'_>], found: &mut Collector<'_>) -> Option<System> {
    let mut best: Option<(usize, &Package<'_>)> = None;
    for package in packages {
        let Some(rank) = MARKS.iter().position(|(name, ..)| package.name == Some(*name)) else { continue };
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, package));
        }
    }
    let known = best.and_then(|(rank, package)| Some((MARKS.get(rank)?, package)));
    let Some(((name, namespace, tells), package)) = known else {
        found.push(Diagnostic::new(Code::ReleaseNotDerived, found.place()).with("count", packages.len()));
        return None;
    };
    let version = package.version.filter(|_| *tells);
    let release = version.map(|version| version.split('-').next().unwrap_or(version));
    let distro = match release {
        Some(release) => format!("{namespace}-{release}"),
        // Wolfi and Chainguard have no releases.
        None => (*namespace).to_owned(),
    };
    let evidence = match version {
        Some(version) => format!("{name} {version}"),
        None => (*name).to_owned(),
    };
    let code = if *namespace == "alpine" && release.is_none() {
        Diagnostic::new(Code::ReleaseNotDerived, found.place()).with("count", packages.len())
    } else {
        Diagnostic::new(Code::ReleaseDerived, found.place())
            .with("release", &distro)
            .with("evidence", shorten(&evidence, 120))
    };
    found.push(code);
    Some(System { namespace, distro })
}

fn component(package: &Package<'_>, system: Option<&System>, found: &mut Collector<'_>) -> Option<Component> {
    let Some(name) = package.name else {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "P"));
        return None;
    };
    if package.version.is_none() {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "V"));
    }
    let upstream = package.origin.filter(|origin| *origin != name).unwrap_or_default();
    let purl = package_url::qualify(
        package_url::build("apk", system.map(|s| s.namespace).unwrap_or_default(), name, package.version),
        &[
            ("arch", package.architecture.unwrap_or_default()),
            ("distro", system.map(|s| s.distro.as_str()).unwrap_or_default()),
            ("upstream", upstream),
        ],
    );
    Some(Component {
        name: name.to_owned(),
        version: package.version.map(str::to_owned),
        purl: Some(purl),
        pointer: format!("line {}", package.line),
        ..Component::default()
    })
}
