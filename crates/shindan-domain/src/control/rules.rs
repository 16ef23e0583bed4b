//! One rule per row. Pure: facts in, statements out.

use jiff::Timestamp;
use jiff::civil::Date;

use super::facts::{CaseFact, Facts, RecordRef, ServiceFact};
use super::{ControlStatus, Statement, Topic, Verdict, assessment_rules, collect_rules};
use crate::agreement::Standing;
use crate::calendar::{after, day};
use crate::case::CaseState;
use crate::interface::InterfaceState;
use crate::policy::PolicyKind;
use crate::process::{Reason, ReasonCode};
use crate::sighting::SightingKind;

/// Rows of the annex, as in `catalog/mic-meti-provider-1.1-annex2-p30.toml`.
pub const CONTROLS: [&str; 9] = ["2-2", "2-3", "2-4", "3-1", "3-2", "3-3", "4-1", "4-2", "5-1"];

/// Refused files are told for so many days.
const REFUSED_FILES_DAYS: i64 = 90;

/// Requirements, as in `catalog/mhlw-6.0.toml`.
pub const REQUIREMENTS: [&str; 3] = ["kikaku-9", "kikaku-15", "unyo-8"];

/// What the records show about every control and requirement.
pub fn evaluate_all(facts: &Facts) -> Vec<ControlStatus> {
    CONTROLS.into_iter().chain(REQUIREMENTS).map(|control| evaluate(control, facts)).collect()
}

/// What the records show about one control or requirement (its ASCII identifier). Rows that no rule knows are
/// *undetermined*.
pub fn evaluate(control: &str, facts: &Facts) -> ControlStatus {
    let excluded = facts
        .exclusions
        .iter()
        .find(|exclusion| exclusion.control == control && facts.as_of <= exclusion.until);
    let mut found = Findings::default();
    if let Some(exclusion) = excluded {
        let reason = Reason::new(ReasonCode::ControlExcluded).with("reason", &exclusion.reason);
        found.shown.push(Statement { reason, records: vec![exclusion.record.clone()] });
        return found.status(control, Some(Verdict::NotApplicable));
    }
    match control {
        "2-2" => decisions(facts, &mut found),
        "2-3" => patches(facts, &mut found),
        "2-4" => changes(facts, &mut found),
        "4-1" => promptness(facts, &mut found),
        "kikaku-9" => confirmations(facts, &mut found),
        "kikaku-15" => reviews(facts, &mut found),
        "unyo-8" => devices(facts, &mut found),
        "3-1" => {
            assessment_rules::regularity(facts, &mut found);
            interfaces(facts, &mut found);
        }
        "3-2" => assessment_rules::environments(facts, &mut found),
        "3-3" => assessment_rules::ways(facts, &mut found),
        "4-2" if facts.sources_recorded => collect_rules::sources(facts, &mut found),
        "4-2" => found.not_covered(Topic::SourceChecks),
        "5-1" => roles(facts, &mut found),
        _ => found.not_covered(Topic::OtherRow),
    }
    found.status(control, None)
}

#[derive(Default)]
pub(super) struct Findings {
    shown: Vec<Statement>,
    gaps: Vec<Statement>,
    undetermined: Vec<Statement>,
}

impl Findings {
    /// Gaps go before doubt, doubt before *met*; without anything shown nothing is met.
    fn status(self, control: &str, verdict: Option<Verdict>) -> ControlStatus {
        let Findings { shown, gaps, mut undetermined } = self;
        if shown.is_empty() && gaps.is_empty() && undetermined.is_empty() {
            let reason = Reason::new(ReasonCode::ControlNothingRecorded);
            undetermined.push(Statement { reason, records: Vec::new() });
        }
        let verdict = verdict.unwrap_or(if !gaps.is_empty() {
            Verdict::Gaps
        } else if !undetermined.is_empty() || shown.is_empty() {
            Verdict::Undetermined
        } else {
            Verdict::Met
        });
        ControlStatus { control: control.to_owned(), verdict, shown, gaps, undetermined }
    }

    fn not_covered(&mut self, topic: Topic) {
        let reason = Reason::new(ReasonCode::ControlNotCovered).with("topic", topic);
        self.undetermined.push(Statement { reason, records: Vec::new() });
    }

    pub(super) fn show(&mut self, code: ReasonCode, records: Vec<RecordRef>) {
        self.shown.extend(statement(code, records));
    }

    pub(super) fn gap(&mut self, code: ReasonCode, records: Vec<RecordRef>) {
        self.gaps.extend(statement(code, records));
    }

    /// The records cannot tell, and rest on none.
    pub(super) fn open(&mut self, code: ReasonCode) {
        self.undetermined.push(Statement { reason: Reason::new(code), records: Vec::new() });
    }

    /// Something is missing of which there is no record.
    pub(super) fn lack(&mut self, code: ReasonCode) {
        self.gaps.push(Statement { reason: Reason::new(code), records: Vec::new() });
    }

    /// Records that leave the question to a person.
    pub(super) fn ask_a_person(&mut self, code: ReasonCode, records: Vec<RecordRef>) {
        self.undetermined.extend(statement(code, records));
    }

    fn policy_missing(&mut self, kind: PolicyKind) {
        let reason = Reason::new(ReasonCode::ControlPolicyMissing).with("kind", kind);
        self.gaps.push(Statement { reason, records: Vec::new() });
    }
}

/// A statement with the number of its records; none without records.
fn statement(code: ReasonCode, mut records: Vec<RecordRef>) -> Option<Statement> {
    records.sort();
    records.dedup();
    let reason = Reason::new(code).with("count", records.len());
    (!records.is_empty()).then_some(Statement { reason, records })
}

pub(super) fn select<T>(
    items: &[T],
    record: fn(&T) -> &RecordRef,
    fits: impl Fn(&T) -> bool,
) -> Vec<RecordRef> {
    items.iter().filter(|item| fits(item)).map(|item| record(item).clone()).collect()
}

fn cases(facts: &Facts, fits: impl Fn(&CaseFact) -> bool) -> Vec<RecordRef> {
    select(&facts.cases, |case| &case.record, fits)
}

fn past(date: Option<Date>, as_of: Date) -> bool {
    date.is_some_and(|date| date < as_of)
}

/// The last of several moments must not be older than the interval.
fn regular(
    found: &mut Findings,
    facts: &Facts,
    last: Option<(Timestamp, Vec<RecordRef>)>,
    days: Option<u16>,
    (in_time, too_long_ago): (ReasonCode, ReasonCode),
) {
    let Some((at, records)) = last else { return };
    let last = day(at);
    let too_old = days.is_some_and(|days| after(last, days) < facts.as_of);
    let reason = |code| Reason::new(code).with("count", records.len()).with("last", last);
    match days {
        Some(days) if too_old => {
            let reason = reason(too_long_ago).with("days", days);
            found.gaps.push(Statement { reason, records });
        }
        _ => {
            let reason = reason(in_time);
            found.shown.push(Statement { reason, records });
        }
    }
    if days.is_none() {
        found.policy_missing(PolicyKind::ConfirmationInterval);
    }
}

fn comparisons(facts: &Facts, found: &mut Findings) {
    let last = facts.judged.iter().map(|judged| judged.at).max();
    let last = last.map(|at| (at, select(&facts.judged, |judged| &judged.record, |_| true)));
    let days = facts.intervals.as_ref().map(|intervals| intervals.judge);
    let codes = (ReasonCode::ControlJudgedRegularly, ReasonCode::ControlJudgedTooLongAgo);
    regular(found, facts, last, days, codes);
}

/// ②-2: risk analysis, then a decision.
fn decisions(facts: &Facts, found: &mut Findings) {
    if facts.cases.is_empty() {
        let code = if facts.judged.is_empty() {
            ReasonCode::ControlNeverJudged
        } else {
            ReasonCode::ControlNothingRecorded
        };
        found.undetermined.push(Statement { reason: Reason::new(code), records: Vec::new() });
        return;
    }
    let undecided = |case: &CaseFact| case.decided.is_none() && case.state != CaseState::Closed;
    found.gap(
        ReasonCode::ControlCasesUndecided,
        cases(facts, |case| undecided(case) && past(case.decide_by, facts.as_of)),
    );
    found.gap(
        ReasonCode::ControlAcceptanceEnded,
        cases(facts, |case| case.state == CaseState::Accepted && past(case.accepted_until, facts.as_of)),
    );
    due(facts, found);
    found.show(ReasonCode::ControlCasesDecided, cases(facts, |case| case.decided.is_some()));
}

/// Open cases need due dates, and due dates a policy.
fn due(facts: &Facts, found: &mut Findings) {
    let without = |case: &CaseFact| case.state != CaseState::Closed && case.decide_by.is_none();
    found.gap(ReasonCode::ControlCasesWithoutDue, cases(facts, without));
    if !facts.due_policy {
        found.policy_missing(PolicyKind::DueDates);
    }
}

/// ②-3: genuine and effective before application.
fn patches(facts: &Facts, found: &mut Findings) {
    let applied = |fits: fn(&super::PatchFact) -> bool| {
        select(&facts.patches, |patch| &patch.record, move |patch| patch.applied && fits(patch))
    };
    found.gap(ReasonCode::ControlPatchesUnverified, applied(|patch| !patch.genuine));
    found.gap(ReasonCode::ControlEffectUntested, applied(|patch| !patch.effective));
    found.show(ReasonCode::ControlPatchesVerified, applied(|patch| patch.genuine && patch.effective));
}

/// ②-4: impact evaluated and tests confirmed before application.
fn changes(facts: &Facts, found: &mut Findings) {
    let applied = |fits: fn(&super::ChangeFact) -> bool| {
        select(&facts.changes, |change| &change.record, move |change| change.applied && fits(change))
    };
    found.gap(ReasonCode::ControlImpactMissing, applied(|change| !change.impact_assessed));
    found.gap(
        ReasonCode::ControlTestsUnconfirmed,
        applied(|change| !change.tests_confirmed && !change.emergency),
    );
    found.gap(
        ReasonCode::ControlEmergencyTests,
        applied(|change| change.emergency && !change.tests_confirmed && !change.tests_made_up),
    );
    found.show(
        ReasonCode::ControlChangesTested,
        applied(|change| {
            change.impact_assessed && (change.tests_confirmed || change.emergency && change.tests_made_up)
        }),
    );
}

/// ④-1: consulted, and acted upon promptly.
fn promptness(facts: &Facts, found: &mut Findings) {
    if facts.judged.is_empty() {
        let reason = Reason::new(ReasonCode::ControlNeverJudged);
        found.undetermined.push(Statement { reason, records: Vec::new() });
        if facts.cases.is_empty() {
            return;
        }
    }
    comparisons(facts, found);
    let last = last_per_record(facts);
    found.gap(ReasonCode::ControlUndeterminedRemain, last);
    found.gap(
        ReasonCode::ControlCasesOverdue,
        cases(facts, |case| case.done.is_none() && open_and_due(case) && past(case.done_by, facts.as_of)),
    );
    let undecided = |case: &CaseFact| case.decided.is_none() && case.state != CaseState::Closed;
    found.gap(
        ReasonCode::ControlCasesUndecided,
        cases(facts, |case| undecided(case) && past(case.decide_by, facts.as_of)),
    );
    found.gap(
        ReasonCode::ControlInquiriesOverdue,
        select(
            &facts.inquiries,
            |inquiry| &inquiry.record,
            |inquiry| !inquiry.answered && past(inquiry.due, facts.as_of),
        ),
    );
    due(facts, found);
    found.show(ReasonCode::ControlCasesClosed, cases(facts, |case| case.done.is_some()));
}

/// An acceptance is in order until its day; it has no day for closing.
fn open_and_due(case: &CaseFact) -> bool {
    !matches!(case.state, CaseState::Closed | CaseState::Accepted)
}

/// What the last comparison of each subject left undetermined.
fn last_per_record(facts: &Facts) -> Vec<RecordRef> {
    let is_last = |judged: &super::JudgedFact| {
        facts.judged.iter().all(|other| other.record != judged.record || other.at <= judged.at)
    };
    select(&facts.judged, |judged| &judged.record, |judged| judged.undetermined > 0 && is_last(judged))
}

/// 企画管理編 9: instructed, reported, judged.
fn confirmations(facts: &Facts, found: &mut Findings) {
    let record: fn(&super::InstructionFact) -> &RecordRef = |instruction| &instruction.record;
    let closed = facts.instructions.iter().filter_map(|instruction| instruction.closed).max();
    let records = select(&facts.instructions, record, |instruction| instruction.closed.is_some());
    let days = facts.intervals.as_ref().map(|intervals| intervals.confirm);
    let codes = (ReasonCode::ControlConfirmed, ReasonCode::ControlConfirmedTooLongAgo);
    regular(found, facts, closed.map(|at| (at, records)), days, codes);
    found.gap(
        ReasonCode::ControlConfirmationOverdue,
        select(&facts.instructions, record, |instruction| {
            instruction.closed.is_none() && past(instruction.due, facts.as_of)
        }),
    );
    found.gap(
        ReasonCode::ControlUnfitOpen,
        select(&facts.instructions, record, |instruction| instruction.unfit_open),
    );
}

/// 企画管理編 15: operational items reviewed regularly.
fn reviews(facts: &Facts, found: &mut Findings) {
    let record: fn(&super::ReviewFact) -> &RecordRef = |review| &review.record;
    let approved = facts.reviews.iter().filter_map(|review| review.approved).max();
    let records = select(&facts.reviews, record, |review| review.approved.is_some());
    let days = facts.intervals.as_ref().map(|intervals| intervals.review);
    let codes = (ReasonCode::ControlReviewed, ReasonCode::ControlReviewedTooLongAgo);
    regular(found, facts, approved.map(|at| (at, records)), days, codes);
    found.gap(
        ReasonCode::ControlReviewOverdue,
        select(&facts.reviews, record, |review| review.approved.is_none() && past(review.due, facts.as_of)),
    );
}

/// ③-1, its second half: a mechanism that verifies the integrity of data in exchanges with institutions.
fn interfaces(facts: &Facts, found: &mut Findings) {
    let of = |fits: &dyn Fn(&super::InterfaceFact) -> bool| {
        select(&facts.interfaces, |interface| &interface.record, fits)
    };
    if facts.interfaces.is_empty() {
        let reason = Reason::new(ReasonCode::ControlInterfacesNone);
        found.undetermined.push(Statement { reason, records: Vec::new() });
    }
    for (state, code) in [
        (InterfaceState::WithoutMechanism, ReasonCode::ControlInterfacesWithoutMechanism),
        (InterfaceState::Untested, ReasonCode::ControlInterfacesUntested),
        (InterfaceState::Failed, ReasonCode::ControlInterfacesFailed),
    ] {
        found.gap(code, of(&|interface| interface.state == state));
    }
    let overdue = |interface: &super::InterfaceFact| past(interface.due, facts.as_of);
    found.gap(ReasonCode::ControlInterfacesOverdue, of(&overdue));
    let tested = |interface: &super::InterfaceFact| interface.state == InterfaceState::Tested;
    found.show(ReasonCode::ControlInterfacesTested, of(&|one| tested(one) && !overdue(one)));
    sealed_files(facts, found);
}

/// Sealed files show that the mechanism of an interface is used. An exchange alone is no interface: what goes over it, and
/// whether that was tested, nobody has said.
fn sealed_files(facts: &Facts, found: &mut Findings) {
    let used = facts.interfaces.iter().filter(|interface| !interface.sealed.is_empty());
    let (mut records, mut count) = (Vec::new(), 0);
    for interface in used {
        count += 1;
        records.push(interface.record.clone());
        records.extend(interface.sealed.iter().cloned());
    }
    let reason = Reason::new(ReasonCode::ControlInterfacesSealed).with("count", count);
    if let Some(shown) = statement(ReasonCode::ControlInterfacesSealed, records) {
        found.shown.push(Statement { reason, ..shown });
    }
    let first = facts.as_of.checked_sub(jiff::Span::new().days(REFUSED_FILES_DAYS)).unwrap_or(Date::MIN);
    let lately = |refused: &&super::RefusedFileFact| {
        let on = day(refused.at);
        first < on && on <= facts.as_of
    };
    let refused: Vec<_> = facts.refused_files.iter().filter(lately).collect();
    let records = refused.iter().map(|refused| refused.record.clone()).collect();
    if let Some(shown) = statement(ReasonCode::ControlFilesRefused, records) {
        let reason = Reason::new(ReasonCode::ControlFilesRefused).with("count", refused.len());
        found.shown.push(Statement { reason: reason.with("days", REFUSED_FILES_DAYS), ..shown });
    }
}

/// システム運用編 8: risk analysis and operating rule, a way to update in time, nothing that is no longer used and still
/// connected.
fn devices(facts: &Facts, found: &mut Findings) {
    let record: fn(&super::AssetFact) -> &RecordRef = |asset| &asset.record;
    let assets = |fits: &dyn Fn(&super::AssetFact) -> bool| select(&facts.assets, record, fits);
    found.gap(ReasonCode::ControlNobodyPatches, assets(&|asset| asset.in_use && !asset.patched_by_known));
    found.gap(
        ReasonCode::ControlSupportEnded,
        assets(&|asset| asset.in_use && past(asset.support_end, facts.as_of)),
    );
    found.gap(ReasonCode::ControlStillConnected, assets(&|asset| asset.disconnection_open));
    found
        .gap(ReasonCode::ControlDeviceWithoutDossier, assets(&|asset| asset.in_use && asset.dossier_missing));
    sightings(facts, found);
    let record: fn(&super::DeviceFact) -> &RecordRef = |device| &device.record;
    let in_use = |fits: &dyn Fn(&super::DeviceFact) -> bool| {
        select(&facts.devices, record, |device| device.in_use && fits(device))
    };
    let overdue = |device: &super::DeviceFact| past(device.next_update, facts.as_of);
    found.gap(ReasonCode::ControlDeviceAnalysisMissing, in_use(&|device| !device.analysed));
    found.gap(ReasonCode::ControlDeviceRuleMissing, in_use(&|device| !device.rule_in_force));
    found.gap(ReasonCode::ControlDeviceUpdatesMissing, in_use(&|device| !device.update_method));
    found.gap(ReasonCode::ControlDeviceUpdatesOverdue, in_use(&overdue));
    found.gap(ReasonCode::ControlDeviceUseDiffers, in_use(&|device| device.use_differs));
    found.gap(
        ReasonCode::ControlDeviceLineWithoutOwner,
        select(&facts.devices, record, |device| device.line_without_owner),
    );
    let in_order = |device: &super::DeviceFact| {
        device.analysed
            && device.rule_in_force
            && device.update_method
            && !overdue(device)
            && !device.use_differs
    };
    found.show(ReasonCode::ControlDevicesInOrder, in_use(&in_order));
}

/// ⑤-1: roles agreed for services with IoT or medical devices.
fn roles(facts: &Facts, found: &mut Findings) {
    if !facts.devices_recorded {
        let reason = Reason::new(ReasonCode::ControlNoDevices);
        found.undetermined.push(Statement { reason, records: Vec::new() });
    }
    let valid = |service: &ServiceFact| {
        service.agreements.iter().any(|agreement| agreement.standing == Standing::Valid)
    };
    let without = |service: &ServiceFact| service.in_service && service.needs_agreement && !valid(service);
    found.gap(
        ReasonCode::ControlServiceWithoutAgreement,
        select(&facts.services, |service| &service.record, without),
    );
    let standing = |standing: Standing| {
        let agreements = facts.services.iter().flat_map(|service| &service.agreements);
        agreements.filter(|one| one.standing == standing).map(|one| one.record.clone()).collect::<Vec<_>>()
    };
    found.gap(ReasonCode::ControlAgreementOverdue, standing(Standing::ReviewPassed));
    found.gap(ReasonCode::ControlAgreementReopened, standing(Standing::Reopened));
    let mut uncovered = |code, records: fn(&ServiceFact) -> &Vec<RecordRef>| {
        found.gap(code, facts.services.iter().flat_map(records).cloned().collect());
    };
    uncovered(ReasonCode::ControlPatchingNotAgreed, |service| &service.patching_not_agreed);
    uncovered(ReasonCode::ControlPatchingContradicts, |service| &service.patching_contradicts);
    uncovered(ReasonCode::ControlLineNotAgreed, |service| &service.line_not_agreed);
    uncovered(ReasonCode::ControlLineContradicts, |service| &service.line_contradicts);
    found.show(ReasonCode::ControlAgreementsInForce, standing(Standing::Valid));
}

/// What is on the network and should not be, or is not known.
fn sightings(facts: &Facts, found: &mut Findings) {
    let of = |kind| select(&facts.sightings, |sighting| &sighting.record, |sighting| sighting.kind == kind);
    found.gap(ReasonCode::ControlRetiredSeen, of(SightingKind::RetiredSeen));
    let mut unregistered = of(SightingKind::UnknownDevice);
    unregistered.extend(of(SightingKind::RandomisedDevice));
    found.gap(ReasonCode::ControlUnknownDevices, unregistered);
}
