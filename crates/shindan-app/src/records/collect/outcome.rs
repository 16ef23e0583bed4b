//! What looking at a source came to, and its record.

use jiff::Timestamp;
use shindan_domain::collect::{
    Alarm, CheckBy, CheckDraft, CheckOutcome, Counts, Failure, FetchMade, Source, SourceCheck, alarms,
};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::record_id::{SourceCheckId, SourceId};

use super::notices::News;
use super::{checks, standing};
use crate::clock;
use crate::records::{Call, Entered, Records, RecordsError};

/// A source that was looked at.
#[derive(Debug, Clone)]
pub struct Synced {
    /// Which.
    pub source: SourceId,
    /// Its short name.
    pub name: String,
    /// Display number of the record of the check.
    pub check: Option<String>,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What is suspicious.
    pub alarms: Vec<Alarm>,
    /// What a person should know although it did not fail: what is not passed on to everybody, what was not proven.
    pub told: Vec<Diagnostic>,
}

/// What a source told.
pub(super) enum Seen {
    Came {
        news: News,
        /// Records for the knowledge base that are new or changed.
        fresh: u64,
        counts: Counts,
        /// What a person should know although the look did not fail.
        told: Vec<Diagnostic>,
    },
    Failed(Failure, Vec<(&'static str, String)>),
}

/// A check as it was made.
pub(super) struct Made {
    /// Of which source.
    pub id: SourceId,
    /// On whose behalf.
    pub by: CheckBy,
    pub started: Timestamp,
    pub reason: Option<String>,
    pub fetches: Vec<FetchMade>,
    pub skew: Option<i64>,
}

/// Records a check with what it brought, in one act.
pub(super) fn record(
    records: &mut Records,
    who: &Entered,
    source: &Source,
    made: Made,
    seen: Seen,
) -> Result<Synced, RecordsError> {
    let now = clock::now();
    let (outcome, counts, news, told) = match seen {
        Seen::Came { news, fresh, counts, told } => (outcome_of(news.count() + fresh), counts, news, told),
        Seen::Failed(failure, params) => {
            let params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let counts = Counts { clock_skew_seconds: made.skew, ..Counts::default() };
            (CheckOutcome::Failed { failure, params }, counts, News::default(), Vec::new())
        }
    };
    let Made { id, by, started, reason, fetches, .. } = made;
    let name = source.draft.name.clone();
    let mut draft = CheckDraft {
        source: id,
        name: name.clone(),
        reason,
        by,
        started,
        ended: now,
        outcome,
        fetches,
        by_hand: None,
        carried: None,
        counts,
        alarms: Vec::new(),
    };
    let mut history = standing::history(records, id)?;
    let (mut outcome, mut found) = (draft.outcome.clone(), Vec::new());
    let done =
        records.act(who, &Call::at(now), Action::Operate, Some(Stream::new(Kind::Source, id)), |act| {
            checks::looked_at(act, id)?;
            let check = SourceCheckId(act.new_id()?);
            draft.ended = draft.ended.min(act.occurrence.at);
            draft.started = draft.started.min(draft.ended);
            let this = SourceCheck { draft: draft.clone(), recorded_by: who.person(), confirmed: None };
            history.push(this.facts(check));
            draft.alarms = alarms(&history, &source.draft.thresholds, act.occurrence.at);
            (outcome, found) = (draft.outcome.clone(), draft.alarms.clone());
            checks::record(act, check, draft)?;
            news.take_in(act, id, check)?;
            Ok(Stream::new(Kind::SourceCheck, check))
        })?;
    Ok(Synced { source: id, name, check: done.number, outcome, alarms: found, told })
}

pub(super) fn outcome_of(count: u64) -> CheckOutcome {
    if count == 0 { CheckOutcome::NothingNew } else { CheckOutcome::NewItems { count } }
}
