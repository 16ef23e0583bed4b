//! An index whose checksums are right and whose content is nonsense: written by another program, or on purpose. Nothing
//! may panic, loop or take memory without bound; what cannot be read is an error.
//!
//! Damage that checksums notice is tested in `matching.rs` and on the executable.

#![allow(clippy::expect_used)] // helpers outside #[test] functions may fail a test, too

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, Enrichment, EpssEntry, Justification, KevEntry,
    ProductRef, SourceDocument, Status, Supersedence,
};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::finding::Decided;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Question, check};
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 7, 2);
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::layout::{
    File, FileWriter, IndexError, RECORD_HEAD, SectionId, push_record, record,
};
use shindan_match::index::read::Index;

const SECTIONS: [SectionId; 16] = [
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
    SectionId::KeyPrints,
];

/// Numbers that are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }
}

fn affected(product: ProductRef, status: Status, versions: VersionClaim) -> Affected {
    Affected {
        text: "text".to_owned(),
        fixed_versions: vec!["2.0.0".to_owned()],
        platforms: vec![vec!["cpe:2.3:o:maker:system:1.0:*:*:*:*:*:*:*".to_owned()]],
        pointer: "/affected/0".to_owned(),
        ..Affected::new(product, status, versions)
    }
}

fn ranged(scheme: Scheme) -> VersionClaim {
    let range = |lower: &str, upper: &str| VersionRange {
        scheme,
        lower: Bound::Inclusive(lower.to_owned()),
        upper: Bound::Exclusive(upper.to_owned()),
    };
    VersionClaim::ranged(vec![range("1.0.0", "2.0.0"), range("3.0.0", "3.5.0")])
}

/// One of everything that an index can hold.
fn knowledge() -> Knowledge {
    let package = |ecosystem: &str, name: &str| ProductRef {
        ecosystem: Some(ecosystem.to_owned()),
        package: Some(name.to_owned()),
        ..ProductRef::default()
    };
    let named = ProductRef {
        vendor: Some("Maker".to_owned()),
        product: Some("Monitor X1".to_owned()),
        ..ProductRef::default()
    };
    let cpe =
        ProductRef { cpes: vec!["cpe:2.3:a:maker:app:*:*:*:*:*:*:*:*".to_owned()], ..ProductRef::default() };
    let everything = vec![
        affected(package("crates.io", "a"), Status::Affected, ranged(Scheme::Semver)),
        affected(package("Debian:12", "b"), Status::Affected, ranged(Scheme::Deb)),
        affected(package("npm", "c"), Status::Affected, VersionClaim::undetermined_text("who knows")),
        affected(cpe, Status::Affected, ranged(Scheme::Generic)),
        affected(named.clone(), Status::Affected, ranged(Scheme::Generic)),
        affected(named, Status::NotAffected, ranged(Scheme::Generic)),
    ];
    let replaces =
        |newer: &str, older: &str| Supersedence { newer: newer.to_owned(), older: older.to_owned() };
    let advisory = |id: &str, cve: &str| Advisory {
        supersedes: vec![replaces("KB3", "KB2"), replaces("KB2", "KB1"), replaces("KB1", "KB3")],
        title: format!("about {id}"),
        language: Some("ja".to_owned()),
        published: Some("2024-01-01T00:00:00Z".parse().expect("time")),
        vulnerabilities: vec![AdvisedVulnerability { id: cve.to_owned(), ..AdvisedVulnerability::default() }],
        affected: everything.clone(),
        references: vec!["https://example.org/".to_owned()],
        pointer: "/0".to_owned(),
        ..Advisory::new(id, "test", AdvisoryFormat::Osv)
    };
    let document = SourceDocument {
        path: "test.json".to_owned(),
        sha256: "00".to_owned(),
        size: 1,
        format: Some(AdvisoryFormat::Osv),
        source: "test".to_owned(),
        records: 2,
        rejected: 0,
        newest: None,
    };
    let kev = KevEntry {
        cve: "CVE-2024-0001".to_owned(),
        date_added: "2024-01-02".to_owned(),
        due_date: String::new(),
        ransomware: true,
    };
    let epss = EpssEntry {
        cve: "CVE-2024-0002".to_owned(),
        score: "0.5".to_owned(),
        percentile: "0.9".to_owned(),
        date: "2024-01-02".to_owned(),
    };
    let mut denied = affected(package("crates.io", "a"), Status::NotAffected, VersionClaim::All);
    denied.platforms = Vec::new();
    denied.within = Some(Box::new(ProductRef {
        purl: Some("pkg:oci/app".to_owned()),
        cpes: vec!["cpe:2.3:a:maker:app:*:*:*:*:*:*:*:*".to_owned()],
        ..ProductRef::default()
    }));
    denied.justification = Some(Justification::ComponentNotPresent);
    denied.impact = "left out".to_owned();
    let element = ProductRef { bom_link: Some("urn:cdx:x/1#e".to_owned()), ..ProductRef::default() };
    let mut patched = affected(element, Status::Affected, VersionClaim::All);
    patched.updates = vec!["KB1".to_owned()];
    let vex = Advisory {
        exploitability: true,
        affected: vec![denied, patched],
        ..advisory("VEX-1", "CVE-2024-0001")
    };
    Knowledge {
        documents: vec![document],
        advisories: vec![advisory("GHSA-1", "CVE-2024-0001"), advisory("GHSA-2", "CVE-2024-0002"), vex],
        enrichments: vec![Enrichment::Kev(kev), Enrichment::Epss(epss)],
        devices: DeviceDictionary {
            possible: vec![],
            makers: vec![Maker { name: "Maker".into(), aliases: vec!["Makers".into()] }],
            rules: vec![HardwareRule {
                maker: "Maker".into(),
                models: vec!["Box*".into()],
                vendor: "maker".into(),
                product: "app".into(),
                cpe: Some("cpe:2.3:a:maker:app:*:*:*:*:*:*:*:*".into()),
            }],
        },
        summary: shindan_domain::knowledge::KnowledgeSummary::default(),
    }
}

fn inventory() -> Inventory {
    let purl =
        |purl: &str| Component { name: purl.to_owned(), purl: Some(purl.to_owned()), ..Component::default() };
    let device = |model: &str| Component {
        name: model.to_owned(),
        maker: Some("Makers".to_owned()),
        model: Some(model.to_owned()),
        firmware: Some("1.5.0".to_owned()),
        version: Some("1.5.0".to_owned()),
        ..Component::default()
    };
    let cpe = Component {
        name: "app".to_owned(),
        version: Some("1.5.0".to_owned()),
        cpe: Some("cpe:2.3:a:maker:app:1.5.0:*:*:*:*:*:*:*".to_owned()),
        ..Component::default()
    };
    let element = Component {
        bom_link: Some("urn:cdx:x/1#e".to_owned()),
        updates: Some(vec!["KB2".to_owned(), "KB9".to_owned()]),
        ..Component::default()
    };
    let own = Advisory {
        exploitability: true,
        vulnerabilities: vec![AdvisedVulnerability { id: "GHSA-2".to_owned(), ..Default::default() }],
        affected: vec![affected(
            ProductRef { purl: Some("pkg:cargo/a".to_owned()), ..ProductRef::default() },
            Status::Affected,
            VersionClaim::All,
        )],
        ..Advisory::new("own", "us", AdvisoryFormat::CyclonedxVex)
    };
    Inventory {
        path: String::new(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: Some(Box::new(purl("pkg:oci/app@1"))),
        components: vec![
            element,
            purl("pkg:cargo/a@1.5.0"),
            purl("pkg:deb/debian/b@1.5.0?distro=debian-12"),
            purl("pkg:npm/c@1.5.0"),
            cpe,
            device("Monitor X1"),
            device("Box 9"),
        ]
        .into(),
        opinions: vec![own],
        assets: vec![],
        diagnostics: vec![],
    }
}

/// Asks everything that can be asked. Errors are fine; what was read is counted.
fn ask_everything(bytes: &[u8], inventory: &Inventory) -> usize {
    let Ok(index) = Index::open(bytes) else { return 0 };
    let Ok(meta) = index.meta() else { return 0 };
    let mut read = 0;
    let mut count = |good: bool| read += usize::from(good);
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Defer, path: vec![] };
    let confirmed = ConfirmedIdentities::default();
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: TODAY,
    };
    let outcome = check(question, inventory, 0, 0..inventory.components.len());
    count(outcome.is_ok_and(|mut outcome| !outcome.take_findings().is_empty()));
    for number in 0..index.vulnerability_count().min(64) {
        count(index.vulnerability(number).is_ok());
    }
    for number in 0..index.advisory_count().min(64) {
        count(index.advisory(number).is_ok());
        count(index.advisory_head(number).is_ok());
    }
    for id in ["CVE-2024-0001", "ghsa-2", "CVE-1999-0001"] {
        count(index.find(id).is_ok_and(|found| found.is_some()));
    }
    count(index.documents().is_ok());
    count(index.enrichments().is_ok());
    count(index.devices().is_ok());
    read
}

/// The bodies of the records of a section, which follow each other from its beginning.
fn records(section: &[u8]) -> Result<Vec<Vec<u8>>, IndexError> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < section.len() {
        let body = record(section, at as u64)?;
        found.push(body.to_vec());
        at += RECORD_HEAD + body.len();
    }
    Ok(found)
}

fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    if bytes.is_empty() {
        return;
    }
    let at = numbers.below(bytes.len());
    let end = (at + 1 + numbers.below(24)).min(bytes.len());
    match numbers.below(6) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][numbers.below(5)],
        2 => drop(bytes.drain(at..end)),
        3 => {
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece);
        }
        4 => bytes.truncate(at),
        _ => bytes[at..end].fill(0xFF),
    }
}

#[test]
fn nonsense_under_right_checksums_never_panics() {
    let (good, _) = build(&knowledge()).expect("builds");
    let inventory = inventory();
    let whole = ask_everything(&good, &inventory);
    assert!(whole > 10, "{whole}");
    let file = File::open(&good).expect("opens");
    let sections: Vec<Vec<u8>> =
        SECTIONS.iter().map(|id| file.section(*id).expect("section").to_vec()).collect();
    let of_records = [
        SectionId::Postings,
        SectionId::Vulnerabilities,
        SectionId::Advisories,
        SectionId::Documents,
        SectionId::Enrichments,
        SectionId::Devices,
        SectionId::IdentifierEntries,
        SectionId::Updates,
    ];
    let mut numbers = Numbers(2026);
    let mut less = 0;
    for round in 0..6_000 {
        let target = round % SECTIONS.len();
        let mut writer = FileWriter::default();
        for (number, (id, bytes)) in SECTIONS.iter().zip(&sections).enumerate() {
            let mut bytes = bytes.clone();
            if number == target && of_records.contains(id) {
                // The record gets the checksum of what it became, and stays where offsets expect it as long as its
                // length does.
                let mut bodies = records(&bytes).expect("records");
                let chosen = numbers.below(bodies.len());
                change(&mut bodies[chosen], &mut numbers);
                bytes.clear();
                for body in &bodies {
                    push_record(&mut bytes, body);
                }
            } else if number == target {
                change(&mut bytes, &mut numbers);
            }
            writer.add(*id, true, bytes);
        }
        less += usize::from(ask_everything(&writer.finish(), &inventory) < whole);
    }
    assert!(less > 750, "the changes reach what is read: {less}");
}

/// The same for the file itself: header and section table, with a right checksum over the table or not.
#[test]
fn any_bytes_never_panic() {
    let (good, _) = build(&knowledge()).expect("builds");
    let inventory = inventory();
    let mut numbers = Numbers(7);
    for _ in 0..4_000 {
        let mut bytes = good.clone();
        for _ in 0..=numbers.below(3) {
            change(&mut bytes, &mut numbers);
        }
        let _ = ask_everything(&bytes, &inventory);
    }
    // Entries of the table that point anywhere, under a right checksum.
    for _ in 0..4_000 {
        let mut bytes = good.clone();
        let entry = 24 + numbers.below(SECTIONS.len()) * 32;
        let field = [0, 4, 8, 16, 24][numbers.below(5)];
        let value = [0, 1, 7, u64::MAX, u64::MAX - 7, bytes.len() as u64, numbers.next()][numbers.below(7)];
        let width = if field < 8 { 4 } else { 8 };
        bytes[entry + field..entry + field + width].copy_from_slice(&value.to_le_bytes()[..width]);
        let checksum = xxhash_rust::xxh3::xxh3_64(&bytes[24..24 + SECTIONS.len() * 32]);
        bytes[16..24].copy_from_slice(&checksum.to_le_bytes());
        let _ = ask_everything(&bytes, &inventory);
    }
}
