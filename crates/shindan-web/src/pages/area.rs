//! The first page of an area that has no list of its own: its pages, one link each.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "area.html")]
pub(crate) struct Page {
    frame: Frame,
    links: Vec<Link>,
}

fn page(visit: &mut Visit<'_, '_>, area: Area) -> Result<Answer, Problem> {
    let frame = visit.frame(area, visit.w.t(area.key()));
    let links = area.pages().iter().map(|(address, key)| Link::new(visit.w.t(key), *address));
    Answer::page(&Page { frame, links: links.collect() })
}

}

/// `GET /tasks`
pub(crate) async fn tasks(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let frame = visit.frame(Area::Cases, visit.w.t("web-nav-tasks"));
        let link = |task: &shindan_server::command::ListedTask| {
            Link::new(visit.w.t(&format!("form-task-{}", task.name)), format!("/tasks/{}", task.name))
        };
        Answer::page(&Page { links: shindan_server::desk::tasks().iter().map(link).collect(), frame })
    })
    .await
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "area";

    fn sample(frame: Frame) -> Page {
        Page { frame, links: vec![Link::new("link", "/cases")] }
    }
}
