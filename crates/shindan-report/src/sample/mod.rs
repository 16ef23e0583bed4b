//! A check result made by hand, rich enough that every part of every report has something to show. The facts (ids,
//! versions, ranges) are real; the hospital is not.

mod crosswalk;
mod explanation;
mod opinions;
mod stated;
mod verdict;
mod wording;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use shindan_domain::advisory::KevEntry;
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::finding::{
    CheckResult, Confidence, Coverage, CvssScore, Decided, EcosystemCoverage, EpssScore, Finding, Grounds,
    InputReport, MatchBasis, MatchMethod, NameReading, Undetermined, VulnerabilityFacts,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, AssetKind, Component, Exposure, InventoryKind};
use shindan_domain::knowledge::{KnowledgeSummary, SourceSummary};
use shindan_domain::priority::{Decision, PathStep};

pub use crosswalk::crosswalk;
pub use explanation::explanation;
pub use stated::stated;
pub use verdict::{verdict, verified_at};
pub use wording::wording;

const DEVICES: usize = 0;
const SBOM: usize = 1;

/// A hospital with VPN gateways, PACS, patient monitors and a provider's application; one input is unreadable, one
/// source is out of date.
pub fn hospital() -> CheckResult {
    let findings = findings();
    CheckResult {
        as_of: time("2026-11-22T08:40:00Z"),
        knowledge: knowledge(),
        inputs: inputs(),
        coverage: Coverage {
            components: 214,
            judged: 203,
            undetermined: 13,
            by_method: BTreeMap::from([
                ("cpe", 6),
                ("device-model", 3),
                ("device-product", 11),
                ("hardware-software", 4),
                ("purl", 179),
            ]),
            ecosystems: vec![
                EcosystemCoverage { name: "Maven".to_owned(), components: 182, advisories: 5_310 },
                EcosystemCoverage { name: "Hex".to_owned(), components: 2, advisories: 0 },
                EcosystemCoverage { name: "device".to_owned(), components: 30, advisories: 1_270 },
            ],
            patched_by_unsettled: 4,
        },
        not_affected: opinions::not_affected(),
        undetermined: undetermined(),
        findings,
        remarks: Vec::new(),
    }
}

/// The same hospital three weeks later with nothing found and old knowledge: what is not known must still be said.
pub fn nothing_found() -> CheckResult {
    let mut result = hospital();
    result.findings.clear();
    result.as_of = time("2026-12-11T08:40:00Z");
    result.remarks = vec![
        Diagnostic::new(Code::KnowledgeStaleAllowed, Place::default())
            .with("newest", "2026-11-20")
            .with("days", 21)
            .with("limit", 14),
    ];
    result
}

/// `count` findings over `count / 10` assets, for size and time.
pub fn many(count: usize) -> CheckResult {
    let mut result = hospital();
    let seeds = std::mem::take(&mut result.findings);
    result.findings = (0..count).zip(seeds.iter().cycle()).map(|(n, seed)| numbered(seed, n)).collect();
    result.findings.sort_by_key(Finding::priority);
    result
}

fn numbered(seed: &Finding, n: usize) -> Finding {
    let mut finding = seed.clone();
    let mut asset = seed.asset.as_deref().cloned().unwrap_or_default();
    asset.asset_id = format!("PC-{:05}", n / 10);
    finding.asset = Some(Arc::new(asset));
    let mut facts = seed.vulnerability.as_ref().clone();
    facts.id = format!("CVE-2026-{:05}", 10_000 + n % 977);
    finding.vulnerability = Arc::new(facts);
    finding
}

fn inputs() -> Vec<InputReport> {
    vec![
        InputReport {
            path: "hospital/devices.csv".to_owned(),
            kind: Some(InventoryKind::DeviceList),
            subject: None,
            components: 30,
            assets: stated::register(),
            diagnostics: vec![
                Diagnostic::new(Code::DeviceFieldMissing, Place::file("hospital/devices.csv").at_line(14))
                    .with("row", 14)
                    .with("field", "firmware"),
                Diagnostic::new(Code::ColumnUnknown, Place::file("hospital/devices.csv").at_line(1))
                    .with("column", "備考"),
            ],
        },
        InputReport {
            path: "provider/viewer.cdx.json".to_owned(),
            kind: Some(InventoryKind::CyclonedxJson),
            subject: Some("画像ビューア 5.2 <試験>".to_owned()),
            components: 184,
            assets: Vec::new(),
            diagnostics: Vec::new(),
        },
        InputReport {
            path: "provider/portal.cdx.json".to_owned(),
            kind: None,
            subject: None,
            components: 0,
            assets: Vec::new(),
            diagnostics: vec![
                Diagnostic::new(Code::JsonInvalid, Place::file("provider/portal.cdx.json").at_line(812))
                    .with("reason", "EOF while parsing a string"),
            ],
        },
    ]
}

fn knowledge() -> KnowledgeSummary {
    KnowledgeSummary {
        generation: 3,
        built_at: Some(time("2026-11-21T21:00:00Z")),
        newest: Some(time("2026-11-20T00:00:00Z")),
        documents: 1_502,
        advisories: 6_733,
        vulnerabilities: 5_901,
        rejected: 2,
        sources: vec![
            source("CISA", &["csaf"], 1_270, 1_270, 0, Some("2026-11-18T00:00:00Z")),
            source("CISA KEV", &["kev"], 1, 1_404, 0, Some("2026-11-20T00:00:00Z")),
            source("FIRST EPSS", &["epss"], 1, 3_000, 0, Some("2026-11-20T00:00:00Z")),
            source("JVN iPedia", &["jvnrss", "vuldef"], 230, 1_059, 2, Some("2026-11-01T00:00:00Z")),
            source("院内メモ", &["csaf"], 1, 1, 0, None),
        ],
    }
}

fn source(
    name: &str,
    formats: &[&str],
    documents: u64,
    advisories: u64,
    rejected: u64,
    newest: Option<&str>,
) -> SourceSummary {
    let rejection = Diagnostic::new(Code::XmlInvalid, Place::file("feeds/jvndb_detail_2026.rdf").at_line(4))
        .with("reason", "mismatched end tag");
    SourceSummary {
        name: name.to_owned(),
        formats: formats.iter().map(|f| (*f).to_owned()).collect(),
        documents,
        advisories,
        rejected,
        rejections: if rejected > 0 { vec![rejection] } else { Vec::new() },
        warnings: if rejected > 0 {
            BTreeMap::from([("date-invalid".to_owned(), 7)])
        } else {
            BTreeMap::new()
        },
        newest: newest.map(time),
    }
}

fn findings() -> Vec<Finding> {
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
        component: Arc::new(component),
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

fn log4j_finding() -> Finding {
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
        component: Arc::new(package(
            "log4j-core",
            "2.14.1",
            "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
        )),
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

fn monitor_finding(asset: &Arc<Asset>) -> Finding {
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
        component: Arc::new(device("フィリップス", "IntelliVue MX800", "N.01", "line 9")),
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
        component: Arc::new(device("Example Imaging", "PACS-3 <script>alert(1)</script>", "3.4", "line 5")),
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
        component: Arc::new(package("ansi_term", "0.12.1", "pkg:cargo/ansi_term@0.12.1")),
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

fn out_of_bounds_write() -> VulnerabilityFacts {
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

fn undetermined() -> Vec<Undetermined> {
    let xray = device("Example X-ray", "DR-9", "V1.2", "line 12");
    let pump = device("Phillips", "Infusion <b>7</b>", "", "line 14");
    let switch = asset("NW-031", AssetKind::NetworkDevice, "3F 配線盤", None);
    let mut entries = vec![
        open(xray, Some(&switch), DEVICES, Code::MakerUnknown, &[("maker", "Example X-ray")]),
        open(pump, None, DEVICES, Code::VersionMissing, &[("name", "Phillips Infusion <b>7</b>")]),
        open(
            package("plug", "1.11.0", "pkg:hex/plug@1.11.0"),
            None,
            SBOM,
            Code::EcosystemNotCovered,
            &[("ecosystem", "Hex")],
        ),
        Undetermined {
            vulnerability: Some(Arc::new(out_of_bounds_write())),
            advisory: Some("JVNDB-2024-003091".to_owned()),
            ..open(
                device("Fortinet", "FortiGate-60F", "6.0.4", "line 2"),
                Some(&asset("NW-001", AssetKind::RemoteMaintenance, "サーバ室", Some(Exposure::Open))),
                DEVICES,
                Code::RangeUndetermined,
                &[("text", "一部のバージョン(詳細はベンダ情報を参照)")],
            )
        },
    ];
    entries.extend((0..9).map(|n| {
        let name = format!("内製部品-{n}");
        let component =
            Component { name: name.clone(), pointer: format!("/components/{n}"), ..Component::default() };
        open(component, None, SBOM, Code::IdentifierMissing, &[("name", &name)])
    }));
    entries
}

fn open(
    component: Component,
    asset: Option<&Arc<Asset>>,
    input: usize,
    code: Code,
    params: &[(&str, &str)],
) -> Undetermined {
    Undetermined {
        component: Arc::new(component),
        asset: asset.cloned(),
        input,
        vulnerability: None,
        advisory: None,
        code,
        params: params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Params>().into(),
    }
}

fn asset(id: &str, kind: AssetKind, place: &str, exposure: Option<Exposure>) -> Arc<Asset> {
    Arc::new(Asset {
        asset_id: id.to_owned(),
        kind: Some(kind),
        place: Some(place.to_owned()),
        exposure,
        patched_by: (kind != AssetKind::MedicalDevice).then(|| "株式会社サンプル保守".to_owned()),
        ..Asset::default()
    })
}

fn device(maker: &str, model: &str, firmware: &str, pointer: &str) -> Component {
    let firmware = (!firmware.is_empty()).then(|| firmware.to_owned());
    Component {
        name: format!("{maker} {model}"),
        version: firmware.clone(),
        maker: Some(maker.to_owned()),
        model: Some(model.to_owned()),
        firmware,
        pointer: pointer.to_owned(),
        ..Component::default()
    }
}

fn package(name: &str, version: &str, purl: &str) -> Component {
    Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: Some(purl.to_owned()),
        pointer: "/components/17".to_owned(),
        ..Component::default()
    }
}

/// A basis that still lacks who says so.
struct Half(MatchBasis);

fn basis(method: MatchMethod, identifier: &str, range: &str, confidence: Confidence) -> Half {
    Half(MatchBasis {
        method,
        identifier: identifier.to_owned(),
        range: range.to_owned(),
        advisory: String::new(),
        source: String::new(),
        place: String::new(),
        confidence,
        reading: None,
    })
}

impl Half {
    fn reads(mut self, reading: NameReading) -> Half {
        self.0.reading = Some(reading);
        self
    }

    fn says(mut self, advisory: &str, source: &str, place: &str) -> MatchBasis {
        self.0.advisory = advisory.to_owned();
        self.0.source = source.to_owned();
        self.0.place = place.to_owned();
        self.0
    }
}

fn step(
    point: &'static str,
    value: &'static str,
    origin: &'static str,
    evidence: &str,
    defaulted: bool,
) -> PathStep {
    PathStep { point, value, origin, evidence: evidence.to_owned(), defaulted }
}

fn cvss(version: &str, score_x10: u8, severity: &str, vector: &str) -> CvssScore {
    CvssScore {
        version: version.to_owned(),
        score_x10,
        severity: severity.to_owned(),
        vector: vector.to_owned(),
    }
}

fn kev(cve: &str, added: &str, due: &str, ransomware: bool) -> KevEntry {
    KevEntry { cve: cve.to_owned(), date_added: added.to_owned(), due_date: due.to_owned(), ransomware }
}

fn epss(score: &str, percentile: &str) -> EpssScore {
    EpssScore { score: score.to_owned(), percentile: percentile.to_owned(), date: "2026-11-20".to_owned() }
}

/// The sample's times are written by us; one that does not parse becomes the epoch and shows in every snapshot.
fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}
