//! Lock files that are TOML with `[[package]]` tables: poetry, uv.

use shindan_domain::diagnostic::{Code, Diagnostic};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::collector::Collector;
use super::line_numbers::{Lines, line_of};
use crate::text::shorten;

/// One `[[package]]`.
pub(super) struct Package<'t, 'i> {
    pub(super) name: &'t str,
    /// Absent, or empty.
    pub(super) version: Option<&'t str>,
    pub(super) table: &'t DeTable<'i>,
    /// Line of its header, from 1.
    pub(super) line: u64,
}

impl<'t> Package<'t, '_> {
    /// The text at `outer.inner`.
    pub(super) fn text_at(&self, outer: &str, inner: &str) -> Option<&'t str> {
        self.table.get(outer)?.get_ref().as_table()?.get(inner)?.get_ref().as_str()
    }

    /// True if the table `outer` has a key `inner`, of whatever value.
    pub(super) fn has(&self, outer: &str, inner: &str) -> bool {
        self.table
            .get(outer)
            .and_then(|value| value.get_ref().as_table())
            .is_some_and(|table| table.contains_key(inner))
    }
}

/// The document; what is damaged is told, the rest is read.
pub(super) fn parse<'i>(text: &'i str, found: &mut Collector<'_>) -> Spanned<DeTable<'i>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    // One defect makes the parser stumble several times; the first one is where it is.
    if let Some(error) = errors.first() {
        let mut place = found.place();
        place.line = error.span().map(|span| line_of(text, span.start));
        found.push(Diagnostic::new(Code::TomlInvalid, place).with("reason", shorten(error.message(), 200)));
    }
    root
}

/// The packages of a document that have a name; one without a version is told and kept.
pub(super) fn packages<'t, 'i>(
    root: &'t DeTable<'i>,
    text: &str,
    found: &mut Collector<'_>,
) -> Vec<Package<'t, 'i>> {
    let mut lines = Lines::of(text);
    let mut packages = Vec::new();
    let list = match root.get("package").map(Spanned::get_ref) {
        Some(DeValue::Array(list)) => list,
        _ => return packages,
    };
    for entry in list.iter() {
        let line = lines.at(entry.span().start);
        let Some(table) = entry.get_ref().as_table() else {
            found.push(
                found
                    .at_line(Code::FieldInvalid, line)
                    .with("field", "package")
                    .with("value", entry.get_ref().type_str())
                    .with("expected", "[[package]]"),
            );
            continue;
        };
        let text_of = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
        let Some(name) = text_of("name").filter(|name| !name.is_empty()) else {
            found.push(found.at_line(Code::FieldMissing, line).with("field", "name"));
            continue;
        };
        let version = text_of("version").filter(|version| !version.is_empty());
        packages.push(Package { name, version, table, line });
    }
    packages
}

/// The text at `outer.inner` of the document.
pub(super) fn text_at<'t>(root: &'t DeTable<'_>, outer: &str, inner: &str) -> Option<&'t str> {
    root.get(outer)?.get_ref().as_table()?.get(inner)?.get_ref().as_str()
}
