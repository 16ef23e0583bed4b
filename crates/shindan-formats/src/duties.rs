//! Packs of duties (`catalog/duties/*.toml`): what an agreement on roles begins with.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::agreement::{Coverage, DutyTopic, Involvement, Template, TemplateDuty};
use shindan_domain::organisation::PartyKind;

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of a pack of duties.
pub const SCHEMA: &str = "shindan.duties/1";
/// So many duties at most: people discuss each of them.
const MOST: usize = 1000;

/// Reads a pack of duties.
pub fn read_duties(path: &str, bytes: &[u8]) -> PackReading<Template> {
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
        let tables = reader.tables(root, "duty");
        if tables.is_empty() || tables.len() > MOST {
            let offset = reader.offset_of(root, "duty");
            reader.invalid(offset, "duty", tables.len(), &format!("1 to {MOST} duties"));
            return None;
        }
        let mut keys = BTreeSet::new();
        let mut duties = Vec::new();
        for mut fields in tables {
            let Some(duty) = duty(reader, &mut fields) else { continue };
            if !keys.insert(duty.key.clone()) {
                let offset = reader.offset_of(&fields, "key");
                reader.invalid(offset, &fields.path_of("key"), &duty.key, "a key that no other duty has");
            }
            duties.push(duty);
        }
        Some(Template { id: id?, version: version?, title: title?, duties })
    })
}

fn duty(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<TemplateDuty> {
    let topics: Vec<_> = DutyTopic::ALL.iter().map(|topic| (topic.as_str(), *topic)).collect();
    let key = reader.text(fields, "key");
    let topic = reader.choice(fields, "topic", &topics);
    let text = reader.localised(fields, "text");
    let mut covers = Vec::new();
    for (text, offset) in reader.texts(fields, "covers") {
        match text.parse::<Coverage>() {
            Ok(coverage) => covers.push(coverage),
            Err(error) => reader.invalid(offset, &fields.path_of("covers"), text, &error.to_string()),
        }
    }
    let involves = involves(reader, fields);
    reader.finish(fields);
    Some(TemplateDuty { key: key?, topic: topic?, text: text?, covers, involves })
}

fn involves(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> BTreeMap<PartyKind, Involvement> {
    let words: Vec<_> = Involvement::ALL.iter().map(|one| (one.as_str(), *one)).collect();
    let mut involves = BTreeMap::new();
    let Some(mut table) = reader.optional_table(fields, "involves") else { return involves };
    for part in PartyKind::ALL {
        if let Some(involvement) = reader.optional_choice(&mut table, part.as_str(), &words) {
            involves.insert(*part, involvement);
        }
    }
    let doing = involves.values().filter(|one| **one == Involvement::Does).count();
    if doing > 1 {
        let offset = table.offset();
        reader.invalid(offset, &fields.path_of("involves"), doing, "one kind of party that does it");
    }
    reader.finish(&table);
    involves
}

#[cfg(test)]
mod tests {
    use shindan_domain::diagnostic::Code;

    use super::*;

    const OURS: &str = include_str!("../../../catalog/duties/roles.toml");

    #[test]
    fn the_pack_that_ships_names_one_who_does_each_duty() {
        let reading = read_duties("roles.toml", OURS.as_bytes());
        assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
        let template = reading.value.unwrap();
        assert!((25..=40).contains(&template.duties.len()), "{}", template.duties.len());
        for duty in &template.duties {
            assert!(duty.involves.values().any(|one| *one == Involvement::Does), "{}", duty.key);
        }
        let topics: BTreeSet<_> = template.duties.iter().map(|duty| duty.topic).collect();
        let all: BTreeSet<_> = DutyTopic::ALL.iter().copied().filter(|t| *t != DutyTopic::Other).collect();
        assert_eq!(topics, all, "every topic is there");
        let covers: Vec<_> = template.duties.iter().flat_map(|duty| &duty.covers).collect();
        assert!(covers.contains(&&Coverage::PatchingOfAll) && covers.contains(&&Coverage::EveryLine));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_no_half_pack_is_used() {
        for (from, to, field) in [
            ("topic = \"patching\"", "topic = \"patchin\"", "duty[4].topic"),
            ("patching-of-all", "patching-of-everything", "duty[4].covers"),
            ("key = \"patch-system\"", "key = \"vuln-information\"", "duty[4].key"),
            ("key = \"patch-system\"", "kee = \"patch-system\"", "duty[4].key"),
            (
                "institution = \"approves\", provider = \"does\"",
                "hospital = \"does\"",
                "duty[4].involves.hospital",
            ),
            ("institution = \"approves\"", "institution = \"does\"", "duty[4].involves"),
            ("schema = \"shindan.duties/1\"", "schema = \"shindan.duties/2\"", "schema"),
        ] {
            let text = OURS.replacen(from, to, 1);
            assert_ne!(text, OURS, "{from}");
            let reading = read_duties("own.toml", text.as_bytes());
            let named =
                |field: &str| reading.diagnostics.iter().any(|d| d.place.field.as_deref() == Some(field));
            assert!(named(field), "{field}: {:?}", reading.diagnostics);
            assert!(reading.value.is_none(), "{field}");
        }
        assert_eq!(read_duties("own.toml", b"").diagnostics[0].code, Code::FileEmpty);
    }

    #[test]
    fn any_damage_is_an_error_or_another_pack_and_never_a_panic() {
        let bytes = OURS.as_bytes();
        let whole = read_duties("own.toml", bytes).value.unwrap().duties.len();
        for cut in (0..bytes.len()).step_by(97) {
            let reading = read_duties("own.toml", &bytes[..cut]);
            assert!(reading.value.is_none_or(|pack| pack.duties.len() <= whole && !pack.duties.is_empty()));
            let mut flipped = bytes.to_vec();
            flipped[cut] ^= 0x11;
            drop(read_duties("own.toml", &flipped));
        }
    }
}
