//! Paper, and the height of rows. Programs differ in whether they find the height of wrapped text when a file is opened,
//! so that it is part of the file.

use rust_xlsxwriter::{Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

/// Paper of ISO 216. Source: ECMA-376, `paperSize`.
const A4: u8 = 9;
/// Height of a line of text, in pixels.
const LINE: u32 = 18;
/// A row is at most 409 points high. Source: Excel specifications and limits.
const HIGHEST: u32 = 545;

/// A4 landscape, as wide as the page, with the name of the sheet above and the number of the page below.
pub(super) fn print_set_up(sheet: &mut Worksheet, whole: &str, title: &str) {
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        // An ampersand begins a code in headers.
        .set_header(format!("&L{}&R{}", whole.replace('&', "&&"), title.replace('&', "&&")))
        .set_footer("&C&P / &N");
}

/// Makes room for so many lines.
pub(super) fn set_height(sheet: &mut Worksheet, row: u32, lines: usize) -> Result<(), XlsxError> {
    if lines > 1 {
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        sheet.set_row_height_pixels(row, lines.saturating_mul(LINE).saturating_add(2).min(HIGHEST))?;
    }
    Ok(())
}

/// The lines that a text takes in a column of so many half-width characters: words stay whole, Japanese breaks anywhere.
pub(super) fn lines_in(text: &str, width: usize) -> usize {
    // Letters of proportional fonts may be wider than digits, by which columns are measured.
    let width = width.saturating_sub(1).max(1);
    let of_line = |line: &str| {
        let (mut lines, mut at) = (1, 0);
        for word in line.split_inclusive(' ') {
            let wide = word.trim_end().width();
            let breaks_anywhere = wide != word.trim_end().chars().count() || wide > width;
            if !breaks_anywhere && at > 0 && at + wide > width {
                lines += 1;
                at = 0;
            }
            at += word.width();
            // A blank at the end of a line needs no room.
            let over = (at - (word.len() - word.trim_end().len()).min(at)).saturating_sub(1) / width;
            lines += over;
            at -= over * width;
        }
        lines
    };
    text.lines().map(of_line).sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_japanese_breaks_anywhere() {
        for (text, width, lines) in [
            ("", 10, 1),
            ("short", 10, 1),
            ("one two three", 10, 2),
            ("exactly ten", 12, 1),
            ("averyveryverylongword", 11, 3),
            ("二十字の文がここに一つありますね", 17, 2),
            ("二十字の文がここに一つありますね", 40, 1),
            ("one\ntwo", 10, 2),
        ] {
            assert_eq!(lines_in(text, width), lines, "{text} in {width}");
        }
    }
}
