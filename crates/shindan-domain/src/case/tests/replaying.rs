//! An analysis can be replayed from its frozen inputs.

use super::*;
use crate::case::analysis::{Replay, RiskAnalysis};
use crate::case::found::Score;
use crate::identifier::FindingKind;
use crate::inventory::{AssetKind, Exposure};
use crate::localised::Localised;
use crate::priority::{
    AutomatableRule, ByKind, DecisionPoint, DecisionTable, Exploitation, ExploitationRule, ExposureRule,
    HumanImpact, HumanImpactRule, KindRules, Policy as Rules, PriorityInputs, decide,
};

fn rules(default: bool) -> Rules {
    let row = [Decision::Scheduled; 3];
    Rules {
        id: "r".to_owned(),
        version: "1".to_owned(),
        title: Localised { ja: "規則".to_owned(), en: "rules".to_owned() },
        table: "t".to_owned(),
        exploitation: ExploitationRule {
            kev: Exploitation::Active,
            epss_threshold: "0.1".parse().unwrap(),
            epss_at_or_above: Exploitation::Poc,
            epss_raises_ssvc: true,
            default: Exploitation::None,
        },
        exposure: ExposureRule { by_kind: ByKind::empty(), default: Exposure::Controlled },
        automatable: AutomatableRule { default },
        human_impact: HumanImpactRule { by_kind: ByKind::empty(), default: HumanImpact::High },
        kinds: KindRules { misconfiguration: row, unmaintained: row, unsound: row, end_of_life: row },
    }
}

fn table() -> DecisionTable {
    let points = vec![DecisionPoint::Exploitation, DecisionPoint::Automatable];
    let outcome = |exploitation: usize, automatable: usize| match exploitation + automatable {
        0 => Decision::Defer,
        1 => Decision::Scheduled,
        2 => Decision::OutOfCycle,
        _ => Decision::Immediate,
    };
    let rows = DecisionPoint::Exploitation.values().iter().enumerate().flat_map(|(e, exploitation)| {
        DecisionPoint::Automatable
            .values()
            .iter()
            .enumerate()
            .map(move |(a, automatable)| (vec![*exploitation, *automatable], outcome(e, a)))
    });
    DecisionTable::new("t", points, rows).unwrap()
}

#[test]
fn the_same_rules_give_the_same_path_and_other_rules_are_told() {
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let attack = crate::cvss::vector_points(vector).unwrap();
    let live = PriorityInputs {
        kind: FindingKind::Vulnerability,
        epss: Some("0.2"),
        attack: Some(&attack),
        asset_kind: Some(AssetKind::MedicalDevice),
        exposure: Some(Exposure::Open),
        exposure_text: Some("公開"),
        ..PriorityInputs::default()
    };
    let (outcome, path) = decide(&live, &rules(false), &table());
    let score = Score {
        version: "3.1".to_owned(),
        score_x10: 98,
        severity: "critical".to_owned(),
        vector: vector.to_owned(),
    };
    let told = Told::open(&[hit(1, 1)], None);
    let mut frozen = inputs(&told.case);
    let vulnerability = frozen.vulnerabilities.get_mut(&cve(1)).unwrap();
    vulnerability.cvss = vec![score];
    vulnerability.epss = Some("0.2".to_owned());
    frozen.exposure = Some(Exposure::Open);
    frozen.exposure_text = Some("公開".to_owned());
    frozen.role = Some(AssetKind::MedicalDevice);
    frozen.outcome = outcome;
    frozen.path = path.iter().map(FrozenStep::from).collect();
    let written = serde_json::to_string(&frozen).unwrap();
    let analysis = |inputs: AnalysisInputs| RiskAnalysis { inputs, by: person(0), at: time(0) };
    let read = analysis(serde_json::from_str(&written).unwrap());
    assert_eq!(outcome, Decision::OutOfCycle);
    assert_eq!(read.replay(&rules(false), &table()), Replay::Same);

    let mut milder = read.inputs.clone();
    milder.vulnerabilities.get_mut(&cve(1)).unwrap().epss = Some("0.01".to_owned());
    let replay = analysis(milder).replay(&rules(false), &table());
    assert!(matches!(replay, Replay::Differs { outcome: Decision::Scheduled, .. }), "{replay:?}");
    let newer = Rules { version: "2".to_owned(), ..rules(false) };
    assert_eq!(read.replay(&newer, &table()), Replay::OtherRules);
}
