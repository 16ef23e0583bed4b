//! `licenses` of a component. They do not matter for matching, and a few lists of them stand at nearly all components:
//! what was found right is not taken apart again.
//!
//! A list is read by itself. What only a reader of its values refuses (half of a surrogate pair, a number out of range)
//! is a violation there and does not end the document, and its levels do not count for the nesting of the document.

use serde::de::{DeserializeSeed, MapAccess};
use serde_json::value::RawValue;

use super::State;
use super::rules::{self, Check};

/// How many lists are remembered.
const MOST: usize = 16;
/// How long they may be, in bytes.
const LONGEST: usize = 256;

/// Lists of licences that violate nothing, as the document writes them.
#[derive(Default)]
pub(super) struct Right<'de>(Vec<&'de str>);

impl Right<'_> {
    /// Forgets them: another version of the specification has other rules.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Checks the value that comes next.
///
/// # Errors
/// Those of the document.
pub(super) fn check<'de, A: MapAccess<'de>>(
    state: &mut State<'_, 'de>,
    entries: &mut A,
) -> Result<(), A::Error> {
    if !state.is_text {
        return entries.next_value_seed(rule(state)).map(drop);
    }
    let text = entries.next_value::<&RawValue>()?.get();
    if state.right_licences.0.contains(&text) {
        return Ok(());
    }
    let before = state.found.told();
    let read = rule(state).deserialize(&mut serde_json::Deserializer::from_str(text));
    if let Err(error) = read {
        // The document can be read, this value cannot.
        state.violation("value-of-wrong-kind", "licenses", &error.to_string());
    } else if state.found.told() == before && text.len() <= LONGEST && state.right_licences.0.len() < MOST {
        state.right_licences.0.push(text);
    }
    Ok(())
}

fn rule<'s, 'p, 'de>(state: &'s mut State<'p, 'de>) -> Check<'s, 'p, 'de> {
    Check { state, rule: &rules::LICENCES, field: "licenses" }
}

#[cfg(test)]
mod tests {
    use shindan_domain::diagnostic::{Code, Diagnostic};

    use crate::inventory::collector::Collector;
    use crate::limits::Limits;

    fn read(version: &str, licences: &[&str]) -> Vec<Diagnostic> {
        let components: Vec<String> = licences
            .iter()
            .enumerate()
            .map(|(n, list)| format!("{{\"name\":\"c{n}\",\"type\":\"library\",\"licenses\":{list}}}"))
            .collect();
        let head = format!("\"bomFormat\":\"CycloneDX\",\"specVersion\":\"{version}\"");
        let text = format!("{{{head},\"components\":[{}]}}", components.join(","));
        let read =
            super::super::read(&text, Collector::new("bom.json"), &Limits::DEFAULT, None).expect("reads");
        assert_eq!(read.components.len(), licences.len());
        read.diagnostics
    }

    fn told(version: &str, licences: &[&str]) -> Vec<(String, String, String)> {
        let told = read(version, licences);
        assert!(told.iter().all(|it| it.code == Code::SpecViolation), "{told:?}");
        let param = |it: &Diagnostic, name: &str| it.params.get(name).cloned().unwrap_or_default();
        told.iter()
            .map(|it| (param(it, "rule"), it.place.field.clone().unwrap_or_default(), param(it, "count")))
            .collect()
    }

    const MIT: &str = "[{\"license\":{\"id\":\"MIT\"}}]";
    const WRONG: &str = "[{\"license\":{\"id\":\"No-Such-Licence\"}}]";

    #[test]
    fn what_is_wrong_is_counted_each_time_also_between_what_is_right() {
        assert_eq!(told("1.5", &[MIT, MIT, "null", "[]", MIT]), []);
        let twice = ("licence-id".to_owned(), "/components/1/licenses".to_owned(), "2".to_owned());
        assert_eq!(told("1.5", &[MIT, WRONG, MIT, WRONG, MIT]), [twice]);
    }

    #[test]
    fn more_lists_than_are_remembered() {
        let many: Vec<String> =
            (0..40).map(|n| format!("[{{\"license\":{{\"name\":\"licence {n}\"}}}}]")).collect();
        let mut lists: Vec<&str> = many.iter().chain(&many).map(String::as_str).collect();
        assert_eq!(told("1.5", &lists), []);
        lists.extend([WRONG, MIT, WRONG]);
        assert_eq!(told("1.5", &lists)[0].2, "2");
    }

    #[test]
    fn rules_are_those_of_the_version() {
        let both = "[{\"license\":{\"id\":\"MIT\"}},{\"expression\":\"MIT OR ISC\"}]";
        assert_eq!(told("1.7", &[both, both]), []);
        assert_eq!(told("1.6", &[MIT, both, both])[0].2, "2");
    }

    #[test]
    fn a_text_that_cannot_be_read_does_not_cost_the_document() {
        let half = "[{\"license\":{\"id\":\"\\ud800\"}}]";
        let expected =
            ("value-of-wrong-kind".to_owned(), "/components/0/licenses".to_owned(), "1".to_owned());
        assert_eq!(told("1.5", &[half, MIT]), [expected]);
    }
}
