//! Time to read a large report of a scanner, made up here: `cargo run --release -p shindan-formats --example scan_measure -- [MB]`
//!
//! SARIF with code, fingerprints and two places a result; and JSON lines of Nuclei.

// What measures reads the clock.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::fmt::Write;
use std::time::Instant;

use shindan_formats::limits::Limits;
use shindan_formats::scan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let megabytes: usize = std::env::args().nth(1).map_or(Ok(50), |text| text.parse())?;
    println!("{:<8} {:>6} {:>10} {:>8}", "form", "MB", "findings", "seconds");
    for (form, text) in [("sarif", sarif(megabytes << 20)?), ("nuclei", nuclei(megabytes << 20)?)] {
        let begun = Instant::now();
        let reports = scan::read(text.as_bytes(), form, None, &Limits::DEFAULT)
            .map_err(|refused| format!("{refused:?}"))?;
        let seconds = begun.elapsed().as_secs_f64();
        let findings: usize = reports.iter().map(|report| report.results.len()).sum();
        println!("{form:<8} {:>6} {findings:>10} {seconds:>8.2}", text.len() >> 20);
    }
    Ok(())
}

fn sarif(size: usize) -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Checker","version":"1","rules":["#,
    );
    for rule in 0..200 {
        let comma = if rule == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"id":"rule-{rule}","shortDescription":{{"text":"Rule {rule}"}},"properties":{{"tags":["external/cwe/cwe-079"]}}}}"#
        )?;
    }
    text.push_str("]}},\"results\":[");
    let mut number = 0_u64;
    while text.len() < size {
        let comma = if number == 0 { "" } else { "," };
        let (rule, file, line) = (number % 200, number % 977, number % 4_001 + 1);
        write!(
            text,
            r#"{comma}{{"ruleId":"rule-{rule}","ruleIndex":{rule},"level":"error","message":{{"text":"A value that the user controls is written to the answer without being escaped."}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/module/file{file}.java","uriBaseId":"%SRCROOT%"}},"region":{{"startLine":{line},"startColumn":5,"endColumn":40,"snippet":{{"text":"        response.getWriter().println(value{number});"}}}}}}}}],"partialFingerprints":{{"primaryLocationLineHash":"{number:016x}:1","primaryLocationStartColumnFingerprint":"4"}}}}"#
        )?;
        number += 1;
    }
    text.push_str("]}]}");
    Ok(text)
}

fn nuclei(size: usize) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let mut number = 0_u64;
    while text.len() < size {
        writeln!(
            text,
            r#"{{"template-id":"template-{}","info":{{"name":"A template","severity":"medium","tags":["misconfig"],"classification":{{"cwe-id":["cwe-200"]}}}},"type":"http","host":"https://host{}.example","matched-at":"https://host{}.example/path/{number}","request":"{}","matcher-status":true}}"#,
            number % 300,
            number % 50,
            number % 50,
            "GET / HTTP/1.1 ".repeat(20)
        )?;
        number += 1;
    }
    Ok(text)
}
