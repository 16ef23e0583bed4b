//! How lists and people see a plan.

use super::plan::{AssessedBy, AssessmentPlan, Availability, Deliverable, Joined, PlanState};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

fn state(plan: &AssessmentPlan) -> PlanState {
    if plan.ended.is_some() { PlanState::Ended } else { PlanState::Active }
}

pub(super) fn filed(plan: &AssessmentPlan) -> Filed {
    let mut filed = Filed::new(state(plan).term(), plan.ended.is_none(), &plan.draft.name);
    filed.due = plan.due();
    let responsible = Stream::new(Kind::Person, plan.draft.responsible);
    filed.links = vec![plan.draft.subject.link(), Link::record(Relation::Responsible, responsible)];
    filed.links.sort();
    filed
}

pub(super) fn view(plan: &AssessmentPlan) -> View {
    let draft = &plan.draft;
    let checks: Vec<Shown> = draft.checks.iter().map(|key| key.clone().into()).collect();
    let rules: Vec<Shown> = draft.merge_rules.iter().map(|rule| rule.term().into()).collect();
    let view = View::new(state(plan).term())
        .fact(Label::Name, &draft.name)
        .fact(Label::Subject, draft.subject.shown())
        .fact(Label::ApplicationKind, draft.application.term())
        .fact(Label::IntervalDays, i64::from(draft.interval_days))
        .fact(Label::NoticeDays, i64::from(draft.notice_days))
        .fact(Label::OnRelease, draft.on_release)
        .fact(Label::Responsible, draft.responsible)
        .maybe(Label::Due, plan.due())
        .maybe(Label::Release, plan.trigger.as_ref().map(|trigger| &trigger.release))
        .fact(Label::Exposure, draft.exposure.term())
        .fact(Label::AffectsPatients, draft.affects_patients)
        .maybe(Label::MergeRules, (!rules.is_empty()).then_some(rules))
        .fact(Label::ChecksFrom, &draft.checks_from)
        .fact(Label::AssessmentChecks, checks)
        .maybe(Label::Reason, plan.ended.as_ref())
        .section(
            Label::Deliverables,
            &[
                Label::Deliverable,
                Label::Way,
                Label::Place,
                Label::Reason,
                Label::Documents,
                Label::LastAssessed,
                Label::By,
            ],
            plan.deliverables.iter().map(|(name, one)| deliverable(plan, name, one)).collect(),
        )
        .section(
            Label::Assessments,
            &[Label::Assessment, Label::Date, Label::Way, Label::Deliverables, Label::Purpose],
            plan.assessed.iter().rev().map(assessed).collect(),
        )
        .section(
            Label::JoinedFindings,
            &[Label::Finding, Label::Other, Label::Same, Label::Reason, Label::By, Label::Date],
            plan.joined.iter().rev().map(joined).collect(),
        );
    view.next(plan.missing())
}

fn deliverable(plan: &AssessmentPlan, name: &str, one: &Deliverable) -> Vec<Option<Shown>> {
    let (place, why, documents) = match &one.availability {
        Availability::Available { place } => (Some(place), None, None),
        Availability::NotObtainable { why, request, answer } => {
            let documents: Vec<Shown> = [request, answer].into_iter().cloned().map(Shown::from).collect();
            (None, Some(why), Some(documents))
        }
    };
    vec![
        Some(name.to_owned().into()),
        Some(plan.way_due(one).term().into()),
        place.map(Shown::from),
        why.map(Shown::from),
        documents.map(Shown::from),
        plan.last_assessed(name).map(Shown::from),
        Some(one.by.into()),
    ]
}

fn assessed(one: &AssessedBy) -> Vec<Option<Shown>> {
    let names: Vec<Shown> = one.deliverables.iter().map(|name| name.clone().into()).collect();
    vec![
        Some(Stream::new(Kind::Assessment, one.run).into()),
        Some(one.on.into()),
        Some(one.way.term().into()),
        Some(names.into()),
        one.purpose.map(|purpose| purpose.term().into()),
    ]
}

fn joined(one: &Joined) -> Vec<Option<Shown>> {
    vec![
        Some(one.primary.to_string().into()),
        Some(one.other.to_string().into()),
        Some(one.same.into()),
        Some((&one.reason).into()),
        Some(one.by.into()),
        Some(one.on.into()),
    ]
}
