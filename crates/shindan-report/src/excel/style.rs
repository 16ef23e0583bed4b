//! How cells look. A colour has the same meaning as in the other forms, and a word stands in every coloured cell.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use shindan_domain::priority::Decision;

use crate::words::{Calendar, Lang, Words};

/// Height of a row of one line, in pixels.
pub(super) const ROW_PIXELS: u32 = 18;
/// Width of an unset column, in pixels: eight digits of seven pixels, and padding.
pub(super) const COLUMN_PIXELS: u32 = 64;

/// What a cell means, as far as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing in particular.
    Plain,
    /// What to look at first in its row.
    Strong,
    /// How urgent.
    Priority(Decision),
    /// Not known, not settled.
    Open,
    /// Deserves a look.
    Warning,
    /// Must be seen.
    Alarm,
    /// Is proven.
    Proven,
}

/// A date, a number or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A count, with separators.
    Count,
    /// A number with so many decimals as it has.
    Number,
    Day,
    /// A moment, to the minute.
    Minute,
}

/// Every look of a cell, made once.
pub(super) struct Styles {
    /// Font and size of everything.
    pub base: Format,
    /// The title of a sheet.
    pub title: Format,
    /// What a sheet answers.
    pub lead: Format,
    /// Words above columns.
    pub head: Format,
    /// A heading between rows of the overview.
    pub section: Format,
    cells: Vec<(Tone, Kind, Format)>,
}

const TONES: [Tone; 10] = [
    Tone::Plain,
    Tone::Strong,
    Tone::Priority(Decision::Immediate),
    Tone::Priority(Decision::OutOfCycle),
    Tone::Priority(Decision::Scheduled),
    Tone::Priority(Decision::Defer),
    Tone::Open,
    Tone::Warning,
    Tone::Alarm,
    Tone::Proven,
];

impl Styles {
    pub fn new(lang: Lang) -> Self {
        let base = match lang {
            // A font for reading that every Windows with Japanese has; family and character set let other systems
            // choose a neighbour (Yu Gothic, Hiragino).
            Lang::Ja => Format::new()
                .set_font_name("BIZ UDPGothic")
                .set_font_family(3)
                .set_font_charset(128)
                .set_font_size(10),
            Lang::En => Format::new().set_font_name("Calibri").set_font_family(2).set_font_size(10),
        };
        let cell = base
            .clone()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xd5dae0));
        let mut cells = Vec::new();
        for tone in TONES {
            let toned = toned(cell.clone(), tone);
            for kind in [Kind::Text, Kind::Count, Kind::Number, Kind::Day, Kind::Minute] {
                cells.push((tone, kind, of_kind(toned.clone(), kind)));
            }
        }
        Styles {
            title: base.clone().set_bold().set_font_size(14),
            lead: base.clone().set_font_color(Color::RGB(0x57606a)),
            head: base
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xe8edf3))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xb6bfc9)),
            section: base.clone().set_bold().set_font_size(12).set_align(FormatAlign::Bottom),
            base,
            cells,
        }
    }

    /// The looks for a reader who chose how days are written.
    pub fn dated(words: &Words) -> Self {
        let mut styles = Styles::new(words.lang());
        let day = match words.calendar() {
            Calendar::Digits => "yyyy-mm-dd",
            Calendar::Western => "yyyy\"年\"m\"月\"d\"日\"",
            // The spreadsheet knows the eras itself (locale 0411, 和暦).
            Calendar::Era => "[$-411]ggge\"年\"m\"月\"d\"日\"",
        };
        let zone = if words.lang() == Lang::En { "\"Z\"" } else { "" };
        for (_, kind, format) in &mut styles.cells {
            match kind {
                Kind::Day => *format = format.clone().set_num_format(day),
                Kind::Minute => *format = format.clone().set_num_format(format!("{day} hh:mm{zone}")),
                _ => {}
            }
        }
        styles
    }

    /// The look of a cell; that of a plain text if there is no such look.
    pub fn of(&self, tone: Tone, kind: Kind) -> &Format {
        let found = self.cells.iter().find(|(t, k, _)| *t == tone && *k == kind);
        found.map_or(&self.base, |(_, _, format)| format)
    }
}

fn toned(cell: Format, tone: Tone) -> Format {
    let on = |cell: Format, text: u32, ground: u32| {
        cell.set_bold().set_font_color(Color::RGB(text)).set_background_color(Color::RGB(ground))
    };
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.set_bold(),
        Tone::Priority(Decision::Immediate) | Tone::Alarm => on(cell, 0xb3261e, 0xfdeceb),
        Tone::Priority(Decision::OutOfCycle) | Tone::Warning => on(cell, 0x954800, 0xfff3e4),
        Tone::Priority(Decision::Scheduled) => on(cell, 0x174ea6, 0xeaf1fd),
        Tone::Priority(Decision::Defer) => on(cell, 0x57606a, 0xeff1f4),
        Tone::Open => on(cell, 0x6a3aa2, 0xf4edfc),
        Tone::Proven => on(cell, 0x14532d, 0xe9f6ee),
    }
}

fn of_kind(cell: Format, kind: Kind) -> Format {
    match kind {
        Kind::Text => cell,
        // Away from the text that begins in the next column.
        Kind::Count => cell.set_num_format("#,##0").set_align(FormatAlign::Right).set_indent(1),
        Kind::Number => cell.set_num_format("0.0####").set_align(FormatAlign::Right).set_indent(1),
        Kind::Day => cell.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        Kind::Minute => cell.set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left),
    }
}
