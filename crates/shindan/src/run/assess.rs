//! `assess plan | deliverable | target | clinical`

use std::collections::BTreeSet;

use shindan_app::embedded;
use shindan_app::records::assessments::{self, PlanChange, PlanOrder, SourceStated};
use shindan_app::records::assessments::{scans, targets};
use shindan_app::records::{Records, RecordsError};
use shindan_domain::assessment::{ApplicationKind, Target};
use shindan_domain::case::Subject;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::record_id::{
    AssessmentPlanId, ClinicalNetworkId, DeploymentId, EnvironmentId, PersonId, ReleaseId, SystemId,
};
use shindan_probe::LookUps;
use uuid::Uuid;

use super::acting::{Session, enter, fail, list, print, show, show_stream};
use super::step::{Given, begin, on};
use super::{assess_report, assess_runs, assess_scan};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::assess::{
    AssessCommand, ChangePlanArguments, ClinicalCommand, DeliverableCommand, NewPlanArguments, PlanCommand,
    PlanSubject, StateDeliverableArguments, TargetCommand,
};
use crate::exit::Exit;
use crate::output::Face;

pub(super) const PLAN: (Kind, fn(Uuid) -> AssessmentPlanId) = (Kind::AssessmentPlan, AssessmentPlanId);
const NETWORK: (Kind, fn(Uuid) -> ClinicalNetworkId) = (Kind::ClinicalNetwork, ClinicalNetworkId);

/// Looks host names up, as the system does: those of a step about these targets, side by side.
pub(super) fn names<'t>(
    records: &Records,
    targets: impl IntoIterator<Item = &'t Target>,
) -> Result<LookUps, RecordsError> {
    Ok(LookUps::new(scans::names(records, targets)?, assess_scan::CLOCK))
}

/// Runs a verb of `assess`.
pub fn run(command: AssessCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        AssessCommand::Plan(command) => plan(command, &request, face),
        AssessCommand::Deliverable(command) => deliverable(command, &request, face),
        AssessCommand::Target(command) => target(command, &request, face),
        AssessCommand::Clinical(command) => clinical(command, &request, face),
        AssessCommand::Run(command) => assess_runs::run(command, &request, face),
        AssessCommand::Finding(command) => assess_runs::finding(command, &request, face),
        AssessCommand::Scanners { format } => assess_scan::scanners(format, face),
    }
}

fn plan(command: PlanCommand, request: &str, face: &Face) -> Exit {
    use PlanCommand as C;
    let given = |acting| Given { request, acting };
    match command {
        C::New(arguments) => new(&arguments, request, face),
        C::Change(arguments) => change(&arguments, request, face),
        C::Release { record, version, due, acting } => {
            on(PLAN, &record, given(&acting), face, |s, call, id| {
                assessments::trigger(&mut s.records, &s.who, call, id, (version, due))
            })
        }
        C::End { record, reason, acting } => on(PLAN, &record, given(&acting), face, |s, call, id| {
            assessments::end(&mut s.records, &s.who, call, id, reason)
        }),
        C::Checks { kind, format } => checks(kind, format, face),
        C::Due(reading) => assess_report::due(&reading, face),
        C::List(arguments) => list(Kind::AssessmentPlan, &arguments, face),
        C::Show(arguments) => show(Kind::AssessmentPlan, &arguments, face),
    }
}

fn subject(session: &Session, named: &PlanSubject) -> Result<Subject, RecordsError> {
    if let Some(system) = &named.system {
        return session.id(Kind::System, system).map(|id| Subject::System(SystemId(id)));
    }
    if let Some(release) = &named.release {
        return session.id(Kind::Release, release).map(|id| Subject::Release(ReleaseId(id)));
    }
    let deployment = named.deployment.as_deref().unwrap_or_default();
    session.id(Kind::Deployment, deployment).map(|id| Subject::Deployment(DeploymentId(id)))
}

fn person(session: &Session, named: Option<&String>) -> Result<Option<PersonId>, RecordsError> {
    session.id_if(Kind::Person, named, PersonId)
}

fn new(arguments: &NewPlanArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let order = PlanOrder {
            name: arguments.name.clone(),
            subject: subject(s, &arguments.subject)?,
            application: arguments.kind,
            checks: arguments.checks.iter().cloned().collect(),
            interval_days: arguments.interval,
            notice_days: arguments.notice,
            on_release: arguments.on_release,
            responsible: person(s, arguments.responsible.as_ref())?.unwrap_or(s.who.person()),
            first_due: arguments.first_due,
            exposure: arguments.exposure,
            affects_patients: arguments.affects_patients,
            merge_rules: arguments.merge.iter().copied().collect(),
        };
        assessments::lay_down(&mut s.records, &s.who, call, order)
    })
}

fn change(arguments: &ChangePlanArguments, request: &str, face: &Face) -> Exit {
    on(PLAN, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let rules: BTreeSet<_> = arguments.merge.iter().copied().collect();
        let checks: BTreeSet<_> = arguments.checks.iter().cloned().collect();
        let wanted = PlanChange {
            name: arguments.name.clone(),
            checks: (!checks.is_empty()).then_some(checks),
            interval_days: arguments.interval,
            notice_days: arguments.notice,
            on_release: arguments.on_release,
            responsible: person(s, arguments.responsible.as_ref())?,
            first_due: arguments.first_due,
            exposure: arguments.exposure,
            affects_patients: arguments.affects_patients,
            merge_rules: (arguments.no_merge || !rules.is_empty()).then_some(rules),
        };
        assessments::change(&mut s.records, &s.who, call, id, wanted, arguments.reason.clone())
    })
}

fn checks(kind: Option<ApplicationKind>, format: TableOrJson, face: &Face) -> Exit {
    let pack = match embedded::assessment_checks() {
        Ok(pack) => pack,
        Err(error) => return super::fail(&error, face),
    };
    print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::assessments::checks(&pack, kind, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => shindan_report::assessments::write_checks(out, &pack, kind).map_err(Into::into),
    })
}

fn deliverable(command: DeliverableCommand, request: &str, face: &Face) -> Exit {
    match command {
        DeliverableCommand::State(arguments) => state(&arguments, request, face),
        DeliverableCommand::Drop { record, name, reason, acting } => {
            on(PLAN, &record, Given { request, acting: &acting }, face, |s, call, id| {
                assessments::drop_deliverable(&mut s.records, &s.who, call, id, (name, reason))
            })
        }
    }
}

fn state(arguments: &StateDeliverableArguments, request: &str, face: &Face) -> Exit {
    on(PLAN, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let stated = match (&arguments.not_obtainable, &arguments.asked, &arguments.answer) {
            (Some(why), Some(request), Some(answer)) => SourceStated::NotObtainable {
                why: why.clone(),
                request: request.clone(),
                answer: answer.clone(),
            },
            _ => SourceStated::Available { place: arguments.source.clone().unwrap_or_default() },
        };
        assessments::state_deliverable(&mut s.records, &s.who, call, id, arguments.name.clone(), &stated)
    })
}

fn target(command: TargetCommand, request: &str, face: &Face) -> Exit {
    const ENVIRONMENT: (Kind, fn(Uuid) -> EnvironmentId) = (Kind::Environment, EnvironmentId);
    let given = |acting| Given { request, acting };
    match command {
        TargetCommand::Permit { environment, target, note, acting } => {
            on(ENVIRONMENT, &environment, given(&acting), face, |s, call, id| {
                let names = names(&s.records, [&target])?;
                let resolver = |host: &str| names.get(host);
                targets::permit(&mut s.records, &s.who, call, id, (target, note), &resolver)
            })
        }
        TargetCommand::Remove { environment, target, reason, acting } => {
            on(ENVIRONMENT, &environment, given(&acting), face, |s, call, id| {
                targets::remove(&mut s.records, &s.who, call, id, (target, reason))
            })
        }
        TargetCommand::Show { environment, reading } => show_targets(&environment, &reading, face),
    }
}

fn show_targets(environment: &str, reading: &Reading, face: &Face) -> Exit {
    let found = enter(reading, face).and_then(|session| {
        let id = session.id(Kind::Environment, environment)?;
        Ok((session, Stream::new(Kind::ScanTargets, id)))
    });
    match found {
        Ok((session, stream)) => show_stream(&session, stream, false, reading.format, face),
        Err(error) => fail(&error, None, reading.format, face),
    }
}

fn clinical(command: ClinicalCommand, request: &str, face: &Face) -> Exit {
    let given = |acting| Given { request, acting };
    match command {
        ClinicalCommand::Mark { range, name, note, acting } => begin(given(&acting), face, |s, call| {
            targets::mark_clinical(&mut s.records, &s.who, call, (name, range, note))
        }),
        ClinicalCommand::Unmark { record, reason, acting } => {
            on(NETWORK, &record, given(&acting), face, |s, call, id| {
                targets::unmark_clinical(&mut s.records, &s.who, call, id, reason)
            })
        }
        ClinicalCommand::List(arguments) => list(Kind::ClinicalNetwork, &arguments, face),
    }
}
