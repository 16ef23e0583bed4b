//! Why one component of the sample is judged as it is: every rule once.

use shindan_domain::advisory::Status;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::explanation::{
    Applied, Candidate, CandidateOutcome, ExplainedComponent, Explanation, Rule, TriedIdentity,
};
use shindan_domain::finding::MatchMethod;
use shindan_domain::inventory::SharedComponent;

use super::{DEVICES, SBOM, hospital, opinions};

/// Two components of one name: one that is hit, and one about which nothing is known.
pub fn explanation() -> Explanation {
    let result = hospital();
    let hit = result.findings.iter().find(|finding| finding.asset.is_some()).cloned();
    let component = hit.as_ref().map(|finding| finding.component.clone()).unwrap_or_default();
    let asset = hit.as_ref().and_then(|finding| finding.asset.clone());
    let undetermined = result.undetermined.iter().filter(|entry| entry.vulnerability.is_some()).cloned();
    Explanation {
        as_of: result.as_of,
        asked: "fortigate-60f".to_owned(),
        knowledge: result.knowledge.clone(),
        inputs: result.inputs.clone(),
        components: vec![
            ExplainedComponent {
                component,
                asset,
                input: DEVICES,
                identities: identities(),
                passed_over: vec![Applied {
                    reason: Some((Code::ProductUnknown, params(&[("product", "cpe:/o:example:fortios")]))),
                    ..Applied::new(Rule::OtherIdentityJudged).with("code", "product-unknown")
                }],
                candidates: candidates(),
                merges: [Rule::AliasMerged, Rule::AliasRefused, Rule::AliasWithdrawn].map(every).to_vec(),
                findings: hit.into_iter().collect(),
                not_affected: opinions::not_affected(),
                undetermined: undetermined.collect(),
            },
            ExplainedComponent {
                component: SharedComponent::default(),
                asset: None,
                input: SBOM,
                identities: Vec::new(),
                passed_over: Vec::new(),
                candidates: Vec::new(),
                merges: Vec::new(),
                findings: Vec::new(),
                not_affected: Vec::new(),
                undetermined: Vec::new(),
            },
        ],
        remarks: result.remarks,
    }
}

fn identities() -> Vec<TriedIdentity> {
    let rules = [
        (MatchMethod::HardwareSoftware, Rule::RunsSoftware, 14),
        (MatchMethod::DeviceProduct, Rule::MakerAlias, 0),
        (MatchMethod::DeviceProduct, Rule::NamesResemble, 2),
        (MatchMethod::Cpe, Rule::AsSpecified, 1),
    ];
    rules
        .into_iter()
        .map(|(method, rule, statements)| TriedIdentity {
            method,
            written: "フォーティネット / FortiGate-60F".to_owned(),
            looked_up: "Fortinet / FortiOS".to_owned(),
            rule: every(rule),
            statements,
        })
        .collect()
}

/// A rule with something for each of its parameters.
fn every(rule: Rule) -> Applied {
    let values = [
        ("written", "フォーティネット"),
        ("maker", "fortinet"),
        ("pattern", "FortiGate*"),
        ("product", "Fortinet / FortiOS"),
        ("version", "6.0.4"),
        ("range", ">=6.0.0 <=6.0.4"),
        ("theirs", "12"),
        ("own", "11"),
        ("update", "KB5033372"),
        ("installed", "KB5034122"),
        ("advisory", "VEX-2026-003"),
        ("source", "Fortinet"),
        ("first", "CVE-2018-13379"),
        ("second", "CVE-2018-13380"),
    ];
    Applied { params: params(&values), ..Applied::new(rule) }
}

fn params(values: &[(&str, &str)]) -> Params {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// One candidate for each rule that a statement can meet, the first of them with what followed.
fn candidates() -> Vec<Candidate> {
    let candidate = |(number, (outcome, rules)): (usize, (CandidateOutcome, Vec<Rule>))| Candidate {
        vulnerability: format!("CVE-2018-{}", 13_379 + number),
        advisory: "FG-IR-18-384".to_owned(),
        source: "Fortinet".to_owned(),
        place: "fortinet/fg-ir-18-384.json#/product_tree/branches/0".to_owned(),
        method: MatchMethod::HardwareSoftware,
        identifier: "Fortinet / FortiOS".to_owned(),
        status: if outcome == CandidateOutcome::Denies { Status::NotAffected } else { Status::Affected },
        versions: if rules.contains(&Rule::AllVersions) { "*" } else { ">=6.0.0 <=6.0.4" }.to_owned(),
        rules: rules
            .into_iter()
            .map(|rule| {
                let open = matches!(rule, Rule::Undetermined | Rule::ClearsNothing);
                let reason = open.then(|| (Code::VersionMissing, params(&[("name", "FortiGate-60F")])));
                Applied { reason, ..every(rule) }
            })
            .collect(),
        outcome,
    };
    use CandidateOutcome as O;
    let all = vec![
        (O::Taken, vec![Rule::InRange]),
        (O::Taken, vec![Rule::AllVersions]),
        (O::Denied, vec![Rule::InRange, Rule::Denied]),
        (O::Denied, vec![Rule::InRange, Rule::Superseded]),
        (O::Open, vec![Rule::Undetermined]),
        (O::Denies, vec![Rule::Denies]),
        (O::Dropped, vec![Rule::Denies, Rule::Contradicted]),
        (O::Dropped, vec![Rule::NotInRange]),
        (O::Dropped, vec![Rule::OtherRelease]),
        (O::Dropped, vec![Rule::OtherEdition]),
        (O::Dropped, vec![Rule::OutsideProduct]),
        (O::Dropped, vec![Rule::UpdateInstalled]),
        (O::Dropped, vec![Rule::UpdateReplaced]),
        (O::Dropped, vec![Rule::Withdrawn]),
        (O::Dropped, vec![Rule::ClearsWithin]),
        (O::Dropped, vec![Rule::ClearsNothing]),
        (O::Dropped, vec![Rule::InRange, Rule::ClearedByItself]),
        (O::Dropped, vec![Rule::Undetermined, Rule::AnsweredByHit]),
        (O::Dropped, vec![Rule::Undetermined, Rule::AnsweredByVersions]),
        (O::Dropped, vec![Rule::Undetermined, Rule::AnsweredByDenial]),
        (O::Dropped, vec![Rule::Undetermined, Rule::SaidAlready]),
    ];
    all.into_iter().enumerate().map(candidate).collect()
}
