//! What people are shown of a policy.

use super::{Content, DaysByPriority, Policy, PolicyState, PolicyVersion};
use crate::approval::Given;
use crate::process::{Filed, Label, Reason, ReasonCode, Shown, View};
use crate::term::Term;

pub(super) fn filed(policy: &Policy) -> Filed {
    let open = policy.proposed().is_some();
    Filed::new(policy.state().term(), open, policy.title.clone())
}

fn days(label: Label, days: &DaysByPriority) -> Vec<Option<Shown>> {
    let number = |days: u16| Some(Shown::Number(i64::from(days)));
    vec![
        Some(Shown::Term(Term { set: "policy-days", value: label.as_str() })),
        number(days.immediate),
        number(days.out_of_cycle),
        number(days.scheduled),
    ]
}

fn content(view: View, version: &PolicyVersion) -> View {
    let number = |days: u16| Shown::Number(i64::from(days));
    match &version.content {
        Content::DueDates(dates) => view
            .section(
                Label::Days,
                &[Label::Name, Label::Immediate, Label::OutOfCycle, Label::Scheduled],
                vec![days(Label::DecideDays, &dates.decide), days(Label::DoneDays, &dates.done)],
            )
            .fact(Label::VerifyAfterChange, number(dates.verify_after_change))
            .fact(Label::ChaseInquiry, number(dates.chase_inquiry))
            .fact(Label::ReviewDays, number(dates.review)),
        Content::DecisionTable(rules) => view
            .fact(Label::Rules, &rules.rules_id)
            .fact(Label::RulesVersion, &rules.rules_version)
            .fact(Label::Table, &rules.table_id)
            .maybe(Label::SurgeEpss, rules.surge_epss.as_ref()),
        Content::ConfirmationInterval(interval) => view
            .fact(Label::ConfirmDays, number(interval.confirm))
            .fact(Label::ReviewDays, number(interval.review))
            .fact(Label::JudgeDays, number(interval.judge)),
        Content::SecondFactor(asked) => {
            let roles = asked.roles.iter().map(|role| Shown::from(role.term()));
            view.fact(Label::Roles, Shown::List(roles.collect()))
        }
    }
}

fn row(version: &PolicyVersion) -> Vec<Option<Shown>> {
    let approval = version.approval.as_ref();
    vec![
        Some(Shown::Number(i64::from(version.number))),
        Some(version.state.term().into()),
        Some(version.proposed_by.into()),
        Some(version.proposed_at.into()),
        Some((&version.reason).into()),
        approval.map(|given| given.at.into()),
        version.ended_at.map(Shown::from),
    ]
}

pub(super) fn view(policy: &Policy) -> View {
    let shown = policy.in_force().or_else(|| policy.proposed()).or_else(|| policy.versions.last());
    let mut view = View::new(policy.state().term())
        .fact(Label::Title, &policy.title)
        .fact(Label::Kind, policy.kind.term())
        .maybe(Label::Version, shown.map(|version| Shown::Number(i64::from(version.number))));
    if let Some(version) = shown {
        view = content(view, version);
    }
    let approvals = policy.versions.iter().filter_map(|version| version.approval.as_ref());
    view.section(
        Label::Versions,
        &[Label::Version, Label::State, Label::By, Label::At, Label::Reason, Label::Approval, Label::Until],
        policy.versions.iter().map(row).collect(),
    )
    .section(Label::Approval, &Given::COLUMNS, approvals.map(Given::row).collect())
    .next(next(policy))
}

fn next(policy: &Policy) -> Option<Reason> {
    if let Some(proposed) = policy.proposed() {
        return Some(Reason::new(ReasonCode::PolicyAwaitsApproval).with("version", proposed.number));
    }
    let state = policy.state();
    (state != PolicyState::Approved)
        .then(|| Reason::new(ReasonCode::PolicyNotApproved).with("kind", policy.kind).with("state", state))
}
