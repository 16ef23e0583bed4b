//! What somebody who knows the product denies.

use shindan_domain::advisory::{Justification, Status};
use shindan_domain::finding::{NotAffected, VexOpinion};

use super::findings::log4j_finding;

/// A library whose dangerous part the provider's application does not use, and one that an update has mended.
pub(super) fn not_affected() -> Vec<NotAffected> {
    let finding = log4j_finding();
    let stated = VexOpinion {
        status: Status::NotAffected,
        justification: Some(Justification::VulnerableCodeNotInExecutePath),
        impact: "JNDI は <b>無効</b>にして出荷しています。".to_owned(),
        identifier: "pkg:maven/org.apache.logging.log4j/log4j-core".to_owned(),
        advisory: "VEX-2026-003".to_owned(),
        source: "株式会社サンプル電子カルテ".to_owned(),
        place: "vex/vex-2026-003.json#/statements/0".to_owned(),
        update: None,
    };
    let fixed = VexOpinion {
        status: Status::Fixed,
        justification: None,
        impact: String::new(),
        identifier: "Example / EHR Server".to_owned(),
        advisory: "EXAMPLE-2026-14".to_owned(),
        source: "Example".to_owned(),
        place: "example.json#/updates/3".to_owned(),
        update: Some("KB5034122".to_owned()),
    };
    vec![
        NotAffected { finding: finding.clone(), opinions: vec![stated] },
        NotAffected { finding, opinions: vec![fixed] },
    ]
}

/// A maker's word that somebody of the same weight contradicts.
pub(super) fn contradicted() -> VexOpinion {
    VexOpinion {
        status: Status::NotAffected,
        justification: Some(Justification::InlineMitigationsAlreadyExist),
        impact: String::new(),
        identifier: "Philips / IntelliVue MX800".to_owned(),
        advisory: "VEX-MX800-1".to_owned(),
        source: "Philips".to_owned(),
        place: "vex/mx800.json#/vulnerabilities/0".to_owned(),
        update: None,
    }
}
