//! Tables whose columns are told apart by blanks, as consoles show them: `Format-Table`, `wmic product get …`,
//! `winget list`.

use unicode_width::UnicodeWidthChar;

use super::windows_records::is_prompt;

/// How many lines are looked at for the header.
const LOOKED_AT: usize = 60;

/// The header of a table: names of columns and where each starts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns<'a> {
    /// Line of the header, from 1.
    pub(super) line: u64,
    names: Vec<Start<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Start<'a> {
    name: &'a str,
    /// In characters.
    character: usize,
    /// In columns of the screen, of which a Japanese character takes two.
    column: usize,
}

/// What a row holds: name of the column and the cell, none of them blank.
pub(super) type Cells<'a> = Vec<(&'a str, &'a str)>;

impl<'a> Columns<'a> {
    /// The first header that fits one of the tables: it has a column of each of a table's groups of names, in any case.
    pub(super) fn find(text: &'a str, tables: &[&[&[&str]]]) -> Option<Columns<'a>> {
        (1..).zip(text.lines()).take(LOOKED_AT).find_map(|(number, line)| {
            // winget shows its progress on the same line.
            let line = line.trim_end_matches('\r').rsplit('\r').next().unwrap_or(line);
            if !is_header(line) {
                return None;
            }
            let names = starts(line);
            let has = |group: &&[&str]| {
                names.iter().any(|start| group.iter().any(|name| start.name.eq_ignore_ascii_case(name)))
            };
            let fits = names.len() > 1 && tables.iter().any(|groups| groups.iter().all(has));
            fits.then_some(Columns { line: number, names })
        })
    }

    /// Cuts a row. `None` if it does not fit the columns, or is none.
    pub(super) fn cut(&self, line: &'a str) -> Option<Cells<'a>> {
        let line = line.trim_end();
        let by_column = self.cut_by(line, |start| start.column, |c| c.width().unwrap_or(0));
        by_column.or_else(|| self.cut_by(line, |start| start.character, |_| 1))
    }

    /// Rows with their line numbers: everything below the header but rulers, blank lines and prompts.
    pub(super) fn rows(&self, text: &'a str) -> impl Iterator<Item = (u64, &'a str)> {
        let below = self.line;
        (1..).zip(text.lines()).filter(move |(number, line)| {
            let plain = line.trim();
            *number > below
                && !plain.is_empty()
                && !is_prompt(line)
                && !plain.chars().all(|c| c == '-' || c == ' ')
        })
    }

    fn cut_by(
        &self,
        line: &'a str,
        place: fn(&Start<'_>) -> usize,
        width: fn(char) -> usize,
    ) -> Option<Cells<'a>> {
        let mut bounds = Vec::with_capacity(self.names.len() + 1);
        let mut starts = self.names.iter().map(place).peekable();
        let (mut at, mut before) = (0, ' ');
        for (offset, c) in line.char_indices() {
            while let Some(start) = starts.next_if(|start| *start <= at) {
                // A column starts in the middle of a word or of a character.
                if start != at || before != ' ' {
                    return None;
                }
                bounds.push(offset);
            }
            at += width(c);
            before = c;
        }
        bounds.resize(self.names.len(), line.len());
        bounds.push(line.len());
        let mut cells = Vec::new();
        for (start, bound) in self.names.iter().zip(bounds.windows(2)) {
            let [from, to] = bound else { continue };
            let cell = line.get(*from..*to)?.trim();
            if !cell.is_empty() {
                cells.push((start.name, cell));
            }
        }
        Some(cells)
    }
}

/// Columns stand apart by more than one blank, and are named by words; a sentence is no header.
fn is_header(line: &str) -> bool {
    line.trim().contains("  ")
        && line.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '\r' | 'ー'))
}

/// The words of a header.
fn starts(line: &str) -> Vec<Start<'_>> {
    let mut names = Vec::new();
    let (mut character, mut column) = (0, 0);
    for word in line.split(' ') {
        let name = word.trim();
        if !name.is_empty() {
            names.push(Start { name, character, column });
        }
        character += word.chars().count() + 1;
        column += word.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>() + 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, groups: &[&[&str]], expected: &[&str]) {
        let columns = Columns::find(text, &[groups]);
        let rows: Vec<String> = columns
            .iter()
            .flat_map(|columns| {
                columns.rows(text).map(|(number, row)| match columns.cut(row) {
                    Some(cells) => {
                        let cells: Vec<String> = cells.iter().map(|(n, c)| format!("{n}={c}")).collect();
                        format!("{number}: {}", cells.join("|"))
                    }
                    None => format!("{number}!"),
                })
            })
            .collect();
        assert_eq!(rows, expected, "{text}");
    }

    #[test]
    fn columns_of_screens_and_of_characters() {
        check(
            "Name          Version\n----          -------\n7-Zip         19.00\n一太郎 2021   31.0.2\n\nC:\\>\n",
            &[&["name", "名前"], &["Version"]],
            &["3: Name=7-Zip|Version=19.00", "4: Name=一太郎 2021|Version=31.0.2"],
        );
        // wmic counts characters.
        check(
            "Name          Version\n一太郎 2021      31.0.2\n",
            &[&["Name"]],
            &["2: Name=一太郎 2021|Version=31.0.2"],
        );
        check("Name  Version\nA long name 1.0\n", &[&["Name"]], &["2!"]);
        check("The name and the version\nA long name\n", &[&["Name"]], &[]);
        check(
            "  - \r 名前     ID        バージョン\n 7-Zip    7zip.7zip 19.00\n",
            &[&["名前"]],
            &["2: 名前=7-Zip|ID=7zip.7zip|バージョン=19.00"],
        );
        check("Name\n7-Zip\n", &[&["Name"]], &[]);
    }
}
