//! JVN: the HND (XML) form of each record against the OKA (JSON) form of the same record, which MyJVN itself parsed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::version::{Bound, VersionRange};

use crate::workbench::Workbench;

/// Maker and product → ranges; one entry `?` for a text that OKA left unparsed, with the number of its phrases.
type Ranges = BTreeMap<(String, String), BTreeSet<String>>;

/// What OKA says: `jvn_extension.affected[].versions[]`, in the form of CVE 5 entries.
fn of_oka(document: &Value) -> Ranges {
    let mut out = Ranges::new();
    for affected in document["jvn_extension"]["affected"].as_array().into_iter().flatten() {
        let text = |field: &str| affected[field].as_str().unwrap().to_owned();
        let ranges = out.entry((text("vendor"), text("product"))).or_default();
        for version in affected["versions"].as_array().unwrap() {
            assert_eq!(version["status"], "affected");
            let start = version["version"].as_str().unwrap();
            let ends = (version["lessThan"].as_str(), version["lessThanOrEqual"].as_str());
            ranges.insert(match (start, ends) {
                ("", _) => "?".to_owned(),
                (start, (Some(end), _)) => format!(">={start} <{end}"),
                (start, (None, Some(end))) => format!(">={start} <={end}"),
                (start, (None, None)) => format!("={start}"),
            });
        }
    }
    out
}

/// What `kb show` says about one JVN record.
fn of_show(shown: &Value, id: &str) -> Ranges {
    let mut out = Ranges::new();
    let opinions = shown["opinions"].as_array().unwrap();
    let opinion = opinions.iter().find(|o| o["id"] == id).unwrap_or_else(|| panic!("{id}: {shown}"));
    for affected in opinion["affected"].as_array().unwrap() {
        let text = |field: &str| affected[field].as_str().unwrap().to_owned();
        let ranges = out.entry((text("vendor"), text("product"))).or_default();
        for range in affected["ranges"].as_array().unwrap() {
            ranges.insert(written(range));
        }
        if affected["state"] == "undetermined" {
            ranges.insert("undetermined".to_owned());
        }
        assert_ne!(affected["state"], "all", "{id} says all versions nowhere");
    }
    out
}

fn written(range: &Value) -> String {
    let bound = |field: &str| range[field].as_str().filter(|text| *text != "0").map(str::to_owned);
    let upper = match (bound("fixed"), bound("last_affected")) {
        (Some(fixed), _) => Bound::Exclusive(fixed),
        (None, Some(last)) => Bound::Inclusive(last),
        (None, None) => Bound::Unbounded,
    };
    let lower = bound("introduced").map_or(Bound::Unbounded, Bound::Inclusive);
    VersionRange { scheme: range["scheme"].as_str().unwrap().parse().unwrap(), lower, upper }.to_string()
}

fn oka(name: &str) -> Option<Value> {
    let path = shindan_testdata::path(&format!("jvn/myjvn/examples/oka/getVulnDetailInfo_oka_{name}.json"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn product(vendor: &str, product: &str) -> (String, String) {
    (vendor.to_owned(), product.to_owned())
}

#[test]
fn both_forms_of_a_record_give_the_same_ranges() {
    let Some(folder) = shindan_testdata::path("jvn/myjvn/examples/hnd") else { return };
    let details = ["JVNDB-2017-009608", "JVNDB-2018-009328", "JVNDB-2021-002774", "JVNDB-2022-000097"];
    let files: Vec<_> =
        details.iter().map(|id| folder.join(format!("getVulnDetailInfo_hnd_{id}.xml"))).collect();
    let bench = Workbench::with("jvn-forms", &files);
    let mut compared = 0;
    for id in details {
        let Some(document) = oka(id) else { return };
        assert_eq!(document["document"]["tracking"]["id"], id);
        let (theirs, ours) = (of_oka(&document), of_show(&bench.show(id), id));
        println!("{id}\n  OKA {theirs:?}\n  HND {ours:?}");
        match id {
            // No version in either form: undetermined, never "all versions".
            "JVNDB-2017-009608" => {
                assert!(theirs.is_empty());
                assert_eq!(ours[&product("PCU", "PCU")], BTreeSet::from(["undetermined".to_owned()]));
            }
            // OKA has an empty string beside the Japanese text; we read four editions from the same text.
            "JVNDB-2021-002774" => {
                assert_eq!(theirs.values().next().unwrap(), &BTreeSet::from(["?".to_owned()]));
                let editions: BTreeMap<&str, &str> = ours
                    .iter()
                    .map(|((_, product), ranges)| (product.as_str(), ranges.first().unwrap().as_str()))
                    .collect();
                let expected = [
                    ("Trend Micro ServerProtect for EMC Celerra", "<5.8 (Build 1577)"),
                    ("Trend Micro ServerProtect for NetApp", "<5.8 (Build 1299)"),
                    ("Trend Micro ServerProtect for Storage", "<6.0 (Build 1284)"),
                    ("Trend Micro ServerProtect for Windows", "<5.8 (Build 1575)"),
                ];
                assert_eq!(editions, BTreeMap::from(expected));
            }
            // OKA's example leaves the products' versions out altogether.
            "JVNDB-2022-000097" => {
                assert!(theirs.is_empty());
                let name = product("一般財団法人日本建設情報総合センター", "電子入札コアシステム");
                assert_eq!(ours[&name], BTreeSet::from(["<=v6 R4".to_owned()]));
            }
            _ => {
                assert_eq!(theirs.len(), 2);
                assert_eq!(theirs, ours, "{id}");
            }
        }
        compared += 1;
    }
    assert_eq!(compared, 4);
}

/// Our readers of both forms against each other: products and ranges, through the whole pipeline.
#[test]
fn both_forms_are_read_alike() {
    let Some(folder) = shindan_testdata::path("jvn/myjvn/examples") else { return };
    let details = ["JVNDB-2017-009608", "JVNDB-2018-009328", "JVNDB-2021-002774", "JVNDB-2022-000097"];
    let form = |form: &str, ending: &str| -> Workbench {
        let name = |id: &&str| folder.join(form).join(format!("getVulnDetailInfo_{form}_{id}.{ending}"));
        let mut files: Vec<_> = details.iter().map(name).collect();
        if form == "oka" {
            // Overviews of some of the same entries: they must not take the place of the details.
            files.push(folder.join("oka/getVulnOverviewList_oka.json"));
            files.push(folder.join("oka/dataFeed_jvndb_rss_oka.json"));
            files.push(folder.join("oka/getVulnDetailInfo_oka_JVNDB-2017-009608_jvnstix.json"));
        }
        Workbench::with(&format!("jvn-{form}"), &files)
    };
    let (hnd, oka) = (form("hnd", "xml"), form("oka", "json"));
    let mut statements = 0;
    for id in details {
        let (theirs, ours) = (of_show(&hnd.show(id), id), of_show(&oka.show(id), id));
        statements += ours.len();
        if id == "JVNDB-2022-000097" {
            // OKA's example leaves the versions out.
            assert!(theirs.keys().eq(ours.keys()), "{theirs:?} {ours:?}");
            assert!(ours.values().all(|ranges| *ranges == BTreeSet::from(["undetermined".to_owned()])));
            continue;
        }
        assert_eq!(theirs, ours, "{id}");
    }
    println!("JVN: {} records alike in both forms, {statements} products", details.len());
    assert_eq!(statements, 8);
}

/// The record that MyJVN's documents make up has every kind of range that OKA can express; the description is the
/// Japanese text that the HND form would carry.
#[test]
fn descriptions_of_oka_parse_to_its_own_ranges() {
    let Some(document) = oka("jvncsaf") else { return };
    let mut compared = 0;
    for affected in document["jvn_extension"]["affected"].as_array().unwrap() {
        for version in affected["versions"].as_array().unwrap() {
            let description = version["description"].as_str().unwrap();
            let one = serde_json::json!({"jvn_extension": {"affected": [
                {"vendor": "v", "product": "p", "versions": [version]}
            ]}});
            let theirs = of_oka(&one).remove(&product("v", "p")).unwrap();
            let text = description.strip_prefix("バージョン").unwrap().trim();
            let parsed = shindan_formats::range_text::parse(text, shindan_domain::version::Scheme::Generic);
            let shindan_domain::version::VersionClaim::Ranged { ranges, except } = parsed.claim else {
                panic!("{description}: {:?}", parsed.claim)
            };
            assert!(except.is_empty());
            let ours: BTreeSet<String> = ranges.iter().map(ToString::to_string).collect();
            // "1.0.6未満" begins nowhere; OKA writes 0.0.0 for that.
            let theirs: BTreeSet<String> = theirs.iter().map(|r| r.replace(">=0.0.0 ", "")).collect();
            assert_eq!(ours, theirs, "{description}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
}

#[test]
fn every_version_phrase_is_a_range_or_undetermined() {
    let (Some(feeds), Some(hnd)) =
        (shindan_testdata::path("jvn/feeds/detail"), shindan_testdata::path("jvn/myjvn/examples/hnd"))
    else {
        return;
    };
    let mut texts = BTreeSet::new();
    for entry in [&feeds, &hnd].into_iter().flat_map(|f| std::fs::read_dir(f).unwrap()) {
        let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
        for piece in text.split("<VersionNumber>").skip(1) {
            texts.insert(piece.split('<').next().unwrap().trim().to_owned());
        }
    }
    let bench = Workbench::with("jvn-phrases", &[feeds, hnd]);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    shindan_app::knowledge::export(&bench.folder(), |shown| {
        for affected in shown.advisories.iter().flat_map(|a| &a.affected) {
            for line in affected.text.lines() {
                let claim = format!("{:?}", affected.versions);
                assert!(
                    !claim.starts_with("All") || line.contains("すべて") || line.contains('全'),
                    "{line}"
                );
                seen.insert(line.trim().to_owned(), claim);
            }
        }
        Ok(())
    })
    .unwrap();
    let lost: Vec<_> = texts.iter().filter(|text| !seen.contains_key(*text)).collect();
    let undetermined = seen.values().filter(|claim| claim.starts_with("Undetermined")).count();
    println!("JVN: {} phrases in the files, {undetermined} undetermined, {} lost", texts.len(), lost.len());
    assert!(texts.len() >= 25, "{}", texts.len());
    assert!(lost.is_empty(), "{lost:?}");
}
