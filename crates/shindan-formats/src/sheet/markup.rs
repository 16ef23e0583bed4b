//! XML of workbooks, piece by piece: sheets are large and flat, so no trees are built.
//!
//! Names are compared without their prefix: the parts of a package use one vocabulary each, and programs differ in the
//! prefixes and in the variant of the namespace (transitional, strict). A DOCTYPE is refused; entities are resolved only
//! where XML predefines them.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::WORKBOOK;
use crate::text::shorten;

/// A part of a package that is being read.
pub(super) struct Markup<'t> {
    reader: Reader<&'t [u8]>,
    place: Place,
    depth: usize,
}

/// A start tag.
pub(super) struct Tag<'t>(BytesStart<'t>);

/// What comes next.
pub(super) enum Piece<'t> {
    /// An element begins. An empty element begins and ends.
    Start(Tag<'t>),
    /// Text, unescaped.
    Text(Cow<'t, str>),
    /// The element of this name ends.
    End(String),
}

impl Tag<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        let name = self.0.name().into_inner();
        name.rsplit(':').next().unwrap_or(name)
    }

    /// The value of the attribute with this name, whatever its prefix. Damaged attributes are as good as absent: a
    /// cell without a readable address stands where the order of cells puts it.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        for attribute in attributes.with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            if key.rsplit(':').next() == Some(name) && !key.starts_with("xmlns") {
                return attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned);
            }
        }
        None
    }

    /// The attribute as a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// True if the attribute says so (`1`, `true`).
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }
}

impl<'t> Markup<'t> {
    /// Begins to read. `place` names the part.
    pub(super) fn new(text: &'t str, place: Place) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        config.allow_dangling_amp = false;
        Markup { reader, place, depth: 0 }
    }

    /// The next piece; `None` at the end of the document.
    ///
    /// # Errors
    /// `xml-invalid`, also where the document ends inside an element, `xml-entity-refused`, `depth-exceeded`.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'t>>, Diagnostic> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start) | Event::Empty(start)) => {
                    self.depth += 1;
                    if self.depth > WORKBOOK.depth {
                        let limit = WORKBOOK.depth;
                        return Err(
                            Diagnostic::new(Code::DepthExceeded, self.place.clone()).with("limit", limit)
                        );
                    }
                    return Ok(Some(Piece::Start(Tag(start))));
                }
                Ok(Event::End(end)) => {
                    self.depth = self.depth.saturating_sub(1);
                    let name = end.name();
                    let name = name.into_inner();
                    return Ok(Some(Piece::End(name.rsplit(':').next().unwrap_or(name).to_owned())));
                }
                Ok(Event::Text(text)) => return Ok(Some(Piece::Text(text.xml10_content()))),
                Ok(Event::CData(data)) => return Ok(Some(Piece::Text(data.xml10_content()))),
                Ok(Event::GeneralRef(reference)) => {
                    let name = reference.xml10_content();
                    if let Some(text) = resolve_predefined_entity(&name) {
                        return Ok(Some(Piece::Text(Cow::Borrowed(text))));
                    }
                    return match reference.resolve_char_ref() {
                        Ok(Some(c)) => Ok(Some(Piece::Text(Cow::Owned(c.to_string())))),
                        Ok(None) => Err(self.refused().with("entity", shorten(&name, 40))),
                        Err(error) => Err(self.invalid(&error.to_string())),
                    };
                }
                Ok(Event::DocType(_)) => return Err(self.refused()),
                Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_)) => {}
                Ok(Event::Eof) if self.depth == 0 => return Ok(None),
                Ok(Event::Eof) => return Err(self.invalid("the document ends inside an element")),
                Err(error) => return Err(self.invalid(&error.to_string())),
            }
        }
    }

    fn refused(&self) -> Diagnostic {
        Diagnostic::new(Code::XmlEntityRefused, self.place.clone())
    }

    fn invalid(&self, reason: &str) -> Diagnostic {
        Diagnostic::new(Code::XmlInvalid, self.place.clone()).with("reason", shorten(reason, 200))
    }
}
