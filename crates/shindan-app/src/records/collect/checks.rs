//! Checks that a person carries out, and their confirmation.

use std::path::PathBuf;

use shindan_domain::collect::{
    CheckBy, CheckDraft, CheckFacts, CheckOutcome, Counts, Failure, HandMade, HandMeans, Notice, NoticeClass,
    NoticeContent, Source, SourceCheck, SourceState,
};
use shindan_domain::diagnostic::Params;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_domain::step::ended;
use shindan_formats::collect::named_in;

use crate::records::step::nothing;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError};

/// A check by hand: a telephone call, a mail, a page that was read.
#[derive(Debug, Clone)]
pub struct HandCheck {
    /// How the person looked.
    pub means: HandMeans,
    /// What they learned.
    pub text: String,
    /// Mails, pages, files.
    pub documents: Vec<PathBuf>,
    /// How much of it was new; at least as many as there are notices.
    pub new_items: u64,
    /// Alerts that they were told, each to be judged.
    pub notices: Vec<HandNotice>,
    /// The source could not be reached: nobody answered, the page did not open. Nothing was learned.
    pub not_reached: bool,
    /// Why outside of the plan.
    pub reason: Option<String>,
}

/// An alert that a person was told.
#[derive(Debug, Clone)]
pub struct HandNotice {
    /// What it is called. Vulnerabilities that it names are linked.
    pub title: String,
}

impl HandCheck {
    /// # Errors
    /// [`ReasonCode::CheckNotReachedIsNothing`] if something came from a source that was not reached.
    fn outcome(&self) -> Result<CheckOutcome, Refusal> {
        let count = self.new_items.max(self.notices.len() as u64);
        match (self.not_reached, count) {
            (true, 0) => Ok(CheckOutcome::Failed { failure: Failure::NotReached, params: Params::new() }),
            (true, count) => Err(Refusal::new(ReasonCode::CheckNotReachedIsNothing).with("count", count)),
            (false, 0) => Ok(CheckOutcome::NothingNew),
            (false, count) => Ok(CheckOutcome::NewItems { count }),
        }
    }
}

/// Records that a person looked at a source, with the notices that it brought.
///
/// # Errors
/// Refused without a text, for a source that ended, and if something came from a source that was not reached.
pub fn check_by_hand(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceId,
    made: HandCheck,
) -> Result<Done, RecordsError> {
    let about = Stream::new(Kind::Source, id);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let source = looked_at(act, id)?;
        let at = act.occurrence.at;
        let documents = made.documents.iter().map(|path| act.records().take_in(path, at));
        let documents = documents.collect::<Result<Vec<_>, _>>()?;
        let outcome = made.outcome().map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
        let draft = CheckDraft {
            source: id,
            name: source.draft.name,
            reason: made.reason,
            by: CheckBy::Person,
            started: at,
            ended: at,
            outcome,
            fetches: Vec::new(),
            by_hand: Some(HandMade { means: made.means, text: made.text, documents }),
            carried: None,
            counts: Counts::default(),
            alarms: Vec::new(),
        };
        let check = SourceCheckId(act.new_id()?);
        record(act, check, draft)?;
        for (number, notice) in (1..).zip(made.notices) {
            let content = NoticeContent {
                // The source gives none; the check and the place in it are one.
                id: format!("{}#{number}", check.0),
                vulnerabilities: named_in(&notice.title),
                title: notice.title,
                link: None,
                published: None,
                updated: None,
                class: NoticeClass::Alert,
                text: None,
            };
            let event = Notice::receive(id, check, content)
                .map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
            let notice = act.new_id()?;
            act.begin::<Notice>(notice, &[event], true)?;
        }
        Ok(Stream::new(Kind::SourceCheck, check))
    })
}

/// Begins the record of a check.
pub(super) fn record(act: &mut Act<'_>, check: SourceCheckId, draft: CheckDraft) -> Result<(), RecordsError> {
    let about = Stream::new(Kind::Source, draft.source);
    let event = SourceCheck::carry_out(draft, &act.occurrence)
        .map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
    act.begin::<SourceCheck>(check.0, &[event], true)?;
    Ok(())
}

/// A source that has not ended.
pub(super) fn looked_at(act: &mut Act<'_>, id: SourceId) -> Result<Source, RecordsError> {
    let source = act.state::<Source>(id)?;
    if source.state() == SourceState::Ended {
        let refusal = ended(source.state().term());
        return Err(RecordsError::refused(Some(Stream::new(Kind::Source, id)), refusal));
    }
    Ok(source)
}

/// Confirms that a person looked at a check. What failed stays failed.
///
/// # Errors
/// Refused if it is confirmed, and without a note where it failed or something is suspicious.
pub fn confirm(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceCheckId,
    note: Option<String>,
) -> Result<Done, RecordsError> {
    records
        .step::<SourceCheck, _>(who, call, Action::Confirm, id, nothing, |check, (), _| check.confirm(note))
}

/// All checks, oldest first, with what alarms and calendar look at.
pub(super) fn all(records: &Records) -> Result<Vec<(SourceCheck, CheckFacts)>, RecordsError> {
    let mut all: Vec<(SourceCheck, CheckFacts)> = records
        .all::<SourceCheck>()?
        .into_iter()
        .map(|(id, check)| {
            let facts = check.facts(SourceCheckId(id));
            (check, facts)
        })
        .collect();
    all.sort_by_key(|(_, facts)| (facts.ended, facts.check));
    Ok(all)
}
