//! Documents that state whether products are affected, through the whole pipeline.

use serde_json::{Value, json};

use super::workbench::Workbench;

fn openvex(version: u64, updated: &str, statements: &[(&str, &str, &str)]) -> String {
    let statements: Vec<Value> = statements
        .iter()
        .map(|(cve, product, status)| {
            json!({"vulnerability": {"name": cve}, "products": [{"@id": product}], "status": status,
                   "justification": "component_not_present", "action_statement": "update"})
        })
        .collect();
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", "author": "Maker",
           "timestamp": "2026-10-01T00:00:00Z", "last_updated": updated, "version": version,
           "statements": statements})
    .to_string()
}

fn statuses(bench: &Workbench, cve: &str) -> Vec<String> {
    let shown = bench.show(cve);
    let advisories = shown["opinions"].as_array().unwrap();
    let statements = advisories.iter().flat_map(|advisory| advisory["affected"].as_array().unwrap());
    statements.map(|statement| statement["status"].as_str().unwrap().to_owned()).collect()
}

/// The order of the files and even their dates do not matter: the document counts its issues itself.
#[test]
fn a_newer_issue_of_an_openvex_document_replaces_the_older_one_as_a_whole() {
    let bench = Workbench::new("openvex");
    let (cve, other) = ("CVE-2026-0101", "CVE-2026-0102");
    let product = "pkg:cargo/example-crate@1.0.0";
    let first =
        openvex(1, "2026-10-03T00:00:00Z", &[(cve, product, "affected"), (other, product, "affected")]);
    let second = openvex(2, "2026-10-02T00:00:00Z", &[(cve, product, "not_affected")]);
    let paths = [bench.write("z/vex.json", first), bench.write("a/vex.json", second)];
    let built = bench.build(&paths);
    assert_eq!(statuses(&bench, cve), ["not_affected"]);
    assert_eq!(built.diagnostics.iter().filter(|d| d.code.as_str() == "advisory-replaced").count(), 1);
    let folder = bench.folder();
    assert!(shindan_app::knowledge::show(&folder, other).is_err(), "taken out by the second issue");
}
