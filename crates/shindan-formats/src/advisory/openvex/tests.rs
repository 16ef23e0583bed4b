use shindan_domain::advisory::{Affected, ProductRef};
use shindan_domain::version::VersionClaim;

use super::*;

const USUAL: &str = include_str!("samples/usual.json");

fn read(text: &str) -> Reading {
    super::super::read(text.as_bytes(), "vex.json", &Limits::DEFAULT)
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|d| d.code).collect()
}

fn name(product: &ProductRef) -> String {
    let other = product.bom_link.clone().or(product.product.clone());
    [product.purl.clone(), product.cpes.first().cloned(), other]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" + ")
}

fn line(advisory: &Advisory, statement: &Affected) -> String {
    let versions = match &statement.versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
        VersionClaim::Undetermined { code, .. } => code.to_string(),
    };
    let ids: Vec<&str> = statement
        .vulnerabilities
        .iter()
        .map(|at| advisory.vulnerabilities[*at as usize].id.as_str())
        .collect();
    let mut out =
        format!("{} {} {} {versions}", ids.join(","), statement.status.as_str(), name(&statement.product));
    if let Some(within) = &statement.within {
        out.push_str(&format!(" in {}", name(within)));
    }
    if let Some(why) = statement.justification {
        out.push_str(&format!(" because {}", why.as_str()));
    }
    if !statement.impact.is_empty() {
        out.push_str(&format!(" ({})", statement.impact));
    }
    out
}

fn lines(reading: &Reading) -> Vec<String> {
    let advisory = &reading.advisories[0];
    advisory.affected.iter().map(|statement| line(advisory, statement)).collect()
}

#[test]
fn a_usual_document() {
    let reading = read(USUAL);
    assert_eq!(reading.format, Some(AdvisoryFormat::OpenVex));
    assert_eq!(reading.source, "見本電子カルテ株式会社");
    assert_eq!(reading.newest.unwrap().to_string(), "2026-03-01T00:00:00Z");
    let advisory = &reading.advisories[0];
    assert!(advisory.exploitability);
    assert_eq!(
        (advisory.id.as_str(), advisory.revision),
        ("https://example.com/vex/karte-2026-001", Some(3))
    );
    let vulnerabilities: Vec<(&str, &[String])> =
        advisory.vulnerabilities.iter().map(|v| (v.id.as_str(), v.aliases.as_slice())).collect();
    let alias = ["GHSA-jfh8-c2jp-5v3q".to_owned()];
    assert_eq!(
        vulnerabilities,
        [
            ("CVE-2021-44228", &alias[..]),
            ("CVE-2026-1001", &[]),
            ("CVE-2026-1002", &[]),
            ("CVE-2026-1003", &[])
        ],
        "documents are no aliases"
    );
    assert_eq!(advisory.vulnerabilities[1].remediations[0].details, "7.88.1-10+deb12u6 に更新してください。");
    let curl = "pkg:deb/debian/curl?distro=debian-12";
    assert_eq!(
        lines(&reading),
        [
            "CVE-2021-44228 not_affected pkg:maven/org.apache.logging.log4j/log4j-core =2.14.1 in \
             pkg:generic/mihon-karte@5.2 + cpe:2.3:a:mihon:karte:5.2:*:*:*:*:*:*:* because \
             vulnerable_code_not_in_execute_path (JNDI を使う設定を取り除いています。)",
            &format!("CVE-2026-1001 affected {curl} =7.88.1-10+deb12u5"),
            &format!("CVE-2026-1001 fixed {curl} =7.88.1-10+deb12u6"),
            "CVE-2026-1001 fixed urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#curl all",
            "CVE-2026-1002 affected https://example.com/products/viewer all",
            "CVE-2026-1003 under_investigation pkg:npm/lodash all (we_know_better)",
        ]
    );
    assert_eq!(advisory.affected[2].fixed_versions, ["7.88.1-10+deb12u6"]);
    assert_eq!(reading.rejected, 1, "the statement without a vulnerability");
    assert_eq!(
        codes(&reading),
        [
            Code::AdvisoryWithoutProduct,
            Code::FieldTolerated,
            Code::FieldTolerated,
            Code::FieldMissing,
            Code::SpecViolation
        ]
    );
}

#[test]
fn early_documents_write_texts() {
    let reading = read(include_str!("samples/early.json"));
    assert_eq!((codes(&reading), reading.advisories[0].revision), (vec![], Some(1)));
    assert_eq!(reading.advisories[0].vulnerabilities[0].summary, "見本の脆弱性");
    assert_eq!(
        lines(&reading),
        [
            "CVE-2023-12345 fixed pkg:apk/wolfi/git =2.39.0-r1",
            "CVE-2023-12346 not_affected pkg:golang/example.com/a =v1.2.3 in pkg:oci/app@sha256:1111 \
             (呼び出していません。)",
        ],
        "architectures of one package say the same"
    );
}

#[test]
fn the_head_may_stand_apart() {
    let reading = read(include_str!("samples/head-apart.json"));
    assert_eq!(reading.source, "Example Security Team");
    assert_eq!(codes(&reading), [Code::SpecViolation], "neither justification nor impact statement");
    assert_eq!(
        lines(&reading),
        [" not_affected pkg:deb/ubuntu/openssl?distro=jammy =3.0.2-0ubuntu1"],
        "about the one vulnerability: no index"
    );
    assert_eq!(reading.newest.unwrap().to_string(), "2026-04-02T00:00:00Z");
}

fn with(statements: &str) -> Reading {
    let head = r#""@id":"x","author":"a","timestamp":"2026-01-01T00:00:00Z","version":1"#;
    read(&format!(r#"{{"@context":"https://openvex.dev/ns/v0.2.0",{head},"statements":[{statements}]}}"#))
}

fn statement(status: &str, times: &str, product: &str) -> String {
    format!(
        r#"{{"vulnerability":{{"name":"CVE-2026-0001"}},"status":"{status}","justification":"component_not_present",
           "action_statement":"x"{times},"products":[{{"@id":"{product}"}}]}}"#
    )
}

#[test]
fn the_newest_statement_about_a_product_holds() {
    let check = |statements: [String; 2], expected: &str| {
        let reading = with(&statements.join(","));
        assert_eq!(codes(&reading), []);
        let lines = lines(&reading);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with(&format!(" {expected} pkg:npm/a")), "{lines:?}");
    };
    let of = |status, times| statement(status, times, "pkg:npm/a@1");
    let (early, late) = (r#","timestamp":"2025-01-01T00:00:00Z""#, r#","timestamp":"2027-01-01T00:00:00Z""#);
    check([of("affected", early), of("fixed", late)], "fixed");
    check([of("fixed", late), of("affected", early)], "fixed");
    check([of("affected", ""), of("not_affected", early)], "affected");
    check([of("affected", ""), of("not_affected", "")], "not_affected");
    let updated = r#","timestamp":"2025-01-01T00:00:00Z","last_updated":"2028-01-01T00:00:00Z""#;
    check([of("under_investigation", updated), of("fixed", late)], "under_investigation");
    // Another version is another product.
    let both = [of("affected", early), statement("fixed", late, "pkg:npm/a@2")].join(",");
    assert_eq!(lines(&with(&both)).len(), 2);
}

#[test]
fn identifiers_of_one_product_are_several_ways_to_it() {
    let product = r#"{"@id":"pkg:apk/wolfi/p@1.23.0-r1","identifiers":{"purl":"pkg:maven/g/a@2.4","@cpe22":"cpe:/a:v:a:2.4"},
        "hashes":{"sha-256":"00"}}"#;
    let entry = format!(r#"{{"vulnerability":"CVE-2026-0001","status":"fixed","products":[{product}]}}"#);
    let reading = with(&entry);
    assert_eq!(codes(&reading), []);
    assert_eq!(
        lines(&reading),
        [
            " fixed pkg:apk/wolfi/p =1.23.0-r1",
            " fixed pkg:maven/g/a =2.4",
            " fixed cpe:2.3:a:v:a:2.4:*:*:*:*:*:*:* =2.4"
        ]
    );
    // Nothing of it can be matched, and that is told.
    for product in
        [r#"{"hashes":{"sha-256":"00"}}"#, r#"{"@id":"pkg:"}"#, r#"{"@id":"cpe:x"}"#, "7", "\"name\""]
    {
        let entry = format!(r#"{{"vulnerability":"CVE-2026-0001","status":"fixed","products":[{product}]}}"#);
        assert!(codes(&with(&entry)).contains(&Code::AdvisoryWithoutProduct), "{product}");
    }
}

#[test]
fn several_cves_under_one_name_are_linked() {
    let reading = with(
        r#"{"vulnerability":{"name":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2026-0001","CVE-2026-0002"]},"status":"fixed",
            "products":[{"@id":"pkg:npm/a@1"}]}"#,
    );
    let ids: Vec<&str> = reading.advisories[0].vulnerabilities.iter().map(|v| v.id.as_str()).collect();
    assert_eq!((ids, lines(&reading).len()), (vec!["CVE-2026-0001", "CVE-2026-0002"], 2));
}

#[test]
fn what_is_no_readable_document_is_told() {
    let refused = |text: &str, expected: &[Code]| {
        let reading = read(text);
        assert!(reading.advisories.is_empty(), "{text}");
        assert_eq!((codes(&reading).as_slice(), reading.rejected > 0), (expected, true), "{text}");
    };
    refused(r#"{"@context":"https://openvex.dev/ns/v1.0.0","statements":[]}"#, &[Code::FormatUnsupported]);
    let head =
        r#""@context":"https://openvex.dev/ns","@id":"x","author":"a","timestamp":"2026-01-01T00:00:00Z""#;
    refused(&format!("{{{head}}}"), &[Code::FieldMissing]);
    refused(&format!(r#"{{{head},"statements":[5,{{}}]}}"#), &[Code::FieldMissing, Code::FieldMissing]);
    refused(&format!("{{{head}"), &[Code::JsonInvalid]);
    refused(r#"{"predicateType":"https://openvex.dev/ns","predicate":{}}"#, &[Code::FormatUnsupported]);
    let nameless = read(
        r#"{"@context":"https://openvex.dev/ns","statements":[
        {"vulnerability":"CVE-2026-0001","status":"fixed","products":["pkg:npm/a@1"]}]}"#,
    );
    assert_eq!(codes(&nameless), [Code::FieldMissing; 3], "id, author, timestamp");
    assert_eq!((nameless.advisories[0].id.as_str(), nameless.source.as_str()), ("vex.json", "unknown"));
}

#[test]
fn later_drafts_of_0_x_are_read() {
    assert_eq!(too_new("https://openvex.dev/ns"), None);
    assert_eq!(too_new("https://openvex.dev/ns/v0.3.0"), None);
    assert_eq!(too_new("https://openvex.dev/ns/v2"), Some("v2"));
}
