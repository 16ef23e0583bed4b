//! The page that is shown instead of the one that was asked for: what happened, what is missing, what to do next.

use askama::Template;
use axum::body::Body;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use shindan_server::problem::{Problem, Told};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::frame::{Area, Frame};

#[derive(Template)]
#[template(path = "trouble.html")]
pub(crate) struct Page {
    frame: Frame,
    told: Told,
}

/// The page of a problem, with its status.
pub(crate) fn page(problem: &Problem, asked: &Asked) -> Response<Body> {
    let told = problem.told(asked.lang);
    let frame = Frame::new(asked, Area::Today, told.title.clone());
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // A template that cannot be filled: the words alone are still true.
    let text = Page { frame, told: told.clone() }.render().unwrap_or(told.title);
    let mut response = Answer::Page(status, text).into_response(&[], false);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "trouble";

    fn sample(frame: Frame) -> Page {
        let problem = Problem::new("path-unknown", 404);
        Page { told: problem.told(frame.w.lang()), frame }
    }
}
