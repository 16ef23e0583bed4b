//! 作業計画書・作業報告書 of one change: what is planned, tested, confirmed and consented to; and what was done then (②-4).

use shindan_domain::change::{
    AgreedAlternative, AssetProgress, AssetState, Change, ChangeState, Emergency, Ended, Preparation, Proof,
    Stage, TestPlace, TestResult, TestRun,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Label, Process};
use shindan_report::paper::{Block, Cell, Column, Layout, Paper, Tone};

use super::super::RecordsError;
use super::desk::Desk;

type Facts = Vec<(String, Cell)>;

pub(super) fn plan(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let (stream, change) = ordered(desk)?;
    let mut paper = head(desk, stream, change)?;
    missing(desk, &mut paper, change);
    let preparation = change.stage.preparation();
    impact(desk, &mut paper, change, preparation.as_ref());
    tests(desk, &mut paper, change, preparation.as_ref());
    consent(desk, &mut paper, change);
    paper.push(Block::Heading(1, desk.t("report-work-signatures")));
    paper.push(Block::Signatures(vec![
        desk.t("report-signature-planned"),
        desk.t("report-signature-tested"),
        desk.t("report-signature-consented"),
    ]));
    Ok(paper)
}

pub(super) fn report(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let (stream, change) = ordered(desk)?;
    let mut paper = head(desk, stream, change)?;
    missing(desk, &mut paper, change);
    applied(desk, &mut paper, stream, change);
    confirmed(desk, &mut paper, change);
    let preparation = change.stage.preparation();
    tests(desk, &mut paper, change, preparation.as_ref());
    consent(desk, &mut paper, change);
    if let Some(case) = desk.all.cases.get(&change.plan.case.0) {
        paper.push(Block::Heading(1, desk.t("report-work-case")));
        let stream = Stream::new(Kind::Case, change.plan.case);
        paper.push(Block::Facts(vec![
            (desk.label(Label::Case), desk.named(stream)?.into()),
            (desk.label(Label::State), desk.term(case.state().term()).into()),
        ]));
    }
    paper.push(Block::Heading(1, desk.t("report-work-signatures")));
    paper.push(Block::Signatures(vec![
        desk.t("report-signature-applied"),
        desk.t("report-signature-confirmed"),
        desk.t("report-signature-institution"),
    ]));
    Ok(paper)
}

/// The change that is asked for, as it was on the day.
fn ordered<'a>(desk: &'a Desk<'_>) -> Result<(Stream, &'a Change), RecordsError> {
    let invalid = || RecordsError::Invalid { field: "about".to_owned(), value: Kind::Change.to_string() };
    let stream = desk.order.about.ok_or_else(invalid)?;
    let change = desk.all.changes.get(&stream.id).ok_or_else(|| RecordsError::unknown(stream))?;
    Ok((stream, change))
}

/// What is planned, on what, for whom.
fn head(desk: &Desk<'_>, stream: Stream, change: &Change) -> Result<Paper, RecordsError> {
    let plan = &change.plan;
    let subject = format!("{} {}", desk.number(stream), plan.title);
    let mut paper = desk.paper(subject, Layout::Portrait);
    let state = change.state();
    let tone = match state {
        ChangeState::Closed => Tone::Proven,
        ChangeState::CannotApply | ChangeState::RolledBack | ChangeState::ConsentWithdrawn => Tone::Late,
        ChangeState::Cancelled => Tone::Quiet,
        _ => Tone::Scheduled,
    };
    let case = Stream::new(Kind::Case, plan.case);
    let vulnerabilities = match desk.all.cases.get(&plan.case.0) {
        Some(case) => desk.vulnerabilities(case),
        None => desk.not_recorded(),
    };
    let mut facts = vec![
        (desk.label(Label::State), Cell::toned(desk.term(state.term()), tone)),
        (desk.label(Label::Kind), desk.term(plan.kind.term()).into()),
        (desk.label(Label::Case), desk.named(case)?.into()),
        (desk.label(Label::Vulnerabilities), vulnerabilities),
        (desk.label(Label::System), desk.named(Stream::new(Kind::System, plan.system))?.into()),
        (desk.label(Label::Institution), desk.named(Stream::new(Kind::Party, plan.institution))?.into()),
        (desk.label(Label::Assets), desk.lines(plan.assets.iter().map(|key| desk.asset(key)).collect())),
        (desk.label(Label::Description), desk.text(&plan.description)),
        (desk.label(Label::PlannedBy), desk.by(plan.planned_by, plan.planned_at).into()),
    ];
    if let Some(patch) = plan.patch {
        let stream = Stream::new(Kind::Patch, patch);
        let text = match desk.all.patches.get(&patch.0) {
            Some(known) => {
                let state = desk.term(known.state().term());
                let file = desk.document(&known.file.document);
                format!("{}\n{file}", desk.aside(&desk.number(stream), &state))
            }
            None => desk.number(stream),
        };
        facts.push((desk.label(Label::Patch), text.into()));
    }
    paper.push(Block::Facts(facts));
    if let Some(emergency) = &change.emergency {
        declared(desk, &mut paper, emergency);
    }
    Ok(paper)
}

/// What took the place of tests and consent.
fn declared(desk: &Desk<'_>, paper: &mut Paper, emergency: &Emergency) {
    paper.cautions.push(desk.t("report-work-emergency-caution"));
    paper.push(Block::Heading(1, desk.label(Label::IsEmergency)));
    let notice = &emergency.notice;
    paper.push(Block::Facts(vec![
        (desk.label(Label::EmergencyReason), desk.text(&emergency.reason)),
        (desk.label(Label::DeclaredBy), desk.by(emergency.declared_by, emergency.at).into()),
        (
            desk.label(Label::Notice),
            format!("{}\n{}", desk.aside(&notice.told, &notice.how), desk.at(notice.at)).into(),
        ),
        (
            desk.label(Label::EmergencyApproval),
            match &emergency.approval {
                Some(given) => desk.given(given).into(),
                None => Cell::toned(desk.t("report-not-approved"), Tone::Late),
            },
        ),
    ]));
}

/// Everything that is missing for the next step.
fn missing(desk: &Desk<'_>, paper: &mut Paper, change: &Change) {
    let missing = desk.reasons(&change.view().next);
    if missing.is_empty() {
        return;
    }
    paper.push(Block::Heading(1, desk.t("report-work-missing")));
    let facts = missing
        .into_iter()
        .enumerate()
        .map(|(index, text)| ((index + 1).to_string(), Cell::toned(text, Tone::Late)))
        .collect();
    paper.push(Block::Facts(facts));
}

fn impact(desk: &Desk<'_>, paper: &mut Paper, change: &Change, preparation: Option<&Preparation>) {
    paper.push(Block::Heading(1, desk.label(Label::Impact)));
    let Some(assessed) = preparation.and_then(Preparation::assessed) else {
        paper.push(unknown(desk, change, Label::Impact));
        return;
    };
    let impact = &assessed.impact;
    paper.push(Block::Facts(vec![
        (desk.label(Label::Impact), desk.text(&impact.text)),
        (desk.label(Label::StopMinutes), stop(desk, impact.stop_minutes)),
        (desk.label(Label::AssessedBy), desk.by(assessed.by, assessed.at).into()),
        (desk.label(Label::Documents), desk.documents(&impact.documents)),
    ]));
}

/// Says that something is not there; where a change ended before it was applied, that its records say no more.
fn unknown(desk: &Desk<'_>, change: &Change, label: Label) -> Block {
    let kept = !matches!(&change.stage, Stage::Ended(Ended::CannotApply { .. } | Ended::Cancelled { .. }));
    let cell = if kept {
        desk.not_recorded()
    } else {
        Cell::toned(desk.t("report-work-not-kept"), Tone::Undetermined)
    };
    Block::Facts(vec![(desk.label(label), cell)])
}

fn stop(desk: &Desk<'_>, minutes: u32) -> Cell {
    match minutes {
        0 => desk.t("report-no-stop").into(),
        minutes => desk.get("report-minutes", &[("count", u64::from(minutes).into())]).into(),
    }
}

fn result(desk: &Desk<'_>, result: TestResult) -> Cell {
    let tone = match result {
        TestResult::Passed => Tone::Proven,
        TestResult::Failed => Tone::Immediate,
    };
    Cell::toned(desk.term(result.term()), tone)
}

fn tests(desk: &Desk<'_>, paper: &mut Paper, change: &Change, preparation: Option<&Preparation>) {
    paper.push(Block::Heading(1, desk.label(Label::Tests)));
    let Some(preparation) = preparation else {
        paper.push(unknown(desk, change, Label::Tests));
        return;
    };
    let tested = preparation.tested();
    let planned = preparation.tests().iter().map(|test| {
        let last = tested.and_then(|tested| tested.last_run(&test.name));
        let mandatory = if test.mandatory { "report-mandatory" } else { "report-optional" };
        vec![
            test.name.as_str().into(),
            desk.text(&test.expected),
            desk.t(mandatory).into(),
            match last {
                Some(run) => result(desk, run.result),
                None => Cell::toned(desk.t("report-not-run"), Tone::Undetermined),
            },
        ]
    });
    let columns = [(Label::Test, 14), (Label::Expected, 30), (Label::Mandatory, 8), (Label::Result, 10)];
    paper.push(desk.table(
        "report-work-tests",
        desk.columns(&columns),
        planned.collect(),
        desk.t("report-work-no-tests"),
    ));
    let runs = tested.map(|tested| tested.runs.iter().map(|run| test_run(desk, run)).collect());
    let columns = [
        (Label::Test, 12),
        (Label::Result, 8),
        (Label::TestedAt, 14),
        (Label::By, 12),
        (Label::Documents, 30),
        (Label::Note, 14),
    ];
    paper.push(desk.table(
        "report-work-runs",
        desk.columns(&columns),
        runs.unwrap_or_default(),
        desk.t("report-work-no-runs"),
    ));
    let confirmation = match preparation {
        Preparation::Confirmed(confirmed) => desk.given(&confirmed.confirmation).into(),
        _ => desk.not_recorded(),
    };
    paper.push(Block::Facts(vec![(desk.label(Label::ResultsConfirmed), confirmation)]));
}

fn test_run(desk: &Desk<'_>, run: &TestRun) -> Vec<Cell> {
    let place = match &run.place {
        TestPlace::Environment(id) => desk.number_or_name(Stream::new(Kind::Environment, *id)),
        TestPlace::Elsewhere(text) => text.clone(),
    };
    let mut shown: Vec<String> = run.documents.iter().map(|document| desk.document(document)).collect();
    if let Some(file) = run.file {
        let file = file.to_string();
        shown.push(desk.get("report-tested-file", &[("hash", (&file).into())]));
    }
    vec![
        run.test.as_str().into(),
        result(desk, run.result),
        desk.text(&place),
        desk.by(run.by, run.at).into(),
        desk.lines(shown),
        desk.text(&run.note),
    ]
}

fn consent(desk: &Desk<'_>, paper: &mut Paper, change: &Change) {
    paper.push(Block::Heading(1, desk.label(Label::Consent)));
    let Some(ready) = change.stage.ready() else {
        paper.push(unknown(desk, change, Label::Consent));
        return;
    };
    let consent = &ready.consent;
    let mut facts: Facts = vec![
        (desk.label(Label::ConsentFrom), desk.at(consent.from).into()),
        (desk.label(Label::ConsentUntil), desk.at(consent.until).into()),
        (desk.label(Label::StopMinutes), stop(desk, consent.stop_minutes)),
        (desk.label(Label::RollBack), desk.text(&consent.roll_back)),
        (desk.label(Label::Consent), desk.given(&ready.given).into()),
    ];
    if let Some(withdrawn) = &ready.withdrawn {
        let text = format!("{}\n{}", withdrawn.reason, desk.by(withdrawn.by, withdrawn.at));
        facts.push((desk.label(Label::WithdrawnBecause), Cell::toned(text, Tone::Late)));
    }
    paper.push(Block::Facts(facts));
}

/// The columns of what was applied.
pub(super) fn application_columns(desk: &Desk<'_>) -> Vec<Column> {
    let mut columns = desk.columns(&[(Label::Change, 12), (Label::Asset, 12), (Label::Progress, 12)]);
    columns.push(Column::text(desk.t("report-work-when"), 14));
    columns.extend(desk.columns(&[(Label::AppliedPath, 8), (Label::File, 24), (Label::Reason, 20)]));
    columns
}

/// An asset of a change: whether it was applied, by whom, with which file.
pub(super) fn application(
    desk: &Desk<'_>,
    change: Stream,
    asset: &str,
    progress: &AssetProgress,
) -> Vec<Cell> {
    let state = progress.state();
    let tone = match state {
        AssetState::Confirmed => Tone::Proven,
        AssetState::Failed => Tone::Immediate,
        AssetState::Applied => Tone::Undetermined,
        AssetState::Pending => Tone::Scheduled,
        AssetState::RolledBack | AssetState::LeftOut => Tone::Late,
    };
    let applied = progress.applied();
    let file = match applied.map(|applied| applied.file) {
        Some(Some(file)) => Cell::from(format!("SHA-256 {file}")),
        Some(None) | None => desk.not_applicable(),
    };
    vec![
        desk.number(change).into(),
        desk.asset(asset).into(),
        Cell::toned(desk.term(state.term()), tone),
        applied.map_or_else(
            || Cell::toned(desk.t("report-not-applied"), Tone::Undetermined),
            |applied| desk.by(applied.by, applied.at).into(),
        ),
        applied.map_or_else(|| desk.not_applicable(), |applied| desk.term(applied.path.term()).into()),
        file,
        remark(desk, progress),
    ]
}

/// Why it was not applied, or did not stay.
fn remark(desk: &Desk<'_>, progress: &AssetProgress) -> Cell {
    match progress {
        AssetProgress::Failed { reason, .. } => desk.text(reason),
        AssetProgress::RolledBack { reason, by, at } => desk.lines(vec![reason.clone(), desk.by(*by, *at)]),
        AssetProgress::LeftOut { reason, alternative, by, at } => {
            let alternative = alternative.as_ref().map(|alternative| {
                let until = desk.date(alternative.until);
                let values = [("what", (&alternative.text).into()), ("until", (&until).into())];
                desk.get("report-alternative-until", &values)
            });
            let lines = [reason.clone()].into_iter().chain(alternative).chain([desk.by(*by, *at)]);
            desk.lines(lines.collect())
        }
        AssetProgress::Pending | AssetProgress::Applied(_) | AssetProgress::Confirmed { .. } => {
            desk.not_applicable()
        }
    }
}

/// A change of which nothing was applied.
pub(super) fn not_applied(desk: &Desk<'_>, stream: Stream, change: &Change) -> Vec<Cell> {
    let assets = change.plan.assets.iter().map(|key| desk.asset(key)).collect();
    vec![
        desk.number(stream).into(),
        desk.lines(assets),
        desk.term(change.state().term()).into(),
        Cell::toned(desk.t("report-not-applied"), Tone::Undetermined),
        desk.not_applicable(),
        desk.not_applicable(),
        desk.not_applicable(),
    ]
}

fn applied(desk: &Desk<'_>, paper: &mut Paper, stream: Stream, change: &Change) {
    paper.push(Block::Heading(1, desk.t("report-work-done")));
    let rows = change.rollout().map(|rollout| {
        let assets = rollout.assets.iter();
        assets.map(|(asset, progress)| application(desk, stream, asset, progress)).collect()
    });
    paper.push(desk.table(
        "report-work-applied",
        application_columns(desk),
        rows.unwrap_or_default(),
        desk.t("report-work-nothing-applied"),
    ));
    match &change.stage {
        Stage::Ended(Ended::CannotApply { agreed }) => alternative(desk, paper, agreed),
        Stage::Ended(Ended::Cancelled { reason }) => {
            paper.push(Block::Facts(vec![(desk.t("report-work-cancelled"), desk.text(reason))]));
        }
        _ => {}
    }
}

fn alternative(desk: &Desk<'_>, paper: &mut Paper, agreed: &AgreedAlternative) {
    let alternative = &agreed.alternative;
    let document = alternative.document.as_ref().map(|document| desk.document(document));
    paper.push(Block::Facts(vec![
        (desk.t("report-work-cannot-apply"), desk.text(&agreed.reason)),
        (desk.label(Label::Substitute), desk.text(&alternative.text)),
        (desk.label(Label::AlternativeUntil), desk.due(Some(alternative.until))),
        (desk.label(Label::Document), desk.maybe(document)),
        (desk.label(Label::Agreed), desk.given(&agreed.agreed).into()),
    ]));
}

/// What was looked at after the application, asset by asset.
fn confirmed(desk: &Desk<'_>, paper: &mut Paper, change: &Change) {
    let assets = change.rollout().into_iter().flat_map(|rollout| &rollout.assets);
    let rows = assets.filter_map(|(asset, progress)| match progress {
        AssetProgress::Confirmed { proof, confirmation, .. } => Some(vec![
            desk.asset(asset).into(),
            Cell::toned(desk.term(proof.basis().term()), Tone::Proven),
            shown(desk, proof),
            desk.given(confirmation).into(),
        ]),
        AssetProgress::Applied(_) | AssetProgress::Failed { .. } => Some(vec![
            desk.asset(asset).into(),
            Cell::toned(desk.t("report-not-confirmed"), Tone::Late),
            desk.not_recorded(),
            desk.not_recorded(),
        ]),
        _ => None,
    });
    paper.push(desk.table(
        "report-work-confirmed",
        desk.columns(&[(Label::Asset, 14), (Label::Proof, 16), (Label::Content, 34), (Label::By, 20)]),
        rows.collect(),
        desk.t("report-work-nothing-confirmed"),
    ));
}

fn shown(desk: &Desk<'_>, proof: &Proof) -> Cell {
    let matched = |knowledge: u64, at, remaining: u32| {
        let at = desk.at(at);
        let values = [
            ("at", (&at).into()),
            ("generation", knowledge.into()),
            ("remaining", u64::from(remaining).into()),
        ];
        desk.get("report-rematched", &values)
    };
    match proof {
        Proof::Rematched { knowledge, at, remaining } => matched(*knowledge, *at, *remaining).into(),
        Proof::FixedBuild { document, text } => desk.lines(vec![text.clone(), desk.document(document)]),
        Proof::Effect { text, document, review } => {
            let review = format!("{}: {}", desk.label(Label::ReviewOn), desk.date(*review));
            desk.lines(vec![text.clone(), desk.document(document), review])
        }
        Proof::Replaced { retired, successor, knowledge, at, remaining } => desk.lines(vec![
            format!("{}: {}", desk.label(Label::Successor), desk.asset(successor)),
            desk.document(retired),
            matched(*knowledge, *at, *remaining),
        ]),
    }
}
