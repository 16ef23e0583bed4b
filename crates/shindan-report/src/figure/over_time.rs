//! Open cases by priority, week by week, as stacked bars.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::priority::Decision;

use super::Figure;
use super::drawing::{Anchor, Drawing, SMALL, Sample, TEXT, Tone, WIDTH};
use crate::dates;
use crate::paper::{Column, Table};
use crate::words::Words;

/// The end of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its last day, in Japan.
    pub until: Date,
    /// Open cases at its end, by [`Decision::rank`].
    pub open: [u64; 4],
    /// What the last comparison of each subject until then could not judge; `None` if none was made.
    pub undetermined: Option<u64>,
}

/// Open cases over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverTime {
    /// As of when.
    pub as_of: Timestamp,
    /// The weeks, the oldest first.
    pub weeks: Vec<Week>,
}

/// Where bars begin, and how high the highest is.
const LEFT: i64 = 76;
const TOP: i64 = 16;
const HIGH: i64 = 220;

/// Open cases by priority, week by week.
pub fn over_time(data: &OverTime, id: &str, words: &Words) -> Figure {
    let title = words.t("fig-over-time-title");
    let mut said = Vec::new();
    let svg = match data.weeks.last() {
        Some(last) if data.weeks.iter().any(|week| total(week) > 0) => {
            Some((drawn(data, id, &title, &described(data, last, words), words), last))
        }
        _ => {
            said.push(words.t("fig-over-time-empty"));
            None
        }
    };
    let description =
        data.weeks.last().map_or_else(|| words.t("fig-over-time-empty"), |last| described(data, last, words));
    if let Some(last) = data.weeks.last() {
        said.push(match last.undetermined {
            Some(count) => words.get("fig-over-time-undetermined", &[("count", count.into())]),
            None => words.t("fig-over-time-not-compared"),
        });
    }
    said.push(words.get("fig-as-of", &[("time", (&dates::minute(data.as_of, words)).into())]));
    Figure { title, description, svg: svg.map(|(svg, _)| svg), said, table: table(data, words) }
}

fn total(week: &Week) -> u64 {
    week.open.iter().fold(0, |sum, count| sum.saturating_add(*count))
}

fn described(data: &OverTime, last: &Week, words: &Words) -> String {
    let parts = Decision::ALL.iter().zip(last.open).map(|(priority, count)| {
        let label = words.label("priority", priority.as_str());
        words.get("fig-count-of", &[("what", (&label).into()), ("count", count.into())])
    });
    let parts = parts.collect::<Vec<_>>().join(&words.t("fig-separator"));
    let first = data.weeks.first().unwrap_or(last);
    words.get(
        "fig-over-time-description",
        &[
            ("from", (&dates::short(first.until, words)).into()),
            ("until", (&dates::short(last.until, words)).into()),
            ("first", total(first).into()),
            ("last", total(last).into()),
            ("parts", (&parts).into()),
        ],
    )
}

/// The next larger number that half of is whole, and that people read easily.
pub(super) fn rounded_up(most: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for step in [2, 4, 6, 8, 10] {
            let top = unit.saturating_mul(step);
            if top >= most {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// `part` of `length` for a value of `whole`; never more than it.
pub(super) fn scaled(value: u64, whole: u64, length: i64) -> i64 {
    let part = u128::from(value.min(whole)) * u128::from(length.unsigned_abs()) / u128::from(whole.max(1));
    i64::try_from(part).unwrap_or(length)
}

fn drawn(data: &OverTime, id: &str, title: &str, description: &str, words: &Words) -> String {
    let mut drawing = Drawing::new(id);
    let top = rounded_up(data.weeks.iter().map(total).max().unwrap_or(0));
    let bottom = TOP + HIGH;
    for value in [0, top / 2, top] {
        let y = bottom - scaled(value, top, HIGH);
        drawing.path(&[(LEFT, y), (WIDTH, y)], "fig-axis");
        drawing.text((LEFT - 8, y + 7), Anchor::End, SMALL, &value.to_string());
    }
    let count = i64::try_from(data.weeks.len()).unwrap_or(i64::MAX).max(1);
    let step = (WIDTH - LEFT) / count;
    let wide = (step * 4 / 5).clamp(1, 48);
    for (place, week) in (0..).zip(&data.weeks) {
        let x = LEFT + place * (WIDTH - LEFT) / count + (step - wide).max(0) / 2;
        let mut below = 0;
        let mut y = bottom;
        for (priority, count) in Decision::ALL.iter().zip(week.open) {
            // Ends are rounded, not heights, so that the bar ends where its number is.
            below += count;
            let end = bottom - scaled(below, top, HIGH);
            if end < y {
                drawing.area((x, end), (wide, y - end), Tone::of(*priority));
            }
            y = end;
        }
    }
    let mark = |drawing: &mut Drawing, place: i64, anchor, x| {
        let week = usize::try_from(place).ok().and_then(|place| data.weeks.get(place));
        if let Some(week) = week {
            drawing.text((x, bottom + 26), anchor, SMALL, &dates::short(week.until, words));
        }
    };
    mark(&mut drawing, 0, Anchor::Start, LEFT);
    if count > 1 {
        mark(&mut drawing, count - 1, Anchor::End, WIDTH);
    }
    let legend = Decision::ALL
        .map(|priority| (Sample::Tone(Tone::of(priority)), words.label("priority", priority.as_str())));
    let end = drawing.legend(bottom + 44, &legend);
    drawing.finish(end + TEXT / 2, title, description)
}

fn table(data: &OverTime, words: &Words) -> Table {
    let priorities = Decision::ALL.iter().map(|p| Column::number(words.label("priority", p.as_str()), 2));
    let mut columns = vec![Column::text(words.t("fig-week-until"), 3)];
    columns.extend(priorities);
    columns.push(Column::number(words.t("fig-undetermined"), 2));
    let rows = data.weeks.iter().map(|week| {
        let mut row = vec![dates::short(week.until, words).into()];
        row.extend(week.open.iter().map(|count| count.to_string().into()));
        row.push(week.undetermined.map_or_else(|| words.t("fig-not-compared"), |n| n.to_string()).into());
        row
    });
    Table {
        title: words.t("fig-over-time-title"),
        columns,
        rows: rows.collect(),
        empty: words.t("fig-over-time-empty"),
    }
}
