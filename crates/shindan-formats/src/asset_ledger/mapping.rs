//! Mapping files (TOML): what the columns and the words of one ledger mean. Written once, used every year.

use std::collections::BTreeMap;
use std::fmt;

use shindan_domain::asset_ledger::{LedgerColumn, LedgerReading};
use shindan_domain::inventory::{AssetKind, Exposure};

use super::heading::folded;
use super::words;
use crate::catalog_writer::quoted;
use crate::sheet::{column_letters, column_number};
use crate::toml_fields::{self, Fields, PackReading, Reader};

/// The `schema` line of a mapping file.
pub const MAPPING_SCHEMA: &str = "shindan.ledger-mapping/1";

/// What the columns and words of a ledger mean. Everything may be absent: what is not said is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerMapping {
    /// Name of the sheet.
    pub sheet: Option<String>,
    /// First row of the headings, from 1.
    pub header_row: Option<u32>,
    /// How many rows the headings have.
    pub header_rows: Option<u32>,
    /// Columns by their meaning.
    pub columns: BTreeMap<LedgerColumn, Vec<ColumnRef>>,
    /// Columns that are not to be used.
    pub ignored: Vec<ColumnRef>,
    /// Columns in which a value written once holds for the blank cells below.
    pub fill_down: Vec<LedgerColumn>,
    /// Words of the ledger for kinds, folded.
    pub kinds: BTreeMap<String, AssetKind>,
    /// Words of the ledger for exposures, folded.
    pub exposures: BTreeMap<String, Exposure>,
    /// Words of the ledger for states, folded: true if the asset is no longer there.
    pub states: BTreeMap<String, bool>,
    /// Values for what the ledger leaves blank.
    pub defaults: BTreeMap<LedgerColumn, String>,
}

/// A column as a mapping names it: by its heading, or by its letters (`=D`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnRef {
    /// The heading, or the headings over one another joined by ` / `.
    Heading(String),
    /// The column, from 0.
    Letters(u32),
}

impl ColumnRef {
    fn parse(text: &str) -> Option<ColumnRef> {
        match text.strip_prefix('=') {
            Some(letters) => column_number(letters.trim()).map(ColumnRef::Letters),
            None => Some(ColumnRef::Heading(text.to_owned())),
        }
    }

    /// True if the column with this number and these headings is meant.
    pub(super) fn means(&self, column: u32, title: &str) -> bool {
        match self {
            ColumnRef::Letters(wanted) => *wanted == column,
            ColumnRef::Heading(wanted) => {
                let last = title.rsplit(" / ").next().unwrap_or(title);
                let wanted = folded(wanted);
                !wanted.is_empty() && (wanted == folded(title) || wanted == folded(last))
            }
        }
    }
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnRef::Heading(text) => f.write_str(text),
            ColumnRef::Letters(column) => write!(f, "={}", column_letters(*column)),
        }
    }
}

/// Columns for which a default makes sense: what a whole ledger has in common.
const WITH_DEFAULT: [LedgerColumn; 8] = [
    LedgerColumn::Kind,
    LedgerColumn::Maker,
    LedgerColumn::Os,
    LedgerColumn::Place,
    LedgerColumn::Zone,
    LedgerColumn::Exposure,
    LedgerColumn::PatchedBy,
    LedgerColumn::Owner,
];

/// Reads a mapping file. Errors name line and field.
pub fn read_mapping(path: &str, bytes: &[u8]) -> PackReading<LedgerMapping> {
    toml_fields::read(path, bytes, |reader, root| {
        reader.schema(root, MAPPING_SCHEMA)?;
        let mut mapping = LedgerMapping {
            sheet: reader.optional_text(root, "sheet"),
            header_row: reader.optional_number(root, "header_row"),
            header_rows: reader.optional_number(root, "header_rows"),
            ignored: columns(reader, root, "ignore"),
            fill_down: fill_down(reader, root),
            ..LedgerMapping::default()
        };
        if let Some(mut table) = reader.optional_table(root, "columns") {
            for column in LedgerColumn::ALL {
                let references = columns(reader, &mut table, column.as_str());
                if !references.is_empty() {
                    mapping.columns.insert(*column, references);
                }
            }
            reader.finish(&table);
        }
        let kinds = AssetKind::ALL.map(|kind| (kind.as_str(), kind));
        mapping.kinds = words_of(reader, root, "kinds", &kinds);
        let exposures = [Exposure::Small, Exposure::Controlled, Exposure::Open].map(|e| (e.as_str(), e));
        mapping.exposures = words_of(reader, root, "exposures", &exposures);
        mapping.states = words_of(reader, root, "states", &[("in-use", false), ("retired", true)]);
        if let Some(mut table) = reader.optional_table(root, "defaults") {
            for column in WITH_DEFAULT {
                if let Some(text) = reader.optional_text(&mut table, column.as_str()) {
                    check_default(reader, &table, column, &text);
                    mapping.defaults.insert(column, text);
                }
            }
            reader.finish(&table);
        }
        Some(mapping)
    })
}

fn columns(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>, name: &str) -> Vec<ColumnRef> {
    let mut references = Vec::new();
    for (text, offset) in reader.text_or_texts(fields, name) {
        match ColumnRef::parse(&text) {
            Some(reference) => references.push(reference),
            None => {
                let field = fields.path_of(name);
                reader.invalid(offset, &field, text, "a heading, or the letters of a column such as \"=D\"");
            }
        }
    }
    references
}

fn fill_down(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Vec<LedgerColumn> {
    let mut found = Vec::new();
    for (text, offset) in reader.texts(root, "fill_down") {
        match LedgerColumn::parse(&text) {
            Some(column) => found.push(column),
            None => {
                let known: Vec<&str> = LedgerColumn::ALL.iter().map(|column| column.as_str()).collect();
                reader.invalid(offset, "fill_down", text, &known.join(", "));
            }
        }
    }
    found
}

/// A table whose names are words of the ledger, and whose values are ours.
fn words_of<T: Copy>(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_, '_>,
    name: &str,
    values: &[(&str, T)],
) -> BTreeMap<String, T> {
    let Some(mut table) = reader.optional_table(root, name) else { return BTreeMap::new() };
    let mut found = BTreeMap::new();
    for word in reader.names(&table) {
        if let Some(value) = reader.choice(&mut table, &word, values) {
            found.insert(words::folded(&word), value);
        }
    }
    found
}

fn check_default(reader: &mut Reader<'_>, table: &Fields<'_, '_>, column: LedgerColumn, text: &str) {
    let field = table.path_of(column.as_str());
    let offset = reader.offset_of(table, column.as_str());
    if column == LedgerColumn::Kind && words::kind(text).is_none() {
        reader.invalid(offset, &field, text, &AssetKind::ALL.map(AssetKind::as_str).join(", "));
    }
    if column == LedgerColumn::Exposure && words::exposure(text).is_none() {
        reader.invalid(offset, &field, text, "small, controlled, open");
    }
}

/// The mapping that a reading used, as a file to look through and to correct.
pub fn write_mapping(reading: &LedgerReading, used: Option<&LedgerMapping>) -> String {
    let empty = LedgerMapping::default();
    let used = used.unwrap_or(&empty);
    let mut out = format!("schema = {}\n", quoted(MAPPING_SCHEMA));
    if let Some(sheet) = &reading.table.sheet {
        out.push_str(&format!("sheet = {}\n", quoted(sheet)));
    }
    out.push_str(&format!("header_row = {}\n", reading.table.first_row));
    out.push_str(&format!("header_rows = {}\n", reading.table.last_row + 1 - reading.table.first_row));
    let unused = reading.columns.iter().filter(|c| c.column.is_none() && !c.heading.is_empty());
    let unused: Vec<String> = unused.map(|column| quoted(&reference(column, reading))).collect();
    if !unused.is_empty() {
        out.push_str(&format!("ignore = [{}]\n", unused.join(", ")));
    }
    if !used.fill_down.is_empty() {
        let columns: Vec<String> = used.fill_down.iter().map(|column| quoted(column.as_str())).collect();
        out.push_str(&format!("fill_down = [{}]\n", columns.join(", ")));
    }
    out.push_str("\n[columns]\n");
    for wanted in LedgerColumn::ALL {
        let columns = reading.columns.iter().filter(|c| c.column == Some(*wanted));
        let texts: Vec<String> = columns.map(|column| quoted(&reference(column, reading))).collect();
        match texts.as_slice() {
            [] => {}
            [one] => out.push_str(&format!("{} = {one}\n", wanted.as_str())),
            several => out.push_str(&format!("{} = [{}]\n", wanted.as_str(), several.join(", "))),
        }
    }
    section(&mut out, "kinds", used.kinds.iter().map(|(word, kind)| (word.as_str(), kind.as_str())));
    section(&mut out, "exposures", used.exposures.iter().map(|(word, e)| (word.as_str(), e.as_str())));
    let state = |retired: bool| if retired { "retired" } else { "in-use" };
    section(&mut out, "states", used.states.iter().map(|(word, retired)| (word.as_str(), state(*retired))));
    section(
        &mut out,
        "defaults",
        used.defaults.iter().map(|(column, text)| (column.as_str(), text.as_str())),
    );
    out
}

fn section<'a>(out: &mut String, name: &str, entries: impl Iterator<Item = (&'a str, &'a str)>) {
    let lines: String =
        entries.map(|(key, value)| format!("{} = {}\n", quoted(key), quoted(value))).collect();
    if !lines.is_empty() {
        out.push_str(&format!("\n[{name}]\n{lines}"));
    }
}

/// The heading where it is the only one of its kind, else the letters.
fn reference(column: &shindan_domain::asset_ledger::MappedColumn, reading: &LedgerReading) -> String {
    let alike = reading
        .columns
        .iter()
        .filter(|other| ColumnRef::Heading(column.heading.clone()).means(u32::MAX, &other.heading));
    if alike.count() == 1 && !column.heading.starts_with('=') && !folded(&column.heading).is_empty() {
        column.heading.clone()
    } else {
        format!("={}", column.letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shindan_domain::diagnostic::Code;

    #[test]
    fn a_mapping_with_everything() {
        let text = r#"
            schema = "shindan.ledger-mapping/1"
            sheet = "一覧"
            header_row = 3
            header_rows = 2
            ignore = ["備考", "=Z"]
            fill_down = ["place"]
            [columns]
            maker = "機器情報 / メーカー"
            place = ["建物", "フロア"]
            firmware = "=F"
            [kinds]
            "診察端末" = "terminal"
            [exposures]
            "外" = "open"
            [states]
            "遊休" = "in-use"
            [defaults]
            kind = "medical-device"
            patched_by = "臨床工学室"
        "#;
        let reading = read_mapping("m.toml", text.as_bytes());
        assert_eq!(reading.diagnostics, []);
        let mapping = reading.value.expect("readable");
        assert_eq!(mapping.columns[&LedgerColumn::Firmware], [ColumnRef::Letters(5)]);
        assert_eq!(mapping.columns[&LedgerColumn::Place].len(), 2);
        assert_eq!(mapping.kinds["診察端末"], AssetKind::Terminal);
        assert_eq!(mapping.ignored[1].to_string(), "=Z");
        assert!(mapping.ignored[0].means(0, "その他 / 備考"));
        assert!(!mapping.ignored[0].means(0, "備考2"));
    }

    #[test]
    fn errors_name_line_and_field() {
        for (text, code, line, field) in [
            ("schema = \"x\"", Code::FieldInvalid, 1, "schema"),
            (
                "schema = \"shindan.ledger-mapping/1\"\n[columns]\nmakers = \"x\"",
                Code::FieldUnknown,
                3,
                "columns.makers",
            ),
            (
                "schema = \"shindan.ledger-mapping/1\"\n[columns]\nmaker = 5",
                Code::FieldInvalid,
                3,
                "columns.maker",
            ),
            (
                "schema = \"shindan.ledger-mapping/1\"\n[columns]\nmaker = \"=4\"",
                Code::FieldInvalid,
                3,
                "columns.maker",
            ),
            (
                "schema = \"shindan.ledger-mapping/1\"\n\n[kinds]\n\"端\" = \"pc\"",
                Code::FieldInvalid,
                4,
                "kinds.端",
            ),
            (
                "schema = \"shindan.ledger-mapping/1\"\n[defaults]\nexposure = \"x\"",
                Code::FieldInvalid,
                3,
                "defaults.exposure",
            ),
            ("schema = \"shindan.ledger-mapping/1\"\nheader_row = 0", Code::FieldInvalid, 2, "header_row"),
            (
                "schema = \"shindan.ledger-mapping/1\"\nfill_down = [\"x\"]",
                Code::FieldInvalid,
                2,
                "fill_down",
            ),
        ] {
            let reading = read_mapping("m.toml", text.as_bytes());
            assert!(reading.value.is_none(), "{text}");
            let found = &reading.diagnostics[0];
            assert_eq!((found.code, found.place.line), (code, Some(line)), "{text}");
            assert_eq!(found.place.field.as_deref(), Some(field), "{text}");
        }
        assert_eq!(read_mapping("m.toml", b"[columns\n").diagnostics[0].code, Code::TomlInvalid);
    }
}
