//! The purl specification's own test cases, when the test data is there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Purl, PurlParts};

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

#[derive(Deserialize, PartialEq, Debug)]
struct Parts {
    #[serde(rename = "type")]
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    version: Option<String>,
    qualifiers: Option<BTreeMap<String, String>>,
    subpath: Option<String>,
}

/// Cases we answer differently, with the reason. A case that leaves this list, or a new one, fails the test.
const DIFFERENT: [(&str, &str); 2] = [
    (
        "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25",
        "must fail to parse but must also be normalised (validate); maven cases parse such keys: we lower them",
    ),
    ("pkg:gem/jruby-launcher@1.1.2?Platform=java", "as above"),
];

fn parse(text: &str) -> Result<Parts, String> {
    let purl = Purl::parse(text).map_err(|error| error.to_string())?;
    let owned = |part: Option<&str>| part.map(str::to_owned);
    let qualifiers: BTreeMap<String, String> =
        purl.qualifiers().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    Ok(Parts {
        kind: Some(purl.kind().to_owned()),
        namespace: owned(purl.namespace()),
        name: Some(purl.name().to_owned()),
        version: owned(purl.version()),
        qualifiers: if qualifiers.is_empty() { None } else { Some(qualifiers) },
        subpath: owned(purl.subpath()),
    })
}

fn build(parts: &Parts) -> Result<String, String> {
    let qualifiers: Vec<(&str, &str)> =
        parts.qualifiers.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let parts = PurlParts {
        kind: parts.kind.as_deref().unwrap_or_default(),
        namespace: parts.namespace.as_deref(),
        name: parts.name.as_deref().unwrap_or_default(),
        version: parts.version.as_deref(),
        qualifiers: &qualifiers,
        subpath: parts.subpath.as_deref(),
    };
    Purl::build(&parts).map(|purl| purl.to_string()).map_err(|error| error.to_string())
}

/// `Ok` if the case holds, else what happened instead.
fn run(case: &Case) -> Result<(), String> {
    let outcome: Result<Value, String> = match case.test_type.as_str() {
        "parse" => {
            let expected: Option<Parts> = serde_json::from_value(case.expected_output.clone()).unwrap();
            match (parse(case.input.as_str().unwrap()), expected) {
                (Ok(parts), Some(expected)) if parts == expected => return Ok(()),
                (Ok(parts), _) => return Err(format!("{parts:?}")),
                (Err(error), _) => Err(error),
            }
        }
        "validate" => Purl::parse(case.input.as_str().unwrap())
            .map(|purl| Value::String(purl.to_string()))
            .map_err(|error| error.to_string()),
        "build" => build(&serde_json::from_value(case.input.clone()).unwrap()).map(Value::String),
        other => return Err(format!("unknown kind of test {other}")),
    };
    match outcome {
        Err(_) if case.expected_failure => Ok(()),
        Ok(value) if !case.expected_failure && value == case.expected_output => Ok(()),
        outcome => Err(format!("{outcome:?}")),
    }
}

#[test]
fn specification_cases_hold() {
    let Some(folder) = shindan_testdata::path("spec/purl") else { return };
    let (mut passed, mut different, mut failures) = (0, Vec::new(), Vec::new());
    let mut files: Vec<_> = ["spec", "types"]
        .iter()
        .flat_map(|sub| std::fs::read_dir(folder.join(sub)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in &files {
        let document: Document = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for case in &document.tests {
            let input = case.input.to_string();
            match run(case) {
                Ok(()) => passed += 1,
                Err(_) if case.expected_failure && DIFFERENT.iter().any(|(text, _)| input.contains(text)) => {
                    different.push(input);
                }
                Err(outcome) => failures.push(format!(
                    "{} {input}: expected {}, got {outcome}",
                    case.test_type, case.expected_output
                )),
            }
        }
    }
    eprintln!("purl: {passed} passed, {} different on purpose, {} failed", different.len(), failures.len());
    for (text, reason) in DIFFERENT {
        eprintln!("  different: {text}: {reason}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(different.len(), DIFFERENT.len());
    assert!(passed + different.len() >= 586, "cases are missing: {passed}");
}
