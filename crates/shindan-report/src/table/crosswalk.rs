//! The guideline packs on the terminal and as CSV: control, requirement, certainty.

use shindan_domain::crosswalk::wording::WordingRecord;
use shindan_domain::crosswalk::{
    Catalog, Certainty, Control, ControlEvidence, Crosswalk, EvidenceStatus, Mark, Requirement, Stated,
};
use shindan_domain::localised::Localised;

use super::Style;
use super::layout::{self, heading, line, plain, put};
use crate::csv;
use crate::words::Words;

/// Every pack: its controls with the requirements they are linked to, its requirements, the official wording where it
/// was imported, and what is missing.
pub fn crosswalk(crosswalk: &Crosswalk, records: &[WordingRecord], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    line(&mut out, &words.t("crosswalk-title"));
    line(&mut out, &words.t("crosswalk-lead"));
    for catalog in crosswalk.catalogs() {
        heading(&mut out, &layout::clean(localised(&catalog.title, words)));
        provenance(&mut out, catalog, words);
        controls(&mut out, crosswalk, catalog, words, style);
        requirements(&mut out, catalog, words, style);
        super::wording::official(&mut out, catalog, records, words, style);
        for gap in &catalog.gaps {
            let subject = localised(&gap.subject, words);
            line(&mut out, &format!("  ? {subject}: {}", localised(&gap.reason, words)));
        }
    }
    out
}

/// The text in the reader's language.
pub(crate) fn localised<'a>(text: &'a Localised, words: &Words) -> &'a str {
    text.get(words.lang().as_str())
}

/// The value with its certainty, where that is less than "as printed".
pub(crate) fn stated(text: &Stated<Localised>, words: &Words) -> String {
    with_certainty(text.value().map(|t| localised(t, words)), text.certainty(), words)
}

fn with_certainty(value: Option<&str>, certainty: Certainty, words: &Words) -> String {
    let label = words.label("certainty", certainty.as_str());
    match (value, certainty) {
        (None, _) => label,
        (Some(value), Certainty::Read) => value.to_owned(),
        (Some(value), _) => {
            words.get("with-certainty", &[("value", value.into()), ("certainty", (&label).into())])
        }
    }
}

fn provenance(out: &mut String, catalog: &Catalog, words: &Words) {
    let from = &catalog.provenance;
    let mut parts = vec![localised(&from.issuer, words), localised(&from.document, words), &from.published];
    parts.extend(from.page.as_deref());
    line(out, &parts.join(" / "));
    if let Some(remark) = &from.remark {
        line(out, localised(remark, words));
    }
}

fn controls(out: &mut String, crosswalk: &Crosswalk, catalog: &Catalog, words: &Words, style: &Style) {
    if catalog.controls.is_empty() {
        return;
    }
    let columns =
        ["col-control", "col-mark", "col-control-text", "col-risk", "col-requirements"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for control in &catalog.controls {
        table.add_row(vec![
            plain(&control.number),
            plain(mark(control, words)),
            plain(stated(&control.text, words)),
            plain(stated(&control.risk, words)),
            plain(links(crosswalk, catalog, control, words).join("\n")),
        ]);
    }
    put(out, &table);
}

fn mark(control: &Control, words: &Words) -> String {
    with_certainty(control.mark.value().map(|m| Mark::as_str(*m)), control.mark.certainty(), words)
}

/// The printed numbers of the requirements that a control is linked to.
fn links(crosswalk: &Crosswalk, catalog: &Catalog, control: &Control, words: &Words) -> Vec<String> {
    let links = crosswalk.links(catalog, control).into_iter();
    links
        .map(|link| {
            let found = crosswalk.requirement(&link.requirement);
            let name = found.map_or(link.requirement.as_str(), |(_, r)| r.number.as_str());
            with_certainty(Some(name), link.certainty, words)
        })
        .collect()
}

fn requirements(out: &mut String, catalog: &Catalog, words: &Words, style: &Style) {
    if catalog.requirements.is_empty() {
        return;
    }
    let columns = ["col-control", "col-title", "col-item", "col-control-text"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for requirement in &catalog.requirements {
        table.add_row(vec![
            plain(&requirement.number),
            plain(stated(&requirement.title, words)),
            plain(item(requirement, words)),
            plain(stated(&requirement.text, words)),
        ]);
    }
    put(out, &table);
}

fn item(requirement: &Requirement, words: &Words) -> String {
    with_certainty(requirement.item.value().map(String::as_str), requirement.item.certainty(), words)
}

/// One row for each control and requirement, and for each link: UTF-8 with a byte order mark and CRLF, so that
/// spreadsheet programs read the Japanese.
pub fn crosswalk_csv(crosswalk: &Crosswalk, words: &Words) -> String {
    let mut csv = Csv::default();
    let head = ["col-catalog", "col-control", "col-mark", "col-certainty", "col-control-text", "col-risk"];
    let tail = ["col-requirements", "col-title"];
    csv.row(head.iter().chain(&tail).map(|k| words.t(k)));
    for (catalog, control) in crosswalk.controls() {
        let links = crosswalk.links(catalog, control);
        let requirements =
            links.iter().map(|l| (l.requirement.as_str(), crosswalk.requirement(&l.requirement)));
        let mut linked: Vec<(String, String)> = requirements
            .map(|(target, found)| match found {
                Some((_, r)) => (r.number.clone(), stated(&r.title, words)),
                None => (target.to_owned(), String::new()),
            })
            .collect();
        if linked.is_empty() {
            linked.push((String::new(), String::new()));
        }
        for (number, title) in linked {
            csv.row([
                catalog.id.clone(),
                control.number.clone(),
                control.mark.value().map(|m| m.as_str().to_owned()).unwrap_or_default(),
                words.label("certainty", control.mark.certainty().as_str()),
                stated(&control.text, words),
                stated(&control.risk, words),
                number,
                title,
            ]);
        }
    }
    csv.text
}

struct Csv {
    text: String,
}

impl Default for Csv {
    fn default() -> Self {
        Csv { text: "\u{feff}".to_owned() }
    }
}

impl Csv {
    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        csv::row(&mut self.text, cells);
    }
}

/// Which rows of the loaded guidelines an answer is a record for, in one line; empty if it is for none.
pub fn evidence(evidence: &[ControlEvidence], words: &Words) -> String {
    let shown = evidence.iter().filter(|row| row.status == EvidenceStatus::Partial);
    let numbers: Vec<&str> = shown.map(|row| row.number.as_str()).collect();
    if numbers.is_empty() {
        return String::new();
    }
    let mut out = words.get("table-evidence", &[("numbers", (&numbers.join(", ")).into())]);
    out.push('\n');
    out
}
