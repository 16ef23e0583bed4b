//! Use cases on cases: judge, analyse, decide, approve, show effect, confirm, close, open again, override.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::advisory::Justification;
use shindan_domain::calendar::day;
use shindan_domain::case::found::{Gone, Progress};
use shindan_domain::case::proof::PatchBasis;
use shindan_domain::case::{
    Applicability, Case, CaseEvent, DecisionOrder, JudgementOrder, Subject, Treatment, found::Rematch,
};
use shindan_domain::control::Exclusion;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Deployment, MasterData, Release};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Occurrence, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::CaseId;

use super::analysis::{self, AnalysisOrder};
use super::policies::InForce;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// What is judged.
#[derive(Debug, Clone)]
pub struct JudgeOrder {
    /// Whether it applies.
    pub applicability: Applicability,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// In the words of who judges.
    pub note: String,
    /// Files that it rests on.
    pub documents: Vec<PathBuf>,
}

/// What is decided.
#[derive(Debug, Clone)]
pub struct DecideOrder {
    /// The measure.
    pub treatment: Treatment,
    /// Why.
    pub reason: String,
    /// Last day of an acceptance.
    pub until: Option<Date>,
}

/// What a bulk decision came to.
#[derive(Debug)]
pub struct Bulk {
    /// The act; `None` if every case refused.
    pub done: Option<Done>,
    /// Cases that were decided.
    pub decided: Vec<Stream>,
    /// Cases that refused, each with its reason.
    pub refused: Vec<(Stream, Refusal)>,
}

fn stream(case: CaseId) -> Stream {
    Stream::new(Kind::Case, case)
}

/// Gives one command to a case.
fn step(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    action: Action,
    case: CaseId,
    command: impl FnOnce(&Records, &Case, &Occurrence) -> Result<CaseEvent, RecordsError>,
) -> Result<Done, RecordsError> {
    let about = stream(case);
    records.act(who, call, action, Some(about), |act| {
        let state = act.state::<Case>(case)?;
        let event = command(act.records(), &state, &act.occurrence);
        let event = event.map_err(|error| error.about(about))?;
        act.change::<Case>(case, |_, _| Ok(vec![event]))?;
        Ok(about)
    })
}

fn refused(refusal: Refusal) -> RecordsError {
    RecordsError::refused(None, refusal)
}

/// Judges whether it applies.
///
/// # Errors
/// Refused as [`Case::judge`]; [`RecordsError::Unreadable`] for a document.
pub fn judge(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    order: &JudgeOrder,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, _| {
        let documents = records.take_in_all(&order.documents, call.now)?;
        let JudgeOrder { applicability, justification, ref note, .. } = *order;
        let note = note.trim().to_owned();
        state.judge(JudgementOrder { applicability, justification, note, documents }).map_err(refused)
    })
}

/// Analyses the risk with inputs that are frozen from what the newest refresh knows.
///
/// # Errors
/// Refused as [`Case::analyse`].
pub fn analyse(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    order: &AnalysisOrder,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, _| {
        let in_force = InForce::read(records)?;
        let inputs = analysis::inputs(records, state, &in_force, order)?;
        state.analyse(inputs, in_force.due.as_ref()).map_err(refused)
    })
}

/// Decides the same for one or many cases with one reason, in one act. What one case refuses does not stop the others;
/// every refusal is logged.
///
/// # Errors
/// Refused if the only case refuses, or an acceptance ends later than the policy in force permits; [`RecordsError::Unknown`].
pub fn decide(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    cases: &[CaseId],
    order: &DecideOrder,
) -> Result<Bulk, RecordsError> {
    let mut refusals: Vec<(Stream, Refusal)> = Vec::new();
    let mut decided: Vec<Stream> = Vec::new();
    let about = cases.first().copied().map(stream);
    let done = records.act(who, call, Action::Operate, about, |act| {
        let order = DecisionOrder {
            treatment: order.treatment,
            reason: order.reason.trim().to_owned(),
            accept_until: order.until,
        };
        let when = act.occurrence;
        within_policy(act.records(), Label::Until, order.accept_until, &when)?;
        let unique: BTreeSet<CaseId> = cases.iter().copied().collect();
        for case in unique {
            match act.state::<Case>(case)?.decide(order.clone(), &when) {
                Ok(event) => {
                    act.change::<Case>(case, |_, _| Ok(vec![event]))?;
                    decided.push(stream(case));
                }
                Err(refusal) => refusals.push((stream(case), refusal)),
            }
        }
        match (decided.first(), refusals.first()) {
            (None, Some((about, refusal))) if refusals.len() == 1 => {
                Err(RecordsError::refused(Some(*about), refusal.clone()))
            }
            (Some(first), _) | (None, Some((first, _))) => Ok(*first),
            (None, None) => Err(RecordsError::Unknown(String::new())),
        }
    })?;
    for (about, refusal) in &refusals {
        records.log_refusal(who, call.now, Action::Operate, Some(*about), refusal)?;
    }
    let done = (done.repeated || !decided.is_empty()).then_some(done);
    Ok(Bulk { done, decided, refused: refusals })
}

/// An approved policy says for how long a risk is accepted or a measure left alone without looking again.
fn within_policy(
    records: &Records,
    field: Label,
    wanted: Option<Date>,
    by: &Occurrence,
) -> Result<(), RecordsError> {
    let Some(wanted) = wanted else { return Ok(()) };
    match InForce::read(records)?.due {
        Some(policy) => policy.check_review(field, wanted, by).map_err(refused),
        None => Ok(()),
    }
}

/// Approves the decision, or the judgement that nothing is to be treated.
///
/// # Errors
/// Refused as [`Case::approve`], and as a word is ([`WordGiven`]).
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    step(records, who, call, given.action(Action::Approve), case, |records, state, by| {
        let word = records.word(given, Action::Approve, stream(case), by)?;
        state.approve(word, by).map_err(refused)
    })
}

/// Does not approve, or takes one's own decision back.
///
/// # Errors
/// Refused as [`Case::decline`].
pub fn reject(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    reason: &str,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let own = records.state::<Case>(case)?.is_some_and(|(_, state)| state.authors().contains(&who.person()));
    let action = if own { Action::Operate } else { given.action(Action::Approve) };
    step(records, who, call, action, case, |records, state, by| {
        let word = records.word(given, Action::Approve, stream(case), by)?;
        state.decline(reason.trim().to_owned(), word).map_err(refused)
    })
}

/// The places of a case that a person means by key or by what they are called; none named: all.
fn places(case: &Case, called: &[String]) -> Result<BTreeSet<String>, Refusal> {
    if called.is_empty() {
        return Ok(case.places.keys().cloned().collect());
    }
    let mut found = BTreeSet::new();
    for name in called {
        let of_name = |(key, place): &(&String, &shindan_domain::case::found::Place)| {
            *key == name || place.found.label == *name
        };
        let before = found.len();
        found.extend(case.places.iter().filter(of_name).map(|(key, _)| key.clone()));
        if found.len() == before {
            let unknown = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Place.as_str());
            return Err(unknown.with("value", name));
        }
    }
    Ok(found)
}

/// Records how far the treatment of some places has come; all places if none is named.
///
/// # Errors
/// Refused as [`Case::progress`].
pub fn progress(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    called: &[String],
    progress: Progress,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |_, state, _| {
        let places = places(state, called).map_err(refused)?;
        state.progress(places, progress, None).map_err(refused)
    })
}

/// Opens every case again of which something ended by itself (an acceptance, an agreed alternative, the time until a
/// review), and ends exclusions whose last day has passed. Documents that no entry names are removed. For a daily schedule; a second time on the same day does nothing.
///
/// # Errors
/// Refused without the role; [`RecordsError::Conflict`].
pub fn expire(records: &mut Records, who: &Entered, call: &Call) -> Result<Vec<Stream>, RecordsError> {
    let mut ended: Vec<Stream> = Vec::new();
    records.act(who, call, Action::Operate, None, |act| {
        let today = day(act.occurrence.at);
        for (id, case) in act.records().all::<Case>()? {
            if case.lapsed(today).is_some() {
                act.change::<Case>(id, |state, by| Ok(vec![state.expire(by)?]))?;
                ended.push(Stream::new(Kind::Case, id));
            }
        }
        let when = act.occurrence;
        for (id, exclusion) in act.records().all::<Exclusion>()? {
            // "Nothing has ended" is no reason to stop.
            if exclusion.expire(&when).is_ok() {
                act.change::<Exclusion>(id, |state, by| Ok(vec![state.expire(by)?]))?;
                ended.push(Stream::new(Kind::Control, id));
            }
        }
        Ok(Stream::new(Kind::Installation, act.records().store().installation().id))
    })?;
    records.forget_unused(call.now)?;
    Ok(ended)
}

/// Records evidence that a configuration change, mitigation or isolation has its effect.
///
/// # Errors
/// Refused as [`Case::show_effect`]; [`RecordsError::Unreadable`] for the file.
pub fn show_effect(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    called: &[String],
    (file, note): (&PathBuf, &str),
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, _| {
        let places = places(state, called).map_err(refused)?;
        let document = records.take_in(file, call.now)?;
        state.show_effect(places, document, note.trim().to_owned()).map_err(refused)
    })
}

/// Records what shows that one place contains the fix already: the newest comparison, or a document about its build.
/// Proof of a patch that was applied comes from its change.
///
/// # Errors
/// Refused as [`Case::prove_patch`], and if the newest comparison still finds something there.
pub fn prove_fixed(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    called: &str,
    document: Option<&PathBuf>,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, by| {
        let places = places(state, &[called.to_owned()]).map_err(refused)?;
        let place = places.first().cloned().unwrap_or_default();
        let basis = match document {
            Some(file) => PatchBasis::FixedBuild { document: records.take_in(file, call.now)? },
            None => PatchBasis::Rematched { rematch: rematch(state, &place).map_err(refused)? },
        };
        state.prove_patch(place, None, by.at, basis, by).map_err(refused)
    })
}

fn rematch(case: &Case, place: &str) -> Result<Rematch, Refusal> {
    let code = if case.is_assessed() { ReasonCode::RetestMissing } else { ReasonCode::StillMatched };
    let gone = case.places.get(place).and_then(|place| place.gone.as_ref());
    gone.and_then(Gone::rematch).ok_or_else(|| Reason::new(code).with("place", place).into())
}

/// Records that a place was replaced: the old asset was retired, the new one compared.
///
/// # Errors
/// Refused as [`Case::replace`], if nothing was compared since the approval, and while the old place still hits.
pub fn replace(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    called: &str,
    (retired, successor): (&PathBuf, &str),
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, _| {
        let places = places(state, &[called.to_owned()]).map_err(refused)?;
        let place = places.first().cloned().unwrap_or_default();
        let installation = records.store().installation().id;
        let compared = records.state::<shindan_domain::comparison::Comparisons>(installation)?;
        let compared = compared.and_then(|(_, all)| all.of(state.subject).cloned());
        let compared = compared.ok_or_else(|| refused(Refusal::new(ReasonCode::ControlNeverJudged)))?;
        let matched = Rematch { knowledge: compared.compared.knowledge, at: compared.compared.as_of };
        replaced(state, &place, matched).map_err(refused)?;
        let retired = records.take_in(retired, call.now)?;
        state.replace(place, retired, successor.trim().to_owned(), matched).map_err(refused)
    })
}

/// What was compared before the replacement was approved says nothing about the new asset, and what still hits the old one
/// was not replaced.
fn replaced(case: &Case, place: &str, matched: Rematch) -> Result<(), Refusal> {
    let Some((_, approval)) = case.stage.approved() else { return Ok(()) };
    if matched.at < approval.at {
        let label = case.places.get(place).map_or(place, |place| place.found.label.as_str());
        return Err(Reason::new(ReasonCode::RematchTooOld).with("place", label).into());
    }
    // No comparison finds a use other than intended or what a scanner found, so that none can say that it is gone.
    if case.is_stated() || case.is_assessed() {
        return Ok(());
    }
    rematch(case, place).map(drop)
}

/// Confirms as a second person that the treatment is complete.
///
/// # Errors
/// Refused as [`Case::confirm`], and for a review later than the policy in force permits.
pub fn confirm(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    review: Option<Date>,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    step(records, who, call, given.action(Action::Confirm), case, |records, state, by| {
        within_policy(records, Label::Review, review, by)?;
        let word = records.word(given, Action::Confirm, stream(case), by)?;
        state.confirm(word, review, by).map_err(refused)
    })
}

/// Closes a case whose proof is complete.
///
/// # Errors
/// Refused as [`Case::close`], with everything that is missing.
pub fn close(records: &mut Records, who: &Entered, call: &Call, case: CaseId) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |_, state, _| state.close().map_err(refused))
}

/// Opens an approved, accepted or closed case again.
///
/// # Errors
/// Refused as [`Case::reopen`].
pub fn reopen(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    reason: &str,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |_, state, _| {
        state.reopen(reason.trim().to_owned()).map_err(refused)
    })
}

/// Takes over the decision that was approved for the release.
///
/// # Errors
/// Refused as [`Case::inherit`]; if this is no deployment's case; if the deployment is of another release.
pub fn inherit(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    from: CaseId,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, by| {
        let unknown = || RecordsError::unknown(stream(from));
        let (_, provider) = records.state::<Case>(from)?.ok_or_else(unknown)?;
        if !is_of_release(records, state.subject, provider.subject)? {
            let refusal = Refusal::new(ReasonCode::InheritanceSubject);
            let kinds = (state.subject.kind(), provider.subject.kind());
            return Err(refused(refusal.with("subject", kinds.0).with("from", kinds.1)));
        }
        state.inherit(from, &provider, by).map_err(refused)
    })
}

fn is_of_release(records: &Records, subject: Subject, from: Subject) -> Result<bool, RecordsError> {
    let (Subject::Deployment(deployment), Subject::Release(release)) = (subject, from) else {
        return Ok(false);
    };
    let state = records.state::<MasterData<Deployment>>(deployment)?;
    let known = records.state::<MasterData<Release>>(release)?.is_some();
    Ok(known && state.is_some_and(|(_, deployment)| deployment.particulars.release == release))
}

/// The site decides for itself. In the same act the deployment remembers it, so that nothing is inherited again.
///
/// # Errors
/// Refused as [`Case::override_inherited`].
pub fn override_inherited(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
    reason: &str,
) -> Result<Done, RecordsError> {
    let about = stream(case);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let before = act.state::<Case>(case)?;
        let reason = reason.trim().to_owned();
        act.change::<Case>(case, |state, _| Ok(vec![state.override_inherited(reason.clone())?]))?;
        if let (Some(from), Subject::Deployment(deployment)) = (before.inherited, before.subject) {
            act.change::<MasterData<Deployment>>(deployment, |state, by| {
                Ok(vec![state.override_decision(from, reason, by)?])
            })?;
        }
        Ok(about)
    })
}

/// Sets the due dates of the policy in force on open cases that have none, or older ones.
///
/// # Errors
/// Refused without a policy in force ([`ReasonCode::PolicyNotApproved`]).
pub fn set_due(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    case: CaseId,
) -> Result<Done, RecordsError> {
    step(records, who, call, Action::Operate, case, |records, state, _| {
        let in_force = InForce::read(records)?;
        let none = || refused(Refusal::new(ReasonCode::PolicyNotApproved));
        state.set_due(in_force.due.as_ref().ok_or_else(none)?).map_err(refused)
    })
}
