//! Samples written by us, then the genuine files when they are present.

use shindan_domain::advisory::{Advisory, AdvisoryFormat, Affected};
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::version::VersionClaim;

use super::read;
use crate::advisory::Reading;
use crate::advisory::detect::{Detected, sniff};
use crate::limits::Limits;

const VULDEF: &str = include_str!("samples/vuldef.xml");
const FEED: &str = include_str!("samples/rss-feed.xml");
const API: &str = include_str!("samples/rss-api.xml");

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), "f.xml", &Limits::DEFAULT)
}

fn claim(affected: &Affected) -> String {
    match &affected.versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Undetermined { code, .. } => code.to_string(),
        VersionClaim::Ranged { ranges, .. } => {
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
    }
}

fn ids(advisory: &Advisory) -> Vec<&str> {
    advisory.vulnerabilities.iter().map(|v| v.id.as_str()).collect()
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn several_cves_in_one_entry_are_linked_and_not_scored() {
    let reading = reading(VULDEF);
    assert_eq!(reading.format, Some(AdvisoryFormat::Vuldef));
    assert_eq!((reading.source.as_str(), reading.rejected), ("JVN iPedia", 0));
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.id, "JVNDB-2025-000002");
    assert_eq!(advisory.language.as_deref(), Some("ja"));
    assert_eq!(ids(advisory), ["CVE-2025-0354", "CVE-2025-0355"]);
    assert!(advisory.vulnerabilities.iter().all(|v| v.cvss.is_empty() && v.cwe.is_empty()));
    assert!(advisory.vulnerabilities.iter().all(|v| v.aliases.is_empty()), "linked, never fused");
    assert_eq!(advisory.vulnerabilities[0].remediations[0].category, "vendor_fix");
    assert_eq!(
        advisory.vulnerabilities[0].summary,
        "次の脆弱性があります。 格納型 XSS - CVE-2025-0354 認証の欠如 - CVE-2025-0355"
    );
    assert_eq!(advisory.modified.unwrap().to_string(), "2025-02-14T05:22:00Z", "a date without seconds");
    assert_eq!(advisory.references[0], "https://jvndb.jvn.jp/ja/contents/2025/JVNDB-2025-000002.html");
}

#[test]
fn lines_are_limited_to_the_cves_they_name() {
    let reading = reading(VULDEF);
    let affected = &reading.advisories[0].affected;
    assert_eq!(claim(&affected[0]), "<1.4.2");
    assert!(affected[0].vulnerabilities.is_empty(), "limited to both of two is not limited");
    assert_eq!(claim(&affected[1]), "<1.3.0");
    assert_eq!(affected[1].vulnerabilities, [1]);
    assert_eq!(affected[1].product.cpes, ["cpe:2.3:o:nec:aterm_gb1200pe_firmware:*:*:*:*:*:*:*:*"]);
    assert_eq!(claim(&affected[2]), "product-ambiguous");
    assert_eq!(affected[2].product.product.as_deref(), Some("(複数の製品)"));
}

#[test]
fn one_cve_carries_the_scores_and_editions_stay_apart() {
    let reading = reading(VULDEF);
    let advisory = &reading.advisories[1];
    assert_eq!(ids(advisory), ["CVE-2021-36745"]);
    let vulnerability = &advisory.vulnerabilities[0];
    assert_eq!(vulnerability.cvss[0].vector, "AV:N/AC:L/Au:N/C:C/I:C/A:C");
    assert_eq!(vulnerability.cvss[0].printed_x10, Some(100));
    assert_eq!(vulnerability.cvss[1].printed_x10, Some(98));
    assert_eq!(vulnerability.cwe, ["CWE-287"]);
    let shown: Vec<(String, String)> =
        advisory.affected.iter().map(|a| (a.product.product.clone().unwrap(), claim(a))).collect();
    let expected = [
        ("Trend Micro ServerProtect for Storage", "<6.0 (Build 1284)"),
        ("Trend Micro ServerProtect for Windows", "<5.8 (Build 1575)"),
        ("JP1/VERITAS NetBackup", "=7.7 | =8"),
        ("JP1/VERITAS NetBackup", "range-undetermined"),
    ];
    assert_eq!(shown, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
    assert_eq!(advisory.affected[3].text, "2018年に出荷されたもの");
    assert_eq!(codes(&reading), [Code::DateInvalid]);
    assert_eq!(reading.diagnostics[0].place.line, Some(59));
}

#[test]
fn digest_entries_without_cve_stand_for_themselves() {
    let advisory = reading(VULDEF).advisories.remove(2);
    assert_eq!(ids(&advisory), ["JVNDB-2026-018001"]);
    assert_eq!(claim(&advisory.affected[0]), "product-ambiguous");
    assert_eq!(
        advisory.vulnerabilities[0].summary,
        "CISA から次の文書が公表されました。 ICSMA-26-020-01 見本モニター ICSMA-26-020-02 見本ポンプ"
    );
}

#[test]
fn both_rss_dialects_say_the_same_and_never_a_version() {
    let (feed, api) = (reading(FEED), reading(API));
    assert_eq!(feed.advisories, api.advisories);
    assert_eq!(feed.format, Some(AdvisoryFormat::Jvnrss));
    let advisory = &feed.advisories[0];
    assert_eq!(ids(advisory), ["CVE-2026-106302"], "six digits");
    assert_eq!(advisory.published.unwrap().to_string(), "2026-10-08T10:59:00Z");
    assert_eq!(feed.newest.unwrap().to_string(), "2026-10-09T00:00:01Z");
    assert_eq!(advisory.vulnerabilities[0].cwe, ["CWE-476"]);
    assert_eq!(advisory.vulnerabilities[0].cvss[0].printed_x10, Some(55));
    for affected in &advisory.affected {
        assert_eq!(affected.versions, VersionClaim::undetermined_text(""));
    }
    assert_eq!(
        advisory.affected[1].product.cpes,
        ["cpe:2.3:a:rockwellautomation:industrial_data_center_\\(idc\\)_with_veeam:*:*:*:*:*:*:*:*"]
    );
    assert!(feed.diagnostics.is_empty(), "{:?}", feed.diagnostics);
}

#[test]
fn recognised_by_content() {
    assert_eq!(sniff(VULDEF.as_bytes()), Detected::Known(AdvisoryFormat::Vuldef));
    assert_eq!(sniff(FEED.as_bytes()), Detected::Known(AdvisoryFormat::Jvnrss));
    assert_eq!(sniff(API.as_bytes()), Detected::Known(AdvisoryFormat::Jvnrss));
    let through_the_door = crate::advisory::read(VULDEF.as_bytes(), "f.xml", &Limits::DEFAULT);
    assert_eq!(through_the_door.advisories.len(), 3);
    let error = "<Result xmlns='http://jvndb.jvn.jp/myjvn/Results' xmlns:status='http://jvndb.jvn.jp/myjvn/Status'>\
                 <status:Status method='getVulnDetailInfo' retCd='1' errCd='E' errMsg='m'/></Result>";
    let error = crate::advisory::read(error.as_bytes(), "f.xml", &Limits::DEFAULT);
    assert_eq!(codes(&error), [Code::SourceReportedError]);
}

#[test]
fn errors_inside_the_document_are_reported() {
    let failed =
        VULDEF.replace("retCd=\"0\" errCd=\"\" errMsg=\"\"", "retCd=\"1\" errCd=\"MJ0101\" errMsg=\"引数\"");
    let reading1 = reading(&failed);
    assert!(codes(&reading1).contains(&Code::SourceReportedError));
    let result = "<Result xmlns='http://jvndb.jvn.jp/myjvn/Results' xmlns:status='http://jvndb.jvn.jp/myjvn/Status'>\
                  <status:Status method='getVendorList' retCd='1' errCd='E' errMsg='m'/></Result>";
    assert_eq!(codes(&reading(result)), [Code::SourceReportedError]);
    let list = result.replace("retCd='1' errCd='E' errMsg='m'", "retCd='0' errCd='' errMsg=''");
    let list = reading(&list);
    assert_eq!(codes(&list), [Code::FormatUnsupported]);
    assert_eq!(list.diagnostics[0].params["version"], "getVendorList");
}

#[test]
fn short_feeds_and_empty_feeds_do_not_look_clean() {
    let short = VULDEF.replace("totalResRet=\"3\"", "totalResRet=\"3423\"");
    assert!(codes(&reading(&short)).contains(&Code::SpecViolation));
    let empty = "<VULDEF-Document xmlns='http://jvn.jp/vuldef/'/>";
    assert_eq!(codes(&reading(empty)), [Code::FieldMissing]);
    let none = "<VULDEF-Document xmlns='http://jvn.jp/vuldef/' xmlns:s='http://jvndb.jvn.jp/myjvn/Status'>\
                <s:Status retCd='0' errCd='' totalResRet='0'/></VULDEF-Document>";
    assert_eq!(codes(&reading(none)), [Code::SourcePlaceholder]);
    let nameless =
        "<VULDEF-Document xmlns='http://jvn.jp/vuldef/'><Vulinfo><VulinfoData/></Vulinfo></VULDEF-Document>";
    let nameless = reading(nameless);
    assert_eq!((codes(&nameless), nameless.rejected), (vec![Code::FieldMissing], 1));
}

#[test]
fn rss_of_others_is_not_read() {
    // The shape of JPCERT/CC's feed, as others have recorded it.
    let jpcert = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
        xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>JPCERT/CC</title></channel>\
        <item><title>見本に関する注意喚起 (公開)</title><dc:identifier>at260024</dc:identifier></item></rdf:RDF>";
    let reading = reading(jpcert);
    assert_eq!(codes(&reading), [Code::FormatUnsupported]);
    assert!(reading.advisories.is_empty());
}

#[test]
fn every_truncation_is_an_error_and_no_flipped_byte_panics() {
    for sample in [VULDEF, FEED] {
        let sample = sample.trim_end();
        for at in 0..sample.len() {
            let reading = read(&sample.as_bytes()[..at], "f", &Limits::DEFAULT);
            let worst = reading.diagnostics.iter().map(|d| d.severity()).max();
            assert_eq!(worst, Some(Severity::Error), "cut at {at}");
        }
        let mut bytes = sample.as_bytes().to_vec();
        for at in (0..bytes.len()).step_by(3) {
            for flip in [0x01, 0x9f] {
                bytes[at] ^= flip;
                read(&bytes, "f", &Limits::DEFAULT);
                bytes[at] ^= flip;
            }
        }
    }
}

#[test]
fn a_count_that_is_no_number_is_told_and_an_empty_one_is_not() {
    let with = |count: &str| {
        let text = VULDEF.replace("totalResRet=\"3\"", &format!("totalResRet=\"{count}\""));
        read(text.as_bytes(), "vuldef.xml", &Limits::DEFAULT)
    };
    let whole = codes(&with("3"));
    assert_eq!(codes(&with("")), whole);
    let odd = with("three");
    let told =
        odd.diagnostics.iter().find(|d| d.code == Code::FieldTolerated).expect("the odd count is told");
    assert_eq!(told.params["value"], "three");
    assert_eq!(odd.diagnostics.len(), whole.len() + 1);
}

fn genuine(relative: &str) -> Option<Reading> {
    let path = shindan_testdata::path(&format!("jvn/{relative}"))?;
    let bytes = std::fs::read(path).unwrap();
    Some(read(&bytes, relative, &Limits::DEFAULT))
}

#[test]
fn genuine_detail_feed() {
    let Some(reading) = genuine("myjvn/examples/hnd/dataFeed_jvndb_detail_hnd.xml") else { return };
    assert_eq!(reading.advisories.len(), 7);
    assert_eq!(codes(&reading), [Code::SpecViolation], "shortened: 2346 announced");
    let nec = reading.advisories.iter().find(|a| a.id == "JVNDB-2025-000002").unwrap();
    assert_eq!(ids(nec), ["CVE-2025-0354", "CVE-2025-0355", "CVE-2025-0356"]);
    assert_eq!(nec.affected.len(), 11);
    assert_eq!(nec.affected[0].vulnerabilities, [1]);
    let router = reading.advisories.iter().find(|a| a.id == "JVNDB-2025-000001").unwrap();
    assert_eq!(claim(&router.affected[0]), "<=1.05");
    assert_eq!(ids(router), ["CVE-2025-21603"]);
    let hitachi = reading.advisories.iter().find(|a| a.id == "JVNDB-2018-009328").unwrap();
    assert_eq!(ids(hitachi), ["JVNDB-2018-009328"], "no CVE");
    assert_eq!(claim(&hitachi.affected[1]), "=7.7 | =8.0 | =8.1");
    assert_eq!(hitachi.vulnerabilities[0].cvss.len(), 2);
    let airbag = reading.advisories.iter().find(|a| a.id == "JVNDB-2017-009608").unwrap();
    assert_eq!(airbag.affected[0].versions, VersionClaim::undetermined_text(""));
}

#[test]
fn genuine_yearly_details() {
    let Some(reading) = genuine("feeds/detail/jvndb_detail_2021.rdf") else { return };
    let log4j = &reading.advisories[0];
    assert_eq!(claim(&log4j.affected[0]), ">=2.13.0 <2.15.0");
    assert_eq!(claim(&log4j.affected[1]), ">=2.0-beta9 <2.12.1");
    assert_eq!(log4j.affected[1].product.product.as_deref(), Some("Apache Log4j core"));
    assert_eq!(claim(&log4j.affected[2]), "range-undetermined");
    let Some(reading) = genuine("feeds/detail/jvndb_detail_2022.rdf") else { return };
    assert_eq!(claim(&reading.advisories[0].affected[0]), "product-ambiguous");
    assert_eq!(claim(&reading.advisories[1].affected[0]), "<7.3.7");
    let Some(reading) = genuine("feeds/detail/jvndb_detail_2023.rdf") else { return };
    assert_eq!(claim(&reading.advisories[1].affected[0]), "<1.5.62");
}

#[test]
fn genuine_overviews() {
    let expected = [
        ("feeds/rss/jvndb.rdf", 1),
        ("feeds/rss/jvndb_2007.rdf", 1),
        ("feeds/rss/jvndb_2011.rdf", 1),
        ("feeds/rss/jvndb_2021.rdf", 1),
        ("feeds/rss/jvndb_2022.rdf", 3),
        ("feeds/rss/jvndb_2023.rdf", 2),
        ("feeds/rss/jvndb_new.rdf", 2),
        ("myjvn/examples/hnd/getVulnOverviewList_hnd.xml", 2),
    ];
    for (file, count) in expected {
        let Some(reading) = genuine(file) else { return };
        assert_eq!(reading.advisories.len(), count, "{file}: {:?}", reading.diagnostics);
        assert_eq!(reading.rejected, 0, "{file}: {:?}", reading.diagnostics);
        for affected in reading.advisories.iter().flat_map(|a| &a.affected) {
            assert!(
                matches!(affected.versions, VersionClaim::Undetermined { .. }),
                "{file}: never a version"
            );
        }
        assert!(reading.advisories.iter().all(|a| a.published.is_some() && a.modified.is_some()), "{file}");
    }
}

#[test]
fn genuine_files_that_do_not_parse_or_are_no_advisories() {
    // `retCd= 0`: what stands in front of the damage is read, and the damage is told with its line.
    let Some(reading) = genuine("myjvn/examples/hnd/dataFeed_jvndb_rss_hnd.xml") else { return };
    assert_eq!((codes(&reading), reading.rejected), (vec![Code::XmlInvalid], 1));
    assert_eq!(reading.advisories.len(), 4);
    assert!(reading.diagnostics[0].place.line >= Some(111), "{:?}", reading.diagnostics[0]);
    let lists = [
        "feeds/product/myjvn_product_202311.rdf",
        "myjvn/examples/hnd/getAlertList_hnd.xml",
        "myjvn/examples/hnd/getProductList_hnd.xml",
        "myjvn/examples/hnd/getStatistics_hnd_sumAll.xml",
        "myjvn/examples/hnd/getVendorList_hnd.xml",
        "myjvn/examples/hnd/dataFeed_myjvn_vendor_hnd.xml",
    ];
    for file in lists {
        let Some(reading) = genuine(file) else { return };
        assert_eq!(codes(&reading), [Code::FormatUnsupported], "{file}");
    }
}

#[test]
fn genuine_files_survive_damage() {
    let Some(path) =
        shindan_testdata::path("jvn/myjvn/examples/hnd/getVulnDetailInfo_hnd_JVNDB-2022-000097.xml")
    else {
        return;
    };
    let bytes = std::fs::read(path).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        let reading = read(&bytes[..at], "f", &Limits::DEFAULT);
        assert!(reading.diagnostics.iter().any(|d| d.severity() == Severity::Error), "cut at {at}");
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x15;
        read(&damaged, "f", &Limits::DEFAULT);
    }
}
