//! A list of records of one kind: filters and columns in the address, page by page, and the same as a file.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use jiff::civil::Date;
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;
use shindan_report::dates;
use shindan_report::records::RecordRow;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::records::{self as of_records, PRIORITIES};
use crate::listing::{self, Listing, address_with};
use crate::tone;
use crate::visit::{Visit, Web, address};

/// Rows of a page.
const ROWS: u32 = 50;
/// Orders that can be chosen: name in the address, order, key of its name.
const SORTS: &[(&str, Sort, &str)] = &[
    ("urgency", Sort::Urgency, "web-sort-urgency"),
    ("due", Sort::Due, "web-sort-due"),
    ("changed", Sort::Changed, "web-sort-changed"),
    ("opened", Sort::Opened, "web-sort-opened"),
    ("title", Sort::Title, "web-sort-title"),
];
/// Kinds of records that are about a system.
const OF_A_SYSTEM: [Kind; 8] = [
    Kind::Case,
    Kind::Change,
    Kind::Inquiry,
    Kind::Interface,
    Kind::Device,
    Kind::Agreement,
    Kind::Instruction,
    Kind::Review,
];
/// So many systems can be chosen from; of others the page of the system leads to its records.
const SYSTEMS: u32 = 200;

#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct Page {
    frame: Frame,
    /// All or open ones.
    which: Vec<Choice>,
    sorts: Vec<Choice>,
    /// The systems whose records can be shown alone: identifier, name, whether it is the one; empty if there is no choice.
    systems: Vec<(String, String, bool)>,
    text: String,
    /// Fields of the address that a search keeps.
    kept: Vec<(String, String)>,
    list: Listing,
    next: Option<String>,
}

struct Choice {
    text: String,
    address: String,
    here: bool,
}

/// A row of a list.
pub(crate) struct Row {
    pub number: String,
    pub title: String,
    pub address: String,
    pub status: String,
    pub tone: &'static str,
    pub priority: String,
    pub priority_tone: &'static str,
    pub due: String,
    pub late: bool,
    pub changed: String,
}

/// The area that a kind of record belongs to.
pub(crate) fn area_of(kind: Kind) -> Area {
    use Kind as K;
    match kind {
        K::Source | K::SourceCheck | K::Notice | K::Product | K::Release => Area::Vulnerabilities,
        K::Asset | K::System | K::Device | K::Sighting | K::SightingImport | K::Interface => Area::Assets,
        K::Environment | K::Deployment | K::Site => Area::Assets,
        K::Case | K::Patch | K::Change | K::Inquiry => Area::Cases,
        K::AssessmentPlan | K::Assessment | K::ScanTargets | K::ClinicalNetwork | K::ScanFinding => {
            Area::Cases
        }
        K::Instruction | K::Review | K::Agreement | K::Control => Area::Evidence,
        K::Installation | K::Person | K::Party | K::Policy | K::Exchange | K::Subscription => Area::Settings,
    }
}

/// `GET /records/{kind}`
pub(crate) async fn show(
    State(web): State<Web>,
    Path(kind): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        let kind = kind.parse().map_err(|_| Problem::new("path-unknown", 404))?;
        page(visit, kind)
    })
    .await
}

/// `GET /cases`
pub(crate) async fn cases(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| page(visit, Kind::Case)).await
}

/// What the address asks for.
fn asked_for(visit: &Visit<'_, '_>, kind: Kind) -> Result<Wanted, Problem> {
    let asked = visit.asked;
    let sort = asked.query("sort").unwrap_or_else(|| "urgency".to_owned());
    let order = SORTS.iter().find(|(name, ..)| *name == sort);
    let order =
        order.ok_or_else(|| Problem::new("query-invalid", 400).with("name", "sort").with("value", &sort))?.1;
    let system = system_of(visit, kind)?;
    Ok(Wanted {
        linked: system.map(|system| (Relation::Subject, system.id.to_string())),
        open_only: asked.query("show").as_deref() != Some("all"),
        state: asked.query("state"),
        text: asked.query("text"),
        sort: order,
        after: asked.query("after"),
        ..Wanted::new(kind, ROWS)
    })
}

/// The system whose records are asked for.
fn system_of(visit: &Visit<'_, '_>, kind: Kind) -> Result<Option<Stream>, Problem> {
    let named = visit.asked.query("system").filter(|id| !id.is_empty() && OF_A_SYSTEM.contains(&kind));
    named.map(|id| visit.find(Kind::System, &id)).transpose()
}

/// The systems to choose from, if there are several.
fn systems(visit: &Visit<'_, '_>, kind: Kind) -> Result<Vec<(String, String, bool)>, Problem> {
    if !OF_A_SYSTEM.contains(&kind) {
        return Ok(Vec::new());
    }
    let chosen = system_of(visit, kind)?;
    let wanted = Wanted { open_only: false, sort: Sort::Title, ..Wanted::new(Kind::System, SYSTEMS) };
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let list = records::list(records, who, &wanted, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    if list.rows.len() < 2 && chosen.is_none() {
        return Ok(Vec::new());
    }
    let pick = |row: &RecordRow| {
        (row.stream.id.to_string(), of_records::title(row, &visit.w), chosen == Some(row.stream))
    };
    Ok(list.rows.iter().map(pick).collect())
}

/// The same in words, for a file.
fn in_words(visit: &Visit<'_, '_>, wanted: &Wanted, kind: Kind) -> Result<Vec<String>, Problem> {
    let w = &visit.w;
    let system = system_of(visit, kind)?.and_then(|system| visit.session.records.called(system));
    let which = w.t(if wanted.open_only { "web-show-open" } else { "web-show-all" });
    // The set of a state is known by its records only; each set has the state's words under its own name.
    let state = wanted.state.as_ref().map(|state| {
        let known = w.known(&format!("term-{kind}-state-{state}"));
        known.unwrap_or_else(|| state.clone())
    });
    let text = wanted.text.as_ref().map(|text| format!("\"{text}\""));
    let sort = SORTS.iter().find(|(_, sort, _)| *sort == wanted.sort).map(|(.., key)| w.t(key));
    Ok([Some(which), system, state, text, sort].into_iter().flatten().collect())
}

fn page(visit: &mut Visit<'_, '_>, kind: Kind) -> Result<Answer, Problem> {
    let w = visit.w;
    let wanted = asked_for(visit, kind)?;
    let columns = of_records::columns(visit, kind)?;
    let title = w.term(kind.term());
    if let Some(format) = listing::wanted(visit.asked, kind.as_str())? {
        let rows = of_records::all_rows(visit, &columns, &wanted)?;
        let list = Listing::new(visit.asked, title, columns, rows).or_else(w.t("web-list-empty"));
        return listing::written(visit, format, &[list], &in_words(visit, &wanted, kind)?);
    }
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let found = records::list(records, who, &wanted, visit.session.call.now);
    let found = found.map_err(|error| visit.session.problem(error))?;
    let rows = of_records::rows(visit, &columns, &found.rows, found.today)?;
    let mut frame = visit.frame(area_of(kind), title.clone());
    if shindan_server::desk::command(kind, None).is_some() {
        let text = w.get("web-new", &[("what", (&title).into())]);
        frame.primary = Some(Link::new(text, format!("/records/{kind}/new")));
    }
    let here = visit.asked.here();
    let to = |with: &[(&str, &str)]| address_with(&here, &["after", "as", "told"], with);
    let which = [(true, "", "web-show-open"), (false, "all", "web-show-all")];
    let sorts = SORTS.iter().map(|(name, sort, key)| Choice {
        text: w.t(key),
        address: to(&[("sort", name)]),
        here: *sort == wanted.sort,
    });
    let systems = systems(visit, kind)?;
    let kept = ["sort", "show", "state", "columns"];
    let kept = kept.iter().filter_map(|name| Some(((*name).to_owned(), visit.asked.query(name)?)));
    let empty = w.t(if wanted.open_only { "web-list-nothing-open" } else { "web-list-empty" });
    Answer::page(&Page {
        which: which
            .map(|(open, show, key)| Choice {
                text: w.t(key),
                address: if show.is_empty() {
                    address_with(&here, &["after", "as", "told", "show"], &[])
                } else {
                    to(&[("show", show)])
                },
                here: open == wanted.open_only,
            })
            .into(),
        sorts: sorts.collect(),
        kept: kept.collect(),
        next: found.next.as_deref().map(|next| to(&[("after", next)])),
        list: Listing::new(visit.asked, title, columns, rows).or_else(empty),
        text: wanted.text.unwrap_or_default(),
        systems,
        frame,
    })
}

/// A row as it is shown; `today`: the day in Japan, for what is overdue.
pub(crate) fn shown(row: &RecordRow, today: Date, w: &Words) -> Row {
    let priority =
        row.priority.and_then(|rank| PRIORITIES.get(usize::from(rank))).map(|name| w.label("priority", name));
    Row {
        number: row.number.clone().unwrap_or_default(),
        title: of_records::title(row, w),
        address: address(row.stream),
        status: of_records::state(row, w),
        tone: tone::of_status(&row.status).as_str(),
        priority: priority.unwrap_or_default(),
        priority_tone: row.priority.map_or("plain", |priority| tone::of_priority(priority).as_str()),
        due: row.due.map(|due| dates::short(due, w)).unwrap_or_default(),
        late: row.open && row.due.is_some_and(|due| due < today),
        changed: dates::minute(row.changed, w),
    }
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "list";

    fn sample(frame: Frame) -> Page {
        let choice = || Choice { text: "choice".to_owned(), address: "/cases".to_owned(), here: true };
        Page {
            frame,
            which: vec![choice()],
            sorts: vec![choice()],
            systems: vec![("1".to_owned(), "<運用>".to_owned(), true)],
            text: "<運用>".to_owned(),
            kept: vec![("sort".to_owned(), "due".to_owned())],
            list: listing::sample(),
            next: Some("/cases?after=1".to_owned()),
        }
    }
}

#[cfg(test)]
pub(crate) fn sample_row() -> Row {
    Row {
        number: "CASE-1".to_owned(),
        title: "<運用>".to_owned(),
        address: "/records/case/1".to_owned(),
        status: "state".to_owned(),
        tone: "late",
        priority: "priority".to_owned(),
        priority_tone: "immediate",
        due: "2026-11-27".to_owned(),
        late: true,
        changed: "2026-11-27 09:00".to_owned(),
    }
}
