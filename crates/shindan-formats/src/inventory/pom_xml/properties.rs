//! Properties of a pom: `${name}` filled in as far as the file itself tells.

use std::collections::BTreeMap;

use crate::xml::Element;

/// Deepest nesting of properties in properties; more is a circle.
const DEEPEST: usize = 16;
/// Longest text that filling in may make, in bytes: properties that repeat properties grow without bound.
const LONGEST: usize = 4096;

/// Names and values, values as written.
#[derive(Debug, Default)]
pub(super) struct Properties(BTreeMap<String, String>);

impl Properties {
    /// The properties of a project: its own section, and what Maven derives from the head of the file.
    pub(super) fn of(sections: &[Element]) -> Self {
        let mut values = BTreeMap::new();
        let section = |name: &str| sections.iter().find(|section| section.name.local == name);
        for property in sections.iter().filter(|s| s.name.local == "properties").flat_map(|s| &s.children) {
            values.insert(property.name.local.clone(), property.trimmed().to_owned());
        }
        for field in ["groupId", "artifactId", "version"] {
            let inherited = section("parent").and_then(|parent| parent.child_text(field));
            let stated = section(field).map(Element::trimmed).filter(|text| !text.is_empty());
            let inherits = field != "artifactId";
            // `pom.` is the prefix of Maven 2, no prefix that of Maven 1; both still work.
            for prefix in ["project.", "pom.", ""] {
                if let Some(value) = stated.or(inherited.filter(|_| inherits)) {
                    values.entry(format!("{prefix}{field}")).or_insert_with(|| value.to_owned());
                }
            }
            for prefix in ["project.parent.", "parent."] {
                if let Some(value) = inherited {
                    values.entry(format!("{prefix}{field}")).or_insert_with(|| value.to_owned());
                }
            }
        }
        Properties(values)
    }

    /// The text with every property filled in; `None` if one is not known, or refers to itself.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        let mut text = text.trim().to_owned();
        for _ in 0..DEEPEST {
            if !text.contains("${") {
                return Some(text);
            }
            text = self.fill_in(&text)?;
        }
        None
    }

    /// Fills in each property of the text once.
    fn fill_in(&self, text: &str) -> Option<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}')?;
            filled.push_str(before);
            filled.push_str(self.0.get(name)?);
            if filled.len() > LONGEST {
                return None;
            }
            rest = behind;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_filled_in() {
        let pairs = [
            ("a", "1"),
            ("b", "${a}.2"),
            ("circle", "${circle}"),
            ("to", "${fro}"),
            ("fro", "${to}"),
            ("grows", "${grows}${grows}"),
        ];
        let values = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let properties = Properties(values);
        for (text, expected) in [
            ("1.0", Some("1.0")),
            (" ${b}-x ", Some("1.2-x")),
            ("${a}${a}", Some("11")),
            ("${none}", None),
            ("${a", None),
            ("${circle}", None),
            ("${to}", None),
            ("${grows}", None),
        ] {
            assert_eq!(properties.resolve(text).as_deref(), expected, "{text}");
        }
    }
}
