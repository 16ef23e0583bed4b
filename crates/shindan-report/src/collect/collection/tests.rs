//! The record of a month: no form tells less than another, failed is never nothing new, what people wrote is escaped.

use std::collections::BTreeSet;
use std::io::Read as _;

use jiff::Timestamp;
use jiff::civil::date;
use shindan_domain::collect::{
    CheckBy, CheckConfirmed, CheckDraft, CheckOutcome, Concerns, Counts, Failure, HandMade, HandMeans,
    NoticeClass, NoticeContent, NoticeJudgement, NoticeState, PlanSpan, SourceDraft, SourceKind, Thresholds,
    calendar,
};
use uuid::Uuid;

use super::*;
use crate::excel;
use crate::table::Style;
use crate::words::Lang;

const SOURCE: SourceId = SourceId(Uuid::from_u128(1));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(number: u128, name: Option<&str>) -> NamedPerson {
    NamedPerson { id: PersonId(Uuid::from_u128(number)), name: name.map(str::to_owned) }
}

fn source() -> CollectedSource {
    let draft = SourceDraft {
        name: "jpcert".to_owned(),
        title: "<b>JPCERT/CC</b>".to_owned(),
        kind: SourceKind::JpcertRss,
        addresses: Vec::new(),
        interval_hours: Some(24),
        responsible: Some(PersonId(Uuid::from_u128(9))),
        reminder_days: 1,
        confirm_days: 31,
        thresholds: Thresholds {
            drop_percent: None,
            standstill_days: None,
            unchanged_days: None,
            skew_minutes: None,
        },
        licence: None,
        may_leave_out: false,
    };
    let source = Source {
        draft,
        added: at("2026-10-31T00:00:00Z"),
        added_by: PersonId(Uuid::from_u128(9)),
        history: Vec::new(),
        pauses: Vec::new(),
        ended: None,
    };
    let responsible = Some(person(9, Some("運用 一郎")));
    CollectedSource { id: SOURCE, number: "MED-2026-0001".to_owned(), source, responsible }
}

fn look(number: u128, ended: &str, outcome: CheckOutcome, confirmed: bool) -> CollectedCheck {
    let by_hand =
        HandMade { means: HandMeans::Telephone, text: "=1+1 <script>".to_owned(), documents: Vec::new() };
    let draft = CheckDraft {
        source: SOURCE,
        name: "jpcert".to_owned(),
        reason: Some("攻撃の報道".to_owned()),
        by: CheckBy::Person,
        started: at(ended),
        ended: at(ended),
        outcome,
        fetches: Vec::new(),
        by_hand: Some(by_hand),
        carried: None,
        counts: Counts::default(),
        alarms: Vec::new(),
    };
    let confirmation = CheckConfirmed {
        note: Some("一覧を見た".to_owned()),
        by: PersonId(Uuid::from_u128(8)),
        at: at(ended),
    };
    CollectedCheck {
        id: SourceCheckId(Uuid::from_u128(number)),
        number: format!("MED-2026-{number:04}"),
        check: SourceCheck {
            draft,
            recorded_by: PersonId(Uuid::from_u128(9)),
            confirmed: confirmed.then_some(confirmation),
        },
        recorded_by: person(9, None),
        confirmed_by: confirmed.then(|| person(8, Some("企画 花子"))),
    }
}

fn notice(number: u128, judged: bool) -> CollectedNotice {
    let content = NoticeContent {
        id: format!("at{number}"),
        title: "FortiOS の脆弱性".to_owned(),
        link: None,
        published: None,
        updated: None,
        class: NoticeClass::Alert,
        text: None,
        vulnerabilities: BTreeSet::from(["CVE-2026-1234".to_owned()]),
    };
    let judgement = NoticeJudgement {
        concerns: Concerns::NotUs,
        because: "該当機器なし".to_owned(),
        cases: BTreeSet::new(),
        by: PersonId(Uuid::from_u128(8)),
        at: at("2026-11-02T00:00:00Z"),
    };
    let check = SourceCheckId(Uuid::from_u128(11));
    CollectedNotice {
        id: NoticeId(Uuid::from_u128(number)),
        number: format!("MED-2026-{number:04}"),
        notice: Notice {
            source: SOURCE,
            check,
            last_check: check,
            content,
            received: at("2026-11-01T03:00:00Z"),
            former: Vec::new(),
            judgement: judged.then_some(judgement),
            past: Vec::new(),
        },
        judged_by: judged.then(|| person(8, Some("企画 花子"))),
        cases: Vec::new(),
    }
}

/// New and confirmed, failed and open, a day missed.
fn sample() -> CollectionReport {
    let params = [("status".to_owned(), "500".to_owned())].into_iter().collect();
    let checks = vec![
        look(11, "2026-11-01T03:00:00Z", CheckOutcome::NewItems { count: 2 }, true),
        look(12, "2026-11-02T03:00:00Z", CheckOutcome::Failed { failure: Failure::Status, params }, false),
    ];
    let facts: Vec<_> = checks.iter().map(|one| one.check.facts(one.id)).collect();
    let span = PlanSpan { from: at("2026-10-31T00:00:00Z"), until: None, interval_hours: Some(24) };
    let made = at("2026-11-04T03:00:00Z");
    CollectionReport {
        month: date(2026, 11, 1),
        made,
        prefix: "MED".to_owned(),
        installation: InstallationId(Uuid::from_u128(7)),
        entries: 42,
        grid: calendar(date(2026, 11, 1), &[(SOURCE, vec![span])], &facts, made),
        sources: vec![source()],
        checks,
        notices: vec![notice(21, true), notice(22, false)],
    }
}

fn csv(report: &CollectionReport, words: &Words) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    collection_csv(report, words, &mut bytes).unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The text of a workbook: of its sheets and of the table of strings.
fn workbook(report: &CollectionReport, words: &Words) -> String {
    let bytes = excel::collection(report, words).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_form_tells_looks_missed_days_alarms_confirmations_and_judgements() {
    let report = sample();
    let tally = report.tally(SOURCE);
    assert_eq!((tally.new, tally.nothing, tally.failed, tally.missed, tally.unconfirmed), (1, 0, 1, 1, 1));
    assert_eq!(report.unjudged(), 1);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let style = Style { color: false, width: Some(240), max_age_days: None };
        let rows = csv(&report, &words);
        // Words above, what it is about, two looks, one missed day, two notices.
        assert_eq!(rows.len(), 7, "{rows:#?}");
        let html = collection_html(&report, &words).unwrap();
        let forms = [
            collection_table(&report, &words, &style),
            html.clone(),
            rows.concat().join("\n"),
            workbook(&report, &words),
        ];
        for text in &forms {
            for wanted in [
                words.term(Failure::Status.term()),
                words.term(CellState::Missed.term()),
                words.term(NoticeState::DoesNotConcernUs.term()),
                words.term(NoticeState::ToBeJudged.term()),
                words.t("collection-not-confirmed"),
                words.t("records-name-erased"),
                "企画 花子".to_owned(),
                "一覧を見た".to_owned(),
                "該当機器なし".to_owned(),
                "攻撃の報道".to_owned(),
                "CVE-2026-1234".to_owned(),
                "2026-11-03".to_owned(),
                "MED-2026-0012".to_owned(),
            ] {
                assert!(text.contains(&wanted), "{lang} {wanted}: {text}");
            }
            assert!(!text.contains("[collect") && !text.contains("{$"), "{lang}: {text}");
        }
        assert!(!html.contains("<script") && !html.contains("<b>JPCERT") && html.contains("@page{size:A4"));
        assert!(!html.contains("http://") && !html.contains("https://"));
        let nothing = words.term(shindan_domain::collect::CheckResult::NothingNew.term());
        let told = checks(&report, &words);
        assert!(told.iter().all(|line| !line.outcome.contains(&nothing)), "{lang}: {told:#?}");
        let formula = rows.iter().flatten().any(|cell| cell.starts_with('='));
        assert!(!formula, "no cell is a formula: {rows:?}");
    }
}

#[test]
fn without_sources_it_says_so() {
    let grid = calendar(date(2026, 11, 1), &[], &[], at("2026-11-04T03:00:00Z"));
    let (sources, checks, notices) = (Vec::new(), Vec::new(), Vec::new());
    let report = CollectionReport { grid, sources, checks, notices, ..sample() };
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let none = words.t("collect-no-sources");
        assert!(collection_table(&report, &words, &Style::default()).contains(&none));
        assert!(collection_html(&report, &words).unwrap().contains(&none.replace('"', "&#34;")));
        assert!(
            workbook(&report, &words).contains(&none.replace('"', "&quot;"))
                || workbook(&report, &words).contains(&none)
        );
        assert_eq!(csv(&report, &words).len(), 2);
    }
}

#[test]
fn json_follows_its_schema() {
    let mut bytes = Vec::new();
    write_collection(&mut bytes, &sample()).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let schema = include_str!("../../../../../docs/schemas/collection-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(value["sources"][0]["summary"]["missed"], 1);
    assert_eq!(value["checks"][1]["outcome"]["result"], "failed");
    for key in ["month", "made", "sources", "checks", "notices"] {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&less), "{key} is required");
    }
    let mut kinds = value.clone();
    for kind in SourceKind::ALL {
        kinds["sources"][0]["kind"] = serde_json::json!(kind);
        assert!(validator.is_valid(&kinds), "{kind} is in the schema");
    }
    for state in NoticeState::ALL {
        let mut other = value.clone();
        other["notices"][0]["state"] = serde_json::json!(state);
        assert!(validator.is_valid(&other), "{state} is in the schema");
    }
}
