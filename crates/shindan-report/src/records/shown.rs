//! Values as text in the reader's language.

use shindan_domain::process::Shown;

use super::Names;
use crate::dates;
use crate::words::{Words, grouped};

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
