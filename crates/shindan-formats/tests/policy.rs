//! The decision table and the policy of `catalog/policy/`, and decisions made with them.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

use shindan_domain::advisory::{KevEntry, SsvcPoints};
use shindan_domain::cvss::vector_points;
use shindan_domain::diagnostic::Code;
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{AssetKind, Exposure};
use shindan_domain::priority::{
    Decision, DecisionTable, Exploitation, HumanImpact, ORIGINS, POINTS, PathStep, PointValues, Policy,
    PriorityInputs, decide,
};
use shindan_formats::builtin;
use shindan_formats::catalog::{read_catalog, read_crosswalk};
use shindan_formats::policy::{read_decision_table, read_policy};

const TABLE: &str = include_str!("../../../catalog/policy/ssvc-deployer.toml");
const POLICY: &str = include_str!("../../../catalog/policy/default.toml");

#[test]
fn the_built_in_files_are_those_of_the_catalog_folder() {
    assert_eq!(builtin::DECISION_TABLE.1, TABLE.as_bytes());
    assert_eq!(builtin::POLICY.1, POLICY.as_bytes());
    assert!(read_crosswalk(builtin::PACKS).value.is_some());
}

fn table() -> DecisionTable {
    let reading = read_decision_table("ssvc-deployer.toml", TABLE.as_bytes());
    assert!(reading.diagnostics.is_empty(), "{:#?}", reading.diagnostics);
    reading.value.expect("table")
}

fn policy() -> Policy {
    let reading = read_policy("default.toml", POLICY.as_bytes());
    assert!(reading.diagnostics.is_empty(), "{:#?}", reading.diagnostics);
    reading.value.expect("policy")
}

#[test]
fn all_rows_equal_those_of_the_ssvc_project() {
    let name = "ssvc/decision_tables/ssvc/deployer_patch_application_priority_1_0_0.json";
    let Some(path) = shindan_testdata::path(name) else { return };
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path).expect("read")).expect("json");
    let key = |row: &serde_json::Value, point: &str| row[point].as_str().expect("key").to_owned();
    let mut official: Vec<(Vec<&str>, Decision)> = json["mapping"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let exploitation = match key(row, "ssvc:E:1.1.0").as_str() {
                "N" => "none",
                "P" => "poc",
                "A" => "active",
                other => panic!("{other}"),
            };
            let exposure = match key(row, "ssvc:EXP:1.0.1").as_str() {
                "S" => "small",
                "C" => "controlled",
                "O" => "open",
                other => panic!("{other}"),
            };
            let automatable = if key(row, "ssvc:A:2.0.0") == "Y" { "yes" } else { "no" };
            let impact = match key(row, "ssvc:HI:2.0.2").as_str() {
                "L" => "low",
                "M" => "medium",
                "H" => "high",
                "VH" => "very-high",
                other => panic!("{other}"),
            };
            let outcome = match key(row, "ssvc:DSOI:1.0.0").as_str() {
                "D" => Decision::Defer,
                "S" => Decision::Scheduled,
                "O" => Decision::OutOfCycle,
                "I" => Decision::Immediate,
                other => panic!("{other}"),
            };
            (vec![exploitation, exposure, automatable, impact], outcome)
        })
        .collect();
    let table = table();
    let mut ours: Vec<(Vec<&str>, Decision)> = table.rows().collect();
    official.sort();
    ours.sort();
    assert_eq!(ours.len(), 72);
    assert_eq!(ours, official);
}

/// The outcomes of the 72 rows in the order of the SSVC project's file (facts), for a clone without the test data.
const OUTCOMES: &str = "DDSSDSSSDSSSSSSSDSSSSSSODSSSSSSSDSSSSSSOSSSOSSOOSSOOSOOOSSOOOOOOSOOIOOII";

#[test]
fn all_rows_equal_the_committed_facts() {
    let table = table();
    assert_eq!(table.id(), "ssvc:DT_DP:1.0.0");
    let letter = |decision| match decision {
        Decision::Defer => 'D',
        Decision::Scheduled => 'S',
        Decision::OutOfCycle => 'O',
        Decision::Immediate => 'I',
    };
    assert_eq!(table.rows().map(|(_, outcome)| letter(outcome)).collect::<String>(), OUTCOMES);
    let at = |exploitation, exposure, automatable, human_impact| {
        table.outcome(&PointValues { exploitation, exposure, automatable, human_impact })
    };
    use {Exploitation as E, Exposure as X, HumanImpact as H};
    assert_eq!(at(E::None, X::Small, false, H::Low), Decision::Defer);
    assert_eq!(at(E::None, X::Open, true, H::VeryHigh), Decision::OutOfCycle);
    assert_eq!(at(E::Poc, X::Open, true, H::High), Decision::OutOfCycle);
    assert_eq!(at(E::Active, X::Open, false, H::VeryHigh), Decision::Immediate);
    assert_eq!(at(E::Active, X::Open, true, H::High), Decision::Immediate);
    assert_eq!(at(E::Active, X::Controlled, true, H::VeryHigh), Decision::OutOfCycle);
    assert_eq!(at(E::Active, X::Small, false, H::Low), Decision::Scheduled);
}

/// A worse answer to any question never lowers the urgency.
#[test]
fn the_table_is_monotonous() {
    let table = table();
    let all: Vec<PointValues> = every_answer();
    for a in &all {
        for b in &all {
            let worse = a.exploitation <= b.exploitation
                && a.exposure <= b.exposure
                && a.automatable <= b.automatable
                && a.human_impact <= b.human_impact;
            assert!(!worse || table.outcome(b) <= table.outcome(a), "{a:?} {b:?}");
        }
    }
}

fn every_answer() -> Vec<PointValues> {
    let mut all = Vec::new();
    for exploitation in Exploitation::ALL {
        for exposure in [Exposure::Small, Exposure::Controlled, Exposure::Open] {
            for automatable in [false, true] {
                for human_impact in HumanImpact::ALL {
                    all.push(PointValues { exploitation, exposure, automatable, human_impact });
                }
            }
        }
    }
    all
}

fn kev() -> KevEntry {
    KevEntry {
        cve: "CVE-2024-21762".into(),
        date_added: "2024-02-09".into(),
        due_date: "2024-02-16".into(),
        ransomware: true,
    }
}

fn ssvc(exploitation: &str, automatable: &str) -> SsvcPoints {
    SsvcPoints {
        exploitation: Some(exploitation.to_owned()),
        automatable: Some(automatable.to_owned()),
        ..SsvcPoints::default()
    }
}

/// `point=value (origin: evidence)`, with `*` after defaulted values.
fn shown(path: &[PathStep]) -> Vec<String> {
    for step in path {
        assert!(ORIGINS.contains(&step.origin), "{}", step.origin);
        assert!(POINTS.contains(&step.point), "{}", step.point);
    }
    let star = |step: &PathStep| if step.defaulted { "*" } else { "" };
    path.iter()
        .map(|step| {
            format!("{}={}{} ({}: {})", step.point, step.value, star(step), step.origin, step.evidence)
        })
        .collect()
}

#[test]
fn a_vpn_gateway_under_attack_is_immediate_and_says_why() {
    let (kev, ssvc) = (kev(), ssvc("Active", "Yes"));
    let inputs = PriorityInputs {
        kev: Some(&kev),
        epss: Some("0.92"),
        ssvc: Some(&ssvc),
        asset_kind: Some(AssetKind::RemoteMaintenance),
        asset_kind_text: Some("保守回線機器"),
        exposure: Some(Exposure::Open),
        exposure_text: Some("インターネット"),
        ..PriorityInputs::default()
    };
    let (decision, path) = decide(&inputs, &policy(), &table());
    assert_eq!(decision, Decision::Immediate);
    assert_eq!(
        shown(&path),
        [
            "exploitation=active (kev: KEV 2024-02-09)",
            "exposure=open (asset-exposure: インターネット)",
            "automatable=yes (cisa-ssvc: CISA SSVC yes)",
            "human-impact=very-high (asset-kind: 保守回線機器)",
        ]
    );
}

#[test]
fn missing_inputs_are_named_and_defaulted() {
    let (decision, path) = decide(&PriorityInputs::default(), &policy(), &table());
    assert_eq!(decision, Decision::Scheduled);
    assert_eq!(
        shown(&path),
        [
            "exploitation=none* (policy-default: )",
            "exposure=controlled* (policy-default: )",
            "automatable=yes* (policy-default: )",
            "human-impact=high* (policy-default: )",
        ]
    );
}

#[test]
fn exploitation_takes_the_first_source_that_knows() {
    let policy = policy();
    let table = table();
    let cases: &[(Option<&str>, Option<&str>, &str)] = &[
        (None, Some("0.1"), "exploitation=poc (epss: EPSS 0.1 ≥ 0.1)"),
        (None, Some("0.0999999"), "exploitation=none* (policy-default: EPSS 0.0999999 < 0.1)"),
        (None, Some("5e-05"), "exploitation=none* (policy-default: EPSS \"5e-05\" (?))"),
        (Some("none"), None, "exploitation=none (cisa-ssvc: CISA SSVC none)"),
        (Some("None"), Some("0.00005"), "exploitation=none (cisa-ssvc: CISA SSVC none)"),
        (Some("none"), Some("0.97567"), "exploitation=poc (epss: EPSS 0.97567 ≥ 0.1, CISA SSVC none)"),
        (Some("PoC"), Some("0.97567"), "exploitation=poc (cisa-ssvc: CISA SSVC poc)"),
        (Some("public poc"), None, "exploitation=poc (cisa-ssvc: CISA SSVC poc)"),
        (Some("ACTIVE"), Some("0.01"), "exploitation=active (cisa-ssvc: CISA SSVC active)"),
        (Some("soon"), None, "exploitation=none* (policy-default: CISA SSVC soon (?))"),
    ];
    for (stated, epss, expected) in cases {
        let points = stated.map(|stated| ssvc(stated, "no"));
        let inputs = PriorityInputs { ssvc: points.as_ref(), epss: *epss, ..PriorityInputs::default() };
        let (_, path) = decide(&inputs, &policy, &table);
        assert_eq!(shown(&path)[0], *expected);
    }
    let mut strict = policy;
    strict.exploitation.epss_raises_ssvc = false;
    let points = ssvc("none", "no");
    let inputs = PriorityInputs { ssvc: Some(&points), epss: Some("0.97"), ..PriorityInputs::default() };
    let (_, path) = decide(&inputs, &strict, &table);
    assert_eq!(shown(&path)[0], "exploitation=none (cisa-ssvc: CISA SSVC none)");
}

#[test]
fn automatable_comes_from_cisa_then_from_cvss() {
    let cases: &[(Option<&str>, Option<&str>, &str)] = &[
        (
            Some("No"),
            Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            "automatable=no (cisa-ssvc: CISA SSVC no)",
        ),
        (
            None,
            Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            "automatable=yes (cvss: AV:N/PR:N/UI:N)",
        ),
        (None, Some("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), "automatable=no (cvss: AV:L/PR:N/UI:N)"),
        (None, Some("AV:N/AC:M/Au:N/C:P/I:P/A:P"), "automatable=yes* (policy-default: AV:N/AC:M/Au:N)"),
        (Some("maybe"), None, "automatable=yes* (policy-default: CISA SSVC maybe (?))"),
    ];
    for (stated, vector, expected) in cases {
        let points = stated.map(|stated| ssvc("none", stated));
        let attack = vector.map(|vector| vector_points(vector).expect("vector"));
        let inputs =
            PriorityInputs { ssvc: points.as_ref(), attack: attack.as_ref(), ..PriorityInputs::default() };
        let (_, path) = decide(&inputs, &policy(), &table());
        assert_eq!(shown(&path)[2], *expected);
    }
}

#[test]
fn exposure_and_impact_come_from_the_ledger_then_from_the_kind() {
    let cases = [
        (None, Some("院内のみ?"), None, None, "exposure=controlled* (policy-default: \"院内のみ?\" (?))"),
        (
            None,
            None,
            Some(AssetKind::RemoteMaintenance),
            None,
            "exposure=open* (asset-kind: remote-maintenance)",
        ),
        (
            None,
            Some("??"),
            Some(AssetKind::RemoteMaintenance),
            Some("VPN装置"),
            "exposure=open* (asset-kind: VPN装置, \"??\" (?))",
        ),
        (
            Some(Exposure::Small),
            Some("閉域"),
            Some(AssetKind::RemoteMaintenance),
            None,
            "exposure=small (asset-exposure: 閉域)",
        ),
    ];
    for (exposure, exposure_text, asset_kind, asset_kind_text, expected) in cases {
        let inputs =
            PriorityInputs { exposure, exposure_text, asset_kind, asset_kind_text, ..Default::default() };
        let (_, path) = decide(&inputs, &policy(), &table());
        assert_eq!(shown(&path)[1], expected);
    }
    let unknown = PriorityInputs { asset_kind_text: Some("謎の箱"), ..Default::default() };
    let (_, path) = decide(&unknown, &policy(), &table());
    assert_eq!(shown(&path)[3], "human-impact=high* (policy-default: \"謎の箱\" (?))");
}

#[test]
fn findings_that_are_no_vulnerabilities_have_their_own_rows() {
    let cases = [
        (FindingKind::Unmaintained, None, Decision::Defer),
        (FindingKind::Unmaintained, Some(Exposure::Open), Decision::Scheduled),
        (FindingKind::Unsound, None, Decision::Defer),
        (FindingKind::EndOfLife, Some(Exposure::Small), Decision::Scheduled),
        (FindingKind::EndOfLife, Some(Exposure::Open), Decision::OutOfCycle),
        (FindingKind::Misconfiguration, Some(Exposure::Open), Decision::OutOfCycle),
    ];
    for (kind, exposure, expected) in cases {
        let inputs = PriorityInputs { kind, exposure, ..PriorityInputs::default() };
        let (decision, path) = decide(&inputs, &policy(), &table());
        assert_eq!(decision, expected, "{kind} {exposure:?}");
        assert_eq!(path.len(), 2);
        let first = format!("finding-kind={} (policy-rule: shindan-default 1.0.0)", kind.as_str());
        assert_eq!(shown(&path)[0], first);
    }
}

#[test]
fn every_kind_of_asset_has_a_value_in_the_policy() {
    let policy = policy();
    assert_eq!(policy.table, table().id());
    for kind in AssetKind::ALL {
        assert!(
            policy.exposure.by_kind.get(kind).is_some() && policy.human_impact.by_kind.get(kind).is_some()
        );
    }
}

#[test]
fn bad_policies_are_refused_with_line_and_field() {
    let line_of = |text: &str| POLICY.lines().position(|line| line == text).expect(text) as u64 + 1;
    let threshold = line_of("epss_threshold = \"0.1\"");
    let section = line_of("[exploitation]");
    let cases: &[(&str, &str, Code, u64, &str)] = &[
        ("\"0.1\"", "0.1", Code::FieldInvalid, threshold, "exploitation.epss_threshold"),
        ("\"0.1\"", "\"10%\"", Code::FieldInvalid, threshold, "exploitation.epss_threshold"),
        (
            "\"0.1\"",
            "\"0.1000000000000000001\"",
            Code::FieldInvalid,
            threshold,
            "exploitation.epss_threshold",
        ),
        ("epss_threshold", "epss_treshold", Code::FieldUnknown, threshold, "exploitation.epss_treshold"),
        ("epss_threshold", "epss_treshold", Code::FieldMissing, section, "exploitation.epss_threshold"),
        ("kev = \"active\"", "kev = \"Active\"", Code::FieldInvalid, section + 1, "exploitation.kev"),
        (
            "shindan.policy/1",
            "shindan.policy/2",
            Code::FieldInvalid,
            line_of("schema = \"shindan.policy/1\""),
            "schema",
        ),
        (
            "raises_ssvc = true",
            "raises_ssvc = \"yes\"",
            Code::FieldInvalid,
            line_of("epss_raises_ssvc = true"),
            "exploitation.epss_raises_ssvc",
        ),
        (
            "terminal = \"medium\"\n",
            "",
            Code::FieldMissing,
            line_of("[human_impact.by_kind]"),
            "human_impact.by_kind.terminal",
        ),
        (
            "[kinds.unsound]",
            "[kinds.unsounds]",
            Code::FieldUnknown,
            line_of("[kinds.unsound]"),
            "kinds.unsounds",
        ),
    ];
    for (from, to, code, line, field) in cases {
        let text = POLICY.replacen(from, to, 1);
        assert_ne!(text, POLICY, "{from}");
        let reading = read_policy("own.toml", text.as_bytes());
        assert!(reading.value.is_none(), "accepted: {to}");
        let found = reading.diagnostics.iter().any(|d| {
            d.code == *code && d.place.line == Some(*line) && d.place.field.as_deref() == Some(*field)
        });
        assert!(found, "{to}: {:#?}", reading.diagnostics);
    }
}

#[test]
fn bad_tables_are_refused() {
    let refused = |from: &str, to: &str| {
        let text = TABLE.replacen(from, to, 1);
        assert_ne!(text, TABLE, "{from}");
        let reading = read_decision_table("own.toml", text.as_bytes());
        assert!(reading.value.is_none(), "accepted: {to}");
        let first = &reading.diagnostics[0];
        (first.code, first.params.get("reason").cloned().unwrap_or_default())
    };
    let row = TABLE.lines().find(|line| line.contains("[\"active\", \"open\",       \"yes\"")).expect("row");
    let (code, reason) = refused(row, "");
    assert_eq!(
        (code, reason.contains("active / open / yes / low")),
        (Code::DecisionTableInvalid, true),
        "{reason}"
    );
    let (code, reason) = refused(row, &format!("{row}\n{row}"));
    assert_eq!((code, reason.contains("repeats")), (Code::DecisionTableInvalid, true), "{reason}");
    assert_eq!(refused("\"controlled\"", "\"closed\"").0, Code::DecisionTableInvalid);
    assert_eq!(refused("\"defer\"", "\"later\"").0, Code::FieldInvalid);
    assert_eq!(refused("\"defer\",        \"defer\"", "\"defer\"").0, Code::FieldInvalid);
    assert_eq!(refused("\"human-impact\"]", "\"mission\"]").0, Code::FieldInvalid);
    assert_eq!(refused("points = [", "points = []\nother = [").0, Code::FieldMissing);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    const PACK: &str = include_str!("../../../catalog/mhlw-6.0.toml");

    /// Cuts, inserts and repeats inside one of our files.
    fn mutated() -> impl Strategy<Value = String> {
        let source = prop::sample::select(vec![TABLE, POLICY, PACK]);
        (source, 0.0f64..1.0, 0usize..40, "[\\[\\]{}=\"',.a-z0-9\\n◎-]{0,6}").prop_map(
            |(text, at, cut, insert)| {
                let characters: Vec<char> = text.chars().collect();
                let at = (characters.len() as f64 * at) as usize;
                let (before, after) = characters.split_at(at);
                let rest = after.iter().skip(cut);
                before.iter().copied().chain(insert.chars()).chain(rest.copied()).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn mutated_files_are_read_or_explained(text in mutated()) {
            let bytes = text.as_bytes();
            let table = read_decision_table("t", bytes);
            prop_assert!(table.value.is_some() || !table.diagnostics.is_empty());
            let policy = read_policy("p", bytes);
            prop_assert!(policy.value.is_some() || !policy.diagnostics.is_empty());
            let catalog = read_catalog("c", bytes);
            prop_assert!(catalog.value.is_some() || !catalog.diagnostics.is_empty());
        }

        #[test]
        fn decisions_are_made_from_any_input(
            epss in ".{0,12}",
            exploitation in ".{0,12}",
            automatable in ".{0,12}",
            exposure in ".{0,12}",
        ) {
            let points = ssvc(&exploitation, &automatable);
            let inputs = PriorityInputs {
                epss: Some(&epss),
                ssvc: Some(&points),
                exposure_text: Some(&exposure),
                ..PriorityInputs::default()
            };
            let (_, path) = decide(&inputs, &policy(), &table());
            prop_assert_eq!(path.len(), 4);
        }
    }
}
