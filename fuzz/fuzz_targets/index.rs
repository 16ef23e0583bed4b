//! The knowledge index: any bytes as a file, and any bytes as sections under right checksums.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status,
};
use shindan_domain::finding::Decided;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::VersionClaim;
use shindan_match::check::{Question, check};
use shindan_match::index::layout::{FileWriter, SectionId};
use shindan_match::index::read::Index;

const SECTIONS: [SectionId; 15] = [
    SectionId::Meta,
    SectionId::Keys,
    SectionId::Postings,
    SectionId::Identifiers,
    SectionId::VulnerabilityOffsets,
    SectionId::Vulnerabilities,
    SectionId::AdvisoryOffsets,
    SectionId::Advisories,
    SectionId::Documents,
    SectionId::Enrichments,
    SectionId::Devices,
    SectionId::IdentifierEntries,
    SectionId::UpdateNames,
    SectionId::UpdateOffsets,
    SectionId::Updates,
];

fuzz_target!(|sections: Vec<Vec<u8>>| {
    if let [only] = sections.as_slice() {
        ask(only);
        return;
    }
    let mut writer = FileWriter::default();
    for (id, bytes) in SECTIONS.into_iter().zip(sections) {
        writer.add(id, true, bytes);
    }
    ask(&writer.finish());
});

fn ask(bytes: &[u8]) {
    let Ok(index) = Index::open(bytes) else { return };
    let ecosystems = index.meta().map(|meta| meta.ecosystems).unwrap_or_default();
    let purl =
        |purl: &str| Component { name: purl.to_owned(), purl: Some(purl.to_owned()), ..Component::default() };
    let element = Component {
        bom_link: Some("urn:cdx:x/1#e".to_owned()),
        updates: Some(vec!["KB1".to_owned()]),
        ..Component::default()
    };
    let mut opinion = Advisory::new("own", "us", AdvisoryFormat::CyclonedxVex);
    opinion.exploitability = true;
    opinion.vulnerabilities =
        vec![AdvisedVulnerability { id: "CVE-2024-0001".to_owned(), ..AdvisedVulnerability::default() }];
    let product = ProductRef { purl: Some("pkg:cargo/a".to_owned()), ..ProductRef::default() };
    opinion.affected = vec![Affected::new(product, Status::NotAffected, VersionClaim::All)];
    let inventory = Inventory {
        path: String::new(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: Some(Box::new(purl("pkg:oci/app@1"))),
        components: vec![purl("pkg:cargo/a@1.5.0"), purl("pkg:npm/b@1.0.0"), element].into(),
        assets: vec![],
        opinions: vec![opinion],
        diagnostics: vec![],
    };
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Defer, path: vec![] };
    let confirmed = Default::default();
    let question = Question {
        index,
        ecosystems: &ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: Default::default(),
    };
    let _ = check(question, &inventory, 0, 0..inventory.components.len());
    for number in 0..index.vulnerability_count().min(32) {
        let _ = index.vulnerability(number);
    }
    for number in 0..index.advisory_count().min(32) {
        let _ = index.advisory(number);
        let _ = index.advisory_head(number);
    }
    let _ = index.find("CVE-2024-0001");
    let _ = index.documents();
    let _ = index.enrichments();
    let _ = index.devices();
    for number in 0..32 {
        let _ = index.update(number);
    }
}

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
