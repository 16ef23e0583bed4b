//! What came of each rule. At the end no rule is without an outcome: what nobody carried out is not passed.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::assessment::{
    Completion, LONGEST_TEXT, LeftOut, OutsideRule, OutsideRules, ScanFormat, ScanPlace, ScanReport,
    ScanResult,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::FindingKind;

use crate::connection::Trouble;
use crate::target::Target;

/// Most findings of one rule: a hostile server sets thousands of cookies.
const MOST_OF_A_RULE: u32 = 50;

/// The report that is being written.
pub(super) struct Record<'a> {
    rules: &'a OutsideRules,
    about: Place,
    base: Target,
    results: Vec<ScanResult>,
    found: BTreeMap<OutsideRule, u32>,
    passed: BTreeSet<OutsideRule>,
    does_not_apply: BTreeSet<OutsideRule>,
    troubles: BTreeMap<OutsideRule, &'static str>,
    repeated: u64,
}

impl<'a> Record<'a> {
    pub(super) fn new(rules: &'a OutsideRules, target: &Target) -> Self {
        Record {
            rules,
            about: Place::file(target.to_string()),
            base: target.clone(),
            results: Vec::new(),
            found: BTreeMap::new(),
            passed: BTreeSet::new(),
            does_not_apply: BTreeSet::new(),
            troubles: BTreeMap::new(),
            repeated: 0,
        }
    }

    /// What is looked at after redirects.
    pub(super) fn base(&mut self, base: &Target) {
        self.base = base.clone();
    }

    /// The host and port that is looked at.
    pub(super) fn host(&self) -> ScanPlace {
        ScanPlace {
            host: Some(self.base.host.clone()),
            port: Some(self.base.port),
            protocol: Some("tcp".to_owned()),
            ..ScanPlace::default()
        }
    }

    /// A web address.
    pub(super) fn web(&self, target: &Target, method: &str) -> ScanPlace {
        ScanPlace {
            host: Some(target.host.clone()),
            port: Some(target.port),
            protocol: Some("tcp".to_owned()),
            url: Some(target.to_string()),
            path: Some(target.bare_path().to_owned()),
            method: Some(method.to_owned()),
            ..ScanPlace::default()
        }
    }

    pub(super) fn found(&mut self, rule: OutsideRule, place: ScanPlace, evidence: &str) {
        let known = self.found.entry(rule).or_default();
        *known += 1;
        if *known > MOST_OF_A_RULE {
            self.troubles.entry(rule).or_insert("more findings than are listed");
            return;
        }
        let id = rule.id();
        let printable = evidence.chars().map(|c| if c.is_control() { ' ' } else { c });
        let evidence: String = printable.take(LONGEST_TEXT).collect();
        if let Some(same) = self.results.iter_mut().find(|one| one.rule == id && one.place == place) {
            // Two certificates of one server, for instance: one finding, shown twice.
            same.count += 1;
            same.evidence = format!("{}; {evidence}", same.evidence).chars().take(LONGEST_TEXT).collect();
            self.repeated += 1;
            return;
        }
        let text = self.rules.get(rule);
        let title = text.map_or_else(|| id.clone(), |text| text.title.en.clone());
        let mut result = ScanResult::new(id, title, FindingKind::Misconfiguration, place);
        if let Some(text) = text {
            result.advice = text.advice.en.clone();
            result.severity = text.severity.as_str().to_owned();
            result.cwe = text.cwe.iter().copied().collect();
        }
        result.evidence = evidence;
        self.results.push(result);
    }

    pub(super) fn passed(&mut self, rule: OutsideRule) {
        self.passed.insert(rule);
    }

    /// Found if there is something to show, else passed.
    pub(super) fn judged(&mut self, rule: OutsideRule, found: Option<(ScanPlace, String)>) {
        match found {
            Some((place, evidence)) => self.found(rule, place, &evidence),
            None => self.passed(rule),
        }
    }

    pub(super) fn does_not_apply(&mut self, rule: OutsideRule) {
        self.does_not_apply.insert(rule);
    }

    /// The rule, or a part of it, could not be carried out.
    pub(super) fn trouble(&mut self, rule: OutsideRule, trouble: &Trouble) {
        self.troubles.entry(rule).or_insert(trouble.reason());
    }

    pub(super) fn finish(mut self) -> ScanReport {
        let mut report = ScanReport::new(ScanFormat::Outside, "shindan outside check", super::TOOL_KEY);
        report.tool.version = Some(env!("CARGO_PKG_VERSION").to_owned());
        report.completion = Completion::Finished;
        let mut carried_out = BTreeSet::new();
        for rule in OutsideRule::ALL.iter().copied() {
            let outcome = self.found.contains_key(&rule)
                || self.passed.contains(&rule)
                || self.does_not_apply.contains(&rule);
            if !outcome {
                self.troubles.entry(rule).or_insert("not carried out");
            }
            if let Some(reason) = self.troubles.get(&rule) {
                let diagnostic = Diagnostic::new(Code::ScanCheckNotCarriedOut, self.about.clone());
                report.diagnostics.push(diagnostic.with("rule", rule.id()).with("reason", reason));
                report.completion = Completion::Unfinished;
            }
            if self.found.contains_key(&rule) {
                carried_out.insert(rule.id());
            } else if self.troubles.contains_key(&rule) || self.does_not_apply.contains(&rule) {
                report.leave_out(LeftOut::NotApplicable);
            } else {
                carried_out.insert(rule.id());
                report.leave_out(LeftOut::Passed);
            }
        }
        if report.completion == Completion::Unfinished {
            let count = self.troubles.len();
            let diagnostic = Diagnostic::new(Code::ScanUnfinished, self.about.clone());
            let reason = format!("{count} of {} checks were not carried out", OutsideRule::ALL.len());
            report.diagnostics.push(diagnostic.with("reason", reason));
        }
        if self.repeated > 0 {
            report.left_out.insert(LeftOut::Repeated, self.repeated);
        }
        report.rules = Some(carried_out);
        report.results = self.results;
        report
    }
}
