//! 役割分担合意書 as a paper, to be signed by each party that has not confirmed it in another way.

use shindan_domain::agreement::Involvement;

use super::{AgreementPage, Group, Page, mark, separator, view};
use crate::paper::{Block, Cell, Column, Paper, Table, Tone};
use crate::words::Words;

/// An agreement as a paper.
pub fn agreement_paper(page: &AgreementPage<'_>, words: &Words) -> Paper {
    let content = &page.agreement.content;
    let made = view(page, words);
    let number = page.number.map(|number| format!("  {number}")).unwrap_or_default();
    let mut paper = Paper::new(content.title.clone(), format!("{}{number}", content.system));
    paper.about = vec![made.footer.clone()];
    paper.cautions = made.warning.iter().cloned().collect();
    paper.push(Block::Text(words.t("agreement-preamble")));
    let plain = |(label, value): &(String, String)| (label.clone(), Cell::from(value.as_str()));
    let mut facts: Vec<(String, Cell)> = made.facts.iter().map(plain).collect();
    facts.push((words.t("paper-agreement-state"), made.state.as_str().into()));
    paper.push(Block::Facts(facts));
    paper.push(Block::Heading(1, words.t("agreement-parties")));
    paper.push(Block::Table(parties(&made, words)));
    duties(&mut paper, &made, words);
    if !made.remarks.is_empty() {
        paper.push(Block::Heading(1, words.t("agreement-remarks")));
        paper.push(Block::Table(remarks(&made, words)));
    }
    if let Some(heading) = &made.between {
        paper.push(Block::Heading(1, heading.clone()));
        paper.push(Block::Table(differences(heading.clone(), &made, words)));
    }
    confirmation(&mut paper, &made, words);
    paper
}

fn table(title: String, columns: &[(&str, u8)], rows: Vec<Vec<Cell>>, empty: String, words: &Words) -> Table {
    let columns = columns.iter().map(|(key, share)| Column::text(words.t(key), *share)).collect();
    Table { title, columns, rows, empty }
}

fn parties(made: &Page<'_>, words: &Words) -> Table {
    let row = |one: &super::PartyView| {
        vec![
            one.letter.as_str().into(),
            one.name.as_str().into(),
            one.part.as_str().into(),
            one.signs.as_str().into(),
        ]
    };
    let columns = [
        ("paper-agreement-letter", 2),
        ("agreement-party", 12),
        ("agreement-part", 8),
        ("agreement-signing", 5),
    ];
    let rows = made.parties.iter().map(row).collect();
    table(words.t("agreement-parties"), &columns, rows, words.t("paper-none"), words)
}

fn duties(paper: &mut Paper, made: &Page<'_>, words: &Words) {
    paper.push(Block::Heading(1, words.t("agreement-table")));
    let marks = Involvement::ALL.iter().map(|one| format!("{} {}", mark(*one), words.term(one.term())));
    paper.push(Block::Text(marks.collect::<Vec<_>>().join(separator(words))));
    let letters = made.parties.iter().map(|one| format!("{} {}", one.letter, one.name));
    paper.push(Block::Text(letters.collect::<Vec<_>>().join(separator(words))));
    for group in &made.groups {
        paper.push(Block::Heading(2, group.topic.clone()));
        paper.push(Block::Table(matrix(group, made, words)));
    }
}

/// Who does what about one topic: one column for each party, as on the page.
fn matrix(group: &Group, made: &Page<'_>, words: &Words) -> Table {
    let mut columns =
        vec![Column::text(words.t("agreement-row"), 3), Column::text(words.t("agreement-duty"), 24)];
    columns.extend(made.parties.iter().map(|one| Column::text(one.letter.clone(), 2)));
    columns.push(Column::text(words.t("agreement-first"), 5));
    columns.push(Column::text(words.t("agreement-completed"), 5));
    let rows = group.rows.iter().map(|row| {
        let covers: String = row.covers.iter().map(|one| format!(" ・ {one}")).collect();
        let mut cells: Vec<Cell> =
            vec![row.number.to_string().into(), format!("{}\n{}{covers}", row.text, row.key).into()];
        cells.extend(row.marks.iter().map(|mark| Cell::from(*mark)));
        cells.extend([Cell::from(row.first.as_str()), Cell::from(row.completed.as_str())]);
        cells
    });
    Table { title: group.topic.clone(), columns, rows: rows.collect(), empty: words.t("paper-none") }
}

fn remarks(made: &Page<'_>, words: &Words) -> Table {
    let row = |one: &super::RemarkView| {
        [&one.duty, &one.party, &one.stance, &one.comment, &one.on]
            .map(|text| Cell::from(text.as_str()))
            .into()
    };
    let columns = [
        ("agreement-duty", 6),
        ("agreement-party", 7),
        ("agreement-stance", 5),
        ("agreement-comment", 16),
        ("agreement-on", 5),
    ];
    let rows = made.remarks.iter().map(row).collect();
    table(words.t("agreement-remarks"), &columns, rows, words.t("paper-none"), words)
}

fn differences(heading: String, made: &Page<'_>, words: &Words) -> Table {
    let row = |one: &super::DifferenceView| {
        [&one.kind, &one.duty, &one.party, &one.before, &one.after]
            .map(|text| Cell::from(text.as_str()))
            .into()
    };
    let columns = [
        ("agreement-change", 6),
        ("agreement-duty", 6),
        ("agreement-party", 7),
        ("agreement-before", 10),
        ("agreement-after", 10),
    ];
    let rows = made.differences.iter().map(row).collect();
    table(heading, &columns, rows, words.t("agreement-no-changes"), words)
}

/// Who has confirmed and how, and a field for each party that has not.
fn confirmation(paper: &mut Paper, made: &Page<'_>, words: &Words) {
    paper.push(Block::Heading(1, words.t("agreement-confirmation")));
    paper.push(Block::Text(words.t("agreement-declaration")));
    paper.push(Block::Text(format!("{} …\n{}", made.short_hash, made.hash)));
    let named = |one: &super::SignatureView| {
        let values = [("name", (&one.name).into()), ("part", (&one.part).into())];
        words.get("paper-agreement-party", &values)
    };
    let given = made.signatures.iter().filter_map(|one| {
        let text = one.given.as_ref()?;
        Some((named(one), Cell::toned(text.as_str(), Tone::Proven)))
    });
    let given: Vec<(String, Cell)> = given.collect();
    if !given.is_empty() {
        paper.push(Block::Facts(given));
    }
    let open: Vec<String> = made.signatures.iter().filter(|one| one.given.is_none()).map(named).collect();
    if !open.is_empty() {
        paper.push(Block::Signatures(open));
    }
}
