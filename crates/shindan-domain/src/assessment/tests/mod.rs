//! Assessments, looked at from outside: what must hold is written down from the specification (section 4, ③), and random histories are held
//! against it.

mod gates;
mod groups;
mod standing;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::report::{Completion, ScanFormat, ScanPlace, ScanReport, ScanResult};
use super::standing::{RunScope, SeenBy};
use super::{ApplicationKind, AssessmentPlan, MergeRule, PlanDraft};
use crate::calendar::day;
use crate::case::Subject;
use crate::identifier::FindingKind;
use crate::inventory::Exposure;
use crate::ledger::Hash;
use crate::model::{id, minute, person};
use crate::record_id::{AssessmentId, SystemId};

fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

fn run(number: u8) -> AssessmentId {
    AssessmentId(Uuid::from_u128(7000 + u128::from(number)))
}

/// A run of source code that covers everything, a day after the one before.
fn scope(number: u8) -> RunScope {
    let on = day(minute(i64::from(number) * 24 * 60));
    RunScope { seen: SeenBy { run: run(number), on }, environment: None, deliverables: names(&["portal"]) }
}

fn original(number: u8) -> Hash {
    Hash::of(&[number])
}

/// A finding on a page of a host.
fn web(rule: &str, host: &str, path: &str) -> ScanResult {
    let place =
        ScanPlace { host: Some(host.to_owned()), path: Some(path.to_owned()), ..ScanPlace::default() };
    ScanResult::new(rule, format!("{rule} at {path}"), FindingKind::Misconfiguration, place)
}

/// A finding in a file.
fn source(rule: &str, file: &str, line: u32, code: &str) -> ScanResult {
    let place = ScanPlace {
        file: Some(file.to_owned()),
        line: Some(line),
        code: Some(code.to_owned()),
        ..ScanPlace::default()
    };
    ScanResult::new(rule, format!("{rule} in {file}"), FindingKind::Vulnerability, place)
}

/// A finding in a component.
fn component(rule: &str, name: &str, file: &str) -> ScanResult {
    let place =
        ScanPlace { component: Some(name.to_owned()), file: Some(file.to_owned()), ..ScanPlace::default() };
    let mut result = ScanResult::new(rule, rule, FindingKind::Vulnerability, place);
    result.identifiers.insert(rule.to_owned());
    result
}

/// A report of a tool that came to its end.
fn report(tool: &str, hosts: &[&str], results: Vec<ScanResult>) -> ScanReport {
    let mut report = ScanReport::new(ScanFormat::Sarif, tool, tool);
    report.completion = Completion::Finished;
    report.started = Some(minute(100 * 24 * 60));
    report.touched = names(hosts);
    report.results = results;
    report
}

fn plan(merge_rules: &[MergeRule]) -> AssessmentPlan {
    AssessmentPlan {
        draft: PlanDraft {
            name: "患者ポータル".to_owned(),
            subject: Subject::System(SystemId(id(40))),
            application: ApplicationKind::Web,
            checks: names(&["web-session-end"]),
            checks_from: "shindan-checks 1.0.0".to_owned(),
            interval_days: 365,
            notice_days: 30,
            on_release: true,
            responsible: person(0),
            first_due: day(minute(0)),
            exposure: Exposure::Open,
            affects_patients: true,
            merge_rules: merge_rules.iter().copied().collect(),
        },
        deliverables: BTreeMap::new(),
        trigger: None,
        assessed: Vec::new(),
        joined: Vec::new(),
        standing: None,
        ended: None,
    }
}
