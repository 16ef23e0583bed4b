//! `POST /system`: which system pages show, until the session ends.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_server::problem::Problem;

use super::login::{cookie, own};
use super::{first, trouble};
use crate::address::pairs;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::visit::{Form, Web};
use crate::{guard, scope};

/// Keeps the choice in a cookie and goes back to the page; nothing of it is kept on the server.
pub(crate) async fn choose(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let form = match Form::read(body).await {
        Ok(form) => form,
        Err(problem) => return trouble::page(&problem, &asked),
    };
    let Some(secret) = asked.session.clone() else { return first::log_in(&asked) };
    let (named, csrf) = (form.text(scope::QUERY).to_owned(), form.text("csrf").to_owned());
    let same_origin = asked.same_origin;
    let chosen = web.desk.enter(secret, move |session, entered| {
        if !same_origin || !guard::same_secret(&csrf, &entered.csrf) {
            return Err(Problem::new("form-foreign", 403));
        }
        match named.as_str() {
            "" | scope::ALL => Ok(None),
            named => scope::known(session, named).map(Some),
        }
    });
    let kept = match chosen.await {
        Ok(Some(system)) => cookie(&web, &asked.system_name, &system.id.to_string(), None),
        Ok(None) => cookie(&web, &asked.system_name, "", Some(0)),
        Err(problem) if problem.status() == 401 => return first::log_in(&asked),
        Err(problem) => return trouble::page(&problem, &asked),
    };
    let back = pairs(form.text("back")).into_iter().next().map(|(address, _)| address);
    let back = scope::back(&own(&back.unwrap_or_default()));
    Answer::see(back).into_response(&[kept], asked.htmx)
}
