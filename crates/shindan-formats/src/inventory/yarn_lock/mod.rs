//! `yarn.lock`: version 1 (yarn 1), and the YAML of yarn 2 and later ("berry").
//!
//! Source: yarn 1, `src/lockfile/{parse,stringify}.js`; yarn documentation, "Protocols"; berry's
//! `Project.ts` (`generateLockfile`).
//!
//! An entry is listed under its real name: `alias@npm:real@^1` is `real`. What comes from a folder (`link:`,
//! `portal:`, `workspace:`, `file:` that is no archive) is the user's own code; git and archives carry no purl. A
//! package that yarn patches is looked up as what it was before the patch.

mod berry;
mod classic;

pub(super) use berry::read as read_berry;
pub(super) use classic::read as read_classic;

use shindan_domain::inventory::Component;

use super::npm_address::is_location;
use super::package_url;

/// Splits `name@range` or `@scope/name@range` behind the name. `None` if there is no range.
fn split_descriptor(descriptor: &str) -> Option<(&str, &str)> {
    let start = usize::from(descriptor.starts_with('@'));
    let at = descriptor.get(start..)?.find('@')? + start;
    let (name, range) = (descriptor.get(..at)?, descriptor.get(at + 1..)?);
    (!name.is_empty()).then_some((name, range))
}

/// The real name behind `npm:name@range`; `None` for `npm:range`, which is no alias.
fn alias_target(range: &str) -> Option<&str> {
    let target = range.strip_prefix("npm:")?;
    split_descriptor(target).map(|(name, _)| name)
}

/// Where the range of a descriptor says that the code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Registry,
    /// A folder of the user's.
    Own,
    /// Git, an archive, an address.
    Elsewhere,
}

fn origin(range: &str) -> Origin {
    if ["link:", "portal:", "workspace:"].iter().any(|protocol| range.starts_with(protocol)) {
        return Origin::Own;
    }
    if let Some(file) = range.strip_prefix("file:") {
        let file = file.split(['#', ':']).next().unwrap_or(file).to_ascii_lowercase();
        let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| file.ends_with(end));
        return if archive { Origin::Elsewhere } else { Origin::Own };
    }
    if is_location(range) || range.starts_with("exec:") || range.starts_with("git@") {
        return Origin::Elsewhere;
    }
    Origin::Registry
}

fn component(name: &str, version: Option<&str>, origin: Origin, line: u64) -> Component {
    Component {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        purl: (origin == Origin::Registry).then(|| package_url::npm(name, version)),
        own: origin == Origin::Own,
        pointer: format!("line {line}"),
        ..Component::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors() {
        assert_eq!(split_descriptor("a@^1"), Some(("a", "^1")));
        assert_eq!(split_descriptor("@s/a@npm:b@^1"), Some(("@s/a", "npm:b@^1")));
        assert_eq!(split_descriptor("@s/a"), None);
        assert_eq!(split_descriptor("@1"), None);
        assert_eq!(split_descriptor(""), None);
        assert_eq!(alias_target("npm:b@^1"), Some("b"));
        assert_eq!(alias_target("npm:@s/b@^1"), Some("@s/b"));
        assert_eq!(alias_target("npm:^1"), None);
        assert_eq!(alias_target("^1"), None);
    }

    #[test]
    fn origins() {
        for (range, expected) in [
            ("^1.0", Origin::Registry),
            ("npm:b@^1", Origin::Registry),
            ("latest", Origin::Registry),
            ("workspace:packages/a", Origin::Own),
            ("link:../a", Origin::Own),
            ("file:../a", Origin::Own),
            ("file:./a-1.0.0.tgz#./a-1.0.0.tgz::hash=1", Origin::Elsewhere),
            ("https://example.jp/a.tgz", Origin::Elsewhere),
            ("git@example.jp:a/b.git#commit=1", Origin::Elsewhere),
            ("github:a/b", Origin::Elsewhere),
        ] {
            assert_eq!(origin(range), expected, "{range}");
        }
    }
}
