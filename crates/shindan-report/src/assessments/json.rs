//! Schemas `shindan.assessment-plans/1` and `shindan.assessment-report/1`.

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Error, Map, Value, json};
use shindan_domain::assessment::{AssessmentPlan, PlanTiming, Way};

use super::plan_list::last;
use super::summary::{Counted, Handling, RunShare, exceptions, levels, overdue};
use super::{AssessmentReport, PlanLine, PlanPart};
use crate::json::write_line;

fn counts(counted: &Counted) -> Value {
    let handled = |handling: Handling| (handling.as_str().to_owned(), json!(counted.handled(handling)));
    let handled: Map<String, Value> = Handling::ALL.map(handled).into_iter().collect();
    let present = |level: Option<shindan_domain::assessment::Level>| {
        (level.map_or("unknown", |level| level.as_str()).to_owned(), json!(counted.present(level)))
    };
    let present: Map<String, Value> = levels().into_iter().map(present).collect();
    json!({"total": counted.total(), "joined": counted.joined, "handling": handled, "present_by_level": present})
}

/// Writes plans.
///
/// # Errors
/// What writing reports.
pub fn write_plans<W: Write>(writer: W, plans: &[PlanLine<'_>], today: Date) -> Result<(), Error> {
    let timed = |timing| plans.iter().filter(|one| one.plan.timing(today) == Some(timing)).count();
    let summary: Map<String, Value> =
        PlanTiming::ALL.iter().map(|timing| (timing.as_str().to_owned(), json!(timed(*timing)))).collect();
    write_line(
        writer,
        &json!({
            "schema": "shindan.assessment-plans/1",
            "as_of": today,
            "summary": summary,
            "plans": plans.iter().map(|one| plan_line(one, today)).collect::<Vec<_>>(),
        }),
    )
}

fn plan_line(one: &PlanLine<'_>, today: Date) -> Value {
    let plan = one.plan;
    json!({
        "id": one.id,
        "number": one.number,
        "name": plan.draft.name,
        "application": plan.draft.application,
        "timing": plan.timing(today),
        "due": plan.due(),
        "release": plan.trigger.as_ref().map(|trigger| &trigger.release),
        "last_assessed": last(plan),
        "interval_days": plan.draft.interval_days,
        "deliverables": deliverables(plan),
    })
}

fn deliverables(plan: &AssessmentPlan) -> Vec<Value> {
    let one = |(name, deliverable): (&String, &shindan_domain::assessment::plan::Deliverable)| json!({"name": name, "way": plan.way_due(deliverable), "last_assessed": plan.last_assessed(name)});
    plan.deliverables.iter().map(one).collect()
}

/// Writes what is overdue, exceptions and the share of runs in test environments, with counts for each plan.
///
/// # Errors
/// What writing reports.
pub fn write_assessment_report<W: Write>(writer: W, report: &AssessmentReport<'_>) -> Result<(), Error> {
    let share = RunShare::of(report);
    let overdue = overdue(report).map(|(part, due, days)| {
        json!({"number": part.number, "name": part.plan.draft.name, "due": due, "days": days})
    });
    let exceptions = exceptions(report).map(|(part, one)| {
        json!({
            "run": part.number,
            "plan": part.run.order.title,
            "state": part.run.state(),
            "reason": one.reason,
            "institution": one.institution,
            "notice": one.notice.sha256,
            "from": one.from,
            "until": one.until,
            "approved": one.approval.as_ref().map(|given| given.at),
        })
    });
    write_line(
        writer,
        &json!({
            "schema": "shindan.assessment-report/1",
            "service": report.service,
            "as_of": report.as_of,
            "made": report.made,
            "overdue": overdue.collect::<Vec<_>>(),
            "exceptions": exceptions.collect::<Vec<_>>(),
            "runs": {
                "with_environment": share.with_environment(),
                "in_test": share.in_test,
                "on_production": share.on_production,
                "environment_not_told": share.elsewhere,
                "of_source": share.of_source,
            },
            "plans": report.plans.iter().map(|part| plan_part(part, report.as_of)).collect::<Vec<_>>(),
        }),
    )
}

fn plan_part(part: &PlanPart<'_>, as_of: Date) -> Value {
    let line = PlanLine { id: part.id, number: part.number, plan: part.plan };
    let mut value = plan_line(&line, as_of);
    let never = |(name, way): (&str, Way)| json!({"name": name, "way": way});
    if let Some(object) = value.as_object_mut() {
        object.insert("imported".to_owned(), json!(part.plan.standing.is_some()));
        object
            .insert("never_assessed".to_owned(), part.plan.never_assessed().into_iter().map(never).collect());
        object.insert("counts".to_owned(), counts(&Counted::of(part.rows)));
    }
    value
}
