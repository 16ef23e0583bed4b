//! How lists and people see a change.

use jiff::civil::Date;

use super::{
    AssetProgress, Change, ChangeKind, ChangeState, Ended, PlannedTest, Preparation, Ready, Stage, TestRun,
};
use crate::alternative::Alternative;
use crate::approval::Given;
use crate::calendar::day;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};

pub(super) fn filed(change: &Change) -> Filed {
    let plan = &change.plan;
    let mut filed = Filed::new(change.state().term(), !change.has_ended(), &plan.title);
    filed.due = due(change);
    filed.links = vec![
        Link::record(Relation::Case, Stream::new(Kind::Case, plan.case)),
        Link::record(Relation::Subject, Stream::new(Kind::System, plan.system)),
        Link::record(Relation::Party, Stream::new(Kind::Party, plan.institution)),
    ];
    let patch = plan.patch.map(|patch| Link::record(Relation::Patch, Stream::new(Kind::Patch, patch)));
    filed.links.extend(patch);
    filed.links.extend(plan.assets.iter().map(|asset| Link::to(Relation::Asset, asset)));
    filed.links.sort();
    filed.links.dedup();
    filed
}

/// The last day of the consent while something is to be applied; the last day of an agreed alternative.
fn due(change: &Change) -> Option<Date> {
    match &change.stage {
        Stage::Ready(ready) => Some(day(ready.consent.until)),
        Stage::Ended(Ended::CannotApply { agreed }) => Some(agreed.alternative.until),
        _ => None,
    }
}

pub(super) fn view(change: &Change) -> View {
    let plan = &change.plan;
    let view = View::new(change.state().term())
        .fact(Label::Title, &plan.title)
        .fact(Label::Kind, plan.kind.term())
        .fact(Label::IsEmergency, change.is_emergency())
        .fact(Label::Description, &plan.description)
        .fact(Label::Case, Stream::new(Kind::Case, plan.case))
        .fact(Label::System, Stream::new(Kind::System, plan.system))
        .fact(Label::Institution, Stream::new(Kind::Party, plan.institution))
        .maybe(Label::Patch, plan.patch.map(|patch| Stream::new(Kind::Patch, patch)))
        .fact(Label::PlannedBy, plan.planned_by)
        .fact(Label::PlannedAt, plan.planned_at);
    let view = emergency(view, change);
    let view = match change.stage.preparation() {
        Some(preparation) => prepared(view, &preparation),
        None => view,
    };
    let view = match change.stage.ready() {
        Some(ready) => consent(view, ready),
        None => view,
    };
    let view = match change.rollout() {
        Some(rollout) => assets(view, rollout.assets.iter()),
        None => {
            let assets: Vec<Shown> = plan.assets.iter().map(Shown::from).collect();
            view.fact(Label::Assets, assets)
        }
    };
    ending(view, change).next(next(change))
}

fn emergency(view: View, change: &Change) -> View {
    let Some(emergency) = &change.emergency else {
        return view;
    };
    let view = view
        .fact(Label::EmergencyReason, &emergency.reason)
        .fact(Label::DeclaredBy, emergency.declared_by)
        .fact(Label::Notice, format!("{} ({})", emergency.notice.told, emergency.notice.how))
        .fact(Label::NoticeAt, emergency.notice.at);
    match &emergency.approval {
        Some(given) => view.section(Label::EmergencyApproval, &Given::COLUMNS, vec![given.row()]),
        None => view,
    }
}

fn prepared(mut view: View, preparation: &Preparation) -> View {
    if let Some(assessed) = preparation.assessed() {
        let documents: Vec<Shown> = assessed.impact.documents.iter().cloned().map(Shown::from).collect();
        view = view
            .fact(Label::Impact, &assessed.impact.text)
            .fact(Label::StopMinutes, i64::from(assessed.impact.stop_minutes))
            .fact(Label::AssessedBy, assessed.by)
            .maybe(Label::Documents, (!documents.is_empty()).then_some(documents));
    }
    let test = |test: &PlannedTest| -> Vec<Option<Shown>> {
        let last = preparation.tested().and_then(|tested| tested.last_run(&test.name));
        vec![
            Some((&test.name).into()),
            Some((&test.expected).into()),
            Some(test.mandatory.into()),
            last.map(|run| run.result.term().into()),
        ]
    };
    let columns = [Label::Test, Label::Expected, Label::Mandatory, Label::Result];
    view = view.section(Label::Tests, &columns, preparation.tests().iter().map(test).collect());
    let run = |run: &TestRun| -> Vec<Option<Shown>> {
        let documents: Vec<Shown> = run.documents.iter().cloned().map(Shown::from).collect();
        vec![
            Some((&run.test).into()),
            Some(run.result.term().into()),
            Some(place(run)),
            Some(run.by.into()),
            Some(run.at.into()),
            (!documents.is_empty()).then_some(documents.into()),
            (!run.note.is_empty()).then(|| (&run.note).into()),
        ]
    };
    let runs = preparation.tested().map(|tested| tested.runs.iter().map(run).collect());
    let columns =
        [Label::Test, Label::Result, Label::TestedAt, Label::By, Label::At, Label::Documents, Label::Note];
    view = view.section(Label::TestRuns, &columns, runs.unwrap_or_default());
    match preparation {
        Preparation::Confirmed(confirmed) => {
            view.section(Label::ResultsConfirmed, &Given::COLUMNS, vec![confirmed.confirmation.row()])
        }
        _ => view,
    }
}

fn place(run: &TestRun) -> Shown {
    match &run.place {
        super::TestPlace::Environment(id) => Stream::new(Kind::Environment, *id).into(),
        super::TestPlace::Elsewhere(text) => text.into(),
    }
}

fn consent(view: View, ready: &Ready) -> View {
    let consent = &ready.consent;
    view.fact(Label::ConsentFrom, consent.from)
        .fact(Label::ConsentUntil, consent.until)
        .fact(Label::ConsentStop, i64::from(consent.stop_minutes))
        .fact(Label::RollBack, &consent.roll_back)
        .maybe(Label::WithdrawnBecause, ready.withdrawn.as_ref().map(|withdrawn| &withdrawn.reason))
        .section(Label::Consent, &Given::COLUMNS, vec![ready.given.row()])
}

fn assets<'a>(view: View, progress: impl Iterator<Item = (&'a String, &'a AssetProgress)>) -> View {
    let row = |(asset, progress): (&String, &AssetProgress)| -> Vec<Option<Shown>> {
        let applied = progress.applied();
        let (basis, document) = match progress {
            AssetProgress::Confirmed { proof, .. } => (Some(proof.basis().term().into()), proof.document()),
            _ => (None, None),
        };
        let reason = match progress {
            AssetProgress::Failed { reason, .. }
            | AssetProgress::RolledBack { reason, .. }
            | AssetProgress::LeftOut { reason, .. } => Some(reason.into()),
            _ => None,
        };
        vec![
            Some(asset.into()),
            Some(progress.state().term().into()),
            applied.map(|applied| applied.at.into()),
            applied.map(|applied| applied.by.into()),
            applied.map(|applied| applied.path.term().into()),
            applied.and_then(|applied| applied.file).map(|file| file.to_string().into()),
            basis,
            document.cloned().map(Shown::from),
            reason,
        ]
    };
    let columns = [
        Label::Asset,
        Label::Progress,
        Label::AppliedAt,
        Label::AppliedBy,
        Label::AppliedPath,
        Label::Sha256,
        Label::Proof,
        Label::Document,
        Label::Reason,
    ];
    view.section(Label::Assets, &columns, progress.map(row).collect())
}

fn ending(view: View, change: &Change) -> View {
    match &change.stage {
        Stage::Ended(Ended::CannotApply { agreed }) => view
            .fact(Label::Reason, &agreed.reason)
            .section(Label::Substitute, &Alternative::COLUMNS, vec![agreed.alternative.row()])
            .section(Label::Agreed, &Given::COLUMNS, vec![agreed.agreed.row()]),
        Stage::Ended(Ended::Cancelled { reason }) => view.fact(Label::Reason, reason),
        _ => view,
    }
}

/// What is missing for the next step, as far as it can be told without the patch.
fn next(change: &Change) -> Vec<Reason> {
    let mut next = Vec::new();
    if change.emergency.as_ref().is_some_and(|emergency| emergency.approval.is_none()) && !change.has_ended()
    {
        next.push(Reason::new(ReasonCode::EmergencyNotApproved));
    }
    if change.plan.kind == ChangeKind::Patch && change.plan.patch.is_none() && !change.has_ended() {
        next.push(Reason::new(ReasonCode::PatchMissing));
    }
    match &change.stage {
        Stage::Preparing(preparation) => {
            next.extend(preparation.blockers(None));
            next.push(Reason::new(ReasonCode::ConsentMissing));
        }
        Stage::Ready(ready) if ready.withdrawn.is_some() => {
            next.push(Reason::new(ReasonCode::ConsentIsWithdrawn));
        }
        Stage::Ready(_) => next.push(Reason::new(ReasonCode::NotYetApplied)),
        Stage::Rollout { .. } => {
            next.extend(change.closing_blockers());
            if change.state() == ChangeState::ConfirmedAfter && next.is_empty() {
                next.push(Reason::new(ReasonCode::NotYetClosed));
            }
        }
        Stage::Ended(_) => {}
    }
    next
}
