//! The formatted string binding. Source: NISTIR 7695 section 6.2.

use std::borrow::Cow;
use std::fmt;

use super::attribute::{Token, assemble};
use super::{AttributeValue, COUNT, CpeError, Leniency, Wildcard};

/// Splits at colons that are not escaped.
pub(super) fn components(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let mut escaped = false;
        let border = current.bytes().position(|byte| {
            let is_border = byte == b':' && !escaped;
            escaped = byte == b'\\' && !escaped;
            is_border
        });
        let Some(border) = border else {
            rest = None;
            return Some(current);
        };
        rest = current.get(border + 1..);
        current.get(..border)
    })
}

/// Reads everything after `cpe:2.3:`.
pub(super) fn unbind(text: &str, notes: &mut Vec<Leniency>) -> Result<[AttributeValue; COUNT], CpeError> {
    let mut values: [AttributeValue; COUNT] = Default::default();
    let mut components = components(text);
    for value in &mut values {
        match components.next() {
            Some(component) => *value = unbind_value(component, notes)?,
            None => {
                notes.push(Leniency::MissingComponents);
                break;
            }
        }
    }
    if components.next().is_some() {
        return Err(CpeError::TooManyComponents { limit: COUNT });
    }
    Ok(values)
}

fn unbind_value(text: &str, notes: &mut Vec<Leniency>) -> Result<AttributeValue, CpeError> {
    match text {
        "*" => return Ok(AttributeValue::Any),
        "-" => return Ok(AttributeValue::Na),
        "" => {
            notes.push(Leniency::EmptyComponent);
            return Ok(AttributeValue::Any);
        }
        _ => {}
    }
    let mut tokens = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '\\' => match characters.next() {
                Some(escaped) => Token::Literal(escaped),
                None => return Err(CpeError::UnfinishedEscape(text.to_owned())),
            },
            '*' => Token::Many,
            '?' => Token::One,
            _ => {
                if !is_bare(character) && character.is_ascii() {
                    notes.push(Leniency::UnescapedPunctuation);
                }
                Token::Literal(character)
            }
        });
    }
    assemble(&tokens, text, notes)
}

/// Characters that a formatted string holds without escape.
fn is_bare(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '-')
}

pub(super) fn write_value(out: &mut fmt::Formatter<'_>, value: &AttributeValue) -> fmt::Result {
    let value = match value {
        AttributeValue::Any => return out.write_str("*"),
        AttributeValue::Na => return out.write_str("-"),
        AttributeValue::Value(value) => value,
    };
    write_wildcard(out, value.before())?;
    if value.text() == "-" && value.is_literal() {
        // A bare hyphen would say "not applicable".
        return out.write_str("\\-");
    }
    for character in value.text().chars() {
        if !is_bare(character) && character.is_ascii() {
            out.write_str("\\")?;
        }
        write!(out, "{character}")?;
    }
    write_wildcard(out, value.after())
}

fn write_wildcard(out: &mut fmt::Formatter<'_>, wildcard: Wildcard) -> fmt::Result {
    match wildcard {
        Wildcard::None => Ok(()),
        Wildcard::Many => out.write_str("*"),
        Wildcard::UpTo(count) => (0..count).try_for_each(|_| out.write_str("?")),
    }
}

/// A component as a key, for [`super::vendor_product`]; `None` if it needs a full reading.
pub(super) fn plain_value(text: &str) -> Option<Cow<'_, str>> {
    if matches!(text, "" | "*") {
        return Some(Cow::Borrowed("*"));
    }
    let is_plain =
        |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && !matches!(byte, b'\\' | b'*' | b'?');
    if text.bytes().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    plain_key(unbind_value(text, &mut Vec::new()).ok()?)
}

/// The key of a value that was read in full.
pub(super) fn plain_key<'a>(value: AttributeValue) -> Option<Cow<'a, str>> {
    match value {
        AttributeValue::Any => Some(Cow::Borrowed("*")),
        AttributeValue::Na => Some(Cow::Borrowed("-")),
        AttributeValue::Value(value) if !value.is_literal() => None,
        AttributeValue::Value(value) => Some(match value.text() {
            "*" => Cow::Borrowed("\\*"),
            "-" => Cow::Borrowed("\\-"),
            text => Cow::Owned(text.to_owned()),
        }),
    }
}
