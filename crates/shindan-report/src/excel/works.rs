//! まず対応するもの: pieces of work, the most urgent first.

use rust_xlsxwriter::XlsxError;
use shindan_domain::finding::Finding;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::digest::{self, Work};
use crate::phrases;
use crate::words::Words;

/// So many places, and so many vulnerabilities, are named for one piece of work; the list of findings has all.
const NAMED: usize = 40;

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let (result, words) = (context.result, context.words);
    let heads = [
        ("col-priority", 14),
        ("col-component", 36),
        ("col-do", 44),
        ("col-place-count", 12),
        ("col-place", 34),
        ("col-patched-by", 22),
        ("exploited", 14),
        ("col-hits", 30),
    ];
    let heads = heads.map(|(key, most)| Head { word: words.t(key), most });
    let works = digest::works(result);
    let mut table = context.table("sheet-first", heads.into())?;
    for work in &works {
        let ids: Vec<&str> = work.distinct().into_iter().map(|f| f.vulnerability.id.as_str()).collect();
        table.row([
            Entry::text(words.label("priority", work.priority.as_str())).toned(Tone::Priority(work.priority)),
            Entry::text(phrases::component(work.component, words)).toned(Tone::Strong),
            Entry::text(phrases::what_to_do(work, words)),
            Entry::count(work.places.len()),
            Entry::text(phrases::some_of(&work.places, NAMED, words)),
            responsible(work, words),
            if work.exploited { Entry::text(words.t("yes")).toned(Tone::Alarm) } else { Entry::empty() },
            Entry::text(phrases::some_of(&ids, NAMED, words)),
        ])?;
    }
    let nothing = if result.findings.is_empty() {
        phrases::headline(result, words)
    } else {
        words.t("first-nothing-urgent")
    };
    table.end(&nothing)
}

/// Who patches it, on all assets; not settled if somebody is missing on one of them.
fn responsible(work: &Work<'_>, words: &Words) -> Entry<'static> {
    let assets = |finding: &&Finding| finding.asset.clone();
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for asset in work.findings.iter().filter_map(assets) {
        match &asset.patched_by {
            Some(name) if !names.contains(name) => names.push(name.clone()),
            Some(_) => {}
            None => open = true,
        }
    }
    if open {
        names.push(words.t("unsettled"));
    }
    let entry = Entry::text(phrases::list(&names, words));
    if open { entry.toned(Tone::Open) } else { entry }
}
