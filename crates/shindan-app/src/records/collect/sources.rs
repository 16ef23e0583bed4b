//! Which sources are looked at.

use shindan_domain::collect::{Source, SourceDraft, SourcePack, Thresholds};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{InstallationId, PersonId, SourceId};

use crate::embedded;
use crate::error::AppError;
use crate::records::step::nothing;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError};

/// The sources that are proposed. Nothing is fetched because it stands there.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn proposals() -> Result<SourcePack, AppError> {
    embedded::sources()
}

/// Adds a source.
///
/// # Errors
/// Refused for a name that is taken, an address that is not permitted, and what else [`Source::add`] refuses.
pub fn add(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    draft: SourceDraft,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        let mut taken = names(act.records())?;
        begin(act, (draft, None), &mut taken)
    })
}

/// Adds sources of the pack in one act: those that are named, or all that every installation should look at and that are not there
/// yet. The answer is about the last one.
///
/// # Errors
/// As [`add`]; [`ReasonCode::ItemUnknown`] for a name that the pack does not have, [`ReasonCode::NothingChanges`] if all are there.
pub fn add_proposed(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (wanted, language): (&[String], &str),
    responsible: Option<PersonId>,
) -> Result<Done, RecordsError> {
    let pack = proposals()?;
    records.act(who, call, Action::Operate, None, |act| {
        let mut taken = names(act.records())?;
        let known = |name: &String| pack.sources.iter().any(|one| one.name == *name);
        if let Some(unknown) = wanted.iter().find(|name| !known(name)) {
            let reason = Reason::new(ReasonCode::ItemUnknown).with("value", unknown);
            return Err(RecordsError::refused(None, reason.into()));
        }
        if let Some(person) = responsible {
            act.records().existing::<Person>(person)?;
        }
        let chosen = pack.sources.iter().filter(|one| match wanted {
            [] => one.proposed && !taken.contains(&one.name),
            named => named.contains(&one.name),
        });
        let drafts: Vec<SourceDraft> = chosen.map(|one| one.draft(language, responsible)).collect();
        let mut last = None;
        for draft in drafts {
            last = Some(begin(act, (draft, None), &mut taken)?);
        }
        last.ok_or_else(|| RecordsError::refused(None, Refusal::new(ReasonCode::NothingChanges)))
    })
}

/// Begins the record of a source. `from`: the installation whose bundle brought it.
pub(super) fn begin(
    act: &mut Act<'_>,
    (draft, from): (SourceDraft, Option<InstallationId>),
    taken: &mut Vec<String>,
) -> Result<Stream, RecordsError> {
    if let Some(person) = draft.responsible {
        act.records().existing::<Person>(person)?;
    }
    let name = draft.name.clone();
    let event = Source::add_from(draft, taken.iter().map(String::as_str), from)
        .map_err(|refusal| RecordsError::refused(None, refusal))?;
    taken.push(name);
    let stream = Stream::new(Kind::Source, act.new_id()?);
    act.begin::<Source>(stream.id, &[event], true)?;
    Ok(stream)
}

/// The names of all sources, of those that ended too: files and checks go by them.
pub(super) fn names(records: &Records) -> Result<Vec<String>, RecordsError> {
    Ok(records.all::<Source>()?.into_iter().map(|(_, source)| source.draft.name).collect())
}

/// What is changed of a source; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct SourceChange {
    /// What it is called.
    pub title: Option<String>,
    /// Where it is fetched from.
    pub addresses: Option<Vec<String>>,
    /// After how many hours it is looked at; `Some(None)`: only when a person looks.
    pub interval_hours: Option<Option<u32>>,
    /// Who answers for it; `Some(None)`: nobody.
    pub responsible: Option<Option<PersonId>>,
    /// Days after which a missed check is overdue.
    pub reminder_days: Option<u16>,
    /// Days within which a person confirms a check.
    pub confirm_days: Option<u16>,
    /// When an alarm is raised.
    pub thresholds: Option<Thresholds>,
    /// A note on its terms; empty: none any more.
    pub licence: Option<String>,
    /// Its terms are unclear: a bundle may leave it out.
    pub may_leave_out: Option<bool>,
}

/// Changes how a source is looked at.
///
/// # Errors
/// Refused without a reason, if nothing changes, and once it ended.
pub fn change(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceId,
    (wanted, reason): (SourceChange, String),
) -> Result<Done, RecordsError> {
    records.step::<Source, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| match wanted.responsible {
            Some(Some(person)) => records.existing::<Person>(person).map(drop),
            _ => Ok(()),
        },
        |source, (), _| {
            let now = source.draft.clone();
            let draft = SourceDraft {
                title: wanted.title.unwrap_or(now.title),
                addresses: wanted.addresses.unwrap_or(now.addresses),
                interval_hours: wanted.interval_hours.unwrap_or(now.interval_hours),
                responsible: wanted.responsible.unwrap_or(now.responsible),
                reminder_days: wanted.reminder_days.unwrap_or(now.reminder_days),
                confirm_days: wanted.confirm_days.unwrap_or(now.confirm_days),
                thresholds: wanted.thresholds.unwrap_or(now.thresholds),
                licence: match wanted.licence {
                    Some(licence) => Some(licence).filter(|text| !text.trim().is_empty()),
                    None => now.licence,
                },
                may_leave_out: wanted.may_leave_out.unwrap_or(now.may_leave_out),
                name: now.name,
                kind: now.kind,
            };
            source.change(draft, reason)
        },
    )
}

/// Stops looking at a source for a while.
///
/// # Errors
/// Refused without a reason, and unless it is looked at.
pub fn pause(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Source, _>(who, call, Action::Operate, id, nothing, |source, (), _| source.pause(reason))
}

/// Looks at a source again.
///
/// # Errors
/// Refused unless it is paused.
pub fn resume(records: &mut Records, who: &Entered, call: &Call, id: SourceId) -> Result<Done, RecordsError> {
    records.step::<Source, _>(who, call, Action::Operate, id, nothing, |source, (), _| source.resume())
}

/// Ends a source: it is no longer looked at. What it told stays.
///
/// # Errors
/// Refused without a reason, and once it ended.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Source, _>(who, call, Action::Manage, id, nothing, |source, (), _| source.end(reason))
}
