//! Lists: every filter and order against a plain reading of the same records, page by page.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;
use shindan_store::{Query, Row, Sort, Store, StoreError};

use crate::toy::*;

/// All rows of a list, read in pages of `limit`.
fn all(store: &Store, query: &Query, limit: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.list(&Query { cursor, limit, ..query.clone() }).unwrap();
        assert!(page.rows.len() <= limit);
        rows.extend(page.rows);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return rows,
        }
    }
}

fn titles(store: &Store, query: Query) -> Vec<String> {
    all(store, &Query { limit: 100, ..query }, 100).into_iter().map(|row| row.title).collect()
}

#[test]
fn orders_and_filters() {
    let folder = Folder::new();
    let mut store = folder.create();
    happen(&mut store, jar(1), &[named("味噌 ＡＢＣ"), filled_until(3, 12, 1), shelved("north")]).unwrap();
    happen(&mut store, jar(2), &[named("rice"), filled_until(1, 12, 31)]).unwrap();
    happen(&mut store, jar(3), &[named("Abc soy")]).unwrap();
    happen(&mut store, jar(4), &[named("salt"), filled_until(1, 11, 30), shelved("north")]).unwrap();
    happen(&mut store, jar(2), &[JarEvent::Closed]).unwrap();

    let sorted = |sort| titles(&store, Query { sort, ..Query::default() });
    assert_eq!(sorted(Sort::Urgency), ["salt", "rice", "味噌 ＡＢＣ", "Abc soy"]);
    assert_eq!(sorted(Sort::Due), ["salt", "味噌 ＡＢＣ", "rice", "Abc soy"]);
    assert_eq!(sorted(Sort::Changed), ["rice", "salt", "Abc soy", "味噌 ＡＢＣ"]);
    assert_eq!(sorted(Sort::Opened), ["salt", "Abc soy", "rice", "味噌 ＡＢＣ"]);
    assert_eq!(sorted(Sort::Title), ["Abc soy", "rice", "salt", "味噌 ＡＢＣ"]);

    let only = |query: Query| titles(&store, query);
    assert_eq!(only(Query { open: Some(false), ..Query::default() }), ["rice"]);
    assert_eq!(only(Query { status: Some("inactive".into()), ..Query::default() }), ["rice"]);
    assert_eq!(only(Query { kind: Some(Kind::Asset), ..Query::default() }), [""; 0]);
    assert_eq!(
        only(Query { due_before: Some(date(2026, 12, 31)), ..Query::default() }),
        ["salt", "味噌 ＡＢＣ"]
    );
    let north = Some((Relation::Subject, "north".to_owned()));
    assert_eq!(only(Query { linked: north.clone(), ..Query::default() }), ["salt", "味噌 ＡＢＣ"]);
    assert_eq!(only(Query { linked: Some((Relation::Asset, "north".into())), ..Query::default() }), [""; 0]);
    let text = |text: &str| only(Query { text: Some(text.into()), ..Query::default() });
    assert_eq!(text("abc"), ["味噌 ＡＢＣ", "Abc soy"], "width and case do not matter");
    assert_eq!(text("味噌"), ["味噌 ＡＢＣ"], "two characters are enough");
    assert_eq!(text("soy  ａｂｃ"), ["Abc soy"], "every word");
    assert_eq!(text("0003"), ["Abc soy"], "the number");
    assert_eq!(text("\"abc* OR"), [""; 0], "no query language");
    assert_eq!(only(Query { text: Some("abc".into()), linked: north, ..Query::default() }), ["味噌 ＡＢＣ"]);

    let linked = store.linked(Relation::Subject, "north").unwrap();
    assert_eq!(linked.iter().map(|row| row.stream).collect::<Vec<_>>(), [jar(1), jar(4)]);
    assert_eq!(store.overdue(None, date(2027, 1, 1)).unwrap(), 2, "closed ones are not overdue");
    assert_eq!(store.overdue(Some(Kind::Case), date(2026, 11, 30)).unwrap(), 0, "due today is not overdue");
    let counts: BTreeMap<_, _> = store
        .counts(Some(Kind::Case))
        .unwrap()
        .into_iter()
        .map(|c| (c.status.value, (c.open, c.records)))
        .collect();
    assert_eq!(counts, BTreeMap::from([("active", (true, 3)), ("inactive", (false, 1))]));
}

#[test]
fn words_of_any_length_are_found_among_many_wherever_they_stand() {
    let folder = Folder::new();
    let mut store = folder.create();
    let one = |number: u128| {
        let title = match number % 900 {
            0 => format!("味噌 {number} 麹"),
            1 => format!("\"{number}%_*"),
            _ => format!("jar {number}"),
        };
        write(jar(number), None, &[named(&title)])
    };
    store.commit(batch(noon(), (0..MANY).map(one).collect())).unwrap();
    let rows = all(&store, &Query { sort: Sort::Title, ..Query::default() }, 1000);
    let shown =
        |row: &Row| format!("{} {}", row.title, row.number.clone().unwrap_or_default()).to_lowercase();
    for word in [
        "味", "噌", "麹", "味噌", "噌 ", "99", "7", "\"", "%_", "*", "zz", "z", "jar", "77", "0001", "噌麹",
        "r",
    ] {
        for sort in [Sort::Title, Sort::Opened, Sort::Changed] {
            let query = Query { sort, text: Some(word.into()), ..Query::default() };
            let mut found: Vec<String> = all(&store, &query, 1000).iter().map(shown).collect();
            let expected = rows.iter().map(shown).filter(|text| text.contains(word.trim()));
            let mut expected: Vec<String> = expected.collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{word:?} {sort:?}");
        }
    }
}

#[test]
fn what_is_no_longer_so_is_no_longer_found() {
    let folder = Folder::new();
    let mut store = folder.create();
    happen(&mut store, jar(1), &[named("miso"), shelved("north")]).unwrap();
    happen(&mut store, jar(1), &[named("rice"), shelved("south")]).unwrap();
    let text = |text: &str| titles(&store, Query { text: Some(text.into()), ..Query::default() });
    assert_eq!((text("miso"), text("rice")), (vec![], vec!["rice".to_owned()]));
    assert_eq!(store.linked(Relation::Subject, "north").unwrap(), []);
    assert_eq!(store.linked(Relation::Subject, "south").unwrap().len(), 1);
}

#[test]
fn a_list_goes_on_where_it_was_although_records_come_and_go() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 10);
    let query = Query { sort: Sort::Opened, limit: 4, ..Query::default() };
    let first = store.list(&query).unwrap();
    happen(&mut store, jar(50), &[named("new")]).unwrap();
    happen(&mut store, jar(8), &[JarEvent::Closed]).unwrap();
    let second = store.list(&Query { cursor: first.next.clone(), ..query.clone() }).unwrap();
    let names = |rows: &[Row]| rows.iter().map(|row| row.title.clone()).collect::<Vec<_>>();
    assert_eq!(names(&first.rows), ["jar 9", "jar 8", "jar 7", "jar 6"]);
    assert_eq!(names(&second.rows), ["jar 5", "jar 4", "jar 3", "jar 2"]);

    let foreign = Query { sort: Sort::Title, cursor: first.next, ..query.clone() };
    assert!(matches!(store.list(&foreign), Err(StoreError::Cursor(_))));
    assert!(matches!(store.list(&Query { cursor: Some("'".into()), ..query }), Err(StoreError::Cursor(_))));
}

#[test]
fn a_page_of_nothing_has_no_next() {
    let folder = Folder::new();
    let mut store = folder.create();
    let page = store.list(&Query::default()).unwrap();
    assert_eq!((page.rows.len(), page.next), (0, None));
    fill(&mut store, 3);
    let page = store.list(&Query { limit: 3, ..Query::default() }).unwrap();
    assert_eq!((page.rows.len(), page.next), (3, None), "a full last page has no next");
    let page = store.list(&Query { limit: 0, ..Query::default() }).unwrap();
    assert_eq!(page.rows.len(), 1, "a page has at least one row");
}

/// Which jars a filter is to give.
type Passes = Box<dyn Fn(u32) -> bool>;

/// Filters that more records pass than are looked up one by one: the same answers by the other ways.
#[test]
fn filters_that_many_pass() {
    let folder = Folder::new();
    let mut store = folder.create();
    let writes = (0..6_500).map(|number| {
        let mut events = vec![named(&format!("味噌 jar {number}"))];
        events.push(if number % 40 == 7 { filled_until(3, 12, 1) } else { filled_until(number % 9, 11, 5) });
        if number % 13 != 0 {
            events.push(shelved("north"));
        }
        if number % 3 == 0 {
            events.push(JarEvent::Closed);
        }
        write(jar(u128::from(number)), None, &events)
    });
    let writes = writes.collect();
    store.commit(batch(noon(), writes)).unwrap();
    let everything = all(&store, &Query { sort: Sort::Opened, ..Query::default() }, 1_000);
    assert_eq!(everything.len(), 6_500);
    let number = |row: &Row| row.title.rsplit(' ').next().unwrap().parse::<u32>().unwrap();
    let north = Some((Relation::Subject, "north".to_owned()));
    let many: [(Query, Passes); 5] = [
        (Query { linked: north.clone(), ..Query::default() }, Box::new(|n| n % 13 != 0)),
        (Query { text: Some("噌".into()), ..Query::default() }, Box::new(|_| true)),
        (Query { text: Some("jar".into()), open: Some(true), ..Query::default() }, Box::new(|n| n % 3 != 0)),
        (Query { due_before: Some(date(2026, 11, 6)), ..Query::default() }, Box::new(|n| n % 40 != 7)),
        (
            Query { text: Some("味噌 jar".into()), linked: north, open: Some(false), ..Query::default() },
            Box::new(|n| n % 3 == 0 && n % 13 != 0),
        ),
    ];
    for (query, passes) in many {
        let mut expected: Vec<u32> = everything.iter().map(number).filter(|n| passes(*n)).collect();
        expected.sort_unstable();
        for sort in [Sort::Urgency, Sort::Due, Sort::Title, Sort::Changed] {
            let rows = all(&store, &Query { sort, ..query.clone() }, 900);
            let mut numbers: Vec<u32> = rows.iter().map(number).collect();
            let urgencies: Vec<_> =
                rows.iter().map(|row| (row.priority.map_or(256, u16::from), row.due)).collect();
            assert!(sort != Sort::Urgency || urgencies.is_sorted(), "{query:?}");
            assert!(sort != Sort::Due || rows.iter().map(|row| row.due).is_sorted(), "{query:?}");
            numbers.sort_unstable();
            assert!(numbers == expected, "{sort:?} {query:?}: {} of {}", numbers.len(), expected.len());
        }
    }
}

/// The filter as one would write it without a database.
fn passes(row: &Row, shelf: Option<&str>, query: &Query) -> bool {
    let folded = row.title.to_lowercase();
    query.status.as_ref().is_none_or(|status| status == row.status.value)
        && query.open.is_none_or(|open| open == row.open)
        && query.due_before.is_none_or(|day| row.due.is_some_and(|due| due < day))
        && query.text.as_ref().is_none_or(|text| {
            let searched = format!("{folded} {}", row.number.clone().unwrap_or_default().to_lowercase());
            text.split_whitespace().all(|word| searched.contains(word))
        })
        && query.linked.as_ref().is_none_or(|(_, target)| shelf == Some(target.as_str()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Each order, each filter and pages of any size give the records that a plain reading gives, each once.
    #[test]
    fn lists_are_what_a_plain_reading_gives(
        jars in proptest::collection::vec((0_u32..12, 0_u8..4, any::<bool>(), "[ab ]{0,4}[aBc]{1,4}"), 1..40),
        open in proptest::option::of(any::<bool>()),
        text in proptest::option::of("[abc]{1,4}"),
        due in proptest::option::of(1_i8..28),
        shelf in proptest::option::of(0_u8..4),
        limit in 1_usize..9,
    ) {
        let folder = Folder::new();
        let mut store = folder.create();
        let mut shelves: BTreeMap<Stream, String> = BTreeMap::new();
        let mut writes = Vec::new();
        for (number, (content, shelf, closed, name)) in jars.iter().enumerate() {
            let stream = jar(number as u128);
            let mut events = vec![named(name)];
            if *content > 2 {
                events.push(filled_until(*content, 11, i8::try_from(*content).unwrap() + 10));
            }
            events.push(shelved(&format!("shelf {shelf}")));
            shelves.insert(stream, format!("shelf {shelf}"));
            if *closed {
                events.push(JarEvent::Closed);
            }
            writes.push(write(stream, None, &events));
        }
        store.commit(batch(noon(), writes)).unwrap();
        let everything: Vec<Row> = all(&store, &Query { sort: Sort::Opened, ..Query::default() }, 1000);
        prop_assert_eq!(everything.len(), jars.len());
        let query = Query {
            open,
            text,
            due_before: due.map(|day| date(2026, 11, day)),
            linked: shelf.map(|shelf| (Relation::Subject, format!("shelf {shelf}"))),
            ..Query::default()
        };
        for sort in [Sort::Urgency, Sort::Due, Sort::Changed, Sort::Opened, Sort::Title] {
            let rows = all(&store, &Query { sort, ..query.clone() }, limit);
            let mut expected: Vec<Row> = everything.iter().rev()
                .filter(|row| passes(row, shelves.get(&row.stream).map(String::as_str), &query)).cloned().collect();
            let due = |row: &Row| row.due.unwrap_or(jiff::civil::Date::MAX);
            match sort {
                Sort::Urgency => expected.sort_by_key(|row| (row.priority.map_or(256, u16::from), due(row))),
                Sort::Due => expected.sort_by_key(due),
                Sort::Title => expected.sort_by_key(|row| {
                    format!("{} {}", row.title, row.number.clone().unwrap()).to_lowercase()
                }),
                Sort::Changed | Sort::Opened => expected.reverse(),
            }
            prop_assert_eq!(rows, expected, "{:?}", sort);
        }
    }
}

#[test]
fn the_latest_ones_of_a_relation_come_first_and_as_many_as_are_wanted() {
    let folder = Folder::new();
    let mut store = folder.create();
    for (number, shelf) in [(1, "north"), (2, "south"), (3, "north"), (4, "north")] {
        happen(&mut store, jar(number), &[named("jar"), shelved(shelf)]).unwrap();
    }
    // A later change does not make it a later record.
    happen(&mut store, jar(1), &[filled(1)]).unwrap();
    let looked_at = |kind, most| {
        let mut seen = Vec::new();
        let relation = (Relation::Subject, "north");
        let look = &mut |stream, state: &[u8]| {
            assert_eq!(state, state_of(&stored(&store, stream).unwrap().1));
            seen.push(stream);
            seen.len() < most
        };
        store.latest_linked_states(kind, relation, look).unwrap();
        seen
    };
    let kind = jar(1).kind;
    assert_eq!(looked_at(kind, 9), [jar(4), jar(3), jar(1)]);
    assert_eq!(looked_at(kind, 2), [jar(4), jar(3)]);
    assert_eq!(looked_at(Kind::Asset, 9), []);
}

#[test]
fn what_began_and_what_changed_after_an_entry_is_counted() {
    let folder = Folder::new();
    let mut store = folder.create();
    happen(&mut store, jar(1), &[named("one")]).unwrap();
    happen(&mut store, jar(2), &[named("two")]).unwrap();
    let before = store.head().unwrap().sequence;
    let kind = jar(1).kind;
    assert_eq!(store.counts_since(kind, before).unwrap(), (0, 0));
    happen(&mut store, jar(3), &[named("three")]).unwrap();
    happen(&mut store, jar(1), &[JarEvent::Closed]).unwrap();
    assert_eq!(store.counts_since(kind, before).unwrap(), (1, 2));
    assert_eq!(store.counts_since(kind, 0).unwrap(), (3, 3));
    assert_eq!(store.counts_since(Kind::Asset, 0).unwrap(), (0, 0));
}

/// More than are counted one by one: what is left over is counted from the other end.
#[test]
fn many_that_began_are_counted_from_the_nearer_end() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1_500);
    let (kind, last) = (jar(1).kind, store.head().unwrap().sequence);
    let every = Query { kind: Some(kind), sort: Sort::Opened, ..Query::default() };
    let rows = all(&store, &every, 500);
    let opened_after = |after| {
        let later =
            |row: &&Row| store.entries_of(row.stream).unwrap().first().unwrap().entry.sequence > after;
        rows.iter().filter(later).count() as u64
    };
    for after in [0, 1, last / 4, last / 2, last - 900, last - 1, last] {
        assert_eq!(store.counts_since(kind, after).unwrap().0, opened_after(after), "{after} of {last}");
    }
}

#[test]
fn entries_of_some_kinds_are_read_on_from_where_one_was() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 5);
    let head = store.head().unwrap().sequence;
    let kind = jar(0).kind;
    let (mut after, mut read) = (0, Vec::new());
    loop {
        let last = store.pass_entries(&[kind, Kind::Asset], (after, 2), &mut |passed| {
            let entry = passed.entry()?;
            assert_eq!(
                (passed.sequence, passed.kind, passed.id, passed.at, passed.event()?),
                (entry.sequence, entry.stream.kind, entry.stream.id, entry.at, entry.event.as_str())
            );
            read.push(entry.sequence);
            Ok::<_, StoreError>(())
        });
        let last = last.unwrap();
        if last == after {
            break;
        }
        after = last;
    }
    assert_eq!((after, read), (head, (1..=head).collect::<Vec<_>>()));
    let last = store.pass_entries(&[Kind::Asset], (0, 100), &mut |passed| Err(passed.entry().unwrap_err()));
    assert_eq!(last.unwrap(), head, "others are passed over, and the caller is past them");
}

#[test]
fn open_records_are_counted_by_what_they_relate_to() {
    let folder = Folder::new();
    let mut store = folder.create();
    happen(&mut store, jar(1), &[named("miso"), shelved("north")]).unwrap();
    happen(&mut store, jar(2), &[named("rice"), shelved("north")]).unwrap();
    happen(&mut store, jar(3), &[named("soy"), shelved("east")]).unwrap();
    happen(&mut store, jar(4), &[named("salt"), shelved("south")]).unwrap();
    let shelves = ["south", "nowhere", "north", "east"];
    let counted = |store: &Store, relation, kind| {
        let counts = store.open_linked(kind, relation, shelves.into_iter()).unwrap();
        counts.into_iter().map(|(target, count)| format!("{target} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(counted(&store, Relation::Subject, Kind::Case), ["east 1", "north 2", "south 1"]);
    happen(&mut store, jar(2), &[JarEvent::Closed]).unwrap();
    assert_eq!(counted(&store, Relation::Subject, Kind::Case), ["east 1", "north 1", "south 1"]);
    assert_eq!(counted(&store, Relation::Asset, Kind::Case), [""; 0]);
    assert_eq!(counted(&store, Relation::Subject, Kind::Patch), [""; 0]);
    // What each of them relates to is told by the lists, too.
    for (target, count) in store.open_linked(Kind::Case, Relation::Subject, shelves.into_iter()).unwrap() {
        let query = Query { linked: Some((Relation::Subject, target)), open: Some(true), ..Query::default() };
        assert_eq!(titles(&store, query).len() as u64, count);
    }
}

/// Few and many, so that both ways of counting and listing are gone.
#[test]
fn records_of_several_relations_are_listed_and_counted_alone() {
    for jars in [40_u32, 9_000] {
        let folder = Folder::new();
        let mut store = folder.create();
        let writes = (0..jars).map(|number| {
            let due = if number % 5 == 0 { filled_until(3, 11, 1) } else { filled_until(3, 12, 9) };
            let name = if number % 7 == 0 { "pot" } else { "jar" };
            let mut events = vec![named(&format!("{name} {number}")), due];
            // Every fourth jar stands nowhere.
            match number % 4 {
                0 => {}
                shelf => events.push(shelved(&format!("shelf {shelf}"))),
            }
            if number % 3 == 0 {
                events.push(JarEvent::Closed);
            }
            write(jar(u128::from(number)), None, &events)
        });
        let writes = writes.collect();
        store.commit(batch(noon(), writes)).unwrap();
        let after = store.head().unwrap().sequence;
        happen(&mut store, jar(1), &[filled(1)]).unwrap();
        happen(&mut store, jar(3), &[filled(1)]).unwrap();
        let relations = [1, 2, 1].map(|shelf| (Relation::Subject, format!("shelf {shelf}")));
        let among = store.among(&relations, &[]).unwrap();
        let own = |number: &u32| matches!(number % 4, 1 | 2);
        let number = |row: &Row| row.title.rsplit(' ').next().unwrap().parse::<u32>().unwrap();
        for (open, text) in [(None, None), (Some(true), None), (Some(false), Some("pot".to_owned()))] {
            for sort in [Sort::Urgency, Sort::Due, Sort::Changed, Sort::Opened, Sort::Title] {
                let query =
                    Query { open, text: text.clone(), sort, among: Some(among.clone()), ..Query::default() };
                let mut found: Vec<u32> = all(&store, &query, 700).iter().map(number).collect();
                found.sort_unstable();
                let named = |n: &u32| text.is_none() || n.is_multiple_of(7);
                let mut expected: Vec<u32> = (0..jars).filter(own).filter(named).collect();
                expected.retain(|n| open.is_none_or(|open| open == (n % 3 != 0)));
                assert_eq!(found, expected, "{jars} {sort:?} {open:?}");
            }
        }
        let counts = store.open_counts_among(&among).unwrap();
        let open = (0..jars).filter(own).filter(|n| n % 3 != 0).count() as u64;
        assert_eq!(
            counts.iter().map(|count| (count.open, count.records)).collect::<Vec<_>>(),
            [(true, open)]
        );
        let overdue = (0..jars).filter(own).filter(|n| n % 3 != 0 && n % 5 == 0).count() as u64;
        assert_eq!(store.overdue_among(Kind::Case, date(2026, 11, 20), &among).unwrap(), overdue);
        assert_eq!(
            store.counts_since_among(Kind::Case, after, &among).unwrap(),
            (0, 1),
            "jar 3 is another's"
        );
        let nothing = store.among(&[(Relation::Subject, "shelf 9".to_owned())], &[jar(1 << 99)]).unwrap();
        assert_eq!(all(&store, &Query { among: Some(nothing.clone()), ..Query::default() }, 9), []);
        assert_eq!(store.open_counts_among(&nothing).unwrap(), []);
        let standing =
            store.targets_of((Kind::Case, false), (Relation::Subject, "shelf 1"), Relation::Subject).unwrap();
        assert_eq!(standing, ["shelf 1"]);
        let closed = store
            .targets_of((Kind::Asset, false), (Relation::Subject, "shelf 1"), Relation::Subject)
            .unwrap();
        assert_eq!(closed, [""; 0], "of the kind alone");
        let own = store.among(&[], &[jar(4), jar(9), jar(4)]).unwrap();
        let mut found: Vec<u32> =
            all(&store, &Query { among: Some(own), ..Query::default() }, 9).iter().map(number).collect();
        found.sort_unstable();
        assert_eq!(found, [4, 9]);
        happen(&mut store, jar(60_000), &[named("jar 60000"), shelved("shelf 7"), JarEvent::Closed]).unwrap();
        let of_seven = |open| {
            let shelf = (Relation::Subject, "shelf 7");
            store.targets_of((Kind::Case, open), shelf, Relation::Subject).unwrap().len()
        };
        assert_eq!((of_seven(true), of_seven(false)), (0, 1), "closed ones only where they are wanted");
    }
}
