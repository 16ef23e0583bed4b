//! SPDX 2.2 and 2.3, tag-value: lines of `Tag: value`, where a value may be a `<text>` of several lines.
//!
//! Source: SPDX specification 2.3, clauses 6 to 11 ("tag-value format"). The order matters: `PackageName` begins a
//! package, `FileName` a file, and what follows belongs to it.

use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::{Inventory, InventoryKind};

use super::{Document, Package, given};
use crate::inventory::collector::Collector;
use crate::text::shorten;

/// Reads a document. What is wrong with one line is told, and the others are read.
pub(in crate::inventory) fn read(text: &str, found: Collector<'_>) -> Inventory {
    let mut reader =
        Reader { document: Document::new(found, false), element: Element::Document, package: None };
    let mut pairs = Pairs { rest: text, line: 0 };
    while let Some(item) = pairs.next_pair() {
        match item {
            Item::Pair { tag, value, line } => reader.pair(tag, value, line),
            Item::Odd { text, line } => {
                let diagnostic =
                    reader.document.found.at_line(Code::FieldInvalid, line).with("field", "line");
                let value = shorten(text, 100);
                reader.document.found.push(diagnostic.with("value", value).with("expected", "Tag: value"));
            }
            Item::Unclosed { tag, line } => {
                let diagnostic = reader.document.found.at_line(Code::FieldInvalid, line).with("field", tag);
                reader.document.found.push(diagnostic.with("value", "<text>").with("expected", "</text>"));
            }
        }
    }
    reader.finish_package();
    let mut document = reader.document;
    document.check_version("SPDXVersion");
    document.finish(InventoryKind::SpdxTagValue)
}

/// What the lines are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Document,
    Package,
    /// A file, a snippet, a licence.
    Other,
}

struct Reader<'p> {
    document: Document<'p>,
    element: Element,
    /// The package that is being read, and the line at which it began.
    package: Option<(Package, u64)>,
}

impl Reader<'_> {
    fn pair(&mut self, tag: &str, value: &str, line: u64) {
        match tag {
            "SPDXVersion" => self.document.version = given(Some(value)),
            "DocumentName" => self.document.name = given(Some(value)),
            "ExternalDocumentRef" => self.document.elsewhere += 1,
            "PackageName" => {
                self.finish_package();
                self.element = Element::Package;
                self.package = Some((Package { name: given(Some(value)), ..Package::default() }, line));
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" => {
                self.finish_package();
                self.element = Element::Other;
                if tag == "SnippetSPDXID" {
                    self.document.element(value, &format!("line {line}"));
                }
            }
            "SPDXID" => self.id(value, line),
            "Relationship" => self.relationship(value, line),
            _ => self.of_package(tag, value, line),
        }
    }

    fn of_package(&mut self, tag: &str, value: &str, line: u64) {
        let Some((package, _)) = self.package.as_mut().filter(|_| self.element == Element::Package) else {
            return;
        };
        match tag {
            "PackageVersion" => package.version = given(Some(value)),
            "PackageSourceInfo" => package.source_info = given(Some(value)),
            "ExternalRef" => {
                let mut parts = value.split_whitespace();
                match (parts.next(), parts.next(), parts.next()) {
                    (Some(_), Some(kind), Some(locator)) => package.refer(kind, locator),
                    _ => self.document.violation(
                        "external-reference-incomplete",
                        &format!("line {line}"),
                        value,
                    ),
                }
            }
            _ => {}
        }
    }

    fn id(&mut self, value: &str, line: u64) {
        match (&mut self.package, self.element) {
            (Some((package, _)), Element::Package) if package.id.is_none() => package.id = given(Some(value)),
            _ => self.document.element(value, &format!("line {line}")),
        }
    }

    fn relationship(&mut self, value: &str, line: u64) {
        let mut parts = value.split_whitespace();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(from), Some(kind), Some(to)) => self.document.relationship(from, kind, to, line),
            _ => {
                let place = format!("line {line}");
                self.document.violation("relationship-incomplete", &place, value);
            }
        }
    }

    fn finish_package(&mut self) {
        if let Some((package, line)) = self.package.take() {
            self.document.package(package, format!("line {line}"));
        }
    }
}

/// What stands at a place of the text.
enum Item<'t> {
    /// `Tag: value`; the value without `<text>` and blanks around it.
    Pair { tag: &'t str, value: &'t str, line: u64 },
    /// A line that is no pair.
    Odd { text: &'t str, line: u64 },
    /// A `<text>` that does not end; the rest of the document belongs to it.
    Unclosed { tag: &'t str, line: u64 },
}

/// Walks through the text, each byte once.
struct Pairs<'t> {
    rest: &'t str,
    /// Number of the line before `rest`, counted from 1.
    line: u64,
}

impl<'t> Pairs<'t> {
    fn next_pair(&mut self) -> Option<Item<'t>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let whole = self.rest;
            let end = memchr::memchr(b'\n', whole.as_bytes()).unwrap_or(whole.len());
            let text = whole.get(..end).unwrap_or_default();
            self.rest = whole.get(end + 1..).unwrap_or_default();
            self.line += 1;
            let line = self.line;
            let trimmed = text.trim();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let Some((tag, value)) = trimmed.split_once(':').filter(|(tag, _)| is_tag(tag)) else {
                return Some(Item::Odd { text: trimmed, line });
            };
            let value = value.trim();
            let Some(opened) = value.strip_prefix("<text>") else {
                return Some(Item::Pair { tag, value, line });
            };
            if let Some((value, _)) = opened.split_once("</text>") {
                return Some(Item::Pair { tag, value: value.trim(), line });
            }
            return Some(self.long_text(tag, whole, end, line));
        }
    }

    /// A text that goes on behind the line that ends at `end` of `whole`.
    fn long_text(&mut self, tag: &'t str, whole: &'t str, end: usize, line: u64) -> Item<'t> {
        let Some(close) = memchr::memmem::find(self.rest.as_bytes(), b"</text>") else {
            self.rest = "";
            return Item::Unclosed { tag, line };
        };
        let passed = self.rest.get(..close).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed.as_bytes()).count() as u64;
        let after = self.rest.get(close..).unwrap_or_default();
        let line_end = memchr::memchr(b'\n', after.as_bytes()).map_or(after.len(), |at| at + 1);
        self.rest = after.get(line_end..).unwrap_or_default();
        if line_end > 0 && after.as_bytes().get(line_end - 1) == Some(&b'\n') {
            self.line += 1;
        }
        let start = memchr::memmem::find(whole.as_bytes(), b"<text>").map_or(0, |at| at + "<text>".len());
        let value = whole.get(start..end + 1 + close).unwrap_or_default().trim();
        Item::Pair { tag, value, line }
    }
}

/// Tags are letters and digits; a line of prose with a colon is none.
fn is_tag(text: &str) -> bool {
    !text.is_empty() && text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Vec<String> {
        let mut pairs = Pairs { rest: text, line: 0 };
        let mut list = Vec::new();
        while let Some(item) = pairs.next_pair() {
            list.push(match item {
                Item::Pair { tag, value, line } => format!("{line} {tag}={}", value.replace('\n', "|")),
                Item::Odd { text, line } => format!("{line} ?{text}"),
                Item::Unclosed { tag, line } => format!("{line} {tag}…"),
            });
        }
        list
    }

    #[test]
    fn texts_of_several_lines() {
        assert_eq!(
            walk(
                "A: 1\r\n# c\nB: <text>x\n C: 2\n</text> behind\n\nD:<text>y</text>\nE: <text></text>\nodd: line: 3 x\nno pair\nF: <text>\nG: 1"
            ),
            ["1 A=1", "3 B=x| C: 2", "7 D=y", "8 E=", "9 odd=line: 3 x", "10 ?no pair", "11 F…"]
        );
        assert_eq!(walk("A: <text>x\ny</text>"), ["1 A=x|y"]);
        assert_eq!(walk("A: <text>x\ny</text>\nB: 2"), ["1 A=x|y", "3 B=2"]);
        assert_eq!(walk("A: <text>\n</text>\nB:"), ["1 A=", "3 B="]);
    }
}
