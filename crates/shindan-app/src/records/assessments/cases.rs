//! From findings to cases, and from re-tests to proof (SPEC.md section 4, ③-1: "re-test closes them").

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::assessment::overview::{place, reference};
use shindan_domain::assessment::standing::Change;
use shindan_domain::assessment::{AssessmentPlan, FindingRef, FindingRow, Presence, ScanFinding};
use shindan_domain::calendar::day;
use shindan_domain::case::Case;
use shindan_domain::case::assessed::{AssessedFinding, assessed_place};
use shindan_domain::case::found::{Retest, Score};
use shindan_domain::cvss;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::priority::Decision;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, CaseId, ScanFindingId};

use super::findings::{meant, with_rows};
use crate::records::policies::InForce;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError};

/// A finding that goes into a case.
struct Taken {
    target: String,
    finding: AssessedFinding,
    reference: FindingRef,
    decision: Option<ScanFindingId>,
}

/// Opens cases for findings: those that share a remedy share a case. Without names, for every open finding that cannot wait.
///
/// # Errors
/// Refused for findings that are gone or in a case already, and if there is nothing to open a case for.
pub fn open_cases(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    plan: AssessmentPlanId,
    beginnings: &[String],
) -> Result<Done, RecordsError> {
    let about = Stream::new(Kind::AssessmentPlan, plan);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let today = day(act.occurrence.at);
        let refused = |refusal| RecordsError::refused(Some(about), refusal);
        let taken =
            with_rows(act.records(), plan, today, |state, rows| choose(state, plan, rows, beginnings))?;
        let (subject, taken) = taken.map_err(refused)?;
        if taken.is_empty() {
            return Err(refused(Refusal::new(ReasonCode::NothingChanges)));
        }
        let in_force = InForce::read(act.records())?;
        let mut groups: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
        for one in taken {
            groups.entry(one.target.clone()).or_default().push(one);
        }
        let mut last = about;
        for (target, group) in groups {
            let findings: Vec<AssessedFinding> = group.iter().map(|one| one.finding.clone()).collect();
            let at = act.occurrence.at;
            let opened =
                Case::open_for_assessment(subject, target, &findings, plan, in_force.due.as_ref(), at);
            let Some(opened) = opened else { continue };
            let case = CaseId(act.new_id()?);
            act.begin::<Case>(case, &[opened], true)?;
            for one in group {
                put_in_case(act, case, one)?;
            }
            last = Stream::new(Kind::Case, case);
        }
        Ok(last)
    })
}

fn put_in_case(act: &mut Act<'_>, case: CaseId, one: Taken) -> Result<(), RecordsError> {
    let event = ScanFinding::put_in_case(one.reference, case);
    match one.decision {
        Some(id) => act.change::<ScanFinding>(id, |_, _| Ok(vec![event])).map(drop),
        None => {
            let id = act.new_id()?;
            act.begin::<ScanFinding>(id, &[event], true).map(drop)
        }
    }
}

type Chosen = (shindan_domain::case::Subject, Vec<Taken>);

/// The findings that are named, with those that are one with them; or every open one that cannot wait.
fn choose(
    plan: &AssessmentPlan,
    id: AssessmentPlanId,
    rows: &[FindingRow<'_>],
    beginnings: &[String],
) -> Result<Chosen, Refusal> {
    let mut chosen: Vec<&FindingRow<'_>> = Vec::new();
    if beginnings.is_empty() {
        chosen.extend(rows.iter().filter(|row| row.is_open() && row.priority != Decision::Defer));
    }
    let mut groups = BTreeSet::new();
    for beginning in beginnings {
        let row = meant(rows, beginning)?;
        if row.known.presence == Presence::Gone {
            return Err(Refusal::new(ReasonCode::FindingGone).with("value", row.fingerprint));
        }
        if matches!(row.decided, shindan_domain::assessment::Decided::Case(_)) {
            return Err(Refusal::new(ReasonCode::FindingInCase).with("value", row.fingerprint));
        }
        groups.insert(row.stands_for.unwrap_or(row.fingerprint));
    }
    let in_group = |row: &&FindingRow<'_>| {
        groups.contains(&row.stands_for.unwrap_or(row.fingerprint)) && row.known.presence != Presence::Gone
    };
    chosen.extend(rows.iter().filter(in_group));
    // Those that are one share the remedy of the one that stands for them.
    let targets: BTreeMap<_, _> = rows.iter().map(|row| (row.fingerprint, remedy(row))).collect();
    let take = |row: &FindingRow<'_>| {
        let stands = row.stands_for.unwrap_or(row.fingerprint);
        Taken {
            target: targets.get(&stands).cloned().unwrap_or_else(|| remedy(row)),
            finding: assessed(row),
            reference: reference(id, row),
            decision: row.decision.map(|(decision, _)| decision),
        }
    };
    Ok((plan.draft.subject, chosen.into_iter().map(take).collect()))
}

/// What one remedy is for: a component with its fix, else what the rule of the tool is about.
fn remedy(row: &FindingRow<'_>) -> String {
    let result = &row.known.result;
    match (&result.place.component, &result.fixed_version) {
        (Some(component), Some(fixed)) => format!("{component} {fixed}"),
        (Some(component), None) => component.clone(),
        _ => format!("{} ({}:{})", result.title, row.known.tool, result.rule),
    }
}

fn assessed(row: &FindingRow<'_>) -> AssessedFinding {
    let result = &row.known.result;
    // A vector that cannot be read was told when the report was rated.
    let scores = result.cvss.iter().filter_map(|vector| Some((vector, cvss::score(vector).ok()?)));
    let best = scores.max_by_key(|(_, score)| score.score_x10);
    let component = result.place.component.clone().map(|name| (name, result.place.version.clone()));
    AssessedFinding {
        fingerprint: row.fingerprint,
        tool: row.known.tool.clone(),
        rule: result.rule.clone(),
        identifiers: result.identifiers.clone(),
        kind: result.kind,
        title: result.title.clone(),
        place_label: place(&result.place),
        component,
        priority: row.priority,
        cvss: best.map(|(vector, score)| Score {
            version: score.version.as_str().to_owned(),
            score_x10: score.score_x10,
            severity: score.severity.as_str().to_owned(),
            vector: vector.clone(),
        }),
        fixed_version: result.fixed_version.clone(),
    }
}

/// What one report of a run says about findings that are known.
pub(super) struct Said {
    /// What it changes.
    pub change: Change,
    /// When its scan began; when the run was started if it does not tell.
    pub began: Timestamp,
    /// The report.
    pub document: Document,
}

/// What follows from reports for cases: what is gone is proof, what is there again begins again.
pub(super) fn follow(
    act: &mut Act<'_>,
    plan: AssessmentPlanId,
    run: AssessmentId,
    said: &[Said],
) -> Result<(), RecordsError> {
    let mut cases: BTreeSet<CaseId> = BTreeSet::new();
    for (_, finding) in act.records().all::<ScanFinding>()? {
        if finding.finding.plan == plan
            && let shindan_domain::assessment::decision::DecisionStage::InCase { case, .. } = finding.stage
        {
            cases.insert(case);
        }
    }
    for one in said {
        let keys = |all: &BTreeSet<_>| -> BTreeSet<String> {
            all.iter().map(|fingerprint| assessed_place(plan, *fingerprint)).collect()
        };
        let (seen, gone) = (keys(&one.change.seen), keys(&one.change.gone));
        let at = one.began.min(act.occurrence.at);
        let retest = Retest { assessment: run, at, document: one.document.clone() };
        for case in &cases {
            act.change::<Case>(*case, |case, by| case.retested(&seen, &gone, &retest, by))?;
        }
    }
    Ok(())
}
