use shindan_domain::advisory::{Affected, Status};
use shindan_domain::version::VersionClaim;

use super::*;

/// Two products, hotfixes, an advisory of one CVE; written by us after the maker's documents.
const ONE_CVE: &str = include_str!("samples/one-cve.json");
/// An advisory about several CVEs, with a gap between the end of the range and the fix.
const SEVERAL: &str = include_str!("samples/several-cves.json");

fn one(text: &str) -> (Advisory, Vec<Diagnostic>) {
    let mut reading = read(text, "p.json", &Limits::DEFAULT);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading.diagnostics)
}

fn claims(advisory: &Advisory) -> Vec<String> {
    let claim = |affected: &Affected| {
        let versions = match &affected.versions {
            VersionClaim::All => "*".to_owned(),
            VersionClaim::Ranged { ranges, .. } => {
                ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
            }
            VersionClaim::Undetermined { params, .. } => format!("? {params:?}"),
        };
        format!(
            "{} {:?} {versions}",
            affected.product.product.as_deref().unwrap_or_default(),
            affected.status
        )
    };
    advisory.affected.iter().map(claim).collect()
}

#[test]
fn an_advisory_about_one_cve() {
    let (advisory, diagnostics) = one(ONE_CVE);
    assert_eq!(diagnostics, []);
    assert_eq!((advisory.id.as_str(), advisory.source.as_str()), ("CVE-2026-10114", "Palo Alto Networks"));
    assert_eq!(advisory.published.expect("date").to_string(), "2026-03-12T16:00:00Z");
    assert_eq!(advisory.modified.expect("date").to_string(), "2026-03-14T09:00:00Z");
    assert_eq!(advisory.references, ["https://advisories.example/CVE-2026-10114"]);
    assert_eq!(
        claims(&advisory),
        [
            "PAN-OS Affected >=11.0.0 <11.0.2",
            "PAN-OS Affected >=10.1.0 <10.1.14-h11",
            "Prisma Access NotAffected *",
            // Its own entry says nothing that is understood; the list does.
            "GlobalProtect App Affected ? {\"text\": \"see the list\"}",
            "GlobalProtect App Affected =6.2.1 | =6.2.0-c5",
        ]
    );
    assert_eq!(advisory.affected[0].fixed_versions, ["11.0.2", "10.1.14-h11"]);
    let [vulnerability] = advisory.vulnerabilities.as_slice() else { panic!("one") };
    assert_eq!(
        (vulnerability.cvss.len(), vulnerability.cwe.as_slice()),
        (1, ["CWE-400".to_owned()].as_slice())
    );
    assert_eq!(vulnerability.remediations.len(), 2);
}

#[test]
fn an_advisory_about_several_cves_links_them() {
    let (advisory, _) = one(SEVERAL);
    assert_eq!(advisory.id, "PAN-SA-2026-0007");
    let ids: Vec<&str> = advisory.vulnerabilities.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2026-10995", "CVE-2026-10999"]);
    assert!(
        advisory.vulnerabilities.iter().all(|v| v.aliases.is_empty() && v.cvss[0].printed_x10 == Some(94))
    );
    // What lies between the end of the range and the fix is neither affected nor fixed.
    assert_eq!(
        claims(&advisory),
        [
            "Prisma Access Browser Affected <133.16.4.99",
            "Prisma Access Browser UnderInvestigation >=133.16.4.99 <134.7.4.44"
        ]
    );
}

#[test]
fn an_advisory_that_names_no_cve_stands_for_itself() {
    let text = SEVERAL.replace("CVE-2026-10995", "none").replace("CVE-2026-10999", "none");
    let (advisory, _) = one(&text);
    assert_eq!(advisory.vulnerabilities.len(), 1);
    assert_eq!(advisory.vulnerabilities[0].id, "PAN-SA-2026-0007");
}

#[test]
fn what_is_wrong_is_told() {
    let code = |text: &str| {
        let reading = read(text, "p.json", &Limits::DEFAULT);
        assert!(!reading.diagnostics.is_empty(), "silence");
        (reading.diagnostics[0].code, reading.rejected)
    };
    assert_eq!(
        code(&ONE_CVE.replace("\"CVE-2026-10114\",\"serial\"", "\"7\",\"serial\"")),
        (Code::FieldInvalid, 1)
    );
    assert_eq!(code(&ONE_CVE.replace("PUBLISHED", "REJECTED")), (Code::AdvisoryWithdrawn, 0));
    assert_eq!(code(&ONE_CVE.replace("CVSS:4.0/", "CVSS:3.1/")), (Code::CvssInvalid, 0));
    assert_eq!(code(&ONE_CVE.replace("GlobalProtect App 6.2.1", "all of them")), (Code::FieldTolerated, 0));
    let nothing = r#"{"cveMetadata":{"cveId":"CVE-2026-1"},"containers":{"cna":{}}}"#;
    assert_eq!(code(&nothing.replace("2026-1", "2026-1000")), (Code::AdvisoryWithoutProduct, 0));
    assert_eq!(code(&ONE_CVE[..ONE_CVE.len() / 2]).1, 1);
    let (withdrawn, _) = one(&ONE_CVE.replace("PUBLISHED", "REJECTED"));
    assert!(withdrawn.withdrawn.is_some());
}

#[test]
fn genuine_advisories() {
    let Some(folder) = shindan_testdata::path("vendor/paloalto/json") else { return };
    let read_file = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).expect("readable");
        crate::advisory::read(&bytes, name, &Limits::DEFAULT)
    };
    let reading = read_file("CVE-2025-0114");
    assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::PaloAlto), 0));
    assert_eq!(reading.diagnostics, []);
    assert_eq!(
        claims(&reading.advisories[0]),
        [
            "PAN-OS Affected >=11.0.0 <11.0.2 | >=10.2.0 <10.2.5",
            // Apart, because whether 11.1.0 lies in it is not for this crate to know.
            "PAN-OS Affected >=10.1.0 <10.1.14-h11",
            "Cloud NGFW NotAffected *",
            "Prisma Access NotAffected *"
        ]
    );
    assert_eq!(reading.advisories[0].affected[0].status, Status::Affected);
    let reading = read_file("PAN-SA-2025-0007");
    assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::PaloAlto), 0));
    assert_eq!(reading.advisories[0].vulnerabilities.len(), 16);
    assert_eq!(
        claims(&reading.advisories[0]),
        [
            "Prisma Access Browser Affected <133.16.4.99",
            "Prisma Access Browser UnderInvestigation >=133.16.4.99 <134.7.4.44"
        ]
    );
}
