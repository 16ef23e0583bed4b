//! How a ledger is to be read, as it stands in the address: sheet, headings, name, and what each column means.

use std::collections::BTreeMap;

use shindan_app::register::{ChosenColumns, GivenMapping, ImportOptions};
use shindan_domain::asset_ledger::LedgerColumn;

use crate::address::encoded;

/// Begins the names of fields of columns: `c-AB`.
const COLUMN: &str = "c-";

/// What was chosen; everything that is empty is as it is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub sheet: String,
    /// First row of the headings.
    pub row: String,
    /// How many rows they have.
    pub rows: String,
    /// Name of the ledger.
    pub ledger: String,
    /// Letters of a column, and what it means; empty: not used.
    pub columns: BTreeMap<String, String>,
    /// A list of software is to be read as a ledger.
    pub as_ledger: bool,
}

impl Choice {
    /// From the fields of a form or an address. Columns that were chosen for another table count no longer.
    pub(crate) fn of(pairs: &[(String, String)]) -> Choice {
        let text = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let mut choice = Choice {
            sheet: text("sheet"),
            row: text("row"),
            rows: text("rows"),
            ledger: text("ledger"),
            columns: BTreeMap::new(),
            as_ledger: text("as") == "ledger",
        };
        let seen = pairs.iter().find(|(name, _)| name == "at").map(|(_, value)| value.as_str());
        if seen.is_none_or(|seen| seen == choice.at()) {
            let of_column = |(name, value): &(String, String)| {
                let letters = name.strip_prefix(COLUMN)?;
                let known = value.is_empty() || LedgerColumn::parse(value).is_some();
                let is_column = !letters.is_empty() && letters.chars().all(|c| c.is_ascii_uppercase());
                (known && is_column && letters.len() <= 3).then(|| (letters.to_owned(), value.clone()))
            };
            choice.columns = pairs.iter().filter_map(of_column).collect();
        }
        choice
    }

    /// Which table the columns belong to.
    pub(crate) fn at(&self) -> String {
        format!("{}|{}|{}", self.sheet, self.row, self.rows)
    }

    /// As the part of an address after `?`.
    pub(crate) fn query(&self) -> String {
        let mut pairs = Vec::new();
        let fixed =
            [("sheet", &self.sheet), ("row", &self.row), ("rows", &self.rows), ("ledger", &self.ledger)];
        pairs.extend(fixed.into_iter().filter(|(_, value)| !value.is_empty()));
        let mut parts: Vec<String> =
            pairs.into_iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if self.as_ledger {
            parts.push("as=ledger".to_owned());
        }
        let columns = self.columns.iter();
        parts.extend(columns.map(|(letters, value)| format!("{COLUMN}{letters}={}", encoded(value))));
        parts.join("&")
    }

    /// As the use case takes it. A row that is no number is as it is found.
    pub(crate) fn options(&self, name: &str) -> ImportOptions {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let chosen = ChosenColumns {
            header_row: number(&self.row),
            header_rows: number(&self.rows),
            columns: self
                .columns
                .iter()
                .map(|(letters, value)| (letters.clone(), LedgerColumn::parse(value)))
                .collect(),
        };
        let given = chosen != ChosenColumns::default();
        ImportOptions {
            mapping: given.then_some(GivenMapping::Chosen(chosen)),
            name: Some(name.to_owned()),
            sheet: Some(self.sheet.clone()).filter(|sheet| !sheet.is_empty()),
            ledger: Some(self.ledger.clone()).filter(|ledger| !ledger.is_empty()),
            ..ImportOptions::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_address_says_all_that_was_chosen() {
        let given = pairs(&[
            ("csrf", "x"),
            ("sheet", "機器 一覧"),
            ("row", "3"),
            ("ledger", "台帳&1"),
            ("c-A", "asset_id"),
            ("c-AB", ""),
            ("c-B", "no-meaning"),
            ("c-<", "maker"),
        ]);
        let choice = Choice::of(&given);
        assert_eq!(choice.columns.len(), 2);
        assert_eq!(Choice::of(&crate::address::pairs(&choice.query())), choice);
        assert_eq!(Choice::of(&[]).query(), "");
        assert!(Choice::of(&[]).options("f.csv").mapping.is_none());
    }

    #[test]
    fn columns_of_another_sheet_count_no_longer() {
        let before = Choice::of(&pairs(&[("sheet", "一"), ("row", "2")]));
        let at = before.at();
        let same = Choice::of(&pairs(&[("sheet", "一"), ("row", "2"), ("at", &at), ("c-A", "maker")]));
        assert_eq!(same.columns.len(), 1);
        let other = Choice::of(&pairs(&[("sheet", "二"), ("row", "2"), ("at", &at), ("c-A", "maker")]));
        assert!(other.columns.is_empty());
    }
}
