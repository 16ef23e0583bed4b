//! Taking a bundle in. A refusal is kept in the log of refusals and, where the sender is known, in their record.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::collect::{
    CheckBy, CheckDraft, CheckOutcome, Counts, Failure, Source, SourceCheck, SourceState, alarms,
};
use shindan_domain::exchange::{BundleArrival, Exchange, InTime};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::{ExchangeId, SourceCheckId, SourceId};
use shindan_exchange::bundle::{BundleLimits, BundleManifest, BundleSource, OpenedBundle, open_bundle};

use super::alone;
use super::outcomes::{Carrying, Told, draft};
use super::unpacked::Unpacked;
use crate::data_folder::DataFolder;
use crate::progress::{Progress, Stage};
use crate::records::collect::files::Files;
use crate::records::collect::sync::{Synced, bring_up_to_date};
use crate::records::collect::{checks, plan, sources, standing};
use crate::records::exchange::told;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError};
use crate::{clock, knowledge};

/// A bundle that is to be taken in.
#[derive(Debug, Clone)]
pub struct BundleGiven {
    /// The file.
    pub file: PathBuf,
    /// Why it is taken in although its time is over; an approver's decision.
    pub expired_because: Option<String>,
}

/// A bundle that was taken in.
#[derive(Debug)]
pub struct BundleTaken {
    /// What was recorded.
    pub done: Done,
    /// What it says of itself.
    pub manifest: BundleManifest,
    /// Its time was over.
    pub expired: bool,
    /// The sources, each with its check.
    pub sources: Vec<Synced>,
    /// Short names of sources that were not known here.
    pub added: Vec<String>,
    /// Short names of sources that ended here; nothing was done with them.
    pub passed_over: Vec<String>,
    /// The knowledge base, if it was built anew.
    pub built: Option<knowledge::Built>,
}

/// A bundle that was looked at.
#[derive(Debug)]
pub struct BundleLooked {
    /// What it says of itself.
    pub manifest: BundleManifest,
    /// Why it would be refused.
    pub refused: Option<Reason>,
    /// Its time is over, so that an approver would have to give a reason.
    pub expired: Option<Reason>,
}

fn opened(path: &Path) -> Result<OpenedBundle<'static>, RecordsError> {
    let file = File::open(path).map_err(|error| RecordsError::unreadable(path, &error))?;
    open_bundle(BufReader::new(file), &BundleLimits::default()).map_err(|trouble| told(trouble, path))
}

fn refused(reason: Reason) -> RecordsError {
    RecordsError::refused(None, reason.into())
}

/// What a bundle says of itself. Its signature holds; nothing else was judged.
///
/// # Errors
/// Refused if the person may not read, and for what is no bundle; [`RecordsError::Unreadable`].
pub fn head(
    records: &Records,
    who: &Entered,
    path: &Path,
    now: Timestamp,
) -> Result<BundleManifest, RecordsError> {
    records.look(who, now, Action::Read, None, || Ok(opened(path)?.manifest))
}

/// Looks at a bundle as an import would, and takes nothing in.
///
/// # Errors
/// As [`head`].
pub fn examine(
    records: &Records,
    who: &Entered,
    path: &Path,
    now: Timestamp,
) -> Result<BundleLooked, RecordsError> {
    records.look(who, now, Action::Read, None, || {
        let opened = opened(path)?;
        let arrival = opened.arrival();
        let manifest = opened.manifest.clone();
        let judged = judged(records, &arrival, now)?.map(|(_, in_time)| in_time);
        let whole = match opened.finish().map_err(|trouble| told(trouble, path)) {
            Ok(_) => None,
            Err(RecordsError::Refused { refusal, .. }) => Some(refusal.reason),
            Err(error) => return Err(error),
        };
        let (refused, expired) = match judged {
            Err(reason) => (Some(reason), None),
            Ok(InTime::Yes) => (None, None),
            Ok(InTime::NeedsPerson(reason)) => (None, Some(reason)),
        };
        Ok(BundleLooked { manifest, refused: whole.or(refused), expired })
    })
}

/// Whose bundle it is, and whether it may be taken in.
fn judged(
    records: &Records,
    arrival: &BundleArrival,
    now: Timestamp,
) -> Result<Result<(ExchangeId, InTime), Reason>, RecordsError> {
    let Some((id, partner)) = records.partner_of(arrival.sender)? else {
        return Ok(Err(Reason::new(ReasonCode::SealedUnknownKey).with("key", &arrival.key)));
    };
    Ok(partner.judge_bundle(arrival, now).map(|in_time| (id, in_time)))
}

/// What came of an act, beside what it recorded.
#[derive(Default)]
struct Outcome {
    manifest: Option<BundleManifest>,
    expired: bool,
    checks: Vec<(SourceCheckId, Synced)>,
    added: Vec<String>,
    passed_over: Vec<String>,
    /// Whose bundle it is, for their record if it is refused.
    from: Option<(ExchangeId, BundleArrival)>,
}

/// Takes a bundle in: verifies it, puts its files in force, records a check for each source, and brings the knowledge base up to
/// date. Nothing of a bundle that is refused comes into force.
///
/// # Errors
/// Refused with what is wrong; the refusal is recorded. One whose time is over needs an approver who says why.
/// [`RecordsError::Unreadable`].
pub fn import(
    records: &mut Records,
    (who, call): (&Entered, &Call),
    folder: &DataFolder,
    given: &BundleGiven,
    progress: &dyn Progress,
) -> Result<BundleTaken, RecordsError> {
    let action = action(records, given, call.now);
    let _alone = alone(folder)?;
    let mut outcome = Outcome::default();
    let taken =
        records.act(who, call, action, None, |act| accept(act, folder, given, progress, &mut outcome));
    let done = match taken {
        Ok(done) => done,
        Err(RecordsError::Refused { about, refusal }) => {
            if let Some((id, arrival)) = outcome.from {
                note(records, (who, call.now), action, (id, &arrival), &refusal.reason)?;
            }
            return Err(RecordsError::Refused { about, refusal });
        }
        Err(error) => return Err(error),
    };
    // Built after its files were written, or it would not be known to hold them.
    let now = call.now.max(clock::now());
    let built = bring_up_to_date(records, (who, action, now), folder, progress)?;
    progress.stage(Stage::Done, None);
    let number = |(check, synced)| {
        let check = done.numbers.get(&Stream::new(Kind::SourceCheck, check)).cloned();
        Synced { check, ..synced }
    };
    let Outcome { manifest, expired, checks, added, passed_over, from: _ } = outcome;
    let manifest = manifest.ok_or_else(|| RecordsError::stored("a bundle that was not taken in"))?;
    let sources = checks.into_iter().map(number).collect();
    Ok(BundleTaken { done, manifest, expired, sources, added, passed_over, built })
}

/// To take in what is too old is an approver's decision. What cannot be read here is refused in the act, which logs it.
fn action(records: &Records, given: &BundleGiven, now: Timestamp) -> Action {
    let arrival = opened(&given.file).map(|opened| opened.arrival());
    let judged = arrival.and_then(|arrival| judged(records, &arrival, now));
    match judged {
        Ok(Ok((_, InTime::NeedsPerson(_)))) if given.expired_because.is_some() => Action::Approve,
        _ => Action::Operate,
    }
}

/// Records in the sender's record that a bundle was refused.
fn note(
    records: &mut Records,
    (who, now): (&Entered, Timestamp),
    action: Action,
    (id, arrival): (ExchangeId, &BundleArrival),
    reason: &Reason,
) -> Result<(), RecordsError> {
    let stream = Stream::new(Kind::Exchange, id);
    records.act(who, &Call::at(now), action, Some(stream), |act| {
        act.change::<Exchange>(id, |state, _| Ok(vec![state.refuse_bundle(arrival, reason.clone())]))?;
        Ok(stream)
    })?;
    Ok(())
}

fn accept(
    act: &mut Act<'_>,
    folder: &DataFolder,
    given: &BundleGiven,
    progress: &dyn Progress,
    outcome: &mut Outcome,
) -> Result<Stream, RecordsError> {
    let at = act.occurrence.at;
    let opened = opened(&given.file)?;
    let arrival = opened.arrival();
    let known = act.records().partner_of(arrival.sender)?.map(|(id, _)| id);
    outcome.from = known.map(|id| (id, arrival.clone()));
    // Before anything is unpacked; the command asks again.
    let (id, in_time) = judged(act.records(), &arrival, at)?.map_err(refused)?;
    let about = Stream::new(Kind::Exchange, id);
    outcome.expired = match (in_time, &given.expired_because) {
        (InTime::Yes, _) => false,
        (InTime::NeedsPerson(_), Some(_)) => true,
        (InTime::NeedsPerson(reason), None) => return Err(refused(reason).about(about)),
    };
    let manifest = opened.manifest.clone();
    let payload = opened.payload.clone();
    progress.stage(Stage::Reading, Some((manifest.files.len() + manifest.sources.len()) as u64));
    let place = (folder.collected(), act.new_id()?);
    let unpacked = Unpacked::all(opened, (&place.0, place.1), &given.file, progress)
        .map_err(|error| error.about(about))?;
    let carrying =
        Carrying { manifest: &manifest, unpacked: &unpacked, folder, at, expired: outcome.expired };
    let all = told_of_all(act, &carrying, outcome, progress)?;
    let document = act.records().take_in_bytes(&payload, &name_of(&arrival), at)?;
    let because = given.expired_because.clone();
    act.change::<Exchange>(id, |state, by| Ok(vec![state.take_bundle(&arrival, because, document, by)?]))?;
    let in_force = all.iter().filter(|told| told.counts_now).map(|told| told.name.clone());
    let in_force: Vec<String> = in_force.collect();
    for told in all {
        let recorded = record(act, told, at)?;
        outcome.checks.push(recorded);
    }
    not_brought(act, &carrying, outcome)?;
    // Last, when nothing can be refused any more.
    in_force.iter().try_for_each(|name| put_in_force(&carrying, name))?;
    outcome.manifest = Some(manifest);
    Ok(about)
}

fn name_of(arrival: &BundleArrival) -> String {
    format!("bundle-{:06}.json", arrival.sequence)
}

/// What is told of the sources; those that are not known here are added.
fn told_of_all(
    act: &mut Act<'_>,
    carrying: &Carrying<'_>,
    outcome: &mut Outcome,
    progress: &dyn Progress,
) -> Result<Vec<Told>, RecordsError> {
    let mut all = Vec::new();
    let mut taken = sources::names(act.records())?;
    let known = act.records().all::<Source>()?;
    for source in &carrying.manifest.sources {
        let here = known.iter().find(|(_, here)| here.draft.name == source.name);
        let id = match here {
            Some((_, here)) if here.draft.kind != source.kind => {
                let reason = Reason::new(ReasonCode::BundleSourceDiffers).with("value", &source.name);
                return Err(refused(reason.with("kind", here.draft.kind).with("found", source.kind)));
            }
            Some((_, here)) if here.state() == SourceState::Ended => {
                outcome.passed_over.push(source.name.clone());
                continue;
            }
            Some((id, _)) => SourceId(*id),
            None => {
                outcome.added.push(source.name.clone());
                add(act, source, carrying, &mut taken)?
            }
        };
        all.push(carrying.of(act.records(), (id, source))?);
        progress.advance(1);
    }
    Ok(all)
}

fn add(
    act: &mut Act<'_>,
    source: &BundleSource,
    carrying: &Carrying<'_>,
    taken: &mut Vec<String>,
) -> Result<SourceId, RecordsError> {
    let pack = sources::proposals()?;
    let like = pack.sources.iter().find(|one| one.name == source.name && one.kind == source.kind);
    let draft = draft(source, like.map(|one| one.draft("en", None)).as_ref());
    let from = Some(carrying.manifest.sender.installation);
    Ok(SourceId(sources::begin(act, (draft, from), taken)?.id))
}

/// Puts the files of a source in force, and takes those out that its sender no longer has.
fn put_in_force(carrying: &Carrying<'_>, source: &str) -> Result<(), RecordsError> {
    let mut files = Files::of(carrying.folder, source)?;
    let mut names = Vec::new();
    for file in carrying.manifest.whole(source) {
        if let Some(bytes) = carrying.unpacked.bytes(&file.name())? {
            files.put_carried_in_force(&file.path, &bytes)?;
        }
        names.push(file.path.as_str());
    }
    files.keep_only(&names)?;
    Ok(())
}

/// Records the check of a source with what it brought.
fn record(act: &mut Act<'_>, told: Told, at: Timestamp) -> Result<(SourceCheckId, Synced), RecordsError> {
    let Told { source: id, name, outcome, counts, fetches, carried, news, counts_now: _ } = told;
    let source = checks::looked_at(act, id)?;
    let mut draft = CheckDraft {
        source: id,
        name: name.clone(),
        reason: None,
        by: CheckBy::Bundle,
        started: at,
        ended: at,
        outcome,
        fetches,
        by_hand: None,
        carried: Some(carried),
        counts,
        alarms: Vec::new(),
    };
    let check = SourceCheckId(act.new_id()?);
    let mut history = standing::history(act.records(), id)?;
    let this =
        SourceCheck { draft: draft.clone(), recorded_by: act.occurrence.actor.person, confirmed: None };
    history.push(this.facts(check));
    draft.alarms = alarms(&history, &source.draft.thresholds, at);
    let (outcome, found) = (draft.outcome.clone(), draft.alarms.clone());
    checks::record(act, check, draft)?;
    news.take_in(act, id, check)?;
    Ok((check, Synced { source: id, name, check: None, outcome, alarms: found, told: Vec::new() }))
}

/// Sources that bundles bring, or that nothing brought yet, and that this bundle does not name: nobody knows what they tell.
fn not_brought(
    act: &mut Act<'_>,
    carrying: &Carrying<'_>,
    outcome: &mut Outcome,
) -> Result<(), RecordsError> {
    let from = carrying.manifest.sender.installation;
    for (id, source) in act.records().all::<Source>()? {
        let id = SourceId(id);
        let named = carrying.manifest.sources.iter().any(|one| one.name == source.draft.name);
        let fetched = plan::used(source.draft.kind).is_some() && source.state() == SourceState::Active;
        if named || !fetched {
            continue;
        }
        let history = standing::history(act.records(), id)?;
        let carried = history.last().map(|last| last.carried.as_ref().is_some_and(|one| one.from == from));
        if carried == Some(false) {
            continue;
        }
        let told = Told {
            source: id,
            name: source.draft.name.clone(),
            outcome: CheckOutcome::Failed { failure: Failure::NotInBundle, params: Default::default() },
            counts: Counts::default(),
            fetches: Vec::new(),
            carried: shindan_domain::collect::Carried {
                from,
                sequence: carrying.manifest.sequence,
                as_of: None,
                stale: true,
            },
            news: Default::default(),
            counts_now: false,
        };
        let recorded = record(act, told, carrying.at)?;
        outcome.checks.push(recorded);
    }
    Ok(())
}
