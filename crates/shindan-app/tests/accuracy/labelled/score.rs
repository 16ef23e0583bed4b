//! Precision and recall of a set.

use std::fmt::Write as _;

use super::label::Answer;

/// Counts of one set: truth × answer.
#[derive(Debug, Clone, Default)]
pub struct Score {
    name: String,
    found: usize,
    missed: usize,
    open: usize,
    clear: usize,
    false_alarms: usize,
    open_though_clear: usize,
    rightly_open: usize,
    wrongly_decided: usize,
}

impl Score {
    /// Nothing counted yet.
    pub fn new(name: &str) -> Self {
        Score { name: name.to_owned(), ..Score::default() }
    }

    /// Counts one pair.
    pub fn count(&mut self, truth: Answer, given: Answer) {
        let counter = match (truth, given) {
            (Answer::Affected, Answer::Affected) => &mut self.found,
            (Answer::Affected, Answer::NotAffected) => &mut self.missed,
            (Answer::Affected, Answer::Undetermined) => &mut self.open,
            (Answer::NotAffected, Answer::NotAffected) => &mut self.clear,
            (Answer::NotAffected, Answer::Affected) => &mut self.false_alarms,
            (Answer::NotAffected, Answer::Undetermined) => &mut self.open_though_clear,
            (Answer::Undetermined, Answer::Undetermined) => &mut self.rightly_open,
            (Answer::Undetermined, _) => &mut self.wrongly_decided,
        };
        *counter += 1;
    }

    /// How many pairs were counted.
    pub fn pairs(&self) -> usize {
        self.found
            + self.missed
            + self.open
            + self.clear
            + self.false_alarms
            + self.open_though_clear
            + self.rightly_open
            + self.wrongly_decided
    }

    fn add(&mut self, other: &Score) {
        self.found += other.found;
        self.missed += other.missed;
        self.open += other.open;
        self.clear += other.clear;
        self.false_alarms += other.false_alarms;
        self.open_though_clear += other.open_though_clear;
        self.rightly_open += other.rightly_open;
        self.wrongly_decided += other.wrongly_decided;
    }

    /// One line. *Recall* counts what is affected and was left undetermined as not found; it is told beside it.
    fn line(&self) -> String {
        let affected = self.found + self.missed + self.open;
        let open = self.open + self.open_though_clear;
        format!(
            "{:<22}{:>6}{:>7}{:>8}{:>8}{:>8}{:>8}{:>11}{:>9}",
            self.name,
            self.pairs(),
            self.found,
            self.missed,
            self.false_alarms,
            open,
            self.rightly_open,
            percent(self.found, self.found + self.false_alarms),
            percent(self.found, affected),
        )
    }
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1} %", part as f64 * 100.0 / whole as f64) }
}

/// All sets, and their sum.
pub fn table(scores: &[Score]) -> String {
    let mut text = format!(
        "{:<22}{:>6}{:>7}{:>8}{:>8}{:>8}{:>8}{:>11}{:>9}\n",
        "set", "pairs", "found", "missed", "false", "open", "unclear", "precision", "recall"
    );
    let mut total = Score::new("all");
    for score in scores {
        total.add(score);
        writeln!(text, "{}", score.line()).unwrap();
    }
    write!(text, "{}", total.line()).unwrap();
    text
}
