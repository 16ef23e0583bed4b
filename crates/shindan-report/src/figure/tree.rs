//! The way through the decision table (SSVC): each question with its answers, the one that was taken lit, and what would
//! have come out with another answer to that question alone.

use shindan_domain::case::analysis::FrozenStep;
use shindan_domain::priority::{Decision, DecisionTable};

use super::Figure;
use super::drawing::{Anchor, Drawing, SMALL, Sample, TEXT, Tone, WIDTH, lines_of, width_of};
use crate::paper::{Column, Table};
use crate::words::Words;

/// An answer that could be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// `active`, `open` …
    pub value: String,
    /// The outcome with this answer and the others as they are; `None` if the table does not say.
    pub outcome: Option<Decision>,
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `exploitation`, `exposure` …
    pub point: String,
    /// Its answers, the mildest first.
    pub branches: Vec<Branch>,
    /// The answer that was taken, with where it came from.
    pub taken: FrozenStep,
}

/// The way that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsvcTree {
    /// `ssvc:DT_DP:1.0.0`, or the rules where no table was asked.
    pub table: String,
    /// The questions in the order of the table.
    pub questions: Vec<Question>,
    /// What came out.
    pub outcome: Decision,
}

impl SsvcTree {
    /// The way of a path through a table. Questions that the table does not ask (the kind of a finding that is no vulnerability)
    /// have one answer.
    pub fn of(table: &DecisionTable, path: &[FrozenStep], outcome: Decision) -> SsvcTree {
        let rows: Vec<(Vec<&'static str>, Decision)> = table.rows().collect();
        let value_of =
            |point: &str| path.iter().find(|step| step.point == point).map(|step| step.value.as_str());
        let asked = table.points().iter().all(|point| value_of(point.as_str()).is_some());
        // The outcome where all other answers are those of the path.
        let with = |point: &str, value: &str| {
            let fits = |(values, _): &&(Vec<&'static str>, Decision)| {
                table.points().iter().zip(values).all(|(asked, given)| match asked.as_str() == point {
                    true => *given == value,
                    false => value_of(asked.as_str()) == Some(*given),
                })
            };
            rows.iter().find(fits).filter(|_| asked).map(|(_, outcome)| *outcome)
        };
        let question = |step: &FrozenStep| {
            let known = table.points().iter().find(|point| point.as_str() == step.point);
            let values: Vec<&str> = known.map_or_else(Vec::new, |point| point.values().to_vec());
            let mut branches: Vec<Branch> = values
                .into_iter()
                .map(|value| Branch { value: value.to_owned(), outcome: with(&step.point, value) })
                .collect();
            if !branches.iter().any(|branch| branch.value == step.value) {
                branches = vec![Branch { value: step.value.clone(), outcome: Some(outcome) }];
            }
            Question { point: step.point.clone(), branches, taken: step.clone() }
        };
        SsvcTree { table: table.id().to_owned(), questions: path.iter().map(question).collect(), outcome }
    }
}

/// Room for questions.
const LEFT: i64 = 150;
const GAP: i64 = 8;

/// The way through the table.
pub fn tree(data: &SsvcTree, id: &str, words: &Words) -> Figure {
    let title = words.t("fig-tree-title");
    let outcome = words.label("priority", data.outcome.as_str());
    let steps: Vec<String> = data.questions.iter().map(|question| step(question, words)).collect();
    let description = words.get(
        "fig-tree-description",
        &[("steps", (&steps.join(&words.t("fig-separator"))).into()), ("outcome", (&outcome).into())],
    );
    let svg = (!data.questions.is_empty()).then(|| drawn(data, id, &title, &description, words));
    let mut said = Vec::new();
    if svg.is_none() {
        said.push(words.t("fig-tree-empty"));
    }
    let defaulted = data.questions.iter().filter(|question| question.taken.defaulted).count();
    if defaulted > 0 {
        said.push(words.get("fig-tree-defaulted", &[("count", defaulted.into())]));
    }
    said.push(words.get("fig-tree-table-used", &[("table", (&data.table).into())]));
    Figure { title, description, svg, said, table: table(data, words) }
}

fn value(point: &str, value: &str, words: &Words) -> String {
    words.label(&format!("value-{point}"), value)
}

fn step(question: &Question, words: &Words) -> String {
    let taken = &question.taken;
    words.get(
        "fig-tree-step",
        &[
            ("point", (&words.label("point", &question.point)).into()),
            ("value", (&value(&question.point, &taken.value, words)).into()),
            ("origin", (&words.label("origin", &taken.origin)).into()),
        ],
    )
}

/// One level: its boxes and where the next begins.
struct Level<'d> {
    question: &'d Question,
    top: i64,
    wide: i64,
    high: i64,
}

impl Level<'_> {
    fn left(&self, place: usize) -> i64 {
        LEFT + i64::try_from(place).unwrap_or(0) * (self.wide + GAP)
    }

    fn middle(&self, place: usize) -> i64 {
        self.left(place) + self.wide / 2
    }

    fn taken(&self) -> usize {
        let value = &self.question.taken.value;
        self.question.branches.iter().position(|branch| branch.value == *value).unwrap_or(0)
    }
}

fn drawn(data: &SsvcTree, id: &str, title: &str, description: &str, words: &Words) -> String {
    let mut drawing = Drawing::new(id);
    let mut y = 0;
    let mut from: Option<(i64, i64)> = None;
    for question in &data.questions {
        let count = i64::try_from(question.branches.len()).unwrap_or(1).max(1);
        let wide = (WIDTH - LEFT - (count - 1) * GAP) / count;
        let labels: Vec<Vec<String>> = question
            .branches
            .iter()
            .map(|branch| lines_of(&value(&question.point, &branch.value, words), wide - 10, SMALL, 3))
            .collect();
        let lines = labels.iter().map(Vec::len).max().unwrap_or(1);
        let level = Level { question, top: y, wide, high: 14 + 23 * i64::try_from(lines).unwrap_or(3) };
        if let Some(from) = from {
            branches_drawn(&mut drawing, &level, from);
        }
        level_drawn(&mut drawing, &level, &labels, words);
        from = Some((level.middle(level.taken()), level.top + level.high));
        y = level.top + level.high + 50 + 34;
    }
    if let Some((x, bottom)) = from {
        drawing.path(&[(x, bottom), (x, y)], "fig-lit");
    }
    let outcome = words.label("priority", data.outcome.as_str());
    let said = words.get("fig-tree-outcome", &[("outcome", (&outcome).into())]);
    drawing.frame((LEFT, y), (WIDTH - LEFT, 46), "fig-taken");
    drawing.area((LEFT + 10, y + 12), (22, 22), Tone::of(data.outcome));
    drawing.text((LEFT + 42, y + 31), Anchor::Start, TEXT, &said);
    let end = drawing.legend(y + 64, &[(Sample::Lit, words.t("fig-tree-lit"))]);
    let note = lines_of(&words.t("fig-tree-if"), WIDTH, SMALL, 3);
    for (line, text) in (0..).zip(&note) {
        drawing.text((0, end + 17 + line * 26), Anchor::Start, SMALL, text);
    }
    drawing.finish(end + 26 * i64::try_from(note.len()).unwrap_or(3) + 4, title, description)
}

/// Lines from the answer above to each answer of a level; the taken one last, so that it lies on top.
fn branches_drawn(drawing: &mut Drawing, level: &Level<'_>, (x, y): (i64, i64)) {
    let knee = level.top - 17;
    let taken = level.taken();
    for place in (0..level.question.branches.len()).filter(|place| *place != taken) {
        let to = level.middle(place);
        drawing.path(&[(x, knee), (to, knee), (to, level.top)], "fig-axis");
    }
    let to = level.middle(taken);
    drawing.path(&[(x, y), (x, knee), (to, knee), (to, level.top)], "fig-lit");
}

fn level_drawn(drawing: &mut Drawing, level: &Level<'_>, labels: &[Vec<String>], words: &Words) {
    let question = level.question;
    let point = words.label("point", &question.point);
    for (line, text) in (0..).zip(lines_of(&point, LEFT - 12, SMALL, 3)) {
        drawing.text((0, level.top + 24 + line * 23), Anchor::Start, SMALL, &text);
    }
    let taken = level.taken();
    for (place, (branch, label)) in question.branches.iter().zip(labels).enumerate() {
        let class = if place == taken { "fig-taken" } else { "fig-line" };
        drawing.frame((level.left(place), level.top), (level.wide, level.high), class);
        for (line, text) in (0..).zip(label) {
            let at = (level.middle(place), level.top + 25 + line * 23);
            drawing.text(at, Anchor::Middle, SMALL, text);
        }
        if let Some(outcome) = branch.outcome.filter(|_| place != taken) {
            otherwise_drawn(drawing, level, place, outcome, words);
        }
    }
}

/// Below an answer that was not taken: what would have come out.
fn otherwise_drawn(drawing: &mut Drawing, level: &Level<'_>, place: usize, outcome: Decision, words: &Words) {
    let label = lines_of(&words.label("priority", outcome.as_str()), level.wide - 22, SMALL, 2);
    let width = label.iter().map(|line| width_of(line, SMALL)).max().unwrap_or(0);
    let left = level.middle(place) - (width + 20) / 2;
    let top = level.top + level.high;
    drawing.area((left, top + 6), (14, 14), Tone::of(outcome));
    for (line, text) in (0..).zip(&label) {
        drawing.text((left + 20, top + 20 + line * 22), Anchor::Start, SMALL, text);
    }
}

fn table(data: &SsvcTree, words: &Words) -> Table {
    let columns = vec![
        Column::text(words.t("fig-tree-question"), 3),
        Column::text(words.t("fig-tree-answer"), 3),
        Column::text(words.t("fig-tree-origin"), 3),
        Column::text(words.t("fig-tree-evidence"), 4),
        Column::text(words.t("fig-tree-otherwise"), 5),
    ];
    let rows = data.questions.iter().map(|question| {
        let taken = &question.taken;
        let other =
            question.branches.iter().filter(|branch| branch.value != taken.value).filter_map(|branch| {
                let outcome = words.label("priority", branch.outcome?.as_str());
                let value = value(&question.point, &branch.value, words);
                Some(
                    words.get("fig-tree-then", &[("value", (&value).into()), ("outcome", (&outcome).into())]),
                )
            });
        let other = other.collect::<Vec<_>>().join("\n");
        vec![
            words.label("point", &question.point).into(),
            value(&question.point, &taken.value, words).into(),
            words.label("origin", &taken.origin).into(),
            (&taken.evidence).into(),
            other.into(),
        ]
    });
    Table {
        title: words.t("fig-tree-title"),
        columns,
        rows: rows.collect(),
        empty: words.t("fig-tree-empty"),
    }
}
