//! Version range specifiers (`vers:npm/>=1.0.0|<2.0.0`). Source: VERS specification (package-url/vers-spec), clause 5,
//! and its "How to parse and validate VERS".
//!
//! This module knows the notation. Order, validity of the sequence and containment need the order of versions and
//! live in `shindan-match`.

use std::fmt;
use std::str::FromStr;

use crate::version::Scheme;

/// Why a text is not a version range specifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersError {
    /// It does not start with `vers:`.
    #[error("a version range specifier starts with \"vers:\"")]
    MissingPrefix,
    /// The type is empty, or has characters other than letters, digits, `.` and `-`, or starts with no letter.
    #[error("the type \"{0}\" is not a letter followed by letters, digits, '.' or '-'")]
    InvalidType(String),
    /// The type `invalid` is reserved for ranges that are never valid.
    #[error("the type \"invalid\" is never valid")]
    ReservedType,
    /// There is no `/`, or nothing after it.
    #[error("there are no constraints")]
    MissingConstraints,
    /// A pipe at an end, or two in a row.
    #[error("a constraint is empty: a pipe at an end, or two in a row")]
    EmptyConstraint,
    /// A comparator without version.
    #[error("the constraint \"{0}\" has no version")]
    MissingVersion(String),
    /// `*` beside other constraints, or with a version.
    #[error("\"*\" must stand alone")]
    AsteriskNotAlone,
    /// A character of the notation stands unencoded inside a version.
    #[error("the constraint \"{0}\" has an unencoded comparator character in its version")]
    UnencodedCharacter(String),
    /// A `%` is not followed by two hexadecimal digits, or what they encode is not UTF-8 text.
    #[error("the constraint \"{0}\" has an invalid percent-encoding")]
    InvalidEncoding(String),
    /// The text can be read but is not in canonical form (see [`Vers::parse_canonical`]).
    #[error("not canonical: it should be \"{0}\"")]
    NotCanonical(String),
}

/// How a version is compared with the one of the constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// No comparator.
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// As written before a version; nothing for equality.
    pub fn as_str(self) -> &'static str {
        match self {
            Comparator::Equal => "",
            Comparator::NotEqual => "!=",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        }
    }

    /// True for `<` and `<=`.
    pub fn is_upper(self) -> bool {
        matches!(self, Comparator::Less | Comparator::LessOrEqual)
    }

    /// True for `>` and `>=`.
    pub fn is_lower(self) -> bool {
        matches!(self, Comparator::Greater | Comparator::GreaterOrEqual)
    }
}

/// One constraint: comparator and version, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// How to compare.
    pub comparator: Comparator,
    /// With what; never empty.
    pub version: String,
}

/// The constraints of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Constraints {
    /// `*`: every version.
    Any,
    /// In the order of the text; never empty.
    List(Vec<Constraint>),
}

/// A version range specifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vers {
    kind: String,
    constraints: Constraints,
}

impl Vers {
    /// A range of constraints in the order given.
    ///
    /// # Errors
    /// [`VersError`] if the type is invalid, the list is empty, or a version is empty.
    pub fn new(kind: &str, constraints: Constraints) -> Result<Vers, VersError> {
        let kind = parse_type(kind)?;
        if let Constraints::List(list) = &constraints {
            if list.is_empty() {
                return Err(VersError::MissingConstraints);
            }
            if let Some(empty) = list.iter().find(|constraint| constraint.version.is_empty()) {
                return Err(VersError::MissingVersion(empty.comparator.as_str().to_owned()));
            }
        }
        Ok(Vers { kind, constraints })
    }

    /// Reads a range with the tolerance that published ranges need: blanks around constraints and comparators, a
    /// leading `=`, upper case in `vers` and in the type, encoding that was not needed.
    ///
    /// The sequence is not judged: an unsorted list is read as it stands.
    ///
    /// # Errors
    /// [`VersError`] if a part is missing or can be read in two ways.
    pub fn parse(text: &str) -> Result<Vers, VersError> {
        let (prefix, rest) = text.trim().split_once(':').ok_or(VersError::MissingPrefix)?;
        if !prefix.trim_end().eq_ignore_ascii_case("vers") {
            return Err(VersError::MissingPrefix);
        }
        let Some((kind, constraints)) = rest.split_once('/') else {
            parse_type(rest.trim())?;
            return Err(VersError::MissingConstraints);
        };
        let kind = parse_type(kind.trim())?;
        let constraints = constraints.trim();
        if constraints.is_empty() {
            return Err(VersError::MissingConstraints);
        }
        if constraints == "*" {
            return Ok(Vers { kind, constraints: Constraints::Any });
        }
        let list: Result<Vec<Constraint>, VersError> = constraints.split('|').map(parse_constraint).collect();
        Ok(Vers { kind, constraints: Constraints::List(list?) })
    }

    /// Reads a range to the letter of the specification: what [`Vers::parse`] tolerates is refused.
    ///
    /// # Errors
    /// As [`Vers::parse`], and [`VersError::NotCanonical`].
    pub fn parse_canonical(text: &str) -> Result<Vers, VersError> {
        let vers = Vers::parse(text)?;
        let canonical = vers.to_string();
        if canonical == text { Ok(vers) } else { Err(VersError::NotCanonical(canonical)) }
    }

    /// The type in lower case: `npm`, `deb`, `generic` …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The order that the type means, `None` if this program does not know it.
    pub fn scheme(&self) -> Option<Scheme> {
        Some(match self.kind.as_str() {
            "semver" | "cargo" => Scheme::Semver,
            "npm" => Scheme::Npm,
            "golang" | "go" => Scheme::Go,
            "pypi" => Scheme::Pypi,
            "maven" => Scheme::Maven,
            "nuget" => Scheme::Nuget,
            "gem" => Scheme::Gem,
            "composer" => Scheme::Composer,
            "deb" => Scheme::Deb,
            "rpm" => Scheme::Rpm,
            "apk" | "alpine" => Scheme::Apk,
            "pub" => Scheme::Pub,
            "cran" => Scheme::Cran,
            "hackage" => Scheme::Hackage,
            "generic" | "intdot" => Scheme::Generic,
            _ => return None,
        })
    }

    /// The constraints.
    pub fn constraints(&self) -> &Constraints {
        &self.constraints
    }
}

impl fmt::Display for Vers {
    /// Without blanks, versions encoded where the notation needs it. The order of the constraints is kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vers:{}/", self.kind)?;
        let list = match &self.constraints {
            Constraints::Any => return f.write_str("*"),
            Constraints::List(list) => list,
        };
        for (position, constraint) in list.iter().enumerate() {
            if position > 0 {
                f.write_str("|")?;
            }
            f.write_str(constraint.comparator.as_str())?;
            write_version(f, &constraint.version)?;
        }
        Ok(())
    }
}

impl FromStr for Vers {
    type Err = VersError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Vers::parse(text)
    }
}

fn parse_type(text: &str) -> Result<String, VersError> {
    let valid = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    if !valid {
        return Err(VersError::InvalidType(text.to_owned()));
    }
    let kind = text.to_ascii_lowercase();
    if kind == "invalid" { Err(VersError::ReservedType) } else { Ok(kind) }
}

fn parse_constraint(text: &str) -> Result<Constraint, VersError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(VersError::EmptyConstraint);
    }
    if text.starts_with('*') {
        return Err(VersError::AsteriskNotAlone);
    }
    const PREFIXES: [(&str, Comparator); 6] = [
        (">=", Comparator::GreaterOrEqual),
        ("<=", Comparator::LessOrEqual),
        ("!=", Comparator::NotEqual),
        (">", Comparator::Greater),
        ("<", Comparator::Less),
        ("=", Comparator::Equal),
    ];
    let (comparator, version) = PREFIXES
        .into_iter()
        .find_map(|(prefix, comparator)| Some((comparator, text.strip_prefix(prefix)?)))
        .unwrap_or((Comparator::Equal, text));
    let version = version.trim();
    if version.is_empty() {
        return Err(VersError::MissingVersion(text.to_owned()));
    }
    if version.contains(['<', '>', '=', '!', '*']) {
        return Err(VersError::UnencodedCharacter(text.to_owned()));
    }
    let version = decode(version).ok_or_else(|| VersError::InvalidEncoding(text.to_owned()))?;
    Ok(Constraint { comparator, version })
}

/// Decodes `%XX` once. Control characters have no place in a version.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high << 4 | low).ok()?);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

/// Encodes what the notation uses itself (clause 5.3.3.2), blanks, and everything outside ASCII.
fn write_version(out: &mut fmt::Formatter<'_>, version: &str) -> fmt::Result {
    use fmt::Write;
    for byte in version.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'=' | b'!' | b'*' | b'|' | b'%') {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, canonical) in [
            ("vers:npm/1.2.3|>=2.0.0|<5.0.0", "vers:npm/1.2.3|>=2.0.0|<5.0.0"),
            ("vers:deb/*", "vers:deb/*"),
            ("vers:npm/1.0%252F0", "vers:npm/1.0%252F0"),
            ("VERS:PyPI/ >= 1.0 | != 1.1 |=2", "vers:pypi/>=1.0|!=1.1|2"),
            ("vers:all/<V3.0.3", "vers:all/<V3.0.3"),
            ("vers:generic/< 15.0 SP1", "vers:generic/<15.0%20SP1"),
            ("vers:generic/1%7c2|3%2d4", "vers:generic/1%7C2|3-4"),
            ("vers:deb/>=1:2.0~rc1+b1", "vers:deb/>=1:2.0~rc1+b1"),
        ] {
            assert_eq!(Vers::parse(text).map(|vers| vers.to_string()), Ok(canonical.to_owned()), "{text}");
            assert_eq!(Vers::parse_canonical(text).is_ok(), text == canonical, "{text}");
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        use VersError::*;
        let owned = str::to_owned;
        for (text, error) in [
            ("", MissingPrefix),
            ("pkg:npm/1", MissingPrefix),
            ("vers:npm", MissingConstraints),
            ("vers:npm/", MissingConstraints),
            ("vers:1npm/1", InvalidType(owned("1npm"))),
            ("vers:/1", InvalidType(owned(""))),
            ("vers:invalid/1", ReservedType),
            ("vers:npm/|1", EmptyConstraint),
            ("vers:npm/1|", EmptyConstraint),
            ("vers:npm/1||2", EmptyConstraint),
            ("vers:npm/>=", MissingVersion(owned(">="))),
            ("vers:npm/*|1", AsteriskNotAlone),
            ("vers:npm/1|*", AsteriskNotAlone),
            ("vers:npm/*1", AsteriskNotAlone),
            ("vers:npm/>=>1", UnencodedCharacter(owned(">=>1"))),
            ("vers:npm/1.*", UnencodedCharacter(owned("1.*"))),
            ("vers:npm/1.0%2G0", InvalidEncoding(owned("1.0%2G0"))),
            ("vers:npm/1%", InvalidEncoding(owned("1%"))),
            ("vers:npm/1%0a", InvalidEncoding(owned("1%0a"))),
            ("vers:npm/1%ff", InvalidEncoding(owned("1%ff"))),
        ] {
            assert_eq!(Vers::parse(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*", tail in "[a-z0-9<>=!*|%./ -]{0,40}") {
            let _ = (Vers::parse(&text).is_ok(), Vers::parse(&format!("vers:{tail}")).is_ok());
            let _ = Vers::parse(&format!("vers:npm/{tail}")).is_ok();
        }

        #[test]
        fn what_is_written_can_be_read(versions in proptest::collection::vec("[!-~あ]([ -~あ]{0,8}[!-~])?", 1..5)) {
            let comparators = [Comparator::Equal, Comparator::Less, Comparator::NotEqual, Comparator::GreaterOrEqual];
            let list = versions.iter().zip(comparators).map(|(version, comparator)| {
                Constraint { comparator, version: version.clone() }
            });
            let vers = Vers::new("npm", Constraints::List(list.collect())).unwrap();
            prop_assert_eq!(Vers::parse_canonical(&vers.to_string()), Ok(vers));
        }
    }
}
