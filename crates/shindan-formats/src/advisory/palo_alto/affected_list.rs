//! `x_affectedList`: every affected version by name (`PAN-OS 10.1.14-h9`).
//!
//! Where the entry of the product gives ranges, they say the same and more: the list adds nothing. It is used for
//! products whose versions are not understood, and for those that have no entry.

use std::collections::BTreeMap;

use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use crate::json::Str;
use crate::text::shorten;

/// Place of the list in a record.
const POINTER: &str = "/containers/cna/x_affectedList";

/// The statements that the list adds to those already `known`. Texts without a version are told once.
pub(super) fn statements(
    list: &[Str<'_>],
    known: &[Affected],
    vendor: &str,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Affected> {
    let mut by_product: BTreeMap<&str, Vec<VersionRange>> = BTreeMap::new();
    let mut unclear: Option<&str> = None;
    for text in list {
        match split(text) {
            Some((product, version)) => {
                let range = VersionRange::exactly(Scheme::Generic, version);
                by_product.entry(product).or_default().push(range);
            }
            None => unclear = unclear.or(Some(text)),
        }
    }
    if let Some(text) = unclear {
        let diagnostic = Diagnostic::new(Code::FieldTolerated, place.clone().at_field(POINTER));
        let diagnostic = diagnostic.with("field", "x_affectedList").with("value", shorten(text, 60));
        diagnostics.push(diagnostic.with("expected", "PRODUCT VERSION"));
    }
    by_product
        .into_iter()
        .filter(|(product, _)| !is_told(product, known))
        .map(|(product, ranges)| statement(product, vendor, ranges))
        .collect()
}

/// True if the versions of the product are told by ranges.
fn is_told(product: &str, known: &[Affected]) -> bool {
    let of_product = |affected: &&Affected| {
        affected.product.product.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case(product))
    };
    let mut own = known.iter().filter(of_product).peekable();
    own.peek().is_some() && own.all(|a| !matches!(a.versions, VersionClaim::Undetermined { .. }))
}

/// `PAN-OS 10.1.14-h9` as product and version: the version is one word that begins with a digit.
fn split(text: &str) -> Option<(&str, &str)> {
    let (product, version) = text.trim().rsplit_once(' ')?;
    let product = product.trim();
    let named = product.starts_with(|c: char| c.is_ascii_alphabetic());
    (named && version.starts_with(|c: char| c.is_ascii_digit())).then_some((product, version))
}

fn statement(product: &str, vendor: &str, ranges: Vec<VersionRange>) -> Affected {
    Affected {
        vulnerabilities: Vec::new(),
        product: ProductRef {
            vendor: Some(vendor.to_owned()),
            product: Some(product.to_owned()),
            ..ProductRef::default()
        },
        status: Status::Affected,
        versions: VersionClaim::ranged(ranges),
        text: String::new(),
        fixed_versions: Vec::new(),
        platforms: Vec::new(),
        updates: Vec::new(),
        within: None,
        justification: None,
        impact: String::new(),
        pointer: POINTER.to_owned(),
    }
}
