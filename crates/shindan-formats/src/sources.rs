//! Sources of vulnerability information that are proposed (`catalog/collect/sources.toml`).

use std::collections::BTreeSet;

use shindan_domain::collect::{DefaultSource, Source, SourceKind, SourcePack, Thresholds};

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of the pack.
pub const SCHEMA: &str = "shindan.sources/1";
/// So many sources at most.
const MOST: usize = 1000;

/// Reads the pack. Every source in it could be added as it stands, but for those whose address nobody could confirm.
pub fn read_sources(path: &str, bytes: &[u8]) -> PackReading<SourcePack> {
    read(path, bytes, |reader, root| {
        reader.schema(root, SCHEMA)?;
        let id = reader.text(root, "id");
        let version = reader.text(root, "version");
        let title = reader.localised(root, "title");
        let tables = reader.tables(root, "source");
        if tables.is_empty() || tables.len() > MOST {
            let offset = reader.offset_of(root, "source");
            reader.invalid(offset, "source", tables.len(), &format!("1 to {MOST} sources"));
            return None;
        }
        let (mut sources, mut names) = (Vec::new(), BTreeSet::new());
        let count = tables.len();
        for mut fields in tables {
            let source = source(reader, &mut fields);
            reader.finish(&fields);
            let Some(source) = source.filter(|source| can_be_added(reader, &fields, source, &names)) else {
                continue;
            };
            names.insert(source.name.clone());
            sources.push(source);
        }
        // A source that cannot be read is a defect of the pack, not one source less.
        (sources.len() == count).then_some(())?;
        Some(SourcePack { id: id?, version: version?, title: title?, sources })
    })
}

fn source(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<DefaultSource> {
    let kinds: Vec<(&str, SourceKind)> = SourceKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    let name = reader.text(fields, "name");
    let title = reader.localised(fields, "title");
    let kind = reader.choice(fields, "kind", &kinds);
    let addresses = reader.texts(fields, "addresses").into_iter().map(|(address, _)| address).collect();
    let interval_hours = optional(reader, fields, "interval_hours", u32::MAX);
    let reminder_days = needed(reader, fields, "reminder_days");
    let confirm_days = needed(reader, fields, "confirm_days");
    let thresholds = thresholds(reader, fields);
    let licence = reader.localised(fields, "licence");
    let may_leave_out = reader.boolean(fields, "terms_unclear");
    let proposed = reader.boolean(fields, "proposed");
    let unchecked = optional_text(reader, fields);
    Some(DefaultSource {
        name: name?,
        title: title?,
        kind: kind?,
        addresses,
        interval_hours: interval_hours.ok()?,
        reminder_days: reminder_days?,
        confirm_days: confirm_days?,
        thresholds: thresholds?,
        licence: licence?,
        may_leave_out: may_leave_out?,
        proposed: proposed?,
        unchecked: unchecked.ok()?,
    })
}

/// A field that was there and could not be read; it was reported.
struct Unreadable;

fn optional_text(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
) -> Result<Option<shindan_domain::localised::Localised>, Unreadable> {
    let there = reader.has(fields, "unchecked");
    match reader.optional_localised(fields, "unchecked") {
        None if there => Err(Unreadable),
        text => Ok(text),
    }
}

/// A whole number from 1 that may be absent.
fn optional(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
    name: &str,
    most: u32,
) -> Result<Option<u32>, Unreadable> {
    let there = reader.has(fields, name);
    match reader.optional_number(fields, name) {
        None if there => Err(Unreadable),
        Some(number) if number > most => {
            let offset = reader.offset_of(fields, name);
            reader.invalid(offset, &fields.path_of(name), number, &format!("1 to {most}"));
            Err(Unreadable)
        }
        number => Ok(number),
    }
}

fn needed(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>, name: &str) -> Option<u16> {
    let number = optional(reader, fields, name, u32::from(u16::MAX)).ok()?;
    if number.is_none() {
        let offset = fields.offset();
        reader.invalid(offset, &fields.path_of(name), "", "a whole number from 1");
    }
    u16::try_from(number?).ok()
}

/// Without the table nothing is suspicious; a field that is left out raises no alarm.
fn thresholds(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Thresholds> {
    let none =
        Thresholds { drop_percent: None, standstill_days: None, unchanged_days: None, skew_minutes: None };
    if !reader.has(fields, "alarms") {
        return Some(none);
    }
    let mut table = reader.optional_table(fields, "alarms")?;
    let percent = optional(reader, &mut table, "drop_percent", 100);
    let mut days = |name| optional(reader, &mut table, name, u32::from(u16::MAX));
    let (standstill, unchanged, skew) =
        (days("standstill_days"), days("unchanged_days"), days("skew_minutes"));
    reader.finish(&table);
    let small = |number: Option<u32>| number.and_then(|number| u16::try_from(number).ok());
    Some(Thresholds {
        drop_percent: percent.ok()?.and_then(|percent| u8::try_from(percent).ok()),
        standstill_days: small(standstill.ok()?),
        unchanged_days: small(unchanged.ok()?),
        skew_minutes: small(skew.ok()?),
    })
}

/// What the domain says about adding it. Without a confirmed address it waits for a person to give one.
fn can_be_added(
    reader: &mut Reader<'_>,
    fields: &Fields<'_, '_>,
    source: &DefaultSource,
    names: &BTreeSet<String>,
) -> bool {
    let mut draft = source.draft("ja", None);
    if source.kind.is_fetched() && draft.addresses.is_empty() {
        if source.proposed || source.unchecked.is_none() {
            let offset = fields.offset();
            let expected = "an address, or proposed = false and why there is none (unchecked)";
            reader.invalid(offset, &fields.path_of("addresses"), "", expected);
            return false;
        }
        draft.addresses.push("https://example.invalid/".to_owned());
    }
    match Source::add(draft, names.iter().map(String::as_str)) {
        Ok(_) => true,
        Err(refusal) => {
            let expected = format!("a source that can be added: {refusal}");
            reader.invalid(fields.offset(), &fields.path_of("name"), &source.name, &expected);
            false
        }
    }
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
