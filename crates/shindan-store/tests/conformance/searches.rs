//! Entries are found by what is asked for, the last first, page by page.

use shindan_domain::ledger::Kind;
use shindan_domain::record_id::PersonId;
use shindan_store::{Sought, Store};
use uuid::Uuid;

use crate::toy::*;

fn found(store: &Store, sought: &Sought, limit: usize) -> (Vec<u64>, Option<u64>) {
    let sighted = store.search(sought, limit).unwrap();
    (sighted.entries.iter().map(|stored| stored.entry.sequence).collect(), sighted.before)
}

#[test]
fn entries_are_found_by_each_of_what_is_asked_for() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 5);
    happen(&mut store, jar(1), &[filled(3)]).unwrap();
    let all = Sought::default();
    assert_eq!(found(&store, &all, 10), (vec![6, 5, 4, 3, 2, 1], None));
    // Page by page, until there is nothing before.
    assert_eq!(found(&store, &all, 4), (vec![6, 5, 4, 3], Some(3)));
    assert_eq!(found(&store, &Sought { before: Some(3), ..all.clone() }, 4), (vec![2, 1], None));
    assert_eq!(found(&store, &Sought { before: Some(3), ..all.clone() }, 2), (vec![2, 1], None));
    let filled = store.entries(5, 1).unwrap().remove(0).entry.event;
    assert_eq!(found(&store, &Sought { event: Some(filled), ..all.clone() }, 10).0, [6]);
    assert_eq!(found(&store, &Sought { kind: Some(Kind::Case), ..all.clone() }, 10).0.len(), 6);
    assert_eq!(found(&store, &Sought { kind: Some(Kind::Patch), ..all.clone() }, 10), (vec![], None));
    assert_eq!(found(&store, &Sought { person: Some(person()), ..all.clone() }, 10).0.len(), 6);
    let nobody = Some(PersonId(Uuid::from_u128(0xdead)));
    assert_eq!(found(&store, &Sought { person: nobody, ..all.clone() }, 10), (vec![], None));
    assert_eq!(found(&store, &Sought { from: Some(noon()), ..all.clone() }, 10).0.len(), 6);
    assert_eq!(found(&store, &Sought { until: Some(noon()), ..all }, 10), (vec![], None));
}

/// Whatever is asked for together, the answer is what looking at each entry gives.
#[test]
fn kinds_and_events_are_found_by_their_index_page_by_page() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 40);
    for turn in 0..30 {
        let events = if turn % 3 == 0 { vec![named("x"), filled(turn)] } else { vec![filled(turn)] };
        happen(&mut store, jar(1 + u128::from(turn) % 5), &events).unwrap();
    }
    let all = store.entries(0, 10_000).unwrap();
    let events: std::collections::BTreeSet<String> =
        all.iter().map(|stored| stored.entry.event.clone()).collect();
    assert!(events.len() >= 2);
    let kinds = [None, Some(Kind::Case), Some(Kind::Patch)];
    for kind in kinds {
        for event in events.iter().cloned().map(Some).chain([None, Some("none.such".to_owned())]) {
            let fits = |stored: &&shindan_store::Stored| {
                kind.is_none_or(|kind| stored.entry.stream.kind == kind)
                    && event.as_ref().is_none_or(|event| stored.entry.event == *event)
            };
            let mut expected: Vec<u64> =
                all.iter().filter(fits).map(|stored| stored.entry.sequence).collect();
            expected.reverse();
            let mut sought = Sought { kind, event: event.clone(), ..Sought::default() };
            let mut pages = Vec::new();
            loop {
                let (page, before) = found(&store, &sought, 7);
                pages.extend(page);
                match before {
                    Some(before) => sought.before = Some(before),
                    None => break,
                }
            }
            assert_eq!(pages, expected, "{kind:?} {event:?}");
        }
    }
}
