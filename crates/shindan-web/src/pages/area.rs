//! What is done to several records at once: one link each.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::Web;

#[derive(Template)]
#[template(path = "area.html")]
pub(crate) struct Page {
    frame: Frame,
    links: Vec<Link>,
}

/// `GET /tasks`
pub(crate) async fn tasks(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let mut frame = visit.frame(Area::Cases, visit.w.t("web-nav-tasks"));
        frame.apart();
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
