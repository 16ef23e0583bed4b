//! Records as the tools of Windows write them: CSV (`Export-Csv`, `wmic … /format:csv`), lists of names and values
//! (`Format-List`, `wmic … /format:list`) and JSON (`ConvertTo-Json`).
//!
//! There is no specification; the forms are those of Windows PowerShell 5.1, PowerShell 7 and WMIC. What a record means
//! is the reader's business that asks for it.

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};

use super::collector::Collector;
use super::json_entries::{self, Receiver, Step, text_of};
use crate::limits::Limits;
use crate::sheet::{Rows, TextRow as Row};
use crate::text::shorten;

/// How many lines are looked at to recognise a form.
const LOOKED_AT: usize = 400;
/// How many rows may stand above the header of a CSV: `#TYPE …` and blank ones.
const ABOVE_HEADER: usize = 6;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows with this byte between cells, below a header.
    Csv(u8),
    /// `Name : value` or `Name=value`, one record after the other.
    List,
    /// A JSON array of objects, or one object.
    Json,
}

/// One record: names and values, none of them blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// `line 3`, or a JSON pointer.
    pub(super) pointer: String,
    /// From 1; `None` in JSON.
    pub(super) line: Option<u64>,
    fields: Vec<(String, String)>,
}

impl Record {
    fn at_line(line: u64) -> Self {
        Record { pointer: format!("line {line}"), line: Some(line), fields: Vec::new() }
    }

    /// The value of a name, in any case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of the first of these names that has one.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// A diagnostic where the record stands.
    pub(super) fn diagnostic(&self, code: Code, found: &Collector<'_>) -> Diagnostic {
        match self.line {
            Some(line) => found.at_line(code, line),
            None => found.at_field(code, &self.pointer),
        }
    }

    fn push(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.fields.push((name.trim().to_owned(), value.to_owned()));
        }
    }
}

/// The names of fields that a text may be made of, found once for every format that asks.
#[derive(Debug)]
pub(super) struct Names<'a> {
    /// Separator and cells of each possible header.
    headers: Vec<(u8, Vec<String>)>,
    listed: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Looks at the beginning of a text.
    pub(super) fn of(text: &'a str) -> Self {
        let mut headers = Vec::new();
        for delimiter in [b',', b'\t', b';'] {
            if let Some((_, row)) = header(text, delimiter) {
                headers.push((delimiter, row.cells.iter().map(|cell| cell.trim().to_owned()).collect()));
            }
        }
        let mut listed: Vec<&str> = Vec::new();
        for (name, _) in text.lines().take(LOOKED_AT).filter_map(named_value) {
            if !listed.contains(&name) {
                listed.push(name);
            }
        }
        Names { headers, listed }
    }

    /// The form of records that have all of these names, in any case. JSON is recognised elsewhere.
    pub(super) fn form(&self, wanted: &[&str]) -> Option<Form> {
        let header = self.headers.iter().find(|(_, cells)| {
            let has = |wanted: &&str| cells.iter().any(|cell| cell.eq_ignore_ascii_case(wanted));
            cells.len() >= wanted.len() && wanted.iter().all(has)
        });
        if let Some((delimiter, _)) = header {
            return Some(Form::Csv(*delimiter));
        }
        let has = |wanted: &&str| self.listed.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        wanted.iter().all(has).then_some(Form::List)
    }
}

/// Reads the records. What is wrong with one of them is a diagnostic; the others are still read.
pub(super) fn read(text: &str, form: Form, limits: &Limits, found: &mut Collector<'_>) -> Vec<Record> {
    if form != Form::Json {
        report_cut_off(text, found);
    }
    match form {
        Form::Csv(delimiter) => read_csv(text, delimiter, found),
        Form::List => read_list(text),
        Form::Json => read_json(text, limits, found),
    }
}

// ---- CSV -------------------------------------------------------------------------------------------------

/// The header of a CSV and how many rows stand before the first one below it.
fn header(text: &str, delimiter: u8) -> Option<(usize, Row<'_>)> {
    for (index, row) in Rows::new(text, delimiter).enumerate().take(ABOVE_HEADER) {
        let row = row.ok()?;
        if row.is_blank() || row.cells.first().is_some_and(|cell| cell.starts_with("#TYPE ")) {
            continue;
        }
        return Some((index + 1, row));
    }
    None
}

fn read_csv(text: &str, delimiter: u8, found: &mut Collector<'_>) -> Vec<Record> {
    let Some((below, header)) = header(text, delimiter) else { return Vec::new() };
    let names: Vec<String> = header.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut records = Vec::new();
    for row in Rows::new(text, delimiter).skip(below) {
        match row {
            Err(broken) => {
                found.push(found.at_line(Code::CsvInvalid, broken.line).with("reason", broken.reason));
            }
            Ok(row) if row.is_blank() => {}
            // Several outputs appended to one file repeat their header.
            Ok(row) if row.cells.iter().map(|cell| cell.trim()).eq(names.iter().map(String::as_str)) => {}
            Ok(row) => {
                if row.cells.len() < names.len() {
                    let reason = "fewer cells than the header";
                    found.push(found.at_line(Code::CsvInvalid, row.line).with("reason", reason));
                }
                let mut record = Record::at_line(row.line);
                for (name, cell) in names.iter().zip(&row.cells) {
                    record.push(name, cell);
                }
                records.push(record);
            }
        }
    }
    records
}

// ---- lists -----------------------------------------------------------------------------------------------

/// `HotFixID : KB5034122`, `HotFixID=KB5034122`: a name of letters, digits and underscores at the start of the line.
fn named_value(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once([':', '='])?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = name.trim_end();
    (!name.is_empty() && name.chars().all(plain)).then(|| (name, value.trim()))
}

/// A blank line ends a record, and so does a name that it already has: `wmic` separates fields by blank lines, too.
fn read_list(text: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut blank = true;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || is_prompt(line) {
            blank = true;
            continue;
        }
        if let Some((name, value)) = named_value(line) {
            let again = names.iter().any(|own| own.eq_ignore_ascii_case(name));
            if records.is_empty() || again || (blank && line.contains(" : ")) {
                records.push(Record::at_line(number));
                names.clear();
            }
            names.push(name);
            if let Some(record) = records.last_mut() {
                record.push(name, value);
            }
        } else if line.starts_with(' ') && !blank {
            continue_value(records.last_mut(), names.last(), line);
        }
        blank = false;
    }
    records.retain(|record| !record.fields.is_empty());
    records
}

/// A value that is longer than the console is wide goes on below, indented.
fn continue_value(record: Option<&mut Record>, name: Option<&&str>, line: &str) {
    let (Some(record), Some(name)) = (record, name) else { return };
    match record.fields.last_mut() {
        Some((own, value)) if own == name => {
            value.push(' ');
            value.push_str(line.trim());
        }
        _ => record.push(name, line),
    }
}

// ---- JSON ------------------------------------------------------------------------------------------------

/// The names of the first object in an array, and whether the whole text is JSON.
pub(super) fn json_names(text: &str, path: &str, limits: &Limits) -> (Vec<String>, Result<(), Diagnostic>) {
    let mut names = FirstNames { names: Vec::new() };
    let outcome = json_entries::walk(text, path, limits, &mut names);
    (names.names, outcome)
}

struct FirstNames {
    names: Vec<String>,
}

impl Receiver for FirstNames {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [index] if index == "0" => Step::Enter,
            [index, _] if index == "0" => Step::Take,
            _ => Step::Skip,
        }
    }

    fn take(&mut self, place: &[String], _: Value) {
        self.names.extend(place.get(1).cloned());
    }
}

#[derive(Default)]
struct Objects {
    array: bool,
    records: Vec<Record>,
    single: Vec<(String, String)>,
}

impl Receiver for Objects {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [_] => Step::Take,
            _ => Step::Skip,
        }
    }

    fn take(&mut self, place: &[String], value: Value) {
        match (place, value) {
            ([name], value) if !self.array => {
                let object = Value::Object([(name.clone(), value)].into_iter().collect());
                self.single.extend(text_of(&object, name).map(|text| (name.clone(), text)));
            }
            (_, Value::Object(object)) => {
                let pointer = json_entries::pointer(place);
                let mut record = Record { pointer, line: None, fields: Vec::new() };
                let value = Value::Object(object);
                for name in value.as_object().into_iter().flat_map(|object| object.keys()) {
                    if let Some(text) = text_of(&value, name) {
                        record.push(name, &text);
                    }
                }
                self.records.push(record);
            }
            _ => {}
        }
    }
}

fn read_json(text: &str, limits: &Limits, found: &mut Collector<'_>) -> Vec<Record> {
    let mut objects = Objects { array: text.trim_start().starts_with('['), ..Objects::default() };
    if let Err(diagnostic) = json_entries::walk(text, found.path(), limits, &mut objects) {
        found.push(diagnostic);
    }
    let mut records = objects.records;
    if !objects.single.is_empty() && records.is_empty() {
        records.push(Record { pointer: String::new(), line: None, fields: objects.single });
    }
    records
}

/// What the console shows around the output: `C:\Users\a>`, `PS C:\> Get-HotFix`.
pub(super) fn is_prompt(line: &str) -> bool {
    let line = line.trim_start().strip_prefix("PS ").unwrap_or(line.trim_start());
    line.get(1..3) == Some(":\\") && line.contains('>')
}

/// Every tool ends its output with a line end; without one, the end is missing. A console that was copied ends with its
/// prompt.
pub(super) fn report_cut_off(text: &str, found: &mut Collector<'_>) {
    let last = text.lines().last().unwrap_or_default();
    if text.ends_with(['\n', '\r']) || is_prompt(last) {
        return;
    }
    let end = found.at_line(Code::FieldInvalid, text.lines().count() as u64).with("field", "end of file");
    found.push(end.with("value", quote(last)).with("expected", "line end"));
}

/// The text of an unreadable line or field, for a diagnostic.
pub(super) fn quote(text: &str) -> String {
    shorten(text, 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], expected: &[&str]) {
        let form = Names::of(text).form(names);
        let form = if text.starts_with(['[', '{']) { Some(Form::Json) } else { form };
        let mut found = Collector::new("f");
        let records = form.map(|form| read(text, form, &Limits::DEFAULT, &mut found)).unwrap_or_default();
        let mut lines: Vec<String> = records
            .iter()
            .map(|record| {
                let fields: Vec<String> = record.fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
                format!("{}: {}", record.pointer, fields.join("|"))
            })
            .collect();
        lines.extend(found.finish().iter().map(|d| format!("! {} {}", d.code, d.place)));
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn csv() {
        check(
            "#TYPE Selected.X\r\n\"Source\",\"HotFixID\"\r\n\"SRV01\",\"KB1\"\r\n",
            &["HotFixID"],
            &["line 3: Source=SRV01|HotFixID=KB1"],
        );
        // wmic ends lines by \r\r\n and starts with one.
        check(
            "\r\r\nNode,HotFixID,Name\r\r\nSRV01,KB1,\r\r\nSRV01,KB2\r\r\n",
            &["hotfixid"],
            &["line 5: Node=SRV01|HotFixID=KB1", "line 7: Node=SRV01|HotFixID=KB2", "! csv-invalid f:7"],
        );
        check(
            "a;HotFixID\n1;KB1\na;HotFixID\n2;KB2\n",
            &["HotFixID"],
            &["line 2: a=1|HotFixID=KB1", "line 4: a=2|HotFixID=KB2"],
        );
    }

    #[test]
    fn lists() {
        check(
            "\r\nSource   : SRV01\r\nHotFixID : KB1\r\n\r\nSource   : SRV02\r\nHotFixID :\r\n           KB2\r\n",
            &["HotFixID"],
            &["line 2: Source=SRV01|HotFixID=KB1", "line 5: Source=SRV02|HotFixID=KB2"],
        );
        check(
            "\r\n\r\nCSName=SRV01\r\nHotFixID=KB1\r\n\r\n\r\nCSName=SRV01\r\nHotFixID=KB2\r\n",
            &["HotFixID"],
            &["line 3: CSName=SRV01|HotFixID=KB1", "line 7: CSName=SRV01|HotFixID=KB2"],
        );
        check("A : 1\n    2\nB : 3\n", &["A", "B"], &["line 1: A=1 2|B=3"]);
        check("A 1\nB : 3\n", &["A"], &[]);
    }

    #[test]
    fn json() {
        check("[{\"A\":\"1\",\"B\":null,\"C\":{}},{\"A\":2}]", &[], &["/0: A=1", "/1: A=2"]);
        check("{\"A\":\"1\",\"B\":[]}", &[], &[": A=1"]);
        check("[{\"A\":\"1\"},{\"A", &[], &["/0: A=1", "! json-invalid f:1:15"]);
        let (names, outcome) = json_names("[{\"A\":1,\"B\":2},{\"C\":3}", "f", &Limits::DEFAULT);
        assert_eq!(names, ["A", "B"]);
        assert!(outcome.is_err());
    }
}
