//! Nikto, CSV. Source: `nikto_report_csv.plugin` of Nikto 2.1 and 2.5.
//!
//! It has no headings but a line with the version, and no number of the check: what the message says, without the values in it, is
//! the rule.

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace};

use crate::scan::collected::{self, Collected};
use crate::scan::place;
use crate::scan::xml::nikto::{Entry, finding};
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
    let entry = Entry { rule: &rule, description: message, uri: cell(5), method: cell(4), osvdb };
    let mut result = finding(&entry, &site);
    let references = cell(3).split_whitespace().filter(|one| one.starts_with("http"));
    result.references = references.take(20).map(collected::line).collect();
    result.identifiers.extend(crate::scan::names::cves(cell(3)));
    found.add(result, row.line);
}

/// A message without what stands between quotes and behind a colon.
fn rule(message: &str) -> String {
    let message = message.trim_start_matches(['/', ':', ' ']);
    let outside: Vec<&str> = message.split(['\'', '"']).step_by(2).collect();
    let outside = outside.join("_");
    let end = outside.find(": ").filter(|end| *end > 10).unwrap_or(outside.len());
    crate::text::shorten(outside.get(..end).unwrap_or(&outside), 80)
}

#[cfg(test)]
mod tests {
    use super::rule;

    #[test]
    fn values_are_no_part_of_the_rule() {
        assert_eq!(
            rule("Uncommon header 'x-cache' found, with contents: HIT"),
            "Uncommon header _ found, with contents"
        );
        assert_eq!(
            rule("/: The X-Frame-Options header is not present."),
            "The X-Frame-Options header is not present."
        );
        assert_eq!(rule(""), "");
    }
}
