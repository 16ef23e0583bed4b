//! The sample with what others state about it: findings that somebody who knows the product calls not affected or
//! fixed, ends of support with their day, and the register of the hospital.

use std::sync::Arc;

use shindan_domain::advisory::{Justification, Status};
use shindan_domain::finding::{
    CheckResult, Confidence, Decided, Finding, Grounds, MatchMethod, NotAffected, VexOpinion,
    VulnerabilityFacts,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, AssetKind, Exposure};
use shindan_domain::priority::Decision;

use super::findings::monitor_finding;
use super::parts::{asset, basis, cvss, device, package, step, time};
use super::{DEVICES, SBOM, hospital};

/// The hospital with statements of its provider and with the days on which support ends.
pub fn stated() -> CheckResult {
    let mut result = hospital();
    for finding in &mut result.findings {
        if finding.vulnerability.kind == FindingKind::EndOfLife {
            let mut facts = finding.vulnerability.as_ref().clone();
            facts.support_end = Some("2025-10-14".to_owned());
            finding.vulnerability = Arc::new(facts);
        }
    }
    result.not_affected = vec![not_reachable(), fixed()];
    result
}

/// The assets of the hospital's device list; some of them lack what should be settled.
pub(super) fn register() -> Vec<Asset> {
    let listed = |id: &str, kind, place: &str, exposure| asset(id, kind, place, exposure).as_ref().clone();
    let gateway = listed("NW-001", AssetKind::RemoteMaintenance, "サーバ室", Some(Exposure::Open));
    let second = listed("NW-002", AssetKind::RemoteMaintenance, "健診センター", Some(Exposure::Open));
    let switch = listed("NW-031", AssetKind::NetworkDevice, "3F 配線盤", None);
    vec![
        gateway,
        second,
        switch,
        Asset {
            maker: Some("フィリップス".to_owned()),
            model: Some("IntelliVue MX800".to_owned()),
            firmware: Some("N.01".to_owned()),
            support_end: Some("2027-06-30".to_owned()),
            ..listed("ME-114", AssetKind::MedicalDevice, "ICU 3番", None)
        },
        Asset {
            maker: Some("Example Imaging".to_owned()),
            model: Some("PACS-3".to_owned()),
            os: Some("Windows Server 2016".to_owned()),
            support_end: Some("2025-10-14".to_owned()),
            ..listed("SV-020", AssetKind::Server, "サーバ室", Some(Exposure::Controlled))
        },
        Asset {
            asset_id: "=HYPERLINK(\"x\")".to_owned(),
            kind_text: Some("その他".to_owned()),
            support_end: Some("未定".to_owned()),
            ..Asset::default()
        },
    ]
}

fn not_reachable() -> NotAffected {
    NotAffected {
        finding: Finding {
            vulnerability: Arc::new(VulnerabilityFacts {
                id: "CVE-2022-22965".to_owned(),
                aliases: vec!["CVE-2022-22965".to_owned(), "GHSA-36p3-wjmg-h94x".to_owned()],
                title: "Remote Code Execution in Spring Framework".to_owned(),
                title_ja: Some(
                    "Spring Framework における不適切なデータバインディング処理による任意コード実行の脆弱性"
                        .to_owned(),
                ),
                cvss: Some(cvss("3.1", 98, "critical", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
                published: Some(time("2022-03-31T00:00:00Z")),
                ..VulnerabilityFacts::default()
            }),
            component: package("spring-beans", "5.3.17", "pkg:maven/org.springframework/spring-beans@5.3.17")
                .into(),
            asset: None,
            input: SBOM,
            grounds: Arc::new(Grounds {
                disputed: Vec::new(),
                advisories: vec!["GHSA-36p3-wjmg-h94x".to_owned()],
                bases: vec![
                    basis(
                        MatchMethod::Purl,
                        "pkg:maven/org.springframework/spring-beans",
                        ">=5.3.0 <5.3.18",
                        Confidence::High,
                    )
                    .says(
                        "GHSA-36p3-wjmg-h94x",
                        "GitHub",
                        "osv/Maven/all.zip!GHSA-36p3-wjmg-h94x.json#/affected/0",
                    ),
                ],
                fixed_versions: vec!["5.3.18".to_owned()],
            }),
            decided: Arc::new(Decided {
                priority: Decision::OutOfCycle,
                path: vec![step("exploitation", "public-poc", "cisa-ssvc", "2022-04-01", false)],
            }),
        },
        opinions: vec![VexOpinion {
            status: Status::NotAffected,
            update: None,
            justification: Some(Justification::VulnerableCodeCannotBeControlledByAdversary),
            impact: "実行可能 JAR で動作し、WAR として配備していない。".to_owned(),
            identifier: "pkg:maven/org.springframework/spring-beans@5.3.17".to_owned(),
            advisory: "SAMPLE-VEX-2026-004#CVE-2022-22965".to_owned(),
            source: "株式会社サンプル提供".to_owned(),
            place: "provider/viewer.vex.json#/vulnerabilities/3".to_owned(),
        }],
    }
}

fn fixed() -> NotAffected {
    let place = asset("ME-115", AssetKind::MedicalDevice, "ICU 4番", Some(Exposure::Small));
    let mut finding = monitor_finding(&place);
    finding.component = device("フィリップス", "IntelliVue MX800", "N.01 (A01-C)", "line 10").into();
    NotAffected {
        finding: Finding { input: DEVICES, ..finding },
        opinions: vec![VexOpinion {
            status: Status::Fixed,
            update: None,
            justification: None,
            impact: String::new(),
            identifier: "Philips / IntelliVue patient monitor MX800".to_owned(),
            advisory: "SAMPLE-VEX-2026-009".to_owned(),
            source: "Philips".to_owned(),
            place: "philips.openvex.json#/statements/0".to_owned(),
        }],
    }
}
