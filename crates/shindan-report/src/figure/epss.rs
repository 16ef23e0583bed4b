//! EPSS over time, as a small line. One value is said, not drawn.

use jiff::civil::Date;
use shindan_domain::priority::Probability;

use super::Figure;
use super::drawing::{Anchor, Drawing, SMALL, WIDTH};
use crate::dates;
use crate::paper::{Column, Table};
use crate::words::Words;

/// EPSS of one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpssHistory {
    /// Days with the probability as its source writes it, the earliest first.
    pub values: Vec<(Option<Date>, String)>,
}

const LEFT: i64 = 76;
const TOP: i64 = 14;
const HIGH: i64 = 120;
/// So many millionths are the whole.
const MILLION: u64 = 1_000_000;

/// EPSS over time.
pub fn epss(data: &EpssHistory, id: &str, words: &Words) -> Figure {
    let title = words.t("fig-epss-title");
    let known: Vec<(Date, u64, &str)> = data
        .values
        .iter()
        .filter_map(|(day, text)| Some(((*day)?, millionths(text)?, text.as_str())))
        .collect();
    let unreadable = data.values.iter().filter(|(_, text)| millionths(text).is_none()).count();
    let mut said = Vec::new();
    let description = match (data.values.last(), known.first(), known.last()) {
        (None, ..) => words.t("fig-epss-none"),
        (Some(_), Some(first), Some(last)) if known.len() > 1 => words.get(
            "fig-epss-description",
            &[
                ("from", (&dates::short(first.0, words)).into()),
                ("first", first.2.into()),
                ("until", (&dates::short(last.0, words)).into()),
                ("last", last.2.into()),
            ],
        ),
        (Some((day, text)), ..) => {
            let day = day.map_or_else(|| words.t("unknown"), |day| dates::short(day, words));
            words.get("fig-epss-one", &[("value", text.into()), ("day", (&day).into())])
        }
    };
    said.push(description.clone());
    if unreadable > 0 {
        said.push(words.get("fig-epss-unreadable", &[("count", unreadable.into())]));
    }
    let svg = (known.len() > 1).then(|| drawn(&known, id, &title, &description, words));
    Figure { table: table(data, &title, words), title, description, svg, said }
}

/// A probability in millionths, read without floating point.
fn millionths(text: &str) -> Option<u64> {
    let text = text.trim().parse::<Probability>().ok()?.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(whole.parse::<u64>().ok()? * MILLION + fraction.parse::<u64>().ok()?)
}

fn drawn(known: &[(Date, u64, &str)], id: &str, title: &str, description: &str, words: &Words) -> String {
    let mut drawing = Drawing::new(id);
    let most = known.iter().map(|(_, value, _)| *value).max().unwrap_or(MILLION);
    let steps = [10_000, 50_000, 100_000, 200_000, 500_000, MILLION];
    let top = steps.into_iter().find(|step| *step >= most).unwrap_or(MILLION);
    let bottom = TOP + HIGH;
    for value in [0, top / 2, top] {
        let y = bottom - super::over_time::scaled(value, top, HIGH);
        drawing.path(&[(LEFT, y), (WIDTH, y)], "fig-axis");
        let text = if value == MILLION { "1".to_owned() } else { format!("0.{:03}", value / 1000) };
        drawing.text((LEFT - 8, y + 7), Anchor::End, SMALL, &text);
    }
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return drawing.finish(bottom, title, description);
    };
    let days = |day: Date| u64::try_from((day - first.0).get_days()).unwrap_or(0);
    let all = days(last.0).max(1);
    let right = WIDTH - 12;
    let place = |(day, value, _): &(Date, u64, &str)| {
        let x = LEFT + super::over_time::scaled(days(*day), all, right - LEFT);
        (x, bottom - super::over_time::scaled(*value, top, HIGH))
    };
    let points: Vec<(i64, i64)> = known.iter().map(place).collect();
    drawing.path(&points, "fig-lit");
    if let Some(end) = points.last() {
        drawing.mark(*end, super::drawing::Mark::Kept);
    }
    drawing.text((LEFT, bottom + 26), Anchor::Start, SMALL, &dates::short(first.0, words));
    drawing.text((WIDTH, bottom + 26), Anchor::End, SMALL, &dates::short(last.0, words));
    drawing.finish(bottom + 36, title, description)
}

fn table(data: &EpssHistory, title: &str, words: &Words) -> Table {
    let columns = vec![Column::text(words.t("fig-day"), 2), Column::number(words.t("fig-epss-value"), 2)];
    let rows = data.values.iter().map(|(day, text)| {
        vec![day.map_or_else(|| words.t("unknown"), |day| dates::short(day, words)).into(), text.into()]
    });
    Table { title: title.to_owned(), columns, rows: rows.collect(), empty: words.t("fig-epss-none") }
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn probabilities_are_read_exactly() {
        for (text, expected) in [
            ("0.97567", Some(975_670)),
            ("1", Some(super::MILLION)),
            ("0", Some(0)),
            (".5", Some(500_000)),
            ("0.0000004", Some(0)),
            ("NaN", None),
            ("1.5", None),
            ("", None),
        ] {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }
}
