//! 今日: what needs me, what changed, what is late (UI.md, page 1).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_server::problem::Problem;

use super::setup::after::{Point, left};
use crate::answer::Answer;
use crate::frame::{Area, Frame};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "today.html")]
pub(crate) struct Page {
    frame: Frame,
    /// What is left to do after the first start.
    begin: Vec<Point>,
}

/// `GET /`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let frame = visit.frame(Area::Today, visit.w.t("web-area-today"));
    let begin = left(visit)?;
    Answer::page(&Page { frame, begin })
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "today";

    fn sample(frame: Frame) -> Page {
        let point = Point {
            text: "<運用>".to_owned(),
            why: "why".to_owned(),
            address: "/assets/import",
            done: false,
        };
        Page { frame, begin: vec![point] }
    }
}
