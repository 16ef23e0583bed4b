//! A process that is small enough to see through, and a store in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use shindan_domain::ledger::{Actor, Entry, Kind, Stream, Through};
use shindan_domain::people::PersonState;
use shindan_domain::process::{
    Event, Filed, Link, Occurrence, OutOfOrder, Process, Relation, View, decode, encode,
};
use shindan_domain::record_id::{InstallationId, PersonId};
use shindan_store::{Batch, Committed, Installation, Store, StoreError, Write};
use uuid::Uuid;

/// A jar: named, filled, closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Jar {
    pub name: String,
    pub content: u32,
    pub open: bool,
    pub due: Option<Date>,
    pub shelves: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JarEvent {
    Named { name: String },
    Filled { by: u32, due: Option<Date> },
    Shelved { shelf: String },
    Closed,
}

impl Event for JarEvent {}

impl Process for Jar {
    const KIND: Kind = Kind::Case;
    type Event = JarEvent;

    fn apply(state: Option<Self>, event: &JarEvent, _when: &Occurrence) -> Result<Self, OutOfOrder> {
        let Some(mut jar) = state else {
            return match event {
                JarEvent::Named { name } => {
                    Ok(Jar { name: name.clone(), content: 0, open: true, due: None, shelves: Vec::new() })
                }
                other => Err(OutOfOrder::new(other, "nothing")),
            };
        };
        match event {
            JarEvent::Named { name } => jar.name = name.clone(),
            JarEvent::Filled { by, due } => {
                jar.content += by;
                jar.due = *due;
            }
            JarEvent::Shelved { shelf } => jar.shelves = vec![shelf.clone()],
            JarEvent::Closed => jar.open = false,
        }
        Ok(jar)
    }

    fn filed(&self) -> Filed {
        let state = if self.open { PersonState::Active } else { PersonState::Inactive };
        let links = self.shelves.iter().map(|shelf| Link::to(Relation::Subject, shelf));
        Filed {
            priority: (self.content > 0).then(|| u8::try_from(self.content % 5).unwrap()),
            due: self.due,
            links: links.collect(),
            ..Filed::new(state.term(), self.open, &self.name)
        }
    }

    fn view(&self) -> View {
        View::new(PersonState::Active.term())
    }
}

/// A folder that goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("store-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _absent = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A new store in it.
    pub fn create(&self) -> Store {
        Store::create(&self.0, installation(), [7; 32]).unwrap()
    }

    /// The store that is in it.
    pub fn open(&self) -> Store {
        Store::open(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _may_be_open = std::fs::remove_dir_all(&self.0);
    }
}

pub fn installation() -> Installation {
    Installation {
        id: InstallationId(Uuid::from_u128(0xa11)),
        prefix: "MED".to_owned(),
        at: time("2026-01-01T00:00:00Z"),
    }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn noon() -> Timestamp {
    time("2026-11-26T03:00:00.123456789Z")
}

pub fn person() -> PersonId {
    PersonId(Uuid::from_u128(0xbee))
}

pub fn actor() -> Actor {
    Actor { person: person(), through: Through::Session }
}

pub fn jar(number: u128) -> Stream {
    Stream::new(Kind::Case, Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

pub fn named(name: &str) -> JarEvent {
    JarEvent::Named { name: name.to_owned() }
}

pub fn filled(by: u32) -> JarEvent {
    JarEvent::Filled { by, due: None }
}

pub fn filled_until(by: u32, month: i8, day: i8) -> JarEvent {
    JarEvent::Filled { by, due: Some(date(2026, month, day)) }
}

pub fn shelved(shelf: &str) -> JarEvent {
    JarEvent::Shelved { shelf: shelf.to_owned() }
}

/// The state as JSON.
pub fn state_of(jar: &Jar) -> Vec<u8> {
    serde_json::to_vec(jar).unwrap()
}

/// What is written when these events happen to a jar in this state.
pub fn write(stream: Stream, before: Option<(u64, Jar)>, events: &[JarEvent]) -> Write {
    let when = Occurrence { at: noon(), actor: actor() };
    let (revision, state) = before.map_or((0, None), |(revision, jar)| (revision, Some(jar)));
    let after = shindan_domain::process::fold(state, events, &when).unwrap().unwrap();
    Write {
        stream,
        expected_revision: revision,
        events: events.iter().map(|event| encode::<Jar>(event).unwrap()).collect(),
        state: state_of(&after),
        filed: after.filed(),
        numbered: true,
    }
}

/// The jar as the store has it.
pub fn stored(store: &Store, stream: Stream) -> Option<(u64, Jar)> {
    let record = store.record(stream).unwrap()?;
    Some((record.row.revision, serde_json::from_slice(&record.state).unwrap()))
}

/// Lets events happen to a jar, on what the store has.
pub fn happen(store: &mut Store, stream: Stream, events: &[JarEvent]) -> Result<Committed, StoreError> {
    let write = write(stream, stored(store, stream), events);
    store.commit(batch(noon(), vec![write]))
}

pub fn batch(at: Timestamp, writes: Vec<Write>) -> Batch {
    Batch { at, actor: actor(), idempotency: None, writes, answer: None }
}

/// More records than a list looks at before it looks a filter up.
pub const MANY: u128 = 3_600;

/// `count` jars with the names `jar 0`, `jar 1` …
pub fn fill(store: &mut Store, count: u128) {
    let writes = (0..count).map(|number| write(jar(number), None, &[named(&format!("jar {number}"))]));
    store.commit(batch(noon(), writes.collect())).unwrap();
}

/// State and columns of a jar from its entries, as [`Store::rebuild`] asks for.
pub fn fold(_stream: Stream, entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    let mut state: Option<Jar> = None;
    for entry in entries {
        let event = decode::<Jar>(&entry.event, entry.version, &entry.payload).map_err(|e| e.to_string())?;
        let when = Occurrence { at: entry.at, actor: entry.actor };
        state = Some(Jar::apply(state, &event, &when).map_err(|e| e.to_string())?);
    }
    let jar = state.ok_or("no entry")?;
    Ok((state_of(&jar), jar.filed()))
}
