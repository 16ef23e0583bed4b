//! Oddities of the genuine data that no other test covers; `docs/accuracy.md` lists all of them with their tests.

use serde_json::json;

use crate::workbench::Workbench;

fn osv(modified: &str) -> String {
    json!({"id": "GO-2099-0001", "modified": modified, "affected": [
        {"package": {"ecosystem": "Go", "name": "example.org/m"},
         "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]}]})
    .to_string()
}

/// golang `modified` of `0001-01-01`: the record counts, the date says nothing about freshness.
#[test]
fn a_date_of_year_one() {
    let bench = Workbench::new("year-one");
    let built = bench.build(&[bench.write("go.json", osv("0001-01-01T00:00:00Z"))]);
    assert_eq!(built.summary.advisories, 1);
    assert!(!built.anything_unreadable(), "{:?}", built.diagnostics);
    assert!(
        built.summary.newest.is_none_or(|t| t.to_string().starts_with("0001")),
        "{:?}",
        built.summary.newest
    );
    let lock = json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
        {"type": "library", "name": "m", "version": "v1.1.0", "purl": "pkg:golang/example.org/m@v1.1.0"}]});
    let result = bench.check(&bench.write("sbom.json", lock.to_string()));
    assert_eq!(result.findings.len(), 1, "{:?}", result.undetermined);
}

/// One maker in the six forms that CISA writes, and trailing blanks: one device is found in all of them.
#[test]
fn one_maker_in_many_spellings() {
    let bench = Workbench::new("spellings");
    let makers = [
        "Philips",
        "Phillips",
        "Philips ",
        "PHILIPS",
        "Koninklijke Philips N.V.",
        "株式会社フィリップス・ジャパン",
    ];
    let documents: Vec<_> = makers
        .iter()
        .enumerate()
        .map(|(number, maker)| {
            let document = json!({
                "document": {"csaf_version": "2.0", "category": "csaf_security_advisory", "title": "t",
                    "publisher": {"name": "CISA"},
                    "tracking": {"id": format!("ICSMA-99-00{number}-01"),
                        "current_release_date": "2020-01-01T00:00:00Z",
                        "initial_release_date": "2020-01-01T00:00:00Z"}},
                "product_tree": {"branches": [{"category": "vendor", "name": maker, "branches": [
                    {"category": "product_name", "name": " IntelliVue  X3 ", "branches": [
                        {"category": "product_version_range", "name": "vers:all/<V3.0.3",
                         "product": {"name": "x", "product_id": "P1"}}]}]}]},
                "vulnerabilities": [{"cve": format!("CVE-2020-000{number}"),
                    "product_status": {"known_affected": ["P1"]}}]});
            bench.write(&format!("{number}.json"), document.to_string())
        })
        .collect();
    bench.build(&documents);
    let list = "maker,model,firmware\nフィリップス,IntelliVue X3,3.0.2\nPhilips,INTELLIVUE-X3,V3.0.3\n";
    let result = bench.check(&bench.write("devices.csv", list));
    assert_eq!(result.findings.len(), makers.len(), "{:?}", result.undetermined);
    assert!(result.findings.iter().all(|f| f.component.firmware.as_deref() == Some("3.0.2")));
}

/// The table of `docs/accuracy.md` names tests that exist: `file` `function` in each row.
#[test]
fn the_table_of_oddities_names_real_tests() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = std::fs::read_to_string(root.join("docs/accuracy.md")).unwrap();
    let table = document.split("## Oddities").nth(1).expect("the section is there");
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`")) {
        let cells: Vec<&str> = row.split('|').collect();
        let file = cells[2].split('`').nth(1).unwrap_or_else(|| panic!("{row}"));
        let source =
            std::fs::read_to_string(root.join("crates").join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        for test in cells[3].split('`').skip(1).step_by(2) {
            assert!(source.contains(&format!("fn {test}(")), "{file} has no test {test}");
            named += 1;
        }
    }
    assert!(named >= 30, "{named}");
}
