//! pip-audit, JSON: an object with `dependencies`, or (before 2.0) the list alone. A dependency without vulnerabilities was passed;
//! one that was skipped was not looked at.

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, reason, text, title};
use super::value::{Many, Value, Word, Words};
use crate::scan::names;
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dependency {
    name: Word,
    version: Word,
    skip_reason: Word,
    vulns: Many<Vulnerability>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    id: Word,
    fix_versions: Words,
    aliases: Words,
    description: Word,
}

/// Reads a report of either form.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::PipAudit, "pip-audit", "pip-audit");
    match value {
        Value::Object(object) => filling.each("/dependencies", object.raw("dependencies"), dependency),
        Value::List(entries) => {
            for (number, raw) in entries.iter().enumerate() {
                let at = format!("/{number}");
                match serde_json::from_str(raw.get()) {
                    Ok(one) => dependency(&mut filling, one, &at),
                    Err(error) => filling.unreadable(&at, &reason(&error)),
                }
            }
        }
        Value::Other => filling.unreadable("", "no object"),
    }
    filling.finish()
}

fn dependency(filling: &mut Filling<'_>, one: Dependency, at: &str) {
    let Some(name) = one.name.get() else { return filling.unreadable(at, "no name") };
    if let Some(why) = one.skip_reason.get() {
        filling.unfinished(why);
        return filling.leave_out(LeftOut::NotApplicable);
    }
    if one.vulns.is_empty() {
        return filling.leave_out(LeftOut::Passed);
    }
    for vulnerability in one.vulns.iter() {
        let Some(id) = vulnerability.id.get() else {
            filling.unreadable(at, "no id");
            continue;
        };
        let place = ScanPlace {
            component: Some(name.to_owned()),
            version: one.version.get().map(str::to_owned),
            ..ScanPlace::default()
        };
        let headline = format!("{id} in {name}");
        let mut result =
            ScanResult::new(shorten(id, 200), title(&headline), FindingKind::Vulnerability, place);
        result.text = text(vulnerability.description.text());
        let fix = vulnerability.fix_versions.iter().collect::<Vec<_>>().join(", ");
        result.fixed_version = names::fixed(&shorten(&fix, 400));
        for name in std::iter::once(id).chain(vulnerability.aliases.iter()) {
            names::identify(&mut result, name);
        }
        filling.push(result);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn both_forms_say_the_same() {
        let list = r#"[{"name":"a","version":"1.0","vulns":[{"id":"PYSEC-2021-1","fix_versions":["1.1"],"aliases":["CVE-2021-1"],"description":"d"}]},
            {"name":"b","version":"2.0","vulns":[]},{"name":"c","skip_reason":"not on PyPI"},{"version":"1"}]"#;
        let expected = "pip-audit - unfinished\n\
            PYSEC-2021-1 - vulnerability a 1.0 CVE-2021-1,PYSEC-2021-1 fixed 1.1\n\
            left out: passed 1\nleft out: not-applicable 1\n\
            scan-unfinished\nscan-entry-unreadable\nscan-tool-version-missing\n";
        assert_eq!(summary(&only(list)), expected);
        assert_eq!(summary(&only(&format!("{{\"dependencies\":{list},\"fixes\":[]}}"))), expected);
    }
}
