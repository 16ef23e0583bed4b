//! Values of attributes. Source: NISTIR 7695 section 5.3.

use super::{CpeError, Leniency};

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AttributeValue {
    /// No restriction (`*`).
    #[default]
    Any,
    /// Not applicable (`-`).
    Na,
    /// A value, possibly with wildcards.
    Value(Value),
}

impl AttributeValue {
    /// A value without wildcards, in lower case.
    pub fn literal(text: &str) -> AttributeValue {
        AttributeValue::Value(Value::new(Wildcard::None, text.to_lowercase(), Wildcard::None))
    }

    /// The text of a value without wildcards.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            AttributeValue::Value(value) if value.is_literal() => Some(value.text()),
            _ => None,
        }
    }
}

/// A wildcard at one end of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Wildcard {
    /// The value ends here.
    #[default]
    None,
    /// `?`, as many times as there were: up to that number of characters.
    UpTo(u8),
    /// `*`: any number of characters.
    Many,
}

impl Wildcard {
    /// True if a text of so many characters may stand for this wildcard.
    pub(super) fn covers(self, characters: usize) -> bool {
        match self {
            Wildcard::None => characters == 0,
            Wildcard::UpTo(limit) => characters <= usize::from(limit),
            Wildcard::Many => true,
        }
    }
}

/// A value: literal text, not escaped, in lower case, with wildcards at its ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    before: Wildcard,
    text: String,
    after: Wildcard,
}

impl Value {
    pub(super) fn new(before: Wildcard, text: String, after: Wildcard) -> Value {
        Value { before, text, after }
    }

    /// The literal text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The wildcard before the text.
    pub fn before(&self) -> Wildcard {
        self.before
    }

    /// The wildcard after the text.
    pub fn after(&self) -> Wildcard {
        self.after
    }

    /// True if there is no wildcard.
    pub fn is_literal(&self) -> bool {
        self.before == Wildcard::None && self.after == Wildcard::None
    }
}

/// One character of a component after its escape was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A character that stands for itself.
    Literal(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// Puts a value together and checks that wildcards stand at the ends only (NISTIR 7695 section 5.3.2).
pub(super) fn assemble(
    tokens: &[Token],
    source: &str,
    notes: &mut Vec<Leniency>,
) -> Result<AttributeValue, CpeError> {
    let is_literal = |token: &Token| matches!(token, Token::Literal(_));
    let Some(first) = tokens.iter().position(is_literal) else {
        return only_wildcards(tokens, source);
    };
    let last = tokens.iter().rposition(is_literal).unwrap_or(first);
    let (head, rest) = tokens.split_at(first);
    let (body, tail) = rest.split_at(last + 1 - first);
    let mut text = String::with_capacity(body.len());
    for token in body {
        let Token::Literal(character) = token else {
            return Err(CpeError::EmbeddedWildcard(source.to_owned()));
        };
        if character.is_control() {
            return Err(CpeError::ControlCharacter(source.to_owned()));
        }
        if !character.is_ascii_graphic() {
            notes.push(Leniency::NonAscii);
        }
        if character.is_uppercase() {
            notes.push(Leniency::UpperCase);
        }
        text.extend(character.to_lowercase());
    }
    Ok(AttributeValue::Value(Value::new(wildcard(head, source)?, text, wildcard(tail, source)?)))
}

/// A component without literal text: `*` alone is ANY, question marks are a value of up to so many characters.
fn only_wildcards(tokens: &[Token], source: &str) -> Result<AttributeValue, CpeError> {
    match wildcard(tokens, source)? {
        Wildcard::None | Wildcard::Many => Ok(AttributeValue::Any),
        before => Ok(AttributeValue::Value(Value::new(before, String::new(), Wildcard::None))),
    }
}

/// The wildcards at one end: one `*`, or any number of `?`.
fn wildcard(tokens: &[Token], source: &str) -> Result<Wildcard, CpeError> {
    let embedded = || CpeError::EmbeddedWildcard(source.to_owned());
    match tokens {
        [] => Ok(Wildcard::None),
        [Token::Many] => Ok(Wildcard::Many),
        _ if tokens.iter().all(|token| *token == Token::One) => {
            u8::try_from(tokens.len()).map(Wildcard::UpTo).map_err(|_| embedded())
        }
        _ => Err(embedded()),
    }
}
