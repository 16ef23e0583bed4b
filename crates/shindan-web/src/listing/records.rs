//! Lists of records: what every record has, and what the records of a kind say that is worth a column.

use std::collections::BTreeSet;

use jiff::civil::Date;
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Label;
use shindan_report::paper::Tone;
use shindan_report::records::RecordRow;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::{Cell, Column, Columns, Piece, labelled, room};
use crate::address::address;
use crate::tone;
use crate::visit::Visit;

/// Rows that are read at once for a file.
const AT_ONCE: u32 = 1_000;

/// Priorities by their rank.
pub(crate) const PRIORITIES: [&str; 4] = ["immediate", "out-of-cycle", "scheduled", "defer"];

/// What the records of a kind say: first what is usually shown, then what can be. Cases are many and their states are large, so that
/// nothing of them is read unless somebody wants it.
fn said(kind: Kind) -> (&'static [Label], &'static [Label]) {
    use Label as L;
    match kind {
        Kind::Case => (
            &[],
            &[
                L::Subject,
                L::Remediation,
                L::Applicability,
                L::Treatment,
                L::DecideBy,
                L::DoneBy,
                L::Published,
                L::Noticed,
                L::Decided,
                L::Done,
            ],
        ),
        Kind::System => (&[L::Operator, L::Provider, L::Service], &[L::Sites]),
        Kind::Device => (
            &[L::DeviceCategory, L::System],
            &[
                L::DeviceSerial,
                L::DeviceFirmware,
                L::DeviceAddresses,
                L::DeviceMacs,
                L::SupportEnd,
                L::DeviceNextUpdate,
            ],
        ),
        Kind::Asset => (&[L::System, L::Owner, L::Patcher], &[]),
        Kind::Environment => (&[L::System, L::Purpose], &[L::Differences]),
        Kind::Deployment => (&[L::Release, L::Site, L::System], &[]),
        Kind::Release => (&[L::Product, L::Version], &[]),
        Kind::Party => (&[L::Kind, L::Contact], &[]),
        Kind::Person => (&[L::Roles, L::Party], &[L::PasswordSetAt, L::TotpSince]),
        Kind::Source => (&[L::Kind, L::Responsible], &[L::IntervalHours, L::ReminderDays, L::Licence]),
        Kind::SourceCheck => (
            &[L::Source, L::CheckEnded, L::NewItems],
            &[L::CheckBy, L::ConfirmedBy, L::ConfirmedAt, L::Reason, L::Note],
        ),
        Kind::Notice => (
            &[L::Kind, L::Source, L::Published],
            &[L::Vulnerabilities, L::ReceivedAt, L::Judgement, L::JudgedBy],
        ),
        Kind::Patch => (&[L::Maker, L::Cases], &[L::Vulnerabilities, L::ObtainedFrom]),
        Kind::Change => (
            &[L::Kind, L::System, L::Case],
            &[L::Institution, L::Patch, L::PlannedBy, L::PlannedAt, L::IsEmergency],
        ),
        Kind::Inquiry => (&[L::Case, L::System, L::Provider], &[]),
        Kind::Assessment => (&[L::AssessmentPlan, L::Way, L::PlannedFor], &[L::Tester, L::Version]),
        Kind::AssessmentPlan => (&[L::ApplicationKind, L::Responsible], &[L::IntervalDays, L::Exposure]),
        Kind::ScanFinding => (&[L::AssessmentPlan, L::Place, L::FindingLevel], &[L::Tool, L::Rule]),
        Kind::ScanTargets => (&[L::Environment], &[]),
        Kind::ClinicalNetwork => (&[L::Network], &[L::Note]),
        Kind::Sighting => (
            &[L::Asset, L::Addresses, L::LastSeen],
            &[L::Mac, L::SeenNames, L::HardwareMaker, L::FirstSeen, L::SeenVersion],
        ),
        Kind::SightingImport => (&[L::By, L::At], &[L::SeenDevices, L::Discrepancies]),
        Kind::Interface => {
            (&[L::System, L::Party, L::Direction], &[L::Protocol, L::ExchangedData, L::Mechanism])
        }
        Kind::Agreement => (&[L::System, L::ValidUntil], &[L::Version, L::From]),
        Kind::Instruction => (&[L::InstructedBy], &[L::At, L::IntervalDays]),
        Kind::Review => (&[L::System, L::Responsible], &[L::IntervalDays]),
        Kind::Control => (&[L::Until], &[L::Control, L::Reason]),
        Kind::Policy => (&[L::Kind, L::Version], &[]),
        Kind::Exchange => (&[L::Party], &[L::NextToSend, L::NextExpected]),
        Kind::Subscription => (&[L::Responsible, L::Topics], &[L::Language]),
        Kind::Product | Kind::Site | Kind::Installation => (&[], &[]),
    }
}

/// Kinds of which each record is due at some time.
fn is_due(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::System
            | Kind::Site
            | Kind::Product
            | Kind::Release
            | Kind::Deployment
            | Kind::Environment
            | Kind::Party
            | Kind::Person
            | Kind::Installation
            | Kind::Source
            | Kind::SourceCheck
            | Kind::Policy
            | Kind::Subscription
            | Kind::SightingImport
            | Kind::ScanTargets
            | Kind::ClinicalNetwork
            | Kind::Notice
            | Kind::Patch
    )
}

/// The columns of the list of a kind.
///
/// # Errors
/// Status 400 if the address names a column that there is none of.
pub(crate) fn columns(visit: &Visit<'_, '_>, kind: Kind) -> Result<Columns, Problem> {
    let w = visit.w;
    let of = |id, key: &str, class, share| Column::new(id, w.t(key), class, share);
    let unless = |usual: bool, column: Column| if usual { column } else { column.aside() };
    let mut all = vec![
        of("number", "web-col-number", "number", 3),
        of("title", "web-col-title", "title", 8),
        of("state", "web-col-state", "", 3),
    ];
    let (usual, more) = said(kind);
    all.extend(usual.iter().map(|label| labelled(*label, &w)));
    all.extend(more.iter().map(|label| labelled(*label, &w).aside()));
    all.push(unless(kind == Kind::Case, of("priority", "web-col-priority", "", 3)));
    all.push(unless(is_due(kind), of("due", "web-col-due", "day", 3)));
    all.push(of("changed", "web-col-changed", "day", 3));
    // What the list says of every record goes before a label of the same name.
    let mut known = BTreeSet::new();
    all.retain(|column| known.insert(column.id));
    Columns::of(visit, kind.as_str(), all)
}

/// The cells of rows.
///
/// # Errors
/// Those of reading the records whose values are shown.
pub(crate) fn rows(
    visit: &Visit<'_, '_>,
    columns: &Columns,
    rows: &[RecordRow],
    today: Date,
) -> Result<Vec<Vec<Cell>>, Problem> {
    rows.iter().map(|row| cells(visit, columns, row, today)).collect()
}

fn cells(
    visit: &Visit<'_, '_>,
    columns: &Columns,
    row: &RecordRow,
    today: Date,
) -> Result<Vec<Cell>, Problem> {
    let w = visit.w;
    let own = |id: &str| matches!(id, "number" | "title" | "state" | "priority" | "due" | "changed");
    let page = if columns.shows(|id| !own(id)) {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let page = records::page(records, who, row.stream, false);
        Some(page.map_err(|error| visit.session.problem(error))?)
    } else {
        None
    };
    Ok(columns.row(|id| match id {
        "number" => Cell::text(row.number.clone().unwrap_or_default()),
        "title" => Cell::link(title(row, &w), address(row.stream)),
        "state" => Cell::toned(state(row, &w), tone::of_status(&row.status)),
        "priority" => priority(row, &w),
        "due" => due(row, today, &w),
        "changed" => Cell::minute(row.changed, &w),
        label => {
            let found = page.as_ref().and_then(|page| {
                let fact = page.view.facts.iter().find(|fact| fact.label.as_str() == label)?;
                Some(Cell::shown(&fact.value, &page.names, &w))
            });
            found.unwrap_or_default()
        }
    }))
}

/// What a record is called.
pub(crate) fn title(row: &RecordRow, w: &Words) -> String {
    if row.title.is_empty() { w.t("web-untitled") } else { row.title.clone() }
}

/// Its state in words.
pub(crate) fn state(row: &RecordRow, w: &Words) -> String {
    w.t(&format!("term-{}-{}", row.status.set, row.status.value.replace('.', "-")))
}

fn priority(row: &RecordRow, w: &Words) -> Cell {
    let named = row.priority.and_then(|rank| Some((rank, *PRIORITIES.get(usize::from(rank))?)));
    match named {
        Some((rank, name)) => Cell::toned(w.label("priority", name), tone::of_priority(rank)),
        None => Cell::default(),
    }
}

fn due(row: &RecordRow, today: Date, w: &Words) -> Cell {
    let Some(due) = row.due else { return Cell::default() };
    let cell = Cell::day(due, w);
    if row.open && due < today { cell.with(Piece::toned(w.t("web-late"), Tone::Late)) } else { cell }
}

/// The cells of all rows of a list, for a file.
///
/// # Errors
/// Status 422 if they are too many; those of reading.
pub(crate) fn all_rows(
    visit: &Visit<'_, '_>,
    columns: &Columns,
    wanted: &Wanted,
) -> Result<Vec<Vec<Cell>>, Problem> {
    let mut wanted = Wanted { limit: AT_ONCE, after: None, ..wanted.clone() };
    let mut all = Vec::new();
    // What somebody changes meanwhile may move to a later page.
    let mut seen: BTreeSet<Stream> = BTreeSet::new();
    loop {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let list = records::list(records, who, &wanted, visit.session.call.now);
        let list = list.map_err(|error| visit.session.problem(error))?;
        for row in list.rows.iter().filter(|row| seen.insert(row.stream)) {
            all.push(cells(visit, columns, row, list.today)?);
        }
        room(all.len())?;
        match list.next {
            Some(next) => wanted.after = Some(next),
            None => return Ok(all),
        }
    }
}
