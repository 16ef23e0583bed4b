use shindan_domain::diagnostic::Severity;
use shindan_domain::version::VersionClaim;

use super::*;
use crate::advisory;

const MONTH: &str = include_str!("samples/month.xml");
const ADVISORY: &str = include_str!("samples/advisory.xml");

fn of(text: &str) -> Reading {
    let reading = advisory::read(text.as_bytes(), "doc.xml", &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::Cvrf), "{:?}", reading.diagnostics);
    reading
}

/// A statement in one line.
pub(super) fn told(affected: &Affected) -> String {
    let product = &affected.product;
    let versions = match &affected.versions {
        VersionClaim::All => "*".to_owned(),
        VersionClaim::Ranged { ranges, .. } => {
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
        VersionClaim::Undetermined { code, .. } => format!("? ({code})"),
    };
    let mut line = format!(
        "{:?} {} {} {}: {versions}",
        affected.vulnerabilities,
        product.vendor.as_deref().unwrap_or("-"),
        product.product.as_deref().unwrap_or("-"),
        affected.status.as_str()
    );
    for (name, list) in [("updates", &affected.updates), ("fixed", &affected.fixed_versions)] {
        if !list.is_empty() {
            line.push_str(&format!("; {name} {}", list.join(", ")));
        }
    }
    if let Some(group) = affected.platforms.first() {
        line.push_str(&format!("; on {}", group.join(", ")));
    }
    line
}

fn codes(reading: &Reading) -> Vec<String> {
    let told = |d: &Diagnostic| format!("{} {}", d.code, d.params.get("value").cloned().unwrap_or_default());
    let mut out: Vec<String> =
        reading.diagnostics.iter().map(told).map(|t| t.trim_end().to_owned()).collect();
    out.sort();
    out
}

#[test]
fn a_month_of_microsoft_is_one_advisory_for_each_vulnerability() {
    let reading = of(MONTH);
    assert_eq!((reading.source.as_str(), reading.advisories.len(), reading.rejected), ("Microsoft", 2, 0));
    let first = &reading.advisories[0];
    assert_eq!(first.id, "CVE-2024-0001");
    assert_eq!(first.title, "Windows Example Elevation of Privilege Vulnerability");
    assert_eq!(first.published.map(|t| t.to_string()).as_deref(), Some("2024-03-12T07:00:00Z"));
    assert_eq!(first.modified.map(|t| t.to_string()).as_deref(), Some("2024-03-20T07:00:00Z"));
    assert_eq!(first.references, ["https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-0001"]);
    let vulnerability = &first.vulnerabilities[0];
    assert_eq!(vulnerability.summary, "An attacker gains SYSTEM privileges.");
    assert_eq!(vulnerability.cwe, ["CWE-416"]);
    assert_eq!(vulnerability.cvss.len(), 1, "the same score for several products is one");
    let remedies: Vec<&str> = vulnerability.remediations.iter().map(|r| r.details.as_str()).collect();
    assert_eq!(
        remedies,
        [
            "KB5035849 (Security Update, 10.0.17763.5576)",
            "KB5035845 (10.0.19045.4170)",
            "KB5035885 (Monthly Rollup, 6.3.9600.21871)",
            "KB5035886 (IE Cumulative, 1.001)",
            "Disable the role.",
        ]
    );
    assert_eq!(reading.newest.map(|t| t.to_string()).as_deref(), Some("2024-04-09T07:00:00Z"));
}

#[test]
fn updates_and_builds_of_each_product() {
    let reading = of(MONTH);
    let lines: Vec<String> =
        reading.advisories.iter().flat_map(|advisory| advisory.affected.iter().map(told)).collect();
    assert_eq!(
        lines,
        [
            "[] Microsoft Windows Server 2019 affected: >=10.0.17763 <10.0.17763.5576; updates KB5035849; \
             fixed 10.0.17763.5576",
            "[] Microsoft Windows 10 Version 22H2 affected: >=10.0.19045 <10.0.19045.4170; updates KB5035845; \
             fixed 10.0.19045.4170",
            "[] Microsoft Windows Server 2012 R2 affected: >=6.3.9600 <6.3.9600.21871; updates KB5035885; \
             fixed 6.3.9600.21871",
            "[] Microsoft Internet Explorer 11 affected: *; updates KB5035886; \
             on cpe:2.3:o:microsoft:windows_server_2012_r2:*:*:*:*:*:*:*:*",
            "[] Microsoft Microsoft Excel 2016 affected: *; updates KB5002580",
            "[] Microsoft Microsoft Office 2019 affected: ? (range-undetermined)",
            "[] Microsoft Windows Server 2019 not_affected: *",
            "[] Microsoft Windows Server 2019 not_affected: ? (range-undetermined)",
        ]
    );
    let first = &reading.advisories[0].affected[0];
    assert_eq!(first.text, "Windows Server 2019\nWindows Server 2019  (Server Core installation)");
    let replaced: Vec<String> =
        reading.advisories[0].supersedes.iter().map(|s| format!("{} {}", s.newer, s.older)).collect();
    assert_eq!(replaced, ["KB5035845 KB5032189", "KB5035845 KB5034763", "KB5035849 KB5034768"]);
    assert_eq!(codes(&reading), ["field-tolerated see the bulletin", "reference-dangling 99999"]);
}

#[test]
fn a_maker_s_advisory_is_one_advisory() {
    let reading = of(ADVISORY);
    assert_eq!((reading.source.as_str(), reading.advisories.len(), reading.rejected), ("Example", 1, 0));
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.id, "EX-IR-24-001");
    assert_eq!(advisory.language.as_deref(), Some("en"));
    let ids: Vec<&str> = advisory.vulnerabilities.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2024-1001", "EX-IR-24-001#2"]);
    assert_eq!(advisory.references, ["https://example.com/EX-IR-24-001", "https://example.com/other"]);
    let vectors: Vec<&str> =
        advisory.vulnerabilities[0].cvss.iter().map(|cvss| cvss.vector.as_str()).collect();
    assert_eq!(vectors, ["CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:P/I:P/A:P"]);
    let categories: Vec<&str> =
        advisory.vulnerabilities[0].remediations.iter().map(|r| r.category.as_str()).collect();
    assert_eq!(categories, ["vendor_fix", "no_fix_planned"]);
    let lines: Vec<String> = advisory.affected.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "[0] Example ExampleGate affected: =8; fixed 7.0.2; \
             on cpe:2.3:o:example:exampleos:3.1:*:*:*:*:*:*:*",
            "[0] Example ExampleOS affected: =3.1",
            "[0] Example ExampleGate affected: =7.0.0 | =7.0.1; fixed 7.0.2",
            "[0] Example ExampleGate fixed: =7.0.2",
            "[1] Example ExampleGate affected: ? (platform-unknown)",
            "[1] Example ExampleGate affected: ? (range-undetermined)",
            "[1] Example ExampleGate not_affected: =8",
        ]
    );
    assert_eq!(codes(&reading), ["cvss-invalid", "field-tolerated Perhaps", "reference-dangling NONE"]);
}

#[test]
fn documents_that_tell_nothing_say_so() {
    let check = |text: &str, expected: &[&str]| assert_eq!(codes(&of(text)), expected, "{text}");
    let frame = |inside: &str| {
        let open = "<cvrfdoc xmlns=\"http://www.icasi.org/CVRF/schema/cvrf/1.1\">";
        format!("{open}{inside}</cvrfdoc>")
    };
    let tracking = "<DocumentTracking><Identification><ID>X-1</ID></Identification></DocumentTracking>";
    check(&frame(""), &["field-missing"]);
    check(&frame(tracking), &["file-skipped"]);
    check(&frame(&format!("{tracking}<Vulnerability/>")), &["advisory-without-product"]);
    check(
        &frame(&format!("{tracking}<Vulnerability><CVE>CVE-1</CVE></Vulnerability>")),
        &["advisory-without-product", "field-tolerated CVE-1"],
    );
    let cut = frame(&format!("{tracking}<Vulnerability>")).replace("</cvrfdoc>", "");
    check(&cut, &["file-skipped", "xml-invalid"]);
    let bomb = MONTH.replacen("<cvrf:cvrfdoc", "<!DOCTYPE a [<!ENTITY b \"c\">]><cvrf:cvrfdoc", 1);
    check(&bomb, &["xml-entity-refused"]);
    let deep = format!("{tracking}{}{}", "<a>".repeat(200), "</a>".repeat(200));
    let deep = of(&frame(&deep));
    assert!(deep.diagnostics.iter().any(|d| d.code == Code::DepthExceeded), "{:?}", deep.diagnostics);
    let depth =
        format!("{tracking}<ProductTree>{}</ProductTree>", "<Branch>".repeat(100) + &"</Branch>".repeat(100));
    check(&frame(&depth), &["file-skipped"]);
}

#[test]
fn relationships_in_a_circle_end() {
    let text = ADVISORY.replace("ProductReference=\"NONE\"", "ProductReference=\"NONE-OS\"");
    let reading = of(&text);
    assert!(codes(&reading).contains(&"reference-dangling NONE-OS".to_owned()));
    assert_eq!(reading.advisories.len(), 1);
}

#[test]
fn every_truncation_is_an_error_and_no_flipped_byte_panics() {
    for sample in [MONTH, ADVISORY] {
        let sample = sample.trim_end();
        for at in 0..sample.len() {
            let reading = read(&sample.as_bytes()[..at], "f", &Limits::DEFAULT);
            let worst = reading.diagnostics.iter().map(|d| d.severity()).max();
            assert_eq!(worst, Some(Severity::Error), "cut at {at}");
        }
        let mut bytes = sample.as_bytes().to_vec();
        for at in (0..bytes.len()).step_by(3) {
            for flip in [0x01, 0x9f] {
                bytes[at] ^= flip;
                read(&bytes, "f", &Limits::DEFAULT);
                bytes[at] ^= flip;
            }
        }
    }
}
