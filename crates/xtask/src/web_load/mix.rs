//! What people of a hospital do at the same time: mostly lists and cases, some searches, now and then a judgement that is written.

use super::client::{Client, encoded};
use super::open_loop::{Request, splitmix};
use crate::Failure;

/// Kinds of requests with their shares of a hundred.
const SHARES: [(&str, u64); 10] = [
    ("case list", 24),
    ("case", 22),
    ("search", 10),
    ("who is hit", 10),
    ("today", 10),
    ("asset list", 5),
    ("ledger", 5),
    ("systems", 4),
    ("figures", 3),
    ("judgement (written)", 7),
];
const WORDS: [&str; 8] =
    ["openssl", "電子", "画像", "配", "viewer-123", "log-router", "CVE-2026-100", "LOAD-2026-00"];
/// Pages of the list that cases are taken from.
const PAGES: usize = 40;

/// What there is to look at.
#[derive(Debug)]
pub struct Stock {
    /// Addresses of pages of the list, and of cases.
    lists: Vec<String>,
    cases: Vec<String>,
    /// Forms for judgements that nobody gave yet, each with its fields.
    forms: Vec<Request>,
}

impl Stock {
    /// Walks through the list, and opens so many forms as there will be judgements among `requests`.
    ///
    /// # Errors
    /// When a page cannot be had.
    pub fn gather(client: &mut Client, requests: usize) -> Result<Stock, Failure> {
        let mut stock = Stock { lists: Vec::new(), cases: Vec::new(), forms: Vec::new() };
        for sort in ["urgency", "title", "opened"] {
            let mut address = format!("/cases?sort={sort}");
            for _ in 0..PAGES {
                let page = client.get(&address)?;
                stock.cases.extend(page.links().filter(|link| is_case(link)));
                let next = page.links().find(|link| link.contains("after="));
                stock.lists.push(address);
                match next {
                    Some(next) => address = next,
                    None => break,
                }
            }
        }
        stock.cases.sort();
        stock.cases.dedup();
        // Those that were judged by an earlier run have no form for it that counts.
        for case in &stock.cases {
            if stock.forms.len() * 10 >= requests {
                break;
            }
            let action = format!("{case}/do/judge");
            let form = client.get(&action)?;
            let (Some(csrf), Some(once)) = (form.field("csrf"), form.field("once")) else { continue };
            let given = [
                ("csrf", csrf),
                ("once", once),
                ("seen", form.field("seen").unwrap_or_default()),
                ("applicability", "affected".to_owned()),
                ("note", "影響を確認した。".to_owned()),
            ];
            let fields = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            stock.forms.push(Request::Write("judgement (written)", action, fields));
        }
        match stock.cases.is_empty() {
            true => Err("the list shows no cases".into()),
            false => Ok(stock),
        }
    }

    /// So many requests, the same for the same stock.
    pub fn requests(mut self, count: usize) -> Vec<Request> {
        let mut state = 7;
        (0..count).map(|_| self.request(&mut state)).collect()
    }

    fn request(&mut self, state: &mut u64) -> Request {
        let mut place = splitmix(state) % SHARES.iter().map(|(_, share)| share).sum::<u64>();
        let mut what = SHARES[0].0;
        for (name, share) in SHARES {
            what = name;
            match place.checked_sub(share) {
                Some(rest) => place = rest,
                None => break,
            }
        }
        let any = splitmix(state);
        let pick = |from: &[String]| {
            let place = usize::try_from(any % from.len().max(1) as u64).unwrap_or(0);
            from.get(place).cloned().unwrap_or_default()
        };
        let words: Vec<String> = WORDS.iter().map(|word| encoded(word)).collect();
        let address = match what {
            "case list" if any.is_multiple_of(4) => format!("/cases?text={}", pick(&words)),
            "case list" => pick(&self.lists),
            "case" => pick(&self.cases),
            "search" => format!("/search?q={}", pick(&words)),
            "who is hit" => format!("/vulnerabilities/CVE-2026-{}", 100_000 + any % 1_000),
            "today" => "/".to_owned(),
            "asset list" => format!("/assets?page={}", 1 + any % 50),
            "ledger" => "/ledger".to_owned(),
            "systems" => "/records/system".to_owned(),
            "figures" => "/figures".to_owned(),
            _ => match self.forms.pop() {
                Some(form) => return form,
                // Fewer cases than judgements: one of them is looked at.
                None => pick(&self.cases),
            },
        };
        Request::Look(what, address)
    }
}

fn is_case(link: &str) -> bool {
    link.strip_prefix("/records/case/").is_some_and(|id| id.len() == 36 && !id.contains('/'))
}
