//! The ledger, what was saved on a Windows server, and the SBOMs of three systems by three tools, in one command: what is
//! found, and that what could not be judged is a list that a person reads to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use shindan_app::check::Checked;
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::inventory::InventoryKind;

use crate::{Folder, judged, ledger};

const SERVER: [(&str, &[u8]); 3] = [
    ("systeminfo.txt", include_bytes!("../accuracy/data/windows-server/systeminfo.txt")),
    ("hotfix.txt", include_bytes!("../accuracy/data/windows-server/hotfix.txt")),
    ("programs.reg", include_bytes!("../accuracy/data/windows-server/programs.reg")),
];

const SBOMS: [(&str, &[u8]); 3] = [
    ("portal.syft.json", include_bytes!("data/portal.syft.json")),
    ("interface.trivy.spdx.json", include_bytes!("data/interface.trivy.spdx.json")),
    ("viewer.cyclonedx.xml", include_bytes!("data/viewer.cyclonedx.xml")),
];

/// What the demo's advisories say about the SBOMs: `demo/README.md`. Below the fixed versions are log4j-core, requests
/// and mio; rustls 0.23.5 and idna 3.7 contain the fix; nobody maintains ansi_term.
const IN_SBOMS: [(&str, &str); 4] = [
    ("ansi_term", "RUSTSEC-2021-0139"),
    ("log4j-core", "CVE-2021-44228"),
    ("mio", "CVE-2024-27308"),
    ("requests", "CVE-2023-32681"),
];

/// Most reasons, and most names below them, that somebody reads to the end.
const MOST_REASONS: usize = 10;
const MOST_NAMES: usize = 45;

fn written(folder: &Folder) -> Vec<PathBuf> {
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::write(path, bytes).expect("written");
        path.to_path_buf()
    };
    let server = folder.0.join("KARTE01");
    std::fs::create_dir_all(&server).expect("folder");
    for (name, bytes) in SERVER {
        write(&server.join(name), bytes);
    }
    let mut paths =
        vec![write(&folder.0.join("資産台帳_2026年11月.xlsx"), &ledger::hospital().bytes), server];
    paths.extend(SBOMS.map(|(name, bytes)| write(&folder.0.join(name), bytes)));
    paths
}

/// Identifiers found, by what they were found about: the number of an asset, or the name of a component.
fn found(checked: &Checked) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in &checked.result.findings {
        let asset = finding.asset.as_deref().filter(|asset| !asset.asset_id.is_empty());
        let about = asset.map_or_else(|| finding.component.name.clone(), |asset| asset.asset_id.clone());
        found.entry(about).or_default().insert(finding.vulnerability.id.clone());
    }
    found
}

#[test]
fn one_command() {
    let folder = Folder::new("one-command");
    let paths = written(&folder);
    let checked = judged(&shindan_app::data_folder::DataFolder::new(folder.0.join("data")), &paths);
    let result = &checked.result;

    // Everything was read, and the three files of the server are one.
    let kinds: Vec<Option<InventoryKind>> = result.inputs.iter().map(|input| input.kind).collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    for kind in [
        InventoryKind::DeviceList,
        InventoryKind::WindowsSystemInfo,
        InventoryKind::WindowsUpdates,
        InventoryKind::WindowsPrograms,
        InventoryKind::CyclonedxJson,
        InventoryKind::SpdxJson,
        InventoryKind::CyclonedxXml,
    ] {
        assert!(kinds.contains(&Some(kind)), "{kind:?} among {kinds:?}");
    }
    let told = || result.inputs.iter().flat_map(|input| &input.diagnostics);
    assert_eq!(told().filter(|d| d.severity() == Severity::Error).count(), 0);
    assert_eq!(told().filter(|d| d.code == Code::HostJoined).count(), 2);

    // What is found is what the facts say, and nothing else.
    let mut expected: BTreeMap<String, BTreeSet<String>> = ledger::hospital()
        .devices
        .into_iter()
        .filter(|device| !device.hits.is_empty())
        .map(|device| (device.id, device.hits.iter().map(|id| (*id).to_owned()).collect()))
        .collect();
    expected.extend(IN_SBOMS.map(|(name, id)| (name.to_owned(), BTreeSet::from([id.to_owned()]))));
    assert_eq!(found(&checked), expected);

    // What stays open: few reasons, each about a few names, every one of them with what to do.
    let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for entry in &result.undetermined {
        groups.entry(entry.code.as_str()).or_default().insert(entry.component.name.clone());
    }
    let names: usize = groups.values().map(BTreeSet::len).sum();
    println!(
        "{} findings; open: {} reasons, {names} names: {groups:#?}",
        result.findings.len(),
        groups.len()
    );
    assert!((5..=MOST_REASONS).contains(&groups.len()), "{groups:#?}");
    assert!((20..=MOST_NAMES).contains(&names), "{names}: {groups:#?}");
    // What is open for certain is in it: the server's build without its revision, what no identifier names, what no
    // source covers, what has no version.
    for (code, name) in [
        ("update-state-unknown", "Microsoft Windows Server 2019 Standard"),
        ("update-state-unknown", "Windows10 Pro"),
        ("identifier-missing", "dcmtk"),
        ("ecosystem-not-covered", "plug"),
        ("version-missing", "urllib3"),
        ("program-unknown", "7-Zip"),
    ] {
        assert!(groups.get(code).is_some_and(|names| names.contains(name)), "{code} {name}: {groups:#?}");
    }
}
