//! Which plans are in time, due or overdue on a day (SPEC.md section 4, ③-1 "regularly").

use jiff::civil::Date;
use shindan_domain::assessment::{AssessmentPlan, PlanTiming};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::record_id::AssessmentPlanId;

use crate::records::{Entered, Records, RecordsError};

/// A plan that counts, on a day.
#[derive(Debug, Clone)]
pub struct PlanTimed {
    /// Which.
    pub id: AssessmentPlanId,
    /// What it is called.
    pub called: Option<String>,
    /// The plan.
    pub plan: AssessmentPlan,
    /// Until when the next assessment is due, a day in Japan.
    pub due: Date,
    /// What that means on the day.
    pub timing: PlanTiming,
}

/// The plans that count, the one that is due first first. A plan that ended has no timing and is left out.
///
/// # Errors
/// Refused if the person may not read.
pub fn plans(records: &Records, who: &Entered, today: Date) -> Result<Vec<PlanTimed>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let mut timed = Vec::new();
    for (id, plan) in records.all::<AssessmentPlan>()? {
        if let (Some(due), Some(timing)) = (plan.due(), plan.timing(today)) {
            let called = records.called(Stream::new(Kind::AssessmentPlan, id));
            timed.push(PlanTimed { id: AssessmentPlanId(id), called, plan, due, timing });
        }
    }
    timed.sort_by(|one, other| (one.due, &one.called).cmp(&(other.due, &other.called)));
    Ok(timed)
}
