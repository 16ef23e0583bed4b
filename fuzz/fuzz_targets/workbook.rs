//! Ledgers of assets: workbooks and texts. The first byte chooses whether the rest is a file as a whole or one part of a
//! package that is otherwise right; random bytes alone would end at the checksum of the archive.
#![cfg_attr(fuzzing, no_main)]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use shindan_domain::diagnostic::Severity;
use shindan_formats::asset_ledger::LedgerFile;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// An Excel workbook with one sheet of devices.
const EXCEL: [(&str, &str); 6] = [
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="r1" Type="urn:x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="r1" Type="urn:x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="urn:x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="urn:x/styles" Target="styles.xml"/></Relationships>"#,
    ),
    ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#),
    (
        "xl/sharedStrings.xml",
        "<sst><si><t>メーカー</t></si><si><t>型番</t></si><si><t>バージョン</t></si></sst>",
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="ggge年m月d日"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>"#,
    ),
    (
        SHEET,
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Acme</t></is></c><c r="B2"><v>1</v></c><c r="C2" s="1"><v>45000</v></c></row></sheetData></worksheet>"#,
    ),
];

/// A spreadsheet of OpenDocument.
const OPEN_DOCUMENT: [(&str, &str); 2] =
    [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")];

/// The package with `content` as the part of this number.
fn package(parts: &[(&str, &str)], replaced: usize, content: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (number, (name, text)) in parts.iter().enumerate() {
        let bytes = if number == replaced { content } else { text.as_bytes() };
        writer.start_file(*name, options).expect("a part");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("a package").into_inner()
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (file, path) = match usize::from(*first) % 9 {
        0 => (rest.to_vec(), "ledger.xlsx"),
        1 => (rest.to_vec(), "ledger.csv"),
        2 => (package(&OPEN_DOCUMENT, 1, rest), "ledger.ods"),
        part => (package(&EXCEL, part - 3, rest), "ledger.xlsx"),
    };
    match LedgerFile::open(&file, path, &Limits::DEFAULT) {
        Ok(ledger) => {
            if let Ok(chosen) = ledger.choose(None, None) {
                let reading = ledger.read(&chosen, None);
                let last = reading.rows.iter().map(|row| row.row).max().unwrap_or_default();
                assert!(reading.rows.len() as u64 <= u64::from(last), "more rows than the sheet has");
            }
        }
        Err(diagnostics) => assert!(!diagnostics.is_empty(), "no reason"),
    }
    // The same file as an inventory.
    match inventory::read(&file, path, &Limits::DEFAULT) {
        Ok(read) => {
            let error = read.diagnostics.iter().any(|d| d.severity() == Severity::Error);
            assert!(!read.components.is_empty() || error, "silence");
        }
        Err(diagnostics) => assert!(!diagnostics.is_empty(), "no reason"),
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
