//! What a visitor chooses for themselves: language, light and dark.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_report::words::Lang;
use shindan_server::problem::Problem;

use super::login::{cookie, own};
use crate::answer::Answer;
use crate::visit::{Asked, Form, LANGUAGE, THEME, Web};

/// A year.
const KEPT: u32 = 31_536_000;

async fn choice(
    web: Web,
    request: Request,
    name: &'static str,
    field: &'static str,
    known: impl Fn(&str) -> bool,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let form = match Form::read(body).await {
        Ok(form) => form,
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let value = form.text(field);
    if !asked.same_origin || !known(value) {
        return super::trouble::page(&Problem::new("form-foreign", 403), &asked);
    }
    let back = crate::visit::pairs(form.text("back")).into_iter().next().map(|(path, _)| path);
    let back = own(&back.unwrap_or_default());
    Answer::see(back).into_response(&[cookie(&web, name, value, Some(KEPT))], false)
}

/// `POST /language`
pub(crate) async fn language(State(web): State<Web>, request: Request) -> Response<Body> {
    choice(web, request, LANGUAGE, "lang", |lang| lang.parse::<Lang>().is_ok()).await
}

/// `POST /theme`
pub(crate) async fn theme(State(web): State<Web>, request: Request) -> Response<Body> {
    choice(web, request, THEME, "theme", |theme| matches!(theme, "light" | "dark")).await
}
