//! Time to decide and time to fix against the limits of the policy: one strip for each priority.

use jiff::Timestamp;
use shindan_domain::priority::Decision;

use super::Figure;
use super::drawing::{Anchor, Drawing, Mark, SMALL, Sample, TEXT, Tone, WIDTH, fitting, width_of};
use crate::dates;
use crate::paper::{Cell, Column, Table, Tone as Colour};
use crate::words::Words;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// From noticed to an approved decision.
    Decide,
    /// From noticed to closed.
    Fix,
}

/// How long one case took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whole hours.
    pub hours: u64,
    /// Whether the limit that held for the case was kept; `None`: there was none.
    pub kept: Option<bool>,
}

/// The cases of one priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// Which.
    pub priority: Decision,
    /// Cases that are through, in any order.
    pub taken: Vec<Taken>,
    /// Days that the policy in force gives; `None`: no policy, or *defer*.
    pub limit_days: Option<u16>,
    /// Cases that are not through. Without them, what takes longest would not be seen.
    pub waiting: u64,
    /// Those of them that are past their limit.
    pub waiting_late: u64,
}

/// Times of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// As of when.
    pub as_of: Timestamp,
    /// What was measured.
    pub measured: Measured,
    /// One for each priority of which there are cases.
    pub strips: Vec<Strip>,
}

/// More cases than this are drawn as a box.
const DOTS: usize = 60;
const LEFT: i64 = 12;
const RIGHT: i64 = WIDTH - 16;

/// Time to decide, or time to fix.
pub fn times(data: &Times, id: &str, words: &Words) -> Figure {
    let name = match data.measured {
        Measured::Decide => "decide",
        Measured::Fix => "fix",
    };
    let title = words.t(&format!("fig-times-{name}-title"));
    let empty = words.t(&format!("fig-times-{name}-empty"));
    let lines: Vec<String> = data.strips.iter().map(|strip| said_of(strip, words)).collect();
    let something = data.strips.iter().any(|strip| !strip.taken.is_empty());
    let description = if something { lines.join(" ") } else { empty.clone() };
    let svg = something.then(|| drawn(data, id, &title, &description, words));
    let mut said = if something { Vec::new() } else { vec![empty.clone()] };
    said.extend(lines);
    said.push(words.get("fig-as-of", &[("time", (&dates::minute(data.as_of, words)).into())]));
    Figure { title, description, svg, said, table: table(data, empty, words) }
}

/// The value that so many of a hundred do not exceed (nearest rank). `sorted`: in rising order.
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn hours_of(strip: &Strip) -> Vec<u64> {
    let mut hours: Vec<u64> = strip.taken.iter().map(|taken| taken.hours).collect();
    hours.sort_unstable();
    hours
}

/// Days with one digit after the point, or hours below two days.
fn span(hours: u64, words: &Words) -> String {
    if hours < 48 {
        return words.get("fig-hours", &[("count", hours.into())]);
    }
    let tenths = (hours * 10 + 12) / 24;
    words.get("fig-days", &[("count", (&format!("{}.{}", tenths / 10, tenths % 10)).into())])
}

fn span_or_none(hours: Option<u64>, words: &Words) -> String {
    hours.map_or_else(|| words.t("fig-no-value"), |hours| span(hours, words))
}

fn limit(strip: &Strip, words: &Words) -> String {
    match strip.limit_days {
        Some(days) => words.get("fig-limit-days", &[("count", u64::from(days).into())]),
        None => words.t("fig-no-limit"),
    }
}

fn late(strip: &Strip) -> usize {
    strip.taken.iter().filter(|taken| taken.kept == Some(false)).count()
}

fn said_of(strip: &Strip, words: &Words) -> String {
    let hours = hours_of(strip);
    words.get(
        "fig-times-said",
        &[
            ("priority", (&words.label("priority", strip.priority.as_str())).into()),
            ("count", strip.taken.len().into()),
            ("median", (&span_or_none(percentile(&hours, 50), words)).into()),
            ("ninety", (&span_or_none(percentile(&hours, 90), words)).into()),
            ("limit", (&limit(strip, words)).into()),
            ("late", late(strip).into()),
            ("waiting", strip.waiting.into()),
            ("overdue", strip.waiting_late.into()),
        ],
    )
}

fn drawn(data: &Times, id: &str, title: &str, description: &str, words: &Words) -> String {
    let mut drawing = Drawing::new(id);
    let limits = data.strips.iter().filter_map(|strip| Some(u64::from(strip.limit_days?) * 24));
    let taken = data.strips.iter().flat_map(|strip| &strip.taken).map(|taken| taken.hours);
    // A little beyond the longest, so that its mark is whole.
    let most = limits.chain(taken).max().unwrap_or(0).max(24);
    let place = |hours: u64| LEFT + super::over_time::scaled(hours, most, RIGHT - LEFT);
    let mut y = 0;
    for strip in &data.strips {
        let label = words.label("priority", strip.priority.as_str());
        let label =
            words.get("fig-count-of", &[("what", (&label).into()), ("count", strip.taken.len().into())]);
        let right = limit(strip, words);
        drawing.area((0, y + 6), (14, 20), Tone::of(strip.priority));
        let room = WIDTH - 22 - width_of(&right, SMALL) - 16;
        drawing.text((22, y + 24), Anchor::Start, TEXT, &fitting(&label, room, TEXT));
        drawing.text((WIDTH, y + 24), Anchor::End, SMALL, &right);
        let middle = y + 56;
        drawing.path(&[(LEFT, middle), (RIGHT, middle)], "fig-axis");
        if let Some(days) = strip.limit_days {
            let x = place(u64::from(days) * 24);
            drawing.path(&[(x, middle - 20), (x, middle + 20)], "fig-limit");
        }
        strip_drawn(&mut drawing, strip, middle, &place);
        y += 84;
    }
    drawing.text((LEFT, y + 14), Anchor::Start, SMALL, &span(0, words));
    drawing.text((RIGHT, y + 14), Anchor::End, SMALL, &span(most, words));
    let mut legend = vec![
        (Sample::Mark(Mark::Kept), words.t("fig-times-kept")),
        (Sample::Mark(Mark::Late), words.t("fig-times-late")),
        (Sample::Mark(Mark::Free), words.t("fig-times-free")),
        (Sample::Limit, words.t("fig-times-limit")),
    ];
    if data.strips.iter().any(|strip| strip.taken.len() > DOTS) {
        legend.push((Sample::Sign("▭".to_owned()), words.t("fig-times-box")));
    }
    let end = drawing.legend(y + 30, &legend);
    drawing.finish(end + 6, title, description)
}

fn strip_drawn(drawing: &mut Drawing, strip: &Strip, middle: i64, place: &dyn Fn(u64) -> i64) {
    if strip.taken.len() <= DOTS {
        for taken in &strip.taken {
            let mark = match taken.kept {
                Some(true) => Mark::Kept,
                Some(false) => Mark::Late,
                None => Mark::Free,
            };
            drawing.mark((place(taken.hours), middle), mark);
        }
        return;
    }
    let hours = hours_of(strip);
    let at = |percent| percentile(&hours, percent).map(place).unwrap_or(LEFT);
    let (low, median, high) = (at(10), at(50), at(90));
    let ends = (hours.first().map_or(LEFT, |h| place(*h)), hours.last().map_or(LEFT, |h| place(*h)));
    drawing.path(&[(ends.0, middle), (ends.1, middle)], "fig-line");
    drawing.area((low, middle - 12), ((high - low).max(2), 24), Tone::of(strip.priority));
    drawing.frame((low, middle - 12), ((high - low).max(2), 24), "fig-line");
    drawing.path(&[(median, middle - 12), (median, middle + 12)], "fig-lit");
}

fn table(data: &Times, empty: String, words: &Words) -> Table {
    let columns = vec![
        Column::text(words.t("fig-priority"), 3),
        Column::number(words.t("fig-times-through"), 2),
        Column::number(words.t("fig-times-median"), 2),
        Column::number(words.t("fig-times-ninety"), 2),
        Column::number(words.t("fig-times-longest"), 2),
        Column::number(words.t("fig-times-limit"), 2),
        Column::number(words.t("fig-times-late"), 2),
        Column::number(words.t("fig-times-waiting"), 2),
        Column::number(words.t("fig-times-waiting-late"), 2),
    ];
    let rows = data.strips.iter().map(|strip| {
        let hours = hours_of(strip);
        let toned = |count: u64| {
            let tone = if count > 0 { Colour::Late } else { Colour::Plain };
            Cell::toned(count.to_string(), tone)
        };
        vec![
            words.label("priority", strip.priority.as_str()).into(),
            strip.taken.len().to_string().into(),
            span_or_none(percentile(&hours, 50), words).into(),
            span_or_none(percentile(&hours, 90), words).into(),
            span_or_none(hours.last().copied(), words).into(),
            limit(strip, words).into(),
            toned(u64::try_from(late(strip)).unwrap_or(u64::MAX)),
            strip.waiting.to_string().into(),
            toned(strip.waiting_late),
        ]
    });
    Table { title: words.t("fig-times-table"), columns, rows: rows.collect(), empty }
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[7], 90), Some(7));
        assert_eq!(percentile(&[1, 2, 3, 4], 50), Some(2));
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 90)), (Some(50), Some(90)));
    }
}
