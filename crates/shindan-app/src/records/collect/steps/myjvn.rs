//! MyJVN API: overviews of what was changed and their details (HND), and the list of alerts (OKA), page by page.
//!
//! Source: MyJVN API v3.2 "HND" and v4.0 "OKA": fifty records a page, ten details an answer; errors stand in the status of the
//! answer. HND is asked for what was changed, the first time within a month: the whole of JVN iPedia comes with its feeds
//! (`jvndb-feeds`).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

use shindan_domain::collect::{Failure, SourceDraft, redacted};
use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_formats::advisory;
use shindan_formats::collect::myjvn_list::{self, Page};
use shindan_formats::limits::Limits;

use super::super::files::Position;
use super::{Manners, Remains, Rest, Role, Step, Steps, Unseen, Wanted, stamp, unread, with_fields};
use crate::clock;

/// Records of a page at most.
const PAGE: u64 = 50;
/// Details of an answer at most.
const DETAILS: usize = 10;
/// How far back the first look goes.
const FIRST: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Days are Japan's and whole, so that the next look goes back behind the day of the last one.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// How often a list is read again before the look fails.
const AGAIN: u32 = 3;
/// Between two requests: one every other second.
const MANNERS: Manners = Manners { pause: Duration::from_secs(2), busy: &[503], key: None, in_one_go: true };

/// The pages of a list, one after another.
#[derive(Debug, Default)]
struct Pages {
    before: Option<Page>,
    again: u32,
}

/// What follows from a page.
enum Follows {
    /// The next page begins there.
    Page(u64),
    /// It was the last one.
    End,
    /// Something was taken away meanwhile: the list is read again.
    Again,
}

impl Pages {
    fn next(&mut self, page: Page, url: &str) -> Result<Follows, Unseen> {
        let begins = self.before.map_or(1, |before| before.first.saturating_add(before.returned));
        let shrank = self.before.is_some_and(|before| page.total < before.total);
        if page.first != begins || shrank || page.is_short() {
            self.before = None;
            self.again += 1;
            return match self.again > AGAIN {
                true => Err(incomplete("paging", url)),
                false => Ok(Follows::Again),
            };
        }
        self.before = Some(page);
        Ok(page.next().map_or(Follows::End, Follows::Page))
    }
}

fn incomplete(reason: &str, url: &str) -> Unseen {
    (Failure::Incomplete, vec![("reason", reason.to_owned()), ("value", redacted(url))])
}

/// From which day on, in Japan.
fn since(position: Option<&Position>) -> Option<Date> {
    let until = position.and_then(|position| position.until)?;
    Some(clock::day_in_japan(until.checked_sub(OVERLAP).unwrap_or(until)))
}

/// Vulnerability information (HND).
pub(super) struct Hnd {
    address: String,
    addresses: Vec<String>,
    since: Date,
    now: Timestamp,
    pages: Pages,
    ids: Vec<String>,
    batches: usize,
}

impl Hnd {
    pub(super) fn new(draft: &SourceDraft, position: Option<Position>, now: Timestamp) -> Hnd {
        let first = || clock::day_in_japan(now.checked_sub(FIRST).unwrap_or(now));
        Hnd {
            address: draft.addresses.first().cloned().unwrap_or_default(),
            addresses: draft.addresses.clone(),
            since: since(position.as_ref()).unwrap_or_else(first),
            now,
            pages: Pages::default(),
            ids: Vec::new(),
            batches: 0,
        }
    }

    fn overview(&self, start: u64) -> Wanted {
        let date = self.since;
        let fields = [
            ("method", "getVulnOverviewList".to_owned()),
            ("feed", "hnd".to_owned()),
            ("lang", "ja".to_owned()),
            ("rangeDatePublic", "n".to_owned()),
            ("rangeDatePublished", "n".to_owned()),
            ("rangeDateFirstPublished", "n".to_owned()),
            ("datePublishedStartY", date.year().to_string()),
            ("datePublishedStartM", date.month().to_string()),
            ("datePublishedStartD", date.day().to_string()),
            ("startItem", start.to_string()),
            ("maxCountItem", PAGE.to_string()),
        ];
        let url = with_fields(&self.address, &fields);
        Wanted { url, file: "overview.xml".to_owned(), sha256: None, role: Role::List }
    }

    /// The details of everything that the overviews named.
    fn details(&mut self) -> Vec<Wanted> {
        let mut ids = std::mem::take(&mut self.ids);
        ids.sort();
        ids.dedup();
        let batch = |some: &[String]| {
            self.batches += 1;
            let fields = [
                ("method", "getVulnDetailInfo".to_owned()),
                ("feed", "hnd".to_owned()),
                ("lang", "ja".to_owned()),
                ("vulnId", some.join("+")),
            ];
            let file = format!("detail-{}-{:05}.xml", stamp(self.now), self.batches);
            Wanted { url: with_fields(&self.address, &fields), file, sha256: None, role: Role::Knowledge }
        };
        ids.chunks(DETAILS).map(batch).collect()
    }

    fn came_overview(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        let read = |problem: &Diagnostic| unread(problem, &wanted.url);
        let page = myjvn_list::page(bytes, &wanted.url, &Limits::DEFAULT).map_err(|one| read(&one))?;
        let follows = self.pages.next(page, &wanted.url)?;
        if matches!(follows, Follows::Again) {
            self.ids.clear();
            return Ok(Step::then(vec![self.overview(1)]));
        }
        // Without hits there is nothing but the status.
        if page.returned > 0 {
            self.ids.extend(ids(wanted, bytes, page.returned)?);
        }
        Ok(Step::then(match follows {
            Follows::Page(start) => vec![self.overview(start)],
            Follows::End | Follows::Again => self.details(),
        }))
    }
}

/// The identifiers of an answer, which must be as many as it announces.
fn ids(wanted: &Wanted, bytes: &[u8], announced: u64) -> Result<Vec<String>, Unseen> {
    let reading = advisory::read(bytes, &wanted.url, &Limits::DEFAULT);
    if let Some(problem) = reading.diagnostics.iter().find(|one| one.severity() == Severity::Error) {
        return Err(unread(problem, &wanted.url));
    }
    if reading.advisories.len() as u64 != announced {
        return Err(incomplete("totalResRet", &wanted.url));
    }
    Ok(reading.advisories.into_iter().map(|advisory| advisory.id).collect())
}

impl Steps for Hnd {
    fn first(&mut self) -> Vec<Wanted> {
        vec![self.overview(1)]
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        if wanted.role == Role::List {
            return self.came_overview(wanted, bytes);
        }
        let page = myjvn_list::page(bytes, &wanted.url, &Limits::DEFAULT)
            .map_err(|problem| unread(&problem, &wanted.url))?;
        let found = ids(wanted, bytes, page.returned)?;
        let asked = wanted.url.rsplit_once("vulnId=").map_or("", |(_, ids)| ids);
        // What the overview named and the details leave out would be lost: the next look does not ask for it.
        match asked.split('+').all(|id| found.iter().any(|one| one == id)) {
            true => Ok(Step::default()),
            false => Err(incomplete("vulnId", &wanted.url)),
        }
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        Ok(Rest {
            remains: Remains::AllBut(Vec::new()),
            position: Some(Position {
                addresses: self.addresses.clone(),
                until: Some(self.now),
                ..Position::default()
            }),
            ..Rest::default()
        })
    }

    fn manners(&self) -> Manners {
        MANNERS
    }

    fn asks_for_changes(&self) -> bool {
        true
    }
}

/// Alerts (OKA): the whole list each time. It is short, and what is asked for as a whole can be handed on as a whole.
pub(super) struct Oka {
    address: String,
    pages: Pages,
    files: Vec<String>,
    total: u64,
}

impl Oka {
    pub(super) fn new(draft: &SourceDraft) -> Oka {
        let address = draft.addresses.first().cloned().unwrap_or_default();
        Oka { address, pages: Pages::default(), files: Vec::new(), total: 0 }
    }

    fn page(&self, start: u64) -> Wanted {
        let fields = [
            ("method", "getAlertList".to_owned()),
            ("feed", "oka".to_owned()),
            ("startItem", start.to_string()),
            ("maxCountItem", PAGE.to_string()),
        ];
        let file = format!("alerts-{start:05}.json");
        Wanted { url: with_fields(&self.address, &fields), file, sha256: None, role: Role::News }
    }
}

impl Steps for Oka {
    fn first(&mut self) -> Vec<Wanted> {
        vec![self.page(1)]
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        let list = myjvn_list::alerts(bytes, &wanted.url, &Limits::DEFAULT)
            .map_err(|problem| unread(&problem, &wanted.url))?;
        let missing = list.diagnostics.iter().find(|told| told.code == Code::FieldMissing);
        if let Some(problem) = missing {
            return Err(unread(problem, &wanted.url));
        }
        // IPA's own example announces one entry and holds two: more than announced loses nothing.
        if (list.items.len() as u64) < list.page.returned {
            return Err(incomplete("totalResRet", &wanted.url));
        }
        self.total = list.page.total;
        let next = match self.pages.next(list.page, &wanted.url)? {
            Follows::Page(start) => vec![self.page(start)],
            Follows::End => Vec::new(),
            Follows::Again => {
                let mut dropped = std::mem::take(&mut self.files);
                dropped.push(wanted.file.clone());
                return Ok(Step { next: vec![self.page(1)], dropped, ..Step::default() });
            }
        };
        self.files.push(wanted.file.clone());
        Ok(Step { next, says_nothing: list.items.is_empty(), ..Step::default() })
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        // The source keeps its alerts in the list: that it says that there is none is no "nothing new".
        if self.total == 0 {
            let told = Diagnostic::new(Code::FeedEmpty, Place::file(&self.address));
            return Err(unread(&told, &self.address));
        }
        Ok(Rest::default())
    }

    fn manners(&self) -> Manners {
        Manners { in_one_go: false, ..MANNERS }
    }
}
