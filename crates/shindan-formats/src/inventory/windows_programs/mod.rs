//! Lists of the programs that are installed on Windows: exports of the registry (`.reg`), records of it
//! (`Get-ItemProperty … | Export-Csv`), `wmic product`, `Get-Package`, `winget list`.
//!
//! A program is a component with its publisher as maker and its name, without version, architecture and language, as
//! model. Which CPE names it has is for the dictionary of devices and programs to say, which people can extend.
//!
//! Updates and parts of other programs, which the lists hold as well, are passed over and counted.

mod names;
mod registry;

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Asset, Component, Inventory, InventoryKind};

pub(super) use self::registry::Export;
use super::collector::Collector;
use super::windows_columns::{Cells, Columns};
use super::windows_records::{self, Form, Names, Record, quote};
use crate::limits::Limits;
use crate::text::shorten;

const NAME: [&str; 3] = ["DisplayName", "Name", "名前"];
const VERSION: [&str; 3] = ["DisplayVersion", "Version", "バージョン"];
const PUBLISHER: [&str; 2] = ["Publisher", "Vendor"];
const HOST: [&str; 3] = ["PSComputerName", "__SERVER", "Node"];
/// Sets of fields of which one shows that records are programs: the registry's, `wmic product`, `Get-Package`.
const TELLING: [&[&str]; 6] = [
    &["DisplayName", "DisplayVersion"],
    &["DisplayName", "Publisher"],
    &["IdentifyingNumber", "Name"],
    &["Node", "Name", "Version"],
    &["Name", "Vendor", "Version", "Caption"],
    &["Name", "Version", "ProviderName"],
];
/// The same for tables: `wmic product get …`, `Get-Package`, `winget list`, `Format-Table` of the registry.
const TABLES: [&[&[&str]]; 4] = [
    &[&["Name"], &["Vendor"], &["Version"]],
    &[&["Name"], &["Version"], &["ProviderName"]],
    &[&["Name", "名前"], &["Id"], &["Version", "バージョン"]],
    &[&["DisplayName"], &["DisplayVersion", "Publisher"]],
];

/// How the programs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An export of the registry.
    Registry,
    /// Records.
    Records(Form),
    /// A table of blanks.
    Table,
}

/// An export of the registry, whatever it holds.
pub(super) fn recognise_export(text: &str) -> Option<Export> {
    registry::recognise(text)
}

/// The shape of a text that lists programs. JSON is recognised by its keys.
pub(super) fn recognise(text: &str, names: &Names<'_>) -> Option<Shape> {
    let records = TELLING.iter().find_map(|telling| names.form(telling)).map(Shape::Records);
    records.or_else(|| Columns::find(text, &TABLES).map(|_| Shape::Table))
}

/// True if JSON with records of these names lists programs.
pub(super) fn is_named(names: &[String]) -> bool {
    let has = |wanted: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    TELLING.iter().any(|wanted| wanted.iter().all(has))
}

/// Reads the programs.
///
/// # Errors
/// If nothing could be read.
pub(super) fn read(
    text: &str,
    shape: Shape,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let mut programs = Programs::default();
    match shape {
        Shape::Registry => registry::read(text, &mut found, |entry| programs.take(&entry)),
        Shape::Records(form) => {
            for record in windows_records::read(text, form, limits, &mut found) {
                let entry = Entry::of_record(&record);
                if entry.name.is_none() && form != Form::Json && !entry.may_be_nameless {
                    found.push(record.diagnostic(Code::FieldMissing, &found).with("field", "DisplayName"));
                }
                programs.take(&entry);
            }
        }
        Shape::Table => read_table(text, &mut programs, &mut found),
    }
    programs.inventory(found)
}

/// One entry of a list.
#[derive(Debug, Default)]
struct Entry {
    pointer: String,
    /// Name of the registry key.
    key: String,
    name: Option<String>,
    version: Option<String>,
    publisher: Option<String>,
    host: Option<String>,
    /// A part of another program, which does not show in Windows' own list.
    hidden: bool,
    /// The program that this one is an update of, or what kind of update it is.
    update_of: bool,
    /// True in the registry, whose keys without a name are no programs.
    may_be_nameless: bool,
}

impl Entry {
    fn new(line: u64, key: String) -> Self {
        Entry { pointer: format!("line {line}"), key, may_be_nameless: true, ..Entry::default() }
    }

    /// Takes a value of the registry.
    fn set(&mut self, name: &str, value: String) {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        if value.trim().is_empty() {
            return;
        }
        if is("DisplayName") {
            self.name = Some(value);
        } else if is("DisplayVersion") {
            self.version = Some(value);
        } else if is("Publisher") {
            self.publisher = Some(value);
        } else if is("SystemComponent") {
            self.hidden |= value.trim() == "1";
        } else if is("ParentKeyName") || is("ParentDisplayName") || is("ReleaseType") {
            self.update_of = true;
        }
    }

    fn of_record(record: &Record) -> Entry {
        let mut entry = Entry {
            pointer: record.pointer.clone(),
            key: record.first(&["PSChildName", "IdentifyingNumber"]).unwrap_or_default().to_owned(),
            may_be_nameless: record.get("PSChildName").is_some(),
            ..Entry::default()
        };
        for name in ["SystemComponent", "ParentKeyName", "ParentDisplayName", "ReleaseType"] {
            entry.set(name, record.get(name).unwrap_or_default().to_owned());
        }
        entry.name = record.first(&NAME).map(str::to_owned);
        entry.version = record.first(&VERSION).map(str::to_owned);
        entry.publisher = record.first(&PUBLISHER).map(str::to_owned);
        entry.host = record.first(&HOST).map(str::to_owned);
        entry.update_of |= record.get("ProviderName").is_some_and(|name| name.eq_ignore_ascii_case("msu"));
        entry
    }

    fn of_cells(line: u64, cells: &Cells<'_>) -> Entry {
        let cell = |names: &[&str]| {
            let own = |name: &&str| cells.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            names.iter().find_map(own).map(|(_, cell)| (*cell).to_owned())
        };
        let provider = cell(&["ProviderName"]).is_some_and(|name| name.eq_ignore_ascii_case("msu"));
        // winget names a program "Publisher.Program", unless it made the name up: "ARP\Machine\X64\…".
        let published = cell(&["Source", "ソース"]).is_some_and(|source| source == "winget");
        let id = cell(&["Id"]).filter(|_| published);
        let maker = id.as_deref().and_then(|id| id.split_once('.')).map(|(maker, _)| maker.to_owned());
        Entry {
            pointer: format!("line {line}"),
            name: cell(&NAME),
            version: cell(&VERSION),
            publisher: cell(&PUBLISHER).or(maker),
            host: cell(&HOST),
            update_of: provider,
            ..Entry::default()
        }
    }

    /// True for an update of Windows or of another program, which is no program of its own.
    fn is_update(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let has_number = |text: &str| {
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            words.any(|word| {
                word.strip_prefix("kb")
                    .is_some_and(|number| number.len() > 4 && number.bytes().all(|b| b.is_ascii_digit()))
            })
        };
        let starts = ["security update for", "update for", "hotfix for", "service pack", "definition update"];
        self.update_of
            || has_number(&lower)
            || has_number(&self.key.to_lowercase())
            || starts.iter().any(|start| lower.starts_with(start))
            || lower.contains("更新プログラム")
    }
}

#[derive(Debug, Default)]
struct Programs {
    components: Vec<Component>,
    seen: BTreeSet<(String, Option<String>, Option<String>)>,
    /// Hosts, in the order of their assets.
    hosts: Vec<Option<String>>,
    updates: u64,
    parts: u64,
}

impl Programs {
    fn take(&mut self, entry: &Entry) {
        let Some(name) = entry.name.as_deref().map(|name| shorten(name, 200)).filter(|name| !name.is_empty())
        else {
            self.parts += u64::from(entry.may_be_nameless);
            return;
        };
        if entry.is_update(&name) {
            self.updates += 1;
            return;
        }
        if entry.hidden {
            self.parts += 1;
            return;
        }
        let text = |value: &Option<String>| value.as_deref().map(|value| shorten(value, 100));
        let (stated, maker, host) = (text(&entry.version), text(&entry.publisher), text(&entry.host));
        let stated = stated.filter(|version| !version.eq_ignore_ascii_case("unknown"));
        let asset = self.asset(host);
        // The two halves of the registry, and every user's own, repeat some programs.
        if !self.seen.insert((format!("{asset}/{name}"), stated.clone(), maker.clone())) {
            return;
        }
        let named = names::take_apart(&name, stated.as_deref());
        self.components.push(Component {
            // The version stands beside it, wherever it is shown.
            name: named.program.clone(),
            version: names::version(stated.as_deref(), named.version.as_deref()).map(str::to_owned),
            maker,
            model: Some(named.program),
            asset: u32::try_from(asset).ok(),
            program: true,
            pointer: entry.pointer.clone(),
            ..Component::default()
        });
    }

    fn asset(&mut self, host: Option<String>) -> usize {
        let known = self.hosts.iter().position(|own| *own == host);
        known.unwrap_or_else(|| {
            self.hosts.push(host);
            self.hosts.len() - 1
        })
    }

    fn inventory(self, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
        if self.updates + self.parts > 0 {
            let note = Diagnostic::new(Code::ProgramsPassedOver, found.place());
            found.push(note.with("updates", self.updates).with("parts", self.parts));
        }
        let subject = match &self.hosts[..] {
            [only] => only.clone(),
            _ => None,
        };
        let mut inventory = found.readable(InventoryKind::WindowsPrograms, subject, self.components)?;
        inventory.assets = self.hosts.into_iter().map(|name| Asset { name, ..Asset::default() }).collect();
        Ok(inventory)
    }
}

fn read_table(text: &str, programs: &mut Programs, found: &mut Collector<'_>) {
    let Some(columns) = Columns::find(text, &TABLES) else { return };
    for (number, row) in columns.rows(text) {
        let entry = columns.cut(row).map(|cells| Entry::of_cells(number, &cells));
        match entry.filter(|entry| entry.name.is_some()) {
            Some(entry) => programs.take(&entry),
            None => found.push(
                found
                    .at_line(Code::FieldInvalid, number)
                    .with("field", "line")
                    .with("value", quote(row))
                    .with("expected", "columns as in the header"),
            ),
        }
    }
    windows_records::report_cut_off(text, found);
}
