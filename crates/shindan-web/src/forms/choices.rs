//! What there is to choose from: records of a kind by number and name, and what stands in a record.

use std::collections::{BTreeMap, BTreeSet};

use shindan_app::records::{self, Asked as Wanted};
use shindan_domain::ledger::Kind;
use shindan_domain::process::Section;
use shindan_report::records::{Names, shown_text};
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::field::Field;
use crate::visit::Visit;

/// Records of a list at most; of more, a number or name is typed.
const MOST: u32 = 200;
/// Texts of a record at most.
const INSIDE: usize = 300;

/// A record that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// How a command is told which one: its number, else its name.
    pub called: String,
    /// Its id.
    pub id: String,
    /// What people read.
    pub text: String,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    /// By kind.
    pub records: BTreeMap<Kind, Vec<Choice>>,
    /// Kinds of which there are more.
    pub more: BTreeSet<Kind>,
    /// Texts that stand in the record.
    pub inside: Vec<String>,
}

/// Everything that the fields let choose.
pub(crate) fn choices(visit: &Visit<'_, '_>, fields: &[Field]) -> Result<Choices, Problem> {
    let mut kinds = Vec::new();
    fields.iter().for_each(|field| field.shape.kinds(&mut kinds));
    let mut all = Choices::default();
    for kind in kinds {
        // Of cases and changes, those in which something is to be done; of what an organisation has, all.
        let open_only = matches!(kind, Kind::Case | Kind::Change | Kind::Inquiry);
        let wanted = Wanted { open_only, sort: shindan_store::Sort::Title, ..Wanted::new(kind, MOST) };
        let session = &visit.session;
        let list = records::list(session.records, &session.who, &wanted, session.call.now);
        let list = list.map_err(|error| session.problem(error))?;
        if list.next.is_some() {
            all.more.insert(kind);
        }
        let choice = |row: &shindan_report::records::RecordRow| {
            let number = row.number.clone().filter(|number| !number.is_empty());
            let text = match &number {
                Some(number) => format!("{number} {}", row.title),
                None => row.title.clone(),
            };
            let id = row.stream.id.to_string();
            let called = number.or_else(|| Some(row.title.clone()).filter(|title| !title.is_empty()));
            Choice { called: called.unwrap_or_else(|| id.clone()), id, text }
        };
        all.records.insert(kind, list.rows.iter().map(choice).collect());
    }
    Ok(all)
}

/// What stands in the lists of a record, so that it need not be copied by hand: the short texts, in their order.
pub(crate) fn inside(sections: &[Section], names: &Names, w: &Words) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let cells =
        sections.iter().flat_map(|section| &section.rows).flat_map(|row| row.iter().take(2).flatten());
    let texts = cells.map(|shown| shown_text(shown, names, w));
    let short = texts.filter(|text| !text.is_empty() && text.chars().count() <= 80);
    short.filter(|text| seen.insert(text.clone())).take(INSIDE).collect()
}
