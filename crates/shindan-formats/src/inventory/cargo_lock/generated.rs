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
    let mut lines = Lines::of(text);
    loop {
        if within == Within::Dependencies {
            lines.skip_dependencies();
        }
        let Some(line) = lines.next() else { break };
        let understood = match within {
            Within::Dependencies => match line {
                "]" => {
                    within = Within::Package;
                    true
                }
                _ => lines.is_dependency(line),
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
                            let line = lines.number;
                            current = Some(Package { name: None, version: None, source: None, line });
                        }
                        true
                    }
                    None => false,
                }
            }
            Within::Top => top_level(line, &mut reading.version),
            Within::Between => false,
            Within::Ignored => quoted_pair(line).is_some_and(|value| lines.is_plain(value)),
            Within::Package if line == "dependencies = [" => {
                within = Within::Dependencies;
                true
            }
            Within::Package => current.as_mut().is_some_and(|package| field(line, &lines, package)),
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

/// The lines of a file, numbered from 1.
struct Lines<'a> {
    rest: &'a str,
    /// Of the line that was given last.
    number: u64,
    /// Some byte below a space other than the ends of lines stands somewhere, so that each value is looked at for one.
    controls: bool,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let controls = text.bytes().fold(false, |found, byte| found | ((byte < b' ') & (byte != b'\n')));
        Lines { rest: text, number: 0, controls }
    }

    /// Goes past lines ` "name version (source)",`, as far as they are of that form beyond doubt.
    fn skip_dependencies(&mut self) {
        if self.controls {
            return;
        }
        while let Some(value) = self.rest.strip_prefix(" \"")
            && let Some(end) = memchr::memchr3(b'"', b'\\', b'\n', value.as_bytes())
            && let Some(rest) = value.get(end..).and_then(|rest| rest.strip_prefix("\",\n"))
        {
            self.rest = rest;
            self.number += 1;
        }
    }

    /// ` "name version (source)",`
    fn is_dependency(&self, line: &str) -> bool {
        let value = line.strip_prefix(" \"").and_then(|rest| rest.strip_suffix("\","));
        value.is_some_and(|value| self.is_plain(value))
    }

    /// Neither quotes nor escapes nor control characters stand in the value.
    fn is_plain(&self, value: &str) -> bool {
        memchr::memchr2(b'"', b'\\', value.as_bytes()).is_none()
            && !(self.controls && value.bytes().any(|byte| byte < b' '))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    /// As [`str::lines`].
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        match memchr::memchr(b'\n', self.rest.as_bytes()).and_then(|end| self.rest.split_at_checked(end)) {
            Some((line, rest)) => {
                self.rest = rest.get(1..).unwrap_or_default();
                Some(line.strip_suffix('\r').unwrap_or(line))
            }
            None => Some(std::mem::take(&mut self.rest)),
        }
    }
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
fn field<'a>(line: &'a str, lines: &Lines<'_>, package: &mut Package<'a>) -> bool {
    let Some(line) = line.strip_suffix('"') else { return false };
    let (value, slot) = if let Some(value) = line.strip_prefix("name = \"") {
        (value, Some(&mut package.name))
    } else if let Some(value) = line.strip_prefix("version = \"") {
        (value, Some(&mut package.version))
    } else if let Some(value) = line.strip_prefix("source = \"") {
        (value, Some(&mut package.source))
    } else if let Some(value) =
        line.strip_prefix("checksum = \"").or_else(|| line.strip_prefix("replace = \""))
    {
        (value, None)
    } else {
        return false;
    };
    lines.is_plain(value) && slot.is_none_or(|slot| slot.replace(value).is_none())
}

/// The value of `key = "value"`; the key of `[metadata]` may be quoted.
fn quoted_pair(line: &str) -> Option<&str> {
    line.split_once(" = \"").and_then(|(_, rest)| rest.strip_suffix('"'))
}
