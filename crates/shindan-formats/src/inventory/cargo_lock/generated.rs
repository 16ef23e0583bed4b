//! Reads a lock file exactly as Cargo writes it, line by line. It gives up at the first line of any other form, and
//! the caller then asks the full TOML reader: this one is strict so that it may be fast.

use super::Package;

/// What was read until the end or until the first unexpected line.
pub(super) struct Reading<'a> {
    /// The whole file was of the generated form.
    pub(super) complete: bool,
    pub(super) version: Option<i64>,
    /// Packages, without the one that was being read when the file turned out not to be of the generated form.
    pub(super) packages: Vec<Package<'a>>,
}

/// Where the line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Top,
    Package,
    /// Behind the empty line that ends a package; only another table may follow.
    Between,
    /// A table whose content is not needed: `[metadata]`, `[[patch.unused]]`.
    Ignored,
    /// The array of dependencies, inside [`Within::Package`].
    Dependencies,
}

pub(super) fn read(text: &str) -> Reading<'_> {
    let mut reading = Reading { complete: false, version: None, packages: Vec::new() };
    let mut current: Option<Package<'_>> = None;
    let mut within = Within::Top;
    for (index, line) in text.lines().enumerate() {
        let number = index as u64 + 1;
        let understood = match within {
            Within::Dependencies => match line {
                "]" => {
                    within = Within::Package;
                    true
                }
                _ => is_dependency(line),
            },
            Within::Package if line.is_empty() => {
                reading.packages.extend(current.take());
                within = Within::Between;
                true
            }
            _ if line.is_empty() || line.starts_with('#') => true,
            _ if line.starts_with('[') => {
                reading.packages.extend(current.take());
                match header(line) {
                    Some(next) => {
                        within = next;
                        if next == Within::Package {
                            current = Some(Package { name: None, version: None, source: None, line: number });
                        }
                        true
                    }
                    None => false,
                }
            }
            Within::Top => top_level(line, &mut reading.version),
            Within::Between => false,
            Within::Ignored => quoted_pair(line).is_some(),
            Within::Package if line == "dependencies = [" => {
                within = Within::Dependencies;
                true
            }
            Within::Package => current.as_mut().is_some_and(|package| field(line, package)),
        };
        if !understood {
            return reading;
        }
    }
    if within != Within::Dependencies {
        reading.packages.extend(current);
        reading.complete = true;
    }
    reading
}

fn header(line: &str) -> Option<Within> {
    match line {
        "[[package]]" | "[root]" => Some(Within::Package),
        "[metadata]" | "[[patch.unused]]" => Some(Within::Ignored),
        _ => None,
    }
}

fn top_level(line: &str, version: &mut Option<i64>) -> bool {
    match line.strip_prefix("version = ").and_then(|value| value.parse().ok()) {
        Some(number) if version.is_none() => {
            *version = Some(number);
            true
        }
        _ => false,
    }
}

/// `key = "value"` of a package. A key that is given twice is not what Cargo writes.
fn field<'a>(line: &'a str, package: &mut Package<'a>) -> bool {
    let Some((key, value)) = quoted_pair(line) else {
        return false;
    };
    let slot = match key {
        "name" => &mut package.name,
        "version" => &mut package.version,
        "source" => &mut package.source,
        "checksum" | "replace" => return true,
        _ => return false,
    };
    slot.replace(value).is_none()
}

/// `key = "value"` where the value has neither escapes nor quotes; the key of `[metadata]` may be quoted.
fn quoted_pair(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(" = \"")?;
    let value = rest.strip_suffix('"')?;
    is_plain(value).then_some((key, value))
}

/// ` "name version (source)",`
fn is_dependency(line: &str) -> bool {
    line.strip_prefix(" \"").and_then(|rest| rest.strip_suffix("\",")).is_some_and(is_plain)
}

fn is_plain(value: &str) -> bool {
    memchr::memchr2(b'"', b'\\', value.as_bytes()).is_none() && !value.bytes().any(|byte| byte < b' ')
}
