//! パッチ検証記録: every patch of a period – file and hash, where it and its expected value came from, by what it was proven, who
//! signed, whether the weakness was gone, where it was applied (②-3).

use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::patch::{Effect, EffectProof, Genuineness, Patch, PatchState, Verified};
use shindan_domain::process::Label;
use shindan_domain::record_id::PatchId;
use shindan_domain::term::Term;
use shindan_domain::verification::{Check, CheckOutcome, Outcome};
use shindan_report::paper::{Block, Cell, Column, Layout, Paper, Tone};

use super::super::RecordsError;
use super::desk::Desk;

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let patches = desk.sorted(Kind::Patch, &desk.all.patches);
    let wanted: Vec<&(Stream, &Patch)> = patches.iter().filter(|(_, patch)| happened(desk, patch)).collect();
    let subject = desk.get("report-patches-subject", &[("count", wanted.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    paper.cautions.push(desk.t("report-patches-caution"));
    let rows = wanted.iter().map(|(stream, patch)| row(desk, *stream, patch)).collect();
    let looked_at = [("patches", patches.len().into())];
    paper.push(desk.table(
        "report-patches-table",
        desk.columns(&[
            (Label::Patch, 10),
            (Label::File, 22),
            (Label::Maker, 12),
            (Label::Case, 14),
            (Label::State, 14),
            (Label::Verifications, 14),
            (Label::Effect, 14),
        ]),
        rows,
        desk.get("report-patches-empty", &looked_at),
    ));
    for (stream, patch) in wanted {
        particulars(desk, &mut paper, *stream, patch)?;
    }
    Ok(paper)
}

/// Whether anything about it happened in the period.
fn happened(desk: &Desk<'_>, patch: &Patch) -> bool {
    let former = patch.former.iter().flat_map(|former| [former.file.at, former.until]);
    let effect = match &patch.effect {
        Effect::Effective { confirmed: Some(given), .. } => Some(given.at),
        _ => None,
    };
    let alternative = match &patch.genuineness {
        Genuineness::AlternativeProposed { alternative } => Some(alternative.at),
        Genuineness::AlternativeApproved { approval, .. } => Some(approval.at),
        _ => None,
    };
    let shown = patch.effect.proof().map(|(_, _, at)| at);
    let mut times = patch.verifications.iter().map(|verified| verified.at);
    desk.in_period(patch.file.at)
        || times.any(|at| desk.in_period(at))
        || former.chain(effect).chain(alternative).chain(shown).any(|at| desk.in_period(at))
}

fn state(desk: &Desk<'_>, patch: &Patch) -> Cell {
    let state = patch.state();
    let tone = match state {
        PatchState::Usable => Tone::Proven,
        PatchState::Quarantined | PatchState::NotEffective => Tone::Immediate,
        PatchState::Withdrawn => Tone::Quiet,
        _ => Tone::Undetermined,
    };
    Cell::toned(desk.term(state.term()), tone)
}

fn outcome(desk: &Desk<'_>, outcome: Outcome) -> Cell {
    let tone = match outcome {
        Outcome::Genuine => Tone::Proven,
        Outcome::Tampered => Tone::Immediate,
        Outcome::NoMeans | Outcome::KeyNotAcceptable | Outcome::Unreadable => Tone::Undetermined,
    };
    Cell::toned(desk.term(Term { set: "verification-outcome", value: outcome.as_str() }), tone)
}

fn cases(desk: &Desk<'_>, patch: &Patch) -> Cell {
    let cases = patch.particulars.cases.iter();
    let cases = cases.map(|case| desk.number(Stream::new(Kind::Case, *case)));
    desk.lines(cases.chain(patch.particulars.vulnerabilities.iter().cloned()).collect())
}

fn row(desk: &Desk<'_>, stream: Stream, patch: &Patch) -> Vec<Cell> {
    let last = patch.verifications.last();
    vec![
        desk.number(stream).into(),
        desk.document(&patch.file.document).into(),
        desk.number_or_name(Stream::new(Kind::Party, patch.particulars.maker)).into(),
        cases(desk, patch),
        state(desk, patch),
        last.map_or_else(|| desk.not_recorded(), |last| outcome(desk, last.verdict.outcome)),
        effect_state(desk, patch),
    ]
}

fn effect_state(desk: &Desk<'_>, patch: &Patch) -> Cell {
    let (key, tone) = match &patch.effect {
        Effect::NotTested => ("report-effect-not-tested", Tone::Undetermined),
        Effect::Stated { .. } => ("report-effect-stated", Tone::Undetermined),
        Effect::NotEffective { .. } => ("report-effect-not-effective", Tone::Immediate),
        Effect::Effective { .. } => ("report-effect-effective", Tone::Proven),
    };
    Cell::toned(desk.t(key), tone)
}

fn particulars(
    desk: &Desk<'_>,
    paper: &mut Paper,
    stream: Stream,
    patch: &Patch,
) -> Result<(), RecordsError> {
    let number = desk.number(stream);
    paper.push(Block::Heading(1, format!("{number} {}", patch.particulars.name)));
    let file = &patch.file;
    let mut facts = vec![
        (desk.label(Label::State), state(desk, patch)),
        (desk.label(Label::File), desk.document(&file.document).into()),
        (desk.t("report-size"), desk.get("report-bytes", &[("count", file.document.size.into())]).into()),
        (desk.label(Label::ObtainedFrom), desk.text(file.obtained_from.as_str())),
        (desk.t("report-patch-registered"), desk.by(file.registered_by, file.at).into()),
        (desk.label(Label::Expected), expected(desk, patch)),
    ];
    if let Some(reason) = &patch.withdrawn {
        facts.push((desk.label(Label::WithdrawnBecause), desk.text(reason)));
    }
    match &patch.genuineness {
        Genuineness::AlternativeProposed { alternative } => {
            facts.push((desk.label(Label::ProofAlternative), desk.text(&alternative.text)));
            let waits = Cell::toned(desk.t("report-not-approved"), Tone::Late);
            facts.push((desk.label(Label::Approval), waits));
        }
        Genuineness::AlternativeApproved { alternative, approval } => {
            facts.push((desk.label(Label::ProofAlternative), desk.text(&alternative.text)));
            facts.push((desk.label(Label::Documents), desk.documents(&alternative.documents)));
            facts.push((desk.label(Label::Approval), desk.given(approval).into()));
        }
        _ => {}
    }
    facts.extend(effect(desk, patch));
    paper.push(Block::Facts(facts));
    paper.push(checks(desk, patch));
    paper.push(applications(desk, stream)?);
    if !patch.former.is_empty() {
        paper.push(former(desk, patch));
    }
    Ok(())
}

/// The values that the file was held against, each with the way on which it came.
fn expected(desk: &Desk<'_>, patch: &Patch) -> Cell {
    let line = |expected: &shindan_domain::patch::ExpectedValue| {
        let method = desk.term(Term { set: "verification-method", value: expected.method.as_str() });
        format!("{method} {}\n{}: {}", expected.value, desk.label(Label::Channel), expected.channel)
    };
    desk.lines(patch.particulars.expected.iter().map(line).collect())
}

/// Whether the weakness was gone, how that was shown, and by whom.
fn effect(desk: &Desk<'_>, patch: &Patch) -> Vec<(String, Cell)> {
    let mut facts = vec![(desk.label(Label::Effect), effect_state(desk, patch))];
    let Some((proof, by, at)) = patch.effect.proof() else { return facts };
    facts.push((desk.label(Label::Method), desk.term(proof.test().term()).into()));
    match proof {
        EffectProof::Rematch { environment, knowledge, remaining, .. } => {
            let environment = desk.number_or_name(Stream::new(Kind::Environment, *environment));
            facts.push((desk.label(Label::Environment), environment.into()));
            let generation = desk.get("report-knowledge", &[("generation", (*knowledge).into())]);
            facts.push((desk.t("report-knowledge-used"), generation.into()));
            facts.push((desk.label(Label::Remaining), remaining.to_string().into()));
        }
        EffectProof::Rescan { environment, remaining, .. } => {
            let environment = desk.number_or_name(Stream::new(Kind::Environment, *environment));
            facts.push((desk.label(Label::Environment), environment.into()));
            facts.push((desk.label(Label::Remaining), remaining.to_string().into()));
        }
        EffectProof::Statement { text, .. } => {
            facts.push((desk.label(Label::Content), desk.text(text)));
        }
    }
    facts.push((desk.label(Label::Document), desk.document(proof.document()).into()));
    facts.push((desk.t("report-effect-by"), desk.by(by, at).into()));
    if let Effect::Effective { confirmed: Some(given), .. } = &patch.effect {
        facts.push((desk.label(Label::EffectConfirmed), desk.given(given).into()));
    }
    facts
}

/// Every check of every verification, also those that did not pass.
fn checks(desk: &Desk<'_>, patch: &Patch) -> Block {
    let mut rows = Vec::new();
    for verified in &patch.verifications {
        if verified.verdict.checks.is_empty() {
            rows.push(check_row(desk, verified, None));
        }
        rows.extend(verified.verdict.checks.iter().map(|check| check_row(desk, verified, Some(check))));
    }
    let mut columns = vec![
        Column::text(desk.t("report-patches-when"), 12),
        Column::text(desk.t("report-patches-outcome"), 12),
    ];
    columns.extend(desk.columns(&[
        (Label::Method, 12),
        (Label::Result, 22),
        (Label::Expected, 20),
        (Label::Computed, 20),
        (Label::Signer, 14),
        (Label::Channel, 14),
    ]));
    desk.table("report-patches-checks", columns, rows, desk.t("report-patches-not-verified"))
}

fn check_row(desk: &Desk<'_>, verified: &Verified, check: Option<&Check>) -> Vec<Cell> {
    let mut row = vec![desk.by(verified.by, verified.at).into(), outcome(desk, verified.verdict.outcome)];
    let Some(check) = check else {
        row.extend([(); 6].map(|()| desk.not_recorded()));
        return row;
    };
    let tone = match check.outcome {
        CheckOutcome::Passed => Tone::Proven,
        CheckOutcome::Mismatch => Tone::Immediate,
        CheckOutcome::KeyNotAcceptable | CheckOutcome::NotCovered | CheckOutcome::Unreadable => {
            Tone::Undetermined
        }
    };
    let result = desk.term(Term { set: "check-outcome", value: check.outcome.as_str() });
    let signer = match (&check.signer, check.signed_at) {
        (Some(signer), Some(at)) => Some(format!("{signer}\n{}", desk.at(at))),
        (signer, _) => signer.clone(),
    };
    let unless_given = |text: Option<String>| text.map_or_else(|| desk.not_applicable(), Cell::from);
    row.extend([
        desk.term(Term { set: "verification-method", value: check.method.as_str() }).into(),
        Cell::toned(format!("{result}\n{}", desk.words.verification(check)), tone),
        unless_given(check.expected.clone()),
        unless_given(check.computed.clone()),
        unless_given(signer),
        unless_given(check.channel.as_ref().map(ToString::to_string)),
    ]);
    row
}

/// The changes that apply it, asset by asset.
fn applications(desk: &Desk<'_>, patch: Stream) -> Result<Block, RecordsError> {
    let mut rows = Vec::new();
    for (stream, change) in desk.sorted(Kind::Change, &desk.all.changes) {
        if change.plan.patch != Some(PatchId(patch.id)) {
            continue;
        }
        match change.rollout() {
            Some(rollout) => rows.extend(
                rollout
                    .assets
                    .iter()
                    .map(|(asset, progress)| super::works::application(desk, stream, asset, progress)),
            ),
            None => rows.push(super::works::not_applied(desk, stream, change)),
        }
    }
    Ok(desk.table(
        "report-patches-applied",
        super::works::application_columns(desk),
        rows,
        desk.t("report-patches-not-planned"),
    ))
}

fn former(desk: &Desk<'_>, patch: &Patch) -> Block {
    let row = |former: &shindan_domain::patch::FormerFile| {
        vec![
            desk.document(&former.file.document).into(),
            desk.text(former.file.obtained_from.as_str()),
            desk.by(former.file.registered_by, former.file.at).into(),
            desk.at(former.until).into(),
            desk.text(&former.reason),
        ]
    };
    desk.table(
        "report-patches-former",
        desk.columns(&[
            (Label::File, 26),
            (Label::ObtainedFrom, 16),
            (Label::By, 12),
            (Label::Until, 12),
            (Label::Reason, 20),
        ]),
        patch.former.iter().map(row).collect(),
        desk.t("report-not-recorded"),
    )
}
