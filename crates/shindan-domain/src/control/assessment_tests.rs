//! ③: nothing is met by absence, gaps are named, and production is never taken for a test environment.

use std::collections::BTreeSet;

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::assessment::{PlanTiming, Way};
use crate::interface::InterfaceState;
use crate::ledger::{Kind, Stream};
use crate::organisation::Purpose;
use crate::process::ReasonCode;

fn record(kind: Kind, number: u128) -> RecordRef {
    RecordRef { stream: Stream::new(kind, Uuid::from_u128(number)), number: format!("MED-2026-{number:04}") }
}

fn plan(number: u128) -> AssessmentFact {
    AssessmentFact {
        record: record(Kind::AssessmentPlan, number),
        timing: PlanTiming::InTime,
        assessed: true,
        deliverables_stated: true,
        assessed_by: BTreeSet::from([Way::Source, Way::Outside]),
        missing: BTreeSet::new(),
        undecided: 0,
    }
}

fn run(number: u128) -> AssessmentRunFact {
    AssessmentRunFact {
        record: record(Kind::Assessment, number),
        way: Way::Outside,
        purpose: Some(Purpose::Test),
        exception_approved: false,
        strayed: false,
        closed: true,
    }
}

fn on_production(number: u128) -> AssessmentRunFact {
    AssessmentRunFact { purpose: Some(Purpose::Production), exception_approved: true, ..run(number) }
}

fn in_order() -> Facts {
    Facts {
        interfaces: vec![InterfaceFact {
            record: record(Kind::Interface, 1),
            state: InterfaceState::Tested,
            due: None,
            sealed: Vec::new(),
        }],
        assessments: vec![plan(1)],
        assessment_runs: vec![run(1)],
        ..Facts::none(date(2026, 11, 1))
    }
}

fn status(control: &str, change: impl Fn(&mut Facts)) -> ControlStatus {
    let mut facts = in_order();
    change(&mut facts);
    evaluate(control, &facts)
}

fn codes(statements: &[Statement]) -> Vec<(ReasonCode, usize)> {
    statements.iter().map(|one| (one.reason.code, one.records.len())).collect()
}

#[test]
fn assessments_in_order_show_what_is_asked() {
    for control in ["3-1", "3-2", "3-3"] {
        let status = status(control, |_| ());
        assert_eq!(status.verdict, Verdict::Met, "{status:?}");
    }
    let due = status("3-1", |facts| facts.assessments[0].timing = PlanTiming::Due);
    assert_eq!(due.verdict, Verdict::Met, "what comes near is not late");
}

#[test]
fn without_plans_nothing_can_be_told() {
    for control in ["3-1", "3-2", "3-3"] {
        let status = status(control, |facts| {
            facts.assessments.clear();
            facts.assessment_runs.clear();
        });
        assert_eq!(status.verdict, Verdict::Undetermined, "{control}");
        assert_eq!(codes(&status.undetermined), [(ReasonCode::ControlPlansNone, 0)], "{control}");
    }
}

#[test]
fn each_gap_names_its_records() {
    type Change = fn(&mut Facts);
    let cases: [(&str, ReasonCode, Change); 7] = [
        ("3-1", ReasonCode::ControlPlansOverdue, |facts| facts.assessments[0].timing = PlanTiming::Overdue),
        ("3-1", ReasonCode::ControlPlansNeverAssessed, |facts| facts.assessments[0].assessed = false),
        ("3-1", ReasonCode::ControlFindingsUndecided, |facts| facts.assessments[0].undecided = 3),
        ("3-2", ReasonCode::ControlRunsStrayed, |facts| {
            facts.assessment_runs.push(AssessmentRunFact { strayed: true, closed: false, ..run(2) });
        }),
        ("3-2", ReasonCode::ExceptionMissing, |facts| {
            facts.assessment_runs.push(AssessmentRunFact { exception_approved: false, ..on_production(2) });
        }),
        ("3-3", ReasonCode::ControlDeliverablesNotStated, |facts| {
            facts.assessments[0].deliverables_stated = false;
        }),
        ("3-3", ReasonCode::ControlWayMissing, |facts| {
            facts.assessments[0].missing.insert(Way::Source);
        }),
    ];
    for (control, code, change) in cases {
        let status = status(control, change);
        assert_eq!(status.verdict, Verdict::Gaps, "{control} {code:?}");
        assert_eq!(codes(&status.gaps), [(code, 1)], "{control}");
        for other in ["3-1", "3-2", "3-3"].into_iter().filter(|other| *other != control) {
            let mut facts = in_order();
            change(&mut facts);
            assert_eq!(evaluate(other, &facts).verdict, Verdict::Met, "{code:?} is no gap of {other}");
        }
    }
}

#[test]
fn an_application_that_is_late_is_not_shown_as_in_time() {
    let status = status("3-1", |facts| {
        facts.assessments.push(AssessmentFact { timing: PlanTiming::Overdue, ..plan(2) });
        facts.assessments.push(AssessmentFact { assessed: false, ..plan(3) });
    });
    assert!(codes(&status.shown).contains(&(ReasonCode::ControlPlansInTime, 1)), "{status:?}");
}

#[test]
fn production_is_shown_apart_and_meets_nothing_alone() {
    let both = status("3-2", |facts| facts.assessment_runs.push(on_production(2)));
    assert_eq!(both.verdict, Verdict::Met);
    let shown = [(ReasonCode::ControlRunsInTest, 1), (ReasonCode::ControlRunsOnProduction, 1)];
    assert_eq!(codes(&both.shown), shown);
    let alone = status("3-2", |facts| facts.assessment_runs = vec![on_production(2)]);
    assert_eq!(alone.verdict, Verdict::Undetermined);
    assert_eq!(codes(&alone.undetermined), [(ReasonCode::ControlRunsNoneInTest, 0)]);
    assert_eq!(codes(&alone.shown), [(ReasonCode::ControlRunsOnProduction, 1)]);
}

#[test]
fn runs_of_source_and_runs_that_are_not_closed_show_no_test_environment() {
    for other in [
        AssessmentRunFact { way: Way::Source, purpose: None, ..run(2) },
        AssessmentRunFact { way: Way::Source, ..run(2) },
        AssessmentRunFact { closed: false, ..run(2) },
        AssessmentRunFact { way: Way::Configuration, purpose: None, ..run(2) },
    ] {
        let status = status("3-2", |facts| facts.assessment_runs = vec![other.clone()]);
        assert_eq!(status.verdict, Verdict::Undetermined, "{other:?}");
    }
}

#[test]
fn settings_of_a_medical_device_are_left_to_a_person() {
    let status =
        status("3-3", |facts| facts.assessments[0].assessed_by = BTreeSet::from([Way::Configuration]));
    assert_eq!(status.verdict, Verdict::Undetermined);
    assert_eq!(codes(&status.undetermined), [(ReasonCode::ControlSettingsAssessed, 1)]);
}

#[test]
fn data_exchanges_are_still_asked_for() {
    let status = status("3-1", |facts| facts.interfaces.clear());
    assert_eq!(status.verdict, Verdict::Undetermined, "the other half of the row");
}
