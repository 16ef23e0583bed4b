//! Small advisories in, judgements out.

use std::ops::Range;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, SourceDocument, Status,
};
use shindan_domain::devices::Confirmation;
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Decided, Finding};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::VersionClaim;
use shindan_match::check::{OneVulnerability, Outcome, Question, check};
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;
use shindan_match::names::Dictionary;

/// The day of every question that is not about days.
pub const TODAY: jiff::civil::Date = jiff::civil::date(2026, 7, 2);

/// What is known, and what is asked.
#[derive(Default)]
pub struct World {
    pub advisories: Vec<Advisory>,
    pub dictionary: DeviceDictionary,
    pub components: Vec<Component>,
    pub assets: Vec<Asset>,
    pub confirmations: Vec<Confirmation>,
}

impl World {
    pub fn knowing(advisories: Vec<Advisory>) -> Self {
        World { advisories, ..World::default() }
    }

    /// The bytes of the knowledge index.
    pub fn index(&self) -> Vec<u8> {
        let document = SourceDocument {
            path: "test.json".to_owned(),
            sha256: String::new(),
            size: 0,
            format: Some(AdvisoryFormat::Csaf),
            source: "test".to_owned(),
            records: 1,
            rejected: 0,
            newest: None,
        };
        let knowledge = Knowledge {
            documents: vec![document],
            advisories: self.advisories.clone(),
            devices: self.dictionary.clone(),
            ..Knowledge::default()
        };
        build(&knowledge).expect("builds").0
    }

    fn inventory(&self) -> Inventory {
        Inventory {
            path: "ledger.csv".to_owned(),
            kind: InventoryKind::DeviceList,
            subject: None,
            about: None,
            components: self.components.clone().into(),
            assets: self.assets.clone(),
            opinions: vec![],
            diagnostics: vec![],
        }
    }

    pub fn ask(&self) -> Outcome {
        self.ask_on(TODAY)
    }

    pub fn ask_on(&self, today: jiff::civil::Date) -> Outcome {
        self.ask_parts(today, self.whole(), None)
    }

    /// All components at once.
    pub fn whole(&self) -> Vec<Range<usize>> {
        std::iter::once(0..self.components.len()).collect()
    }

    /// As a large inventory is asked: in parts, joined.
    pub fn ask_parts(
        &self,
        today: jiff::civil::Date,
        parts: Vec<Range<usize>>,
        only: Option<&[u32]>,
    ) -> Outcome {
        let bytes = self.index();
        let index = Index::open(&bytes).expect("opens");
        let meta = index.meta().expect("has a summary");
        let dictionary = Dictionary::new(&self.dictionary);
        let (confirmed, _) = ConfirmedIdentities::new(&dictionary, &self.confirmations);
        let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
        let only = only.map(|numbers| OneVulnerability { numbers: numbers.to_vec(), ..Default::default() });
        let question = Question {
            index,
            ecosystems: &meta.ecosystems,
            prioritise: &prioritise,
            only: only.as_ref(),
            confirmed: &confirmed,
            today,
        };
        let inventory = self.inventory();
        let mut total = Outcome::default();
        for part in parts {
            total.join(check(question, &inventory, 0, part).expect("checks"));
        }
        total
    }
}

/// An advisory about one vulnerability of the same name.
pub fn advisory(id: &str, affected: Vec<Affected>) -> Advisory {
    let vulnerability = AdvisedVulnerability { id: id.to_owned(), ..AdvisedVulnerability::default() };
    Advisory {
        vulnerabilities: vec![vulnerability],
        affected,
        ..Advisory::new(id, "test", AdvisoryFormat::Csaf)
    }
}

/// An advisory that support ends.
pub fn end_of_life(id: &str, first_day_without: Option<&str>, affected: Vec<Affected>) -> Advisory {
    let mut advisory = advisory(id, affected);
    for vulnerability in &mut advisory.vulnerabilities {
        vulnerability.kind = FindingKind::EndOfLife;
        vulnerability.support_end = first_day_without.map(str::to_owned);
    }
    advisory
}

/// `vendor` says that these versions of `product` are affected.
pub fn affects(vendor: &str, product: &str, versions: VersionClaim) -> Affected {
    let product = ProductRef {
        vendor: Some(vendor.to_owned()),
        product: Some(product.to_owned()),
        ..ProductRef::default()
    };
    Affected { pointer: "/affected/0".to_owned(), ..Affected::new(product, Status::Affected, versions) }
}

pub fn device(maker: &str, model: &str, firmware: &str) -> Component {
    Component {
        name: format!("{maker} {model}"),
        maker: Some(maker.to_owned()),
        model: Some(model.to_owned()),
        firmware: Some(firmware.to_owned()),
        version: Some(firmware.to_owned()),
        ..Component::default()
    }
}

/// Component and vulnerability of each finding.
pub fn found(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|f| (f.component.name.as_str(), f.vulnerability.id.as_str())).collect()
}

pub fn doubts(outcome: &Outcome) -> Vec<Code> {
    outcome.undetermined.iter().map(|u| u.code).collect()
}
