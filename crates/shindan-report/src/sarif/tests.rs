//! The rules of the specification that our files could break, section by section, and the official schema where it is
//! at hand (it may not be part of this repository).

use std::collections::BTreeSet;

use serde_json::Value;
use shindan_domain::finding::CheckResult;

use super::check;
use crate::sample;
use crate::words::{Lang, Words};

fn sarif(result: &CheckResult, lang: Lang, exit_code: u8) -> Value {
    let mut bytes = Vec::new();
    check(result, &Words::new(lang), exit_code, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {pointer}"))
}

#[test]
fn the_file_is_what_it_was() {
    insta::assert_json_snapshot!("sarif", sarif(&sample::stated(), Lang::Ja, 3));
}

#[test]
fn it_follows_the_official_schema() {
    let Some(mut schema) = crate::json::tests::official_schema("sarif-2.1.0.json") else { return };
    // The published patterns of languages have a bracket too many, which strict readers of patterns refuse.
    for definition in ["run", "toolComponent"] {
        let pattern = schema.pointer_mut(&format!("/definitions/{definition}/properties/language/pattern"));
        if let Some(pattern) = pattern {
            *pattern = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
        }
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for result in [sample::stated(), sample::nothing_found(), sample::many(100)] {
        for lang in Lang::ALL {
            let value = sarif(&result, lang, 0);
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

/// §3.13, §3.14, §3.18, §3.19
#[test]
fn version_runs_and_tool() {
    let value = sarif(&sample::stated(), Lang::En, 0);
    assert_eq!(value["version"], "2.1.0");
    assert_eq!(list(&value, "/runs").len(), 1);
    let driver = &value["runs"][0]["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["language"]), (&"shindan".into(), &"en".into()));
    // §3.19.12: a version of Semantic Versioning.
    assert_eq!(driver["semanticVersion"].as_str().unwrap().split('.').count(), 3);
}

/// §3.49.3, §3.27.5, §3.27.6: every result names a rule, by its identifier and by its place.
#[test]
fn every_result_leads_to_its_rule_and_no_rule_is_there_twice() {
    let value = sarif(&sample::stated(), Lang::Ja, 0);
    let rules = list(&value, "/runs/0/tool/driver/rules");
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len());
    let mut used = BTreeSet::new();
    for result in list(&value, "/runs/0/results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        used.insert(index);
    }
    assert_eq!(used.len(), rules.len(), "no rule without a result");
    for rule in rules {
        // §3.11.3, §3.12.3: texts are not empty.
        for text in ["/shortDescription/text", "/help/text"] {
            assert!(!rule.pointer(text).unwrap().as_str().unwrap().is_empty(), "{rule:#}");
        }
        // §3.49.12: an absolute address.
        if let Some(uri) = rule.get("helpUri") {
            assert!(uri.as_str().unwrap().starts_with("https://"), "{uri}");
        }
    }
    let severity = rules.iter().find(|rule| rule["id"] == "CVE-2018-13379").unwrap();
    assert_eq!(severity["properties"]["security-severity"], "9.8", "text, as code hosts read it");
}

/// §3.27.9, §3.27.10: whatever is not `fail` has the level `none`, and the other way round.
#[test]
fn kind_and_level_agree() {
    let result = sample::stated();
    let value = sarif(&result, Lang::Ja, 0);
    let results = list(&value, "/runs/0/results");
    let count = |kind: &str, level: &str| {
        results.iter().filter(|result| result["kind"] == kind && result["level"] == level).count()
    };
    assert_eq!(count("fail", "error"), 3 + 1 + 1, "immediate, out of cycle, and one suppressed");
    assert_eq!(count("fail", "warning"), 2 + 1);
    assert_eq!(count("fail", "note"), 1);
    assert_eq!(count("review", "none"), 1, "a range that a person can read");
    assert_eq!(count("open", "none"), 12);
    assert_eq!(results.len(), 9 + 13, "nothing else");
}

/// §3.27.23, §3.35: all results say whether they are suppressed; a statement says who and why.
#[test]
fn statements_are_suppressions_and_nothing_is_left_out() {
    let value = sarif(&sample::stated(), Lang::En, 0);
    let results = list(&value, "/runs/0/results");
    assert!(results.iter().all(|result| result["suppressions"].is_array()));
    let suppressed: Vec<&Value> =
        results.iter().filter(|result| result["suppressions"] != serde_json::json!([])).collect();
    assert_eq!(suppressed.len(), 2);
    let suppression = &suppressed[0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&"external".into(), &"accepted".into()));
    assert!(
        suppression["justification"]
            .as_str()
            .unwrap()
            .starts_with("株式会社サンプル提供 says \"not affected\"")
    );
    assert_eq!(
        suppression["properties"]["justification"],
        "vulnerable_code_cannot_be_controlled_by_adversary"
    );
}

/// §3.28 to §3.33, §3.4: a line where there is one, else the element; the artifact by its address and its place.
#[test]
fn locations_lead_to_the_inventory() {
    let value = sarif(&sample::stated(), Lang::Ja, 0);
    let artifacts = list(&value, "/runs/0/artifacts");
    for result in list(&value, "/runs/0/results") {
        let location = &result["locations"][0];
        let physical = &location["physicalLocation"];
        let index = usize::try_from(physical["artifactLocation"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(physical["artifactLocation"]["uri"], artifacts[index]["location"]["uri"]);
        let line = physical["region"]["startLine"].as_u64();
        let logical = location["logicalLocations"].as_array();
        let element = logical.into_iter().flatten().find(|logical| logical["kind"] == "object");
        assert!(line.is_some() != element.is_some(), "{location:#}");
    }
    let first = &list(&value, "/runs/0/results")[0]["locations"][0];
    assert_eq!(first["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(first["logicalLocations"][0], serde_json::json!({"name": "NW-001", "kind": "asset"}));
}

/// §3.27.17, §3.5.4.2: the same problem has the same fingerprint, wherever its line has gone; no two share one.
#[test]
fn fingerprints_are_stable_and_distinct() {
    let fingerprints = |result: &CheckResult| -> Vec<String> {
        let value = sarif(result, Lang::Ja, 0);
        let results = list(&value, "/runs/0/results");
        results
            .iter()
            .map(|r| r["partialFingerprints"]["shindanFinding/v1"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut result = sample::stated();
    let before = fingerprints(&result);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    for finding in &mut result.findings {
        let mut component = finding.component.as_ref().clone();
        component.pointer = "line 4711".to_owned();
        finding.component = component.into();
    }
    result.findings.reverse();
    result.as_of = "2030-01-01T00:00:00Z".parse().unwrap();
    let mut after = fingerprints(&result);
    after[..result.findings.len()].reverse();
    assert_eq!(before, after);
    let mut other = result.findings[0].component.as_ref().clone();
    other.version = Some("9.9".to_owned());
    result.findings[0].component = other.into();
    assert_ne!(
        fingerprints(&result)[0],
        before[result.findings.len() - 1],
        "another version is another problem"
    );
}

/// §3.20, §3.58: how it ended, the coverage line first, and what could not be read.
#[test]
fn the_invocation_tells_coverage_and_what_could_not_be_read() {
    let value = sarif(&sample::stated(), Lang::En, 3);
    let invocation = &value["runs"][0]["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&false.into(), &3.into()));
    let notes = list(invocation, "/toolExecutionNotifications");
    assert_eq!((&notes[0]["descriptor"]["id"], &notes[0]["level"]), (&"coverage".into(), &"note".into()));
    assert!(notes[0]["message"]["text"].as_str().unwrap().starts_with("Coverage: 203 of 214"));
    let unreadable = notes.iter().find(|note| note["descriptor"]["id"] == "json-invalid").unwrap();
    assert_eq!(unreadable["level"], "error");
    assert_eq!(unreadable["locations"][0]["physicalLocation"]["region"]["startLine"], 812);
    let fine = sarif(&sample::stated(), Lang::En, 1);
    assert_eq!(fine["runs"][0]["invocations"][0]["executionSuccessful"], true, "a condition is no failure");
}

#[test]
fn an_input_that_is_not_there_leaves_no_broken_location() {
    let mut result = sample::stated();
    result.inputs.clear();
    result.findings[0].grounds = Default::default();
    let value = sarif(&result, Lang::Ja, 0);
    assert_eq!(list(&value, "/runs/0/results").len(), 22);
    assert!(list(&value, "/runs/0/results")[0]["locations"][0].get("physicalLocation").is_none());
}

#[test]
fn a_writer_that_fails_is_reported() {
    let full = crate::json::tests::Full(50_000);
    assert!(check(&sample::many(1_000), &Words::new(Lang::Ja), 0, full).is_err());
}
