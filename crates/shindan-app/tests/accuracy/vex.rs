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

/// A VDR that lists its components: knowledge for `kb build`, components for `check`.
#[test]
fn a_cyclonedx_document_is_an_advisory_and_an_inventory() {
    let bench = Workbench::new("cyclonedx-vdr");
    let document = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {"timestamp": "2026-10-01T00:00:00Z", "supplier": {"name": "Maker"}},
        "components": [{"type": "library", "name": "example-pad", "version": "1.0.0", "bom-ref": "c",
                        "purl": "pkg:pypi/example-pad@1.0.0"}],
        "vulnerabilities": [{"id": "CVE-2026-0103", "source": {"url": "https://example.com/1"},
            "ratings": [{"method": "CVSSv31", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "cwes": [79], "affects": [{"ref": "c", "versions": [{"range": "vers:pypi/<1.2.0"}]}]}]});
    let path = bench.write("vdr.json", document.to_string());
    let built = bench.build(std::slice::from_ref(&path));
    assert_eq!((built.summary.advisories, built.diagnostics.len()), (1, 0), "{:?}", built.diagnostics);
    let shown = bench.show("CVE-2026-0103");
    assert_eq!(shown["opinions"][0]["source"], "Maker");
    assert_eq!(shown["cvss"]["score"].as_f64(), Some(9.8));
    let result = bench.check(&path);
    assert_eq!((result.inputs[0].components, result.findings.len()), (1, 1));
    // Another inventory is judged by it, too.
    let lock = |version: &str| bench.write("requirements.txt", format!("example-pad=={version}\n"));
    assert_eq!(bench.check(&lock("1.1.9")).findings.len(), 1);
    assert_eq!(bench.check(&lock("1.2.0")).findings.len(), 0);
}
