//! What people read holds no names that only the program uses: pages of the demo, in both languages, are searched for them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shindan_domain::people::Role;
use shindan_domain::priority::{ORIGINS, POINTS};
use shindan_domain::process::{Label, ReasonCode};
use shindan_domain::vocabulary::vocabulary;
use shindan_report::{Lang, Words};

use crate::quiet::{links, routes, shape};
use crate::served::Served;

/// So many addresses of one shape are read.
const OF_A_SHAPE: usize = 1;

/// What would be the program's own name for something.
struct Raw {
    name: &'static str,
    /// Where it begins in a text, with what is found.
    find: fn(&str, &Names) -> Option<String>,
}

const RAW: &[Raw] = &[
    Raw { name: "a text without words", find: |text, _| bracketed(text) },
    Raw { name: "a value that is missing in a text", find: |text, _| after(text, "{$", |_| true) },
    Raw { name: "a verb of the command line", find: |text, _| after(text, "shindan ", verb) },
    Raw { name: "a command in a text", find: |text, _| after(text, "`", |_| true) },
    Raw { name: "an option of the command line", find: |text, _| option(text) },
    Raw { name: "a key of the register", find: |text, _| token(text, |one| one.starts_with("id:")) },
    Raw { name: "an id of a record", find: |text, _| token(text, is_uuid) },
    Raw { name: "a name of an event", find: |text, names| token(text, |one| names.events.contains(one)) },
    Raw { name: "a value of a set", find: |text, names| token(text, |one| names.values.contains(one)) },
];

/// What may stand there, and why.
const MAY: &[(&str, &str)] = &[
    // Only the command line does it, and the text says so.
    ("shindan bundle export", "which is run on another machine"),
    ("shindan ledger verify --checkpoint", "which is run beside the server"),
    ("on the server", "only the command line does it, and the text says so"),
    ("サーバーのコマンド", "as above"),
    ("shindan case show", "a paper tells an inspector how to verify by own hand"),
    ("myjvn-hnd", "the short name of a source, which is given by people"),
    ("remote-line", "an item is called so by those who agreed on it"),
    ("stop and roll-back", "a word of English"),
    ("The set-up is done", "a word of English"),
    ("DEMO 0", "settings name the installation with its id, for who asks for help"),
    ("導入 ID", "a paper says of which installation it is"),
    ("導入環境", "as above"),
    ("nstallation", "as above"),
];

/// Names of the program that no word of either language is.
struct Names {
    events: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Names {
    fn all() -> Names {
        let events = Words::new(Lang::Ja).events().into_iter().map(|(_, event)| event).collect();
        let terms = vocabulary().into_iter().map(|term| term.value.to_owned());
        let reasons = ReasonCode::ALL.iter().map(|code| code.as_str().to_owned());
        let labels = Label::ALL.iter().map(|label| label.as_str().to_owned());
        // A value without a hyphen is a word of English, too.
        let table = POINTS.into_iter().chain(ORIGINS).map(str::to_owned);
        let values =
            terms.chain(reasons).chain(labels).chain(table).filter(|value| value.contains('-')).collect();
        Names { events, values }
    }
}

fn after(text: &str, mark: &str, counts: fn(&str) -> bool) -> Option<String> {
    let rest = text.split(mark).skip(1).find(|rest| counts(rest))?;
    Some(format!("{mark}{}", rest.chars().take(40).collect::<String>()))
}

/// `shindan kb …`; the program's name alone may begin a sentence.
fn verb(rest: &str) -> bool {
    let verbs =
        ["agreement", "assess", "bundle", "case", "change", "check", "device", "exchange", "inventory"];
    let more = ["kb", "ledger", "patch", "policy", "portfolio", "sources", "sync", "token", "user", "who"];
    let first = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    verbs.contains(&first) || more.contains(&first)
}

fn option(text: &str) -> Option<String> {
    for (at, _) in text.match_indices("--") {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let rest = &text[at + 2..];
        if !before.is_ascii_alphanumeric()
            && before != '-'
            && rest.starts_with(|c: char| c.is_ascii_lowercase())
        {
            return Some(rest.chars().take(40).collect());
        }
    }
    None
}

/// `[web-title]`: how a word is shown that is not there.
fn bracketed(text: &str) -> Option<String> {
    let mut inside =
        text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(inside, _)| inside);
    let key = |text: &&str| {
        text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    inside.find(key).map(str::to_owned)
}

fn token(text: &str, is: impl Fn(&str) -> bool) -> Option<String> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_'));
    text.split(ends).map(|one| one.trim_end_matches(['.', ':'])).find(|one| is(one)).map(str::to_owned)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What a reader sees or hears: texts between tags, titles and hints in fields. What stands as code is meant as code.
fn seen(page: &str) -> Vec<String> {
    let mut page = page.to_owned();
    for tag in ["script", "style", "code", "pre", "textarea"] {
        let (begin, end) = (format!("<{tag}"), format!("</{tag}>"));
        while let Some(from) = page.find(&begin) {
            let to = page[from..].find(&end).map_or(page.len(), |at| from + at + end.len());
            page.replace_range(from..to, "");
        }
    }
    let mut all = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        all.push(text.trim().to_owned());
        for name in [" title=\"", " placeholder=\"", " aria-label=\""] {
            all.extend(tag.split(name).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    all.retain(|text| !text.is_empty());
    all
}

fn raw_in(page: &str, names: &Names) -> Vec<String> {
    let texts = seen(page);
    let may = |text: &str| MAY.iter().any(|(mark, _)| text.contains(mark));
    let found = |text: &String| {
        let of = |raw: &Raw| (raw.find)(text, names).map(|what| format!("{}: {what}: {text}", raw.name));
        RAW.iter().filter_map(of).collect::<Vec<_>>()
    };
    texts.iter().filter(|text| !may(text)).flat_map(found).collect()
}

#[test]
fn what_is_searched_for_would_be_found() {
    let names = Names::all();
    for (page, what) in [
        ("<p>[web-nothing]</p>", "a text without words"),
        ("<p>until {$date}</p>", "a value that is missing"),
        ("<p>See `Get-HotFix`.</p>", "a command in a text"),
        ("<p>Open one: shindan device new</p>", "a verb of the command line"),
        ("<p>日時付き（--taken）</p>", "an option of the command line"),
        ("<p>「id:sv-02」は</p>", "a key of the register"),
        ("<p title=\"0192a5b4-7c1d-7e2f-8a3b-4c5d6e7f8a9b\"></p>", "an id of a record"),
        ("<option>case.opened</option>", "a name of an event"),
        ("<td>not-obtainable</td>", "a value of a set"),
    ] {
        assert!(raw_in(page, &names).iter().any(|found| found.starts_with(what)), "{page}");
    }
    let fine = "<p>shindan collects – <code>case.opened</code> log4j-core 2.14.1, CVE-2021-44228</p>";
    assert!(raw_in(fine, &names).is_empty(), "{:?}", raw_in(fine, &names));
}

#[test]
fn no_page_shows_names_that_only_the_program_uses() {
    let (served, names) = (Served::shared(), Names::all());
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut read = 0;
    for role in [Role::Operator, Role::Admin] {
        let browser = served.person(role);
        let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
        let mut waiting: VecDeque<String> =
            routes().into_iter().filter(|route| !route.contains('{')).map(str::to_owned).collect();
        let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
        while let Some(address) = waiting.pop_front() {
            for lang in Lang::ALL {
                browser.cookies.borrow_mut().insert("shindan_lang".to_owned(), lang.to_string());
                let answer = browser.get(&address);
                if !answer.header("content-type").starts_with("text/html") {
                    break;
                }
                read += 1;
                let page = answer.text();
                for raw in raw_in(&page, &names) {
                    found.entry(raw).or_insert_with(|| address.clone());
                }
                for link in links(&page).into_iter().chain(answer.leads_own()) {
                    if known.insert(link.clone()) {
                        let count = shapes.entry(shape(&link)).or_default();
                        *count += 1;
                        if *count <= OF_A_SHAPE {
                            waiting.push_back(link);
                        }
                    }
                }
            }
        }
    }
    assert!(read > 200, "pages were read: {read}");
    let lines: Vec<String> = found.iter().map(|(raw, address)| format!("{address}: {raw}")).collect();
    assert!(lines.is_empty(), "{} places:\n{}", lines.len(), lines.join("\n"));
}
