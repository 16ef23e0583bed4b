//! Tables whose columns a person named: results of manual tests, exports of tools that are not known here.

use std::collections::BTreeMap;

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::FindingKind;

use super::Mapping;
use super::rows::{self, Head, Lines, Record};
use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets, tools};
use crate::sheet::TextRow;
use crate::text::shorten;

/// Titles may stand above the headings; they are looked for in so many rows.
const BEGINNING: usize = 50;

/// Columns by the field that they hold.
type Columns = BTreeMap<&'static str, usize>;

pub(super) fn read(
    lines: Lines<'_>,
    path: &str,
    mapping: Option<&Mapping>,
) -> Result<ScanReport, Vec<Diagnostic>> {
    let mut lines = lines;
    let mut beginning: Vec<TextRow<'_>> = Vec::new();
    let mut head = None;
    for row in lines.by_ref().take(BEGINNING).flatten().filter(|row| !row.is_blank()) {
        let candidate = Head::new(&row);
        beginning.push(row);
        if mapping.is_some_and(|mapping| mapping.columns.values().all(|heading| candidate.has(heading))) {
            head = Some(candidate);
            break;
        }
    }
    let Some(mapping) = mapping else { return Err(vec![unmapped(&beginning, path)]) };
    let wrong = misnamed(mapping, path);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let Some(head) = head else { return Err(missing(mapping, &beginning, path)) };
    let columns: Columns = Mapping::FIELDS
        .into_iter()
        .filter_map(|field| Some((field, head.column(mapping.columns.get(field)?)?)))
        .collect();
    let key = if mapping.tool.trim().is_empty() { "table" } else { mapping.tool.trim() };
    let mut found = Collected::new(ScanFormat::Table, key, &key.to_lowercase(), path);
    rows::each(&head, lines, &mut found, |record, found| row(record, &columns, found));
    Ok(found.finish())
}

/// What there is to choose from; a text without a table is no report, nor is one whose lines only end with a delimiter (source code).
fn unmapped(beginning: &[TextRow<'_>], path: &str) -> Diagnostic {
    let named = |row: &TextRow<'_>| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    match beginning.iter().find(|row| named(row) > 1) {
        Some(row) => {
            let headings: Vec<&str> = row.cells.iter().map(|cell| cell.trim()).collect();
            let refused = Diagnostic::new(Code::ScanMappingMissing, Place::file(path).at_line(row.line));
            refused.with("columns", shorten(&headings.join(", "), 1_000))
        }
        None => Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "text"),
    }
}

fn misnamed(mapping: &Mapping, path: &str) -> Vec<Diagnostic> {
    let place = || Place::file(path);
    let unknown = mapping.columns.keys().filter(|field| !Mapping::FIELDS.contains(&field.as_str()));
    let mut wrong: Vec<Diagnostic> = unknown
        .map(|field| {
            let refused = Diagnostic::new(Code::FieldUnknown, place()).with("field", shorten(field, 80));
            refused.with("expected", Mapping::FIELDS.join(", "))
        })
        .collect();
    if tools::is_known(&mapping.tool) {
        let refused = Diagnostic::new(Code::FieldInvalid, place()).with("field", "tool");
        let own = format!("own-list, own-{}", shorten(mapping.tool.trim(), 40).to_lowercase());
        wrong.push(refused.with("value", shorten(&mapping.tool, 80)).with("expected", own));
    }
    if !mapping.columns.contains_key("rule") && !mapping.columns.contains_key("title") {
        wrong.push(Diagnostic::new(Code::FieldMissing, place()).with("field", "rule"));
    }
    wrong
}

/// Headings of the mapping that the row which has the most of them does not have.
fn missing(mapping: &Mapping, beginning: &[TextRow<'_>], path: &str) -> Vec<Diagnostic> {
    let heads: Vec<Head> = beginning.iter().map(Head::new).collect();
    let known = |head: &&Head| mapping.columns.values().filter(|heading| head.has(heading)).count();
    let best = heads.iter().max_by_key(known);
    let absent = mapping.columns.iter().filter(|(_, heading)| !best.is_some_and(|head| head.has(heading)));
    absent
        .map(|(field, heading)| {
            let refused = Diagnostic::new(Code::MappingColumnMissing, Place::file(path));
            refused.with("field", field).with("value", shorten(heading, 120))
        })
        .collect()
}

fn row(record: &Record<'_, '_>, columns: &Columns, found: &mut Collected) {
    let get = |field: &str| columns.get(field).map(|column| record.cell(*column)).unwrap_or_default();
    let some = |field: &str| Some(get(field)).filter(|text| !text.is_empty()).map(collected::line);
    let rule = [get("rule"), get("title")].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    if rule.is_empty() {
        return found.unreadable(record.line(), "row", "there is neither rule nor title");
    }
    let title = if get("title").is_empty() { rule } else { get("title") };
    let spot = spot(record.line(), &get, found);
    let cwe = names::cwe(get("cwe"));
    let identifiers: std::collections::BTreeSet<String> =
        names::cves(get("cve")).chain(names::cves(rule)).collect();
    let kind = if spot.component.is_some() {
        FindingKind::Vulnerability
    } else {
        names::kind(title, &cwe, !identifiers.is_empty())
    };
    found.touch(spot.host.as_deref().unwrap_or_default());
    let mut result = ScanResult::new(shorten(rule, 200), collected::line(title), kind, spot);
    result.text = collected::short(get("text"));
    result.advice = collected::short(get("advice"));
    result.evidence = collected::short(&secrets::removed(get("evidence")));
    result.severity = collected::line(get("severity"));
    result.confidence = collected::line(get("confidence"));
    result.identifiers = identifiers;
    result.cwe = cwe;
    result.cvss = get("cvss").split_whitespace().filter_map(names::vector).collect();
    if result.cvss.is_empty() && !get("cvss").is_empty() {
        found.tolerated("cvss", get("cvss"), "CVSS:3.1/AV:…", record.line());
    }
    result.score_x10 = names::score(get("score"));
    if result.score_x10.is_none() && !get("score").is_empty() {
        found.tolerated("score", get("score"), "0.0 to 10.0", record.line());
    }
    result.fixed_version = some("fixed");
    result.suppressed = some("suppressed");
    result.references = get("reference").split_whitespace().take(20).map(collected::line).collect();
    found.add(result, record.line());
}

/// Where, from the columns that tell it. An address tells several fields, which columns of their own replace.
fn spot<'t>(line: u64, get: &impl Fn(&str) -> &'t str, found: &mut Collected) -> ScanPlace {
    let some = |field: &str| Some(get(field)).filter(|text| !text.is_empty()).map(collected::line);
    let web = place::web(get("url"));
    let (host, beside) = place::host_and_port(get("host"));
    let (port, protocol) = get("port").split_once('/').unwrap_or((get("port"), ""));
    // A port that is none is told below; the finding stands without it.
    let number: Option<u16> = port.trim().parse().ok();
    if number.is_none() && !port.trim().is_empty() {
        found.tolerated("port", get("port"), "1 to 65535", line);
    }
    let first: Option<u32> = get("line").parse().ok().filter(|line| *line > 0);
    if first.is_none() && !get("line").is_empty() {
        found.tolerated("line", get("line"), "a number from 1", line);
    }
    let path = some("path").map(|path| if path.starts_with('/') { path } else { format!("/{path}") });
    ScanPlace {
        host: host.or(web.host),
        port: number.or(beside).or(web.port).filter(|port| *port > 0),
        protocol: some("protocol")
            .or_else(|| Some(collected::line(protocol)).filter(|text| !text.is_empty())),
        url: web.url,
        path: path.or(web.path),
        method: some("method"),
        parameter: some("parameter"),
        file: place::file(get("file")),
        line: first,
        code: some("code"),
        component: some("component"),
        version: some("version"),
        purl: some("purl"),
        object: some("object"),
    }
}
