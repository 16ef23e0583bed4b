//! Which column means what: by heading, checked against the cells; by the cells where the heading says nothing; or by a
//! mapping that a person made.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::asset_ledger::{LedgerColumn, MappedBy, MappedColumn};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::finding::Confidence;

use super::content::Looks;
use super::find::{Heading, Table};
use super::heading::{CERTAIN, UNDERSTOOD};
use super::mapping::{ColumnRef, LedgerMapping};
use crate::sheet::{Cell, Row, column_letters};

/// Meanings so near to one another are told as ambiguous.
const NEAR: u32 = 20;

/// The columns of a table with their meanings.
#[derive(Debug, Clone, Default)]
pub(super) struct Assigned {
    /// Everything with a heading or cells, for people.
    pub(super) columns: Vec<MappedColumn>,
    /// Column of the sheet → what it means; in the order of the sheet.
    pub(super) by_column: BTreeMap<u32, LedgerColumn>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Assigned {
    /// True if some column means this.
    pub(super) fn has(&self, wanted: LedgerColumn) -> bool {
        self.by_column.values().any(|column| *column == wanted)
    }
}

/// What is known about one column before meanings are given out.
struct Candidate {
    column: u32,
    title: String,
    looks: Looks,
    meanings: Vec<(LedgerColumn, u32)>,
    only_counts: bool,
}

/// Gives every column its meaning.
pub(super) fn assign(
    table: &Table,
    rows: &[Row],
    mapping: Option<(&LedgerMapping, MappedBy)>,
    place: &Place,
) -> Assigned {
    let candidates = candidates(table, rows);
    let mut assigned = Assigned::default();
    let mut given: BTreeMap<u32, (LedgerColumn, MappedBy, Confidence)> = BTreeMap::new();
    let mut refused = BTreeSet::new();
    if let Some((mapping, by)) = mapping {
        from_mapping(mapping, by, &candidates, &mut given, &mut refused, &mut assigned, place);
    }
    guess(&candidates, &refused, &mut given);
    tell(&candidates, &given, &mut assigned, place);
    for candidate in &candidates {
        let meaning = given.get(&candidate.column);
        assigned.columns.push(MappedColumn {
            letters: column_letters(candidate.column),
            heading: candidate.title.clone(),
            column: meaning.map(|(column, _, _)| *column),
            by: meaning.map(|(_, by, _)| *by),
            confidence: meaning.map(|(_, _, confidence)| *confidence),
        });
    }
    assigned.by_column = given.into_iter().map(|(at, (column, _, _))| (at, column)).collect();
    assigned
}

fn candidates(table: &Table, rows: &[Row]) -> Vec<Candidate> {
    let headings: BTreeMap<u32, &Heading> = table.headings.iter().map(|h| (h.column, h)).collect();
    let mut columns: BTreeSet<u32> = headings.keys().copied().collect();
    columns.extend(rows.iter().flat_map(|row| row.cells.iter().map(|(column, _)| *column)));
    let mut cells: BTreeMap<u32, Vec<&Cell>> = BTreeMap::new();
    for row in rows.iter().take(super::content::LOOKED_AT * 2) {
        for (column, cell) in &row.cells {
            cells.entry(*column).or_default().push(cell);
        }
    }
    let candidate = |column: u32| {
        let heading = headings.get(&column);
        let looks = Looks::of(cells.get(&column).into_iter().flatten().copied());
        let mut meanings: Vec<(LedgerColumn, u32)> = heading.map(|h| h.meanings.clone()).unwrap_or_default();
        let counts = looks.counts_rows
            && meanings.first().is_some_and(|(c, w)| *c == LedgerColumn::AssetId && *w < CERTAIN);
        if counts {
            meanings.clear();
        }
        Candidate {
            column,
            title: heading.map(|h| h.title()).unwrap_or_default(),
            looks,
            meanings,
            only_counts: counts,
        }
    };
    columns.into_iter().map(candidate).collect()
}

fn from_mapping(
    mapping: &LedgerMapping,
    by: MappedBy,
    candidates: &[Candidate],
    given: &mut BTreeMap<u32, (LedgerColumn, MappedBy, Confidence)>,
    refused: &mut BTreeSet<u32>,
    assigned: &mut Assigned,
    place: &Place,
) {
    let find =
        |wanted: &ColumnRef| candidates.iter().find(|c| wanted.means(c.column, &c.title)).map(|c| c.column);
    for (column, references) in &mapping.columns {
        for reference in references {
            match find(reference) {
                Some(at) => drop(given.insert(at, (*column, by, Confidence::High))),
                None => assigned.diagnostics.push(
                    Diagnostic::new(Code::MappingColumnMissing, place.clone())
                        .with("field", column.as_str())
                        .with("value", reference),
                ),
            }
        }
    }
    refused.extend(mapping.ignored.iter().filter_map(find));
}

/// Gives out meanings, the likeliest first; each once, but for the parts of a place.
fn guess(
    candidates: &[Candidate],
    refused: &BTreeSet<u32>,
    given: &mut BTreeMap<u32, (LedgerColumn, MappedBy, Confidence)>,
) {
    let mapped: BTreeSet<LedgerColumn> = given.values().map(|(column, _, _)| *column).collect();
    let mut taken = mapped.clone();
    let mut offers: Vec<(u32, u32, LedgerColumn, MappedBy)> = Vec::new();
    for candidate in candidates.iter().filter(|c| !refused.contains(&c.column)) {
        for (column, weight) in &candidate.meanings {
            let doubt = if candidate.looks.contradict(*column) { 40 } else { 0 };
            offers.push((weight.saturating_sub(doubt), candidate.column, *column, MappedBy::Heading));
        }
        let unknown = candidate.meanings.first().is_none_or(|(_, weight)| *weight < 70);
        if unknown && let Some(column) = candidate.looks.suggest() {
            offers.push((UNDERSTOOD, candidate.column, column, MappedBy::Content));
        }
    }
    offers.retain(|(weight, ..)| *weight >= 30);
    offers.sort_by_key(|(weight, at, column, _)| (std::cmp::Reverse(*weight), *at, *column));
    for (weight, at, column, by) in offers {
        let part_of_place = column == LedgerColumn::Place && weight >= CERTAIN && !mapped.contains(&column);
        if given.contains_key(&at) || (taken.contains(&column) && !part_of_place) {
            continue;
        }
        let confidence = match (by, weight) {
            (MappedBy::Content, _) => Confidence::Low,
            (_, CERTAIN..) => Confidence::High,
            (_, 55..) => Confidence::Medium,
            _ => Confidence::Low,
        };
        given.insert(at, (column, by, confidence));
        taken.insert(column);
    }
}

fn tell(
    candidates: &[Candidate],
    given: &BTreeMap<u32, (LedgerColumn, MappedBy, Confidence)>,
    assigned: &mut Assigned,
    place: &Place,
) {
    let named = |candidate: &Candidate| {
        let letters = column_letters(candidate.column);
        if candidate.title.is_empty() { letters } else { format!("{letters} {}", candidate.title) }
    };
    for candidate in candidates {
        let report = |code: Code| Diagnostic::new(code, place.clone()).with("column", named(candidate));
        match given.get(&candidate.column) {
            Some((column, MappedBy::Heading, _)) if candidate.looks.contradict(*column) => {
                assigned.diagnostics.push(report(Code::ColumnDoubtful).with("field", column.as_str()));
            }
            Some(_) => {}
            None if candidate.only_counts => assigned.diagnostics.push(report(Code::ColumnCountsRows)),
            None => {
                if candidate.looks.filled > 0 || !candidate.title.is_empty() {
                    assigned.diagnostics.push(unused(candidate, candidates, given, &named, report));
                }
            }
        }
    }
}

/// A column that is not used: because another one has its meaning, or because nobody knows what it means.
fn unused(
    candidate: &Candidate,
    candidates: &[Candidate],
    given: &BTreeMap<u32, (LedgerColumn, MappedBy, Confidence)>,
    named: &dyn Fn(&Candidate) -> String,
    report: impl Fn(Code) -> Diagnostic,
) -> Diagnostic {
    let wanted = candidate.meanings.first();
    let rival = wanted.and_then(|(column, weight)| {
        let chosen = candidates.iter().find(|c| given.get(&c.column).is_some_and(|(g, _, _)| g == column))?;
        let theirs = chosen.meanings.iter().find(|(c, _)| c == column).map_or(100, |(_, weight)| *weight);
        let by_person = given
            .get(&chosen.column)
            .is_some_and(|(_, by, _)| matches!(by, MappedBy::MappingFile | MappedBy::Remembered));
        (!by_person && theirs.abs_diff(*weight) < NEAR).then_some((*column, chosen))
    });
    match rival {
        Some((column, chosen)) => report(Code::ColumnAmbiguous)
            .with("field", column.as_str())
            .with("column", named(chosen))
            .with("other", named(candidate)),
        None => report(Code::ColumnUnknown),
    }
}
