//! Shared strings (ECMA-376 part 1, 18.4): texts that cells point to.

use shindan_domain::diagnostic::Diagnostic;

use super::Package;
use crate::sheet::markup::{Markup, Piece};
use crate::sheet::{Exceeded, MOST_CELLS, MOST_TEXT};

/// Reads all strings, in order.
pub(super) fn read(package: &Package<'_>, name: &str) -> Result<Vec<String>, Diagnostic> {
    let Some(text) = package.part(name)? else { return Ok(Vec::new()) };
    let place = package.place(name);
    let mut markup = Markup::new(&text, place.clone());
    let mut strings = Vec::new();
    let mut size = 0;
    while let Some(piece) = markup.next()? {
        let Piece::Start(tag) = piece else { continue };
        if tag.name() != "si" {
            continue;
        }
        let string = rich_text(&mut markup, "si")?;
        size += string.len();
        if strings.len() >= MOST_CELLS {
            return Err(Exceeded { unit: "texts", limit: MOST_CELLS }.at(place));
        }
        if size > MOST_TEXT {
            return Err(Exceeded { unit: "bytes", limit: MOST_TEXT }.at(place));
        }
        strings.push(string);
    }
    Ok(strings)
}

/// The text inside `si` or `is`, up to its end tag: runs joined, without the reading (`rPh`) that Japanese Excel keeps
/// beside it.
pub(super) fn rich_text(markup: &mut Markup<'_>, end: &str) -> Result<String, Diagnostic> {
    let mut text = String::new();
    let (mut inside, mut reading) = (false, 0_usize);
    while let Some(piece) = markup.next()? {
        match piece {
            Piece::Start(tag) => match tag.name() {
                "t" => inside = true,
                "rPh" => reading += 1,
                _ => {}
            },
            Piece::Text(part) if inside && reading == 0 => text.push_str(&part),
            Piece::Text(_) => {}
            Piece::End(name) => match name.as_str() {
                "t" => inside = false,
                "rPh" => reading = reading.saturating_sub(1),
                name if name == end => break,
                _ => {}
            },
        }
    }
    Ok(unescaped(&text))
}

/// `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, 22.4.2.4, bstr).
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match character {
            Some(character) => {
                out.push(character);
                rest = rest.get(at + 7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = rest.get(at + 2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use shindan_domain::diagnostic::Place;

    #[test]
    fn runs_are_joined_and_readings_left_out() {
        let text = "<si><r><t>内</t></r><r><rPr><b/></rPr><t>視鏡</t></r><rPh sb=\"0\" eb=\"3\"><t>ナイシキョウ</t></rPh></si>";
        let mut markup = Markup::new(text, Place::default());
        assert!(matches!(markup.next(), Ok(Some(Piece::Start(_)))));
        assert_eq!(rich_text(&mut markup, "si").expect("readable"), "内視鏡");
    }

    #[test]
    fn escapes_of_excel() {
        assert_eq!(unescaped("a_x000D_\nb"), "a\r\nb");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescaped("dual_x8_port _x00"), "dual_x8_port _x00");
        assert_eq!(unescaped("_xD800_"), "_xD800_");
        assert_eq!(unescaped("_x診断診断_"), "_x診断診断_");
    }
}
