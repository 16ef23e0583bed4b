//! Ubuntu Pro: packages whose fix only subscribers get (`Ubuntu:Pro:16.04:LTS`).
//!
//! Without a subscription the system has the same release and the same packages, and stays affected. A record that
//! names the release of Pro only would leave it out in silence, so the statement is made for the release itself, too;
//! where the record has one, what a subscriber installed must not look affected. A list of packages does not tell who
//! subscribes; the version of an installed package does (`+esm1`). The fix is shown with where it comes from.
//!
//! Source: OSV schema 1.7, "Defined ecosystems" (Ubuntu); Ubuntu's records of 2024 (`ecosystem_specific.availability`:
//! "No subscription required", "Available with Ubuntu Pro…", "Livepatch subscription required").

use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::model::AffectedPackage;
use crate::advisory::package;

/// Stands above every number of an extended maintenance build (`+esm1`, `+esm2` …).
const LAST_BUILD: &str = "999999";

/// Completes the statements of a record, which stand in the order of its `affected`.
pub(super) fn complete(packages: &[AffectedPackage<'_>], statements: &mut Vec<Affected>) {
    let mut more: Vec<Affected> = Vec::new();
    for (index, package) in packages.iter().enumerate() {
        let Some(pro) = statements.get(index) else { return };
        let Some(ordinary) = pro.product.ecosystem.as_deref().and_then(ordinary_release) else { continue };
        let pro = pro.clone();
        let fixes: Vec<String> = pro.fixed_versions.iter().map(|fix| from_where(fix, package)).collect();
        let mut named = false;
        for own in statements.iter_mut().filter(|own| is_of(own, &ordinary, &pro.product)) {
            named = true;
            own.fixed_versions.extend(
                fixes.iter().filter(|fix| !own.fixed_versions.contains(fix)).cloned().collect::<Vec<_>>(),
            );
        }
        let product = ProductRef {
            purl: pro.product.package.as_deref().and_then(|name| package::derive_purl(&ordinary, name)),
            ecosystem: Some(ordinary),
            ..pro.product.clone()
        };
        if !named {
            more.push(Affected { product, fixed_versions: fixes, ..pro });
            continue;
        }
        let builds: Vec<VersionRange> = pro.fixed_versions.iter().map(|fix| builds_from(fix)).collect();
        if !builds.is_empty() {
            let versions = VersionClaim::ranged(builds);
            more.push(Affected {
                product,
                status: Status::Fixed,
                versions,
                fixed_versions: Vec::new(),
                ..pro
            });
        }
    }
    statements.extend(more);
}

/// `Ubuntu:16.04:LTS` for `Ubuntu:Pro:16.04:LTS`. Certified and real-time variants (`Ubuntu:Pro:FIPS:18.04:LTS`) are
/// packages of their own, which an ordinary system does not have.
fn ordinary_release(ecosystem: &str) -> Option<String> {
    let release = ecosystem.strip_prefix("Ubuntu:Pro:")?;
    release.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("Ubuntu:{release}"))
}

fn is_of(statement: &Affected, ecosystem: &str, product: &ProductRef) -> bool {
    statement.product.ecosystem.as_deref() == Some(ecosystem) && statement.product.package == product.package
}

/// The version with the subscription that it needs: `1.2-3ubuntu1+esm1 (Ubuntu Pro)`.
fn from_where(fix: &str, package: &AffectedPackage<'_>) -> String {
    let availability: Option<String> =
        package.ecosystem_specific.availability.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let livepatch = availability.is_some_and(|text| text.contains("Livepatch"));
    format!("{fix} ({})", if livepatch { "Ubuntu Livepatch" } else { "Ubuntu Pro" })
}

/// The builds of extended maintenance from `fix` on. A fix that is not marked as one is that very build only: a later
/// one may come from the ordinary archive, without the fix.
fn builds_from(fix: &str) -> VersionRange {
    let digits = fix.len() - fix.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    match fix.split_at_checked(fix.len() - digits) {
        Some((stem, _)) if digits > 0 && stem.ends_with("esm") => VersionRange {
            scheme: Scheme::Deb,
            lower: Bound::Inclusive(fix.to_owned()),
            upper: Bound::Inclusive(format!("{stem}{LAST_BUILD}")),
        },
        _ => VersionRange::exactly(Scheme::Deb, fix),
    }
}
