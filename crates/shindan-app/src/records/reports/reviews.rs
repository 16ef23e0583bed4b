//! 見直し記録: items that are reviewed regularly, what each review came to, who approved it, and what is due next
//! (企画管理編 15).

use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Label;
use shindan_domain::review::{Finding, Review, ReviewStage, Reviewed};
use shindan_report::paper::{Block, Cell, Layout, Paper, Tone};

use super::super::RecordsError;
use super::desk::Desk;

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let reviews = desk.sorted(Kind::Review, &desk.all.reviews);
    let mut rows = Vec::new();
    for (stream, review) in &reviews {
        rounds(desk, &mut rows, *stream, review);
    }
    let subject = desk.get("report-reviews-subject", &[("count", rows.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    let looked_at = [("items", reviews.len().into())];
    paper.push(desk.table(
        "report-reviews-table",
        desk.columns(&[
            (Label::Number, 10),
            (Label::Item, 18),
            (Label::Due, 9),
            (Label::ReviewedBy, 12),
            (Label::Result, 10),
            (Label::Content, 22),
            (Label::Reason, 18),
            (Label::Documents, 20),
            (Label::Approval, 14),
        ]),
        rows,
        desk.get("report-reviews-empty", &looked_at),
    ));
    paper.push(Block::Text(desk.t("report-reviews-items-text")));
    let mut items = Vec::new();
    for (stream, review) in &reviews {
        items.push(item(desk, *stream, review)?);
    }
    paper.push(desk.table(
        "report-reviews-items",
        desk.columns(&[
            (Label::Number, 10),
            (Label::Item, 18),
            (Label::Content, 24),
            (Label::System, 12),
            (Label::Requirements, 12),
            (Label::Responsible, 10),
            (Label::IntervalDays, 8),
            (Label::Next, 10),
            (Label::State, 10),
        ]),
        items,
        desk.t("report-reviews-none"),
    ));
    Ok(paper)
}

/// The rounds of the period: approved, sent back, and waiting for approval.
fn rounds(desk: &Desk<'_>, rows: &mut Vec<Vec<Cell>>, stream: Stream, review: &Review) {
    for round in &review.rounds {
        if desk.in_period(round.approval.at) || desk.in_period(round.reviewed.at) {
            let approval = Cell::toned(desk.given(&round.approval), Tone::Proven);
            rows.push(row(desk, stream, review, &round.reviewed, approval));
        }
    }
    for back in &review.sent_back {
        if desk.in_period(back.at) || desk.in_period(back.reviewed.at) {
            let text =
                format!("{}\n{}\n{}", desk.label(Label::SentBack), back.reason, desk.by(back.by, back.at));
            rows.push(row(desk, stream, review, &back.reviewed, Cell::toned(text, Tone::Late)));
        }
    }
    if let ReviewStage::Reviewed(reviewed) = &review.stage
        && desk.in_period(reviewed.at)
    {
        let waits = Cell::toned(desk.t("report-not-approved"), Tone::Late);
        rows.push(row(desk, stream, review, reviewed, waits));
    }
}

fn row(desk: &Desk<'_>, stream: Stream, review: &Review, reviewed: &Reviewed, approval: Cell) -> Vec<Cell> {
    let content = match &reviewed.finding {
        Finding::Changed { content, .. } => desk.text(content),
        Finding::NoChange { .. } => desk.not_applicable(),
    };
    vec![
        desk.number(stream).into(),
        desk.text(&review.item.title),
        desk.date(reviewed.due).into(),
        desk.by(reviewed.by, reviewed.at).into(),
        desk.term(reviewed.finding.result().term()).into(),
        content,
        desk.text(reviewed.finding.reason()),
        desk.documents(&reviewed.documents),
        approval,
    ]
}

fn item(desk: &Desk<'_>, stream: Stream, review: &Review) -> Result<Vec<Cell>, RecordsError> {
    let item = &review.item;
    let system = match item.system {
        Some(system) => desk.named(Stream::new(Kind::System, system))?,
        None => desk.t("report-every-system"),
    };
    let next = match review.due() {
        Some(due) => desk.due(Some(due)),
        None => desk.not_applicable(),
    };
    let interval = item.interval_days.map(|days| days.to_string());
    Ok(vec![
        desk.number(stream).into(),
        desk.text(&item.title),
        desk.text(&item.content),
        system.into(),
        desk.lines(item.requirements.clone()),
        desk.person(item.responsible).into(),
        desk.maybe(interval),
        next,
        desk.term(review.state().term()).into(),
    ])
}
