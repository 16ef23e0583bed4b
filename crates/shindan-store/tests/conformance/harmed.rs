//! SQLite's file is harmed, by hand and by accident: it is found, said where, and nothing is lost silently.

use std::time::Duration;

use rusqlite::Connection;
use shindan_domain::ledger::Hash;
use shindan_store::{Problem, Query, Store, StoreError, Verified};

use crate::toy::*;

fn raw(folder: &Folder) -> Connection {
    Connection::open(folder.path().join("ledger/shindan.db")).unwrap()
}

/// A ledger of six entries after somebody with access to the file did this to it.
fn after(sql: &str) -> Verified {
    let folder = Folder::new();
    fill(&mut folder.create(), 6);
    let connection = raw(&folder);
    connection.execute_batch("PRAGMA foreign_keys = OFF; DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_removed").unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    folder.open().verify(&[]).unwrap()
}

fn problems(sql: &str) -> Vec<(&'static str, Option<u64>)> {
    after(sql).problems.iter().map(|problem| (problem.code(), problem.sequence())).collect()
}

#[test]
fn every_kind_of_tampering_is_found_and_placed() {
    assert_eq!(problems("SELECT 1"), []);
    // Edited, without and with a new hash.
    let edit = "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'jar 2', 'jar 9') AS BLOB) WHERE sequence = 3";
    assert_eq!(problems(edit), [("hash", Some(3))]);
    let rehashed = "UPDATE entry SET hash = zeroblob(32) WHERE sequence = 3";
    assert_eq!(problems(rehashed), [("hash", Some(3)), ("hash", Some(4))]);
    // Removed.
    assert_eq!(problems("DELETE FROM entry WHERE sequence = 3"), [("missing", Some(3))]);
    assert_eq!(problems("DELETE FROM entry WHERE sequence IN (1, 2)"), [("missing", Some(1))]);
    let closed_up = "DELETE FROM entry WHERE sequence = 3;
        UPDATE entry SET sequence = -sequence WHERE sequence > 3; UPDATE entry SET sequence = -sequence - 1 WHERE sequence < 0";
    assert_eq!(
        problems(closed_up)[..4],
        [("hash", Some(3)), ("place", Some(3)), ("place", Some(4)), ("place", Some(5))]
    );
    // Inserted: a copy at the end, and something between.
    let copied = "INSERT INTO entry SELECT 7, kind, zeroblob(16), 1, at, type, hash, bytes FROM entry WHERE sequence = 6";
    let found = problems(copied);
    assert!(found.contains(&("hash", Some(7))) && found.contains(&("place", Some(7))), "{found:?}");
    assert_eq!(
        problems("UPDATE entry SET bytes = x'7b7d' WHERE sequence = 2"),
        [("hash", Some(2)), ("unreadable", Some(2))]
    );
    // Reordered.
    let swapped =
        "UPDATE entry SET sequence = 99 WHERE sequence = 2; UPDATE entry SET sequence = 2 WHERE sequence = 3;
        UPDATE entry SET sequence = 3 WHERE sequence = 99";
    let found = problems(swapped);
    assert!(found.contains(&("place", Some(2))) && found.contains(&("place", Some(3))), "{found:?}");
    assert_eq!(found[0], ("hash", Some(2)));
    // Columns that are used to find entries.
    for (column, value) in
        [("kind", "'asset'"), ("id", "zeroblob(16)"), ("revision", "2"), ("at", "0"), ("type", "'x'")]
    {
        let verified = after(&format!("UPDATE entry SET {column} = {value} WHERE sequence = 4"));
        assert_eq!(verified.problems, [Problem::Column { sequence: 4, column }]);
    }
}

#[test]
fn what_was_cut_off_is_found_by_records_and_by_kept_checkpoints() {
    let cut = "DELETE FROM entry WHERE sequence > 4";
    assert_eq!(after(cut).problems, [Problem::RecordAhead { sequence: 6, last: 4 }]);

    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 6);
    let checkpoint = store.checkpoint(noon()).unwrap();
    let connection = raw(&folder);
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; DROP TRIGGER entry_is_never_removed; DELETE FROM entry WHERE sequence > 4; DELETE FROM record WHERE changed > 4")
        .unwrap();
    let at = checkpoint.at;
    let truncated = Problem::Truncated { at, sequence: 6, last: 4 };
    assert_eq!(store.verify(&[]).unwrap().problems, std::slice::from_ref(&truncated));
    // Whoever removes the kept checkpoint does not reach the one that somebody else has.
    connection.execute_batch("DELETE FROM checkpoint").unwrap();
    assert!(store.verify(&[]).unwrap().is_whole(), "this is what the chain alone cannot tell");
    assert_eq!(store.verify(&[checkpoint]).unwrap().problems, [truncated]);
}

#[test]
fn a_forged_checkpoint_in_the_file_is_found() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 2);
    store.checkpoint(noon()).unwrap();
    raw(&folder).execute("UPDATE checkpoint SET hash = ?1", [Hash::of(b"x").0]).unwrap();
    let verified = store.verify(&[]).unwrap();
    assert!(matches!(verified.problems[..], [Problem::CheckpointNotSigned { sequence: 2, .. }]));
}

#[test]
fn a_destroyed_ledger_lists_a_thousand_problems() {
    let folder = Folder::new();
    fill(&mut folder.create(), 3_000);
    raw(&folder)
        .execute_batch("DROP TRIGGER entry_is_never_changed; UPDATE entry SET hash = zeroblob(32)")
        .unwrap();
    let verified = folder.open().verify(&[]).unwrap();
    assert_eq!((verified.problems.len(), verified.entries), (1_000, 3_000));
}

#[test]
fn entries_cannot_be_changed_or_removed_by_mistake() {
    let folder = Folder::new();
    fill(&mut folder.create(), 2);
    let connection = raw(&folder);
    let error = connection.execute("UPDATE entry SET at = 0", []).unwrap_err().to_string();
    assert!(error.contains("never changed"), "{error}");
    let error = connection.execute("DELETE FROM entry WHERE sequence = 2", []).unwrap_err().to_string();
    assert!(error.contains("never removed"), "{error}");
}

#[test]
fn what_is_derived_is_compared_with_the_entries() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    happen(&mut store, jar(1), &[shelved("north")]).unwrap();
    let differs = |sql: &str| -> Vec<&'static str> {
        let connection = raw(&folder);
        connection
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; SAVEPOINT s; {sql}; RELEASE s"))
            .unwrap();
        let mut store = folder.open();
        let found = store.compare(&mut fold).unwrap().into_iter().map(|difference| difference.what).collect();
        store.rebuild(&mut fold).unwrap();
        assert_eq!(store.compare(&mut fold).unwrap(), [], "{sql}");
        found
    };
    assert_eq!(differs("UPDATE record SET state = x'7b7d' WHERE title = 'jar 1'"), ["state"]);
    assert_eq!(differs("UPDATE record SET due = 20200101 WHERE title = 'jar 1'"), ["due"]);
    assert_eq!(differs("DELETE FROM link"), ["links"]);
    assert_eq!(differs("UPDATE list_group SET records = 7"), ["list_group"]);
    assert_eq!(differs("UPDATE number_counter SET last = 1"), ["number_counter"]);
    assert_eq!(differs("DELETE FROM record WHERE title = 'jar 2'"), ["record"]);
    let surplus = "INSERT INTO record SELECT 99, kind, zeroblob(16), revision, NULL, list_group, title, search, priority, due,
        urgency, changed, opened_at, changed_at, state FROM record LIMIT 1";
    assert_eq!(differs(surplus), ["record"]);
}

#[test]
fn a_full_disk_loses_nothing_and_says_so() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 20);
    let before = store.head().unwrap();
    let size = std::fs::metadata(folder.path().join("ledger/shindan.db")).unwrap().len();
    store.limit_size(size + 200_000).unwrap();
    let big = "x".repeat(40_000);
    let error = (100..200).find_map(|number| happen(&mut store, jar(number), &[named(&big)]).err()).unwrap();
    assert!(matches!(error, StoreError::Full), "{error}");
    let verified = store.verify(&[]).unwrap();
    assert!(verified.is_whole() && verified.last.sequence >= before.sequence);
    assert_eq!(store.compare(&mut fold).unwrap(), []);
    store.limit_size(1 << 30).unwrap();
    happen(&mut store, jar(300), &[named("there is room again")]).unwrap();
}

#[test]
fn a_locked_ledger_is_waited_for_and_then_said_to_be_locked() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    store.wait_at_most(Duration::from_millis(50)).unwrap();
    let other = raw(&folder);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = happen(&mut store, jar(1), &[named("x")]).unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error}");
    assert!(store.record(jar(0)).unwrap().is_some(), "reading goes on");
    assert!(matches!(store.checkpoint(noon()), Err(StoreError::Locked)));

    // One that is let go in time is waited for.
    store.wait_at_most(Duration::from_secs(5)).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            other.execute_batch("COMMIT").unwrap();
            drop(other);
        });
        happen(&mut store, jar(1), &[named("x")]).unwrap();
    });
}

#[test]
fn a_newer_a_foreign_and_a_damaged_file_are_told_apart() {
    let folder = Folder::new();
    fill(&mut folder.create(), 300);
    raw(&folder).execute_batch("PRAGMA user_version = 6").unwrap();
    let newer = Store::open(folder.path()).unwrap_err();
    assert!(matches!(newer, StoreError::Newer { found: 6, known: 5 }), "{newer}");
    raw(&folder).execute_batch("PRAGMA user_version = 5; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();

    let file = folder.path().join("ledger/shindan.db");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, b"not a database at all, but some other file of somebody").unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Damaged { .. })));
    std::fs::write(&file, b"").unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Damaged { .. })));

    // Pages in the middle overwritten: an error or a problem, never "whole", and never a panic.
    let mut harmed = whole.clone();
    let middle = whole.len() / 2;
    harmed[middle..middle + 8192].fill(0x5a);
    std::fs::write(&file, &harmed).unwrap();
    let store = Store::open(folder.path()).unwrap();
    let found = store.verify(&[]).map(|verified| verified.is_whole());
    let derived = store.compare(&mut fold).map(|differences| differences.is_empty());
    assert!(!matches!((&found, &derived), (Ok(true), Ok(true))), "{found:?} {derived:?}");
    drop(store);
    std::fs::write(&file, &whole).unwrap();
    assert!(folder.open().verify(&[]).unwrap().is_whole());
}

#[test]
fn a_half_made_ledger_is_made_anew() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path().join("ledger")).unwrap();
    std::fs::write(folder.path().join("ledger/shindan.db.new"), b"half").unwrap();
    assert!(!Store::exists(folder.path()));
    fill(&mut folder.create(), 1);
    assert!(!folder.path().join("ledger/shindan.db.new").exists());
}

#[test]
fn tables_of_version_1_are_brought_up_to_date_and_entries_stay_as_they_are() {
    let folder = Folder::new();
    fill(&mut folder.create(), 3);
    let head = folder.open().head().unwrap();
    raw(&folder).execute_batch(
        "DROP TABLE password; DROP TABLE invitation; DROP TABLE totp; DROP TABLE totp_begun; DROP TABLE recovery_code;
         DROP TABLE session; DROP TABLE known_device; DROP TABLE throttle; DROP TABLE login; DROP TABLE preference; DROP INDEX entry_by_event; PRAGMA user_version = 1;",
    )
    .unwrap();
    let mut store = folder.open();
    assert_eq!(store.head().unwrap(), head);
    assert!(store.verify(&[]).unwrap().is_whole());
    store
        .commit_with(
            batch(noon(), Vec::new()),
            &[shindan_store::AccountWrite::Password(person(), "hash".to_owned())],
        )
        .unwrap();
    drop(store);
    assert_eq!(folder.open().password(person()).unwrap().as_deref(), Some("hash"), "once");
}

#[test]
fn texts_of_version_2_are_indexed_anew() {
    let folder = Folder::new();
    fill(&mut folder.create(), MANY);
    raw(&folder)
        .execute_batch(
            "INSERT INTO record_text (record_text) VALUES ('delete-all');
             INSERT INTO record_text (rowid, text) SELECT first, search FROM record;
             DROP TABLE preference; DROP INDEX entry_by_event; PRAGMA user_version = 2;",
        )
        .unwrap();
    let query = Query { text: Some("99".into()), limit: 1000, ..Query::default() };
    let found = folder.open().list(&query).unwrap().rows;
    let has = |row: &&shindan_store::Row| format!("{} {:?}", row.title, row.number).contains("99");
    assert!(found.len() > 50 && found.iter().all(|row| has(&row)), "{}", found.len());
    assert!(found.iter().any(|row| row.number.as_ref().is_some_and(|number| number.ends_with("99"))));
}
