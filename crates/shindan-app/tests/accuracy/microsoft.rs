//! Microsoft's monthly documents: the oracle is the document itself, read by the test with nothing but text search. Every
//! product of every CVE is asked as it would be installed: old, with each update, with what replaces the update, with the
//! fixed build, and with too little known.

use std::collections::BTreeMap;

use shindan_domain::advisory::{Advisory, AdvisoryFormat, Supersedence};
use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::{Component, Inventory};
use shindan_domain::windows;
use shindan_formats::limits::Limits;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;
use shindan_match::known::Known;
use shindan_match::matcher::{Matcher, Surroundings};

/// One product of one CVE as the document prints it.
#[derive(Debug, Default)]
struct Printed {
    cve: String,
    name: String,
    /// `KB5036451`
    updates: Vec<String>,
    builds: Vec<String>,
}

/// The texts between `open` (or `open` with attributes) and `close`, with what stands in the opening tag.
fn elements<'t>(text: &'t str, name: &str) -> Vec<(&'t str, &'t str)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&open) {
        let behind = &rest[at + open.len()..];
        if !behind.starts_with(['>', ' ', '\n', '\r', '\t']) {
            rest = behind;
            continue;
        }
        let (Some(end), Some(closed)) = (behind.find('>'), behind.find(&close)) else { break };
        out.push((&behind[..end], behind[end + 1..closed].trim()));
        rest = &behind[closed..];
    }
    out
}

fn texts<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    elements(text, name).into_iter().map(|(_, inside)| inside).collect()
}

fn printed(document: &str) -> Vec<Printed> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (attributes, name) in elements(document, "prod:FullProductName") {
        let id = attributes.split("ProductID=\"").nth(1).and_then(|a| a.split('"').next()).expect("an id");
        names.insert(id, name);
    }
    let mut out = Vec::new();
    for vulnerability in texts(document, "vuln:Vulnerability") {
        let cve = texts(vulnerability, "vuln:CVE")[0];
        let affected = texts(vulnerability, "vuln:Status")[0];
        let remedies = texts(vulnerability, "vuln:Remediation");
        for id in texts(affected, "vuln:ProductID") {
            let mut one = Printed { cve: cve.into(), name: names[id].into(), ..Printed::default() };
            for remedy in remedies.iter().filter(|r| texts(r, "vuln:ProductID").contains(&id)) {
                let number = texts(remedy, "vuln:Description")[0];
                if number.bytes().all(|b| b.is_ascii_digit()) {
                    one.updates.push(format!("KB{number}"));
                }
                one.builds.extend(texts(remedy, "vuln:FixedBuild").into_iter().map(str::to_owned));
            }
            out.push(one);
        }
    }
    out
}

/// The product as it was before the fix. The program's CPE name is written by hand.
fn installed(product: &Printed) -> Component {
    let (cpe, version) = match windows::advised(&product.name) {
        Some(system) => (system.cpe(), format!("{}.1", system.line.first_build())),
        None => {
            let name = if product.name.starts_with(".NET") {
                ".net"
            } else if product.name == "Visual Studio Code" {
                "visual_studio_code"
            } else {
                "visual_studio_2022"
            };
            let build = product.builds.first().expect("a build");
            let front = build.rsplit_once('.').expect("dots").0;
            (format!("cpe:2.3:a:microsoft:{name}:*:*:*:*:*:*:*:*"), format!("{front}.0"))
        }
    };
    Component { name: product.name.clone(), cpe: Some(cpe), version: Some(version), ..Component::default() }
}

struct World {
    index: Vec<u8>,
    inventory: Inventory,
}

impl World {
    fn knowing(advisories: Vec<Advisory>) -> World {
        let (index, _) = build(&Knowledge { advisories, ..Knowledge::default() }).expect("builds");
        let inventory = shindan_formats::inventory::read(b"a==1\n", "requirements.txt", &Limits::DEFAULT);
        World { index, inventory: inventory.expect("an inventory to ask in") }
    }

    /// True: affected; false: not; otherwise why it is not known.
    fn ask(&self, cve: &str, component: &Component) -> Result<bool, Code> {
        let index = Index::open(&self.index).expect("opens");
        let meta = index.meta().expect("a summary");
        let mut matcher = Matcher::new(Known { index, own: None }, &meta.ecosystems);
        let judgement = matcher.judge(component, &Surroundings::new(&self.inventory)).expect("judged");
        let numbers = index.find(cve).expect("reads").expect("a known CVE").vulnerabilities;
        if judgement.hits.iter().any(|hit| numbers.contains(&hit.vulnerability)) {
            return Ok(true);
        }
        let doubt = judgement.doubts.iter().find(|d| d.vulnerability.is_some_and(|v| numbers.contains(&v)));
        doubt.map_or(Ok(false), |doubt| Err(doubt.code))
    }
}

#[test]
fn every_product_of_a_month_old_updated_and_fixed() {
    let mut advisories = Vec::new();
    let mut products = Vec::new();
    for month in ["2016-Apr", "2024-Mar"] {
        let relative = format!("vendor/microsoft/cvrf/happy/cvrf/{month}");
        let Some(path) = shindan_testdata::path(&relative) else { return };
        let text = std::fs::read_to_string(path).expect("readable");
        let reading = shindan_formats::advisory::read(text.as_bytes(), &relative, &Limits::DEFAULT);
        advisories.extend(reading.advisories);
        products.extend(printed(&text));
    }
    // A later month, in which every update is replaced.
    let mut later = Advisory::new("later", "Microsoft", AdvisoryFormat::Cvrf);
    later.supersedes = products
        .iter()
        .flat_map(|product| &product.updates)
        .map(|older| Supersedence { newer: format!("{older}9"), older: older.clone() })
        .collect();
    advisories.push(later);
    let world = World::knowing(advisories);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut check = |kind: &'static str, product: &Printed, component: Component, expected| {
        assert_eq!(world.ask(&product.cve, &component), expected, "{kind}: {product:?} {component:?}");
        *counts.entry(kind).or_default() += 1;
    };
    for product in &products {
        let old = installed(product);
        let with = |updates: &[&str]| Component {
            updates: Some(updates.iter().map(|u| (*u).to_owned()).collect()),
            ..old.clone()
        };
        check("old, no update", product, with(&[]), Ok(true));
        check("old, another update", product, with(&["KB1000001"]), Ok(true));
        for update in &product.updates {
            check("old, with its update", product, with(&["KB1000001", update]), Ok(false));
            check("old, with what replaces it", product, with(&[&format!("{update}9")]), Ok(false));
        }
        for build in &product.builds {
            let fixed = Component { version: Some(build.clone()), ..old.clone() };
            check("the fixed build", product, fixed, Ok(false));
        }
        if product.builds.is_empty() {
            check("nothing known of updates", product, old.clone(), Err(Code::UpdateStateUnknown));
        }
    }
    eprintln!("Microsoft, {} pairs of product and CVE: {counts:?}", products.len());
    assert_eq!((products.len(), counts["old, no update"]), (12, 12));
}
