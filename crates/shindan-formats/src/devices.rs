//! The device dictionary (`catalog/devices/*.toml`): makers and hardware → software.

use serde::Deserialize;
use shindan_domain::cpe::Cpe;
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    maker: Vec<MakerRow>,
    #[serde(default)]
    runs: Vec<RuleRow>,
    /// One of several, which the model does not tell.
    #[serde(default)]
    may_run: Vec<RuleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MakerRow {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    maker: String,
    models: Vec<String>,
    vendor: String,
    product: String,
    cpe: Option<String>,
}

/// Reads a dictionary file.
///
/// # Errors
/// [`Code::TomlInvalid`] with the line, or [`Code::FieldInvalid`] for a CPE name that is none.
pub fn read(text: &str, path: &str) -> Result<DeviceDictionary, Diagnostic> {
    let file: File = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() as u64 + 1;
        Diagnostic::new(Code::TomlInvalid, Place::file(path).at_line(line)).with("reason", error.message())
    })?;
    let named = file.runs.iter().map(|rule| ("runs", rule));
    for (table, rule) in named.chain(file.may_run.iter().map(|rule| ("may_run", rule))) {
        if let Some(cpe) = &rule.cpe
            && let Err(error) = Cpe::parse(cpe)
        {
            let place = Place::file(path).at_field(format!("{table}.cpe"));
            return Err(Diagnostic::new(Code::FieldInvalid, place)
                .with("field", "cpe")
                .with("value", cpe)
                .with("expected", error));
        }
    }
    let makers = file.maker.into_iter().map(|m| Maker { name: m.name, aliases: m.aliases }).collect();
    let rules = |rows: Vec<RuleRow>| rows.into_iter().map(HardwareRule::from).collect();
    Ok(DeviceDictionary { makers, rules: rules(file.runs), possible: rules(file.may_run) })
}

impl From<RuleRow> for HardwareRule {
    fn from(row: RuleRow) -> Self {
        HardwareRule {
            maker: row.maker,
            models: row.models,
            vendor: row.vendor,
            product: row.product,
            cpe: row.cpe,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_that_ships_is_readable() {
        let text = include_str!("../../../catalog/devices/devices.toml");
        let dictionary = read(text, "devices.toml").unwrap();
        assert!(dictionary.rules.iter().any(|r| r.product == "FortiOS"));
        for rule in dictionary.rules.iter().chain(&dictionary.possible) {
            assert!(
                dictionary.makers.iter().any(|m| m.name == rule.maker),
                "rule for a maker that has no entry: {}",
                rule.maker
            );
        }
    }

    #[test]
    fn errors_name_the_line() {
        let error = read("[[maker]]\nname = 1\n", "own.toml").unwrap_err();
        assert_eq!((error.code, error.place.line), (Code::TomlInvalid, Some(2)));
        let error =
            read("[[runs]]\nmaker='a'\nmodels=[]\nvendor='a'\nproduct='b'\ncpe='nonsense'", "own.toml")
                .unwrap_err();
        assert_eq!(error.code, Code::FieldInvalid);
    }
}
