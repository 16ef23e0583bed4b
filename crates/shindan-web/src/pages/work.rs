//! Long work: how far it is, and what came of it. The page can be left; without script it is loaded again by a link.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::progress::Stage;
use shindan_report::dates;
use shindan_report::words::grouped;
use shindan_server::problem::{Problem, Told};

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::jobs::{Job, Line};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "work.html")]
pub(crate) struct Page {
    frame: Frame,
    here: String,
    back: &'static str,
    begun: String,
    /// Still under way.
    running: bool,
    stage: String,
    done: u64,
    total: u64,
    fetching: String,
    lines: Vec<Line>,
    file: Option<Link>,
    trouble: Option<Told>,
}

/// `GET /work/{name}`
pub(crate) async fn show(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let jobs = web.jobs.clone();
    web.visit(&parts, move |visit| {
        let job = jobs.find(&name, visit.session.who.person()).ok_or_else(unknown)?;
        Answer::page(&page(visit, &name, &job))
    })
    .await
}

/// `GET /work/{name}/file`
pub(crate) async fn file(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let jobs = web.jobs.clone();
    web.visit(&parts, move |visit| {
        let job = jobs.find(&name, visit.session.who.person()).ok_or_else(unknown)?;
        let Some(Ok(ended)) = job.state().end else { return Err(unknown()) };
        let (name, path) = ended.file.ok_or_else(unknown)?;
        let file = std::fs::File::open(path).map_err(|_| unknown())?;
        Answer::stream(file, name)
    })
    .await
}

/// A work of another person, or one that the program has forgotten since.
fn unknown() -> Problem {
    Problem::new("work-unknown", 404)
}

fn page(visit: &Visit<'_, '_>, name: &str, job: &Job) -> Page {
    let (w, state) = (visit.w, job.state());
    let (area, key) = match job.back {
        "/settings" => (Area::Settings, "web-nav-settings"),
        _ => (Area::Vulnerabilities, "web-nav-sources"),
    };
    let mut frame = visit.frame(area, w.t(job.title));
    frame.apart();
    frame.crumbs = vec![Link::new(w.t(key), job.back)];
    let here = format!("/work/{name}");
    let (lines, file, trouble) = match &state.end {
        Some(Ok(ended)) => (ended.lines.clone(), ended.file.clone(), None),
        Some(Err(problem)) => (Vec::new(), None, Some(problem.told(w.lang()))),
        None => (Vec::new(), None, None),
    };
    let fetching = state.fetching.as_ref().map(|(source, bytes, total)| {
        let total = total.map_or_else(|| "?".to_owned(), grouped);
        let bytes = grouped(*bytes);
        w.get(
            "web-work-fetching",
            &[("source", source.into()), ("bytes", (&bytes).into()), ("total", (&total).into())],
        )
    });
    Page {
        frame,
        back: job.back,
        begun: dates::minute(job.begun, &w),
        running: state.end.is_none(),
        stage: w.t(stage(state.stage)),
        done: state.done,
        total: state.total.unwrap_or_default(),
        fetching: fetching.unwrap_or_default(),
        lines,
        file: file.map(|(file, _)| Link::new(file, format!("{here}/file"))),
        here,
        trouble,
    }
}

fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "web-work-begins",
        Some(Stage::Reading) => "web-work-reading",
        Some(Stage::Indexing) => "web-work-indexing",
        Some(Stage::Comparing) => "web-work-comparing",
        Some(Stage::Writing) => "web-work-writing",
        Some(Stage::Done) => "web-work-finishing",
    }
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "work";

    fn sample(frame: Frame) -> Page {
        let words = frame.w;
        let line = Line {
            what: "<運用>".to_owned(),
            tone: "immediate",
            text: "failed".to_owned(),
            address: Some("/records/source-check/1".to_owned()),
        };
        Page {
            frame,
            here: "/work/1".to_owned(),
            back: "/sources",
            begun: "09:00".to_owned(),
            running: true,
            stage: "reading".to_owned(),
            done: 1,
            total: 3,
            fetching: "fetching".to_owned(),
            lines: vec![line],
            file: Some(Link::new("bundle.shindan", "/work/1/file")),
            trouble: Some(unknown().told(words.lang())),
        }
    }
}
