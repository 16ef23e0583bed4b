//! Packs of checks (`catalog/assessment/checks.toml`): what is looked at in an assessment, by the kind of application.

use std::collections::BTreeSet;

use shindan_domain::assessment::{ApplicationKind, Check, CheckPack, Way};

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of a pack of checks.
pub const SCHEMA: &str = "shindan.assessment-checks/1";
/// So many checks at most: people go through each of them.
const MOST: usize = 2000;

/// Reads a pack of checks.
pub fn read_checks(path: &str, bytes: &[u8]) -> PackReading<CheckPack> {
    read(path, bytes, |reader, root| {
        reader.schema(root, SCHEMA)?;
        let id = reader.text(root, "id");
        let version = reader.text(root, "version");
        let title = reader.localised(root, "title");
        if let Some(mut provenance) = reader.optional_table(root, "provenance") {
            reader.optional_localised(&mut provenance, "document");
            reader.optional_choice(&mut provenance, "certainty", &[("read", ()), ("inferred", ())]);
            reader.finish(&provenance);
        }
        let tables = reader.tables(root, "check");
        if tables.is_empty() || tables.len() > MOST {
            let offset = reader.offset_of(root, "check");
            reader.invalid(offset, "check", tables.len(), &format!("1 to {MOST} checks"));
            return None;
        }
        let mut keys = BTreeSet::new();
        let mut checks = Vec::new();
        for mut fields in tables {
            let Some(check) = check(reader, &mut fields) else { continue };
            if !keys.insert(check.key.clone()) {
                let offset = reader.offset_of(&fields, "key");
                reader.invalid(offset, &fields.path_of("key"), &check.key, "a key that no other check has");
            }
            checks.push(check);
        }
        Some(CheckPack { id: id?, version: version?, title: title?, checks })
    })
}

fn check(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Check> {
    let kinds: Vec<_> = ApplicationKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    let ways: Vec<_> = Way::ALL.iter().map(|way| (way.as_str(), *way)).collect();
    let key = reader.text(fields, "key");
    let kinds = some_of(reader, fields, "kinds", &kinds);
    let title = reader.localised(fields, "title");
    let text = reader.localised(fields, "text");
    let ways = some_of(reader, fields, "ways", &ways);
    for kind in &kinds {
        if let Some(way) = ways.iter().find(|way| !kind.permits(**way)) {
            let offset = reader.offset_of(fields, "ways");
            let expected = format!("another way: {kind} is never actively scanned");
            reader.invalid(offset, &fields.path_of("ways"), way, &expected);
        }
    }
    let references = reader.texts(fields, "references").into_iter().map(|(text, _)| text).collect();
    reader.finish(fields);
    Some(Check { key: key?, kinds, title: title?, text: text?, ways, references })
}

/// A list of words of a closed set: at least one, none twice.
fn some_of<T: Copy + Ord>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
    name: &str,
    words: &[(&str, T)],
) -> BTreeSet<T> {
    let field = fields.path_of(name);
    let expected: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let expected = expected.join(", ");
    let given = reader.texts(fields, name);
    if given.is_empty() {
        let offset = reader.offset_of(fields, name);
        reader.invalid(offset, &field, "", &expected);
    }
    let mut found = BTreeSet::new();
    for (text, offset) in given {
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) if found.insert(*value) => {}
            Some(_) => reader.invalid(offset, &field, text, "a word that stands once"),
            None => reader.invalid(offset, &field, text, &expected),
        }
    }
    found
}

#[cfg(test)]
#[path = "assessment_checks_tests.rs"]
mod tests;
