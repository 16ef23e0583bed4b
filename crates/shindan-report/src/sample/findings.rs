//! What is found in the sample: of every kind, by every way, with every end of its path.

use std::sync::Arc;

use shindan_domain::finding::{
    Confidence, Decided, Finding, Grounds, MatchMethod, NameReading, VulnerabilityFacts,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, AssetKind, Component, Exposure};
use shindan_domain::priority::Decision;

use super::parts::{asset, basis, cvss, device, epss, kev, package, step, time};
use super::{DEVICES, SBOM, opinions};

pub(super) fn findings() -> Vec<Finding> {
    let gateway = asset("NW-001", AssetKind::RemoteMaintenance, "サーバ室", Some(Exposure::Open));
    let second = asset("NW-002", AssetKind::RemoteMaintenance, "健診センター", Some(Exposure::Open));
    let monitor = asset("ME-114", AssetKind::MedicalDevice, "ICU 3番", None);
    let pacs = asset("SV-020", AssetKind::Server, "サーバ室", Some(Exposure::Controlled));
    let fortigate = |pointer: &str| device("Fortinet", "FortiGate-60F", "6.0.4", pointer);
    vec![
        fortinet_finding(ssl_vpn_traversal(), fortigate("line 2"), &gateway),
        fortinet_finding(ssl_vpn_traversal(), fortigate("line 3"), &second),
        log4j_finding(),
        Finding {
            vulnerability: Arc::new(out_of_bounds_write()),
            grounds: Arc::new(Grounds {
                advisories: vec!["CVE-2024-21762".to_owned(), "FG-IR-24-015".to_owned()],
                bases: vec![
                    basis(
                        MatchMethod::HardwareSoftware,
                        "Fortinet / FortiOS",
                        ">=6.0.0 <=6.0.17",
                        Confidence::High,
                    )
                    .says(
                        "CVE-2024-21762",
                        "CVE",
                        "cve5.zip!CVE-2024-21762.json#/containers/cna/affected/0",
                    ),
                ],
                fixed_versions: vec!["6.2.16".to_owned()],
                ..Grounds::default()
            }),
            decided: Arc::new(Decided {
                priority: Decision::OutOfCycle,
                path: fortinet_finding(out_of_bounds_write(), fortigate("line 2"), &gateway).path().to_vec(),
            }),
            ..fortinet_finding(out_of_bounds_write(), fortigate("line 2"), &gateway)
        },
        monitor_finding(&monitor),
        end_of_support(&pacs),
        unmaintained(),
    ]
}

fn fortinet_finding(facts: VulnerabilityFacts, component: Component, asset: &Arc<Asset>) -> Finding {
    Finding {
        vulnerability: Arc::new(facts),
        component: component.into(),
        asset: Some(Arc::clone(asset)),
        input: DEVICES,
        grounds: Arc::new(Grounds {
            advisories: vec!["CVE-2018-13379".to_owned(), "FG-IR-18-384".to_owned()],
            bases: vec![
                basis(
                    MatchMethod::HardwareSoftware,
                    "Fortinet / FortiOS",
                    ">=6.0.0 <=6.0.4",
                    Confidence::High,
                )
                .says(
                    "FG-IR-18-384",
                    "Fortinet",
                    "fortinet/fg-ir-18-384.json#/product_tree/branches/0",
                ),
                basis(
                    MatchMethod::Cpe,
                    "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*",
                    ">=6.0.0 <6.0.5",
                    Confidence::High,
                )
                .says(
                    "CVE-2018-13379",
                    "CVE",
                    "cve5.zip!CVE-2018-13379.json#/containers/cna/affected/0",
                ),
            ],
            fixed_versions: vec!["5.4.13".to_owned(), "5.6.8".to_owned(), "6.0.5".to_owned()],
            ..Grounds::default()
        }),
        decided: Arc::new(Decided {
            priority: Decision::Immediate,
            path: vec![
                step("exploitation", "active", "kev", "KEV 2021-11-03", false),
                step("exposure", "open", "asset-exposure", "インターネット", false),
                step("automatable", "yes", "cvss", "AV:N/AC:L/PR:N/UI:N", false),
                step("human-impact", "high", "asset-kind", "保守回線機器", false),
            ],
        }),
    }
}

pub(super) fn log4j_finding() -> Finding {
    Finding {
        vulnerability: Arc::new(VulnerabilityFacts {
            id: "CVE-2021-44228".to_owned(),
            aliases: vec!["CVE-2021-44228".to_owned(), "GHSA-jfh8-c2jp-5v3q".to_owned()],
            title: "Apache Log4j2 JNDI features do not protect against attacker controlled endpoints"
                .to_owned(),
            title_ja: Some("Apache Log4j における任意のコードが実行可能な脆弱性".to_owned()),
            cvss: Some(cvss("3.1", 100, "critical", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")),
            kev: Some(kev("CVE-2021-44228", "2021-12-10", "2021-12-24", true)),
            epss: Some(epss("0.97565", "0.99996")),
            published: Some(time("2021-12-10T00:00:00Z")),
            ..VulnerabilityFacts::default()
        }),
        component: package("log4j-core", "2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1")
            .into(),
        asset: None,
        input: SBOM,
        grounds: Arc::new(Grounds {
            advisories: vec!["GHSA-jfh8-c2jp-5v3q".to_owned(), "JVNDB-2021-005429".to_owned()],
            bases: vec![
                basis(
                    MatchMethod::Purl,
                    "pkg:maven/org.apache.logging.log4j/log4j-core",
                    ">=2.13.0 <2.15.0",
                    Confidence::High,
                )
                .says(
                    "GHSA-jfh8-c2jp-5v3q",
                    "GitHub",
                    "osv/Maven/all.zip!GHSA-jfh8-c2jp-5v3q.json#/affected/0",
                ),
            ],
            fixed_versions: vec!["2.15.0".to_owned()],
            ..Grounds::default()
        }),
        decided: Arc::new(Decided {
            priority: Decision::Immediate,
            path: vec![
                step("exploitation", "active", "kev", "KEV 2021-12-10", false),
                step("exposure", "controlled", "policy-default", "", true),
                step("automatable", "yes", "cvss", "AV:N/AC:L/PR:N/UI:N", false),
                step("human-impact", "very-high", "policy-default", "", true),
            ],
        }),
    }
}

pub(super) fn monitor_finding(asset: &Arc<Asset>) -> Finding {
    Finding {
        vulnerability: Arc::new(VulnerabilityFacts {
            id: "CVE-2020-16216".to_owned(),
            aliases: vec!["CVE-2020-16216".to_owned()],
            title: "Improper Input Validation".to_owned(),
            cvss: Some(cvss("3.1", 65, "medium", "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")),
            epss: Some(epss("0.00043", "")),
            published: Some(time("2020-09-10T00:00:00Z")),
            ..VulnerabilityFacts::default()
        }),
        component: device("フィリップス", "IntelliVue MX800", "N.01", "line 9").into(),
        asset: Some(Arc::clone(asset)),
        input: DEVICES,
        grounds: Arc::new(Grounds {
            advisories: vec!["ICSMA-20-254-01".to_owned()],
            bases: vec![
                basis(
                    MatchMethod::DeviceProduct,
                    "Philips / IntelliVue patient monitor MX400-MX850",
                    "<=N",
                    Confidence::Low,
                )
                .reads(NameReading::ModelInRange)
                .says(
                    "ICSMA-20-254-01",
                    "CISA",
                    "cisa-2017-2021.zip!icsma-20-254-01.json#/vulnerabilities/6",
                ),
            ],
            disputed: vec![opinions::contradicted()],
            fixed_versions: Vec::new(),
        }),
        decided: Arc::new(Decided {
            priority: Decision::Scheduled,
            path: vec![
                step("exploitation", "none", "epss", "EPSS 0.00043", false),
                step("exposure", "controlled", "policy-default", "", true),
                step("automatable", "no", "cvss", "AV:A/PR:N/UI:N", false),
                step("human-impact", "very-high", "asset-kind", "医療機器", false),
            ],
        }),
    }
}

fn end_of_support(asset: &Arc<Asset>) -> Finding {
    Finding {
        vulnerability: Arc::new(VulnerabilityFacts {
            id: "EOL:SV-020".to_owned(),
            aliases: vec!["EOL:SV-020".to_owned()],
            title: "Example Imaging PACS-3 <script>alert(1)</script>".to_owned(),
            kind: FindingKind::EndOfLife,
            support_end: Some("2025-10-15".to_owned()),
            ..VulnerabilityFacts::default()
        }),
        component: device("Example Imaging", "PACS-3 <script>alert(1)</script>", "3.4", "line 5").into(),
        asset: Some(Arc::clone(asset)),
        input: DEVICES,
        grounds: Arc::new(Grounds {
            advisories: Vec::new(),
            bases: vec![
                basis(
                    MatchMethod::SupportEnd,
                    "Example Imaging PACS-3 <script>alert(1)</script>",
                    "*",
                    Confidence::High,
                )
                .says("EOL:SV-020", "hospital/devices.csv", "hospital/devices.csv#line 5"),
            ],
            fixed_versions: Vec::new(),
            ..Grounds::default()
        }),
        decided: Arc::new(Decided {
            priority: Decision::Scheduled,
            path: vec![
                step("finding-kind", "end_of_life", "policy-rule", "shindan-default 1.0.0", false),
                step("exposure", "controlled", "policy-default", "", true),
            ],
        }),
    }
}

fn unmaintained() -> Finding {
    Finding {
        vulnerability: Arc::new(VulnerabilityFacts {
            id: "RUSTSEC-2021-0139".to_owned(),
            aliases: vec!["RUSTSEC-2021-0139".to_owned()],
            title: "ansi_term is Unmaintained".to_owned(),
            kind: FindingKind::Unmaintained,
            ..VulnerabilityFacts::default()
        }),
        component: package("ansi_term", "0.12.1", "pkg:cargo/ansi_term@0.12.1").into(),
        asset: None,
        input: SBOM,
        grounds: Arc::new(Grounds {
            advisories: vec!["RUSTSEC-2021-0139".to_owned()],
            bases: vec![basis(MatchMethod::Purl, "pkg:cargo/ansi_term", "*", Confidence::High).says(
                "RUSTSEC-2021-0139",
                "RustSec",
                "osv/crates.io/all.zip!RUSTSEC-2021-0139.json#/affected/0",
            )],
            fixed_versions: Vec::new(),
            ..Grounds::default()
        }),
        decided: Arc::new(Decided {
            priority: Decision::Defer,
            path: vec![
                step("exploitation", "none", "policy-default", "", true),
                step("exposure", "controlled", "policy-default", "", true),
                step("automatable", "no", "policy-default", "", true),
                step("human-impact", "medium", "policy-default", "", true),
            ],
        }),
    }
}

fn ssl_vpn_traversal() -> VulnerabilityFacts {
    VulnerabilityFacts {
        id: "CVE-2018-13379".to_owned(),
        aliases: vec!["CVE-2018-13379".to_owned()],
        title: "FortiOS SSL VPN web portal path traversal".to_owned(),
        title_ja: Some("FortiOS におけるパストラバーサルの脆弱性".to_owned()),
        cvss: Some(cvss("3.1", 98, "critical", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
        kev: Some(kev("CVE-2018-13379", "2021-11-03", "2022-05-03", true)),
        epss: Some(epss("0.97315", "0.99890")),
        published: Some(time("2019-06-04T00:00:00Z")),
        ..VulnerabilityFacts::default()
    }
}

pub(super) fn out_of_bounds_write() -> VulnerabilityFacts {
    VulnerabilityFacts {
        id: "CVE-2024-21762".to_owned(),
        aliases: vec!["CVE-2024-21762".to_owned()],
        title: "FortiOS out-of-bounds write in sslvpnd".to_owned(),
        cvss: Some(cvss("3.1", 98, "critical", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
        kev: Some(kev("CVE-2024-21762", "2024-02-09", "", false)),
        published: Some(time("2024-02-09T00:00:00Z")),
        ..VulnerabilityFacts::default()
    }
}
