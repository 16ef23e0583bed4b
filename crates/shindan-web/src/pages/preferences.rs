//! How the person wants pages: which columns a list has, how days are written. Kept with the person, not with the browser.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::accounts;
use shindan_server::problem::Problem;

use super::login::own;
use crate::address::address_with;
use crate::answer::Answer;
use crate::listing::preference;
use crate::visit::{CALENDAR, ERA, Form, Visit, Web};

/// `POST /columns`: the columns of a list; the address that it leads back to names them, so that it can be handed on.
pub(crate) async fn columns(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let (list, back) = (form.text("list"), own(form.text("back")));
        let chosen: Vec<&str> =
            form.0.iter().filter(|(name, _)| name == "column").map(|(_, value)| value.as_str()).collect();
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !is_name(list) || !chosen.iter().all(|id| is_name(id)) {
            return Err(Problem::new("query-invalid", 400)
                .with("name", "columns")
                .with("value", chosen.join(",")));
        }
        let without = ["columns", "list"];
        if chosen.is_empty() || form.text("reset") == "yes" {
            keep(visit, &preference(list), None)?;
            return Ok(Answer::see(address_with(&back, &without, &[])));
        }
        let columns = chosen.join(",");
        keep(visit, &preference(list), Some(&columns))?;
        Ok(Answer::see(address_with(&back, &without, &[("list", list), ("columns", &columns)])))
    })
    .await
}

/// `POST /calendar`: the years of eras, or not.
pub(crate) async fn calendar(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let era = chosen_calendar(form)?;
        keep(visit, CALENDAR, era.then_some(ERA))?;
        Ok(Answer::see("/account?told=calendar"))
    })
    .await
}

fn chosen_calendar(form: &Form) -> Result<bool, Problem> {
    match form.text("calendar") {
        ERA => Ok(true),
        "western" => Ok(false),
        other => Err(Problem::new("query-invalid", 400).with("name", CALENDAR).with("value", other)),
    }
}

fn keep(visit: &Visit<'_, '_>, name: &str, value: Option<&str>) -> Result<(), Problem> {
    let session = &visit.session;
    accounts::prefer(session.records, &session.who, name, value).map_err(|error| session.problem(error))
}
