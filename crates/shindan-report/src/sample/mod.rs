//! A check result made by hand, rich enough that every part of every report has something to show. The facts (ids,
//! versions, ranges) are real; the hospital is not.

#[cfg(test)]
pub(crate) mod assessments;
mod crosswalk;
mod explanation;
pub mod figures;
mod findings;
mod opinions;
pub mod paper;
mod parts;
mod stated;
mod verdict;
mod wording;

use std::collections::BTreeMap;
use std::sync::Arc;

use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::finding::{CheckResult, Coverage, EcosystemCoverage, Finding, InputReport, Undetermined};
use shindan_domain::inventory::{Asset, AssetKind, Component, Exposure, InventoryKind};
use shindan_domain::knowledge::{KnowledgeSummary, SourceSummary};

pub use crosswalk::crosswalk;
pub use explanation::explanation;
pub use stated::stated;
pub use verdict::{verdict, verified_at};
pub use wording::wording;

use self::findings::{findings, out_of_bounds_write};
use self::parts::{asset, device, package, time};

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
        component: component.into(),
        asset: asset.cloned(),
        input,
        vulnerability: None,
        advisory: None,
        code,
        params: params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Params>().into(),
    }
}
