//! Search over everything: vulnerabilities and products of the knowledge base, people, assets of the register, all records; words of one
//! and two characters, too. What was not searched is said.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::knowledge_search::{self, FoundInKnowledge, FoundProduct, Searched};
use shindan_app::records::{self, Asked as Wanted};
use shindan_app::register;
use shindan_domain::finding::VulnerabilityFacts;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::hits;
use shindan_report::words::grouped;
use shindan_server::problem::Problem;
use shindan_store::folded_text;

use super::assets::texts::{Sought, Texts};
use crate::address::{address, encoded};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Visit, Web};

/// Rows of a group that are shown; the rest is one link away.
const ROWS: usize = 8;
/// Rows of a group that is looked at alone (`in=`).
const ALONE: usize = 200;

#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct Page {
    frame: Frame,
    text: String,
    groups: Vec<Group>,
    /// What was not searched, and where that can be mended.
    left_out: Vec<(String, Option<Link>)>,
}

struct Group {
    title: String,
    /// How many there are, in words.
    count: String,
    lines: Vec<Line>,
    /// Where the rest is.
    more: Option<String>,
    /// How exactly its best line answers: 0 is the very thing.
    rank: u8,
}

struct Line {
    number: String,
    link: Link,
    /// What else is known of it.
    beside: String,
}

/// `GET /search`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    visit.session.may_read()?;
    let text = visit.asked.query("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let alone = visit.asked.query("in");
    let (mut groups, mut left_out) = (Vec::new(), Vec::new());
    if !text.is_empty() {
        let limit = if alone.is_some() { ALONE } else { ROWS };
        let of_knowledge = |name: &str| alone.as_deref().is_none_or(|alone| alone == name);
        if of_knowledge("vulnerabilities") || of_knowledge("products") {
            let (found, not) = knowledge(visit, &text, limit)?;
            left_out.extend(not);
            groups.extend(vulnerabilities(visit, &text, &found).filter(|_| of_knowledge("vulnerabilities")));
            groups.extend(products(visit, &text, &found).filter(|_| of_knowledge("products")));
        }
        if alone.is_none() {
            groups.extend(people(visit, &text)?);
            groups.extend(assets(visit, &text)?);
            for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Person) {
                groups.extend(group(visit, *kind, &text)?);
            }
        }
        left_out.push((visit.w.t("web-search-only-names"), None));
        groups.sort_by_key(|group| group.rank);
    }
    let frame = visit.frame(Area::Today, visit.w.t("web-search-title"));
    Answer::page(&Page { frame, text, groups, left_out })
}

/// How exactly a number or name answers.
fn rank(text: &str, of: &[&str]) -> u8 {
    let wanted = folded_text(text);
    let of: Vec<String> = of.iter().map(|one| folded_text(one)).collect();
    match () {
        () if of.contains(&wanted) => 0,
        () if of.iter().any(|one| one.starts_with(&wanted)) => 1,
        () => 2,
    }
}

type NotSearched = Option<(String, Option<Link>)>;

fn knowledge(
    visit: &Visit<'_, '_>,
    text: &str,
    limit: usize,
) -> Result<(FoundInKnowledge, NotSearched), Problem> {
    let searched = knowledge_search::search(visit.desk.folder(), text, limit);
    let w = visit.w;
    let sources = || Some(Link::new(w.t("web-nav-sources"), "/sources"));
    Ok(match searched.map_err(|error| visit.session.problem(error.into()))? {
        Searched::Found(found) => (found, None),
        Searched::Missing => (FoundInKnowledge::default(), Some((w.t("web-search-no-knowledge"), sources()))),
        Searched::Older(only) => {
            let count = u64::from(only.is_some());
            let vulnerabilities = only.into_iter().map(|one| *one).collect();
            let found = FoundInKnowledge {
                vulnerabilities,
                vulnerabilities_count: count,
                ..FoundInKnowledge::default()
            };
            (found, Some((w.t("web-search-older-knowledge"), sources())))
        }
    })
}

/// A group of the knowledge base; `None` if nothing was found.
fn of_knowledge(
    visit: &Visit<'_, '_>,
    (key, name): (&str, &str),
    text: &str,
    lines: Vec<Line>,
    count: u64,
) -> Option<Group> {
    let names: Vec<&str> =
        lines.iter().flat_map(|line| [line.number.as_str(), line.link.text.as_str()]).collect();
    let rank = rank(text, &names);
    let more = count > lines.len() as u64 && lines.len() < ALONE;
    (!lines.is_empty()).then(|| Group {
        title: visit.w.t(key),
        count: visit.w.get("web-search-count", &[("count", count.into())]),
        more: more.then(|| format!("/search?q={}&in={name}", encoded(text))),
        lines,
        rank,
    })
}

fn vulnerabilities(visit: &Visit<'_, '_>, text: &str, found: &FoundInKnowledge) -> Option<Group> {
    let line = |one: &VulnerabilityFacts| {
        let aliases: Vec<&str> = one.aliases.iter().map(String::as_str).filter(|id| *id != one.id).collect();
        let title = hits::title(one, &visit.w);
        Line {
            number: one.id.clone(),
            link: Link::new(
                if title.is_empty() { one.id.clone() } else { title },
                format!("/vulnerabilities/{}", encoded(&one.id)),
            ),
            beside: aliases.join(", "),
        }
    };
    let lines = found.vulnerabilities.iter().map(line).collect();
    let named = ("web-area-vulnerabilities", "vulnerabilities");
    let mut group = of_knowledge(visit, named, text, lines, found.vulnerabilities_count)?;
    let aliases: Vec<&str> =
        found.vulnerabilities.iter().flat_map(|one| &one.aliases).map(String::as_str).collect();
    group.rank = group.rank.min(rank(text, &aliases));
    Some(group)
}

fn products(visit: &Visit<'_, '_>, text: &str, found: &FoundInKnowledge) -> Option<Group> {
    let line = |one: &FoundProduct| {
        let count = visit.w.get("web-search-advisories", &[("count", one.advisories.into())]);
        Line {
            number: String::new(),
            link: Link::new(one.name.clone(), format!("/search?q={}&in=vulnerabilities", encoded(&one.name))),
            beside: [one.maker.as_str(), &count].join(" · ").trim_start_matches(" · ").to_owned(),
        }
    };
    let lines = found.products.iter().map(line).collect();
    of_knowledge(visit, ("web-search-products", "products"), text, lines, found.products_count)
}

/// People by their names, which stand beside the ledger.
fn people(visit: &Visit<'_, '_>, text: &str) -> Result<Option<Group>, Problem> {
    let names = visit.session.records.store().names();
    let names = names.map_err(|error| visit.session.problem(error.into()))?;
    let words: Vec<String> = folded_text(text).split_whitespace().map(str::to_owned).collect();
    let is_meant = |name: &str| {
        let (name, whole) = (folded_text(name), folded_text(text));
        // Names are written with and without a space between.
        let close = |text: &str| text.split_whitespace().collect::<String>();
        words.iter().all(|word| name.contains(word.as_str())) || close(&name).contains(&close(&whole))
    };
    let mut found: Vec<_> = names.iter().filter(|(_, name)| is_meant(name)).collect();
    found.sort_by_cached_key(|(_, name)| shindan_report::order::key(name));
    let rank = rank(text, &found.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>());
    let more = (found.len() > ROWS).then(|| "/records/person?show=all".to_owned());
    let line = |(person, name): &(&shindan_domain::record_id::PersonId, &String)| Line {
        number: String::new(),
        link: Link::new((*name).clone(), address(Stream::new(Kind::Person, **person))),
        beside: String::new(),
    };
    Ok((!found.is_empty()).then(|| Group {
        title: visit.w.term(Kind::Person.term()),
        count: visit.w.get("web-search-count", &[("count", found.len().into())]),
        lines: found.iter().take(ROWS).map(line).collect(),
        more,
        rank,
    }))
}

/// Assets of the register, which need not be records.
fn assets(visit: &Visit<'_, '_>, text: &str) -> Result<Option<Group>, Problem> {
    let register =
        register::shared(visit.desk.folder()).map_err(|error| visit.session.problem(error.into()))?;
    let (texts, sought) = (Texts::of(&register), Sought::of(text));
    let found = texts.with(&register).filter(|(_, text)| text.holds(&sought));
    let found: Vec<_> = found.map(|(asset, _)| asset).collect();
    let line = |asset: &&shindan_domain::register::RegisteredAsset| {
        let ledger = &asset.asset;
        let named = [&ledger.name, &ledger.maker, &ledger.model].into_iter().flatten();
        let named = named.map(String::as_str).collect::<Vec<_>>().join(" ");
        let label = if ledger.label().is_empty() { asset.key.clone() } else { ledger.label().to_owned() };
        Line {
            link: Link::new(
                if named.is_empty() { label.clone() } else { named },
                format!("/assets/{}", encoded(&asset.key)),
            ),
            number: label,
            beside: ledger.place.clone().unwrap_or_default(),
        }
    };
    let lines: Vec<Line> = found.iter().take(ROWS).map(line).collect();
    let rank = rank(text, &found.iter().map(|asset| asset.asset.label()).collect::<Vec<_>>());
    Ok((!found.is_empty()).then(|| Group {
        title: visit.w.t("web-nav-assets"),
        count: visit.w.get("web-search-count", &[("count", found.len().into())]),
        more: (found.len() > ROWS).then(|| format!("/assets?show=all&text={}", encoded(text))),
        lines,
        rank,
    }))
}

fn group(visit: &Visit<'_, '_>, kind: Kind, text: &str) -> Result<Option<Group>, Problem> {
    let wanted = Wanted { open_only: false, text: Some(text.to_owned()), ..Wanted::new(kind, ROWS as u32) };
    let list = records::list(visit.session.records, &visit.session.who, &wanted, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    if list.rows.is_empty() {
        return Ok(None);
    }
    let w = visit.w;
    let line = |row: &shindan_report::records::RecordRow| Line {
        number: row.number.clone().unwrap_or_default(),
        link: Link::new(crate::listing::records::title(row, &w), address(row.stream)),
        beside: crate::listing::records::state(row, &w),
    };
    let names: Vec<&str> = list
        .rows
        .iter()
        .flat_map(|row| [row.number.as_deref().unwrap_or_default(), row.title.as_str()])
        .collect();
    let count = match list.next {
        None => w.get("web-search-count", &[("count", list.rows.len().into())]),
        Some(_) => w.get("web-search-count-more", &[("count", (&grouped(list.rows.len() as u64)).into())]),
    };
    Ok(Some(Group {
        title: w.term(kind.term()),
        count,
        rank: rank(text, &names),
        more: list.next.is_some().then(|| format!("/records/{kind}?show=all&text={}", encoded(text))),
        lines: list.rows.iter().map(line).collect(),
    }))
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "search";

    fn sample(frame: Frame) -> Page {
        let line = Line {
            number: "CASE-1".to_owned(),
            link: Link::new("<運用>", "/records/case/1"),
            beside: "beside".to_owned(),
        };
        let group = Group {
            title: "group".to_owned(),
            count: "3".to_owned(),
            lines: vec![line],
            more: Some("/records/case".to_owned()),
            rank: 0,
        };
        let left_out = vec![("left out".to_owned(), Some(Link::new("sources", "/sources")))];
        Page { frame, text: "<運用>".to_owned(), groups: vec![group], left_out }
    }
}
