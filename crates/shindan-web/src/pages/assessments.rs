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
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::tone;
use crate::visit::{Visit, Web, address};

/// Runs that are shown; the list has them all.
const RUNS: u32 = 20;
/// Months of the calendar: so many past ones, the present one, and six that come.
const PAST: i32 = 11;
const COMING: i32 = 6;

#[derive(Template)]
#[template(path = "assessments.html")]
pub(crate) struct Page {
    frame: Frame,
    tally: Vec<(&'static str, String)>,
    months: Vec<Month>,
    rows: Vec<Row>,
    runs: Vec<Run>,
}

struct Month {
    text: String,
    present: bool,
}

struct Row {
    number: String,
    plan: Link,
    application: String,
    tone: &'static str,
    timing: String,
    due: String,
    never: Vec<String>,
    cells: Vec<Cell>,
}

/// A month of a plan.
struct Cell {
    tone: &'static str,
    sign: &'static str,
    word: String,
    address: Option<String>,
}

struct Run {
    number: String,
    link: Link,
    tone: &'static str,
    state: String,
    changed: String,
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
    let asked = Asked { open_only: false, sort: Sort::Changed, ..Asked::new(Kind::Assessment, RUNS) };
    let runs = records::list(records, who, &asked, now).map_err(problem)?;
    let runs = runs.rows.iter().map(|row| Run {
        number: row.number.clone().unwrap_or_default(),
        link: Link::new(
            if row.title.is_empty() { w.t("web-untitled") } else { row.title.clone() },
            address(row.stream),
        ),
        tone: tone::of_status(&row.status).as_str(),
        state: w.t(&format!("term-{}-{}", row.status.set, row.status.value)),
        changed: dates::minute(row.changed, &w),
    });
    let months = months(today);
    let month = |first: &Date| Month {
        text: first.strftime("%Y-%m").to_string(),
        present: *first == today.first_of_month(),
    };
    let mut frame = visit.frame(Area::Cases, w.t("web-nav-assessments"));
    frame.lead = w.t("web-evid-assessments-lead");
    frame.primary = Some(Link::new(w.t("web-evid-new-plan"), "/records/assessment-plan/new"));
    Answer::page(&Page {
        frame,
        tally: tally(&plans, &w),
        rows: plans.iter().map(|plan| row(plan, &months, today, &w)).collect(),
        months: months.iter().map(month).collect(),
        runs: runs.collect(),
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
        .map(|timing| (tone_of(timing), format!("{} {}", w.term(timing.term()), count(timing))))
        .collect()
}

fn tone_of(timing: PlanTiming) -> &'static str {
    match timing {
        PlanTiming::Overdue => "immediate",
        PlanTiming::Due => "late",
        PlanTiming::InTime => "quiet",
    }
}

fn row(one: &PlanTimed, months: &[Date], today: Date, w: &Words) -> Row {
    let plan = &one.plan;
    let never = plan.never_assessed().into_iter();
    Row {
        number: one.called.clone().unwrap_or_default(),
        plan: Link::new(&plan.draft.name, address(Stream::new(Kind::AssessmentPlan, one.id))),
        application: w.term(plan.draft.application.term()),
        tone: tone_of(one.timing),
        timing: w.term(one.timing.term()),
        due: one.due.to_string(),
        never: never.map(|(name, way)| format!("{name} ({})", w.term(way.term()))).collect(),
        cells: months.iter().map(|first| cell(one, *first, today, w)).collect(),
    }
}

/// Done in the month; due in it; due before and not done until now.
fn cell(one: &PlanTimed, first: Date, today: Date, w: &Words) -> Cell {
    let in_month = |day: Date| day.first_of_month() == first;
    if let Some(done) = one.plan.assessed.iter().rfind(|done| in_month(done.on)) {
        let word = format!("{} {}", done.on, w.t("web-evid-done"));
        let run = address(Stream::new(Kind::Assessment, done.run));
        return Cell { tone: "proven", sign: "●", word, address: Some(run) };
    }
    if in_month(one.due) {
        let (tone, sign, key) = if one.due < today {
            ("immediate", "×", "web-evid-missed")
        } else {
            ("scheduled", "○", "web-evid-due")
        };
        return Cell { tone, sign, word: format!("{} {}", one.due, w.t(key)), address: None };
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
        let row = Row {
            number: "ASM-1".to_owned(),
            plan: Link::new("<運用>", "/records/assessment-plan/1"),
            application: "web".to_owned(),
            tone: "late",
            timing: "due".to_owned(),
            due: "2026-12-01".to_owned(),
            never: vec!["source".to_owned()],
            cells: vec![cell, blank],
        };
        let run = Run {
            number: "RUN-1".to_owned(),
            link: Link::new("<運用>", "/records/assessment/1"),
            tone: "plain",
            state: "closed".to_owned(),
            changed: "09:00".to_owned(),
        };
        Page {
            frame,
            tally: vec![("late", "due 1".to_owned())],
            months: vec![Month { text: "2026-11".to_owned(), present: true }],
            rows: vec![row],
            runs: vec![run],
        }
    }
}
