//! JSON to typed structs, with errors that name code, line, column and JSON pointer.
//!
//! Types are read straight from the text: no document tree is built. Nesting is limited to 128 levels by the parser
//! (values that no type asks for are skipped without recursion), or to [`Limits::depth`] if that is less.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;
use crate::text::{self, Legacy};

/// The parser's own limit; see `serde_json`.
const PARSER_DEPTH: usize = 128;
/// Longest piece of a foreign file that is repeated in a diagnostic, in characters.
const QUOTE: usize = 200;

/// Reads a whole file: decodes it (UTF-8 or UTF-16, BOM or not), then [`parse`].
///
/// Use it where `T` owns its strings; where it borrows, decode first and keep the text.
///
/// # Errors
/// As [`crate::text::decode`] and [`parse`].
pub fn read<T: DeserializeOwned>(bytes: &[u8], path: &str, limits: &Limits) -> Result<T, Diagnostic> {
    let decoded = text::decode(bytes, Legacy::Refused, path)?;
    parse(&decoded.text, path, limits)
}

/// Reads the one JSON value that `text` holds. `T` may borrow from the text (see [`Str`]).
///
/// # Errors
/// `file-empty`; `json-invalid` with line and column (also for a text cut off in the middle); `depth-exceeded`;
/// `json-trailing-content` if anything but white space follows the value; `field-missing` and `field-invalid` with
/// the JSON pointer if the JSON is well formed and not of the shape that `T` asks for.
pub fn parse<'a, T: Deserialize<'a>>(text: &'a str, path: &str, limits: &Limits) -> Result<T, Diagnostic> {
    if text.trim_ascii().is_empty() {
        return Err(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    parse_into(PhantomData::<T>, text, path, limits)
}

/// As [`parse`], for a reader that keeps what it has read so far elsewhere: after an error, that part is still there.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_into<'a, S: DeserializeSeed<'a>>(
    seed: S,
    text: &'a str,
    path: &str,
    limits: &Limits,
) -> Result<S::Value, Diagnostic> {
    if limits.depth < PARSER_DEPTH
        && let Some(offset) = deeper_than(text, limits.depth)
    {
        return Err(too_deep(text, offset, path, limits.depth));
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut parser).map_err(|error| explain(&error, text, path))?;
    parser.end().map_err(|error| explain(&error, text, path))?;
    Ok(value)
}

/// True if no nesting is refused but what the parser refuses itself.
pub(crate) fn is_unlimited(limits: &Limits) -> bool {
    limits.depth >= PARSER_DEPTH
}

fn explain(error: &serde_json::Error, text: &str, path: &str) -> Diagnostic {
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    let offset = if error.is_eof() { text.len() } else { offset_of(text, error.line(), error.column()) };
    let place = place_of(text, offset, path);
    if reason.starts_with("recursion limit exceeded") {
        return Diagnostic::new(Code::DepthExceeded, place).with("limit", PARSER_DEPTH);
    }
    if reason.starts_with("trailing characters") {
        return Diagnostic::new(Code::JsonTrailingContent, place);
    }
    if error.is_data() {
        return explain_shape(reason, place.at_field(pointer_at(text, offset)));
    }
    Diagnostic::new(Code::JsonInvalid, place).with("reason", text::shorten(reason, QUOTE))
}

/// Turns the message of a type mismatch into a code with parameters.
fn explain_shape(reason: &str, place: Place) -> Diagnostic {
    let pointer = place.field.clone().unwrap_or_default();
    if let Some(field) = reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return Diagnostic::new(Code::FieldMissing, place).with("field", field);
    }
    let (value, expected) = reason.rsplit_once(", expected ").unwrap_or((reason, ""));
    Diagnostic::new(Code::FieldInvalid, place)
        .with("field", pointer)
        .with("value", text::shorten(value, QUOTE))
        .with("expected", text::shorten(expected, QUOTE))
}

/// `depth-exceeded` if any value is nested deeper than the limit, also one that no type asks for. Costs a second pass.
pub(crate) fn too_deep_at(text: &str, path: &str, limits: &Limits) -> Option<Diagnostic> {
    let offset = deeper_than(text, limits.depth)?;
    Some(too_deep(text, offset, path, limits.depth))
}

fn too_deep(text: &str, offset: usize, path: &str, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::DepthExceeded, place_of(text, offset, path)).with("limit", limit)
}

/// Byte offset of the parser's position: line from 1, column in bytes from 1 (0: before the first).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    if line > 1 {
        start = memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 2).map_or(text.len(), |at| at + 1);
    }
    (start + column.saturating_sub(1)).min(text.len())
}

/// Line and column (in characters) of a byte offset.
pub(crate) fn place_of(text: &str, offset: usize, path: &str) -> Place {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let line = memchr::memchr_iter(b'\n', before).count() as u64 + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line_so_far = before.get(start..).unwrap_or_default();
    // Every byte that does not continue a character starts one.
    let column = line_so_far.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64 + 1;
    let mut place = Place::file(path).at_line(line);
    place.column = Some(column);
    place
}

/// One step of a JSON pointer while scanning.
enum Step {
    Key(String),
    Index(u64),
}

/// The JSON pointer (RFC 6901) of the value at or just before `offset`; shortened if it is absurdly long.
fn pointer_at(text: &str, offset: usize) -> String {
    let bytes = text.as_bytes();
    let mut stack: Vec<Step> = Vec::new();
    let mut at = 0;
    let mut last_string = 0..0;
    while at < offset {
        match bytes.get(at) {
            None => break,
            Some(b'"') => {
                let end = string_end(bytes, at).unwrap_or(bytes.len());
                last_string = at + 1..end.saturating_sub(1).max(at + 1);
                at = end;
                continue;
            }
            Some(b':') => {
                if let Some(Step::Key(key)) = stack.last_mut() {
                    *key = text.get(last_string.clone()).unwrap_or_default().to_owned();
                }
            }
            Some(b'{') => stack.push(Step::Key(String::new())),
            Some(b'[') => stack.push(Step::Index(0)),
            Some(b'}' | b']') => {
                stack.pop();
            }
            Some(b',') => {
                if let Some(Step::Index(index)) = stack.last_mut() {
                    *index += 1;
                }
            }
            Some(_) => {}
        }
        at += 1;
    }
    render_pointer(&stack)
}

fn render_pointer(stack: &[Step]) -> String {
    let mut pointer = String::new();
    for step in stack.iter().take(PARSER_DEPTH) {
        match step {
            // An object whose first key is still to come.
            Step::Key(key) if key.is_empty() => {}
            Step::Key(key) => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }
    text::shorten(&pointer, QUOTE)
}

/// Index behind the closing quote of the string that opens at `start`; `None` if it never closes.
pub(crate) fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    // Most strings end soon: a search that is made for long ones takes longer to begin.
    for _ in 0..16 {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(found) == Some(&b'"') {
            return Some(found + 1);
        }
        at = found + 2;
    }
}

/// Index behind the value that starts at `start`; `None` if it is cut off.
pub(crate) fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(if depth == 0 { at } else { at + 1 }),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// The offset at which the nesting exceeds `limit`, if it does.
fn deeper_than(text: &str, limit: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// A string that borrows from the text unless it holds escapes. Unlike `Cow<str>` it also borrows inside `Option` and
/// `Vec`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Str<'a>(pub Cow<'a, str>);

impl Str<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Str<'_>> for String {
    fn from(text: Str<'_>) -> String {
        text.0.into_owned()
    }
}

struct StrVisitor;

impl<'de> Visitor<'de> for StrVisitor {
    type Value = Str<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor)
    }
}

/// For `#[serde(default, deserialize_with = "null_as_default")]`: `null` reads as an absent field. Go programs write
/// empty lists as `null`.
///
/// # Errors
/// Those of `T`.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A number with one decimal place × 10 (CVSS scores), also when it is written as a string. `null` is `None`.
///
/// # Errors
/// If it is neither a number nor the text of one, or outside 0 to 25.5.
pub fn tenths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Float(f64),
        Text(String),
    }
    let number = match Option::<Number>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Number::Float(number)) => number,
        Some(Number::Text(text)) => text.trim().parse().map_err(D::Error::custom)?,
    };
    let scaled = (number * 10.0).round();
    if (0.0..=255.0).contains(&scaled) {
        // In range by the line above.
        return Ok(Some(scaled as u8));
    }
    Err(D::Error::custom(format_args!("{number} is outside 0 to 25.5")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    struct Sample<'a> {
        #[serde(borrow)]
        id: Str<'a>,
        #[serde(default, borrow, deserialize_with = "null_as_default")]
        names: Vec<Str<'a>>,
        #[serde(default, deserialize_with = "tenths")]
        score: Option<u8>,
    }

    fn check(text: &str, expected: &str) {
        let error = parse::<Sample<'_>>(text, "f", &Limits::DEFAULT).expect_err("must be refused");
        let params: Vec<String> = error.params.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(format!("{} {} {}", error.place, error.code, params.join(" ")), expected, "{text}");
    }

    #[test]
    fn strings_borrow_unless_escaped() {
        let sample: Sample<'_> =
            parse("{\"id\":\"a\",\"names\":[\"b\",\"c\\n\"],\"score\":\"7.5\"}\n", "f", &Limits::DEFAULT)
                .expect("reads");
        assert!(matches!(sample.id.0, Cow::Borrowed("a")));
        assert!(matches!(sample.names[0].0, Cow::Borrowed("b")));
        assert_eq!(sample.names[1].as_str(), "c\n");
        assert_eq!(sample.score, Some(75));
        let sample: Sample<'_> =
            parse("{\"id\":\"a\",\"names\":null,\"score\":null}", "f", &Limits::DEFAULT).expect("reads");
        assert!(sample.names.is_empty() && sample.score.is_none());
    }

    #[test]
    fn errors_say_what_and_where() {
        check("", "f file-empty ");
        check(" \n ", "f file-empty ");
        check("{\"id\":\"a\"}\n{\"id\":\"b\"}", "f:2:1 json-trailing-content ");
        check("{\"id\":\"診断\",\n\"names\":[\"診\"", "f:2:13 json-invalid reason=EOF while parsing a list");
        check("{}", "f:1:2# field-missing field=id");
        check(
            "{\"id\":\"a\",\"names\":[\"b\",\n 5]}",
            "f:2:2#/names/1 field-invalid expected=a string field=/names/1 value=invalid type: integer `5`",
        );
        check("[1]", "f:1:2#/0 field-invalid expected=a string field=/0 value=invalid type: integer `1`");
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("{{\"id\":{}", "[".repeat(100_000));
        let error = parse::<BTreeMap<String, serde_json::Value>>(&deep, "f", &Limits::DEFAULT);
        assert_eq!(error.expect_err("too deep").code, Code::DepthExceeded);
        let limits = Limits { depth: 3, ..Limits::DEFAULT };
        let error = parse::<serde_json::Value>("{\"a\":[[[]]]}", "f", &limits).expect_err("too deep");
        assert_eq!((error.code, error.place.column), (Code::DepthExceeded, Some(8)));
        assert!(parse::<serde_json::Value>("{\"a\":[[\"[[[[\"]]}", "f", &limits).is_ok());
    }

    #[test]
    fn utf16_and_bom_are_read() {
        let value: serde_json::Value = read(b"\xEF\xBB\xBF{\"a\":1}", "f", &Limits::DEFAULT).expect("reads");
        assert_eq!(value["a"], 1);
        let error =
            read::<serde_json::Value>(b"{\"a\":\"\xFF\"}", "f", &Limits::DEFAULT).expect_err("not UTF-8");
        assert_eq!((error.code, error.params["offset"].as_str()), (Code::EncodingInvalid, "6"));
    }
}
