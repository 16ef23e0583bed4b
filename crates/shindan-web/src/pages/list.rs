//! A list of records of one kind: filters in the address, page by page, also as CSV.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use jiff::civil::Date;
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::Kind;
use shindan_report::records::{RecordList, RecordRow};
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::tone;
use crate::visit::{Visit, Web, address, encoded};

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

/// Priorities by their rank.
pub(crate) const PRIORITIES: [&str; 4] = ["immediate", "out-of-cycle", "scheduled", "defer"];

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
    rows: Vec<Row>,
    next: Option<String>,
    empty: String,
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

fn page(visit: &mut Visit<'_, '_>, kind: Kind) -> Result<Answer, Problem> {
    let asked = visit.asked;
    let all = asked.query("show").as_deref() == Some("all");
    let sort = asked.query("sort").unwrap_or_else(|| "urgency".to_owned());
    let order = SORTS.iter().find(|(name, ..)| *name == sort);
    let order =
        order.ok_or_else(|| Problem::new("query-invalid", 400).with("name", "sort").with("value", &sort))?.1;
    let text = asked.query("text").unwrap_or_default();
    let wanted = Wanted {
        open_only: !all,
        state: asked.query("state"),
        text: Some(text.clone()).filter(|text| !text.is_empty()),
        sort: order,
        after: asked.query("after"),
        ..Wanted::new(kind, ROWS)
    };
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let list = records::list(records, who, &wanted, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    let path = asked.uri.path();
    let mut frame = visit.frame(area_of(kind), visit.w.term(kind.term()));
    if shindan_server::desk::command(kind, None).is_some() {
        let text = visit.w.get("web-new", &[("what", (&visit.w.term(kind.term())).into())]);
        frame.primary = Some(Link::new(text, format!("/records/{kind}/new")));
    }
    let query = |all: bool, sort: &str, after: Option<&str>| {
        let mut pairs = vec![("sort", sort.to_owned())];
        if all {
            pairs.push(("show", "all".to_owned()));
        }
        if !text.is_empty() {
            pairs.push(("text", text.clone()));
        }
        pairs.extend(after.map(|after| ("after", after.to_owned())));
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    };
    let w = visit.w;
    let which = [(false, "web-show-open"), (true, "web-show-all")].map(|(one, key)| Choice {
        text: w.t(key),
        address: query(one, &sort, None),
        here: one == all,
    });
    let sorts = SORTS.iter().map(|(name, _, key)| Choice {
        text: w.t(key),
        address: query(all, name, None),
        here: *name == sort,
    });
    let context = Page {
        which: which.into(),
        sorts: sorts.collect(),
        kept: vec![("sort".to_owned(), sort.clone())]
            .into_iter()
            .chain(all.then(|| ("show".to_owned(), "all".to_owned())))
            .collect(),
        rows: rows(&list, &w),
        next: list.next.as_deref().map(|next| query(all, &sort, Some(next))),
        empty: w.t(if all { "web-list-empty" } else { "web-list-nothing-open" }),
        text,
        frame,
    };
    Answer::page(&context)
}

fn rows(list: &RecordList, w: &Words) -> Vec<Row> {
    list.rows.iter().map(|row| shown(row, list.today, w)).collect()
}

/// A row as it is shown; `today`: the day in Japan, for what is overdue.
pub(crate) fn shown(row: &RecordRow, today: Date, w: &Words) -> Row {
    let priority =
        row.priority.and_then(|rank| PRIORITIES.get(usize::from(rank))).map(|name| w.label("priority", name));
    Row {
        number: row.number.clone().unwrap_or_default(),
        title: if row.title.is_empty() { w.t("web-untitled") } else { row.title.clone() },
        address: address(row.stream),
        status: w.t(&format!("term-{}-{}", row.status.set, row.status.value)),
        tone: tone::of_status(&row.status).as_str(),
        priority: priority.unwrap_or_default(),
        priority_tone: row.priority.map_or("plain", |priority| tone::of_priority(priority).as_str()),
        due: row.due.map(|due| due.to_string()).unwrap_or_default(),
        late: row.open && row.due.is_some_and(|due| due < today),
        changed: shindan_report::dates::minute(row.changed, w),
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
            rows: vec![sample_row()],
            next: Some("/cases?after=1".to_owned()),
            empty: String::new(),
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
