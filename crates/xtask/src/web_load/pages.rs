//! Every list page over the large installation: first byte, one after the other, by one reader.

use std::collections::BTreeSet;
use std::time::Duration;

use super::client::{Client, encoded};
use crate::Failure;

/// Each page is asked for so often.
const TIMES: usize = 10;
/// Of a list, so many pages are turned at most to find its last one.
const TURNED: usize = 5_000;
/// Words that people type: many have them, few, one character, two, and two that nobody has.
const WORDS: [(&str, &str); 6] = [
    ("a word that many have", "openssl"),
    ("a word that one has", "viewer-12340"),
    ("one Japanese character", "電"),
    ("two Japanese characters", "画像"),
    ("two that nobody has", "麻雀"),
    ("a word that nobody has", "kubernetes-ingress"),
];

/// A page that is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of which kind it is, for the table.
    pub what: String,
    /// Its address.
    pub address: String,
}

/// What a page took.
#[derive(Debug)]
pub struct Taken {
    /// Which.
    pub asked: Asked,
    /// First byte of the first time, which nothing had prepared.
    pub first: Duration,
    /// Of all times, the one in the middle.
    pub median: Duration,
    /// Of all times.
    pub slowest: Duration,
    /// Bytes of the page.
    pub bytes: usize,
}

/// The pages: what the lists themselves link to, and searches.
///
/// # Errors
/// When a page cannot be had.
pub fn all(client: &mut Client) -> Result<Vec<Asked>, Failure> {
    let mut asked = Vec::new();
    for (name, list) in [
        ("cases", "/cases"),
        ("systems", "/records/system"),
        ("people", "/records/person"),
        ("vulnerabilities", "/vulnerabilities"),
        ("assets", "/assets"),
        ("ledger", "/ledger"),
        ("today", "/"),
        ("figures", "/figures"),
        ("sources", "/sources"),
    ] {
        asked.push(Asked { what: name.to_owned(), address: list.to_owned() });
        asked.extend(variants(client, name, list)?);
    }
    for (name, list) in
        [("cases", "/cases?show=all&text="), ("assets", "/assets?text="), ("search", "/search?q=")]
    {
        for (what, word) in WORDS {
            let address = format!("{list}{}", encoded(word));
            asked.push(Asked { what: format!("{name}: {what}"), address });
        }
    }
    for (what, id) in
        [("that hits 200 components", "CVE-2026-100000"), ("that hits every list", "CVE-2026-900000")]
    {
        let what = format!("vulnerability {what}");
        asked.push(Asked { what, address: format!("/vulnerabilities/{id}") });
    }
    asked.push(Asked {
        what: "ledger: of one kind that is rare".to_owned(),
        address: "/ledger?kind=party".to_owned(),
    });
    asked.push(Asked { what: "assets: page 50".to_owned(), address: "/assets?page=50".to_owned() });
    asked.push(last_of(client, "cases: the last page", "/cases?show=all&sort=title")?);
    asked.push(last_of(client, "ledger: the last page", "/ledger")?);
    Ok(asked)
}

/// Orders and filters that a list itself offers as links.
fn variants(client: &mut Client, name: &str, list: &str) -> Result<Vec<Asked>, Failure> {
    let page = client.get(list)?;
    if page.status != 200 {
        return Err(format!("{list} was answered with {}", page.status).into());
    }
    let own: BTreeSet<String> = page
        .links()
        .filter(|link| link.starts_with(&format!("{list}?")) && !link.contains("after="))
        .collect();
    let told = |address: &String| {
        let query = address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        Asked { what: format!("{name}: {query}"), address: address.clone() }
    };
    // Files of the whole list are no pages.
    let page = |address: &&String| !address.contains("before=") && !address.contains("as=");
    Ok(own.iter().filter(page).map(told).collect())
}

/// Turns pages until there is no next one.
fn last_of(client: &mut Client, what: &str, first: &str) -> Result<Asked, Failure> {
    let mut address = first.to_owned();
    for _ in 0..TURNED {
        let page = client.get(&address)?;
        let next = page.body.split("rel=\"next\"").next().filter(|before| before.len() < page.body.len());
        let next = next.and_then(|before| before.rsplit_once("href=\"")?.1.split_once('"'));
        match next {
            Some((next, _)) => address = next.replace("&#38;", "&").replace("&amp;", "&"),
            None => return Ok(Asked { what: what.to_owned(), address }),
        }
    }
    Ok(Asked { what: format!("{what} (after {TURNED})"), address })
}

/// Measures one page.
///
/// # Errors
/// When it is not answered with a page.
pub fn measure(client: &mut Client, asked: Asked) -> Result<Taken, Failure> {
    let mut times = Vec::with_capacity(TIMES);
    let mut bytes = 0;
    eprintln!("  {}", asked.what);
    for _ in 0..TIMES {
        let answer = client.get(&asked.address)?;
        if answer.status != 200 {
            return Err(format!("{} was answered with {}", asked.address, answer.status).into());
        }
        bytes = answer.body.len();
        times.push(answer.first_byte);
    }
    let first = times.first().copied().unwrap_or_default();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(Taken { asked, first, median, slowest: times.last().copied().unwrap_or_default(), bytes })
}
