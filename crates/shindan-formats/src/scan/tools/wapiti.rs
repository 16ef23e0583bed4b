//! Wapiti. Requests and curl commands are not taken over: they hold what was sent, passwords among it. Of a parameter that holds
//! values (`user=a&password=b`) only the names are.

use std::collections::BTreeSet;

use shindan_domain::assessment::{ScanPlace, ScanResult};

use crate::scan::collected;
use crate::scan::plain::plain;
use crate::scan::{names, place, secrets};
use crate::text::shorten;

/// A class of weaknesses.
#[derive(Default)]
pub(in crate::scan) struct Class<'a> {
    /// Name of the class, which is its rule.
    pub(in crate::scan) name: &'a str,
    /// What it is.
    pub(in crate::scan) description: &'a str,
    /// What to do.
    pub(in crate::scan) solution: &'a str,
    /// Titles, some of which name a CWE, and addresses of pages.
    pub(in crate::scan) references: Vec<(&'a str, &'a str)>,
}

/// A place where one was found.
pub(in crate::scan) struct Entry<'a> {
    /// Method of the request.
    pub(in crate::scan) method: &'a str,
    /// Path with its query.
    pub(in crate::scan) path: &'a str,
    /// Number of the severity.
    pub(in crate::scan) level: &'a str,
    /// Parameter, or all of a form.
    pub(in crate::scan) parameter: &'a str,
    /// What shows it.
    pub(in crate::scan) info: &'a str,
}

/// What a class says, without a place.
pub(in crate::scan) fn finding(class: &Class<'_>) -> ScanResult {
    let cwe: BTreeSet<u32> = class.references.iter().flat_map(|(title, _)| names::cwes(title)).collect();
    let kind = names::kind(class.name, &cwe, false);
    let mut result = ScanResult::new(class.name, collected::line(class.name), kind, ScanPlace::default());
    result.cwe = cwe;
    result.text = collected::short(&plain(class.description));
    result.advice = collected::short(&plain(class.solution));
    class.references.iter().for_each(|(_, page)| names::reference(&mut result, page));
    result
}

/// The finding of a class at one of its places. `target` is what was scanned: entries have the path alone.
pub(in crate::scan) fn at_place(mut result: ScanResult, entry: &Entry<'_>, target: &ScanPlace) -> ScanResult {
    let path = place::web(entry.path);
    result.place = ScanPlace {
        host: path.host.or_else(|| target.host.clone()),
        port: path.port.or(target.port),
        url: full_url(entry.path, target.url.as_deref()),
        path: path.path.or_else(|| target.path.clone()),
        method: Some(entry.method).filter(|method| !method.is_empty()).map(str::to_owned),
        parameter: place::parameter_names(entry.parameter).map(|names| collected::line(&names)),
        ..ScanPlace::default()
    };
    result.severity = collected::line(entry.level);
    let info = secrets::removed(entry.info);
    result.identifiers = names::cves(&info).collect();
    result.evidence = collected::short(&info);
    result
}

/// The address of an entry.
fn full_url(path: &str, target: Option<&str>) -> Option<String> {
    let target = target?;
    let url = match target.find("://") {
        Some(at) if path.starts_with('/') => {
            let rest = target.get(at + 3..)?;
            let end = at + 3 + rest.find('/').unwrap_or(rest.len());
            format!("{}{path}", target.get(..end)?)
        }
        _ if path.is_empty() => target.to_owned(),
        _ => path.to_owned(),
    };
    Some(shorten(&secrets::removed(&url), 500))
}
