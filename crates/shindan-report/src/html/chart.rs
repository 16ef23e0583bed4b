//! Bar charts as SVG, made here so that the report needs no script and no library. Each has a title and a
//! description for screen readers, and its numbers also stand in the text beside the bars.

use askama::Template;

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
            Bar { label, text, class, length, top: row * Chart::STEP }
        });
        Chart { id, title, description, bars: bars.collect() }
    }

    pub fn height(&self) -> u64 {
        u64::try_from(self.bars.len()).unwrap_or(0) * Chart::STEP
    }
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
