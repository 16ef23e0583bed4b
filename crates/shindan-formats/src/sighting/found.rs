//! What a reader gathers.

use core::net::IpAddr;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::sighting::{MacAddress, Observed, SightingFormat, SightingReport, Skipped};

use super::MOST_OBSERVED;
use crate::text::shorten;

/// So many unreadable lines are named; more are counted in the last one.
const MOST_NAMED: usize = 100;

/// A report that is being put together.
pub(super) struct Found {
    pub(super) report: SightingReport,
    path: String,
    unnamed: u64,
    full: bool,
}

impl Found {
    pub(super) fn new(format: SightingFormat, path: &str) -> Self {
        Found { report: SightingReport::new(format), path: path.to_owned(), unnamed: 0, full: false }
    }

    pub(super) fn place(&self, line: u64) -> Place {
        Place::file(&self.path).at_line(line)
    }

    pub(super) fn skipped(&mut self) -> &mut Skipped {
        &mut self.report.skipped
    }

    /// Something that was seen; addresses of groups and of nobody are counted instead.
    pub(super) fn see(&mut self, observed: Observed) {
        let group = |address: &IpAddr| match address {
            IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
            IpAddr::V6(address) => address.is_multicast(),
        };
        if observed.mac.is_some_and(MacAddress::is_group)
            || (!observed.addresses.is_empty() && observed.addresses.iter().all(group))
        {
            self.report.skipped.groups += 1;
        } else if observed.mac.is_some_and(MacAddress::is_zero) {
            self.report.skipped.incomplete += 1;
        } else if self.report.observed.len() >= MOST_OBSERVED {
            if !self.full {
                self.full = true;
                let diagnostic = Diagnostic::new(Code::SheetTooLarge, self.place(observed.line));
                self.report.diagnostics.push(diagnostic.with("limit", MOST_OBSERVED).with("unit", "devices"));
            }
        } else {
            self.report.observed.push(observed);
        }
    }

    /// A line that cannot be read.
    pub(super) fn unreadable(&mut self, line: u64, text: &str) {
        if self.report.diagnostics.len() >= MOST_NAMED {
            self.unnamed += 1;
            return;
        }
        let diagnostic = Diagnostic::new(Code::SightingLineUnreadable, self.place(line));
        self.report.diagnostics.push(diagnostic.with("value", shorten(text, 80)));
    }

    /// The report, if anything was seen.
    pub(super) fn finish(mut self) -> Result<SightingReport, Vec<Diagnostic>> {
        if self.unnamed > 0 {
            let diagnostic = Diagnostic::new(Code::SightingLineUnreadable, Place::file(&self.path));
            self.report.diagnostics.push(diagnostic.with("value", format!("+{}", self.unnamed)));
        }
        if !self.report.observed.is_empty() {
            return Ok(self.report);
        }
        let Skipped { groups, incomplete, ended, own } = self.report.skipped;
        let none = Diagnostic::new(Code::SightingsNone, Place::file(&self.path))
            .with("format", self.report.format)
            .with("skipped", groups + incomplete + ended + own);
        let mut all = vec![none];
        all.append(&mut self.report.diagnostics);
        Err(all)
    }
}

/// Lines with their numbers from 1, without blank ones.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(text.lines()).map(|(number, line)| (number, line.trim())).filter(|(_, line)| !line.is_empty())
}

/// An address, without the zone that some programs add (`fe80::1%eth0`).
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.split('%').next().unwrap_or(text).parse().ok()
}

/// A line that a person or terminal program added: the prompt with the command (`SW1#show arp`, `$ arp -a`, `C:\>arp -a`).
pub(super) fn is_prompt(line: &str) -> bool {
    let words = [
        "show ",
        "sh ",
        "arp ",
        "ip neigh",
        "ip n",
        "cat /proc",
        "netsh ",
        "terminal ",
        "display ",
        "dis ",
        "screen-",
    ];
    let command = line.rsplit(['#', '>', '$', '%']).next().unwrap_or_default().trim_start();
    let has_sign = line.contains(['#', '>', '$', '%']);
    let bare = has_sign && command.is_empty() && !line.contains(' ');
    bare || (has_sign && words.iter().any(|word| command.starts_with(word)))
}
