//! ④-2 from facts about sources.

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::{Facts, NoticeFact, RecordRef, SourceFact, Topic, Verdict, evaluate};
use crate::collect::SourceTiming;
use crate::ledger::{Kind, Stream};
use crate::process::ReasonCode;

const AS_OF: Date = date(2026, 4, 1);

fn record(kind: Kind, number: u128) -> RecordRef {
    RecordRef { stream: Stream::new(kind, Uuid::from_u128(number)), number: format!("MED-2026-{number:04}") }
}

fn source(number: u128) -> SourceFact {
    SourceFact {
        record: record(Kind::Source, number),
        named_body: true,
        active: true,
        planned: true,
        timing: SourceTiming::InTime,
        checked: true,
        missed_days: 0,
        last_failed: false,
        suspicious: false,
        confirmed: true,
    }
}

fn in_order() -> Facts {
    Facts {
        sources_recorded: true,
        sources: vec![source(1)],
        notices: vec![NoticeFact { record: record(Kind::Notice, 1), judged: true }],
        ..Facts::none(AS_OF)
    }
}

#[test]
fn sources_in_order_meet_the_row_and_silence_does_not() {
    assert_eq!(evaluate("4-2", &in_order()).verdict, Verdict::Met);
    let none = Facts { sources: Vec::new(), ..in_order() };
    assert_eq!(evaluate("4-2", &none).verdict, Verdict::Undetermined);
    let status = evaluate("4-2", &Facts::none(AS_OF));
    let reason = &status.undetermined[0].reason;
    assert_eq!(reason.code, ReasonCode::ControlNotCovered, "nobody asked for sources");
    assert_eq!(reason.params["topic"], Topic::SourceChecks.as_str());
}

#[test]
fn each_gap_is_named_with_the_sources_that_have_it() {
    type Change = fn(&mut SourceFact);
    let cases: [(ReasonCode, Change); 6] = [
        (ReasonCode::ControlSourcesOverdue, |source| source.timing = SourceTiming::Overdue),
        (ReasonCode::ControlSourcesNever, |source| source.checked = false),
        (ReasonCode::ControlSourcesMissed, |source| source.missed_days = 1),
        (ReasonCode::ControlSourcesFailed, |source| source.last_failed = true),
        (ReasonCode::ControlSourcesSuspicious, |source| source.suspicious = true),
        (ReasonCode::ControlSourcesUnconfirmed, |source| source.confirmed = false),
    ];
    for (code, change) in cases {
        let mut facts = in_order();
        facts.sources.push(source(2));
        change(&mut facts.sources[1]);
        let status = evaluate("4-2", &facts);
        assert_eq!(status.verdict, Verdict::Gaps, "{code:?}");
        let gap = status.gaps.iter().find(|gap| gap.reason.code == code).unwrap();
        assert_eq!(gap.records, [record(Kind::Source, 2)], "{code:?}");
        facts.sources[1].active = false;
        assert_eq!(evaluate("4-2", &facts).verdict, Verdict::Met, "paused: {code:?}");
    }
}

#[test]
fn a_body_that_the_row_names_must_be_looked_at_by_plan() {
    let changes: [fn(&mut SourceFact); 3] =
        [|source| source.named_body = false, |source| source.active = false, |source| source.planned = false];
    for change in changes {
        let mut facts = in_order();
        change(&mut facts.sources[0]);
        let status = evaluate("4-2", &facts);
        assert_eq!(status.verdict, Verdict::Gaps);
        assert!(status.gaps.iter().any(|gap| gap.reason.code == ReasonCode::ControlSourcesNotNamed));
    }
}

#[test]
fn what_was_told_must_be_judged() {
    let mut facts = in_order();
    facts.notices.push(NoticeFact { record: record(Kind::Notice, 2), judged: false });
    let status = evaluate("4-2", &facts);
    let gap = status.gaps.iter().find(|gap| gap.reason.code == ReasonCode::ControlNoticesOpen).unwrap();
    assert_eq!(gap.records, [record(Kind::Notice, 2)]);
}
