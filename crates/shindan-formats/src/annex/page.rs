//! What stands on a page: row numbers, column headings, and pieces of text with the lines they stand on.

use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthStr;

/// A row number such as `③-1`, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// `③-1`, whatever hyphen and digits the page uses.
    pub number: String,
    pub line: u32,
}

/// A piece of text: one line of one cell. Pieces that stand on the page several times are one piece.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// As it stands there.
    pub text: String,
    /// Without blanks, NFKC, character by character.
    pub chars: Vec<char>,
    /// Lines, ascending.
    pub lines: Vec<u32>,
    /// Columns it takes, full-width characters counting two.
    pub width: usize,
    /// It begins with `(1)`, `9.` or `③`: nothing can stand before it.
    pub opens: bool,
}

impl Piece {
    /// It ends a sentence: nothing need follow.
    pub fn closes(&self) -> bool {
        self.chars.last() == Some(&'。')
    }

    /// The circled digit in front, if that is how it opens: the title of a section.
    pub fn circled(&self) -> Option<char> {
        self.text.chars().next().filter(|c| is_circled(*c))
    }

    /// How many characters the beginnings have in common.
    pub fn common_prefix(&self, other: &Piece) -> usize {
        self.chars.iter().zip(&other.chars).take_while(|(a, b)| a == b).count()
    }
}

/// One page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub labels: Vec<Label>,
    pub pieces: Vec<Piece>,
}

impl Page {
    /// The line of the section title above; 0 before the first one.
    pub fn section_of(&self, line: u32) -> u32 {
        let titles = self.pieces.iter().filter(|piece| piece.circled().is_some()).flat_map(|p| &p.lines);
        titles.copied().filter(|title| *title <= line).max().unwrap_or_default()
    }
}

/// Headings of the table's columns and the like: words of the form, not of a cell.
const FURNITURE: &[&str] = &[
    "対策項目",
    "大項目",
    "小項目",
    "No.",
    "対策項目で対応できる",
    "内容",
    "リスクシナリオ例",
    "区分",
    "項番",
    "関連する医療情報安全管理ガイドライン要求事項",
    "企画管理編",
    "システム運用編",
    "システム運用",
    "経営管理編",
    "概説編",
    "【遵守事項】",
];

/// Reads the lines of a page. What stands above the first row number is the head of the document, as far as the last
/// column heading.
pub(super) fn read(lines: &[(u32, &str)]) -> Page {
    let mut page = Page::default();
    let first = lines.iter().position(|(_, text)| label(text).is_some()).unwrap_or(lines.len());
    for (line, text) in lines.iter().skip(first) {
        let (line, text) = (*line, without_private(text));
        let text = text.trim();
        if let Some(number) = label(text) {
            page.labels.push(Label { number, line });
            continue;
        }
        let chars = folded(text);
        if chars.is_empty() || FURNITURE.contains(&text) || is_page_number(&chars) {
            continue;
        }
        match page.pieces.iter_mut().find(|piece| piece.chars == chars) {
            Some(piece) => piece.lines.push(line),
            None => page.pieces.push(Piece {
                opens: opens(text, &chars),
                width: text.width_cjk(),
                text: text.to_owned(),
                chars,
                lines: vec![line],
            }),
        }
    }
    page
}

/// Characters of a font of its own, which the extraction could not name, say nothing.
fn without_private(text: &str) -> String {
    text.chars().filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c)).collect()
}

/// Without blanks, NFKC.
pub(super) fn folded(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn is_circled(c: char) -> bool {
    ('①'..='⑳').contains(&c)
}

/// `③-1`, `③－１`, `③ - 1`
pub(super) fn label(text: &str) -> Option<String> {
    let mut chars = text.trim().chars();
    let circled = chars.next().filter(|c| is_circled(*c))?;
    let rest: String = chars.as_str().nfkc().filter(|c| !c.is_whitespace()).collect();
    let digits = rest.strip_prefix(['-', '‐', '−', '–', 'ー', '―'])?;
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("{circled}-{digits}"))
}

/// `30/39`
pub(super) fn is_page_number(chars: &[char]) -> bool {
    let text: String = chars.iter().collect();
    let digits = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('/').is_some_and(|(page, of)| digits(page) && digits(of))
}

fn opens(text: &str, chars: &[char]) -> bool {
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let in_brackets = chars.first() == Some(&'(') && {
        let count = digits(1);
        count > 0 && chars.get(1 + count) == Some(&')')
    };
    let numbered = {
        let count = digits(0);
        count > 0 && chars.get(count) == Some(&'.')
    };
    in_brackets || numbered || text.chars().next().is_some_and(is_circled)
}

/// `9.医療情報…` → 9
pub(super) fn chapter(chars: &[char]) -> Option<String> {
    let digits: String = chars.iter().take_while(|c| c.is_ascii_digit()).collect();
    (!digits.is_empty() && chars.get(digits.len()) == Some(&'.')).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_numbers_in_every_form() {
        for text in ["③-1", "③－１", "③ ‐ 1", " ③−1 "] {
            assert_eq!(label(text).as_deref(), Some("③-1"), "{text}");
        }
        for text in ["③", "③-", "3-1", "③医療", "③-1a", "", "-1"] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn pieces_are_told_from_the_form() {
        let lines =
            ["別紙", "対策項目", "②-2", "区分", "場合は、", "③医療情報", "(1) 機器は", "30/39", "場合は、"];
        let lines: Vec<(u32, &str)> = (1..).zip(lines).collect();
        let page = read(&lines);
        assert_eq!(page.labels, [Label { number: "②-2".to_owned(), line: 3 }]);
        let seen: Vec<(&str, &[u32], bool)> =
            page.pieces.iter().map(|p| (p.text.as_str(), p.lines.as_slice(), p.opens)).collect();
        assert_eq!(
            seen,
            [("場合は、", &[5, 9][..], false), ("③医療情報", &[6][..], true), ("(1) 機器は", &[7][..], true)]
        );
    }
}
