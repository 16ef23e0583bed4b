//! The bare work of W1 on one core, as the prototype did it on which its target is set: archives unpacked, each record read into what a
//! query needs, rows of a SQLite database with an index, synced. No diagnostics, no facts, no merging of identifiers, no order of versions.
//!
//! It runs beside the product, because what a machine can do changes with the machine and the hour.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Failure;

/// The verb of this small process: `floor FILE rows|records ARCHIVE…`.
pub const VERB: &str = "floor";

#[derive(Deserialize)]
struct Record<'r> {
    id: String,
    #[serde(default)]
    modified: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default, borrow)]
    affected: Vec<Affected<'r>>,
}

#[derive(Deserialize)]
struct Affected<'r> {
    #[serde(default)]
    package: Option<Package>,
    /// Intervals and enumerated versions stay text.
    #[serde(default, borrow)]
    ranges: Option<&'r RawValue>,
    #[serde(default, borrow)]
    versions: Option<&'r RawValue>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

/// Fills a new database at the first argument.
///
/// # Errors
/// When the arguments are wrong, an archive or a record cannot be read, or the database cannot be written.
pub fn serve(arguments: &[String]) -> Result<(), Failure> {
    let [file, keeps, archives @ ..] = arguments else {
        return Err("floor FILE rows|records ARCHIVE…".into());
    };
    let keeps_records = match keeps.as_str() {
        "rows" => false,
        "records" => true,
        other => return Err(format!("rows or records, not {other}").into()),
    };
    let file = Path::new(file);
    if file.exists() {
        std::fs::remove_file(file)?;
    }
    let mut database = Connection::open(file)?;
    let count = fill(&mut database, archives.iter().map(PathBuf::from), keeps_records)?;
    println!("{count} records");
    Ok(())
}

fn fill(
    database: &mut Connection,
    archives: impl Iterator<Item = PathBuf>,
    keeps_records: bool,
) -> Result<usize, Failure> {
    database.execute_batch(
        "CREATE TABLE advisory (id TEXT, modified TEXT, record TEXT);
         CREATE TABLE alias (name TEXT, advisory INTEGER);
         CREATE TABLE affected (ecosystem TEXT, package TEXT, advisory INTEGER, ranges TEXT, versions TEXT);",
    )?;
    let mut count = 0;
    let change = database.transaction()?;
    {
        let mut advisory = change.prepare("INSERT INTO advisory VALUES (?1, ?2, ?3)")?;
        let mut alias = change.prepare("INSERT INTO alias VALUES (?1, ?2)")?;
        let mut affected = change.prepare("INSERT INTO affected VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut text = String::new();
        for archive in archives {
            let mut archive = zip::ZipArchive::new(File::open(archive)?)?;
            for number in 0..archive.len() {
                text.clear();
                archive.by_index(number)?.read_to_string(&mut text)?;
                let record: Record<'_> = serde_json::from_str(&text)?;
                advisory.execute(params![record.id, record.modified, keeps_records.then_some(&text)])?;
                for name in &record.aliases {
                    alias.execute(params![name, count])?;
                }
                for one in &record.affected {
                    let Some(package) = &one.package else { continue };
                    let raw = |value: Option<&RawValue>| value.map(|raw| raw.get().to_owned());
                    let (ranges, versions) = (raw(one.ranges), raw(one.versions));
                    affected.execute(params![package.ecosystem, package.name, count, ranges, versions])?;
                }
                count += 1;
            }
        }
    }
    change.execute_batch(
        "CREATE INDEX by_package ON affected (ecosystem, package); CREATE INDEX by_alias ON alias (name);",
    )?;
    change.commit()?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_was_filled_can_be_asked() {
        let folder = std::env::temp_dir().join(format!("shindan-floor-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let archive = folder.join("one.zip");
        let mut zip = zip::ZipWriter::new(File::create(&archive).unwrap());
        zip.start_file("A.json", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(
            br#"{"id":"A-1","aliases":["CVE-2026-1"],"affected":[{"package":{"ecosystem":"PyPI","name":"x"},
                "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}"#,
        )
        .unwrap();
        zip.finish().unwrap();
        for keeps in [false, true] {
            let mut database = Connection::open_in_memory().unwrap();
            assert_eq!(fill(&mut database, [archive.clone()].into_iter(), keeps).unwrap(), 1);
            let found: (String, Option<String>) = database
                .query_row(
                    "SELECT a.id, a.record FROM affected f JOIN advisory a ON a.rowid = f.advisory + 1
                     WHERE f.ecosystem = 'PyPI' AND f.package = 'x' AND f.ranges LIKE '%introduced%'",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            assert_eq!((found.0.as_str(), found.1.is_some()), ("A-1", keeps));
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
