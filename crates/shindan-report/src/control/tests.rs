use shindan_domain::control::{ControlStatus, RecordRef, Statement, Verdict};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Reason, ReasonCode};
use uuid::Uuid;

use super::*;
use crate::table::Style;
use crate::words::Lang;

fn place() -> Place {
    let both = |ja: &str, en: &str| Localised { ja: ja.to_owned(), en: en.to_owned() };
    Place {
        catalog: both("別紙2", "annex 2"),
        section: Some(("②".to_owned(), Some(both("3.7 脆弱性への対応", "3.7 Vulnerabilities")))),
        title: None,
        requirements: vec![LinkedRequirement {
            number: "運用編 8".to_owned(),
            title: Some(both("利用機器・サービスに対する安全管理措置", "Measures for devices and services")),
            certainty: Certainty::Inferred,
        }],
    }
}

fn sample() -> ControlReport {
    let record = RecordRef {
        stream: Stream::new(Kind::Case, Uuid::from_u128(5)),
        number: "MED-2026-0005<script>".to_owned(),
    };
    let statement = |code, records: Vec<RecordRef>| Statement {
        reason: Reason::new(code).with("count", records.len()).with("topic", "agreements"),
        records,
    };
    let line = |number: &str, verdict, gaps, undetermined, shown| ControlLine {
        number: number.to_owned(),
        text: Some(Localised { ja: "処置を決める".to_owned(), en: "decide the measure".to_owned() }),
        place: number.starts_with('②').then(place),
        status: ControlStatus { control: "2-2".to_owned(), verdict, gaps, undetermined, shown },
    };
    let gap = statement(ReasonCode::ControlCasesUndecided, vec![record.clone(); 2]);
    let open = statement(ReasonCode::ControlNotCovered, Vec::new());
    let shown = statement(ReasonCode::ControlCasesDecided, vec![record]);
    ControlReport {
        as_of: "2026-11-26".parse().unwrap(),
        until: "2026-11-26T14:59:59Z".parse().unwrap(),
        made: "2026-11-27T01:02:03Z".parse().unwrap(),
        prefix: "MED".to_owned(),
        installation: InstallationId(Uuid::from_u128(1)),
        entries: 42,
        lines: vec![
            line("②-2", Verdict::Gaps, vec![gap], Vec::new(), vec![shown.clone()]),
            line("⑤-1", Verdict::Undetermined, Vec::new(), vec![open], Vec::new()),
            line("②-3", Verdict::Met, Vec::new(), Vec::new(), vec![shown]),
            line("④-1", Verdict::NotApplicable, Vec::new(), Vec::new(), Vec::new()),
        ],
    }
}

#[test]
fn every_verdict_is_a_word_in_both_languages_and_nothing_is_a_key() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let style = Style { color: false, width: Some(100), max_age_days: None };
        let html = control_html(&sample(), &words).unwrap();
        for text in [control_table(&sample(), &words, &style), html.clone()] {
            for verdict in Verdict::ALL {
                assert!(text.contains(&words.term(verdict.term())), "{lang} {verdict}: {text}");
            }
            assert!(!text.contains("[control-") && !text.contains("{$"), "{lang}: {text}");
        }
        assert!(html.contains(&format!("lang=\"{lang}\"")) && html.contains("@media print"));
        assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));
        assert!(html.contains("MED-2026-0005&#60;script&#62;"), "what people wrote is escaped");
    }
}

#[test]
fn json_follows_its_schema() {
    let mut bytes = Vec::new();
    write_control(&mut bytes, &sample()).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let schema = include_str!("../../../../docs/schemas/control-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(value["summary"]["gaps"], 1);
    for key in ["as_of", "controls", "summary", "entries"] {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&less), "{key} is required");
    }
}

#[test]
fn the_paper_has_the_control_left_and_the_requirement_right() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let report = sample();
        let paper = control_paper(&report, &words);
        let rows: Vec<_> = paper.tables().flat_map(|table| &table.rows).collect();
        assert_eq!(rows.len(), report.lines.len(), "no line is left out");
        for (row, line) in rows.iter().zip(&report.lines) {
            assert!(row[0].text.contains(&line.number));
            assert!(row[2].text == words.term(line.status.verdict.term()), "{row:?}");
        }
        assert!(rows[0][1].text.contains("運用編 8"), "{rows:?}");
        assert!(rows[0][1].text.contains(&words.label("certainty", "inferred")), "{rows:?}");
        assert_eq!(rows[0][3].text, "1", "a record that is named three times is one");
        assert!(rows[0][4].text.contains("MED-2026-0005"), "{rows:?}");
        let met = paper
            .tables()
            .flat_map(|table| &table.rows)
            .filter(|row| row[2].tone == crate::paper::Tone::Proven);
        assert_eq!(met.count(), 1, "green only for what the records show");
        assert!(paper.cautions.contains(&words.t("control-lead")));
        let html = crate::paper::html::page(&paper, &words);
        assert!(!html.contains("[control-") && !html.contains("[paper-") && !html.contains("{$"), "{html}");
    }
}
