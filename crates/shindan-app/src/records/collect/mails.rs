//! Mails of a mailing list that a person dropped in.

use std::collections::BTreeSet;
use std::path::PathBuf;

use shindan_domain::collect::{CheckBy, CheckDraft, CheckOutcome, Counts, HandMade, HandMeans, SourceKind};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_formats::collect::FeedItem;
use shindan_formats::collect::mail;
use shindan_formats::limits::Limits;

use super::{checks, notices};
use crate::error::AppError;
use crate::ingest;
use crate::records::{Call, Done, Entered, Records, RecordsError};

/// Records that a person looked at a mailing list and dropped these mails in: each is kept as a document and becomes a notice. A
/// mail that is there already brings nothing new. Beside the record: what of the mails could not be read.
///
/// # Errors
/// Refused without a mail, for another kind of source and for one that ended; [`AppError::FilesUnreadable`] if one is no mail: then
/// none is taken.
pub fn drop_in(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SourceId,
    (mails, reason): (&[PathBuf], Option<String>),
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let (items, told) = read(mails)?;
    let about = Stream::new(Kind::Source, id);
    let done = records.act(who, call, Action::Operate, Some(about), |act| {
        let source = checks::looked_at(act, id)?;
        let refused = |refusal| RecordsError::refused(Some(about), refusal);
        if source.draft.kind != SourceKind::Mail {
            let refusal = Refusal::new(ReasonCode::SourceTakesNoMails).with("kind", source.draft.kind);
            return Err(refused(refusal));
        }
        let at = act.occurrence.at;
        let documents = mails.iter().map(|path| act.records().take_in(path, at));
        let documents = documents.collect::<Result<Vec<_>, _>>()?;
        let subjects: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
        let newest = items.iter().filter_map(|item| item.updated.or(item.published)).max();
        let counts = Counts { newest, ..Counts::default() };
        let text = subjects.join("\n");
        let news = notices::news(act.records(), id, items.clone())?;
        let outcome = match news.count() {
            0 => CheckOutcome::NothingNew,
            count => CheckOutcome::NewItems { count },
        };
        let draft = CheckDraft {
            source: id,
            name: source.draft.name,
            reason: reason.clone(),
            by: CheckBy::Person,
            started: at,
            ended: at,
            outcome,
            fetches: Vec::new(),
            by_hand: Some(HandMade { means: HandMeans::Mail, text, documents }),
            carried: None,
            counts,
            alarms: Vec::new(),
        };
        let check = SourceCheckId(act.new_id()?);
        checks::record(act, check, draft)?;
        news.take_in(act, id, check)?;
        Ok(Stream::new(Kind::SourceCheck, check))
    })?;
    Ok((done, told))
}

/// The mails, each once.
fn read(mails: &[PathBuf]) -> Result<(Vec<FeedItem>, Vec<Diagnostic>), AppError> {
    let (mut items, mut told, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for path in mails {
        let name = path.display().to_string();
        let read = ingest::read_file(path, &Limits::DEFAULT)
            .and_then(|bytes| mail::read(&bytes, &name, &Limits::DEFAULT));
        match read {
            Ok(mail) => {
                told.extend(mail.diagnostics);
                if seen.insert(mail.item.id.clone()) {
                    items.push(mail.item);
                }
            }
            Err(problem) => wrong.push(problem),
        }
    }
    if wrong.is_empty() { Ok((items, told)) } else { Err(AppError::FilesUnreadable(wrong)) }
}
