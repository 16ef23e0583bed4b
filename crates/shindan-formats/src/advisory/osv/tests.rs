use super::*;

fn one(text: &str) -> (Advisory, Reading) {
    let mut reading = read(text, "o.json", &Limits::DEFAULT);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading)
}

fn record(id: &str, rest: &str) -> String {
    format!(r#"{{"schema_version":"1.7.0","id":"{id}","modified":"2024-05-01T00:00:00Z"{rest}}}"#)
}

fn affected(ecosystem: &str, rest: &str) -> String {
    record(
        "GHSA-aaaa-bbbb-cccc",
        &format!(r#","affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"p"}}{rest}}}]"#),
    )
}

fn shown(advisory: &Advisory) -> String {
    match &advisory.affected[0].versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Ranged { ranges, except } => {
            assert!(except.is_empty());
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
        VersionClaim::Undetermined { code, params } => {
            let values: Vec<&str> = params.values().map(String::as_str).collect();
            format!("{code} {}", values.join(", "))
        }
    }
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_rustsec_record() {
    let text = r#"{"id":"RUSTSEC-2021-0003","modified":"2023-06-13T13:10:24Z","published":"2021-01-08T12:00:00Z",
        "aliases":["CVE-2021-25900","GHSA-43w2-9j62-hq99","JVNDB-2021-000001"],"related":["CVE-2000-0001"],
        "summary":"Buffer overflow in SmallVec::insert_many","details":"A *bug*.",
        "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected":[{"package":{"ecosystem":"crates.io","name":"smallvec","purl":"pkg:cargo/smallvec"},
          "ecosystem_specific":{"affects":{"arch":[]},"affected_functions":null},
          "database_specific":{"categories":["memory-corruption"],"cvss":null,"informational":null},
          "ranges":[{"type":"SEMVER","events":[{"introduced":"0.6.3"},{"fixed":"0.6.14"},
            {"introduced":"1.0.0"},{"fixed":"1.6.1"}]}],"versions":[]}],
        "references":[{"type":"PACKAGE","url":"https://packages.example/smallvec"},
          {"type":"ADVISORY","url":"https://rustsec.org/advisories/RUSTSEC-2021-0003.html"}],
        "database_specific":{"license":"CC0-1.0"}}"#;
    let (advisory, reading) = one(text);
    assert!(reading.diagnostics.is_empty());
    assert_eq!((advisory.source.as_str(), reading.source.as_str()), ("RustSec", "RustSec"));
    assert_eq!(shown(&advisory), ">=0.6.3 <0.6.14 | >=1.0.0 <1.6.1");
    assert_eq!(advisory.affected[0].fixed_versions, ["0.6.14", "1.6.1"]);
    assert_eq!(advisory.affected[0].product.purl.as_deref(), Some("pkg:cargo/smallvec"));
    assert_eq!(advisory.references[0], "https://rustsec.org/advisories/RUSTSEC-2021-0003.html");
    let [vulnerability] = advisory.vulnerabilities.as_slice() else { panic!("one") };
    assert_eq!(vulnerability.id, "CVE-2021-25900");
    assert_eq!(vulnerability.aliases, ["RUSTSEC-2021-0003", "GHSA-43w2-9j62-hq99"]);
    assert_eq!(vulnerability.cvss.len(), 1);
    assert_eq!(reading.newest.expect("date").to_string(), "2023-06-13T13:10:24Z");
}

#[test]
fn informational_records_are_not_vulnerabilities() {
    for (mark, kind) in [
        ("\"unmaintained\"", FindingKind::Unmaintained),
        ("\"notice\"", FindingKind::Unmaintained),
        ("\"unsound\"", FindingKind::Unsound),
        ("null", FindingKind::Vulnerability),
        ("{}", FindingKind::Vulnerability),
    ] {
        let text = affected("crates.io", &format!(r#","database_specific":{{"informational":{mark}}}"#));
        assert_eq!(one(&text).0.vulnerabilities[0].kind, kind, "{mark}");
    }
    let text = affected("crates.io", r#","database_specific":{"informational":"other"}"#);
    assert_eq!(codes(&one(&text).1), [Code::FieldTolerated]);
}

fn check_identity(id: &str, rest: &str, expected: &[&str]) {
    let (advisory, _) = one(&record(id, rest));
    let show = |v: &AdvisedVulnerability| format!("{} = {}", v.id, v.aliases.join(" "));
    let shown: Vec<String> = advisory.vulnerabilities.iter().map(show).collect();
    assert_eq!(shown, expected);
}

#[test]
fn aliases_are_one_to_one_only_with_at_most_one_cve() {
    check_identity(
        "PYSEC-2024-1",
        r#","aliases":["GHSA-x","CVE-2024-1000"]"#,
        &["CVE-2024-1000 = PYSEC-2024-1 GHSA-x"],
    );
    check_identity("GO-2024-1", r#","aliases":null"#, &["GO-2024-1 = "]);
    check_identity("MAL-2024-1", r#","aliases":["GHSA-x"]"#, &["MAL-2024-1 = GHSA-x"]);
    check_identity("CVE-2024-1000", r#","aliases":["GHSA-x"]"#, &["CVE-2024-1000 = GHSA-x"]);
    // Several CVEs: linked, and nothing else belongs to any single one.
    check_identity(
        "RUSTSEC-2018-0019",
        r#","aliases":["CVE-2018-25024","CVE-2018-25025","GHSA-x","CVE-2018-25024"]"#,
        &["CVE-2018-25024 = ", "CVE-2018-25025 = "],
    );
    check_identity(
        "CVE-2024-1000",
        r#","aliases":["CVE-2024-1001"]"#,
        &["CVE-2024-1000 = ", "CVE-2024-1001 = "],
    );
}

#[test]
fn upstream_and_related_never_alias() {
    check_identity(
        "GHSA-x",
        r#","upstream":["CVE-2024-1000"],"related":["CVE-2024-1001","GHSA-y"]"#,
        &["GHSA-x = "],
    );
    // A distribution's notice is a document that names vulnerabilities.
    check_identity(
        "DSA-5000-1",
        r#","upstream":["CVE-2024-1000","CVE-2024-1001"]"#,
        &["CVE-2024-1000 = ", "CVE-2024-1001 = "],
    );
    check_identity("DLA-1-1", r#","related":["CVE-2024-1000"]"#, &["CVE-2024-1000 = "]);
    check_identity("USN-1-1", r#","aliases":["CVE-2024-1000"]"#, &["CVE-2024-1000 = "]);
    check_identity("DEBIAN-CVE-2024-1000", r#","upstream":["CVE-2024-1000"]"#, &["CVE-2024-1000 = "]);
    check_identity("DSA-5000-1", "", &["DSA-5000-1 = "]);
}

#[test]
fn sources_are_known_by_prefix() {
    for (id, source) in [
        ("RUSTSEC-2021-1", "RustSec"),
        ("PYSEC-2021-1", "PyPA"),
        ("GHSA-x-y-z", "GitHub"),
        ("GO-2021-1", "Go"),
        ("DLA-1-1", "Debian"),
        ("DEBIAN-CVE-2021-1000", "Debian"),
        ("UBUNTU-CVE-2021-1000", "Ubuntu"),
        ("USN-1-1", "Ubuntu"),
        ("MAL-2021-1", "OpenSSF"),
        ("CURL-CVE-2021-1000", "OSV"),
    ] {
        assert_eq!(one(&record(id, "")).0.source, source);
    }
}

#[test]
fn versions_and_ranges_are_united() {
    let check = |ecosystem: &str, rest: &str, expected: &str| {
        assert_eq!(shown(&one(&affected(ecosystem, rest)).0), expected, "{rest}");
    };
    check("PyPI", r#","versions":["1.0","1.1"]"#, "=1.0 | =1.1");
    check(
        "PyPI",
        r#","ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0"}]}],
           "versions":["1.0","2.0rc1","2.0m2","3.0"]"#,
        "<2.0 | =2.0m2 | =3.0",
    );
    check("npm", r#","ranges":[{"type":"SEMVER","events":[{"introduced":"0","fixed":"1.2.3"}]}]"#, "<1.2.3");
    check(
        "Go",
        r#","ranges":[{"type":"GIT","repo":"https://r.example","events":[{"introduced":"0"}]},
           {"type":"SEMVER","events":[{"introduced":"1.0.0"}]}]"#,
        ">=1.0.0",
    );
    check(
        "OSS-Fuzz",
        r#","ranges":[{"type":"GIT","repo":"https://r.example","events":[{"introduced":"abc"}]}]"#,
        "range-git-only https://r.example",
    );
}

#[test]
fn silence_about_versions_is_undetermined() {
    let (advisory, _) = one(&affected("npm", ""));
    assert_eq!(shown(&advisory), "range-undetermined ");
    let (advisory, reading) =
        one(&affected("npm", r#","ranges":[{"type":"SEMVER","events":[{"fixed":"1.0.0"}]}]"#));
    assert_eq!(shown(&advisory), "range-undetermined fixed 1.0.0");
    assert_eq!(codes(&reading), [Code::SpecViolation]);
    let (advisory, reading) =
        one(&affected("npm", r#","ranges":[{"type":"LUNAR","events":[{"introduced":"0"}]}]"#));
    assert_eq!(shown(&advisory), "range-undetermined introduced 0");
    assert_eq!(codes(&reading), [Code::FieldInvalid]);
    let (_, reading) = one(&record("GHSA-x", ""));
    assert_eq!(codes(&reading), [Code::AdvisoryWithoutProduct]);
}

#[test]
fn unknown_ecosystems_are_kept_undetermined() {
    let rest = r#","ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]"#;
    let (advisory, reading) = one(&affected("Moonbase:3", rest));
    assert_eq!(shown(&advisory), "ecosystem-unknown Moonbase:3, introduced 0, fixed 2");
    assert_eq!(advisory.affected[0].product.ecosystem.as_deref(), Some("Moonbase:3"));
    assert_eq!(codes(&reading), [Code::EcosystemUnknown]);
    // Semantic versioning declares its own order.
    let (advisory, reading) = one(&affected("Moonbase", &rest.replace("ECOSYSTEM", "SEMVER")));
    assert_eq!(shown(&advisory), "<2");
    assert_eq!(codes(&reading), [Code::EcosystemUnknown]);
}

#[test]
fn repositories_without_package() {
    let text = record(
        "CVE-2024-1000",
        r#","affected":[{"ranges":[{"type":"GIT","repo":"https://r.example/x","events":[{"introduced":"0"}]}],
            "versions":["v1.0"]}]"#,
    );
    let (advisory, _) = one(&text);
    assert_eq!(shown(&advisory), "range-git-only https://r.example/x");
    assert_eq!(advisory.affected[0].product.product.as_deref(), Some("https://r.example/x"));
}

#[test]
fn withdrawn_and_odd_dates() {
    let (advisory, reading) = one(&record("GHSA-x", r#","withdrawn":"2024-05-02T00:00:00Z""#));
    assert!(advisory.withdrawn.is_some());
    assert_eq!(codes(&reading), [Code::AdvisoryWithdrawn]);
    let (advisory, _) = one(&record("GHSA-x", r#","withdrawn":"soon""#));
    assert_eq!(advisory.withdrawn, advisory.modified, "withdrawn all the same");
    let text = record("GO-2021-1", "").replace("2024-05-01", "0001-01-01");
    let (advisory, reading) = one(&text);
    assert_eq!((advisory.modified, reading.newest), (None, None));
    assert!(!codes(&reading).contains(&Code::DateInvalid));
}

#[test]
fn severities_of_record_and_packages() {
    let text = affected(
        "npm",
        r#","severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"},
            {"type":"CVSS_V2","score":"AV:L/AC:M/Au:N/C:N/I:P/A:C"},{"type":"Ubuntu","score":"medium"},
            {"type":"CVSS_V3","score":"9.8"}]"#,
    );
    let (advisory, reading) = one(&text);
    assert_eq!(advisory.vulnerabilities[0].cvss.len(), 2);
    assert_eq!(codes(&reading), [Code::CvssInvalid]);
}

#[test]
fn lists_of_records() {
    let good = record("GHSA-x", "");
    let bad = record("GHSA-y", "").replace("\"GHSA-y\"", "7");
    for text in [format!("[{good},{bad}]"), format!("{{\"vulns\":[{good},{bad}]}}")] {
        let reading = read(&text, "o.json", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (1, 1));
        let place = &reading.diagnostics.last().expect("one").place;
        assert!(place.field.as_deref().expect("pointer").ends_with("/1"), "{place}");
    }
}
