//! What an answer must say about the sources that its knowledge rests on: silence of a source must not look like safety.

use jiff::Timestamp;
use shindan_domain::calendar::day;
use shindan_domain::collect::{
    CheckOutcome, CheckResult, Source, SourceCheck, SourceKind, SourceState, timing,
};
use shindan_domain::collect::{Failure, SourceTiming};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Link, Relation};
use shindan_domain::record_id::SourceId;
use shindan_store::{Query, Sort};

use super::files;
use super::plan::{self, Use};
use crate::data_folder::DataFolder;
use crate::records::{Records, RecordsError};

/// Remarks about the sources of the knowledge base as of `now`; none if nothing in the folder was ever collected.
///
/// Whoever may read the knowledge base may know how old it is, so that no person is asked for.
pub(crate) fn remarks(folder: &DataFolder, now: Timestamp) -> Vec<Diagnostic> {
    let collected = folder.collected();
    // What cannot be told counts as collected: then the records are asked, and say what is wrong.
    if matches!(collected.try_exists(), Ok(false)) {
        return Vec::new();
    }
    let told = Records::open(folder).and_then(|records| all(&records, folder, now));
    told.unwrap_or_else(|error| {
        vec![Diagnostic::new(Code::SourcesNotTold, Place::default()).with("reason", error)]
    })
}

fn all(records: &Records, folder: &DataFolder, now: Timestamp) -> Result<Vec<Diagnostic>, RecordsError> {
    let mut sources = records.all::<Source>()?;
    sources.retain(|(_, source)| is_for_knowledge(source.draft.kind));
    sources.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
    let mut found = Vec::new();
    for (id, source) in sources {
        let used = !files::in_force(folder, &source.draft.name)?.is_empty();
        // One that ended and left nothing behind says nothing about this answer.
        if used || source.state() == SourceState::Active {
            found.extend(about(&source, &Looks::at(records, SourceId(id))?, now));
        }
    }
    Ok(found)
}

/// News are judged by people and mails read by them; everything else is matched.
fn is_for_knowledge(kind: SourceKind) -> bool {
    plan::used(kind) != Some(Use::News) && !matches!(kind, SourceKind::Mail | SourceKind::Hand)
}

/// The checks that matter.
#[derive(Debug, Default)]
struct Looks {
    last: Option<SourceCheck>,
    last_good: Option<Timestamp>,
}

impl Looks {
    fn at(records: &Records, source: SourceId) -> Result<Looks, RecordsError> {
        let last = newest(records, source, None)?;
        let good = [CheckResult::NewItems, CheckResult::NothingNew].map(|result| {
            let check = newest(records, source, Some(result))?;
            Ok::<_, RecordsError>(check.map(|check| check.draft.informed()))
        });
        let [new, nothing] = good;
        Ok(Looks { last, last_good: new?.max(nothing?) })
    }

    fn failure(&self) -> Option<Failure> {
        match self.last.as_ref()?.draft.outcome {
            CheckOutcome::Failed { failure, .. } => Some(failure),
            CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => None,
        }
    }
}

/// The check that was recorded last; of those with a result, if one is named.
fn newest(
    records: &Records,
    source: SourceId,
    result: Option<CheckResult>,
) -> Result<Option<SourceCheck>, RecordsError> {
    let link = Link::record(Relation::PartOf, Stream::new(Kind::Source, source));
    let query = Query {
        kind: Some(Kind::SourceCheck),
        status: result.map(|result| result.term().value.to_owned()),
        linked: Some((link.relation, link.target)),
        sort: Sort::Opened,
        limit: 1,
        ..Query::default()
    };
    let row = records.store().list(&query)?.rows.into_iter().next();
    let state = row.map(|row| records.state::<SourceCheck>(row.stream.id)).transpose()?.flatten();
    Ok(state.map(|(_, check)| check))
}

fn about(source: &Source, looks: &Looks, now: Timestamp) -> Vec<Diagnostic> {
    let remark = |code| {
        let remark = Diagnostic::new(code, Place::default());
        let remark = remark.with("name", &source.draft.name).with("title", &source.draft.title);
        match looks.last_good {
            Some(at) => remark.with("at", day(at)),
            None => remark,
        }
    };
    if source.state() != SourceState::Active {
        return vec![remark(Code::SourceStopped).with("state", source.state())];
    }
    let failed = looks.failure().map(|failure| failure.to_string());
    let with_failure = |remark: Diagnostic| match &failed {
        Some(failure) => remark.with("failure", failure),
        None => remark,
    };
    if looks.last_good.is_none() {
        return vec![with_failure(remark(Code::SourceNeverChecked))];
    }
    let mut found = Vec::new();
    if failed.is_some() {
        found.push(with_failure(remark(Code::SourceCheckFailed)));
    }
    let timing = timing(&source.plan(), source.draft.reminder_days, looks.last_good, now);
    if timing == SourceTiming::Overdue {
        found.push(remark(Code::SourceCheckOverdue));
    }
    let unexplained = looks.last.as_ref().filter(|check| check.confirmed.is_none());
    let alarms: Vec<&str> =
        unexplained.into_iter().flat_map(|check| &check.draft.alarms).map(|one| one.kind.as_str()).collect();
    if !alarms.is_empty() {
        found.push(remark(Code::SourceSuspicious).with("alarms", alarms.join(", ")));
    }
    found
}
