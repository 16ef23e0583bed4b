//! Plans on the terminal: what is due when, and by which way.

use jiff::civil::Date;
use shindan_domain::assessment::plan::PlanState;
use shindan_domain::assessment::{AssessmentPlan, PlanTiming};

use super::PlanLine;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::Words;

/// Plans for the terminal.
pub fn plans_table(plans: &[PlanLine<'_>], today: Date, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if plans.is_empty() {
        line(&mut out, &words.t("assessed-no-plans"));
        return out;
    }
    let timed = |timing| plans.iter().filter(|one| one.plan.timing(today) == Some(timing)).count();
    let day = today.to_string();
    let values = [
        ("day", (&day).into()),
        ("count", plans.len().into()),
        ("due", timed(PlanTiming::Due).into()),
        ("overdue", timed(PlanTiming::Overdue).into()),
    ];
    line(&mut out, &words.get("assessed-plans-head", &values));
    let keys = [
        "assessed-col-number",
        "assessed-col-name",
        "assessed-col-kind",
        "assessed-col-timing",
        "assessed-col-due",
        "assessed-col-last",
        "assessed-col-ways",
    ];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    for one in plans {
        let plan = one.plan;
        table.add_row(vec![
            plain(one.number),
            plain(&plan.draft.name),
            plain(words.term(plan.draft.application.term())),
            timing(plan, today, words),
            plain(plan.due().map(|due| due.to_string()).unwrap_or_default()),
            plain(last(plan).map_or_else(|| words.t("assessed-never"), |day| day.to_string())),
            plain(ways(plan, words)),
        ]);
    }
    layout::widen(&mut table, 6, 25);
    put(&mut out, &table);
    out
}

/// The last day on which a run was closed.
pub(super) fn last(plan: &AssessmentPlan) -> Option<Date> {
    plan.assessed.iter().map(|run| run.on).max()
}

fn timing(plan: &AssessmentPlan, today: Date, words: &Words) -> comfy_table::Cell {
    match plan.timing(today) {
        None => plain(words.term(PlanState::Ended.term())),
        Some(timing) => {
            let text = words.term(timing.term());
            match timing {
                PlanTiming::Overdue => colored(text, Meaning::Immediate),
                PlanTiming::Due => colored(text, Meaning::OutOfCycle),
                PlanTiming::InTime => plain(text),
            }
        }
    }
}

/// Deliverables with the way by which each is due and the last day on which that happened.
fn ways(plan: &AssessmentPlan, words: &Words) -> String {
    if plan.deliverables.is_empty() {
        return words.t("assessed-not-stated");
    }
    let one = |(name, deliverable): (&String, &shindan_domain::assessment::plan::Deliverable)| {
        let way = words.term(plan.way_due(deliverable).term());
        let last = plan.last_assessed(name).map_or_else(|| words.t("assessed-never"), |day| day.to_string());
        format!("{name}: {way} ({last})")
    };
    plan.deliverables.iter().map(one).collect::<Vec<_>>().join("\n")
}
