//! Who knows the product may deny what others say: VEX documents in the knowledge base, opinions that stand in an
//! inventory, updates that are installed. Small documents of our own in, answers out.
#![allow(clippy::expect_used, clippy::type_complexity)]

mod conflicts;
mod containers;
mod embedded;
mod explained;
mod updates;
mod vex;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, SourceDocument, Status,
};
use shindan_domain::finding::{Decided, Finding, NotAffected, Undetermined};
use shindan_domain::inventory::{Component, Inventory, InventoryKind, PackedComponents};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{OneVulnerability, Outcome, Question, check};
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;

const CVE: &str = "CVE-2026-0001";

/// An ordinary advisory about [`CVE`].
fn plain(id: &str, source: &str, affected: Vec<Affected>) -> Advisory {
    Advisory {
        vulnerabilities: vec![AdvisedVulnerability { id: CVE.to_owned(), ..AdvisedVulnerability::default() }],
        affected,
        ..Advisory::new(id, source, AdvisoryFormat::Osv)
    }
}

/// A VEX document about [`CVE`], made on this day.
fn vex(id: &str, source: &str, day: &str, affected: Vec<Affected>) -> Advisory {
    Advisory {
        exploitability: true,
        modified: Some(format!("{day}T00:00:00Z").parse().expect("a day")),
        format: AdvisoryFormat::OpenVex,
        ..plain(id, source, affected)
    }
}

fn says(product: ProductRef, status: Status, versions: VersionClaim) -> Affected {
    Affected { pointer: "/statements/0".to_owned(), ..Affected::new(product, status, versions) }
}

fn npm(name: &str) -> ProductRef {
    ProductRef { purl: Some(format!("pkg:npm/{name}")), ..ProductRef::default() }
}

fn named(vendor: &str, product: &str) -> ProductRef {
    ProductRef { vendor: Some(vendor.to_owned()), product: Some(product.to_owned()), ..ProductRef::default() }
}

fn link(text: &str) -> ProductRef {
    ProductRef { bom_link: Some(text.to_owned()), ..ProductRef::default() }
}

fn exactly(scheme: Scheme, version: &str) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange::exactly(scheme, version)])
}

fn below(scheme: Scheme, upper: &str) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange {
        scheme,
        lower: Bound::Unbounded,
        upper: Bound::Exclusive(upper.to_owned()),
    }])
}

/// `a` is affected below 2.0.0.
fn database() -> Advisory {
    plain("GHSA-1", "GitHub", vec![says(npm("a"), Status::Affected, below(Scheme::Npm, "2.0.0"))])
}

fn purl(purl: &str) -> Component {
    Component { name: purl.to_owned(), purl: Some(purl.to_owned()), ..Component::default() }
}

fn inventory(components: Vec<Component>) -> Inventory {
    Inventory {
        path: "sbom.json".to_owned(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: None,
        components: components.into(),
        assets: vec![],
        opinions: vec![],
        diagnostics: vec![],
    }
}

/// What a test looks at.
struct Answer {
    findings: Vec<Finding>,
    not_affected: Vec<NotAffected>,
    undetermined: Vec<Undetermined>,
}

impl Answer {
    /// Names of the components that are hit.
    fn hit(&self) -> Vec<&str> {
        self.findings.iter().map(|f| f.component.name.as_str()).collect()
    }

    /// `component by advisory, advisory`
    fn denied(&self) -> Vec<String> {
        let by = |n: &NotAffected| {
            let mut names: Vec<&str> = n.opinions.iter().map(|o| o.advisory.as_str()).collect();
            names.dedup();
            names.join(", ")
        };
        self.not_affected.iter().map(|n| format!("{} by {}", n.finding.component.name, by(n))).collect()
    }

    /// Advisories whose denial of the only finding is contradicted.
    fn disputed(&self) -> Vec<&str> {
        let all = self.findings.iter().flat_map(|f| &f.grounds.disputed);
        all.map(|opinion| opinion.advisory.as_str()).collect()
    }

    fn doubts(&self) -> Vec<&str> {
        self.undetermined.iter().filter(|u| u.vulnerability.is_some()).map(|u| u.code.as_str()).collect()
    }
}

fn ask(advisories: Vec<Advisory>, inventory: &Inventory) -> Answer {
    ask_only(advisories, inventory, None)
}

fn ask_only(advisories: Vec<Advisory>, inventory: &Inventory, only: Option<&str>) -> Answer {
    let document = SourceDocument {
        path: "knowledge.json".to_owned(),
        sha256: String::new(),
        size: 0,
        format: None,
        source: "test".to_owned(),
        records: 1,
        rejected: 0,
        newest: None,
    };
    let knowledge = Knowledge { documents: vec![document], advisories, ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).expect("builds");
    let index = Index::open(&bytes).expect("opens");
    let meta = index.meta().expect("has a summary");
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let only = only.map(|id| OneVulnerability {
        identifier: id.to_owned(),
        numbers: index.find(id).expect("reads").map(|found| found.vulnerabilities).unwrap_or_default(),
    });
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: only.as_ref(),
        confirmed: &Default::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    let mut whole = check(question, inventory, 0, 0..inventory.components.len()).expect("checks");
    let answer = Answer {
        findings: whole.take_findings(),
        not_affected: whole.take_not_affected(),
        undetermined: whole.undetermined,
    };
    // In parts the answer is the same.
    let mut parts = Outcome::default();
    for at in 0..inventory.components.len().max(1) {
        let end = (at + 1).min(inventory.components.len());
        parts.join(check(question, inventory, 0, at..end).expect("checks"));
    }
    // And so it is of a list that is kept packed.
    let mut packed = PackedComponents::default();
    inventory.components.iter().cloned().for_each(|component| packed.push(component));
    let packed = Inventory { components: packed.into(), ..inventory.clone() };
    let packed = check(question, &packed, 0, 0..packed.components.len()).expect("checks");
    for mut other in [parts, packed] {
        assert_eq!(other.take_findings(), answer.findings);
        assert_eq!(other.take_not_affected(), answer.not_affected);
        assert_eq!(other.undetermined, answer.undetermined);
    }
    answer
}
