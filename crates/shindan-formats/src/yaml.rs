//! YAML as lock files and advisories need it: the tree of a document with the line of each value, and every scalar as
//! it is written.
//!
//! No schema is applied: `1.10` stays the text `1.10`, where a reader of numbers would make 1.1 of it, and `no` stays
//! a text. Only what is written as nothing (`null`, `~`, an empty plain scalar) is [`Value::Null`].
//!
//! Hostile documents are bounded: size, nesting, number of values. An alias is a copy of what it points to, and copies
//! count as values, so that aliases of aliases end at the limit instead of in memory.
//!
//! Source: YAML 1.2.2, chapter 3.2 (representation graph), chapter 7.1 (alias nodes).

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;
use crate::text::shorten;

/// Largest document. The tree needs several times the memory of the text; genuine lock files stay below 5 MiB.
const LARGEST: usize = 64 << 20;
/// Most values of a document, copies by aliases included.
const MOST_VALUES: usize = 4_000_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Line of its first character, from 1.
    pub(crate) line: u64,
    pub(crate) value: Value,
    /// How many values it is made of, itself included.
    size: usize,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Written as nothing, or cut off.
    Null,
    /// A scalar, as written.
    Text(String),
    List(Vec<Node>),
    /// In the order of the document; a key may be repeated.
    Map(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// As written; the empty text for a key that is no scalar.
    pub(crate) key: String,
    /// Line of the key, from 1.
    pub(crate) line: u64,
    pub(crate) node: Node,
}

impl Node {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The first value of this key in a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The text of the scalar at this key.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// What it is, for a diagnostic.
    pub(crate) fn shape(&self) -> &str {
        match &self.value {
            Value::Null => "null",
            Value::Text(text) => text,
            Value::List(_) => "[…]",
            Value::Map(_) => "{…}",
        }
    }
}

/// The documents of a stream, and what ended it too early, if anything did: the documents then hold what was read
/// until there.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) documents: Vec<Node>,
    pub(crate) diagnostic: Option<Diagnostic>,
}

/// Reads a stream of documents. The diagnostic is `yaml-invalid` with line and column, `depth-exceeded`,
/// `file-too-large`, or `file-empty` where there is not one value.
pub(crate) fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    if text.len() > LARGEST {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Place::file(path));
        let diagnostic = diagnostic.with("size", text.len()).with("limit", LARGEST);
        return Reading { documents: Vec::new(), diagnostic: Some(diagnostic) };
    }
    let mut builder = Builder { path, depth: limits.depth, ..Builder::default() };
    let options = granit_parser::options! {
        flow_nesting_limit: limits.depth + 1,
        block_nesting_limit: limits.depth + 1,
        emit_comments: false,
    };
    let mut diagnostic = None;
    for event in Parser::new_from_str_with_options(text, options) {
        let outcome = match event {
            Ok((event, span)) => builder.take(event, &span.start),
            Err(error) => Err(explain(&error, path, limits)),
        };
        if let Err(found) = outcome {
            diagnostic = Some(found);
            break;
        }
    }
    let documents = builder.finish();
    if documents.is_empty() && diagnostic.is_none() {
        diagnostic = Some(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    Reading { documents, diagnostic }
}

fn explain(error: &ScanError, path: &str, limits: &Limits) -> Diagnostic {
    let place = place(path, error.marker());
    let reason = error.info();
    if reason.contains("nesting") || reason.contains("recursion") {
        return Diagnostic::new(Code::DepthExceeded, place).with("limit", limits.depth);
    }
    Diagnostic::new(Code::YamlInvalid, place).with("reason", shorten(&reason, 200))
}

fn place(path: &str, marker: &Marker) -> Place {
    let mut place = Place::file(path).at_line(marker.line().max(1) as u64);
    place.column = Some(marker.col() as u64 + 1);
    place
}

/// A collection that is being read.
#[derive(Debug)]
struct Open {
    line: u64,
    anchor: usize,
    size: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    List(Vec<Node>),
    /// With the key whose value comes next.
    Map(Vec<Entry>, Option<(String, u64)>),
}

#[derive(Debug, Default)]
struct Builder<'p> {
    path: &'p str,
    depth: usize,
    /// Values made so far, copies included.
    values: usize,
    open: Vec<Open>,
    anchors: std::collections::BTreeMap<usize, Node>,
    documents: Vec<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, at: &Marker) -> Result<(), Diagnostic> {
        let line = at.line().max(1) as u64;
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let nothing =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if nothing { Value::Null } else { Value::Text(text.into_owned()) };
                self.count(1, at)?;
                self.place(Node { line, value, size: 1 }, anchor);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Content::List(Vec::new()), anchor, at)?,
            Event::MappingStart(_, anchor, _) => self.begin(Content::Map(Vec::new(), None), anchor, at)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                // An alias inside its own anchor points to what is not complete yet.
                let Some(node) = self.anchors.get(&anchor) else {
                    let reason = "an alias that points to itself";
                    return Err(
                        Diagnostic::new(Code::YamlInvalid, place(self.path, at)).with("reason", reason)
                    );
                };
                let size = node.size;
                self.count(size, at)?;
                let copy = self.anchors.get(&anchor).cloned();
                if let Some(node) = copy {
                    self.check_depth(levels(&node), at)?;
                    self.place(node, 0);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, values: usize, at: &Marker) -> Result<(), Diagnostic> {
        self.values = self.values.saturating_add(values);
        if self.values > MOST_VALUES {
            let reason = format!("more than {MOST_VALUES} values");
            return Err(Diagnostic::new(Code::YamlInvalid, place(self.path, at)).with("reason", reason));
        }
        Ok(())
    }

    fn check_depth(&self, more: usize, at: &Marker) -> Result<(), Diagnostic> {
        if self.open.len() + more > self.depth {
            let diagnostic = Diagnostic::new(Code::DepthExceeded, place(self.path, at));
            return Err(diagnostic.with("limit", self.depth));
        }
        Ok(())
    }

    fn begin(&mut self, content: Content, anchor: usize, at: &Marker) -> Result<(), Diagnostic> {
        self.count(1, at)?;
        self.check_depth(1, at)?;
        self.open.push(Open { line: at.line().max(1) as u64, anchor, size: 1, content });
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            // A key without value can only be the one at which the document was cut off.
            Content::Map(mut entries, key) => {
                entries.extend(key.map(|(key, line)| Entry {
                    key,
                    line,
                    node: Node { line, value: Value::Null, size: 1 },
                }));
                Value::Map(entries)
            }
        };
        self.place(Node { line: open.line, value, size: open.size }, open.anchor);
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(node);
            return;
        };
        parent.size += node.size;
        match &mut parent.content {
            Content::List(items) => items.push(node),
            Content::Map(entries, key) => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, node }),
                None => {
                    let text = match node.value {
                        Value::Text(text) => text,
                        _ => String::new(),
                    };
                    *key = Some((text, node.line));
                }
            },
        }
    }

    /// Closes whatever was left open.
    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.end();
        }
        self.documents
    }
}

/// How many levels of collections a value has.
fn levels(node: &Node) -> usize {
    // As deep as the limit allows, so that recursion is bounded.
    match &node.value {
        Value::Null | Value::Text(_) => 0,
        Value::List(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Map(entries) => 1 + entries.iter().map(|entry| levels(&entry.node)).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "-".to_owned(),
            Value::Text(text) => format!("{text}@{}", node.line),
            Value::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
            }
            Value::Map(entries) => {
                let shown: Vec<String> =
                    entries.iter().map(|entry| format!("{}={}", entry.key, show(&entry.node))).collect();
                format!("{{{}}}", shown.join(" "))
            }
        }
    }

    fn check(text: &str, expected: &str) {
        let reading = read(text, "f.yaml", &Limits::DEFAULT);
        let mut shown = reading.documents.iter().map(show).collect::<Vec<_>>().join(" ");
        if let Some(found) = reading.diagnostic {
            shown = format!("{shown} ! {} {}", found.code, found.place);
        }
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        check("a: 1.10\nb: no\nc: 0x1F\nd: 2020-01-02\n", "{a=1.10@1 b=no@2 c=0x1F@3 d=2020-01-02@4}");
        check("a:\nb: ~\nc: ''\nd: 'null'\n", "{a=- b=- c=@3 d=null@4}");
        check("- |\n  x\n  y\n- \"z\\u3042\"\n", "[x\ny\n@2 zあ@4]");
        check("'@a/b@1':\n  {v: [1, 2]}\n", "{@a/b@1={v=[1@2 2@2]}}");
        check("---\na: 1\n---\nb: 2\n", "{a=1@2} {b=2@4}");
    }

    #[test]
    fn aliases_are_copies() {
        check("a: &x {v: 1}\nb: *x\n", "{a={v=1@1} b={v=1@1}}");
        check("a: &x [*x]\n", "{a=[]} ! yaml-invalid f.yaml:1:8");
        check("a: *x\n", "{a=-} ! yaml-invalid f.yaml:1:4");
    }

    #[test]
    fn damaged_documents_say_where() {
        check("", " ! file-empty f.yaml");
        check("# c\n", " ! file-empty f.yaml");
        check("a: 1\nb: [1, 2\n", "{a=1@1 b=[1@2]} ! yaml-invalid f.yaml:2:4");
        check("a: 1\nb: 2\n c: 3\n", "{a=1@1 b=2 c@2} ! yaml-invalid f.yaml:3:3");
        check("a: \"x\n", "{a=-} ! yaml-invalid f.yaml:2:1");
    }

    #[test]
    fn hostile_documents_end_at_a_limit() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), "a:\n".repeat(3)] {
            let reading = read(&text, "f.yaml", &Limits::DEFAULT);
            assert!(reading.diagnostic.is_some() || text.len() < 100, "{}", &text[..9]);
        }
        let deep = read(&"[".repeat(1_000), "f.yaml", &Limits::DEFAULT).diagnostic.expect("too deep");
        assert_eq!(deep.code, Code::DepthExceeded);
        let deep = read(&"- ".repeat(1_000), "f.yaml", &Limits::DEFAULT).diagnostic.expect("too deep");
        assert_eq!(deep.code, Code::DepthExceeded);
        // A thousand millions of values in nine lines.
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            let before = vec![format!("*a{}", n - 1); 10].join(", ");
            laughs.push_str(&format!("a{n}: &a{n} [{before}]\n"));
        }
        let reading = read(&laughs, "f.yaml", &Limits::DEFAULT);
        assert_eq!(reading.diagnostic.expect("refused").code, Code::YamlInvalid);
        // Depth by aliases: each level wraps the one before.
        let mut nested = "a0: &a0 [x]\n".to_owned();
        for n in 1..300 {
            nested.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
        }
        let reading = read(&nested, "f.yaml", &Limits::DEFAULT);
        assert_eq!(reading.diagnostic.expect("too deep").code, Code::DepthExceeded);
    }

    #[test]
    fn every_cut_is_read_or_explained() {
        let text = "a: &x {v: [1, \"2\"]}\nb: *x\n? c\n: |\n  text\nd: 'e'\n";
        for (at, _) in text.char_indices() {
            let reading = read(&text[..at], "f.yaml", &Limits::DEFAULT);
            assert!(!reading.documents.is_empty() || reading.diagnostic.is_some(), "{}", &text[..at]);
        }
    }
}
