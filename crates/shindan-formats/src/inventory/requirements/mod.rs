//! pip requirements files.
//!
//! Source: pip documentation, "Requirements File Format"; PEP 508 (dependency specifiers), PEP 440 (version
//! specifiers), PEP 503 (normalised names).
//!
//! A requirement says which version is *wanted*. Only `==` and `===` without a wildcard tell which one is *there*; any
//! other requirement is listed without a version and reported.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url::{self, normalized};
use crate::limits::Limits;
use crate::text::shorten;

/// What one logical line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Blank or a comment.
    Nothing,
    /// An option: `-r other.txt`, `--index-url …`, `-e .`
    Option,
    /// A URL or path instead of a package name.
    Location,
    /// A package.
    Package(Requirement<'a>),
    /// None of these.
    Unknown,
}

/// `name[extras] specifiers; marker`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    pub(super) name: &'a str,
    /// Exact version, from `==` or `===`.
    pub(super) pinned: Option<&'a str>,
    /// The location behind `@`.
    pub(super) location: Option<&'a str>,
    /// A version specifier, an extra, a marker or a location follows the name.
    pub(super) qualified: bool,
}

/// Reads a requirements file.
///
/// # Errors
/// `line-too-long`; nothing else makes the whole file unreadable.
pub(super) fn read(
    text: &str,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    for (number, line) in logical_lines(text) {
        if line.len() > limits.line {
            found.push(found.at_line(Code::LineTooLong, number).with("limit", limits.line));
            continue;
        }
        let content = without_comment(&line);
        match classify(content) {
            Line::Nothing => {}
            Line::Option | Line::Location => {
                found.push(
                    found
                        .at_line(Code::RequirementNotPackage, number)
                        .with("line", shorten(&without_credentials(content), 200)),
                );
            }
            Line::Package(requirement) => {
                components.push(component(&requirement, content, number, &mut found));
            }
            Line::Unknown => found.push(
                found
                    .at_line(Code::FieldInvalid, number)
                    .with("field", "requirement")
                    .with("value", shorten(content, 200))
                    .with("expected", "name==version"),
            ),
        }
    }
    Ok(Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::Requirements,
        subject: None,
        about: None,
        components: components.into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: found.finish(),
    })
}

fn component(
    requirement: &Requirement<'_>,
    content: &str,
    number: u64,
    found: &mut Collector<'_>,
) -> Component {
    let version = match (requirement.pinned, requirement.location) {
        (Some(pinned), _) => Some(pinned),
        (None, Some(location)) => version_of_artifact(location, requirement.name),
        (None, None) => None,
    };
    if version.is_none() {
        found.push(
            found
                .at_line(Code::RequirementUnpinned, number)
                .with("requirement", shorten(&without_credentials(content), 200)),
        );
    }
    Component {
        name: requirement.name.to_owned(),
        version: version.map(str::to_owned),
        purl: Some(package_url::pypi(requirement.name, version)),
        pointer: format!("line {number}"),
        ..Component::default()
    }
}

/// Lines with their number (from 1), continuation lines joined. A comment line ends a continuation.
pub(super) fn logical_lines(text: &str) -> impl Iterator<Item = (u64, std::borrow::Cow<'_, str>)> {
    let mut lines = text.lines().enumerate().peekable();
    std::iter::from_fn(move || {
        let (index, first) = lines.next()?;
        let number = index as u64 + 1;
        if !continues(first) {
            return Some((number, first.into()));
        }
        let mut joined = first.trim_end_matches('\\').to_owned();
        while let Some((_, next)) = lines.next_if(|(_, next)| !next.trim_start().starts_with('#')) {
            joined.push(' ');
            joined.push_str(next.trim_end_matches('\\'));
            if !continues(next) {
                break;
            }
        }
        Some((number, joined.into()))
    })
}

fn continues(line: &str) -> bool {
    line.ends_with('\\') && !line.trim_start().starts_with('#')
}

/// `#` starts a comment at the start of a line or after white space; inside a URL it is a fragment.
fn without_comment(line: &str) -> &str {
    let mut previous = ' ';
    for (at, c) in line.char_indices() {
        if c == '#' && previous.is_whitespace() {
            return line.get(..at).unwrap_or(line).trim();
        }
        previous = c;
    }
    line.trim()
}

/// Reads one logical line.
pub(super) fn classify(line: &str) -> Line<'_> {
    let line = without_comment(line);
    if line.is_empty() {
        return Line::Nothing;
    }
    if line.starts_with('-') {
        return Line::Option;
    }
    if is_location(line) {
        return Line::Location;
    }
    package(line).map_or(Line::Unknown, Line::Package)
}

fn is_location(line: &str) -> bool {
    let word = line.split([' ', ';', '[']).next().unwrap_or(line);
    let scheme = word.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+'))
        || word.starts_with("file:")
        || word.starts_with(['.', '/'])
        || [".whl", ".tar.gz", ".zip"].iter().any(|end| word.ends_with(end))
}

fn package(line: &str) -> Option<Requirement<'_>> {
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at_checked(end)?;
    let ends_well = |c: char| c.is_ascii_alphanumeric();
    if !name.starts_with(ends_well) || !name.ends_with(ends_well) {
        return None;
    }
    let rest = without_extras(rest.trim_start())?.trim_start();
    let qualified = end < line.len();
    if let Some(location) = rest.strip_prefix('@') {
        let location = location.trim().split([' ', '\t']).next().filter(|text| !text.is_empty())?;
        return Some(Requirement { name, pinned: None, location: Some(location), qualified });
    }
    let specifiers = rest.split(';').next().unwrap_or(rest);
    // Options of one requirement (`--hash=…`) follow its specifiers.
    let specifiers = specifiers.split(" --").next().unwrap_or(specifiers);
    let specifiers = specifiers.strip_prefix("--").map_or(specifiers, |_| "").trim();
    let pinned = pinned(specifiers)?;
    Some(Requirement { name, pinned, location: None, qualified })
}

/// Skips `[extra, extra]`. `None` if the bracket never closes.
fn without_extras(rest: &str) -> Option<&str> {
    match rest.strip_prefix('[') {
        None => Some(rest),
        Some(inside) => inside.split_once(']').map(|(_, rest)| rest),
    }
}

/// The version that the specifiers pin, `Some(None)` if they pin none, `None` if they are no specifiers.
fn pinned(specifiers: &str) -> Option<Option<&str>> {
    let inner = specifiers.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let specifiers = inner.unwrap_or(specifiers).trim();
    if specifiers.is_empty() {
        return Some(None);
    }
    let mut pinned = None;
    for specifier in specifiers.split(',') {
        let specifier = specifier.trim();
        let operator = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"]
            .into_iter()
            .find(|op| specifier.starts_with(op))?;
        let version = specifier.strip_prefix(operator)?.trim();
        if !is_version(version) {
            return None;
        }
        if operator == "===" || (operator == "==" && !version.ends_with(".*")) {
            pinned = Some(version);
        }
    }
    Some(pinned)
}

fn is_version(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'!' | b'+' | b'-' | b'_' | b'*'))
}

/// The version inside the name of a wheel (`name-1.0-py3-none-any.whl`) or source archive (`name-1.0.tar.gz`), if the
/// name of the package stands before it.
fn version_of_artifact<'a>(location: &'a str, name: &str) -> Option<&'a str> {
    let file = location.split(['#', '?']).next()?.rsplit('/').next()?;
    let version = if let Some(wheel) = file.strip_suffix(".whl") {
        let (found, rest) = wheel.split_once('-')?;
        (normalized(found) == normalized(name)).then_some(())?;
        rest.split('-').next()?
    } else {
        let stem = [".tar.gz", ".zip"].iter().find_map(|end| file.strip_suffix(end))?;
        let (found, version) = stem.rsplit_once('-')?;
        (normalized(found) == normalized(name)).then_some(version)?
    };
    (is_version(version) && version.starts_with(|c: char| c.is_ascii_digit())).then_some(version)
}

/// The line without `user:password@` inside a URL: diagnostics are printed and stored.
fn without_credentials(line: &str) -> String {
    let Some((before, after)) = line.split_once("://") else {
        return line.to_owned();
    };
    let authority = after.split(['/', ' ', '#', '?']).next().unwrap_or(after);
    match authority.rsplit_once('@') {
        Some((secret, _)) => format!("{before}://***{}", after.get(secret.len()..).unwrap_or_default()),
        None => line.to_owned(),
    }
}
