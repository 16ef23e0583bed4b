use shindan_domain::assessment::severity::combinations;
use shindan_domain::assessment::{RatedBy, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::*;

const OURS: &str = include_str!("../../../catalog/assessment/severities.toml");

fn table() -> SeverityTable {
    let reading = read_severities("severities.toml", OURS.as_bytes());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    reading.value.unwrap()
}

fn level(table: &SeverityTable, tool: &str, word: &str) -> Option<Level> {
    let mut result = ScanResult::new("1", "t", FindingKind::Vulnerability, ScanPlace::default());
    result.severity = word.to_owned();
    let rated = table.rate(tool, &result);
    assert_eq!(rated.basis == RatedBy::Unknown, rated.level.is_none());
    rated.level
}

/// Words as the tools write them, from their documentation and from genuine reports, most severe first.
const WORDS: &[(&str, &[(&str, &str)])] = &[
    ("zap", &[("3", "high"), ("2", "medium"), ("1", "low"), ("0", "informational")]),
    (
        "zap",
        &[
            ("High (High)", "high"),
            ("Medium (Low)", "medium"),
            ("Low (User Confirmed)", "low"),
            ("Informational (Medium)", "informational"),
        ],
    ),
    (
        "nuclei",
        &[
            ("critical", "critical"),
            ("high", "high"),
            ("medium", "medium"),
            ("low", "low"),
            ("info", "informational"),
        ],
    ),
    (
        "openvas",
        &[
            ("Critical", "critical"),
            ("High", "high"),
            ("Medium", "medium"),
            ("Low", "low"),
            ("Log", "informational"),
        ],
    ),
    ("nessus", &[("4", "critical"), ("3", "high"), ("2", "medium"), ("1", "low"), ("0", "informational")]),
    (
        "nessus",
        &[
            ("Critical", "critical"),
            ("High", "high"),
            ("Medium", "medium"),
            ("Low", "low"),
            ("None", "informational"),
        ],
    ),
    ("wapiti", &[("4", "critical"), ("3", "high"), ("2", "medium"), ("1", "low"), ("0", "informational")]),
    (
        "testssl",
        &[
            ("CRITICAL", "critical"),
            ("HIGH", "high"),
            ("MEDIUM", "medium"),
            ("LOW", "low"),
            ("INFO", "informational"),
        ],
    ),
    ("ssh-audit", &[("fail", "high"), ("warn", "medium"), ("info", "informational")]),
    ("trivy", &[("CRITICAL", "critical"), ("HIGH", "high"), ("MEDIUM", "medium"), ("LOW", "low")]),
    (
        "grype",
        &[
            ("Critical", "critical"),
            ("High", "high"),
            ("Medium", "medium"),
            ("Low", "low"),
            ("Negligible", "low"),
        ],
    ),
    ("osv-scanner", &[("CRITICAL", "critical"), ("HIGH", "high"), ("MODERATE", "medium"), ("LOW", "low")]),
    ("dependency-check", &[("CRITICAL", "critical"), ("HIGH", "high"), ("MEDIUM", "medium"), ("LOW", "low")]),
    (
        "npm-audit",
        &[
            ("critical", "critical"),
            ("high", "high"),
            ("moderate", "medium"),
            ("low", "low"),
            ("info", "informational"),
        ],
    ),
    ("semgrep", &[("CRITICAL", "critical"), ("HIGH", "high"), ("MEDIUM", "medium"), ("LOW", "low")]),
    ("semgrep", &[("ERROR", "high"), ("WARNING", "medium"), ("INFO", "low"), ("INVENTORY", "informational")]),
    ("bandit", &[("HIGH", "high"), ("MEDIUM", "medium"), ("LOW", "low")]),
    ("njsscan", &[("ERROR", "high"), ("WARNING", "medium"), ("INFO", "low")]),
    ("mobsfscan", &[("ERROR", "high"), ("WARNING", "medium"), ("INFO", "low")]),
    ("lynis", &[("warning", "medium"), ("suggestion", "low")]),
    ("openscap", &[("high", "high"), ("medium", "medium"), ("low", "low"), ("info", "informational")]),
    ("codeql", &[("error", "high"), ("warning", "medium"), ("recommendation", "low")]),
    ("codeql", &[("error", "high"), ("warning", "medium"), ("note", "low"), ("none", "informational")]),
    (
        "some-sarif-tool",
        &[("error", "high"), ("warning", "medium"), ("note", "low"), ("none", "informational")],
    ),
    (
        "cyclonedx-vdr",
        &[
            ("critical", "critical"),
            ("high", "high"),
            ("medium", "medium"),
            ("low", "low"),
            ("info", "informational"),
        ],
    ),
    (
        "scan-table",
        &[("緊急", "critical"), ("高", "high"), ("中", "medium"), ("低", "low"), ("情報", "informational")],
    ),
    (
        "shindan-outside",
        &[
            ("critical", "critical"),
            ("high", "high"),
            ("medium", "medium"),
            ("low", "low"),
            ("informational", "informational"),
        ],
    ),
];

#[test]
fn every_word_of_every_tool_has_its_level() {
    let table = table();
    for (tool, words) in WORDS {
        let mut before = Level::Critical;
        for (word, expected) in *words {
            let level = level(&table, tool, word).unwrap_or_else(|| panic!("{tool}: {word}"));
            assert_eq!(level.as_str(), *expected, "{tool}: {word}");
            assert!(level >= before, "{tool}: {word} is listed behind a less severe one");
            before = level;
        }
    }
}

#[test]
fn what_a_tool_does_not_know_is_unknown() {
    let table = table();
    for (tool, word) in [
        ("trivy", "UNKNOWN"),
        ("nuclei", "unknown"),
        ("bandit", "UNDEFINED"),
        ("testssl", "WARN"),
        ("testssl", "FATAL"),
        ("openvas", "False Positive"),
        ("openscap", "unknown"),
        ("cyclonedx", "unknown"),
        ("nikto", ""),
        ("sslyze", ""),
        ("pip-audit", ""),
        ("zap", "4"),
        ("some-sarif-tool", "blocker"),
    ] {
        assert_eq!(level(&table, tool, word), None, "{tool}: {word}");
    }
}

#[test]
fn every_format_has_its_tools_in_the_table() {
    let table = table();
    for format in ScanFormat::ALL {
        let tool = match format {
            // The tool is named in the file; what it is not known by falls under the row for any tool.
            ScanFormat::Sarif => "*",
            ScanFormat::ZapXml | ScanFormat::ZapJson => "zap",
            ScanFormat::OpenvasXml | ScanFormat::OpenvasCsv => "openvas",
            ScanFormat::NmapXml => "nmap",
            ScanFormat::NessusXml | ScanFormat::NessusCsv => "nessus",
            ScanFormat::NiktoXml | ScanFormat::NiktoJson | ScanFormat::NiktoCsv => "nikto",
            ScanFormat::WapitiXml | ScanFormat::WapitiJson => "wapiti",
            ScanFormat::TestsslCsv | ScanFormat::TestsslJson => "testssl",
            ScanFormat::SslyzeJson => "sslyze",
            other => other.as_str(),
        };
        assert!(table.knows(tool), "{format}");
    }
}

#[test]
fn bands_are_those_of_the_specifications() {
    let table = table();
    let rated = |vectors: &[&str], score_x10: Option<u8>| {
        let mut result = ScanResult::new("1", "t", FindingKind::Vulnerability, ScanPlace::default());
        result.cvss = vectors.iter().map(|vector| (*vector).to_owned()).collect();
        result.score_x10 = score_x10;
        table.rate("zap", &result).level
    };
    for (score, expected) in [
        (0, Level::Informational),
        (1, Level::Low),
        (39, Level::Low),
        (40, Level::Medium),
        (69, Level::Medium),
        (70, Level::High),
        (89, Level::High),
        (90, Level::Critical),
        (100, Level::Critical),
    ] {
        assert_eq!(rated(&[], Some(score)), Some(expected), "{score}");
    }
    for (vector, expected) in [
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Level::Critical),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Level::Critical),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", Level::High),
        ("AV:L/AC:H/Au:M/C:N/I:N/A:N", Level::Low),
    ] {
        assert_eq!(rated(&[vector], None), Some(expected), "{vector}");
    }
}

#[test]
fn priorities_never_put_off_the_unknown_nor_rank_the_severe_behind_the_slight() {
    let table = table();
    for (level, exposure, patients) in combinations() {
        let priority = table.priority(level, exposure, patients);
        match level {
            None => assert!(priority <= Decision::Scheduled),
            Some(Level::Informational) => assert_eq!(priority, Decision::Defer),
            Some(Level::Critical | Level::High | Level::Medium) => assert!(priority <= Decision::Scheduled),
            Some(Level::Low) => {}
        }
        assert!(priority <= table.priority(level, exposure, false), "patients first");
        let less_severe = Level::ALL.iter().filter(|other| level.is_some_and(|level| level < **other));
        for other in less_severe {
            assert!(priority <= table.priority(Some(*other), exposure, patients), "{level:?} {exposure:?}");
        }
        assert!(table.priority(level, Exposure::Open, patients) <= priority, "{level:?} {exposure:?}");
        assert!(priority <= table.priority(level, Exposure::Small, patients), "{level:?} {exposure:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_no_half_table_is_used() {
    let row = "[\"unknown\",       \"small\",       \"scheduled\",    \"scheduled\"]";
    for (from, to, field) in [
        ("critical = \"9.0\"", "critical = \"9\"", "cvss[0].from.critical"),
        ("critical = \"9.0\"", "critical = \"10.1\"", "cvss[0].from.critical"),
        ("critical = \"9.0\"", "critical = \"6.5\"", "cvss[0].from"),
        ("critical = \"9.0\"", "extreme = \"9.0\"", "cvss[0].from.extreme"),
        ("versions = [\"2.0\"]", "versions = [\"3.1\"]", "cvss[1].versions"),
        ("versions = [\"2.0\"]", "versions = [\"5.0\"]", "cvss[1].versions"),
        ("\"4.0\", \"not-told\"", "\"4.0\"", "cvss"),
        ("tools = [\"nikto\"]", "tools = [\"zap\"]", "tool[6].tools"),
        ("tools = [\"nikto\"]", "tools = []", "tool[6].tools"),
        ("words = {}", "", "tool[6].words"),
        ("words = { \"3\" = \"high\"", "words = { \"3\" = \"severe\"", "tool[1].words.3"),
        (
            "words = { \"3\" = \"high\"",
            "words = { \"HIGH\" = \"low\", \"3\" = \"high\"",
            "tool[1].words.high",
        ),
        (row, "[\"unknown\", \"small\", \"scheduled\", \"defer\"]", "priority"),
        (row, "[\"unknown\", \"open\", \"scheduled\", \"scheduled\"]", "priority"),
        (&format!("{row},"), "", "priority"),
        (row, "[\"unknown\", \"small\", \"scheduled\"]", "priority.rows[17]"),
        (row, "[\"unknown\", \"small\", \"scheduled\", \"never\"]", "priority.rows[17]"),
        (row, "[\"unclear\", \"small\", \"scheduled\", \"scheduled\"]", "priority.rows[17]"),
        ("[\"patient-care\", \"other\"]", "[\"other\", \"patient-care\"]", "priority.roles"),
        ("schema = \"shindan.severities/1\"", "schema = \"shindan.severities/2\"", "schema"),
    ] {
        let text = OURS.replacen(from, to, 1);
        assert_ne!(text, OURS, "{from}");
        let reading = read_severities("own.toml", text.as_bytes());
        let named = reading.diagnostics.iter().any(|d| d.place.field.as_deref() == Some(field));
        assert!(named, "{from} → {to}: {:?}", reading.diagnostics);
        assert!(reading.value.is_none(), "{to}");
    }
}

#[test]
fn any_damage_is_an_error_or_another_table_and_never_a_panic() {
    let bytes = OURS.as_bytes();
    for cut in (0..bytes.len()).step_by(97) {
        assert!(read_severities("own.toml", &bytes[..cut]).value.is_none() || cut + 200 > bytes.len());
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x11;
        drop(read_severities("own.toml", &flipped));
    }
}
