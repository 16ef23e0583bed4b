//! Nikto, CSV. Source: `nikto_report_csv.plugin` of Nikto 2.1 and 2.5.
//!
//! It has no headings but a line with the version, and no number of the check: what the message says, without the values in it, is
//! the rule.

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace};

use crate::scan::collected::Collected;
use crate::scan::place;
use crate::scan::tools::nikto::{Entry, finding, rule};
use crate::sheet::{Rows, TextRow};

pub(super) fn is_report(text: &str) -> bool {
    text.trim_start().trim_start_matches('"').starts_with("Nikto - v")
}

pub(super) fn read(text: &str, path: &str) -> shindan_domain::assessment::ScanReport {
    let mut found = Collected::new(ScanFormat::NiktoCsv, "Nikto", "nikto", path);
    for line in Rows::new(text, b',') {
        match line {
            Ok(row) if row.is_blank() => {}
            Ok(row) => read_row(&row, &mut found),
            Err(broken) => found.unreadable(broken.line, "row", &broken.reason),
        }
    }
    found.finish()
}

fn read_row(row: &TextRow<'_>, found: &mut Collected) {
    let cell = |column: usize| row.cells.get(column).map(|cell| cell.trim()).unwrap_or_default();
    if let Some(version) = cell(0).strip_prefix("Nikto - v") {
        return found.version(version.split('/').next());
    }
    if row.cells.len() < 7 {
        let reason = format!("{} cells instead of 7", row.cells.len());
        return found.unreadable(row.line, cell(0), &reason);
    }
    let (host, _) = place::host_and_port(cell(0));
    let port: Option<u16> = cell(2).parse().ok();
    if port.is_none() && !cell(2).is_empty() {
        found.tolerated("port", cell(2), "1 to 65535", row.line);
    }
    found.touch(host.as_deref().unwrap_or_default());
    found.touch(cell(1));
    let message = cell(6);
    if cell(4).is_empty() && cell(5).is_empty() {
        // The line that begins a host tells what its server calls itself.
        return found.leave_out(LeftOut::AboutTheRun);
    }
    let rule = rule(message);
    if rule.is_empty() {
        return found.unreadable(row.line, cell(5), "there is no message");
    }
    let site = ScanPlace { host, port, ..ScanPlace::default() };
    let osvdb = cell(3).strip_prefix("OSVDB-").unwrap_or("");
    let entry = Entry {
        rule: &rule,
        description: message,
        uri: cell(5),
        method: cell(4),
        osvdb,
        references: vec![cell(3)],
    };
    let result = finding(&entry, &site);
    found.add(result, row.line);
}
