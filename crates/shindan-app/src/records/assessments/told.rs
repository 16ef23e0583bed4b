//! Use case `report assessments`: everything that a 診断実施報告 tells, as the records stand now.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::assessment::overview::overview;
use shindan_domain::assessment::run::RunStage;
use shindan_domain::assessment::{
    Assessment, AssessmentPlan, Decided, FindingRow, ScanFinding, SeverityTable, Standing,
};
use shindan_domain::calendar::day;
use shindan_domain::case::Subject;
use shindan_domain::ledger::{Checkpoint, Kind, Stream};
use shindan_domain::organisation::{Deployment, Environment, MasterData};
use shindan_domain::people::Action;
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, PersonId, ScanFindingId};
use shindan_report::assessments::{AssessmentReport, PlanPart, RunPart};
use shindan_report::records::Names;
use uuid::Uuid;

use super::findings::decisions;
use super::reports::read_standing;
use crate::embedded;
use crate::records::{Entered, Records, RecordsError};

/// What a report is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ReportAsked<'a> {
    /// Plans of which system, release or deployment; those of a system with those of its deployments. `None`: all plans.
    pub subject: Option<Subject>,
    /// What the system or service is called on the report.
    pub service: &'a str,
    /// How far the ledger has come, to be printed on it.
    pub checkpoint: Option<&'a Checkpoint>,
    /// When it is made.
    pub now: Timestamp,
}

struct PlanTold {
    id: AssessmentPlanId,
    number: String,
    plan: AssessmentPlan,
    standing: Standing,
    decisions: Vec<(ScanFindingId, ScanFinding)>,
    runs: Vec<RunTold>,
}

struct RunTold {
    id: AssessmentId,
    number: String,
    run: Assessment,
    environment: Option<String>,
}

/// Shows the report to who may read.
///
/// # Errors
/// Refused without a role that reads; those of the store; [`RecordsError::Stored`] if a list of findings is damaged.
pub fn report<T>(
    records: &Records,
    who: &Entered,
    asked: ReportAsked<'_>,
    look: impl FnOnce(&AssessmentReport<'_>) -> T,
) -> Result<T, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let plans = plans(records, asked.subject)?;
    let (checks, severities) = (embedded::assessment_checks()?, embedded::assessment_severities()?);
    let rows: Vec<Vec<FindingRow<'_>>> = plans.iter().map(|one| rows(one, &severities, asked.now)).collect();
    let names = names(records, &plans, &rows);
    let parts = plans.iter().zip(&rows).map(|(one, rows)| PlanPart {
        id: one.id,
        number: &one.number,
        plan: &one.plan,
        runs: one.runs.iter().map(run_part).collect(),
        rows,
    });
    Ok(look(&AssessmentReport {
        service: asked.service,
        as_of: day(asked.now),
        made: asked.now,
        plans: parts.collect(),
        checks: &checks,
        severities: &severities,
        checkpoint: asked.checkpoint,
        names: &names,
    }))
}

fn rows<'a>(one: &'a PlanTold, table: &SeverityTable, now: Timestamp) -> Vec<FindingRow<'a>> {
    overview(&one.plan, &one.standing, &one.decisions, table, day(now))
}

fn run_part(one: &RunTold) -> RunPart<'_> {
    RunPart { id: one.id, number: &one.number, run: &one.run, environment: one.environment.as_deref() }
}

/// The plans that are asked for with their runs, by number.
fn plans(records: &Records, subject: Option<Subject>) -> Result<Vec<PlanTold>, RecordsError> {
    let runs = records.all::<Assessment>()?;
    let mut all = Vec::new();
    for (id, plan) in records.all::<AssessmentPlan>()? {
        if !is_about(records, plan.draft.subject, subject)? {
            continue;
        }
        let id = AssessmentPlanId(id);
        let of_plan = runs.iter().filter(|(_, run)| run.order.plan == id);
        let told = of_plan.map(|(id, run)| run_told(records, *id, run)).collect::<Result<Vec<_>, _>>()?;
        all.push(PlanTold {
            id,
            number: number(records, Kind::AssessmentPlan, id.0),
            standing: read_standing(records, plan.standing.as_ref())?,
            decisions: decisions(records, id)?,
            runs: in_order(told, |one| &one.number),
            plan,
        });
    }
    Ok(in_order(all, |one| &one.number))
}

fn in_order<T>(mut all: Vec<T>, number: fn(&T) -> &String) -> Vec<T> {
    all.sort_by(|one, other| number(one).cmp(number(other)));
    all
}

fn number(records: &Records, kind: Kind, id: Uuid) -> String {
    records.called(Stream::new(kind, id)).unwrap_or_else(|| id.to_string())
}

/// A deployment belongs to the report of its system.
fn is_about(records: &Records, plan: Subject, asked: Option<Subject>) -> Result<bool, RecordsError> {
    match (plan, asked) {
        (_, None) => Ok(true),
        (plan, Some(asked)) if plan == asked => Ok(true),
        (Subject::Deployment(id), Some(Subject::System(system))) => {
            let deployment = records.existing::<MasterData<Deployment>>(id)?;
            Ok(deployment.particulars.system == Some(system))
        }
        _ => Ok(false),
    }
}

fn run_told(records: &Records, id: Uuid, run: &Assessment) -> Result<RunTold, RecordsError> {
    let environment = run.order.environment.map(|id| records.existing::<MasterData<Environment>>(id));
    Ok(RunTold {
        id: AssessmentId(id),
        number: number(records, Kind::Assessment, id),
        run: run.clone(),
        environment: environment.transpose()?.map(|known| known.particulars.name),
    })
}

/// Names of persons, parties and cases. A person whose name was erased has none.
fn names(records: &Records, plans: &[PlanTold], rows: &[Vec<FindingRow<'_>>]) -> Names {
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    let mut streams: BTreeSet<Stream> = BTreeSet::new();
    for one in plans {
        people.insert(one.plan.draft.responsible);
        people.extend(one.plan.deliverables.values().map(|deliverable| deliverable.by));
        for run in one.runs.iter().map(|told| &told.run) {
            people.extend(people_of(run));
            let exceptions = run.exception.iter().chain(&run.former_exceptions);
            streams.extend(exceptions.map(|exception| Stream::new(Kind::Party, exception.institution)));
        }
    }
    let cases = rows.iter().flatten().filter_map(|row| match row.decided {
        Decided::Case(case) => Some(Stream::new(Kind::Case, case)),
        Decided::Nothing | Decided::Verdict(..) => None,
    });
    streams.extend(cases);
    let person = |id: PersonId| Some((id, records.called(Stream::new(Kind::Person, id))?));
    let record = |stream: Stream| Some((stream, records.called(stream)?));
    Names {
        people: people.into_iter().filter_map(person).collect(),
        records: streams.into_iter().filter_map(record).collect(),
    }
}

fn people_of(run: &Assessment) -> Vec<PersonId> {
    let mut all = vec![run.order.tester];
    all.extend(run.start_made().map(|start| start.by));
    if let RunStage::Closed { by, .. } | RunStage::Cancelled { by, .. } = &run.stage {
        all.push(*by);
    }
    for exception in run.exception.iter().chain(&run.former_exceptions) {
        all.push(exception.by);
        all.extend(exception.approval.as_ref().map(|given| given.recorded_by));
    }
    all.extend(run.explained.iter().map(|one| one.given.recorded_by));
    all.extend(run.not_reached.iter().map(|one| one.given.recorded_by));
    all
}
