//! Reading records: one with its names and history, lists, and finding what a person means.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use shindan_domain::collect::Source;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::notify::Subscription;
use shindan_domain::people::Action;
use shindan_domain::process::{Process, Relation, Shown, View};
use shindan_domain::record_id::PersonId;
use shindan_report::records::{HistoryLine, Names, RecordList, RecordPage, RecordRow};
use shindan_store::{Among, Query, Row, Sort};
use uuid::Uuid;

use super::{Entered, Records, RecordsError, fold};
use crate::clock;

/// How many records a name may mean before it is called ambiguous without listing more.
const CANDIDATES: usize = 8;

/// Which records are asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What they are.
    pub kind: Kind,
    /// Only those in which something is to be done.
    pub open_only: bool,
    /// Only this state, as the text of a term.
    pub state: Option<String>,
    /// Only those whose title or number contains this text.
    pub text: Option<String>,
    /// Only those in this relation to an identifier or record.
    pub linked: Option<(Relation, String)>,
    /// Only these.
    pub among: Option<Among>,
    /// The order.
    pub sort: Sort,
    /// Rows at most.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<String>,
}

impl Asked {
    /// The open records of a kind, the most urgent first.
    pub fn new(kind: Kind, limit: u32) -> Self {
        Asked {
            kind,
            open_only: true,
            state: None,
            text: None,
            linked: None,
            among: None,
            sort: Sort::Urgency,
            limit,
            after: None,
        }
    }
}

/// A page of a list.
///
/// # Errors
/// Refused if the person may not read.
pub fn list(
    records: &Records,
    who: &Entered,
    asked: &Asked,
    now: Timestamp,
) -> Result<RecordList, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let query = Query {
        kind: Some(asked.kind),
        status: asked.state.clone(),
        open: asked.open_only.then_some(true),
        linked: asked.linked.clone(),
        among: asked.among.clone(),
        text: asked.text.clone(),
        due_before: None,
        sort: asked.sort,
        cursor: asked.after.clone(),
        limit: asked.limit as usize,
    };
    let page = records.store.list(&query)?;
    let rows = page.rows.into_iter().map(|row| records.list_row(row)).collect::<Result<_, _>>()?;
    Ok(RecordList { rows, next: page.next, today: clock::day_in_japan(now) })
}

/// The record that a person means: by display number, by the beginning of its id, or by its name; a source by its
/// short name, too.
///
/// # Errors
/// [`RecordsError::Unknown`], [`RecordsError::Ambiguous`] with what it could be.
pub fn find(records: &Records, kind: Kind, called: &str) -> Result<Stream, RecordsError> {
    let called = called.trim();
    let mut found: Vec<Row> =
        records.store.find(called, CANDIDATES)?.into_iter().filter(|row| row.stream.kind == kind).collect();
    if found.is_empty() && kind == Kind::Person {
        let named = records.store.names()?.into_iter().filter(|(_, name)| name == called);
        let streams: Vec<Stream> = named.map(|(person, _)| Stream::new(Kind::Person, person)).collect();
        return records.only(called, &streams);
    }
    if found.is_empty() && kind == Kind::Source {
        let short = records.all::<Source>()?.into_iter().filter(|(_, source)| source.draft.name == called);
        let streams: Vec<Stream> = short.map(|(id, _)| Stream::new(Kind::Source, id)).collect();
        if !streams.is_empty() {
            return records.only(called, &streams);
        }
    }
    if found.is_empty() && kind == Kind::Subscription {
        // A short name is free again once its receiver ended.
        let all = records.all::<Subscription>()?.into_iter();
        let going_on = all.filter(|(_, one)| one.draft.name == called && one.ended.is_none());
        let streams: Vec<Stream> = going_on.map(|(id, _)| Stream::new(Kind::Subscription, id)).collect();
        if !streams.is_empty() {
            return records.only(called, &streams);
        }
    }
    if found.is_empty() {
        let query =
            Query { kind: Some(kind), text: Some(called.to_owned()), limit: 1000, ..Query::default() };
        found = records.store.list(&query)?.rows;
        found.retain(|row| row.title.trim() == called);
    }
    let streams: Vec<Stream> = found.into_iter().map(|row| row.stream).collect();
    records.only(called, &streams)
}

/// One record: what is shown of it, with the names it refers to and, if asked for, its entries.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`].
pub fn page(
    records: &Records,
    who: &Entered,
    stream: Stream,
    history: bool,
) -> Result<RecordPage, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    let record = records.store.record(stream)?.ok_or_else(|| RecordsError::unknown(stream))?;
    let view = fold::view(stream.kind, &record.state).map_err(RecordsError::Stored)?;
    let history = if history { records.history(stream)? } else { Vec::new() };
    let names = records.names(&view, &history)?;
    let row = records.list_row(record.row)?;
    Ok(RecordPage {
        stream,
        number: row.number,
        title: row.title,
        revision: row.revision,
        view,
        names,
        history,
    })
}

/// What is stored of a record, as JSON, after so many of its entries; after all of them, unless given. Forms begin with it, and compare
/// with it what was changed meanwhile.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`], also for entries that there are not;
/// [`RecordsError::Stored`].
pub fn state_after(
    records: &Records,
    who: &Entered,
    stream: Stream,
    entries: Option<u64>,
) -> Result<serde_json::Value, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    let state = match entries {
        None => records.store.record(stream)?.ok_or_else(|| RecordsError::unknown(stream))?.state,
        Some(number) => {
            let all = records.store.entries_of(stream)?.into_iter().map(|stored| stored.entry);
            let first: Vec<_> = all.take(usize::try_from(number).unwrap_or(usize::MAX)).collect();
            if first.is_empty() {
                return Err(RecordsError::unknown(stream));
            }
            fold::fold_entries(stream, &first).map_err(RecordsError::Stored)?.0
        }
    };
    serde_json::from_slice(&state).map_err(RecordsError::stored)
}

impl Records {
    fn only(&self, called: &str, streams: &[Stream]) -> Result<Stream, RecordsError> {
        match streams {
            [] => Err(RecordsError::Unknown(called.to_owned())),
            [one] => Ok(*one),
            several => {
                let name = |stream: &Stream| self.called(*stream).unwrap_or_else(|| stream.id.to_string());
                let candidates = several.iter().take(CANDIDATES).map(name).collect();
                Err(RecordsError::Ambiguous { called: called.to_owned(), candidates })
            }
        }
    }

    /// A record's revision and state.
    ///
    /// # Errors
    /// [`RecordsError::Stored`] if the stored state is not one of this process.
    pub(crate) fn state<P: Process>(&self, id: impl Into<Uuid>) -> Result<Option<(u64, P)>, RecordsError> {
        let Some(record) = self.store.record(Stream::new(P::KIND, id))? else { return Ok(None) };
        Ok(Some((record.row.revision, stored(&record.state)?)))
    }

    /// Every record of a kind, in the order in which they began.
    ///
    /// # Errors
    /// [`RecordsError::Stored`] if a stored state is not one of this process.
    pub(crate) fn all<P: Process>(&self) -> Result<Vec<(Uuid, P)>, RecordsError> {
        let mut all = Vec::new();
        let mut failed = None;
        self.store.each_state(P::KIND, &mut |stream, state| match stored(state) {
            Ok(state) => all.push((stream.id, state)),
            Err(error) => failed = Some(error),
        })?;
        failed.map_or(Ok(all), Err)
    }

    /// What a record is called: its number, a person's name, or its title.
    pub fn called(&self, stream: Stream) -> Option<String> {
        if stream.kind == Kind::Person {
            return self.store.name(PersonId(stream.id)).ok().flatten();
        }
        let row = self.store.record(stream).ok().flatten()?.row;
        row.number.or(Some(row.title)).filter(|name| !name.is_empty())
    }

    /// A person's name, unless it was erased.
    pub fn name(&self, person: PersonId) -> Option<String> {
        self.store.name(person).ok().flatten()
    }

    /// A row as lists show it, with the names of people.
    pub(crate) fn list_row(&self, row: Row) -> Result<RecordRow, RecordsError> {
        let title = match row.stream.kind {
            Kind::Person => {
                let name = self.store.name(PersonId(row.stream.id))?;
                [name, Some(row.title).filter(|title| !title.is_empty())]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("  ")
            }
            _ => row.title,
        };
        Ok(RecordRow {
            stream: row.stream,
            number: row.number,
            title,
            status: row.status.into(),
            open: row.open,
            priority: row.priority,
            due: row.due,
            revision: row.revision,
            changed: row.changed_at,
        })
    }

    fn history(&self, stream: Stream) -> Result<Vec<HistoryLine>, RecordsError> {
        let line = |stored: shindan_store::Stored| HistoryLine {
            sequence: stored.entry.sequence,
            at: stored.entry.at,
            person: stored.entry.actor.person,
            event: stored.entry.event,
        };
        Ok(self.store.entries_of(stream)?.into_iter().map(line).collect())
    }

    fn names(&self, view: &View, history: &[HistoryLine]) -> Result<Names, RecordsError> {
        let (mut people, mut records) = (BTreeSet::new(), BTreeSet::new());
        people.extend(history.iter().map(|line| line.person));
        let cells = view.sections.iter().flat_map(|section| section.rows.iter().flatten().flatten());
        for value in view.facts.iter().map(|fact| &fact.value).chain(cells) {
            referred(value, &mut people, &mut records);
        }
        let mut names = Names::default();
        for person in people {
            if let Some(name) = self.store.name(person)? {
                names.people.insert(person, name);
            }
        }
        for stream in records {
            if let Some(called) = self.called(stream) {
                names.records.insert(stream, called);
            }
        }
        Ok(names)
    }
}

pub(super) fn stored<T: DeserializeOwned>(state: &[u8]) -> Result<T, RecordsError> {
    serde_json::from_slice(state).map_err(RecordsError::stored)
}

fn referred(value: &Shown, people: &mut BTreeSet<PersonId>, records: &mut BTreeSet<Stream>) {
    match value {
        Shown::Person(person) => {
            people.insert(*person);
        }
        Shown::Record(stream) => {
            records.insert(*stream);
        }
        Shown::List(values) => values.iter().for_each(|value| referred(value, people, records)),
        _ => {}
    }
}
