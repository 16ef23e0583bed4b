//! The URI binding of CPE 2.2. Source: NISTIR 7695 section 6.1.

use std::borrow::Cow;
use std::fmt::Write;

use super::attribute::{Token, assemble};
use super::formatted::plain_key;
use super::{Attribute, AttributeValue, COUNT, Cpe, CpeError, Leniency, Wildcard};

/// Components of a URI: part, vendor, product, version, update, edition, language.
pub(super) const COMPONENTS: usize = 7;
/// What a packed edition holds, in its order.
const PACKED: [Attribute; 5] =
    [Attribute::Edition, Attribute::SwEdition, Attribute::TargetSw, Attribute::TargetHw, Attribute::Other];

/// Reads everything after `cpe:/`.
pub(super) fn unbind(text: &str, notes: &mut Vec<Leniency>) -> Result<[AttributeValue; COUNT], CpeError> {
    let mut values: [AttributeValue; COUNT] = Default::default();
    for (position, component) in text.split(':').enumerate() {
        match Attribute::ALL.get(position).filter(|_| position < COMPONENTS) {
            None => return Err(CpeError::TooManyComponents { limit: COMPONENTS }),
            Some(Attribute::Edition) if component.starts_with('~') => {
                unpack_edition(component, &mut values, notes)?;
            }
            Some(&attribute) => values[attribute as usize] = decode(component, notes)?,
        }
    }
    Ok(values)
}

/// `~edition~sw_edition~target_sw~target_hw~other`
fn unpack_edition(
    text: &str,
    values: &mut [AttributeValue; COUNT],
    notes: &mut Vec<Leniency>,
) -> Result<(), CpeError> {
    let parts: Vec<&str> = text.split('~').skip(1).collect();
    if parts.len() != PACKED.len() {
        return Err(CpeError::InvalidPackedEdition(text.to_owned()));
    }
    for (attribute, part) in PACKED.into_iter().zip(parts) {
        values[attribute as usize] = decode(part, notes)?;
    }
    Ok(())
}

fn decode(text: &str, notes: &mut Vec<Leniency>) -> Result<AttributeValue, CpeError> {
    match text {
        "" => return Ok(AttributeValue::Any),
        "-" => return Ok(AttributeValue::Na),
        _ => {}
    }
    let mut tokens = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '%' => {
                let high = characters.next().and_then(|c| c.to_digit(16));
                let low = characters.next().and_then(|c| c.to_digit(16));
                let (Some(high), Some(low)) = (high, low) else {
                    return Err(CpeError::UnfinishedEscape(text.to_owned()));
                };
                match high << 4 | low {
                    0x01 => Token::One,
                    0x02 => Token::Many,
                    code => Token::Literal(
                        // Bytes above 0x7f have no meaning in CPE 2.2: there is no text to make of them.
                        char::from_u32(code)
                            .filter(|c| c.is_ascii() && !c.is_control())
                            .ok_or_else(|| CpeError::UnfinishedEscape(text.to_owned()))?,
                    ),
                }
            }
            _ => {
                let bare = character.is_alphanumeric() || matches!(character, '_' | '.' | '-' | '~');
                if !bare && character.is_ascii() {
                    notes.push(Leniency::UnescapedPunctuation);
                }
                Token::Literal(character)
            }
        });
    }
    assemble(&tokens, text, notes)
}

pub(super) fn bind(cpe: &Cpe) -> String {
    let mut components: Vec<String> = Attribute::ALL
        .into_iter()
        .take(COMPONENTS)
        .map(|attribute| match attribute {
            Attribute::Edition => bind_edition(cpe),
            _ => encode(cpe.get(attribute)),
        })
        .collect();
    while components.last().is_some_and(String::is_empty) {
        components.pop();
    }
    format!("cpe:/{}", components.join(":"))
}

/// Packs the editions if any but the legacy one says something.
fn bind_edition(cpe: &Cpe) -> String {
    let extended = PACKED.iter().skip(1).any(|attribute| *cpe.get(*attribute) != AttributeValue::Any);
    if !extended {
        return encode(cpe.get(Attribute::Edition));
    }
    PACKED.iter().fold(String::new(), |packed, attribute| packed + "~" + &encode(cpe.get(*attribute)))
}

fn encode(value: &AttributeValue) -> String {
    let value = match value {
        AttributeValue::Any => return String::new(),
        AttributeValue::Na => return "-".to_owned(),
        AttributeValue::Value(value) => value,
    };
    let mut text = encode_wildcard(value.before());
    if value.text() == "-" && value.is_literal() {
        // A bare hyphen would say "not applicable".
        return "%2d".to_owned();
    }
    for character in value.text().chars() {
        if character.is_alphanumeric() || matches!(character, '_' | '.' | '-') || !character.is_ascii() {
            text.push(character);
        } else {
            // Writing into a String cannot fail.
            let _ = write!(text, "%{:02x}", u32::from(character));
        }
    }
    text + &encode_wildcard(value.after())
}

fn encode_wildcard(wildcard: Wildcard) -> String {
    match wildcard {
        Wildcard::None => String::new(),
        Wildcard::Many => "%02".to_owned(),
        Wildcard::UpTo(count) => "%01".repeat(usize::from(count)),
    }
}

/// A component as a key, for [`super::vendor_product`]; `None` if it needs a full reading.
pub(super) fn plain_value(text: &str) -> Option<Cow<'_, str>> {
    if text.is_empty() {
        return Some(Cow::Borrowed("*"));
    }
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'%' && byte != b'*')
    {
        return Some(Cow::Borrowed(text));
    }
    plain_key(decode(text, &mut Vec::new()).ok()?)
}
