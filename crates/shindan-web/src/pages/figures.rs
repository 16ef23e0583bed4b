//! Figures over time: open cases by priority, and how long deciding and repairing took against the limits.

use std::sync::PoisonError;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::RecordsError;
use shindan_report::figure::{self, Figure, Measured};
use shindan_server::problem::Problem;

use super::figure::Shown;
use crate::answer::Answer;
use crate::frame::{Area, Frame};
use crate::visit::{CaseHistory, Visit, Web};

/// Weeks that are drawn.
const WEEKS: u16 = 26;
/// Entries that one request reads at most; the next one goes on.
const ENTRIES: usize = 200_000;

#[derive(Template)]
#[template(path = "figures.html")]
pub(crate) struct Page {
    frame: Frame,
    figures: Vec<Shown>,
    /// Not everything was read yet.
    partial: bool,
}

/// `GET /figures`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let history = web.history.clone();
    web.visit(&parts, move |visit| page(visit, &history)).await
}

fn page(visit: &mut Visit<'_, '_>, history: &CaseHistory) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let draw = || -> Result<(Vec<Figure>, bool), RecordsError> {
        let mut times = history.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = times.go_on(records, who, ENTRIES)?;
        let decide = times.times(records, Measured::Decide, now)?;
        let fix = times.times(records, Measured::Fix, now)?;
        let figures = vec![
            figure::over_time(&times.over_time(WEEKS, now), "over-time", &w),
            figure::times(&decide, "decide", &w),
            figure::times(&fix, "fix", &w),
        ];
        Ok((figures, whole))
    };
    let (figures, whole) = draw().map_err(|error| visit.session.problem(error))?;
    let mut frame = visit.frame(Area::Cases, w.t("web-figures"));
    frame.lead = w.t("web-figures-lead");
    Answer::page(&Page { frame, figures: figures.into_iter().map(Shown::from).collect(), partial: !whole })
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "figures";

    fn sample(frame: Frame) -> Page {
        Page { frame, figures: vec![super::figure::sample()], partial: true }
    }
}
