//! `dism /online /get-packages`, as a list or as a table (`/format:table`), in Japanese and English.
//!
//! Cumulative updates of Windows 10 and later (and of its servers) are packages whose name tells the build that they
//! bring, not the number of the update: `Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.5576.1.5` brings
//! 10.0.17763.5576.

use shindan_domain::diagnostic::Code;

use super::{Hosts, quote};
use crate::inventory::collector::Collector;

/// Labels of a package's name, folded.
const NAME: [&str; 3] = ["packageidentity", "パッケージid", "パッケージの識別子"];
/// Labels of its state, folded.
const STATE: [&str; 2] = ["state", "状態"];
/// Labels of the version of Windows, folded.
const IMAGE: [&str; 2] = ["imageversion", "イメージのバージョン"];
/// Words in states of packages that are in effect, folded.
const INSTALLED: [&str; 2] = ["installed", "インストール済"];
/// How the output ends, folded.
const END: [&str; 2] = ["theoperationcompletedsuccessfully", "操作は正常に完了しました"];
/// How many lines are looked at to recognise the format.
const LOOKED_AT: usize = 60;
/// A cumulative update.
const ROLLUP: &str = "Package_for_RollupFix~";
/// An update with a number.
const NUMBERED: &str = "Package_for_KB";

/// True if the text is the list of packages that DISM prints.
pub(super) fn recognise(text: &str) -> bool {
    text.lines().take(LOOKED_AT).any(|line| match line.split_once([':', '|']) {
        Some((label, value)) => {
            NAME.contains(&folded(label).as_str()) && (line.contains('|') || value.contains('~'))
        }
        None => false,
    })
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Reads the packages.
pub(super) fn read(text: &str, hosts: &mut Hosts, found: &mut Collector<'_>) {
    let mut reading = Reading { image: None, build: None, ended: false, package: None, hosts };
    for (number, line) in (1..).zip(text.lines()) {
        reading.line(number, line, found);
    }
    reading.finish_package(found);
    let Reading { image, build, ended, .. } = reading;
    if let (Some(version), Some(host)) = (version(image, build), hosts.host(None, "line 1")) {
        host.build = Some(version);
    }
    if !ended {
        let last = text.lines().count() as u64;
        let end =
            found.at_line(Code::FieldMissing, last).with("field", "The operation completed successfully.");
        hosts.unusable.push(end);
    }
}

/// Windows 10 22H2 calls itself 10.0.19045 and has the cumulative updates of 10.0.19041. The revision of the image is
/// not that of the updates: it may come into effect at the next start only, and Windows 8.1 counts it otherwise.
fn version(image: Option<String>, build: Option<String>) -> Option<String> {
    let own = image.as_deref().and_then(|image| image.rsplit_once('.')).map(|(own, _)| own);
    match (own, build.as_deref().and_then(|build| build.rsplit_once('.'))) {
        (Some(own), Some((_, revision))) => Some(format!("{own}.{revision}")),
        (Some(own), None) => Some(own.to_owned()),
        (None, _) => build,
    }
}

struct Reading<'h> {
    /// Version of Windows in the head, with a revision.
    image: Option<String>,
    /// The highest build of a cumulative update that is in effect.
    build: Option<String>,
    ended: bool,
    /// Name of a package whose state is still to come, with its line.
    package: Option<(u64, String)>,
    hosts: &'h mut Hosts,
}

impl Reading<'_> {
    fn line(&mut self, number: u64, line: &str, found: &Collector<'_>) {
        let plain = folded(line);
        if END.iter().any(|end| plain.starts_with(end)) {
            self.ended = true;
        }
        if let Some((name, rest)) = line.split_once('|') {
            if name.contains('~') {
                let state = rest.split('|').next().unwrap_or_default();
                self.take(number, name.trim(), state, found);
            }
            return;
        }
        let Some((label, value)) = line.split_once(':') else { return };
        let label = folded(label);
        if IMAGE.contains(&label.as_str()) {
            self.image = numbers(value).map(|_| value.trim().to_owned());
        } else if NAME.contains(&label.as_str()) {
            self.finish_package(found);
            self.package = Some((number, value.trim().to_owned()));
        } else if STATE.contains(&label.as_str())
            && let Some((line, name)) = self.package.take()
        {
            self.take(line, &name, value, found);
        }
    }

    /// A package without a state is where the text was cut off.
    fn finish_package(&mut self, found: &Collector<'_>) {
        if let Some((line, name)) = self.package.take() {
            let missing = found.at_line(Code::FieldMissing, line);
            self.hosts.unusable.push(missing.with("field", format_args!("State ({})", quote(&name))));
        }
    }

    fn take(&mut self, line: u64, name: &str, state: &str, found: &Collector<'_>) {
        let state = folded(state);
        if !INSTALLED.iter().any(|word| state.starts_with(word)) {
            // Superseded, staged, or waiting for a restart: not in effect.
            return;
        }
        if name.starts_with(ROLLUP) {
            self.hosts.by_build = true;
            match build_of(name) {
                Some(build) => self.raise(&build),
                None => self.hosts.unusable.push(
                    found
                        .at_line(Code::FieldInvalid, line)
                        .with("field", "Package_for_RollupFix")
                        .with("value", quote(name))
                        .with("expected", "…~17763.5576.1.5"),
                ),
            }
        } else if name.starts_with(NUMBERED) {
            let update = name.strip_prefix("Package_for_").and_then(|rest| rest.split(['~', '_']).next());
            self.hosts.add(None, update.unwrap_or_default(), &format!("line {line}"), || {
                found.at_line(Code::FieldInvalid, line)
            });
        }
    }

    /// Keeps the higher build.
    fn raise(&mut self, build: &str) {
        let Some(new) = numbers(build) else { return };
        if self.build.as_deref().and_then(numbers).is_none_or(|known| known < new) {
            self.build = Some(build.to_owned());
        }
    }
}

/// The four parts of a build with revision.
fn numbers(build: &str) -> Option<Vec<u32>> {
    let parts: Option<Vec<u32>> = build.trim().split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| parts.len() == 4)
}

/// `Package_for_RollupFix~…~~17763.5576.1.5` → `10.0.17763.5576`; Windows 7 and 8.1 count as `7601.24499.1.6`.
fn build_of(name: &str) -> Option<String> {
    let mut parts = name.rsplit('~').next()?.split('.');
    let (build, revision) = (parts.next()?, parts.next()?);
    let digits = |part: &str| !part.is_empty() && part.len() < 8 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(build) || !digits(revision) {
        return None;
    }
    let front = match build {
        "6001" | "6002" | "6003" => "6.0",
        "7600" | "7601" => "6.1",
        "9200" => "6.2",
        "9600" => "6.3",
        _ => "10.0",
    };
    Some(format!("{front}.{build}.{revision}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_of_cumulative_updates() {
        for (name, expected) in [
            ("Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.5576.1.5", Some("10.0.17763.5576")),
            ("Package_for_RollupFix~31bf3856ad364e35~amd64~~7601.24499.1.6", Some("6.1.7601.24499")),
            ("Package_for_RollupFix~31bf3856ad364e35~amd64~~", None),
            ("Package_for_RollupFix~31bf3856ad364e35~amd64~~17763", None),
        ] {
            assert_eq!(build_of(name).as_deref(), expected, "{name}");
        }
    }
}
