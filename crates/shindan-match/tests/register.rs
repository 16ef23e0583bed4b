//! Recognising the rows of a ledger in the register: the same ledger again changes nothing, whatever is in it.
#![allow(clippy::expect_used)]

use jiff::Timestamp;
use proptest::prelude::*;
use shindan_domain::asset_ledger::LedgerRow;
use shindan_domain::inventory::Asset;
use shindan_domain::register::{
    Changes, Imported, Keyed, LedgerSource, Register, RegisterEvent, RegisterRecord,
};
use shindan_match::register::{changes, ledger_of};

fn row(number: u32, fields: [&str; 5]) -> LedgerRow {
    let [id, serial, host, maker, model] = fields;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let asset = Asset {
        asset_id: id.to_owned(),
        serial: some(serial),
        host: some(host),
        maker: some(maker),
        model: some(model),
        ..Asset::default()
    };
    LedgerRow { row: number, line: None, asset }
}

fn rows(texts: &[[&str; 5]]) -> Vec<LedgerRow> {
    (1..).zip(texts).map(|(number, fields)| row(number, *fields)).collect()
}

/// The event that importing these rows makes.
fn event(ledger: &str, rows: &[LedgerRow], changes: &Changes, fingerprint: &str) -> RegisterEvent {
    let keyed = |wanted: &str| {
        let at = changes.keys.iter().position(|key| key == wanted).expect("a row");
        Keyed { key: wanted.to_owned(), asset: rows[at].asset.clone() }
    };
    RegisterEvent::Imported(Box::new(Imported {
        version: 1,
        ledger: ledger.to_owned(),
        source: LedgerSource {
            path: "l.csv".into(),
            sha256: String::new(),
            size: 0,
            sheet: None,
            first_row: 1,
            last_row: 1,
            fingerprint: fingerprint.to_owned(),
        },
        columns: Vec::new(),
        rows: changes.keys.iter().cloned().zip(rows.iter().map(|row| row.row)).collect(),
        added: changes.added.iter().map(|(key, _)| keyed(key)).collect(),
        changed: changes.changed.iter().map(|change| keyed(&change.key)).collect(),
        missing: changes.missing.clone(),
        returned: changes.returned.clone(),
        cells: Vec::new(),
    }))
}

/// A register under construction.
#[derive(Default)]
struct Book(Vec<RegisterRecord>);

impl Book {
    fn register(&self) -> Register {
        Register::of(&self.0)
    }

    fn import(&mut self, ledger: &str, rows: &[LedgerRow]) -> Changes {
        let changes = changes(&self.register(), ledger, rows);
        self.push(event(ledger, rows, &changes, "h"));
        changes
    }

    fn push(&mut self, event: RegisterEvent) {
        let number = self.0.len() as u64 + 1;
        let record =
            RegisterRecord { number, previous: None, at: Timestamp::UNIX_EPOCH, by: String::new(), event };
        self.0.push(record);
    }
}

fn ledgers() -> impl Strategy<Value = Vec<LedgerRow>> {
    // Few values, so that numbers, serials and names collide all the time.
    let text = || prop::sample::select(vec!["", "1", "2", "A", "Ａ", "a "]);
    let fields = (text(), text(), text(), text(), text());
    prop::collection::vec(fields, 0..12)
        .prop_map(|list| list.iter().map(|(a, b, c, d, e)| [*a, *b, *c, *d, *e]).collect::<Vec<_>>())
        .prop_map(|list| rows(&list))
}

proptest! {
    #[test]
    fn the_same_ledger_again_changes_nothing(before in ledgers(), rows in ledgers()) {
        let mut book = Book::default();
        book.import("l", &before);
        book.import("l", &rows);
        let once = book.register();
        let again = book.import("l", &rows);
        prop_assert_eq!((again.added.len(), again.changed.len(), again.missing.len()), (0, 0, 0));
        prop_assert_eq!(again.unchanged, rows.len());
        let contents = |register: &Register| {
            register.assets.iter().map(|(key, a)| (key.clone(), a.asset.clone(), a.missing_since)).collect::<Vec<_>>()
        };
        prop_assert_eq!(contents(&once), contents(&book.register()));
    }

    #[test]
    fn every_row_is_one_asset_and_none_is_lost(before in ledgers(), rows in ledgers()) {
        let mut book = Book::default();
        book.import("l", &before);
        let known = book.register().assets.len();
        let changes = book.import("l", &rows);
        let mut keys = changes.keys.clone();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), rows.len(), "no two rows are the same asset");
        prop_assert_eq!(book.register().assets.len(), known + changes.added.len());
        let there = book.register().assets.values().filter(|a| a.missing_since.is_none()).count();
        prop_assert_eq!(there, rows.len());
    }

    #[test]
    fn an_undone_import_leaves_nothing_behind(before in ledgers(), rows in ledgers()) {
        let mut book = Book::default();
        book.import("l", &before);
        let first = book.register();
        book.import("l", &rows);
        book.push(RegisterEvent::ImportUndone { version: 1, import: 2 });
        prop_assert_eq!(&first.assets, &book.register().assets);
        // Undo of undo: import it again.
        let again = book.import("l", &rows);
        prop_assert_eq!(again.keys.len(), rows.len());
    }
}

#[test]
fn stronger_marks_decide() {
    let mut book = Book::default();
    book.import(
        "l",
        &rows(&[["M-1", "S1", "h1", "GE", "B450"], ["", "S2", "", "GE", "B450"], ["", "", "h3", "", ""]]),
    );
    let next = rows(&[
        // The number stays, everything else changes: still the same.
        ["M-1", "S9", "h9", "GE", "B650"],
        // It was given a number.
        ["M-2", "S2", "", "GE", "B450"],
        // A serial number of another maker is another device.
        ["", "S2", "", "Philips", "MX800"],
        // Recognised by its host name.
        ["", "S3", "H3 ", "Dell", "R640"],
        // Another number keeps apart what shares a host name.
        ["M-7", "", "h9", "GE", "B650"],
    ]);
    let found = book.import("l", &next);
    assert_eq!(found.keys, ["id:m-1", "serial:s2", "serial:s2#2", "host:h3", "id:m-7"]);
    assert_eq!(found.missing, [] as [&str; 0]);
    assert_eq!(found.changed.len(), 3);
    let fields: Vec<&str> = found.changed[0].fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["host", "model", "serial"]);
    assert_eq!(found.repeated, [("host:h9".to_owned(), 1, 5)]);
}

#[test]
fn what_vanishes_is_kept_and_may_return() {
    let mut book = Book::default();
    let both = rows(&[["1", "", "", "GE", "x"], ["2", "", "", "GE", "y"]]);
    book.import("l", &both);
    book.import("other", &rows(&[["9", "", "", "GE", "z"]]));
    assert_eq!(book.import("l", &both[..1]).missing, ["id:2"]);
    let register = book.register();
    assert_eq!(register.assets["id:2"].missing_since, Some(3));
    assert_eq!(register.assets["id:9"].missing_since, None, "another ledger says nothing about it");
    assert_eq!(book.import("l", &both).returned, ["id:2"]);
    assert_eq!(book.register().assets["id:2"].missing_since, None);
}

#[test]
fn ledgers_are_known_by_headings_and_by_what_is_in_them() {
    let mut book = Book::default();
    let devices = rows(&[["1", "", "", "GE", "x"], ["2", "", "", "GE", "y"], ["3", "", "", "GE", "z"]]);
    book.import("機器台帳_2025", &devices);
    let register = book.register();
    let named =
        |fingerprint: &str, rows: &[LedgerRow], stem: &str| ledger_of(&register, fingerprint, rows, stem);
    assert_eq!(named("h", &devices, "機器台帳_2026"), ("機器台帳_2025".to_owned(), Some(1)));
    assert_eq!(named("h", &devices[..1], "x").0, "機器台帳_2025");
    // A column was added.
    assert_eq!(named("h|備考", &devices, "x").0, "機器台帳_2025");
    // Another department uses the same form.
    let others = rows(&[["7", "", "", "GE", "x"], ["8", "", "", "GE", "y"]]);
    assert_eq!(named("h", &others, "検査室"), ("検査室".to_owned(), None));
    assert_eq!(named("h", &others, "機器台帳_2025").0, "機器台帳_2025 (2)");
}
