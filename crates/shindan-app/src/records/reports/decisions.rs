//! 処置決定一覧: what was decided about vulnerabilities in a period, by whom, why, and who approved it (②-2).

use jiff::Timestamp;
use shindan_domain::approval::Given;
use shindan_domain::case::analysis::RiskAnalysis;
use shindan_domain::case::settle::{Judgement, Past, Settled, TreatmentDecision};
use shindan_domain::case::{Applicability, Case, Stage, Treatment};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Label;
use shindan_domain::term::Term;
use shindan_report::paper::{Block, Cell, Layout, Paper, Tone};

use super::super::RecordsError;
use super::desk::Desk;

/// One decision about a case, whether or not it still counts.
struct Decided<'a> {
    judgement: &'a Judgement,
    analysis: Option<&'a RiskAnalysis>,
    decision: Option<&'a TreatmentDecision>,
    approval: Option<&'a Given>,
    ended: Option<&'a Past>,
}

impl<'a> Decided<'a> {
    fn settled(settled: &'a Settled, approval: &'a Given, ended: Option<&'a Past>) -> Self {
        let analysis = match settled {
            Settled::Treated { analysis, .. } => Some(&**analysis),
            Settled::Judged { .. } => None,
        };
        Decided {
            judgement: settled.judgement(),
            analysis,
            decision: settled.decision(),
            approval: Some(approval),
            ended,
        }
    }

    /// When it was decided.
    fn at(&self) -> Timestamp {
        self.decision.map_or(self.judgement.at, |decision| decision.at)
    }
}

/// Every decision about a case, oldest first: those that no longer count, and the one at hand.
fn of(case: &Case) -> Vec<Decided<'_>> {
    let past = case.past.iter().map(|past| Decided::settled(&past.settled, &past.approval, Some(past)));
    let mut all: Vec<Decided<'_>> = past.collect();
    match &case.stage {
        Stage::Decided { judgement, analysis, decision } => all.push(Decided {
            judgement,
            analysis: Some(analysis),
            decision: Some(decision),
            approval: None,
            ended: None,
        }),
        // Only what needs no treatment is decided by the judgement alone.
        Stage::Judged { judgement }
            if matches!(judgement.applicability, Applicability::NotAffected | Applicability::Fixed) =>
        {
            all.push(Decided { judgement, analysis: None, decision: None, approval: None, ended: None });
        }
        stage => {
            all.extend(stage.approved().map(|(settled, approval)| Decided::settled(settled, approval, None)))
        }
    }
    all
}

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let cases = desk.sorted(Kind::Case, &desk.all.cases);
    let (mut rows, mut open) = (Vec::new(), Vec::new());
    for (stream, case) in &cases {
        for decided in of(case) {
            let approved = decided.approval.is_some_and(|given| desk.in_period(given.at));
            if approved || desk.in_period(decided.at()) {
                rows.push(row(desk, *stream, case, &decided)?);
            }
        }
        if case.is_open() && of(case).iter().all(|decided| decided.ended.is_some()) {
            open.push(undecided(desk, *stream, case)?);
        }
    }
    let subject = desk.get("report-decisions-subject", &[("count", rows.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    paper.cautions.push(desk.t("report-decisions-caution"));
    let looked_at = [("cases", cases.len().into())];
    paper.push(desk.table(
        "report-decisions-table",
        desk.columns(&[
            (Label::Case, 9),
            (Label::Vulnerability, 18),
            (Label::Subject, 10),
            (Label::Priority, 7),
            (Label::Treatment, 9),
            (Label::Reason, 18),
            (Label::Decided, 10),
            (Label::Approval, 12),
            (Label::Until, 9),
            (Label::State, 9),
        ]),
        rows,
        desk.get("report-decisions-empty", &looked_at),
    ));
    paper.push(Block::Text(desk.t("report-decisions-open-text")));
    paper.push(desk.table(
        "report-decisions-open",
        desk.columns(&[
            (Label::Case, 10),
            (Label::Vulnerability, 26),
            (Label::Subject, 14),
            (Label::Priority, 8),
            (Label::Noticed, 12),
            (Label::DecideBy, 10),
            (Label::State, 12),
        ]),
        open,
        desk.get("report-decisions-open-empty", &looked_at),
    ));
    Ok(paper)
}

fn row(
    desk: &Desk<'_>,
    stream: Stream,
    case: &Case,
    decided: &Decided<'_>,
) -> Result<Vec<Cell>, RecordsError> {
    let Decided { judgement, analysis, decision, approval, ended } = decided;
    let priority = analysis.map_or(case.priority, |analysis| analysis.inputs.priority());
    let (by, reason) = match decision {
        Some(decision) => (decision.by, &decision.reason),
        None => (judgement.by, &judgement.note),
    };
    Ok(vec![
        desk.number(stream).into(),
        desk.vulnerabilities(case),
        desk.subject(case)?.into(),
        desk.priority(priority),
        measure(desk, decided).into(),
        desk.text(reason),
        desk.by(by, decided.at()).into(),
        approval.map_or_else(
            || Cell::toned(desk.t("report-not-approved"), Tone::Late),
            |given| approved(desk, case, given, ended.is_none()),
        ),
        until(desk, case, decided),
        standing(desk, case, *ended),
    ])
}

/// What was decided: the measure, or why nothing is to be treated.
fn measure(desk: &Desk<'_>, decided: &Decided<'_>) -> String {
    if let Some(decision) = decided.decision {
        return desk.term(decision.treatment.term());
    }
    let judged = desk.term(decided.judgement.applicability.term());
    let why = decided.judgement.justification.map(|why| Term { set: "justification", value: why.as_str() });
    match why {
        Some(why) => format!("{judged}\n{}", desk.term(why)),
        None => judged,
    }
}

fn approved(desk: &Desk<'_>, case: &Case, given: &Given, counts: bool) -> Cell {
    let text = desk.given(given);
    match case.inherited.filter(|_| counts) {
        None => text.into(),
        Some(from) => {
            let number = desk.number(Stream::new(Kind::Case, from));
            let inherited = desk.get("report-inherited", &[("case", (&number).into())]);
            format!("{text}\n{inherited}").into()
        }
    }
}

/// Until when: the end of an acceptance, else when it is to be done.
fn until(desk: &Desk<'_>, case: &Case, decided: &Decided<'_>) -> Cell {
    let Some(decision) = decided.decision else { return desk.not_applicable() };
    let last = match decision.treatment {
        Treatment::Accept => decision.accept_until,
        _ => case.due.map(|due| due.done),
    };
    let is_over = decided.ended.is_some() || !case.is_open();
    match last {
        Some(last) if is_over => desk.date(last).into(),
        None if decision.treatment != Treatment::Accept => {
            Cell::toned(desk.t("report-no-due-date"), Tone::Undetermined)
        }
        last => desk.due(last),
    }
}

/// Whether the decision still counts, and how far the case has come.
fn standing(desk: &Desk<'_>, case: &Case, ended: Option<&Past>) -> Cell {
    let Some(past) = ended else { return desk.term(case.state().term()).into() };
    let at = desk.at(past.ended_at);
    let text = match past.because {
        Some(because) => {
            let because = desk.term(because.term());
            desk.get("report-no-longer-because", &[("at", (&at).into()), ("because", (&because).into())])
        }
        None => desk.get("report-no-longer", &[("at", (&at).into())]),
    };
    Cell::toned(text, Tone::Quiet)
}

fn undecided(desk: &Desk<'_>, stream: Stream, case: &Case) -> Result<Vec<Cell>, RecordsError> {
    let due = case.due.map(|due| due.decide);
    Ok(vec![
        desk.number(stream).into(),
        desk.vulnerabilities(case),
        desk.subject(case)?.into(),
        desk.priority(case.priority),
        desk.at(case.noticed).into(),
        match due {
            Some(_) => desk.due(due),
            None => Cell::toned(desk.t("report-no-due-date"), Tone::Undetermined),
        },
        desk.term(case.state().term()).into(),
    ])
}
