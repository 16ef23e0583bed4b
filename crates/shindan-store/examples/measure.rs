//! Measures the store at the sizes of the benchmarks: `cargo run --release -p shindan-store --example measure -- FOLDER [RECORDS]`.
//!
//! Writes `RECORDS` (by default 1,000,000) records to a new ledger in FOLDER, and prints how long it takes to open it, to
//! commit, to list, to verify and to derive everything again.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::date;
use shindan_domain::ledger::{Actor, Entry, Kind, Stream, Through};
use shindan_domain::people::PersonState;
use shindan_domain::process::{Encoded, Filed, Link, Relation};
use shindan_domain::record_id::{InstallationId, PersonId};
use shindan_store::{Batch, Installation, Query, Sort, Store, Write};
use uuid::Uuid;

const MAKERS: [&str; 6] = ["FortiOS", "Windows Server", "富士フイルム SYNAPSE", "OpenSSL", "PAN-OS", "Log4j"];

/// A record such as a case: a title, a state of some hundred bytes, three relations.
fn write(number: u64, day: i8) -> Write {
    let maker = MAKERS[usize::try_from(number % 6).unwrap_or(0)];
    let title = format!("CVE-{}-{} {maker}", 2015 + number % 12, 10_000 + number * 7_919 % 90_000);
    let payload = serde_json::json!({
        "title": title, "subject": number % 977, "findings": [number, number + 1, number + 2],
        "note": "照会中。次の保守日に適用する予定。", "score": 98, "probability": "0.94321",
    });
    let state = serde_json::to_vec(&payload).unwrap_or_default();
    let open = !number.is_multiple_of(3);
    let status = if open { PersonState::Active } else { PersonState::Inactive };
    let links = vec![
        Link::to(Relation::Subject, format!("system-{}", number % 977)),
        Link::to(Relation::Vulnerability, title.clone()),
        Link::to(Relation::Policy, "policy-1"),
    ];
    Write {
        stream: Stream::new(Kind::Case, Uuid::from_u128(u128::from(number) << 64 | 7)),
        expected_revision: 0,
        events: vec![Encoded { event: "case.opened".to_owned(), version: 1, payload }],
        state,
        filed: Filed {
            priority: u8::try_from(number % 4).ok(),
            due: Some(date(2026, 12, day)),
            links,
            ..Filed::new(status.term(), open, title)
        },
        numbered: true,
    }
}

fn fold(_: Stream, entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    let entry = entries.last().ok_or("no entry")?;
    let state = serde_json::to_vec(&entry.payload).map_err(|error| error.to_string())?;
    let title = entry.payload["title"].as_str().unwrap_or_default();
    Ok((state, Filed::new(PersonState::Active.term(), true, title)))
}

fn timed<T, E>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let start = Instant::now();
    let done = work()?;
    println!("{what:<64} {:>12.3} ms", start.elapsed().as_secs_f64() * 1e3);
    Ok(done)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("FOLDER is missing")?);
    let records: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let at: Timestamp = "2026-11-26T03:00:00Z".parse()?;
    let actor = Actor { person: PersonId(Uuid::from_u128(1)), through: Through::Session };
    let installation = Installation { id: InstallationId(Uuid::from_u128(2)), prefix: "MED".to_owned(), at };
    let mut store = Store::create(&folder, installation, [1; 32])?;
    let batch = |writes| Batch { at, actor, idempotency: None, writes, answer: None };

    let part = records.min(100_000);
    let writes: Vec<Write> = (0..part).map(|n| write(n, 1 + (n % 28) as i8)).collect();
    timed(&format!("{part} records in one change"), || store.commit(batch(writes)))?;
    timed(&format!("{part} entries verified"), || store.verify(&[]))?;
    for begin in (part..records).step_by(100_000) {
        let writes = (begin..records.min(begin + 100_000)).map(|n| write(n, 1 + (n % 28) as i8)).collect();
        timed(&format!("… up to {}", begin + 100_000), || store.commit(batch(writes)))?;
    }
    for n in records..records + 3 {
        timed("one record in one change", || store.commit(batch(vec![write(n, 5)])))?;
    }
    drop(store);
    let store = timed("open", || Store::open(&folder))?;
    let first = timed("record, first reading", || store.find("MED-2026-0007", 2))?;
    timed("record", || store.record(first[0].stream))?;
    timed("counts", || store.counts(Some(Kind::Case)))?;
    timed("overdue", || store.overdue(None, date(2026, 12, 9)))?;

    let base = Query { kind: Some(Kind::Case), limit: 50, ..Query::default() };
    for sort in [Sort::Urgency, Sort::Due, Sort::Changed, Sort::Opened, Sort::Title] {
        let query = Query { sort, ..base.clone() };
        let page = timed(&format!("list by {sort:?}"), || store.list(&query))?;
        let mut cursor = page.next;
        for _ in 0..40 {
            cursor = store.list(&Query { cursor, ..query.clone() })?.next;
        }
        timed(&format!("list by {sort:?}, page 42"), || store.list(&Query { cursor, ..query.clone() }))?;
    }
    let linked =
        |relation, target: &str| Query { linked: Some((relation, target.to_owned())), ..base.clone() };
    let text = |text: &str| Query { text: Some(text.to_owned()), ..base.clone() };
    for (what, query) in [
        ("open only", Query { open: Some(true), ..base.clone() }),
        ("of one system", linked(Relation::Subject, "system-5")),
        ("of the policy of all", linked(Relation::Policy, "policy-1")),
        ("of nothing", linked(Relation::Subject, "system-none")),
        ("text that many have: openssl", text("openssl")),
        ("text that few have: CVE-2019-12345", text("CVE-2019-12345")),
        ("text of two characters that many have", text("富士")),
        ("text that none has", text("zzzz")),
        ("text of two characters that none has", text("zz")),
        ("due before, by urgency", Query { due_before: Some(date(2026, 12, 3)), ..base.clone() }),
        (
            "due before, by title",
            Query { due_before: Some(date(2026, 12, 2)), sort: Sort::Title, ..base.clone() },
        ),
    ] {
        timed(&format!("list: {what}"), || store.list(&query))?;
    }
    timed("checkpoint", || store.checkpoint(at))?;
    let verified = timed("verify", || store.verify(&[]))?;
    println!("{} entries, whole: {}", verified.entries, verified.is_whole());
    timed("backup", || store.backup(&folder.join("backup.zip"), false, at))?;
    timed("restore", || Store::restore(&folder.join("backup.zip"), &folder.join("restored"), &[]))?;
    let mut store = store;
    timed("derive everything again", || store.rebuild(&mut fold))?;
    Ok(())
}
