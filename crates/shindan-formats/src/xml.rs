//! XML as far as foreign feeds need it, and nothing that is dangerous about it.
//!
//! A document is read child by child of its root: each child becomes a small [`Element`] tree, so that a feed of a
//! hundred megabytes needs the memory of its largest record only. Entities are never declared, fetched or expanded:
//! a DOCTYPE is refused, and only the five predefined entities and character references are resolved.
//!
//! Source: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS};
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;
use crate::text::{self, Legacy};

/// A name with its namespace (empty if it has none).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The namespace's URI.
    pub namespace: String,
    /// The name without its prefix.
    pub local: String,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name. An attribute without prefix has no namespace.
    pub name: Name,
    /// Its value, normalised and unescaped.
    pub value: String,
}

/// An element with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// Its attributes, namespace declarations excepted.
    pub attributes: Vec<Attribute>,
    /// The text directly inside it, pieces joined, unescaped, as written.
    pub text: String,
    /// The elements directly inside it.
    pub children: Vec<Element>,
    /// Line of its start tag, from 1.
    pub line: u64,
    /// Where it stands in the text of its parent, in bytes.
    pub offset: usize,
}

impl Element {
    /// True if namespace and local name are these.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.name.local == local && self.name.namespace == namespace
    }

    /// The value of the attribute without namespace of this name.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| a.name.namespace.is_empty() && a.name.local == local)
            .map(|a| a.value.as_str())
    }

    /// The children with this local name, of whatever namespace.
    pub fn all<'a>(&'a self, local: &'a str) -> impl Iterator<Item = &'a Element> + 'a {
        self.children.iter().filter(move |child| child.name.local == local)
    }

    /// The first child with this local name, of whatever namespace.
    pub fn child(&self, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name.local == local)
    }

    /// The first child with this namespace and name.
    pub fn child_in(&self, namespace: &str, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(namespace, local))
    }

    /// The trimmed text of the first child with this local name; `None` if absent or blank.
    pub fn child_text(&self, local: &str) -> Option<&str> {
        self.child(local).map(Element::trimmed).filter(|text| !text.is_empty())
    }

    /// All text in it and in the elements inside it, in the order of the document.
    pub fn deep_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        // Kept on the heap, so that depth costs no stack: an element, how much of its text was taken, its children to come.
        let mut open = vec![(self, 0, self.children.iter())];
        while let Some((element, taken, children)) = open.last_mut() {
            let next = children.next();
            let end = next.map_or(element.text.len(), |child| child.offset);
            out.push_str(element.text.get(*taken..end).unwrap_or_default());
            *taken = end;
            match next {
                Some(child) => open.push((child, 0, child.children.iter())),
                None => drop(open.pop()),
            }
        }
        out
    }

    /// The text without blanks around it.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

/// Decodes an XML document: byte order mark, else the declared encoding (UTF-8, Shift_JIS and its Windows names,
/// EUC-JP), else UTF-8.
///
/// # Errors
/// `encoding-invalid` if the bytes are not what they claim to be, or claim to be of an encoding that is not read.
pub fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<Cow<'a, str>, Diagnostic> {
    let marked = [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| bytes.starts_with(mark));
    let legacy = if marked { None } else { declared_encoding(bytes, path)? };
    let Some(encoding) = legacy else {
        return text::decode(bytes, Legacy::Refused, path).map(|decoded| decoded.text);
    };
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        Diagnostic::new(Code::EncodingInvalid, Place::file(path)).with("encoding", encoding.name())
    })
}

/// The legacy encoding that the XML declaration names; `None` for UTF-8.
fn declared_encoding(bytes: &[u8], path: &str) -> Result<Option<&'static Encoding>, Diagnostic> {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let Some(value) = declaration.and_then(|d| d.split_once("encoding")).map(|(_, after)| after) else {
        return Ok(None);
    };
    let name = value.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'']);
    let name = name.split(['"', '\'', ' ', '?']).next().unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        // UTF-16 that can be read as ASCII has been decoded by the caller already.
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" | "utf-16le" | "utf-16be" | "" => Ok(None),
        "shift_jis" | "shift-jis" | "sjis" | "x-sjis" | "windows-31j" | "cp932" | "ms932" => {
            Ok(Some(SHIFT_JIS))
        }
        "euc-jp" => Ok(Some(EUC_JP)),
        other => Err(Diagnostic::new(Code::EncodingInvalid, Place::file(path))
            .with("encoding", text::shorten(other, 40))
            .with("offset", 0)),
    }
}

/// What [`XmlReader::next_piece`] comes upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An element that was entered: its start tag. Its children come next.
    Entered(Element),
    /// A whole element.
    Whole(Element),
    /// The end of the element that was entered last.
    Left,
}

/// A document that is read child by child.
pub struct XmlReader<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    path: String,
    depth_limit: usize,
    root: Element,
    /// True once the root's end tag was read (or it was empty).
    closed: bool,
    /// How many elements below the root have been entered.
    entered: usize,
    /// Position up to which lines were counted, and the number of line ends before it.
    counted: (usize, u64),
}

impl<'a> XmlReader<'a> {
    /// Reads up to and including the start tag of the root element.
    ///
    /// # Errors
    /// `file-empty`, `xml-invalid`, `xml-entity-refused`.
    pub fn open(text: &'a str, path: &str, limits: &Limits) -> Result<Self, Diagnostic> {
        if text.trim().is_empty() {
            return Err(Diagnostic::new(Code::FileEmpty, Place::file(path)));
        }
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.check_comments = true;
        config.check_end_names = true;
        config.allow_dangling_amp = false;
        let mut opened = XmlReader {
            reader,
            text,
            path: path.to_owned(),
            depth_limit: limits.depth.max(1),
            root: Element::default(),
            closed: false,
            entered: 0,
            counted: (0, 0),
        };
        opened.read_root()?;
        Ok(opened)
    }

    /// The root element: name, attributes, line. Its children are read by [`XmlReader::next_child`].
    pub fn root(&self) -> &Element {
        &self.root
    }

    fn read_root(&mut self) -> Result<(), Diagnostic> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.root = self.element(&start)?;
                    return Ok(());
                }
                Event::Empty(start) => {
                    self.root = self.element(&start)?;
                    self.closed = true;
                    return self.epilogue();
                }
                Event::Text(text) if text.xml10_content().trim().is_empty() => {}
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return Err(self.invalid("there is no root element")),
                _ => return Err(self.invalid("content in front of the root element")),
            }
        }
    }

    /// The next child of the root, complete; `None` behind the last one, when the rest of the document has been
    /// found to be in order.
    ///
    /// # Errors
    /// `xml-invalid` with the line, `xml-entity-refused`, `depth-exceeded`. After an error the document cannot be
    /// read on.
    pub fn next_child(&mut self) -> Result<Option<Element>, Diagnostic> {
        loop {
            match self.next_piece(|_| false)? {
                None => return Ok(None),
                Some(Piece::Whole(element)) => return Ok(Some(element)),
                Some(Piece::Entered(_) | Piece::Left) => {}
            }
        }
    }

    /// As [`XmlReader::next_child`], for documents whose root has few and large children: an element for which `enter`
    /// is true is not read as a whole, and its children come one by one. `enter` is asked about start tags.
    ///
    /// # Errors
    /// As [`XmlReader::next_child`].
    pub fn next_piece(&mut self, enter: impl Fn(&Element) -> bool) -> Result<Option<Piece>, Diagnostic> {
        // Elements that are open, the child itself first. Kept on the heap, so that depth costs no stack.
        let mut open: Vec<Element> = Vec::new();
        while !self.closed {
            let finished = match self.event()? {
                Event::Start(start) => {
                    let element = self.inner(&start, &open)?;
                    if open.is_empty() && enter(&element) {
                        self.entered += 1;
                        self.check_depth(0)?;
                        return Ok(Some(Piece::Entered(element)));
                    }
                    open.push(element);
                    self.check_depth(open.len())?;
                    None
                }
                Event::Empty(start) => Some(self.inner(&start, &open)?),
                Event::End(_) => match open.pop() {
                    Some(element) => Some(element),
                    None if self.entered > 0 => {
                        self.entered -= 1;
                        return Ok(Some(Piece::Left));
                    }
                    None => {
                        self.closed = true;
                        self.epilogue()?;
                        return Ok(None);
                    }
                },
                Event::Text(text) => {
                    push_text(&mut open, &text.xml10_content());
                    None
                }
                Event::CData(data) => {
                    push_text(&mut open, &data.xml10_content());
                    None
                }
                Event::GeneralRef(reference) => {
                    let character = self.resolve(&reference)?;
                    push_text(&mut open, &character);
                    None
                }
                Event::Comment(_) | Event::PI(_) => None,
                Event::Decl(_) | Event::DocType(_) => {
                    return Err(self.invalid("a declaration inside the root element"));
                }
                Event::Eof => return Err(self.invalid("the document ends inside an element")),
            };
            if let Some(element) = finished {
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(Some(Piece::Whole(element))),
                }
            }
        }
        Ok(None)
    }

    fn check_depth(&mut self, open: usize) -> Result<(), Diagnostic> {
        // The root is one level, too.
        if self.entered + open >= self.depth_limit {
            return Err(Diagnostic::new(Code::DepthExceeded, self.place()).with("limit", self.depth_limit));
        }
        Ok(())
    }

    /// Nothing but comments and blanks may follow the root.
    fn epilogue(&mut self) -> Result<(), Diagnostic> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.xml10_content().trim().is_empty() => {}
                _ => return Err(self.invalid("content behind the root element")),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, Diagnostic> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(Diagnostic::new(Code::XmlEntityRefused, self.place())),
            Ok(event) => Ok(event),
            Err(error) => Err(self.invalid(&error.to_string())),
        }
    }

    fn resolve(&mut self, reference: &BytesRef<'_>) -> Result<String, Diagnostic> {
        let name = reference.xml10_content();
        if let Some(text) = resolve_predefined_entity(&name) {
            return Ok(text.to_owned());
        }
        match reference.resolve_char_ref() {
            Ok(Some(character)) if is_xml_char(character) => Ok(character.to_string()),
            Ok(None) => {
                let place = self.place();
                Err(Diagnostic::new(Code::XmlEntityRefused, place).with("entity", text::shorten(&name, 40)))
            }
            Ok(Some(_)) => Err(self.invalid("a character reference to a character that XML excludes")),
            Err(error) => Err(self.invalid(&error.to_string())),
        }
    }

    fn inner(&mut self, start: &BytesStart<'_>, open: &[Element]) -> Result<Element, Diagnostic> {
        let offset = open.last().map_or(0, |parent| parent.text.len());
        Ok(Element { offset, ..self.element(start)? })
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, Diagnostic> {
        let line = self.line();
        let name = {
            let (namespace, local) = self.reader.resolver().resolve_element(start.name());
            named(namespace, local.as_ref())
        };
        let Some(name) = name else { return Err(self.invalid("a namespace prefix that is not declared")) };
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.invalid(&error.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            if attribute.value.contains('<') {
                return Err(self.invalid("\"<\" inside an attribute"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.invalid(&error.to_string()))?
                .into_owned();
            let name = {
                let (namespace, local) = self.reader.resolver().resolve_attribute(attribute.key);
                named(namespace, local.as_ref())
            };
            let Some(name) = name else {
                return Err(self.invalid("a namespace prefix that is not declared"));
            };
            attributes.push(Attribute { name, value });
        }
        Ok(Element { name, attributes, line, ..Element::default() })
    }

    /// The line of the reader's position. Positions only grow, so that every byte is looked at once.
    fn line(&mut self) -> u64 {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        self.line_at(position)
    }

    fn line_at(&mut self, position: usize) -> u64 {
        let position = position.min(self.text.len());
        let (from, lines) = self.counted;
        if position > from {
            let passed = self.text.as_bytes().get(from..position).unwrap_or_default();
            self.counted = (position, lines + memchr::memchr_iter(b'\n', passed).count() as u64);
        }
        self.counted.1 + 1
    }

    fn place(&mut self) -> Place {
        let line = self.line();
        Place::file(&self.path).at_line(line)
    }

    fn invalid(&mut self, reason: &str) -> Diagnostic {
        let position = self.reader.buffer_position().max(self.reader.error_position());
        let line = self.line_at(usize::try_from(position).unwrap_or(usize::MAX));
        Diagnostic::new(Code::XmlInvalid, Place::file(&self.path).at_line(line))
            .with("reason", text::shorten(reason, 200))
    }
}

fn named(namespace: ResolveResult<'_>, local: &str) -> Option<Name> {
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.0.to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    Some(Name { namespace, local: local.to_owned() })
}

fn push_text(open: &mut [Element], text: &str) {
    // Text directly inside the root is of no interest to any format read here.
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Source: XML 1.0, production 2 (Char).
fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Element, Vec<Element>), Diagnostic> {
        let mut reader = XmlReader::open(text, "f.xml", &Limits::DEFAULT)?;
        let mut children = Vec::new();
        while let Some(child) = reader.next_child()? {
            children.push(child);
        }
        Ok((reader.root().clone(), children))
    }

    fn refused(text: &str) -> Diagnostic {
        read(text).expect_err("must be refused")
    }

    #[test]
    fn namespaces_attributes_text_and_lines() {
        let (root, children) = read(
            "<?xml version=\"1.0\"?>\n<!-- c -->\n<r xmlns=\"urn:a\" xmlns:b=\"urn:b\" k=\"1 &lt; 2\">\n\
             <b:c b:k='x'>a&amp;b<![CDATA[<c>]]>&#x3042;</b:c>\n<d/>\n</r>\n<?pi?>\n",
        )
        .expect("reads");
        assert!(root.is("urn:a", "r"));
        assert_eq!(root.attribute("k"), Some("1 < 2"));
        assert_eq!(root.line, 3);
        assert!(children[0].is("urn:b", "c"));
        assert_eq!(children[0].text, "a&b<c>あ");
        assert_eq!(children[0].attribute("k"), None, "it has a namespace");
        assert_eq!(children[0].attributes[0].name.namespace, "urn:b");
        assert!(children[1].is("urn:a", "d"));
        assert_eq!(children[1].line, 5);
    }

    #[test]
    fn mixed_text_keeps_its_order() {
        let (_, children) = read("<r><a>1<b>2<c/>3</b>4<b>5</b></a></r>").expect("reads");
        assert_eq!(children[0].deep_text(), "12345");
    }

    #[test]
    fn entities_are_refused_and_never_expanded() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><r><c>&b;</c></r>";
        assert_eq!(refused(bomb).code, Code::XmlEntityRefused);
        assert_eq!(refused("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>").code, Code::XmlEntityRefused);
        let unknown = refused("<r><c>\n&nbsp;</c></r>");
        assert_eq!((unknown.code, unknown.place.line), (Code::XmlEntityRefused, Some(2)));
        assert_eq!(refused("<r><c>&#0;</c></r>").code, Code::XmlInvalid);
        assert_eq!(refused("<r><c k='&x;'/></r>").code, Code::XmlInvalid);
    }

    #[test]
    fn what_is_not_well_formed_names_its_line() {
        let table = [
            ("<r>\n<a></b>\n</r>", 2),
            ("<r>\n<a k= 0\n/></r>", 2),
            ("<r>\n<a>", 2),
            ("<r>\n<p:a/></r>", 2),
            ("<r/>\n<r/>", 2),
            ("<r><a k='1' k='2'/></r>", 1),
            ("text", 1),
            ("<r></r>text", 1),
            ("<r><a>&</a></r>", 1),
        ];
        for (text, line) in table {
            let error = refused(text);
            assert_eq!(error.code, Code::XmlInvalid, "{text}");
            assert!(error.place.line >= Some(line), "{text}: {:?}", error.place);
        }
        assert_eq!(refused(" \n").code, Code::FileEmpty);
    }

    #[test]
    fn depth_is_limited_without_using_the_stack() {
        let text = format!("<r>{}{}</r>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(refused(&text).code, Code::DepthExceeded);
        let text = format!("<r>{}{}</r>", "<a>".repeat(126), "</a>".repeat(126));
        assert!(read(&text).is_ok());
    }

    #[test]
    fn elements_are_entered_where_asked() {
        let text = "<r><a><b>1</b><a k='v'><b/></a></a><a/><b><a/></b></r>";
        let mut reader = XmlReader::open(text, "f.xml", &Limits::DEFAULT).expect("opens");
        let mut seen = Vec::new();
        while let Some(piece) = reader.next_piece(|element| element.name.local == "a").expect("reads") {
            seen.push(match piece {
                Piece::Entered(element) => format!("+{}{}", element.name.local, element.attributes.len()),
                Piece::Whole(element) => format!("{}{}", element.name.local, element.children.len()),
                Piece::Left => "-".to_owned(),
            });
        }
        assert_eq!(seen, ["+a0", "b0", "+a1", "b0", "-", "-", "a0", "b1"]);
        let deep = format!("<r>{}{}</r>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let mut reader = XmlReader::open(&deep, "f.xml", &Limits::DEFAULT).expect("opens");
        let error = loop {
            match reader.next_piece(|_| true) {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the depth is limited"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.code, Code::DepthExceeded);
    }

    #[test]
    fn every_truncation_is_an_error() {
        let text = "<?xml version=\"1.0\"?><r k=\"v\"><a>t&amp;<b/></a><!-- c --><c>あ</c></r>";
        for (at, _) in text.char_indices() {
            assert!(read(&text[..at]).is_err(), "{}", &text[..at]);
        }
        assert!(read(text).is_ok());
    }

    #[test]
    fn encodings() {
        let declared = "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><r><a>診断</a></r>";
        let (bytes, _, _) = SHIFT_JIS.encode(declared);
        assert_eq!(decode(&bytes, "f").expect("decodes"), declared);
        assert_eq!(decode(b"\xEF\xBB\xBF<r/>", "f").expect("decodes"), "<r/>");
        let wrong = decode(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><r>\x82\xa0</r>", "f");
        assert_eq!(wrong.expect_err("not UTF-8").code, Code::EncodingInvalid);
        let unknown = decode(b"<?xml version='1.0' encoding='EBCDIC'?><r/>", "f");
        assert_eq!(unknown.expect_err("not read").code, Code::EncodingInvalid);
    }
}
