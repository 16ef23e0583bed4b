//! The body of a command, from what was typed.

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::field::{Field, Shape};
use super::typed::Typed;

/// What is wrong with a field: its path, and the key of the words.
pub(crate) type Wrong = (String, &'static str);

/// The body, or what is wrong with which field.
pub(crate) fn body(fields: &[Field], typed: &Typed) -> Result<Value, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let body = object(fields, "", typed, &mut wrong);
    if wrong.is_empty() { Ok(Value::Object(body)) } else { Err(wrong) }
}

/// The path of a field in a row: fields of a row know the path of their list only.
pub(crate) fn within(above: &str, field: &Field) -> String {
    if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) }
}

fn object(fields: &[Field], above: &str, typed: &Typed, wrong: &mut Vec<Wrong>) -> Map<String, Value> {
    let mut all = Map::new();
    for field in fields {
        let path = within(above, field);
        match value(field, &path, typed, wrong) {
            Some(value) => drop(all.insert(field.name.clone(), value)),
            None if field.required && !wrong.iter().any(|(known, _)| known.starts_with(&path)) => {
                wrong.push((path, "web-form-needed"));
            }
            None => {}
        }
    }
    all
}

/// The value of a field; `None`: nothing was given.
pub(crate) fn value(field: &Field, path: &str, typed: &Typed, wrong: &mut Vec<Wrong>) -> Option<Value> {
    // A file that is chosen anew comes after the one that was kept.
    let text = match &field.shape {
        Shape::File => typed.all(path).last().copied().unwrap_or_default(),
        _ => typed.text(path),
    };
    match &field.shape {
        Shape::Flag if field.required => Some(json!(!text.is_empty())),
        Shape::Flag => (!text.is_empty()).then_some(json!(true)),
        Shape::Group(fields) => {
            let needed = field.required || filled(fields, path, typed);
            let group = needed.then(|| object(fields, path, typed, wrong))?;
            // Of a group in which each field can be left out, one is needed.
            (!group.is_empty()).then_some(Value::Object(group))
        }
        Shape::Rows(fields) => {
            some(rows(fields, path, typed).map(|path| object(fields, &path, typed, wrong)).collect())
        }
        Shape::Pairs(fields) => pairs(fields, path, typed, wrong),
        Shape::Lines => some(lines(&typed.all(path))),
        Shape::Choices(_, values) => {
            let chosen = typed.all(path).into_iter().filter(|one| values.iter().any(|known| known == one));
            some(chosen.map(|one| json!(one)).collect())
        }
        Shape::Records(_) | Shape::Insides => {
            some(typed.all(path).into_iter().map(|one| json!(one)).collect())
        }
        Shape::Files => {
            let given = typed.all(path);
            if given.iter().any(|one| hash(one).is_none()) {
                wrong.push((path.to_owned(), "web-form-file"));
                return None;
            }
            some(given.into_iter().filter_map(hash).map(|hash| json!(hash)).collect())
        }
        _ if text.is_empty() => None,
        shape => match one(shape, text) {
            Ok(value) => Some(value),
            Err(key) => {
                wrong.push((path.to_owned(), key));
                None
            }
        },
    }
}

fn one(shape: &Shape, text: &str) -> Result<Value, &'static str> {
    match shape {
        Shape::Day => day(text).map(|day| json!(day)).ok_or("web-form-day"),
        Shape::Moment => moment(text).map(|at| json!(at)).ok_or("web-form-moment"),
        Shape::Number(least) => {
            let number = text.parse::<i64>().ok().filter(|number| number >= least);
            number.map(|number| json!(number)).ok_or("web-form-number")
        }
        Shape::Change => match text {
            "yes" => Ok(json!(true)),
            "no" => Ok(json!(false)),
            _ => Err("web-form-choice"),
        },
        Shape::Choice(_, values) if !values.iter().any(|known| known == text) => Err("web-form-choice"),
        Shape::File => hash(text).map(|hash| json!(hash)).ok_or("web-form-file"),
        _ => Ok(json!(text)),
    }
}

fn some<T: Into<Value>>(all: Vec<T>) -> Option<Value> {
    (!all.is_empty()).then(|| Value::Array(all.into_iter().map(Into::into).collect()))
}

fn lines(all: &[&str]) -> Vec<Value> {
    let lines = all.iter().flat_map(|text| text.lines()).map(str::trim);
    lines.filter(|line| !line.is_empty()).map(|line| json!(line)).collect()
}

/// The rows in which something was typed.
fn rows<'t>(fields: &'t [Field], path: &'t str, typed: &'t Typed) -> impl Iterator<Item = String> + use<'t> {
    let paths = typed.rows(path).into_iter().map(move |row| format!("{path}.{row}"));
    paths.filter(move |path| filled(fields, path, typed))
}

fn pairs(fields: &[Field], path: &str, typed: &Typed, wrong: &mut Vec<Wrong>) -> Option<Value> {
    let mut all = Map::new();
    for path in rows(fields, path, typed) {
        let mut pair = object(fields, &path, typed, wrong);
        if let (Some(Value::String(key)), Some(value)) = (pair.remove("key"), pair.remove("value"))
            && all.insert(key, value).is_some()
        {
            wrong.push((format!("{path}.key"), "web-form-twice"));
        }
    }
    (!all.is_empty()).then_some(Value::Object(all))
}

/// Whether something was typed in one of these fields. Choices that are always made do not count.
fn filled(fields: &[Field], above: &str, typed: &Typed) -> bool {
    fields.iter().any(|field| {
        let path = within(above, field);
        match &field.shape {
            Shape::Flag => false,
            Shape::Group(fields) => filled(fields, &path, typed),
            Shape::Rows(fields) | Shape::Pairs(fields) => rows(fields, &path, typed).next().is_some(),
            _ => !typed.all(&path).is_empty(),
        }
    })
}

/// The SHA-256 of a file that was taken in: `hash name`.
fn hash(given: &str) -> Option<&str> {
    let hash = given.split(' ').next().unwrap_or_default();
    (hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}

/// A day as browsers send it, or as people write it with slashes.
fn day(text: &str) -> Option<Date> {
    text.replace('/', "-").parse().ok()
}

/// A moment in Japan as browsers send it (`2026-11-27T09:00`), or with its zone.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let at: DateTime = text.replace(' ', "T").parse().ok()?;
    let zone = TimeZone::fixed(jiff::tz::offset(9));
    at.to_zoned(zone).ok().map(|at: Zoned| at.timestamp())
}

/// A moment as browsers send it, in Japan.
pub(crate) fn as_typed(at: jiff::Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(jiff::tz::offset(9))).strftime("%Y-%m-%dT%H:%M").to_string()
}
