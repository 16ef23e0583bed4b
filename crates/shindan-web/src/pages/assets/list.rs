//! `/assets`: the register, with who patches each asset, its version, support, exposure and open cases; filters in the address, and
//! exactly what is shown as CSV and Excel.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::register;
use shindan_domain::inventory::AssetKind;
use shindan_domain::people::Action;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::rows::{LIST, SHOW, SORTS, SUPPORT, Wanted, cells, columns, matching, rows};
use crate::address::address_with;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::{self, Listing};
use crate::scope::{Chosen, Turn};
use crate::visit::{Visit, Web};

/// Rows of a page.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "assets.html")]
pub(crate) struct Page {
    frame: Frame,
    show: Vec<Option3>,
    support: Vec<Option3>,
    kinds: Vec<Option3>,
    exposures: Vec<Option3>,
    sorts: Vec<Option3>,
    text: String,
    wanted: Wanted,
    list: Listing,
    earlier: Option<String>,
    next: Option<String>,
    /// Nothing is registered at all.
    nothing: bool,
}

/// A choice: its value, its text, and whether it is made.
struct Option3 {
    value: String,
    text: String,
    address: String,
    here: bool,
}

/// `GET /assets`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// Which assets are shown, in words.
fn in_words(wanted: &Wanted, system: Option<&Chosen>, w: &Words) -> Vec<String> {
    let of = |list: &[(&str, &str)], value: &str| {
        let found = list.iter().find(|(name, _)| *name == value);
        found.map(|(_, key)| w.t(key))
    };
    let mut parts: Vec<String> =
        [of(SHOW, &wanted.show), of(SUPPORT, &wanted.support)].into_iter().flatten().collect();
    parts.extend(system.map(|chosen| chosen.name.clone()));
    if !wanted.kind.is_empty() {
        parts.push(kind_text(&wanted.kind, w));
    }
    if !wanted.exposure.is_empty() {
        parts.push(exposure_text(&wanted.exposure, w));
    }
    if !wanted.text.is_empty() {
        parts.push(format!("\"{}\"", wanted.text));
    }
    let sort = SORTS.iter().find(|(name, _)| *name == wanted.sort).map(|(_, key)| w.t(key));
    parts.extend(sort);
    parts
}

fn kind_text(kind: &str, w: &Words) -> String {
    if kind == "unknown" { w.t("web-assets-open") } else { w.label("asset-kind", kind) }
}

fn exposure_text(exposure: &str, w: &Words) -> String {
    if exposure == "unknown" { w.t("web-assets-open") } else { w.label("exposure", exposure) }
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let of = match visit.one_system("web-scope-assets")? {
        Turn::Lead(to) => return Ok(Answer::see(to)),
        Turn::Show(of) => of,
    };
    let wanted = Wanted::of(visit.asked)?;
    let page: usize = visit.asked.query("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let register =
        register::shared(visit.desk.folder()).map_err(|error| visit.session.problem(error.into()))?;
    let found = matching(visit, &register, &wanted, of.as_ref().map(|chosen| &chosen.of.assets))?;
    let columns = columns(visit)?;
    if let Some(format) = listing::wanted(visit.asked, LIST)? {
        listing::room(found.len())?;
        let rows: Vec<_> = rows(visit, &found)?.iter().map(|row| cells(&columns, row, &visit.w)).collect();
        let list = Listing::new(visit.asked, visit.w.t("web-nav-assets"), columns, rows);
        let list = list.or_else(visit.w.t("inventory-no-assets"));
        return listing::written(visit, format, &[list], &in_words(&wanted, of.as_ref(), &visit.w));
    }
    let from = (page - 1).saturating_mul(ROWS);
    let here: &[_] = found.get(from..).unwrap_or_default();
    let w = visit.w;
    let rows = rows(visit, here.get(..ROWS).unwrap_or(here))?;
    let rows = rows.iter().map(|row| cells(&columns, row, &w)).collect();
    let mut frame = visit.frame(Area::Assets, w.t("web-nav-assets"));
    if visit.has(Action::KeepOrganisation.roles()) {
        frame.primary = Some(Link::new(w.t("web-assets-import"), "/assets/import"));
    }
    let at = |page: usize| {
        let page = page.to_string();
        address_with(&visit.asked.here(), &["as", "told"], &[("page", &page)])
    };
    let counts = [("n", found.len().into()), ("all", register.assets.len().into())];
    Answer::page(&Page {
        show: named(SHOW, &wanted.show, &w, &|value| Wanted { show: value, ..wanted.clone() }),
        support: named(SUPPORT, &wanted.support, &w, &|value| Wanted { support: value, ..wanted.clone() }),
        sorts: named(SORTS, &wanted.sort, &w, &|value| Wanted { sort: value, ..wanted.clone() }),
        kinds: choices(AssetKind::ALL.iter().map(|kind| kind.as_str()), &wanted.kind, &w, kind_text),
        exposures: choices(["open", "controlled", "small"].into_iter(), &wanted.exposure, &w, exposure_text),
        text: wanted.text.clone(),
        earlier: (page > 1).then(|| at(page - 1)),
        next: (here.len() > ROWS).then(|| at(page + 1)),
        nothing: register.assets.is_empty(),
        list: Listing::new(visit.asked, w.t("web-nav-assets"), columns, rows)
            .or_else(w.t("inventory-no-assets"))
            .counted(w.get("web-assets-count", &counts)),
        wanted,
        frame,
    })
}

fn address(wanted: &Wanted, page: Option<usize>) -> String {
    let mut query = wanted.query();
    if let Some(page) = page.filter(|page| *page > 1) {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&format!("page={page}"));
    }
    if query.is_empty() { "/assets".to_owned() } else { format!("/assets?{query}") }
}

fn named(
    list: &[(&'static str, &'static str)],
    value: &str,
    w: &Words,
    with: &dyn Fn(String) -> Wanted,
) -> Vec<Option3> {
    let one = |(name, key): &(&'static str, &'static str)| Option3 {
        value: (*name).to_owned(),
        text: w.t(key),
        address: address(&with((*name).to_owned()), None),
        here: *name == value,
    };
    list.iter().map(one).collect()
}

fn choices(
    values: impl Iterator<Item = &'static str>,
    chosen: &str,
    w: &Words,
    text: fn(&str, &Words) -> String,
) -> Vec<Option3> {
    let any = Option3 {
        value: String::new(),
        text: w.t("web-assets-any"),
        address: String::new(),
        here: chosen.is_empty(),
    };
    let one = |value: &'static str| Option3 {
        value: value.to_owned(),
        text: text(value, w),
        address: String::new(),
        here: value == chosen,
    };
    std::iter::once(any).chain(values.chain(["unknown"]).map(one)).collect()
}

#[cfg(test)]
impl crate::pages::samples::Sample for Page {
    const NAME: &'static str = "assets";

    fn sample(frame: Frame) -> Page {
        let text = || "<運用>".to_owned();
        let options =
            || vec![Option3 { value: text(), text: text(), address: "/assets".to_owned(), here: true }];
        Page {
            frame,
            show: options(),
            support: options(),
            kinds: options(),
            exposures: options(),
            sorts: options(),
            text: text(),
            wanted: Wanted { text: text(), ..Wanted::default() },
            list: listing::sample(),
            earlier: Some("/assets".to_owned()),
            next: Some("/assets?page=2".to_owned()),
            nothing: false,
        }
    }
}
