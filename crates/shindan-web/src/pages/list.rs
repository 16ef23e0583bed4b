//! A list of records of one kind: filters and columns in the address, page by page, and the same as a file.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use jiff::civil::Date;
use shindan_app::records::of_system::is_of_a_system;
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::Kind;
use shindan_report::dates;
use shindan_report::records::RecordRow;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::address::{address, address_with};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::records::{self as of_records, PRIORITIES};
use crate::listing::{self, Listing};
use crate::scope::{Chosen, QUERY, Turn};
use crate::tone;
use crate::visit::{Visit, Web};

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

#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct Page {
    frame: Frame,
    /// All or open ones.
    which: Vec<Choice>,
    sorts: Vec<Choice>,
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
fn asked_for(visit: &Visit<'_, '_>, kind: Kind, of: Option<&Chosen>) -> Result<Wanted, Problem> {
    let asked = visit.asked;
    let sort = asked.query("sort").unwrap_or_else(|| "urgency".to_owned());
    let order = SORTS.iter().find(|(name, ..)| *name == sort);
    let order =
        order.ok_or_else(|| Problem::new("query-invalid", 400).with("name", "sort").with("value", &sort))?.1;
    Ok(Wanted {
        among: of.map(|chosen| chosen.of.records.clone()),
        open_only: asked.query("show").as_deref() != Some("all"),
        state: asked.query("state"),
        text: asked.query("text"),
        sort: order,
        after: asked.query("after"),
        ..Wanted::new(kind, ROWS)
    })
}

/// The same in words, for a file.
fn in_words(w: &Words, wanted: &Wanted, (kind, of): (Kind, Option<&Chosen>)) -> Vec<String> {
    let system = of.map(|chosen| chosen.name.clone());
    let which = w.t(if wanted.open_only { "web-show-open" } else { "web-show-all" });
    // The set of a state is known by its records only; each set has the state's words under its own name.
    let state = wanted.state.as_ref().map(|state| {
        let known = w.known(&format!("term-{kind}-state-{state}"));
        known.unwrap_or_else(|| state.clone())
    });
    let text = wanted.text.as_ref().map(|text| format!("\"{text}\""));
    let sort = SORTS.iter().find(|(_, sort, _)| *sort == wanted.sort).map(|(.., key)| w.t(key));
    [Some(which), system, state, text, sort].into_iter().flatten().collect()
}

fn page(visit: &mut Visit<'_, '_>, kind: Kind) -> Result<Answer, Problem> {
    let w = visit.w;
    let of = match is_of_a_system(kind).then(|| visit.one_system("web-scope-only")).transpose()? {
        Some(Turn::Lead(to)) => return Ok(Answer::see(to)),
        Some(Turn::Show(of)) => of,
        None => None,
    };
    let wanted = asked_for(visit, kind, of.as_ref())?;
    let columns = of_records::columns(visit, kind)?;
    let title = w.term(kind.term());
    if let Some(format) = listing::wanted(visit.asked, kind.as_str())? {
        let rows = of_records::all_rows(visit, &columns, &wanted)?;
        let list = Listing::new(visit.asked, title, columns, rows).or_else(w.t("web-list-empty"));
        return listing::written(visit, format, &[list], &in_words(&w, &wanted, (kind, of.as_ref())));
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
    let kept = ["sort", "show", "state", "columns", QUERY];
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
