//! Who may set the server up: whoever has the code that was printed where it was started.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::Next;
use shindan_domain::ledger::Hash;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::guard;
use crate::pages::login;
use crate::visit::Web;

/// The cookie by which a browser is known that has the code.
const COOKIE: &str = "shindan_setup";

/// Whether the code came, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// It came in the address; from now on a cookie holds it.
    Address,
    /// The cookie holds it.
    Cookie,
    /// It is missing or another one.
    Missing,
}

/// Looks for the code.
pub(crate) fn code(web: &Web, asked: &Asked) -> Code {
    let Some(wanted) = &web.options.setup else { return Code::Missing };
    if asked.query("code").is_some_and(|given| guard::same_secret(&given, wanted)) {
        return Code::Address;
    }
    match asked.cookie(COOKIE) {
        Some(given) if guard::same_secret(given, wanted) => Code::Cookie,
        _ => Code::Missing,
    }
}

/// The cookie that holds the code, for this browser until it is closed.
pub(crate) fn cookie(web: &Web) -> String {
    login::cookie(web, COOKIE, web.options.setup.as_deref().unwrap_or_default(), None)
}

/// Takes the cookie away.
pub(crate) fn no_cookie(web: &Web) -> String {
    login::cookie(web, COOKIE, "", Some(0))
}

/// The token of the forms of the first start.
pub(crate) fn csrf(web: &Web) -> String {
    Hash::of(format!("setup {}", web.options.setup.as_deref().unwrap_or_default()).as_bytes()).to_string()
}

/// Until there are records, every page leads to the first start; afterwards, its first pages lead to the first page.
pub(crate) async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response<Body> {
    const BEFORE: [&str; 3] = ["/setup", "/setup/organisation", "/setup/administrator"];
    let path = request.uri().path();
    let before = BEFORE.contains(&path);
    // Style and script, and what a visitor chooses for themselves.
    let is_asset = path.starts_with("/assets/") && path.split('/').count() == 4 && path.contains('.');
    let always = is_asset || matches!(path, "/language" | "/theme");
    let there = web.desk.is_set_up();
    if always || there != before {
        return next.run(request).await;
    }
    Answer::see(if there { "/" } else { "/setup" }).into_response(&[], false)
}
