//! CPE 2.3 names and matching. Source: NISTIR 7695 (naming), NISTIR 7696 (name matching), NISTIR 7698
//! (applicability language).
//!
//! A [`Cpe`] is read from a formatted string (`cpe:2.3:a:vendor:product:…`) or from a 2.2 URI
//! (`cpe:/a:vendor:product`) and written as either. What was accepted although the grammar forbids it is kept as a
//! [`Leniency`], so that the caller can say so.

mod attribute;
mod configuration;
mod formatted;
mod matching;
mod uri;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub use attribute::{AttributeValue, Value, Wildcard};
pub use configuration::{Leaf, Node, Truth};
pub use matching::{Relation, compare_attributes};

/// Why a text is not a CPE name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CpeError {
    /// It starts neither with `cpe:2.3:` nor with `cpe:/`.
    #[error("a CPE name starts with \"cpe:2.3:\" or \"cpe:/\"")]
    MissingPrefix,
    /// The part is not `a`, `o`, `h`, `*` or `-`.
    #[error("the part \"{0}\" is not a, o, h, * or -")]
    InvalidPart(String),
    /// More components than the form has; usually a colon that was not escaped.
    #[error("more components than the {limit} of this form; is a colon not escaped?")]
    TooManyComponents {
        /// How many the form has.
        limit: usize,
    },
    /// `*` or `?` stands unescaped elsewhere than at an end of the value.
    #[error("\"{0}\" has an unescaped wildcard inside")]
    EmbeddedWildcard(String),
    /// A `\` ends the value, or a `%` does not start an encoded character.
    #[error("\"{0}\" has an unfinished escape")]
    UnfinishedEscape(String),
    /// A control character.
    #[error("\"{0}\" has a control character")]
    ControlCharacter(String),
    /// The packed edition of a URI does not have five parts.
    #[error("the packed edition \"{0}\" does not have five parts")]
    InvalidPackedEdition(String),
}

/// Something the grammar forbids that was accepted all the same, because it is common and its meaning is plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leniency {
    /// Punctuation that the grammar wants escaped was not.
    UnescapedPunctuation,
    /// A component of a formatted string is empty; read as ANY.
    EmptyComponent,
    /// A formatted string has fewer than eleven components; the rest is read as ANY.
    MissingComponents,
    /// Upper case; CPE names are compared in lower case.
    UpperCase,
    /// Characters outside printable ASCII.
    NonAscii,
}

/// The attributes of a name, in the order of the formatted string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Attribute {
    /// `a` application, `o` operating system, `h` hardware.
    Part,
    /// Who makes it.
    Vendor,
    /// What it is called.
    Product,
    /// Version.
    Version,
    /// Update, service pack.
    Update,
    /// Legacy edition of CPE 2.2.
    Edition,
    /// Language tag (RFC 5646).
    Language,
    /// Edition of the software for a market or class of users.
    SwEdition,
    /// The software environment it runs in.
    TargetSw,
    /// The architecture it runs on.
    TargetHw,
    /// Anything else.
    Other,
}

impl Attribute {
    /// Every attribute, in the order of the formatted string.
    pub const ALL: [Attribute; COUNT] = [
        Attribute::Part,
        Attribute::Vendor,
        Attribute::Product,
        Attribute::Version,
        Attribute::Update,
        Attribute::Edition,
        Attribute::Language,
        Attribute::SwEdition,
        Attribute::TargetSw,
        Attribute::TargetHw,
        Attribute::Other,
    ];
}

/// How many attributes a name has.
const COUNT: usize = 11;

/// A CPE name (a *well-formed name* in the words of NISTIR 7695).
///
/// Invariants: all values are in lower case; the part is `a`, `o`, `h`, ANY or NA.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpe {
    values: [AttributeValue; COUNT],
}

impl Cpe {
    /// Reads a formatted string or a URI. Blanks around it are not taken off.
    ///
    /// # Errors
    /// [`CpeError`] if the text cannot be read in one way only.
    pub fn parse(text: &str) -> Result<Cpe, CpeError> {
        Cpe::parse_lenient(text).map(|(cpe, _)| cpe)
    }

    /// As [`Cpe::parse`], and says what was accepted against the grammar (sorted, each once).
    ///
    /// # Errors
    /// [`CpeError`] if the text cannot be read in one way only.
    pub fn parse_lenient(text: &str) -> Result<(Cpe, Vec<Leniency>), CpeError> {
        let mut notes = Vec::new();
        let values = if let Some(rest) = strip_prefix(text, "cpe:2.3:") {
            formatted::unbind(rest, &mut notes)?
        } else if let Some(rest) = strip_prefix(text, "cpe:/") {
            uri::unbind(rest, &mut notes)?
        } else {
            return Err(CpeError::MissingPrefix);
        };
        let cpe = Cpe { values };
        cpe.check_part()?;
        notes.sort();
        notes.dedup();
        Ok((cpe, notes))
    }

    /// The value of one attribute.
    pub fn get(&self, attribute: Attribute) -> &AttributeValue {
        // The discriminants are the positions; `ALL` has as many entries as `values`.
        &self.values[attribute as usize]
    }

    /// The same name with another value for one attribute.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, value: AttributeValue) -> Cpe {
        self.values[attribute as usize] = value;
        self
    }

    /// `a`, `o`, `h`, ANY or NA.
    pub fn part(&self) -> &AttributeValue {
        self.get(Attribute::Part)
    }

    /// Who makes it.
    pub fn vendor(&self) -> &AttributeValue {
        self.get(Attribute::Vendor)
    }

    /// What it is called.
    pub fn product(&self) -> &AttributeValue {
        self.get(Attribute::Product)
    }

    /// Version.
    pub fn version(&self) -> &AttributeValue {
        self.get(Attribute::Version)
    }

    /// The 2.2 URI of this name; editions are packed where needed (NISTIR 7695 section 6.1.2).
    pub fn to_uri(&self) -> String {
        uri::bind(self)
    }

    fn check_part(&self) -> Result<(), CpeError> {
        match self.part() {
            AttributeValue::Any | AttributeValue::Na => Ok(()),
            AttributeValue::Value(value) if value.is_literal() && matches!(value.text(), "a" | "o" | "h") => {
                Ok(())
            }
            AttributeValue::Value(value) => Err(CpeError::InvalidPart(value.text().to_owned())),
        }
    }
}

impl fmt::Display for Cpe {
    /// The formatted string: `cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cpe:2.3")?;
        for value in &self.values {
            f.write_str(":")?;
            formatted::write_value(f, value)?;
        }
        Ok(())
    }
}

impl FromStr for Cpe {
    type Err = CpeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Cpe::parse(text)
    }
}

/// Part, vendor and product of a name without reading the rest: what the index is asked with.
///
/// Values are decoded and in lower case; ANY is `*`, NA is `-` (a literal `*` or `-` keeps its backslash). `None` if
/// the text is no CPE name, if one of the three holds a wildcard besides other characters, if an escape is
/// unfinished or if there are too many components: read those with [`Cpe::parse`].
pub fn vendor_product(text: &str) -> Option<(Cow<'_, str>, Cow<'_, str>, Cow<'_, str>)> {
    if let Some(rest) = strip_prefix(text, "cpe:2.3:") {
        let mut components = formatted::components(rest);
        let mut next = || formatted::plain_value(components.next()?);
        let found = (next()?, next()?, next()?);
        // A colon that was not escaped shifts everything after it: the product would be another one.
        return if components.count() > COUNT - 3 { None } else { Some(found) };
    }
    let rest = strip_prefix(text, "cpe:/")?;
    let mut components = rest.split(':');
    let mut next = || uri::plain_value(components.next().unwrap_or(""));
    let found = (next()?, next()?, next()?);
    if components.count() > uri::COMPONENTS - 3 { None } else { Some(found) }
}

/// As `str::strip_prefix`, in any ASCII case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { Some(rest) } else { None }
}

#[cfg(test)]
mod tests;
