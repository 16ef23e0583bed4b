use super::*;
use shindan_domain::advisory::{Affected, Status};
use shindan_domain::version::VersionClaim;

const RECORD: &str = r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","unknown":{"deep":[[1]]},
 "cveMetadata":{"cveId":"CVE-2024-106302","state":"PUBLISHED","datePublished":"2024-02-09T08:14:25",
   "dateUpdated":"2024-08-01T22:27:36.231Z"},
 "containers":{
  "cna":{"title":"Out-of-bounds write","providerMetadata":{"orgId":"x"},
   "descriptions":[{"lang":"de","value":"deutsch"},{"lang":"en-US","value":"An  out-of-bounds\n write."},
     {"lang":"ja-JP","value":"境界外書き込み"}],
   "affected":[
    {"vendor":"Fortinet","product":"FortiOS","defaultStatus":"unaffected","cpes":[
       "cpe:2.3:o:fortinet:fortios:7.4.2:*:*:*:*:*:*:*","cpe:/o:fortinet:fortios"],
     "platforms":["x86","ARM"],
     "versions":[{"version":"7.4.0","lessThanOrEqual":"7.4.2","versionType":"semver","status":"affected"}]},
    {"vendor":"n/a","product":"n/a","versions":[{"version":"n/a","status":"affected"}]}],
   "metrics":[{"format":"CVSS","cvssV3_1":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8}},
     {"cvssV2_0":{"vectorString":"AV:N/AC:L/Au:N/C:C/I:C/A:C","baseScore":10}},
     {"other":{"type":"Textual description of severity","content":{"text":"high","options":5}}}],
   "problemTypes":[{"descriptions":[{"lang":"en","cweId":"CWE-787"},{"lang":"en","description":"Execute"}]}],
   "references":[{"url":"https://one.example"},{"url":"https://psirt.example","tags":["vendor-advisory"]}],
   "solutions":[{"lang":"en","value":"Please upgrade."}],"workarounds":[{"lang":"en","value":"Disable SSL VPN."}]},
  "adp":[{"title":"CISA ADP Vulnrichment","metrics":[
    {"other":{"type":"ssvc","content":{"id":"CVE-2024-106302","options":[{"Exploitation":"Active"},
      {"Automatable":"Yes"},{"Technical Impact":"Total"}],"timestamp":"2024-02-10T05:00:55Z"}}},
    {"other":{"type":"kev","content":{"dateAdded":"2024-02-09","reference":"https://kev.example"}}},
    {"cvssV3_1":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8}}],
   "problemTypes":[{"descriptions":[{"cweId":"CWE-787"}]}]}]}}"#;

fn one(text: &str) -> (Advisory, Reading) {
    let mut reading = read(text, "c.json", &Limits::DEFAULT);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading)
}

fn with_affected(affected: &str) -> (Vec<Affected>, Reading) {
    let text = format!(
        r#"{{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"CVE-2024-1000"}},
        "containers":{{"cna":{{"affected":{affected}}}}}}}"#
    );
    let (advisory, reading) = one(&text);
    (advisory.affected, reading)
}

#[test]
fn a_whole_record() {
    let (advisory, reading) = one(RECORD);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!((advisory.id.as_str(), advisory.source.as_str()), ("CVE-2024-106302", "CVE"));
    assert_eq!(advisory.language.as_deref(), Some("ja-JP"));
    assert_eq!(advisory.published.expect("date").to_string(), "2024-02-09T08:14:25Z");
    assert_eq!(reading.newest, advisory.modified);
    assert_eq!(advisory.references[0], "https://psirt.example");
    assert_eq!(advisory.affected.len(), 1);
    let affected = &advisory.affected[0];
    assert_eq!(affected.product.cpes[1], "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*");
    assert_eq!(affected.text, "x86, ARM");
    assert_eq!(affected.pointer, "/containers/cna/affected/0");
    let [vulnerability] = advisory.vulnerabilities.as_slice() else { panic!("one") };
    assert_eq!(vulnerability.summary, "境界外書き込み");
    assert_eq!(vulnerability.cwe, ["CWE-787"]);
    let printed: Vec<_> = vulnerability.cvss.iter().map(|cvss| cvss.printed_x10).collect();
    assert_eq!(printed, [Some(98), Some(100)]);
    let ssvc = vulnerability.ssvc.as_ref().expect("ssvc");
    assert_eq!(ssvc.exploitation.as_deref(), Some("active"));
    assert_eq!(ssvc.automatable.as_deref(), Some("yes"));
    assert_eq!(ssvc.technical_impact.as_deref(), Some("total"));
    assert!(ssvc.timestamp.is_some());
    let categories: Vec<_> = vulnerability.remediations.iter().map(|r| r.category.as_str()).collect();
    assert_eq!(categories, ["vendor_fix", "workaround"]);
    assert!(matches!(&reading.enrichments[..], [Enrichment::Kev(kev)] if kev.date_added == "2024-02-09"));
}

#[test]
fn rejected_records_make_no_findings() {
    let text = r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2024-1000",
        "state":"REJECTED","dateRejected":"2024-03-01T00:00:00"},
        "containers":{"cna":{"rejectedReasons":[{"lang":"en","value":"Duplicate."}]}}}"#;
    let (advisory, reading) = one(text);
    assert_eq!(advisory.withdrawn.expect("date").to_string(), "2024-03-01T00:00:00Z");
    assert_eq!(advisory.vulnerabilities[0].summary, "Duplicate.");
    assert_eq!(reading.diagnostics[0].code, Code::AdvisoryWithdrawn);
    let (advisory, _) = one(&text.replace("2024-03-01T00:00:00", "never"));
    assert!(advisory.withdrawn.is_some(), "an unreadable date does not bring it back");
}

#[test]
fn packages_are_named_by_collection_or_purl() {
    let (affected, _) = with_affected(
        r#"[{"collectionURL":"https://www.npmjs.example","packageName":"@a/b","versions":[
              {"version":"1.0.0","lessThan":"1.2.0","versionType":"semver","status":"affected"}]},
            {"packageURL":"pkg:maven/org.example/core@1.0","versions":[
              {"version":"1.0","lessThan":"1.2","versionType":"maven","status":"affected"}]},
            {"vendor":"Red Hat","product":"Red Hat Enterprise Linux 8","packageName":"kernel",
             "collectionURL":"https://access.redhat.example","cpes":["cpe:/o:redhat:enterprise_linux:8::baseos"],
             "defaultStatus":"affected","versions":[
              {"version":"0:4.18.0-553.el8","lessThan":"*","versionType":"rpm","status":"unaffected"}]}]"#,
    );
    let names = |index: usize| {
        let product = &affected[index].product;
        [&product.ecosystem, &product.package, &product.purl].map(|name| name.clone().unwrap_or_default())
    };
    assert_eq!(names(0), ["npm", "@a/b", "pkg:npm/%40a/b"]);
    assert_eq!(names(1), ["Maven", "org.example:core", "pkg:maven/org.example/core"]);
    assert_eq!(names(2)[..2], ["Red Hat", "kernel"]);
    assert_eq!(affected[2].platforms, [["cpe:2.3:o:redhat:enterprise_linux:8:*:baseos:*:*:*:*:*"]]);
    assert!(affected[2].product.cpes.is_empty() && affected[2].product.product.is_none());
    assert_eq!(affected[2].text, "Red Hat Enterprise Linux 8");
}

#[test]
fn equal_statements_are_merged() {
    let (affected, _) = with_affected(
        r#"[{"vendor":"V","product":"P","platforms":["x64"],"versions":[{"version":"1.0","status":"affected"}]},
            {"vendor":"V","product":"P","platforms":["ARM"],"versions":[{"version":"1.0","status":"affected"}]},
            {"vendor":"V","product":"P","versions":[{"version":"2.0","status":"affected"}]}]"#,
    );
    assert_eq!(affected.len(), 2);
}

#[test]
fn records_without_products_say_so() {
    let (affected, reading) = with_affected(
        r#"[{"vendor":"n/a","product":"n/a","versions":[{"version":"n/a","status":"affected"}]}]"#,
    );
    assert!(affected.is_empty());
    assert_eq!(reading.diagnostics[0].code, Code::AdvisoryWithoutProduct);
    let (affected, reading) = with_affected(
        r#"[{"vendor":"V","product":"P","cpes":["cpe:bad"],
        "versions":[{"version":"1","status":"maybe"}]}]"#,
    );
    assert_eq!(affected[0].status, Status::UnderInvestigation);
    let codes: Vec<_> = reading.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::FieldTolerated, Code::CpeInvalid]);
}

fn with_applicability(configuration: &str) -> (Vec<String>, Vec<Code>) {
    let text = format!(
        r#"{{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"CVE-2024-1000"}},
        "containers":{{"cna":{{"cpeApplicability":[{configuration}]}}}}}}"#
    );
    let (advisory, reading) = one(&text);
    let show = |affected: &Affected| {
        let versions = match &affected.versions {
            VersionClaim::All => "all".to_owned(),
            VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
            VersionClaim::Undetermined { code, .. } => code.to_string(),
        };
        let short = |cpe: &String| cpe.split(':').skip(3).take(3).collect::<Vec<_>>().join(":");
        let group = |group: &Vec<String>| group.iter().map(short).collect::<Vec<_>>().join("|");
        let on: Vec<String> = affected.platforms.iter().map(group).collect();
        format!("{} {versions} on {}", short(&affected.product.cpes[0]), on.join("&"))
    };
    (advisory.affected.iter().map(show).collect(), reading.diagnostics.iter().map(|d| d.code).collect())
}

#[test]
fn applicability_nodes() {
    let leaf = |vulnerable: bool, name: &str, rest: &str| {
        format!(r#"{{"vulnerable":{vulnerable},"criteria":"cpe:2.3:o:v:{name}:*:*:*:*:*:*:*"{rest}}}"#)
    };
    let software = leaf(true, "fw:*", r#","versionStartIncluding":"1.0","versionEndExcluding":" 2.0""#);
    let hardware = leaf(false, "box:-", "");
    let node = |leaf: &str| format!(r#"{{"operator":"OR","negate":false,"cpeMatch":[{leaf}]}}"#);
    // A vulnerable firmware on a device.
    let and = format!(r#"{{"operator":"AND","nodes":[{},{}]}}"#, node(&software), node(&hardware));
    assert_eq!(with_applicability(&and), (vec!["v:fw:* >=1.0 <2.0 on v:box:-".to_owned()], vec![]));
    // Two ways to be vulnerable.
    let every = leaf(true, "any:*", "");
    let exact = leaf(true, "one:1.5", "");
    let or = format!(r#"{{"nodes":[{}]}}"#, node(&format!("{every},{exact}")));
    assert_eq!(
        with_applicability(&or),
        (vec!["v:any:* all on ".to_owned(), "v:one:1.5 =1.5 on ".to_owned()], vec![])
    );
    let (shown, codes) = with_applicability(&and.replacen("\"negate\":false", "\"negate\":true", 1));
    assert_eq!(shown, ["v:fw:* range-undetermined on v:box:-"]);
    assert_eq!(codes, [Code::FieldTolerated]);
    let three = format!(
        r#"{{"operator":"AND","nodes":[{},{},{}]}}"#,
        node(&software),
        node(&hardware),
        node(&format!("{},{}", leaf(false, "os:*", ""), leaf(false, "other:*", "")))
    );
    assert_eq!(
        with_applicability(&three),
        (vec!["v:fw:* >=1.0 <2.0 on v:box:-&v:os:*|v:other:*".to_owned()], vec![]),
        "each of the other nodes is a condition"
    );
}

#[test]
fn records_that_cannot_be_read_are_rejected() {
    let check = |text: &str, code: Code| {
        let reading = read(text, "c.json", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (0, 1), "{text}");
        assert_eq!(reading.diagnostics[0].code, code, "{text}");
    };
    check(&RECORD.replace("\"5.1\"", "\"6.0\""), Code::FormatUnsupported);
    check(&RECORD.replace("\"cveId\":\"CVE-2024-106302\"", "\"cveId\":\"CVE-2024\""), Code::FieldInvalid);
    check(&RECORD.replace("\"cveId\":\"CVE-2024-106302\",", ""), Code::FieldMissing);
    check(&format!("{RECORD}{RECORD}"), Code::JsonTrailingContent);
    check(&RECORD.replace("\"versions\":[{", "\"versions\":[{\"version\":1,"), Code::FieldInvalid);
}

#[test]
fn odd_metrics_are_noted_and_the_rest_is_read() {
    let text = RECORD
        .replace("\"vectorString\":\"AV:N/AC:L/Au:N/C:C/I:C/A:C\"", "\"vectorString\":\"CVSS:3.1/AV:N\"")
        .replace("\"options\":[{\"Exploitation\":\"Active\"},", "\"options\":[5,");
    let (advisory, reading) = one(&text);
    let codes: Vec<_> = reading.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::CvssInvalid, Code::FieldTolerated]);
    assert_eq!(advisory.vulnerabilities[0].cvss.len(), 1);
    assert!(advisory.vulnerabilities[0].ssvc.is_none());
}
