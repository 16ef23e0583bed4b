//! Inputs made to exhaust memory, stack or time.

use shindan_domain::diagnostic::Code;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

use crate::{codes, read};

#[test]
fn deep_nesting_is_refused_without_recursion() {
    let deep = 200_000;
    for text in [
        "[".repeat(deep),
        format!("{{\"a\":{}", "[".repeat(deep)),
        format!("{{\"a\":{}", "{\"a\":".repeat(deep)),
        format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{}", "{\"components\":[".repeat(deep)),
        format!("{{\"lockfileVersion\":1{}", ",\"dependencies\":{\"a\":{\"x\":1".repeat(deep)),
    ] {
        let outcome = read(text.as_bytes(), "x");
        assert_eq!(codes(&outcome), [Code::DepthExceeded], "{}", &text[..40]);
    }
}

#[test]
fn deep_xml_is_refused_without_recursion() {
    let deep = 200_000;
    let root = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">";
    for text in [
        format!("{root}{}", "<x>".repeat(deep)),
        format!("{root}<components>{}", "<component><components>".repeat(deep)),
        format!("{root}{}", "<components>".repeat(deep)),
    ] {
        assert_eq!(codes(&read(text.as_bytes(), "x")), [Code::DepthExceeded], "{}", &text[..80]);
    }
    let many = "<component type=\"library\"><name>a</name><version>1</version></component>".repeat(100_000);
    let text = format!("{root}<components>{many}</components></bom>");
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!((inventory.components.len(), inventory.diagnostics.len()), (100_000, 0));
}

/// Packages, relationships and external references in numbers, all of them odd: counted, in reasonable time.
#[test]
fn spdx_in_numbers() {
    let package = "{\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\",\"externalRefs\":[{}]},".repeat(50_000);
    let relationship =
        "{\"spdxElementId\":\"x\",\"relationshipType\":\"DESCRIBES\",\"relatedSpdxElement\":\"SPDXRef-a\"},";
    let text = format!(
        "{{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{}],\"relationships\":[{}]}}",
        package.trim_end_matches(','),
        relationship.repeat(50_000).trim_end_matches(',')
    );
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!(inventory.components.len(), 50_000);
    assert!(
        inventory.components.iter().all(|component| !component.own),
        "all are described: none is the subject"
    );
    assert!(inventory.diagnostics.len() < 150, "{}", inventory.diagnostics.len());

    let reference = "ExternalRef: SECURITY cpe22Type cpe:/a:b:c\nExternalRef: SECURITY cpe23Type cpe:2.3:a:b:c:1:*:*:*:*:*:*:*\n";
    let text = format!("SPDXVersion: SPDX-2.3\nPackageName: a\n{}", reference.repeat(100_000));
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!(inventory.components[0].cpe.as_deref(), Some("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*"));
    let text = format!("SPDXVersion: SPDX-2.3\n{}", "PackageName: <text>a\n".repeat(100_000));
    assert!(codes(&read(text.as_bytes(), "x")).contains(&Code::FieldInvalid));
    let text = format!("{{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{}", "[".repeat(200_000));
    assert_eq!(codes(&read(text.as_bytes(), "x")), [Code::DepthExceeded]);
}

/// A deep value that no reader asks for is passed over without recursion; nothing is lost by it.
#[test]
fn deep_values_in_unused_fields_are_skipped() {
    let deep = 200_000;
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"x\":{}{},\"components\":[{{\"type\":\"library\",\"name\":\"a\"}}]}}",
        "[".repeat(deep),
        "]".repeat(deep)
    );
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!(inventory.components.len(), 1);
}

#[test]
fn limits_are_kept() {
    let limits = Limits { file_size: 20, line: 1000, depth: 5, ..Limits::DEFAULT };
    let outcome = inventory::read(&[b'a'; 21], "x", &limits);
    assert_eq!(codes(&outcome), [Code::FileTooLarge]);

    let limits = Limits { line: 1000, ..Limits::DEFAULT };
    let long = format!("django==1.0\nflask=={}\n", "1".repeat(2000));
    assert_eq!(codes(&inventory::read(long.as_bytes(), "x", &limits)), [Code::LineTooLong]);
    let long = format!("django==1.0 \\\n{}", "--hash=sha256:0 \\\n".repeat(500));
    let outcome = inventory::read(long.as_bytes(), "x", &limits);
    assert!(codes(&outcome).contains(&Code::LineTooLong), "{outcome:?}");

    let limits = Limits { depth: 5, ..Limits::DEFAULT };
    let text = "{\"bomFormat\":\"CycloneDX\",\"x\":[[[[[[1]]]]]]}";
    assert_eq!(codes(&inventory::read(text.as_bytes(), "x", &limits)), [Code::DepthExceeded]);
}

#[test]
fn one_long_line_is_refused_by_line_formats_and_read_as_json() {
    let long = "a".repeat(20 << 20);
    let csv = format!("asset_id,maker,model,firmware\n1,{long},m,1\n");
    assert_eq!(codes(&read(csv.as_bytes(), "x")), [Code::LineTooLong]);
    let json = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"x\":\"{long}\",\"components\":[{{\"type\":\"library\",\"name\":\"a\"}}]}}"
    );
    assert_eq!(read(json.as_bytes(), "x").expect("read").components.len(), 1);
    // No format at all: refused, and the hint is short.
    let errors = read(long.as_bytes(), "x").expect_err("no format");
    assert_eq!(errors[0].code, Code::FormatUnknown);
    assert!(errors[0].params["hint"].len() < 400);
}

/// A hundred thousand defects are counted; they are not a hundred thousand diagnostics.
#[test]
fn diagnostics_are_bounded() {
    let component =
        "{\"licenses\":[{\"license\":{\"id\":\"no such\"}}],\"purl\":\"x\",\"bom-ref\":\"same\"},";
    let list = component.repeat(50_000);
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{}]}}",
        list.trim_end_matches(',')
    );
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!(inventory.components.len(), 50_000);
    assert!(inventory.diagnostics.len() < 400, "{}", inventory.diagnostics.len());
    let further: Vec<&str> =
        inventory.diagnostics.iter().filter_map(|d| d.params.get("further")).map(String::as_str).collect();
    assert_eq!(further, ["49900", "49900", "49899"], "missing names, bad purls, repeated references");
}

/// A circle through a hundred thousand components is found without recursion.
#[test]
fn long_circles_are_found() {
    let count = 100_000;
    let mut text = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[".to_owned();
    for n in 0..count {
        text.push_str(&format!(
            "{}{{\"type\":\"library\",\"name\":\"a\",\"bom-ref\":\"{n}\"}}",
            if n == 0 { "" } else { "," }
        ));
    }
    text.push_str("],\"dependencies\":[");
    for n in 0..count {
        let comma = if n == 0 { "" } else { "," };
        text.push_str(&format!("{comma}{{\"ref\":\"{n}\",\"dependsOn\":[\"{}\"]}}", (n + 1) % count));
    }
    text.push_str("]}");
    let outcome = read(text.as_bytes(), "x");
    assert_eq!(codes(&outcome), [Code::ReferenceCycle]);
    assert_eq!(outcome.expect("read").diagnostics[0].params["length"], count.to_string());
}

/// Components that say nothing cost an error, not memory.
#[test]
fn empty_components_are_reported_and_not_listed() {
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{}{{\"type\":\"library\",\"name\":\"a\"}}]}}",
        "{},".repeat(500_000)
    );
    let inventory = read(text.as_bytes(), "x").expect("read");
    assert_eq!(inventory.components.len(), 1);
    assert_eq!(inventory.components[0].pointer, "/components/500000");
    assert!(codes(&Ok(inventory)).contains(&Code::FieldMissing));
}

#[test]
fn deep_toml_is_refused() {
    for opening in ["[", "{x="] {
        let text =
            format!("[[package]]\nname = \"a\"\nversion = \"1\"\n\n[x]\ny = {}", opening.repeat(200_000));
        let outcome = read(text.as_bytes(), "x");
        assert!(codes(&outcome).contains(&Code::TomlInvalid), "{:?}", codes(&outcome));
    }
}

/// Lock files of lines, TOML and YAML that are made to cost time or memory. What is quadratic in two hundred thousand
/// takes minutes here, which whoever runs the tests notices.
#[test]
fn hostile_lock_files_cost_no_more_than_their_size() {
    let many = 200_000;
    for (text, expected) in [
        (format!("lockfileVersion: '9.0'\npackages: {}", "[".repeat(many)), Some(Code::DepthExceeded)),
        (format!("lockfileVersion: '9.0'\npackages: {}", "{a: ".repeat(many)), Some(Code::DepthExceeded)),
        (format!("__metadata:\n  version: 6\n? {}", "? ".repeat(many)), Some(Code::DepthExceeded)),
        (format!("# yarn lockfile v1\n{}", "a@1:\n".repeat(many)), Some(Code::FieldMissing)),
        (format!("# yarn lockfile v1\n\"{}\":\n  version \"1\"\n", "a@1, ".repeat(many)), None),
        (format!("module a\ngo 1.21\nrequire (\n{}", "a ( ".repeat(many)), Some(Code::FieldInvalid)),
        (format!("module a\ngo 1.21\n{}", "/* ".repeat(many)), None),
        (format!("a v1 h1:x=\n{}", "x\n".repeat(many)), Some(Code::FieldInvalid)),
        (format!("GEM\n  specs:\n{}", "    a (1.0)\n".repeat(many)), None),
        (format!("# This is a Gradle generated file\n{}", ":".repeat(many)), Some(Code::FieldInvalid)),
        (
            format!("requires-python = \"\"\n[[package]]\nname = \"a\"\nversion = {}", "[".repeat(many)),
            Some(Code::TomlInvalid),
        ),
        (
            format!("<project><modelVersion>4</modelVersion>{}", "<dependencies>".repeat(many)),
            Some(Code::DepthExceeded),
        ),
        (format!("{{\"_meta\":{{}},\"default\":{{\"a\":{}", "[".repeat(many)), Some(Code::DepthExceeded)),
    ] {
        let codes = codes(&read(text.as_bytes(), "x"));
        match expected {
            Some(code) => assert!(codes.contains(&code), "{}: {codes:?}", &text[..40]),
            None => assert!(codes.len() < 4, "{}: {codes:?}", &text[..40]),
        }
    }
}

/// A thousand millions of packages in ten lines.
#[test]
fn yaml_aliases_are_not_expanded_beyond_a_limit() {
    let mut text = "lockfileVersion: '9.0'\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let before = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{before}]\n"));
    }
    text.push_str("packages: {}\n");
    assert_eq!(codes(&read(text.as_bytes(), "x")), [Code::YamlInvalid]);
}

/// Properties of a pom that refer to one another in a circle, or grow with every step.
#[test]
fn properties_that_grow_are_given_up() {
    let text = "<project><modelVersion>4</modelVersion><properties><a>${b}${b}</a><b>${a}${a}</b></properties>\
        <dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${a}</version>\
        </dependency></dependencies></project>";
    let inventory = read(text.as_bytes(), "pom.xml").expect("read");
    assert_eq!(inventory.components[0].version, None);
    assert!(codes(&Ok(inventory)).contains(&Code::RequirementUnpinned));
}

/// Lists of packages and texts of devices that repeat one defect a hundred thousand times stay small.
#[test]
fn damaged_lists_of_packages_are_counted() {
    let count = 100_000;
    let rpm = "bash-5.1.8-6.el9_1.x86_64\n".repeat(400) + &"no package\n".repeat(count);
    let dpkg = "Package: a\nStatus: install ok installed\nVersion: 1\n\n".to_owned()
        + &"Status: odd\n\n".repeat(count);
    let apk = "P:a\nV:1-r0\nA:x86_64\n\n".to_owned() + &"V:1-r0\n\n".repeat(count);
    let devices = "sw01# show version\n".repeat(count);
    let marks = format!("bash-5.1.8-6{}.x86_64\n", ".el9+el8".repeat(count));
    for text in [rpm, dpkg, apk, devices, marks] {
        let outcome = read(text.as_bytes(), "list");
        assert!(codes(&outcome).len() <= 6, "{:?}", codes(&outcome));
        assert!(crate::diagnostics(&outcome).len() < 500, "{}", crate::diagnostics(&outcome).len());
    }
}

/// Lists of Windows that repeat one defect a hundred thousand times, or promise what they do not hold.
#[test]
fn hostile_lists_of_windows_cost_no_more_than_their_size() {
    let many = 60_000;
    let system = "Host Name: A\nOS Name: Microsoft Windows Server 2019 Standard\nOS Version: 10.0.17763 N/A Build 17763\n";
    let export = "Windows Registry Editor Version 5.00\n\n";
    let key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\A]\n";
    for (text, expected) in [
        (
            format!("{system}Hotfix(s): 99999999999999999999 Hotfix(s) Installed.\n"),
            Some(Code::UpdatesIncomplete),
        ),
        (
            format!("{system}Hotfix(s): {many} Hotfix(s) Installed.\n{}", " [01]: x\n".repeat(many)),
            Some(Code::UpdatesWithoutNumber),
        ),
        (format!("{system}{}", "Host Name: A\n".repeat(5_000)), Some(Code::FieldMissing)),
        (
            format!("{system}Hotfix(s): 1 Hotfix(s) Installed.{}", "[".repeat(many)),
            Some(Code::UpdatesIncomplete),
        ),
        (format!("Source  HotFixID\n{}", "A  KB12345\n".repeat(many)), None),
        (format!("Source  HotFixID\n{}", "A  KB\n".repeat(many)), Some(Code::UpdatesWithoutNumber)),
        (format!("HotFixID : KB12345\n{}", "HotFixID : KBx\n".repeat(many)), Some(Code::FieldInvalid)),
        (format!("\"HotFixID\"\n\"{}", "KB12345\n".repeat(many)), Some(Code::CsvInvalid)),
        (
            format!("[{}{{\"HotFixID\":\"KB12345\"}}", "{\"HotFixID\":1},".repeat(many)),
            Some(Code::JsonInvalid),
        ),
        (format!("[{{\"HotFixID\":{}", "[".repeat(many)), Some(Code::DepthExceeded)),
        (
            format!(
                "Package Identity : a~\nState : Installed\n{}",
                "Package Identity : Package_for_KB~\n".repeat(many)
            ),
            Some(Code::FieldMissing),
        ),
        (format!("{export}{key}\"DisplayName\"=hex(2):{}", "00,\\\n".repeat(many)), Some(Code::FieldInvalid)),
        (format!("{export}{key}\"DisplayName\"=\"{}", "\\\\\n".repeat(many)), Some(Code::FieldInvalid)),
        (
            format!("{export}{}", format!("{key}\"DisplayName\"=\"A\"\n").repeat(20_000)),
            Some(Code::FieldInvalid),
        ),
        (format!("{export}{key}\"DisplayName\"=\"{}\"\n\n", "(".repeat(many)), None),
        (format!("{export}{key}\"DisplayName\"=\"{}\"\n\n", "1.0 ".repeat(many)), None),
        (format!("Name  Id  Version\n{}", "x\n".repeat(many)), None),
    ] {
        let outcome = read(text.as_bytes(), "list");
        let codes = codes(&outcome);
        let start: String = text.chars().take(40).collect();
        assert!(expected.is_none_or(|code| codes.contains(&code)), "{start}: {codes:?}");
        assert!(crate::diagnostics(&outcome).len() < 600, "{start}");
    }
}
