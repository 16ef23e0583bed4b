//! 脆弱性診断の実施: one run of an assessment (SPEC.md section 4, ③-1 and ③-2).
//!
//! ```text
//! planned ─► (production: exception asked ─► approved) ─► started ─► reports read ─► every finding decided ─► closed
//!    └────────────────────────────── cancelled ◄─────────────┘
//! ```
//!
//! A run against production cannot start without an approved exception with notice to the institution. Medical devices and clinical
//! networks are never scanned: no role, exception or approval changes that.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::checks::{ApplicationKind, Way};
use super::run_event::AssessmentEvent;
pub use super::run_parts::{
    Counts, Exception, Explained, LONGEST_END, NotReached, ReportRead, Scan, ScanBegun, ScanEnd, ScanEnded,
    ScanHow, Start,
};
use super::run_shown;
use super::targets::{Protected, Resolved, Target, none_protected};
use crate::approval::Word;
use crate::calendar::{day, in_future};
use crate::evidence::Document;
use crate::ledger::Kind;
use crate::organisation::Purpose;
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::{AssessmentPlanId, EnvironmentId, PartyId, PersonId};
use crate::terms;

terms! {
    /// How far a run has come.
    pub enum RunState ("assessment-state") {
        /// 計画
        Planned = "planned",
        /// 例外承認待ち: it is against production.
        ExceptionAwaited = "exception-awaited",
        /// 実施中
        Started = "started",
        /// 所見確認中: reports were read; findings await decisions.
        Reported = "reported",
        /// 完了
        Closed = "closed",
        /// 中止
        Cancelled = "cancelled",
    }
}

/// A run as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOrder {
    /// Of which plan.
    pub plan: AssessmentPlanId,
    /// Name of the plan.
    pub title: String,
    /// By which way.
    pub way: Way,
    /// In which environment; `None` for source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentId>,
    /// What the environment is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// In what the test environment differs from the live one, when the run was planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<String>,
    /// Deliverables that it covers.
    pub deliverables: BTreeSet<String>,
    /// What is scanned.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub targets: BTreeSet<Target>,
    /// Which version is assessed.
    pub version: String,
    /// For which day it is planned.
    pub planned_for: Date,
    /// Who carries it out.
    pub tester: PersonId,
}

/// What a run is held against: the plan, the list of permitted targets, what is protected. The caller reads it anew for each step.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// What is assessed.
    pub application: ApplicationKind,
    /// Names of the plan's deliverables.
    pub deliverables: &'a BTreeSet<String>,
    /// What may be scanned in the environment.
    pub permitted: &'a [Target],
    /// What never is.
    pub protected: &'a [Protected],
    /// What may be scanned in environments that are production, with an exception only.
    pub production: &'a [Target],
    /// What host names resolve to now.
    pub resolved: &'a Resolved,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum RunStage {
    /// Nothing was scanned yet.
    Planned,
    /// Scans may be made.
    Started(Start),
    /// Done.
    Closed {
        /// As it was started.
        start: Start,
        /// Who closed it.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// In the words of who closed it.
        note: String,
    },
    /// It does not take place.
    Cancelled {
        /// As it was started, if it was: what its scans touched still has to be explained.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<Start>,
        /// Why.
        reason: String,
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// 脆弱性診断の実施
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// As it was planned.
    pub order: RunOrder,
    /// The exception, if it is against production.
    pub exception: Option<Exception>,
    /// Exceptions that were not approved, or replaced.
    pub former_exceptions: Vec<Exception>,
    /// Reports that were read.
    pub reports: Vec<ReportRead>,
    /// What was said about flagged ones.
    pub explained: Vec<Explained>,
    /// What was said about targets that no report covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_reached: Vec<NotReached>,
    /// Scans that this program began, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<ScanBegun>,
    /// Who read reports.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub readers: BTreeSet<PersonId>,
    /// How far it has come.
    pub stage: RunStage,
}

impl Assessment {
    /// How far it has come.
    pub fn state(&self) -> RunState {
        match &self.stage {
            RunStage::Planned if self.lacks_exception() => RunState::ExceptionAwaited,
            RunStage::Planned => RunState::Planned,
            RunStage::Started(_) if self.reports.is_empty() => RunState::Started,
            RunStage::Started(_) => RunState::Reported,
            RunStage::Closed { .. } => RunState::Closed,
            RunStage::Cancelled { .. } => RunState::Cancelled,
        }
    }

    /// How it was started, if it was.
    pub fn start_made(&self) -> Option<&Start> {
        match &self.stage {
            RunStage::Started(start) | RunStage::Closed { start, .. } => Some(start),
            RunStage::Cancelled { start, .. } => start.as_ref(),
            RunStage::Planned => None,
        }
    }

    pub(super) fn lacks_exception(&self) -> bool {
        self.is_on_production() && self.exception.as_ref().is_none_or(|one| one.approval.is_none())
    }

    /// True if it is against production.
    pub fn is_on_production(&self) -> bool {
        self.order.purpose == Some(Purpose::Production)
    }

    /// Plans a run.
    ///
    /// # Errors
    /// [`ReasonCode::MedicalNeverScanned`], [`ReasonCode::RunWithoutEnvironment`], [`ReasonCode::RunWithoutTargets`],
    /// [`ReasonCode::TargetNotPermitted`], [`ReasonCode::TargetProtected`], [`ReasonCode::DeliverableUnknown`],
    /// [`ReasonCode::TextMissing`].
    pub fn plan(order: RunOrder, ground: Ground<'_>) -> Result<AssessmentEvent, Refusal> {
        text_given(Label::Version.as_str(), &order.version)?;
        if order.deliverables.is_empty() {
            return Err(Refusal::new(ReasonCode::PlanWithoutDeliverables));
        }
        if let Some(unknown) = order.deliverables.iter().find(|name| !ground.deliverables.contains(*name)) {
            return Err(Refusal::new(ReasonCode::DeliverableUnknown).with("name", unknown));
        }
        order.check_ground(ground)?;
        Ok(AssessmentEvent::Planned(order))
    }

    /// Asks for an exception: production is to be scanned.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once it was started, [`ReasonCode::ExceptionNotNeeded`] for a test environment,
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`] without the notice, [`ReasonCode::DateNotInFuture`] for its
    /// end, [`ReasonCode::PeriodReversed`].
    pub fn ask_exception(
        &self,
        reason: String,
        (institution, notice): (PartyId, Document),
        (from, until): (Date, Date),
        by: &Occurrence,
    ) -> Result<AssessmentEvent, Refusal> {
        self.planned(RunStep::AskException)?;
        if !self.is_on_production() {
            return Err(Refusal::new(ReasonCode::ExceptionNotNeeded));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        notice.check()?;
        in_future(Label::Until, until, by)?;
        if from > until {
            return Err(Refusal::new(ReasonCode::PeriodReversed).with("from", from).with("until", until));
        }
        Ok(AssessmentEvent::ExceptionAsked { reason, institution, notice, from, until })
    }

    /// Approves the exception.
    ///
    /// # Errors
    /// [`ReasonCode::ExceptionMissing`], [`ReasonCode::NothingChanges`] if it is approved, [`ReasonCode::SamePerson`] for who asked
    /// or tests, [`ReasonCode::PartnerFileNotHere`].
    pub fn approve_exception(&self, word: Word, by: &Occurrence) -> Result<AssessmentEvent, Refusal> {
        self.planned(RunStep::ApproveException)?;
        let Some(exception) = &self.exception else {
            return Err(Refusal::new(ReasonCode::ExceptionMissing));
        };
        if exception.approval.is_some() {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        if matches!(word, Word::PartnerFile { .. }) {
            return Err(Refusal::new(ReasonCode::PartnerFileNotHere));
        }
        let others = [exception.by, self.order.tester];
        word.check_apart(by, others, RunStep::AskException.as_str(), RunStep::ApproveException.as_str())?;
        Ok(AssessmentEvent::ExceptionApproved { word })
    }

    /// Starts it: from now on scans may be made, and reports be read.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ExceptionMissing`], [`ReasonCode::ExceptionNotToday`], and those of
    /// [`Self::plan`] about targets, which are looked at again.
    pub fn start(&self, ground: Ground<'_>, by: &Occurrence) -> Result<AssessmentEvent, Refusal> {
        self.startable(by)?;
        self.order.check_ground(ground)?;
        let hosts: BTreeSet<&str> = self.order.targets.iter().filter_map(Target::host).collect();
        let known = ground.resolved.iter().filter(|(host, _)| hosts.contains(host.as_str()));
        let resolved = known.map(|(host, addresses)| (host.clone(), addresses.clone())).collect();
        Ok(AssessmentEvent::Started { resolved })
    }

    /// Begins a scan, if one may be made now: the run was started, what it was permitted by still holds, and the target is one of
    /// its targets. What of its own a scanner reads (source code) is no target.
    ///
    /// # Errors
    /// As [`Self::start`]; [`ReasonCode::TargetNotPermitted`] for another target, [`ReasonCode::WayIsAnother`] if the run is not
    /// carried out in that way.
    pub fn begin_scan(
        &self,
        scan: Scan,
        ground: Ground<'_>,
        by: &Occurrence,
    ) -> Result<AssessmentEvent, Refusal> {
        self.started(RunStep::Scan)?;
        let way = if scan.target.is_some() { Way::Outside } else { Way::Source };
        if self.order.way != way {
            return Err(Refusal::new(ReasonCode::WayIsAnother).with("way", self.order.way));
        }
        self.order.check_ground(ground)?;
        self.production_permitted(day(by.at))?;
        if let Some(target) = &scan.target {
            if !self.order.targets.iter().any(|own| own.encloses(target)) {
                return Err(Refusal::new(ReasonCode::TargetNotPermitted).with("value", target));
            }
            none_protected([target], ground.protected, ground.resolved)?;
        }
        Ok(AssessmentEvent::ScanBegun { scan })
    }

    /// Says how a scan came to its end. It is said even if the run was closed or cancelled meanwhile: the scan took place.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`] if the run has no such scan, [`ReasonCode::NothingChanges`] if its end is known.
    pub fn end_scan(&self, scan: u32, mut end: ScanEnd) -> Result<AssessmentEvent, Refusal> {
        let known = usize::try_from(scan).ok().and_then(|at| self.scans.get(at));
        let Some(known) = known else {
            return Err(Refusal::new(ReasonCode::ItemUnknown).with("value", scan));
        };
        if known.ended.is_some() {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        // What a scanner prints is for people to read, not for terminals to obey.
        let printable = end.detail.chars().map(|c| if c.is_control() { ' ' } else { c });
        end.detail = printable.take(LONGEST_END).collect();
        Ok(AssessmentEvent::ScanEnded { scan, end })
    }

    /// Whether it can be started now, as far as the run itself says.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ExceptionMissing`], [`ReasonCode::ExceptionNotToday`].
    pub fn startable(&self, by: &Occurrence) -> Result<(), Refusal> {
        self.planned(RunStep::Start)?;
        self.production_permitted(day(by.at))
    }

    fn production_permitted(&self, today: Date) -> Result<(), Refusal> {
        if !self.is_on_production() {
            return Ok(());
        }
        match &self.exception {
            Some(exception) if exception.approval.is_some() => {
                if (exception.from..=exception.until).contains(&today) {
                    return Ok(());
                }
                Err(Refusal::new(ReasonCode::ExceptionNotToday)
                    .with("from", exception.from)
                    .with("until", exception.until))
            }
            _ => Err(Refusal::new(ReasonCode::ExceptionMissing)),
        }
    }

    /// Closes it. `undecided`: findings of it about which nothing is decided, by name (the first) and number.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::RunIncomplete`] with everything that is missing.
    pub fn close(&self, note: String, undecided: (Option<String>, u64)) -> Result<AssessmentEvent, Refusal> {
        self.started(RunStep::CloseRun)?;
        let mut missing = self.missing();
        if undecided.1 > 0 {
            let reason = Reason::new(ReasonCode::FindingsUndecided).with("count", undecided.1);
            missing.push(reason.with("first", undecided.0.unwrap_or_default()));
        }
        if missing.is_empty() {
            Ok(AssessmentEvent::Closed { note })
        } else {
            Err(Refusal::new(ReasonCode::RunIncomplete).missing(missing))
        }
    }

    /// Says that it does not take place, or was broken off.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once it ended, [`ReasonCode::TextMissing`].
    pub fn cancel(&self, reason: String) -> Result<AssessmentEvent, Refusal> {
        if matches!(self.stage, RunStage::Closed { .. } | RunStage::Cancelled { .. }) {
            return Err(Refusal::out_of_order(self.state(), RunStep::CancelRun));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(AssessmentEvent::Cancelled { reason })
    }

    fn planned(&self, step: RunStep) -> Result<(), Refusal> {
        match self.stage {
            RunStage::Planned => Ok(()),
            _ => Err(Refusal::out_of_order(self.state(), step)),
        }
    }

    pub(super) fn started(&self, step: RunStep) -> Result<&Start, Refusal> {
        match &self.stage {
            RunStage::Started(start) => Ok(start),
            _ => Err(Refusal::out_of_order(self.state(), step)),
        }
    }
}

terms! {
    /// Steps of a run, for refusals.
    pub enum RunStep ("step") {
        /// Ask for an exception.
        AskException = "ask-exception",
        /// Approve it.
        ApproveException = "approve-exception",
        /// Start.
        Start = "start-assessment",
        /// Scan.
        Scan = "scan",
        /// Read a report.
        ReadReport = "read-report",
        /// Say how a flagged report came about.
        ExplainReport = "explain-report",
        /// Close.
        CloseRun = "close-assessment",
        /// Cancel.
        CancelRun = "cancel-assessment",
    }
}

impl RunOrder {
    /// Holds what is to be scanned against what may be.
    fn check_ground(&self, ground: Ground<'_>) -> Result<(), Refusal> {
        if self.way != Way::Outside {
            return Ok(());
        }
        if ground.application == ApplicationKind::MedicalDevice {
            return Err(Refusal::new(ReasonCode::MedicalNeverScanned));
        }
        if self.environment.is_none() || self.purpose.is_none() {
            return Err(Refusal::new(ReasonCode::RunWithoutEnvironment));
        }
        if self.targets.is_empty() {
            return Err(Refusal::new(ReasonCode::RunWithoutTargets));
        }
        let permitted = |target: &&Target| ground.permitted.iter().any(|one| one.encloses(target));
        if let Some(target) = self.targets.iter().find(|target| !permitted(target)) {
            return Err(Refusal::new(ReasonCode::TargetNotPermitted).with("value", target));
        }
        if self.purpose != Some(Purpose::Production) {
            let live =
                |target: &&Target| ground.production.iter().any(|live| live.meets(target, ground.resolved));
            if let Some(target) = self.targets.iter().find(live) {
                return Err(Refusal::new(ReasonCode::TargetIsProduction).with("value", target));
            }
        }
        none_protected(&self.targets, ground.protected, ground.resolved)
    }
}

impl Process for Assessment {
    const KIND: Kind = Kind::Assessment;
    type Event = AssessmentEvent;

    fn apply(state: Option<Self>, event: &AssessmentEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, AssessmentEvent::Planned(order)) => Ok(Assessment {
                order: order.clone(),
                exception: None,
                former_exceptions: Vec::new(),
                reports: Vec::new(),
                explained: Vec::new(),
                not_reached: Vec::new(),
                scans: Vec::new(),
                readers: BTreeSet::new(),
                stage: RunStage::Planned,
            }),
            (Some(run), event) => run.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        run_shown::filed(self)
    }

    fn view(&self) -> View {
        run_shown::view(self)
    }
}

impl Assessment {
    fn changed(mut self, event: &AssessmentEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        match (event, &mut self.stage) {
            (
                AssessmentEvent::ExceptionAsked { reason, institution, notice, from, until },
                RunStage::Planned,
            ) => {
                let asked = Exception {
                    reason: reason.clone(),
                    institution: *institution,
                    notice: notice.clone(),
                    from: *from,
                    until: *until,
                    by,
                    at,
                    approval: None,
                };
                self.former_exceptions.extend(self.exception.replace(asked));
            }
            (AssessmentEvent::ExceptionApproved { word }, RunStage::Planned) => {
                let Some(exception) = &mut self.exception else {
                    return Err(OutOfOrder::new(event, self.state()));
                };
                exception.approval = Some(word.clone().given(when));
            }
            (AssessmentEvent::Started { resolved }, RunStage::Planned) => {
                self.stage = RunStage::Started(Start { resolved: resolved.clone(), by, at });
            }
            (AssessmentEvent::ScanBegun { scan }, RunStage::Started(_)) => {
                self.scans.push(ScanBegun { scan: scan.clone(), by, at, ended: None });
            }
            (AssessmentEvent::ScanEnded { scan, end }, _) => {
                let known = usize::try_from(*scan).ok().and_then(|at| self.scans.get_mut(at));
                let Some(known) = known.filter(|known| known.ended.is_none()) else {
                    return Err(OutOfOrder::new(event, self.state()));
                };
                known.ended = Some(ScanEnded { end: end.clone(), by, at });
            }
            (AssessmentEvent::Read { reports }, RunStage::Started(_)) => {
                self.reports.extend(reports.iter().cloned());
                self.readers.insert(by);
            }
            (
                AssessmentEvent::Explained { report, note, word },
                RunStage::Started(_) | RunStage::Cancelled { .. },
            ) => {
                let given = word.clone().given(when);
                self.explained.push(Explained { report: report.clone(), note: note.clone(), given });
            }
            (AssessmentEvent::TargetExplained { target, note, word }, RunStage::Started(_)) => {
                let given = word.clone().given(when);
                self.not_reached.push(NotReached { target: target.clone(), note: note.clone(), given });
            }
            (AssessmentEvent::Closed { note }, RunStage::Started(start)) => {
                self.stage = RunStage::Closed { start: start.clone(), by, at, note: note.clone() };
            }
            (AssessmentEvent::Cancelled { reason }, RunStage::Planned | RunStage::Started(_)) => {
                let start = self.start_made().cloned();
                self.stage = RunStage::Cancelled { start, reason: reason.clone(), by, at };
            }
            (event, _) => return Err(OutOfOrder::new(event, self.state())),
        }
        Ok(self)
    }
}
