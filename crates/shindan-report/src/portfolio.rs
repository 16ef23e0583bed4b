//! The portfolio: what is kept for which subject, and what became of all subjects after a change. Schemas
//! `shindan.portfolio-status/1` and `shindan.case-refresh-all/1`.

use std::io::Write;

use serde_json::{Error, Value, json};

use crate::cases::{CaseRefresh, case_refresh, refresh_json};
use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, line, plain, put};
use crate::words::Words;

/// What is kept for a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioLine {
    /// What the subject is called; `None`: the register.
    pub subject: Option<String>,
    /// Paths as given, with the SHA-256 of the original.
    pub lists: Vec<(String, String)>,
    /// Components, if they are stored.
    pub components: Option<u64>,
    /// Lists that cannot be read.
    pub unreadable: u64,
}

/// Everything that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioShown {
    /// True if it stands with the present knowledge base, register and lists.
    pub current: bool,
    /// Generation of the knowledge base with which it stands.
    pub knowledge: Option<u64>,
    /// By subject.
    pub lines: Vec<PortfolioLine>,
}

/// Writes what is kept.
///
/// # Errors
/// What writing reports.
pub fn write_portfolio<W: Write>(writer: W, shown: &PortfolioShown) -> Result<(), Error> {
    let list = |(path, sha256): &(String, String)| json!({"path": path, "sha256": sha256});
    let subject = |one: &PortfolioLine| {
        json!({"called": one.subject, "lists": one.lists.iter().map(list).collect::<Vec<_>>(),
            "components": one.components, "unreadable": one.unreadable})
    };
    let subjects: Vec<Value> = shown.lines.iter().map(subject).collect();
    write_line(
        writer,
        &json!({"schema": "shindan.portfolio-status/1", "current": shown.current, "knowledge": shown.knowledge,
            "subjects": subjects}),
    )
}

/// What is kept, for the terminal.
pub fn portfolio(shown: &PortfolioShown, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if shown.lines.is_empty() {
        line(&mut out, &words.t("portfolio-empty"));
        return out;
    }
    let key = if shown.current { "portfolio-current" } else { "portfolio-behind" };
    line(&mut out, &words.t(key));
    let keys =
        ["subject", "list", "components", "unreadable"].map(|key| words.t(&format!("portfolio-col-{key}")));
    let mut table = layout::table(&keys, style);
    for one in &shown.lines {
        let lists: Vec<&str> = one.lists.iter().map(|(path, _)| path.as_str()).collect();
        table.add_row(vec![
            plain(name(one.subject.as_deref(), words)),
            plain(lists.join("\n")),
            plain(one.components.map_or_else(|| "-".to_owned(), |count| count.to_string())),
            plain(one.unreadable.to_string()),
        ]);
    }
    put(&mut out, &table);
    out
}

fn name(called: Option<&str>, words: &Words) -> String {
    called.map_or_else(|| words.t("term-subject-register"), str::to_owned)
}

/// What became of all subjects.
#[derive(Debug)]
pub struct Followed<'a> {
    /// Keys of the knowledge base of which the content changed; `None` if that cannot be told.
    pub changed_keys: Option<u64>,
    /// Components of kept lists that it concerns.
    pub components: u64,
    /// Subjects that were judged.
    pub refreshed: &'a [CaseRefresh],
    /// Compared, and nothing changed: what they are called.
    pub unchanged: Vec<Option<&'a str>>,
    /// Not compared, and why, in the user's language.
    pub failed: Vec<(Option<&'a str>, String)>,
}

/// Writes what became of all subjects.
///
/// # Errors
/// What writing reports.
pub fn write_followed<W: Write>(writer: W, followed: &Followed<'_>) -> Result<(), Error> {
    let failed = |(called, why): &(Option<&str>, String)| json!({"called": called, "why": why});
    write_line(
        writer,
        &json!({
            "schema": "shindan.case-refresh-all/1",
            "changed_keys": followed.changed_keys,
            "components": followed.components,
            "refreshed": followed.refreshed.iter().map(refresh_json).collect::<Vec<_>>(),
            "unchanged": followed.unchanged,
            "failed": followed.failed.iter().map(failed).collect::<Vec<_>>(),
        }),
    )
}

/// What became of all subjects, for the terminal.
pub fn followed(followed: &Followed<'_>, words: &Words, style: &Style) -> String {
    let mut out = summary(followed, words);
    for one in followed.refreshed {
        out.push('\n');
        out.push_str(&case_refresh(one, words, style));
    }
    out
}

/// The same in a few lines: what is told after the knowledge base was built anew.
pub fn summary(followed: &Followed<'_>, words: &Words) -> String {
    let mut out = String::new();
    let sum = |count: fn(&CaseRefresh) -> u64| followed.refreshed.iter().map(count).sum::<u64>();
    let counts = [
        ("subjects", followed.refreshed.len().into()),
        ("unchanged", followed.unchanged.len().into()),
        ("opened", sum(CaseRefresh::opened).into()),
        ("reopened", sum(CaseRefresh::reopened).into()),
        ("changed", sum(CaseRefresh::changed).into()),
    ];
    line(&mut out, &words.get("followed-head", &counts));
    if let Some(keys) = followed.changed_keys {
        let counts = [("keys", keys.into()), ("components", followed.components.into())];
        line(&mut out, &words.get("followed-keys", &counts));
    }
    let names: Vec<String> = followed.unchanged.iter().map(|called| name(*called, words)).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        line(&mut out, &words.get("followed-unchanged", &[("subjects", (&names).into())]));
    }
    for (called, why) in &followed.failed {
        let (called, why) = (name(*called, words), why.as_str());
        line(&mut out, &words.get("followed-failed", &[("subject", (&called).into()), ("why", why.into())]));
    }
    out
}
