//! Taking packages apart and putting them together again, so that tests can change the parts.

use std::io::{Cursor, Read, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The parts of a package with their names.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("readable");
            (entry.name().expect("a name").into_owned(), content)
        })
        .collect()
}

/// A package of these parts.
pub fn package(parts: &[(String, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(name.as_str(), options).expect("a part");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("a package").into_inner()
}

/// A workbook with one sheet of this XML, and these shared strings.
pub fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let relations = |list: &[(&str, &str, &str)]| {
        let items: String = list
            .iter()
            .map(|(id, kind, target)| {
                format!("<Relationship Id=\"{id}\" Type=\"urn:x/{kind}\" Target=\"{target}\"/>")
            })
            .collect();
        format!("<Relationships>{items}</Relationships>")
    };
    let parts = [
        ("_rels/.rels", relations(&[("r1", "officeDocument", "xl/workbook.xml")])),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[
                ("r1", "worksheet", "worksheets/sheet1.xml"),
                ("r2", "sharedStrings", "sharedStrings.xml"),
            ]),
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>".to_owned(),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    package(&parts, CompressionMethod::Deflated)
}
