//! testssl.sh, CSV (`--csv`, `--csvfile`). Source: testssl.sh 2.9 to 3.2, `fileout`.

use shindan_domain::assessment::ScanFormat;

use super::rows::{self, Head, Lines, Record};
use crate::scan::collected::{At, Collected};
use crate::scan::tools::testssl;

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::TestsslCsv, "testssl.sh", "testssl", path)
}

pub(super) fn is_head(head: &Head) -> bool {
    ["id", "fqdn/ip", "port", "severity", "finding"].iter().all(|name| head.has(name))
}

pub(super) fn read(head: &Head, lines: Lines<'_>, found: &mut Collected) {
    rows::each(head, lines, found, row);
}

fn row(record: &Record<'_, '_>, found: &mut Collected) {
    let spot = testssl::spot(record.get("fqdn/ip"), record.get("port"), found);
    let entry = testssl::Entry {
        id: record.get("id"),
        severity: record.get("severity"),
        finding: record.get("finding"),
        cve: record.get("cve"),
        cwe: record.get("cwe"),
    };
    let at = record.line().within(found.path());
    testssl::entry(&entry, spot, at, found);
}
