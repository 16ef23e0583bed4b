//! OSCAL assessment results (NIST, 1.1.x): what the records show about each row of the crosswalk, for other tools.
//!
//! | here | there |
//! |---|---|
//! | row of a catalogue | `target-id` and `control-id`, `catalogue_row` |
//! | met | finding *satisfied* |
//! | gaps | finding *not-satisfied* (`fail`), one open risk a gap |
//! | undetermined, not applicable | finding *not-satisfied* (`other`): OSCAL knows no third state, and silence is no satisfaction |
//! | statement | observation, with the ledger entries and documents of the records that it rests on |
//! | document | resource with SHA-256 |
//!
//! Texts are English, as in every JSON of this program. Identifiers are version 5 UUIDs of what they name: the same records give
//! the same file but for `last-modified`.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use shindan_domain::control::{RecordRef, Statement, Verdict};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Stream};
use shindan_report::control::{ControlLine, ControlReport};
use shindan_report::{Lang, Words};
use uuid::{Builder, Uuid};

use super::super::{Entered, Records, RecordsError, control};
use crate::embedded;

/// The version of the format.
const OSCAL: &str = "1.1.2";
/// The space of our properties.
const SPACE: &str = "urn:shindan:oscal:1";

/// Makes the assessment results of a day.
///
/// # Errors
/// As [`control::report`].
pub fn make(
    records: &Records,
    who: &Entered,
    as_of: Option<Date>,
    now: Timestamp,
) -> Result<Value, RecordsError> {
    let report = control::report(records, who, as_of, now)?;
    let catalogues = catalogues()?;
    let mut writer = Writer {
        records,
        until: report.until,
        space: report.installation.into(),
        scope: format!("{} {}", report.as_of, report.entries),
        words: Words::new(Lang::En),
        kept: BTreeMap::new(),
        resources: BTreeMap::new(),
    };
    writer.results(&report, &catalogues)
}

/// Which catalogue each row stands in.
fn catalogues() -> Result<BTreeMap<String, String>, RecordsError> {
    let crosswalk = embedded::crosswalk(&[])?;
    let mut rows = BTreeMap::new();
    for catalog in crosswalk.catalogs() {
        let controls = catalog.controls.iter().map(|row| &row.id);
        for id in controls.chain(catalog.requirements.iter().map(|row| &row.id)) {
            rows.entry(id.clone()).or_insert_with(|| catalog.id.clone());
        }
    }
    Ok(rows)
}

/// What a record rests on, up to the day.
#[derive(Clone)]
struct Evidence {
    first: u64,
    last: u64,
    hash: Hash,
    at: Timestamp,
    documents: Vec<Document>,
}

struct Writer<'r> {
    records: &'r Records,
    until: Timestamp,
    space: Uuid,
    /// The day and the last entry: what is said of another day is something else.
    scope: String,
    words: Words,
    kept: BTreeMap<Stream, Option<Evidence>>,
    resources: BTreeMap<String, Value>,
}

impl Writer<'_> {
    fn results(
        &mut self,
        report: &ControlReport,
        catalogues: &BTreeMap<String, String>,
    ) -> Result<Value, RecordsError> {
        let (mut observations, mut risks, mut findings) = (Vec::new(), Vec::new(), Vec::new());
        let mut controls = Vec::new();
        for line in &report.lines {
            let target = target(line, catalogues);
            controls.push(json!({"control-id": target}));
            findings.push(self.finding(line, &target, &mut observations, &mut risks)?);
        }
        let plan = self.name("plan", "");
        self.resources.insert(plan.clone(), plan_resource(&plan));
        let mut result = json!({
            "uuid": self.id("result", ""),
            "title": format!("What the records of {} show", report.as_of),
            "description": format!(
                "Status of each row as the records of installation {} show it at the end of {} in Japan, from ledger entries 1 to {}. \
                 The program states what is recorded; whether anybody complies is for a person to judge.",
                report.prefix, report.as_of, report.entries
            ),
            "start": moment(report.until),
            "end": moment(report.until),
            "props": [property("ledger-entries", &report.entries.to_string())],
            "reviewed-controls": {"control-selections": [{"include-controls": controls}]},
            "findings": findings,
        });
        for (name, list) in [("observations", observations), ("risks", risks)] {
            if let (Some(result), false) = (result.as_object_mut(), list.is_empty()) {
                result.insert(name.to_owned(), Value::Array(list));
            }
        }
        Ok(json!({
            "assessment-results": {
                "uuid": self.id("document", ""),
                "metadata": {
                    "title": format!("Status of controls of {} as of {}", report.prefix, report.as_of),
                    "last-modified": moment(report.made),
                    "version": report.entries.to_string(),
                    "oscal-version": OSCAL,
                },
                "import-ap": {"href": format!("#{plan}")},
                "results": [result],
                "back-matter": {"resources": self.resources.values().collect::<Vec<_>>()},
            }
        }))
    }

    /// A finding, with its observations and risks.
    fn finding(
        &mut self,
        line: &ControlLine,
        target: &str,
        observations: &mut Vec<Value>,
        risks: &mut Vec<Value>,
    ) -> Result<Value, RecordsError> {
        let status = &line.status;
        let (mut seen, mut open) = (Vec::new(), Vec::new());
        let groups =
            [("shown", &status.shown), ("gap", &status.gaps), ("undetermined", &status.undetermined)];
        for (group, statements) in groups {
            for (index, statement) in statements.iter().enumerate() {
                let name = format!("{target} {group} {index} {}", statement.reason.code.as_str());
                let observation = self.observation(&name, group, statement)?;
                seen.push(json!({"observation-uuid": observation["uuid"]}));
                if group == "gap" {
                    let risk = self.risk(&name, line, statement, &observation);
                    open.push(json!({"risk-uuid": risk["uuid"]}));
                    risks.push(risk);
                }
                observations.push(observation);
            }
        }
        let text = line.text.as_ref().map_or_else(|| "not readable".to_owned(), |text| text.en.clone());
        let mut finding = json!({
            "uuid": self.id("finding", target),
            "title": format!("{} {}", line.number, self.words.term(status.verdict.term())),
            "description": text,
            "props": [property("verdict", status.verdict.as_str())],
            "target": {
                "type": "objective-id",
                "target-id": target,
                "title": line.number,
                "status": state(status.verdict, !status.shown.is_empty()),
            },
        });
        if status.verdict == Verdict::NotApplicable {
            finding["target"]["implementation-status"] = json!({"state": "not-applicable"});
        }
        for (name, list) in [("related-observations", seen), ("related-risks", open)] {
            if let (Some(finding), false) = (finding.as_object_mut(), list.is_empty()) {
                finding.insert(name.to_owned(), Value::Array(list));
            }
        }
        Ok(finding)
    }

    /// A statement, with the records that it rests on.
    fn observation(&mut self, name: &str, group: &str, statement: &Statement) -> Result<Value, RecordsError> {
        let mut evidence = Vec::new();
        let mut collected = None;
        for record in &statement.records {
            let Some(found) = self.evidence(record.stream)? else { continue };
            collected = collected.max(Some(found.at));
            evidence.push(self.entries(record, &found));
            for document in &found.documents {
                evidence.push(self.document(record, document));
            }
        }
        let mut observation = json!({
            "uuid": self.id("observation", name),
            "title": statement.reason.code.as_str(),
            "description": self.words.reason(&statement.reason),
            "props": [property("statement", group)],
            "methods": ["EXAMINE"],
            "collected": moment(collected.unwrap_or(self.until)),
        });
        if !evidence.is_empty() {
            observation["relevant-evidence"] = Value::Array(evidence);
        }
        Ok(observation)
    }

    fn entries(&self, record: &RecordRef, found: &Evidence) -> Value {
        let kind = self.words.term(record.stream.kind.term());
        let entries = if found.first == found.last {
            format!("ledger entry {}", found.last)
        } else {
            format!("ledger entries {} to {}", found.first, found.last)
        };
        json!({
            "description": format!("{kind} {}: {entries}", record.number),
            "props": [
                property("record", &record.stream.id.to_string()),
                property("record-number", &record.number),
                property("ledger-first-entry", &found.first.to_string()),
                property("ledger-last-entry", &found.last.to_string()),
                property("ledger-last-entry-hash", &found.hash.to_string()),
            ],
        })
    }

    /// A document that is kept, as a resource that is named once.
    fn document(&mut self, record: &RecordRef, document: &Document) -> Value {
        let hash = document.sha256.to_string();
        let id = self.name("document-kept", &hash);
        self.resources.entry(id.clone()).or_insert_with(|| {
            // RFC 6920: a name by hash. Where the file lies is the installation's own matter.
            let name = Base64UrlUnpadded::encode_string(&document.sha256.0);
            json!({
                "uuid": id,
                "title": document.name,
                "description": format!("Kept document of {} bytes.", document.size),
                "rlinks": [{
                    "href": format!("ni:///sha-256;{name}"),
                    "hashes": [{"algorithm": "SHA-256", "value": hash}],
                }],
            })
        });
        json!({
            "href": format!("#{id}"),
            "description": format!("Document of {}: {} (SHA-256 {hash})", record.number, document.name),
        })
    }

    fn risk(&self, name: &str, line: &ControlLine, statement: &Statement, observation: &Value) -> Value {
        let text = self.words.reason(&statement.reason);
        json!({
            "uuid": self.id("risk", name),
            "title": format!("{}: {}", line.number, statement.reason.code.as_str()),
            "description": text,
            "statement": format!("What {} asks is not shown by the records: {text}", line.number),
            "status": "open",
            "related-observations": [{"observation-uuid": observation["uuid"]}],
        })
    }

    /// The entries of a record up to the day, and the documents that they name.
    fn evidence(&mut self, stream: Stream) -> Result<Option<Evidence>, RecordsError> {
        if let Some(known) = self.kept.get(&stream) {
            return Ok(known.clone());
        }
        let entries = self.records.store().entries_of(stream)?;
        let mut found: Option<Evidence> = None;
        for stored in entries.iter().filter(|stored| stored.entry.at <= self.until) {
            let entry = &stored.entry;
            let mut documents = found.as_ref().map(|found| found.documents.clone()).unwrap_or_default();
            documents_in(&entry.payload, &mut documents);
            let first = found.as_ref().map_or(entry.sequence, |found| found.first);
            found =
                Some(Evidence { first, last: entry.sequence, hash: stored.hash, at: entry.at, documents });
        }
        self.kept.insert(stream, found.clone());
        Ok(found)
    }

    /// The identifier of what is said of the day.
    fn id(&self, kind: &str, name: &str) -> String {
        self.name(kind, &format!("{} {name}", self.scope))
    }

    /// The identifier of something in this installation: the same name gives the same one.
    fn name(&self, kind: &str, name: &str) -> String {
        let mut digest = Sha1::new();
        digest.update(self.space.as_bytes());
        digest.update(format!("oscal {kind} {name}").as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
        Builder::from_sha1_bytes(bytes).into_uuid().to_string()
    }
}

/// The row as a token of OSCAL, which begins with a letter.
fn target(line: &ControlLine, catalogues: &BTreeMap<String, String>) -> String {
    let catalogue = catalogues.get(&line.status.control).map_or("row", String::as_str);
    format!("{catalogue}_{}", line.status.control)
}

/// Only what is met, and shown by something, is satisfied.
fn state(verdict: Verdict, shown: bool) -> Value {
    match verdict {
        Verdict::Met if shown => json!({"state": "satisfied", "reason": "pass"}),
        Verdict::Gaps => json!({"state": "not-satisfied", "reason": "fail"}),
        Verdict::Met | Verdict::Undetermined => json!({
            "state": "not-satisfied",
            "reason": "other",
            "remarks": "Undetermined: the records cannot tell. OSCAL knows no such state, and silence is no satisfaction.",
        }),
        Verdict::NotApplicable => json!({
            "state": "not-satisfied",
            "reason": "other",
            "remarks": "Not applicable by an approved exclusion. OSCAL knows no such state here.",
        }),
    }
}

fn property(name: &str, value: &str) -> Value {
    json!({"name": name, "ns": SPACE, "value": value})
}

/// OSCAL demands a plan. There is none in its form, and this says so.
fn plan_resource(id: &str) -> Value {
    json!({
        "uuid": id,
        "title": "No OSCAL assessment plan",
        "description": "The program keeps no assessment plan in the form of OSCAL. Every row that its rules know is looked at, from the ledger alone.",
    })
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Every document that an entry names, wherever it stands in it.
fn documents_in(value: &Value, found: &mut Vec<Document>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("sha256")
                && let Ok(document) = serde_json::from_value::<Document>(value.clone())
            {
                if !found.contains(&document) {
                    found.push(document);
                }
                return;
            }
            fields.values().for_each(|field| documents_in(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| documents_in(item, found)),
        _ => {}
    }
}
