//! What is derived can be derived again, and is the same.

use jiff::civil::date;
use proptest::prelude::*;
use shindan_store::{Difference, Query, Rebuilt, Sort, StoreError};

use crate::toy::*;

fn event() -> impl Strategy<Value = JarEvent> {
    prop_oneof![
        "[a-z味噌]{1,6}".prop_map(|name| JarEvent::Named { name }),
        (1_u32..9, proptest::option::of(1_i8..28))
            .prop_map(|(by, day)| JarEvent::Filled { by, due: day.map(|day| date(2026, 12, day)) }),
        "[a-c]".prop_map(|shelf| JarEvent::Shelved { shelf }),
        Just(JarEvent::Closed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// After any history, deriving everything anew changes nothing: neither a record nor a list.
    #[test]
    fn deriving_again_gives_what_was_there(
        history in proptest::collection::vec((0_u128..6, proptest::collection::vec(event(), 1..4)), 1..25),
    ) {
        let folder = Folder::new();
        let mut store = folder.create();
        for (number, events) in &history {
            let mut events = events.clone();
            if store.record(jar(*number)).unwrap().is_none() {
                events.insert(0, named("begun"));
            }
            happen(&mut store, jar(*number), &events).unwrap();
        }
        prop_assert_eq!(store.compare(&mut fold).unwrap(), []);
        let everything = |store: &shindan_store::Store| {
            [Sort::Urgency, Sort::Title].map(|sort| store.list(&Query { sort, limit: 100, ..Query::default() }).unwrap())
        };
        let text = |store: &shindan_store::Store| {
            store.list(&Query { text: Some("beg".into()), limit: 100, ..Query::default() }).unwrap()
        };
        let (before, found, counts) = (everything(&store), text(&store), store.counts(None).unwrap());
        let rebuilt = store.rebuild(&mut fold).unwrap();
        prop_assert_eq!(rebuilt.entries, store.head().unwrap().sequence);
        prop_assert_eq!(store.compare(&mut fold).unwrap(), []);
        prop_assert_eq!(everything(&store), before);
        prop_assert_eq!(text(&store), found);
        prop_assert_eq!(store.counts(None).unwrap(), counts);
        // And work goes on: revisions and numbers are where they were.
        happen(&mut store, jar(99), &[named("next")]).unwrap();
        let records = rebuilt.records + 1;
        prop_assert_eq!(store.record(jar(99)).unwrap().unwrap().row.number, Some(format!("MED-2026-{records:04}")));
    }
}

#[test]
fn another_reading_of_the_entries_is_found_and_can_be_taken_over() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    // A newer program that names jars otherwise.
    let mut renamed = |stream, entries: &[_]| {
        let (state, filed) = fold(stream, entries)?;
        Ok((state, shindan_domain::process::Filed { title: format!("{}!", filed.title), ..filed }))
    };
    let differences = store.compare(&mut renamed).unwrap();
    assert_eq!(differences.len(), 6, "title and what is searched, three times: {differences:?}");
    assert!(differences.contains(&Difference { stream: Some(jar(1)), what: "title" }));
    assert_eq!(store.rebuild(&mut renamed).unwrap(), Rebuilt { records: 3, entries: 3 });
    assert_eq!(store.record(jar(1)).unwrap().unwrap().row.title, "jar 1!");
    assert_eq!(store.compare(&mut renamed).unwrap(), []);
}

#[test]
fn entries_that_cannot_be_folded_change_nothing() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    let mut refusing = |stream, entries: &[shindan_domain::ledger::Entry]| {
        if stream == jar(2) { Err("unknown event".to_owned()) } else { fold(stream, entries) }
    };
    let error = store.rebuild(&mut refusing).unwrap_err();
    assert!(
        matches!(&error, StoreError::Entry { sequence: 3, error } if error == "unknown event"),
        "{error}"
    );
    assert_eq!(store.compare(&mut fold).unwrap(), [], "everything is as it was");
    assert_eq!(store.list(&Query { limit: 9, ..Query::default() }).unwrap().rows.len(), 3);
}
