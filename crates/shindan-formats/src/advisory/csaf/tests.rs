//! A sample written by us, varied by each test; the rules of the specification; damage.

use serde_json::{Value, json};
use shindan_domain::advisory::{Advisory, Affected, Justification, Status};
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::version::VersionClaim;

use super::read;
use crate::advisory::Reading;
use crate::limits::Limits;

const MEDICAL: &str = include_str!("samples/medical.json");

fn sample() -> Value {
    serde_json::from_str(MEDICAL).unwrap()
}

fn reading(value: &Value) -> Reading {
    read(value.to_string().as_bytes(), "f.json", &Limits::DEFAULT)
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|d| d.code).collect()
}

pub(super) fn claim(affected: &Affected) -> String {
    match &affected.versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Undetermined { code, .. } => code.to_string(),
        VersionClaim::Ranged { ranges, .. } => {
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
    }
}

fn shown(advisory: &Advisory) -> Vec<String> {
    advisory
        .affected
        .iter()
        .map(|a| {
            let product = a.product.product.as_deref().unwrap_or("-");
            format!(
                "{product}: {} {} {:?} fixed {:?}",
                a.status.as_str(),
                claim(a),
                a.vulnerabilities,
                a.fixed_versions
            )
        })
        .collect()
}

/// A document with this product tree and these vulnerabilities.
fn with(tree: Value, vulnerabilities: Value) -> Value {
    let mut value = sample();
    value["product_tree"] = tree;
    value["vulnerabilities"] = vulnerabilities;
    value
}

fn names(list: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = list.iter().map(|(id, name)| json!({"product_id": id, "name": name})).collect();
    json!({ "full_product_names": list })
}

#[test]
fn a_medical_advisory() {
    let reading = reading(&sample());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!(reading.source, "CISA");
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.id, "ICSMA-20-184-01");
    assert_eq!(advisory.title, "見本の電子カルテ (Update B)");
    assert_eq!(advisory.language.as_deref(), Some("ja-JP"));
    assert_eq!(advisory.published.unwrap().to_string(), "2020-07-02T00:00:00Z");
    assert_eq!(reading.newest.unwrap().to_string(), "2021-06-15T00:00:00Z");
    assert_eq!(advisory.references[0], "https://example.org/icsma-20-184-01");
    assert_eq!(advisory.references.len(), 3);
    let ids: Vec<&str> = advisory.vulnerabilities.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2020-14485", "ICSMA-20-184-01#2"]);
    assert_eq!(advisory.vulnerabilities[0].summary, "認証を 回避されます。");
    assert_eq!(advisory.vulnerabilities[0].cvss[0].printed_x10, Some(94));
    assert_eq!(advisory.vulnerabilities[0].cwe, ["CWE-288"]);
    assert_eq!(advisory.vulnerabilities[1].summary, "番号のない脆弱性。");
    assert_eq!(
        shown(advisory),
        [
            r#"OpenClinic GA: affected =5.09.02 | =5.89.05b | >=4.4 <=4.12 [0] fixed ["5.170.5"]"#,
            r#"Monitor: affected all [0] fixed []"#,
            r#"Monitor: affected range-undetermined [0] fixed []"#,
            r#"OpenClinic GA: affected =5.09.02 [1] fixed []"#,
            r#"Monitor: not_affected all [1] fixed []"#,
        ]
    );
    assert_eq!(advisory.affected[0].product.vendor.as_deref(), Some("OpenClinic GA "), "kept as written");
    assert_eq!(advisory.affected[1].product.models, ["866389", "866390"]);
    assert_eq!(advisory.affected[2].text, "All versions with U-Boot < 2.0");
    assert_eq!(advisory.affected[4].text, "vers:all/*");
    assert_eq!(advisory.affected[4].justification, Some(Justification::ComponentNotPresent));
    assert!(!advisory.exploitability, "a flag does not make a VEX");
}

#[test]
fn one_statement_about_all_vulnerabilities_names_none() {
    let mut value = sample();
    value["vulnerabilities"] = json!([
        {"cve": "CVE-2020-0001", "product_status": {"known_affected": ["P1"]}},
        {"cve": "CVE-2020-0002", "product_status": {"known_affected": ["P1"]}},
    ]);
    let reading = reading(&value);
    assert_eq!(shown(&reading.advisories[0]), ["OpenClinic GA: affected =5.09.02 [] fixed []"]);
}

#[test]
fn without_a_version_branch_only_an_obvious_name_is_read() {
    let tree = names(&[
        ("A", "Example Suite < 2.0"),
        ("B", "Example Pump: Version 5.09.02"),
        ("C", "Example Viewer 7"),
        ("D", "Example Server All versions"),
        ("E", "見本ビューア バージョン 1.2 以前"),
        ("F", "Install All"),
    ]);
    let status = json!([{"cve": "CVE-2020-0001", "product_status": {"known_affected": ["A", "B", "C", "D", "E", "F"]}}]);
    let reading = reading(&with(tree, status));
    let claims: Vec<String> = reading.advisories[0].affected.iter().map(claim).collect();
    assert_eq!(claims, ["<2.0", "=5.09.02", "range-undetermined", "all", "<=1.2", "range-undetermined"]);
}

#[test]
fn version_branches_in_every_spelling() {
    let branch = |id: &str, category: &str, name: &str| json!({"category": category, "name": name, "product": {"name": name, "product_id": id}});
    let rows = [
        ("FortiOS 6.4.0", "product_version", "=6.4.0"),
        ("vers:npm/>=1.0.0|<2.0.0|3.1.0", "product_version_range", ">=1.0.0 <2.0.0 | =3.1.0"),
        ("vers:deb/<1.2-3", "product_version_range", "<1.2-3"),
        ("vers:all/<V3.0.3", "product_version_range", "<V3.0.3"),
        ("vers:nobody/<1", "product_version_range", "range-undetermined"),
        ("5", "product_version", "=5"),
        ("7100", "product_version", "range-undetermined"),
        ("< 15.0 SP1", "product_version", "<15.0 SP1"),
        ("<= K", "product_version_range", "<=K"),
    ];
    for (name, category, expected) in rows {
        let tree = json!({"branches": [{"category": "vendor", "name": "V", "branches": [
            {"category": "product_name", "name": "FortiOS", "branches": [branch("X", category, name)]}]}]});
        let status = json!([{"cve": "CVE-2020-0001", "product_status": {"known_affected": ["X"]}}]);
        let reading = reading(&with(tree, status));
        assert_eq!(claim(&reading.advisories[0].affected[0]), expected, "{name}");
    }
}

#[test]
fn relationships_carry_their_platform() {
    let product = |id: &str, name: &str, helper: Value| json!({"product_id": id, "name": name, "product_identification_helper": helper});
    let relation = |id: &str, from: &str, to: &str| {
        json!({"category": "default_component_of", "product_reference": from, "relates_to_product_reference": to,
               "full_product_name": {"product_id": id, "name": format!("{from} in {to}")}})
    };
    let tree = json!({
        "full_product_names": [
            product("sles", "SLES 15 SP5", json!({"cpe": "cpe:/o:suse:sles:15:sp5"})),
            product("fence", "fence", json!({"purl": "pkg:rpm/suse/fence-agents@4.2.1-41.sp5?arch=src&epoch=1"})),
            product("box", "Box without CPE", json!({})),
        ],
        "relationships": [relation("nested", "fence-in-sles", "sles"), relation("fence-in-sles", "fence", "sles"),
                          relation("fence-in-box", "fence", "box")]
    });
    let status = json!([{"cve": "CVE-2020-0001",
        "product_status": {"fixed": ["fence-in-sles"], "known_affected": ["fence-in-box"]}}]);
    let reading = reading(&with(tree, status));
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let advisory = &reading.advisories[0];
    let fixed = advisory.affected.iter().find(|a| a.status == Status::Fixed).unwrap();
    assert_eq!(claim(fixed), "=1:4.2.1-41.sp5");
    assert_eq!(fixed.product.purl.as_deref(), Some("pkg:rpm/suse/fence-agents?arch=src&epoch=1"));
    assert_eq!(fixed.platforms, [["cpe:2.3:o:suse:sles:15:sp5:*:*:*:*:*:*"]]);
    let boxed = advisory.affected.iter().find(|a| a.status == Status::Affected).unwrap();
    assert_eq!(claim(boxed), "platform-unknown", "a condition that cannot be expressed is not dropped");
    assert_eq!(boxed.fixed_versions, ["1:4.2.1-41.sp5"]);
}

#[test]
fn packages_of_red_hat_hold_for_their_release() {
    let helper = |name: &str, value: &str| {
        let mut helper = serde_json::Map::new();
        helper.insert(name.to_owned(), json!(value));
        Value::Object(helper)
    };
    let product = |id: &str, kind: &str, value: &str| json!({"product_id": id, "name": id, "product_identification_helper": helper(kind, value)});
    let relation = |from: &str, to: &str| {
        json!({"category": "default_component_of", "product_reference": from, "relates_to_product_reference": to,
               "full_product_name": {"product_id": format!("{to}:{from}"), "name": format!("{from} in {to}")}})
    };
    let tree = json!({
        "full_product_names": [
            product("el9", "cpe", "cpe:/a:redhat:enterprise_linux:9::baseos"),
            product("el8", "cpe", "cpe:/o:redhat:enterprise_linux:8"),
            product("libs", "purl", "pkg:rpm/redhat/openssl-libs@3.0.7-25.el9?arch=x86_64&epoch=1"),
            product("libs-arm", "purl", "pkg:rpm/redhat/openssl-libs@3.0.7-25.el9?arch=aarch64&epoch=1"),
            product("openssl", "purl", "pkg:rpm/redhat/openssl?arch=src"),
        ],
        "relationships": [relation("libs", "el9"), relation("libs-arm", "el9"), relation("openssl", "el8")]
    });
    let status = json!([{"cve": "CVE-2020-0001",
        "product_status": {"fixed": ["el9:libs", "el9:libs-arm"], "known_affected": ["el8:openssl"]},
        "remediations": [{"category": "no_fix_planned", "details": "Will not fix", "product_ids": ["el8:openssl"]}]}]);
    let reading = reading(&with(tree, status));
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let told: Vec<String> = reading.advisories[0]
        .affected
        .iter()
        .map(|a| {
            let ecosystem = a.product.ecosystem.as_deref().unwrap_or("-");
            let package = a.product.package.as_deref().unwrap_or("-");
            format!("{ecosystem} {package} {} {} {}", a.status.as_str(), claim(a), a.impact)
        })
        .collect();
    assert_eq!(
        told,
        [
            "Red Hat:enterprise_linux:8 openssl affected all Will not fix",
            "Red Hat:enterprise_linux:9 openssl-libs affected <1:3.0.7-25.el9 ",
            "Red Hat:enterprise_linux:9 openssl-libs fixed =1:3.0.7-25.el9 ",
        ],
        "both architectures say the same"
    );
}

#[test]
fn first_and_last_make_a_range() {
    let tree = json!({"branches": [{"category": "vendor", "name": "V", "branches": [
        {"category": "product_name", "name": "P", "branches": [
            {"category": "product_version", "name": "1.0", "product": {"name": "P 1.0", "product_id": "A"}},
            {"category": "product_version", "name": "1.9", "product": {"name": "P 1.9", "product_id": "B"}},
            {"category": "product_version", "name": "2.0", "product": {"name": "P 2.0", "product_id": "C"}}]}]}]});
    let check = |status: Value, expected: &[&str]| {
        let reading =
            reading(&with(tree.clone(), json!([{"cve": "CVE-2020-0001", "product_status": status}])));
        assert_eq!(shown(&reading.advisories[0]), expected);
    };
    check(
        json!({"first_affected": ["A"], "last_affected": ["B"], "first_fixed": ["C"]}),
        &[r#"P: affected >=1.0 <=1.9 [] fixed ["2.0"]"#],
    );
    check(
        json!({"first_affected": ["A"], "first_fixed": ["C"]}),
        &[r#"P: affected >=1.0 <2.0 [] fixed ["2.0"]"#],
    );
    check(json!({"last_affected": ["B"]}), &["P: affected range-undetermined [] fixed []"]);
    check(
        json!({"known_affected": ["A"], "under_investigation": ["B"], "recommended": ["C"]}),
        &[r#"P: affected =1.0 [] fixed ["2.0"]"#, "P: under_investigation =1.9 [] fixed []"],
    );
}

#[test]
fn references_that_do_not_hold_are_reported() {
    let tree = names(&[("A", "Product A < 2.0"), ("A", "Product A again")]);
    let status = json!([{"cve": "CVE-2020-0001",
        "product_status": {"known_affected": ["A", "missing"], "known_not_affected": ["A"]},
        "remediations": [{"category": "vendor_fix", "details": "x", "group_ids": ["no group"]}]}]);
    let reading = reading(&with(tree, status));
    let mut found = codes(&reading);
    found.sort();
    let mut expected =
        [Code::DuplicateIdentifier, Code::ReferenceDangling, Code::ReferenceDangling, Code::SpecViolation];
    expected.sort();
    assert_eq!(found, expected);
    // Said to be affected and not affected: affected.
    assert_eq!(shown(&reading.advisories[0]), ["Product A < 2.0: affected <2.0 [] fixed []"]);
}

#[test]
fn what_is_no_csaf_2_is_refused() {
    let refused = |value: &Value| {
        let reading = reading(value);
        assert!(reading.advisories.is_empty());
        assert_eq!(reading.rejected, 1);
        codes(&reading)
    };
    let mut value = sample();
    value["document"]["csaf_version"] = json!("3.0");
    assert_eq!(refused(&value), [Code::FormatUnsupported]);
    value["document"]["csaf_version"] = json!(2.0);
    assert_eq!(refused(&value), [Code::FieldMissing]);
    let mut value = sample();
    value["document"]["tracking"]["id"] = json!(" ");
    assert_eq!(refused(&value), [Code::FieldMissing]);
    assert_eq!(refused(&json!([])), [Code::FieldMissing]);
    let twice = format!("{MEDICAL}{MEDICAL}");
    let twice = read(twice.as_bytes(), "f", &Limits::DEFAULT);
    assert_eq!(codes(&twice), [Code::JsonTrailingContent]);
    assert!(twice.advisories.is_empty());
}

#[test]
fn a_document_without_vulnerabilities_says_so() {
    let mut value = sample();
    value.as_object_mut().unwrap().remove("vulnerabilities");
    let reading = reading(&value);
    assert!(reading.advisories.is_empty());
    assert_eq!(codes(&reading), [Code::FileSkipped]);
}

#[test]
fn every_truncation_is_an_error_and_no_damage_panics() {
    let text = MEDICAL.trim_end();
    for at in 0..text.len() {
        let reading = read(&text.as_bytes()[..at], "f", &Limits::DEFAULT);
        assert!(reading.diagnostics.iter().any(|d| d.severity() == Severity::Error), "cut at {at}");
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in 0..bytes.len() {
        bytes[at] ^= 0x13;
        read(&bytes, "f", &Limits::DEFAULT);
        bytes[at] ^= 0x13;
    }
}

#[test]
fn any_value_anywhere_is_survived() {
    let odd = [json!(null), json!(0), json!("x"), json!([]), json!({}), json!([[1]]), json!(["P1", 7])];
    let mut pointers = Vec::new();
    collect(&sample(), String::new(), &mut pointers);
    for pointer in pointers {
        for replacement in &odd {
            let mut value = sample();
            if let Some(place) = value.pointer_mut(&pointer) {
                *place = replacement.clone();
            }
            reading(&value);
        }
    }
}

fn collect(value: &Value, pointer: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                collect(child, format!("{pointer}/{key}"), out);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                collect(child, format!("{pointer}/{index}"), out);
            }
        }
        _ => {}
    }
    out.push(pointer);
}

#[test]
fn microsoft_s_updates_and_builds() {
    let text = include_str!("samples/windows.json");
    let reading = read(text.as_bytes(), "f.json", &Limits::DEFAULT);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let advisory = &reading.advisories[0];
    let lines: Vec<String> = shown(advisory)
        .into_iter()
        .zip(&advisory.affected)
        .map(|(line, a)| {
            format!("{} {line} {:?} {:?}", a.product.vendor.as_deref().unwrap(), a.updates, a.platforms)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "Microsoft Windows Server 2019: affected >=10.0.17763 <10.0.17763.6659 [] \
             fixed [\"10.0.17763.6659\"] [\"KB5048661\"] []",
            "Microsoft Windows 10 Version 22H2: affected >=10.0.19045 <10.0.19045.5247 [] \
             fixed [\"10.0.19045.5247\"] [\"KB5048652\"] []",
            "Microsoft Internet Explorer 11: affected all [] fixed [] [\"KB5048710\"] \
             [[\"cpe:2.3:o:microsoft:windows_server_2012_r2:*:*:*:*:*:*:*:*\"]]",
            "Microsoft Windows Server 2019: fixed =10.0.17763.6659 [] fixed [] [] []",
        ]
    );
    assert_eq!(
        advisory.affected[1].product.cpes,
        ["cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:*:*:arm64:*"]
    );
    // Somebody else's document about Windows is left as it is.
    let other = text.replace("https://msrc.microsoft.com", "https://psirt.example.com");
    let reading = read(other.as_bytes(), "f.json", &Limits::DEFAULT);
    assert!(
        reading.advisories[0].affected.iter().all(|a| a.updates.is_empty() && a.product.vendor.is_none())
    );
}
