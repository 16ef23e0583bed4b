//! Use cases on changes behind the gate: apply, confirm with proof, take back, close, and *cannot be applied*.
//!
//! An act here writes two records at once: the change, and the case that it carries out. Neither is ever ahead of the other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::alternative::Alternative;
use shindan_domain::case::found::{Progress, Rematch};
use shindan_domain::case::proof::PatchBasis;
use shindan_domain::case::settle::{Alternative as CaseAlternative, AlternativeSource};
use shindan_domain::case::{Case, CaseEvent, CaseState};
use shindan_domain::change::{AssetProgress, Change, Gate, Proof};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Occurrence, ReasonCode, Refusal};
use shindan_domain::record_id::{CaseId, ChangeId};

use super::changes::{assets_of, gate_with_case};
use super::rematch::Rematched;
use super::step::nothing;
use super::words_given::WordGiven;
use super::{Act, Call, Done, Entered, Records, RecordsError};

/// Applies a change to assets (all of it for none). The file is hashed again at this moment, and every application goes
/// through the gate.
///
/// # Errors
/// [`ReasonCode::GateBlocked`] with everything that is missing.
pub fn apply(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    assets: Vec<String>,
    file: Option<&Path>,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, Action::Operate, change, |act, stream| {
        let (state, case) = both(act, change)?;
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        let held = act.records().at_hand(&state, file)?;
        if let Gate::Blocked(blockers) = gate_with_case(&state, &case, held.as_ref(), &act.occurrence) {
            return Err(refused(Refusal::new(ReasonCode::GateBlocked).missing(blockers)));
        }
        let assets = assets_of(&state, &case, assets).map_err(refused)?;
        act.change::<Change>(change, |state, by| {
            Ok(vec![state.apply_to(assets.clone(), held.as_ref().map(super::changes::Held::at_hand), by)?])
        })?;
        progress(act, &state, change, &assets, Progress::Done)
    })
}

/// Records that it did not work on an asset.
///
/// # Errors
/// Refused without a reason, and for an asset on which it was not applied.
pub fn fail(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    asset: String,
    reason: String,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, Action::Operate, change, |act, stream| {
        let (state, asset) = named(act, change, vec![asset], stream)?;
        let one = asset.first().cloned().unwrap_or_default();
        act.change::<Change>(change, |state, _| Ok(vec![state.fail(one, reason)?]))?;
        progress(act, &state, change, &asset, Progress::Working)
    })
}

/// Leaves assets out, with what is done there instead.
///
/// # Errors
/// Refused without a reason, and for an asset on which it was applied.
pub fn leave_out(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    assets: Vec<String>,
    reason: String,
    alternative: Option<AlternativeGiven>,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, Action::Operate, change, |act, stream| {
        let (state, assets) = named(act, change, assets, stream)?;
        let alternative = taken(act, alternative)?;
        act.change::<Change>(change, |state, by| {
            Ok(vec![state.leave_out(assets.clone(), reason, alternative, by)?])
        })?;
        progress(act, &state, change, &assets, Progress::Impossible)
    })
}

/// An alternative with the file in which it was agreed.
#[derive(Debug, Clone)]
pub struct AlternativeGiven {
    /// What is done instead.
    pub text: String,
    /// Until when, a day in Japan.
    pub until: Date,
    /// The paper or file.
    pub document: Option<PathBuf>,
}

fn taken(act: &Act<'_>, given: Option<AlternativeGiven>) -> Result<Option<Alternative>, RecordsError> {
    let Some(AlternativeGiven { text, until, document }) = given else { return Ok(None) };
    let at = act.occurrence.at;
    let document = document.map(|path| act.records().take_in(&path, at)).transpose()?;
    Ok(Some(Alternative { text, until, document }))
}

/// What shows that it works.
#[derive(Debug, Clone)]
pub enum Shown {
    /// The program matches new inventories again.
    Rematch {
        /// New inventories.
        inventories: Vec<PathBuf>,
        /// The register of the data folder, too.
        register: bool,
    },
    /// Evidence that the installed build contains the fix (back-port).
    FixedBuild {
        /// What shows the installed build.
        file: PathBuf,
        /// Which build or update repairs it, and who says so.
        text: String,
    },
    /// Evidence of the effect of a setting, a mitigation, an isolation.
    Effect {
        /// What it rests on.
        file: PathBuf,
        /// What shows the effect.
        text: String,
        /// When it is looked at again, a day in Japan.
        review: Date,
    },
    /// The old asset is retired; the new one is matched by the program.
    Replaced {
        /// What shows that the old one is retired.
        retired: PathBuf,
        /// Key of the new one.
        successor: String,
        /// New inventories.
        inventories: Vec<PathBuf>,
        /// The register of the data folder, too.
        register: bool,
    },
}

/// Confirms that it works where it was applied; the case gets the proof in the same act.
///
/// # Errors
/// Refused if findings are left, the inventory proves nothing, or a second person is needed.
pub fn confirm_after(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    assets: Vec<String>,
    shown: Shown,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, word.action(Action::Confirm), change, |act, stream| {
        let (state, case) = both(act, change)?;
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        let assets = assets_of(&state, &case, assets).map_err(refused)?;
        let at = act.occurrence.at;
        let word = act.records().word(word, Action::Confirm, stream, &act.occurrence)?;
        let places: BTreeSet<String> = assets.iter().cloned().collect();
        let (proof, rematched) = proof(act.records(), &case, &places, shown, at)?;
        let after = act.change::<Change>(change, |state, by| {
            Ok(vec![state.confirm_after(assets.clone(), proof.clone(), word, by)?])
        })?;
        prove(act, (change, &after), &places, &proof, rematched.as_ref())
    })
}

fn proof(
    records: &Records,
    case: &Case,
    places: &BTreeSet<String>,
    shown: Shown,
    at: Timestamp,
) -> Result<(Proof, Option<Rematched>), RecordsError> {
    let refused = |refusal| RecordsError::refused(None, refusal);
    match shown {
        Shown::Rematch { inventories, register } => {
            let rematched = records.match_again(&inventories, register, at)?;
            let remaining = rematched.remaining_at(case, places).map_err(refused)?;
            let Rematch { knowledge, at } = rematched.rematch;
            Ok((Proof::Rematched { knowledge, at, remaining }, Some(rematched)))
        }
        Shown::FixedBuild { file, text } => {
            Ok((Proof::FixedBuild { document: records.take_in(&file, at)?, text }, None))
        }
        Shown::Effect { file, text, review } => {
            Ok((Proof::Effect { text, document: records.take_in(&file, at)?, review }, None))
        }
        Shown::Replaced { retired, successor, inventories, register } => {
            let rematched = records.match_again(&inventories, register, at)?;
            let remaining = rematched.remaining_on(case, &successor).map_err(refused)?;
            let Rematch { knowledge, at } = rematched.rematch;
            let retired = records.take_in(&retired, at)?;
            Ok((Proof::Replaced { retired, successor, knowledge, at, remaining }, Some(rematched)))
        }
    }
}

/// Gives the case the proof of each place.
fn prove(
    act: &mut Act<'_>,
    (change, state): (ChangeId, &Change),
    places: &BTreeSet<String>,
    proof: &Proof,
    rematched: Option<&Rematched>,
) -> Result<(), RecordsError> {
    let id = state.plan.case;
    if let (Proof::Rematched { .. }, Some(rematched)) = (proof, rematched) {
        let case: Case = act.state(id)?;
        if let Some(event) = rematched.gone(id, &case, places) {
            act.change::<Case>(id, |_, _| Ok(vec![event]))?;
        }
    }
    if let Proof::Effect { text, document, .. } = proof {
        let (document, text) = (document.clone(), text.clone());
        act.change::<Case>(id, |case, _| Ok(vec![case.show_effect(places.clone(), document, text)?]))?;
        return Ok(());
    }
    for place in places {
        let applied_at = applied_at(state, place);
        act.change::<Case>(id, |case, by| {
            Ok(vec![proven(case, change, place, applied_at.unwrap_or(by.at), proof, by)?])
        })?;
    }
    Ok(())
}

fn applied_at(change: &Change, place: &str) -> Option<Timestamp> {
    change.rollout()?.assets.get(place).and_then(AssetProgress::applied).map(|applied| applied.at)
}

fn proven(
    case: &Case,
    change: ChangeId,
    place: &str,
    applied_at: Timestamp,
    proof: &Proof,
    by: &Occurrence,
) -> Result<CaseEvent, Refusal> {
    let place = place.to_owned();
    match proof {
        Proof::Rematched { knowledge, at, .. } => {
            let rematch = Rematch { knowledge: *knowledge, at: *at };
            case.prove_patch(place, Some(change), applied_at, PatchBasis::Rematched { rematch }, by)
        }
        Proof::FixedBuild { document, .. } => {
            let basis = PatchBasis::FixedBuild { document: document.clone() };
            case.prove_patch(place, Some(change), applied_at, basis, by)
        }
        Proof::Replaced { retired, successor, knowledge, at, .. } => {
            let matched = Rematch { knowledge: *knowledge, at: *at };
            case.replace(place, retired.clone(), successor.clone(), matched)
        }
        Proof::Effect { text, document, .. } => {
            case.show_effect(BTreeSet::from([place]), document.clone(), text.clone())
        }
    }
}

/// Takes it back. What was proven there is not proven any more; a case that rested on it is opened again.
///
/// # Errors
/// Refused without a reason, and where it was not applied.
pub fn roll_back(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    assets: Vec<String>,
    reason: String,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, Action::Operate, change, |act, stream| {
        let (state, assets) = named(act, change, assets, stream)?;
        act.change::<Change>(change, |state, _| Ok(vec![state.roll_back(assets.clone(), reason.clone())?]))?;
        let case: Case = act.state(state.plan.case)?;
        if matches!(case.state(), CaseState::Confirmed | CaseState::Closed) {
            act.change::<Case>(state.plan.case, |case, _| Ok(vec![case.reopen(reason)?]))?;
            return Ok(());
        }
        progress(act, &state, change, &assets, Progress::Waiting)
    })
}

/// Closes a change whose assets are all settled.
///
/// # Errors
/// Refused with everything that is missing, what an emergency left out among it.
pub fn close(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
) -> Result<Done, RecordsError> {
    records.step::<Change, _>(who, call, Action::Operate, change, nothing, |state, (), _| state.close())
}

/// Records that it cannot be applied, with the alternative that was agreed. The case goes back to its decision with it, in
/// the same act.
///
/// # Errors
/// Refused while something is applied, for who planned it, and for a case that is confirmed, accepted or closed.
pub fn cannot_apply(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    change: ChangeId,
    reason: String,
    alternative: AlternativeGiven,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    on_both(records, who, call, word.action(Action::Confirm), change, |act, stream| {
        let given = act.records().agreement(word, Action::Confirm, stream, &act.occurrence)?;
        let (text, until) = (alternative.text.clone(), alternative.until);
        let Some(agreed) = taken(act, Some(alternative))? else { return Ok(()) };
        let state = act
            .change::<Change>(change, |state, by| Ok(vec![state.cannot_apply(reason, agreed, given, by)?]))?;
        let source = AlternativeSource::Change(change);
        agree(act, state.plan.case, CaseAlternative { source, note: text, until })
    })
}

/// The case returns to its decision with an alternative.
pub(super) fn agree(
    act: &mut Act<'_>,
    case: CaseId,
    alternative: CaseAlternative,
) -> Result<(), RecordsError> {
    act.change::<Case>(case, |case, by| Ok(vec![case.agree_alternative(alternative, by)?])).map(drop)
}

fn on_both(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    action: Action,
    change: ChangeId,
    work: impl FnOnce(&mut Act<'_>, Stream) -> Result<(), RecordsError>,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Change, change);
    records.act(who, call, action, Some(stream), |act| work(act, stream).map(|()| stream))
}

fn both(act: &Act<'_>, change: ChangeId) -> Result<(Change, Case), RecordsError> {
    let state: Change = act.state(change)?;
    let case = act.state(state.plan.case)?;
    Ok((state, case))
}

fn named(
    act: &Act<'_>,
    change: ChangeId,
    assets: Vec<String>,
    stream: Stream,
) -> Result<(Change, Vec<String>), RecordsError> {
    let (state, case) = both(act, change)?;
    let assets =
        assets_of(&state, &case, assets).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    Ok((state, assets))
}

/// Tells the case how far the treatment of its places has come. A case that is not being treated any more (its decision was
/// taken back) is left as it is, except when something is applied: there the gate has asked before.
fn progress(
    act: &mut Act<'_>,
    change: &Change,
    id: ChangeId,
    assets: &[String],
    progress: Progress,
) -> Result<(), RecordsError> {
    let case: Case = act.state(change.plan.case)?;
    let in_force = matches!(case.state(), CaseState::Approved | CaseState::InProgress);
    let reached = |key: &String| {
        case.places.get(key).is_some_and(|place| place.progress == progress && place.change == Some(id))
    };
    if !in_force || assets.iter().all(reached) {
        return Ok(());
    }
    let places: BTreeSet<String> = assets.iter().cloned().collect();
    let case = change.plan.case;
    act.change::<Case>(case, |case, _| Ok(vec![case.progress(places, progress, Some(id))?])).map(drop)
}
