//! Keys of `packages` in a `pnpm-lock.yaml`.
//!
//! Source: pnpm, `@pnpm/dependency-path`, `parse` of each lockfile version.

use crate::inventory::npm_address::is_location;

/// What a key tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key<'k> {
    pub(super) name: Option<&'k str>,
    pub(super) reference: Reference<'k>,
}

/// By what a package was resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference<'k> {
    /// A version in a registry.
    Version(&'k str),
    /// An address, a folder, a repository.
    Place,
}

/// Reads a key. `slashes`: of a version before 6, where the host of another registry may stand in front.
pub(super) fn parse(key: &str, slashes: bool) -> Key<'_> {
    let place = Key { name: None, reference: Reference::Place };
    // Peers stand in parentheses behind the rest.
    let plain = key.split('(').next().unwrap_or(key);
    let path = match plain.strip_prefix('/') {
        Some(path) => path,
        None if slashes => match plain.split_once('/') {
            Some((_host, path)) => path,
            None => return place,
        },
        None => plain,
    };
    let split = if slashes { by_slash(path) } else { by_at(path) };
    match split {
        Some((name, version)) if is_version(version) => {
            Key { name: Some(name), reference: Reference::Version(version) }
        }
        Some((name, place)) if is_location(place) => Key { name: Some(name), reference: Reference::Place },
        _ => place,
    }
}

/// `name/1.0.0`, `@scope/name/1.0.0`, with peers behind `_` or another slash.
fn by_slash(path: &str) -> Option<(&str, &str)> {
    let slashes = if path.starts_with('@') { 1 } else { 0 };
    let (at, _) = path.match_indices('/').nth(slashes)?;
    let (name, rest) = (path.get(..at)?, path.get(at + 1..)?);
    let version = rest.split(['_', '/']).next().unwrap_or(rest);
    Some((name, version))
}

/// `name@1.0.0`, `@scope/name@1.0.0`.
fn by_at(path: &str) -> Option<(&str, &str)> {
    let start = usize::from(path.starts_with('@'));
    let at = path.get(start..)?.find('@')? + start;
    Some((path.get(..at)?, path.get(at + 1..)?))
}

/// True for `1.0.0` and the like; commits may begin with digits, too.
fn is_version(text: &str) -> bool {
    let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let dotted = text
        .split_once('.')
        .is_some_and(|(major, rest)| major.bytes().all(|byte| byte.is_ascii_digit()) && digits(rest));
    digits(text) && dotted && !text.contains(['/', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, slashes: bool, expected: &str) {
        let parsed = parse(key, slashes);
        let reference = match parsed.reference {
            Reference::Version(version) => version,
            Reference::Place => "elsewhere",
        };
        assert_eq!(format!("{} {reference}", parsed.name.unwrap_or("-")), expected, "{key}");
    }

    #[test]
    fn keys_of_every_version() {
        check("/a/1.0.0", true, "a 1.0.0");
        check("/@s/a/1.0.0_react@18.2.0", true, "@s/a 1.0.0");
        check("/a/1.0.0_@babel+core@7.1.0", true, "a 1.0.0");
        check("/a/1.0.0/b@2.0.0", true, "a 1.0.0");
        check("file:../a", true, "- elsewhere");
        check("example.jp/a/b/0123abc", true, "- elsewhere");
        check("/a@1.0.0", false, "a 1.0.0");
        check("/@s/a@1.0.0(react@18.2.0)(@s/b@1.0.0)", false, "@s/a 1.0.0");
        check("a@1.0.0-rc.1", false, "a 1.0.0-rc.1");
        check("@s/a@1.0.0", false, "@s/a 1.0.0");
        check("a@https://example.jp/a.tgz", false, "a elsewhere");
        check("a@git+https://example.jp/a.git#0123", false, "a elsewhere");
        check("a@file:../a", false, "a elsewhere");
        check("@s", false, "- elsewhere");
        check("", false, "- elsewhere");
        check("npm.example.jp/a/1.0.0", true, "a 1.0.0");
        check("npm.example.jp/@s/a/1.0.0_b@2.0.0", true, "@s/a 1.0.0");
        check("example.jp/a/0123abc", true, "- elsewhere");
        check("git@example.jp+a/b/6104ae42", true, "- elsewhere");
        check("/a/b", true, "- elsewhere");
    }
}
