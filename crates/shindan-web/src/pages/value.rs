//! Values of records as pages show them – with their text and where they lead – and lists of them.

use shindan_domain::ledger::Stream;
use shindan_domain::process::{Fact, Section, Shown};
use shindan_report::records::{Names, row_in_words, shown_text};
use shindan_report::words::Words;

use crate::address::{address, encoded};
use crate::asked::Asked;
use crate::listing::{Cell, Columns, Listing, labelled};

/// A list of a record of so many rows is seen at once; a longer one is there as a file, too.
const SHORT: usize = 10;

/// A value: its text, and where it leads.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub text: String,
    pub address: Option<String>,
}

impl Value {
    /// Whether it is a hash, which is set in lines of equal length.
    pub fn is_hash(&self) -> bool {
        self.text.len() >= 64 && self.text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// Whether it is an id, which is there for programs and for who tells one token from another.
    pub fn is_id(&self) -> bool {
        // A notice is called by the check that brought it, and its place there.
        let id = self.text.split('#').next().unwrap_or_default();
        id.parse::<uuid::Uuid>().is_ok()
    }
}

/// A list inside a record.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Vec<Value>>>,
    /// Where it is as CSV and as Excel, if it is long.
    pub files: Option<[String; 2]>,
}

/// Facts with their names.
pub(crate) fn facts(facts: &[Fact], names: &Names, w: &Words) -> Vec<(String, Vec<Value>)> {
    facts.iter().map(|fact| (w.label_of(fact.label), values(&fact.value, names, w))).collect()
}

/// Lists with the names of their columns.
pub(crate) fn sections(stream: Stream, sections: &[Section], names: &Names, w: &Words) -> Vec<List> {
    let cell = |cell: &Option<Shown>| cell.as_ref().map(|shown| values(shown, names, w)).unwrap_or_default();
    let list = |section: &Section| List {
        title: w.label_of(section.label),
        columns: section.columns.iter().map(|column| w.label_of(*column)).collect(),
        rows: section
            .rows
            .iter()
            .map(|row| row_in_words(section, row, w).iter().map(cell).collect())
            .collect(),
        files: (section.rows.len() > SHORT).then(|| {
            let file = |format| format!("{}?list={}&as={format}", address(stream), section.label.as_str());
            [file("csv"), file("xlsx")]
        }),
    };
    sections.iter().map(list).collect()
}

/// A value as it is shown; several, one below the other.
pub(crate) fn values(shown: &Shown, names: &Names, w: &Words) -> Vec<Value> {
    if let Shown::List(all) = shown {
        return all.iter().flat_map(|one| values(one, names, w)).collect();
    }
    if let Shown::Text(key) = shown
        && let Some(number) = asset_number(key)
    {
        return vec![Value { text: number.to_owned(), address: Some(format!("/assets/{}", encoded(key))) }];
    }
    let leads = match shown {
        Shown::Record(stream) => Some(address(*stream)),
        Shown::Document(document) => Some(format!("/documents/{}", document.sha256)),
        Shown::Text(text) if names_a_vulnerability(text) => {
            Some(format!("/vulnerabilities/{}", encoded(text)))
        }
        _ => None,
    };
    vec![Value { text: shown_text(shown, names, w), address: leads }]
}

/// The number in a key of the register of assets (`id:vpn-01`), which has a page of its own.
fn asset_number(key: &str) -> Option<&str> {
    key.strip_prefix("id:").filter(|number| !number.is_empty() && !number.contains(char::is_whitespace))
}

/// Whether a text is the identifier of a vulnerability, which has a page of its own.
fn names_a_vulnerability(text: &str) -> bool {
    let whole = !text.contains(char::is_whitespace);
    whole && ["CVE-", "JVNDB-", "GHSA-"].iter().any(|prefix| text.starts_with(prefix))
}

/// A list of a record as a file of its own.
pub(crate) fn listing(section: &Section, names: &Names, asked: &Asked, w: &Words) -> Listing {
    let columns = section.columns.iter().map(|column| labelled(*column, w)).collect();
    let columns = Columns::fixed(section.label.as_str(), columns);
    let cell =
        |cell: &Option<Shown>| cell.as_ref().map(|shown| Cell::shown(shown, names, w)).unwrap_or_default();
    let rows =
        section.rows.iter().map(|row| row_in_words(section, row, w).iter().map(cell).collect()).collect();
    Listing::new(asked, w.label_of(section.label), columns, rows)
}
