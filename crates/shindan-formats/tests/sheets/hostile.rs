//! Workbooks that are not what they claim to be.

use shindan_domain::diagnostic::{Code, Severity};
use shindan_formats::sheet::{self, Content, MOST_CELLS, WorkbookKind};
use zip::CompressionMethod;

use crate::oracle::of_everything;
use crate::packages::{package, parts, workbook};
use crate::{read, samples};

/// A generator of numbers that are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }
}

/// Bytes changed, pieces removed, repeated and exchanged.
fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    if bytes.is_empty() {
        return;
    }
    let at = numbers.below(bytes.len());
    let end = (at + numbers.below(40)).min(bytes.len());
    match numbers.below(4) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes[at] = [0, 0xFF, b'<', b'&', b'"', b'9', b'A'][numbers.below(7)],
        2 => drop(bytes.drain(at..end)),
        _ => {
            let piece = bytes[at..end].to_vec();
            let target = numbers.below(bytes.len());
            bytes.splice(target..target, piece);
        }
    }
}

/// The parts are changed before they are packed: otherwise every change ends at the checksum of the archive.
#[test]
fn changed_packages_never_panic() {
    let mut numbers = Numbers(2026);
    let mut originals: Vec<Vec<(String, Vec<u8>)>> = samples()
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e != "xls"))
        .map(|path| parts(&std::fs::read(path).expect("readable")))
        .collect();
    originals.push(parts(&of_everything()));
    let mut outcomes = [0; 2];
    for original in &originals {
        for _ in 0..300 {
            let mut changed = original.clone();
            for _ in 0..=numbers.below(3) {
                let part = numbers.below(changed.len());
                change(&mut changed[part].1, &mut numbers);
            }
            let bytes = package(&changed, CompressionMethod::Stored);
            if sheet::workbook_kind(&bytes).is_some() {
                outcomes[usize::from(read(&bytes, "x").is_ok())] += 1;
            }
        }
    }
    eprintln!("{outcomes:?}");
    assert!(outcomes.iter().all(|count| *count > 100), "{outcomes:?}");
}

#[test]
fn changed_compound_files_never_panic() {
    let mut numbers = Numbers(97);
    for path in samples().iter().filter(|path| path.extension().is_some_and(|e| e == "xls")) {
        let original = std::fs::read(path).expect("readable");
        for round in 0..1_500 {
            let mut bytes = original.clone();
            for _ in 0..=numbers.below(3) {
                // The tables that lead to the rest stand at the beginning; most changes go there.
                let mut head = bytes.split_off(0);
                let tail = head.split_off(if round % 2 == 0 { 1_024.min(head.len()) } else { head.len() });
                change(&mut head, &mut numbers);
                bytes = head;
                bytes.extend(tail);
            }
            let _ = sheet::read_workbook(&bytes, WorkbookKind::Xls, "x");
        }
        let whole = sheet::read_workbook(&original, WorkbookKind::Xls, "x").expect("whole");
        for cut in (0..original.len()).step_by(13) {
            let outcome = sheet::read_workbook(&original[..cut], WorkbookKind::Xls, "x");
            // What was cut off may have been filling.
            let told = outcome.map_or(true, |book| !book.diagnostics.is_empty() || book == whole);
            assert!(told, "{}: cut at {cut} and nothing said", path.display());
        }
    }
}

#[test]
fn bombs_are_refused() {
    // 200 MB of blanks in one part.
    let blanks = format!("<sst><si><t>{}</t></si></sst>", " ".repeat(200 << 20));
    let bytes = workbook("<worksheet><sheetData/></worksheet>", &blanks);
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let refused = read(&bytes, "bomb.xlsx").expect_err("a bomb");
    assert_eq!(refused.code, Code::ArchiveBomb);
}

/// One text of 20 kB that thousands of cells point to.
#[test]
fn a_text_that_is_used_again_and_again_is_counted_each_time() {
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(900);
    let sheet =
        format!("<worksheet><sheetData>{}</sheetData></worksheet>", format!("<row>{cells}</row>").repeat(20));
    let strings = format!("<sst><si><t>{}</t></si></sst>", "診断".repeat(3_400));
    let workbook = read(&workbook(&sheet, &strings), "x.xlsx").expect("its beginning");
    let codes: Vec<_> = workbook.diagnostics.iter().map(|d| (d.code, d.params["unit"].as_str())).collect();
    assert_eq!(codes, [(Code::SheetTooLarge, "bytes")]);
    assert!(!workbook.sheets[0].rows.is_empty());
}

#[test]
fn claims_cost_nothing() {
    // A cell at the far corner, a merged region over everything, a huge count.
    let sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>\
                 <row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"B1048576\"><v>2</v></c></row>\
                 </sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells></worksheet>";
    let book =
        read(&workbook(sheet, "<sst count=\"4000000000\" uniqueCount=\"4000000000\"/>"), "x").expect("read");
    assert_eq!(book.sheets[0].rows.len(), 2);
    let far = "<worksheet><sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData></worksheet>";
    let book = read(&workbook(far, "<sst/>"), "x").expect("read");
    assert_eq!(book.diagnostics[0].params["unit"], "columns");
}

#[test]
fn repeated_cells_and_rows_of_ods_are_counted_not_believed() {
    let content = |table: &str| {
        let text =
            format!("<d><body><spreadsheet><table name=\"S\">{table}</table></spreadsheet></body></d>");
        let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
        let parts = [("mimetype".to_owned(), mimetype), ("content.xml".to_owned(), text.into_bytes())];
        read(&package(&parts, CompressionMethod::Stored), "x.ods").expect("read")
    };
    let row = "<table-row number-rows-repeated=\"4000000000\"><table-cell number-columns-repeated=\"4000000000\">\
               <p>x</p></table-cell></table-row>";
    let columns = content(row);
    assert_eq!(columns.diagnostics[0].params["unit"], "columns");
    let rows = content(
        "<table-row number-rows-repeated=\"4000000000\"><table-cell><p>x</p></table-cell></table-row>",
    );
    assert_eq!(rows.diagnostics[0].params["unit"], "rows");
    let blank = content("<table-row number-rows-repeated=\"4000000000\"><table-cell/></table-row>");
    assert_eq!((blank.diagnostics.len(), blank.sheets[0].rows.len()), (0, 0));
}

#[test]
fn many_cells_are_cut_off_and_told() {
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(1_000));
    let sheet =
        format!("<worksheet><sheetData>{}</sheetData></worksheet>", row.repeat(MOST_CELLS / 1_000 + 1));
    let book = read(&workbook(&sheet, "<sst/>"), "x.xlsx").expect("its beginning");
    assert_eq!(book.diagnostics[0].params["unit"], "cells");
    assert_eq!(book.diagnostics[0].severity(), Severity::Error);
}

#[test]
fn entities_and_depth_are_refused() {
    let entity = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet><sheetData/></worksheet>";
    assert_eq!(read(&workbook(entity, "<sst/>"), "x").expect_err("refused").code, Code::XmlEntityRefused);
    let used = "<worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>";
    assert_eq!(read(&workbook(used, "<sst/>"), "x").expect_err("refused").code, Code::XmlEntityRefused);
    let deep = format!("<worksheet>{}{}</worksheet>", "<a>".repeat(100), "</a>".repeat(100));
    assert_eq!(read(&workbook(&deep, "<sst/>"), "x").expect_err("refused").code, Code::DepthExceeded);
    let cut = "<worksheet><sheetData><row><c><v>1</v></c></row>";
    assert_eq!(read(&workbook(cut, "<sst/>"), "x").expect_err("refused").code, Code::XmlInvalid);
}

#[test]
fn cells_that_say_what_they_are_not() {
    let sheet = "<worksheet><sheetData><row r=\"2\"><c t=\"s\"><v>7</v></c><c t=\"s\"><v>-1</v></c><c><v>NaN</v></c>\
                 <c><v>1e999</v></c><c t=\"zzz\"><v>5</v></c><c r=\"nowhere\"><v>6</v></c><c><f>A1</f></c></row>\
                 </sheetData></worksheet>";
    let book = read(&workbook(sheet, "<sst><si><t>x</t></si></sst>"), "x").expect("read");
    let contents: Vec<_> = book.sheets[0].rows[0].cells.iter().map(|(_, cell)| cell.content).collect();
    let error = |content: &Content| *content == Content::Error;
    assert!(contents[..4].iter().all(error), "{contents:?}");
    assert_eq!(contents[6], Content::Uncalculated);
    assert_eq!(contents.len(), 7);
}

/// A workbook with a password is a compound file that holds the encrypted package.
#[test]
fn encrypted_workbooks_say_so() {
    // The directory of a real workbook, with the stream renamed.
    let mut bytes = std::fs::read(samples().iter().find(|p| p.ends_with("xlwt-1904.xls")).expect("there"))
        .expect("readable");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let name = utf16("Workbook");
    let at = bytes.windows(name.len()).position(|window| window == name).expect("the directory");
    let renamed = utf16("EncryptedPackage");
    bytes[at..at + renamed.len()].copy_from_slice(&renamed);
    bytes[at + 64] = u8::try_from(renamed.len() + 2).expect("short");
    assert_eq!(read(&bytes, "locked.xlsx").expect_err("locked").code, Code::WorkbookEncrypted);

    let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "\u{1}\u{2}"),
    ];
    let parts: Vec<_> = parts.iter().map(|(n, c)| ((*n).to_owned(), c.as_bytes().to_vec())).collect();
    let locked = read(&package(&parts, CompressionMethod::Stored), "x.ods").expect_err("locked");
    assert_eq!(locked.code, Code::WorkbookEncrypted);
}
