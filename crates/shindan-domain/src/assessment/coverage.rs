//! What a report says was looked at. Only there can something be gone: what was not looked at says nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{ScanPlace, ScanReport, ScanResult};
use super::targets::{Touched, touched};

/// More local places than this are files of a tree: a finding then rests on its own file.
const MOST_LOCAL: usize = 8;

/// One place on a host.
struct Spot {
    port: Option<u16>,
    path: Option<String>,
}

/// What a report looked at.
pub(super) struct Coverage {
    hosts: BTreeMap<String, Vec<Spot>>,
    /// Ports at which the report names anything.
    ports: BTreeSet<(String, u16)>,
    local: BTreeSet<String>,
}

impl Coverage {
    pub(super) fn of(report: &ScanReport) -> Self {
        let mut coverage =
            Coverage { hosts: BTreeMap::new(), ports: BTreeSet::new(), local: BTreeSet::new() };
        for text in &report.touched {
            if let Some((host, spot)) = spot(text) {
                coverage.hosts.entry(host).or_default().push(spot);
            }
            if touched(text, false) == Touched::Local {
                coverage.local.insert(untagged(text));
            }
        }
        for result in &report.results {
            if let (Some(host), Some(port)) = (&result.place.host, result.place.port) {
                coverage.ports.insert((host.clone(), port));
            }
        }
        coverage
    }

    /// True if this place of a host was looked at. A host that is named without port counts for a port only if the report says
    /// anything about that port: scans of a few ports name their hosts so, too.
    pub(super) fn reaches(&self, place: &ScanPlace) -> bool {
        let Some(host) = &place.host else { return false };
        let within = |spot: &Spot| {
            let port = match (place.port, spot.port) {
                (None, _) => true,
                (Some(port), Some(own)) => own == port,
                (Some(port), None) => self.ports.contains(&(host.clone(), port)),
            };
            let path = match (&place.path, &spot.path) {
                (Some(path), Some(own)) => {
                    path == own || path.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('/'))
                }
                _ => true,
            };
            port && path
        };
        self.hosts.get(host).is_some_and(|spots| spots.iter().any(within))
    }

    /// The local places that a finding of this report rests on: its own file if the report lists files, else what was looked at as
    /// a whole. Empty if neither tells.
    pub(super) fn rests_on(&self, result: &ScanResult) -> BTreeSet<String> {
        let file = result.place.file.as_deref().map(untagged).filter(|file| self.local.contains(file));
        match file {
            Some(file) => BTreeSet::from([file]),
            None if self.local.len() <= MOST_LOCAL => self.local.clone(),
            None => BTreeSet::new(),
        }
    }

    /// True if all of these local places were looked at, themselves or as a part of a folder.
    pub(super) fn holds(&self, places: &BTreeSet<String>) -> bool {
        let below = |place: &String| {
            self.local.iter().any(|own| {
                own == "." || place.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        places.iter().all(|place| self.local.contains(place) || below(place))
    }
}

/// An image without tag and digest, a folder without a slash at its end: the next version is the same place.
fn untagged(text: &str) -> String {
    let text = text.trim().trim_start_matches("./").trim_end_matches('/');
    let text = text.split('@').next().unwrap_or(text);
    match (text.rfind(':'), text.rfind('/')) {
        (Some(colon), slash) if slash.is_none_or(|slash| slash < colon) && colon > 1 => {
            text[..colon].to_owned()
        }
        _ if text.is_empty() => ".".to_owned(),
        _ => text.to_owned(),
    }
}

/// Host, port and path of what was touched.
fn spot(text: &str) -> Option<(String, Spot)> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let authority = authority.rsplit('@').next()?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None if authority.matches(':').count() > 1 => (authority, None),
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let default = match scheme.as_deref() {
        Some("https" | "wss") => Some(443),
        Some("http" | "ws") => Some(80),
        _ => None,
    };
    let path = tail.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let port = port.and_then(|port| port.parse().ok()).or(default);
    let path = (scheme.is_some() && !path.is_empty()).then(|| path.to_owned());
    (!host.is_empty()).then(|| (host.to_ascii_lowercase(), Spot { port, path }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::report::ScanFormat;
    use crate::identifier::FindingKind;

    fn report(touched: &[&str]) -> ScanReport {
        let mut report = ScanReport::new(ScanFormat::ZapJson, "ZAP", "zap");
        report.touched = touched.iter().map(|text| (*text).to_owned()).collect();
        report
    }

    fn place(host: &str, port: u16, path: Option<&str>) -> ScanPlace {
        let path = path.map(str::to_owned);
        ScanPlace { host: Some(host.into()), port: Some(port), path, ..ScanPlace::default() }
    }

    #[test]
    fn another_port_or_folder_of_a_host_was_not_looked_at() {
        let coverage = Coverage::of(&report(&["https://h:8443/portal"]));
        assert!(coverage.reaches(&place("h", 8443, Some("/portal/login"))));
        assert!(!coverage.reaches(&place("h", 443, Some("/portal/login"))));
        assert!(!coverage.reaches(&place("h", 8443, Some("/admin"))));
        assert!(!coverage.reaches(&place("h", 8443, Some("/portal2"))));
        assert!(!coverage.reaches(&place("other", 8443, None)));
        let root = Coverage::of(&report(&["https://h"]));
        assert!(root.reaches(&place("h", 443, Some("/any"))) && !root.reaches(&place("h", 80, Some("/any"))));
    }

    #[test]
    fn a_host_alone_counts_for_ports_about_which_the_report_says_anything() {
        let mut bare = report(&["10.0.0.5"]);
        assert!(!Coverage::of(&bare).reaches(&place("10.0.0.5", 443, None)));
        bare.results.push(ScanResult::new(
            "x",
            "x",
            FindingKind::Misconfiguration,
            place("10.0.0.5", 443, None),
        ));
        assert!(Coverage::of(&bare).reaches(&place("10.0.0.5", 443, None)));
        assert!(!Coverage::of(&bare).reaches(&place("10.0.0.5", 8443, None)));
        let named = Coverage::of(&report(&["10.0.0.5:8443"]));
        assert!(named.reaches(&place("10.0.0.5", 8443, None)));
    }

    #[test]
    fn another_folder_or_image_is_another_place_and_a_new_tag_is_not() {
        let of = |touched: &[&str], file: Option<&str>| {
            let place = ScanPlace { file: file.map(str::to_owned), ..ScanPlace::default() };
            let result = ScanResult::new("x", "x", FindingKind::Vulnerability, place);
            Coverage::of(&report(touched)).rests_on(&result)
        };
        let image = of(&["registry/app:1.2"], Some("usr/lib/x.jar"));
        assert!(Coverage::of(&report(&["registry/app:1.3"])).holds(&image));
        assert!(!Coverage::of(&report(&["registry/other:1.3"])).holds(&image));
        let listed = of(&["src/a.py", "src/b.py"], Some("src/a.py"));
        assert!(Coverage::of(&report(&["src/a.py"])).holds(&listed));
        assert!(Coverage::of(&report(&["src"])).holds(&listed));
        assert!(!Coverage::of(&report(&["src/b.py"])).holds(&listed));
        assert!(Coverage::of(&report(&[])).holds(&of(&[], Some("a"))));
    }
}
