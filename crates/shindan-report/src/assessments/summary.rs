//! What is counted about findings and runs, once for every form.

use std::collections::BTreeMap;

use jiff::civil::Date;
use shindan_domain::assessment::{
    Decided, DecisionState, FindingRow, FindingVerdict, Level, PlanTiming, Presence, RunState, Way,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::Purpose;

use super::{AssessmentReport, PlanPart, RunPart};
use crate::records::Names;
use crate::table::layout::Meaning;
use crate::words::Words;

/// How a finding stands, of all findings each exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Handling {
    /// Something has to be decided.
    Open,
    /// It is dealt with in a case.
    InCase,
    /// Its risk is accepted until a day.
    Accepted,
    /// It is a false positive until a day.
    FalsePositive,
    /// It is informational and noted.
    Noted,
    /// It is gone.
    Gone,
}

impl Handling {
    pub(super) const ALL: [Handling; 6] = [
        Handling::Open,
        Handling::InCase,
        Handling::Accepted,
        Handling::FalsePositive,
        Handling::Noted,
        Handling::Gone,
    ];

    pub(super) fn of(row: &FindingRow<'_>) -> Handling {
        match row.decided {
            _ if row.known.presence == Presence::Gone => Handling::Gone,
            Decided::Verdict(FindingVerdict::FalsePositive, _) => Handling::FalsePositive,
            Decided::Verdict(FindingVerdict::Accepted, _) => Handling::Accepted,
            Decided::Case(_) => Handling::InCase,
            Decided::Nothing if row.is_open() => Handling::Open,
            Decided::Nothing => Handling::Noted,
        }
    }

    /// Its stable text form, in JSON and in the keys of its words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Handling::Open => "open",
            Handling::InCase => "in-case",
            Handling::Accepted => "accepted",
            Handling::FalsePositive => "false-positive",
            Handling::Noted => "noted",
            Handling::Gone => "gone",
        }
    }

    pub(super) fn word(self, words: &Words) -> String {
        words.t(&format!("assessed-handling-{}", self.as_str()))
    }
}

/// Levels as tables show them: the most severe first, unknown after medium because it may be any.
pub(super) fn levels() -> Vec<Option<Level>> {
    let mut all: Vec<Option<Level>> = Level::ALL.iter().copied().map(Some).collect();
    let at = all.iter().position(|level| *level == Some(Level::Low)).unwrap_or(all.len());
    all.insert(at, None);
    all
}

pub(super) fn level_word(level: Option<Level>, words: &Words) -> String {
    level.map_or_else(|| words.t("assessed-level-unknown"), |level| words.term(level.term()))
}

pub(super) fn level_meaning(level: Option<Level>) -> Meaning {
    match level {
        Some(Level::Critical) => Meaning::Immediate,
        Some(Level::High) => Meaning::OutOfCycle,
        Some(Level::Medium) => Meaning::Scheduled,
        Some(Level::Low | Level::Informational) => Meaning::Defer,
        None => Meaning::Undetermined,
    }
}

/// Findings by level and handling.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    counts: BTreeMap<(Option<Level>, Handling), usize>,
    /// Findings that another one stands for.
    pub(super) joined: usize,
}

impl Counted {
    pub(super) fn of<'a, 'b: 'a>(rows: impl IntoIterator<Item = &'a FindingRow<'b>>) -> Self {
        let mut all = Counted::default();
        for row in rows {
            *all.counts.entry((row.rated.level, Handling::of(row))).or_default() += 1;
            all.joined += usize::from(row.stands_for.is_some());
        }
        all
    }

    pub(super) fn cell(&self, level: Option<Level>, handling: Handling) -> usize {
        self.counts.get(&(level, handling)).copied().unwrap_or_default()
    }

    pub(super) fn handled(&self, handling: Handling) -> usize {
        levels().into_iter().map(|level| self.cell(level, handling)).sum()
    }

    pub(super) fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// Findings of a level that are there.
    pub(super) fn present(&self, level: Option<Level>) -> usize {
        let there = Handling::ALL.into_iter().filter(|one| *one != Handling::Gone);
        there.map(|handling| self.cell(level, handling)).sum()
    }

    /// Findings that are there and decided.
    pub(super) fn decided(&self) -> usize {
        [Handling::InCase, Handling::Accepted, Handling::FalsePositive]
            .map(|one| self.handled(one))
            .iter()
            .sum()
    }
}

/// What counts about a finding, in words.
pub(super) fn decided_words(row: &FindingRow<'_>, names: &Names, words: &Words) -> String {
    match row.decided {
        _ if row.known.presence == Presence::Gone => String::new(),
        Decided::Verdict(verdict, until) => {
            let (verdict, until) = (words.term(verdict.term()), until.to_string());
            words.get("assessed-until", &[("verdict", (&verdict).into()), ("until", (&until).into())])
        }
        Decided::Case(case) => names
            .records
            .get(&Stream::new(Kind::Case, case))
            .cloned()
            .unwrap_or_else(|| words.term(DecisionState::InCase.term())),
        Decided::Nothing => match row.decision {
            Some((_, state @ (DecisionState::Proposed | DecisionState::Rejected))) => {
                words.term(state.term())
            }
            _ if row.is_open() => words.t("assessed-undecided"),
            _ => Handling::Noted.word(words),
        },
    }
}

/// Runs that were carried out and need an environment, by what it is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RunShare {
    /// In a test environment.
    pub(super) in_test: usize,
    /// On production.
    pub(super) on_production: usize,
    /// Their environment is not told: settings and documents were looked at.
    pub(super) elsewhere: usize,
    /// Of source code, which needs none.
    pub(super) of_source: usize,
}

impl RunShare {
    pub(super) fn of(report: &AssessmentReport<'_>) -> Self {
        let mut share = RunShare::default();
        for part in report.plans.iter().flat_map(|plan| &plan.runs).filter(|part| carried_out(part)) {
            let order = &part.run.order;
            let count = match (order.way, order.purpose) {
                (Way::Source, _) => &mut share.of_source,
                (_, Some(Purpose::Test)) => &mut share.in_test,
                (_, Some(Purpose::Production)) => &mut share.on_production,
                (_, None) => &mut share.elsewhere,
            };
            *count += 1;
        }
        share
    }

    /// Runs that need an environment.
    pub(super) fn with_environment(self) -> usize {
        self.in_test + self.on_production + self.elsewhere
    }
}

/// Something was scanned and read.
pub(super) fn carried_out(part: &RunPart<'_>) -> bool {
    matches!(part.run.state(), RunState::Reported | RunState::Closed)
}

pub(super) fn share_words(share: RunShare, words: &Words) -> String {
    let values = [("test", share.in_test.into()), ("all", share.with_environment().into())];
    let mut text = if share.with_environment() == 0 {
        words.t("assessed-share-none")
    } else {
        words.get("assessed-share", &values)
    };
    for (key, count) in [
        ("assessed-share-production", share.on_production),
        ("assessed-share-elsewhere", share.elsewhere),
        ("assessed-share-source", share.of_source),
    ] {
        if count > 0 {
            text.push(' ');
            text.push_str(&words.get(key, &[("count", count.into())]));
        }
    }
    text
}

/// Plans whose assessment is overdue, with the day on which it was due and the days since.
pub(super) fn overdue<'r, 'a>(
    report: &'r AssessmentReport<'a>,
) -> impl Iterator<Item = (&'r PlanPart<'a>, Date, i64)> {
    report.plans.iter().filter_map(|part| {
        let late = part.plan.timing(report.as_of) == Some(PlanTiming::Overdue);
        let due = part.plan.due().filter(|_| late)?;
        Some((part, due, days(due, report.as_of)))
    })
}

/// Whole days between two days.
pub(super) fn days(from: Date, until: Date) -> i64 {
    // Two days of the calendar are never so far apart that the difference could not be told.
    from.until(until).map(|span| i64::from(span.get_days())).unwrap_or_default()
}

/// Runs with an exception, or one that was replaced.
pub(super) fn exceptions<'r, 'a>(
    report: &'r AssessmentReport<'a>,
) -> impl Iterator<Item = (&'r RunPart<'a>, &'a shindan_domain::assessment::run::Exception)> {
    let runs = report.plans.iter().flat_map(|plan| &plan.runs);
    runs.flat_map(|part| {
        let run = part.run;
        run.former_exceptions.iter().chain(&run.exception).map(move |one| (part, one))
    })
}
