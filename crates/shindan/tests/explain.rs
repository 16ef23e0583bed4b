//! `check --explain NAME`: why the answer about one component is what it is, in both languages and as JSON.

#![allow(clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use common::{Folder, Said, data, follows, knowledge, run, text};
use serde_json::Value;

const OSV: &str = r#"{"schema_version":"1.6.0","id":"GHSA-test-0001","modified":"2024-06-01T00:00:00Z",
  "aliases":["CVE-2024-90001"],"summary":"remote code execution",
  "affected":[{"package":{"ecosystem":"npm","name":"parser"},
    "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}"#;

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
  "metadata":{"supplier":{"name":"Acme"},"component":{"type":"application","name":"Portal","version":"7","bom-ref":"me"}},
  "components":[
    {"type":"library","name":"parser","version":"1.5.0","purl":"pkg:npm/parser@1.5.0","bom-ref":"a"},
    {"type":"library","name":"Parser","version":"2.1.0","purl":"pkg:npm/parser@2.1.0","bom-ref":"b"},
    {"type":"library","name":"parser-tools","version":"1","purl":"pkg:npm/parser-tools@1","bom-ref":"c"}],
  "vulnerabilities":[{"id":"CVE-2024-90001","analysis":{"state":"not_affected"},"affects":[{"ref":"a"}]},
    {"id":"CVE-2024-90002","analysis":{"state":"exploitable"},"affects":[{"ref":"me"}]}]}"#;

fn ask(folder: &Folder, name: &str, more: &[&str]) -> Said {
    let advisory = folder.write("osv/GHSA-test-0001.json", OSV);
    let data_dir = folder.join("data");
    if !data_dir.exists() {
        run(["kb", "build", "--data-dir", text(&data_dir), text(&advisory)]).ends(0);
    }
    let sbom = folder.write("portal.cdx.json", SBOM);
    let base = ["check", text(&sbom), "--data-dir", text(&data_dir), "--now", common::NOW, "--explain", name];
    run(base.iter().chain(more))
}

fn outcomes(component: &Value) -> Vec<String> {
    let candidates = component["candidates"].as_array().unwrap();
    let rules = |c: &Value| {
        let all = c["rules"].as_array().unwrap().iter();
        all.map(|rule| rule["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    candidates.iter().map(|c| format!("{} {}", c["outcome"].as_str().unwrap(), rules(c))).collect()
}

#[test]
fn every_component_of_the_name_is_explained() {
    let folder = Folder::new();
    let answer = ask(&folder, "PARSER", &["--format", "json"]).ends(0).json();
    follows("explain-1.json", &answer);
    assert_eq!(answer["asked"], "PARSER");
    let components = answer["components"].as_array().unwrap();
    assert_eq!(components.len(), 2);
    assert_eq!(outcomes(&components[0]), ["denied in-range denied", "denies denies"]);
    assert_eq!(outcomes(&components[1]), ["dropped not-in-range", "dropped not-in-range"]);
    assert_eq!(components[0]["merges"][0]["code"], "alias-merged");
    let defaults = components[0]["not_affected"][0]["path"].as_array().unwrap();
    assert!(defaults.iter().any(|step| step["defaulted"] == true), "defaults are told");
    let one = ask(&folder, "pkg:npm/parser@2.1.0", &["--format", "json"]).ends(0).json();
    assert_eq!(one["components"].as_array().unwrap().len(), 1);
    let whole = ask(&folder, "portal", &["--format", "json"]).ends(0).json();
    assert_eq!(outcomes(&whole["components"][0]), ["taken in-range"]);
}

#[test]
fn tables_speak_both_languages_and_files_have_no_colour() {
    let folder = Folder::new();
    let japanese = ask(&folder, "parser", &[]).ends(0).stdout;
    for part in
        ["「parser」の判定の過程（2 件）", "npm / parser", "影響なしの表明", "方針の既定値", "同じ脆弱性です"]
    {
        assert!(japanese.contains(part), "{part}: {japanese}");
    }
    let english = ask(&folder, "parser", &["--lang", "en"]).ends(0).stdout;
    for part in ["How \"parser\" was judged (2)", "npm / parser", "denies", "default of the policy"] {
        assert!(english.contains(part), "{part}: {english}");
    }
    let file = folder.join("why.txt");
    let said = ask(&folder, "parser", &["--color", "always", "--output", text(&file)]).ends(0);
    assert!(said.stdout.is_empty());
    assert!(!std::fs::read_to_string(file).unwrap().contains('\u{1b}'));
}

#[test]
fn an_unknown_name_gets_near_ones() {
    let folder = Folder::new();
    let said =
        ask(&folder, "parsre", &["--lang", "en"]).ends(2).complains(&["parsre", "Near names", "parser"]);
    assert!(said.stdout.is_empty());
    ask(&folder, "parser-too", &[]).ends(2).complains(&["近い名前", "parser-tools"]);
    let said = ask(&folder, "zzzzzzzzzzzz", &["--lang", "en"]).ends(2);
    assert!(!said.stderr.contains("Near names"), "{said}");
    ask(&folder, "parser", &["--format", "html", "--lang", "en"]).ends(2).complains(&["--explain"]);
}

#[test]
fn it_fails_on_what_it_explains_only() {
    let folder = Folder::new();
    ask(&folder, "portal", &["--fail-on", "defer"]).ends(1);
    ask(&folder, "parser", &["--fail-on", "defer"]).ends(0);
}

/// Whatever the fixtures hold: an explanation follows its schema, and says of every finding by which statements.
#[test]
fn explanations_of_the_fixtures_agree_with_the_answers() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let mut explained = 0;
    for entry in std::fs::read_dir(data("inventories")).unwrap() {
        let path = entry.unwrap().path();
        let answer = common::check(&data_dir, &path, &[]);
        if answer.code != 0 {
            continue;
        }
        let answer = answer.json();
        for finding in answer["findings"].as_array().unwrap().iter().take(5) {
            let name = finding["component"]["name"].as_str().unwrap();
            let said = common::check(&data_dir, &path, &["--explain", name]).ends(0).json();
            follows("explain-1.json", &said);
            let taken = said["components"].as_array().unwrap().iter().any(|component| {
                let candidates = component["candidates"].as_array().unwrap();
                candidates.iter().any(|c| {
                    c["outcome"] == "taken"
                        && c["vulnerability"] == finding["vulnerability"]
                        && c["advisory"] == finding["basis"]["advisory"]
                })
            });
            assert!(taken, "{name} in {}", path.display());
            explained += 1;
        }
    }
    assert!(explained >= 5, "{explained}");
}
