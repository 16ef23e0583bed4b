//! What the rules of control status look at about security assessments (③), as everything stood at the end of a day.

use jiff::civil::Date;
use shindan_domain::assessment::overview::overview;
use shindan_domain::assessment::{
    Assessment, AssessmentPlan, PlanTiming, RunState, ScanFinding, SeverityTable,
};
use shindan_domain::control::{AssessmentFact, AssessmentRunFact};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{AssessmentPlanId, ScanFindingId};
use uuid::Uuid;

use super::assessments::reports::read_standing;
use super::facts::AsOf;
use super::{Records, RecordsError};
use crate::embedded;

/// Plans that had not ended. What is known of their findings is what was known on the day: each list of findings is kept, and the
/// plan names the one that counted then. They are rated by the table of this program.
///
/// # Errors
/// Those of the store; [`RecordsError::Stored`] if a list of findings is damaged.
pub(super) fn plans(all: &AsOf, records: &Records, day: Date) -> Result<Vec<AssessmentFact>, RecordsError> {
    if all.assessment_plans.is_empty() {
        return Ok(Vec::new());
    }
    let table = embedded::assessment_severities()?;
    let mut facts = Vec::new();
    for (id, plan) in &all.assessment_plans {
        if let Some(timing) = plan.timing(day) {
            facts.push(fact(all, records, (*id, plan), timing, (&table, day))?);
        }
    }
    Ok(facts)
}

fn fact(
    all: &AsOf,
    records: &Records,
    (id, plan): (Uuid, &AssessmentPlan),
    timing: PlanTiming,
    (table, day): (&SeverityTable, Date),
) -> Result<AssessmentFact, RecordsError> {
    let assessed = plan.deliverables.iter().filter(|(name, _)| plan.last_assessed(name).is_some());
    Ok(AssessmentFact {
        record: all.reference(Kind::AssessmentPlan, id, || plan.draft.name.clone()),
        timing,
        assessed: !plan.assessed.is_empty(),
        deliverables_stated: !plan.deliverables.is_empty(),
        assessed_by: assessed.map(|(_, one)| plan.way_due(one)).collect(),
        missing: plan.never_assessed().into_iter().map(|(_, way)| way).collect(),
        undecided: undecided(all, records, (id, plan), (table, day))?,
    })
}

/// Findings that were there and about which nothing was decided.
fn undecided(
    all: &AsOf,
    records: &Records,
    (id, plan): (Uuid, &AssessmentPlan),
    (table, day): (&SeverityTable, Date),
) -> Result<u64, RecordsError> {
    let standing = read_standing(records, plan.standing.as_ref())?;
    let of_plan = all.scan_findings.iter().filter(|(_, one)| one.finding.plan == AssessmentPlanId(id));
    let decisions: Vec<(ScanFindingId, ScanFinding)> =
        of_plan.map(|(id, one)| (ScanFindingId(*id), one.clone())).collect();
    let rows = overview(plan, &standing, &decisions, table, day);
    Ok(rows.iter().filter(|row| row.is_open()).count() as u64)
}

/// Runs of all plans, those that were given up included.
pub(super) fn runs(all: &AsOf) -> Vec<AssessmentRunFact> {
    let fact = |(id, run): (&Uuid, &Assessment)| AssessmentRunFact {
        record: all.reference(Kind::Assessment, *id, || run.order.title.clone()),
        way: run.order.way,
        purpose: run.order.purpose,
        exception_approved: run.exception.as_ref().is_some_and(|one| one.approval.is_some()),
        strayed: run.unexplained().next().is_some(),
        closed: run.state() == RunState::Closed,
    };
    all.assessments.iter().map(fact).collect()
}
