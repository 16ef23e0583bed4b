//! Imports that were made: what each did, and taking the last one back.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use jiff::Timestamp;
use shindan_app::author::person_recorded;
use shindan_app::records::kept;
use shindan_app::register;
use shindan_domain::comparison::KeptPart;
use shindan_domain::people::Action;
use shindan_domain::register::{ImportEntry, Imported, Keyed, Register, RegisterEvent};
use shindan_report::dates;
use shindan_report::paper::Tone;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::import::renew;
use super::preview::{Cell as Previewed, cell_of};
use crate::address::encoded;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::{self, Cell, Column, Columns, Listing};
use crate::visit::{Visit, Web};

/// What the list is called in addresses.
const LIST: &str = "imports";

/// All imports.
#[derive(Template)]
#[template(path = "imports.html")]
pub(crate) struct Page {
    frame: Frame,
    list: Listing,
    /// Where the last one can be taken back.
    undo: Option<Link>,
}

/// One import.
#[derive(Template)]
#[template(path = "import_past.html")]
pub(crate) struct One {
    frame: Frame,
    row: Row,
    facts: Vec<(String, String)>,
    added: Vec<Link>,
    changed: Vec<Link>,
    missing: Vec<Link>,
    returned: Vec<Link>,
    cells: Vec<Previewed>,
    may: bool,
}

struct Row {
    number: u64,
    at_time: Timestamp,
    at: String,
    by: String,
    ledger: String,
    file: String,
    assets: usize,
    outcome: String,
    undone: bool,
    /// It is the one that can be taken back.
    last: bool,
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn row(visit: &Visit<'_, '_>, import: &ImportEntry, register: &Register) -> Row {
    let w = visit.w;
    let name = person_recorded(&import.by).and_then(|person| visit.session.records.name(person));
    let outcome = match import.undone_by {
        Some(number) => w.get("inventory-undone-by", &[("number", number.into())]),
        None => {
            let counts = [
                ("added", import.added.into()),
                ("changed", import.changed.into()),
                ("missing", import.missing.into()),
            ];
            w.get("inventory-outcome", &counts)
        }
    };
    Row {
        number: import.number,
        at_time: import.at,
        at: dates::minute(import.at, &w),
        // A name that somebody gave before the installation was set up stands as it is; an erased one is told as such.
        by: match person_recorded(&import.by) {
            Some(_) => name.unwrap_or_else(|| w.t("records-name-erased")),
            None => import.by.clone(),
        },
        ledger: import.ledger.clone(),
        file: file_name(&import.source.path),
        assets: import.assets,
        outcome,
        undone: import.undone_by.is_some(),
        last: register.last_import().is_some_and(|last| last.number == import.number),
    }
}

fn load(visit: &Visit<'_, '_>) -> Result<Register, Problem> {
    visit.session.may_read()?;
    register::load(visit.desk.folder()).map_err(|error| visit.session.problem(error.into()))
}

fn columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("at", "web-assets-at", "day", 3),
        of("ledger", "web-assets-ledger", "", 4),
        of("file", "web-assets-file", "", 4),
        of("rows", "web-assets-rows", "n", 2),
        of("outcome", "web-assets-outcome", "", 4),
        of("by", "web-assets-by", "", 3),
    ];
    Columns::of(visit, LIST, all)
}

fn cells(columns: &Columns, row: &Row, w: &Words) -> Vec<Cell> {
    let at = format!("/assets/import/past/{}", row.number);
    columns.row(|id| match id {
        "at" => Cell::minute(row.at_time, w).leading(at.clone()),
        "ledger" => Cell::text(row.ledger.clone()),
        "file" => Cell::text(row.file.clone()),
        "rows" => Cell::number(row.assets as u64),
        "outcome" if row.undone => Cell::toned(row.outcome.clone(), Tone::Quiet),
        "outcome" => Cell::text(row.outcome.clone()),
        _ => Cell::text(row.by.clone()),
    })
}

/// `GET /assets/import/past`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let register = load(visit)?;
        let mut frame = visit.frame(Area::Assets, visit.w.t("web-assets-past"));
        frame.apart();
        frame.lead = visit.w.t("web-assets-past-lead");
        frame.crumbs = vec![Link::new(visit.w.t("web-assets-import"), "/assets/import")];
        let columns = columns(visit)?;
        let rows: Vec<Row> =
            register.imports.iter().rev().map(|import| row(visit, import, &register)).collect();
        let may = visit.has(Action::KeepOrganisation.roles());
        let undo = rows.iter().find(|row| may && row.last).map(|row| {
            Link::new(visit.w.t("web-assets-undo"), format!("/assets/import/past/{}#undo", row.number))
        });
        let rows = rows.iter().map(|row| cells(&columns, row, &visit.w)).collect();
        let list = Listing::new(visit.asked, visit.w.t("web-assets-past"), columns, rows);
        let list = list.or_else(visit.w.t("web-assets-no-past"));
        if let Some(format) = listing::wanted(visit.asked, LIST)? {
            return listing::written(visit, format, &[list], &[]);
        }
        Answer::page(&Page { list, undo, frame })
    })
    .await
}

/// `GET /assets/import/past/{number}`
pub(crate) async fn one(State(web): State<Web>, Path(number): Path<u64>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        visit.session.may_read()?;
        let records = register::load_records(visit.desk.folder());
        let records = records.map_err(|error| visit.session.problem(error.into()))?;
        let register = records.register();
        let unknown = || Problem::new("record-unknown", 404).with("called", number.to_string());
        let entry = register.imports.iter().find(|import| import.number == number).ok_or_else(unknown)?;
        let event = records.records.iter().find(|record| record.number == number).map(|record| &record.event);
        let Some(RegisterEvent::Imported(import)) = event else { return Err(unknown()) };
        let w = visit.w;
        let row = row(visit, entry, &register);
        let mut frame = visit.frame(Area::Assets, w.get("web-assets-past-one", &[("number", number.into())]));
        frame.apart();
        frame.lead = row.ledger.clone();
        frame.crumbs = vec![
            Link::new(w.t("web-assets-import"), "/assets/import"),
            Link::new(w.t("web-assets-past"), "/assets/import/past"),
        ];
        let sheet = import.source.sheet.as_deref();
        Answer::page(&One {
            facts: facts(visit, &row, import),
            added: import.added.iter().map(link).collect(),
            changed: import.changed.iter().map(link).collect(),
            missing: import.missing.iter().map(|key| link_of(key, &register)).collect(),
            returned: import.returned.iter().map(|key| link_of(key, &register)).collect(),
            cells: import.cells.iter().map(|cell| cell_of(cell, sheet, &w)).collect(),
            may: visit.has(Action::KeepOrganisation.roles()),
            row,
            frame,
        })
    })
    .await
}

fn facts(visit: &Visit<'_, '_>, row: &Row, import: &Imported) -> Vec<(String, String)> {
    let w = visit.w;
    let source = &import.source;
    let mut facts = vec![
        (w.t("web-assets-file"), row.file.clone()),
        (w.t("web-assets-sha256"), source.sha256.clone()),
        (w.t("web-assets-by"), row.by.clone()),
        (w.t("web-assets-at"), row.at.clone()),
        (w.t("web-assets-outcome"), row.outcome.clone()),
    ];
    if let Some(sheet) = &source.sheet {
        facts.push((w.t("web-assets-sheet"), sheet.clone()));
    }
    facts.push((w.t("web-assets-rows"), row.assets.to_string()));
    facts
}

fn link(keyed: &Keyed) -> Link {
    let label = keyed.asset.label();
    let text = if label.is_empty() { keyed.key.as_str() } else { label };
    Link::new(text, format!("/assets/{}", encoded(&keyed.key)))
}

fn link_of(key: &str, register: &Register) -> Link {
    let label = register.assets.get(key).map(|asset| asset.asset.label()).filter(|label| !label.is_empty());
    Link::new(label.unwrap_or(key), format!("/assets/{}", encoded(key)))
}

/// `POST /assets/import/undo`: only the import that the page showed as the last one.
pub(crate) async fn undo(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let last = load(visit)?.last_import().map(|import| import.number.to_string());
        if last.as_deref() != Some(form.text("number")) {
            return Err(Problem::new("nothing-to-undo", 409));
        }
        let (folder, now) = (visit.desk.folder().clone(), visit.session.call.now);
        let session = &mut *visit.session;
        let undone = kept::keep(session.records, &session.who, &session.call, KeptPart::Register, |author| {
            register::undo(&folder, author, now)
        });
        undone.map_err(|error| session.problem(error))?;
        renew(visit)?;
        Ok(Answer::see("/assets/import/past?told=assets-undone"))
    })
    .await
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::pages::samples::Sample;

    fn row() -> Row {
        let text = || "<運用>".to_owned();
        Row {
            number: 3,
            at_time: Timestamp::UNIX_EPOCH,
            at: text(),
            by: text(),
            ledger: text(),
            file: text(),
            assets: 12,
            outcome: text(),
            undone: false,
            last: true,
        }
    }

    impl Sample for Page {
        const NAME: &'static str = "imports";

        fn sample(frame: Frame) -> Page {
            Page {
                frame,
                list: listing::sample(),
                undo: Some(Link::new("undo", "/assets/import/past/3#undo")),
            }
        }
    }

    impl Sample for One {
        const NAME: &'static str = "import-past";

        fn sample(frame: Frame) -> One {
            let text = || "<運用>".to_owned();
            let links = || vec![Link::new("<運用>", "/assets/id%3A1")];
            One {
                frame,
                row: row(),
                facts: vec![(text(), text())],
                added: links(),
                changed: links(),
                missing: links(),
                returned: links(),
                cells: vec![Previewed {
                    address: text(),
                    field: text(),
                    value: text(),
                    text: text(),
                    tone: "late",
                }],
                may: true,
            }
        }
    }
}
