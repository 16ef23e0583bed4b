//! 情報源と収集記録: is every source looked at, day by day; what is to be confirmed and judged; look now; proposals (UI.md, page 2).

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use shindan_app::records::collect::{self, SourceStanding};
use shindan_app::records::{self, Asked};
use shindan_domain::collect::{
    Cell, CellState, CheckOutcome, CheckResult, MonthGrid, SourceState, SourceTiming,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::dates;
use shindan_report::paper::Tone;
use shindan_report::words::Words;
use shindan_server::desk;
use shindan_server::problem::Problem;

use super::crosswalk::invalid;
use crate::address::address;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::jobs::{Ended, Jobs, Line};
use crate::listing::{self, Cell as ListCell, Column, Columns, Listing, Piece};
use crate::visit::{Form, Visit, Web};

/// So many checks and notices that wait are shown; the list has them all.
const WAITING: u32 = 10;
/// What the list of sources is called in addresses.
const LIST: &str = "sources";

#[derive(Template)]
#[template(path = "sources.html")]
pub(crate) struct Page {
    frame: Frame,
    tally: Vec<(&'static str, String)>,
    list: Listing,
    beside: Vec<Beside>,
    /// As it is shown, and as it stands in addresses.
    month_shown: String,
    month: String,
    before: Link,
    after: Option<Link>,
    days: Vec<Day>,
    grid: Vec<GridRow>,
    legend: Vec<(&'static str, String, String)>,
    unconfirmed: Vec<(String, Link)>,
    notices: Vec<(String, Link)>,
    /// Who may look now and add; others are told why they may not.
    may_operate: bool,
    proposals: Vec<Proposal>,
}

/// A source beside its row: what can be done with it.
struct Beside {
    id: String,
    title: Link,
    /// Looked at by the program.
    fetched: bool,
}

struct Day {
    number: i8,
    weekend: bool,
    today: bool,
}

struct GridRow {
    title: Link,
    cells: Vec<GridCell>,
}

struct GridCell {
    tone: &'static str,
    sign: String,
    word: String,
    address: Option<String>,
}

struct Proposal {
    name: String,
    title: String,
    kind: String,
    licence: String,
    unchecked: String,
    proposed: bool,
}

/// `GET /sources`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// `POST /sources/look`
pub(crate) async fn look(State(web): State<Web>, request: Request) -> Response<Body> {
    let jobs = web.jobs.clone();
    web.change(request, move |visit, form| {
        let reason = Some(form.text("reason").trim()).filter(|reason| !reason.is_empty());
        begin_look(visit, &jobs, &json!({"sources": all_of(form, "source"), "reason": reason}))
    })
    .await
}

/// Looks at sources, as the body of the task says, while nobody waits for it.
///
/// # Errors
/// Refused if the person may not operate.
pub(crate) fn begin_look(visit: &Visit<'_, '_>, jobs: &Jobs, body: &Value) -> Result<Answer, Problem> {
    records::may_operate(&visit.session.who).map_err(|error| visit.session.problem(error))?;
    let (body, w) = (body.to_string(), visit.w);
    Ok(Answer::see(jobs.begin(
        visit.desk,
        visit.by(),
        ("web-src-look", "/sources"),
        move |session, progress| {
            let reply = desk::look(session, body.as_bytes(), progress)?;
            let told: Value = serde_json::from_slice(&reply.body).map_err(|e| Problem::internal(&e))?;
            Ok(Ended { lines: looked(&told, &w), file: None })
        },
    )))
}

/// `POST /sources/propose`
pub(crate) async fn propose(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let names = all_of(form, "name");
        if names.is_empty() {
            return Ok(Answer::see("/sources?told=src-none#proposals"));
        }
        let body = json!({"names": names, "language": visit.w.lang().as_str()}).to_string();
        let task = desk::tasks().iter().find(|task| task.name == "source-proposals");
        let task = task.ok_or_else(|| Problem::new("path-unknown", 404))?;
        task.run(body.as_bytes(), visit.session)?;
        Ok(Answer::see("/sources?told=src-added"))
    })
    .await
}

/// The values of a field that is there several times.
fn all_of(form: &Form, name: &str) -> Vec<String> {
    let named = form.0.iter().filter(|(known, value)| known == name && !value.is_empty());
    named.map(|(_, value)| value.clone()).collect()
}

/// What `shindan.sync/1` says, line by line.
fn looked(told: &Value, w: &Words) -> Vec<Line> {
    let sources = told.get("sources").and_then(Value::as_array).into_iter().flatten();
    let mut lines: Vec<Line> = sources
        .map(|one| {
            let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
            let outcome: Option<CheckOutcome> =
                one.get("outcome").and_then(|outcome| serde_json::from_value(outcome.clone()).ok());
            let (tone, said) = match &outcome {
                Some(CheckOutcome::Failed { failure, .. }) => {
                    let why = w.term(failure.term());
                    ("immediate", w.get("collect-outcome-failed", &[("why", (&why).into())]))
                }
                Some(outcome) => ("quiet", result_of(outcome.result(), outcome.new_items(), w)),
                None => ("undetermined", w.t("unknown")),
            };
            let check = text("check");
            let address = (!check.is_empty())
                .then(|| format!("/records/source-check/{}", crate::address::encoded(check)));
            Line { what: text("name").to_owned(), tone, text: said, address }
        })
        .collect();
    if told.get("knowledge_rebuilt").and_then(Value::as_bool) == Some(true) {
        let what = w.t("web-src-knowledge");
        lines.push(Line { what, tone: "quiet", text: w.t("web-src-rebuilt"), address: None });
    }
    lines
}

pub(crate) fn result_of(result: CheckResult, new_items: u64, w: &Words) -> String {
    match result {
        CheckResult::NewItems => w.get("collect-outcome-new", &[("count", new_items.into())]),
        other => w.term(other.term()),
    }
}

/// The month that the address names, the present one unless it does.
fn month_of(visit: &Visit<'_, '_>, today: Date) -> Result<Date, Problem> {
    let Some(text) = visit.asked.query("month") else { return Ok(today.first_of_month()) };
    let first: Result<Date, _> = format!("{text}-01").parse();
    first.ok().filter(|_| text.len() == 7).ok_or_else(|| invalid("month", &text))
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let today = shindan_domain::calendar::day(now);
    let first = month_of(visit, today)?;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let standing = collect::standing(records, who, now).map_err(problem)?;
    let columns = columns(visit)?;
    let rows = standing.iter().map(|one| cells(&columns, one, &w)).collect();
    let list = Listing::new(visit.asked, w.t("web-src-state"), columns, rows).or_else(w.t("web-src-empty"));
    if let Some(format) = listing::wanted(visit.asked, LIST)? {
        return listing::written(visit, format, &[list], &[]);
    }
    let month = collect::month(records, who, first, now).map_err(problem)?;
    let waiting = |kind| -> Result<Vec<(String, Link)>, Problem> {
        let list = records::list(records, who, &Asked::new(kind, WAITING), now).map_err(problem)?;
        let rows = list.rows.into_iter();
        Ok(rows
            .map(|row| (row.number.unwrap_or_default(), Link::new(row.title, address(row.stream))))
            .collect())
    };
    let mut frame = visit.frame(Area::Vulnerabilities, w.t("web-nav-sources"));
    frame.apart();
    frame.lead = w.t("web-src-lead");
    let page = Page {
        tally: tally(&standing, &w),
        list,
        beside: standing.iter().map(beside).collect(),
        month_shown: dates::month(first, &w),
        month: first.strftime("%Y-%m").to_string(),
        before: month_link(first.saturating_sub(1.month()), &w),
        after: (first < today.first_of_month()).then(|| month_link(first.saturating_add(1.month()), &w)),
        days: days(&month.grid, today),
        grid: grid(&month, &w),
        legend: CellState::ALL
            .iter()
            .map(|state| (tone_of(*state), sign(*state, &w), w.term(state.term())))
            .collect(),
        unconfirmed: waiting(Kind::SourceCheck)?,
        notices: waiting(Kind::Notice)?,
        may_operate: records::may_operate(who).is_ok(),
        proposals: proposals(&standing, &w).map_err(|error| problem(error.into()))?,
        frame,
    };
    Answer::page(&page)
}

fn tally(all: &[SourceStanding], w: &Words) -> Vec<(&'static str, String)> {
    let timed = |timing| all.iter().filter(|one| one.timing == timing).count();
    let failed = |one: &&SourceStanding| one.last.as_ref().is_some_and(|(_, check)| !check.succeeded());
    let counts = [
        ("immediate", "web-src-overdue", timed(SourceTiming::Overdue)),
        ("immediate", "web-src-failed", all.iter().filter(failed).count()),
        ("late", "web-src-due", timed(SourceTiming::Due)),
        ("late", "web-src-suspicious", all.iter().filter(|one| !one.alarms.is_empty()).count()),
        ("quiet", "web-src-in-time", timed(SourceTiming::InTime)),
    ];
    let shown = counts.into_iter().filter(|(_, _, count)| *count > 0);
    shown.map(|(tone, key, count)| (tone, w.get(key, &[("count", count.into())]))).collect()
}

fn month_link(first: Date, w: &Words) -> Link {
    Link::new(dates::month(first, w), format!("/sources?month={}", first.strftime("%Y-%m")))
}

fn beside(one: &SourceStanding) -> Beside {
    let draft = &one.source.draft;
    Beside {
        id: one.id.0.to_string(),
        title: Link::new(&draft.title, address(Stream::new(Kind::Source, one.id))),
        fetched: draft.kind.is_fetched() && one.source.state() == SourceState::Active,
    }
}

fn columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("source", "web-src-source", "", 5),
        of("kind", "label-kind", "", 3).aside(),
        of("timing", "web-src-timing", "", 3),
        of("last", "web-src-last", "day", 3),
        of("result", "web-src-result", "", 4),
        of("alarms", "web-src-alarms", "", 5),
        of("unconfirmed", "web-src-unconfirmed", "n", 2),
    ];
    Columns::of(visit, LIST, all)
}

fn cells(columns: &Columns, one: &SourceStanding, w: &Words) -> Vec<ListCell> {
    let draft = &one.source.draft;
    let check = |id| address(Stream::new(Kind::SourceCheck, id));
    columns.row(|id| match id {
        "source" => ListCell::link(&draft.title, address(Stream::new(Kind::Source, one.id))),
        "kind" => ListCell::text(w.term(draft.kind.term())),
        "timing" => timing_of(one, w),
        "last" => match &one.last {
            Some((id, last)) => ListCell::minute(last.ended, w).leading(check(*id)),
            None => ListCell::default(),
        },
        "result" => result_cell(one, w),
        "alarms" => {
            let alarms = one.alarms.iter().map(|alarm| Piece::toned(w.reason(&alarm.reason()), Tone::Late));
            alarms.fold(ListCell::default(), ListCell::with)
        }
        _ => ListCell::number(one.unconfirmed),
    })
}

fn timing_of(one: &SourceStanding, w: &Words) -> ListCell {
    let timing = w.term(one.timing.term());
    match (one.source.state(), one.timing) {
        (SourceState::Active, SourceTiming::Overdue) => ListCell::toned(timing, Tone::Immediate),
        (SourceState::Active, SourceTiming::Due) => ListCell::toned(timing, Tone::Late),
        (SourceState::Active, SourceTiming::InTime) => ListCell::text(timing),
        (SourceState::Active, _) => ListCell::toned(timing, Tone::Quiet),
        (state, _) => ListCell::toned(w.term(state.term()), Tone::Quiet),
    }
}

/// What came of the last look; of one that failed, when the last good one was.
fn result_cell(one: &SourceStanding, w: &Words) -> ListCell {
    let never = || w.t("collect-never");
    let Some((_, check)) = &one.last else { return ListCell::toned(never(), Tone::Undetermined) };
    if check.succeeded() {
        return ListCell::text(result_of(check.result, check.new_items, w));
    }
    let good = one.last_good.map_or_else(never, |at| dates::minute(at, w));
    let good = w.get("collect-last-good", &[("at", (&good).into())]);
    let cell = match check.failure {
        Some(failure) => {
            let why = w.term(failure.term());
            let text = w.get("collect-outcome-failed", &[("why", (&why).into())]);
            ListCell::toned(text, Tone::Immediate)
        }
        None => ListCell::text(result_of(check.result, check.new_items, w)),
    };
    cell.with(Piece::small(good))
}

fn days(grid: &MonthGrid, today: Date) -> Vec<Day> {
    use jiff::civil::Weekday::{Saturday, Sunday};
    let dates = (1..=grid.first.days_in_month()).filter_map(|day| grid.first.with().day(day).build().ok());
    let day = |date: Date| Day {
        number: date.day(),
        weekend: matches!(date.weekday(), Saturday | Sunday),
        today: date == today,
    };
    dates.map(day).collect()
}

fn grid(month: &collect::Month, w: &Words) -> Vec<GridRow> {
    let title = |id| month.sources.iter().find(|(one, _)| *one == id).map(|(_, title)| title.clone());
    let row = |row: &shindan_domain::collect::MonthRow| GridRow {
        title: Link::new(
            title(row.source).unwrap_or_default(),
            address(Stream::new(Kind::Source, row.source)),
        ),
        cells: row.cells.iter().map(|one| cell(one, w)).collect(),
    };
    month.grid.rows.iter().map(row).collect()
}

fn cell(cell: &Cell, w: &Words) -> GridCell {
    let check = cell.checks.last().map(|on| address(Stream::new(Kind::SourceCheck, on.check)));
    let word = w.term(cell.state.term());
    let word = match cell.new_items {
        0 => format!("{} {word}", dates::short(cell.date, w)),
        count => format!("{} {word} {count}", dates::short(cell.date, w)),
    };
    GridCell { tone: tone_of(cell.state), sign: sign(cell.state, w), word, address: check }
}

fn tone_of(state: CellState) -> &'static str {
    match state {
        CellState::Failed | CellState::Missed => "immediate",
        CellState::DoneNew => "scheduled",
        CellState::DoneNothing => "plain",
        CellState::NonePlanned | CellState::Ahead => "quiet",
    }
}

fn sign(state: CellState, w: &Words) -> String {
    match state {
        CellState::NonePlanned => String::new(),
        state => w.t(&format!("collect-sign-{}", state.as_str())),
    }
}

/// What ships as a proposal and is not here.
fn proposals(standing: &[SourceStanding], w: &Words) -> Result<Vec<Proposal>, shindan_app::error::AppError> {
    let here: BTreeSet<&str> = standing.iter().map(|one| one.source.draft.name.as_str()).collect();
    let lang = w.lang().as_str();
    let pack = collect::proposals()?;
    let missing = pack.sources.iter().filter(|one| !here.contains(one.name.as_str()));
    let shown = missing.map(|one| Proposal {
        name: one.name.clone(),
        title: one.title.get(lang).to_owned(),
        kind: w.term(one.kind.term()),
        licence: one.licence.get(lang).to_owned(),
        unchecked: one.unchecked.as_ref().map(|text| text.get(lang).to_owned()).unwrap_or_default(),
        proposed: one.proposed,
    });
    Ok(shown.collect())
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "sources";

    fn sample(frame: Frame) -> Page {
        let beside =
            Beside { id: "1".to_owned(), title: Link::new("<運用>", "/records/source/1"), fetched: true };
        let cell = GridCell {
            tone: "immediate",
            sign: "×".to_owned(),
            word: "missed".to_owned(),
            address: Some("/records/source-check/1".to_owned()),
        };
        let blank = GridCell { tone: "quiet", sign: String::new(), word: "none".to_owned(), address: None };
        let proposal = Proposal {
            name: "kev".to_owned(),
            title: "<運用>".to_owned(),
            kind: "kev".to_owned(),
            licence: "CC0".to_owned(),
            unchecked: "unchecked".to_owned(),
            proposed: true,
        };
        Page {
            frame,
            tally: vec![("late", "2 due".to_owned())],
            list: listing::sample(),
            beside: vec![beside],
            month_shown: "2026-11".to_owned(),
            month: "2026-11".to_owned(),
            before: Link::new("2026-10", "/sources?month=2026-10"),
            after: Some(Link::new("2026-12", "/sources?month=2026-12")),
            days: vec![Day { number: 1, weekend: true, today: true }],
            grid: vec![GridRow {
                title: Link::new("<運用>", "/records/source/1"), cells: vec![cell, blank]
            }],
            legend: vec![("immediate", "×".to_owned(), "missed".to_owned())],
            unconfirmed: vec![("CHK-1".to_owned(), Link::new("<運用>", "/records/source-check/1"))],
            notices: vec![("NTC-1".to_owned(), Link::new("<運用>", "/records/notice/1"))],
            may_operate: true,
            proposals: vec![proposal],
        }
    }
}
