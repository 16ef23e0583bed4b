//! The same findings in every form of a tool's report are the same findings.

use std::collections::BTreeSet;

use shindan_domain::assessment::{Completion, Fingerprint, ScanFormat, ScanReport};

use crate::limits::Limits;
use crate::severities::read_severities;

fn read(text: &str) -> ScanReport {
    let mut all = crate::scan::read(text.as_bytes(), "report", None, &Limits::DEFAULT).expect("a report");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn fingerprints(report: &ScanReport) -> BTreeSet<String> {
    let all = report.results.iter().map(|result| Fingerprint::of(&report.tool.key, result).to_string());
    all.collect()
}

/// Reads every form, and compares what decides of a finding with the first.
fn same(forms: &[(ScanFormat, &str)], findings: usize) -> Vec<ScanReport> {
    let reports: Vec<ScanReport> = forms.iter().map(|(_, text)| read(text)).collect();
    for ((format, _), report) in forms.iter().zip(&reports) {
        let first = &reports[0];
        assert_eq!(report.format, *format);
        assert_eq!(report.results.len(), findings, "{format}: {:?}", report.diagnostics);
        assert_eq!(fingerprints(report), fingerprints(first), "{format}: {:#?}", report.results);
        for (one, other) in report.results.iter().zip(&first.results) {
            assert_eq!(one.rule, other.rule, "{format}");
            assert_eq!(one.place.parameter, other.place.parameter, "{format}");
            assert_eq!((one.kind, &one.cwe), (other.kind, &other.cwe), "{format}: {}", one.rule);
            assert_eq!(one.identifiers, other.identifiers, "{format}: {}", one.rule);
            assert_eq!(one.evidence, other.evidence, "{format}: {}", one.rule);
        }
    }
    reports
}

#[test]
fn nikto_in_xml_and_json() {
    let xml = r#"<niktoscan><niktoscan version="2.5.0"><scandetails targetip="192.0.2.40" targethostname="app.example" targetport="443" sitename="https://app.example:443/">
<item id="999100" osvdbid="0" method="GET"><description>Uncommon header 'x-one' found, with contents: 1</description><uri>/</uri></item>
<item id="999100" osvdbid="0" method="GET"><description>Uncommon header 'x-two' found, with contents: 1</description><uri>/</uri></item>
<item id="999986" osvdbid="0" method="GET"><description>/a/: Cookie sid created without the httponly flag.</description><uri>/a/</uri></item>
<item id="001885" osvdbid="3092" method="GET"><description>/admin/: This might be interesting.</description><uri>/admin/?a=1</uri><references>CVE-2000-0709 https://a.example/x</references></item>
<statistics endtime="2026-11-27 10:05:00"/></scandetails></niktoscan></niktoscan>"#;
    let json = r#"{"host":"App.Example","ip":"192.0.2.40","port":"443","vulnerabilities":[
{"id":"999100","OSVDB":"0","method":"GET","url":"/","msg":"Uncommon header 'x-one' found, with contents: 1"},
{"id":"999100","OSVDB":"0","method":"GET","url":"/","msg":"Uncommon header 'x-two' found, with contents: 1"},
{"id":"999986","method":"GET","url":"/a/","msg":"/a/: Cookie sid created without the httponly flag."},
{"id":"001885","OSVDB":"3092","method":"GET","url":"/admin/?a=1","references":"CVE-2000-0709 https://a.example/x","msg":"/admin/: This might be interesting."}]}"#;
    let reports = same(&[(ScanFormat::NiktoXml, xml), (ScanFormat::NiktoJson, json)], 4);
    let named: Vec<Option<&str>> =
        reports[1].results.iter().map(|result| result.place.parameter.as_deref()).collect();
    assert_eq!(named, [Some("x-one"), Some("x-two"), Some("sid"), None]);
}

/// A table of Nikto has no numbers: it agrees with JSON whose entries have none either.
#[test]
fn nikto_without_numbers_in_csv_and_json() {
    let csv = concat!(
        "\"Nikto - v2.1.6/2.1.5\"\n",
        "\"app.example\",\"192.0.2.63\",\"80\",\"\",\"GET\",\"/\",\"Uncommon header 'x-one' found, with contents: 1\"\n",
    );
    let json = r#"{"host":"app.example","ip":"192.0.2.63","port":"80","vulnerabilities":[
{"method":"GET","url":"/","msg":"Uncommon header 'x-one' found, with contents: 1"}]}"#;
    same(&[(ScanFormat::NiktoCsv, csv), (ScanFormat::NiktoJson, json)], 1);
}

#[test]
fn wapiti_in_xml_and_json() {
    let xml = r#"<report type="security"><report_infos><info name="generatorVersion">Wapiti 3.1.7</info><info name="target">https://App.example/</info></report_infos><vulnerabilities>
<vulnerability name="SQL Injection"><description>Bad</description><solution>Use parameters</solution><references><reference><title>CWE-89: SQL</title><url>https://cwe.example/89</url></reference></references>
<entries><entry><method>GET</method><path>/item?id=1</path><level>4</level><parameter>id</parameter><info>via id</info></entry></entries></vulnerability>
<vulnerability name="Weak credentials"><entries><entry><method>POST</method><path>/login</path><level>1</level><parameter>user=admin&amp;password=s3cret</parameter><info>password=s3cret</info></entry></entries></vulnerability>
<vulnerability name="Clickjacking Protection"><entries><entry><method>GET</method><path>/</path><level>1</level><parameter></parameter><info>not set</info></entry></entries></vulnerability>
</vulnerabilities></report>"#;
    let json = r#"{"classifications":{"SQL Injection":{"desc":"Bad","sol":"Use parameters","ref":{"CWE-89: SQL":"https://cwe.example/89"}}},
"vulnerabilities":{"SQL Injection":[{"method":"GET","path":"/item?id=1","info":"via id","level":4,"parameter":"id"}],
"Weak credentials":[{"method":"POST","path":"/login","info":"password=s3cret","level":1,"parameter":"user=admin&password=s3cret"}],
"Clickjacking Protection":[{"method":"GET","path":"/","info":"not set","level":1,"parameter":""}]},"anomalies":{},"additionals":{},
"infos":{"target":"https://App.example/","date":"Fri, 27 Nov 2026 01:00:00 +0000","version":"Wapiti 3.1.7"}}"#;
    let reports = same(&[(ScanFormat::WapitiXml, xml), (ScanFormat::WapitiJson, json)], 3);
    assert_eq!(reports[0].touched, reports[1].touched);
    for report in &reports {
        let login = report.results.iter().find(|result| result.rule == "Weak credentials").expect("there");
        assert_eq!(login.place.parameter.as_deref(), Some("user&password"));
        assert!(!format!("{report:?}").contains("s3cret"), "{report:?}");
    }
}

#[test]
fn testssl_in_csv_and_json() {
    let lines = [
        ("SSLv3", "OK", "not offered", "", ""),
        ("TLS1", "LOW", "offered (deprecated)", "", ""),
        ("DROWN", "HIGH", "vulnerable", "CVE-2016-0800 CVE-2016-0703", "CWE-310"),
        ("robot", "WARN", "could not be tested", "", ""),
        ("service", "INFO", "HTTP", "", ""),
        ("engine_problem", "FATAL", "broken", "", ""),
        ("empty", "", "nothing", "", ""),
        ("scanTime", "INFO", "72", "", ""),
    ];
    let mut csv = String::from("\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\",\"cve\",\"cwe\"\n");
    let (mut flat, mut section) = (Vec::new(), Vec::new());
    for (id, severity, finding, cve, cwe) in lines {
        csv.push_str(&format!(
            "\"{id}\",\"App.example/192.0.2.60\",\"443\",\"{severity}\",\"{finding}\",\"{cve}\",\"{cwe}\"\n"
        ));
        let told = format!(
            r#""id":"{id}","severity":"{severity}","finding":"{finding}","cve":"{cve}","cwe":"{cwe}""#
        );
        flat.push(format!(r#"{{"ip":"App.example/192.0.2.60","port":"443",{told}}}"#));
        section.push(format!("{{{told}}}"));
    }
    let flat = format!("[{}]", flat.join(","));
    let pretty = format!(
        r#"{{"Invocation":"testssl","version":"3.2","scanResult":[{{"targetHost":"App.example","ip":"192.0.2.60","port":"443","vulnerabilities":[{}]}}],"scanTime":"72"}}"#,
        section.join(",")
    );
    let forms = [
        (ScanFormat::TestsslCsv, csv.as_str()),
        (ScanFormat::TestsslJson, flat.as_str()),
        (ScanFormat::TestsslJson, pretty.as_str()),
    ];
    for report in same(&forms, 2) {
        assert_eq!(report.completion, Completion::Unfinished, "FATAL");
        let counted: Vec<u64> = report.left_out.values().copied().collect();
        assert_eq!(counted, [1, 1, 3], "{:?}", report.left_out);
        assert_eq!(report.touched, ["192.0.2.60".to_owned(), "app.example".to_owned()].into());
        let unreadable = report.diagnostics.iter().filter(|one| one.code.as_str() == "scan-entry-unreadable");
        assert_eq!(unreadable.count(), 1, "what has no severity");
    }
}

#[test]
fn zap_in_xml_and_json() {
    let xml = r#"<OWASPZAPReport version="2.15.0" generated="Fri, 27 Nov 2026 10:00:00"><site name="https://App.example:8443" host="App.example" port="8443" ssl="true"><alerts>
<alertitem><pluginid>10010</pluginid><alert>Cookie No HttpOnly Flag</alert><name>Cookie No HttpOnly Flag</name><riskcode>1</riskcode><confidence>2</confidence><desc>&lt;p&gt;A&lt;/p&gt;</desc>
<instances><instance><uri>https://app.example:8443/login?next=/a</uri><method>GET</method><param>sid</param><attack></attack><evidence>Set-Cookie: sid=abcdef0123; Path=/</evidence><otherinfo>more</otherinfo></instance></instances><cweid>1004</cweid></alertitem>
<alertitem><pluginid>10202</pluginid><name>Absence of Anti-CSRF Tokens</name><riskcode>2</riskcode><confidence>1</confidence><cweid>-1</cweid></alertitem>
</alerts></site></OWASPZAPReport>"#;
    let json = r#"{"@programName":"ZAP","@version":"2.15.0","@generated":"Fri, 27 Nov 2026 10:00:00","site":[{"@name":"https://App.example:8443","@host":"App.example","@port":"8443","@ssl":"true","alerts":[
{"pluginid":"10010","alert":"Cookie No HttpOnly Flag","name":"Cookie No HttpOnly Flag","riskcode":"1","confidence":"2","desc":"<p>A</p>","cweid":"1004",
"instances":[{"uri":"https://app.example:8443/login?next=/a","method":"GET","param":"sid","attack":"","evidence":"Set-Cookie: sid=abcdef0123; Path=/","otherinfo":"more"}]},
{"pluginid":"10202","alert":"Absence of Anti-CSRF Tokens","riskcode":"2","confidence":"1","cweid":"-1","instances":[]}]}]}"#;
    let reports = same(&[(ScanFormat::ZapXml, xml), (ScanFormat::ZapJson, json)], 2);
    assert_eq!(reports[0].touched, reports[1].touched);
    for report in &reports {
        assert_eq!(report.results[0].evidence, "Set-Cookie: sid=***; Path=/ more");
        assert_eq!(report.results[1].place.host.as_deref(), Some("app.example"));
    }
}

#[test]
fn openvas_in_xml_and_csv() {
    let xml = r#"<report><results><result><name>SSH Weak Ciphers</name><host>192.0.2.61</host><port>22/tcp</port><nvt oid="1.2.3.4"><refs><ref type="cve" id="CVE-2099-1001"/></refs></nvt><threat>Medium</threat><severity>4.3</severity><description>one</description></result>
<result><name>Other</name><host>192.0.2.61</host><port>general/tcp</port><nvt oid="1.2.3.5"></nvt><threat>High</threat><severity>9.8</severity></result></results></report>"#;
    let csv = concat!(
        "IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD,NVT Name,Summary,Specific Result,NVT OID,CVEs,Timestamp\n",
        "192.0.2.61,h.example,22,tcp,4.3,Medium,80,SSH Weak Ciphers,Weak,one,1.2.3.4,CVE-2099-1001,2026-11-27T01:00:00Z\n",
        "192.0.2.61,h.example,,tcp,9.8,High,80,Other,,,1.2.3.5,,2026-11-27T01:10:00Z\n",
    );
    let reports = same(&[(ScanFormat::OpenvasXml, xml), (ScanFormat::OpenvasCsv, csv)], 2);
    assert_eq!(reports[0].results[1].place.port, None);
}

#[test]
fn nessus_in_xml_and_csv() {
    let xml = r#"<NessusClientData_v2><Report name="r"><ReportHost name="192.0.2.62"><HostProperties><tag name="HOST_END">Fri Nov 27 10:00:00 2026</tag></HostProperties>
<ReportItem port="80" protocol="tcp" severity="0" pluginID="10107" pluginName="HTTP Server Type"><plugin_output>Nginx</plugin_output></ReportItem>
<ReportItem port="443" protocol="tcp" severity="2" pluginID="42873" pluginName="Weak ciphers"><cve>CVE-2016-2183</cve><plugin_output>3DES</plugin_output></ReportItem>
<ReportItem port="0" protocol="tcp" severity="0" pluginID="11936" pluginName="OS Identification"></ReportItem>
</ReportHost></Report></NessusClientData_v2>"#;
    let csv = concat!(
        "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution,See Also,Plugin Output\n",
        "10107,,,None,192.0.2.62,tcp,80,HTTP Server Type,A server,Tells,n/a,,Nginx\n",
        "42873,CVE-2016-2183,5.0,Medium,192.0.2.62,tcp,443,Weak ciphers,Bad,,Disable,,3DES\n",
        "11936,,,None,192.0.2.62,tcp,0,OS Identification,Bad,,,,\n",
    );
    same(&[(ScanFormat::NessusXml, xml), (ScanFormat::NessusCsv, csv)], 3);
}

#[test]
fn cyclonedx_in_xml_and_json() {
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library" bom-ref="a"><group>g</group><name>x</name><version>1</version></component></components>
<vulnerabilities><vulnerability><id>CVE-2099-1002</id><cwes><cwe>184</cwe></cwes><affects><target><ref>a</ref></target></affects></vulnerability>
<vulnerability><id>SNYK-1</id><affects><target><ref>pkg:npm/%40s/y@2</ref></target></affects></vulnerability>
<vulnerability><id>GHSA-1</id><analysis><state>resolved</state><detail>done</detail></analysis><affects><target><ref>urn:cdx:z/1#q</ref></target></affects></vulnerability>
</vulnerabilities></bom>"#;
    let json = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"type":"library","bom-ref":"a","group":"g","name":"x","version":"1"}],
"vulnerabilities":[{"id":"CVE-2099-1002","cwes":[184],"affects":[{"ref":"a"}]},{"id":"SNYK-1","affects":[{"ref":"pkg:npm/%40s/y@2"}]},
{"id":"GHSA-1","analysis":{"state":"resolved","detail":"done"},"affects":[{"ref":"urn:cdx:z/1#q"}]}]}"#;
    for report in same(&[(ScanFormat::CyclonedxVdr, xml), (ScanFormat::CyclonedxVdr, json)], 3) {
        assert_eq!(report.results[1].place.component.as_deref(), Some("@s/y"));
        assert_eq!(report.results[2].suppressed.as_deref(), Some("resolved: done"));
    }
}

/// The table of severities names every tool that a table of a person must not call itself by.
#[test]
fn every_tool_of_the_table_of_severities_is_known_here() {
    let text = include_str!("../../../../../catalog/assessment/severities.toml");
    let table = read_severities("severities.toml", text.as_bytes()).value.expect("a table");
    // Under these a person may list findings, or their words are those of SARIF.
    let other = ["*", "table", "scan-table"];
    let rows = text.lines().filter_map(|line| line.strip_prefix("tools = ["));
    let named: Vec<&str> = rows.flat_map(|row| row.split('"').skip(1).step_by(2)).collect();
    assert!(named.len() > 30, "{named:?}");
    for tool in named.into_iter().filter(|tool| !other.contains(tool)) {
        assert!(table.knows(tool) && super::is_known(tool), "{tool}");
    }
    // These have no words of their own: those of SARIF hold.
    for tool in super::KNOWN.into_iter().filter(|tool| !["sarif", "gitleaks"].contains(tool)) {
        assert!(table.knows(tool), "{tool} has no row");
    }
}
