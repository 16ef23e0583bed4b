//! What an import would do, before anybody confirms it: the table, its columns, first rows, cells that cannot be read, differences.

use std::collections::BTreeMap;

use askama::Template;
use shindan_app::register::LedgerLooked;
use shindan_domain::asset_ledger::{LedgerColumn, LedgerReading, LeftOutReason, MappedBy, Unsettled};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::finding::Confidence;
use shindan_domain::inventory::{Asset, Inventory};
use shindan_domain::ledger::{Hash, Kind};
use shindan_domain::people::Action;
use shindan_domain::register::{Changes, ImportReport};
use shindan_report::asset_list;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::{Query, Sort};

use super::choice::Choice;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::Visit;

/// Rows of the ledger that are shown as they will be read.
const FIRST: usize = 10;
/// Entries of a list that are shown; how many more there are is said.
const SHOWN: usize = 200;

/// A ledger.
#[derive(Template)]
#[template(path = "import_ledger.html")]
pub(crate) struct Ledger {
    frame: Frame,
    hash: String,
    sheets: Vec<Chosen>,
    choice: Choice,
    shown: String,
    may: bool,
    /// No table was found there, and why.
    refused: Vec<String>,
    table: Option<Table>,
}

/// One of several that can be chosen.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub value: String,
    pub text: String,
    pub here: bool,
}

struct Table {
    place: String,
    row: u32,
    rows: u32,
    ledger: String,
    follows: String,
    assets: usize,
    columns: Vec<Column>,
    head: Vec<String>,
    first: Vec<(u32, Vec<String>)>,
    cells: Vec<Cell>,
    cells_more: usize,
    notes: Vec<String>,
    left_out: Vec<String>,
    counts: String,
    added: Vec<String>,
    added_more: usize,
    changed: Vec<[String; 5]>,
    changed_more: usize,
    missing: Vec<String>,
    returned: Vec<String>,
    repeated: Vec<String>,
    unsettled: Vec<String>,
}

struct Column {
    letters: String,
    heading: String,
    meanings: Vec<Chosen>,
    sure: String,
    tone: &'static str,
    by: String,
}

/// A cell that cannot be read as it stands.
pub(crate) struct Cell {
    pub address: String,
    pub field: String,
    pub value: String,
    pub text: String,
    pub tone: &'static str,
}

/// A list of software.
#[derive(Template)]
#[template(path = "import_list.html")]
pub(crate) struct List {
    frame: Frame,
    file: String,
    hash: String,
    format: String,
    subject: String,
    count: usize,
    first: Vec<[String; 3]>,
    notes: Vec<String>,
    owners: Vec<(String, Vec<Chosen>)>,
    may: bool,
}

pub(super) fn ledger(
    visit: &mut Visit<'_, '_>,
    (name, hash): (&str, &Hash),
    choice: &Choice,
    looked: &LedgerLooked,
) -> Result<Answer, Problem> {
    let w = visit.w;
    let mut frame = visit.frame(Area::Assets, w.t("web-assets-preview"));
    frame.apart();
    frame.lead = w.get("web-assets-preview-lead", &[("file", name.into())]);
    frame.crumbs = vec![Link::new(w.t("web-assets-import"), "/assets/import")];
    let read = looked.report.as_ref().ok().and_then(|report| report.reading.table.sheet.clone());
    let here = read.unwrap_or_else(|| choice.sheet.clone());
    let sheets = looked.sheets.iter().filter(|sheet| !sheet.is_empty());
    let sheets =
        sheets.map(|sheet| Chosen { value: sheet.clone(), text: sheet.clone(), here: *sheet == here });
    let (table, refused) = match &looked.report {
        Ok(report) => (Some(table(report, &w)), Vec::new()),
        Err(told) => (None, told.iter().map(|one| w.code(one.code, &one.params)).collect()),
    };
    Answer::page(&Ledger {
        hash: hash.to_string(),
        sheets: sheets.collect(),
        shown: as_sent(choice, table.as_ref()).query(),
        choice: choice.clone(),
        may: visit.has(Action::KeepOrganisation.roles()),
        refused,
        table,
        frame,
    })
}

/// What the form sends if nobody changes anything: each column with the meaning that is shown, also a guessed one. What is
/// sent differs from it only if somebody chose otherwise, and then it is looked at again before it counts.
fn as_sent(choice: &Choice, table: Option<&Table>) -> Choice {
    let Some(table) = table else { return choice.clone() };
    let meant = |column: &Column| {
        let meaning = column.meanings.iter().find(|one| one.here).or(column.meanings.first())?;
        Some((column.letters.clone(), meaning.value.clone()))
    };
    Choice { columns: table.columns.iter().filter_map(meant).collect(), ..choice.clone() }
}

fn table(report: &ImportReport, w: &Words) -> Table {
    let ImportReport { reading, changes, .. } = report;
    let labels: BTreeMap<&str, &str> = changes
        .keys
        .iter()
        .map(String::as_str)
        .zip(reading.rows.iter().map(|row| row.asset.label()))
        .collect();
    let label = |key: &str| match labels.get(key).copied().filter(|label| !label.is_empty()) {
        Some(label) => label.to_owned(),
        None => key.split_once(':').map_or(key, |(_, rest)| rest).to_owned(),
    };
    let meanings: Vec<LedgerColumn> = used(reading);
    let first = reading.rows.iter().take(FIRST);
    let cells = reading.cells.iter().take(SHOWN).map(|cell| cell_of(cell, reading.table.sheet.as_deref(), w));
    let follows = match report.follows {
        Some(number) => w.get(
            "inventory-ledger-follows",
            &[("ledger", (&report.ledger).into()), ("number", number.into())],
        ),
        None => w.get("inventory-ledger-new", &[("ledger", (&report.ledger).into())]),
    };
    let changed = changed(changes, &label, w);
    Table {
        place: reading.table.sheet.clone().unwrap_or_default(),
        row: reading.table.first_row,
        rows: reading.table.last_row + 1 - reading.table.first_row,
        ledger: report.ledger.clone(),
        follows,
        assets: reading.rows.len(),
        columns: columns(reading, w),
        head: meanings.iter().map(|column| w.label("ledger", column.as_str())).collect(),
        first: first.map(|row| (row.row, values(&row.asset, &meanings, w))).collect(),
        cells: cells.collect(),
        cells_more: reading.cells.len().saturating_sub(SHOWN),
        notes: reading.diagnostics.iter().map(|one| w.code(one.code, &in_words(one, w))).collect(),
        left_out: left_out(reading, w),
        counts: counts(changes, w),
        added: changes.added.iter().take(SHOWN).map(|(key, _)| label(key)).collect(),
        added_more: changes.added.len().saturating_sub(SHOWN),
        changed_more: changed.len().saturating_sub(SHOWN),
        changed: changed.into_iter().take(SHOWN).collect(),
        missing: changes.missing.iter().map(|key| label(key)).collect(),
        returned: changes.returned.iter().map(|key| label(key)).collect(),
        repeated: changes.repeated.iter().take(SHOWN).map(|one| repeated(one, w)).collect(),
        unsettled: unsettled(reading, w),
    }
}

/// The meanings that some column has, in the order of the ledger's own columns.
fn used(reading: &LedgerReading) -> Vec<LedgerColumn> {
    let mut all = Vec::new();
    for column in reading.columns.iter().filter_map(|column| column.column) {
        if column != LedgerColumn::OsVersion && !all.contains(&column) {
            all.push(column);
        }
    }
    all
}

/// An asset as it will be read: kinds and exposures as they were understood.
fn values(asset: &Asset, columns: &[LedgerColumn], w: &Words) -> Vec<String> {
    let one = |column: &LedgerColumn| match column {
        LedgerColumn::Kind => asset.kind.map(|kind| w.label("asset-kind", kind.as_str())),
        LedgerColumn::Exposure => asset.exposure.map(|exposure| w.label("exposure", exposure.as_str())),
        _ => None,
    };
    let text =
        |column: &LedgerColumn| one(column).unwrap_or_else(|| asset_list::value(asset, *column).to_owned());
    columns.iter().map(text).collect()
}

fn columns(reading: &LedgerReading, w: &Words) -> Vec<Column> {
    let column = |column: &shindan_domain::asset_ledger::MappedColumn| {
        let unused =
            Chosen { value: String::new(), text: w.t("inventory-not-used"), here: column.column.is_none() };
        let meanings = LedgerColumn::ALL.iter().map(|meaning| Chosen {
            value: meaning.as_str().to_owned(),
            text: w.label("ledger", meaning.as_str()),
            here: column.column == Some(*meaning),
        });
        let tone = match column.confidence {
            Some(Confidence::Low) => "undetermined",
            Some(Confidence::Medium) => "late",
            _ => "plain",
        };
        Column {
            letters: column.letters.clone(),
            heading: column.heading.clone(),
            meanings: std::iter::once(unused).chain(meanings).collect(),
            sure: column.confidence.map(|sure| w.label("confidence", sure.as_str())).unwrap_or_default(),
            tone,
            by: column.by.map(|by| w.label("mapped-by", MappedBy::as_str(by))).unwrap_or_default(),
        }
    };
    reading.columns.iter().map(column).collect()
}

/// `firmware|バージョン` in the words of the reader.
fn in_words(one: &Diagnostic, w: &Words) -> shindan_domain::diagnostic::Params {
    let mut params = one.params.clone();
    if let Some(field) = params.get_mut("field") {
        *field = w.label("ledger", field.split('|').next().unwrap_or_default());
    }
    params
}

/// A cell with its address, what stands in it, and what to do.
pub(super) fn cell_of(cell: &Diagnostic, sheet: Option<&str>, w: &Words) -> Cell {
    let params = in_words(cell, w);
    let text = |name: &str| params.get(name).cloned().unwrap_or_default();
    let address = match sheet {
        Some(sheet) => format!("{sheet}!{}", text("cell")),
        None => text("cell"),
    };
    let tone = match cell.severity() {
        Severity::Error => "immediate",
        Severity::Warning => "late",
        Severity::Note => "plain",
    };
    Cell { address, field: text("field"), value: text("value"), text: w.code(cell.code, &params), tone }
}

fn left_out(reading: &LedgerReading, w: &Words) -> Vec<String> {
    let line = |reason: LeftOutReason| {
        let rows: Vec<String> = reading
            .left_out
            .iter()
            .filter(|left| left.reason == reason)
            .map(|left| left.row.to_string())
            .collect();
        let more = if rows.len() > 30 { ", …" } else { "" };
        let list = format!("{}{more}", rows.iter().take(30).cloned().collect::<Vec<_>>().join(", "));
        let label = w.label("left-out", reason.as_str());
        let values = [("reason", (&label).into()), ("count", rows.len().into()), ("rows", (&list).into())];
        (!rows.is_empty()).then(|| w.get("inventory-left-out-rows", &values))
    };
    LeftOutReason::ALL.into_iter().filter_map(line).collect()
}

fn counts(changes: &Changes, w: &Words) -> String {
    let counts = [
        ("added", changes.added.len().into()),
        ("changed", changes.changed.len().into()),
        ("unchanged", changes.unchanged.into()),
        ("missing", changes.missing.len().into()),
        ("returned", changes.returned.len().into()),
    ];
    w.get("inventory-change-counts", &counts)
}

fn changed(changes: &Changes, label: &dyn Fn(&str) -> String, w: &Words) -> Vec<[String; 5]> {
    let fields =
        changes.changed.iter().flat_map(|change| change.fields.iter().map(move |field| (change, field)));
    let line = |(change, field): (
        &shindan_domain::register::AssetChange,
        &shindan_domain::register::FieldChange,
    )| {
        [
            change.row.to_string(),
            label(&change.key),
            w.label("ledger", &field.field),
            field.before.clone(),
            field.after.clone(),
        ]
    };
    fields.map(line).collect()
}

fn repeated((mark, first, row): &(String, u32, u32), w: &Words) -> String {
    let values =
        [("mark", mark.into()), ("first", u64::from(*first).into()), ("row", u64::from(*row).into())];
    w.get("inventory-repeated", &values)
}

fn unsettled(reading: &LedgerReading, w: &Words) -> Vec<String> {
    let mut counts: BTreeMap<Unsettled, usize> = BTreeMap::new();
    for row in &reading.rows {
        for one in Unsettled::of(&row.asset) {
            *counts.entry(one).or_default() += 1;
        }
    }
    let line = |(one, count): (Unsettled, usize)| {
        let label = w.label("unsettled", one.as_str());
        w.get("inventory-unsettled-count", &[("label", (&label).into()), ("n", count.into())])
    };
    counts.into_iter().map(line).collect()
}

pub(super) fn list(
    visit: &mut Visit<'_, '_>,
    (name, hash): (&str, &Hash),
    list: &Inventory,
) -> Result<Answer, Problem> {
    let w = visit.w;
    let mut frame = visit.frame(Area::Assets, w.t("web-assets-list-preview"));
    frame.apart();
    frame.lead = w.get("web-assets-list-preview-lead", &[("file", name.into())]);
    frame.crumbs = vec![Link::new(w.t("web-assets-import"), "/assets/import")];
    let first = list.components.iter().take(FIRST).map(|component| {
        [
            component.name.clone(),
            component.version.clone().unwrap_or_default(),
            component.purl.clone().or_else(|| component.cpe.clone()).unwrap_or_default(),
        ]
    });
    Answer::page(&List {
        file: name.to_owned(),
        hash: hash.to_string(),
        format: w.label("web-assets-format", list.kind.as_str()),
        subject: list.subject.clone().unwrap_or_default(),
        count: list.components.len(),
        first: first.collect(),
        notes: list.diagnostics.iter().take(SHOWN).map(|one| w.code(one.code, &one.params)).collect(),
        owners: owners(visit)?,
        may: visit.has(Action::Operate.roles()),
        frame,
    })
}

/// Whose list it can be: systems, releases, deployments.
fn owners(visit: &Visit<'_, '_>) -> Result<Vec<(String, Vec<Chosen>)>, Problem> {
    let mut all = Vec::new();
    for kind in [Kind::System, Kind::Release, Kind::Deployment] {
        let query =
            Query { kind: Some(kind), open: Some(true), sort: Sort::Title, limit: 500, ..Query::default() };
        let page = visit.session.records.store().list(&query);
        let page = page.map_err(|error| visit.session.problem(error.into()))?;
        let one = |row: shindan_store::Row| Chosen {
            value: format!("{kind} {}", row.stream.id),
            text: format!("{} {}", row.number.unwrap_or_default(), row.title).trim().to_owned(),
            here: false,
        };
        let rows: Vec<Chosen> = page.rows.into_iter().map(one).collect();
        if !rows.is_empty() {
            all.push((visit.w.term(kind.term()), rows));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::pages::samples::Sample;

    fn chosen() -> Vec<Chosen> {
        vec![Chosen { value: "a".to_owned(), text: "<運用>".to_owned(), here: true }]
    }

    impl Sample for Ledger {
        const NAME: &'static str = "import-ledger";

        fn sample(frame: Frame) -> Ledger {
            let text = || "<運用>".to_owned();
            let texts = || vec![text()];
            let table = Table {
                place: text(),
                row: 3,
                rows: 2,
                ledger: text(),
                follows: text(),
                assets: 12,
                columns: vec![Column {
                    letters: "A".to_owned(),
                    heading: text(),
                    meanings: chosen(),
                    sure: text(),
                    tone: "late",
                    by: text(),
                }],
                head: texts(),
                first: vec![(4, texts())],
                cells: vec![Cell {
                    address: text(),
                    field: text(),
                    value: text(),
                    text: text(),
                    tone: "late",
                }],
                cells_more: 3,
                notes: texts(),
                left_out: texts(),
                counts: text(),
                added: texts(),
                added_more: 1,
                changed: vec![[(); 5].map(|()| text())],
                changed_more: 1,
                missing: texts(),
                returned: texts(),
                repeated: texts(),
                unsettled: texts(),
            };
            Ledger {
                frame,
                hash: "00".to_owned(),
                sheets: chosen(),
                choice: Choice::default(),
                shown: String::new(),
                may: true,
                refused: texts(),
                table: Some(table),
            }
        }
    }

    impl Sample for List {
        const NAME: &'static str = "import-list";

        fn sample(frame: Frame) -> List {
            let text = || "<運用>".to_owned();
            List {
                frame,
                file: text(),
                hash: "00".to_owned(),
                format: text(),
                subject: text(),
                count: 3,
                first: vec![[(); 3].map(|()| text())],
                notes: vec![text()],
                owners: vec![(text(), chosen())],
                may: true,
            }
        }
    }
}
