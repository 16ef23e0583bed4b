//! The fields of a form, from the schema of a command's body and the hints.

use serde_json::Value;
use shindan_domain::ledger::Kind;

use super::hints::{self, Hint, Part};
use super::present;

/// A field, or a group of fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// As the body calls it.
    pub name: String,
    /// What it is called inside the form: `paper.signer`.
    pub path: String,
    /// What it holds.
    pub shape: Shape,
    /// Whether the command cannot do without.
    pub required: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// A line of text.
    Line,
    /// Several lines of text.
    Area,
    /// A day in Japan.
    Day,
    /// A moment, as people in Japan write it.
    Moment,
    /// A whole number, at least this.
    Number(i64),
    /// Yes, or nothing.
    Flag,
    /// Yes, no, or as it was.
    Change,
    /// One of these values; the set names their words.
    Choice(String, Vec<String>),
    /// Several of these values.
    Choices(String, Vec<String>),
    /// Texts, one a line.
    Lines,
    /// A file.
    File,
    /// Files.
    Files,
    /// A record, by its number or name.
    Record(Kind),
    /// A record, by its id.
    Id(Kind),
    /// Records, by number or name.
    Records(Kind),
    /// Something that stands in the record itself, as it is written there.
    Inside,
    /// Several such.
    Insides,
    /// Fields that belong together.
    Group(Vec<Field>),
    /// Groups of one form.
    Rows(Vec<Field>),
    /// Names and values.
    Pairs(Vec<Field>),
}

/// Which command a form is of: `case`, `approve`; tasks are `task`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Of<'a> {
    /// The kind of record, or `task`.
    pub kind: &'a str,
    /// The command, `new`, or the task.
    pub command: &'a str,
}

/// The fields of a schema, in the order in which people think of them.
pub(crate) fn fields(of: Of<'_>, schema: &Value) -> Vec<Field> {
    of_object(of, "", schema)
}

fn of_object(of: Of<'_>, above: &str, schema: &Value) -> Vec<Field> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, schema): (&String, &Value)| {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        let shape = shape(of, &path, name, schema);
        Field { shape, required: required.contains(&name.as_str()), name: name.clone(), path }
    };
    let asked = properties.filter(|(name, _)| !(above.is_empty() && present::is_told(of, name)));
    let mut fields: Vec<Field> = asked.map(field).collect();
    fields.sort_by_key(|field| hints::place(&field.name));
    fields
}

/// Fields that the schema does not tell, as the hints write them.
fn of_hints(of: Of<'_>, above: &str, given: &[Part]) -> Vec<Field> {
    let field = |(name, hint, required): &Part| {
        let path = format!("{above}.{name}");
        let shape = hinted(of, &path, hint);
        Field { name: (*name).to_owned(), path, shape, required: *required }
    };
    given.iter().map(field).collect()
}

fn hinted(of: Of<'_>, path: &str, hint: &Hint) -> Shape {
    match hint {
        Hint::Line => Shape::Line,
        Hint::Area => Shape::Area,
        Hint::Day => Shape::Day,
        Hint::Moment => Shape::Moment,
        Hint::Number(least) => Shape::Number(*least),
        Hint::Flag => Shape::Flag,
        Hint::File => Shape::File,
        Hint::Record(kind) => Shape::Record(*kind),
        Hint::Id(kind) => Shape::Id(*kind),
        Hint::Inside => Shape::Inside,
        Hint::Choice(set, values) => {
            Shape::Choice((*set).to_owned(), values().iter().map(|value| (*value).to_owned()).collect())
        }
        Hint::Group(given) => Shape::Group(of_hints(of, path, given)),
        Hint::Rows(given) => Shape::Rows(of_hints(of, path, given)),
        Hint::Pairs(key, value) => {
            Shape::Pairs(of_hints(of, path, &[("key", **key, true), ("value", **value, true)]))
        }
    }
}

fn types(schema: &Value) -> (Vec<&str>, bool) {
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let nullable = types.contains(&"null");
    (types.into_iter().filter(|one| *one != "null").collect(), nullable)
}

fn values(schema: &Value) -> Option<Vec<String>> {
    let values = schema["enum"].as_array()?;
    Some(values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn shape(of: Of<'_>, path: &str, name: &str, schema: &Value) -> Shape {
    let hint = hints::of(of, path, name);
    // `Option` of a type: the type, or nothing.
    let several = schema["oneOf"].as_array().into_iter().flatten();
    let inner = several.into_iter().find(|one| one["type"] != "null");
    let schema = inner.unwrap_or(schema);
    let resolved = hints::resolved(schema);
    let schema = resolved.as_ref().unwrap_or(schema);
    if let Some(values) = values(schema) {
        return Shape::Choice(hints::set_of(&values), values);
    }
    let (types, nullable) = types(schema);
    match types.first().copied() {
        Some("boolean") if nullable => Shape::Change,
        Some("boolean") => Shape::Flag,
        Some("integer") => Shape::Number(schema["minimum"].as_i64().unwrap_or(0)),
        Some("array") => list(of, path, schema, hint.as_ref()),
        Some("object") if schema["properties"].is_object() => Shape::Group(of_object(of, path, schema)),
        _ => match hint {
            Some(hint) => hinted(of, path, &hint),
            None => Shape::Line,
        },
    }
}

fn list(of: Of<'_>, path: &str, schema: &Value, hint: Option<&Hint>) -> Shape {
    let items = &schema["items"];
    let resolved = hints::resolved(items);
    let items = resolved.as_ref().unwrap_or(items);
    if let Some(values) = values(items) {
        return Shape::Choices(hints::set_of(&values), values);
    }
    if items["properties"].is_object() {
        return Shape::Rows(of_object(of, path, items));
    }
    match hint {
        Some(Hint::File) => Shape::Files,
        Some(Hint::Record(kind)) => Shape::Records(*kind),
        Some(Hint::Inside) => Shape::Insides,
        Some(hint @ (Hint::Rows(_) | Hint::Pairs(..))) => hinted(of, path, hint),
        _ => Shape::Lines,
    }
}

impl Shape {
    /// Whether a file is among it.
    pub(crate) fn takes_files(&self) -> bool {
        match self {
            Shape::File | Shape::Files => true,
            Shape::Group(fields) | Shape::Rows(fields) | Shape::Pairs(fields) => {
                fields.iter().any(|field| field.shape.takes_files())
            }
            _ => false,
        }
    }

    /// The kinds of records that are named in it.
    pub(crate) fn kinds(&self, all: &mut Vec<Kind>) {
        match self {
            Shape::Record(kind) | Shape::Id(kind) | Shape::Records(kind) if !all.contains(kind) => {
                all.push(*kind)
            }
            Shape::Group(fields) | Shape::Rows(fields) | Shape::Pairs(fields) => {
                fields.iter().for_each(|field| field.shape.kinds(all));
            }
            _ => {}
        }
    }
}
