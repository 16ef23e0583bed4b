//! Nikto's XML report. Source: `nikto.dtd` and `nikto_report_xml.plugin` of Nikto 2.1 and 2.5.
//!
//! Nikto writes a `niktoscan` into a `niktoscan`, one for each host.

use shindan_domain::assessment::{Profile, ScanFormat, ScanPlace};
use shindan_domain::diagnostic::Diagnostic;

use crate::scan::collected::Collected;
use crate::scan::place;
use crate::scan::tools::nikto::{Entry, finding};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::NiktoXml, "Nikto", "nikto", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let root = reader.root().clone();
    begin_scan(&root, found);
    while let Some(piece) = reader.next_piece(|element| element.name.local == "niktoscan")? {
        match piece {
            Piece::Entered(element) => begin_scan(&element, found),
            Piece::Whole(element) if element.name.local == "scandetails" => host(&element, found),
            Piece::Whole(_) | Piece::Left => {}
        }
    }
    Ok(())
}

/// The end that a `niktoscan` names is that of 1970 while the report is written; those of the hosts are the right ones.
fn begin_scan(element: &Element, found: &mut Collected) {
    found.version(element.attribute("version"));
    let began = found.time("scanstart", element.attribute("scanstart").unwrap_or_default(), element.line);
    found.started(began);
    profile(element.attribute("options").unwrap_or_default(), found);
}

/// Options that say where the report goes and what is scanned, and nothing about how much is looked for.
const NO_PROFILE: [&str; 10] =
    ["format", "fo", "output", "o", "host", "h", "port", "p", "display", "nointeractive"];

/// What the command line says about how much was looked for. An option whose value begins with `-` has it as the next word all the same
/// if that is `-` alone (a list from standard input).
fn profile(options: &str, found: &mut Collected) {
    let mut words = options.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(name) = word.strip_prefix('-') else { continue };
        let (name, joined) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
        let name = name.trim_start_matches('-').to_ascii_lowercase();
        let next = words.next_if(|next| joined.is_none() && (*next == "-" || !next.starts_with('-')));
        if !NO_PROFILE.contains(&name.as_str()) {
            Profile::set(
                &mut found.report.profile,
                format!("{name}={}", joined.or(next).unwrap_or_default()),
            );
        }
    }
}

fn host(element: &Element, found: &mut Collected) {
    let text = |name: &str| element.attribute(name).unwrap_or_default();
    let mut target = place::web(text("sitename"));
    if target.host.is_none() {
        target.host = Some(text("targethostname").to_ascii_lowercase()).filter(|host| !host.is_empty());
    }
    target.port = target.port.or_else(|| text("targetport").parse().ok());
    for name in ["targetip", "targethostname", "sitename"] {
        found.touch(text(name));
    }
    let began = found.time("starttime", text("starttime"), element.line);
    found.started(began);
    match element.child("statistics") {
        Some(statistics) => {
            let ended =
                found.time("endtime", statistics.attribute("endtime").unwrap_or_default(), statistics.line);
            found.ended(ended);
            found.finished();
        }
        None => {
            found.unfinished(element.line, &format!("{}: no statistics at its end", text("targethostname")))
        }
    }
    for entry in element.all("item") {
        item(entry, &target, found);
    }
}

fn item(element: &Element, target: &ScanPlace, found: &mut Collected) {
    let rule = element.attribute("id").unwrap_or_default().trim();
    let description = element.child_text("description").unwrap_or_default();
    if rule.is_empty() {
        found.unreadable(
            element.line,
            if description.is_empty() { "item" } else { description },
            "there is no id",
        );
        return;
    }
    let references = element.child_text("references").into_iter().chain(element.attribute("osvdblink"));
    let entry = Entry {
        rule,
        description,
        uri: element.child_text("uri").unwrap_or_default(),
        method: element.attribute("method").unwrap_or_default(),
        osvdb: element.attribute("osvdbid").unwrap_or_default(),
        references: references.collect(),
    };
    let result = finding(&entry, target);
    found.add(result, element.line);
}
