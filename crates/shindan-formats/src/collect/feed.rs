//! Lists of news: RSS 1.0 (RDF), RSS 2.0 and Atom.
//!
//! Source: RSS 1.0, RSS 2.0.11, RFC 4287 (Atom), `jvnrss_3.2.xsd`. Read here instead of by a library for lists of news,
//! because those drop `sec:` and times without seconds, which JVN and JPCERT/CC write.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::item::{self, Raw};
use super::myjvn_list::{Status, says_none};
use super::{Emptiness, FeedItem, moments, refuse_page};
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{self, Element, Piece, XmlReader};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const ATOM: &str = "http://www.w3.org/2005/Atom";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const DCTERMS: &str = "http://purl.org/dc/terms/";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const SEC: [&str; 2] = ["http://jvn.jp/rss/mod_sec/3.0/", "http://jvn.jp/rss/mod_sec/"];
const STATUS: &str = "http://jvndb.jvn.jp/myjvn/Status";

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// RSS 1.0: RDF.
    Rss1,
    /// RSS 2.0 and its forerunners 0.91 and 0.92.
    Rss2,
    /// Atom.
    Atom,
}

/// A list of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its format.
    pub kind: FeedKind,
    /// What the list calls itself.
    pub title: String,
    /// When the list was changed last, by its own account.
    pub updated: Option<Timestamp>,
    /// Its items in the order of the document, one of each id.
    pub items: Vec<FeedItem>,
    /// What could not be read of single items.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a list of news.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `format-unknown`, `encoding-invalid`, `xml-invalid`, `xml-entity-refused`,
/// `depth-exceeded`, `list-too-long`: nothing of a damaged list is used, because what follows the damage would be missed.
/// `source-reported-error` if the list is an answer of MyJVN that tells one. `feed-empty` if it has no items and
/// `emptiness` says that it always has some; the first item's diagnostic if none of its items can be read.
pub fn read(bytes: &[u8], path: &str, emptiness: Emptiness, limits: &Limits) -> Result<Feed, Diagnostic> {
    let (feed, status) = read_with_status(bytes, path, limits)?;
    if let Some(status) = status {
        status.refuse_error(path)?;
    }
    if feed.items.is_empty() && emptiness == Emptiness::NeverEmpty {
        return Err(Diagnostic::new(Code::FeedEmpty, Place::file(path)));
    }
    Ok(feed)
}

/// As [`read`], with the status that answers of MyJVN end with, and without looking at either.
pub(super) fn read_with_status(
    bytes: &[u8],
    path: &str,
    limits: &Limits,
) -> Result<(Feed, Option<Status>), Diagnostic> {
    refuse_page(bytes, path)?;
    refuse_json(bytes, path)?;
    let text = xml::decode(bytes, path)?;
    let mut reader = XmlReader::open(&text, path, limits)?;
    let kind = kind_of(reader.root(), path)?;
    let mut builder = Builder::new(kind, path, limits.entries);
    while let Some(piece) =
        reader.next_piece(|element| kind == FeedKind::Rss2 && element.name.local == "channel")?
    {
        if let Piece::Whole(element) = piece {
            builder.take(&element)?;
        }
    }
    builder.finish()
}

fn refuse_json(bytes: &[u8], path: &str) -> Result<(), Diagnostic> {
    let json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    if json {
        return Err(Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "JSON"));
    }
    Ok(())
}

fn kind_of(root: &Element, path: &str) -> Result<FeedKind, Diagnostic> {
    if root.is(RDF, "RDF") {
        return Ok(FeedKind::Rss1);
    }
    if root.is(ATOM, "feed") {
        return Ok(FeedKind::Atom);
    }
    if root.is("", "rss") {
        return Ok(FeedKind::Rss2);
    }
    let hint = shorten(&format!("XML: <{}>", root.name.local), 120);
    Err(Diagnostic::new(Code::FormatUnknown, Place::file(path).at_line(root.line)).with("hint", hint))
}

/// What has been read of a list so far.
struct Builder<'a> {
    feed: Feed,
    status: Option<Status>,
    /// Position of each id in the list.
    places: BTreeMap<String, usize>,
    /// How many items there were, readable or not.
    records: usize,
    /// How many items the head of an RSS 1.0 list announces.
    announced: Option<usize>,
    path: &'a str,
    most: usize,
}

impl<'a> Builder<'a> {
    fn new(kind: FeedKind, path: &'a str, most: usize) -> Self {
        let feed =
            Feed { kind, title: String::new(), updated: None, items: Vec::new(), diagnostics: Vec::new() };
        Builder { feed, status: None, places: BTreeMap::new(), records: 0, announced: None, path, most }
    }

    fn take(&mut self, element: &Element) -> Result<(), Diagnostic> {
        let local = element.name.local.as_str();
        if element.is(STATUS, "Status") {
            self.status = Some(Status::of_element(element));
            return Ok(());
        }
        match (self.feed.kind, local) {
            (FeedKind::Rss1 | FeedKind::Rss2, "item") | (FeedKind::Atom, "entry") => {
                return self.item(element);
            }
            (FeedKind::Rss1, "channel") => self.head(element),
            // The children of the head of the other formats come one by one.
            (FeedKind::Rss2 | FeedKind::Atom, "title") if self.feed.title.is_empty() => {
                self.feed.title = shorten(&element.deep_text(), 200);
            }
            (FeedKind::Rss2, "lastBuildDate" | "pubDate") | (FeedKind::Atom, "updated") => {
                self.changed(Some(element.trimmed()), "updated", element.line);
            }
            _ => {}
        }
        Ok(())
    }

    fn head(&mut self, channel: &Element) {
        self.feed.title = shorten(channel.child_text("title").unwrap_or_default(), 200);
        self.changed(text_in(channel, DCTERMS, "modified"), "dcterms:modified", channel.line);
        if self.feed.updated.is_none() {
            self.changed(text_in(channel, DC, "date"), "dc:date", channel.line);
        }
        let listed = channel.child("items").and_then(|items| items.child_in(RDF, "Seq"));
        self.announced = listed.map(|listed| listed.all("li").count());
    }

    /// Keeps the newest time that the list gives for itself.
    fn changed(&mut self, text: Option<&str>, name: &str, line: u64) {
        let place = Place::file(self.path).at_line(line);
        let at = moments::field(text, name, &place, &mut self.feed.diagnostics);
        self.feed.updated = self.feed.updated.max(at);
    }

    fn item(&mut self, element: &Element) -> Result<(), Diagnostic> {
        self.records += 1;
        let place = Place::file(self.path).at_line(element.line);
        if self.records > self.most {
            return Err(Diagnostic::new(Code::ListTooLong, place).with("limit", self.most));
        }
        if element.child("title").is_some_and(|title| says_none(&title.deep_text())) {
            self.records -= 1;
            self.feed.diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, place));
            return Ok(());
        }
        let raw = if self.feed.kind == FeedKind::Atom { atom(element) } else { rss(element) };
        let Some(item) = item::finish(raw, &place, &mut self.feed.diagnostics) else { return Ok(()) };
        match self.places.get(&item.id).and_then(|at| self.feed.items.get_mut(*at)) {
            None => {
                self.places.insert(item.id.clone(), self.feed.items.len());
                self.feed.items.push(item);
            }
            Some(known) => {
                let told = Diagnostic::new(Code::DuplicateIdentifier, place).with("field", "id");
                self.feed.diagnostics.push(told.with("value", &item.id));
                // Lists begin with the newest, so that the one in front stays if times do not decide.
                if item.updated > known.updated {
                    *known = item;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Feed, Option<Status>), Diagnostic> {
        if self.feed.items.is_empty() && self.records > 0 {
            let missing = |told: &Diagnostic| told.code == Code::FieldMissing;
            let first = self.feed.diagnostics.into_iter().find(missing);
            return Err(first.unwrap_or_else(|| Diagnostic::new(Code::FeedEmpty, Place::file(self.path))));
        }
        if let Some(announced) = self.announced.filter(|announced| *announced > self.records) {
            let told = Diagnostic::new(Code::SpecViolation, Place::file(self.path)).with("rule", "rdf:Seq");
            self.feed.diagnostics.push(told.with("announced", announced).with("found", self.records));
        }
        Ok((self.feed, self.status))
    }
}

fn text_in<'a>(element: &'a Element, namespace: &str, local: &str) -> Option<&'a str> {
    element.child_in(namespace, local).map(Element::trimmed).filter(|text| !text.is_empty())
}

/// The text of the child of the format's own namespace: `media:title` is not the title.
fn own<'a>(element: &'a Element, local: &str) -> Option<&'a str> {
    text_in(element, &element.name.namespace, local)
}

fn security<'a>(element: &'a Element, local: &str) -> Option<&'a str> {
    SEC.iter().find_map(|namespace| text_in(element, namespace, local))
}

fn named(name: &'static str, text: Option<&str>) -> Option<(&'static str, String)> {
    text.map(|text| (name, text.to_owned()))
}

fn rss(element: &Element) -> Raw {
    let about = element.attributes.iter().find(|a| a.name.namespace == RDF && a.name.local == "about");
    let guid = own(element, "guid");
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let permanent = element.child("guid").is_some_and(|guid| guid.attribute("isPermaLink") != Some("false"));
    let references = element
        .children
        .iter()
        .filter(|child| child.name.local == "references" && SEC.contains(&child.name.namespace.as_str()));
    let naming = references.flat_map(|reference| {
        [reference.attribute("id").unwrap_or_default().to_owned(), reference.text.clone()]
    });
    let description = own(element, "description").unwrap_or_default();
    let whole = text_in(element, CONTENT, "encoded").unwrap_or_default();
    Raw {
        ids: vec![
            owned(text_in(element, DC, "identifier")),
            owned(security(element, "identifier")),
            owned(guid),
            about.map(|about| about.value.clone()),
        ],
        title: own(element, "title").or_else(|| text_in(element, DC, "title")).unwrap_or_default().to_owned(),
        link: owned(own(element, "link").or(guid.filter(|guid| permanent && guid.starts_with("http"))))
            .or_else(|| about.map(|about| about.value.clone()).filter(|about| about.starts_with("http"))),
        published: named("dcterms:issued", text_in(element, DCTERMS, "issued")),
        updated: named("dcterms:modified", text_in(element, DCTERMS, "modified")),
        dated: named("pubDate", own(element, "pubDate")).or(named("dc:date", text_in(element, DC, "date"))),
        text: if whole.is_empty() { description } else { whole }.to_owned(),
        naming: naming.chain([description.to_owned()]).collect(),
        category: None,
    }
}

fn atom(element: &Element) -> Raw {
    let links = || element.children.iter().filter(|child| child.is(ATOM, "link"));
    let alternate = links().find(|link| matches!(link.attribute("rel"), None | Some("alternate")));
    let link = alternate.or_else(|| links().next()).and_then(|link| link.attribute("href"));
    let deep = |local: &str| element.child_in(ATOM, local).map(Element::deep_text).unwrap_or_default();
    let (summary, content) = (deep("summary"), deep("content"));
    Raw {
        ids: vec![own(element, "id").map(str::to_owned)],
        title: deep("title"),
        link: link.map(str::to_owned),
        published: named("published", own(element, "published")),
        updated: named("updated", own(element, "updated")),
        dated: None,
        text: if content.trim().is_empty() { summary.clone() } else { content },
        // Answers of MyJVN hold related information in elements of their own.
        naming: vec![summary, element.deep_text()],
        category: element.child_in(ATOM, "category").and_then(|c| c.attribute("term")).map(str::to_owned),
    }
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
