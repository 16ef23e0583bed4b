//! The log-in.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame};
use crate::visit::{Asked, Form, Web, encoded};

#[derive(Template)]
#[template(path = "login.html")]
pub(crate) struct Page {
    frame: Frame,
    /// Where to go afterwards.
    next: String,
    /// The last try was refused.
    refused: bool,
}

/// Nobody is logged in: to the log-in, and back afterwards.
pub(crate) fn first(asked: &Asked) -> Response<Body> {
    let here = asked.here();
    let next = if here == "/" { String::new() } else { format!("?next={}", encoded(&here)) };
    Answer::see(format!("/login{next}")).into_response(&[], asked.htmx)
}

fn page(asked: &Asked, next: String, refused: bool) -> Response<Body> {
    let frame = Frame::new(asked, Area::Today, asked.words().t("web-login"));
    let context = Page { frame, next, refused };
    let status = if refused { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    match context.render() {
        Ok(text) => Answer::Page(status, text).into_response(&[], false),
        Err(error) => super::trouble::page(&Problem::internal(&error), asked),
    }
}

/// `GET /login`
pub(crate) async fn show(State(_): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asked = Asked::of(&parts);
    let next = asked.query("next").unwrap_or_default();
    page(&asked, next, false)
}

/// `POST /login`
pub(crate) async fn enter(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    if !asked.same_origin {
        return super::trouble::page(&Problem::new("form-foreign", 403), &asked);
    }
    let form = match Form::read(body).await {
        Ok(form) => form,
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let token = form.text("token").trim().to_owned();
    let next = form.text("next").to_owned();
    let given = token.clone();
    let known = web.desk.enter(move |records, now| records.enter(&given, now), |_| Ok(())).await;
    match known {
        Ok(()) => {
            Answer::see(own(&next)).into_response(&[cookie(&web, &asked.session_name, &token, None)], false)
        }
        Err(problem) if problem.status() == 401 => page(&asked, next, true),
        Err(problem) => super::trouble::page(&problem, &asked),
    }
}

/// `POST /logout`
pub(crate) async fn leave(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asked = Asked::of(&parts);
    if !asked.same_origin {
        return super::trouble::page(&Problem::new("form-foreign", 403), &asked);
    }
    Answer::see("/login").into_response(&[cookie(&web, &asked.session_name, "", Some(0))], false)
}

/// An address of this server, whatever was given.
pub(crate) fn own(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if own { next.to_owned() } else { "/".to_owned() }
}

/// A cookie of this server that no script reads. Without an age it ends with the browser.
pub(crate) fn cookie(web: &Web, name: &str, value: &str, age: Option<u32>) -> String {
    let secure = if web.options.secure { "; Secure" } else { "" };
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "login";

    fn sample(frame: Frame) -> Page {
        Page { frame, next: "/cases".to_owned(), refused: true }
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(own("/cases?x=1"), "/cases?x=1");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"] {
            assert_eq!(own(elsewhere), "/", "{elsewhere}");
        }
    }
}
