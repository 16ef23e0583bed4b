//! Which system pages show: the switch at the top of every page (UI.md, frame).
//!
//! The choice stands in a cookie that ends with the session; a form sets it, no page that is looked at does. A page that can show one
//! system alone has it in its address, too (`system=…`), so that it can be kept and handed on; without it there, the page leads to
//! itself with it. What the address says goes before what was chosen, for that page alone. Every page says in words what it does.

use std::collections::BTreeMap;

use shindan_app::records::of_system::{OfSystem, is_of_a_system, of_system};
use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;
use shindan_report::words::Words;
use shindan_server::command::Session;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::address::address_with;
use crate::asked::Asked;
use crate::frame::{Link, Switch};

/// What the address calls the system.
pub(crate) const QUERY: &str = "system";
/// What it says for all of them.
pub(crate) const ALL: &str = "all";
/// So many systems can be chosen from.
const SYSTEMS: u32 = 200;
/// What belongs to another choice once the system is another one.
const PLACE: [&str; 5] = [QUERY, "after", "page", "before", "told"];

/// A system that is shown alone.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// What belongs to it.
    pub of: OfSystem,
    /// What it is called.
    pub name: String,
}

/// What a page that can show one system alone does.
#[derive(Debug, Clone)]
pub(crate) struct OfPage {
    /// What it shows alone; `None`: all systems.
    pub chosen: Option<Chosen>,
    /// The key of the words that say so.
    pub says: &'static str,
}

/// What a page that can show one system alone has to do.
pub(crate) enum Turn {
    /// To lead there first: to itself, with the choice in its address.
    Lead(String),
    /// To show this system alone; `None`: all.
    Show(Option<Chosen>),
}

/// Whether the page at this path can show one system alone.
pub(crate) fn is_narrowed(path: &str) -> bool {
    let kind = path.strip_prefix("/records/").and_then(|kind| kind.parse::<Kind>().ok());
    matches!(path, "/" | "/cases" | "/assets") || kind.is_some_and(is_of_a_system)
}

/// Where a person goes on after another choice: the same page from its beginning, without what its address said before.
pub(crate) fn back(here: &str) -> String {
    let path = here.split('?').next().unwrap_or_default();
    if !is_narrowed(path) {
        return here.to_owned();
    }
    address_with(here, &PLACE, &[])
}

/// For a page that can show one system alone: which.
///
/// # Errors
/// Status 404 if the address names a system that there is not; those of reading.
pub(crate) fn of_page(session: &Session<'_>, asked: &Asked) -> Result<Turn, Problem> {
    let system = match asked.query(QUERY).as_deref() {
        Some(ALL) => return Ok(Turn::Show(None)),
        Some(named) => known(session, named)?,
        None => match kept(session, asked)? {
            Some(system) => {
                let id = system.id.to_string();
                return Ok(Turn::Lead(address_with(&asked.here(), &[], &[(QUERY, &id)])));
            }
            None => return Ok(Turn::Show(None)),
        },
    };
    Ok(Turn::Show(Some(chosen(session, system)?)))
}

/// The system that an address or a form names.
///
/// # Errors
/// Status 404 if there is none, with what to do.
pub(crate) fn known(session: &Session<'_>, named: &str) -> Result<Stream, Problem> {
    session.find(Kind::System, named).map_err(|problem| match problem.code() {
        "record-unknown" => Problem::new("system-unknown", 404).with("called", named),
        _ => problem,
    })
}

/// The system that the person chose. A cookie of another data folder says nothing: the switch then shows that nothing is chosen.
///
/// # Errors
/// Those of reading.
pub(crate) fn kept(session: &Session<'_>, asked: &Asked) -> Result<Option<Stream>, Problem> {
    let Some(id) = asked.cookie(&asked.system_name).and_then(|id| id.parse::<uuid::Uuid>().ok()) else {
        return Ok(None);
    };
    if session.may_read().is_err() {
        return Ok(None);
    }
    let system = Stream::new(Kind::System, id);
    let record = session.records.store().record(system);
    Ok(record.map_err(|error| session.problem(error.into()))?.map(|_| system))
}

/// What the person chose, with what belongs to it; `page`: what the page shows alone, which is usually the same.
///
/// # Errors
/// Those of reading.
pub(crate) fn kept_with_all(
    session: &Session<'_>,
    asked: &Asked,
    page: Option<&OfPage>,
) -> Result<Option<Chosen>, Problem> {
    let here = page.and_then(|page| page.chosen.as_ref());
    match kept(session, asked)? {
        Some(system) => match here.filter(|chosen| chosen.of.system == system) {
            Some(chosen) => Ok(Some(chosen.clone())),
            None => chosen(session, system).map(Some),
        },
        None => Ok(None),
    }
}

fn chosen(session: &Session<'_>, system: Stream) -> Result<Chosen, Problem> {
    let of = of_system(session.records, &session.who, system).map_err(|error| session.problem(error))?;
    let name = session.records.store().record(system).map_err(|error| session.problem(error.into()))?;
    let name = name.map(|record| record.row.title).unwrap_or_default();
    Ok(Chosen { of, name })
}

/// The switch of a page. `page`: what a page does that can show one system alone; `kept`: what the person chose.
///
/// # Errors
/// Those of reading.
pub(crate) fn switch(
    session: &Session<'_>,
    asked: &Asked,
    (page, kept): (Option<&OfPage>, Option<&Chosen>),
    w: &Words,
) -> Result<Option<Switch>, Problem> {
    if session.may_read().is_err() {
        return Ok(None);
    }
    let here = match page {
        Some(page) => page.chosen.as_ref(),
        None => kept,
    };
    let wanted = Wanted { open_only: false, sort: Sort::Title, ..Wanted::new(Kind::System, SYSTEMS) };
    let list = records::list(session.records, &session.who, &wanted, session.call.now);
    let list = list.map_err(|error| session.problem(error))?;
    if list.rows.len() < 2 && here.is_none() {
        return Ok(None);
    }
    let sites = sites(session)?;
    let called = |system: Stream, title: &str| match sites.get(&system) {
        Some(sites) => {
            let sites = sites.join(", ");
            w.get("web-scope-at", &[("system", title.into()), ("sites", (&sites).into())])
        }
        None => title.to_owned(),
    };
    let pick = |row: &shindan_report::records::RecordRow| {
        let on = here.is_some_and(|chosen| chosen.of.system == row.stream);
        (row.stream.id.to_string(), called(row.stream, &row.title), on)
    };
    let mut systems: Vec<_> = list.rows.iter().map(pick).collect();
    if let Some(chosen) = here.filter(|_| !systems.iter().any(|(.., on)| *on)) {
        let id = chosen.of.system.id.to_string();
        systems.push((id, called(chosen.of.system, &chosen.name), true));
    }
    let narrowed = page.is_some_and(|page| page.chosen.is_some());
    Ok(Some(Switch {
        systems,
        more: list.next.is_some(),
        says: says(page, kept, w),
        all: narrowed.then(|| {
            let all = address_with(&asked.here(), &PLACE, &[(QUERY, ALL)]);
            Link::new(w.t("web-scope-show-all"), all)
        }),
    }))
}

/// What the page does with the choice, in words; empty while nothing is chosen.
fn says(page: Option<&OfPage>, kept: Option<&Chosen>, w: &Words) -> String {
    let with = |key: &str, chosen: &Chosen| w.get(key, &[("system", (&chosen.name).into())]);
    match (page, kept) {
        (Some(OfPage { chosen: Some(chosen), says }), kept) => {
            let text = with(says, chosen);
            match kept.is_some_and(|kept| kept.of.system == chosen.of.system) {
                true => text,
                false => format!("{text} {}", w.t("web-scope-this-page")),
            }
        }
        (Some(OfPage { chosen: None, .. }), Some(kept)) => with("web-scope-all-here", kept),
        (None, Some(kept)) => with("web-scope-whole", kept),
        (_, None) => String::new(),
    }
}

/// Where systems are, by name.
fn sites(session: &Session<'_>) -> Result<BTreeMap<Stream, Vec<String>>, Problem> {
    let wanted = Wanted { open_only: false, sort: Sort::Title, ..Wanted::new(Kind::Site, SYSTEMS) };
    let list = records::list(session.records, &session.who, &wanted, session.call.now);
    let list = list.map_err(|error| session.problem(error))?;
    let mut sites: BTreeMap<Stream, Vec<String>> = BTreeMap::new();
    for site in list.rows {
        let id = site.stream.id.hyphenated().to_string();
        let inside = session.records.store().linked(Relation::PartOf, &id);
        let inside = inside.map_err(|error| session.problem(error.into()))?;
        for row in inside.iter().filter(|row| row.stream.kind == Kind::System) {
            sites.entry(row.stream).or_default().push(site.title.clone());
        }
    }
    Ok(sites)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_can_be_of_one_system_begin_anew_with_another_choice() {
        assert_eq!(back("/cases?sort=due&system=1&after=u1-2"), "/cases?sort=due");
        assert_eq!(back("/records/agreement?show=all&system=1"), "/records/agreement?show=all");
        assert_eq!(back("/records/notice?system=1&after=u1-2"), "/records/notice?system=1&after=u1-2");
        assert_eq!(back("/reports?report=work"), "/reports?report=work");
        assert!(is_narrowed("/") && is_narrowed("/assets") && !is_narrowed("/assets/id%3Avpn"));
        assert!(!is_narrowed("/records/patch") && !is_narrowed("/records/nonsense"));
    }
}
