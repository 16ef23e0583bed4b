//! Fixtures of every format, written by us, and what is read of them. Mutations of each must end in a value, whatever it is.

use shindan_domain::assessment::{Completion, LeftOut, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::identifier::FindingKind;

use super::super::read;
use super::without_empty_doctype;
use crate::limits::Limits;

const ZAP: &str = include_str!("samples/zap.xml");
const OPENVAS: &str = include_str!("samples/openvas.xml");
const NMAP: &str = include_str!("samples/nmap.xml");
const NESSUS: &str = include_str!("samples/nessus.xml");
const NIKTO: &str = include_str!("samples/nikto.xml");
const WAPITI: &str = include_str!("samples/wapiti.xml");
const ARF: &str = include_str!("samples/arf.xml");
const DEPENDENCY_CHECK: &str = include_str!("samples/dependency-check.xml");
const VDR: &str = include_str!("samples/vdr.xml");
const ALL: [&str; 9] = [ZAP, OPENVAS, NMAP, NESSUS, NIKTO, WAPITI, ARF, DEPENDENCY_CHECK, VDR];

fn one(text: &str) -> ScanReport {
    let mut reports = read(text.as_bytes(), "r.xml", None, &Limits::DEFAULT).expect("reads");
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn refused(text: &str) -> Code {
    read(text.as_bytes(), "r.xml", None, &Limits::DEFAULT).expect_err("must be refused")[0].code
}

fn rules(report: &ScanReport) -> Vec<&str> {
    report.results.iter().map(|result| result.rule.as_str()).collect()
}

fn codes(report: &ScanReport) -> Vec<Code> {
    report.diagnostics.iter().map(|diagnostic: &Diagnostic| diagnostic.code).collect()
}

fn spot(result: &ScanResult) -> (Option<&str>, Option<u16>, Option<&str>, Option<&str>) {
    let place = &result.place;
    (place.host.as_deref(), place.port, place.path.as_deref(), place.parameter.as_deref())
}

#[test]
fn zap_has_one_finding_for_each_instance() {
    let report = one(ZAP);
    assert_eq!(rules(&report), ["10010", "10010", "40012"]);
    assert_eq!(spot(&report.results[0]), (Some("app.example"), Some(8443), Some("/login"), Some("sid")));
    assert_eq!(report.results[0].kind, FindingKind::Misconfiguration);
    assert_eq!(report.results[0].text, "A cookie without the flag. It can be read by scripts.");
    assert_eq!(report.results[0].evidence, "Set-Cookie: sid=***; Path=/");
    assert_eq!(report.results[2].kind, FindingKind::Vulnerability);
    assert_eq!(report.results[2].references, ["https://cwe.example/79"]);
    assert!(report.touched.contains("https://empty.example"), "a site without alerts was looked at, too");
    assert!(!format!("{report:?}").contains("abcdef0123"), "the session of the request is not taken over");
    assert_eq!(codes(&report), [Code::ScanTimeWithoutZone, Code::ScanEntryUnreadable]);
}

#[test]
fn openvas_names_what_was_not_checked() {
    let report = one(OPENVAS);
    assert_eq!(rules(&report), ["1.2.3.1", "1.2.3.2", "1.2.3.3"]);
    let first = &report.results[0];
    assert_eq!(spot(first), (Some("192.0.2.10"), Some(443), None, None));
    assert_eq!((first.severity.as_str(), first.confidence.as_str()), ("High", "98"));
    assert_eq!(first.cvss, ["AV:N/AC:L/Au:N/C:C/I:C/A:C"]);
    assert!(first.identifiers.contains("CVE-2099-1001"));
    assert_eq!(report.results[1].kind, FindingKind::EndOfLife);
    assert_eq!(report.results[1].suppressed.as_deref(), Some("False Positive"));
    assert_eq!((report.results[2].score_x10, report.results[2].place.port), (Some(0), None));
    assert_eq!(report.completion, Completion::Unfinished, "an error names a check that was not carried out");
    assert_eq!(report.left_out[&LeftOut::AboutTheRun], 1);
    assert!(report.touched.contains("192.0.2.11"));
    let stopped = OPENVAS.replace(">Done<", ">Stopped<");
    assert_eq!(one(&stopped).completion, Completion::Unfinished);
}

#[test]
fn open_ports_are_no_findings() {
    let report = one(NMAP);
    assert_eq!(rules(&report), ["CVE-2099-2001", "CVE-2099-2001", "http-old-test", "ssl-poodle"]);
    assert_eq!(report.results[0].place.component.as_deref(), Some("openbsd:openssh"));
    assert_eq!(report.results[0].place.object.as_deref(), Some("22/tcp"));
    assert_eq!(report.results[3].identifiers, ["CVE-2099-2002".to_owned()].into());
    assert_eq!(report.results[3].confidence, "LIKELY VULNERABLE");
    assert_eq!(report.left_out[&LeftOut::Passed], 1);
    // Three ports, an exploit, a script that calls nothing vulnerable, and the host that is down.
    assert_eq!(report.left_out[&LeftOut::AboutTheRun], 6);
    assert_eq!(report.completion, Completion::Unfinished, "192.0.2.21 did not answer");
    assert!(report.touched.contains("192.0.2.21"));
    let ended = one(&NMAP.replace(" 192.0.2.21\"", "\""));
    assert_eq!(ended.completion, Completion::Finished, "{:?}", ended.diagnostics);
    let broken_off = NMAP.replace("exit=\"success\"", "exit=\"error\" errormsg=\"no memory\"");
    assert!(codes(&one(&broken_off)).contains(&Code::ScanUnfinished));
    let cut = one(&NMAP.replace("<runstats>", "<other>").replace("</runstats>", "</other>"));
    assert_eq!(cut.completion, Completion::Unfinished);
}

#[test]
fn nessus_keeps_what_is_informational_and_counts_what_was_passed() {
    let report = one(NESSUS);
    assert_eq!(rules(&report), ["19506", "100001", "100002", "21156"]);
    assert_eq!(report.tool.version.as_deref(), Some("10.4.1"));
    assert_eq!(report.results[0].severity, "0");
    let weak = &report.results[1];
    assert_eq!(weak.cvss, ["CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:C/I:C/A:C"]);
    assert_eq!((weak.cwe.len(), weak.identifiers.len()), (1, 2));
    assert_eq!(report.results[2].kind, FindingKind::EndOfLife);
    let check = &report.results[3];
    assert_eq!((check.kind, check.severity.as_str()), (FindingKind::Misconfiguration, "FAILED"));
    assert_eq!(check.place.object.as_deref(), Some("1.1 Passwords expire"));
    assert_eq!(report.left_out[&LeftOut::Passed], 1);
    // One host has no end, one target is not in the report, one check ended with an error.
    assert_eq!(codes(&report).iter().filter(|code| **code == Code::ScanUnfinished).count(), 3);
    assert_eq!(report.started.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:00:00Z"));
    assert!(report.touched.contains("192.0.2.0/28"), "{:?}", report.touched);
}

#[test]
fn nikto_repeats_itself_in_itself() {
    let report = one(NIKTO);
    assert_eq!(rules(&report), ["999100", "999100", "001885"]);
    assert_eq!(spot(&report.results[0]), (Some("app.example"), Some(443), Some("/"), Some("x-one")));
    assert_eq!(report.results[0].kind, FindingKind::Misconfiguration);
    assert_eq!(report.results[2].place.url.as_deref(), Some("https://app.example:443/admin/?a=1"));
    assert_eq!(report.results[2].identifiers, ["OSVDB-3092".to_owned()].into());
    assert_eq!(report.completion, Completion::Unfinished, "the second host has no statistics");
    assert_eq!(report.ended.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:05:00Z"));
}

#[test]
fn wapiti_leaves_requests_and_values_behind() {
    let report = one(WAPITI);
    assert_eq!(rules(&report), ["SQL Injection", "Weak credentials"]);
    assert_eq!(report.results[0].cwe, [89].into());
    assert_eq!(report.results[0].place.url.as_deref(), Some("https://app.example/item?id=1"));
    assert_eq!(
        spot(&report.results[1]),
        (Some("app.example"), Some(443), Some("/login"), Some("user&password"))
    );
    assert!(!format!("{report:?}").contains("s3cret"));
    assert_eq!(report.left_out[&LeftOut::NotApplicable], 1);
    assert_eq!(report.left_out[&LeftOut::AboutTheRun], 1);
}

/// The same class at the same place is one finding, and what shows it the second time is not lost.
#[test]
fn what_is_joined_keeps_what_differs() {
    let entry = "<entry><method>GET</method><path>/</path><parameter/><info>NAME is not set</info></entry>";
    let entries =
        [entry.replace("NAME", "CSP"), entry.replace("NAME", "HSTS"), entry.replace("NAME", "CSP")].concat();
    let report = one(&format!(
        "<report type=\"security\"><vulnerabilities><vulnerability name=\"HTTP Secure Headers\"><entries>{entries}</entries>\
         </vulnerability></vulnerabilities></report>"
    ));
    assert_eq!(report.results.len(), 1);
    assert_eq!(
        (report.results[0].count, report.results[0].evidence.as_str()),
        (3, "CSP is not set\nHSTS is not set")
    );
    assert_eq!(report.left_out[&LeftOut::Repeated], 2);
}

#[test]
fn openscap_tells_what_could_not_be_evaluated() {
    let report = one(ARF);
    assert_eq!(rules(&report), ["rule_fail", "rule_fail", "rule_declared"]);
    let fail = &report.results[0];
    assert_eq!((fail.title.as_str(), fail.severity.as_str()), ("Fail title", "high"));
    assert_eq!(fail.text, "Some bold text");
    assert!(fail.identifiers.contains("CCE-80001-1"));
    assert_eq!(fail.place.object.as_deref(), Some("/etc/a"));
    assert_eq!(report.results[2].suppressed.as_deref(), Some("override: pass Accepted"));
    assert_eq!((report.left_out[&LeftOut::Passed], report.left_out[&LeftOut::NotApplicable]), (1, 1));
    assert_eq!(report.completion, Completion::Unfinished);
    let rules = report.rules.clone().expect("told");
    assert!(
        rules.contains("rule_pass") && !rules.contains("rule_error") && !rules.contains("rule_unselected")
    );
    assert_eq!(report.tool.version.as_deref(), Some("1.3.9"));
    assert_eq!(codes(&report).iter().filter(|code| **code == Code::ScanEntryUnreadable).count(), 1);
    assert_eq!(refused("<Benchmark id=\"b\"><Rule id=\"r\"/></Benchmark>"), Code::ScanEmpty);
}

#[test]
fn dependency_check_knows_components_without_their_versions() {
    let report = one(DEPENDENCY_CHECK);
    assert_eq!(rules(&report), ["CVE-2099-3001", "CVE-2099-3002"]);
    assert_eq!(report.results[0].place.component.as_deref(), Some("example/lib"));
    assert_eq!(report.results[0].place.version.as_deref(), Some("1.2.3"));
    assert_eq!(report.results[1].suppressed.as_deref(), Some("not reachable"));
    assert_eq!(report.left_out[&LeftOut::Passed], 1);
    assert_eq!(
        report.completion,
        Completion::Unfinished,
        "an exception means that something was not analysed"
    );
}

#[test]
fn a_vdr_names_its_components() {
    let report = one(VDR);
    assert_eq!(rules(&report), ["CVE-2099-4001", "CVE-2099-4001", "CVE-2099-4002", "CVE-2099-4003"]);
    let places: Vec<_> = report.results.iter().map(|result| result.place.component.clone()).collect();
    assert_eq!(places, ["a", "org/b", "org/b", "org/b"].map(|name| Some(name.to_owned())));
    assert_eq!(report.results[0].cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]);
    assert_eq!(report.results[2].suppressed.as_deref(), Some("not_affected"));
    assert_eq!(report.results[3].suppressed.as_deref(), Some("resolved"), "a person decides whether it is");
    assert_eq!(report.tool.name, "Own scanner");
    let plain = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><components><component><name>a</name></component></components></bom>";
    assert_eq!(refused(plain), Code::ScanReadElsewhere);
}

#[test]
fn only_an_empty_doctype_is_tolerated() {
    let body = "<nmaprun args=\"nmap a.example\" start=\"1\" version=\"7\"><runstats><finished time=\"2\"/></runstats></nmaprun>";
    for doctype in [
        "<!DOCTYPE nmaprun>",
        "<!DOCTYPE niktoscan SYSTEM \"docs/nikto.dtd\">",
        "<?xml version=\"1.0\"?>\n<!-- c -->\n<!DOCTYPE nmaprun\nPUBLIC \"a\" \"b\">",
    ] {
        let text = format!("{doctype}{body}");
        assert_eq!(without_empty_doctype(&text).len(), text.len());
        assert!(read(text.as_bytes(), "r.xml", None, &Limits::DEFAULT).is_ok(), "{doctype}");
    }
    for doctype in [
        "<!DOCTYPE nmaprun [<!ENTITY a \"b\">]>",
        "<!DOCTYPE nmaprun [<!ENTITY % a SYSTEM \"file:///etc/passwd\"> %a;]>",
        "<!DOCTYPE other>",
        "<!DOCTYPE niktoscan><!DOCTYPE niktoscan>",
    ] {
        assert_eq!(refused(&format!("{doctype}{body}")), Code::XmlEntityRefused, "{doctype}");
    }
    assert_eq!(refused("<nmaprun><host>&a;</host></nmaprun>"), Code::XmlEntityRefused);
}

#[test]
fn what_is_none_of_these_is_refused_with_a_reason() {
    assert_eq!(refused("<html><body/></html>"), Code::FormatUnknown);
    assert_eq!(refused("<NessusClientData/>"), Code::FormatUnsupported);
    assert_eq!(refused("<report/>"), Code::ScanEmpty);
    assert_eq!(refused("<niktoscan/>"), Code::ScanEmpty);
    assert_eq!(refused("<OWASPZAPReport"), Code::XmlInvalid);
    let deep = format!("<OWASPZAPReport>{}", "<site>".repeat(10_000));
    assert_eq!(refused(&deep), Code::DepthExceeded);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("<x/>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(read(&utf16, "r.xml", None, &Limits::DEFAULT).is_err());
}

/// A report that is cut off keeps what was read, and says that it is not whole.
#[test]
fn a_report_that_is_cut_off_is_never_whole() {
    for text in ALL {
        for at in (0..text.len()).step_by(3) {
            let Ok(reports) = read(&text.as_bytes()[..at], "r.xml", None, &Limits::DEFAULT) else { continue };
            let whole = text[at..].trim().is_empty();
            assert!(
                whole || codes(&reports[0]).contains(&Code::XmlInvalid),
                "{at}: {:?}",
                reports[0].diagnostics
            );
            assert!(whole || reports[0].completion == Completion::Unfinished);
        }
    }
}

/// A report of 10 MB, as a guard against costs that grow faster than its size: the test would not come to its end.
#[test]
fn large_reports_are_read_in_one_pass() {
    let (begin, rest) = NESSUS.split_once("<ReportItem").expect("items");
    let (_, end) = NESSUS
        .rsplit_once("<ReportItem port=\"0\" protocol=\"tcp\" severity=\"2\" pluginName=\"no number\"/>")
        .expect("end");
    let item = rest.split_once("</ReportItem>").expect("end").0;
    let mut text = begin.to_owned();
    while text.len() < 10 << 20 {
        let number = text.len();
        let item = item.replace("19506", &number.to_string());
        text.push_str("<ReportItem");
        text.push_str(&item);
        text.push_str(&format!(
            "<description>{}</description></ReportItem>",
            "Long words of a plug-in. ".repeat(100)
        ));
    }
    text.push_str(end);
    let report = one(&text);
    assert!(report.results.len() > 3_000);
}

/// Bits that flip, pieces that are doubled or missing: there is a value or a reason, and never a panic.
#[test]
fn mutations_end_in_a_value() {
    let mut seed = 0x2545_f491_u32;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize % below.max(1)
    };
    for text in ALL {
        for _ in 0..300 {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                match random(3) {
                    0 => bytes[at] ^= 1 << random(8),
                    1 => drop(bytes.drain(at..(at + random(40)).min(bytes.len()))),
                    _ => {
                        let piece = bytes[at..(at + random(40)).min(bytes.len())].to_vec();
                        bytes.splice(at..at, piece);
                    }
                }
            }
            if let Ok(reports) = read(&bytes, "r.xml", None, &Limits::DEFAULT) {
                assert!(reports.iter().flat_map(|report| &report.results).all(|result| result.count > 0));
            }
        }
    }
}

/// Carried out, and settings, of the profile of a report.
fn profile(report: &ScanReport) -> String {
    let Some(profile) = &report.profile else { return "untold".to_owned() };
    let join = |all: &std::collections::BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(" ");
    format!("{} | {}", join(&profile.carried_out), join(&profile.settings))
}

#[test]
fn the_command_line_of_nmap_tells_how_much_was_looked_for() {
    let with = |args: &str| {
        let text = format!(
            r#"<?xml version="1.0"?><nmaprun scanner="nmap" args="{args}" start="1581930445" version="7.60">
            <runstats><finished time="1581930500" exit="success"/></runstats></nmaprun>"#
        );
        profile(&one(&text))
    };
    for (args, told) in [
        ("nmap 192.0.2.1", "untold"),
        ("nmap -sS -p 22,80 -T4 -v -oX out.xml 192.0.2.1", "untold"),
        (
            "nmap -sV -p22 -&#45;script=vulners/vulners.nse -oX a.xml 192.0.2.1",
            "-sV script=vulners/vulners.nse | ",
        ),
        ("nmap --script ssl-cert,vuln 192.0.2.1", "script=ssl-cert script=vuln | "),
        ("nmap -A --host-timeout 5m 192.0.2.1", "-O -sV script=default | --host-timeout=5m"),
        ("nmap -sV --version-intensity=2 192.0.2.1", "-sV | --version-intensity=2"),
        ("nmap --script", ""),
    ] {
        let told = if told.is_empty() { "untold" } else { told };
        assert_eq!(with(args), told, "{args}");
    }
}

#[test]
fn the_options_of_nikto_tell_how_much_was_looked_for() {
    let with = |options: &str| {
        let text = format!(
            r#"<?xml version="1.0"?><niktoscan><niktoscan options="{options}" version="2.1.6" scanstart="Sat Nov 14 19:00:19 2020">
            <scandetails targetip="192.0.2.1" targethostname="192.0.2.1" targetport="443" starttime="2020-11-14 19:24:57"
            sitename="https://192.0.2.1:443/"><statistics endtime="2020-11-14 20:35:15"/></scandetails></niktoscan></niktoscan>"#
        );
        profile(&one(&text))
    };
    assert_eq!(with("-Format xml -output nikto.xml -h -"), "untold");
    assert_eq!(with("-h - -Tuning 1 -Plugins=headers"), " | plugins=headers tuning=1");
    assert_eq!(with("-Tuning"), " | tuning=");
}

#[test]
fn openvas_names_its_task_and_what_its_filter_leaves_out() {
    let text = r#"<report id="1"><task id="t-1"><name>weekly</name></task><filters id="0">
        <term>levels=hml min_qod=70 first=1 sort-reverse=severity</term></filters>
        <scan_run_status>Done</scan_run_status><results/></report>"#;
    assert_eq!(profile(&one(text)), " | filter:levels=hml filter:min_qod=70 task=t-1");
}

#[test]
fn nessus_lists_its_plug_ins() {
    let text = r#"<NessusClientData_v2><Policy><policyName>Basic Network Scan</policyName><Preferences><ServerPreferences>
        <preference><name>plugin_set</name><value>10287; 19506;</value></preference>
        <preference><name>port_range</name><value>default</value></preference></ServerPreferences></Preferences></Policy>
        <Report name="r"><ReportHost name="192.0.2.1"><HostProperties><tag name="HOST_END">Thu Nov 26 10:00:00 2026</tag>
        </HostProperties></ReportHost></Report></NessusClientData_v2>"#;
    let report = one(text);
    assert_eq!(profile(&report), " | policy=Basic Network Scan ports=default");
    let rules = report.rules.unwrap();
    assert_eq!(rules.iter().map(String::as_str).collect::<Vec<_>>(), ["10287", "19506"]);
}

#[test]
fn wapiti_names_its_scope() {
    let text = r#"<report type="security"><report_infos><info name="generatorVersion">Wapiti 3.0.4</info>
        <info name="scope">folder</info><info name="target">https://test.example/</info></report_infos>
        <vulnerabilities/></report>"#;
    assert_eq!(profile(&one(text)), " | scope=folder");
}
