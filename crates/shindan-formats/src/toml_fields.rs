//! Reading our own TOML files (packs, policies, tables) with diagnostics that name file, line, column and field.
//!
//! Every field is asked for by name; whatever was not asked for is reported, so that a misspelt field is not lost.

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::localised::Localised;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Largest file: packs are written by hand.
const LARGEST: usize = 4 << 20;

/// What a file yields. `value` is there exactly if no diagnostic is an error: half a pack would give wrong evidence.
#[derive(Debug)]
pub struct PackReading<T> {
    /// The content.
    pub value: Option<T>,
    /// What was odd or wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The file being read and what was found wrong in it.
pub(crate) struct Reader<'t> {
    path: &'t str,
    text: &'t str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A table and the fields of it that were asked for.
pub(crate) struct Fields<'t, 'i> {
    table: &'t DeTable<'i>,
    offset: usize,
    path: String,
    asked: BTreeSet<String>,
}

impl Fields<'_, '_> {
    /// Where it begins, in bytes.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// The full name of a field: `control[0].text`.
    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// Reads a file as TOML and hands its root to `build`.
pub(crate) fn read<T>(
    path: &str,
    bytes: &[u8],
    build: impl FnOnce(&mut Reader<'_>, &mut Fields<'_, '_>) -> Option<T>,
) -> PackReading<T> {
    let refused = |diagnostic: Diagnostic| PackReading { value: None, diagnostics: vec![diagnostic] };
    if bytes.is_empty() {
        return refused(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    if bytes.len() > LARGEST {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Place::file(path));
        return refused(diagnostic.with("size", bytes.len()).with("limit", LARGEST));
    }
    // Editors on Windows write a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let diagnostic = Diagnostic::new(Code::EncodingInvalid, Place::file(path));
            return refused(diagnostic.with("offset", error.valid_up_to()));
        }
    };
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut reader = Reader { path, text, lines, diagnostics: Vec::new() };
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let offset = error.span().map(|span| span.start).unwrap_or(0);
            reader.report(Code::TomlInvalid, offset, None).add("reason", error.message());
            return PackReading { value: None, diagnostics: reader.diagnostics };
        }
    };
    let mut fields = Fields { table: root.get_ref(), offset: 0, path: String::new(), asked: BTreeSet::new() };
    let value = build(&mut reader, &mut fields);
    reader.finish(&fields);
    let failed = reader.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    PackReading { value: value.filter(|_| !failed), diagnostics: reader.diagnostics }
}

/// Adds parameters to the diagnostic just reported.
pub(crate) struct Reported<'r>(&'r mut Diagnostic);

impl Reported<'_> {
    pub(crate) fn add(self, name: &str, value: impl ToString) -> Self {
        self.0.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl<'t> Reader<'t> {
    /// Reports at a byte offset.
    pub(crate) fn report(&mut self, code: Code, offset: usize, field: Option<String>) -> Reported<'_> {
        let mut place = Place::file(self.path);
        let line = self.lines.partition_point(|start| *start <= offset);
        place.line = Some(line as u64);
        let line_start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or(0);
        // Nobody counts columns of a line this long, and counting them for every problem would take forever.
        let before = self.text.get(line_start..offset).filter(|before| before.len() < 10_000);
        place.column = before.map(|before| before.chars().count() as u64 + 1);
        place.field = field;
        self.diagnostics.push(Diagnostic::new(code, place));
        // Just pushed, so the slice is not empty; a fresh diagnostic would be lost otherwise.
        let last = self.diagnostics.len() - 1;
        Reported(&mut self.diagnostics[last])
    }

    /// A field with a value outside its definition.
    pub(crate) fn invalid(&mut self, offset: usize, field: &str, value: impl ToString, expected: &str) {
        self.report(Code::FieldInvalid, offset, Some(field.to_owned()))
            .add("field", field)
            .add("value", value)
            .add("expected", expected);
    }

    fn missing(&mut self, fields: &Fields<'_, '_>, name: &str) {
        let field = fields.path_of(name);
        self.report(Code::FieldMissing, fields.offset, Some(field.clone())).add("field", field);
    }

    /// The value of a field, if it is there.
    fn get<'f, 'i>(
        &mut self,
        fields: &mut Fields<'f, 'i>,
        name: &str,
    ) -> Option<(&'f Spanned<DeValue<'i>>, String)> {
        fields.asked.insert(name.to_owned());
        let table: &'f DeTable<'i> = fields.table;
        let value = table.get(name)?;
        Some((value, fields.path_of(name)))
    }

    /// A text that may be absent; never empty.
    pub(crate) fn optional_text(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Option<String> {
        let (value, path) = self.get(fields, name)?;
        self.text_of(value, &path)
    }

    fn text_of(&mut self, value: &Spanned<DeValue<'_>>, path: &str) -> Option<String> {
        let offset = value.span().start;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(_) => {
                self.invalid(offset, path, "", "text that is not empty");
                None
            }
            None => {
                self.invalid(offset, path, value.get_ref().type_str(), "text in quotation marks");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Option<String> {
        if !fields.table.contains_key(name) {
            fields.asked.insert(name.to_owned());
            self.missing(fields, name);
            return None;
        }
        self.optional_text(fields, name)
    }

    /// A text that must be one of a few words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        fields: &mut Fields<'_, '_>,
        name: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(fields, name)?;
        let offset = self.offset_of(fields, name);
        self.word(&text, offset, &fields.path_of(name), words)
    }

    /// As [`choice`](Self::choice), but may be absent.
    pub(crate) fn optional_choice<T: Copy>(
        &mut self,
        fields: &mut Fields<'_, '_>,
        name: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.optional_text(fields, name)?;
        let offset = self.offset_of(fields, name);
        self.word(&text, offset, &fields.path_of(name), words)
    }

    fn word<T: Copy>(&mut self, text: &str, offset: usize, path: &str, words: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let expected: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.invalid(offset, path, text, &expected.join(", "));
        None
    }

    /// `true` or `false`; must be there.
    pub(crate) fn boolean(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Option<bool> {
        let Some((value, path)) = self.get(fields, name) else {
            self.missing(fields, name);
            return None;
        };
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.invalid(value.span().start, &path, value.get_ref().type_str(), "true, false");
        }
        found
    }

    /// A whole number from 1 that may be absent.
    pub(crate) fn optional_number(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Option<u32> {
        let (value, path) = self.get(fields, name)?;
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().parse().ok()).filter(|number| *number > 0);
        if number.is_none() {
            self.invalid(value.span().start, &path, value.get_ref().type_str(), "a whole number from 1");
        }
        number
    }

    /// A list of texts; an absent list is empty. With the byte offset of each.
    pub(crate) fn texts(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Vec<(String, usize)> {
        let Some((value, path)) = self.get(fields, name) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.invalid(value.span().start, &path, value.get_ref().type_str(), "a list of texts");
            return Vec::new();
        };
        array
            .iter()
            .enumerate()
            .filter_map(|(index, item)| {
                let text = self.text_of(item, &format!("{path}[{index}]"))?;
                Some((text, item.span().start))
            })
            .collect()
    }

    /// One text or a list of texts, with the byte offset of each; an absent field is an empty list.
    pub(crate) fn text_or_texts(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Vec<(String, usize)> {
        let Some((value, path)) = self.get(fields, name) else { return Vec::new() };
        if value.get_ref().as_array().is_some() {
            return self.texts(fields, name);
        }
        self.text_of(value, &path).map(|text| (text, value.span().start)).into_iter().collect()
    }

    /// The names of all fields of a table whose names are free.
    pub(crate) fn names(&self, fields: &Fields<'_, '_>) -> Vec<String> {
        fields.table.keys().map(|name| name.get_ref().to_string()).collect()
    }

    /// A list of lists of texts, with the byte offset of each inner list.
    pub(crate) fn rows(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Vec<(Vec<String>, usize)> {
        let Some((value, path)) = self.get(fields, name) else {
            self.missing(fields, name);
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.invalid(value.span().start, &path, value.get_ref().type_str(), "a list of rows");
            return Vec::new();
        };
        let mut rows = Vec::new();
        for (index, row) in array.iter().enumerate() {
            let path = format!("{path}[{index}]");
            let offset = row.span().start;
            match row.get_ref().as_array() {
                Some(cells) => {
                    rows.push((cells.iter().filter_map(|cell| self.text_of(cell, &path)).collect(), offset));
                }
                None => self.invalid(offset, &path, row.get_ref().type_str(), "a list of texts"),
            }
        }
        rows
    }

    /// A table that may be absent.
    pub(crate) fn optional_table<'f, 'i>(
        &mut self,
        fields: &mut Fields<'f, 'i>,
        name: &str,
    ) -> Option<Fields<'f, 'i>> {
        let (value, path) = self.get(fields, name)?;
        self.as_table(value, path)
    }

    fn as_table<'f, 'i>(&mut self, value: &'f Spanned<DeValue<'i>>, path: String) -> Option<Fields<'f, 'i>> {
        let offset = value.span().start;
        match value.get_ref().as_table() {
            Some(table) => Some(Fields { table, offset, path, asked: BTreeSet::new() }),
            None => {
                self.invalid(offset, &path, value.get_ref().type_str(), "a table");
                None
            }
        }
    }

    /// A table that must be there.
    pub(crate) fn table<'f, 'i>(
        &mut self,
        fields: &mut Fields<'f, 'i>,
        name: &str,
    ) -> Option<Fields<'f, 'i>> {
        if !fields.table.contains_key(name) {
            fields.asked.insert(name.to_owned());
            self.missing(fields, name);
            return None;
        }
        self.optional_table(fields, name)
    }

    /// A list of tables (`[[name]]`); an absent list is empty.
    pub(crate) fn tables<'f, 'i>(&mut self, fields: &mut Fields<'f, 'i>, name: &str) -> Vec<Fields<'f, 'i>> {
        let Some((value, path)) = self.get(fields, name) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.invalid(value.span().start, &path, value.get_ref().type_str(), "a list of tables [[…]]");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in array.iter().enumerate() {
            tables.extend(self.as_table(item, format!("{path}[{index}]")));
        }
        tables
    }

    /// A text in both languages that may be absent: `{ ja = "…", en = "…" }`.
    pub(crate) fn optional_localised(
        &mut self,
        fields: &mut Fields<'_, '_>,
        name: &str,
    ) -> Option<Localised> {
        let mut table = self.optional_table(fields, name)?;
        let (ja, en) = (self.text(&mut table, "ja"), self.text(&mut table, "en"));
        self.finish(&table);
        Some(Localised::new(ja?, en?))
    }

    /// A text in both languages that must be there.
    pub(crate) fn localised(&mut self, fields: &mut Fields<'_, '_>, name: &str) -> Option<Localised> {
        if !fields.table.contains_key(name) {
            fields.asked.insert(name.to_owned());
            self.missing(fields, name);
            return None;
        }
        self.optional_localised(fields, name)
    }

    /// Checks the `schema` line, which tells what the file is.
    pub(crate) fn schema(&mut self, fields: &mut Fields<'_, '_>, expected: &str) -> Option<()> {
        let found = self.text(fields, "schema")?;
        if found == expected {
            return Some(());
        }
        let offset = self.offset_of(fields, "schema");
        self.invalid(offset, "schema", found, expected);
        // The file is of another kind: calling each of its fields unknown would hide that.
        fields.asked.extend(fields.table.keys().map(|name| name.get_ref().to_string()));
        None
    }

    /// Where the value of a field begins; the table's own place if it is absent.
    pub(crate) fn offset_of(&self, fields: &Fields<'_, '_>, name: &str) -> usize {
        fields.table.get(name).map_or(fields.offset, |value| value.span().start)
    }

    /// True if the field is there, whatever it holds.
    pub(crate) fn has(&self, fields: &Fields<'_, '_>, name: &str) -> bool {
        fields.table.contains_key(name)
    }

    /// Reports every field that nobody asked for.
    pub(crate) fn finish(&mut self, fields: &Fields<'_, '_>) {
        for name in fields.table.keys() {
            if !fields.asked.contains(name.get_ref().as_ref()) {
                let field = fields.path_of(name.get_ref());
                let expected: Vec<&str> = fields.asked.iter().map(String::as_str).collect();
                self.report(Code::FieldUnknown, name.span().start, Some(field.clone()))
                    .add("field", field)
                    .add("expected", expected.join(", "));
            }
        }
    }
}
