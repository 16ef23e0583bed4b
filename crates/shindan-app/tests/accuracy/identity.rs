//! Identity (SPEC ④-1): one-to-one identifiers merge, documents that name several vulnerabilities link and never fuse;
//! asked through the JSON of `kb show`, `kb export` and `who`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::workbench::{Workbench, everything, json_of};

fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn opinions(shown: &Value) -> BTreeSet<String> {
    shown["opinions"].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// Written by us from facts: three records of one vulnerability, a bundle, and a document that names three.
fn facts() -> [(&'static str, Value); 5] {
    let affected = |ecosystem: &str, name: &str| {
        json!([{"package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.6.1"}]}]}])
    };
    let record = |id: &str, aliases: Value, affected: Value| json!({"id": id, "modified": "2024-01-01T00:00:00Z", "aliases": aliases, "affected": affected});
    [
        (
            "rustsec.json",
            record("RUSTSEC-2021-0003", json!(["CVE-2021-25900"]), affected("crates.io", "smallvec")),
        ),
        (
            "ghsa.json",
            record("GHSA-43w2-9j62-hq99", json!(["CVE-2021-25900"]), affected("crates.io", "smallvec")),
        ),
        (
            "bundle.json",
            record(
                "GHSA-aaaa-bbbb-cccc",
                json!(["CVE-2020-1111", "CVE-2020-2222"]),
                affected("crates.io", "bundled"),
            ),
        ),
        (
            "second.json",
            record("GHSA-dddd-eeee-ffff", json!(["CVE-2020-2222"]), affected("crates.io", "bundled")),
        ),
        ("alone.json", record("RUSTSEC-2099-0001", json!([]), affected("crates.io", "alone"))),
    ]
}

#[test]
fn committed_facts() {
    let bench = Workbench::new("identity-facts");
    let files = facts().map(|(name, record)| bench.write(name, record.to_string()));
    bench.build(&files);
    let whole = set(["CVE-2021-25900", "GHSA-43w2-9j62-hq99", "RUSTSEC-2021-0003"]);
    for id in &whole {
        let shown = bench.show(id);
        assert_eq!(shown["id"], "CVE-2021-25900", "asked as {id}");
        assert_eq!(texts(&shown["aliases"]), whole);
        assert_eq!(opinions(&shown), set(["GHSA-43w2-9j62-hq99", "RUSTSEC-2021-0003"]));
    }
    // The bundle names two: each stays itself, and the other record of one of them stays with that one only.
    let first = bench.show("CVE-2020-1111");
    assert_eq!(texts(&first["aliases"]), set(["CVE-2020-1111"]));
    assert_eq!(opinions(&first), set(["GHSA-aaaa-bbbb-cccc"]));
    let second = bench.show("cve-2020-2222");
    assert_eq!(texts(&second["aliases"]), set(["CVE-2020-2222", "GHSA-dddd-eeee-ffff"]));
    assert_eq!(opinions(&second), set(["GHSA-aaaa-bbbb-cccc", "GHSA-dddd-eeee-ffff"]));
    assert_eq!(bench.show("RUSTSEC-2099-0001")["id"], "RUSTSEC-2099-0001");
    // In findings: `vulnerability` is the CVE, and every advisory behind it is named.
    let lock = "version = 4\n[[package]]\nname = \"smallvec\"\nversion = \"1.6.0\"\nsource = \
                \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let result = bench.check(&bench.write("Cargo.lock", lock));
    let [finding] = &result.findings[..] else { panic!("{:?}", result.findings) };
    assert_eq!(finding.vulnerability.id, "CVE-2021-25900");
    assert_eq!(finding.advisories(), ["GHSA-43w2-9j62-hq99", "RUSTSEC-2021-0003"]);
    let who = bench.who("ghsa-43w2-9j62-hq99", &bench.write("Cargo.lock", lock));
    assert_eq!(who.findings.len(), 1);
}

#[test]
fn a_jvndb_record_of_three_cves_is_linked_and_not_fused() {
    let Some(bench) = everything() else { return };
    let cves = ["CVE-2022-41993", "CVE-2022-46287", "CVE-2022-46288"];
    for cve in cves {
        let shown = bench.show(cve);
        assert_eq!(shown["id"], cve);
        assert_eq!(texts(&shown["aliases"]), set([cve]), "JVNDB-2022-000097 is no alias of {cve}");
        assert!(opinions(&shown).contains("JVNDB-2022-000097"), "{cve}");
    }
    let document = bench.show("JVNDB-2022-000097");
    assert_eq!(document["id"], "JVNDB-2022-000097");
    let named: BTreeSet<String> = document["opinions"][0]["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(named, set(cves));
}

#[test]
fn rustsec_ghsa_and_cve_are_one() {
    let Some(bench) = everything() else { return };
    for id in ["RUSTSEC-2023-0071", "CVE-2023-49092", "GHSA-c38w-74pg-36hr"] {
        let shown = bench.show(id);
        assert_eq!(shown["id"], "CVE-2023-49092", "{id}");
        let aliases = texts(&shown["aliases"]);
        assert!(aliases.is_superset(&set(["RUSTSEC-2023-0071", "CVE-2023-49092", "GHSA-c38w-74pg-36hr"])));
    }
}

/// Over all genuine data: no two CVE numbers in one vulnerability, no identifier in two of them.
#[test]
fn no_two_cve_numbers_are_fused_anywhere() {
    let Some(bench) = everything() else { return };
    let mut home: BTreeMap<String, String> = BTreeMap::new();
    let (mut merged, mut linked, mut wrong) = (0, 0, Vec::new());
    shindan_app::knowledge::export(&bench.folder(), |shown| {
        linked += usize::from(shown.vulnerabilities.len() > 1);
        if shown.vulnerabilities.len() > 1 {
            return Ok(());
        }
        let cves = shown.facts.aliases.iter().filter(|a| a.starts_with("CVE-")).count();
        merged += usize::from(shown.facts.aliases.len() > 1);
        if cves > 1 {
            wrong.push(format!("{}: {:?}", shown.facts.id, shown.facts.aliases));
        }
        let own = shown.vulnerabilities.first().cloned().unwrap_or_default();
        for alias in &shown.facts.aliases {
            let known = home.entry(alias.clone()).or_insert_with(|| own.clone());
            if *known != own {
                wrong.push(format!("{alias} belongs to {known} and {own}"));
            }
        }
        Ok(())
    })
    .unwrap();
    println!("identity: {merged} records merged with other identifiers, {linked} documents link several");
    assert!(merged > 1000 && linked > 300, "{merged} {linked}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    let shown = shindan_app::knowledge::show(&bench.folder(), "ICSMA-20-184-01").unwrap();
    assert_eq!(shown.vulnerabilities.len(), 11);
    assert_eq!(json_of(&shown)["id"], "ICSMA-20-184-01");
}
