//! CVSS scores against answers that were not written by us.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::Value;
use shindan_domain::cvss::{self, CvssError, CvssVersion};

/// Facts committed with the project: `vector,score,temporal or threat,environmental,whose answer`.
#[test]
fn committed_facts_hold() {
    let facts = include_str!("data/cvss-facts.csv");
    let mut by_version: BTreeMap<CvssVersion, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in facts.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split(',').collect();
        let [vector, base, later, environmental, _source] = columns[..] else {
            panic!("five columns expected: {line}");
        };
        let scores = cvss::score(vector).unwrap_or_else(|error| panic!("{line}: {error}"));
        *by_version.entry(scores.version).or_default() += 1;
        let computed_later = scores.temporal_x10.or(scores.threat_x10);
        for (printed, computed) in [
            (base, Some(scores.base_x10)),
            (later, computed_later),
            (environmental, scores.environmental_x10),
        ] {
            if !printed.is_empty() && Some(tenths(printed)) != computed {
                wrong.push(format!("{line}: computed {scores:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for version in CvssVersion::ALL {
        let count = by_version.get(&version).copied().unwrap_or(0);
        assert!(count >= 20, "only {count} facts for CVSS {version}");
    }
    assert!(by_version.values().sum::<usize>() >= 150, "{by_version:?}");
}

/// `7.5`, `10` or `10.0` to tenths, without floating point.
fn tenths(text: &str) -> u8 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    whole.parse::<u8>().expect("whole") * 10 + fraction.parse::<u8>().expect("one decimal")
}

/// What explains a printed score that is not our base score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Explained {
    Equal,
    /// The record prints a more specific score (temporal, threat, environmental) as its base score.
    PrintsSpecificAsBase,
    /// The record's tool computed the base score with v3.1's equation for the *modified* impact (specification 7.3
    /// instead of 7.1), which is a tenth higher for some vectors with a changed scope.
    UsesEnvironmentalEquation,
    /// The record prints no base score at all.
    NoScorePrinted,
    /// Looked at one by one; see `RECORD_ERRORS`.
    ListedRecordError,
}

/// Records whose printed score does not follow from their vector by any part of the specification:
/// (CVE, printed base score × 10). Those without a remark print the score of some other vector.
const RECORD_ERRORS: &[(&str, u8)] = &[
    ("CVE-2023-3932", 53),
    ("CVE-2023-44154", 46),
    ("CVE-2024-20848", 51),
    ("CVE-2024-28575", 84),
    // Fortinet: base 4.8, temporal 4.0; 4.4 is neither.
    ("CVE-2024-33509", 44),
    ("CVE-2024-36997", 46),
    ("CVE-2024-38863", 20),
    // Fortinet: base 4.3, temporal 3.9; 4.6 is neither.
    ("CVE-2024-45323", 46),
    ("CVE-2024-46902", 49),
    // 5.05 before rounding; two independent implementations give 5.1.
    ("CVE-2024-8642", 50),
    ("CVE-2024-9798", 53),
];

#[test]
fn every_vector_and_score_inside_the_cve_records_agrees() {
    let Some(path) = shindan_testdata::path("cve5/vulnrichment-half.zip") else { return };
    let file = std::fs::File::open(path).expect("open");
    let mut archive = zip::ZipArchive::new(file).expect("archive");
    let mut counts: BTreeMap<(String, Explained), usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut later_scores = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("entry");
        let name = entry.name().expect("entry name").into_owned();
        let Some(cve) = name.rsplit('/').next().and_then(|file| file.strip_suffix(".json")) else { continue };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("read");
        let record: Value = serde_json::from_slice(&bytes).expect("json");
        visit(&record, &mut |statement| {
            let version = statement["version"].as_str().unwrap_or("?").to_owned();
            match judge(cve, statement, &mut later_scores) {
                Ok(explained) => *counts.entry((version, explained)).or_default() += 1,
                Err(reason) => unexplained.push(format!("{cve}: {reason}")),
            }
        });
    }
    for ((version, explained), count) in &counts {
        println!("CVSS {version} {explained:?}: {count}");
    }
    println!("temporal and environmental scores compared: {later_scores}");
    unexplained.sort();
    unexplained.dedup();
    assert!(unexplained.is_empty(), "{} unexplained:\n{}", unexplained.len(), unexplained.join("\n"));
    let equal: usize = counts.iter().filter(|((_, e), _)| *e == Explained::Equal).map(|(_, n)| n).sum();
    let listed: usize =
        counts.iter().filter(|((_, e), _)| *e == Explained::ListedRecordError).map(|(_, n)| n).sum();
    assert_eq!(listed, RECORD_ERRORS.len(), "a listed error has gone: remove it from the list");
    assert!(equal > 20_000, "only {equal} pairs compared: the oracle has lost its data");
    assert!(later_scores > 500, "only {later_scores} temporal and environmental scores compared");
}

fn visit(value: &Value, found: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            if members.contains_key("vectorString") {
                found(value);
            }
            members.values().for_each(|member| visit(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

fn judge(cve: &str, statement: &Value, later_scores: &mut usize) -> Result<Explained, String> {
    let vector = statement["vectorString"].as_str().ok_or("vector is no text")?;
    let printed = &statement["baseScore"];
    let scores = cvss::score(vector).map_err(|error| format!("{vector}: {error}"))?;
    // Some records print the score as text.
    let as_tenths = |value: &Value| {
        let score = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        score.map(|score| (score * 10.0).round() as u8)
    };
    // Where a group is not defined, its score equals that of the group before.
    let temporal = scores.temporal_x10.unwrap_or(scores.base_x10);
    let environmental = scores.environmental_x10.unwrap_or(temporal);
    for (name, computed) in [("temporalScore", temporal), ("environmentalScore", environmental)] {
        if let Some(printed) = as_tenths(&statement[name]) {
            *later_scores += 1;
            if printed != computed && neutral_environmental(vector) != Some(printed) {
                return Err(format!("{vector}: {name} {printed} printed, {computed} computed"));
            }
        }
    }
    let Some(printed) = as_tenths(printed) else { return Ok(Explained::NoScorePrinted) };
    if printed == scores.base_x10 {
        return Ok(Explained::Equal);
    }
    let specific = [scores.temporal_x10, scores.threat_x10, scores.environmental_x10];
    if specific.contains(&Some(printed)) {
        return Ok(Explained::PrintsSpecificAsBase);
    }
    if scores.version == CvssVersion::V3_1 && neutral_environmental(vector) == Some(printed) {
        return Ok(Explained::UsesEnvironmentalEquation);
    }
    if RECORD_ERRORS.contains(&(cve, printed)) {
        return Ok(Explained::ListedRecordError);
    }
    Err(format!("{vector}: {printed} printed, computed {scores:?}"))
}

/// The environmental equation over unchanged metrics: `CR:M` is neutral, and makes it apply.
fn neutral_environmental(vector: &str) -> Option<u8> {
    cvss::score(&format!("{vector}/CR:M")).ok().and_then(|scores| scores.environmental_x10)
}

/// The tolerance that the records need, and the strictness that they do not break.
#[test]
fn errors_name_the_metric() {
    let cases: &[(&str, CvssError)] = &[
        ("", CvssError::Empty),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", CvssError::Missing { metrics: vec!["A"] }),
        ("CVSS:3.1/AV:N", CvssError::Missing { metrics: vec!["AC", "PR", "UI", "S", "C", "I", "A"] }),
        ("CVSS:3.1", CvssError::EmptyComponent),
        ("CVSS:3.1/", CvssError::EmptyComponent),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", CvssError::EmptyComponent),
        ("/AV:N/AC:M/Au:N/C:N/I:P/A:N", CvssError::EmptyComponent),
        ("AV:N/AC:M//Au:N/C:N/I:P/A:N", CvssError::EmptyComponent),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/AV:N", CvssError::Duplicate { metric: "AV" }),
        (
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q",
            CvssError::InvalidValue { metric: "A", value: "Q".into(), allowed: "N, L, H".into() },
        ),
        (
            "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            CvssError::InvalidValue { metric: "AV", value: "X".into(), allowed: "N, A, L, P".into() },
        ),
        (
            "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:N",
            CvssError::UnknownMetric { version: CvssVersion::V3_0, metric: "ZZ".into() },
        ),
        (
            "CVSS:3.1/av:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            CvssError::UnknownMetric { version: CvssVersion::V3_1, metric: "av".into() },
        ),
        (
            "CVSS:3.1/AV:n/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            CvssError::InvalidValue { metric: "AV", value: "n".into(), allowed: "N, A, L, P".into() },
        ),
        (
            "CVSS:3.1/ AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            CvssError::UnknownMetric { version: CvssVersion::V3_1, metric: " AV".into() },
        ),
        (
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ",
            CvssError::InvalidValue { metric: "A", value: "H ".into(), allowed: "N, L, H".into() },
        ),
        ("CVSS:3.1/AV:N/ACL/PR:N/UI:N/S:U/C:H/I:H/A:H", CvssError::Malformed { component: "ACL".into() }),
        (
            "cvss:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            CvssError::UnknownVersion { found: "cvss:3.1".into() },
        ),
        ("CVSS:5.0/AV:N", CvssError::UnknownVersion { found: "CVSS:5.0".into() }),
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", CvssError::PrefixMissing),
        ("(AV:N/AC:M/Au:N/C:N/I:P/A:N", CvssError::Parenthesis),
        ("AV:N/AC:M/Au:N/C:N/I:P/A:N)", CvssError::Parenthesis),
        ("((AV:N/AC:M/Au:N/C:N/I:P/A:N))", CvssError::Parenthesis),
        ("(CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H)", CvssError::Parenthesis),
        ("AV:N/AC:M/Au:N/C:N/I:P", CvssError::Missing { metrics: vec!["A"] }),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
            CvssError::Missing { metrics: vec!["SA"] },
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",
            CvssError::InvalidValue { metric: "SI", value: "S".into(), allowed: "H, L, N".into() },
        ),
    ];
    for (vector, expected) in cases {
        assert_eq!(cvss::score(vector).as_ref(), Err(expected), "{vector}");
    }
    let long = "A".repeat(401);
    assert_eq!(cvss::score(&long), Err(CvssError::TooLong { length: 401, limit: 400 }));
}

#[test]
fn tolerated_forms_have_the_same_score() {
    let plain = cvss::score("AV:N/AC:M/Au:N/C:N/I:P/A:N").expect("plain");
    assert_eq!(plain.score_x10, 43);
    assert_eq!(plain.severity.as_str(), "medium");
    for form in
        ["(AV:N/AC:M/Au:N/C:N/I:P/A:N)", "CVSS:2.0/AV:N/AC:M/Au:N/C:N/I:P/A:N", "A:N/I:P/C:N/Au:N/AC:M/AV:N"]
    {
        assert_eq!(cvss::score(form), Ok(plain), "{form}");
    }
    // Both orders of v4 are in published records.
    let v4 = cvss::score("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N").expect("v4");
    let mixed =
        cvss::score("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/SC:N/VI:H/SI:N/VA:H/SA:N").expect("mixed");
    assert_eq!(v4, mixed);
}

#[test]
fn of_several_opinions_the_newest_version_counts_then_the_highest_score() {
    let v2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
    let low = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N";
    let high = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let chosen = |vectors: &[&'static str]| cvss::newest_and_highest(vectors.iter().copied()).map(|(v, _)| v);
    assert_eq!(chosen(&[v2, low, high]), Some(high));
    assert_eq!(chosen(&[v2, low]), Some(low));
    assert_eq!(chosen(&["CVSS:3.1/AV:N", v2]), Some(v2));
    assert_eq!(chosen(&["CVSS:4.0/"]), None);
}

#[test]
fn not_defined_counts_as_absent() {
    let plain = cvss::score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").expect("plain");
    let spelled = cvss::score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:X/RL:X/RC:X/CR:X/MAV:X");
    assert_eq!(spelled, Ok(plain));
    assert_eq!((plain.temporal_x10, plain.environmental_x10), (None, None));
}

#[test]
fn the_way_of_the_attack_is_read_from_every_version() {
    let cases = [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(true), "AV:N/PR:N/UI:N"),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", Some(false), "AV:N/PR:L/UI:N"),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", Some(false), "AV:N/PR:N/UI:R"),
        ("CVSS:3.0/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(false), "AV:A/PR:N/UI:N"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some(true), "AV:N/PR:N/UI:N"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some(false), "AV:N/PR:N/UI:P"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/AU:N", Some(false), "AU:N"),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", Some(true), "AV:N/AC:L/Au:N"),
        ("AV:N/AC:M/Au:N/C:C/I:C/A:C", None, "AV:N/AC:M/Au:N"),
        ("AV:N/AC:M/Au:S/C:C/I:C/A:C", Some(false), "AV:N/AC:M/Au:S"),
    ];
    for (vector, automatable, evidence) in cases {
        let points = cvss::vector_points(vector).expect(vector);
        assert_eq!(points.is_automatable(), automatable, "{vector}");
        assert_eq!(points.evidence(), evidence);
    }
}

mod properties {
    use proptest::prelude::*;
    use shindan_domain::cvss;

    fn v3_vector() -> impl Strategy<Value = String> {
        let base = (
            prop::sample::select(vec!["3.0", "3.1"]),
            "(AV:[NALP]/AC:[LH]/PR:[NLH]/UI:[NR]/S:[UC]/C:[NLH]/I:[NLH]/A:[NLH])",
            "(/E:[XUPFH])?(/RL:[XOTWU])?(/RC:[XURC])?",
            "(/CR:[XLMH])?(/AR:[XLMH])?(/MAV:[XNALP])?(/MPR:[XNLH])?(/MS:[XUC])?(/MC:[XNLH])?",
        );
        base.prop_map(|(version, base, temporal, environmental)| {
            format!("CVSS:{version}/{base}{temporal}{environmental}")
        })
    }

    fn v4_vector() -> impl Strategy<Value = String> {
        let base = "AV:[NALP]/AC:[LH]/AT:[NP]/PR:[NLH]/UI:[NPA]/VC:[HLN]/VI:[HLN]/VA:[HLN]/SC:[HLN]/SI:[HLN]/SA:[HLN]";
        let rest = "(/E:[XAPU])?(/CR:[XLMH])?(/MAV:[XNALP])?(/MSI:[XSHLN])?(/MVA:[XHLN])?(/S:[XNP])?(/U:(Clear|Red))?";
        (base, rest).prop_map(|(base, rest)| format!("CVSS:4.0/{base}{rest}"))
    }

    fn v2_vector() -> impl Strategy<Value = String> {
        let base = "AV:[LAN]/AC:[HML]/Au:[MSN]/C:[NPC]/I:[NPC]/A:[NPC]";
        let rest = "(/E:(U|POC|F|H|ND))?(/RL:(OF|TF|W|U|ND))?(/RC:(UC|UR|C|ND))?(/CDP:(N|L|LM|MH|H|ND))?(/TD:[NLMH])?";
        (base, rest).prop_map(|(base, rest)| format!("{base}{rest}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(text in ".{0,120}") {
            let _ = cvss::score(&text);
            let _ = cvss::vector_points(&text);
        }

        #[test]
        fn never_panics_on_mutated_vectors(text in v4_vector(), cut in 0usize..60, insert in "[A-Z:/ ]{0,3}") {
            let mut mutated: String = text.chars().take(cut).collect();
            mutated.push_str(&insert);
            mutated.extend(text.chars().skip(cut));
            let truncated: String = text.chars().take(cut).collect();
            let _ = cvss::score(&mutated);
            // 60 characters never hold all eleven metrics of v4.
            prop_assert!(cvss::score(&truncated).is_err(), "{}", truncated);
        }

        #[test]
        fn valid_vectors_have_scores_in_bounds(text in prop_oneof![v2_vector(), v3_vector(), v4_vector()]) {
            let scores = cvss::score(&text).expect("valid");
            let all = [Some(scores.base_x10), scores.temporal_x10, scores.threat_x10, scores.environmental_x10];
            prop_assert!(all.into_iter().flatten().all(|score| score <= 100));
            prop_assert!(all.contains(&Some(scores.score_x10)));
            // Temporal and threat metrics can only lower a score.
            prop_assert!(scores.temporal_x10.is_none_or(|score| score <= scores.base_x10));
            prop_assert!(scores.threat_x10.is_none_or(|score| score <= scores.base_x10));
            prop_assert!(cvss::vector_points(&text).is_ok());
        }

        #[test]
        fn order_does_not_matter(text in prop_oneof![v3_vector(), v4_vector()], turn in 0usize..30) {
            let (prefix, body) = text.split_once('/').expect("prefix");
            let mut parts: Vec<&str> = body.split('/').collect();
            let turn = turn % parts.len();
            parts.rotate_left(turn);
            prop_assert_eq!(cvss::score(&format!("{prefix}/{}", parts.join("/"))), cvss::score(&text));
        }
    }
}
