//! OpenSCAP's results: ARF and XCCDF 1.1 and 1.2. Source: NISTIR 7275 revision 4, section 6.6.4; NISTIR 7694 (ARF).
//!
//! A rule that could not be evaluated (`error`, `unknown`) was not passed: it is not among the rules that were carried out, and the
//! scan counts as unfinished. A benchmark without a result holds rules only, and is refused as empty.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::plain::plain;
use crate::scan::{names, secrets};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::Openscap, "OpenSCAP", "openscap", path)
}

/// What a benchmark says of a rule.
#[derive(Default)]
struct Rule {
    title: String,
    text: String,
    advice: String,
    severity: String,
    identifiers: BTreeSet<String>,
}

/// What is known before the results are put together: rules may stand behind them.
#[derive(Default)]
struct Known {
    rules: BTreeMap<String, Rule>,
    results: Vec<Element>,
    targets: Vec<String>,
    carried_out: BTreeSet<String>,
}

/// Elements that are gone through piece by piece, so that a report of a hundred megabytes is never in memory as a whole.
const INSIDE: [&str; 11] = [
    "Benchmark",
    "Group",
    "TestResult",
    "report-requests",
    "report-request",
    "reports",
    "report",
    "content",
    "data-stream-collection",
    "component",
    "asset-report-collection",
];

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let mut known = Known::default();
    let root = reader.root().clone();
    let mut tested = 0_u32;
    if root.name.local == "TestResult" {
        begin_result(&root, found);
        tested += 1;
    }
    while let Some(piece) = reader.next_piece(|element| INSIDE.contains(&element.name.local.as_str()))? {
        match piece {
            Piece::Entered(element) if element.name.local == "TestResult" => {
                begin_result(&element, found);
                tested += 1;
            }
            Piece::Whole(element) => whole(element, &mut known, found),
            Piece::Entered(_) | Piece::Left => {}
        }
    }
    if tested == 0 {
        return Ok(());
    }
    let host = known.targets.first().map(|target| target.to_ascii_lowercase());
    for result in std::mem::take(&mut known.results) {
        rule_result(&result, host.as_deref(), &mut known, found);
    }
    found.report.rules = Some(known.carried_out);
    Ok(())
}

fn begin_result(element: &Element, found: &mut Collected) {
    let began = found.time("start-time", element.attribute("start-time").unwrap_or_default(), element.line);
    found.started(began);
    let ended = found.time("end-time", element.attribute("end-time").unwrap_or_default(), element.line);
    found.ended(ended);
    let system = element.attribute("test-system").unwrap_or_default();
    // `cpe:/a:redhat:openscap:1.3.9`
    found.version(system.strip_prefix("cpe:/a:redhat:openscap:"));
    match ended {
        Some(_) => found.finished(),
        None => found.unfinished(element.line, "the result has no end-time"),
    }
}

fn whole(element: Element, known: &mut Known, found: &mut Collected) {
    match element.name.local.as_str() {
        "Rule" => {
            if let Some(id) = element.attribute("id") {
                known.rules.insert(id.to_owned(), rule(&element));
            }
        }
        "target" => {
            found.touch(element.trimmed());
            known.targets.push(element.trimmed().to_owned());
        }
        "target-address" => found.touch(element.trimmed()),
        "rule-result" => known.results.push(element),
        _ => {}
    }
}

fn rule(element: &Element) -> Rule {
    let text = |name: &str| element.child(name).map(|child| plain(&child.deep_text())).unwrap_or_default();
    Rule {
        title: collected::line(&text("title")),
        text: collected::short(&text("description")),
        advice: collected::short(&text("fixtext")),
        severity: element.attribute("severity").map(collected::line).unwrap_or_default(),
        identifiers: element.all("ident").map(|ident| collected::line(ident.trimmed())).collect(),
    }
}

fn rule_result(element: &Element, host: Option<&str>, known: &mut Known, found: &mut Collected) {
    let Some(id) = element.attribute("idref").map(str::trim).filter(|id| !id.is_empty()) else {
        found.unreadable(element.line, "rule-result", "there is no idref");
        return;
    };
    let outcome = element.child_text("result").unwrap_or_default();
    // Somebody declared a failed rule otherwise in the tool. Here only a person decides that: it stays a finding with that mark.
    let declared = element.all("override").find(|one| one.child_text("old-result") == Some("fail"));
    if let Some(declared) = declared.filter(|_| outcome != "fail") {
        let mut result = failed(element, id, host, known);
        let remark = declared.child_text("remark").unwrap_or_default();
        result.suppressed = Some(collected::line(&format!("override: {outcome} {remark}")));
        found.add(result, element.line);
        known.carried_out.insert(id.to_owned());
        return;
    }
    match outcome {
        "pass" | "fixed" => found.leave_out(LeftOut::Passed),
        "notapplicable" | "notselected" | "notchecked" => return found.leave_out(LeftOut::NotApplicable),
        "informational" => found.leave_out(LeftOut::AboutTheRun),
        "error" | "unknown" => return found.unfinished(element.line, &format!("rule {id}: {outcome}")),
        "fail" => found.add(failed(element, id, host, known), element.line),
        other => {
            let reason = format!("result \"{other}\" is none that XCCDF defines");
            return found.unreadable(element.line, id, &reason);
        }
    }
    known.carried_out.insert(id.to_owned());
}

fn failed(element: &Element, id: &str, host: Option<&str>, known: &Known) -> ScanResult {
    let spot = ScanPlace {
        host: host.map(collected::line),
        object: element.child_text("instance").map(collected::line),
        ..ScanPlace::default()
    };
    let rule = known.rules.get(id);
    let title = rule.map(|rule| rule.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(id);
    let listed = element.all("ident").map(|ident| collected::line(ident.trimmed()));
    let identifiers: BTreeSet<String> =
        listed.chain(rule.into_iter().flat_map(|rule| rule.identifiers.iter().cloned())).collect();
    // Rules of OVAL patch benchmarks name CVEs; all others are settings.
    let weakness = identifiers.iter().any(|one| names::cves(one).next().is_some());
    let kind = if weakness { FindingKind::Vulnerability } else { FindingKind::Misconfiguration };
    let mut result = ScanResult::new(id, title, kind, spot);
    result.identifiers = identifiers.into_iter().filter(|one| !one.is_empty()).collect();
    result.severity = element.attribute("severity").map(collected::line).unwrap_or_default();
    if let Some(rule) = rule {
        result.text.clone_from(&rule.text);
        result.advice.clone_from(&rule.advice);
        if result.severity.is_empty() {
            result.severity.clone_from(&rule.severity);
        }
    }
    let messages = element.all("message").map(Element::trimmed).collect::<Vec<_>>().join("\n");
    result.evidence = collected::short(&secrets::removed(&messages));
    result
}
