//! What the specification asks of a document with vulnerabilities, and the official schema where it is at hand.

use std::collections::BTreeSet;

use serde_json::Value;
use shindan_domain::finding::CheckResult;

use super::check;
use crate::sample;
use crate::words::{Lang, Words};

fn vex(result: &CheckResult, lang: Lang) -> Value {
    let mut bytes = Vec::new();
    check(result, &Words::new(lang), &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value:#}"))
}

fn entries<'a>(value: &'a Value, id: &str) -> Vec<&'a Value> {
    list(value, "vulnerabilities").iter().filter(|entry| entry["id"] == id).collect()
}

fn references(entry: &Value) -> Vec<&str> {
    list(entry, "affects").iter().map(|target| target["ref"].as_str().unwrap()).collect()
}

#[test]
fn the_file_is_what_it_was() {
    insta::assert_json_snapshot!("vex", vex(&sample::stated(), Lang::Ja));
}

/// The schemas that the official one refers to stand beside it.
struct Beside;

impl jsonschema::Retrieve for Beside {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default().replace(".SNAPSHOT", "");
        crate::json::tests::official_schema(&name).ok_or_else(|| name.into())
    }
}

#[test]
fn it_follows_the_official_schema() {
    let Some(schema) = crate::json::tests::official_schema("bom-1.6.schema.json") else { return };
    let validator = jsonschema::options().with_retriever(Beside).build(&schema).unwrap();
    for result in [sample::stated(), sample::nothing_found(), sample::many(100)] {
        for lang in Lang::ALL {
            let value = vex(&result, lang);
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn it_says_what_it_is_and_what_it_covers() {
    let value = vex(&sample::stated(), Lang::Ja);
    assert_eq!(
        (&value["bomFormat"], &value["specVersion"], &value["version"]),
        (&"CycloneDX".into(), &"1.6".into(), &1.into())
    );
    let first = &value["metadata"]["properties"][0];
    assert_eq!(first["name"], "shindan:coverage");
    assert!(first["value"].as_str().unwrap().starts_with("調査の範囲：部品・機器 214 件のうち 203 件を判定"));
    let serial = value["serialNumber"].as_str().unwrap().strip_prefix("urn:uuid:").unwrap();
    // RFC 9562, section 5.8: version 8, variant 10.
    let groups: Vec<&str> = serial.split('-').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(groups[2].starts_with('8') && "89ab".contains(&groups[3][..1]), "{serial}");
    assert_eq!(value["serialNumber"], vex(&sample::stated(), Lang::Ja)["serialNumber"]);
    assert_ne!(value["serialNumber"], vex(&sample::nothing_found(), Lang::Ja)["serialNumber"]);
}

/// Every reference leads to a component of the document or into another one, and no reference is there twice.
#[test]
fn references_lead_somewhere() {
    for result in [sample::stated(), sample::many(300)] {
        let value = vex(&result, Lang::En);
        let own = |key: &str| -> Vec<&str> {
            list(&value, key).iter().map(|one| one["bom-ref"].as_str().unwrap()).collect()
        };
        let (components, statements) = (own("components"), own("vulnerabilities"));
        let all: BTreeSet<&&str> = components.iter().chain(&statements).collect();
        assert_eq!(all.len(), components.len() + statements.len());
        for entry in list(&value, "vulnerabilities") {
            let targets = references(entry);
            assert!(!targets.is_empty());
            assert!(targets.iter().all(|target| components.contains(target)), "{entry:#}");
        }
    }
}

/// ECMA-424: `affects` holds nothing twice, even if several files list the same package.
#[test]
fn a_statement_names_a_package_once() {
    let mut result = sample::stated();
    let log4j = result.findings[2].clone();
    let mut other = log4j.clone();
    let mut component = other.component.as_ref().clone();
    component.purl = Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.0".to_owned());
    component.version = Some("2.14.0".to_owned());
    other.component = component.into();
    result.findings.extend([other.clone(), log4j, other]);
    let value = vex(&result, Lang::En);
    let package = "pkg:maven/org.apache.logging.log4j/log4j-core";
    assert_eq!(
        references(entries(&value, "CVE-2021-44228")[0]),
        [format!("{package}@2.14.1"), format!("{package}@2.14.0")]
    );
}

#[test]
fn nobody_has_judged_a_finding_yet() {
    let result = sample::stated();
    let value = vex(&result, Lang::En);
    assert!(list(&value, "vulnerabilities").iter().all(|entry| entry["analysis"]["state"] != "exploitable"));
    let log4j = entries(&value, "CVE-2021-44228");
    assert_eq!(log4j.len(), 1);
    let entry = log4j[0];
    assert_eq!(entry["analysis"]["state"], "in_triage");
    assert_eq!(references(entry), ["pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"]);
    assert_eq!(
        entry["ratings"][0],
        serde_json::json!({
            "score": 10.0, "severity": "critical", "method": "CVSSv31",
            "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"
        })
    );
    assert_eq!(entry["references"][0]["id"], "GHSA-jfh8-c2jp-5v3q");
    assert_eq!(entry["recommendation"], "Update to 2.15.0 or later");
    // Two gateways, one statement.
    let gateways = entries(&value, "CVE-2018-13379");
    assert_eq!(gateways.len(), 1);
    assert_eq!(references(gateways[0]).len(), 2);
}

#[test]
fn statements_keep_their_words() {
    let value = vex(&sample::stated(), Lang::En);
    let spring = entries(&value, "CVE-2022-22965")[0];
    assert_eq!(
        (&spring["analysis"]["state"], &spring["analysis"]["justification"]),
        (&"not_affected".into(), &"requires_environment".into())
    );
    assert!(spring["analysis"]["detail"].as_str().unwrap().contains("実行可能 JAR"));
    assert!(spring.get("recommendation").is_none());
    let monitors = entries(&value, "CVE-2020-16216");
    let states: Vec<&Value> = monitors.iter().map(|entry| &entry["analysis"]["state"]).collect();
    assert_eq!(states, ["in_triage", "resolved"], "one monitor is open, the other is not");
    assert!(monitors[1]["analysis"].get("justification").is_none());
}

#[test]
fn what_could_not_be_judged_is_there_with_its_reason() {
    let value = vex(&sample::stated(), Lang::En);
    let open = entries(&value, "CVE-2024-21762");
    assert_eq!(open.len(), 2, "a finding, and a source whose range cannot be read");
    assert!(open[1]["analysis"]["detail"].as_str().unwrap().starts_with("Undetermined: "));
    let reasons: Vec<&str> = list(&value, "components")
        .iter()
        .flat_map(|component| list(component, "properties"))
        .filter(|property| property["name"] == "shindan:undetermined")
        .map(|property| property["value"].as_str().unwrap())
        .collect();
    assert_eq!(reasons.len(), 12);
    assert!(reasons.iter().any(|reason| reason.starts_with("maker-unknown: No loaded advisory")));
    // The end of support is no vulnerability; it is not lost either.
    assert!(entries(&value, "end-of-support:SV-020").is_empty());
    let ended = list(&value, "components")
        .iter()
        .flat_map(|component| list(component, "properties"))
        .find(|property| property["name"] == "shindan:support-ended");
    assert_eq!(ended.unwrap()["value"], "2025-10-14");
}

#[test]
fn components_of_other_documents_are_linked() {
    let mut result = sample::stated();
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#viewer-core";
    for finding in &mut result.findings {
        let mut component = finding.component.as_ref().clone();
        if component.name == "log4j-core" {
            component.bom_link = Some(link.to_owned());
        }
        finding.component = component.into();
    }
    let value = vex(&result, Lang::En);
    assert_eq!(references(entries(&value, "CVE-2021-44228")[0]), [link]);
    assert!(list(&value, "components").iter().all(|component| component["name"] != "log4j-core"));
}

/// ECMA-424 gives CPE names a pattern, and `urn:cdx:` a meaning.
#[test]
fn foreign_identifiers_that_are_none_become_properties() {
    let mut result = sample::stated();
    let mut component = result.findings[2].component.as_ref().clone();
    component.purl = Some("urn:cdx:not-a-link".to_owned());
    component.cpe = Some("cpe:nonsense".to_owned());
    result.findings[2].component = component.into();
    let value = vex(&result, Lang::En);
    let reference = references(entries(&value, "CVE-2021-44228")[0])[0].to_owned();
    assert!(!reference.starts_with("urn:cdx:"), "{reference}");
    let listed = list(&value, "components").iter().find(|c| c["bom-ref"] == reference.as_str()).unwrap();
    assert!(listed.get("purl").is_none() && listed.get("cpe").is_none());
    let names: Vec<&Value> = list(listed, "properties").iter().map(|property| &property["name"]).collect();
    assert!(names.contains(&&"shindan:purl".into()) && names.contains(&&"shindan:cpe".into()), "{names:?}");
}

#[test]
fn a_writer_that_fails_is_reported() {
    let full = crate::json::tests::Full(20_000);
    assert!(check(&sample::many(1_000), &Words::new(Lang::Ja), full).is_err());
}
