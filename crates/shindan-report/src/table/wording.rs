//! The official wording of controls and requirements on the terminal.

use shindan_domain::crosswalk::wording::{
    self, Unreadable, UnreadablePart, WordedControl, WordedRequirement, WordingRecord,
};
use shindan_domain::crosswalk::{Catalog, Certainty};

use super::Style;
use super::layout::{self, clean, heading, line, plain, put};
use crate::words::Words;

/// What an imported text told: rows, requirements with their variants, and what could not be read.
pub fn wording(record: &WordingRecord, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let found = &record.wording;
    let path = clean(&record.path);
    let counts = [
        ("path", (&*path).into()),
        ("controls", found.controls.len().into()),
        ("requirements", found.requirements.len().into()),
    ];
    line(&mut out, &words.get("wording-title", &counts));
    line(&mut out, &words.t("wording-lead"));
    let controls: Vec<_> = found.controls.iter().collect();
    let requirements: Vec<_> = found.requirements.iter().collect();
    put_controls(&mut out, &controls, words, style);
    put_requirements(&mut out, &requirements, words, style);
    unreadable(&mut out, &found.unreadable, words);
    for entry in &found.unknown {
        let number = clean(&entry.number);
        let values = [("number", (&*number).into()), ("line", (entry.line as usize).into())];
        line(&mut out, &format!("  ! {}", words.get("wording-unknown", &values)));
    }
    out
}

/// The official wording of a pack, where it was imported.
pub(super) fn official(
    out: &mut String,
    catalog: &Catalog,
    records: &[WordingRecord],
    words: &Words,
    style: &Style,
) {
    let control = |number: &str| wording::of_control(records, &catalog.id, number).map(|(c, _)| c);
    let requirement = |number: &str| wording::of_requirement(records, &catalog.id, number).map(|(r, _)| r);
    let controls: Vec<_> = catalog.controls.iter().filter_map(|c| control(&c.number)).collect();
    let requirements: Vec<_> = catalog.requirements.iter().filter_map(|r| requirement(&r.number)).collect();
    if controls.is_empty() && requirements.is_empty() {
        return;
    }
    heading(out, &words.t("wording-official"));
    put_controls(out, &controls, words, style);
    put_requirements(out, &requirements, words, style);
}

fn put_controls(out: &mut String, controls: &[&WordedControl], words: &Words, style: &Style) {
    if controls.is_empty() {
        return;
    }
    let columns = ["col-control", "col-official", "col-risk", "col-official-certainty"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for control in controls {
        table.add_row(vec![
            plain(&control.number),
            plain(text(control.text.as_deref(), words)),
            plain(control.risk.as_deref().unwrap_or_default()),
            plain(certainty(control.certainty, words)),
        ]);
    }
    put(out, &table);
}

fn put_requirements(out: &mut String, requirements: &[&WordedRequirement], words: &Words, style: &Style) {
    if requirements.is_empty() {
        return;
    }
    let columns = ["col-control", "col-title", "col-official", "col-official-certainty"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for requirement in requirements {
        let title = requirement.title.as_deref().unwrap_or_default();
        table.add_row(vec![
            plain(&requirement.number),
            plain(title),
            plain(text(requirement.text.as_deref(), words)),
            plain(certainty(requirement.certainty, words)),
        ]);
        for variant in &requirement.variants {
            let label = words.t("wording-variant");
            table.add_row(vec![plain(""), plain(label), plain(variant), plain("")]);
        }
    }
    put(out, &table);
}

fn text(text: Option<&str>, words: &Words) -> String {
    text.map_or_else(|| certainty(Certainty::Unreadable, words), str::to_owned)
}

fn certainty(certainty: Certainty, words: &Words) -> String {
    words.label("certainty", certainty.as_str())
}

/// One line for each kind of thing, with the numbers it is missing of; pieces with their text.
fn unreadable(out: &mut String, all: &[Unreadable], words: &Words) {
    for part in UnreadablePart::ALL {
        let of_part: Vec<&Unreadable> = all.iter().filter(|u| u.part == part).collect();
        if of_part.is_empty() {
            continue;
        }
        let label = words.label("unreadable", part.as_str());
        let texts = of_part.iter().map(|u| {
            let mut parts: Vec<String> = u.number.iter().map(|number| clean(number).into_owned()).collect();
            if !u.text.is_empty() {
                let text = clean(&u.text);
                parts.push(words.get("quoted", &[("text", (&*text).into())]));
            }
            parts.join(" ")
        });
        line(out, &format!("  ? {label}: {}", texts.collect::<Vec<_>>().join(", ")));
    }
}
