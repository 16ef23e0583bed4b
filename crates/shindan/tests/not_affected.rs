//! What somebody who knows the product denies: kept and shown in every form, no finding, no failure.

mod common;

use common::{Folder, check, command, follows, run, said, text};

const OSV: &str = r#"{"schema_version":"1.6.0","id":"GHSA-test-0001","modified":"2024-06-01T00:00:00Z",
  "aliases":["CVE-2024-90001"],"summary":"remote code execution",
  "affected":[{"package":{"ecosystem":"npm","name":"parser"},
    "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}"#;

/// An application whose maker states that the first parser is never called; the second one is a part of something else.
const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
  "serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "metadata":{"supplier":{"name":"Acme"},"component":{"type":"application","name":"Portal","version":"7","bom-ref":"me"}},
  "components":[
    {"type":"library","name":"parser","version":"1.5.0","purl":"pkg:npm/parser@1.5.0","bom-ref":"a"},
    {"type":"library","name":"parser","version":"1.6.0","purl":"pkg:npm/parser@1.6.0","bom-ref":"b"},
    {"type":"library","name":"engine","version":"3","bom-ref":"c"}],
  "vulnerabilities":[
    {"id":"CVE-2024-90001","analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"never called"},
     "affects":[{"ref":"a"}]},
    {"id":"CVE-2024-90002","analysis":{"state":"exploitable"},"affects":[{"ref":"c"}]},
    {"id":"CVE-2024-90003","analysis":{"state":"exploitable"},"affects":[{"ref":"me"}]}]}"#;

fn prepared(folder: &Folder) -> (std::path::PathBuf, std::path::PathBuf) {
    let advisory = folder.write("osv/GHSA-test-0001.json", OSV);
    let data_dir = folder.join("data");
    run(["kb", "build", "--data-dir", text(&data_dir), text(&advisory)]).ends(0);
    (data_dir, folder.write("portal.cdx.json", SBOM))
}

#[test]
fn a_denied_finding_is_shown_apart() {
    let folder = Folder::new();
    let (data_dir, sbom) = prepared(&folder);
    let answer = check(&data_dir, &sbom, &[]).ends(0).json();
    follows("check-1.json", &answer);
    let mut found: Vec<String> = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| format!("{} {}", f["component"]["name"], f["vulnerability"]))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [r#""Portal" "CVE-2024-90003""#, r#""engine" "CVE-2024-90002""#, r#""parser" "CVE-2024-90001""#]
    );
    let denied = &answer["not_affected"][0];
    assert_eq!(denied["component"]["version"], "1.5.0");
    assert_eq!(denied["basis"]["advisory"], "GHSA-test-0001");
    let opinion = &denied["opinions"][0];
    assert_eq!(opinion["source"], "Acme");
    assert_eq!(opinion["justification"], "vulnerable_code_not_in_execute_path");
    assert_eq!(opinion["impact"], "never called");
    assert_eq!(answer["summary"]["not_affected"], 1);
    let table = run(["check", text(&sbom), "--data-dir", text(&data_dir)]).ends(0).stdout;
    assert!(
        table.contains("影響なしと表明されたもの（1 件）") && table.contains("脆弱なコードが実行されない"),
        "{table}"
    );
    let page = run(["check", text(&sbom), "--data-dir", text(&data_dir), "--format", "html", "--lang", "en"]);
    let page = page.ends(0).stdout;
    assert!(page.contains("<section id=\"not-affected\""), "the page has its own section");
}

#[test]
fn it_is_no_reason_to_fail() {
    let folder = Folder::new();
    let (data_dir, _) = prepared(&folder);
    let only = SBOM.replace("1.6.0", "2.0.0").replace("exploitable", "not_affected");
    let clean = folder.write("clean.cdx.json", only);
    let answer = check(&data_dir, &clean, &["--fail-on", "defer"]).ends(0).json();
    assert_eq!(answer["summary"]["findings"], 0);
    assert_eq!(answer["summary"]["not_affected"], 1);
    let contrary = folder.write("contrary.cdx.json", SBOM);
    check(&data_dir, &contrary, &["--fail-on", "defer"]).ends(1);
}

#[test]
fn who_is_told_of_denials_and_of_what_only_the_sbom_knows() {
    let folder = Folder::new();
    let (data_dir, sbom) = prepared(&folder);
    let who = |id: &str| {
        let arguments =
            ["who", id, text(&sbom), "--data-dir", text(&data_dir), "--format", "json", "--now", common::NOW];
        said(command(arguments).output().unwrap())
    };
    let answer = who("ghsa-test-0001").ends(0).json();
    follows("check-1.json", &answer);
    assert_eq!(answer["summary"]["findings"], 1);
    assert_eq!(answer["summary"]["not_affected"], 1);
    let own = who("cve-2024-90002").ends(0).json();
    assert_eq!(own["findings"][0]["component"]["name"], "engine");
    assert_eq!(own["findings"][0]["basis"]["method"], "bom-link");
    assert_eq!(own["summary"]["not_affected"], 0);
    who("CVE-2024-90404").ends(4);
}
