use shindan_domain::control::{ControlStatus, RecordRef, Statement, Verdict};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Reason, ReasonCode};
use uuid::Uuid;

use super::*;
use crate::table::Style;
use crate::words::Lang;

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
