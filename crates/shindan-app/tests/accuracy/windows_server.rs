//! What is saved on a Windows server without installing anything, through the whole pipeline: `systeminfo` in Japanese
//! and CP932, `Get-HotFix`, an export of the registry; against advisories of our own in the forms of Microsoft (CVRF
//! with updates and their replacements) and of CVE records (builds, versions of programs).

use std::path::PathBuf;

use serde_json::json;
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::finding::CheckResult;
use shindan_domain::inventory::AssetKind;

use super::workbench::Workbench;

const SYSTEM: &[u8] = include_bytes!("data/windows-server/systeminfo.txt");
const UPDATES: &[u8] = include_bytes!("data/windows-server/hotfix.txt");
const PROGRAMS: &[u8] = include_bytes!("data/windows-server/programs.reg");
const MONTH: &[u8] = include_bytes!("data/windows-server/2030-apr.xml");

/// A CVE record: versions of a product from `from` on, below `below`.
fn record(id: &str, vendor: &str, product: &str, from: &str, below: &str) -> Vec<u8> {
    let record = json!({
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": { "cveId": id, "state": "PUBLISHED", "datePublished": "2030-04-09T07:00:00Z" },
        "containers": { "cna": {
            "descriptions": [{ "lang": "en", "value": "made up" }],
            "affected": [{
                "vendor": vendor,
                "product": product,
                "versions": [
                    { "version": from, "lessThan": below, "versionType": "custom", "status": "affected" }
                ],
            }],
        } },
    });
    serde_json::to_vec(&record).unwrap()
}

/// 1001 to 1006 about Windows, 2001 to 2003 about programs.
fn advisories(bench: &Workbench) -> Vec<PathBuf> {
    let windows =
        |id: &str, below: &str| record(id, "Microsoft", "Windows Server 2019", "10.0.17763.0", below);
    let mut paths = vec![bench.write("advisories/2030-apr.xml", MONTH)];
    for (id, content) in [
        ("CVE-2030-1001", windows("CVE-2030-1001", "10.0.17763.5576")),
        ("CVE-2030-1004", windows("CVE-2030-1004", "10.0.17763.5329")),
        ("CVE-2030-1005", windows("CVE-2030-1005", "10.0.17763.5820")),
        ("CVE-2030-2001", record("CVE-2030-2001", "7-Zip", "7-Zip", "0", "23.00")),
        ("CVE-2030-2002", record("CVE-2030-2002", "Mozilla", "Firefox ESR", "unspecified", "115.9")),
        ("CVE-2030-2003", record("CVE-2030-2003", "Adobe", "Acrobat Reader", "0", "23.008.20470")),
    ] {
        paths.push(bench.write(&format!("advisories/{id}.json"), content));
    }
    paths
}

/// Checks a folder with these files.
fn ask(name: &str, files: &[(&str, &[u8])]) -> CheckResult {
    let bench = Workbench::new(&format!("windows-{name}"));
    let paths = advisories(&bench);
    bench.build(&paths);
    let folder = bench.write("KARTE01/placeholder", b"").parent().unwrap().to_owned();
    std::fs::remove_file(folder.join("placeholder")).unwrap();
    for (name, content) in files {
        bench.write(&format!("KARTE01/{name}"), content);
    }
    bench.check(&folder)
}

/// The numbers of what is found.
fn found(result: &CheckResult) -> Vec<&str> {
    let mut ids: Vec<&str> = result.findings.iter().map(|f| number(&f.vulnerability.id)).collect();
    ids.sort_unstable();
    ids
}

/// The numbers of what is undetermined, with the reason; `-` for a component as a whole.
fn open(result: &CheckResult) -> Vec<String> {
    let mut open: Vec<String> = result
        .undetermined
        .iter()
        .map(|u| {
            let id = u.vulnerability.as_ref().map_or("-", |v| number(&v.id));
            format!("{id} {}", u.code)
        })
        .collect();
    open.sort();
    open.dedup();
    open
}

fn number(id: &str) -> &str {
    id.strip_prefix("CVE-2030-").unwrap_or(id)
}

#[test]
fn what_is_fixed_is_not_found_and_what_is_not_is() {
    let result =
        ask("whole", &[("systeminfo.txt", SYSTEM), ("hotfix.txt", UPDATES), ("programs.reg", PROGRAMS)]);
    // 1001 is fixed by an installed update, 1003 by one that it replaces, 1004 by a build below the one it brings,
    // 1006 is another Windows, 2003 the version that is there.
    assert_eq!(found(&result), ["1002", "2001", "2002"]);
    assert_eq!(open(&result), ["- program-unknown", "1005 update-state-unknown"]);
    let server = result.findings.iter().find(|f| f.vulnerability.id == "CVE-2030-1002").unwrap();
    let asset = server.asset.as_deref().unwrap();
    assert_eq!((asset.name.as_deref(), asset.kind), (Some("KARTE01"), Some(AssetKind::Server)));
    let program = result.findings.iter().find(|f| f.vulnerability.id == "CVE-2030-2001").unwrap();
    assert_eq!(program.asset.as_deref(), server.asset.as_deref(), "one host, one asset");
    assert_eq!(program.component.pointer, "programs.reg: line 7");
}

#[test]
fn the_files_are_one_host_and_that_is_said() {
    let result =
        ask("host", &[("systeminfo.txt", SYSTEM), ("hotfix.txt", UPDATES), ("programs.reg", PROGRAMS)]);
    let inputs: Vec<(String, usize, bool)> = result
        .inputs
        .iter()
        .map(|input| {
            let file = input.path.rsplit(['/', '\\']).next().unwrap().to_owned();
            let joined = input.diagnostics.iter().any(|d| d.code == Code::HostJoined);
            (file, input.components, joined)
        })
        .collect();
    let expected = [("hotfix.txt", 0, true), ("programs.reg", 0, true), ("systeminfo.txt", 8, false)];
    assert_eq!(inputs, expected.map(|(file, count, joined)| (file.to_owned(), count, joined)));
    assert_eq!(result.coverage.patched_by_unsettled, 1);
    assert_eq!(result.undetermined.iter().filter(|u| u.code == Code::ProgramUnknown).count(), 4);
}

#[test]
fn an_exact_build_leaves_nothing_open() {
    let result = ask(
        "exact",
        &[
            ("systeminfo.txt", SYSTEM),
            ("hotfix.txt", UPDATES),
            ("ver.txt", b"\r\nMicrosoft Windows [Version 10.0.17763.5576]\r\n"),
        ],
    );
    assert_eq!((found(&result), open(&result)), (vec!["1002", "1005"], vec![]));
}

#[test]
fn without_a_list_of_updates_nothing_is_told() {
    let cut = SYSTEM.windows(15).position(|bytes| bytes == b"[05]: KB5012170").unwrap();
    let result = ask("cut", &[("systeminfo.txt", &SYSTEM[..cut])]);
    assert_eq!(found(&result), [""; 0]);
    let revision = |number: &str| format!("{number} update-state-unknown");
    assert_eq!(open(&result), ["1001", "1002", "1003", "1004", "1005"].map(revision));
    let error = &result.inputs[0].diagnostics[0];
    assert_eq!((error.code, error.severity()), (Code::UpdatesIncomplete, Severity::Error));
    // The list of updates from elsewhere stands in for the one that is cut off.
    let result = ask("mended", &[("systeminfo.txt", &SYSTEM[..cut]), ("hotfix.txt", UPDATES)]);
    assert_eq!((found(&result), open(&result)), (vec!["1002"], vec![revision("1005")]));
}
