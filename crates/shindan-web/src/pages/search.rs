//! Search over all records: numbers, names, titles; words of one and two characters, too.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::Kind;
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Visit, Web, address, encoded};

/// Rows of a kind that are shown; the rest is one link away.
const ROWS: u32 = 8;

#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct Page {
    frame: Frame,
    text: String,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    links: Vec<(String, Link)>,
    /// Where the rest is.
    more: Option<String>,
}

/// `GET /search`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let text = visit.asked.query("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let mut groups = Vec::new();
    for kind in Kind::ALL.iter().filter(|_| !text.is_empty()) {
        groups.extend(group(visit, *kind, &text)?);
    }
    let frame = visit.frame(Area::Today, visit.w.t("web-search-title"));
    Answer::page(&Page { frame, text, groups })
}

fn group(visit: &Visit<'_, '_>, kind: Kind, text: &str) -> Result<Option<Group>, Problem> {
    let wanted = Wanted { open_only: false, text: Some(text.to_owned()), ..Wanted::new(kind, ROWS) };
    let list = records::list(visit.session.records, &visit.session.who, &wanted, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    if list.rows.is_empty() {
        return Ok(None);
    }
    let link = |row: &shindan_report::records::RecordRow| {
        (row.number.clone().unwrap_or_default(), Link::new(row.title.clone(), address(row.stream)))
    };
    let more = list.next.is_some().then(|| format!("/records/{kind}?show=all&text={}", encoded(text)));
    Ok(Some(Group { title: visit.w.term(kind.term()), links: list.rows.iter().map(link).collect(), more }))
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "search";

    fn sample(frame: Frame) -> Page {
        let links = vec![("CASE-1".to_owned(), Link::new("<運用>", "/records/case/1"))];
        let more = Some("/records/case".to_owned());
        Page {
            frame,
            text: "<運用>".to_owned(),
            groups: vec![Group { title: "group".to_owned(), links, more }],
        }
    }
}
