//! NVD, API 2.0: everything once, page by page, then windows of what was changed since the newest complete look.
//!
//! Source: NVD, "CVE API" and "Start Here": at most 2,000 records a page, at most 120 days a window, without a key five requests
//! in thirty seconds, with one fifty. The answer grows while somebody pages: a page that does not follow the one before means
//! that records may have been missed, and the window is read again.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use shindan_domain::collect::{Failure, SourceDraft};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_formats::collect::nvd_page::{self, NvdPage};
use shindan_formats::limits::Limits;

use super::super::files::Position;
use super::{Manners, Remains, Rest, Role, Step, Steps, Unseen, Wanted, stamp, unread, with_fields};

/// The name of the key in the settings of the client.
pub(in crate::records::collect) const KEY: &str = "nvd";
/// Records of a page at most.
const PAGE: u64 = 2_000;
/// The longest window, a little below the 120 days that are permitted.
const LONGEST: SignedDuration = SignedDuration::from_hours(119 * 24);
/// A record may show up a while after the time it was changed at; so far the next window goes back behind the last look.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);
/// How often a window is read again before the look fails.
const AGAIN: u32 = 3;

/// See the module.
pub(super) struct Nvd {
    address: String,
    addresses: Vec<String>,
    /// What is still to be asked for, the present one first; `None`: everything.
    windows: VecDeque<Option<(Timestamp, Timestamp)>>,
    everything: bool,
    looked_at: Timestamp,
    number: usize,
    before: Option<NvdPage>,
    pages: Vec<String>,
    again: u32,
    /// When the first page was made, by the clock of the source.
    made: Option<Timestamp>,
    until: Timestamp,
    total: u64,
}

impl Nvd {
    pub(super) fn new(draft: &SourceDraft, position: Option<Position>, now: Timestamp) -> Nvd {
        let since = position.and_then(|position| position.until);
        let (windows, until) = match since {
            None => (VecDeque::from([None]), now),
            Some(since) => windows(since, now),
        };
        Nvd {
            address: draft.addresses.first().cloned().unwrap_or_default(),
            addresses: draft.addresses.clone(),
            windows,
            everything: since.is_none(),
            looked_at: now,
            number: 0,
            before: None,
            pages: Vec::new(),
            again: 0,
            made: None,
            until,
            total: 0,
        }
    }

    /// The page of the present window that begins there.
    fn page(&self, start: u64) -> Option<Wanted> {
        let window = self.windows.front()?;
        let mut fields = vec![("resultsPerPage", PAGE.to_string()), ("startIndex", start.to_string())];
        if let Some((from, to)) = window {
            let time = |at: &Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
            fields.extend([("lastModStartDate", time(from)), ("lastModEndDate", time(to))]);
        }
        let kind = if window.is_none() { "whole" } else { "changed" };
        let file = format!("{kind}-{}-{:02}-{start:07}.json", stamp(self.looked_at), self.number);
        let url = with_fields(&self.address, &fields);
        Some(Wanted { url, file, sha256: None, role: Role::Knowledge })
    }

    fn begin_window_again(&mut self, wanted: &Wanted) -> Result<Step, Unseen> {
        self.again += 1;
        if self.again > AGAIN {
            let params = vec![
                ("reason", "paging".to_owned()),
                ("value", shindan_domain::collect::redacted(&wanted.url)),
            ];
            return Err((Failure::Incomplete, params));
        }
        self.before = None;
        let mut dropped = std::mem::take(&mut self.pages);
        dropped.push(wanted.file.clone());
        Ok(Step { next: self.page(0).into_iter().collect(), dropped, ..Step::default() })
    }
}

/// From an hour before `since` to now, in windows; and until when they go. A clock that was put back asks for the overlap.
fn windows(since: Timestamp, now: Timestamp) -> (VecDeque<Option<(Timestamp, Timestamp)>>, Timestamp) {
    let until = now.max(since);
    let mut from = since.checked_sub(OVERLAP).unwrap_or(since);
    let mut windows = VecDeque::new();
    loop {
        let to = from.checked_add(LONGEST).map_or(until, |to| to.min(until));
        windows.push_back(Some((from, to)));
        if to >= until {
            return (windows, until);
        }
        from = to;
    }
}

impl Steps for Nvd {
    fn first(&mut self) -> Vec<Wanted> {
        self.page(0).into_iter().collect()
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        let read = |problem: &Diagnostic| unread(problem, &wanted.url);
        let page = nvd_page::read(bytes, &wanted.url, &Limits::DEFAULT).map_err(|problem| read(&problem))?;
        if page.format != "NVD_CVE" {
            let told = Diagnostic::new(Code::FormatUnsupported, Place::file(&wanted.url));
            return Err(read(&told));
        }
        self.made = self.made.or(Some(page.made));
        let follows = match &self.before {
            Some(before) => page.follows(before),
            None => page.start == 0,
        };
        if !follows {
            return self.begin_window_again(wanted);
        }
        let says_nothing = page.returned == 0;
        self.pages.push(wanted.file.clone());
        let next = match page.next() {
            Some(start) => {
                self.before = Some(page);
                self.page(start)
            }
            None => {
                self.total = page.total;
                self.before = None;
                self.pages.clear();
                self.windows.pop_front();
                self.number += 1;
                self.page(0)
            }
        };
        Ok(Step { next: next.into_iter().collect(), says_nothing, ..Step::default() })
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        if self.everything && self.total == 0 {
            return Err((Failure::Empty, vec![("value", shindan_domain::collect::redacted(&self.address))]));
        }
        // The earlier one of the source's clock and ours: what is changed while pages are read comes with the next window.
        let until = self.made.map_or(self.until, |made| made.min(self.until));
        let position =
            Position { addresses: self.addresses.clone(), until: Some(until), ..Position::default() };
        let remains = if self.everything { Remains::Nothing } else { Remains::AllBut(Vec::new()) };
        let records = self.everything.then_some(self.total);
        Ok(Rest { remains, position: Some(position), records, told: Vec::new() })
    }

    fn manners(&self) -> Manners {
        Manners { pause: Duration::from_secs(6), busy: &[403, 503], key: Some(KEY), in_one_go: true }
    }

    fn asks_for_changes(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_short_enough_and_leave_no_gap() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let (since, now) = (at("2026-01-01T12:00:00Z"), at("2026-11-27T08:00:00Z"));
        let (found, until) = windows(since, now);
        assert_eq!((found.len(), until), (3, now));
        let mut end = at("2026-01-01T11:00:00Z");
        for window in found {
            let (from, to) = window.expect("a window");
            assert_eq!(from, end);
            assert!(to.duration_since(from) < SignedDuration::from_hours(120 * 24));
            end = to;
        }
        assert_eq!(end, now);
        // A clock that was put back asks for the overlap, and does not go back itself.
        let (found, until) = windows(now, since);
        assert_eq!((found, until), (VecDeque::from([Some((at("2026-11-27T07:00:00Z"), now))]), now));
    }
}
