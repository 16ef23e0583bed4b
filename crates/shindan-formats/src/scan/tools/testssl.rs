//! testssl.sh. `OK` was passed, `INFO` and `DEBUG` are notes, `WARN` says that a check could not be carried out, `FATAL` that the scan
//! failed. Source: testssl.sh 2.9 to 3.2, `fileout`.

use shindan_domain::assessment::{LeftOut, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Place;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place};

/// One line of a report.
pub(in crate::scan) struct Entry<'a> {
    /// Name of the check.
    pub(in crate::scan) id: &'a str,
    /// `OK`, `LOW`, `WARN` and the like.
    pub(in crate::scan) severity: &'a str,
    /// What was found.
    pub(in crate::scan) finding: &'a str,
    /// CVE numbers, apart by blanks.
    pub(in crate::scan) cve: &'a str,
    /// CWE number.
    pub(in crate::scan) cwe: &'a str,
}

/// The place of `test.example/192.0.2.7` and a port; name and address count as looked at.
pub(in crate::scan) fn spot(target: &str, port: &str, found: &mut Collected) -> ScanPlace {
    let (name, address) = target.split_once('/').unwrap_or((target, ""));
    let (host, told) = place::host_and_port(if name.is_empty() { address } else { name });
    found.touch(host.as_deref().unwrap_or_default());
    found.touch(address);
    let port = port.trim().parse().ok().or(told).filter(|port| *port > 0);
    ScanPlace { host, port, protocol: Some("tcp".to_owned()), ..ScanPlace::default() }
}

/// Takes a line over: as a finding, as something passed, or as a note about the scan.
pub(in crate::scan) fn entry(entry: &Entry<'_>, spot: ScanPlace, at: Place, found: &mut Collected) {
    if entry.id.is_empty() {
        return found.unreadable(at, entry.finding, "there is no id");
    }
    let severity = entry.severity.to_ascii_uppercase();
    if entry.id == "scanTime" {
        match severity.as_str() {
            "INFO" => found.finished(),
            _ => found.unfinished(at, entry.finding),
        }
        return found.leave_out(LeftOut::AboutTheRun);
    }
    match severity.as_str() {
        "OK" => return found.leave_out(LeftOut::Passed),
        "INFO" | "DEBUG" => return found.leave_out(LeftOut::AboutTheRun),
        "WARN" => return found.leave_out(LeftOut::NotApplicable),
        "FATAL" => {
            found.unfinished(at, entry.finding);
            return found.leave_out(LeftOut::AboutTheRun);
        }
        "" => return found.unreadable(at, entry.id, "there is no severity"),
        _ => {}
    }
    let title = collected::line(entry.id);
    let mut result = ScanResult::new(entry.id, title, FindingKind::Misconfiguration, spot);
    result.text = collected::short(entry.finding);
    result.severity = collected::line(entry.severity);
    result.identifiers = names::cves(entry.cve).collect();
    result.cwe = names::cwe(entry.cwe);
    if !result.identifiers.is_empty() {
        result.kind = FindingKind::Vulnerability;
    }
    found.add(result, at);
}
