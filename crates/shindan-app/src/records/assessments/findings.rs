//! Use cases on findings: what is known of them, decisions, cases.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::assessment::overview::{overview, reference};
use shindan_domain::assessment::{
    AssessmentPlan, FindingRef, FindingRow, FindingVerdict, Fingerprint, Presence, Proposal, ScanFinding,
};
use shindan_domain::calendar::day;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{AssessmentPlanId, ScanFindingId};

use super::reports::read_standing;
use crate::embedded;
use crate::records::step::nothing;
use crate::records::{Act, Call, Done, Entered, Records, RecordsError, WordGiven};

/// Looks at all findings of a plan, the most urgent first.
pub(super) fn with_rows<T>(
    records: &Records,
    id: AssessmentPlanId,
    today: Date,
    look: impl FnOnce(&AssessmentPlan, &[FindingRow<'_>]) -> T,
) -> Result<T, RecordsError> {
    let plan = records.existing::<AssessmentPlan>(id)?;
    let standing = read_standing(records, plan.standing.as_ref())?;
    let decisions = decisions(records, id)?;
    let table = embedded::assessment_severities()?;
    let rows = overview(&plan, &standing, &decisions, &table, today);
    Ok(look(&plan, &rows))
}

/// What is decided about findings of a plan.
pub(super) fn decisions(
    records: &Records,
    plan: AssessmentPlanId,
) -> Result<Vec<(ScanFindingId, ScanFinding)>, RecordsError> {
    let all = records.all::<ScanFinding>()?;
    let of_plan = all.into_iter().filter(|(_, one)| one.finding.plan == plan);
    Ok(of_plan.map(|(id, one)| (ScanFindingId(id), one)).collect())
}

/// Shows the findings of a plan to who may read.
///
/// # Errors
/// Refused without a role; [`RecordsError::Unknown`] for an unknown plan.
pub fn list<T>(
    records: &Records,
    who: &Entered,
    plan: AssessmentPlanId,
    today: Date,
    look: impl FnOnce(&AssessmentPlan, &[FindingRow<'_>]) -> T,
) -> Result<T, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    with_rows(records, plan, today, look)
}

/// The one finding that begins so.
pub(super) fn meant<'r, 'a>(
    rows: &'r [FindingRow<'a>],
    beginning: &str,
) -> Result<&'r FindingRow<'a>, Refusal> {
    let begins = |row: &&FindingRow<'_>| row.fingerprint.to_string().starts_with(&beginning.to_lowercase());
    let mut found = rows.iter().filter(begins);
    match (beginning.len() >= 4, found.next(), found.next()) {
        (true, Some(one), None) => Ok(one),
        (_, first, second) => {
            let count = first.iter().chain(second.iter()).count() + found.count();
            Err(Refusal::new(ReasonCode::FindingUnknown).with("value", beginning).with("count", count))
        }
    }
}

/// The findings that are meant, as decisions name them, with the records of those about which something was decided.
fn referred(
    act: &Act<'_>,
    plan: AssessmentPlanId,
    beginnings: &[String],
) -> Result<Vec<(FindingRef, Option<ScanFindingId>)>, RecordsError> {
    let today = day(act.occurrence.at);
    let found = with_rows(act.records(), plan, today, |_, rows| {
        let one = |beginning: &String| {
            let row = meant(rows, beginning)?;
            if row.known.presence == Presence::Gone {
                return Err(Refusal::new(ReasonCode::FindingGone).with("value", row.fingerprint));
            }
            Ok((row.fingerprint, (reference(plan, row), row.decision.map(|(id, _)| id))))
        };
        // Named twice is named once.
        let all = beginnings.iter().map(one).collect::<Result<BTreeMap<Fingerprint, _>, Refusal>>()?;
        Ok(all.into_values().collect::<Vec<_>>())
    })?;
    found.map_err(|refusal| RecordsError::refused(Some(Stream::new(Kind::AssessmentPlan, plan)), refusal))
}

/// What is proposed about findings.
#[derive(Debug, Clone)]
pub struct VerdictAsked {
    /// Beginnings of their identities.
    pub findings: Vec<String>,
    /// What.
    pub verdict: FindingVerdict,
    /// Why.
    pub reason: String,
    /// Last day on which it counts.
    pub until: Date,
    /// What shows it.
    pub documents: Vec<PathBuf>,
}

/// Proposes that findings are false positives, or that their risk is accepted until a day. It counts once another person approved it.
///
/// # Errors
/// Refused without a reason, for a day that has passed, for findings that are gone or in a case.
pub fn propose(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    plan: AssessmentPlanId,
    asked: &VerdictAsked,
) -> Result<Done, RecordsError> {
    let about = Stream::new(Kind::AssessmentPlan, plan);
    records.act(who, call, Action::Operate, Some(about), |act| {
        act.is_as_seen(about)?;
        let documents = act.records().take_in_all(&asked.documents, act.occurrence.at)?;
        let mut last = about;
        for (finding, known) in referred(act, plan, &asked.findings)? {
            let proposal = Proposal {
                verdict: asked.verdict,
                reason: asked.reason.clone(),
                until: asked.until,
                documents: documents.clone(),
            };
            let state = known.map(|id| act.state::<ScanFinding>(id)).transpose()?;
            let by = act.occurrence;
            let event = ScanFinding::propose(state.as_ref(), finding, proposal, &by)
                .map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
            let stream = match known {
                Some(id) => {
                    act.change::<ScanFinding>(id, |_, _| Ok(vec![event]))?;
                    Stream::new(Kind::ScanFinding, id)
                }
                None => {
                    let stream = Stream::new(Kind::ScanFinding, act.new_id()?);
                    act.begin::<ScanFinding>(stream.id, &[event], true)?;
                    stream
                }
            };
            last = stream;
        }
        Ok(if asked.findings.len() == 1 { last } else { about })
    })
}

/// Approves what is proposed about a finding.
///
/// # Errors
/// Refused for who proposed it, and if nothing is proposed.
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ScanFindingId,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::ScanFinding, id);
    records.step::<ScanFinding, _>(
        who,
        call,
        given.action(Action::Approve),
        id,
        |records, by| records.word(given, Action::Approve, stream, by),
        |finding, word, by| finding.approve(word, by),
    )
}

/// Sends it back.
///
/// # Errors
/// Refused without a note, and if nothing is proposed.
pub fn reject(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ScanFindingId,
    note: String,
) -> Result<Done, RecordsError> {
    records.step::<ScanFinding, _>(who, call, Action::Approve, id, nothing, |finding, (), _| {
        finding.reject(note)
    })
}

/// Takes back what counts: the finding is open again.
///
/// # Errors
/// Refused without a reason, and if nothing counts.
pub fn withdraw(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ScanFindingId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<ScanFinding, _>(who, call, Action::Operate, id, nothing, |finding, (), _| {
        finding.withdraw(reason)
    })
}

/// Takes two findings as one, or apart; a later word about the two counts instead.
///
/// # Errors
/// Refused without a reason, and for what the plan does not know.
pub fn join(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    plan: AssessmentPlanId,
    (primary, other): (&str, &str),
    (same, reason): (bool, String),
) -> Result<Done, RecordsError> {
    let about = Stream::new(Kind::AssessmentPlan, plan);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let today = day(act.occurrence.at);
        let pair = with_rows(act.records(), plan, today, |_, rows| {
            Ok::<(Fingerprint, Fingerprint), Refusal>((
                meant(rows, primary)?.fingerprint,
                meant(rows, other)?.fingerprint,
            ))
        })?;
        let pair = pair.map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
        act.change::<AssessmentPlan>(plan, |state, _| Ok(vec![state.join(pair, same, reason)?]))?;
        Ok(about)
    })
}
