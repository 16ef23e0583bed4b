//! Bar charts as SVG, made here so that the report needs no script and no library. Each has a title and a
//! description for screen readers, and its numbers also stand in the text beside the bars.

use askama::Template;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A horizontal bar chart.
#[derive(Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    pub id: &'static str,
    pub title: String,
    pub description: String,
    pub bars: Vec<Bar>,
}

/// One bar: a label, what it says at its end, and its length.
pub(super) struct Bar {
    pub label: String,
    pub text: String,
    /// CSS class that carries the colour of its meaning.
    pub class: &'static str,
    /// Length in user units of the drawing, 0 to [`Chart::SPAN`].
    pub length: u64,
    /// Distance from the top in user units.
    pub top: u64,
}

impl Chart {
    /// The longest bar.
    const SPAN: u64 = 360;
    /// From bar to bar.
    const STEP: u64 = 40;

    /// A chart of `(label, text, class, value)`; `full` is the value of the longest bar.
    pub fn new(
        id: &'static str,
        title: String,
        values: Vec<(String, String, &'static str, u64)>,
        full: u64,
    ) -> Self {
        let description =
            values.iter().map(|(label, text, ..)| format!("{label}: {text}")).collect::<Vec<_>>().join(", ");
        let bars = (0..).zip(values).map(|(row, (label, text, class, value))| {
            // A value that is not nothing stays visible, however small beside the others.
            let length = (value.min(full) * Chart::SPAN).checked_div(full).unwrap_or(0);
            let length = if value > 0 { length.max(2) } else { 0 };
            let label = fitting(label, &text);
            Bar { label, text, class, length, top: row * Chart::STEP }
        });
        Chart { id, title, description, bars: bars.collect() }
    }

    pub fn height(&self) -> u64 {
        u64::try_from(self.bars.len()).unwrap_or(0) * Chart::STEP
    }
}

/// Half-width characters that fit above a bar.
const COLUMNS: usize = 46;

/// The label as far as there is room beside the text at the end; the description has it whole.
fn fitting(label: String, text: &str) -> String {
    let room = COLUMNS.saturating_sub(text.width() + 2);
    if label.width() <= room {
        return label;
    }
    let mut used = 1;
    let kept = label.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= room
    });
    kept.chain(['…']).collect()
}

impl Bar {
    /// The base line of the texts.
    pub fn baseline(&self) -> u64 {
        self.top + 16
    }

    /// The top of the bar itself.
    pub fn bar_top(&self) -> u64 {
        self.top + 23
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_never_runs_into_the_text() {
        let text = "2024-10-01 14 days ago";
        assert_eq!(fitting("CISA KEV".to_owned(), text), "CISA KEV");
        for label in
            ["shindan demo (facts: CISA ICS Medical Advisory)", "とても長い名前の情報源とその説明文です"]
        {
            let fitted = fitting(label.to_owned(), text);
            assert!(fitted.ends_with('…'));
            assert!(fitted.width() + text.width() + 2 <= COLUMNS, "{fitted}");
        }
    }
}
