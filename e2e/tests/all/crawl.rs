//! Every page of the navigation for four roles, and one page of each shape of address that any of them links to.

use std::collections::{BTreeSet, VecDeque};

use shindan_e2e::page::Visitor;
use shindan_e2e::story::{Story, Who, walk_in};
use shindan_e2e::{Lang, Outcome};

/// Every address of this server that the page links to.
const LINKS: &str = "return Array.from(document.querySelectorAll('a[href]'), (a) => a.getAttribute('href'))\
                     .filter((href) => href.startsWith('/') && !a_file(href));\
                     function a_file(href) { return /^\\/(reports|work\\/[^?]*)\\/file|list\\.(csv|xlsx)|[.](csv|xlsx|pdf)|\
                     ^\\/documents\\/|^\\/setup\\/card/.test(href); }";

/// The address without what tells one record from another: identifiers, hashes, numbers, values of the query.
fn shape(address: &str) -> String {
    let (path, query) = address
        .split_once('#')
        .map_or(address, |(before, _)| before)
        .split_once('?')
        .unwrap_or((address.split('#').next().unwrap_or_default(), ""));
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).collect::<BTreeSet<_>>();
    let one = |part: &str| {
        let varies =
            part.chars().any(|letter| letter.is_ascii_digit()) || part.len() > 28 || part.contains('%');
        if varies { "*".to_owned() } else { part.to_owned() }
    };
    let path = path.split('/').map(one).collect::<Vec<_>>().join("/");
    format!("{path}?{}", names.into_iter().collect::<Vec<_>>().join("&"))
}

#[test]
fn shapes_forget_which_record_it_is() {
    let record = "/records/case/0192f0c5-fc40-78b7-803e-e1b6722b81b6/do/judge?a=1#here";
    assert_eq!(shape(record), "/records/case/*/do/judge?a");
    assert_eq!(shape("/cases?sort=due&show=all"), "/cases?show&sort");
    assert_eq!(shape("/vulnerabilities/CVE-2024-21762"), "/vulnerabilities/*?");
}

async fn links(visitor: &Visitor) -> Outcome<Vec<String>> {
    let told = visitor.ask(LINKS).await?;
    Ok(told.as_array().into_iter().flatten().filter_map(|href| href.as_str()).map(str::to_owned).collect())
}

async fn crawl(story: &mut Story) -> Outcome {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for who in [Who::Operator, Who::Approver, Who::Admin, Who::Auditor] {
        let mut person = story.person(who).await?;
        let mut waiting = VecDeque::new();
        let mut own = BTreeSet::new();
        let areas = ["/", "/vulnerabilities", "/assets", "/cases", "/evidence", "/settings"];
        waiting.extend(areas.map(|area| (area.to_owned(), true)));
        while let Some((address, navigation)) = waiting.pop_front() {
            let shape = shape(&address);
            let fresh = seen.insert(shape.clone());
            if !own.insert(shape) || !(fresh || navigation) {
                continue;
            }
            if let Err(error) = person.open(&address).await {
                wrong.push(error);
                continue;
            }
            if person.has(story.lang.of("ページが見つかりません", "no such page")).await? {
                wrong.push(format!("{address} is linked, but not there"));
            }
            let inside =
                "return Array.from(document.querySelectorAll('nav.areas a'), (a) => a.getAttribute('href'))";
            let areas = person.ask(inside).await?;
            let is_area = |href: &str| areas.as_array().into_iter().flatten().any(|area| area == href);
            waiting.extend(links(&person).await?.into_iter().map(|href| (href.clone(), is_area(&href))));
        }
        println!("{who:?}, {}: {} pages", story.lang.code(), own.len());
        if let Err(error) = person.finish().await {
            wrong.push(format!("{who:?}: {error}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

#[tokio::test]
async fn every_page_in_japanese() {
    walk_in(Lang::Ja, "crawl", crawl).await;
}

#[tokio::test]
async fn every_page_in_english() {
    walk_in(Lang::En, "crawl", crawl).await;
}
