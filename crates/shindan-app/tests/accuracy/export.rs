//! `kb export` of everything: one line per advisory, each valid against the published schema.

use std::collections::BTreeSet;

use serde_json::Value;
use shindan_app::knowledge;

use crate::workbench::{everything, json_of};

/// Every n-th line of CVE records (22,000 of one shape) is held against the schema; of every other source each line.
const CVE_STEP: usize = 25;

#[test]
fn every_line_follows_the_schema() {
    let Some(bench) = everything() else { return };
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schemas/kb-show-1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let advisories = knowledge::status(&bench.folder()).unwrap().advisories;
    let (mut lines, mut validated) = (0, 0);
    let mut wrong = Vec::new();
    let mut seen: BTreeSet<(String, String, &str)> = BTreeSet::new();
    knowledge::export(&bench.folder(), |shown| {
        lines += 1;
        // JVN tells of one record in an overview and in full: two opinions of two formats.
        let [advisory] = &shown.advisories[..] else { panic!("one advisory a line: {:?}", shown.facts.id) };
        assert!(
            seen.insert((advisory.source.clone(), advisory.id.clone(), advisory.format.as_str())),
            "{} twice",
            advisory.id
        );
        if advisory.source == "CVE" && lines % CVE_STEP != 0 {
            return Ok(());
        }
        let line = json_of(shown);
        validated += 1;
        if let Some(error) = validator.iter_errors(&line).next() {
            wrong.push(format!("{}: {} {error}", advisory.id, error.instance_path()));
        }
        for affected in
            line["opinions"].as_array().unwrap().iter().flat_map(|o| o["affected"].as_array().unwrap())
        {
            let ranges = affected["ranges"].as_array().unwrap();
            assert_eq!(ranges.is_empty(), affected["state"] != "ranged", "{affected}");
        }
        Ok(())
    })
    .unwrap();
    println!("export: {lines} lines = {advisories} advisories, {validated} held against the schema");
    assert_eq!(lines as u64, advisories);
    assert!(validated > 4000, "{validated}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Facts read from the sources by eye.
#[test]
fn spot_checks() {
    let Some(bench) = everything() else { return };
    let line = |id: &str| {
        let mut found = None;
        knowledge::export(&bench.folder(), |shown| {
            if shown.advisories[0].id == id {
                found = Some(json_of(shown));
            }
            Ok(())
        })
        .unwrap();
        found.unwrap_or_else(|| panic!("{id} is not exported"))
    };
    let clinic = line("ICSMA-20-184-01");
    assert_eq!(clinic["opinions"][0]["affected"][0]["product"], "OpenClinic GA");
    let versions: Vec<&str> = clinic["opinions"][0]["affected"][0]["ranges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["introduced"].as_str().unwrap())
        .collect();
    assert_eq!(versions, ["5.09.02", "5.89.05b"]);
    let rsa = line("RUSTSEC-2023-0071");
    assert_eq!(rsa["opinions"][0]["affected"][0]["purl"], "pkg:cargo/rsa");
    let jvn = line("JVNDB-2021-002774");
    assert_eq!(jvn["opinions"][0]["source"], "JVN iPedia");
    assert_eq!(jvn["opinions"][0]["affected"][0]["text"], "for EMC Celerra 5.8 (Build 1577) 未満");
}
