//! Use cases on security assessments (SPEC.md section 4, ③-1 to ③-3).
//!
//! ```text
//! plan (this file) ─► permitted targets (targets) ─► run (runs) ─► reports (reports) ─► findings (findings) ─► cases
//! ```
//!
//! What a run may touch is read anew for each step (`ground`): the list of the environment, dossiers of medical devices, clinical networks.

pub mod cases;
pub mod disclosed;
pub mod findings;
mod ground;
pub mod reports;
pub mod runs;
pub mod scans;
pub mod targets;
pub mod timing;
pub mod told;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::assessment::{
    ApplicationKind, AssessmentPlan, Availability, CheckPack, MergeRule, PlanDraft,
};
use shindan_domain::case::Subject;
use shindan_domain::inventory::Exposure;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Deployment, MasterData, Release, System};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{Label, Reason, ReasonCode};
use shindan_domain::record_id::{AssessmentPlanId, PersonId};

use super::step::nothing;
use super::{Call, Done, Entered, Records, RecordsError};
use crate::embedded;

pub use ground::Resolver;

/// A plan as it is asked for.
#[derive(Debug, Clone)]
pub struct PlanOrder {
    /// What is assessed.
    pub name: String,
    /// Of which system, release or deployment.
    pub subject: Subject,
    /// What it is.
    pub application: ApplicationKind,
    /// Keys of checks; all of the kind if none are named.
    pub checks: BTreeSet<String>,
    /// At least every so many days.
    pub interval_days: u16,
    /// So many days before it is due, it is called due.
    pub notice_days: u16,
    /// Each release asks for one.
    pub on_release: bool,
    /// Who sees to it.
    pub responsible: PersonId,
    /// When it is due for the first time.
    pub first_due: Date,
    /// From where it can be reached.
    pub exposure: Exposure,
    /// Care of patients depends on it.
    pub affects_patients: bool,
    /// Rules by which findings of several tools are one.
    pub merge_rules: BTreeSet<MergeRule>,
}

/// What is changed of a plan; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct PlanChange {
    /// What it is called.
    pub name: Option<String>,
    /// Keys of checks.
    pub checks: Option<BTreeSet<String>>,
    /// Interval in days.
    pub interval_days: Option<u16>,
    /// Notice in days.
    pub notice_days: Option<u16>,
    /// Each release asks for one.
    pub on_release: Option<bool>,
    /// Who sees to it.
    pub responsible: Option<PersonId>,
    /// When it is due for the first time.
    pub first_due: Option<Date>,
    /// From where it can be reached.
    pub exposure: Option<Exposure>,
    /// Care of patients depends on it.
    pub affects_patients: Option<bool>,
    /// Rules by which findings of several tools are one.
    pub merge_rules: Option<BTreeSet<MergeRule>>,
}

/// Lays a plan down.
///
/// # Errors
/// Refused without a name and for an interval of no days; [`ReasonCode::ItemUnknown`] for a check that the kind does not have;
/// [`RecordsError::Unknown`] for an unknown subject or person.
pub fn lay_down(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    order: PlanOrder,
) -> Result<Done, RecordsError> {
    records.begin::<AssessmentPlan>(who, call, Action::Manage, |records, _| {
        exists(records, order.subject)?;
        records.existing::<Person>(order.responsible)?;
        let pack = embedded::assessment_checks()?;
        let checks = chosen(&pack, order.application, &order.checks)?;
        let draft = PlanDraft {
            name: order.name,
            subject: order.subject,
            application: order.application,
            checks,
            checks_from: edition(&pack),
            interval_days: order.interval_days,
            notice_days: order.notice_days,
            on_release: order.on_release,
            responsible: order.responsible,
            first_due: order.first_due,
            exposure: order.exposure,
            affects_patients: order.affects_patients,
            merge_rules: order.merge_rules,
        };
        AssessmentPlan::lay_down(draft).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

fn edition(pack: &CheckPack) -> String {
    format!("{} {}", pack.id, pack.version)
}

fn exists(records: &Records, subject: Subject) -> Result<(), RecordsError> {
    match subject {
        Subject::System(id) => records.existing::<MasterData<System>>(id).map(drop),
        Subject::Release(id) => records.existing::<MasterData<Release>>(id).map(drop),
        Subject::Deployment(id) => records.existing::<MasterData<Deployment>>(id).map(drop),
        Subject::Register => Err(RecordsError::Unknown(subject.term().to_string())),
    }
}

/// The checks that are named, or all of the kind.
fn chosen(
    pack: &CheckPack,
    kind: ApplicationKind,
    named: &BTreeSet<String>,
) -> Result<BTreeSet<String>, RecordsError> {
    let known: BTreeSet<String> = pack.of(kind).map(|check| check.key.clone()).collect();
    if named.is_empty() {
        return Ok(known);
    }
    match named.iter().find(|key| !known.contains(*key)) {
        None => Ok(named.clone()),
        Some(key) => {
            let reason = Reason::new(ReasonCode::ItemUnknown).with("value", key);
            Err(RecordsError::refused(None, reason.with("field", Label::Checks.as_str()).into()))
        }
    }
}

/// Changes a plan.
///
/// # Errors
/// Refused without a reason, and if nothing changes.
pub fn change(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentPlanId,
    wanted: PlanChange,
    reason: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::AssessmentPlan, id);
    records.act(who, call, Action::Manage, Some(stream), |act| {
        let now = act.state::<AssessmentPlan>(id)?.draft;
        let pack = embedded::assessment_checks()?;
        let mut draft = now.clone();
        if let Some(named) = &wanted.checks {
            draft.checks = chosen(&pack, now.application, named)?;
            draft.checks_from = edition(&pack);
        }
        if let Some(person) = wanted.responsible {
            act.records().existing::<Person>(person)?;
        }
        draft.name = wanted.name.unwrap_or(draft.name);
        draft.interval_days = wanted.interval_days.unwrap_or(draft.interval_days);
        draft.notice_days = wanted.notice_days.unwrap_or(draft.notice_days);
        draft.on_release = wanted.on_release.unwrap_or(draft.on_release);
        draft.responsible = wanted.responsible.unwrap_or(draft.responsible);
        draft.first_due = wanted.first_due.unwrap_or(draft.first_due);
        draft.exposure = wanted.exposure.unwrap_or(draft.exposure);
        draft.affects_patients = wanted.affects_patients.unwrap_or(draft.affects_patients);
        draft.merge_rules = wanted.merge_rules.unwrap_or(draft.merge_rules);
        act.change::<AssessmentPlan>(id, |plan, _| Ok(vec![plan.change(draft, reason)?]))?;
        Ok(stream)
    })
}

/// Whether the source of a deliverable can be had, as a person states it.
#[derive(Debug, Clone)]
pub enum SourceStated {
    /// It can.
    Available {
        /// Where it is.
        place: String,
    },
    /// It cannot.
    NotObtainable {
        /// Why.
        why: String,
        /// The request for it.
        request: PathBuf,
        /// The refusal, or the clause that rules it out.
        answer: PathBuf,
    },
}

/// States whether the source of a deliverable can be had; that decides which check is due.
///
/// # Errors
/// Refused without where, or without why, request and answer.
pub fn state_deliverable(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentPlanId,
    name: String,
    stated: &SourceStated,
) -> Result<Done, RecordsError> {
    records.step::<AssessmentPlan, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| match stated {
            SourceStated::Available { place } => Ok(Availability::Available { place: place.clone() }),
            SourceStated::NotObtainable { why, request, answer } => Ok(Availability::NotObtainable {
                why: why.clone(),
                request: records.take_in(request, by.at)?,
                answer: records.take_in(answer, by.at)?,
            }),
        },
        |plan, availability, _| plan.state_deliverable(name, availability),
    )
}

/// Says that something is no longer delivered.
///
/// # Errors
/// Refused without a reason, and for what the plan does not know.
pub fn drop_deliverable(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentPlanId,
    (name, reason): (String, String),
) -> Result<Done, RecordsError> {
    records.step::<AssessmentPlan, _>(who, call, Action::Operate, id, nothing, |plan, (), _| {
        plan.drop_deliverable(name, reason)
    })
}

/// Records a release, which asks for an assessment until a day.
///
/// # Errors
/// Refused if the plan does not ask for one at each release.
pub fn trigger(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentPlanId,
    (release, due): (String, Date),
) -> Result<Done, RecordsError> {
    records.step::<AssessmentPlan, _>(who, call, Action::Operate, id, nothing, |plan, (), _| {
        plan.trigger(release, due)
    })
}

/// Ends a plan.
///
/// # Errors
/// Refused without a reason.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentPlanId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<AssessmentPlan, _>(who, call, Action::Manage, id, nothing, |plan, (), _| plan.end(reason))
}
