//! The rows of the guideline packs that a check says something about.

use shindan_domain::crosswalk::{ControlEvidence, Crosswalk, Entry, EvidenceItem, EvidenceStatus};

use crate::table::crosswalk::{localised, stated};
use crate::words::Words;

/// One row as the page shows it.
pub(crate) struct EvidenceView {
    pub number: String,
    pub text: String,
    pub catalog: String,
    pub shown: Vec<String>,
    pub open: Vec<String>,
}

/// The rows of which something is shown first, then the others; none is left out, for silence would look like an
/// omission.
pub(crate) fn evidence(crosswalk: &Crosswalk, rows: &[ControlEvidence], words: &Words) -> Vec<EvidenceView> {
    let with = rows.iter().filter(|r| r.status == EvidenceStatus::Partial);
    let without = rows.iter().filter(|r| r.status == EvidenceStatus::None);
    with.chain(without).map(|row| view(crosswalk, row, words)).collect()
}

fn view(crosswalk: &Crosswalk, row: &ControlEvidence, words: &Words) -> EvidenceView {
    let entry = crosswalk.find(&format!("{}/{}", row.catalog, row.id)).into_iter().next();
    let (text, catalog) = match entry {
        Some(Entry::Control(catalog, control)) => {
            (stated(&control.text, words), localised(&catalog.title, words))
        }
        Some(Entry::Requirement(catalog, requirement)) => {
            (stated(&requirement.title, words), localised(&catalog.title, words))
        }
        None => (row.id.clone(), row.catalog.as_str()),
    };
    EvidenceView {
        number: row.number.clone(),
        text,
        catalog: catalog.to_owned(),
        shown: texts(&row.shown, words),
        open: texts(&row.open, words),
    }
}

/// Each text once: two contributions to one row can leave the same thing open.
fn texts(items: &[EvidenceItem], words: &Words) -> Vec<String> {
    let mut texts: Vec<String> = Vec::with_capacity(items.len());
    for text in items.iter().map(|item| words.evidence(item)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
