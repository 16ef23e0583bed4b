//! Reports inside a zip archive, and tables inside workbooks (which are zip archives, too).

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{Mapping, finish, table};
use crate::archive::{self, Archive};
use crate::limits::Limits;
use crate::sheet;

/// Most files of an archive: one that holds more is no collection of reports.
const MOST_ENTRIES: usize = 1_000;

/// Most bytes of all entries together, inflated.
const MOST_INFLATED: u64 = 2 << 30;

type Read = Result<Vec<ScanReport>, Vec<Diagnostic>>;

/// Reads a workbook or an archive; `None` if the bytes are neither.
pub(super) fn read(bytes: &[u8], path: &str, mapping: Option<&Mapping>, limits: &Limits) -> Option<Read> {
    if let Some(kind) = sheet::workbook_kind(bytes) {
        let reports = table::read_workbook(bytes, kind, path, mapping);
        return Some(reports.and_then(|reports| finish::checked(reports, path)));
    }
    match archive::packed_kind(bytes)? {
        "zip" => Some(entries(bytes, path, mapping, limits)),
        kind => {
            let refused = Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", kind);
            Some(Err(vec![refused]))
        }
    }
}

/// Every entry is read as a report of its own. One that cannot be read is told with the others.
fn entries(bytes: &[u8], path: &str, mapping: Option<&Mapping>, limits: &Limits) -> Read {
    let limits = Limits {
        entries: limits.entries.min(MOST_ENTRIES),
        inflated: limits.inflated.min(MOST_INFLATED),
        ..*limits
    };
    let archive = Archive::open(bytes, path, &limits).map_err(|diagnostic| vec![diagnostic])?;
    let mut reports: Vec<ScanReport> = Vec::new();
    let mut wrong = archive.diagnostics().to_vec();
    for index in 0..archive.len() {
        match archive.entry(index) {
            Ok(entry) => match super::read(&entry.bytes, path, mapping, &limits) {
                Ok(read) => reports.extend(read.into_iter().map(|report| of_member(report, &entry.name))),
                Err(diagnostics) => {
                    wrong
                        .extend(diagnostics.into_iter().map(|diagnostic| at_member(diagnostic, &entry.name)));
                }
            },
            Err(diagnostic) => wrong.push(diagnostic),
        }
    }
    // A damaged member may be of any of these tools: none of its reports is whole.
    for report in &mut reports {
        report.diagnostics.extend(wrong.iter().cloned());
    }
    match reports.is_empty() {
        false => Ok(reports),
        true if wrong.is_empty() => Err(vec![Diagnostic::new(Code::FileEmpty, Place::file(path))]),
        true => Err(wrong),
    }
}

fn of_member(mut report: ScanReport, name: &str) -> ScanReport {
    report.diagnostics =
        report.diagnostics.into_iter().map(|diagnostic| at_member(diagnostic, name)).collect();
    report
}

fn at_member(mut diagnostic: Diagnostic, name: &str) -> Diagnostic {
    diagnostic.place.member = Some(crate::text::shorten(name, 300));
    diagnostic
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::super::read;
    use super::*;

    const LYNIS: &str =
        "# Lynis Report\nlynis_version=3.1.4\nhostname=a\nwarning[]=X-1|Text|-|-|\nfinish=true\n";

    fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("file");
            writer.write_all(content).expect("content");
        }
        writer.finish().expect("archive").into_inner()
    }

    fn codes(bytes: &[u8]) -> Vec<Code> {
        let refused = read(bytes, "a.zip", None, &Limits::DEFAULT).expect_err("must be refused");
        refused.into_iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn every_entry_is_a_report_and_what_is_none_is_told() {
        let bytes =
            zip_of(&[("a.dat", LYNIS.as_bytes()), ("b.xml", b"<other/>"), ("c.dat", LYNIS.as_bytes())]);
        let reports = read(&bytes, "a.zip", None, &Limits::DEFAULT).expect("reads");
        assert_eq!(reports.len(), 2);
        let unknown = reports[0].diagnostics.iter().find(|d| d.code == Code::FormatUnknown).expect("told");
        assert_eq!(unknown.place.member.as_deref(), Some("b.xml"));
    }

    #[test]
    fn reports_of_several_forms_lie_in_one_archive() {
        let json = include_bytes!("json/samples/zap.json");
        let xml = include_bytes!("xml/samples/zap.xml");
        let bytes = zip_of(&[("a/zap.json", json), ("b/zap.xml", xml), ("c.dat", LYNIS.as_bytes())]);
        let reports = read(&bytes, "a.zip", None, &Limits::DEFAULT).expect("reads");
        let keys: Vec<&str> = reports.iter().map(|report| report.tool.key.as_str()).collect();
        assert_eq!(keys, ["zap", "zap", "lynis"]);
        let member = |diagnostic: &Diagnostic| diagnostic.place.member.is_some();
        assert!(reports.iter().flat_map(|report| &report.diagnostics).all(member));
    }

    #[test]
    fn hostile_archives_are_refused() {
        assert_eq!(codes(&zip_of(&[("../a.dat", LYNIS.as_bytes())])), [Code::ArchivePathTraversal]);
        let inner = zip_of(&[("a.dat", LYNIS.as_bytes())]);
        assert_eq!(codes(&zip_of(&[("b.zip", &inner)])), [Code::ArchiveNested]);
        assert_eq!(codes(&zip_of(&[])), [Code::FileEmpty]);
        assert_eq!(codes(&inner[..inner.len() / 2]), [Code::ArchiveInvalid]);
        assert_eq!(codes(b"\x1f\x8b\x08\x00abc"), [Code::FormatUnknown]);
    }
}
