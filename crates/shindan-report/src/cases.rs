//! What comparing a subject with vulnerability information did to its cases: `shindan.case-refresh/1` and for the terminal.

use std::collections::BTreeSet;
use std::io::Write;

use jiff::Timestamp;
use serde_json::{Error, Value, json};
use shindan_domain::case::analysis::UsedRules;
use shindan_domain::case::refresh::Deferred;
use shindan_domain::case::settle::ReopenReason;
use shindan_domain::case::{CaseEvent, CaseState, Subject};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::ledger::Stream;
use shindan_domain::policy::PolicyRef;
use shindan_domain::priority::Decision;

use crate::json::views::DiagnosticView;
use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, plain, put};
use crate::words::Words;

/// So many cases are listed for a person; the rest is counted.
const LISTED: usize = 30;

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseChange {
    /// It was opened.
    Opened,
    /// Findings or what is known about them changed.
    Refreshed,
    /// It was opened again.
    Reopened(ReopenReason),
    /// It got due dates.
    DueSet,
    /// It took over the provider's decision.
    Inherited,
}

impl CaseChange {
    /// The change that an event brings.
    pub fn of(event: &CaseEvent) -> Option<Self> {
        match event {
            CaseEvent::Opened(_) => Some(CaseChange::Opened),
            CaseEvent::Refreshed(_) => Some(CaseChange::Refreshed),
            CaseEvent::Reopened { because, .. } => Some(CaseChange::Reopened(*because)),
            CaseEvent::DueSet { .. } => Some(CaseChange::DueSet),
            CaseEvent::Inherited { .. } => Some(CaseChange::Inherited),
            _ => None,
        }
    }

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            CaseChange::Opened => "opened",
            CaseChange::Refreshed => "refreshed",
            CaseChange::Reopened(_) => "reopened",
            CaseChange::DueSet => "due-set",
            CaseChange::Inherited => "inherited",
        }
    }
}

/// A case that was opened or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshedCase {
    /// Which.
    pub stream: Stream,
    /// Its display number.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its priority now.
    pub priority: Decision,
    /// Its state now.
    pub state: CaseState,
    /// What happened to it, in order.
    pub changes: Vec<CaseChange>,
    /// True if nothing hits it any more.
    pub gone: bool,
}

/// How long the parts took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Reading inventories and matching them.
    pub matching: u64,
    /// Reading the cases that there are.
    pub reading: u64,
    /// Comparing the answer with them.
    pub comparing: u64,
    /// Writing entries and states to disk.
    pub writing: u64,
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRefresh {
    /// What was compared.
    pub subject: Subject,
    /// What it is called; `None` for the register.
    pub called: Option<String>,
    /// The time for which the answer holds.
    pub as_of: Timestamp,
    /// Generation of the knowledge base.
    pub knowledge: u64,
    /// Rules that gave the priorities.
    pub rules: UsedRules,
    /// The policy that gives due dates, if one is in force.
    pub due_policy: Option<PolicyRef>,
    /// Components that were looked at.
    pub components: u64,
    /// Findings.
    pub findings: u64,
    /// Entries that could not be judged.
    pub undetermined: u64,
    /// Inputs that could not be read, or not completely.
    pub unreadable: u64,
    /// Cases that were opened or changed.
    pub cases: Vec<RefreshedCase>,
    /// Cases about which nothing changed.
    pub unchanged: u64,
    /// Open cases that nothing hits any more.
    pub gone: Vec<RefreshedCase>,
    /// Findings that open no case because they can wait.
    pub deferred: Vec<Deferred>,
    /// Lists of software that were read the last time and not now: because of them nothing in lists of software counts as
    /// gone.
    pub lists_left_out: BTreeSet<String>,
    /// What to know before trusting the comparison: sources that were not looked at, passed-over files.
    pub remarks: Vec<Diagnostic>,
    /// First and last entry of the ledger that were written.
    pub entries: Option<(u64, u64)>,
    /// How long it took.
    pub spent: Spent,
}

impl CaseRefresh {
    fn with(&self, fits: impl Fn(CaseChange) -> bool) -> u64 {
        let count = self.cases.iter().filter(|case| case.changes.iter().any(|change| fits(*change))).count();
        count as u64
    }

    /// Cases that were opened.
    pub fn opened(&self) -> u64 {
        self.with(|change| change == CaseChange::Opened)
    }

    /// Cases that were opened again.
    pub fn reopened(&self) -> u64 {
        self.with(|change| matches!(change, CaseChange::Reopened(_)))
    }

    /// Cases that there were and that changed.
    pub fn changed(&self) -> u64 {
        self.cases.len() as u64 - self.opened()
    }
}

/// Writes what a refresh did.
///
/// # Errors
/// What writing reports.
pub fn write_case_refresh<W: Write>(writer: W, refresh: &CaseRefresh) -> Result<(), Error> {
    write_line(writer, &refresh_json(refresh))
}

/// The same, as a part of a larger answer.
pub(crate) fn refresh_json(refresh: &CaseRefresh) -> Value {
    let policy = |policy: &PolicyRef| json!({"policy": policy.policy, "version": policy.version});
    let rules = &refresh.rules;
    let deferred = |one: &Deferred| json!({"vulnerability": one.vulnerability, "place": one.place});
    let spent = &refresh.spent;
    json!({
        "schema": "shindan.case-refresh/1",
        "subject": {"kind": refresh.subject.kind(), "id": refresh.subject.stream().map(|stream| stream.id),
            "called": refresh.called},
        "as_of": refresh.as_of,
        "knowledge": refresh.knowledge,
        "rules": {"id": rules.rules_id, "version": rules.rules_version, "table": rules.table_id,
            "policy": rules.policy.as_ref().map(policy)},
        "due_policy": refresh.due_policy.as_ref().map(policy),
        "summary": {"components": refresh.components, "findings": refresh.findings,
            "undetermined": refresh.undetermined, "unreadable": refresh.unreadable,
            "opened": refresh.opened(), "reopened": refresh.reopened(), "changed": refresh.changed(),
            "unchanged": refresh.unchanged, "gone": refresh.gone.len(), "deferred": refresh.deferred.len()},
        "cases": refresh.cases.iter().map(case_json).collect::<Vec<_>>(),
        "gone": refresh.gone.iter().map(case_json).collect::<Vec<_>>(),
        "deferred": refresh.deferred.iter().map(deferred).collect::<Vec<_>>(),
        "lists_left_out": refresh.lists_left_out,
        "remarks": refresh.remarks.iter().map(DiagnosticView::from).collect::<Vec<_>>(),
        "entries": refresh.entries.map(|(first, last)| json!({"first": first, "last": last})),
        "milliseconds": {"matching": spent.matching, "reading": spent.reading,
            "comparing": spent.comparing, "writing": spent.writing},
    })
}

fn case_json(case: &RefreshedCase) -> Value {
    let change = |change: &CaseChange| {
        let because = match change {
            CaseChange::Reopened(because) => Some(because.as_str()),
            _ => None,
        };
        json!({"what": change.as_str(), "because": because})
    };
    json!({
        "id": case.stream.id,
        "number": case.number,
        "title": case.title,
        "priority": case.priority,
        "state": case.state,
        "gone": case.gone,
        "changes": case.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

/// What a refresh did, for the terminal.
pub fn case_refresh(refresh: &CaseRefresh, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let called = refresh.called.clone().unwrap_or_else(|| words.term(refresh.subject.term()));
    line(&mut out, &words.get("refresh-head", &[("subject", (&called).into())]));
    let counts = [
        ("components", refresh.components.into()),
        ("findings", refresh.findings.into()),
        ("undetermined", refresh.undetermined.into()),
    ];
    line(&mut out, &words.get("refresh-compared", &counts));
    if refresh.unreadable > 0 {
        line(&mut out, &words.get("refresh-unreadable", &[("count", refresh.unreadable.into())]));
    }
    if !refresh.lists_left_out.is_empty() {
        let lists: Vec<&str> = refresh.lists_left_out.iter().map(String::as_str).collect();
        let lists = lists.join(", ");
        line(&mut out, &words.get("refresh-lists-left-out", &[("lists", (&lists).into())]));
    }
    let counts = [
        ("opened", refresh.opened().into()),
        ("reopened", refresh.reopened().into()),
        ("changed", refresh.changed().into()),
        ("unchanged", refresh.unchanged.into()),
        ("deferred", refresh.deferred.len().into()),
    ];
    line(&mut out, &words.get("refresh-result", &counts));
    let rules = format!("{} {}", refresh.rules.rules_id, refresh.rules.rules_version);
    let key =
        if refresh.rules.policy.is_some() { "refresh-rules-approved" } else { "refresh-rules-built-in" };
    line(&mut out, &words.get(key, &[("rules", (&rules).into())]));
    if refresh.due_policy.is_none() {
        line(&mut out, &words.t("refresh-no-due-policy"));
    }
    for remark in refresh.remarks.iter().filter(|remark| remark.severity() > Severity::Note) {
        line(&mut out, &format!("! {}", words.code(remark.code, &remark.params)));
    }
    cases(&mut out, "refresh-cases", &refresh.cases, words, style);
    cases(&mut out, "refresh-gone", &refresh.gone, words, style);
    out
}

fn cases(out: &mut String, title: &str, cases: &[RefreshedCase], words: &Words, style: &Style) {
    if cases.is_empty() {
        return;
    }
    heading(out, &words.t(title));
    let keys = [
        "records-col-number",
        "records-col-priority",
        "records-col-state",
        "records-col-title",
        "records-col-event",
    ];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    let mut shown: Vec<&RefreshedCase> = cases.iter().collect();
    shown.sort_by_key(|case| case.priority);
    for case in shown.iter().take(LISTED) {
        let changes: Vec<String> = case.changes.iter().map(|change| change_text(*change, words)).collect();
        table.add_row(vec![
            plain(case.number.clone().unwrap_or_default()),
            colored(words.label("priority", case.priority.as_str()), Meaning::from(case.priority)),
            plain(words.term(case.state.term())),
            plain(&case.title),
            plain(changes.join("\n")),
        ]);
    }
    put(out, &table);
    if cases.len() > LISTED {
        line(out, &words.get("refresh-more", &[("count", (cases.len() - LISTED).into())]));
    }
}

fn change_text(change: CaseChange, words: &Words) -> String {
    match change {
        CaseChange::Reopened(because) => {
            format!("{} ({})", words.event("case.reopened"), words.term(because.term()))
        }
        other => words.event(&format!("case.{}", other.as_str())),
    }
}
