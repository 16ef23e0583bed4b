//! ③: security assessments (脆弱性診断).

use super::facts::{AssessmentFact, AssessmentRunFact, Facts, RecordRef};
use super::rules::{Findings, select};
use crate::assessment::{PlanTiming, Way};
use crate::organisation::Purpose;
use crate::process::ReasonCode;

fn plans(facts: &Facts, fits: impl Fn(&AssessmentFact) -> bool) -> Vec<RecordRef> {
    select(&facts.assessments, |plan| &plan.record, fits)
}

fn runs(facts: &Facts, fits: impl Fn(&AssessmentRunFact) -> bool) -> Vec<RecordRef> {
    select(&facts.assessment_runs, |run| &run.record, fits)
}

/// ③-1, its first half: applications are assessed at regular intervals, and something is decided about what was found.
pub(super) fn regularity(facts: &Facts, found: &mut Findings) {
    if facts.assessments.is_empty() {
        found.open(ReasonCode::ControlPlansNone);
        return;
    }
    let overdue = |plan: &AssessmentFact| plan.timing == PlanTiming::Overdue;
    found.gap(ReasonCode::ControlPlansOverdue, plans(facts, overdue));
    found.gap(ReasonCode::ControlPlansNeverAssessed, plans(facts, |plan| !plan.assessed));
    found.gap(ReasonCode::ControlFindingsUndecided, plans(facts, |plan| plan.undecided > 0));
    found.show(ReasonCode::ControlPlansInTime, plans(facts, |plan| plan.assessed && !overdue(plan)));
}

/// ③-2: a test environment, not the live service. Source code needs no environment and shows nothing here.
pub(super) fn environments(facts: &Facts, found: &mut Findings) {
    let closed_in = |purpose: Purpose| {
        move |run: &AssessmentRunFact| run.closed && run.way != Way::Source && run.purpose == Some(purpose)
    };
    let (in_test, on_production) = (closed_in(Purpose::Test), closed_in(Purpose::Production));
    // What a scan touched outside of its targets stays touched when the run is given up.
    found.gap(ReasonCode::ControlRunsStrayed, runs(facts, |run| run.strayed));
    found.gap(ReasonCode::ExceptionMissing, runs(facts, |run| on_production(run) && !run.exception_approved));
    let tested = runs(facts, in_test);
    match (tested.is_empty(), facts.assessments.is_empty() && facts.assessment_runs.is_empty()) {
        (_, true) => found.open(ReasonCode::ControlPlansNone),
        // A run on the live service, however well permitted, is not what the row asks.
        (true, _) => found.open(ReasonCode::ControlRunsNoneInTest),
        (false, _) => found.show(ReasonCode::ControlRunsInTest, tested),
    }
    found.show(
        ReasonCode::ControlRunsOnProduction,
        runs(facts, |run| on_production(run) && run.exception_approved),
    );
}

/// ③-3: at source-code level; where the source cannot be had, from outside on the running application.
pub(super) fn ways(facts: &Facts, found: &mut Findings) {
    if facts.assessments.is_empty() {
        found.open(ReasonCode::ControlPlansNone);
        return;
    }
    let by = |way: Way| plans(facts, move |plan| plan.assessed_by.contains(&way));
    found.gap(ReasonCode::ControlDeliverablesNotStated, plans(facts, |plan| !plan.deliverables_stated));
    found.gap(ReasonCode::ControlWayMissing, plans(facts, |plan| !plan.missing.is_empty()));
    found.show(ReasonCode::ControlSourceAssessed, by(Way::Source));
    found.show(ReasonCode::ControlOutsideAssessed, by(Way::Outside));
    // Only medical devices are due by their settings: whether that is enough, where nothing may be scanned, a person judges.
    found.ask_a_person(ReasonCode::ControlSettingsAssessed, by(Way::Configuration));
}
