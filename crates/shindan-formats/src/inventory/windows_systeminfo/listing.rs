//! `systeminfo`: the list (`/fo list`, the usual form) and CSV (`/fo csv`).

use std::borrow::Cow;

use shindan_domain::diagnostic::Code;
use unicode_width::UnicodeWidthStr;

use super::labels::{Label, label, labelled};
use super::{System, Updates};
use crate::inventory::collector::Collector;
use crate::sheet::Rows;
use crate::text::shorten;

/// How many lines are looked at to recognise the format.
const LOOKED_AT: usize = 400;
/// A console breaks lines here. A Japanese character that does not fit goes down as a whole.
const WIDTH: std::ops::RangeInclusive<usize> = 79..=80;
/// Lines that show the format, of which two are enough.
const TELLING: [Label; 4] = [Label::Host, Label::Name, Label::Version, Label::Updates];

/// True if two of the labels at the head of `systeminfo` stand in the text.
pub(super) fn is_list(text: &str) -> bool {
    let mut seen = Vec::new();
    for (label, _) in text.lines().take(LOOKED_AT).filter_map(labelled) {
        if TELLING.contains(&label) && !seen.contains(&label) {
            seen.push(label);
        }
    }
    seen.len() > 1
}

/// True if the first row names the columns of `systeminfo`.
pub(super) fn is_csv(text: &str) -> bool {
    let header = Rows::new(text, b',').take(3).find_map(|row| row.ok().filter(|row| !row.is_blank()));
    let labels: Vec<Label> =
        header.iter().flat_map(|row| &row.cells).filter_map(|cell| label(cell)).collect();
    labels.contains(&Label::Host) && labels.contains(&Label::Name)
}

/// Reads one host after the other.
pub(super) fn read_list(text: &str) -> Vec<System> {
    let mut systems: Vec<System> = Vec::new();
    let mut current = Label::Other;
    let lines = logical_lines(text);
    let count = lines.len();
    for (index, (number, line)) in lines.into_iter().enumerate() {
        let at_end = index + 1 == count && !text.ends_with(['\n', '\r']);
        if let Some((label, value)) = labelled(&line) {
            let again = label == Label::Host && systems.last().is_some_and(|system| system.host.is_some());
            if systems.is_empty() || again {
                systems.push(System::at(number));
            }
            current = label;
            if let Some(system) = systems.last_mut() {
                take(system, label, value);
            }
        } else if !line.starts_with(char::is_whitespace) && line.contains([':', '：']) {
            current = Label::Other;
        } else if let Some(system) = systems.last_mut() {
            go_on(system, current, &line, at_end);
        }
    }
    systems
}

/// Lines without those that are blank, and with those put together again that the console broke.
fn logical_lines(text: &str) -> Vec<(u64, Cow<'_, str>)> {
    let mut lines: Vec<(u64, Cow<'_, str>)> = Vec::new();
    let mut full = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            full = false;
            continue;
        }
        let goes_on = full && !line.starts_with(char::is_whitespace) && labelled(line).is_none();
        full = WIDTH.contains(&line.width());
        match lines.last_mut() {
            Some((_, last)) if goes_on && last.len() < 4096 => last.to_mut().push_str(line.trim_end()),
            _ => lines.push((number, Cow::Borrowed(line.trim_end()))),
        }
    }
    lines
}

fn take(system: &mut System, label: Label, value: &str) {
    let field = match label {
        Label::Host => &mut system.host,
        Label::Name => &mut system.name,
        Label::Version => &mut system.version,
        Label::Configuration => &mut system.configuration,
        Label::Maker => &mut system.maker,
        Label::Model => &mut system.model,
        Label::Type => &mut system.architecture,
        Label::Updates => {
            system.updates = updates(value);
            return;
        }
        Label::Other => return,
    };
    if field.is_none() && !value.is_empty() {
        *field = Some(shorten(value, 200));
    }
}

/// What stands behind the label of the updates: `12 個のホットフィックスがインストールされています。`, `N/A`; in CSV
/// followed by the list.
fn updates(value: &str) -> Updates {
    let digits: String = value
        .chars()
        .skip_while(|c| !c.is_ascii_digit() && *c != '[')
        .take_while(char::is_ascii_digit)
        .collect();
    let unknown = value.is_empty() || value.eq_ignore_ascii_case("n/a");
    if unknown {
        return Updates::Unknown;
    }
    let entries = value.split('[').skip(1).filter_map(entry).map(|entry| shorten(entry, 80)).collect();
    Updates::List { stated: digits.parse().ok(), entries, at_end: false }
}

/// `01]: KB5034122,` → `KB5034122`
fn entry(text: &str) -> Option<&str> {
    let (number, entry) = text.split_once(']')?;
    let entry = entry.trim_start().strip_prefix(':')?.trim().trim_end_matches(',').trim_end();
    (number.bytes().all(|b| b.is_ascii_digit()) && !entry.is_empty()).then_some(entry)
}

/// A line without a label of its own belongs to the label above it.
fn go_on(system: &mut System, label: Label, line: &str, end: bool) {
    if label != Label::Updates {
        return;
    }
    match (&mut system.updates, line.trim_start().strip_prefix('[').and_then(entry)) {
        (Updates::List { entries, at_end, .. }, Some(entry)) => {
            entries.push(shorten(entry, 80));
            *at_end = end;
        }
        // The number of updates may stand below the label.
        (own @ Updates::Unknown, None) => *own = updates(line.trim()),
        _ => {}
    }
}

/// Reads a row for each host.
pub(super) fn read_csv(text: &str, found: &mut Collector<'_>) -> Vec<System> {
    let mut labels: Vec<Option<Label>> = Vec::new();
    let mut systems = Vec::new();
    for row in Rows::new(text, b',') {
        match row {
            Err(broken) => {
                found.push(found.at_line(Code::CsvInvalid, broken.line).with("reason", broken.reason));
            }
            Ok(row) if row.is_blank() => {}
            Ok(row) if row.cells.first().and_then(|cell| label(cell)) == Some(Label::Host) => {
                labels = row.cells.iter().map(|cell| label(cell)).collect();
            }
            Ok(row) => {
                if row.cells.len() < labels.len() {
                    let reason = "fewer cells than the header";
                    found.push(found.at_line(Code::CsvInvalid, row.line).with("reason", reason));
                }
                let mut system = System::at(row.line);
                for (label, cell) in labels.iter().zip(&row.cells) {
                    take(&mut system, label.unwrap_or(Label::Other), cell.trim());
                }
                systems.push(system);
            }
        }
    }
    systems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_label_of_updates() {
        let list = |stated, entries: &[&str]| Updates::List {
            stated,
            entries: entries.iter().map(|entry| (*entry).to_owned()).collect(),
            at_end: false,
        };
        for (value, expected) in [
            ("N/A", Updates::Unknown),
            ("", Updates::Unknown),
            ("12 個のホットフィックスがインストールされています。", list(Some(12), &[])),
            ("0 Hotfix(s) Installed.", list(Some(0), &[])),
            ("2 Hotfix(s) Installed.,[01]: KB1,[02]: File 1", list(Some(2), &["KB1", "File 1"])),
            ("ホットフィックスがインストールされています。[01]: KB1", list(None, &["KB1"])),
        ] {
            assert_eq!(updates(value), expected, "{value}");
        }
    }

    #[test]
    fn lines_that_the_console_broke() {
        let broken = format!("OS Name:{}Microsoft\n Windows\nand more\n", " ".repeat(63));
        let lines: Vec<String> =
            logical_lines(&broken).into_iter().map(|(_, line)| line.into_owned()).collect();
        assert_eq!(lines, [broken.lines().next().unwrap_or_default(), " Windows", "and more"]);
        let broken = format!("OS Name:{}Microsoft\nWindows\nOS Version: 10\n", " ".repeat(63));
        let lines: Vec<String> =
            logical_lines(&broken).into_iter().map(|(_, line)| line.into_owned()).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with("MicrosoftWindows"));
    }
}
