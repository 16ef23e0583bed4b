//! What stands in front of the vulnerabilities: title, publisher, tracking, notes, references.
//!
//! Source: CVRF 1.1 and 1.2, `cvrf.xsd`.

use jiff::Timestamp;

use super::tree::Tree;
use super::{Report, SUMMARY};
use crate::advisory::{dates, markup};
use crate::text::shorten;
use crate::xml::Element;

/// Publishers by what their contact details hold: CVRF has no field for the name.
const PUBLISHERS: [(&str, &str); 7] = [
    ("@microsoft.com", "Microsoft"),
    ("fortiguard", "Fortinet"),
    ("fortinet", "Fortinet"),
    ("cisco", "Cisco"),
    ("redhat.com", "Red Hat"),
    ("suse.", "SUSE"),
    ("oracle.com", "Oracle"),
];

/// The head of a document.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub title: String,
    pub language: Option<String>,
    pub id: Option<String>,
    pub published: Option<Timestamp>,
    pub modified: Option<Timestamp>,
    pub summary: String,
    pub references: Vec<String>,
    publisher: Option<&'static str>,
}

impl Head {
    /// True if the document is one of Microsoft's months.
    pub(super) fn is_microsoft(&self) -> bool {
        self.publisher == Some("Microsoft")
    }

    /// The publisher; else the only vendor of the product tree.
    pub(super) fn source(&self, tree: &Tree) -> String {
        let vendor = || tree.only_vendor().map(|vendor| shorten(vendor, 100));
        self.publisher.map(str::to_owned).or_else(vendor).unwrap_or_else(|| "unknown".to_owned())
    }

    /// Reads one child of the root.
    pub(super) fn take(&mut self, element: &Element, report: &mut Report<'_>) {
        match element.name.local.as_str() {
            "DocumentTitle" => {
                self.title = shorten(element.trimmed(), 1000);
                let language = element.attributes.iter().find(|a| a.name.local == "lang");
                self.language = language.map(|a| a.value.trim().to_owned()).filter(|l| !l.is_empty());
            }
            "DocumentPublisher" => self.publisher = publisher(element),
            "DocumentTracking" => self.tracking(element, report),
            "DocumentNotes" => self.summary = note(element).unwrap_or_default(),
            "DocumentReferences" => self.references = references(element),
            _ => {}
        }
    }

    fn tracking(&mut self, element: &Element, report: &mut Report<'_>) {
        let id = element.child("Identification").and_then(|i| i.child_text("ID"));
        self.id = id.map(|id| shorten(id, 200));
        let place = report.place(element, "/cvrfdoc/DocumentTracking");
        let mut date =
            |name: &str| dates::field(element.child_text(name), name, &place, &mut report.diagnostics);
        self.published = date("InitialReleaseDate");
        self.modified = date("CurrentReleaseDate");
    }
}

fn publisher(element: &Element) -> Option<&'static str> {
    let told = |name: &str| element.child_text(name).unwrap_or_default().to_lowercase();
    let text = format!("{} {}", told("ContactDetails"), told("IssuingAuthority"));
    PUBLISHERS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

/// The note that describes best what it is about.
pub(super) fn note(notes: &Element) -> Option<String> {
    let of = |kind: &str| {
        let found = notes.all("Note").find(|note| {
            note.attribute("Type").is_some_and(|t| t.eq_ignore_ascii_case(kind)) && told(note.trimmed())
        });
        found.map(|note| shorten(&markup::plain(note.trimmed()), SUMMARY))
    };
    of("Summary").or_else(|| of("Description"))
}

/// Fortinet writes `None` where there is nothing.
fn told(text: &str) -> bool {
    !text.is_empty() && !text.eq_ignore_ascii_case("none")
}

/// The addresses that `References` or `DocumentReferences` hold, the document's own first. An address may be wrapped in
/// HTML (Fortinet).
pub(super) fn references(list: &Element) -> Vec<String> {
    let entries = || list.all("Reference");
    let own = |entry: &&Element| entry.attribute("Type").is_some_and(|t| t.eq_ignore_ascii_case("self"));
    let ordered = entries().filter(own).chain(entries().filter(|entry| !own(entry)));
    ordered.filter_map(|entry| address(entry.child_text("URL")?)).collect()
}

/// The address in a text: itself, or what `href` says.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = match text.split_once("href=") {
        Some((_, behind)) => {
            let behind = behind.trim_start_matches(['"', '\'']);
            behind.split(['"', '\'', '>']).next().unwrap_or_default()
        }
        None => text,
    };
    let web = inner.starts_with("https://") || inner.starts_with("http://");
    (web && inner.len() <= 2000).then(|| inner.to_owned())
}
