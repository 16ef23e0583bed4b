//! 所見についての決定: what was decided about a finding. A finding without one is open (SPEC.md section 4, ③; `Standing` knows all of
//! them).
//!
//! ```text
//! proposed (false positive, or accepted until a day) ─► approved by another person ─► after its last day open again
//!     └► rejected ─► proposed again …
//! case opened ─► what the case says
//! ```
//!
//! Decisions are kept by the identity of the finding: they survive a new version of the tool and a report that is read again.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Fingerprint;
use super::outside::OutsideRule;
use super::severity::Level;
use crate::approval::{Given, Word};
use crate::calendar::in_future;
use crate::evidence::Document;
use crate::ledger::{Kind, Stream};
use crate::process::{
    Event, Filed, Label, Link, Occurrence, OutOfOrder, Process, ReasonCode, Refusal, Relation, Shown, View,
    text_given,
};
use crate::record_id::{AssessmentPlanId, CaseId, PersonId};
use crate::terms;

terms! {
    /// What is said about a finding.
    pub enum FindingVerdict ("finding-verdict") {
        /// 誤検知
        FalsePositive = "false-positive",
        /// リスク保有 until a day.
        Accepted = "accepted",
    }
}

terms! {
    /// How far a decision about a finding has come.
    pub enum DecisionState ("finding-decision-state") {
        /// 承認待ち
        Proposed = "proposed",
        /// 承認済み
        Approved = "approved",
        /// 差戻し
        Rejected = "rejected",
        /// 対応案件へ
        InCase = "in-case",
        /// 取下げ
        Withdrawn = "withdrawn",
    }
}

/// Which finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRef {
    /// Of which plan.
    pub plan: AssessmentPlanId,
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Kind of tool.
    pub tool: String,
    /// The tool's rule.
    pub rule: String,
    /// One line.
    pub title: String,
    /// Where, for people.
    pub place: String,
    /// How severe, if the table tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub verdict: FindingVerdict,
    /// Why.
    pub reason: String,
    /// Last day on which it counts.
    pub until: Date,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum DecisionStage {
    /// Waits for approval.
    Proposed {
        /// What.
        proposal: Proposal,
        /// Who proposed it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Counts until its last day.
    Approved {
        /// What.
        proposal: Proposal,
        /// Who proposed it.
        by: PersonId,
        /// The approval.
        approval: Given,
    },
    /// Was not approved.
    Rejected {
        /// What.
        proposal: Proposal,
        /// Why not.
        note: String,
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Is dealt with in a case.
    InCase {
        /// Which.
        case: CaseId,
        /// Who opened it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// No longer counts.
    Withdrawn {
        /// Why.
        reason: String,
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// A finding about which something is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanFinding {
    /// Which.
    pub finding: FindingRef,
    /// How far it has come.
    pub stage: DecisionStage,
    /// What was before, oldest first.
    pub past: Vec<DecisionStage>,
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanFindingEvent {
    /// Something was proposed.
    Proposed {
        /// About which finding.
        finding: FindingRef,
        /// What.
        proposal: Proposal,
    },
    /// It was approved.
    Approved {
        /// How.
        word: Word,
    },
    /// It was not approved.
    Rejected {
        /// Why not.
        note: String,
    },
    /// It is dealt with in a case.
    PutInCase {
        /// Which finding.
        finding: FindingRef,
        /// The case.
        case: CaseId,
    },
    /// It no longer counts.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl Event for ScanFindingEvent {}

/// What a decision means on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Nothing counts: the finding is open.
    Nothing,
    /// A verdict counts until a day.
    Verdict(FindingVerdict, Date),
    /// It is dealt with in a case.
    Case(CaseId),
}

impl ScanFinding {
    /// How far it has come.
    pub fn state(&self) -> DecisionState {
        match self.stage {
            DecisionStage::Proposed { .. } => DecisionState::Proposed,
            DecisionStage::Approved { .. } => DecisionState::Approved,
            DecisionStage::Rejected { .. } => DecisionState::Rejected,
            DecisionStage::InCase { .. } => DecisionState::InCase,
            DecisionStage::Withdrawn { .. } => DecisionState::Withdrawn,
        }
    }

    /// When a verdict was approved, if one was.
    pub fn approved_at(&self) -> Option<Timestamp> {
        match &self.stage {
            DecisionStage::Approved { approval, .. } => Some(approval.at),
            _ => None,
        }
    }

    /// What counts on a day.
    pub fn decided(&self, today: Date) -> Decided {
        match &self.stage {
            DecisionStage::Approved { proposal, .. } if proposal.until >= today => {
                Decided::Verdict(proposal.verdict, proposal.until)
            }
            DecisionStage::InCase { case, .. } => Decided::Case(*case),
            _ => Decided::Nothing,
        }
    }

    /// Proposes a verdict. `known`: what was decided about the finding before, if anything.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::DateNotInFuture`], [`ReasonCode::FindingInCase`].
    pub fn propose(
        known: Option<&ScanFinding>,
        finding: FindingRef,
        proposal: Proposal,
        by: &Occurrence,
    ) -> Result<ScanFindingEvent, Refusal> {
        text_given(Label::Reason.as_str(), &proposal.reason)?;
        in_future(Label::Until, proposal.until, by)?;
        proposal.documents.iter().try_for_each(Document::check)?;
        if known.is_some_and(|known| known.state() == DecisionState::InCase) {
            return Err(Refusal::new(ReasonCode::FindingInCase));
        }
        Ok(ScanFindingEvent::Proposed { finding, proposal })
    }

    /// Approves what is proposed.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::SamePerson`] for who proposed it, [`ReasonCode::PartnerFileNotHere`],
    /// [`ReasonCode::DateNotInFuture`] if its last day has passed meanwhile.
    pub fn approve(&self, word: Word, by: &Occurrence) -> Result<ScanFindingEvent, Refusal> {
        let (proposal, proposer) = self.proposed(FindingStep::ApproveFinding)?;
        in_future(Label::Until, proposal.until, by)?;
        if matches!(word, Word::PartnerFile { .. }) {
            return Err(Refusal::new(ReasonCode::PartnerFileNotHere));
        }
        let (first, second) = (FindingStep::ProposeFinding.as_str(), FindingStep::ApproveFinding.as_str());
        word.check_apart(by, [proposer], first, second)?;
        Ok(ScanFindingEvent::Approved { word })
    }

    /// Sends it back.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`].
    pub fn reject(&self, note: String) -> Result<ScanFindingEvent, Refusal> {
        self.proposed(FindingStep::RejectFinding)?;
        text_given(Label::Note.as_str(), &note)?;
        Ok(ScanFindingEvent::Rejected { note })
    }

    /// Puts it into a case. What was proposed or approved before no longer counts.
    pub fn put_in_case(finding: FindingRef, case: CaseId) -> ScanFindingEvent {
        ScanFindingEvent::PutInCase { finding, case }
    }

    /// Takes back what counts: the finding is open again.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] if nothing counts or it is in a case, [`ReasonCode::TextMissing`].
    pub fn withdraw(&self, reason: String) -> Result<ScanFindingEvent, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        match self.stage {
            DecisionStage::Proposed { .. } | DecisionStage::Approved { .. } => {
                Ok(ScanFindingEvent::Withdrawn { reason })
            }
            _ => Err(Refusal::out_of_order(self.state(), FindingStep::WithdrawFinding)),
        }
    }

    fn proposed(&self, step: FindingStep) -> Result<(&Proposal, PersonId), Refusal> {
        match &self.stage {
            DecisionStage::Proposed { proposal, by, .. } => Ok((proposal, *by)),
            _ => Err(Refusal::out_of_order(self.state(), step)),
        }
    }
}

terms! {
    /// Steps about a finding, for refusals.
    pub enum FindingStep ("step") {
        /// Propose a verdict.
        ProposeFinding = "propose-finding",
        /// Approve it.
        ApproveFinding = "approve-finding",
        /// Send it back.
        RejectFinding = "reject-finding",
        /// Take it back.
        WithdrawFinding = "withdraw-finding",
    }
}

impl Process for ScanFinding {
    const KIND: Kind = Kind::ScanFinding;
    type Event = ScanFindingEvent;

    fn apply(state: Option<Self>, event: &ScanFindingEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        let next = match (&state, event) {
            (_, ScanFindingEvent::Proposed { proposal, .. }) => {
                DecisionStage::Proposed { proposal: proposal.clone(), by, at }
            }
            (_, ScanFindingEvent::PutInCase { case, .. }) => DecisionStage::InCase { case: *case, by, at },
            (Some(known), event) => known.next_stage(event, when)?,
            (None, event) => return Err(OutOfOrder::new(event, "nothing")),
        };
        let finding = match event {
            ScanFindingEvent::Proposed { finding, .. } | ScanFindingEvent::PutInCase { finding, .. } => {
                Some(finding.clone())
            }
            _ => None,
        };
        match state {
            Some(mut known) => {
                let before = std::mem::replace(&mut known.stage, next);
                // What awaited a word is that word's proposal; it is not told twice.
                if !matches!(event, ScanFindingEvent::Approved { .. } | ScanFindingEvent::Rejected { .. }) {
                    known.past.push(before);
                }
                known.finding = finding.unwrap_or(known.finding);
                Ok(known)
            }
            None => {
                let Some(finding) = finding else { return Err(OutOfOrder::new(event, "nothing")) };
                Ok(ScanFinding { finding, stage: next, past: Vec::new() })
            }
        }
    }

    fn filed(&self) -> Filed {
        let open = self.state() == DecisionState::Proposed;
        let title = format!("{} {}", self.finding.title, self.finding.place);
        let mut filed = Filed::new(self.state().term(), open, title);
        if let DecisionStage::Approved { proposal, .. } = &self.stage {
            filed.due = Some(proposal.until);
        }
        let plan = Stream::new(Kind::AssessmentPlan, self.finding.plan);
        filed.links = vec![
            Link::record(Relation::PartOf, plan),
            Link::to(Relation::Subject, self.finding.fingerprint.to_string()),
        ];
        if let DecisionStage::InCase { case, .. } = &self.stage {
            filed.links.push(Link::record(Relation::Case, Stream::new(Kind::Case, *case)));
        }
        filed.links.sort();
        filed
    }

    fn view(&self) -> View {
        let finding = &self.finding;
        let view = View::new(self.state().term())
            .fact(Label::AssessmentPlan, Stream::new(Kind::AssessmentPlan, finding.plan))
            .fact(Label::Finding, finding.fingerprint.to_string())
            .fact(Label::Title, finding.title_shown())
            .fact(Label::Place, &finding.place)
            .fact(Label::Tool, &finding.tool)
            .fact(Label::Rule, &finding.rule)
            .maybe(Label::FindingLevel, finding.level.map(|level| level.term()));
        let columns = [
            Label::State,
            Label::Value,
            Label::Reason,
            Label::Until,
            Label::Documents,
            Label::By,
            Label::At,
            Label::Means,
        ];
        let rows = [&self.stage].into_iter().chain(self.past.iter().rev()).map(row).collect();
        view.section(Label::Decisions, &columns, rows)
    }
}

impl FindingRef {
    /// Its title; that of the outside check as a term, so that it is read in the language of the reader.
    fn title_shown(&self) -> Shown {
        match OutsideRule::of(&self.tool, &self.rule) {
            Some(rule) => rule.term().into(),
            None => (&self.title).into(),
        }
    }
}

impl ScanFinding {
    fn next_stage(&self, event: &ScanFindingEvent, when: &Occurrence) -> Result<DecisionStage, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        match (event, &self.stage) {
            (ScanFindingEvent::Approved { word }, DecisionStage::Proposed { proposal, by, .. }) => {
                let approval = word.clone().given(when);
                Ok(DecisionStage::Approved { proposal: proposal.clone(), by: *by, approval })
            }
            (ScanFindingEvent::Rejected { note }, DecisionStage::Proposed { proposal, .. }) => {
                Ok(DecisionStage::Rejected { proposal: proposal.clone(), note: note.clone(), by, at })
            }
            (
                ScanFindingEvent::Withdrawn { reason },
                DecisionStage::Proposed { .. } | DecisionStage::Approved { .. },
            ) => Ok(DecisionStage::Withdrawn { reason: reason.clone(), by, at }),
            (event, _) => Err(OutOfOrder::new(event, self.state())),
        }
    }
}

fn row(stage: &DecisionStage) -> Vec<Option<Shown>> {
    let (state, proposal, text, by, at, means) = match stage {
        DecisionStage::Proposed { proposal, by, at } => {
            (DecisionState::Proposed, Some(proposal), None, *by, *at, None)
        }
        DecisionStage::Approved { proposal, approval, .. } => (
            DecisionState::Approved,
            Some(proposal),
            None,
            approval.recorded_by,
            approval.at,
            Some(approval.word.means()),
        ),
        DecisionStage::Rejected { proposal, note, by, at } => {
            (DecisionState::Rejected, Some(proposal), Some(note), *by, *at, None)
        }
        DecisionStage::InCase { case, by, at } => {
            let case = Shown::from(Stream::new(Kind::Case, *case));
            return vec![
                Some(DecisionState::InCase.term().into()),
                Some(case),
                None,
                None,
                None,
                Some((*by).into()),
                Some((*at).into()),
                None,
            ];
        }
        DecisionStage::Withdrawn { reason, by, at } => {
            (DecisionState::Withdrawn, None, Some(reason), *by, *at, None)
        }
    };
    let documents: Vec<Shown> =
        proposal.iter().flat_map(|one| one.documents.iter().cloned().map(Shown::from)).collect();
    vec![
        Some(state.term().into()),
        proposal.map(|one| one.verdict.term().into()),
        text.or(proposal.map(|one| &one.reason)).map(Shown::from),
        proposal.map(|one| one.until.into()),
        (!documents.is_empty()).then_some(documents.into()),
        Some(by.into()),
        Some(at.into()),
        means.map(|means| means.term().into()),
    ]
}
