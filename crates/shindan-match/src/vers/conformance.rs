//! The VERS specification's own test cases, when the test data is there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::*;

#[derive(Deserialize)]
struct Document {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    test_type: String,
    input: Value,
    #[serde(default)]
    expected_output: Value,
    #[serde(default)]
    expected_failure: bool,
}

/// What became of a case.
enum Outcome {
    /// As expected.
    Passed,
    /// The type or the notation is not supported, and we say so.
    Unknown(String),
    /// Anything else.
    Other(String),
}

/// Cases we answer differently, with the reason. A case that leaves this list, or a new one, fails the test.
const DIFFERENT: [(&str, &str); 8] = [
    (">= 2.2.x", "node-semver: 2.2.0 or later; the case also stops at 2.3.0"),
    (">= 1.x", "node-semver: 1.0.0 or later; the case also stops at 2.0.0"),
    ("2.1 || 2.6", "node-semver: 2.1 is 2.1.x; the case reads 2.1.0"),
    ("1.1.2 1.2.2", "node-semver: both at once, that is nothing; the case makes them alternatives"),
    (">=5.0.3 >=4.2.1", "node-semver: both at once, that is >=5.0.3; the case allows 4.2.1"),
    (">= 0.2.0 <= 0.9.6 || ~0.8.0-pre", "node-semver: below 0.9.0; the case adds bounds at 0.8.0 and 0.8.1"),
    ("<= 1.0", "node-semver: up to the last 1.0.x; the case stops at 1.0.0"),
    ("<=2.1 >=1.1", "node-semver: up to the last 2.1.x; the case stops at 2.1.0"),
];

/// Pairs that Maven before 3.9 ordered otherwise: since 3.9 (MNG-7644) a dot before letters is a dash, so `2.0.a` and
/// `2.0.0.a` are `2-a`, below `2-1`. Each stands twice in the cases.
const BEFORE_MAVEN_3_9: [[&str; 2]; 3] = [["2-1", "2.0.a"], ["2-1", "2.0.0.a"], ["2.0.0.a", "2.0.a"]];

/// Types and notations without support. What is not listed here must be answered.
const UNSUPPORTED: [&str; 5] = ["alpm", "conan", "gentoo", "openssl", "nginx"];

fn text<'c>(value: &'c Value, field: &str) -> &'c str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn versions(input: &Value) -> Vec<&str> {
    input.get("versions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn judge(expected: &Value, answer: Result<Value, VersUnknown>) -> Outcome {
    match answer {
        Ok(value) if value == *expected => Outcome::Passed,
        Ok(value) => Outcome::Other(value.to_string()),
        Err(unknown) => Outcome::Unknown(unknown.to_string()),
    }
}

/// Sorts by repeated comparison, so that an unknown order is not lost inside a sort.
fn sort(kind: &Vers, list: &[&str]) -> Result<Value, VersUnknown> {
    let mut result: Vec<&str> = Vec::new();
    for version in list {
        let mut place = result.len();
        for (position, other) in result.iter().enumerate() {
            if compare(kind, version, other)?.is_lt() {
                place = position;
                break;
            }
        }
        result.insert(place, version);
    }
    Ok(Value::from(result))
}

fn run(case: &Case) -> Outcome {
    let (input, expected) = (&case.input, &case.expected_output);
    let kind = || Vers::new(text(input, "input_scheme"), Constraints::Any).unwrap();
    match case.test_type.as_str() {
        "comparison" => {
            let sorted = sort(&kind(), &versions(input));
            // NuGet cases also lower the labels in their answer. The order is asked here, not a spelling.
            let same = |list: &Value| list.to_string().eq_ignore_ascii_case(&expected.to_string());
            match sorted {
                Ok(list) if kind().kind() == "nuget" && same(&list) => Outcome::Passed,
                sorted => judge(expected, sorted),
            }
        }
        "equality" => {
            let versions = versions(input);
            judge(
                expected,
                compare(&kind(), versions[0], versions[1]).map(|order| Value::from(order.is_eq())),
            )
        }
        "containment" => {
            let range = Vers::parse(text(input, "vers")).unwrap();
            judge(expected, contains(&range, text(input, "version")).map(Value::from))
        }
        "validate" => {
            let range = Vers::parse(input.as_str().unwrap()).unwrap();
            judge(expected, sorted(&range).map(|range| Value::from(range.to_string())))
        }
        "parse" => parse(case),
        "from_native" => match from_native(text(input, "scheme"), text(input, "native_range")) {
            Ok(range) if range.to_string() == expected.as_str().unwrap() => Outcome::Passed,
            Ok(range) => Outcome::Other(range.to_string()),
            Err(NativeRangeError::UnknownNotation(kind)) => Outcome::Unknown(kind),
            Err(NativeRangeError::Unknown(unknown)) => Outcome::Unknown(unknown.to_string()),
            Err(error) => Outcome::Other(error.to_string()),
        },
        other => Outcome::Other(format!("unknown kind of test {other}")),
    }
}

fn parse(case: &Case) -> Outcome {
    let parsed = Vers::parse_canonical(case.input.as_str().unwrap()).map_err(|error| error.to_string());
    let checked = parsed.and_then(|range| match validate(&range) {
        Ok(()) => Ok(range),
        Err(error) => Err(error.to_string()),
    });
    match (checked, case.expected_failure) {
        (Err(_), true) => Outcome::Passed,
        (Ok(range), false) => {
            let constraints: Vec<Value> = match range.constraints() {
                Constraints::Any => Vec::new(),
                Constraints::List(list) => list
                    .iter()
                    .map(|c| match c.comparator {
                        Comparator::Equal => Value::from(vec!["=", &c.version]),
                        comparator => Value::from(vec![comparator.as_str(), &c.version]),
                    })
                    .collect(),
            };
            let own = serde_json::json!({ "scheme": range.kind(), "version_constraints": constraints });
            judge(&case.expected_output, Ok(own))
        }
        (outcome, _) => Outcome::Other(format!("{outcome:?}")),
    }
}

#[test]
fn specification_cases_hold() {
    let Some(folder) = shindan_testdata::path("spec/vers") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let (mut different, mut failures) = (0, Vec::new());
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let document: Document = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for case in &document.tests {
            let count = counts.entry(format!("{name} {}", case.test_type)).or_default();
            let native = text(&case.input, "native_range");
            let versions = versions(&case.input);
            let on_purpose = DIFFERENT.iter().any(|(text, _)| native == *text)
                || (name.starts_with("maven") && BEFORE_MAVEN_3_9.iter().any(|pair| versions == *pair));
            match run(case) {
                Outcome::Passed => count[0] += 1,
                Outcome::Unknown(_) if UNSUPPORTED.iter().any(|kind| name.starts_with(kind)) => count[1] += 1,
                Outcome::Other(_) if on_purpose => {
                    count[2] += 1;
                    different += 1;
                }
                Outcome::Unknown(got) | Outcome::Other(got) => {
                    failures
                        .push(format!("{name}: {} expected {}, got {got}", case.input, case.expected_output));
                }
            }
        }
    }
    eprintln!("vers: passed / unknown because unsupported / different on purpose");
    for (name, [passed, unknown, different]) in &counts {
        eprintln!("  {name}: {passed} / {unknown} / {different}");
    }
    for (native, reason) in DIFFERENT {
        eprintln!("  different: {native}: {reason}");
    }
    eprintln!("  different: {BEFORE_MAVEN_3_9:?}: the cases follow Maven before 3.9");
    let total: usize = counts.values().flatten().sum();
    assert!(failures.is_empty(), "{} failed\n{}", failures.len(), failures.join("\n"));
    assert_eq!(different, DIFFERENT.len() + 2 * BEFORE_MAVEN_3_9.len());
    assert!(total >= 2701, "cases are missing: {total}");
}
