//! The fonts of a paper: BIZ UDPGothic, made for reading by everybody, by Morisawa (SIL Open Font License 1.1, see
//! `fonts/OFL.txt`). They are part of the program, so that a paper looks the same on every computer.

use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::text::Font;

use crate::PdfError;

const REGULAR: &[u8] = include_bytes!("../fonts/BIZUDPGothic-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/BIZUDPGothic-Bold.ttf");

/// Both for the typesetter.
pub(crate) fn load() -> Result<Vec<Font>, PdfError> {
    let font = |data: &'static [u8]| Font::new(Bytes::new(data), 0).ok_or(PdfError::Font);
    Ok(vec![font(REGULAR)?, font(BOLD)?])
}

/// What the fonts can draw, and how wide.
pub(crate) struct Shapes {
    regular: Face<'static>,
    bold: Face<'static>,
}

impl Shapes {
    pub(crate) fn new() -> Result<Self, PdfError> {
        let face = |data: &'static [u8]| Face::parse(data, 0).map_err(|_| PdfError::Font);
        Ok(Shapes { regular: face(REGULAR)?, bold: face(BOLD)? })
    }

    /// Whether both weights have this character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.regular.glyph_index(character).is_some() && self.bold.glyph_index(character).is_some()
    }

    /// Whether the fonts have this variant of a character.
    pub(crate) fn has_variant(&self, character: char, selector: char) -> bool {
        let has = |face: &Face<'_>| face.glyph_variation_index(character, selector).is_some();
        has(&self.regular) && has(&self.bold)
    }

    /// The width of a character in points; of the wider weight, because nobody knows here which one it will be.
    pub(crate) fn width(&self, character: char, size: f64) -> f64 {
        let of = |face: &Face<'_>| {
            let glyph = face.glyph_index(character)?;
            let advance = face.glyph_hor_advance(glyph)?;
            Some(f64::from(advance) / f64::from(face.units_per_em()) * size)
        };
        of(&self.regular).unwrap_or(size).max(of(&self.bold).unwrap_or(size))
    }
}
