//! Nikto's XML report. Source: `nikto.dtd` and `nikto_report_xml.plugin` of Nikto 2.1 and 2.5.
//!
//! Nikto writes a `niktoscan` into a `niktoscan`, one for each host. Several checks share one number (every uncommon header is
//! 999100): what stands between quotes in the text tells them apart.

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};
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
    let uri = element.child_text("uri").unwrap_or("/");
    let mut entry =
        Entry { rule, description, uri, method: element.attribute("method").unwrap_or_default(), osvdb: "" };
    entry.osvdb = element.attribute("osvdbid").unwrap_or_default();
    let mut result = finding(&entry, target);
    let references = element.child_text("references").into_iter().chain(element.attribute("osvdblink"));
    result.references = references.filter(|one| one.starts_with("http")).map(collected::line).collect();
    found.add(result, element.line);
}

/// One line of a report of Nikto, whatever its format.
pub(in crate::scan) struct Entry<'a> {
    /// Number of the check.
    pub(in crate::scan) rule: &'a str,
    /// What was found.
    pub(in crate::scan) description: &'a str,
    /// Where, below the site.
    pub(in crate::scan) uri: &'a str,
    /// Method of the request.
    pub(in crate::scan) method: &'a str,
    /// Number in OSVDB; `0` for none.
    pub(in crate::scan) osvdb: &'a str,
}

/// The finding that an entry tells, on this site.
pub(in crate::scan) fn finding(entry: &Entry<'_>, site: &ScanPlace) -> ScanResult {
    let description = secrets::removed(entry.description);
    let (_, _, uri) = split_url(entry.uri);
    let at = place::web(entry.uri);
    let mut spot = site.clone();
    spot.path = at.path.or_else(|| spot.path.clone());
    spot.url = site.url.as_deref().map(|url| {
        let (scheme, authority, _) = split_url(url);
        collected::line(&format!("{scheme}{authority}{uri}"))
    });
    spot.method = Some(entry.method.trim()).filter(|method| !method.is_empty()).map(str::to_owned);
    spot.parameter = quoted(&description).map(collected::line);
    let identifiers: std::collections::BTreeSet<String> = names::cves(&description).collect();
    let kind = names::kind(&description, &Default::default(), !identifiers.is_empty());
    let mut result = ScanResult::new(entry.rule, collected::line(&description), kind, spot);
    result.evidence = collected::short(&description);
    result.identifiers = identifiers;
    let osvdb = entry.osvdb.trim().trim_start_matches("OSVDB-");
    if !osvdb.is_empty() && osvdb != "0" && osvdb.bytes().all(|byte| byte.is_ascii_digit()) {
        result.identifiers.insert(format!("OSVDB-{osvdb}"));
    }
    result
}

/// `https://`, `host:443` and `/path?query` of an address; an address without a scheme is a path.
fn split_url(url: &str) -> (&str, &str, &str) {
    let Some(at) = url.find("://") else { return ("", "", url) };
    let (scheme, rest) = url.split_at(at + 3);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (scheme, authority, path)
}

/// The header, cookie or entry that a text speaks of: `Uncommon header 'x-cache' found`, `Cookie JSESSIONID created without`.
fn quoted(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("Cookie ") {
        return rest.split_whitespace().next();
    }
    let (_, rest) = text.split_once('\'')?;
    let (inner, _) = rest.split_once('\'')?;
    (!inner.is_empty() && inner.len() <= 100 && !inner.contains(char::is_whitespace)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_for_two_headers_is_two_findings() {
        assert_eq!(quoted("Uncommon header 'x-cache' found, with contents: HIT"), Some("x-cache"));
        assert_eq!(quoted("Cookie JSESSIONID created without the httponly flag"), Some("JSESSIONID"));
        assert_eq!(quoted("it's there, isn't it"), None);
        assert_eq!(split_url("https://a:443/b/c"), ("https://", "a:443", "/b/c"));
    }
}
