//! Looking changes nothing: every address that answers GET is visited, by what pages link to, and no file of the data folder is another
//! one afterwards. And whoever guesses many passwords at once does not keep everybody else waiting.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use shindan_domain::ledger::Hash;
use shindan_domain::people::Role;
use shindan_server::Limits;

use crate::served::Served;

const ROUTES: &str = include_str!("../../src/routes.rs");
/// What no page of the demo links to, and why.
const NOT_LINKED: [&str; 14] = [
    // The files of pages; they are in the program.
    "/assets/{version}/{name}",
    // Before the first person: it leads away afterwards.
    "/setup",
    "/setup/organisation",
    "/setup/administrator",
    "/setup/keys",
    "/setup/card",
    "/setup/network",
    "/setup/next",
    // Only between two steps of a form.
    "/invitation",
    "/assets/import/file/{hash}",
    // Only while there is such a work.
    "/work/{name}",
    "/work/{name}/file",
    // Only with an import that was made by a page.
    "/assets/import/past/{number}",
    // Only where a document was kept.
    "/documents/{sha256}",
];
/// So many addresses are visited within one session: that it is used is written once a minute.
const TOGETHER: usize = 20;
/// So many addresses of one shape are visited.
const OF_A_SHAPE: usize = 2;

/// The addresses that answer GET, as the router has them.
pub fn routes() -> BTreeSet<&'static str> {
    let parts = ROUTES.split(".route(").skip(1);
    let route = |part: &'static str| {
        let path = part.split('"').nth(1).unwrap();
        let method = part.split('"').nth(2).unwrap().trim_start_matches([',', ' ', '\n']);
        method.starts_with("get(").then_some(path)
    };
    parts.filter_map(route).collect()
}

/// The route of an address.
fn route_of(path: &str) -> Option<&'static str> {
    let path: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
    let fits = |route: &&str| {
        let parts: Vec<&str> = route.split('/').collect();
        parts.len() == path.len()
            && parts.iter().zip(&path).all(|(part, here)| part.starts_with('{') || part == here)
    };
    let all = routes();
    let mut found: Vec<&&str> = all.iter().filter(|route| fits(route)).collect();
    found.sort_by_key(|route| route.matches('{').count());
    found.first().map(|route| **route)
}

/// Addresses of one shape lead to one kind of page: the route, the kind of record, names in the query and what report is wanted.
pub fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kind = path.strip_prefix("/records/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let step = path.split("/do/").nth(1).unwrap_or_default();
    let tasks = path.strip_prefix("/tasks/").unwrap_or_default();
    let part = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let counts = matches!(name, "report" | "form" | "sort" | "show");
        if counts { format!("{name}={value}") } else { name.to_owned() }
    };
    let query: Vec<String> = query.split('&').map(part).collect();
    format!("{:?} {kind} {step} {tasks} {}", route_of(path), query.join("&"))
}

pub fn links(body: &str) -> Vec<String> {
    let links = body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("/assets/app"));
    let plain = |link: &str| link.replace("&#38;", "&").replace("&amp;", "&");
    own.map(|link| plain(link).split('#').next().unwrap().to_owned()).collect()
}

/// Every file with the hash of what is in it. What readers of a database agree on with each other is in its `-shm`.
fn files(folder: &Path) -> BTreeMap<String, Hash> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if !path.to_string_lossy().ends_with("-shm") {
            all.insert(path.display().to_string(), Hash::of(&std::fs::read(&path).unwrap()));
        }
    }
    all
}

#[test]
fn no_address_that_answers_get_changes_anything() {
    let served = Served::demo();
    let mut visited = BTreeSet::new();
    for role in [Role::Admin, Role::Operator] {
        let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
        let plain = routes().into_iter().filter(|route| !route.contains('{'));
        let mut waiting: VecDeque<String> = plain.map(str::to_owned).collect();
        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        while !waiting.is_empty() {
            let browser = served.person(role);
            let before = files(&served.folder.join("data"));
            let mut together = Vec::new();
            while let Some(address) = waiting.pop_front() {
                let answer = browser.get(&address);
                assert!(answer.status < 500, "{address}: {}", answer.text());
                visited.extend(route_of(&address).filter(|_| answer.status == 200));
                let found = links(&answer.text()).into_iter().chain(answer.leads_own());
                for link in found.filter(|link| seen.insert(link.clone())) {
                    let count = shapes.entry(shape(&link)).or_default();
                    *count += 1;
                    if *count <= OF_A_SHAPE {
                        waiting.push_back(link);
                    }
                }
                together.push(address);
                if together.len() == TOGETHER {
                    break;
                }
            }
            let changed: Vec<_> = files(&served.folder.join("data")).into_iter().collect();
            let before: Vec<_> = before.into_iter().collect();
            assert_eq!(changed, before, "one of these changed something: {together:#?}");
        }
    }
    let missed: Vec<_> = routes()
        .into_iter()
        .filter(|route| !visited.contains(route) && !NOT_LINKED.contains(route))
        .collect();
    assert!(missed.is_empty(), "no page links to {missed:?}");
}

#[test]
fn many_passwords_at_once_wait_in_a_short_line_and_are_then_sent_away() {
    let limits = Limits { hashing: 1, waiting_to_hash: 1, ..Limits::default() };
    let served = Served::demo_within(limits);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let guess = || served.send("POST", "/login", &form, b"name=nobody&password=guess");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..12).map(|_| scope.spawn(guess)).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let (away, looked_at): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 503);
    assert!(!away.is_empty() && looked_at.len() >= 2, "{} {}", away.len(), looked_at.len());
    assert!(looked_at.iter().all(|answer| answer.status == 401));
    for answer in &away {
        assert_eq!(answer.header("retry-after"), "2");
        assert!(answer.text().contains("<h1"), "it is a page");
    }
    let _in_again = served.person(Role::Operator);
}
