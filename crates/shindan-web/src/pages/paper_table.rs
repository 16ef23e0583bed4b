//! A table of a paper or a figure on a page.

use shindan_report::paper::Table;

/// A table for a template.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub title: String,
    /// Headings, and whether the column holds numbers.
    pub columns: Vec<(String, bool)>,
    /// Cells: text, colour, whether it is a number.
    pub rows: Vec<Vec<(String, &'static str, bool)>>,
    pub empty: String,
}

impl From<Table> for Grid {
    fn from(table: Table) -> Grid {
        let numbers: Vec<bool> = table.columns.iter().map(|column| column.numbers).collect();
        let row = |row: Vec<shindan_report::paper::Cell>| {
            let cells = row.into_iter().enumerate();
            cells
                .map(|(at, cell)| {
                    (cell.text, cell.tone.as_str(), numbers.get(at).copied().unwrap_or_default())
                })
                .collect()
        };
        Grid {
            title: table.title,
            columns: table.columns.into_iter().map(|column| (column.title, column.numbers)).collect(),
            rows: table.rows.into_iter().map(row).collect(),
            empty: table.empty,
        }
    }
}

#[cfg(test)]
pub(crate) fn sample() -> Grid {
    Grid {
        title: "table".to_owned(),
        columns: vec![("column".to_owned(), true)],
        rows: vec![vec![("<運用>".to_owned(), "late", true)]],
        empty: "empty".to_owned(),
    }
}
