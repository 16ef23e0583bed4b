//! The pack of the outside check's rules (`catalog/assessment/outside-rules.toml`): what is said about each of them.

use std::collections::BTreeMap;

use shindan_domain::assessment::{OutsideRule, OutsideRules, OutsideSeverity, RuleText};

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of a pack of rules of the outside check.
pub const SCHEMA: &str = "shindan.outside-rules/1";

/// Reads the rules of the outside check. Each rule must be there, and once.
pub fn read_outside_rules(path: &str, bytes: &[u8]) -> PackReading<OutsideRules> {
    read(path, bytes, |reader, root| {
        reader.schema(root, SCHEMA)?;
        reader.text(root, "id");
        reader.text(root, "version");
        reader.localised(root, "title");
        let mut texts = BTreeMap::new();
        for mut fields in reader.tables(root, "rule") {
            let Some((rule, text)) = rule(reader, &mut fields) else { continue };
            if texts.insert(rule, text).is_some() {
                let offset = reader.offset_of(&fields, "key");
                reader.invalid(offset, &fields.path_of("key"), rule, "a rule that is named once");
            }
        }
        match OutsideRules::new(texts) {
            Ok(rules) => Some(rules),
            Err(missing) => {
                let offset = reader.offset_of(root, "rule");
                let missing: Vec<_> = missing.0.iter().map(|rule| rule.as_str()).collect();
                reader.invalid(offset, "rule", "", &format!("also {}", missing.join(", ")));
                None
            }
        }
    })
}

fn rule(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<(OutsideRule, RuleText)> {
    let rules: Vec<_> = OutsideRule::ALL.iter().map(|rule| (rule.as_str(), *rule)).collect();
    let severities: Vec<_> = OutsideSeverity::ALL.iter().map(|one| (one.as_str(), *one)).collect();
    let rule = reader.choice(fields, "key", &rules);
    let severity = reader.choice(fields, "severity", &severities);
    let mut cwe = Vec::new();
    for (text, offset) in reader.texts(fields, "cwe") {
        match text.parse::<u32>() {
            Ok(number) => cwe.push(number),
            Err(_) => reader.invalid(offset, &fields.path_of("cwe"), text, "the number of a weakness (CWE)"),
        }
    }
    let title = reader.localised(fields, "title");
    let advice = reader.localised(fields, "advice");
    reader.finish(fields);
    Some((rule?, RuleText { title: title?, advice: advice?, severity: severity?, cwe }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../../catalog/assessment/outside-rules.toml");

    #[test]
    fn the_pack_that_ships_has_words_for_every_rule() {
        let reading = read_outside_rules("outside-rules.toml", OURS.as_bytes());
        assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
        let rules = reading.value.unwrap();
        assert_eq!(rules.iter().count(), OutsideRule::ALL.len());
        let japanese = |text: &str| text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c));
        for (rule, text) in rules.iter() {
            assert!(japanese(&text.title.ja) && japanese(&text.advice.ja), "{rule}");
            assert!(text.title.en.is_ascii() && text.advice.en.is_ascii(), "{rule}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_no_half_pack_is_used() {
        for (from, to, field) in [
            ("key = \"tls-1.0\"", "key = \"tls-1.7\"", "rule[1].key"),
            ("key = \"tls-1.0\"", "key = \"tls-1.1\"", "rule[2].key"),
            ("key = \"tls-1.0\"", "key = \"tls-1.1\"", "rule"),
            ("severity = \"medium\"", "severity = \"dire\"", "rule[1].severity"),
            ("cwe = [\"327\"]", "cwe = [\"CWE-327\"]", "rule[0].cwe"),
            ("advice = {", "advise = {", "rule[0].advise"),
            ("shindan.outside-rules/1", "shindan.outside-rules/2", "schema"),
        ] {
            let text = OURS.replacen(from, to, 1);
            assert_ne!(text, OURS, "{from}");
            let reading = read_outside_rules("own.toml", text.as_bytes());
            let named =
                |field: &str| reading.diagnostics.iter().any(|d| d.place.field.as_deref() == Some(field));
            assert!(named(field), "{field}: {:?}", reading.diagnostics);
            assert!(reading.value.is_none(), "{field}");
        }
    }

    #[test]
    fn any_damage_is_an_error_or_the_whole_pack_and_never_a_panic() {
        let bytes = OURS.as_bytes();
        for cut in (0..bytes.len()).step_by(97) {
            let reading = read_outside_rules("own.toml", &bytes[..cut]);
            assert!(reading.value.is_none_or(|rules| rules.iter().count() == OutsideRule::ALL.len()));
            let mut flipped = bytes.to_vec();
            flipped[cut] ^= 0x11;
            drop(read_outside_rules("own.toml", &flipped));
        }
    }
}
