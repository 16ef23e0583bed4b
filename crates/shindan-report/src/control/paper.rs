//! 統制実施証跡: the status of controls in the layout of 別紙2 – the control left, the requirement it is linked to right of it,
//! then what the records show, and by how many and which records.

use std::collections::BTreeSet;

use shindan_domain::control::{Statement, Verdict};
use shindan_domain::crosswalk::Certainty;
use shindan_domain::ledger::Stream;

use super::{ControlLine, ControlReport, LinkedRequirement, text_of};
use crate::dates;
use crate::paper::{Block, Cell, Column, Layout, Paper, Table, Tone};
use crate::table::localised;
use crate::words::Words;

/// So many records are named per statement; the rest is counted.
const NAMED: usize = 200;

/// The status of every control as a paper.
pub fn control_paper(report: &ControlReport, words: &Words) -> Paper {
    let day = report.as_of.to_string();
    let subject = words.get("control-as-of", &[("day", day.as_str().into())]);
    let mut paper = Paper::new(words.t("paper-control-title"), subject);
    paper.layout = Layout::Landscape;
    let (until, made) = (dates::moment(report.until, words), dates::moment(report.made, words));
    let installation = report.installation.to_string();
    paper.about = vec![
        words.get("control-entries", &[("entries", report.entries.into()), ("until", (&until).into())]),
        words.get("control-made", &[("made", (&made).into()), ("installation", (&installation).into())]),
        words.t("control-footer"),
    ];
    paper.cautions = vec![words.t("control-lead")];
    let count = |verdict: Verdict| report.lines.iter().filter(|line| line.status.verdict == verdict).count();
    let counted = [Verdict::Gaps, Verdict::Undetermined, Verdict::Met, Verdict::NotApplicable];
    paper.push(Block::Facts(
        counted
            .map(|verdict| {
                let lines = words.get("paper-control-count", &[("count", count(verdict).into())]);
                (words.term(verdict.term()), Cell::toned(lines, tone(verdict)))
            })
            .into(),
    ));
    let mut rest = report.lines.as_slice();
    while let Some(first) = rest.first() {
        let group = heading(first, words);
        let end = rest.iter().position(|line| heading(line, words) != group).unwrap_or(rest.len());
        let (lines, left) = rest.split_at(end);
        rest = left;
        paper.push(Block::Heading(1, group.clone()));
        paper.push(Block::Table(table(group, lines, words)));
    }
    paper.push(Block::Signatures(vec![words.t("paper-sign-confirmed")]));
    paper
}

/// The group under which a row stands.
fn heading(line: &ControlLine, words: &Words) -> String {
    let Some(place) = &line.place else { return words.t("paper-control-elsewhere") };
    let catalog = localised(&place.catalog, words);
    let Some((number, heading)) = &place.section else { return catalog.to_owned() };
    let heading = heading.as_ref().map(|heading| localised(heading, words)).unwrap_or_default();
    let group = format!("{number} {heading}");
    words.get("paper-control-group", &[("group", group.trim_end().into()), ("catalog", catalog.into())])
}

fn table(title: String, lines: &[ControlLine], words: &Words) -> Table {
    let columns = vec![
        Column::text(words.t("paper-control-col-control"), 15),
        Column::text(words.t("paper-control-col-requirement"), 12),
        Column::text(words.t("control-col-verdict"), 7),
        Column::number(words.t("paper-control-col-evidence"), 5),
        Column::text(words.t("control-col-statements"), 30),
    ];
    Table { title, columns, rows: lines.iter().map(|line| row(line, words)).collect(), empty: String::new() }
}

fn row(line: &ControlLine, words: &Words) -> Vec<Cell> {
    let status = &line.status;
    let place = line.place.as_ref();
    let title = place.and_then(|place| place.title.as_ref()).map(|title| localised(title, words));
    let control = [Some(line.number.as_str()), title].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let linked: Vec<String> = place
        .map(|place| place.requirements.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|one| linked(one, words))
        .collect();
    let marked = [
        ("control-gap", &status.gaps),
        ("control-open", &status.undetermined),
        ("control-shown", &status.shown),
    ];
    let all = || marked.iter().flat_map(|(_, statements)| statements.iter());
    let records: BTreeSet<&Stream> =
        all().flat_map(|statement| &statement.records).map(|record| &record.stream).collect();
    let said = marked.iter().flat_map(|(key, statements)| {
        statements.iter().map(|one| format!("[{}] {}", words.t(key), statement(one, words)))
    });
    vec![
        format!("{control}\n{}", text_of(line, words)).into(),
        linked.join("\n").into(),
        Cell::toned(words.term(status.verdict.term()), tone(status.verdict)),
        records.len().to_string().into(),
        said.collect::<Vec<_>>().join("\n").into(),
    ]
}

fn linked(one: &LinkedRequirement, words: &Words) -> String {
    let title = one.title.as_ref().map(|title| format!(" {}", localised(title, words))).unwrap_or_default();
    let text = format!("{}{title}", one.number);
    match one.certainty {
        Certainty::Read => text,
        certainty => {
            let label = words.label("certainty", certainty.as_str());
            words.get("with-certainty", &[("value", (&text).into()), ("certainty", (&label).into())])
        }
    }
}

fn statement(statement: &Statement, words: &Words) -> String {
    let text = words.reason(&statement.reason);
    let mut named: Vec<String> =
        statement.records.iter().take(NAMED).map(|record| record.number.clone()).collect();
    let rest = statement.records.len().saturating_sub(NAMED);
    if rest > 0 {
        named.push(words.get("refresh-more", &[("count", rest.into())]));
    }
    if named.is_empty() { text } else { format!("{text} ({})", named.join(", ")) }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Gaps => Tone::Immediate,
        Verdict::Undetermined => Tone::Undetermined,
        Verdict::Met => Tone::Proven,
        Verdict::NotApplicable => Tone::Quiet,
    }
}
