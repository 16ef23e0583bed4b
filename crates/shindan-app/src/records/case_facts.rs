//! What the rules of control status look at of cases. There can be very many, and each is large: one after the other is read, and
//! only what counts is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::case::{Case, Stage};
use shindan_domain::control::{CaseFact, RecordRef};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Occurrence, Process, decode};
use shindan_store::StoreError;
use uuid::Uuid;

use super::read::stored;
use super::{Records, RecordsError};

/// So many entries are passed at a time.
const PART: usize = 100_000;

/// The facts of all cases as of the entry with the number `last`: from the states that are kept if that is the newest entry,
/// otherwise folded case by case.
///
/// # Errors
/// [`RecordsError::Stored`] if an entry or state cannot have been written by this program; those of reading.
pub(super) fn read(records: &Records, last: u64) -> Result<BTreeMap<Uuid, CaseFact>, RecordsError> {
    let newest = || records.store().last_until(Timestamp::MAX);
    if newest()? == last {
        let facts = of_states(records)?;
        // Who wrote meanwhile may have changed a state that was read.
        if newest()? == last {
            return Ok(facts);
        }
    }
    folded(records, last)
}

fn of_states(records: &Records) -> Result<BTreeMap<Uuid, CaseFact>, RecordsError> {
    let (mut facts, mut failed) = (BTreeMap::new(), None);
    records.store().each_state(Kind::Case, &mut |stream, state| match stored::<Case>(state) {
        Ok(case) => {
            facts.insert(stream.id, fact(stream, None, &case));
        }
        Err(error) => failed = Some(error),
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    number(records, &mut facts)?;
    Ok(facts)
}

/// Gives each fact the number of its record, where it has one.
fn number(records: &Records, facts: &mut BTreeMap<Uuid, CaseFact>) -> Result<(), RecordsError> {
    records.store().each_number(Kind::Case, &mut |id, number| {
        if let Some(fact) = facts.get_mut(&id) {
            number.clone_into(&mut fact.record.number);
        }
    })?;
    Ok(())
}

fn folded(records: &Records, last: u64) -> Result<BTreeMap<Uuid, CaseFact>, RecordsError> {
    let mut facts = BTreeMap::new();
    for id in begun(records, last)? {
        let stream = Stream::new(Kind::Case, id);
        let (mut case, mut number) = (None, None);
        let entries = records.store().entries_of(stream)?;
        for entry in entries.into_iter().map(|stored| stored.entry).filter(|entry| entry.sequence <= last) {
            let event = decode::<Case>(&entry.event, entry.version, &entry.payload);
            let occurrence = Occurrence { at: entry.at, actor: entry.actor };
            let after = Case::apply(case.take(), &event.map_err(RecordsError::stored)?, &occurrence);
            case = Some(after.map_err(RecordsError::stored)?);
            number = entry.number.or(number);
        }
        if let Some(case) = case {
            facts.insert(id, fact(stream, number, &case));
        }
    }
    Ok(facts)
}

/// The cases that had begun with the entry of this number.
fn begun(records: &Records, last: u64) -> Result<BTreeSet<Uuid>, RecordsError> {
    let (mut ids, mut after) = (BTreeSet::new(), 0);
    while after < last {
        let limit = PART.min(usize::try_from(last - after).unwrap_or(PART));
        let end = records.store().pass_entries(&[Kind::Case], (after, limit), &mut |passed| {
            if passed.sequence <= last {
                ids.insert(passed.id);
            }
            Ok::<(), StoreError>(())
        })?;
        if end == after {
            break;
        }
        after = end;
    }
    Ok(ids)
}

fn fact(stream: Stream, number: Option<String>, case: &Case) -> CaseFact {
    let accepted_until = match &case.stage {
        Stage::Accepted { until, .. } => Some(*until),
        _ => None,
    };
    CaseFact {
        record: RecordRef { stream, number: number.unwrap_or_else(|| case.title()) },
        state: case.state(),
        noticed: case.noticed,
        decided: case.decided_at,
        done: case.times().done,
        decide_by: case.due.map(|due| due.decide),
        done_by: case.due.map(|due| due.done),
        treatment: case.stage.treatment(),
        accepted_until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;
    use crate::progress::Silent;

    /// A folder for one test, removed at its end.
    struct Folder(std::path::PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            // Failing to clean up must not hide why a test failed.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn states_and_entries_tell_the_same_of_cases() {
        let folder = Folder(std::env::temp_dir().join(format!("shindan-case-facts-{}", std::process::id())));
        let demo = demo::run(&folder.0, &Silent).unwrap();
        let records = Records::open(&demo.data).unwrap();
        let last = records.store().last_until(Timestamp::MAX).unwrap();
        let (now, entries) = (read(&records, last).unwrap(), folded(&records, last).unwrap());
        assert!(now.len() > 3 && now.values().any(|fact| fact.done.is_some()), "{now:?}");
        assert_eq!(now, entries);
        // Before the last step of a case it was another one, and before the first there was none.
        let steps = |fact: &CaseFact| {
            let of = records.store().entries_of(fact.record.stream).unwrap();
            (of.first().unwrap().entry.sequence, of.last().unwrap().entry.sequence)
        };
        let done = now.values().find(|fact| fact.done.is_some()).unwrap();
        let (first, end) = steps(done);
        assert_ne!(read(&records, end - 1).unwrap().get(&done.record.stream.id), Some(done));
        assert!(!read(&records, first - 1).unwrap().contains_key(&done.record.stream.id));
    }
}
