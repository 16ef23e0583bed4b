//! Texts as the typesetter gets them: only with characters that the font has, and so that no line is longer than its column.

use std::collections::BTreeSet;

use unicode_normalization::char::{compose, is_combining_mark};

use crate::PdfError;
use crate::fonts::Shapes;

/// What stands for a character that the font does not have: the geta of Japanese printers.
const GETA: char = '〓';

/// Makes texts ready, and remembers what it could not draw.
pub(crate) struct Writing {
    shapes: Shapes,
    missing: BTreeSet<char>,
}

impl Writing {
    pub(crate) fn new() -> Result<Self, PdfError> {
        Ok(Writing { shapes: Shapes::new()?, missing: BTreeSet::new() })
    }

    /// The characters that were replaced so far.
    pub(crate) fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// A text that has no column: a title in the properties of the file.
    pub(crate) fn line(&mut self, text: &str) -> String {
        self.drawn(text).replace('\n', " ")
    }

    /// As much of a text as one line holds; for what stands elsewhere in full.
    pub(crate) fn beginning(&mut self, text: &str, width: f64, size: f64) -> String {
        const MORE: char = '…';
        let line = self.line(text);
        let wide = |text: &str| -> f64 { text.chars().map(|one| self.shapes.width(one, size)).sum() };
        if wide(&line) <= width {
            return line;
        }
        let mut room = width - self.shapes.width(MORE, size);
        let fits = |one: &char| {
            room -= self.shapes.width(*one, size);
            room >= 0.0
        };
        let mut kept: String = line.chars().take_while(fits).collect();
        kept.push(MORE);
        kept
    }

    /// A text for a column of so many points in a size of so many points.
    pub(crate) fn text(&mut self, text: &str, width: f64, size: f64) -> String {
        let drawn = self.drawn(text);
        self.fitted(&drawn, width, size)
    }

    /// The width of the longest part of a text in which no line may end.
    pub(crate) fn longest_word(&self, text: &str, size: f64) -> f64 {
        let wide = |token: &str| token.chars().map(|one| self.shapes.width(one, size)).sum();
        tokens(text).map(wide).fold(0.0, f64::max)
    }

    /// The lines that a text takes at most in such a column.
    pub(crate) fn lines(&self, text: &str, width: f64, size: f64) -> usize {
        let of = |line: &str| {
            let whole: f64 = line.chars().map(|one| self.shapes.width(one, size)).sum();
            // A line may end before a long word, so that it is half full only.
            (whole * 2.0 / width.max(size)).ceil().max(1.0) as usize
        };
        text.split('\n').map(of).sum::<usize>().max(1)
    }

    /// The text with what the font has.
    fn drawn(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
                '\t' => out.push(' '),
                // It says where a line may end, and has no shape.
                '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{200c}' | '\u{200d}' => {}
                selector if is_selector(selector) => self.select(&mut out, selector),
                mark if is_combining_mark(mark) => self.combine(&mut out, mark),
                space if space.is_whitespace() && !self.shapes.has(space) => out.push(' '),
                other if !other.is_control() && !is_reordering(other) && self.shapes.has(other) => {
                    out.push(other);
                }
                other => {
                    self.missing.insert(other);
                    out.push(GETA);
                }
            }
        }
        out
    }

    /// A variant of the character before: as the font has it, or the usual shape, which is told.
    fn select(&mut self, out: &mut String, selector: char) {
        let Some(before) = out.chars().next_back() else { return };
        if self.shapes.has_variant(before, selector) {
            out.push(selector);
        } else {
            self.missing.insert(selector);
        }
    }

    /// A mark on the character before, as some systems write が in two: as one character if there is one.
    fn combine(&mut self, out: &mut String, mark: char) {
        let whole = out.chars().next_back().and_then(|before| compose(before, mark));
        match whole.filter(|whole| self.shapes.has(*whole)) {
            Some(whole) => {
                out.pop();
                out.push(whole);
            }
            None if self.shapes.has(mark) => out.push(mark),
            None => {
                self.missing.insert(mark);
                out.push(GETA);
            }
        }
    }

    /// Ends the line inside of what is longer than a line and has no place where it may end: hashes, addresses, names of files.
    fn fitted(&self, text: &str, width: f64, size: f64) -> String {
        // Less than the column: rounding, and what the typesetter sets between scripts.
        let room = (width * 0.96 - 1.0).max(size);
        let mut out = String::with_capacity(text.len());
        for token in tokens(text) {
            let whole: f64 = token.chars().map(|one| self.shapes.width(one, size)).sum();
            if whole <= room {
                out.push_str(token);
                continue;
            }
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            // Lines of one length: a hash of 64 digits in two lines of 32 is read more easily than one with a last digit alone.
            let even = whole / (whole / room).ceil();
            let mut run = 0.0;
            for one in token.chars() {
                let wide = self.shapes.width(one, size);
                let belongs = is_selector(one) || is_combining_mark(one);
                let full = run + wide > room || run + wide * 0.5 > even;
                if full && run > 0.0 && !belongs {
                    out.push('\n');
                    run = 0.0;
                }
                out.push(one);
                run += wide;
            }
        }
        out
    }
}

/// Parts of a text between which a line may end for certain; inside of them it may or may not.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut characters = rest.char_indices();
        let (_, mut before) = characters.next()?;
        let end = characters.find_map(|(at, one)| {
            let ends = may_end_between(before, one);
            before = one;
            ends.then_some(at)
        });
        let (token, left) = rest.split_at(end.unwrap_or(rest.len()));
        rest = left;
        Some(token)
    })
}

fn may_end_between(before: char, after: char) -> bool {
    let after_pause = matches!(before, '、' | '。' | '，' | '．');
    before.is_whitespace()
        || after.is_whitespace()
        || is_free(after) && (is_free(before) || after_pause)
        || after_pause && after.is_alphanumeric()
}

/// Characters of Japanese beside which a line may end. Small kana and marks may not begin a line.
fn is_free(character: char) -> bool {
    const SMALL: &str = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";
    let range = matches!(character,
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    range && !SMALL.contains(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Marks that change the direction of what follows: a name could show as another one.
fn is_reordering(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_line_is_cut_and_nothing_else() {
        let mut writing = Writing::new().unwrap();
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        for text in [
            hash,
            &format!("SHA-256 {hash} です"),
            &"ー".repeat(90),
            &"！".repeat(90),
            &format!("https://example.org/{hash}?x=1"),
        ] {
            let cut = writing.text(text, 60.0, 10.0);
            assert_eq!(cut.replace('\n', ""), text, "nothing is lost and nothing added");
            for token in tokens(&cut) {
                let wide: f64 = token.chars().map(|one| writing.shapes.width(one, 10.0)).sum();
                assert!(wide <= 60.0, "{token} is {wide} wide");
            }
        }
        for text in
            ["脆弱性の影響を受ける機器について、処置を決めました。", "one two three four five", "二\n行"]
        {
            assert_eq!(writing.text(text, 60.0, 10.0), text);
        }
        assert_eq!(writing.beginning("長い題名の帳票です", 50.0, 10.0), "長い題名…");
    }

    #[test]
    fn what_the_font_lacks_is_drawn_as_geta_and_remembered() {
        let mut writing = Writing::new().unwrap();
        assert_eq!(writing.line("絵文字😀と\u{e000}外字"), "絵文字〓と〓外字");
        assert_eq!(writing.line("a\u{202e}b\u{7}c"), "a〓b〓c");
        let missing: Vec<char> = writing.missing().iter().copied().collect();
        assert_eq!(missing, ['\u{7}', '\u{202e}', '\u{e000}', '😀']);
        let mut writing = Writing::new().unwrap();
        assert_eq!(writing.line("\u{304b}\u{3099}\u{feff}\ttab\r\n二行"), "が tab 二行");
        assert_eq!(writing.line("◎○△□ ①②③ 髙﨑 〜～ — … “引用” ㈱"), "◎○△□ ①②③ 髙﨑 〜～ — … “引用” ㈱");
        assert!(writing.missing().is_empty(), "{:?}", writing.missing());
    }
}
