//! Statements: which vulnerability, which products, which status, since when.
//!
//! Source: OpenVEX 0.2.0, "Statement Fields", "Vulnerability Data Structure", "Status Labels".

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, Affected, Justification, ProductRef, Remediation, Status,
};
use shindan_domain::diagnostic::Code;
use shindan_domain::identifier::{Family, family, is_cve};

use super::super::identified::Identified;
use super::super::one_to_one;
use super::super::walk::{items, text, texts};
use super::product::{self, Component};
use crate::inventory::collector::Collector;
use crate::text::shorten;

/// Length to which texts are cut, in characters.
const LONGEST: usize = 400;
/// What tools write where nothing is to be said about what to do.
const NO_ACTION: &str = "No action statement provided";

/// The statements of a document, of which newer ones replace older ones.
pub(super) struct Statements {
    /// Holds for statements without a time of their own.
    issued: Option<Timestamp>,
    vulnerabilities: Vec<AdvisedVulnerability>,
    /// Where in `vulnerabilities` an id stands.
    positions: BTreeMap<String, usize>,
    said: Vec<(Option<Timestamp>, Affected)>,
    /// Where in `said` the statement about a vulnerability in a product stands.
    known: BTreeMap<(u32, String), usize>,
    newest: Option<Timestamp>,
}

/// What a statement says of each of its products.
struct Saying<'a> {
    status: Status,
    justification: Option<Justification>,
    impact: String,
    at: Option<Timestamp>,
    pointer: &'a str,
}

impl Statements {
    pub(super) fn new(issued: Option<Timestamp>) -> Self {
        Statements {
            issued,
            vulnerabilities: Vec::new(),
            positions: BTreeMap::new(),
            said: Vec::new(),
            known: BTreeMap::new(),
            newest: None,
        }
    }

    /// The greatest time of any statement.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// Puts everything into the advisory.
    pub(super) fn finish(self, advisory: &mut Advisory) {
        let only = self.vulnerabilities.len() == 1;
        advisory.vulnerabilities = self.vulnerabilities;
        advisory.affected = self.said.into_iter().map(|(_, statement)| statement).collect();
        if only {
            advisory.affected.iter_mut().for_each(|statement| statement.vulnerabilities.clear());
        }
    }

    /// Adds a statement; false if it could not be read, which is told.
    pub(super) fn add(&mut self, entry: &Value, pointer: &str, found: &mut Collector<'_>) -> bool {
        let Some(vulnerabilities) = vulnerabilities(entry) else {
            found.push(found.at_field(Code::FieldMissing, pointer).with("field", "vulnerability"));
            return false;
        };
        let Some(label) = text(entry, "status") else {
            found.push(found.at_field(Code::FieldMissing, pointer).with("field", "status"));
            return false;
        };
        let status = status(label, pointer, found);
        let (justification, other) = justification(entry, pointer, found);
        let at = self.time(entry, pointer, found);
        let saying = Saying {
            status,
            justification: justification.filter(|_| status == Status::NotAffected),
            impact: impact(entry, status, other),
            at,
            pointer,
        };
        check(entry, status, pointer, found);
        let indices: Vec<u32> = vulnerabilities
            .into_iter()
            .map(|vulnerability| self.vulnerability(vulnerability, remediation(entry, status)))
            .collect();
        self.products(entry, &indices, &saying, found);
        true
    }

    fn time(&mut self, entry: &Value, pointer: &str, found: &mut Collector<'_>) -> Option<Timestamp> {
        let place = found.place().at_field(pointer);
        let mut odd = Vec::new();
        let mut date = |name: &str| super::dates::field(text(entry, name), name, &place, &mut odd);
        let own = date("last_updated").or(date("timestamp"));
        odd.into_iter().for_each(|diagnostic| found.push(diagnostic));
        self.newest = self.newest.max(own);
        own.or(self.issued)
    }

    /// Index of the vulnerability, which is completed if it is known.
    fn vulnerability(&mut self, new: AdvisedVulnerability, remediation: Option<Remediation>) -> u32 {
        let next = self.vulnerabilities.len();
        let index = *self.positions.entry(new.id.clone()).or_insert(next);
        if index == next {
            let id = new.id.clone();
            self.vulnerabilities.push(AdvisedVulnerability { id, ..AdvisedVulnerability::default() });
        }
        if let Some(known) = self.vulnerabilities.get_mut(index) {
            for alias in new.aliases {
                if !known.aliases.contains(&alias) {
                    known.aliases.push(alias);
                }
            }
            if known.summary.is_empty() {
                known.summary = new.summary;
            }
            if let Some(remediation) = remediation.filter(|one| !known.remediations.contains(one)) {
                known.remediations.push(remediation);
            }
        }
        // A document of four thousand million vulnerabilities does not fit the size limit.
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn products(&mut self, entry: &Value, indices: &[u32], saying: &Saying<'_>, found: &mut Collector<'_>) {
        let mut any = false;
        for (number, value) in items(entry, "products").enumerate() {
            let place = format!("{}/products/{number}", saying.pointer);
            let whole = product::read(value, &place, found);
            let mut parts = self::parts(value, &place, found);
            // 0.0.x: the same parts for all products.
            parts.extend(self::parts(entry, saying.pointer, found));
            if parts.is_empty() {
                any |= !whole.is_nameless();
                for name in &whole.names {
                    self.say(indices, name, None, saying, &place);
                }
            }
            for part in &parts {
                any |= !part.is_nameless();
                for name in &part.names {
                    self.say(indices, name, Some(&whole.whole), saying, &place);
                }
            }
        }
        if !any {
            let names = indices.iter().filter_map(|index| self.vulnerabilities.get(*index as usize));
            let names: Vec<&str> = names.map(|vulnerability| vulnerability.id.as_str()).collect();
            let diagnostic = found.at_field(Code::AdvisoryWithoutProduct, saying.pointer);
            found.push(diagnostic.with("id", shorten(&names.join(", "), 200)));
        }
    }

    /// Keeps what is said of one product, unless something newer is known.
    fn say(
        &mut self,
        indices: &[u32],
        name: &Identified,
        within: Option<&ProductRef>,
        saying: &Saying<'_>,
        place: &str,
    ) {
        let mut statement = Affected::new(name.product.clone(), saying.status, name.claim());
        statement.within = within.cloned().map(Box::new);
        statement.justification = saying.justification;
        statement.impact.clone_from(&saying.impact);
        place.clone_into(&mut statement.pointer);
        if let (Status::Fixed, Some((version, _))) = (saying.status, &name.version) {
            statement.fixed_versions = vec![version.clone()];
        }
        let key = format!("{:?} {:?} {:?}", statement.product, statement.versions, statement.within);
        for index in indices {
            let statement = Affected { vulnerabilities: vec![*index], ..statement.clone() };
            let known = self.known.get(&(*index, key.clone())).and_then(|at| self.said.get_mut(*at));
            match known {
                Some(known) if saying.at >= known.0 => *known = (saying.at, statement),
                Some(_) => {}
                None => {
                    self.known.insert((*index, key.clone()), self.said.len());
                    self.said.push((saying.at, statement));
                }
            }
        }
    }
}

fn parts(value: &Value, pointer: &str, found: &mut Collector<'_>) -> Vec<Component> {
    let read = |(number, part): (usize, &Value)| {
        product::read(part, &format!("{pointer}/subcomponents/{number}"), found)
    };
    items(value, "subcomponents").enumerate().map(read).collect()
}

/// The vulnerabilities of a statement; `None` if it names none.
fn vulnerabilities(entry: &Value) -> Option<Vec<AdvisedVulnerability>> {
    let value = entry.get("vulnerability")?;
    let name = match value {
        Value::String(name) => Some(name.trim()).filter(|name| !name.is_empty()),
        _ => text(value, "name").or_else(|| text(value, "@id").map(last_segment)),
    }?;
    let name = shorten(if is_cve(name) { name.to_ascii_uppercase() } else { name.to_owned() }.as_str(), 400);
    let aliases: Vec<&str> = texts(value, "aliases").map(str::trim).collect();
    let summary = text(value, "description").or_else(|| text(entry, "vuln_description")).unwrap_or_default();
    let identities = one_to_one::of_aliases(&name, &aliases);
    Some(
        identities
            .into_iter()
            .map(|identity| AdvisedVulnerability {
                id: identity.id,
                aliases: identity.aliases,
                summary: shorten(summary, LONGEST),
                ..AdvisedVulnerability::default()
            })
            .collect(),
    )
}

/// The identifier at the end of an address; an address that ends in none is the name itself.
fn last_segment(iri: &str) -> &str {
    let last = iri.rsplit(['/', '#', '=']).next().unwrap_or(iri);
    if family(last) == Family::Document { iri } else { last }
}

fn status(label: &str, pointer: &str, found: &mut Collector<'_>) -> Status {
    match label {
        "affected" => Status::Affected,
        "not_affected" => Status::NotAffected,
        "fixed" => Status::Fixed,
        "under_investigation" => Status::UnderInvestigation,
        _ => {
            let expected = "affected, not_affected, fixed, under_investigation";
            tolerate("status", label, expected, pointer, found);
            Status::UnderInvestigation
        }
    }
}

/// The justification, or the words that stand in its place.
fn justification<'v>(
    entry: &'v Value,
    pointer: &str,
    found: &mut Collector<'_>,
) -> (Option<Justification>, Option<&'v str>) {
    let Some(label) = text(entry, "justification") else { return (None, None) };
    let known = Justification::ALL.into_iter().find(|one| one.as_str() == label);
    if known.is_none() {
        let expected = Justification::ALL.map(Justification::as_str).join(", ");
        tolerate("justification", label, &expected, pointer, found);
    }
    (known, Some(label).filter(|_| known.is_none()))
}

fn tolerate(field: &str, value: &str, expected: &str, pointer: &str, found: &mut Collector<'_>) {
    let diagnostic = found.at_field(Code::FieldTolerated, &format!("{pointer}/{field}"));
    let diagnostic = diagnostic.with("field", field).with("value", shorten(value, 100));
    found.push(diagnostic.with("expected", expected));
}

fn impact(entry: &Value, status: Status, unknown_justification: Option<&str>) -> String {
    let statement = text(entry, "impact_statement").filter(|_| status == Status::NotAffected);
    let words = [unknown_justification, statement.or_else(|| text(entry, "status_notes"))];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    shorten(&words.join(": "), LONGEST)
}

fn remediation(entry: &Value, status: Status) -> Option<Remediation> {
    let details = text(entry, "action_statement").filter(|text| *text != NO_ACTION)?;
    let details = shorten(details, LONGEST);
    (status == Status::Affected).then(|| Remediation {
        category: "mitigation".to_owned(),
        details,
        url: None,
    })
}

/// What the specification demands beside a status.
fn check(entry: &Value, status: Status, pointer: &str, found: &mut Collector<'_>) {
    let has = |field: &str| text(entry, field).is_some();
    match status {
        Status::NotAffected if !has("justification") && !has("impact_statement") => {
            found.violation("not-affected-without-justification", pointer, "");
        }
        Status::Affected if !has("action_statement") => {
            found.violation("affected-without-action-statement", pointer, "");
        }
        _ => {}
    }
}
