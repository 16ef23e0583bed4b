//! Reports in lines, written by us, and what is read of them.

use std::collections::BTreeMap;

use shindan_domain::assessment::{Completion, LeftOut, ScanFormat, ScanReport};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::identifier::FindingKind;

use super::Mapping;
use crate::limits::Limits;

const TESTSSL: &str = concat!(
    "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\",\"cve\",\"cwe\"\n",
    "\"SSLv3\",\"App.example/192.0.2.60\",\"443\",\"OK\",\"not offered\",\"\",\"\"\n",
    "\"TLS1\",\"App.example/192.0.2.60\",\"443\",\"LOW\",\"offered (deprecated)\",\"\",\"\"\n",
    "\"DROWN\",\"App.example/192.0.2.60\",\"443\",\"HIGH\",\"vulnerable\",\"CVE-2016-0800 CVE-2016-0703\",\"CWE-310\"\n",
    "\"robot\",\"App.example/192.0.2.60\",\"443\",\"WARN\",\"could not be tested\",\"\",\"\"\n",
    "\"scanTime\",\"App.example/192.0.2.60\",\"443\",\"INFO\",\"72\",\"\",\"\"\n",
);
const OPENVAS: &str = concat!(
    "IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD,Solution Type,NVT Name,Summary,Specific Result,NVT OID,CVEs,Timestamp,Solution\n",
    "192.0.2.61,h.example,22,tcp,4.3,Medium,80,Mitigation,SSH Weak Ciphers,Weak,\"one\ntwo\",1.2.3.4,\"CVE-2099-1,CVE-2099-1001\",2026-11-27T01:00:00Z,Disable\n",
    "192.0.2.61,h.example,,,9.8,High,80,,Other,,,1.2.3.5,,2026-11-27T01:10:00Z,\n",
    "192.0.2.61,h.example,,,9.8,High\n",
);
const NESSUS: &str = concat!(
    "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution,See Also,Plugin Output\n",
    "\"10107\",\"\",\"\",\"None\",\"192.0.2.62\",\"tcp\",\"80\",\"HTTP Server Type\",\"A server\",\"Tells\",\"n/a\",\"\",\"Nginx\"\n",
    "\"42873\",\"CVE-2016-2183\",\"5.0\",\"Medium\",\"192.0.2.62\",\"tcp\",\"443\",\"Weak ciphers\",\"Bad\",\"\",\"Disable\",\"https://a.example\nhttps://b.example\",\"3DES\"\n",
    "\"98104\",\"\",\"7.5\",\"High\",\"app.example\",\"http\",\"\",\"XSS\",\"Bad\",\"\",\"\",\"\",\"Vulnerability has been detected on URL 'https://app.example/q.jsp?a=1' by exploiting 'form' element named 'query' and\"\n",
    "\"1\",\"\",\"75\",\"High\",\"192.0.2.62\",\"tcp\",\"443\",\"Other\",\"\",\"\",\"\",\"\",\"\"\n",
);
const NIKTO: &str = concat!(
    "\"Nikto - v2.1.6/2.1.5\"\n",
    "\"app.example\",\"192.0.2.63\",\"80\",\"\",\"\",\"\",\"Apache\"\n",
    "\"app.example\",\"192.0.2.63\",\"80\",\"OSVDB-0\",\"GET\",\"/\",\"Uncommon header 'x-one' found, with contents: 1\"\n",
    "\"app.example\",\"192.0.2.63\",\"80\",\"OSVDB-3268\",\"GET\",\"/a/\",\"Directory indexing found.\"\n",
    "\"app.example\",\"192.0.2.63\"\n",
);
const LYNIS: &str = concat!(
    "# Lynis Report\nreport_datetime_start=2026-11-27 10:00:00\nlynis_version=3.1.4\nhostname=Server1\n",
    "suggestion[]=FILE-6310|Place /home on a separate partition|-|-|\n",
    "suggestion[]=FILE-6310|Place /var on a separate partition|-|-|\n",
    "warning[]=LOGG-2138|klogd is not running|details|text:Start it|\n",
    "vulnerable_package[]=openssl-3.0.1|\nwarning[]=\nno sign\n",
    "tests_executed=FILE-6310|LOGG-2138|AUTH-1|\ntests_skipped=A-1|A-2|\nreport_datetime_end=2026-11-27 10:05:00\nfinish=true\n",
);
const TABLE: &str = "診断結果一覧\n\n番号;名称;深刻度;対象;点\nA-1;XSS in search;高;https://app.example/search?q=1;6.1\n;;低;;\n";

fn one(text: &str) -> ScanReport {
    mapped(text.as_bytes(), None).expect("reads").remove(0)
}

fn mapped(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    crate::scan::read(bytes, "r.csv", mapping, &Limits::DEFAULT)
}

fn mapping(columns: &[(&str, &str)]) -> Mapping {
    let columns: BTreeMap<String, String> =
        columns.iter().map(|(field, heading)| ((*field).to_owned(), (*heading).to_owned())).collect();
    Mapping { tool: "own-list".to_owned(), columns }
}

fn usual() -> Mapping {
    mapping(&[("rule", "番号"), ("title", "名称"), ("severity", "深刻度"), ("url", "対象"), ("score", "点")])
}

fn rules(report: &ScanReport) -> Vec<&str> {
    report.results.iter().map(|result| result.rule.as_str()).collect()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<Code> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn testssl_counts_what_was_passed_and_what_could_not_be_tested() {
    let report = one(TESTSSL);
    assert_eq!(rules(&report), ["TLS1", "DROWN"]);
    assert_eq!(report.results[1].identifiers.len(), 2);
    assert_eq!(report.results[1].cwe, [310].into());
    assert_eq!(
        (report.results[0].kind, report.results[1].kind),
        (FindingKind::Misconfiguration, FindingKind::Vulnerability)
    );
    assert_eq!(report.results[0].place.host.as_deref(), Some("app.example"));
    assert_eq!((report.left_out[&LeftOut::Passed], report.left_out[&LeftOut::NotApplicable]), (1, 1));
    assert_eq!(report.completion, Completion::Finished);
    assert_eq!(report.touched, ["192.0.2.60".to_owned(), "app.example".to_owned()].into());
    let failed = one(&TESTSSL.replace("\"LOW\"", "\"FATAL\""));
    assert_eq!(failed.completion, Completion::Unfinished);
}

#[test]
fn openvas_rows_that_are_cut_off_are_told() {
    let report = one(OPENVAS);
    assert_eq!(rules(&report), ["1.2.3.4", "1.2.3.5"]);
    let first = &report.results[0];
    assert_eq!((first.place.port, first.score_x10, first.confidence.as_str()), (Some(22), Some(43), "80"));
    assert_eq!(first.identifiers, ["CVE-2099-1001".to_owned()].into());
    assert_eq!(codes(&report.diagnostics), [Code::ScanEntryUnreadable, Code::ScanToolVersionMissing]);
    assert_eq!(report.ended.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:10:00Z"));
    let header = OPENVAS.lines().next().expect("one");
    assert_eq!(codes(&mapped(header.as_bytes(), None).expect_err("empty"))[0], Code::ScanEmpty);
}

#[test]
fn nessus_rows_of_every_kind() {
    let report = one(NESSUS);
    assert_eq!(report.format, ScanFormat::NessusCsv);
    assert_eq!(rules(&report), ["10107", "42873", "98104", "1"]);
    assert_eq!(report.results[0].kind, FindingKind::Misconfiguration);
    assert_eq!((report.results[0].advice.as_str(), report.results[0].severity.as_str()), ("", "None"));
    assert_eq!(report.results[1].references.len(), 2);
    assert_eq!(report.results[1].score_x10, Some(50));
    let web = &report.results[2].place;
    assert_eq!(
        (web.path.as_deref(), web.parameter.as_deref(), web.port),
        (Some("/q.jsp"), Some("query"), Some(443))
    );
    assert_eq!(report.results[3].score_x10, None, "75 may have been 7.5, and nothing is guessed");
    assert!(codes(&report.diagnostics).contains(&Code::FieldTolerated));
    // Tenable.sc names its columns otherwise.
    let other = NESSUS
        .replacen("Plugin ID", "Plugin", 1)
        .replacen("Risk", "Severity", 1)
        .replacen("Host", "IP Address", 1)
        .replacen("Name", "Plugin Name", 1)
        .replacen("Plugin Output", "Plugin Text", 1);
    assert_eq!(rules(&one(&other)), rules(&report));
}

#[test]
fn nikto_without_numbers_is_known_by_its_words() {
    let report = one(NIKTO);
    assert_eq!(rules(&report), ["Uncommon header _ found, with contents", "Directory indexing found."]);
    assert_eq!(report.results[0].place.parameter.as_deref(), Some("x-one"));
    assert_eq!(report.results[1].identifiers, ["OSVDB-3268".to_owned()].into());
    assert_eq!(report.results[1].place.path.as_deref(), Some("/a/"));
    assert_eq!(report.tool.version.as_deref(), Some("2.1.6"));
    assert_eq!(codes(&report.diagnostics), [Code::ScanEntryUnreadable]);
}

#[test]
fn lynis_tells_what_was_tested() {
    let report = one(LYNIS);
    assert_eq!(rules(&report), ["FILE-6310", "FILE-6310", "LOGG-2138", "vulnerable_package"]);
    assert_eq!(report.results[2].advice, "Start it");
    assert_eq!(report.results[3].place.component.as_deref(), Some("openssl"));
    assert_eq!(report.results[3].place.version.as_deref(), Some("3.0.1"));
    assert_eq!(report.completion, Completion::Finished);
    assert!(report.rules.as_ref().is_some_and(|rules| rules.contains("AUTH-1")));
    assert_eq!(report.left_out[&LeftOut::NotApplicable], 2);
    assert_eq!(
        codes(&report.diagnostics).iter().filter(|code| **code == Code::ScanEntryUnreadable).count(),
        2
    );
    assert_eq!(report.touched, ["server1".to_owned()].into());
    assert_eq!(one(&LYNIS.replace("finish=true", "")).completion, Completion::Unfinished);
}

#[test]
fn a_table_needs_to_be_told_which_column_holds_what() {
    let refused = mapped(TABLE.as_bytes(), None).expect_err("no mapping");
    assert_eq!(codes(&refused), [Code::ScanMappingMissing]);
    assert_eq!(refused[0].params["columns"], "番号, 名称, 深刻度, 対象, 点");
    let report = mapped(TABLE.as_bytes(), Some(&usual())).expect("reads").remove(0);
    assert_eq!((report.format, report.tool.key.as_str()), (ScanFormat::Table, "own-list"));
    assert_eq!(rules(&report), ["A-1"]);
    let first = &report.results[0];
    assert_eq!((first.severity.as_str(), first.score_x10), ("高", Some(61)));
    assert_eq!(
        (first.place.host.as_deref(), first.place.path.as_deref()),
        (Some("app.example"), Some("/search"))
    );
    assert!(codes(&report.diagnostics).contains(&Code::ScanEntryUnreadable), "a row without rule and title");
}

#[test]
fn wrong_mappings_say_what_is_wrong() {
    let table = [
        (mapping(&[("rule", "番号"), ("colour", "名称")]), vec![Code::FieldUnknown]),
        (mapping(&[("severity", "深刻度")]), vec![Code::FieldMissing]),
        (mapping(&[("rule", "番号"), ("title", "題名")]), vec![Code::MappingColumnMissing]),
        (Mapping::default(), vec![Code::FieldMissing]),
    ];
    for (mapping, expected) in table {
        let refused = mapped(TABLE.as_bytes(), Some(&mapping)).expect_err("must be refused");
        assert_eq!(codes(&refused), expected, "{mapping:?}");
    }
}

#[test]
fn a_table_does_not_call_itself_a_known_tool() {
    for tool in ["zap", " ZAP ", "Dependency Check", "tenable.sc", "trivy-operator"] {
        let refused = mapped(TABLE.as_bytes(), Some(&Mapping { tool: tool.to_owned(), ..usual() }));
        assert_eq!(codes(&refused.expect_err(tool)), [Code::FieldInvalid], "{tool}");
    }
    let own = Mapping { tool: "zap-by-hand".to_owned(), ..usual() };
    assert_eq!(mapped(TABLE.as_bytes(), Some(&own)).expect("reads")[0].tool.key, "zap-by-hand");
}

#[test]
fn tables_in_the_encodings_of_spreadsheets() {
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(TABLE);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [b"\xEF\xBB\xBF", TABLE.as_bytes()].concat();
    for bytes in [cp932.into_owned(), utf16, marked] {
        let report = mapped(&bytes, Some(&usual())).expect("reads").remove(0);
        assert_eq!(report.results[0].title, "XSS in search");
    }
}

#[test]
fn the_first_sheet_with_a_table_is_read() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "表紙").expect("cell");
    let sheet = book.add_worksheet();
    for (row, line) in TABLE.lines().enumerate() {
        for (column, cell) in line.split(';').enumerate() {
            sheet.write_string(row as u32, column as u16, cell).expect("cell");
        }
    }
    let bytes = book.save_to_buffer().expect("workbook");
    let report = mapped(&bytes, Some(&usual())).expect("reads").remove(0);
    assert_eq!(rules(&report), ["A-1"]);
    assert_eq!(codes(&mapped(&bytes, None).expect_err("no mapping")), [Code::ScanMappingMissing]);
}

#[test]
fn fields_that_cannot_be_read_are_told() {
    let text = "rule,port,line,cvss,file,purl,part\nR,x/tcp,zero,none,.\\a\\b.c,pkg:npm/a@1,a\nS,443/tcp,7,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,,,\n";
    let columns = ["rule", "port", "line", "cvss", "file", "purl"].map(|name| (name, name));
    let columns: Vec<_> = columns.into_iter().chain([("component", "part")]).collect();
    let report = mapped(text.as_bytes(), Some(&mapping(&columns))).expect("reads").remove(0);
    let tolerated = codes(&report.diagnostics).iter().filter(|code| **code == Code::FieldTolerated).count();
    assert_eq!(tolerated, 3);
    assert_eq!(report.results[0].place.file.as_deref(), Some("a/b.c"));
    assert_eq!(report.results[0].kind, FindingKind::Vulnerability);
    let second = &report.results[1];
    assert_eq!(
        (second.place.port, second.place.protocol.as_deref(), second.place.line),
        (Some(443), Some("tcp"), Some(7))
    );
    assert_eq!(second.cvss.len(), 1);
}

#[test]
fn what_is_no_table_is_refused() {
    for text in ["just words\nand more\n", "x", "const crypto = require('crypto');\nexports = { a };\n"] {
        assert_eq!(
            codes(&mapped(text.as_bytes(), None).expect_err("refused")),
            [Code::FormatUnknown],
            "{text}"
        );
    }
    assert_eq!(codes(&mapped(b"a\0b,c", None).expect_err("refused")), [Code::FormatUnknown]);
    assert_eq!(codes(&mapped(b"\xFF\xFF\xFF", None).expect_err("refused")), [Code::EncodingInvalid]);
}

/// Cut off anywhere, with bits that flip: there is a value or a reason, and never a panic.
#[test]
fn mutations_end_in_a_value() {
    let usual = usual();
    for text in [TESTSSL, OPENVAS, NESSUS, NIKTO, LYNIS, TABLE] {
        let bytes = text.as_bytes();
        for at in 0..bytes.len() {
            drop(mapped(&bytes[..at], Some(&usual)));
            for bit in [2, 6] {
                let mut changed = bytes.to_vec();
                changed[at] ^= 1 << bit;
                if let Ok(reports) = mapped(&changed, Some(&usual)) {
                    assert!(
                        reports.iter().all(|report| report.results.iter().all(|result| result.count > 0))
                    );
                }
            }
        }
    }
}
