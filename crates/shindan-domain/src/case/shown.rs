//! What people are shown of a case, and by which columns lists find it.

use std::collections::BTreeSet;

use super::analysis::RiskAnalysis;
use super::found::{Gone, Place, VulnerabilityFact};
use super::settle::{AlternativeSource, Past, Settled};
use super::{Case, Stage};
use crate::advisory::Justification;
use crate::approval::Given;
use crate::ledger::{Kind, Stream};
use crate::priority::Decision;
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};
use crate::term::Term;

/// A priority as a term.
pub fn priority_term(priority: Decision) -> Term {
    Term { set: "priority", value: priority.as_str() }
}

pub(super) fn justification_term(justification: Justification) -> Term {
    Term { set: "justification", value: justification.as_str() }
}

pub(super) fn filed(case: &Case) -> Filed {
    let mut links: BTreeSet<Link> = BTreeSet::from([case.subject.link()]);
    for (id, fact) in &case.vulnerabilities {
        links.insert(Link::to(Relation::Vulnerability, id));
        links.extend(fact.aliases.iter().map(|alias| Link::to(Relation::Vulnerability, alias)));
    }
    links.extend(case.places.keys().map(|key| Link::to(Relation::Asset, key)));
    let policy = case.due.map(|due| Stream::new(Kind::Policy, due.policy.policy));
    links.extend(policy.map(|policy| Link::record(Relation::Policy, policy)));
    let from = case.inherited.map(|from| Stream::new(Kind::Case, from));
    links.extend(from.map(|from| Link::record(Relation::Case, from)));
    let mut filed = Filed::new(case.state().term(), case.is_open(), case.title());
    // Four ranks: every one fits.
    filed.priority = u8::try_from(case.priority.rank()).ok();
    filed.due = case.next_due();
    filed.links = links.into_iter().collect();
    filed
}

pub(super) fn view(case: &Case) -> View {
    let mut view = View::new(case.state().term())
        .fact(Label::Title, case.title())
        .fact(Label::Subject, case.subject.shown())
        .fact(Label::Remediation, case.remediation.kind.term())
        .fact(Label::Priority, priority_term(case.priority));
    view = times(case, view);
    view = settled(case, view);
    view.section(
        Label::Vulnerabilities,
        &[
            Label::Vulnerability,
            Label::Title,
            Label::Cvss,
            Label::Kev,
            Label::Epss,
            Label::Published,
            Label::Aliases,
        ],
        case.vulnerabilities.iter().map(|(id, fact)| vulnerability(id, fact)).collect(),
    )
    .section(
        Label::Places,
        &[
            Label::Place,
            Label::Component,
            Label::Priority,
            Label::Progress,
            Label::Gone,
            Label::Change,
            Label::Proof,
        ],
        case.places.values().map(place).collect(),
    )
    .section(
        Label::Past,
        &[Label::Treatment, Label::Applicability, Label::By, Label::Approval, Label::Until, Label::Reason],
        case.past.iter().map(past).collect(),
    )
    .next(next(case))
}

fn times(case: &Case, view: View) -> View {
    let times = case.times();
    let policy = case.due.map(|due| Stream::new(Kind::Policy, due.policy.policy));
    view.maybe(Label::Due, case.next_due())
        .maybe(Label::DecideBy, case.due.map(|due| due.decide))
        .maybe(Label::DoneBy, case.due.map(|due| due.done))
        .maybe(Label::Policy, policy)
        .maybe(Label::Version, case.due.map(|due| Shown::Number(i64::from(due.policy.version))))
        .maybe(Label::Published, times.published)
        .fact(Label::Noticed, times.noticed)
        .maybe(Label::Decided, times.decided)
        .maybe(Label::Done, times.done)
        .maybe(Label::HoursToNotice, times.hours_to_notice())
        .maybe(Label::HoursToDecide, times.hours_to_decide())
        .maybe(Label::HoursToDone, times.hours_to_done())
}

fn settled(case: &Case, mut view: View) -> View {
    if let Stage::Reopened { reopening } = &case.stage {
        view = view
            .fact(Label::Reopened, reopening.because.term())
            .fact(Label::Since, reopening.at)
            .maybe(Label::Note, Some(&reopening.note).filter(|note| !note.is_empty()));
    }
    if let Some(judgement) = case.stage.judgement() {
        let documents: Vec<Shown> = judgement.documents.iter().cloned().map(Shown::from).collect();
        view = view
            .fact(Label::Applicability, judgement.applicability.term())
            .maybe(Label::Justification, judgement.justification.map(justification_term))
            .fact(Label::Judgement, &judgement.note)
            .fact(Label::By, judgement.by)
            .maybe(Label::Documents, Some(documents).filter(|documents| !documents.is_empty()));
    }
    if let Some(analysis) = case.stage.analysis() {
        view = analysed(view, analysis);
    }
    if let Some(decision) = case.stage.decision() {
        view = view
            .fact(Label::Treatment, decision.treatment.term())
            .fact(Label::Decision, &decision.reason)
            .fact(Label::By, decision.by)
            .maybe(Label::Until, decision.accept_until);
    }
    if let Some((_, approval)) = case.stage.approved() {
        view = view.section(Label::Approval, &Given::COLUMNS, vec![approval.row()]);
    }
    if let Stage::Confirmed { confirmation, .. } | Stage::Closed { confirmation: Some(confirmation), .. } =
        &case.stage
    {
        view = view.section(Label::Confirmation, &Given::COLUMNS, vec![confirmation.row()]);
    }
    view = view.maybe(Label::Review, case.stage.review());
    if let Some(alternative) = &case.alternative {
        let source = match alternative.source {
            AlternativeSource::Inquiry(id) => Stream::new(Kind::Inquiry, id),
            AlternativeSource::Change(id) => Stream::new(Kind::Change, id),
        };
        let shown = vec![(&alternative.note).into(), source.into(), alternative.until.into()];
        view = view.fact(Label::Alternative, shown);
    }
    let from = case.inherited.map(|from| Stream::new(Kind::Case, from));
    view.maybe(Label::Inherited, from)
        .maybe(Label::Overridden, case.overridden.then_some(true))
        .maybe(Label::Outdated, case.unsettled_since)
}

fn analysed(view: View, analysis: &RiskAnalysis) -> View {
    let inputs = &analysis.inputs;
    let path = inputs.path.iter().map(|step| {
        vec![
            Some((&step.point).into()),
            Some((&step.value).into()),
            Some((&step.origin).into()),
            Some((&step.evidence).into()),
            Some(step.defaulted.into()),
        ]
    });
    let rules = format!("{} {}", inputs.rules.rules_id, inputs.rules.rules_version);
    view.fact(Label::Analysis, &inputs.note)
        .fact(Label::By, analysis.by)
        .fact(Label::At, analysis.at)
        .fact(Label::PatientSafety, inputs.patient_safety.term())
        .fact(Label::Availability, inputs.availability.term())
        .maybe(Label::Exposure, inputs.exposure.map(|exposure| exposure.term()))
        .maybe(Label::AssetRole, inputs.role.map(|role| Term { set: "asset-kind", value: role.as_str() }))
        .fact(Label::Rules, rules)
        .fact(Label::Table, &inputs.rules.table_id)
        .fact(Label::Outcome, priority_term(inputs.outcome))
        .maybe(Label::Departs, inputs.departs.as_ref().map(|departs| departs.reason.as_str()))
        .section(
            Label::Path,
            &[Label::Point, Label::Value, Label::Origin, Label::Evidence, Label::Defaulted],
            path.collect(),
        )
}

fn vulnerability(id: &str, fact: &VulnerabilityFact) -> Vec<Option<Shown>> {
    let aliases: Vec<Shown> = fact.aliases.iter().filter(|alias| *alias != id).map(Shown::from).collect();
    vec![
        Some(id.into()),
        Some(fact.title_ja.as_ref().unwrap_or(&fact.title).into()),
        fact.cvss
            .as_ref()
            .map(|cvss| Shown::Text(format!("{}.{}", cvss.score_x10 / 10, cvss.score_x10 % 10))),
        fact.kev.as_ref().map(Shown::from),
        fact.epss.as_ref().map(Shown::from),
        fact.published.map(Shown::from),
        Some(aliases).filter(|aliases| !aliases.is_empty()).map(Shown::from),
    ]
}

fn place(place: &Place) -> Vec<Option<Shown>> {
    let components = place.found.components.iter().map(|(name, versions)| {
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        Shown::Text(format!("{name} {}", versions.join(", ")).trim_end().to_owned())
    });
    vec![
        Some((&place.found.label).into()),
        Some(Shown::List(components.collect())),
        Some(priority_term(place.found.priority).into()),
        Some(place.progress.term().into()),
        place.gone.as_ref().map(|gone| gone.at().into()),
        place.change.map(|change| Stream::new(Kind::Change, change).into()),
        proof(place),
    ]
}

fn proof(place: &Place) -> Option<Shown> {
    if let Some(effect) = &place.effect {
        return Some(vec![(&effect.note).into(), effect.document.clone().into()].into());
    }
    if let Some(replacement) = &place.replacement {
        return Some(vec![(&replacement.successor).into(), replacement.retired.clone().into()].into());
    }
    if let Some(Gone::Retested { retest, .. }) = &place.gone {
        let run = Stream::new(Kind::Assessment, retest.assessment);
        return Some(vec![run.into(), retest.document.clone().into()].into());
    }
    let patch = place.patch.as_ref()?;
    Some(match &patch.basis {
        super::proof::PatchBasis::Rematched { rematch } => rematch.at.into(),
        super::proof::PatchBasis::FixedBuild { document } => document.clone().into(),
    })
}

fn past(past: &Past) -> Vec<Option<Shown>> {
    let decision = match &past.settled {
        Settled::Judged { .. } => None,
        Settled::Treated { decision, .. } => Some(decision),
    };
    vec![
        decision.map(|decision| decision.treatment.term().into()),
        Some(past.settled.judgement().applicability.term().into()),
        Some(decision.map_or(past.settled.judgement().by, |decision| decision.by).into()),
        Some(past.approval.at.into()),
        Some(past.ended_at.into()),
        past.because.map(|because| because.term().into()),
    ]
}

/// What is missing for the next step, and what somebody should know before it.
fn next(case: &Case) -> Vec<Reason> {
    let mut next = case.next_steps();
    if !case.is_open() {
        return next;
    }
    if let Some(since) = case.unsettled_since {
        let since = crate::calendar::day(since);
        next.push(Reason::new(ReasonCode::AnalysisOutdated).with("since", since));
    }
    if case.due.is_none() {
        next.push(Reason::new(ReasonCode::DueNotSet));
    }
    if case.all_gone() {
        next.push(Reason::new(ReasonCode::AllGone));
    }
    next
}
