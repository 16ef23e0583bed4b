//! What a visit is answered with, and the headers that every page has.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Response, StatusCode};
use shindan_server::problem::Problem;

/// Scripts and styles are this server's files; nothing else is loaded, framed or sent elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/// An answer.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A page, or a part of one.
    Page(StatusCode, String),
    /// Look there.
    See(String),
    /// A file that is saved, piece by piece, however large it is.
    Stream(Response<Body>),
    /// A file that is saved.
    File {
        /// What it is.
        media: &'static str,
        /// What it is called where it is saved.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
        /// Shown in the browser rather than saved.
        inline: bool,
    },
}

impl Answer {
    /// A page from its context.
    ///
    /// # Errors
    /// A template that cannot be filled, which is a fault of the program.
    pub(crate) fn page(context: &impl Template) -> Result<Answer, Problem> {
        let page = context.render().map_err(|error| Problem::internal(&error))?;
        Ok(Answer::Page(StatusCode::OK, page))
    }

    /// An open file that is saved under this name.
    ///
    /// # Errors
    /// If the system does not tell its size.
    pub(crate) fn stream(file: std::fs::File, name: String) -> Result<Answer, Problem> {
        shindan_server::desk::file(file, &name).map(Answer::Stream)
    }

    /// Look there. Only addresses of this server.
    pub(crate) fn see(address: impl Into<String>) -> Answer {
        Answer::See(address.into())
    }

    pub(crate) fn into_response(self, cookies: &[String], htmx: bool) -> Response<Body> {
        let mut response = match self {
            Answer::Page(status, page) => {
                let mut response = Response::new(Body::from(page));
                *response.status_mut() = status;
                set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
                response
            }
            Answer::See(address) => redirect(&address, htmx),
            Answer::Stream(response) => response,
            Answer::File { media, name, bytes, inline } => {
                let mut response = Response::new(Body::from(bytes));
                set(&mut response, CONTENT_TYPE, media);
                let way = if inline { "inline" } else { "attachment" };
                let name = shindan_server::desk::disposition(&name);
                let name = name.replacen("attachment", way, 1);
                set(&mut response, axum::http::header::CONTENT_DISPOSITION, &name);
                response
            }
        };
        for cookie in cookies {
            if let Ok(value) = HeaderValue::try_from(cookie.as_str()) {
                response.headers_mut().append(SET_COOKIE, value);
            }
        }
        guarded(response)
    }
}

fn redirect(address: &str, htmx: bool) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    if htmx {
        set(&mut response, HeaderName::from_static("hx-redirect"), address);
    } else {
        *response.status_mut() = StatusCode::SEE_OTHER;
        set(&mut response, LOCATION, address);
    }
    response
}

/// A value that no header can hold is left out; addresses and names are made so that it does not happen.
fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

fn guarded(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        set(&mut response, name, value);
    }
    response
}
