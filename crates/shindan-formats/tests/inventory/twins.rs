//! The same document as JSON and as XML. Whether two files really say the same is found out by a small reader of the
//! test's own, because many of the specification's pairs differ in a name or a version.

use std::path::Path;

use serde_json::Value;
use shindan_domain::inventory::{Component, Components, InventoryKind};
use shindan_formats::limits::Limits;
use shindan_formats::xml::{Element, XmlReader};

use crate::genuine::files;
use crate::{diagnostics, read};

/// What the test's own reader takes from a document, in its order.
type Facts = Vec<String>;

const FIELDS: [&str; 4] = ["name", "version", "purl", "cpe"];

fn fact(depth: usize, field: &str, value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|value| !value.is_empty()).map(|value| format!("{depth} {field} {value}"))
}

fn json_component(component: &Value, depth: usize, facts: &mut Facts) {
    facts.push(format!("{depth} component"));
    for field in FIELDS.into_iter().chain(["bom-ref"]) {
        facts.extend(fact(depth, field, component[field].as_str()));
    }
    for inner in component["components"].as_array().into_iter().flatten() {
        json_component(inner, depth + 1, facts);
    }
}

fn json_facts(path: &Path) -> Facts {
    let text = std::fs::read_to_string(path).expect("readable");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let mut facts = Facts::from_iter(fact(0, "serial", document["serialNumber"].as_str()));
    if document["metadata"]["component"].is_object() {
        json_component(&document["metadata"]["component"], 0, &mut facts);
    }
    for component in document["components"].as_array().into_iter().flatten() {
        json_component(component, 1, &mut facts);
    }
    for vulnerability in document["vulnerabilities"].as_array().into_iter().flatten() {
        facts.extend(fact(0, "vulnerability", vulnerability["id"].as_str()));
        for rating in vulnerability["ratings"].as_array().into_iter().flatten() {
            facts.extend(fact(0, "vector", rating["vector"].as_str()));
        }
    }
    facts
}

fn xml_component(component: &Element, depth: usize, facts: &mut Facts) {
    facts.push(format!("{depth} component"));
    for field in FIELDS {
        facts.extend(fact(depth, field, component.child_text(field)));
    }
    facts.extend(fact(depth, "bom-ref", component.attribute("bom-ref")));
    for inner in component.all("components").flat_map(|list| list.all("component")) {
        xml_component(inner, depth + 1, facts);
    }
}

fn xml_facts(path: &Path) -> Facts {
    let text = std::fs::read_to_string(path).expect("readable");
    let mut reader = XmlReader::open(&text, "twin", &Limits::DEFAULT).expect("XML");
    let mut facts = Facts::from_iter(fact(0, "serial", reader.root().attribute("serialNumber")));
    while let Some(child) = reader.next_child().expect("XML") {
        match child.name.local.as_str() {
            "metadata" => child.all("component").for_each(|subject| xml_component(subject, 0, &mut facts)),
            "components" => child.all("component").for_each(|one| xml_component(one, 1, &mut facts)),
            "vulnerabilities" => {
                for vulnerability in child.all("vulnerability") {
                    facts.extend(fact(0, "vulnerability", vulnerability.child_text("id")));
                    for rating in vulnerability.all("ratings").flat_map(|list| list.all("rating")) {
                        facts.extend(fact(0, "vector", rating.child_text("vector")));
                    }
                }
            }
            _ => {}
        }
    }
    facts
}

/// Components as the matcher sees them. Links hold the serial number, which the two files of some pairs have their
/// own of.
fn without_links(components: Components) -> Vec<Component> {
    components.into_iter().map(|component| Component { bom_link: None, ..component }).collect()
}

#[test]
fn twins_say_the_same() {
    let Some(folder) = shindan_testdata::path("sbom") else { return };
    let (mut pairs, mut same, mut differ) = (0, 0, Vec::new());
    for json in files(&folder, ".json") {
        let xml = json.with_extension("xml");
        if !xml.exists() {
            continue;
        }
        pairs += 1;
        let shown = json.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let (mut first, mut second) = (json_facts(&json), xml_facts(&xml));
        let serial = first.first() == second.first();
        for facts in [&mut first, &mut second] {
            facts.retain(|fact| serial || !fact.starts_with("0 serial"));
        }
        if first != second {
            differ.push(shown);
            continue;
        }
        let [first, second] = [&json, &xml].map(|path| read(&std::fs::read(path).expect("readable"), "twin"));
        let (first, second) = match (first, second) {
            (Ok(first), Ok(second)) => (first, second),
            (first, second) => {
                assert_eq!(diagnostics(&first).len(), diagnostics(&second).len(), "{shown}");
                same += 1;
                continue;
            }
        };
        assert_eq!(second.kind, InventoryKind::CyclonedxXml);
        assert_eq!(first.subject, second.subject, "{shown}");
        if serial {
            assert_eq!(first.components, second.components, "{shown}");
            assert_eq!(first.opinions, second.opinions, "{shown}");
        } else {
            assert_eq!(without_links(first.components), without_links(second.components), "{shown}");
        }
        same += 1;
    }
    eprintln!("{pairs} pairs: {same} the same, {} that differ in the files themselves", differ.len());
    eprintln!("  {}", differ.join("\n  "));
    assert!(pairs >= 300 && same >= 250, "{pairs} pairs, {same} the same");
}
