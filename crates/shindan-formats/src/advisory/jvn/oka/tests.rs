use std::collections::BTreeMap;

use serde_json::{Value, json};
use shindan_domain::advisory::{Advisory, AdvisoryFormat, Affected};
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::version::VersionClaim;

use crate::advisory::Reading;
use crate::limits::Limits;

const DETAIL: &str = include_str!("../samples/oka.json");
const OVERVIEW: &str = include_str!("../samples/oka-overview.json");

fn reading(text: &str) -> Reading {
    crate::advisory::read(text.as_bytes(), "f.json", &Limits::DEFAULT)
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|d| d.code).collect()
}

fn line(affected: &Affected) -> String {
    let versions = match &affected.versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Undetermined { code, .. } => code.to_string(),
        VersionClaim::Ranged { ranges, .. } => {
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
    };
    let name = affected.product.product.as_deref().unwrap_or("-");
    format!("{name}: {} {versions} {:?}", affected.status.as_str(), affected.vulnerabilities)
}

fn lines(advisory: &Advisory) -> Vec<String> {
    advisory.affected.iter().map(line).collect()
}

#[test]
fn a_detail_with_every_kind_of_version() {
    let reading = reading(DETAIL);
    assert_eq!((codes(&reading), reading.format), (vec![], Some(AdvisoryFormat::Oka)));
    let advisory = &reading.advisories[0];
    assert_eq!((advisory.id.as_str(), advisory.source.as_str()), ("JVNDB-2026-000001", "JVN iPedia"));
    assert_eq!(advisory.modified.unwrap().to_string(), "2026-02-02T01:00:00Z", "a date without seconds");
    assert_eq!(
        advisory.references,
        ["https://jvndb.jvn.jp/ja/contents/2026/JVNDB-2026-000001.html", "https://example.com/?a=1&b=2"]
    );
    let vulnerabilities: Vec<_> =
        advisory.vulnerabilities.iter().map(|v| (v.id.as_str(), v.cwe.join(" "), v.cvss.len())).collect();
    // CWE-20 is said of the whole, which has two CVEs: it is given to neither.
    assert_eq!(
        vulnerabilities,
        [("CVE-2026-3001", "CWE-79".to_owned(), 1), ("CVE-2026-3002", String::new(), 0)]
    );
    assert_eq!(advisory.vulnerabilities[0].remediations[0].details, "更新してください。 詳細は開発者へ。");
    assert_eq!(
        lines(advisory),
        [
            "見本ルーター: affected =8.1.2 | <1.0.6 | >=2.1.0 <=2.1.3 | <=5.02 []",
            "見本ルーター for Windows: affected <5.8 (Build 1575) []",
            "見本ルーター for Storage: affected <6.0 []",
            "見本ルーター: affected <7.0 [1]",
            "見本ルーター: not_affected >=9.0 []",
            "見本ルーター: under_investigation range-undetermined []",
            "見本カメラ: affected =4.0.0 [0]",
            "見本サーバ: not_affected range-undetermined [0]",
            "見本サーバ: affected range-undetermined [1]",
            "(複数の製品): affected product-ambiguous [0]",
        ]
    );
    assert_eq!(advisory.affected[0].product.cpes, ["cpe:2.3:o:mihon:router_firmware:*:*:*:*:*:*:*:*"]);
    assert_eq!(advisory.affected[0].product.purl.as_deref(), Some("pkg:npm/mihon-router"));
    assert_eq!(advisory.affected[5].text, "2018年に出荷されたもの");
}

#[test]
fn an_overview_gives_way_to_the_detail() {
    let (overview, detail) = (reading(OVERVIEW), reading(DETAIL));
    assert_eq!((codes(&overview), overview.rejected), (vec![Code::FieldMissing], 1));
    let advisory = &overview.advisories[0];
    assert_eq!(
        lines(advisory),
        ["見本ルーター: affected range-undetermined []", "見本カメラ: affected =4.0.0 []"]
    );
    assert_eq!(advisory.vulnerabilities[0].cvss[0].printed_x10, Some(95));
    assert_eq!(
        (advisory.id.as_str(), &advisory.source),
        (detail.advisories[0].id.as_str(), &detail.advisories[0].source)
    );
    assert!(
        advisory.modified > detail.advisories[0].modified
            && advisory.revision < detail.advisories[0].revision
    );
}

#[test]
fn details_stand_in_bundles_too() {
    let detail: Value = serde_json::from_str(DETAIL).unwrap();
    let bundle = |documents: Value| {
        json!({"$schema": "https://jvndb.jvn.jp/schema/myjvn_vuldef_1.0.stix.json", "type": "bundle",
               "objects": [{"type": "identity"}, {"type": "jvn-jp-sdo", "VULDEF-Document": documents}],
               "status": {"method": "getVulnDetailInfo", "retCd": 0, "totalResRet": 2}})
        .to_string()
    };
    let two = reading(&bundle(json!([detail, {"document": {}}])));
    assert_eq!((codes(&two), two.rejected), (vec![Code::FieldMissing], 1));
    assert_eq!(two.advisories[0].affected, {
        let mut alone = reading(DETAIL).advisories.remove(0).affected;
        for statement in &mut alone {
            statement.pointer.insert_str(0, "/objects/1/VULDEF-Document/0");
        }
        alone
    });
    let short = reading(&bundle(json!([detail])));
    assert_eq!(codes(&short), [Code::SpecViolation], "two were announced");
}

#[test]
fn errors_and_other_answers_are_told() {
    let check = |text: &str, expected: &[Code], shown: (&str, &str)| {
        let reading = reading(text);
        assert_eq!(codes(&reading), expected, "{text}");
        assert!(reading.advisories.is_empty() && reading.rejected > 0, "{text}");
        let param = |name: &str| reading.diagnostics[0].params[name].clone();
        match expected[0] {
            Code::SourceReportedError => {
                assert_eq!((param("code"), param("message")), (shown.0.to_owned(), shown.1.to_owned()))
            }
            _ => assert_eq!((param("format"), param("version")), (shown.0.to_owned(), shown.1.to_owned())),
        }
    };
    let error = r#"{"status":{"method":"getVulnDetailInfo","retCd":1,"errCd":"MJ0101","errMsg":"引数"}}"#;
    check(error, &[Code::SourceReportedError], ("MJ0101", "引数"));
    let error = error.replace("\"status\"", "\"status:Status\"").replace("retCd\":1", "retCd\":\"1\"");
    check(&error, &[Code::SourceReportedError], ("MJ0101", "引数"));
    let alerts = r#"{"$schema":"https://jvndb.jvn.jp/schema/myjvn_feed_1.0.json","feed":{"entry":[{"id":"x","items":[]}]}STATUS}"#;
    let named = r#","status":{"method":"getAlertList","retCd":0}"#;
    check(&alerts.replace("STATUS", named), &[Code::FormatUnsupported], ("MyJVN OKA", "getAlertList"));
    check(&alerts.replace("STATUS", ""), &[Code::FormatUnsupported], ("MyJVN OKA", "getAlertList"));
    let products = r#"{"$schema":"https://jvndb.jvn.jp/schema/jvnpid_1.0.json","jvn-product-dictionary":{}}"#;
    check(products, &[Code::FormatUnsupported], ("MyJVN OKA", "getProductList"));
    let none = r#"{"$schema":"https://jvndb.jvn.jp/schema/myjvn_feed_1.0.json","feed":{"entry":[]},"status":{"method":"getVulnOverviewList","retCd":0,"totalResRet":0}}"#;
    assert_eq!(codes(&reading(none)), [Code::SourcePlaceholder]);
}

#[test]
fn what_stands_in_front_of_damage_is_kept() {
    let damaged = OVERVIEW.replace("\"retCd\": \"0\"", "\"retCd\": ,");
    let reading = reading(&damaged);
    assert_eq!((codes(&reading), reading.advisories.len()), (vec![Code::FieldMissing, Code::JsonInvalid], 1));
    for at in (0..DETAIL.trim_end().len()).step_by(5) {
        let Some(text) = DETAIL.get(..at) else { continue };
        let reading = super::read(text, "f", &Limits::DEFAULT);
        assert!(reading.diagnostics.iter().any(|d| d.severity() == Severity::Error), "cut at {at}");
    }
}

/// Every example of MyJVN's documents: read, refused by name, or told to be damaged.
#[test]
fn every_example_of_the_documents() {
    let Some(folder) = shindan_testdata::path("jvn/myjvn/examples") else { return };
    let expected: BTreeMap<&str, (usize, &[Code])> = BTreeMap::from([
        ("hnd/dataFeed_jvndb_detail_hnd.xml", (7, &[Code::SpecViolation][..])),
        ("hnd/dataFeed_jvndb_rss_hnd.xml", (4, &[Code::XmlInvalid])),
        ("hnd/dataFeed_myjvn_product_hnd.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/dataFeed_myjvn_vendor_hnd.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getAlertList_hnd.json", (0, &[Code::FormatUnsupported])),
        ("hnd/getAlertList_hnd.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getProductList_hnd.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getStatistics_hnd_sumAll.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getStatistics_hnd_sumCvss.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getStatistics_hnd_sumCwe.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getStatistics_hnd_sumJvnDb.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getVendorList_hnd.xml", (0, &[Code::FormatUnsupported])),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2017-009608.xml", (1, &[])),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2018-009328.xml", (1, &[])),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2021-002774.xml", (1, &[])),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2022-000097.xml", (1, &[])),
        ("hnd/getVulnOverviewList_hnd.xml", (2, &[])),
        ("oka/dataFeed_jvndb_detail_oka.json", (5, &[Code::JsonInvalid])),
        // Four are announced, three are there.
        ("oka/dataFeed_jvndb_rss_oka.json", (3, &[Code::SpecViolation])),
        ("oka/dataFeed_myjvn_product_oka.json", (0, &[Code::JsonInvalid, Code::FormatUnsupported])),
        ("oka/dataFeed_myjvn_product_version_oka.json", (0, &[Code::JsonInvalid, Code::FormatUnsupported])),
        ("oka/dataFeed_myjvn_vendor_oka.json", (0, &[Code::FormatUnsupported])),
        ("oka/getAlertList_oka.json", (0, &[Code::FormatUnsupported])),
        ("oka/getProductList_oka.json", (0, &[Code::FormatUnsupported])),
        ("oka/getStatistics_oka.json", (0, &[Code::FormatUnsupported])),
        ("oka/getVendorList_oka.json", (0, &[Code::FormatUnsupported])),
        ("oka/getVulnDetailInfo_oka_JVNDB-2017-009608.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_JVNDB-2017-009608_jvnstix.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_JVNDB-2018-009328.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_JVNDB-2021-002774.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_JVNDB-2022-000097.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_jvncsaf.json", (1, &[])),
        ("oka/getVulnDetailInfo_oka_jvnstix.json", (1, &[])),
        ("oka/getVulnOverviewList_oka.json", (3, &[Code::SpecViolation])),
    ]);
    let mut seen = 0;
    for form in ["hnd", "oka"] {
        for entry in std::fs::read_dir(folder.join(form)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{form}/{}", path.file_name().unwrap().to_string_lossy());
            let reading = crate::advisory::read(&std::fs::read(&path).unwrap(), &name, &Limits::DEFAULT);
            let found = (reading.advisories.len(), codes(&reading));
            let expected = expected.get(name.as_str()).unwrap_or_else(|| panic!("{name}: {found:?}"));
            assert_eq!((found.0, found.1.as_slice()), *expected, "{name}: {:?}", reading.diagnostics);
            if let Some(refusal) = reading.diagnostics.iter().find(|d| d.code == Code::FormatUnsupported) {
                eprintln!("{name}: {} {}", refusal.params["format"], refusal.params["version"]);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, expected.len());
}
