//! One change: all or nothing, nobody's overwritten, not done twice, numbered, in time.

use shindan_domain::ledger::Hash;
use shindan_store::{Batch, Idempotency, Installation, Store, StoreError};

use crate::toy::*;

#[test]
fn a_record_is_read_back_as_it_was_written() {
    let folder = Folder::new();
    let mut store = folder.create();
    let done =
        happen(&mut store, jar(1), &[named("miso"), filled_until(7, 12, 1), shelved("north")]).unwrap();
    assert_eq!((done.first, done.last, done.replayed), (1, 3, false));
    assert_eq!(done.at, time("2026-11-26T03:00:00.123Z"), "milliseconds are kept");
    assert_eq!(done.numbers[&jar(1)], "MED-2026-0001");

    let store = folder.open();
    let record = store.record(jar(1)).unwrap().unwrap();
    assert_eq!(record.row.revision, 3);
    assert_eq!(record.row.title, "miso");
    assert_eq!(record.row.priority, Some(2));
    assert_eq!(record.row.due, Some(jiff::civil::date(2026, 12, 1)));
    assert_eq!(record.row.number.as_deref(), Some("MED-2026-0001"));
    assert_eq!(record.links.len(), 1);
    assert_eq!(stored(&store, jar(1)).unwrap().1.content, 7);
    assert_eq!(store.record(jar(2)).unwrap(), None);

    let entries = store.entries_of(jar(1)).unwrap();
    assert_eq!(entries.iter().map(|stored| stored.entry.revision).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(entries[0].entry.number.as_deref(), Some("MED-2026-0001"), "the first entry says the number");
    assert_eq!(entries[1].entry.number, None);
    assert_eq!(entries[0].entry.event, "case.named");
    assert_eq!(store.head().unwrap().hash, entries[2].hash);
    assert_eq!(store.entries(1, 10).unwrap(), entries[1..]);
    assert_eq!(store.entries(0, 1).unwrap(), entries[..1]);
}

#[test]
fn a_record_is_found_by_number_and_by_the_beginning_of_its_id() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 20);
    let titles =
        |text: &str| store.find(text, 5).unwrap().into_iter().map(|row| row.title).collect::<Vec<_>>();
    assert_eq!(titles(" med-2026-0003 "), ["jar 2"]);
    assert_eq!(titles("MED-2026-9999"), [""; 0]);
    assert_eq!(titles(&jar(7).id.to_string()), ["jar 7"]);
    assert_eq!(titles("01900000-0000-7000-8000-00000000001"), ["jar 16", "jar 17", "jar 18", "jar 19"]);
    assert_eq!(titles("0190"), ["jar 0", "jar 1", "jar 2", "jar 3", "jar 4"], "no more than asked for");
    assert_eq!(titles("%"), [""; 0]);
}

#[test]
fn a_change_decided_on_an_older_revision_is_refused_as_a_whole() {
    let folder = Folder::new();
    let mut mine = folder.create();
    let mut theirs = folder.open();
    fill(&mut mine, 1);
    let (revision, seen) = stored(&mine, jar(0)).unwrap();
    happen(&mut theirs, jar(0), &[filled(1)]).unwrap();

    let late =
        vec![write(jar(9), None, &[named("new")]), write(jar(0), Some((revision, seen)), &[filled(5)])];
    let error = mine.commit(batch(noon(), late)).unwrap_err();
    assert!(
        matches!(error, StoreError::Conflict { stream, expected: 1, found: 2 } if stream == jar(0)),
        "{error}"
    );
    assert_eq!(stored(&mine, jar(9)), None, "nothing of it was written");
    assert_eq!(stored(&mine, jar(0)).unwrap().1.content, 1);
    assert_eq!(mine.head().unwrap().sequence, 2);
    assert_eq!(mine.compare(&mut fold).unwrap(), []);
    happen(&mut mine, jar(0), &[filled(5)]).unwrap();
    assert_eq!(stored(&theirs, jar(0)).unwrap().1.content, 6);
}

#[test]
fn a_new_record_with_the_id_of_another_is_a_conflict() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    let again = store.commit(batch(noon(), vec![write(jar(0), None, &[named("twin")])]));
    assert!(matches!(again, Err(StoreError::Conflict { expected: 0, found: 1, .. })));
    let nobody = write(jar(5), Some((3, stored(&store, jar(0)).unwrap().1)), &[filled(1)]);
    assert!(matches!(
        store.commit(batch(noon(), vec![nobody])),
        Err(StoreError::Conflict { expected: 3, found: 0, .. })
    ));
}

#[test]
fn one_record_can_be_written_twice_in_a_change() {
    let folder = Folder::new();
    let mut store = folder.create();
    let first = write(jar(1), None, &[named("rice")]);
    let state = serde_json::from_slice(&first.state).unwrap();
    let second = write(jar(1), Some((1, state)), &[filled(3)]);
    store.commit(batch(noon(), vec![first, second])).unwrap();
    assert_eq!(stored(&store, jar(1)).unwrap().0, 2);
    assert_eq!(store.counts(None).unwrap()[0].records, 1);
    assert_eq!(store.compare(&mut fold).unwrap(), []);
}

#[test]
fn a_change_without_an_event_is_refused() {
    let folder = Folder::new();
    let mut store = folder.create();
    let mut silent = write(jar(1), None, &[named("x")]);
    silent.events.clear();
    assert!(matches!(store.commit(batch(noon(), vec![silent])), Err(StoreError::NoEvent { .. })));
    assert_eq!(store.record(jar(1)).unwrap(), None);
}

#[test]
fn an_event_that_cannot_be_written_exactly_is_refused() {
    let folder = Folder::new();
    let mut store = folder.create();
    let mut write = write(jar(1), None, &[named("x")]);
    write.events[0].payload = serde_json::json!({"score": 7.5});
    let error = store.commit(batch(noon(), vec![write])).unwrap_err();
    assert!(matches!(error, StoreError::NotCanonical { .. }), "{error}");
    assert_eq!(store.head().unwrap().sequence, 0);
}

fn asked(key: &str, request: &str) -> Option<Idempotency> {
    Some(Idempotency { key: key.to_owned(), request: Hash::of(request.as_bytes()) })
}

fn request(key: &str, text: &str, number: u128) -> Batch {
    Batch {
        idempotency: asked(key, text),
        answer: Some(format!("opened {number}")),
        ..batch(noon(), vec![write(jar(number), None, &[named(text)])])
    }
}

#[test]
fn a_request_that_is_repeated_is_answered_and_not_done_again() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    let done = store.commit(request("k1", "open", 5)).unwrap();
    let again = folder.open().commit(request("k1", "open", 5)).unwrap();
    assert!(again.replayed && !done.replayed);
    assert_eq!((again.first, again.last, again.at), (done.first, done.last, done.at));
    assert_eq!(again.numbers, done.numbers);
    assert_eq!(again.answer.as_deref(), Some("opened 5"));
    assert_eq!(store.head().unwrap().sequence, 2);
    assert_eq!(store.done_before(person(), &asked("k1", "open").unwrap()).unwrap(), Some(again));
    assert_eq!(store.done_before(person(), &asked("k2", "open").unwrap()).unwrap(), None);

    let other = store.commit(request("k1", "something else", 6)).unwrap_err();
    assert!(matches!(other, StoreError::KeyReused { key } if key == "k1"));
    assert_eq!(store.record(jar(6)).unwrap(), None);

    assert_eq!(store.forget_answers(time("2026-11-26T04:00:00Z")).unwrap(), 1);
    assert!(matches!(store.commit(request("k1", "open", 5)), Err(StoreError::Conflict { .. })));
}

#[test]
fn a_refused_change_does_not_use_up_its_key() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    assert!(store.commit(request("k", "open", 0)).is_err());
    assert!(!store.commit(request("k", "open again", 1)).unwrap().replayed);
}

#[test]
fn nothing_to_write_keeps_the_answer_only() {
    let folder = Folder::new();
    let mut store = folder.create();
    let nothing = Batch { writes: Vec::new(), ..request("k", "open", 0) };
    let done = store.commit(nothing.clone()).unwrap();
    assert_eq!((done.first, done.last), (1, 0));
    assert_eq!(store.commit(nothing).unwrap().answer.as_deref(), Some("opened 0"));
    assert_eq!(store.head().unwrap().sequence, 0);
}

#[test]
fn numbers_are_counted_per_year_in_japan_and_only_for_records_that_have_one() {
    let folder = Folder::new();
    let mut store = folder.create();
    let open = |store: &mut Store, at: &str, number: u128, numbered: bool| {
        let write = shindan_store::Write { numbered, ..write(jar(number), None, &[named("x")]) };
        store.commit(batch(time(at), vec![write])).unwrap().numbers.get(&jar(number)).cloned()
    };
    assert_eq!(open(&mut store, "2026-12-31T14:59:59Z", 1, true).as_deref(), Some("MED-2026-0001"));
    assert_eq!(open(&mut store, "2026-12-31T14:59:59Z", 2, false), None);
    assert_eq!(open(&mut store, "2026-12-31T14:59:59Z", 3, true).as_deref(), Some("MED-2026-0002"));
    assert_eq!(open(&mut store, "2026-12-31T15:00:00Z", 4, true).as_deref(), Some("MED-2027-0001"));
    happen(&mut store, jar(4), &[]).unwrap_err();
    let again = stored(&store, jar(4));
    let done =
        store.commit(batch(time("2027-01-01T00:00:00Z"), vec![write(jar(4), again, &[filled(1)])])).unwrap();
    assert!(done.numbers.is_empty(), "a record keeps its number");
    assert_eq!(store.record(jar(4)).unwrap().unwrap().row.number.as_deref(), Some("MED-2027-0001"));
}

#[test]
fn a_clock_that_is_a_little_behind_is_followed_and_one_that_went_back_is_not() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    let at = |store: &mut Store, text: &str, number| {
        store.commit(batch(time(text), vec![write(jar(number), None, &[named("x")])]))
    };
    let little = at(&mut store, "2026-11-26T02:58:00.123Z", 1).unwrap();
    assert_eq!(little.at, time("2026-11-26T02:58:00.123Z"), "as the state was folded");
    let back = at(&mut store, "2026-11-26T02:58:00.122Z", 2).unwrap_err();
    assert!(matches!(back, StoreError::ClockBackwards { last, now }
        if last == time("2026-11-26T03:00:00.123Z") && now == time("2026-11-26T02:58:00.122Z")));
    assert_eq!(store.record(jar(2)).unwrap(), None);
    assert!(
        store.time_for(time("2026-11-26T02:58:00.122Z")).is_err(),
        "two minutes once, not again and again"
    );
    assert_eq!(store.time_for(noon()).unwrap(), time("2026-11-26T03:00:00.123Z"));
    at(&mut store, "2026-11-26T04:00:00Z", 2).unwrap();
    assert_eq!(store.last_until(time("2026-11-26T02:00:00Z")).unwrap(), 0);
    assert_eq!(store.last_until(time("2026-11-26T02:59:00Z")).unwrap(), 2);
    assert_eq!(store.last_until(time("2026-11-26T03:00:00.123Z")).unwrap(), 1);
    assert_eq!(store.last_until(time("2030-01-01T00:00:00Z")).unwrap(), 3);
}

#[test]
fn two_stores_with_one_folder_lose_nothing_of_each_other() {
    let folder = Folder::new();
    folder.create();
    let path = folder.path().to_owned();
    let writers = [0_u128, 1_000].map(|from| {
        let path = path.clone();
        std::thread::spawn(move || {
            let mut store = Store::open(&path).unwrap();
            for number in from..from + 40 {
                happen(&mut store, jar(number), &[named("x"), filled(1)]).unwrap();
            }
        })
    });
    for writer in writers {
        writer.join().unwrap();
    }
    let store = folder.open();
    assert_eq!(store.head().unwrap().sequence, 160);
    assert!(store.verify(&[]).unwrap().is_whole());
    assert_eq!(store.compare(&mut fold).unwrap(), []);
    assert_eq!(store.find("MED-2026-0080", 2).unwrap().len(), 1, "no number was given twice");
}

#[test]
fn a_folder_holds_one_ledger_and_says_so() {
    let folder = Folder::new();
    assert!(!Store::exists(folder.path()));
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Absent { .. })));
    let lower = Installation { prefix: "med".to_owned(), ..installation() };
    assert!(matches!(Store::create(folder.path(), lower, [1; 32]), Err(StoreError::Prefix(_))));
    assert!(!Store::exists(folder.path()));
    folder.create();
    assert!(Store::exists(folder.path()));
    assert!(matches!(Store::create(folder.path(), installation(), [1; 32]), Err(StoreError::Present { .. })));
    assert_eq!(folder.open().installation(), &installation());
}
