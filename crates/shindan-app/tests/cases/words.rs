//! What is shown and written: every event of these histories has words, and JSON follows its schemas.

use std::path::Path;

use serde_json::Value;
use shindan_app::records::cases::{self, JudgeOrder};
use shindan_app::records::{Asked, WordGiven, list};
use shindan_domain::advisory::Justification;
use shindan_domain::case::{Applicability, Treatment};
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::cases::{case_refresh, write_case_refresh};
use shindan_report::records::{RefusalPage, record, write_record, write_records, write_refusal};
use shindan_report::table::Style;
use shindan_report::{Lang, Words};

use crate::hospital::{DUE_DATES, Hospital, refusal};

/// Fails with every place where `value` does not follow the schema, and if the schema asks for nothing.
pub fn follows(schema: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas").join(schema);
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
    for key in schema["required"].as_array().unwrap() {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(key.as_str().unwrap());
        assert!(!validator.is_valid(&less), "{key} is required");
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>) -> Value {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A hospital in which most things have happened.
fn busy(name: &str) -> Hospital {
    let mut hospital = Hospital::new(name);
    hospital.learn(&[
        ("CVE-2026-1001", "ward-viewer", "1.2.0", true),
        ("CVE-2026-1002", "bed-plan", "2.0.0", true),
    ]);
    hospital.approve_policy(DUE_DATES);
    let list = hospital.list("karte.json", &[("ward-viewer", "1.0.0"), ("bed-plan", "1.0.0")]);
    hospital.refresh(std::slice::from_ref(&list));
    let (viewer, plan) = (hospital.case_of("ward-viewer"), hospital.case_of("bed-plan"));
    hospital.settle(viewer, Treatment::Isolation, None);
    let operator = hospital.operator.clone();
    let file = hospital.file("isolated.txt", "port 7 down");
    let call = hospital.call();
    cases::show_effect(&mut hospital.records, &operator, &call, viewer, &[], (&file, "隔離した")).unwrap();
    let (call, colleague) = (hospital.call(), hospital.colleague.clone());
    let review = Some("2027-05-01".parse().unwrap());
    cases::confirm(&mut hospital.records, &colleague, &call, viewer, review, &WordGiven::Software).unwrap();
    let call = hospital.call();
    cases::close(&mut hospital.records, &operator, &call, viewer).unwrap();
    let call = hospital.call();
    cases::reopen(&mut hospital.records, &operator, &call, viewer, "隔離を解いた").unwrap();
    let order = JudgeOrder {
        applicability: Applicability::NotAffected,
        justification: Some(Justification::ComponentNotPresent),
        note: "使っていない".to_owned(),
        documents: Vec::new(),
    };
    let call = hospital.call();
    cases::judge(&mut hospital.records, &operator, &call, plan, &order).unwrap();
    let call = hospital.call();
    cases::reject(&mut hospital.records, &operator, &call, plan, "見直す", &WordGiven::Software).unwrap();
    hospital
}

#[test]
fn every_event_of_the_histories_has_words_in_both_languages() {
    let hospital = busy("events");
    let entries = hospital.records.store().entries(0, 10_000).unwrap();
    let ours = [Kind::Case, Kind::Policy, Kind::Control, Kind::Installation];
    let events: std::collections::BTreeSet<String> = entries
        .iter()
        .filter(|stored| ours.contains(&stored.entry.stream.kind))
        .map(|stored| stored.entry.event.clone())
        .collect();
    assert!(events.len() >= 12, "{events:?}");
    for lang in Lang::ALL {
        let words = Words::new(lang);
        for event in &events {
            assert_ne!(&words.event(event), event, "{lang}: event-{}", event.replace('.', "-"));
        }
    }
}

#[test]
fn pages_hold_no_key_and_json_follows_its_schemas() {
    let mut hospital = busy("pages");
    let case = hospital.case_of("ward-viewer");
    let page = hospital.page(Stream::new(Kind::Case, case));
    assert!(page.history.len() >= 9, "{:#?}", page.history);
    let style = Style { color: false, width: Some(120), max_age_days: None };
    for lang in Lang::ALL {
        let text = record(&page, &Words::new(lang), &style);
        assert!(
            !text.contains("term-") && !text.contains("label-") && !text.contains("{$"),
            "{lang}: {text}"
        );
        assert!(!text.contains("case."), "{lang}: an event without words: {text}");
    }
    follows("record-1.json", &written(|out| write_record(out, &page)));
    let asked = Asked { open_only: false, ..Asked::new(Kind::Case, 50) };
    let cases = list(&hospital.records, &hospital.auditor, &asked, hospital.now).unwrap();
    assert_eq!(cases.rows.len(), 2);
    follows("records-1.json", &written(|out| write_records(out, &cases)));
    let refused = refusal(hospital.decide(case, Treatment::Patch, None));
    let refused =
        RefusalPage { record: Some("MED-2026-0001"), reason: &refused.reason, missing: &refused.missing };
    follows("refusal-1.json", &written(|out| write_refusal(out, &refused)));
    let empty = hospital.list("karte.json", &[("ward-viewer", "1.0.0")]);
    let refresh = hospital.refresh(&[empty]);
    follows("case-refresh-1.json", &written(|out| write_case_refresh(out, &refresh)));
    for lang in Lang::ALL {
        let text = case_refresh(&refresh, &Words::new(lang), &style);
        assert!(!text.contains("[refresh-") && !text.contains("{$"), "{lang}: {text}");
    }
}
