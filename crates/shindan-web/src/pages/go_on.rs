//! What comes after a step: the next one of the record, and those of the records that it belongs with – of a change its case, of a
//! patch its cases and changes, of a case the changes and patches that carry it out. What is missing, the process of each says; whether
//! this person can take the step, the command is asked.

use shindan_app::records;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;
use shindan_report::records::RecordPage;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Row;
use uuid::Uuid;

use super::process::{self, Blocker};
use crate::address::address;
use crate::forms::steps;
use crate::frame::Link;
use crate::visit::Visit;

/// So many other records are named at most; the others stand in the lists of the record.
const OTHERS: usize = 4;

/// Something to go on with.
#[derive(Debug, Clone)]
pub(crate) struct Next {
    /// Another record, if it is one of another record.
    pub of: Option<Link>,
    /// The form of the step, if the person can take it.
    pub step: Option<Link>,
    /// What is missing, and why it is not offered.
    pub why: String,
}

/// What comes next. `own`: what this record itself misses, where its next step is to be named as well.
///
/// # Errors
/// Those of reading the records.
pub(crate) fn next(
    visit: &Visit<'_, '_>,
    stream: Stream,
    own: Option<&[Blocker]>,
) -> Result<Vec<Next>, Problem> {
    if !matches!(stream.kind, Kind::Case | Kind::Change | Kind::Patch) {
        return Ok(Vec::new());
    }
    let mut all: Vec<Next> = own.and_then(|missing| of_blockers(missing, None)).into_iter().collect();
    for other in others(visit, stream)?.into_iter().take(OTHERS) {
        all.extend(of_record(visit, other)?);
    }
    Ok(all)
}

/// After a step that was answered with a page of its own: what comes next for its record.
///
/// # Errors
/// As [`next`].
pub(crate) fn after(visit: &Visit<'_, '_>, stream: Stream) -> Result<Vec<Next>, Problem> {
    if !matches!(stream.kind, Kind::Case | Kind::Change | Kind::Patch) {
        return Ok(Vec::new());
    }
    let (_, missing) = read(visit, stream)?;
    next(visit, stream, Some(&missing))
}

fn read(visit: &Visit<'_, '_>, stream: Stream) -> Result<(RecordPage, Vec<Blocker>), Problem> {
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let page = records::page(records, who, stream, false).map_err(|error| visit.session.problem(error))?;
    let steps = steps::of(visit, stream)?;
    let missing = process::blockers(stream, &page.view.next, &steps, &visit.w);
    Ok((page, missing))
}

fn of_record(visit: &Visit<'_, '_>, stream: Stream) -> Result<Option<Next>, Problem> {
    let (page, missing) = read(visit, stream)?;
    Ok(of_blockers(&missing, Some(Link::new(called(&page, &visit.w), address(stream)))))
}

fn called(page: &RecordPage, w: &Words) -> String {
    let title = if page.title.is_empty() { w.t("web-untitled") } else { page.title.clone() };
    page.number.as_ref().map_or_else(|| title.clone(), |number| format!("{number} {title}"))
}

/// The first step that the person can take; else what the record waits for. `None`: it waits for nothing.
fn of_blockers(missing: &[Blocker], of: Option<Link>) -> Option<Next> {
    let offered = missing.iter().find(|one| one.step.is_some());
    let one = offered.or_else(|| missing.first())?;
    let why = [one.text.as_str(), one.why.as_str()];
    let why = why.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    Some(Next { of, step: one.step.clone(), why })
}

/// The open records that this one belongs with, the nearest first.
fn others(visit: &Visit<'_, '_>, stream: Stream) -> Result<Vec<Stream>, Problem> {
    let store = visit.session.records.store();
    let failed = |error: shindan_store::StoreError| visit.session.problem(error.into());
    let id = stream.id.hyphenated().to_string();
    let mut found: Vec<Row> = Vec::new();
    let relation = match stream.kind {
        Kind::Case => Some(Relation::Case),
        Kind::Patch => Some(Relation::Patch),
        _ => None,
    };
    if let Some(record) = store.record(stream).map_err(failed)? {
        let cases = record.links.iter().filter(|link| link.relation == Relation::Case);
        for id in cases.filter_map(|link| link.target.parse::<Uuid>().ok()) {
            found.extend(store.record(Stream::new(Kind::Case, id)).map_err(failed)?.map(|record| record.row));
        }
    }
    if let Some(relation) = relation {
        found.extend(store.linked(relation, &id).map_err(failed)?);
    }
    let goes_on = |row: &Row| row.open && matches!(row.stream.kind, Kind::Case | Kind::Change | Kind::Patch);
    Ok(found.into_iter().filter(goes_on).map(|row| row.stream).filter(|other| *other != stream).collect())
}

#[cfg(test)]
pub(crate) fn sample() -> Vec<Next> {
    let text = || "<運用>".to_owned();
    vec![
        Next { of: None, step: Some(Link::new(text(), "/records/change/1/do/apply")), why: text() },
        Next { of: Some(Link::new(text(), "/records/case/1")), step: None, why: text() },
    ]
}
