//! Figures over time: open cases by priority, and how long deciding and repairing took against the limits.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::{Records, RecordsError};
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

/// Before anybody asks, so many entries are read at a time, and then others may go on.
const AHEAD: usize = 4_096;
/// How long the server is left alone after it has begun.
const BEGINNING: Duration = Duration::from_millis(500);
/// How long others may go on between two parts.
const PAUSE: Duration = Duration::from_millis(2);

#[derive(Template)]
#[template(path = "figures.html")]
pub(crate) struct Page {
    frame: Frame,
    figures: Vec<Shown>,
    /// Not everything was read yet.
    partial: bool,
}

/// Reads the ledger before anybody asks, in a thread of its own that ends when all is read, or nobody can ask any more. It reads only,
/// which keeps no writer waiting. What goes wrong is told to whoever asks, who reads on from there.
pub(crate) fn read_ahead(history: &CaseHistory, folder: DataFolder) {
    let history = Arc::downgrade(history);
    let begun = std::thread::Builder::new().name("figures".to_owned()).spawn(move || {
        std::thread::sleep(BEGINNING);
        let Ok(records) = Records::open(&folder) else { return };
        while let Some(history) = history.upgrade() {
            let read = history.lock().unwrap_or_else(PoisonError::into_inner).read_ahead(&records, AHEAD);
            match read {
                Ok(false) => std::thread::sleep(PAUSE),
                Ok(true) | Err(_) => return,
            }
        }
    });
    // Without a thread, the first who asks waits.
    let _without = begun.is_err();
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
