//! Findings of a plan on the terminal.

use shindan_domain::assessment::Presence;
use shindan_domain::assessment::overview::place;

use super::FindingList;
use super::summary::{Counted, Handling, decided_words, level_meaning, level_word, levels};
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::Words;

/// Digits of a finding's identity that a list shows; enough to name it in a command.
pub(super) const SHORT: usize = 8;

/// Findings of a plan for the terminal.
pub fn findings_table(list: &FindingList<'_>, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    for text in headline(list, words) {
        line(&mut out, &text);
    }
    if list.rows.is_empty() {
        return out;
    }
    let keys = [
        "assessed-col-severity",
        "assessed-col-priority",
        "assessed-col-state",
        "assessed-col-decided",
        "assessed-col-title",
        "assessed-col-place",
        "assessed-col-tool",
        "assessed-col-seen",
        "assessed-col-identity",
    ];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    for row in list.rows {
        let known = row.known;
        let level = colored(level_word(row.rated.level, words), level_meaning(row.rated.level));
        let priority = colored(words.label("priority", row.priority.as_str()), Meaning::from(row.priority));
        let decided = decided_words(row, list.names, words);
        table.add_row(vec![
            level,
            if known.presence == Presence::Gone { plain("") } else { priority },
            plain(words.term(known.presence.term())),
            if row.is_open() { colored(decided, Meaning::OutOfCycle) } else { plain(decided) },
            plain(&known.result.title),
            plain(place(&known.result.place)),
            plain(&known.tool),
            plain(seen(row)),
            plain(identity(row)),
        ]);
    }
    layout::widen(&mut table, 4, 24);
    put(&mut out, &table);
    out
}

/// First and last day; one day if it is the same.
pub(super) fn seen(row: &shindan_domain::assessment::FindingRow<'_>) -> String {
    let (first, last) = (row.known.first.on, row.known.last.on);
    if first == last { first.to_string() } else { format!("{first}\n{last}") }
}

/// The beginning of the identity; `= …` names the finding that stands for it.
pub(super) fn identity(row: &shindan_domain::assessment::FindingRow<'_>) -> String {
    let short = |one: shindan_domain::assessment::Fingerprint| one.to_string().chars().take(SHORT).collect::<String>();
    match row.stands_for {
        Some(primary) => format!("{}\n= {}", short(row.fingerprint), short(primary)),
        None => short(row.fingerprint),
    }
}

/// How many there are, and how they stand. No number of findings says that nothing else is there.
fn headline(list: &FindingList<'_>, words: &Words) -> Vec<String> {
    let day = list.as_of.to_string();
    let name = [("name", list.plan.draft.name.as_str().into()), ("number", list.number.into())];
    if list.plan.standing.is_none() {
        return vec![words.get("assessed-nothing-imported", &name)];
    }
    if list.of == 0 {
        return vec![words.get("assessed-no-findings", &name)];
    }
    let counted = Counted::of(list.rows);
    let mut lines = vec![words.get(
        "assessed-findings-head",
        &[
            ("name", list.plan.draft.name.as_str().into()),
            ("number", list.number.into()),
            ("day", (&day).into()),
            ("count", counted.total().into()),
            ("open", counted.handled(Handling::Open).into()),
            ("decided", counted.decided().into()),
            ("noted", counted.handled(Handling::Noted).into()),
            ("gone", counted.handled(Handling::Gone).into()),
        ],
    )];
    lines.push(by_level(&counted, words));
    if counted.joined > 0 {
        lines.push(words.get("assessed-joined", &[("count", counted.joined.into())]));
    }
    if list.rows.len() < list.of {
        let values = [("shown", list.rows.len().into()), ("all", list.of.into())];
        lines.push(words.get("assessed-filtered", &values));
    }
    lines
}

/// Findings that are there, by level.
pub(super) fn by_level(counted: &Counted, words: &Words) -> String {
    let one = |level| format!("{} {}", level_word(level, words), counted.present(level));
    let levels: Vec<String> =
        levels().into_iter().filter(|level| level.is_some() || counted.present(*level) > 0).map(one).collect();
    let levels = levels.join(" / ");
    words.get("assessed-by-level", &[("levels", (&levels).into())])
}
