//! Package URLs. Source: Package-URL specification, ECMA-427, clause 5, and the type definitions of the purl
//! community.
//!
//! A [`Purl`] borrows from the text it was read from wherever decoding changes nothing: a plain purl is read without
//! allocating. Qualifiers stay as written and are decoded one at a time, when somebody asks.
//!
//! Reading is a little more tolerant than the letter of the standard, in ways that lose nothing: qualifier keys in
//! upper case are lowered, and an encoded slash in a namespace counts as a separator. Whatever the standard calls
//! invalid and that could hide a package is an error, never a guess.

mod key;
mod parts;
mod percent;
mod release;
mod rules;

use std::borrow::Cow;
use std::fmt;

pub use key::{NormalisedPackage, PackageKey, normalise_package};
pub use parts::PurlParts;

/// Why a text is not a purl.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PurlError {
    /// The text does not start with `pkg:`.
    #[error("a package URL starts with \"pkg:\"")]
    MissingScheme,
    /// There is no type, or it has characters other than letters, digits, `.` and `-`, or starts with no letter.
    #[error("the type \"{0}\" is not a letter followed by letters, digits, '.' or '-'")]
    InvalidType(String),
    /// There is no name.
    #[error("the name is missing")]
    MissingName,
    /// A `%` is not followed by two hexadecimal digits, or the decoded bytes are not UTF-8.
    #[error("the percent-encoding in \"{0}\" is not valid")]
    InvalidEncoding(String),
    /// A qualifier key has characters other than letters, digits, `.`, `-` and `_`, or starts with no letter.
    #[error("the qualifier key \"{0}\" is not a letter followed by letters, digits, '.', '-' or '_'")]
    InvalidQualifierKey(String),
    /// A qualifier key stands twice.
    #[error("the qualifier \"{0}\" is given twice")]
    DuplicateQualifier(String),
    /// More qualifiers than any package needs.
    #[error("more than {limit} qualifiers", limit = MAX_QUALIFIERS)]
    TooManyQualifiers,
    /// A segment of the subpath holds an encoded slash.
    #[error("the subpath segment \"{0}\" contains a slash")]
    InvalidSubpath(String),
    /// The rules of the type forbid it.
    #[error("a purl of type \"{kind}\" {rule}")]
    TypeRule {
        /// The type.
        kind: String,
        /// What it demands, as the end of a sentence.
        rule: &'static str,
    },
}

/// Bounds the search for duplicate keys. The richest purls of the specification have nine qualifiers.
const MAX_QUALIFIERS: usize = 64;

/// A package URL: `pkg:type/namespace/name@version?qualifiers#subpath`.
///
/// Invariants: type, name and qualifier keys are valid; every value decodes to UTF-8; the rules of the type hold;
/// optional parts are never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Purl<'a> {
    kind: Cow<'a, str>,
    namespace: Option<Cow<'a, str>>,
    name: Cow<'a, str>,
    version: Option<Cow<'a, str>>,
    qualifiers: Cow<'a, str>,
    subpath: Option<Cow<'a, str>>,
}

impl<'a> Purl<'a> {
    /// Reads a purl.
    ///
    /// # Errors
    /// [`PurlError`] if the text violates ECMA-427 clause 5.6 or the definition of its type.
    pub fn parse(text: &'a str) -> Result<Purl<'a>, PurlError> {
        let rest = strip_scheme(text)?;
        // Most purls end with their version.
        if memchr::memchr2(b'#', b'?', rest.as_bytes()).is_none() {
            return Purl::of(rest, "", None);
        }
        let (rest, subpath) = match rsplit(rest, b'#') {
            Some((rest, subpath)) => (rest, parse_subpath(subpath)?),
            None => (rest, None),
        };
        // The standard splits at the rightmost `?`. No part before the qualifiers may hold a bare one, so the
        // leftmost is the same in a valid purl, and right where a value carries an unencoded URL.
        let (path, qualifiers) = split(rest, b'?').unwrap_or((rest, ""));
        check_qualifiers(qualifiers)?;
        Purl::of(path, qualifiers, subpath)
    }

    /// From type to version as written, with what stood behind them.
    fn of(path: &'a str, qualifiers: &'a str, subpath: Option<Cow<'a, str>>) -> Result<Purl<'a>, PurlError> {
        let (kind, path) = parse_type(path)?;
        let (path, version) = split_version(path)?;
        let mut purl = Purl {
            namespace: None,
            name: Cow::Borrowed(""),
            version: version.map(percent::decode).transpose()?.filter(|version| !version.is_empty()),
            qualifiers: Cow::Borrowed(qualifiers),
            subpath,
            kind,
        };
        purl.set_path(path)?;
        rules::apply(&mut purl)?;
        Ok(purl)
    }

    /// Builds a purl from parts that are not encoded.
    ///
    /// # Errors
    /// As [`Purl::parse`].
    pub fn build(parts: &PurlParts<'_>) -> Result<Purl<'static>, PurlError> {
        parts.build()
    }

    /// The type in lower case: `npm`, `maven`, `deb` …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, decoded, segments separated by `/`.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name, decoded.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, decoded.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The subpath, decoded, without `.`, `..` and empty segments.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }

    /// Qualifiers in the order of the text: key in lower case, value decoded. Those without a value are left out,
    /// as the standard demands.
    pub fn qualifiers(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        raw_qualifiers(&self.qualifiers)
            .filter_map(|(key, value)| Some((lowered(Cow::Borrowed(key)), percent::decode(value).ok()?)))
    }

    /// The value of one qualifier, decoded.
    pub fn qualifier(&self, name: &str) -> Option<Cow<'_, str>> {
        raw_qualifiers(&self.qualifiers)
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| percent::decode(value).ok())
    }

    /// The version as the package manager orders it: for `rpm` with the `epoch` qualifier in front.
    pub fn full_version(&self) -> Option<Cow<'_, str>> {
        let version = self.version()?;
        if self.kind == "rpm"
            && !version.contains(':')
            && let Some(epoch) = self.qualifier("epoch")
        {
            return Some(Cow::Owned(format!("{epoch}:{version}")));
        }
        Some(Cow::Borrowed(version))
    }

    /// The same purl, independent of the text it was read from.
    pub fn into_owned(self) -> Purl<'static> {
        fn own(part: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(part.into_owned())
        }
        Purl {
            kind: own(self.kind),
            namespace: self.namespace.map(own),
            name: own(self.name),
            version: self.version.map(own),
            qualifiers: own(self.qualifiers),
            subpath: self.subpath.map(own),
        }
    }

    /// Sets namespace and name from the encoded path between type and version.
    fn set_path(&mut self, path: &'a str) -> Result<(), PurlError> {
        let path = path.trim_matches('/');
        if path.is_empty() {
            return Err(PurlError::MissingName);
        }
        // `git` keeps the path of the repository in its name: namespace is the host alone.
        let split = if self.kind == "git" { split(path, b'/') } else { rsplit(path, b'/') };
        let (namespace, name) = match split {
            Some((namespace, name)) => (namespace, name),
            None => ("", path),
        };
        let name = percent::decode(name)?;
        let name =
            if self.kind == "git" { join_segments(name) } else { Some(name).filter(|n| !n.is_empty()) };
        self.name = name.ok_or(PurlError::MissingName)?;
        self.namespace = join_segments(percent::decode(namespace)?);
        Ok(())
    }
}

impl fmt::Display for Purl<'_> {
    /// The canonical form: everything encoded as ECMA-427 clause 5.4 says, qualifiers sorted by key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        if let Some(namespace) = &self.namespace {
            percent::write_path(f, namespace)?;
            f.write_str("/")?;
        }
        match self.kind.as_ref() {
            "git" => percent::write_path(f, &self.name)?,
            _ => percent::write_encoded(f, &self.name)?,
        }
        if let Some(version) = &self.version {
            f.write_str("@")?;
            percent::write_encoded(f, version)?;
        }
        let mut qualifiers: Vec<_> = self.qualifiers().collect();
        qualifiers.sort();
        for (position, (key, value)) in qualifiers.iter().enumerate() {
            f.write_str(if position == 0 { "?" } else { "&" })?;
            write!(f, "{key}=")?;
            percent::write_encoded(f, value)?;
        }
        if let Some(subpath) = &self.subpath {
            f.write_str("#")?;
            percent::write_path(f, subpath)?;
        }
        Ok(())
    }
}

/// As [`str::split_once`] at an ASCII character: purls are short, and a search by bytes needs no preparation.
fn split(text: &str, mark: u8) -> Option<(&str, &str)> {
    apart(text, text.bytes().position(|byte| byte == mark)?)
}

/// As [`str::rsplit_once`] at an ASCII character.
fn rsplit(text: &str, mark: u8) -> Option<(&str, &str)> {
    apart(text, text.bytes().rposition(|byte| byte == mark)?)
}

/// What stands before and behind the character of one byte at `at`.
fn apart(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}

/// Removes `pkg:` and the slashes that may follow it.
fn strip_scheme(text: &str) -> Result<&str, PurlError> {
    match split(text, b':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkg") => Ok(rest.trim_start_matches('/')),
        _ => Err(PurlError::MissingScheme),
    }
}

/// Splits the type off the path.
fn parse_type(path: &str) -> Result<(Cow<'_, str>, &str), PurlError> {
    let (kind, rest) = split(path, b'/').unwrap_or((path, ""));
    let valid = kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    if valid {
        Ok((lowered(Cow::Borrowed(kind)), rest))
    } else {
        Err(PurlError::InvalidType(kind.to_owned()))
    }
}

/// Splits the version off the path. An `@` that begins a segment with further segments after it is an npm scope that
/// was left unencoded, not the start of a version.
fn split_version(path: &str) -> Result<(&str, Option<&str>), PurlError> {
    let Some((before, version)) = rsplit(path, b'@') else {
        return Ok((path, None));
    };
    if before.is_empty() || before.ends_with('/') {
        return if version.contains('/') { Ok((path, None)) } else { Err(PurlError::MissingName) };
    }
    Ok((before, Some(version)))
}

/// Drops empty segments; `None` if nothing is left.
fn join_segments(path: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if path.is_empty() {
        return None;
    }
    if !path.starts_with('/') && !path.ends_with('/') && !path.contains("//") {
        return Some(path);
    }
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.is_empty() { None } else { Some(Cow::Owned(segments.join("/"))) }
}

/// Decodes the subpath and drops its empty, `.` and `..` segments.
fn parse_subpath(text: &str) -> Result<Option<Cow<'_, str>>, PurlError> {
    let text = text.trim_matches('/');
    let is_plain = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
    if !text.contains('%') && text.split('/').all(is_plain) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    let mut kept = Vec::new();
    for segment in text.split('/') {
        let segment = percent::decode(segment)?;
        if segment.contains('/') {
            return Err(PurlError::InvalidSubpath(segment.into_owned()));
        }
        if is_plain(&segment) {
            kept.push(segment);
        }
    }
    Ok(if kept.is_empty() { None } else { Some(Cow::Owned(kept.join("/"))) })
}

/// Key and value as written, without the pairs that have no value.
fn raw_qualifiers(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&').filter_map(|pair| pair.split_once('=')).filter(|(_, value)| !value.is_empty())
}

/// Proves the invariants of the qualifiers, so that reading them later cannot fail.
fn check_qualifiers(text: &str) -> Result<(), PurlError> {
    if text.is_empty() {
        return Ok(());
    }
    let key_of = |pair| split_pair(pair).0;
    for (position, pair) in text.split('&').enumerate() {
        if position >= MAX_QUALIFIERS {
            return Err(PurlError::TooManyQualifiers);
        }
        if pair.is_empty() {
            continue;
        }
        let (key, value) = split_pair(pair);
        let valid = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if !valid {
            return Err(PurlError::InvalidQualifierKey(key.to_owned()));
        }
        // Purls have two or three qualifiers: looking again is cheaper than remembering.
        if text.split('&').take(position).map(key_of).any(|earlier| earlier.eq_ignore_ascii_case(key)) {
            return Err(PurlError::DuplicateQualifier(key.to_ascii_lowercase()));
        }
        percent::decode(value)?;
    }
    Ok(())
}

fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// In lower case, without allocating where it already is.
fn lowered(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return text;
    }
    if text.chars().any(char::is_uppercase) { Cow::Owned(text.to_lowercase()) } else { text }
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;
