//! 脆弱性診断計画 of one application or service (SPEC.md section 4, ③-1 and ③-3).
//!
//! ```text
//! planned ─► in time ─► due ─► overdue        by the last closed run, the interval, and releases that ask for one
//!              ▲                 │
//!              └── run closed ◄──┘
//! ```

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::checks::{ApplicationKind, Way};
use super::plan_event::PlanEvent;
use super::{Fingerprint, plan_shown};
use crate::calendar::{after, day};
use crate::case::Subject;
use crate::evidence::Document;
use crate::inventory::Exposure;
use crate::ledger::Kind;
use crate::organisation::Purpose;
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::{AssessmentId, PersonId};
use crate::step::ended;
use crate::terms;

terms! {
    /// Whether an assessment is due. It depends on the day.
    pub enum PlanTiming ("assessment-timing") {
        /// 期限内
        InTime = "in-time",
        /// 実施時期: the day comes near, or a release asks for it.
        Due = "due",
        /// 期限超過
        Overdue = "overdue",
    }
}

terms! {
    /// Whether a plan counts.
    pub enum PlanState ("assessment-plan-state") {
        /// It counts.
        Active = "active",
        /// It ended.
        Ended = "ended",
    }
}

terms! {
    /// By which rule findings of several tools are taken as one. A person can take each of them apart again.
    pub enum MergeRule ("merge-rule") {
        /// The same CVE (or GHSA …) of the same component, or at the same host and port.
        SameIdentifier = "same-identifier",
        /// The same CWE at the same file and line, or at the same path and parameter.
        SameWeaknessAndPlace = "same-weakness-and-place",
    }
}

/// A plan as it is laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDraft {
    /// What is assessed.
    pub name: String,
    /// Of which system, release or deployment. Fixed.
    pub subject: Subject,
    /// What it is. Fixed: another kind has other checks.
    pub application: ApplicationKind,
    /// Keys of the checks that are specific to the kind.
    pub checks: BTreeSet<String>,
    /// Which edition of the list of checks they are from: `shindan-checks 1.0.0`.
    pub checks_from: String,
    /// At least every so many days.
    pub interval_days: u16,
    /// So many days before it is due, it is called due.
    pub notice_days: u16,
    /// Each release asks for an assessment.
    pub on_release: bool,
    /// Who sees to it.
    pub responsible: PersonId,
    /// When it is due for the first time, a day in Japan.
    pub first_due: Date,
    /// From where it can be reached.
    pub exposure: Exposure,
    /// Care of patients depends on it.
    pub affects_patients: bool,
    /// By which rules findings of several tools are taken as one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub merge_rules: BTreeSet<MergeRule>,
}

/// Whether the source of a deliverable can be had. That decides which check is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum Availability {
    /// ソース入手可
    Available {
        /// Where it is.
        place: String,
    },
    /// ソース入手不可
    NotObtainable {
        /// Why.
        why: String,
        /// The request for it.
        request: Document,
        /// The refusal, or the clause that rules it out.
        answer: Document,
    },
}

/// 納品物: a program that was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliverable {
    /// Whether its source can be had.
    pub availability: Availability,
    /// Who stated it.
    pub by: PersonId,
    /// On which day.
    pub on: Date,
}

/// A release that asks for an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Which release or change.
    pub release: String,
    /// Until when it is to be assessed.
    pub due: Date,
    /// On which day it was recorded.
    pub on: Date,
}

/// A run that was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedBy {
    /// Which.
    pub run: AssessmentId,
    /// On which day.
    pub on: Date,
    /// By which way.
    pub way: Way,
    /// Deliverables that it covered.
    pub deliverables: BTreeSet<String>,
    /// In which environment; `None` for source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
}

/// Two findings that a person takes as one, or apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The one that stays.
    pub primary: Fingerprint,
    /// The one that is seen as the same.
    pub other: Fingerprint,
    /// `false`: they are two, whatever a rule says.
    pub same: bool,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
    /// On which day.
    pub on: Date,
    /// When.
    pub at: Timestamp,
}

/// 脆弱性診断計画
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentPlan {
    /// As it is laid down.
    pub draft: PlanDraft,
    /// What was delivered, by name.
    pub deliverables: BTreeMap<String, Deliverable>,
    /// The release that asks for an assessment, until one is closed.
    pub trigger: Option<Trigger>,
    /// Runs that were closed, oldest first.
    pub assessed: Vec<AssessedBy>,
    /// What persons said about findings being one or two; the last word about a pair counts.
    pub joined: Vec<Joined>,
    /// What is known of all findings after the last report: a document that is derived from the reports and can be derived
    /// again.
    pub standing: Option<Document>,
    /// Why it ended.
    pub ended: Option<String>,
}

impl AssessmentPlan {
    /// Lays a plan down.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::PlanWithoutChecks`], [`ReasonCode::PlanIntervalInvalid`].
    pub fn lay_down(draft: PlanDraft) -> Result<PlanEvent, Refusal> {
        draft.check()?;
        Ok(PlanEvent::LaidDown(draft))
    }

    /// Changes it.
    ///
    /// # Errors
    /// Those of [`Self::lay_down`]; [`ReasonCode::RecordEnded`], [`ReasonCode::FieldFixed`], [`ReasonCode::NothingChanges`].
    pub fn change(&self, draft: PlanDraft, reason: String) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Reason.as_str(), &reason)?;
        let fixed = [
            (self.draft.subject != draft.subject, Label::Subject),
            (self.draft.application != draft.application, Label::ApplicationKind),
        ];
        if let Some((_, field)) = fixed.into_iter().find(|(changed, _)| *changed) {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", field.as_str()));
        }
        if draft == self.draft {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        draft.check()?;
        Ok(PlanEvent::Changed { draft, reason })
    }

    /// States whether the source of a deliverable can be had.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`] if it cannot and request or
    /// answer are empty, [`ReasonCode::NothingChanges`].
    pub fn state_deliverable(&self, name: String, availability: Availability) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Deliverable.as_str(), &name)?;
        match &availability {
            Availability::Available { place } => text_given(Label::Place.as_str(), place)?,
            Availability::NotObtainable { why, request, answer } => {
                text_given(Label::Reason.as_str(), why)?;
                request.check()?;
                answer.check()?;
            }
        }
        if self.deliverables.get(&name).is_some_and(|known| known.availability == availability) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(PlanEvent::DeliverableStated { name, availability })
    }

    /// Says that something is no longer delivered.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::ItemUnknown`], [`ReasonCode::TextMissing`].
    pub fn drop_deliverable(&self, name: String, reason: String) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Reason.as_str(), &reason)?;
        if !self.deliverables.contains_key(&name) {
            return Err(Refusal::new(ReasonCode::ItemUnknown).with("value", name));
        }
        Ok(PlanEvent::DeliverableDropped { name, reason })
    }

    /// Records a release, which asks for an assessment until a day.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`], [`ReasonCode::PlanNotOnRelease`].
    pub fn trigger(&self, release: String, due: Date) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Release.as_str(), &release)?;
        if !self.draft.on_release {
            return Err(Refusal::new(ReasonCode::PlanNotOnRelease));
        }
        Ok(PlanEvent::Triggered { release, due })
    }

    /// Takes two findings as one, or apart.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::FindingSame`] for one and the
    /// same.
    pub fn join(
        &self,
        (primary, other): (Fingerprint, Fingerprint),
        same: bool,
        reason: String,
    ) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Reason.as_str(), &reason)?;
        if primary == other {
            return Err(Refusal::new(ReasonCode::FindingSame));
        }
        Ok(PlanEvent::Joined { primary, other, same, reason })
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`].
    pub fn end(&self, reason: String) -> Result<PlanEvent, Refusal> {
        self.active()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(PlanEvent::Ended { reason })
    }

    pub(super) fn active(&self) -> Result<(), Refusal> {
        match self.ended {
            None => Ok(()),
            Some(_) => Err(ended(PlanState::Ended.term())),
        }
    }

    /// By which way a deliverable is to be assessed: its source, or from outside; a medical device only by its settings and
    /// documents.
    pub fn way_due(&self, deliverable: &Deliverable) -> Way {
        match deliverable.availability {
            Availability::Available { .. } => Way::Source,
            Availability::NotObtainable { .. }
                if self.draft.application == ApplicationKind::MedicalDevice =>
            {
                Way::Configuration
            }
            Availability::NotObtainable { .. } => Way::Outside,
        }
    }

    /// When a deliverable was last assessed by the way that is due.
    pub fn last_assessed(&self, name: &str) -> Option<Date> {
        let way = self.way_due(self.deliverables.get(name)?);
        let covers = |run: &&AssessedBy| run.way == way && run.deliverables.contains(name);
        self.assessed.iter().filter(covers).map(|run| run.on).max()
    }

    /// When the next assessment is due: for the deliverable that waits longest, or for a release. `None` once it ended.
    pub fn due(&self) -> Option<Date> {
        if self.ended.is_some() {
            return None;
        }
        let next = |name: &String| match self.last_assessed(name) {
            Some(last) => after(last, self.draft.interval_days),
            None => self.draft.first_due,
        };
        let regular = self.deliverables.keys().map(next).min();
        let regular = regular.unwrap_or(self.draft.first_due);
        Some(self.trigger.as_ref().map_or(regular, |trigger| trigger.due.min(regular)))
    }

    /// Whether an assessment is due on a day.
    pub fn timing(&self, today: Date) -> Option<PlanTiming> {
        let due = self.due()?;
        Some(if due < today {
            PlanTiming::Overdue
        } else if due <= after(today, self.draft.notice_days) || self.trigger.is_some() {
            PlanTiming::Due
        } else {
            PlanTiming::InTime
        })
    }

    /// Deliverables that were never assessed by the way that is due.
    pub fn never_assessed(&self) -> Vec<(&str, Way)> {
        let missing = self.deliverables.iter().filter(|(name, _)| self.last_assessed(name).is_none());
        missing.map(|(name, one)| (name.as_str(), self.way_due(one))).collect()
    }

    pub(super) fn missing(&self) -> Vec<Reason> {
        if self.ended.is_some() {
            return Vec::new();
        }
        if self.deliverables.is_empty() {
            return vec![Reason::new(ReasonCode::PlanWithoutDeliverables)];
        }
        let reason = |(name, way): (&str, Way)| {
            Reason::new(ReasonCode::DeliverableNotAssessed).with("name", name).with("way", way)
        };
        self.never_assessed().into_iter().map(reason).collect()
    }

    /// The last word about two findings, if a person gave one.
    pub fn word_about(&self, one: Fingerprint, other: Fingerprint) -> Option<&Joined> {
        let about = |joined: &&Joined| {
            (joined.primary, joined.other) == (one, other) || (joined.primary, joined.other) == (other, one)
        };
        self.joined.iter().rev().find(about)
    }
}

impl PlanDraft {
    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)?;
        if self.checks.is_empty() {
            return Err(Refusal::new(ReasonCode::PlanWithoutChecks).with("kind", self.application));
        }
        if self.interval_days == 0 || self.notice_days >= self.interval_days {
            return Err(Refusal::new(ReasonCode::PlanIntervalInvalid));
        }
        Ok(())
    }
}

impl Process for AssessmentPlan {
    const KIND: Kind = Kind::AssessmentPlan;
    type Event = PlanEvent;

    fn apply(state: Option<Self>, event: &PlanEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, PlanEvent::LaidDown(draft)) => Ok(AssessmentPlan {
                draft: draft.clone(),
                deliverables: BTreeMap::new(),
                trigger: None,
                assessed: Vec::new(),
                joined: Vec::new(),
                standing: None,
                ended: None,
            }),
            (Some(plan), event) if plan.ended.is_none() => plan.changed(event, when),
            // A run that was under way when the plan ended is closed all the same.
            (Some(plan), event @ (PlanEvent::Assessed(_) | PlanEvent::Known { .. })) => {
                plan.changed(event, when)
            }
            (Some(_), event) => Err(OutOfOrder::new(event, PlanState::Ended)),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        plan_shown::filed(self)
    }

    fn view(&self) -> View {
        plan_shown::view(self)
    }
}

impl AssessmentPlan {
    fn changed(mut self, event: &PlanEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, on) = (when.actor.person, day(when.at));
        match event {
            PlanEvent::Changed { draft, .. } => self.draft = draft.clone(),
            PlanEvent::DeliverableStated { name, availability } => {
                let stated = Deliverable { availability: availability.clone(), by, on };
                self.deliverables.insert(name.clone(), stated);
            }
            PlanEvent::DeliverableDropped { name, .. } => drop(self.deliverables.remove(name)),
            PlanEvent::Triggered { release, due } => {
                self.trigger = Some(Trigger { release: release.clone(), due: *due, on });
            }
            PlanEvent::Joined { primary, other, same, reason } => self.joined.push(Joined {
                primary: *primary,
                other: *other,
                same: *same,
                reason: reason.clone(),
                by,
                on,
                at: when.at,
            }),
            PlanEvent::Known { standing } => self.standing = Some(standing.clone()),
            PlanEvent::Assessed(assessed) => {
                self.assessed.push(assessed.clone());
                let names: Vec<String> = self.deliverables.keys().cloned().collect();
                let since = self.trigger.as_ref().map(|trigger| trigger.on);
                let current = |name: &String| self.last_assessed(name) >= since;
                // The release was assessed once every deliverable was, by the way that is due.
                if names.iter().all(current) {
                    self.trigger = None;
                }
            }
            PlanEvent::Ended { reason } => self.ended = Some(reason.clone()),
            PlanEvent::LaidDown(_) => return Err(OutOfOrder::new(event, PlanState::Active)),
        }
        Ok(self)
    }
}
