//! 脆弱性診断: what is due and what was done, plan by plan and month by month, runs, results over time (UI.md, page 8).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use shindan_app::records::assessments::timing::{self, PlanTimed};
use shindan_app::records::{self, Asked};
use shindan_domain::assessment::PlanTiming;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::dates;
use shindan_report::paper::Tone;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::address::address;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::records as of_records;
use crate::listing::{self, Cell as ListCell, Column, Columns, Listing, Piece};
use crate::visit::{Visit, Web};

/// Runs that are shown; the list has them all.
const RUNS: u32 = 20;
/// What the list of plans is called in addresses.
const PLANS: &str = "plans";
/// Months of the calendar: so many past ones, the present one, and six that come.
const PAST: i32 = 11;
const COMING: i32 = 6;

#[derive(Template)]
#[template(path = "assessments.html")]
pub(crate) struct Page {
    frame: Frame,
    tally: Vec<(&'static str, String)>,
    months: Vec<Month>,
    plans: Listing,
    rows: Vec<Row>,
    runs: Listing,
}

struct Month {
    text: String,
    present: bool,
}

struct Row {
    plan: Link,
    cells: Vec<Cell>,
}

/// A month of a plan.
struct Cell {
    tone: &'static str,
    sign: &'static str,
    word: String,
    address: Option<String>,
}

/// `GET /assessments`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let today = shindan_domain::calendar::day(now);
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let plans = timing::plans(records, who, today).map_err(problem)?;
    let plan_columns = plan_columns(visit)?;
    let plan_rows = plans.iter().map(|one| plan_cells(&plan_columns, one, &w)).collect();
    let plans_shown = Listing::new(visit.asked, w.t("web-evid-plans"), plan_columns, plan_rows);
    let plans_shown = plans_shown.or_else(w.t("web-evid-no-plan"));
    if let Some(format) = listing::wanted(visit.asked, PLANS)? {
        return listing::written(visit, format, &[plans_shown], &[]);
    }
    let asked = Asked { open_only: false, sort: Sort::Changed, ..Asked::new(Kind::Assessment, RUNS) };
    let run_columns = of_records::columns(visit, Kind::Assessment)?;
    let run_title = w.t("web-evid-runs");
    if let Some(format) = listing::wanted(visit.asked, Kind::Assessment.as_str())? {
        let rows = of_records::all_rows(visit, &run_columns, &asked)?;
        let list = Listing::new(visit.asked, run_title, run_columns, rows);
        return listing::written(
            visit,
            format,
            &[list.or_else(w.t("web-evid-no-run"))],
            &[w.t("web-sort-changed")],
        );
    }
    let runs = records::list(records, who, &asked, now).map_err(problem)?;
    let run_rows = of_records::rows(visit, &run_columns, &runs.rows, today)?;
    let runs = Listing::new(visit.asked, run_title, run_columns, run_rows).or_else(w.t("web-evid-no-run"));
    let months = months(today);
    let month =
        |first: &Date| Month { text: dates::month(*first, &w), present: *first == today.first_of_month() };
    let mut frame = visit.frame(Area::Cases, w.t("web-nav-assessments"));
    frame.lead = w.t("web-evid-assessments-lead");
    frame.primary = Some(Link::new(w.t("web-evid-new-plan"), "/records/assessment-plan/new"));
    Answer::page(&Page {
        frame,
        tally: tally(&plans, &w),
        rows: plans.iter().map(|plan| row(plan, &months, today, &w)).collect(),
        months: months.iter().map(month).collect(),
        plans: plans_shown,
        runs,
    })
}

fn months(today: Date) -> Vec<Date> {
    (-PAST..=COMING).map(|month| today.first_of_month().saturating_add(month.months())).collect()
}

fn tally(plans: &[PlanTimed], w: &Words) -> Vec<(&'static str, String)> {
    let timings = [PlanTiming::Overdue, PlanTiming::Due, PlanTiming::InTime];
    let count = |timing| plans.iter().filter(|plan| plan.timing == timing).count();
    timings
        .into_iter()
        .filter(|timing| count(*timing) > 0)
        .map(|timing| (paper_tone(timing).as_str(), format!("{} {}", w.term(timing.term()), count(timing))))
        .collect()
}

fn row(one: &PlanTimed, months: &[Date], today: Date, w: &Words) -> Row {
    let plan = &one.plan;
    Row {
        plan: Link::new(&plan.draft.name, address(Stream::new(Kind::AssessmentPlan, one.id))),
        cells: months.iter().map(|first| cell(one, *first, today, w)).collect(),
    }
}

fn plan_columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("number", "web-col-number", "number", 3),
        of("plan", "web-evid-plan", "", 6),
        of("application", "label-application-kind", "", 3),
        of("state", "web-col-state", "", 3),
        of("due", "web-evid-next-due", "day", 3),
        of("never", "web-evid-never", "", 5),
    ];
    Columns::of(visit, PLANS, all)
}

fn plan_cells(columns: &Columns, one: &PlanTimed, w: &Words) -> Vec<ListCell> {
    let plan = &one.plan;
    columns.row(|id| match id {
        "number" => ListCell::text(one.called.clone().unwrap_or_default()),
        "plan" => ListCell::link(&plan.draft.name, address(Stream::new(Kind::AssessmentPlan, one.id))),
        "application" => ListCell::text(w.term(plan.draft.application.term())),
        "state" => ListCell::toned(w.term(one.timing.term()), paper_tone(one.timing)),
        "due" => ListCell::day(one.due, w),
        _ => {
            let never = plan.never_assessed().into_iter();
            let texts = never.map(|(name, way)| format!("{name} ({})", w.term(way.term())));
            texts.fold(ListCell::default(), |cell, text| cell.with(Piece::toned(text, Tone::Undetermined)))
        }
    })
}

fn paper_tone(timing: PlanTiming) -> Tone {
    match timing {
        PlanTiming::Overdue => Tone::Immediate,
        PlanTiming::Due => Tone::Late,
        PlanTiming::InTime => Tone::Quiet,
    }
}

/// Done in the month; due in it; due before and not done until now.
fn cell(one: &PlanTimed, first: Date, today: Date, w: &Words) -> Cell {
    let in_month = |day: Date| day.first_of_month() == first;
    if let Some(done) = one.plan.assessed.iter().rfind(|done| in_month(done.on)) {
        let word = format!("{} {}", dates::short(done.on, w), w.t("web-evid-done"));
        let run = address(Stream::new(Kind::Assessment, done.run));
        return Cell { tone: "proven", sign: "●", word, address: Some(run) };
    }
    // What was missed before the months that are shown is missed still.
    let still = one.due < today && first == today.first_of_month();
    if in_month(one.due) || still {
        let (tone, sign, key) = if one.due < today {
            ("immediate", "×", "web-evid-missed")
        } else {
            ("scheduled", "○", "web-evid-due")
        };
        return Cell {
            tone,
            sign,
            word: format!("{} {}", dates::short(one.due, w), w.t(key)),
            address: None,
        };
    }
    Cell { tone: "quiet", sign: "", word: w.t("web-evid-nothing-due"), address: None }
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "assessments";

    fn sample(frame: Frame) -> Page {
        let cell = Cell {
            tone: "proven",
            sign: "●",
            word: "2026-11-01 done".to_owned(),
            address: Some("/records/assessment/1".to_owned()),
        };
        let blank = Cell { tone: "quiet", sign: "", word: "nothing".to_owned(), address: None };
        let row = Row { plan: Link::new("<運用>", "/records/assessment-plan/1"), cells: vec![cell, blank] };
        Page {
            frame,
            tally: vec![("late", "due 1".to_owned())],
            months: vec![Month { text: "2026-11".to_owned(), present: true }],
            plans: listing::sample(),
            rows: vec![row],
            runs: listing::sample(),
        }
    }
}
