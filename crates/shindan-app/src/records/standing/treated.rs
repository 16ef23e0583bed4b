//! Records that go through a process with gates: cases, changes, patches, inquiries, instructions, reviews.

use std::collections::BTreeSet;

use shindan_domain::approval::Word;
use shindan_domain::case::found::Rematch;
use shindan_domain::case::proof::PatchBasis;
use shindan_domain::case::{Applicability, Case, DecisionOrder, JudgementOrder, Treatment};
use shindan_domain::change::{
    Change, Consent, Gate, Impact, Notice, Proof, Stage, TestPlace, TestReport, TestResult,
};
use shindan_domain::confirmation::{Fitness, Instruction, ReportDraft, Snapshot};
use shindan_domain::inquiry::{Inquiry, Way};
use shindan_domain::ledger::Stream;
use shindan_domain::patch::{EffectProof, Patch};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{ChangeId, PartyId, PatchId};
use shindan_domain::review::{Finding, Review};
use shindan_domain::step::Spoken;
use uuid::Uuid;

use super::{Answers, Asking, any, document, said, text, unless_ended};
use crate::records::policies::InForce;
use crate::records::{Call, RecordsError, changes};

/// The word of a person who speaks for this party.
fn spoken(party: PartyId) -> Spoken {
    Spoken { word: Word::Software, giver_party: Some(party) }
}

pub(super) fn case(asking: &Asking<'_>, _: Stream, case: &Case) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let judgement = JudgementOrder {
        applicability: Applicability::Affected,
        justification: None,
        note: text(),
        documents: Vec::new(),
    };
    let decision = DecisionOrder { treatment: Treatment::Mitigation, reason: text(), accept_until: None };
    let due = match InForce::read(asking.records)?.due {
        Some(policy) => said(case.set_due(&policy)),
        None => Ok(()),
    };
    let place = case.places.keys().next().cloned().unwrap_or_default();
    let all: BTreeSet<String> = case.places.keys().cloned().collect();
    let rematch = Rematch { knowledge: 0, at: by.at };
    let fixed = PatchBasis::FixedBuild { document: document() };
    // A review day is needed for some measures and refused for others; either answer says whether the case is so far.
    let confirmed = case.confirm(Word::Software, None, by).or_else(|refusal| match refusal.reason.code {
        ReasonCode::ReviewDateMissing => case.confirm(Word::Software, Some(asking.ahead()), by),
        _ => Err(refusal),
    });
    Ok(vec![
        ("judge", said(case.judge(judgement))),
        ("analyse", said(case.analysable())),
        ("decide", said(case.decide(decision, by))),
        ("approve", said(case.approve(Word::Software, by))),
        ("reject", said(case.decline(text(), Word::Software))),
        ("show-effect", said(case.show_effect(all, document(), text()))),
        ("prove-fixed", said(case.prove_patch(place.clone(), None, by.at, fixed, by))),
        ("replace", said(case.replace(place, document(), text(), rematch))),
        ("confirm", said(confirmed)),
        ("close", said(case.close())),
        ("reopen", said(case.reopen(text()))),
        ("inherit", said(case.inheritable())),
        ("override", said(case.override_inherited(text()))),
        ("set-due", due),
    ])
}

/// Steps while a change is prepared.
fn prepared(change: &Change, asking: &Asking<'_>) -> Result<Answers, RecordsError> {
    let held = asking.records.at_hand(change, None)?;
    let patch = held.as_ref().map(changes::Held::at_hand);
    let tests = match &change.stage {
        Stage::Preparing(preparation) => preparation.tests(),
        _ => &[],
    };
    let report = TestReport {
        test: tests.first().map_or_else(String::new, |test| test.name.clone()),
        result: TestResult::Passed,
        place: TestPlace::Elsewhere(text()),
        documents: Vec::new(),
        note: text(),
    };
    let impact = Impact { text: text(), stop_minutes: 0, documents: Vec::new() };
    Ok(vec![
        ("choose-patch", said(change.choose_patch(PatchId(Uuid::nil())))),
        ("assess-impact", said(change.assess_impact(impact))),
        ("plan-tests", said(change.plan_tests(Vec::new()))),
        ("run-test", but_for_the_file(change.run_test(report, None, patch))),
        ("confirm-tests", said(change.confirm_results(Word::Software, patch, &asking.by))),
    ])
}

/// The file is sent with the step: that it was not looked at yet stands against nothing.
fn but_for_the_file<T>(answer: Result<T, Refusal>) -> Result<(), Refusal> {
    match answer {
        Err(refusal)
            if !refusal.missing.is_empty()
                && refusal.missing.iter().all(|reason| reason.code == ReasonCode::FileNotHashed) =>
        {
            Ok(())
        }
        other => said(other),
    }
}

/// Steps of the assets of a change.
fn rolled_out(change: &Change, asking: &Asking<'_>) -> Answers {
    let by = &asking.by;
    let assets: Vec<&String> = match &change.stage {
        Stage::Rollout { rollout, .. } => rollout.assets.keys().collect(),
        _ => change.plan.assets.iter().collect(),
    };
    let each = |step: &dyn Fn(String) -> Result<(), Refusal>| {
        any(assets.iter().map(|asset| step((*asset).clone())), ReasonCode::AssetsMissing)
    };
    let effect = || Proof::Effect { text: text(), document: document(), review: asking.ahead() };
    vec![
        ("fail", each(&|asset| said(change.fail(asset, text())))),
        ("leave-out", each(&|asset| said(change.leave_out(vec![asset], text(), None, by)))),
        (
            "confirm-after",
            each(&|asset| said(change.confirm_after(vec![asset], effect(), Word::Software, by))),
        ),
        ("roll-back", each(&|asset| said(change.roll_back(vec![asset], text())))),
    ]
}

pub(super) fn change(asking: &Asking<'_>, stream: Stream, change: &Change) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let call = Call::at(by.at);
    let gate = changes::gate(asking.records, asking.who, &call, ChangeId(stream.id), None)?;
    let applied = match gate {
        Gate::Open(_) => Ok(()),
        Gate::Blocked(blockers) => {
            but_for_the_file::<()>(Err(Refusal::new(ReasonCode::GateBlocked).missing(blockers)))
        }
    };
    let tomorrow = shindan_domain::calendar::start_of(asking.ahead());
    let consent = Consent { from: by.at, until: tomorrow.max(by.at), stop_minutes: 0, roll_back: text() };
    let notice = Notice { told: text(), how: text(), at: by.at };
    let alternative =
        shindan_domain::alternative::Alternative { text: text(), until: asking.ahead(), document: None };
    let mut answers = prepared(change, asking)?;
    answers.extend([
        ("consent", said(change.consent(consent, spoken(change.plan.institution), by))),
        ("withdraw-consent", said(change.withdraw_consent(text()))),
        ("emergency", said(change.declare_emergency(text(), notice, by))),
        ("approve-emergency", said(change.approve_emergency(Word::Software, by))),
        ("apply", applied),
    ]);
    answers.extend(rolled_out(change, asking));
    answers.extend([
        ("cannot-apply", said(change.cannot_apply(text(), alternative, Word::Software, by))),
        ("cancel", said(change.cancel(text()))),
        ("close", said(change.close())),
    ]);
    Ok(answers)
}

pub(super) fn patch(asking: &Asking<'_>, patch: &Patch) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let in_use = || unless_ended(patch.change(patch.particulars.clone(), text()));
    let effect = EffectProof::Statement { text: text(), document: document() };
    let verified = in_use().and_then(|()| said(patch.verifiable()));
    Ok(vec![
        ("correct", in_use()),
        ("verify", verified),
        ("propose-alternative", said(patch.propose_alternative(text(), vec![document()]))),
        ("approve-alternative", said(patch.approve_alternative(Word::Software, by))),
        ("reject-alternative", said(patch.reject_alternative(text()))),
        ("show-effect", said(patch.prove_effect(effect, None, by))),
        ("confirm-effect", said(patch.confirm_effect(Word::Software, by))),
        ("reject-effect", said(patch.reject_effect(text()))),
        ("replace-file", in_use()),
        ("withdraw", said(patch.withdraw(text()))),
    ])
}

pub(super) fn inquiry(asking: &Asking<'_>, inquiry: &Inquiry) -> Result<Answers, RecordsError> {
    let (by, ahead) = (&asking.by, asking.ahead());
    let mail = Way::Mail;
    Ok(vec![
        ("answer", said(inquiry.answer(text(), Way::Telephone, None, Vec::new(), by))),
        ("chase", said(inquiry.chase(mail, ahead, text(), by))),
        ("judge", said(inquiry.judge(text()))),
        ("find-insufficient", said(inquiry.find_insufficient(text(), mail, ahead, by))),
        ("give-up-waiting", said(inquiry.give_up_waiting(text(), by))),
        ("cancel", said(inquiry.cancel(text()))),
    ])
}

pub(super) fn instruction(asking: &Asking<'_>, instruction: &Instruction) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let items: Vec<&String> = instruction.items.keys().collect();
    let each = |step: &dyn Fn(String) -> Result<(), Refusal>| {
        any(items.iter().map(|item| step((*item).clone())), ReasonCode::StepOutOfOrder)
    };
    let snapshot =
        || Snapshot { at: by.at, knowledge: None, assets: Vec::new(), open_cases: 0, overdue_cases: 0 };
    let report = |item| ReportDraft { item, snapshot: snapshot(), statement: text(), documents: Vec::new() };
    let word = || Spoken { word: Word::Software, giver_party: None };
    let closed = said(instruction.close(Some(asking.ahead()), by));
    Ok(vec![
        // Who answers for an item is asked by the step: the word may be on paper.
        ("report", each(&|item| others_may(said(instruction.report(report(item), word(), by))))),
        ("ask-again", each(&|item| said(instruction.ask_again(item, text())))),
        ("judge", each(&|item| said(instruction.judge(item, Fitness::Fit, text(), None, by)))),
        ("finish-action", each(&|item| said(instruction.finish_action(item, text(), Vec::new())))),
        ("close", closed),
        ("cancel", said(instruction.cancel(text()))),
    ])
}

/// A refusal that says that somebody else gives the word: they can give it on paper.
fn others_may(answer: Result<(), Refusal>) -> Result<(), Refusal> {
    match answer {
        Err(refusal)
            if matches!(refusal.reason.code, ReasonCode::OtherParty | ReasonCode::OtherRespondent) =>
        {
            Ok(())
        }
        other => other,
    }
}

pub(super) fn review(asking: &Asking<'_>, review: &Review) -> Result<Answers, RecordsError> {
    let finding = Finding::NoChange { reason: text() };
    Ok(vec![
        ("review", said(review.review(finding, Vec::new()))),
        ("approve", said(review.approve(Word::Software, asking.ahead(), &asking.by))),
        ("send-back", said(review.send_back(text()))),
        ("end", said(review.end(text()))),
    ])
}
