//! 今日: what needs me, what changed, what is late (UI.md, page 1).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "today.html")]
pub(crate) struct Page {
    frame: Frame,
}

/// `GET /`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let frame = visit.frame(Area::Today, visit.w.t("web-area-today"));
    Answer::page(&Page { frame })
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "today";

    fn sample(frame: Frame) -> Page {
        Page { frame }
    }
}
