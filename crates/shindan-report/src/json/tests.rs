use std::sync::Arc;

use serde_json::Value;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, CvssOpinion, ProductRef, Remediation, Status,
};
use shindan_domain::crosswalk::{CheckFacts, ControlEvidence, evidence_of_check};
use shindan_domain::cvss::score;
use shindan_domain::finding::{CheckResult, Decided, Finding, Grounds, VulnerabilityFacts};
use shindan_domain::inventory::Component;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::{
    Lines, write_check, write_check_by, write_check_lines, write_crosswalk, write_cvss, write_explain,
    write_kb_show, write_kb_status, write_patch_verify, write_wording,
};
use crate::sample;

fn check(result: &CheckResult) -> Value {
    let mut bytes = Vec::new();
    write_check(result, &evidence(result), &mut bytes).unwrap();
    assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1, "one line");
    serde_json::from_slice(&bytes).unwrap()
}

fn evidence(result: &CheckResult) -> Vec<ControlEvidence> {
    evidence_of_check(&CheckFacts::from_result(result), &sample::crosswalk().unwrap())
}

/// Fails with every place where `value` does not follow the schema.
fn follows(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

const CHECK: &str = include_str!("../../../../docs/schemas/check-1.json");
const EXPLAIN: &str = include_str!("../../../../docs/schemas/explain-1.json");
const STATUS: &str = include_str!("../../../../docs/schemas/kb-status-1.json");
const SHOW: &str = include_str!("../../../../docs/schemas/kb-show-1.json");
const CROSSWALK: &str = include_str!("../../../../docs/schemas/crosswalk-1.json");
const WORDING: &str = include_str!("../../../../docs/schemas/wording-1.json");
const PATCH_VERIFY: &str = include_str!("../../../../docs/schemas/patch-verify-1.json");
const CVSS: &str = include_str!("../../../../docs/schemas/cvss-1.json");

#[test]
fn check_follows_its_schema() {
    for result in [sample::hospital(), sample::nothing_found()] {
        follows(CHECK, &check(&result));
    }
}

#[test]
fn check_is_what_it_was() {
    insta::assert_json_snapshot!("check", check(&sample::hospital()));
}

/// A schema that lets everything through proves nothing: each required key is taken away once.
#[test]
fn schema_refuses_a_missing_key_anywhere() {
    let schema: Value = serde_json::from_str(CHECK).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let whole = check(&sample::hospital());
    for (place, key) in [
        ("", "as_of"),
        ("", "undetermined"),
        ("/findings/0", "basis"),
        ("/findings/0/component", "firmware"),
        ("/findings/0/basis", "confidence"),
        ("/findings/0/path/0", "defaulted"),
        ("/not_affected/0", "opinions"),
        ("/not_affected/0", "priority"),
        ("/not_affected/1/opinions/0", "update"),
        ("/undetermined/0", "text"),
        ("/inputs/2/diagnostics/0", "place"),
        ("/summary/by_priority", "out-of-cycle"),
    ] {
        let mut broken = whole.clone();
        let object = broken.pointer_mut(place).and_then(Value::as_object_mut).unwrap();
        assert!(object.remove(key).is_some(), "{place}/{key} was there");
        assert!(!validator.is_valid(&broken), "{place}/{key} is not required");
    }
}

#[test]
fn explain_follows_its_schema_which_refuses_a_missing_key() {
    let mut bytes = Vec::new();
    write_explain(&sample::explanation(), &mut bytes).unwrap();
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    follows(EXPLAIN, &whole);
    insta::assert_json_snapshot!("explain", whole);
    let schema: Value = serde_json::from_str(EXPLAIN).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (place, key) in [
        ("", "asked"),
        ("/components/0", "merges"),
        ("/components/0/identities/0", "rule"),
        ("/components/0/passed_over/0/reason", "text"),
        ("/components/0/candidates/0", "outcome"),
        ("/components/0/candidates/0/rules/0", "params"),
        ("/components/0/findings/0", "path"),
        ("/components/0/not_affected/0", "opinions"),
        ("/components/0/undetermined/0", "code"),
    ] {
        let mut broken = whole.clone();
        let object = broken.pointer_mut(place).and_then(Value::as_object_mut).unwrap();
        assert!(object.remove(key).is_some(), "{place}/{key} was there");
        assert!(!validator.is_valid(&broken), "{place}/{key} is not required");
    }
}

#[test]
fn patch_verify_follows_its_schema_which_refuses_a_missing_key() {
    let mut bytes = Vec::new();
    write_patch_verify("patch.bin", &sample::verdict(), sample::verified_at(), &mut bytes).unwrap();
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    follows(PATCH_VERIFY, &whole);
    insta::assert_json_snapshot!("patch_verify", whole);
    let schema: Value = serde_json::from_str(PATCH_VERIFY).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (place, key) in [("", "outcome"), ("", "sha256"), ("/checks/0", "text"), ("/checks/1", "channel")] {
        let mut broken = whole.clone();
        let object = broken.pointer_mut(place).and_then(Value::as_object_mut).unwrap();
        assert!(object.remove(key).is_some(), "{place}/{key} was there");
        assert!(!validator.is_valid(&broken), "{place}/{key} is not required");
    }
}

#[test]
fn texts_are_english_and_complete() {
    let value = check(&sample::hospital());
    let text = value.pointer("/undetermined/0/text").and_then(Value::as_str).unwrap();
    assert!(text.starts_with("No loaded advisory names the maker \"Example X-ray\"."), "{text}");
}

#[test]
fn unreadable_input_has_no_kind_and_an_error() {
    let value = check(&sample::hospital());
    let input = value.pointer("/inputs/2").unwrap();
    assert_eq!(input["kind"], Value::Null);
    assert_eq!(input["diagnostics"][0]["severity"], "error");
    assert_eq!(input["diagnostics"][0]["place"]["line"], 812);
}

#[test]
fn an_input_index_that_points_nowhere_does_not_panic() {
    let mut result = sample::hospital();
    result.inputs.clear();
    result.findings[0].grounds = Default::default();
    let value = check(&result);
    assert_eq!(value["findings"][0]["input"], "");
    assert_eq!(value["findings"][0]["basis"], Value::Null);
}

#[test]
fn kb_status_follows_its_schema() {
    let mut bytes = Vec::new();
    write_kb_status(&sample::hospital().knowledge, &mut bytes).unwrap();
    let value = serde_json::from_slice(&bytes).unwrap();
    follows(STATUS, &value);
    insta::assert_json_snapshot!("kb-status", value);
}

/// An advisory that names two vulnerabilities, with every form of version claim.
pub(crate) fn two_in_one() -> Advisory {
    let vendor = |product: &str| ProductRef {
        vendor: Some("Fortinet".to_owned()),
        product: Some(product.to_owned()),
        cpes: vec!["cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*".to_owned()],
        ..ProductRef::default()
    };
    let affected = |vulnerabilities: Vec<u32>, product: &str, status, versions| Affected {
        vulnerabilities,
        product: vendor(product),
        status,
        versions,
        text: String::new(),
        fixed_versions: Vec::new(),
        platforms: Vec::new(),
        updates: Vec::new(),
        within: None,
        justification: None,
        impact: String::new(),
        pointer: "/product_tree/branches/0".to_owned(),
    };
    let range = |lower, upper| VersionRange { scheme: Scheme::Generic, lower, upper };
    let inclusive = |version: &str| Bound::Inclusive(version.to_owned());
    let exclusive = |version: &str| Bound::Exclusive(version.to_owned());
    Advisory {
        id: "JVNDB-2026-000001".to_owned(),
        source: "JVN iPedia".to_owned(),
        format: AdvisoryFormat::Vuldef,
        title: "二つの脆弱性".to_owned(),
        language: Some("ja".to_owned()),
        published: Some("2026-11-01T00:00:00Z".parse().unwrap()),
        modified: None,
        revision: None,
        withdrawn: None,
        exploitability: false,
        supersedes: Vec::new(),
        vulnerabilities: vec![
            AdvisedVulnerability {
                id: "CVE-2018-13379".to_owned(),
                cvss: vec![CvssOpinion {
                    vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned(),
                    printed_x10: Some(98),
                }],
                remediations: vec![Remediation {
                    category: "vendor_fix".to_owned(),
                    details: "更新する".to_owned(),
                    url: None,
                }],
                ..AdvisedVulnerability::default()
            },
            AdvisedVulnerability { id: "CVE-2026-0002".to_owned(), ..AdvisedVulnerability::default() },
        ],
        affected: vec![
            affected(
                vec![0],
                "FortiOS",
                Status::Affected,
                VersionClaim::Ranged {
                    ranges: vec![
                        range(inclusive("6.0.0"), inclusive("6.0.4")),
                        range(exclusive("5.6.2"), exclusive("5.6.8")),
                        range(Bound::Unbounded, Bound::Unbounded),
                    ],
                    except: vec![range(inclusive("6.0.3"), inclusive("6.0.3"))],
                },
            ),
            affected(vec![1], "FortiProxy", Status::Affected, VersionClaim::All),
            affected(
                Vec::new(),
                "FortiWeb",
                Status::UnderInvestigation,
                VersionClaim::undetermined_text("一部のバージョン"),
            ),
        ],
        references: Vec::new(),
        document: 0,
        pointer: String::new(),
    }
}

fn show(advisories: &[Advisory]) -> Value {
    let facts = sample::hospital().findings[0].vulnerability.clone();
    let mut bytes = Vec::new();
    write_kb_show(&facts, advisories, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn kb_show_follows_its_schema_and_shows_only_what_concerns_the_vulnerability() {
    let value = show(&[two_in_one()]);
    follows(SHOW, &value);
    let opinion = &value["opinions"][0];
    assert_eq!(opinion["vulnerabilities"].as_array().unwrap().len(), 1);
    let products: Vec<_> = opinion["affected"].as_array().unwrap().iter().map(|a| &a["product"]).collect();
    assert_eq!(products, ["FortiOS", "FortiWeb"], "FortiProxy belongs to the other vulnerability");
    insta::assert_json_snapshot!("kb-show", value);
}

#[test]
fn ends_of_ranges_keep_their_meaning() {
    let value = show(&[two_in_one()]);
    let ranges = &value["opinions"][0]["affected"][0]["ranges"];
    let end = |index: usize, key: &str| ranges[index][key].clone();
    assert_eq!((end(0, "introduced"), end(0, "last_affected")), ("6.0.0".into(), "6.0.4".into()));
    assert_eq!((end(1, "introduced"), end(1, "introduced_after")), (Value::Null, "5.6.2".into()));
    assert_eq!((end(1, "fixed"), end(1, "last_affected")), ("5.6.8".into(), Value::Null));
    assert_eq!((end(2, "introduced"), end(2, "fixed")), ("0".into(), Value::Null));
}

#[test]
fn what_is_undetermined_is_not_all_versions() {
    let value = show(&[two_in_one()]);
    let open = &value["opinions"][0]["affected"][1];
    assert_eq!(open["state"], "undetermined");
    assert_eq!(open["ranges"], serde_json::json!([]));
    assert_eq!(open["params"]["text"], "一部のバージョン");
}

#[test]
fn an_exported_advisory_is_whole() {
    let advisory = two_in_one();
    let itself = VulnerabilityFacts { id: advisory.id.clone(), ..VulnerabilityFacts::default() };
    let mut bytes = Vec::new();
    write_kb_show(&itself, [&advisory], &mut bytes).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(value["opinions"][0]["vulnerabilities"].as_array().unwrap().len(), 2);
    assert_eq!(value["opinions"][0]["affected"].as_array().unwrap().len(), 3);
}

#[test]
fn cvss_lines_follow_their_schema() {
    let line = |vector: &str| -> Value {
        let mut bytes = Vec::new();
        write_cvss(vector, &score(vector), &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let full = line("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    follows(CVSS, &full);
    assert_eq!(
        (&full["score"], &full["severity"], &full["error"]),
        (&9.8.into(), &"critical".into(), &Value::Null)
    );
    for vector in ["CVSS:3.1/AV:N/AC:L", "", "nonsense"] {
        let broken = line(vector);
        follows(CVSS, &broken);
        assert!(broken["error"].is_string() && broken["score"].is_null(), "{broken}");
    }
    let schema: Value = serde_json::from_str(CVSS).unwrap();
    let mut neither = full;
    neither["score"] = Value::Null;
    assert!(!jsonschema::draft202012::new(&schema).unwrap().is_valid(&neither), "neither score nor error");
}

#[test]
fn crosswalk_follows_its_schema() {
    let mut bytes = Vec::new();
    write_crosswalk(&sample::crosswalk().unwrap(), &[], &mut bytes).unwrap();
    let value = serde_json::from_slice(&bytes).unwrap();
    follows(CROSSWALK, &value);
    insta::assert_json_snapshot!("crosswalk", value);
}

#[test]
fn imported_wording_follows_its_schema_and_stands_beside_the_packs() {
    let packs = sample::crosswalk().unwrap();
    let record = sample::wording(&packs);
    let mut bytes = Vec::new();
    write_wording(&record, &mut bytes).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    follows(WORDING, &value);
    insta::assert_json_snapshot!("wording", value);
    let mut bytes = Vec::new();
    write_crosswalk(&packs, &[record], &mut bytes).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    follows(CROSSWALK, &value);
    let official = |list: &str| -> Vec<Value> {
        let catalogs = value["catalogs"].as_array().unwrap();
        let entries = catalogs.iter().flat_map(|c| c[list].as_array().unwrap());
        entries.map(|entry| entry["official"].clone()).filter(|o| !o.is_null()).collect()
    };
    assert_eq!(official("controls").len(), 1);
    assert_eq!(official("controls")[0]["text"], "ページにある行をつないだ文。");
    assert_eq!(official("requirements")[0]["variants"], serde_json::json!(["求められること。"]));
}

/// What could not be read has no value, in the schema too: an invented one is refused.
#[test]
fn crosswalk_schema_refuses_an_invented_value() {
    let mut bytes = Vec::new();
    write_crosswalk(&sample::crosswalk().unwrap(), &[], &mut bytes).unwrap();
    let mut value: Value = serde_json::from_slice(&bytes).unwrap();
    let mark = value.pointer_mut("/catalogs/0/controls/1/mark").unwrap();
    assert_eq!(mark["certainty"], "unreadable");
    mark["value"] = "◎".into();
    let schema: Value = serde_json::from_str(CROSSWALK).unwrap();
    assert!(!jsonschema::draft202012::new(&schema).unwrap().is_valid(&value));
}

/// A writer that takes so many bytes.
pub(crate) struct Full(pub usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Long lists that several workers put together have the bytes that one makes.
#[test]
fn workers_write_what_one_writes() {
    let mut result = alone(sample::many(5_000));
    result.undetermined = result.undetermined.iter().cycle().take(1_500).cloned().collect();
    assert_eq!(result.undetermined.len(), 1_500);
    let (mut one, mut several) = (Vec::new(), Vec::new());
    write_check(&result, &[], &mut one).unwrap();
    let four = |work: &(dyn Fn() + Sync)| {
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(work);
            }
        });
    };
    write_check_by(&four, &result, &[], &mut several).unwrap();
    assert!(one == several);
    // Who calls nobody gets it all the same.
    several.clear();
    write_check_by(&|_| {}, &result, &[], &mut several).unwrap();
    assert!(one == several);
    assert!(write_check_by(&four, &result, &[], Full(1_000_000)).is_err(), "in the middle");
}

/// What findings share is put into JSON once, what one of them has is not kept: the bytes are the same.
#[test]
fn what_is_shared_is_written_like_what_is_not() {
    let shared = alone(sample::many(300));
    let mut apart = shared.clone();
    for Finding { vulnerability, grounds, decided, .. } in &mut apart.findings {
        *vulnerability = Arc::new(VulnerabilityFacts::clone(vulnerability));
        *grounds = Arc::new(Grounds::clone(grounds));
        *decided = Arc::new(Decided::clone(decided));
    }
    assert!(shared.findings.iter().any(|finding| Arc::strong_count(&finding.decided) > 1));
    let [mut one, mut other] = [Vec::new(), Vec::new()];
    write_check(&shared, &[], &mut one).unwrap();
    write_check(&apart, &[], &mut other).unwrap();
    assert!(one == other);
}

/// Parts that are told in another order than that of their numbers are written in that of their numbers.
#[test]
fn lines_have_the_order_of_their_parts() {
    let result = alone(sample::many(300));
    let mut whole = Vec::new();
    write_check_lines(&result, &[], &mut whole).unwrap();
    let mut parts = Vec::new();
    let lines = Lines::new(&mut parts);
    let paths = result.inputs.iter().map(|input| input.path.clone()).collect();
    let (first, second) = result.findings.split_at(result.findings.len() / 2);
    lines.begin(result.as_of, &result.knowledge, paths);
    lines.part(1, second, &result.not_affected, &result.undetermined);
    lines.part(0, first, &[], &[]);
    assert_eq!(lines.tally().findings, result.findings.len());
    lines.end(&result, &[]).unwrap();
    let sorted = |bytes: &[u8]| {
        let mut lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(&parts), sorted(&whole));
    let text = String::from_utf8(parts).unwrap();
    assert!(text.starts_with("{\"line\":\"begin\""), "{}", &text[..40]);
    assert!(text.lines().last().unwrap().starts_with("{\"line\":\"end\""));
    let first: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(first["vulnerability"], result.findings[0].vulnerability.id, "parts follow each other");
    assert!(write_check_lines(&result, &[], Full(100_000)).is_err(), "in the middle");
    let early = Lines::new(Vec::new());
    early.part(0, &result.findings, &[], &[]);
    assert!(early.end(&result, &[]).is_err(), "before the first line");
}

/// What nobody reads any more is counted all the same: how a check ends does not depend on who listens.
#[test]
fn lines_that_cannot_be_written_are_counted() {
    let result = sample::many(300);
    let lines = Lines::new(Full(10));
    lines.begin(result.as_of, &result.knowledge, Vec::new());
    lines.part(0, &result.findings, &[], &result.undetermined);
    let tally = lines.tally();
    assert_eq!((tally.findings, tally.undetermined), (300, result.undetermined.len()));
    assert_eq!(tally.by_priority.iter().sum::<usize>(), 300);
    assert!(lines.end(&result, &[]).is_err());
}

/// The same with a component for each finding: in an answer, one stands on one asset.
fn alone(mut result: CheckResult) -> CheckResult {
    for finding in &mut result.findings {
        finding.component = Component::clone(&finding.component).into();
    }
    result
}

/// A full disk or a closed pipe is an error, never a short answer that looks whole.
#[test]
fn a_writer_that_fails_is_reported() {
    assert!(write_check(&sample::many(1_000), &[], Full(100_000)).is_err(), "in the middle");
    assert!(write_check(&sample::nothing_found(), &[], Full(10)).is_err(), "at the very end");
}

/// The answer opens with what it covers.
#[test]
fn coverage_comes_before_what_was_found() {
    let mut bytes = Vec::new();
    write_check(&sample::hospital(), &[], &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let place = |key: &str| text.find(&format!(",\"{key}\":")).unwrap();
    let findings = text.find(",\"findings\":[").unwrap();
    assert!(place("coverage") < place("summary") && place("summary") < place("inputs"));
    assert!(place("inputs") < findings);
}

/// A schema of somebody else's, from the folder that `SHINDAN_SCHEMAS` names; it may not be part of this repository.
pub(crate) fn official_schema(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("SHINDAN_SCHEMAS") else {
        eprintln!("SKIPPED: set SHINDAN_SCHEMAS to a folder with {name}");
        return None;
    };
    let path = std::path::Path::new(&folder).join(name);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_slice(&text).unwrap())
}
