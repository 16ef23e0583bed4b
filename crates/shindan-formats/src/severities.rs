//! The table of severities and priorities of findings (`catalog/assessment/severities.toml`).

use std::collections::BTreeMap;

use shindan_domain::assessment::severity::{
    Bands, Level, PriorityRow, Scale, SeverityTable, SeverityTableError, UNKNOWN,
};
use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::Exposure;
use shindan_domain::priority::Decision;

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of the table.
pub const SCHEMA: &str = "shindan.severities/1";
/// So many entries of tools, and words of each, at most.
const MOST: usize = 1000;

type Words = BTreeMap<String, BTreeMap<String, Option<Level>>>;

/// Reads the table.
pub fn read_severities(path: &str, bytes: &[u8]) -> PackReading<SeverityTable> {
    read(path, bytes, |reader, root| {
        reader.schema(root, SCHEMA)?;
        let id = reader.text(root, "id");
        let version = reader.text(root, "version");
        let title = reader.localised(root, "title");
        let bands = all_bands(reader, root);
        let words = words(reader, root)?;
        let priorities = priorities(reader, root)?;
        let (id, version, title) = (id?, version?, title?);
        match SeverityTable::new((id.clone(), version, title), bands, words, priorities) {
            Ok(table) => Some(table),
            Err(error) => {
                let field = match error {
                    SeverityTableError::BandsMissing(_) => "cvss",
                    _ => "priority",
                };
                let offset = reader.offset_of(root, field);
                reader
                    .report(Code::DecisionTableInvalid, offset, Some(field.to_owned()))
                    .add("table", id)
                    .add("reason", error);
                None
            }
        }
    })
}

fn levels() -> Vec<(&'static str, Option<Level>)> {
    let levels = Level::ALL.iter().map(|level| (level.as_str(), Some(*level)));
    levels.chain([(UNKNOWN, None)]).collect()
}

fn all_bands(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> BTreeMap<Scale, Bands> {
    let mut all = BTreeMap::new();
    for mut fields in reader.tables(root, "cvss") {
        let versions = reader.texts(&mut fields, "versions");
        let bands = bands(reader, &mut fields);
        reader.finish(&fields);
        for (version, offset) in versions {
            let field = fields.path_of("versions");
            match Scale::ALL.into_iter().find(|scale| scale.as_str() == version) {
                None => {
                    let known = Scale::ALL.map(Scale::as_str).join(", ");
                    reader.invalid(offset, &field, version, &known);
                }
                Some(scale) if all.contains_key(&scale) => {
                    reader.invalid(offset, &field, version, "a version that stands once");
                }
                Some(scale) => drop(all.insert(scale, bands.clone())),
            }
        }
    }
    all
}

fn bands(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Bands {
    let Some(mut from) = reader.table(fields, "from") else { return Bands::new([]) };
    let mut begins = Vec::new();
    for level in Level::ALL.iter().filter(|level| **level != Level::Informational) {
        let Some(text) = reader.optional_text(&mut from, level.as_str()) else { continue };
        match tenths(&text) {
            Some(score) => begins.push((score, *level)),
            None => {
                let offset = reader.offset_of(&from, level.as_str());
                let field = from.path_of(level.as_str());
                reader.invalid(offset, &field, text, "a score with one decimal: \"7.0\"");
            }
        }
    }
    // The more severe level begins at the higher score; else one of them would never apply.
    if !begins.is_sorted_by(|(severe, _), (less, _)| severe > less) {
        let offset = from.offset();
        reader.invalid(offset, &fields.path_of("from"), "from", "a higher score for a more severe level");
    }
    reader.finish(&from);
    Bands::new(begins)
}

/// `7.0` as 70: one digit behind the point, 0.0 to 10.0.
fn tenths(text: &str) -> Option<u8> {
    let (whole, tenth) = text.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if tenth.len() != 1 || !(1..=2).contains(&whole.len()) || !digits(whole) || !digits(tenth) {
        return None;
    }
    let score = whole.parse::<u8>().ok()?.checked_mul(10)?.checked_add(tenth.parse().ok()?)?;
    (score <= 100).then_some(score)
}

/// The words of every tool; `None` if there are too many.
fn words(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<Words> {
    let tables = reader.tables(root, "tool");
    if tables.is_empty() || tables.len() > MOST {
        let offset = reader.offset_of(root, "tool");
        reader.invalid(offset, "tool", tables.len(), &format!("1 to {MOST} tools"));
        return None;
    }
    let mut all = Words::new();
    for mut fields in tables {
        let tools = reader.texts(&mut fields, "tools");
        if tools.is_empty() {
            let offset = fields.offset();
            reader.invalid(offset, &fields.path_of("tools"), "", "the key of a tool, or *");
        }
        reader.optional_text(&mut fields, "remark");
        let words = words_of(reader, &mut fields);
        reader.finish(&fields);
        for (tool, offset) in tools {
            if all.insert(tool.to_lowercase(), words.clone()).is_some() {
                reader.invalid(offset, &fields.path_of("tools"), tool, "a tool that stands once");
            }
        }
    }
    Some(all)
}

fn words_of(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> BTreeMap<String, Option<Level>> {
    let mut words = BTreeMap::new();
    let Some(mut table) = reader.table(fields, "words") else { return words };
    for word in reader.names(&table).into_iter().take(MOST) {
        let Some(level) = reader.choice(&mut table, &word, &levels()) else { continue };
        let normal = word.trim().to_lowercase();
        if normal.is_empty() || words.insert(normal, level).is_some() {
            let offset = reader.offset_of(&table, &word);
            let expected = "a word that stands once, whatever its case";
            reader.invalid(offset, &table.path_of(&word), &word, expected);
        }
    }
    reader.finish(&table);
    words
}

const EXPOSURES: [(&str, Exposure); 3] =
    [("small", Exposure::Small), ("controlled", Exposure::Controlled), ("open", Exposure::Open)];
/// The roles, in the order of the columns.
const ROLES: [(&str, bool); 2] = [("patient-care", true), ("other", false)];

fn priorities(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<Vec<PriorityRow>> {
    let mut fields = reader.table(root, "priority")?;
    let roles = reader.texts(&mut fields, "roles");
    let named: Vec<&str> = roles.iter().map(|(role, _)| role.as_str()).collect();
    let expected = ROLES.map(|(role, _)| role);
    if named != expected {
        let offset = reader.offset_of(&fields, "roles");
        reader.invalid(offset, "priority.roles", named.join(", "), &expected.join(", "));
        return None;
    }
    let mut priorities = Vec::new();
    let rows = reader.rows(&mut fields, "rows");
    reader.finish(&fields);
    for (index, (cells, offset)) in rows.iter().enumerate() {
        let field = format!("priority.rows[{index}]");
        let [level, exposure, outcomes @ ..] = cells.as_slice() else {
            reader.invalid(*offset, &field, cells.len(), "level, exposure and two outcomes");
            return None;
        };
        if outcomes.len() != ROLES.len() {
            reader.invalid(*offset, &field, cells.len(), "level, exposure and two outcomes");
            return None;
        }
        let level = cell(reader, (*offset, &field), level, &levels())?;
        let exposure = cell(reader, (*offset, &field), exposure, &EXPOSURES)?;
        for ((_, affects_patients), outcome) in ROLES.into_iter().zip(outcomes) {
            let decisions = Decision::ALL.map(|decision| (decision.as_str(), decision));
            let outcome = cell(reader, (*offset, &field), outcome, &decisions)?;
            priorities.push(((level, exposure, affects_patients), outcome));
        }
    }
    Some(priorities)
}

fn cell<T: Copy>(
    reader: &mut Reader<'_>,
    (offset, field): (usize, &str),
    text: &str,
    words: &[(&str, T)],
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let expected: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        reader.invalid(offset, field, text, &expected.join(", "));
    }
    found
}

#[cfg(test)]
#[path = "severities_tests.rs"]
mod tests;
