//! What CVE records and NVD's answers have in common: product entries with their versions, and configurations of CPE
//! names. Not a format of its own. Source: CVE Record Format 5.0 to 5.2; NVD CVE API 2.0 with the fields of 2026.

use shindan_domain::advisory::{Affected, ProductRef};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::Scheme;

use super::statements::Statements;
use super::{microsoft, package};
use crate::json::Str;
use crate::text::shorten;

pub(super) mod applicability;
mod bounds;
pub(super) mod model;
mod release_builds;
mod versions;

use model::{Product, Text};

/// Longest text that is kept with a statement, in characters.
const LONGEST_TEXT: usize = 400;
/// Most platform words that are kept with a statement.
const PLATFORM_WORDS: usize = 10;

/// The Japanese text if there is one, else the English one, else the first.
pub(in crate::advisory) fn chosen<'t, 'a>(texts: &'t [Text<'a>]) -> Option<&'t Text<'a>> {
    let in_language = |wanted: &str| {
        texts.iter().find(|text| {
            let tag = text.lang.as_deref().unwrap_or_default().to_ascii_lowercase();
            tag == wanted || tag.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(['-', '_']))
        })
    };
    in_language("ja").or_else(|| in_language("en")).or_else(|| texts.first())
}

/// Adds what a product entry says. `pointer` is its place.
pub(in crate::advisory) fn add_product(
    product: &Product<'_>,
    pointer: &str,
    place: &Place,
    statements: &mut Statements,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let place = place.clone().at_field(pointer);
    check_default_status(product, &place, diagnostics);
    let names = product_ref(product, &place, diagnostics);
    if names.reference == ProductRef::default() {
        // "n/a" by "n/a" names nothing. If the whole record names nothing, that is reported.
        return;
    }
    let scheme = names.reference.ecosystem.as_deref().and_then(Scheme::of_ecosystem);
    let (claims, fixed_versions) = versions::claims(product, scheme);
    for claim in claims {
        statements.add(Affected {
            vulnerabilities: Vec::new(),
            product: names.reference.clone(),
            status: claim.status,
            versions: claim.versions,
            text: names.text.clone(),
            fixed_versions: fixed_versions.clone(),
            platforms: one_group(&names.platforms),
            updates: Vec::new(),
            within: None,
            justification: None,
            impact: String::new(),
            pointer: pointer.to_owned(),
        });
    }
}

fn one_group(platforms: &[String]) -> Vec<Vec<String>> {
    if platforms.is_empty() { Vec::new() } else { vec![platforms.to_vec()] }
}

fn check_default_status(product: &Product<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) {
    let known = ["affected", "unaffected", "unknown"];
    let statuses = product.default_status.iter().chain(product.versions.iter().map(|entry| &entry.status));
    for status in statuses {
        if !known.iter().any(|word| status.trim().eq_ignore_ascii_case(word)) {
            diagnostics.push(
                Diagnostic::new(Code::FieldTolerated, place.clone())
                    .with("field", "status")
                    .with("value", shorten(status, 60))
                    .with("expected", "affected, unaffected, unknown"),
            );
        }
    }
}

/// How a product is named, where it runs, and what else is said about it in words.
struct Names {
    reference: ProductRef,
    platforms: Vec<String>,
    text: String,
}

fn product_ref(product: &Product<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Names {
    let mut reference = ProductRef {
        vendor: meaningful(&product.vendor),
        product: meaningful(&product.product),
        package: meaningful(&product.package_name),
        ..ProductRef::default()
    };
    for text in &product.cpes {
        if let Some(cpe) = applicability::name(text, place, diagnostics).map(|cpe| cpe.to_string())
            && !reference.cpes.contains(&cpe)
        {
            reference.cpes.push(cpe);
        }
    }
    for cpe in microsoft::align_windows(&mut reference) {
        let expected = reference.cpes.first().cloned().unwrap_or_default();
        let diagnostic = Diagnostic::new(Code::FieldTolerated, place.clone()).with("field", "cpes");
        diagnostics.push(diagnostic.with("value", cpe).with("expected", expected));
    }
    let collection = product.collection_url.as_deref().unwrap_or_default();
    if reference.package.is_some() {
        reference.ecosystem = package::of_collection(collection).map(str::to_owned);
    }
    if let Some(purl) = meaningful(&product.package_url) {
        if let Some((ecosystem, name)) = package::from_purl(&purl) {
            reference.ecosystem = Some(ecosystem.to_owned());
            reference.package = Some(name);
        }
        reference.purl = Some(package::without_version(&purl));
    } else if let (Some(ecosystem), Some(name)) = (&reference.ecosystem, &reference.package) {
        reference.purl = package::derive_purl(ecosystem, name);
    }
    let words: Vec<&str> = product.platforms.iter().take(PLATFORM_WORDS).map(Str::as_str).collect();
    let mut text = words.join(", ");
    let mut platforms = Vec::new();
    if reference.package.is_some() && collection.to_ascii_lowercase().contains("redhat") {
        // Red Hat names a package, and as product and CPE the system that it belongs to: a condition, not the thing
        // that is affected.
        platforms = std::mem::take(&mut reference.cpes);
        reference.ecosystem = Some("Red Hat".to_owned());
        reference.purl = reference.package.as_deref().and_then(|name| package::derive_purl("Red Hat", name));
        text = reference.product.take().unwrap_or_default();
    }
    Names { reference, platforms, text: shorten(&text, LONGEST_TEXT) }
}

/// A name, unless it is one of the ways to say that there is none.
fn meaningful(text: &Option<Str<'_>>) -> Option<String> {
    let text = text.as_ref()?.trim();
    let empty = ["", "n/a", "na", "-", "unknown", "unspecified", "none", "*"];
    (!empty.iter().any(|word| text.eq_ignore_ascii_case(word))).then(|| text.to_owned())
}
