//! Sources on the terminal: whether they are looked at, what came last, what is suspicious.

use jiff::Timestamp;
use shindan_domain::collect::{CheckResult, SourceState, SourceTiming};
use shindan_domain::diagnostic::Params;

use super::{SourceLine, outcome};
use crate::dates::minute;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::Words;

/// Sources for the terminal.
pub fn status(sources: &[SourceLine<'_>], now: Timestamp, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if sources.is_empty() {
        line(&mut out, &words.t("collect-no-sources"));
        return out;
    }
    let timed = |timing| sources.iter().filter(|one| one.timing == timing).count();
    let failed = sources.iter().filter(|one| has_failed(one)).count();
    let suspicious = sources.iter().filter(|one| !one.alarms.is_empty()).count();
    let at = minute(now, words);
    let values = [
        ("at", (&at).into()),
        ("count", sources.len().into()),
        ("due", timed(SourceTiming::Due).into()),
        ("overdue", timed(SourceTiming::Overdue).into()),
        ("failed", failed.into()),
        ("suspicious", suspicious.into()),
    ];
    line(&mut out, &words.get("collect-status-head", &values));
    // Two things stand in one column, one below the other, so that a narrow terminal shows whole words.
    let pairs: [&[&str]; 5] = [
        &["collect-col-name", "collect-col-number"],
        &["collect-col-title", "collect-col-kind"],
        &["collect-col-timing", "collect-col-unconfirmed"],
        &["collect-col-last", "collect-col-outcome"],
        &["collect-col-alarms"],
    ];
    let head = pairs.map(|keys| keys.iter().map(|key| words.t(key)).collect::<Vec<_>>().join("\n"));
    let mut table = layout::table(&head, style);
    for one in sources {
        let draft = &one.source.draft;
        table.add_row(vec![
            plain(format!("{}\n{}", draft.name, one.number)),
            plain(format!("{}\n{}", draft.title, words.term(draft.kind.term()))),
            timing(one, words),
            last(one, words),
            alarms(one, words),
        ]);
    }
    put(&mut out, &table);
    out
}

fn has_failed(one: &SourceLine<'_>) -> bool {
    one.last.is_some_and(|(_, check)| check.result == CheckResult::Failed)
}

fn timing(one: &SourceLine<'_>, words: &Words) -> comfy_table::Cell {
    // That nothing is planned has a reason, which is the state.
    let word = match one.source.state() {
        SourceState::Active => words.term(one.timing.term()),
        state => words.term(state.term()),
    };
    let unconfirmed = words.get("collect-unconfirmed", &[("count", one.unconfirmed.into())]);
    let text = format!("{word}\n{unconfirmed}");
    match one.timing {
        SourceTiming::Overdue => colored(text, Meaning::Immediate),
        SourceTiming::Due => colored(text, Meaning::OutOfCycle),
        SourceTiming::InTime | SourceTiming::NotPlanned => plain(text),
    }
}

fn last(one: &SourceLine<'_>, words: &Words) -> comfy_table::Cell {
    let Some((_, check)) = one.last else { return colored(words.t("collect-never"), Meaning::Undetermined) };
    let none = Params::new();
    let failure = check.failure.map(|failure| (failure, &none));
    let mut text =
        format!("{}\n{}", minute(check.ended, words), outcome(check.result, check.new_items, failure, words));
    if check.succeeded() {
        return plain(text);
    }
    let good = one.last_good.map_or_else(|| words.t("collect-never"), |at| minute(at, words));
    text.push('\n');
    text.push_str(&words.get("collect-last-good", &[("at", (&good).into())]));
    colored(text, Meaning::Immediate)
}

fn alarms(one: &SourceLine<'_>, words: &Words) -> comfy_table::Cell {
    if one.alarms.is_empty() {
        return plain("-");
    }
    let each = one.alarms.iter().map(|alarm| words.term(alarm.kind.term()));
    colored(each.collect::<Vec<_>>().join("\n"), Meaning::OutOfCycle)
}
