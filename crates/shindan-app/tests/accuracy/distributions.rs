//! Packages of operating systems against their distributions' advisories, from file to answer: back-ports, epochs,
//! what is never fixed, releases; and devices by what they print.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::CheckResult;

use crate::workbench::Workbench;

/// Findings as `component vulnerability`, sorted.
fn hits(result: &CheckResult) -> Vec<String> {
    let all = result.findings.iter().map(|f| format!("{} {}", f.component.name, f.vulnerability.id));
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What could not be judged, as `component code`, sorted.
fn doubts(result: &CheckResult) -> Vec<String> {
    let all = result.undetermined.iter().map(|u| format!("{} {}", u.component.name, u.code));
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// An OSV record about source packages: ecosystem, name, version with the fix.
fn osv(id: &str, cve: &str, packages: &[(&str, &str, Option<&str>)]) -> Value {
    let affected: Vec<Value> = packages
        .iter()
        .map(|(ecosystem, name, fixed)| {
            let mut events = vec![json!({"introduced": "0"})];
            events.extend(fixed.map(|fixed| json!({"fixed": fixed})));
            json!({"package": {"ecosystem": ecosystem, "name": name},
                   "ranges": [{"type": "ECOSYSTEM", "events": events}]})
        })
        .collect();
    json!({"schema_version": "1.7.0", "id": id, "modified": "2026-11-01T00:00:00Z", "upstream": [cve],
           "affected": affected})
}

/// A dpkg status of installed packages: name, version, source.
fn status(packages: &[(&str, &str, &str)]) -> String {
    let paragraph = |(name, version, source): &(&str, &str, &str)| {
        let source = if source.is_empty() { String::new() } else { format!("Source: {source}\n") };
        format!(
            "Package: {name}\nStatus: install ok installed\nArchitecture: amd64\n{source}Version: {version}\n\n"
        )
    };
    packages.iter().map(paragraph).collect()
}

#[test]
fn debian_back_ports_epochs_and_what_is_not_fixed() {
    let bench = Workbench::new("debian");
    let openssl = [
        ("Debian:11", "openssl", Some("1.1.1w-0+deb11u1")),
        ("Debian:12", "openssl", Some("3.0.11-1~deb12u2")),
    ];
    let records = json!([
        osv("DSA-1-1", "CVE-2026-0001", &openssl),
        osv("DSA-2-1", "CVE-2026-0002", &[("Debian:12", "openssh", Some("1:9.2p1-2+deb12u2"))]),
        osv("DEBIAN-CVE-2026-0003", "CVE-2026-0003", &[("Debian:12", "gcc-12", None)]),
        osv("DSA-4-1", "CVE-2026-0004", &[("Debian:12", "glibc", Some("2.36-9+deb12u4"))]),
    ]);
    let osv = bench.write("osv.json", records.to_string());
    bench.build(&[osv]);
    let base = ("base-files", "12.4+deb12u5", "");
    let old = bench.write(
        "old",
        status(&[
            base,
            // Newer upstream than Debian 11's fix, older than Debian 12's.
            ("libssl3", "3.0.11-1~deb12u1", "openssl"),
            ("openssh-server", "1:9.2p1-2+deb12u1", "openssh"),
            // A rebuild of the binary package: the source has a version of its own.
            ("libgcc-s1", "12.2.0-14+b1", "gcc-12 (12.2.0-14)"),
            ("libc6", "2.36-9+deb12u3", "glibc"),
        ]),
    );
    let result = bench.check(&old);
    assert_eq!(
        hits(&result),
        [
            "libc6 CVE-2026-0004",
            "libgcc-s1 CVE-2026-0003",
            "libssl3 CVE-2026-0001",
            "openssh-server CVE-2026-0002"
        ]
    );
    assert_eq!(doubts(&result), [""; 0]);
    let new = bench.write(
        "new",
        status(&[
            base,
            ("libssl3", "3.0.11-1~deb12u2", "openssl"),
            // Without its epoch it would be older than the fix.
            ("openssh-server", "1:9.2p1-2+deb12u3", "openssh"),
            ("libc6", "2.36-9+deb12u10", "glibc"),
            ("libssl-dev", "3.0.11-1~deb12u2+b1", "openssl (3.0.11-1~deb12u2)"),
        ]),
    );
    let result = bench.check(&new);
    assert_eq!((hits(&result), doubts(&result)), (vec![], vec![]));
}

#[test]
fn an_unknown_release_is_not_cleared_by_another_one() {
    let bench = Workbench::new("release");
    let tracker = json!({"tool": {"CVE-2026-0010": {"releases": {
        "bullseye": {"status": "resolved", "fixed_version": "0", "repositories": {}, "urgency": "low"},
        "bookworm": {"status": "open", "repositories": {}, "urgency": "low"}}}}});
    let tracker = bench.write("tracker.json", tracker.to_string());
    bench.build(&[tracker]);
    for (base, expected_hits, expected_doubts) in [
        ("12.4+deb12u5", vec!["tool CVE-2026-0010"], vec![]),
        ("11.1+deb11u9", vec![], vec![]),
        // Nothing tells the distribution.
        ("x", vec![], vec!["base-files ecosystem-not-covered", "tool ecosystem-not-covered"]),
    ] {
        let list = bench.write("status", status(&[("base-files", base, ""), ("tool", "1.0-1", "")]));
        let result = bench.check(&list);
        assert_eq!(hits(&result), expected_hits, "{base}");
        assert_eq!(doubts(&result), expected_doubts, "{base}");
    }
    // The distribution shows, its release does not.
    let sbom = json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
        {"type": "library", "name": "tool", "purl": "pkg:deb/debian/tool@1.0-1"}]});
    let result = bench.check(&bench.write("sbom.json", sbom.to_string()));
    assert_eq!((hits(&result), doubts(&result)), (vec![], vec!["tool release-unknown".to_owned()]));
}

#[test]
fn ubuntu_releases_and_pro_stay_apart() {
    let bench = Workbench::new("ubuntu");
    let packages = [
        ("Ubuntu:22.04:LTS", "curl", Some("7.81.0-1ubuntu1.15")),
        ("Ubuntu:20.04:LTS", "curl", None),
        ("Ubuntu:Pro:20.04:LTS", "curl", Some("7.68.0-1ubuntu2.25+esm1")),
    ];
    let record = osv("UBUNTU-CVE-2026-0020", "CVE-2026-0020", &packages);
    let osv = bench.write("osv.json", record.to_string());
    bench.build(&[osv]);
    for (base, version, expected) in [
        ("12ubuntu4.6", "7.81.0-1ubuntu1.14", true),
        ("12ubuntu4.6", "7.81.0-1ubuntu1.15", false),
        ("11ubuntu5.7", "7.68.0-1ubuntu2.25", true),
    ] {
        let list = status(&[("base-files", base, ""), ("libcurl4", version, "curl")]);
        let result = bench.check(&bench.write("status", list));
        assert_eq!(!result.findings.is_empty(), expected, "{base} {version}");
        assert_eq!(doubts(&result), [""; 0], "{base} {version}");
    }
}

/// A CSAF document about packages of Red Hat: product id of the platform, purl, status.
fn csaf(id: &str, cve: &str, statements: &[(&str, &str, &str)]) -> Value {
    let platforms = [
        ("el9", "cpe:/a:redhat:enterprise_linux:9::appstream"),
        ("el8", "cpe:/o:redhat:enterprise_linux:8::baseos"),
        ("eus", "cpe:/a:redhat:rhel_eus:9.2::appstream"),
    ];
    let product = |id: &str, helper: Value| json!({"product_id": id, "name": id, "product_identification_helper": helper});
    let mut products: Vec<Value> =
        platforms.iter().map(|(id, cpe)| product(id, json!({"cpe": cpe}))).collect();
    let (mut relations, mut status) = (Vec::new(), serde_json::Map::new());
    for (number, (platform, purl, key)) in statements.iter().enumerate() {
        let (part, whole) = (format!("p{number}"), format!("{platform}:p{number}"));
        products.push(product(&part, json!({"purl": purl})));
        relations.push(json!({"category": "default_component_of", "product_reference": part,
            "relates_to_product_reference": platform, "full_product_name": {"product_id": whole, "name": whole}}));
        let list = status.entry((*key).to_owned()).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(json!(whole));
    }
    json!({"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": id,
            "publisher": {"category": "vendor", "name": "Red Hat Product Security", "namespace": "https://example.com"},
            "tracking": {"id": id, "status": "final", "version": "1", "initial_release_date": "2026-11-01T00:00:00Z",
                         "current_release_date": "2026-11-01T00:00:00Z", "revision_history": []}},
        "product_tree": {"full_product_names": products, "relationships": relations},
        "vulnerabilities": [{"cve": cve, "product_status": status}]})
}

#[test]
fn red_hat_fixed_older_unfixed_epochs_and_releases() {
    let bench = Workbench::new("redhat");
    let purl = |rest: &str| format!("pkg:rpm/redhat/{rest}");
    let openssl = [
        ("el9", purl("openssl-libs@3.0.7-25.el9?arch=x86_64&epoch=1"), "fixed"),
        ("el8", purl("openssl-libs@1.1.1k-12.el8_9?arch=x86_64&epoch=1"), "fixed"),
        ("eus", purl("openssl-libs@3.0.7-18.el9_2?arch=x86_64&epoch=1"), "fixed"),
        ("el9", purl("openssl@3.0.7-25.el9?arch=src&epoch=1"), "fixed"),
        ("el8", purl("openssl@1.1.1k-12.el8_9?arch=src&epoch=1"), "fixed"),
        ("eus", purl("openssl@3.0.7-18.el9_2?arch=src&epoch=1"), "fixed"),
        ("el9", purl("openssl-doc@3.0.7-25.el9?arch=noarch&epoch=1"), "known_not_affected"),
    ];
    let documents = [
        ("CVE-2026-0030", openssl.to_vec()),
        (
            "CVE-2026-0031",
            vec![
                ("el9", purl("vim?arch=src"), "known_affected"),
                ("el8", purl("vim?arch=src"), "known_not_affected"),
            ],
        ),
        (
            "CVE-2026-0032",
            vec![(
                "el8",
                purl("nodejs@18.19.1-1.module%2Bel8.9.0%2B1?arch=x86_64&epoch=1&rpmmod=nodejs:18:1:1"),
                "fixed",
            )],
        ),
    ];
    let mut paths: Vec<PathBuf> = Vec::new();
    for (cve, statements) in &documents {
        let statements: Vec<_> = statements.iter().map(|(p, purl, key)| (*p, purl.as_str(), *key)).collect();
        paths.push(bench.write(&format!("{cve}.json"), csaf(cve, cve, &statements).to_string()));
    }
    bench.build(&paths);
    let check = |name: &str, list: &str| {
        let result = bench.check(&bench.write(name, list));
        let released =
            doubts(&result).into_iter().filter(|d| !d.ends_with("ecosystem-not-covered")).collect::<Vec<_>>();
        (hits(&result), released)
    };
    let nothing = (Vec::<String>::new(), Vec::<String>::new());
    let hit = |text: &str| (vec![text.to_owned()], Vec::new());

    // `rpm -qa` leaves out the epoch.
    assert_eq!(
        check("a", "openssl-libs-3.0.7-24.el9.x86_64\nbash-5.1.8-6.el9_1.x86_64\n"),
        hit("openssl-libs CVE-2026-0030")
    );
    assert_eq!(check("b", "openssl-libs-3.0.7-25.el9.x86_64\nbash-5.1.8-6.el9_1.x86_64\n"), nothing);
    let row = |epoch: &str, version: &str, release: &str| {
        format!("openssl-libs\t{epoch}\t{version}\t{release}\tx86_64\topenssl-{version}-{release}.src.rpm\n")
    };
    assert_eq!(check("c", &row("1", "3.0.7", "24.el9")), hit("openssl-libs CVE-2026-0030"));
    assert_eq!(check("d", &row("1", "3.0.7", "27.el9")), nothing);
    // Epoch 0, said so: older than anything of epoch 1.
    assert_eq!(check("e", &row("(none)", "3.0.7", "27.el9")), hit("openssl-libs CVE-2026-0030"));
    // The very build that an extended stream calls fixed, although the main stream's fix counts higher.
    assert_eq!(check("f", &row("1", "3.0.7", "18.el9_2")), nothing);
    assert_eq!(check("g", &row("1", "3.0.7", "17.el9_2")), hit("openssl-libs CVE-2026-0030"));
    // Release 8 has a fix of its own, far below that of release 9.
    assert_eq!(check("h", &row("1", "1.1.1k", "12.el8_9")), nothing);
    assert_eq!(check("i", &row("1", "1.1.1k", "9.el8_7")), hit("openssl-libs CVE-2026-0030"));
    // Never fixed, published under the source package.
    let vim = |release: &str| {
        format!("vim-enhanced\t2\t8.2.2637\t{release}\tx86_64\tvim-8.2.2637-{release}.src.rpm\n")
    };
    assert_eq!(check("j", &vim("20.el9_1")), hit("vim-enhanced CVE-2026-0031"));
    assert_eq!(check("k", &vim("20.el8")), nothing);
    // Stream 16 of a module is not judged by the fix of stream 18.
    let node =
        |version: &str| format!("nodejs-1:{version}-1.module+el8.9.0+1.x86_64\nbash-4.4.20-4.el8_6.x86_64\n");
    assert_eq!(check("l", &node("18.18.2")), hit("nodejs CVE-2026-0032"));
    assert_eq!(check("m", &node("16.20.2")), nothing);
    assert_eq!(check("n", &node("18.19.1")), nothing);
    // A part of the fixed source package that does not have the vulnerable code.
    let part = "openssl-doc\t1\t3.0.7\t24.el9\tnoarch\topenssl-3.0.7-24.el9.src.rpm\n";
    assert_eq!(check("p", part), nothing);
    // A package of another product on the same system.
    let layered = "openssl-libs-1.1.1g-1.el8ost.x86_64\nbash-4.4.20-4.el8_6.x86_64\n";
    assert_eq!(check("o", layered), (Vec::new(), vec!["openssl-libs release-unknown".to_owned()]));
}

#[test]
fn red_hat_as_osv_names_it() {
    let bench = Workbench::new("redhat-osv");
    let packages = [
        ("Red Hat:enterprise_linux:9::baseos", "bash", Some("0:5.1.8-9.el9")),
        ("Red Hat:rhel_eus:9.2::baseos", "bash", Some("0:5.1.8-7.el9_2")),
    ];
    let record = osv("RHSA-2026:0001", "CVE-2026-0050", &packages);
    let path = bench.write("osv.json", record.to_string());
    bench.build(&[path]);
    for (line, expected) in [
        ("bash-5.1.8-6.el9_1.x86_64", true),
        ("bash-5.1.8-9.el9.x86_64", false),
        ("bash|(none)|5.1.8|8.el9|x86_64", true),
    ] {
        let result = bench.check(&bench.write("rpm-qa", format!("{line}\n")));
        assert_eq!(!result.findings.is_empty(), expected, "{line}");
        assert_eq!((result.coverage.judged, doubts(&result)), (1, vec![]), "{line}");
    }
    // Nothing is known about release 8: its silence says nothing.
    let result = bench.check(&bench.write("rpm-qa", "bash-4.4.20-4.el8_6.x86_64\n"));
    assert_eq!((hits(&result), doubts(&result)), (vec![], vec!["bash ecosystem-not-covered".to_owned()]));
}

/// A handful of documents says nothing about the packages they do not name; a whole publication does.
#[test]
fn silence_of_red_hat_counts_once_everything_is_there() {
    let bench = Workbench::new("redhat-all");
    let purl = "pkg:rpm/redhat/other@1.0-2.el9?arch=x86_64&epoch=0";
    let document = |n: u32| {
        let cve = format!("CVE-2025-{n:05}");
        bench.write(&format!("{cve}.json"), csaf(&cve, &cve, &[("el9", purl, "fixed")]).to_string())
    };
    let paths: Vec<PathBuf> = (0..500).map(document).collect();
    let list = bench.write("rpm-qa", "bash-5.1.8-6.el9_1.x86_64\n");
    bench.build(&paths[..499]);
    assert_eq!(doubts(&bench.check(&list)), ["bash ecosystem-not-covered"]);
    bench.build(&paths);
    let result = bench.check(&list);
    assert_eq!((doubts(&result), result.coverage.judged), (vec![], 1));
}

#[test]
fn red_hats_own_vex() {
    let Some(vex) = shindan_testdata::path("vendor/redhat/vex/2023/cve-2023-6212.json") else { return };
    let bench = Workbench::with("redhat-vex", &[vex]);
    for (line, expected) in [
        ("firefox-115.4.0-1.el9_2.x86_64", true),
        ("firefox-115.5.0-1.el9_3.x86_64", false),
        ("firefox-115.6.0-1.el9_3.x86_64", false),
        ("firefox-115.5.0-1.el9_2.x86_64", false),
        ("firefox-115.4.0-1.el8_8.x86_64", true),
        ("firefox-115.5.0-1.el8_9.x86_64", false),
        ("thunderbird-115.4.1-1.el7_9.x86_64", true),
        ("firefox-68.10.0-1.el6_10.x86_64", true),
    ] {
        let result = bench.check(&bench.write("rpm-qa", format!("{line}\n{line}\n")));
        assert_eq!(!result.findings.is_empty(), expected, "{line}");
        assert_eq!(doubts(&result), [""; 0], "{line}");
        let coverage = &result.coverage;
        assert_eq!((coverage.judged, coverage.undetermined), (2, 0), "{line}");
    }
}

#[test]
fn a_device_is_judged_by_what_it_prints() {
    let bench = Workbench::new("printed");
    let record = |cve: &str, cpe: &str, end: &str| {
        json!({"dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {"cveId": cve, "state": "PUBLISHED", "assignerOrgId": "00000000-0000-4000-9000-000000000000"},
            "containers": {"cna": {"providerMetadata": {"orgId": "00000000-0000-4000-9000-000000000000"},
                "affected": [{"vendor": "v", "product": "p", "cpes": [cpe], "defaultStatus": "unaffected",
                    "versions": [{"version": "7.4.0", "lessThan": end, "status": "affected", "versionType": "custom"}]}]}}})
    };
    let fortios = record("CVE-2026-0040", "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*", "7.4.8");
    let path = bench.write("CVE-2026-0040.json", fortios.to_string());
    bench.build(&[path]);
    let text = |version: &str| {
        format!(
            "fw1 # get system status\nVersion: FortiGate-60F v{version},build2795,250523 (GA.M)\nSerial-Number: FGT60F\n\
             fw2 # get system status\nVersion: FortiGate-100F v7.4.9,build2829,250924 (GA.M)\nSerial-Number: FG100F\n"
        )
    };
    let result = bench.check(&bench.write("old.txt", text("7.4.7")));
    assert_eq!(hits(&result), ["Fortinet FortiGate-60F CVE-2026-0040"]);
    let result = bench.check(&bench.write("new.txt", text("7.4.8")));
    assert_eq!((hits(&result), doubts(&result)), (vec![], vec![]));
    let silent = bench.check(&bench.write("silent.txt", "fw1 # get system status\nVersion: FortiGate-60F\n"));
    let told = silent.inputs.iter().flat_map(|input| &input.diagnostics);
    assert!(told.into_iter().any(|d| d.code == Code::FieldMissing), "no version, and not said");
    assert_eq!(doubts(&silent), ["Fortinet FortiGate-60F version-missing"]);
}

/// The text tells the software; that no advisory names the model leaves nothing open.
#[test]
fn a_model_that_nobody_names_is_judged_by_its_software() {
    let bench = Workbench::new("software");
    let record = json!({"dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2026-0060", "state": "PUBLISHED", "assignerOrgId": "00000000-0000-4000-9000-000000000000"},
        "containers": {"cna": {"providerMetadata": {"orgId": "00000000-0000-4000-9000-000000000000"},
            "affected": [{"vendor": "Cisco", "product": "IOS", "defaultStatus": "unaffected",
                "cpes": ["cpe:2.3:o:cisco:ios:*:*:*:*:*:*:*:*"],
                "versions": [{"version": "15.2(7)E8", "status": "affected"}]}]}}});
    let path = bench.write("CVE-2026-0060.json", record.to_string());
    bench.build(&[path]);
    let text = |version: &str| {
        format!(
            "sw01#show version\nCisco IOS Software, C9999X Software (C9999X-UNIVERSALK9-M), Version {version}, RELEASE SOFTWARE (fc1)\n\
             sw01 uptime is 1 week\ncisco WS-C9999X-48TS-L (APM86XXX) processor (revision K0) with 524288K bytes of memory.\n"
        )
    };
    let result = bench.check(&bench.write("old.txt", text("15.2(7)E8")));
    assert_eq!(hits(&result), ["Cisco WS-C9999X-48TS-L CVE-2026-0060"]);
    assert_eq!(doubts(&result), [""; 0]);
    let result = bench.check(&bench.write("new.txt", text("15.2(7)E11")));
    assert_eq!((hits(&result), doubts(&result)), (vec![], vec![]));
}
