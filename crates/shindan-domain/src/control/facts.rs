//! What the rules look at: records as they stood on a day. The app fills this from states folded up to that day.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::agreement::Standing;
use crate::assessment::{PlanTiming, Way};
use crate::case::{CaseState, Treatment};
use crate::collect::SourceTiming;
use crate::interface::InterfaceState;
use crate::ledger::Stream;
use crate::organisation::Purpose;
use crate::policy::ConfirmationInterval;
use crate::sighting::SightingKind;

/// A record that a status rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordRef {
    /// The record.
    pub stream: Stream,
    /// Its display number (`MED-2026-0042`).
    pub number: String,
}

/// One comparison of an inventory with vulnerability information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedFact {
    /// The system, release, deployment or installation that was judged.
    pub record: RecordRef,
    /// When.
    pub at: Timestamp,
    /// Components and assets that could not be judged.
    pub undetermined: u64,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFact {
    /// Which.
    pub record: RecordRef,
    /// How far it has come.
    pub state: CaseState,
    /// When it was noticed.
    pub noticed: Timestamp,
    /// When its decision was approved, if it counts.
    pub decided: Option<Timestamp>,
    /// When it was closed.
    pub done: Option<Timestamp>,
    /// Last day for the decision, by an approved policy.
    pub decide_by: Option<Date>,
    /// Last day for closing.
    pub done_by: Option<Date>,
    /// The measure.
    pub treatment: Option<Treatment>,
    /// Last day of an acceptance.
    pub accepted_until: Option<Date>,
}

/// A patch that was applied, or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchFact {
    /// Which.
    pub record: RecordRef,
    /// It was applied somewhere.
    pub applied: bool,
    /// It was proven genuine, or an alternative was approved, before it was applied.
    pub genuine: bool,
    /// Its effect was shown before it was applied.
    pub effective: bool,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFact {
    /// Which.
    pub record: RecordRef,
    /// It was applied.
    pub applied: bool,
    /// Its impact was assessed before.
    pub impact_assessed: bool,
    /// Its mandatory tests were passed and confirmed by another person before.
    pub tests_confirmed: bool,
    /// It took the emergency path.
    pub emergency: bool,
    /// The tests that an emergency put off were passed and confirmed afterwards.
    pub tests_made_up: bool,
}

/// An inquiry to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryFact {
    /// Which.
    pub record: RecordRef,
    /// Last day for the answer.
    pub due: Option<Date>,
    /// It was answered.
    pub answered: bool,
}

/// A confirmation that devices are fit for use (instruction → report → judgement → action).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstructionFact {
    /// Which.
    pub record: RecordRef,
    /// Last day for the report.
    pub due: Option<Date>,
    /// When it was closed: reported, judged, and acted upon.
    pub closed: Option<Timestamp>,
    /// Something was judged unfit and nothing was done yet.
    pub unfit_open: bool,
}

/// A review of operational items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFact {
    /// Which.
    pub record: RecordRef,
    /// Last day.
    pub due: Option<Date>,
    /// When its result was approved.
    pub approved: Option<Timestamp>,
}

/// An asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetFact {
    /// Which.
    pub record: RecordRef,
    /// Somebody is named who patches it.
    pub patched_by_known: bool,
    /// It is in use.
    pub in_use: bool,
    /// Last day of the maker's support.
    pub support_end: Option<Date>,
    /// It is stopped or retired and nobody confirmed that it is disconnected.
    pub disconnection_open: bool,
    /// The register calls it a medical or IoT device, and it has no dossier.
    pub dossier_missing: bool,
}

/// A device with a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFact {
    /// Which.
    pub record: RecordRef,
    /// It is in use.
    pub in_use: bool,
    /// Its risk was analysed, with all facts that the dossier knows.
    pub analysed: bool,
    /// Its operating rule is approved and says what the dossier says.
    pub rule_in_force: bool,
    /// It is laid down how it is updated.
    pub update_method: bool,
    /// Until when somebody looks for updates.
    pub next_update: Option<Date>,
    /// It is used otherwise than its maker intends, and the case about that is not closed.
    pub use_differs: bool,
    /// Nobody is named whose its maintenance line is.
    pub line_without_owner: bool,
}

/// A data exchange with another party that is operated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceFact {
    /// Which.
    pub record: RecordRef,
    /// How far the proof has come that altered data is noticed.
    pub state: InterfaceState,
    /// When it is to be tested again.
    pub due: Option<Date>,
    /// Exchanges of sealed files with its counterpart, if those are its mechanism and some came or were acknowledged.
    pub sealed: Vec<RecordRef>,
}

/// A file of another party that was refused because it was altered, replayed or not provably theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFileFact {
    /// The exchange with the party, if it is known whose file it was; else the installation.
    pub record: RecordRef,
    /// When.
    pub at: Timestamp,
}

/// An agreement on roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementFact {
    /// Which.
    pub record: RecordRef,
    /// Whether it counts on the day, between those who run and supply the system.
    pub standing: Standing,
}

/// A system that has IoT or medical devices, or an agreement on roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFact {
    /// Which.
    pub record: RecordRef,
    /// It is in service.
    pub in_service: bool,
    /// It has IoT or medical devices.
    pub needs_agreement: bool,
    /// Its agreements.
    pub agreements: Vec<AgreementFact>,
    /// Assets whose patching the agreement whose turn it is does not cover.
    pub patching_not_agreed: Vec<RecordRef>,
    /// Assets that another party patches than was agreed.
    pub patching_contradicts: Vec<RecordRef>,
    /// Devices whose remote-maintenance line it does not cover.
    pub line_not_agreed: Vec<RecordRef>,
    /// Devices whose remote-maintenance line is another party's than was agreed.
    pub line_contradicts: Vec<RecordRef>,
}

/// A discrepancy between the network and the register that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightingFact {
    /// Which.
    pub record: RecordRef,
    /// What does not fit.
    pub kind: SightingKind,
}

/// A plan of security assessments that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentFact {
    /// Which.
    pub record: RecordRef,
    /// Whether an assessment is due on the day.
    pub timing: PlanTiming,
    /// A run of it was closed.
    pub assessed: bool,
    /// It is stated what was delivered, and whether its source can be had.
    pub deliverables_stated: bool,
    /// Ways that are due and by which a deliverable was assessed.
    pub assessed_by: BTreeSet<Way>,
    /// Ways that are due and by which a deliverable was never assessed.
    pub missing: BTreeSet<Way>,
    /// Findings that are there and about which nothing is decided.
    pub undecided: u64,
}

/// A run of a security assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRunFact {
    /// Which.
    pub record: RecordRef,
    /// By which way.
    pub way: Way,
    /// What its environment is for; `None` if it needs none.
    pub purpose: Option<Purpose>,
    /// An exception with notice to the institution was approved.
    pub exception_approved: bool,
    /// A report of it touched others than the targets, or was made before its start, and nobody said how that came about.
    pub strayed: bool,
    /// It was closed: every finding of it had a decision.
    pub closed: bool,
}

/// A source of vulnerability information that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFact {
    /// Which.
    pub record: RecordRef,
    /// It is of JPCERT/CC, NCO, IPA or JVN.
    pub named_body: bool,
    /// It is not paused.
    pub active: bool,
    /// It is laid down how often it is looked at.
    pub planned: bool,
    /// Whether it was looked at in time on the day.
    pub timing: SourceTiming,
    /// It was looked at, and that did not fail.
    pub checked: bool,
    /// Days of the period on which it was due and nobody looked.
    pub missed_days: u32,
    /// Its last check failed.
    pub last_failed: bool,
    /// Its last check is suspicious, and no person said what about it was done.
    pub suspicious: bool,
    /// A person confirmed a check of it within the days that its settings ask for.
    pub confirmed: bool,
}

/// What a source told and somebody has to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFact {
    /// Which.
    pub record: RecordRef,
    /// Somebody judged it as it is now.
    pub judged: bool,
}

/// An exclusion of a control in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionFact {
    /// Which.
    pub record: RecordRef,
    /// The control or requirement: `2-3`, `kikaku-9`.
    pub control: String,
    /// Why, as written.
    pub reason: String,
    /// Last day on which it counts.
    pub until: Date,
}

/// Everything that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The day for which the status holds.
    pub as_of: Date,
    /// Intervals of the policy in force on that day.
    pub intervals: Option<ConfirmationInterval>,
    /// A policy about due dates was in force.
    pub due_policy: bool,
    /// Comparisons with vulnerability information, up to that day.
    pub judged: Vec<JudgedFact>,
    /// Cases.
    pub cases: Vec<CaseFact>,
    /// Patches.
    pub patches: Vec<PatchFact>,
    /// Changes.
    pub changes: Vec<ChangeFact>,
    /// Inquiries.
    pub inquiries: Vec<InquiryFact>,
    /// Confirmations.
    pub instructions: Vec<InstructionFact>,
    /// Reviews.
    pub reviews: Vec<ReviewFact>,
    /// Assets.
    pub assets: Vec<AssetFact>,
    /// Devices with a dossier.
    pub devices: Vec<DeviceFact>,
    /// Open discrepancies between networks and register.
    pub sightings: Vec<SightingFact>,
    /// Approved exclusions.
    pub exclusions: Vec<ExclusionFact>,
    /// Data exchanges with other parties.
    pub interfaces: Vec<InterfaceFact>,
    /// Sealed files that were refused.
    pub refused_files: Vec<RefusedFileFact>,
    // ---- agreements
    /// A device dossier is kept, so that it can be told which systems need an agreement.
    pub devices_recorded: bool,
    /// Systems with IoT or medical devices, or with agreements.
    pub services: Vec<ServiceFact>,
    // ---- security assessments
    /// Plans that have not ended.
    pub assessments: Vec<AssessmentFact>,
    /// Runs of all plans.
    pub assessment_runs: Vec<AssessmentRunFact>,
    // ---- collecting
    /// Records about sources are kept by who filled this in; `false`: nobody asked, so that nothing can be told.
    pub sources_recorded: bool,
    /// Sources that have not ended.
    pub sources: Vec<SourceFact>,
    /// What they told in the period.
    pub notices: Vec<NoticeFact>,
}

impl Facts {
    /// Nothing is recorded.
    pub fn none(as_of: Date) -> Self {
        Facts {
            as_of,
            intervals: None,
            due_policy: false,
            judged: Vec::new(),
            cases: Vec::new(),
            patches: Vec::new(),
            changes: Vec::new(),
            inquiries: Vec::new(),
            instructions: Vec::new(),
            reviews: Vec::new(),
            assets: Vec::new(),
            devices: Vec::new(),
            sightings: Vec::new(),
            exclusions: Vec::new(),
            interfaces: Vec::new(),
            refused_files: Vec::new(),
            // ---- agreements
            devices_recorded: false,
            services: Vec::new(),
            // ---- security assessments
            assessments: Vec::new(),
            assessment_runs: Vec::new(),
            // ---- collecting
            sources_recorded: false,
            sources: Vec::new(),
            notices: Vec::new(),
        }
    }
}
