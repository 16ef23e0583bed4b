//! Runs written by us: one for each thing the specification allows.

use super::super::tests::{only, refused, summary};
use crate::limits::Limits;
use crate::scan;

fn run(more: &str, results: &str) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"Checker","version":"1"}}}}{more},"results":[{results}]}}]}}"#
    )
}

#[test]
fn rules_by_index_name_and_extension() {
    let report = only(include_str!("../samples/sarif.json"));
    assert_eq!(
        summary(&report),
        "codeql 2.5.4 not-told\n\
         js/xss error vulnerability src/a.js:7 cwe 79 print primaryLocationLineHash:5a98dafd76d3d9c1:1\n\
         pack/sql note vulnerability cwe 20,89\n\
         js/xss/variant error vulnerability A::b cwe 79\n\
         js/xss error vulnerability cwe 79\n\
         no rule at all warning vulnerability\n\
         scan-entry-unreadable\nscan-entry-unreadable\n"
    );
    let first = &report.results[0];
    assert_eq!((first.text.as_str(), first.evidence.as_str()), ("Flow from a to {0} {x}", "src/b.js:9"));
    assert_eq!(
        (first.score_x10, first.confidence.as_str(), first.advice.as_str()),
        (Some(61), "high", "Escape it")
    );
    let rules = report.rules.expect("a list of all rules");
    assert!(rules.contains("js/unused"));
}

#[test]
fn what_is_no_finding_is_counted() {
    let report = only(&run(
        "",
        r#"{"ruleId":"a","kind":"pass","message":{"text":"m"}},{"ruleId":"a","kind":"notApplicable"},{"ruleId":"a","kind":"informational"},
        {"ruleId":"a","baselineState":"absent","message":{"text":"gone"}},{"ruleId":"a","kind":"review","message":{"text":"look"}},
        {"ruleId":"b","message":{"text":"m"},"suppressions":[{"kind":"inSource","justification":"tested"}]},
        {"ruleId":"c","message":{"text":"m"},"suppressions":[{"kind":"external","status":"underReview"}]},
        {"ruleId":"d","message":{"text":"m"},"suppressions":[],"occurrenceCount":3}"#,
    ));
    assert_eq!(
        summary(&report),
        "checker 1 not-told\na none vulnerability\nb warning vulnerability suppressed inSource: tested\n\
         c warning vulnerability\nd warning vulnerability times 3\n\
         left out: passed 1\nleft out: not-applicable 2\nleft out: about-the-run 1\n"
    );
    assert_eq!(report.rules, None);
}

#[test]
fn times_completion_and_what_was_looked_at() {
    let report = only(&run(
        r#","invocations":[{"startTimeUtc":"2026-11-27T01:00:00Z","endTimeUtc":"2026-11-27T01:05:00Z","executionSuccessful":true},
           {"startTimeUtc":"2026-11-27T02:00:00Z","executionSuccessful":false,"exitCodeDescription":"out of memory"}],
          "versionControlProvenance":[{"repositoryUri":"https://git.example/a"}],"originalUriBaseIds":{"SRCROOT":{"uri":"file:///src/"}},
          "artifacts":[{"location":{"uri":"lib/x.c"},"roles":["analysisTarget"]}]"#,
        r#"{"ruleId":"a","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]},
           {"ruleId":"b","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://t.example/login?a=1"}}}],"webRequest":{"method":"POST"}}"#,
    ));
    assert_eq!(
        summary(&report),
        "checker 1 unfinished\na warning vulnerability lib/x.c\nb warning vulnerability t.example:443 POST /login\nscan-unfinished\n"
    );
    assert_eq!(report.started.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:00:00Z"));
    let touched: Vec<&str> = report.touched.iter().map(String::as_str).collect();
    assert_eq!(touched, ["file:///src/", "https://git.example/a", "lib/x.c", "t.example"]);
}

#[test]
fn secrets_are_not_taken_over() {
    let report = only(include_str!("../samples/sarif-2.json"));
    assert_eq!(report.results.len(), 1);
    assert!(!format!("{report:?}").contains("AKIA1"));
    assert!(report.results[0].place.code.as_deref().is_some_and(|code| code.starts_with("sha256:")));
}

#[test]
fn several_runs_and_none() {
    let one =
        |name: &str| format!(r#"{{"tool":{{"driver":{{"name":"{name}","version":"1"}}}},"results":[]}}"#);
    let text = format!(r#"{{"version":"2.1.0","runs":[{},{}]}}"#, one("A"), one("Semgrep OSS"));
    let both = scan::read(text.as_bytes(), "f", None, &Limits::DEFAULT).expect("two runs");
    assert_eq!(both.iter().map(|run| run.tool.key.as_str()).collect::<Vec<_>>(), ["a", "semgrep"]);
    assert_eq!(refused(r#"{"version":"2.1.0","runs":[]}"#), ["scan-empty"]);
    assert_eq!(
        refused(r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"A"}},"results":[]}]}"#)[0],
        "scan-empty"
    );
}

#[test]
fn fingerprints_that_are_withheld_are_none() {
    let report = only(&run(
        "",
        r#"{"ruleId":"a","message":{"text":"m"},"fingerprints":{"matchBasedId/v1":"requires login"}}"#,
    ));
    assert_eq!(report.results[0].tool_fingerprint, None);
}

#[test]
fn what_cannot_be_read_does_not_shift_numbers() {
    let report = only(
        r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Semgrep OSS","version":"1","rules":[{"id":{}},{"id":"b","defaultConfiguration":{"level":"error"}}]}},
          "artifacts":[5,{"location":{"uri":"b.c"}}],
          "results":[{"ruleIndex":1,"message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"index":1}}}]}]}]}"#,
    );
    assert_eq!(
        summary(&report),
        "semgrep 1 not-told\nb error vulnerability b.c\nscan-entry-unreadable\nscan-entry-unreadable\n"
    );
}
