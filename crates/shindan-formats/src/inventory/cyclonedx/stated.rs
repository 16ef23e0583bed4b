//! A CycloneDX document read for what it states about vulnerabilities, as an advisory of its publisher.

use jiff::Timestamp;
use shindan_domain::advisory::{Advisory, Affected, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::VersionClaim;

use super::{Whole, read_whole};
use crate::bom_link;
use crate::inventory::collector::Collector;
use crate::limits::Limits;
use crate::text::shorten;

/// What a CycloneDX document states about vulnerabilities, for whoever reads it as an advisory.
#[derive(Debug)]
pub(crate) struct Stated {
    /// One for each entry of `vulnerabilities`.
    pub(crate) advisories: Vec<Advisory>,
    /// Who publishes the document; `unknown` if it does not tell.
    pub(crate) publisher: String,
    /// When it was made.
    pub(crate) timestamp: Option<Timestamp>,
    /// How many entries could not be read; each has a diagnostic.
    pub(crate) rejected: u64,
    /// What was odd or unreadable.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads a CycloneDX document as an advisory (VEX, VDR). Statements about parts of the document's subject hold inside
/// that subject only (`Affected::within`).
///
/// # Errors
/// What made the document unreadable as a whole.
pub(crate) fn read(text: &str, path: &str, limits: &Limits) -> Result<Stated, Vec<Diagnostic>> {
    let whole = read_whole(text, Collector::new(path), limits)?;
    let Whole { inventory, publisher, timestamp, rejected, subject } = whole;
    let mut advisories = inventory.opinions;
    let mut diagnostics = inventory.diagnostics;
    let without_version = |part: &Affected, subject: &str| {
        Diagnostic::new(Code::OpinionWithoutVersion, Place::file(path).at_field(&part.pointer))
            .with("name", shorten(subject, 200))
    };
    for part in advisories.iter_mut().flat_map(|advisory| &mut advisory.affected) {
        // A reference alone says nothing outside its document.
        part.product.bom_link = part.product.bom_link.take().filter(|link| bom_link::is_link(link));
        let clears = matches!(part.status, Status::NotAffected | Status::Fixed);
        let name = part.product.product.as_deref().unwrap_or_default();
        if clears && part.versions == VersionClaim::All && !name.is_empty() {
            diagnostics.push(without_version(part, name));
        }
        if let Some(subject) = &subject
            && part.within.is_none()
            && !is_subject(&part.product, &subject.product)
            && !elsewhere(&part.product, &subject.product)
        {
            if clears && subject.versionless {
                diagnostics
                    .push(without_version(part, subject.product.product.as_deref().unwrap_or_default()));
            }
            part.within = Some(Box::new(subject.container.clone()));
        }
    }
    diagnostics.extend(advisories.iter().filter(|advisory| names_nothing(advisory)).map(|advisory| {
        let place = Place::file(path).at_field(&advisory.pointer);
        Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", shorten(&advisory.id, 200))
    }));
    Ok(Stated { advisories, publisher, timestamp, rejected, diagnostics })
}

/// True if an entry speaks of products that it knows by a name only, without a maker: they are looked up by nobody. What
/// is cleared without a version was told already.
fn names_nothing(advisory: &Advisory) -> bool {
    let nameless = |part: &Affected| {
        let product = &part.product;
        let identified = product.purl.is_some() || !product.cpes.is_empty() || product.bom_link.is_some();
        !identified && product.vendor.is_none() && part.versions != VersionClaim::All
    };
    !advisory.affected.is_empty() && advisory.affected.iter().all(nameless)
}

/// True if the product of a statement is the document's subject. Where a statement clears it without a version, its
/// maker is left out.
fn is_subject(product: &ProductRef, subject: &ProductRef) -> bool {
    let maker = product.vendor.is_none() || product.vendor == subject.vendor;
    maker && ProductRef { vendor: subject.vendor.clone(), ..product.clone() } == *subject
}

/// True for a link into another document, which is no part of this one's subject.
fn elsewhere(product: &ProductRef, subject: &ProductRef) -> bool {
    let document =
        |product: &ProductRef| product.bom_link.as_deref().map(|link| bom_link::parts(link).0.to_owned());
    product.bom_link.is_some() && document(product) != document(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(metadata: &str, serial: &str) -> Stated {
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{serial}\"metadata\":{{{metadata}}},\"components\":[\
             {{\"type\":\"library\",\"name\":\"a\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\",\"bom-ref\":\"a\"}},\
             {{\"type\":\"library\",\"name\":\"b\",\"bom-ref\":\"b\"}}],\"vulnerabilities\":[5,{{\"id\":\"CVE-2026-1\",\
             \"analysis\":{{\"state\":\"not_affected\"}},\"affects\":[{{\"ref\":\"a\"}},{{\"ref\":\"b\"}},{{\"ref\":\"me\"}},\
             {{\"ref\":\"urn:cdx:11111111-2222-4333-8444-555555555555/1#x\"}}]}}]}}"
        );
        super::read(&text, "vex.json", &Limits::DEFAULT).expect("reads")
    }

    const SUBJECT: &str = "\"authors\":[{\"name\":\"An Author\"}],\"timestamp\":\"2026-02-01T00:00:00Z\",\
        \"component\":{\"type\":\"application\",\"name\":\"Suite\",\"version\":\"2\",\"bom-ref\":\"me\"}";

    #[test]
    fn what_is_said_of_a_part_holds_inside_the_subject() {
        let serial = "\"serialNumber\":\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\",";
        let read = read(SUBJECT, serial);
        assert_eq!((read.publisher.as_str(), read.rejected), ("An Author", 1));
        assert!(read.timestamp.is_some() && !read.diagnostics.is_empty());
        let affected = &read.advisories[0].affected;
        let within: Vec<Option<&str>> = affected
            .iter()
            .map(|part| part.within.as_ref().and_then(|within| within.bom_link.as_deref()))
            .collect();
        let subject = Some("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#me");
        assert_eq!(within, [subject, subject, None, None]);
        assert_eq!(affected[2].product.product.as_deref(), Some("Suite"));
    }

    #[test]
    fn the_subject_keeps_its_version() {
        let subject =
            SUBJECT.replace("\"bom-ref\":\"me\"", "\"purl\":\"pkg:generic/suite@2\",\"bom-ref\":\"me\"");
        let read = read(&subject, "");
        let affected = &read.advisories[0].affected;
        let within = affected[0].within.as_ref().expect("a part");
        assert_eq!(within.purl.as_deref(), Some("pkg:generic/suite@2"));
        assert_eq!(
            (affected[2].product.purl.as_deref(), &affected[2].within),
            (Some("pkg:generic/suite"), &None)
        );
    }

    #[test]
    fn without_a_serial_number_references_stay_inside() {
        let read = read(SUBJECT, "");
        let affected = &read.advisories[0].affected;
        let links: Vec<bool> = affected.iter().map(|part| part.product.bom_link.is_some()).collect();
        assert_eq!(links, [false, false, false, true]);
        let within: Vec<Option<&str>> = affected
            .iter()
            .map(|part| part.within.as_ref().and_then(|within| within.product.as_deref()))
            .collect();
        assert_eq!(within, [Some("Suite"), Some("Suite"), None, None]);
    }

    /// The subject's statement is the third.
    fn subject_without_version(subject: &str) -> Stated {
        read(&format!("\"component\":{{\"type\":\"device\",\"bom-ref\":\"me\",{subject}}}"), "")
    }

    #[test]
    fn what_the_document_is_about_keeps_its_version_however_it_is_named() {
        let named = "\"name\":\"Pump\",\"publisher\":\"Acme\"";
        for (subject, own, within) in [
            (format!("{named},\"version\":\"2\""), "=2", Some("2")),
            (
                format!("{named},\"version\":\"2\",\"cpe\":\"cpe:2.3:h:acme:pump:*:*:*:*:*:*:*:*\""),
                "=2",
                Some("2"),
            ),
            (format!("{named},\"cpe\":\"cpe:2.3:h:acme:pump:7:*:*:*:*:*:*:*\""), "=7", Some("7")),
            (format!("{named},\"version\":\"2\",\"purl\":\"pkg:generic/pump\""), "=2", Some("2")),
            (format!("{named},\"purl\":\"pkg:generic/pump\""), "all", None),
        ] {
            let read = subject_without_version(&subject);
            let [part, _, whole, _] = read.advisories[0].affected.as_slice() else { panic!("{subject}") };
            let claim = match &whole.versions {
                VersionClaim::All => "all".to_owned(),
                VersionClaim::Ranged { ranges, .. } => ranges.iter().map(ToString::to_string).collect(),
                VersionClaim::Undetermined { .. } => "?".to_owned(),
            };
            let container = part.within.as_ref().expect("a part");
            assert_eq!((claim.as_str(), container.version.as_deref()), (own, within), "{subject}");
            assert!(whole.within.is_none(), "{subject}");
        }
    }

    #[test]
    fn a_name_without_a_version_clears_nothing_outside_its_document() {
        let read = subject_without_version("\"name\":\"Pump\",\"publisher\":\"Acme\"");
        let [part, _, whole, _] = read.advisories[0].affected.as_slice() else { panic!("four statements") };
        let container = part.within.as_ref().expect("a part");
        assert_eq!((&container.product, &container.vendor), (&None, &None), "known by its document alone");
        assert_eq!(whole.product.vendor, None, "looked up by nobody");
        let told: Vec<(&str, &str)> = read
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::OpinionWithoutVersion)
            .map(|diagnostic| {
                (diagnostic.params["name"].as_str(), diagnostic.place.field.as_deref().unwrap_or_default())
            })
            .collect();
        let pointer = |number| format!("/vulnerabilities/1/affects/{number}");
        assert_eq!(
            told,
            [("Pump", pointer(0).as_str()), ("b", &pointer(1)), ("Pump", &pointer(1)), ("Pump", &pointer(2))]
        );
    }

    #[test]
    fn a_name_without_a_maker_is_told_to_match_nothing() {
        let text = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"component\":{\"type\":\"device\",\
            \"name\":\"Pump\",\"version\":\"2\",\"bom-ref\":\"me\"}},\"vulnerabilities\":[{\"id\":\"CVE-2026-1\",\
            \"analysis\":{\"state\":\"not_affected\"},\"affects\":[{\"ref\":\"me\"}]}]}";
        let codes = |text: &str| -> Vec<Code> {
            let read = super::read(text, "vex.json", &Limits::DEFAULT).expect("reads");
            read.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
        };
        assert_eq!(codes(text), [Code::AdvisoryWithoutProduct]);
        let made = text.replace("\"name\":\"Pump\"", "\"name\":\"Pump\",\"publisher\":\"Acme\"");
        assert_eq!(codes(&made), []);
    }

    #[test]
    fn unreadable_documents_are_errors() {
        assert!(
            super::read("{\"bomFormat\":\"CycloneDX\",\"vulnerabilities\":[", "x", &Limits::DEFAULT).is_err()
        );
    }
}
