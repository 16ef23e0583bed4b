//! What figures are drawn with: boxes, lines and texts on a sheet of fixed width, as SVG.
//!
//! Everything is a whole number of units; 640 units are the width, so that a letter of [`TEXT`] is 11 pixels high on a
//! telephone that is 320 pixels wide. Colours come from classes (`fig-immediate` …) and are always beside a pattern, a shape
//! or a sign. No `style` is written anywhere: pages forbid it.

use std::collections::BTreeSet;
use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

use crate::table::layout::is_harmful;

/// Width of every figure, in units.
pub(super) const WIDTH: i64 = 640;
/// Height of letters.
pub(super) const TEXT: i64 = 22;
/// Height of letters of axes and signs.
pub(super) const SMALL: i64 = 19;

/// What a colour says, beside the word that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    Immediate,
    OutOfCycle,
    Scheduled,
    Defer,
    Undetermined,
}

impl Tone {
    pub fn of(priority: shindan_domain::priority::Decision) -> Tone {
        use shindan_domain::priority::Decision;
        match priority {
            Decision::Immediate => Tone::Immediate,
            Decision::OutOfCycle => Tone::OutOfCycle,
            Decision::Scheduled => Tone::Scheduled,
            Decision::Defer => Tone::Defer,
        }
    }

    /// Its class is `fig-` and this.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Immediate => "immediate",
            Tone::OutOfCycle => "out-of-cycle",
            Tone::Scheduled => "scheduled",
            Tone::Defer => "defer",
            Tone::Undetermined => "undetermined",
        }
    }

    /// The pattern that tells it from the others without its colour; empty: plain.
    fn pattern(self) -> &'static str {
        match self {
            Tone::Immediate => "",
            Tone::OutOfCycle => "M0 12L12 0",
            Tone::Scheduled => "M6 3v6",
            Tone::Defer => "M0 6h12",
            Tone::Undetermined => "M0 12L12 0M0 0L12 12",
        }
    }
}

/// Where a text stands at its coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A figure that is being drawn.
#[derive(Debug)]
pub(super) struct Drawing {
    id: String,
    body: String,
    patterns: BTreeSet<Tone>,
}

impl Drawing {
    /// An empty sheet. `id`: letters and digits by which the page tells its figures apart.
    pub fn new(id: &str) -> Drawing {
        let kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let id: String = id.chars().filter(kept).collect();
        Drawing { id: format!("fig-{id}"), body: String::new(), patterns: BTreeSet::new() }
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a text does not fail.
        let _ = self.body.write_fmt(element);
    }

    /// A box in the pattern of a tone.
    pub fn area(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), tone: Tone) {
        self.patterns.insert(tone);
        let (id, name) = (self.id.clone(), tone.as_str());
        self.add(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="url(#{id}-{name})"/>"#
        ));
    }

    /// A box of a class, with a frame.
    pub fn frame(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), class: &str) {
        self.add(format_args!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="none" stroke="currentColor"/>"#
        ));
    }

    /// A line through these points.
    pub fn path(&mut self, points: &[(i64, i64)], class: &str) {
        let places = points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
        self.add(format_args!(
            r#"<polyline class="{class}" points="{places}" fill="none" stroke="currentColor"/>"#
        ));
    }

    /// A mark whose shape says what it is: a filled circle, a triangle, a hollow circle.
    pub fn mark(&mut self, (x, y): (i64, i64), mark: Mark) {
        match mark {
            Mark::Kept => self.add(format_args!(
                r#"<circle class="fig-fill fig-scheduled" cx="{x}" cy="{y}" r="6" fill="currentColor"/>"#
            )),
            Mark::Late => self.add(format_args!(
                r#"<path class="fig-fill fig-out-of-cycle" d="M{} {}l9 -16l9 16z" fill="currentColor"/>"#,
                x - 9,
                y + 7
            )),
            Mark::Free => self.add(format_args!(
                r#"<circle class="fig-line fig-defer" cx="{x}" cy="{y}" r="6" fill="none" stroke="currentColor"/>"#
            )),
        }
    }

    /// A text; `y` is its base line.
    pub fn text(&mut self, (x, y): (i64, i64), anchor: Anchor, size: i64, text: &str) {
        if text.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let text = escaped(text);
        self.add(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}"{anchor} fill="currentColor">{text}</text>"#
        ));
    }

    /// Patterns with their words below each other's beginning, as many in a line as fit; where the next thing begins.
    pub fn legend(&mut self, top: i64, entries: &[(Sample, String)]) -> i64 {
        let (mut x, mut y) = (0, top);
        for (sample, word) in entries {
            let word = fitting(word, WIDTH - 30, SMALL);
            let width = 30 + width_of(&word, SMALL);
            if x > 0 && x + width > WIDTH {
                (x, y) = (0, y + 28);
            }
            match sample {
                Sample::Tone(tone) => self.area((x, y), (20, 20), *tone),
                Sample::Mark(mark) => self.mark((x + 10, y + 10), *mark),
                Sample::Limit => self.path(&[(x + 10, y), (x + 10, y + 20)], "fig-limit"),
                Sample::Lit => self.path(&[(x, y + 10), (x + 20, y + 10)], "fig-lit"),
                Sample::Sign(sign) => self.text((x + 10, y + 17), Anchor::Middle, SMALL, sign),
            }
            self.text((x + 26, y + 17), Anchor::Start, SMALL, &word);
            x += width + 20;
        }
        if entries.is_empty() { top } else { y + 28 }
    }

    /// The whole of it.
    pub fn finish(self, height: i64, title: &str, description: &str) -> String {
        let Drawing { id, body, patterns } = self;
        let mut defs = String::new();
        for tone in patterns {
            let (name, lines) = (tone.as_str(), tone.pattern());
            let lines = match lines {
                "" => String::new(),
                lines => format!(r#"<path class="fig-hatch" d="{lines}" stroke="currentColor"/>"#),
            };
            defs.push_str(&format!(
                r#"<pattern id="{id}-{name}" width="12" height="12" patternUnits="userSpaceOnUse"><rect class="fig-fill fig-{name}" width="12" height="12" fill="currentColor" fill-opacity="0.35"/>{lines}</pattern>"#
            ));
        }
        let defs = if defs.is_empty() { defs } else { format!("<defs>{defs}</defs>") };
        let (title, description) = (escaped(title), escaped(description));
        // Frames lie half outside of their boxes.
        let (across, down) = (WIDTH + 8, height + 8);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="fig" role="img" aria-labelledby="{id}-t {id}-d" viewBox="-4 -4 {across} {down}"><title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>{defs}{body}</svg>"#
        )
    }
}

/// Marks of a strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Within the limit.
    Kept,
    /// After it.
    Late,
    /// There is no limit.
    Free,
}

/// What a legend explains.
#[derive(Debug, Clone)]
pub(super) enum Sample {
    Tone(Tone),
    Mark(Mark),
    Limit,
    Lit,
    Sign(String),
}

/// How wide a text is at most: no font is asked. Letters of half width take 0.6 of their height, others all of it.
pub(super) fn width_of(text: &str, size: i64) -> i64 {
    let tenths: i64 = text
        .chars()
        .map(|c| match c.width_cjk() {
            Some(0) | None => 0,
            Some(1) => 6,
            Some(_) => 10,
        })
        .sum();
    (tenths * size + 9) / 10
}

/// The text as far as there is room; what is left out stands in the table.
pub(super) fn fitting(text: &str, room: i64, size: i64) -> String {
    if width_of(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width_of("…", size);
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width_of(&kept, size) > room {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}

/// The text in lines that fit, between words where there are any; the last line is cut if there would be more.
pub(super) fn lines_of(text: &str, room: i64, size: i64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 == most {
            lines.push(fitting(rest, room, size));
            break;
        }
        let mut end = 0;
        let mut space = None;
        for (at, c) in rest.char_indices() {
            let next = at + c.len_utf8();
            if width_of(rest.get(..next).unwrap_or(rest), size) > room && end > 0 {
                break;
            }
            if c == ' ' {
                space = Some(at);
            }
            end = next;
        }
        if end < rest.len() && !rest.get(end..).unwrap_or_default().starts_with(' ') {
            end = space.filter(|at| *at > 0).unwrap_or(end);
        }
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    lines
}

/// For the inside of elements and attributes. What XML does not permit, and what reorders a line, is shown as such.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            c if is_harmful(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_inside_of_japanese() {
        assert_eq!(
            lines_of("proof of concept is public", 140, 20, 3),
            ["proof of", "concept is", "public"],
            "140 units hold 11 letters"
        );
        assert_eq!(lines_of("実際に悪用されている", 120, 20, 3), ["実際に悪用さ", "れている"]);
        assert_eq!(lines_of("実際に悪用されている", 60, 20, 2), ["実際に", "悪用…"]);
        assert_eq!(lines_of("", 60, 20, 2), [] as [&str; 0]);
        // Room for nothing must not go on for ever.
        assert_eq!(lines_of("ab", 0, 20, 9), ["a", "b"]);
    }

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(fitting("JPCERT/CC", 200, 20), "JPCERT/CC");
        let cut = fitting("とても長い名前の情報源とその説明文", 200, 20);
        assert!(cut.ends_with('…') && width_of(&cut, 20) <= 200, "{cut}");
    }

    #[test]
    fn what_xml_forbids_does_not_reach_it() {
        assert_eq!(escaped("a<b>&\"\u{1}\u{202e}\n"), "a&lt;b&gt;&amp;&quot;\u{fffd}\u{fffd} ");
    }
}
