//! Lists of installed rpm packages: `rpm -qa`, `rpm -qa --qf …` in the usual orders, `dnf list installed`.
//!
//! Source: rpm(8), "PACKAGE QUERY OPTIONS"; purl specification, type `rpm`.
//!
//! The default form of `rpm -qa` leaves out the epoch, without which versions are compared without epochs, and the
//! source package, under which unfixed vulnerabilities are published. Both is said. The form that tells everything:
//!
//! ```text
//! rpm -qa --qf '%{NAME}\t%{EPOCH}\t%{VERSION}\t%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\n'
//! ```

mod line;
mod system;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::line::{Epoch, Package, Parsed};
use self::system::System;
use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// How many lines are looked at to recognise the format.
const LOOKED_AT: usize = 200;

/// True if most lines name an rpm package, and one of them can be nothing else: it ends in an architecture of rpm or
/// bears a distribution's mark.
pub(super) fn recognise(text: &str) -> bool {
    let (mut packages, mut certain, mut other) = (0_u64, 0_u64, 0_u64);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LOOKED_AT) {
        match line::parse(line) {
            Parsed::Package(package) => {
                packages += 1;
                certain += u64::from(package.is_certain());
            }
            Parsed::Nothing => packages += 1,
            Parsed::Unknown => other += 1,
        }
    }
    certain > 0 && certain * 2 >= packages && other * 3 <= packages
}

/// Reads the list.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Inventory {
    let mut packages = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match line::parse(line.trim()) {
            Parsed::Package(package) => packages.push((number, package)),
            Parsed::Nothing => {}
            Parsed::Unknown => found.push(
                found
                    .at_line(Code::FieldInvalid, number)
                    .with("field", "line")
                    .with("value", shorten(line, 80))
                    .with("expected", "name-version-release.arch"),
            ),
        }
    }
    if !text.ends_with('\n') && ends_unlike_the_rest(&packages) {
        let end = found.at_line(Code::FieldInvalid, text.lines().count() as u64);
        found.push(end.with("field", "end of file").with("value", "").with("expected", "line end"));
    }
    let system = system::derive(packages.iter().map(|(_, package)| package));
    report(&packages, system.as_ref(), &mut found);
    let components = packages.iter().map(|(line, p)| component(*line, p, system.as_ref())).collect();
    Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::RpmList,
        subject: None,
        about: None,
        components,
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: found.finish(),
    }
}

/// True if the last package lacks the architecture that the one before it has: its line was cut off.
fn ends_unlike_the_rest(packages: &[(u64, Package<'_>)]) -> bool {
    matches!(packages, [.., (_, before), (_, last)]
        if before.architecture.is_some() && last.architecture.is_none())
}

fn report(packages: &[(u64, Package<'_>)], system: Option<&System>, found: &mut Collector<'_>) {
    if packages.is_empty() {
        return;
    }
    let place = found.place();
    found.push(match system {
        Some(System { release: Some(release), id, evidence, .. }) => {
            Diagnostic::new(Code::ReleaseDerived, place.clone())
                .with("release", format_args!("{id}-{release}"))
                .with("evidence", shorten(evidence, 120))
        }
        _ => Diagnostic::new(Code::ReleaseNotDerived, place.clone()).with("count", packages.len()),
    });
    let lacking = |lacks: fn(&Package<'_>) -> bool| packages.iter().filter(|(_, p)| lacks(p)).count();
    let (epochs, sources) = (lacking(|p| p.epoch == Epoch::NotListed), lacking(|p| p.source.is_none()));
    let mut fields = Vec::new();
    if epochs > 0 {
        fields.push("EPOCH");
    }
    if sources > 0 {
        fields.push("SOURCERPM");
    }
    if !fields.is_empty() {
        let diagnostic = Diagnostic::new(Code::PackageDetailsMissing, place);
        found.push(diagnostic.with("count", epochs.max(sources)).with("fields", fields.join(", ")));
    }
}

fn component(line: u64, package: &Package<'_>, system: Option<&System>) -> Component {
    let version = format!("{}-{}", package.version, package.release);
    // An epoch that is not listed is not written: the matcher then compares without epochs.
    let epoch = match package.epoch {
        Epoch::NotListed => "",
        Epoch::None => "0",
        Epoch::Number(number) => number,
    };
    let namespace = system.map(|system| system.namespace_of(package)).unwrap_or_default();
    // A `distro` would name the distribution just as well.
    let distro = system.filter(|_| !namespace.is_empty()).and_then(|system| system.distro_of(package));
    let purl = package_url::qualify(
        package_url::build("rpm", namespace, package.name, Some(&version)),
        &[
            ("arch", package.architecture.unwrap_or_default()),
            ("distro", &distro.unwrap_or_default()),
            ("epoch", epoch),
            ("upstream", package.source.unwrap_or_default()),
        ],
    );
    let with_epoch = match package.epoch {
        Epoch::Number(number) if number != "0" => format!("{number}:{version}"),
        _ => version,
    };
    Component {
        name: package.name.to_owned(),
        version: Some(with_epoch),
        purl: Some(purl),
        pointer: format!("line {line}"),
        ..Component::default()
    }
}
