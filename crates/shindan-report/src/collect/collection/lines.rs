//! The lines of the record: looks, days on which nobody looked, notices.

use jiff::civil::Date;
use shindan_domain::calendar::start_of;
use shindan_domain::collect::{CellState, CheckBy, CheckOutcome, CheckResult};

use super::{CollectedCheck, CollectedNotice, CollectedSource, CollectionReport, name};
use crate::dates;
use crate::words::{Words, grouped};

/// A line of the record, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// A look, a missed day, or a notice.
    pub what: String,
    /// When.
    pub when: String,
    /// What the source is called.
    pub source: String,
    /// Display number of the record; empty for a missed day, of which there is none.
    pub number: String,
    /// What came of it.
    pub outcome: String,
    /// On whose behalf, and who recorded it.
    pub by: String,
    /// What it says, or why it was made.
    pub said: String,
    /// What is suspicious.
    pub alarms: String,
    /// Who confirmed or judged it, or that nobody has.
    pub confirmed_by: String,
    /// When.
    pub confirmed_at: String,
    /// What they said.
    pub note: String,
    /// It failed or was missed.
    pub is_grave: bool,
    /// Somebody has to do something about it.
    pub is_open: bool,
}

impl Line {
    /// Keys of the words above the columns.
    pub const COLUMNS: [&'static str; 11] = [
        "collection-col-what",
        "collection-col-when",
        "collection-col-source",
        "collection-col-number",
        "collection-col-outcome",
        "collection-col-by",
        "collection-col-said",
        "collection-col-alarms",
        "collection-col-confirmed-by",
        "collection-col-confirmed-at",
        "collection-col-note",
    ];

    /// The cells, in the order of [`Line::COLUMNS`].
    pub fn cells(&self) -> [&str; 11] {
        [
            &self.what,
            &self.when,
            &self.source,
            &self.number,
            &self.outcome,
            &self.by,
            &self.said,
            &self.alarms,
            &self.confirmed_by,
            &self.confirmed_at,
            &self.note,
        ]
    }
}

/// Looks and missed days, oldest first.
pub(crate) fn checks(report: &CollectionReport, words: &Words) -> Vec<Line> {
    let looks = report.checks.iter().map(|one| (one.check.draft.ended, look(report, one, words)));
    let missed = report.grid.rows.iter().flat_map(|row| {
        let days = row.cells.iter().filter(|cell| cell.state == CellState::Missed).map(|cell| cell.date);
        days.map(|day| (start_of(day), missed(report.title_of(row.source), day, words)))
    });
    let mut lines: Vec<_> = looks.chain(missed).collect();
    lines.sort_by(|(at, one), (other_at, other)| (at, &one.source).cmp(&(other_at, &other.source)));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn missed(source: String, day: Date, words: &Words) -> Line {
    Line {
        what: words.t("collection-missed"),
        when: day.to_string(),
        source,
        outcome: words.term(CellState::Missed.term()),
        is_grave: true,
        is_open: true,
        ..Line::default()
    }
}

fn look(report: &CollectionReport, one: &CollectedCheck, words: &Words) -> Line {
    let draft = &one.check.draft;
    let failure = match &draft.outcome {
        CheckOutcome::Failed { failure, params } => Some((*failure, params)),
        CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => None,
    };
    let result = draft.outcome.result();
    let person = name(&one.recorded_by, words);
    let by = match draft.by {
        CheckBy::Person => person,
        by => format!("{} ({person})", words.term(by.term())),
    };
    let alarms: Vec<String> = draft.alarms.iter().map(|alarm| words.term(alarm.kind.term())).collect();
    let confirmed = one.check.confirmed.as_ref();
    let open = one.check.is_to_be_confirmed();
    Line {
        what: words.t("collection-look"),
        when: dates::minute(draft.ended, words),
        source: report.title_of(draft.source),
        number: one.number.clone(),
        outcome: super::super::outcome(result, draft.outcome.new_items(), failure, words),
        by,
        said: said(one, words),
        alarms: alarms.join("\n"),
        confirmed_by: match &one.confirmed_by {
            Some(person) => name(person, words),
            None if open => words.t("collection-not-confirmed"),
            None => String::new(),
        },
        confirmed_at: confirmed.map(|made| dates::minute(made.at, words)).unwrap_or_default(),
        note: confirmed.and_then(|made| made.note.clone()).unwrap_or_default(),
        is_grave: result == CheckResult::Failed,
        is_open: open,
    }
}

/// Why outside the plan, what a person saw, what was in it.
fn said(one: &CollectedCheck, words: &Words) -> String {
    let draft = &one.check.draft;
    let reason = draft.reason.as_ref();
    let hand = draft.by_hand.as_ref();
    let rows = draft.counts.records;
    let newest = draft.counts.newest.map(|at| dates::day(at, words));
    let parts = [
        reason.map(|reason| words.get("collection-outside-plan", &[("reason", reason.into())])),
        hand.map(|hand| format!("{}: {}", words.term(hand.means.term()), hand.text)),
        rows.map(|rows| words.get("collection-rows", &[("count", (&grouped(rows)).into())])),
        newest.map(|day| words.get("collection-newest", &[("day", (&day).into())])),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Notices with their judgement.
pub(crate) fn notices(report: &CollectionReport, words: &Words) -> Vec<Line> {
    report.notices.iter().map(|one| notice(report, one, words)).collect()
}

fn notice(report: &CollectionReport, one: &CollectedNotice, words: &Words) -> Line {
    let notice = &one.notice;
    let content = &notice.content;
    let judged = notice.judgement.as_ref();
    let named: Vec<&str> = content.vulnerabilities.iter().map(String::as_str).collect();
    let parts = [content.title.clone(), named.join(", "), content.link.clone().unwrap_or_default()];
    let note = judged.map(|made| made.because.clone()).into_iter().chain(one.cases.iter().cloned());
    Line {
        what: words.term(content.class.term()),
        when: dates::minute(notice.received, words),
        source: report.title_of(notice.source),
        number: one.number.clone(),
        outcome: words.term(notice.state().term()),
        by: String::new(),
        said: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"),
        alarms: String::new(),
        confirmed_by: match &one.judged_by {
            Some(person) => name(person, words),
            None => words.t("collection-not-judged"),
        },
        confirmed_at: judged.map(|made| dates::minute(made.at, words)).unwrap_or_default(),
        note: note.collect::<Vec<_>>().join("\n"),
        is_grave: false,
        is_open: notice.is_open(),
    }
}

/// Keys of the words above the columns of [`summary`].
pub(crate) const SUMMARY: [&str; 10] = [
    "collection-col-source",
    "collection-col-kind",
    "collection-col-plan",
    "collection-col-responsible",
    "collection-col-new",
    "collection-col-nothing",
    "collection-col-failed",
    "collection-col-missed",
    "collection-col-alarms",
    "collection-col-unconfirmed",
];

/// A source in words, and how often what came of looking at it, in the order of [`SUMMARY`].
pub(crate) fn summary(
    report: &CollectionReport,
    one: &CollectedSource,
    words: &Words,
) -> ([String; 4], [u64; 6]) {
    let draft = &one.source.draft;
    let plan = match draft.interval_hours {
        Some(hours) => words.get("collect-every-hours", &[("count", u64::from(hours).into())]),
        None => words.t("collect-by-hand-only"),
    };
    let responsible = one.responsible.as_ref().map(|person| name(person, words));
    let tally = report.tally(one.id);
    let counts = [tally.new, tally.nothing, tally.failed, tally.missed, tally.alarms, tally.unconfirmed];
    let texts = [
        format!("{}\n{} {}", draft.title, draft.name, one.number),
        words.term(draft.kind.term()),
        plan,
        responsible.unwrap_or_else(|| words.t("collection-nobody")),
    ];
    (texts, counts)
}
