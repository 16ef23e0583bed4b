//! OSCAL assessment results of the demo: the structure that NIST's JSON schema asks for, and never *satisfied* without evidence.
//!
//! The schema itself is held against the results if it lies in `SHINDAN_SCHEMAS` (`oscal_assessment-results_schema.json`); it is not
//! part of this repository.

use std::collections::BTreeSet;

use jiff::civil::date;
use serde_json::Value;
use shindan_app::records::reports::oscal;
use shindan_app::records::{RecordsError, control};
use shindan_domain::control::Verdict;

use crate::world::{now, records};

fn results() -> Value {
    let (records, who) = records("auditor");
    oscal::make(&records, &who, None, now()).expect("assessment results")
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Every object of a file with its path.
fn walk<'a>(value: &'a Value, look: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            look(fields);
            fields.values().for_each(|field| walk(field, look));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        _ => {}
    }
}

fn is_token(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || ".-_".contains(letter))
}

#[test]
fn only_what_the_records_show_is_satisfied() {
    let (records, who) = records("auditor");
    let report = control::report(&records, &who, None, now()).unwrap();
    let file = results();
    let result = &file["assessment-results"]["results"][0];
    let findings = list(result, "findings");
    assert_eq!(findings.len(), report.lines.len());
    for (finding, line) in findings.iter().zip(&report.lines) {
        let state = finding["target"]["status"]["state"].as_str().unwrap();
        let satisfied = line.status.verdict == Verdict::Met && !line.status.shown.is_empty();
        assert_eq!(state == "satisfied", satisfied, "{}", line.number);
        let risks = list(finding, "related-risks").len();
        assert_eq!(risks, line.status.gaps.len(), "{}", line.number);
        if line.status.verdict == Verdict::Undetermined {
            assert_eq!(finding["target"]["status"]["reason"], "other");
            assert!(finding["target"]["status"]["remarks"].as_str().unwrap().contains("Undetermined"));
        }
    }
    let verdicts: BTreeSet<Verdict> = report.lines.iter().map(|line| line.status.verdict).collect();
    assert!(verdicts.contains(&Verdict::Gaps), "the demo shows gaps: {verdicts:?}");
}

#[test]
fn the_structure_is_that_of_oscal() {
    let file = results();
    let document = &file["assessment-results"];
    for field in ["uuid", "metadata", "import-ap", "results"] {
        assert!(document.get(field).is_some(), "{field}");
    }
    for field in ["title", "last-modified", "version", "oscal-version"] {
        assert!(document["metadata"][field].is_string(), "{field}");
    }
    let result = &document["results"][0];
    for field in ["uuid", "title", "description", "start", "reviewed-controls"] {
        assert!(result.get(field).is_some(), "{field}");
    }
    let needed: [(&str, &[&str]); 3] = [
        ("observations", &["uuid", "description", "methods", "collected"]),
        ("risks", &["uuid", "title", "description", "statement", "status"]),
        ("findings", &["uuid", "title", "description", "target"]),
    ];
    for (name, fields) in needed {
        assert!(!list(result, name).is_empty(), "{name}");
        for one in list(result, name) {
            assert!(fields.iter().all(|field| one.get(field).is_some()), "{one:#}");
        }
    }
    for selection in list(&result["reviewed-controls"], "control-selections") {
        let controls = list(selection, "include-controls");
        assert!(controls.iter().all(|control| is_token(control["control-id"].as_str().unwrap())));
        assert_eq!(controls.len(), list(result, "findings").len());
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_identifier_is_a_version_5_uuid_and_unique() {
    let file = results();
    let (mut own, mut named) = (BTreeSet::new(), BTreeSet::new());
    walk(&file, &mut |fields| {
        if let Some(Value::String(id)) = fields.get("uuid") {
            let parsed: uuid::Uuid = id.parse().unwrap();
            assert_eq!(parsed.get_version_num(), 5, "{id}");
            assert!(own.insert(id.clone()), "{id} twice");
        }
        for name in ["observation-uuid", "risk-uuid"] {
            named.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
        }
        let href = fields.get("href").and_then(Value::as_str);
        named.extend(href.and_then(|href| href.strip_prefix('#')).map(str::to_owned));
        if let (Some(Value::String(name)), Some(value)) = (fields.get("name"), fields.get("value")) {
            assert!(is_token(name) && value.as_str().is_some_and(|value| !value.is_empty()), "{name}");
        }
        assert!(
            fields.values().all(|field| field.as_array().is_none_or(|list| !list.is_empty())),
            "{fields:#?}"
        );
    });
    assert!(!named.is_empty() && named.is_subset(&own), "{:?}", named.difference(&own));
}

#[test]
fn evidence_names_ledger_entries_and_the_hashes_of_documents() {
    let file = results();
    let document = &file["assessment-results"];
    let mut entries = 0;
    for observation in list(&document["results"][0], "observations") {
        for evidence in list(observation, "relevant-evidence") {
            assert!(evidence["description"].as_str().is_some_and(|text| !text.is_empty()));
            entries += usize::from(
                list(evidence, "props").iter().any(|one| one["name"] == "ledger-last-entry-hash"),
            );
        }
    }
    assert!(entries > 0);
    let kept = list(&document["back-matter"], "resources");
    let consent = kept.iter().find(|one| one["title"] == "consent.txt").expect("a document of the change");
    let hash = consent["rlinks"][0]["hashes"][0]["value"].as_str().unwrap();
    assert_eq!(hash.len(), 64);
}

#[test]
fn the_same_records_give_the_same_file_and_another_day_another_one() {
    let (first, second) = (results(), results());
    assert_eq!(first, second);
    let (records, who) = records("auditor");
    let past = oscal::make(&records, &who, Some(date(2024, 10, 16)), now()).unwrap();
    assert_ne!(first["assessment-results"]["uuid"], past["assessment-results"]["uuid"]);
    let nobody = shindan_app::records::Entered { roles: Vec::new(), ..who };
    let refused = oscal::make(&records, &nobody, None, now());
    assert!(matches!(refused, Err(RecordsError::Refused { .. })), "{refused:?}");
}

/// For looking at it with other tools.
#[test]
fn it_is_written_where_a_folder_is_named() {
    if let Some(folder) = std::env::var_os("SHINDAN_REPORT_PREVIEW") {
        let path = std::path::Path::new(&folder).join("oscal-assessment-results.json");
        std::fs::write(path, serde_json::to_vec_pretty(&results()).unwrap()).unwrap();
    }
}

#[test]
fn the_official_schema_accepts_it_where_it_is_at_hand() {
    let Some(folder) = std::env::var_os("SHINDAN_SCHEMAS") else {
        println!("SKIPPED: SHINDAN_SCHEMAS is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("oscal_assessment-results_schema.json");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("SKIPPED: {} is not there", path.display());
        return;
    };
    let schema: Value = serde_json::from_slice(&bytes).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let file = results();
    let errors: Vec<String> =
        validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
