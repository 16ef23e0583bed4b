//! リスク保有台帳: risks that are accepted until a day – why, who approved, when it is looked at again, what is done meanwhile.

use shindan_domain::approval::Given;
use shindan_domain::case::settle::{Past, Settled};
use shindan_domain::case::{Case, Stage, Treatment};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Label;
use shindan_report::paper::{Cell, Layout, Paper, Tone};

use super::super::RecordsError;
use super::desk::Desk;

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let cases = desk.sorted(Kind::Case, &desk.all.cases);
    let (mut held, mut ended) = (Vec::new(), Vec::new());
    for (stream, case) in &cases {
        if let Stage::Accepted { settled, approval, .. } = &case.stage {
            held.push(row(desk, *stream, case, (settled, approval))?);
        }
        let past = case.past.iter().filter(|past| past.settled.treatment() == Some(Treatment::Accept));
        for past in past.filter(|past| desk.in_period(past.ended_at)) {
            ended.push(former(desk, *stream, case, past)?);
        }
    }
    let subject = desk.get("report-accepted-subject", &[("count", held.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    paper.cautions.push(desk.t("report-accepted-caution"));
    let looked_at = [("cases", cases.len().into())];
    paper.push(desk.table(
        "report-accepted-table",
        desk.columns(&[
            (Label::Case, 9),
            (Label::Vulnerability, 16),
            (Label::Places, 10),
            (Label::Priority, 7),
            (Label::Reason, 18),
            (Label::PatientSafety, 10),
            (Label::DeviceMeasures, 16),
            (Label::Decided, 10),
            (Label::Approval, 14),
            (Label::Until, 9),
        ]),
        held,
        desk.get("report-accepted-empty", &looked_at),
    ));
    paper.push(desk.table(
        "report-accepted-ended",
        desk.columns(&[
            (Label::Case, 10),
            (Label::Vulnerability, 24),
            (Label::Reason, 20),
            (Label::Approval, 16),
            (Label::Until, 10),
            (Label::State, 20),
        ]),
        ended,
        desk.get("report-accepted-ended-empty", &looked_at),
    ));
    Ok(paper)
}

fn row(
    desk: &Desk<'_>,
    stream: Stream,
    case: &Case,
    (settled, approval): (&Settled, &Given),
) -> Result<Vec<Cell>, RecordsError> {
    let decision = settled.decision();
    let effects = match settled {
        Settled::Treated { analysis, .. } => {
            let inputs = &analysis.inputs;
            let safety = desk.term(inputs.patient_safety.term());
            let availability = desk.term(inputs.availability.term());
            let label = desk.label(Label::Availability);
            desk.lines(vec![safety, format!("{label}: {availability}")])
        }
        Settled::Judged { .. } => desk.not_recorded(),
    };
    Ok(vec![
        desk.number(stream).into(),
        desk.vulnerabilities(case),
        desk.places(case),
        desk.priority(case.priority),
        desk.maybe(decision.map(|decision| decision.reason.clone())),
        effects,
        measures(desk, case),
        desk.maybe(decision.map(|decision| desk.by(decision.by, decision.at))),
        desk.given(approval).into(),
        desk.due(decision.and_then(|decision| decision.accept_until)),
    ])
}

/// What is done while the risk is held: an agreed alternative, and measures of which the effect was shown.
fn measures(desk: &Desk<'_>, case: &Case) -> Cell {
    let mut lines = Vec::new();
    if let Some(alternative) = &case.alternative {
        let until = desk.date(alternative.until);
        let values = [("what", (&alternative.note).into()), ("until", (&until).into())];
        lines.push(desk.get("report-alternative-until", &values));
    }
    for place in case.places.values() {
        if let Some(effect) = &place.effect {
            lines.push(format!(
                "{}: {}\n{}",
                place.found.label,
                effect.note,
                desk.document(&effect.document)
            ));
        }
    }
    desk.lines(lines)
}

fn former(desk: &Desk<'_>, stream: Stream, case: &Case, past: &Past) -> Result<Vec<Cell>, RecordsError> {
    let decision = past.settled.decision();
    let at = desk.at(past.ended_at);
    let ended = match past.because {
        Some(because) => {
            let because = desk.term(because.term());
            desk.get("report-no-longer-because", &[("at", (&at).into()), ("because", (&because).into())])
        }
        None => desk.get("report-no-longer", &[("at", (&at).into())]),
    };
    let until = decision.and_then(|decision| decision.accept_until).map(|until| desk.date(until));
    Ok(vec![
        desk.number(stream).into(),
        desk.vulnerabilities(case),
        desk.maybe(decision.map(|decision| decision.reason.clone())),
        desk.given(&past.approval).into(),
        desk.maybe(until),
        Cell::toned(format!("{ended}\n{}", desk.term(case.state().term())), Tone::Quiet),
    ])
}
