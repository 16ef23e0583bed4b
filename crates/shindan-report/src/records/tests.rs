use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::{PersonState, Role};
use shindan_domain::process::{Label, Reason, ReasonCode, Shown, View};
use shindan_domain::record_id::PersonId;
use uuid::Uuid;

use super::*;
use crate::table::Style;
use crate::words::{Lang, Words};

fn sample() -> RecordPage {
    let person = PersonId(Uuid::from_u128(7));
    let stream = Stream::new(Kind::Person, person);
    let document = Document { sha256: Hash::of(b"scan"), size: 4, name: "承認書.pdf".to_owned() };
    let view = View::new(PersonState::Active.term())
        .fact(Label::Roles, vec![Role::Admin.term().into(), Role::Operator.term().into()])
        .fact(Label::By, person)
        .fact(Label::Document, document)
        .section(
            Label::Tokens,
            &[Label::Token, Label::Expires, Label::Note],
            vec![vec![Some(Shown::from("t-1")), None, Some("夜間の取込み\u{1b}[2J".into())]],
        )
        .next([Reason::new(ReasonCode::TextMissing).with("field", Label::Reason.as_str())]);
    let mut names = Names::default();
    names.people.insert(person, "診断 花子".to_owned());
    let at = "2026-11-26T01:02:03Z".parse().unwrap();
    let history = vec![HistoryLine { sequence: 2, at, person, event: "person.registered".to_owned() }];
    RecordPage {
        stream,
        number: Some("MED-2026-0001".to_owned()),
        title: String::new(),
        revision: 1,
        view,
        names,
        history,
    }
}

#[test]
fn a_record_is_shown_in_both_languages() {
    for lang in Lang::ALL {
        let text = record(&sample(), &Words::new(lang), &Style::default());
        assert!(!text.contains('\u{1b}'), "foreign text cannot move the cursor");
        insta::assert_snapshot!(format!("record-{lang}"), text);
    }
    insta::assert_json_snapshot!("record", record_json(&sample()));
}

#[test]
fn a_list_marks_what_is_overdue() {
    let page = sample();
    let row = RecordRow {
        stream: page.stream,
        number: page.number.clone(),
        title: "院内DNSの更新".to_owned(),
        status: page.view.status.into(),
        open: true,
        priority: Some(0),
        due: Some("2026-11-25".parse().unwrap()),
        revision: 3,
        changed: "2026-11-20T00:00:00Z".parse().unwrap(),
    };
    let list =
        RecordList { rows: vec![row], next: Some("abc".to_owned()), today: "2026-11-26".parse().unwrap() };
    for lang in Lang::ALL {
        insta::assert_snapshot!(
            format!("records-{lang}"),
            records(&list, &Words::new(lang), &Style::default())
        );
    }
    let mut bytes = Vec::new();
    write_records(&mut bytes, &list).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(value["records"][0]["overdue"], true);
    assert_eq!(value["records"][0]["priority"], "immediate");
}

#[test]
fn a_refusal_names_everything_that_is_missing() {
    let reason = Reason::new(ReasonCode::RoleMissing).with("roles", "approver").with("action", "approve");
    let missing = [Reason::new(ReasonCode::DocumentMissing), Reason::new(ReasonCode::SignerMissing)];
    let page = RefusalPage { record: Some("MED-2026-0001"), reason: &reason, missing: &missing };
    for lang in Lang::ALL {
        insta::assert_snapshot!(
            format!("refusal-{lang}"),
            refusal(&page, &Words::new(lang), &Style::default())
        );
    }
}
