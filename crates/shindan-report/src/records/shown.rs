//! Values as text in the reader's language.

use shindan_domain::process::{Label, Section, Shown};

use super::Names;
use crate::words::{Words, grouped};
use crate::{dates, phrases};

/// A row of a section as people read it: of the way to a priority, the names of the decision table are put into words. Other rows
/// stay as they are.
pub fn row_in_words(section: &Section, row: &[Option<Shown>], words: &Words) -> Vec<Option<Shown>> {
    let place = |label: Label| section.columns.iter().position(|column| *column == label);
    let mut said = row.to_vec();
    let places = (place(Label::Point), place(Label::Value), place(Label::Origin));
    let (Some(point), Some(value), Some(origin)) = places else { return said };
    let text = |at: usize| match row.get(at) {
        Some(Some(Shown::Text(text))) => Some(text.as_str()),
        _ => None,
    };
    let of_point = phrases::value_family(text(point).unwrap_or_default());
    for (at, family) in [(point, "point"), (value, of_point), (origin, "origin")] {
        if let (Some(known), Some(cell)) = (text(at), said.get_mut(at)) {
            *cell = Some(Shown::Text(words.label(family, known)));
        }
    }
    said
}

/// A value as text.
pub fn text(value: &Shown, names: &Names, words: &Words) -> String {
    match value {
        Shown::Text(text) => text.clone(),
        Shown::Term(term) => words.term(*term),
        Shown::Number(number) => match u64::try_from(*number) {
            Ok(number) => grouped(number),
            Err(_) => number.to_string(),
        },
        Shown::Flag(flag) => words.t(if *flag { "records-yes" } else { "records-no" }),
        Shown::Time(time) => dates::minute(*time, words),
        Shown::Day(day) => dates::short(*day, words),
        Shown::Person(person) => {
            names.people.get(person).cloned().unwrap_or_else(|| words.t("records-name-erased"))
        }
        Shown::Record(stream) => names
            .records
            .get(stream)
            .cloned()
            .unwrap_or_else(|| format!("{} {}", words.term(stream.kind.term()), stream.id)),
        Shown::Reason(reason) => words.reason(reason),
        Shown::Document(document) => {
            let hash = document.sha256.to_string();
            format!("{} (SHA-256 {}…)", document.name, hash.get(..16).unwrap_or(&hash))
        }
        Shown::List(values) => {
            let texts: Vec<_> = values.iter().map(|value| text(value, names, words)).collect();
            texts.join("\n")
        }
    }
}
