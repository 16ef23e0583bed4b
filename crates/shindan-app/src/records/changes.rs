//! Use cases on changes up to the gate: plan, impact, tests, confirmation, consent, emergency (SPEC.md section 4, ②-4).
//! What follows the gate stands in `rollouts`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use shindan_domain::case::{Case, CaseState, Treatment};
use shindan_domain::change::{
    Change, ChangeKind, Consent, Gate, Impact, Notice, PlanDraft, PlannedTest, TestPlace, TestReport,
    TestResult,
};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{Environment, MasterData};
use shindan_domain::patch::{Patch, PatchAtHand};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Occurrence, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{ChangeId, EnvironmentId, PatchId};

use super::step::nothing;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// Plans a change. Its assets are places of the case that it carries out; without any, all of them.
///
/// # Errors
/// Refused without title and description, for an asset that is no place of the case, for a patch where none is applied, and
/// for another system or institution than the case concerns.
pub fn plan(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    mut draft: PlanDraft,
) -> Result<Done, RecordsError> {
    records.begin::<Change>(who, call, Action::Operate, |records, _| {
        let case: Case = records.existing(draft.case)?;
        records.check_concerned(&case, &draft)?;
        draft.assets = places(&case, draft.assets).map_err(|refusal| RecordsError::refused(None, refusal))?;
        Change::plan(draft).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// Keys of places of a case, by key or by what people call them; all of them for none.
fn places(case: &Case, wanted: Vec<String>) -> Result<Vec<String>, Refusal> {
    if wanted.is_empty() {
        return Ok(case.places.keys().cloned().collect());
    }
    let key = |wanted: String| {
        if case.places.contains_key(&wanted) {
            return Ok(wanted);
        }
        let mut named = case.places.iter().filter(|(_, place)| place.found.label == wanted);
        match (named.next(), named.next()) {
            (Some((key, _)), None) => Ok(key.clone()),
            _ => {
                let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", wanted);
                Err(refusal.with("field", Label::Asset.as_str()))
            }
        }
    };
    wanted.into_iter().map(key).collect()
}

/// The assets of a change that are meant, by key or by what people call them; all of them for none.
pub(super) fn assets_of(change: &Change, case: &Case, wanted: Vec<String>) -> Result<Vec<String>, Refusal> {
    if wanted.is_empty() { Ok(change.plan.assets.clone()) } else { places(case, wanted) }
}

/// Chooses the patch of a change.
///
/// # Errors
/// Refused once something was tested with another one, and where none is applied.
pub fn choose_patch(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    patch: PatchId,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(
        who,
        call,
        Action::Operate,
        change,
        |records, _| records.existing::<Patch>(patch),
        |state, _, _| state.choose_patch(patch),
    )
}

/// Assesses the impact.
///
/// # Errors
/// Refused once tests are planned, and without a text.
pub fn assess_impact(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    (text, stop_minutes): (String, u32),
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(
        who,
        call,
        Action::Operate,
        change,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, _| state.assess_impact(Impact { text, stop_minutes, documents }),
    )
}

/// Plans the tests: the whole list.
///
/// # Errors
/// Refused before the impact is assessed, without a mandatory test, and if a test that was run is left out.
pub fn plan_tests(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    tests: Vec<PlannedTest>,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(who, call, Action::Operate, change, nothing, |state, (), _| {
        state.plan_tests(tests)
    })
}

/// A test as it was run.
#[derive(Debug, Clone)]
pub struct TestDone {
    /// Name of the planned test.
    pub test: String,
    /// What it came to.
    pub result: TestResult,
    /// Where it was run: a recorded environment, or in words.
    pub place: TestPlace,
    /// Protocols, pictures.
    pub documents: Vec<PathBuf>,
    /// What was seen.
    pub note: String,
    /// The file of the patch as it was installed; hashed now.
    pub file: Option<PathBuf>,
}

/// Records a test.
///
/// # Errors
/// Refused unless the test was planned, the place is a test environment of the system, and the file of the patch is believed
/// and unchanged at this moment.
pub fn run_test(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    done: TestDone,
) -> Result<Done, RecordsError> {
    let TestDone { test, result, place, documents, note, file } = done;
    records.step::<Change, _>(
        who,
        call,
        Action::Operate,
        change,
        |records, by| {
            let state: Change = records.existing(change)?;
            let documents = records.take_in_all(&documents, by.at)?;
            let environment = match &place {
                TestPlace::Environment(id) => Some((*id, records.existing::<MasterData<Environment>>(*id)?)),
                TestPlace::Elsewhere(_) => None,
            };
            Ok((
                TestReport { test, result, place, documents, note },
                environment,
                records.at_hand(&state, file.as_deref())?,
            ))
        },
        |state, (report, environment, patch), _| {
            let tested_in: Option<(EnvironmentId, &MasterData<Environment>)> =
                environment.as_ref().map(|(id, record)| (*id, record));
            state.run_test(report, tested_in, patch.as_ref().map(Held::at_hand))
        },
    )
}

/// Confirms the results of the tests.
///
/// # Errors
/// Refused for who ran a test, and while a mandatory test is missing or failed.
pub fn confirm_results(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(
        who,
        call,
        word.action(Action::Confirm),
        change,
        |records, by| {
            let state: Change = records.existing(change)?;
            Ok((
                records.word(word, Action::Confirm, Stream::new(Kind::Change, change), by)?,
                records.at_hand(&state, None)?,
            ))
        },
        |state, (word, patch), by| state.confirm_results(word, patch.as_ref().map(Held::at_hand), by),
    )
}

/// Records the consent of the institution.
///
/// # Errors
/// Refused unless it is the word of the institution, and before the results are confirmed.
pub fn consent(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    consent: Consent,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    let action = match word {
        // The institution's own word in the software: anybody who may confirm there.
        WordGiven::Software => Action::Confirm,
        _ => Action::Operate,
    };
    records.step::<Change, _>(
        who,
        call,
        action,
        change,
        |records, by| records.spoken(word, Stream::new(Kind::Change, change), by),
        |state, spoken, by| state.consent(consent, spoken, by),
    )
}

/// Withdraws the consent: nothing more is applied.
///
/// # Errors
/// Refused without a consent or a reason.
pub fn withdraw_consent(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(who, call, Action::Confirm, change, nothing, |state, (), _| {
        state.withdraw_consent(reason)
    })
}

/// Declares an emergency.
///
/// # Errors
/// Refused without a reason and without saying how the institution was told.
pub fn declare_emergency(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    reason: String,
    notice: Notice,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(who, call, Action::Operate, change, nothing, |state, (), by| {
        state.declare_emergency(reason, notice, by)
    })
}

/// Approves the emergency.
///
/// # Errors
/// Refused for who declared it or planned the change.
pub fn approve_emergency(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(
        who,
        call,
        word.action(Action::Approve),
        change,
        |records, by| records.word(word, Action::Approve, Stream::new(Kind::Change, change), by),
        |state, word, by| state.approve_emergency(word, by),
    )
}

/// Gives a change up before anything was applied.
///
/// # Errors
/// Refused without a reason, and once something was applied.
pub fn cancel(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    reason: String,
) -> Result<Done, RecordsError> {
    records
        .step::<Change, _>(who, call, Action::Operate, change, nothing, |state, (), _| state.cancel(reason))
}

/// Whether the change may be applied now; it changes nothing. `file`: the file as it lies before who is to apply it.
///
/// # Errors
/// Refused if the person may not read.
pub fn gate(
    records: &Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    file: Option<&Path>,
) -> Result<Gate, RecordsError> {
    let stream = Stream::new(Kind::Change, change);
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    let state: Change = records.existing(change)?;
    let case: Case = records.existing(state.plan.case)?;
    let held = records.at_hand(&state, file)?;
    let by = Occurrence { at: call.now, actor: who.actor };
    Ok(gate_with_case(&state, &case, held.as_ref(), &by))
}

/// The gate of the change, and whether the decision of its case asks for it.
pub(super) fn gate_with_case(change: &Change, case: &Case, held: Option<&Held>, by: &Occurrence) -> Gate {
    let gate = change.gate(held.map(Held::at_hand), by);
    match (gate, case_blocker(change, case)) {
        (gate, None) => gate,
        (Gate::Open(_), Some(blocker)) => Gate::Blocked(vec![blocker]),
        (Gate::Blocked(mut blockers), Some(blocker)) => {
            blockers.insert(0, blocker);
            Gate::Blocked(blockers)
        }
    }
}

fn case_blocker(change: &Change, case: &Case) -> Option<Reason> {
    let in_force = matches!(case.state(), CaseState::Approved | CaseState::InProgress);
    if in_force && case.stage.treatment() == Some(treatment(change.plan.kind)) {
        return None;
    }
    let reason = Reason::new(ReasonCode::CaseAsksOtherwise).with("case", case.title());
    Some(reason.with("state", case.state()).with("kind", change.plan.kind))
}

fn treatment(kind: ChangeKind) -> Treatment {
    match kind {
        ChangeKind::Patch => Treatment::Patch,
        ChangeKind::Configuration => Treatment::ConfigurationChange,
        ChangeKind::Mitigation => Treatment::Mitigation,
        ChangeKind::Isolation => Treatment::Isolation,
        ChangeKind::Replacement => Treatment::Replacement,
    }
}

/// The patch of a change, and the hash of its file at this moment.
#[derive(Debug)]
pub(super) struct Held {
    id: PatchId,
    patch: Patch,
    hash_now: Option<Hash>,
}

impl Held {
    pub fn at_hand(&self) -> PatchAtHand<'_> {
        PatchAtHand { id: self.id, patch: &self.patch, hash_now: self.hash_now }
    }
}

impl Records {
    /// The patch that a change applies; its file is read and hashed now. Without a file there is no hash: what lies in the
    /// store says nothing about what is about to be installed.
    pub(super) fn at_hand(&self, change: &Change, file: Option<&Path>) -> Result<Option<Held>, RecordsError> {
        let Some(id) = change.plan.patch else { return Ok(None) };
        let patch = self.existing::<Patch>(id)?;
        let hash_now = file.map(hash_file).transpose()?;
        Ok(Some(Held { id, patch, hash_now }))
    }
}

fn hash_file(path: &Path) -> Result<Hash, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            return Ok(Hash(hasher.finalize().into()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}
