//! Lists of digests: the `checksum.txt` that IPA publishes beside the feeds of JVN iPedia, and the output of `sha256sum`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{locations, moments, refuse_page, rows};
use crate::json;
use crate::limits::Limits;
use crate::text::{self, Legacy, shorten};

/// What a list says about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// SHA-256, 64 digits in lower case.
    pub sha256: String,
    /// Its size in bytes, if the list tells it.
    pub size: Option<u64>,
    /// When it was changed last, if the list tells it.
    pub modified: Option<Timestamp>,
    /// Where it is published, if the list tells it.
    pub url: Option<String>,
}

/// A list of digests by the names of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checksums {
    /// The files. Two entries of one name with different digests are an error, not a choice.
    pub files: BTreeMap<String, Listed>,
    /// Times and addresses that could not be read; the digests stand all the same.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a list: JSON as IPA publishes it, otherwise lines of `sha256sum` (`<digest>  <file>`, `<digest> *<file>`) or of BSD
/// (`SHA256 (<file>) = <digest>`).
///
/// # Errors
/// `file-empty` also for a list without files, `page-instead-of-data`, `encoding-invalid`, `json-invalid` and its kin,
/// `line-too-long`, `list-too-long`; `field-invalid` for a digest that is none or a line of neither form; `archive-path-traversal` for
/// a name that leads out of the folder; `digests-contradict` if two entries of one name differ. A list that is wrong in
/// one place is used in none.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Checksums, Diagnostic> {
    refuse_page(bytes, path)?;
    let decoded = text::decode(bytes, Legacy::Refused, path)?;
    let first = decoded.text.trim_start().chars().next();
    let list = match first {
        Some('[' | '{') => of_ipa(&decoded.text, path, limits)?,
        _ => of_lines(&decoded.text, path, limits)?,
    };
    if list.files.is_empty() {
        return Err(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    Ok(list)
}

/// Source: `https://jvndb.jvn.jp/ja/feed/checksum.txt`, a JSON document in spite of its name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    url: Option<String>,
    filename: String,
    sha256: String,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    last_modified: Option<String>,
}

fn of_ipa(text: &str, path: &str, limits: &Limits) -> Result<Checksums, Diagnostic> {
    let entries: Vec<Entry> = json::parse(text, path, limits)?;
    let mut list = Checksums::default();
    for (number, entry) in entries.into_iter().enumerate() {
        let place = Place::file(path).at_field(format!("/{number}"));
        let modified =
            moments::field(entry.last_modified.as_deref(), "lastModified", &place, &mut list.diagnostics);
        let url = match entry.url.as_deref().filter(|url| !url.is_empty()) {
            None => None,
            Some(url) => {
                let readable = locations::page(url);
                if readable.is_none() {
                    list.diagnostics.push(locations::Refusal::Unreadable.told(url, &place));
                }
                readable
            }
        };
        let sha256 = digest(&entry.sha256, &place)?;
        list.add(&entry.filename, Listed { sha256, size: entry.size, modified, url }, place, limits)?;
    }
    Ok(list)
}

fn of_lines(text: &str, path: &str, limits: &Limits) -> Result<Checksums, Diagnostic> {
    let mut list = Checksums::default();
    for (number, line) in rows(text, path, limits.line)? {
        let place = Place::file(path).at_line(number);
        let (file, sha256) = bsd(line).or_else(|| coreutils(line)).ok_or_else(|| {
            let told = Diagnostic::new(Code::FieldInvalid, place.clone()).with("field", "line");
            told.with("value", shorten(line, 100)).with("expected", "a digest and the name of a file")
        })?;
        let sha256 = digest(sha256, &place)?;
        list.add(file, Listed { sha256, size: None, modified: None, url: None }, place, limits)?;
    }
    Ok(list)
}

fn bsd(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("SHA256 (")?.rsplit_once(") = ")
}

fn coreutils(line: &str) -> Option<(&str, &str)> {
    let (digest, rest) = line.split_once(' ')?;
    let file = rest.strip_prefix([' ', '*']).unwrap_or(rest);
    Some((file.trim(), digest))
}

fn digest(text: &str, place: &Place) -> Result<String, Diagnostic> {
    let text = text.trim();
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let told = Diagnostic::new(Code::FieldInvalid, place.clone()).with("field", "sha256");
        return Err(told.with("value", shorten(text, 100)).with("expected", "64 hexadecimal digits"));
    }
    Ok(text.to_ascii_lowercase())
}

impl Checksums {
    fn add(&mut self, file: &str, listed: Listed, place: Place, limits: &Limits) -> Result<(), Diagnostic> {
        let file = file.strip_prefix("./").unwrap_or(file);
        if !locations::is_below(file) {
            let told = Diagnostic::new(Code::ArchivePathTraversal, place);
            return Err(told.with("name", shorten(file, 100)));
        }
        match self.files.get(file) {
            Some(known) if known.sha256 != listed.sha256 || known.size != listed.size => {
                Err(Diagnostic::new(Code::DigestsContradict, place).with("name", shorten(file, 100)))
            }
            Some(_) => Ok(()),
            None if self.files.len() >= limits.entries => {
                Err(Diagnostic::new(Code::ListTooLong, place).with("limit", limits.entries))
            }
            None => {
                self.files.insert(file.to_owned(), listed);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aa1bb84550200b7fdb1e37e78b499a215d9c8a9f6df329276a520f84b3e96b5e";
    const B: &str = "bb1af82f4d6758b0d772ee9a867fb1e2ac385d8056997c1961e112d57c4b2ed5";

    fn read_text(text: &str) -> Result<Checksums, Diagnostic> {
        read(text.as_bytes(), "checksum.txt", &Limits::DEFAULT)
    }

    #[test]
    fn the_list_of_ipa() {
        let text = format!(
            r#"[{{"url":"https://jvndb.jvn.jp/ja/rss/jvndb_new.rdf","filename":"jvndb_new.rdf","sha256":"{}","size":517125,
            "lastModified":"2023/11/02 12:00:18"}},{{"filename":"b","sha256":"{B}","lastModified":"昨日"}}]"#,
            A.to_uppercase()
        );
        let list = read_text(&text).expect("reads");
        let new = &list.files["jvndb_new.rdf"];
        assert_eq!((new.sha256.as_str(), new.size), (A, Some(517_125)));
        assert_eq!(
            new.modified.map(|at| at.to_string()).as_deref(),
            Some("2023-11-02T03:00:18Z"),
            "Japan's time"
        );
        assert_eq!(new.url.as_deref(), Some("https://jvndb.jvn.jp/ja/rss/jvndb_new.rdf"));
        assert_eq!(list.diagnostics.iter().map(|told| told.code).collect::<Vec<_>>(), [Code::DateInvalid]);
    }

    #[test]
    fn lines_of_sha256sum_and_bsd() {
        let list =
            read_text(&format!("# digests\n{A}  a b.json\r\n{B} *dir/c.bin\nSHA256 (d (1).txt) = {A}\n"));
        let list = list.expect("reads");
        let names: Vec<&str> = list.files.keys().map(String::as_str).collect();
        assert_eq!(names, ["a b.json", "d (1).txt", "dir/c.bin"]);
    }

    #[test]
    fn what_is_wrong_is_an_error() {
        let table = [
            (String::new(), Code::FileEmpty),
            ("# only a comment".to_owned(), Code::FileEmpty),
            ("[]".to_owned(), Code::FileEmpty),
            ("<!DOCTYPE html>".to_owned(), Code::PageInsteadOfData),
            ("[{\"filename\":\"a\"}]".to_owned(), Code::FieldMissing),
            ("[{".to_owned(), Code::JsonInvalid),
            (format!("{{\"filename\":\"a\",\"sha256\":\"{A}\"}}"), Code::FieldInvalid),
            (format!("{}  a", A.get(1..).unwrap_or_default()), Code::FieldInvalid),
            ("abc".to_owned(), Code::FieldInvalid),
            (format!("{A}  ../a"), Code::ArchivePathTraversal),
            (format!("{A}  /etc/passwd"), Code::ArchivePathTraversal),
            (format!("{A}  a\n{B}  a"), Code::DigestsContradict),
        ];
        for (text, code) in table {
            assert_eq!(read_text(&text).expect_err("must be refused").code, code, "{text}");
        }
        assert!(read_text(&format!("{A}  a\n{A}  a")).is_ok(), "the same twice is no contradiction");
        let few = Limits { entries: 1, ..Limits::DEFAULT };
        let many = read(format!("{A}  a\n{A}  b").as_bytes(), "f", &few).expect_err("too many");
        assert_eq!(many.code, Code::ListTooLong);
    }

    #[test]
    fn genuine_lists() {
        for folder in ["rss", "detail", "product"] {
            let Some(path) = shindan_testdata::path(&format!("jvn/feeds/{folder}/checksum.txt")) else {
                return;
            };
            let bytes = std::fs::read(path).expect("readable");
            let list = read(&bytes, "checksum.txt", &Limits::DEFAULT).expect("reads");
            let written = String::from_utf8_lossy(&bytes).matches("\"filename\"").count();
            assert_eq!(list.files.len(), written, "{folder}");
            assert!(written > 5, "{folder}: {written}");
            assert!(list.diagnostics.is_empty(), "{:?}", list.diagnostics);
            assert!(list.files.values().all(|file| file.size.is_some() && file.modified.is_some()));
        }
    }
}
