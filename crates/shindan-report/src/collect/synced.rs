//! What a synchronisation brought, one line for each source, and what is suspicious about it.

use super::{SyncedLine, outcome};
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::Words;
use shindan_domain::collect::{CheckOutcome, CheckResult};

/// What came from the sources, for the terminal.
pub fn synced(sources: &[SyncedLine<'_>], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if sources.is_empty() {
        line(&mut out, &words.t("collect-nothing-synced"));
        return out;
    }
    let keys = ["collect-col-name", "collect-col-outcome", "collect-col-check", "collect-col-alarms"];
    let head = keys.map(|key| words.t(key));
    let mut table = layout::table(&head, style);
    for one in sources {
        let failure = match one.outcome {
            CheckOutcome::Failed { failure, params } => Some((*failure, params)),
            CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => None,
        };
        let text = outcome(one.outcome.result(), one.outcome.new_items(), failure, words);
        let alarms: Vec<String> = one.alarms.iter().map(|alarm| words.term(alarm.kind.term())).collect();
        table.add_row(vec![
            plain(one.name),
            match one.outcome.result() {
                CheckResult::Failed => colored(text, Meaning::Immediate),
                CheckResult::NewItems | CheckResult::NothingNew => plain(text),
            },
            plain(one.check.unwrap_or("-")),
            match alarms.as_slice() {
                [] => plain("-"),
                alarms => colored(alarms.join("\n"), Meaning::OutOfCycle),
            },
        ]);
    }
    put(&mut out, &table);
    out
}
