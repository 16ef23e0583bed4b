//! Lists of the updates that are installed on Windows: `Get-HotFix` (table, list, CSV, JSON), `wmic qfe` and
//! `dism /online /get-packages`, in Japanese and English.
//!
//! None of them names the Windows they belong to; DISM tells its build. Each host becomes an asset and a component
//! that stands for its operating system; `shindan_domain::same_host` joins it with what other files tell.
//!
//! A list that is cut off is an error, and is then not used: an update that is missing in it may be installed.

mod dism;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Asset, Component, Inventory, InventoryKind};
use shindan_domain::same_host::UNNAMED_SYSTEM;
use shindan_domain::windows;

use super::collector::Collector;
use super::windows_banner;
use super::windows_records::{self, Form, Names, is_prompt, quote};
use crate::limits::Limits;
use crate::text::shorten;

/// The column that tells the update, in every form but DISM's.
const UPDATE: &str = "HotFixID";
/// Columns that tell the host, the surest first.
const HOST: [&str; 6] = ["PSComputerName", "CSName", "Source", "__SERVER", "SystemName", "Node"];
/// How many lines are looked at for the header of a table.
const LOOKED_AT: usize = 100;

/// How the updates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Records with a field `HotFixID`.
    Records(Form),
    /// A table of blanks with a header.
    Table,
    /// The output of DISM.
    Dism,
}

/// The shape of a text that lists updates. JSON is recognised by its keys.
pub(super) fn recognise(text: &str, names: &Names<'_>) -> Option<Shape> {
    if dism::recognise(text) {
        return Some(Shape::Dism);
    }
    if let Some(form) = names.form(&[UPDATE]) {
        return Some(Shape::Records(form));
    }
    text.lines().take(LOOKED_AT).any(|line| Header::of(line).is_some()).then_some(Shape::Table)
}

/// True if JSON with records of these names lists updates.
pub(super) fn is_named(names: &[String]) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(UPDATE))
}

/// Reads the updates of every host in the text.
///
/// # Errors
/// If nothing could be read.
pub(super) fn read(
    text: &str,
    shape: Shape,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let mut hosts = Hosts::default();
    match shape {
        Shape::Dism => dism::read(text, &mut hosts, &mut found),
        Shape::Table => read_table(text, &mut hosts, &mut found),
        Shape::Records(form) => {
            for record in windows_records::read(text, form, limits, &mut found) {
                let host = record.first(&HOST);
                match record.get(UPDATE) {
                    Some(update) => hosts
                        .add(host, update, &record.pointer, || record.diagnostic(Code::FieldInvalid, &found)),
                    None => hosts
                        .unusable
                        .push(record.diagnostic(Code::FieldMissing, &found).with("field", UPDATE)),
                }
            }
        }
    }
    // A session of a console shows its build above the list.
    let build = text.lines().take(LOOKED_AT).find_map(windows_banner::build_in);
    if let (Some(build), [only]) = (build, &mut hosts.hosts[..]) {
        only.build.get_or_insert(build);
    }
    hosts.inventory(found)
}

/// One host and what is installed on it.
#[derive(Debug, Default)]
struct Host {
    name: Option<String>,
    updates: Vec<String>,
    pointer: String,
    /// Build with revision, if the list tells it.
    build: Option<String>,
}

/// Everything that one text tells.
#[derive(Debug, Default)]
struct Hosts {
    hosts: Vec<Host>,
    /// Entries that name no update by number (`File 1`), and are none.
    without_number: u64,
    /// Entries that are damaged.
    unusable: Vec<Diagnostic>,
    /// True if cumulative updates are named by build and not by number, so that the numbers are not all there is.
    by_build: bool,
}

impl Hosts {
    fn host(&mut self, name: Option<&str>, pointer: &str) -> Option<&mut Host> {
        let same = |host: &Host| match (&host.name, name) {
            (Some(own), Some(name)) => own.eq_ignore_ascii_case(name),
            (None, None) => true,
            _ => false,
        };
        let at = self.hosts.iter().position(same).unwrap_or_else(|| {
            let name = name.map(|name| shorten(name, 100));
            self.hosts.push(Host { name, pointer: pointer.to_owned(), ..Host::default() });
            self.hosts.len() - 1
        });
        self.hosts.get_mut(at)
    }

    /// Takes an update of a host as it is written. `defect` makes a diagnostic at its place.
    fn add(&mut self, host: Option<&str>, written: &str, pointer: &str, defect: impl FnOnce() -> Diagnostic) {
        let number = written.split_whitespace().next().unwrap_or_default();
        let numbered = number.get(..2).is_some_and(|front| front.eq_ignore_ascii_case("kb"));
        match windows::update(number).filter(|_| numbered) {
            Some(update) => {
                if let Some(host) = self.host(host, pointer)
                    && !host.updates.contains(&update)
                {
                    host.updates.push(update);
                }
            }
            None if numbered => self.unusable.push(
                defect().with("field", UPDATE).with("value", quote(written)).with("expected", "KB5034122"),
            ),
            None => {
                // It shows that the host has a list, all the same.
                let _ = self.host(host, pointer);
                self.without_number += 1;
            }
        }
    }

    fn inventory(self, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
        for diagnostic in self.unusable {
            found.push(diagnostic);
        }
        if self.without_number > 0 {
            let note = Diagnostic::new(Code::UpdatesWithoutNumber, found.place());
            found.push(note.with("count", self.without_number));
        }
        if self.by_build {
            found.push(Diagnostic::new(Code::UpdatesByBuild, found.place()));
        }
        // An update that is missing in a damaged list may be installed.
        let unknown = self.by_build || found.has_error();
        let mut assets = Vec::new();
        let mut components = Vec::new();
        for host in self.hosts {
            components.push(Component {
                name: UNNAMED_SYSTEM.to_owned(),
                version: host.build,
                asset: u32::try_from(assets.len()).ok(),
                updates: (!unknown).then_some(host.updates),
                pointer: host.pointer,
                ..Component::default()
            });
            assets.push(Asset { name: host.name, ..Asset::default() });
        }
        let subject = match &assets[..] {
            [only] => only.name.clone(),
            _ => None,
        };
        let mut inventory = found.readable(InventoryKind::WindowsUpdates, subject, components)?;
        inventory.assets = assets;
        Ok(inventory)
    }
}

// ---- tables ----------------------------------------------------------------------------------------------

/// Where the columns of a table start, in characters.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    host: Option<usize>,
}

impl Header {
    fn of(line: &str) -> Option<Header> {
        let mut has_update = false;
        let mut host = None;
        let mut at = 0;
        for word in line.split(' ') {
            has_update |= word.trim_end().eq_ignore_ascii_case(UPDATE);
            if HOST.iter().any(|name| word.trim_end().eq_ignore_ascii_case(name)) {
                host = host.or(Some(at));
            }
            at += word.chars().count() + 1;
        }
        // A sentence that speaks of it is no header.
        let words =
            line.split_whitespace().all(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        (has_update && words).then_some(Header { host })
    }
}

fn read_table(text: &str, hosts: &mut Hosts, found: &mut Collector<'_>) {
    let mut header: Option<Header> = None;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(begun) = Header::of(line) {
            header = Some(begun);
            continue;
        }
        let Some(header) = &header else { continue };
        if line.trim().is_empty() || line.trim_start().starts_with("--") || is_prompt(line) {
            continue;
        }
        let host = header.host.and_then(|at| word_at(line, at));
        let update = line.split_whitespace().find(|word| starts_with_number(word)).unwrap_or_default();
        hosts.add(host, update, &format!("line {number}"), || found.at_line(Code::FieldInvalid, number));
    }
    windows_records::report_cut_off(text, found);
}

/// `KB5034122`, `KB50341…`
fn starts_with_number(word: &str) -> bool {
    word.get(..2).is_some_and(|front| front.eq_ignore_ascii_case("kb"))
        && word.chars().nth(2).is_some_and(|c| c.is_ascii_digit())
}

/// The word that starts at this character, if one does.
fn word_at(line: &str, at: usize) -> Option<&str> {
    let (start, _) = line.char_indices().nth(at)?;
    let rest = line.get(start..)?;
    let word = rest.split(' ').next().unwrap_or_default().trim();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_words() {
        let header = Header::of("Source        Description      HotFixID      InstalledBy");
        assert_eq!(header, Some(Header { host: Some(0) }));
        assert_eq!(Header::of("Caption   CSName  HotFixID"), Some(Header { host: Some(10) }));
        assert_eq!(Header::of("HotFixID  \r"), Some(Header { host: None }));
        assert_eq!(Header::of("Look for the HotFixID, please."), None);
        assert_eq!(word_at("http://a  SRV01   Update", 10), Some("SRV01"));
        assert_eq!(word_at("http://a", 10), None);
        assert!(is_prompt("PS C:\\Users\\a> Get-HotFix") && is_prompt("C:\\>") && !is_prompt("SRV01 KB1"));
    }
}
