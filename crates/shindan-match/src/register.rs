//! Which row of a ledger is which asset of the register, and what an import changes.
//!
//! A row is recognised by its number (管理番号), else by serial number, else by host name or MAC address, else by maker,
//! model, name and place. A stronger mark that differs keeps two assets apart, whatever weaker marks they share. Rows of one
//! ledger are never merged: what looks like the same asset twice is told and kept apart.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::asset_ledger::LedgerRow;
use shindan_domain::inventory::Asset;
use shindan_domain::register::{AssetChange, Changes, FieldChange, Register, RegisteredAsset};
use unicode_normalization::UnicodeNormalization;

use crate::names::fold_maker;

/// By what an asset is recognised, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Id,
    Serial,
    Host,
    Mac,
    Description,
}

impl Mark {
    const ALL: [Mark; 5] = [Mark::Id, Mark::Serial, Mark::Host, Mark::Mac, Mark::Description];

    fn prefix(self) -> &'static str {
        match self {
            Mark::Id => "id",
            Mark::Serial => "serial",
            Mark::Host => "host",
            Mark::Mac => "mac",
            Mark::Description => "model",
        }
    }
}

/// The marks of an asset; empty where it has none.
#[derive(Debug, Clone, Default)]
struct Marks {
    texts: [String; 5],
    maker: String,
}

impl Marks {
    fn of(asset: &Asset) -> Marks {
        let folded = |text: &Option<String>| text.as_deref().map(folded).unwrap_or_default();
        let maker = asset.maker.as_deref().map(fold_maker).unwrap_or_default();
        let mac: String = asset.mac.as_deref().unwrap_or_default().to_lowercase();
        let mac: String = mac.chars().filter(char::is_ascii_hexdigit).take(12).collect();
        let parts = [maker.clone(), folded(&asset.model), folded(&asset.name), folded(&asset.place)];
        let description = if parts.iter().all(String::is_empty) { whole(asset) } else { parts.join("|") };
        let texts = [
            self::folded(&asset.asset_id),
            folded(&asset.serial),
            folded(&asset.host),
            if mac.len() == 12 { mac } else { String::new() },
            description,
        ];
        Marks { texts, maker }
    }

    fn get(&self, mark: Mark) -> &str {
        self.texts.get(mark as usize).map(String::as_str).unwrap_or_default()
    }

    /// The strongest mark that there is.
    fn strongest(&self) -> Mark {
        Mark::ALL.into_iter().find(|mark| !self.get(*mark).is_empty()).unwrap_or(Mark::Description)
    }

    /// True if the two may be the same asset, recognised by `mark`.
    fn agree(&self, other: &Marks, mark: Mark) -> bool {
        if self.get(mark).is_empty() || self.get(mark) != other.get(mark) {
            return false;
        }
        let differ = |stronger: Mark| {
            let (a, b) = (self.get(stronger), other.get(stronger));
            !a.is_empty() && !b.is_empty() && a != b
        };
        if Mark::ALL.into_iter().take_while(|stronger| *stronger < mark).any(differ) {
            return false;
        }
        match mark {
            // Two makers may use the same serial number.
            Mark::Serial => self.maker.is_empty() || other.maker.is_empty() || self.maker == other.maker,
            // Where only one of them has a better mark, the ledger was given it (or lost it).
            _ => true,
        }
    }
}

/// NFKC, lower case, no white space.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// Everything that is said about an asset.
fn in_words(asset: &Asset) -> String {
    fields(asset).map(|(_, value)| value).join("\u{1f}")
}

/// Everything that an asset without maker, model, name and place says.
fn whole(asset: &Asset) -> String {
    fields(asset).into_iter().map(|(_, value)| folded(&value)).collect::<Vec<_>>().join("|")
}

/// What importing `rows` as `ledger` changes in the register.
pub fn changes(register: &Register, ledger: &str, rows: &[LedgerRow]) -> Changes {
    let marks: Vec<Marks> = rows.iter().map(|row| Marks::of(&row.asset)).collect();
    let found = recognise(register, ledger, rows, &marks);
    let mut taken: BTreeSet<String> = register.assets.keys().cloned().collect();
    let mut changes = Changes::default();
    for ((row, marks), known) in rows.iter().zip(&marks).zip(&found) {
        let Some(known) = known else {
            let key = new_key(marks, &mut taken);
            changes.added.push((key.clone(), row.row));
            changes.keys.push(key);
            continue;
        };
        changes.keys.push(known.key.clone());
        if known.missing_since.is_some() {
            changes.returned.push(known.key.clone());
        }
        let fields = differences(&known.asset, &row.asset);
        if fields.is_empty() {
            changes.unchanged += 1;
        } else {
            changes.changed.push(AssetChange { key: known.key.clone(), row: row.row, fields });
        }
    }
    let seen: BTreeSet<&str> = changes.keys.iter().map(String::as_str).collect();
    let gone = |asset: &&RegisteredAsset| {
        asset.ledger == ledger && asset.missing_since.is_none() && !seen.contains(asset.key.as_str())
    };
    changes.missing = register.assets.values().filter(gone).map(|asset| asset.key.clone()).collect();
    changes.repeated = repeated(rows, &marks);
    changes
}

/// For each row the asset that it is: first what this ledger said in the same words, so that the same ledger again changes
/// nothing; then all rows by the strongest mark first, so that no weak resemblance takes away what another row is known by.
fn recognise<'r>(
    register: &'r Register,
    ledger: &str,
    rows: &[LedgerRow],
    row_marks: &[Marks],
) -> Vec<Option<&'r RegisteredAsset>> {
    let mut known: Vec<(&RegisteredAsset, Marks)> =
        register.assets.values().map(|asset| (asset, Marks::of(&asset.asset))).collect();
    // Assets of the same ledger first, in the order of its rows: repeated rows find their own again.
    known.sort_by_key(|(asset, _)| {
        let gone = asset.missing_since.is_some();
        (asset.ledger != ledger, gone, asset.ledger.clone(), asset.row, asset.key.clone())
    });
    let mut found: Vec<Option<&RegisteredAsset>> = vec![None; rows.len()];
    let mut used = vec![false; known.len()];
    let mut unchanged: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (asset, _)) in known.iter().enumerate().rev() {
        if asset.ledger == ledger && asset.missing_since.is_none() {
            unchanged.entry(in_words(&asset.asset)).or_default().push(index);
        }
    }
    for (row, slot) in rows.iter().zip(&mut found) {
        let Some(index) = unchanged.get_mut(&in_words(&row.asset)).and_then(Vec::pop) else { continue };
        if let Some(flag) = used.get_mut(index) {
            *flag = true;
        }
        *slot = known.get(index).map(|(asset, _)| *asset);
    }
    for mark in Mark::ALL {
        let mut by_mark: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, (_, marks)) in known.iter().enumerate() {
            if !marks.get(mark).is_empty() {
                by_mark.entry(marks.get(mark)).or_default().push(index);
            }
        }
        for (row, slot) in row_marks.iter().zip(&mut found).filter(|(_, slot)| slot.is_none()) {
            let candidates = by_mark.get(row.get(mark)).into_iter().flatten();
            let fits = |index: &&usize| {
                !used.get(**index).copied().unwrap_or(true)
                    && known.get(**index).is_some_and(|(_, marks)| row.agree(marks, mark))
            };
            if let Some(index) = candidates.into_iter().find(fits) {
                if let Some(flag) = used.get_mut(*index) {
                    *flag = true;
                }
                *slot = known.get(*index).map(|(asset, _)| *asset);
            }
        }
    }
    found
}

/// A key that no asset has: the strongest mark, with a number behind it where several share it.
fn new_key(marks: &Marks, taken: &mut BTreeSet<String>) -> String {
    let mark = marks.strongest();
    let base = format!("{}:{}", mark.prefix(), marks.get(mark));
    let numbered = |number: u64| if number == 1 { base.clone() } else { format!("{base}#{number}") };
    let mut number = 1;
    while !taken.insert(numbered(number)) {
        number += 1;
    }
    numbered(number)
}

/// Rows that share a number, a serial number of one maker, a host name or a MAC address with an earlier row.
fn repeated(rows: &[LedgerRow], marks: &[Marks]) -> Vec<(String, u32, u32)> {
    let mut first: BTreeMap<(Mark, String), u32> = BTreeMap::new();
    let mut repeated = Vec::new();
    for (row, marks) in rows.iter().zip(marks) {
        for mark in Mark::ALL.into_iter().filter(|mark| *mark != Mark::Description) {
            let text = marks.get(mark);
            if text.is_empty() {
                continue;
            }
            let maker = if mark == Mark::Serial { marks.maker.as_str() } else { "" };
            match first.get(&(mark, format!("{text}|{maker}"))) {
                Some(before) => {
                    repeated.push((format!("{}:{text}", mark.prefix()), *before, row.row));
                    break;
                }
                None => drop(first.insert((mark, format!("{text}|{maker}")), row.row)),
            }
        }
    }
    repeated
}

/// Which ledger these rows are: the one that has the same headings and many of the same assets, else a new one.
///
/// The second value is the number of the import that they follow.
pub fn ledger_of(
    register: &Register,
    fingerprint: &str,
    rows: &[LedgerRow],
    file_stem: &str,
) -> (String, Option<u64>) {
    let marks: Vec<Marks> = rows.iter().map(|row| Marks::of(&row.asset)).collect();
    let mut best: Option<(usize, &str)> = None;
    for ledger in register.ledgers() {
        let Some(last) = register.last_import_of(ledger) else { continue };
        let assets = register.assets.values().filter(|asset| asset.ledger == ledger).count();
        let shared = recognise(register, ledger, rows, &marks);
        let shared = shared.iter().flatten().filter(|asset| asset.ledger == ledger).count();
        // Other headings may be an old ledger that was given a column; then more assets must speak for it.
        let share = if last.source.fingerprint == fingerprint { 5 } else { 2 };
        let enough = shared > 0 && shared * share >= assets.min(rows.len()).max(1);
        if enough && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, ledger));
        }
    }
    match best {
        Some((_, ledger)) => (ledger.to_owned(), register.last_import_of(ledger).map(|import| import.number)),
        None => (new_name(register, file_stem), None),
    }
}

fn new_name(register: &Register, file_stem: &str) -> String {
    let known = register.ledgers();
    let stem = if file_stem.trim().is_empty() { "-" } else { file_stem.trim() };
    let mut name = stem.to_owned();
    let mut number = 2;
    while known.contains(&name.as_str()) {
        name = format!("{stem} ({number})");
        number += 1;
    }
    name
}

/// The fields in which two descriptions differ.
fn differences(before: &Asset, after: &Asset) -> Vec<FieldChange> {
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange { field: field.to_owned(), before, after })
        .collect()
}

/// Every field of an asset, by its name in JSON.
fn fields(asset: &Asset) -> [(&'static str, String); 24] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("asset_id", asset.asset_id.clone()),
        ("name", text(&asset.name)),
        ("host", text(&asset.host)),
        ("kind", text(&asset.kind_text)),
        ("kind_understood", asset.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default()),
        ("maker", text(&asset.maker)),
        ("model", text(&asset.model)),
        ("serial", text(&asset.serial)),
        ("firmware", text(&asset.firmware)),
        ("os", text(&asset.os)),
        ("address", text(&asset.address)),
        ("mac", text(&asset.mac)),
        ("place", text(&asset.place)),
        ("zone", text(&asset.zone)),
        ("exposure", text(&asset.exposure_text)),
        ("exposure_understood", asset.exposure.map(|e| e.as_str().to_owned()).unwrap_or_default()),
        ("patched_by", text(&asset.patched_by)),
        ("support_end", text(&asset.support_end)),
        ("introduced", text(&asset.introduced)),
        ("owner", text(&asset.owner)),
        ("confirmed", text(&asset.confirmed)),
        ("state", text(&asset.state)),
        ("retired", if asset.retired { "true".to_owned() } else { String::new() }),
        ("remarks", text(&asset.remarks)),
    ]
}
