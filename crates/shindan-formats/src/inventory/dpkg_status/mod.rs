//! dpkg's `status` (and the files of `status.d` in images without dpkg): what is installed on Debian and Ubuntu.
//!
//! Source: Debian policy 5.1 (paragraphs), 5.6.1 (`Source`); dpkg-query(1), "Package states".
//!
//! Advisories of Debian and Ubuntu name *source* packages and their versions; both are in the purl's `upstream`.
//! The file does not tell the release. It is derived (see [`release`]), and how is said.

mod release;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::release::System;
use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// What matters of one paragraph.
#[derive(Debug, Clone, Copy, Default)]
struct Package<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    architecture: Option<&'a str>,
    source: Option<&'a str>,
    status: Option<&'a str>,
    /// Line of its first field, from 1.
    line: u64,
}

/// Reads the paragraphs of `text`.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Inventory {
    let packages = paragraphs(text, &mut found);
    if !text.ends_with('\n') {
        // dpkg ends every line; this file was cut off, and its last value with it.
        let last = text.lines().count() as u64;
        let reason = found.at_line(Code::FieldInvalid, last);
        found.push(reason.with("field", "end of file").with("value", "").with("expected", "line end"));
    }
    let total = packages.len();
    let installed: Vec<Package<'_>> =
        packages.into_iter().filter(|package| is_installed(package, &mut found)).collect();
    let left_out = total - installed.len();
    if left_out > 0 {
        let diagnostic = Diagnostic::new(Code::PackagesNotInstalled, found.place());
        found.push(diagnostic.with("count", left_out));
    }
    let versions = installed.iter().filter_map(|package| Some((package.name?, package.version?)));
    let system = release::derive(versions);
    report(system.as_ref(), installed.len(), &mut found);
    let components = installed.iter().filter_map(|p| component(p, system.as_ref(), &mut found)).collect();
    Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::DpkgStatus,
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
        // A line that begins with a blank continues the field above it.
        if line.starts_with([' ', '\t', '#']) {
            continue;
        }
        let package = current.get_or_insert_with(|| Package { line: number, ..Package::default() });
        let Some((field, value)) = line.split_once(':') else {
            found.push(
                found
                    .at_line(Code::FieldInvalid, number)
                    .with("field", "line")
                    .with("value", shorten(line, 80))
                    .with("expected", "Field: value"),
            );
            continue;
        };
        let value = Some(value.trim()).filter(|value| !value.is_empty());
        match field.to_ascii_lowercase().as_str() {
            "package" => package.name = value,
            "version" => package.version = value,
            "architecture" => package.architecture = value,
            "source" => package.source = value,
            "status" => package.status = value,
            _ => {}
        }
    }
    packages.extend(current);
    packages
}

/// The third word of `Status` tells whether files of the package are there. A file of `status.d` has no such field:
/// what it names is installed. An unknown state is taken as installed, and said.
fn is_installed(package: &Package<'_>, found: &mut Collector<'_>) -> bool {
    let Some(status) = package.status else { return true };
    match status.split_whitespace().nth(2) {
        Some("not-installed" | "config-files") => false,
        Some(
            "installed" | "unpacked" | "half-configured" | "half-installed" | "triggers-awaited"
            | "triggers-pending",
        ) => true,
        _ => {
            found.push(
                found
                    .at_line(Code::FieldTolerated, package.line)
                    .with("field", "Status")
                    .with("value", shorten(status, 80))
                    .with("expected", "install ok installed"),
            );
            true
        }
    }
}

fn report(system: Option<&System>, packages: usize, found: &mut Collector<'_>) {
    let place = found.place();
    let not_derived = || Diagnostic::new(Code::ReleaseNotDerived, place.clone()).with("count", packages);
    match system {
        _ if packages == 0 => {}
        None => found.push(not_derived()),
        Some(system) => match system.distro() {
            Some(distro) => found.push(
                Diagnostic::new(Code::ReleaseDerived, place.clone())
                    .with("release", distro)
                    .with("evidence", shorten(&system.evidence, 120)),
            ),
            None => found.push(not_derived()),
        },
    }
}

fn component(package: &Package<'_>, system: Option<&System>, found: &mut Collector<'_>) -> Option<Component> {
    let Some(name) = package.name else {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "Package"));
        return None;
    };
    if package.version.is_none() {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "Version"));
    }
    // Without a hint at the distribution the purl names none: the package is then undetermined, not clean.
    let namespace = system.map(|system| system.vendor.as_str()).unwrap_or_default();
    let distro = system.and_then(System::distro).unwrap_or_default();
    let upstream = upstream(package);
    let purl = package_url::qualify(
        package_url::build("deb", namespace, name, package.version),
        &[
            ("arch", package.architecture.unwrap_or_default()),
            ("distro", &distro),
            ("upstream", &upstream.unwrap_or_default()),
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

/// `Source: openssl` or `Source: gcc-12 (12.2.0-14)`, as `name@version`; `None` if the package is its own source.
fn upstream(package: &Package<'_>) -> Option<String> {
    let source = package.source?;
    let (name, version) = match source.split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest.trim_end_matches(')').trim())),
        None => (source, package.version),
    };
    match version.filter(|version| !version.is_empty()) {
        Some(version) => Some(format!("{name}@{version}")),
        None => Some(name.to_owned()),
    }
}
