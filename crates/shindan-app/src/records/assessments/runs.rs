//! Use cases on runs: planned, permitted, started, explained, closed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::assessment::overview::undecided;
use shindan_domain::assessment::plan::AssessedBy;
use shindan_domain::assessment::{Assessment, AssessmentPlan, PlanEvent, RunOrder, Target, Way};
use shindan_domain::calendar::day;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Environment, MasterData, Party};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, EnvironmentId, PartyId, PersonId};

use super::findings;
use super::ground::{GroundNow, Resolver};
use crate::records::step::nothing;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError, WordGiven};

/// A run as it is asked for.
#[derive(Debug, Clone)]
pub struct RunAsked {
    /// Of which plan.
    pub plan: AssessmentPlanId,
    /// By which way.
    pub way: Way,
    /// In which environment; none for source code.
    pub environment: Option<EnvironmentId>,
    /// Deliverables that it covers; all that are assessed by this way if none are named.
    pub deliverables: BTreeSet<String>,
    /// What is scanned.
    pub targets: BTreeSet<Target>,
    /// Which version is assessed.
    pub version: String,
    /// For which day.
    pub planned_for: Date,
    /// Who carries it out; who asks if nobody is named.
    pub tester: Option<PersonId>,
}

/// Plans a run.
///
/// # Errors
/// Refused for targets that are not permitted or would reach what is never scanned, and for medical devices from outside.
pub fn plan(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    asked: RunAsked,
    resolver: Resolver<'_>,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        let records = act.records();
        let plan = records.existing::<AssessmentPlan>(asked.plan)?;
        if plan.ended.is_some() {
            return Err(RecordsError::refused(None, Refusal::new(ReasonCode::RecordEnded)));
        }
        let environment = asked.environment.map(|id| records.existing::<MasterData<Environment>>(id));
        let environment = environment.transpose()?.map(|known| known.particulars);
        if let Some(environment) = &environment {
            of_the_same_system(records, &plan, environment)?;
        }
        let tester = asked.tester.unwrap_or(who.person());
        records.existing::<Person>(tester)?;
        let by_way = plan.deliverables.iter().filter(|(_, one)| plan.way_due(one) == asked.way);
        let by_way = || by_way.map(|(name, _)| name.clone()).collect();
        let order = RunOrder {
            plan: asked.plan,
            title: plan.draft.name.clone(),
            way: asked.way,
            environment: asked.environment,
            purpose: environment.as_ref().map(|one| one.purpose),
            differences: environment.and_then(|one| one.differences),
            deliverables: if asked.deliverables.is_empty() { by_way() } else { asked.deliverables },
            targets: asked.targets,
            version: asked.version,
            planned_for: asked.planned_for,
            tester,
        };
        let ground =
            GroundNow::read(records, plan, order.environment, &order.targets, (resolver, act.occurrence.at))?;
        let event = Assessment::plan(order, ground.ground())
            .map_err(|refusal| RecordsError::refused(None, refusal))?;
        let stream = Stream::new(Kind::Assessment, act.new_id()?);
        act.begin::<Assessment>(stream.id, &[event], true)?;
        Ok(stream)
    })
}

/// The environment belongs to the system that the plan is about.
fn of_the_same_system(
    records: &Records,
    plan: &AssessmentPlan,
    environment: &Environment,
) -> Result<(), RecordsError> {
    use shindan_domain::case::Subject;
    use shindan_domain::organisation::Deployment;
    let system = match plan.draft.subject {
        Subject::System(system) => Some(system),
        Subject::Deployment(id) => records.existing::<MasterData<Deployment>>(id)?.particulars.system,
        // A release is tested wherever its provider runs it.
        Subject::Release(_) | Subject::Register => None,
    };
    match system {
        Some(system) if system != environment.system => {
            let reason = Reason::new(ReasonCode::EnvironmentOfOther).with("name", &environment.name);
            Err(RecordsError::refused(None, reason.into()))
        }
        _ => Ok(()),
    }
}

/// An exception as it is asked for.
#[derive(Debug, Clone)]
pub struct ExceptionAsked {
    /// Why production, and how care is protected meanwhile.
    pub reason: String,
    /// Which institution was told.
    pub institution: PartyId,
    /// The notice to it.
    pub notice: PathBuf,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// Asks for an exception: production is to be scanned.
///
/// # Errors
/// Refused for a test environment, without reason and notice, and for a period that has passed.
pub fn ask_exception(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    asked: ExceptionAsked,
) -> Result<Done, RecordsError> {
    let ExceptionAsked { reason, institution, notice, from, until } = asked;
    records.step::<Assessment, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| {
            records.existing::<MasterData<Party>>(institution)?;
            records.take_in(&notice, by.at)
        },
        |run, notice, by| run.ask_exception(reason, (institution, notice), (from, until), by),
    )
}

/// Approves an exception.
///
/// # Errors
/// Refused for who asked for it or tests, and without one.
pub fn approve_exception(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    records.step::<Assessment, _>(
        who,
        call,
        given.action(Action::Approve),
        id,
        |records, by| records.word(given, Action::Approve, stream, by),
        |run, word, by| run.approve_exception(word, by),
    )
}

/// Starts a run: from now on scans may be made and reports be read.
///
/// # Errors
/// Refused against production without an exception that holds today, and for targets as in [`plan`].
pub fn start(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    resolver: Resolver<'_>,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    records.act(who, call, Action::Operate, Some(stream), |act| {
        let ground = ground_of(act, id, resolver)?;
        // Behind a name that leads nowhere known anything may stand.
        let targets = act.state::<Assessment>(id)?.order.targets;
        if let Some(host) = ground.unresolved(&targets) {
            let reason = Reason::new(ReasonCode::HostNotResolved).with("value", host);
            return Err(RecordsError::refused(Some(stream), reason.into()));
        }
        act.change::<Assessment>(id, |run, by| Ok(vec![run.start(ground.ground(), by)?]))?;
        Ok(stream)
    })
}

pub(super) fn ground_of(
    act: &Act<'_>,
    id: AssessmentId,
    resolver: Resolver<'_>,
) -> Result<GroundNow, RecordsError> {
    let run = act.state::<Assessment>(id)?;
    let plan = act.state::<AssessmentPlan>(run.order.plan)?;
    let now = act.occurrence.at;
    GroundNow::read(act.records(), plan, run.order.environment, &run.order.targets, (resolver, now))
}

/// What is explained.
#[derive(Debug, Clone)]
pub enum About {
    /// A flagged report, by the name of its file or the beginning of its hash.
    Report(String),
    /// A target that could not be reached.
    Target(Target),
}

/// Says how a flagged report came about, or why a target could not be reached.
///
/// # Errors
/// Refused for the tester and who started it, without a note, for a report that is not flagged, and for a target that was reached.
pub fn explain(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (about, note): (About, String),
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    records.step::<Assessment, _>(
        who,
        call,
        given.action(Action::Confirm),
        id,
        |records, by| records.word(given, Action::Confirm, stream, by),
        |run, word, by| {
            let report = match about {
                About::Report(report) => report,
                About::Target(target) => return run.explain_target(target, note, word, by),
            };
            let named = |one: &&shindan_domain::assessment::ReportRead| {
                // A few digits could mean any of them.
                let begins = report.len() >= 4 && one.document.sha256.to_string().starts_with(&report);
                one.document.name == report || begins
            };
            let known = run.reports.iter().find(named).map(|one| one.document.clone());
            let known = known.ok_or_else(|| Refusal::new(ReasonCode::ItemUnknown).with("value", &report))?;
            run.explain(known, note, word, by)
        },
    )
}

/// Closes a run: every finding of it has a decision.
///
/// # Errors
/// Refused with everything that is missing.
pub fn close(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    note: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    records.act(who, call, Action::Manage, Some(stream), |act| {
        let run = act.state::<Assessment>(id)?;
        let plan_id = run.order.plan;
        let today = day(act.occurrence.at);
        let open = findings::with_rows(act.records(), plan_id, today, |_, rows| undecided(rows, id))?;
        act.change::<Assessment>(id, |run, _| Ok(vec![run.close(note, open)?]))?;
        let assessed = AssessedBy {
            run: id,
            on: today,
            way: run.order.way,
            deliverables: run.order.deliverables,
            purpose: run.order.purpose,
        };
        act.change::<AssessmentPlan>(plan_id, |_, _| Ok(vec![PlanEvent::Assessed(assessed)]))?;
        Ok(stream)
    })
}

/// Says that a run does not take place, or was broken off.
///
/// # Errors
/// Refused without a reason, and once it ended.
pub fn cancel(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Assessment, _>(who, call, Action::Operate, id, nothing, |run, (), _| run.cancel(reason))
}
