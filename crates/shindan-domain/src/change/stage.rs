//! The stages of a change. Each holds only what exists at that stage; the next one is made from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AgreedAlternative, Confirmed, Preparation, Rollout};
use crate::approval::Given;
use crate::calendar::day;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;

/// 医療機関の同意: to when, to what stop, and to how it is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// From when it may be applied.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How long the system may stop, in minutes; 0: not at all.
    pub stop_minutes: u32,
    /// How it is taken back if it goes wrong.
    pub roll_back: String,
}

impl Consent {
    pub(super) fn check(&self, by: &Occurrence) -> Result<(), Refusal> {
        text_given(Label::RollBack.as_str(), &self.roll_back)?;
        if self.until <= by.at || self.until <= self.from {
            let refusal = Refusal::new(ReasonCode::DateNotInFuture).with("field", Label::Until.as_str());
            return Err(refusal.with("date", self.until));
        }
        Ok(())
    }

    /// Why it does not cover this moment.
    pub(super) fn blocker(&self, at: Timestamp) -> Option<Reason> {
        if self.from <= at && at < self.until {
            return None;
        }
        let reason = Reason::new(ReasonCode::OutsideConsent).with("from", self.from);
        Some(reason.with("until", self.until))
    }

    /// The day on which it may begin.
    pub fn first_day(&self) -> jiff::civil::Date {
        day(self.from)
    }
}

/// A consent that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Why.
    pub reason: String,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Tested, confirmed and consented to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// What came before.
    pub confirmed: Confirmed,
    /// To what the institution consented.
    pub consent: Consent,
    /// Who gave the consent.
    pub given: Given,
    /// Present if the consent was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

impl Confirmed {
    /// The next stage.
    pub(super) fn consented(self, consent: Consent, given: Given) -> Ready {
        Ready { confirmed: self, consent, given, withdrawn: None }
    }
}

impl Ready {
    /// Another consent, in place of the one before.
    pub(super) fn consented(self, consent: Consent, given: Given) -> Ready {
        self.confirmed.consented(consent, given)
    }
}

/// On what an application rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// It was tested, confirmed and consented to.
    Regular(Box<Ready>),
    /// An approved emergency; the preparation goes on and has to be complete before the change is closed.
    Emergency(Box<Preparation>),
}

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Before the consent.
    Preparing(Box<Preparation>),
    /// Consented to, nothing applied.
    Ready(Box<Ready>),
    /// Applied to at least one asset.
    Rollout {
        /// On what it rests.
        basis: Basis,
        /// Progress per asset.
        rollout: Rollout,
    },
    /// Nothing can follow.
    Ended(Ended),
}

/// How a change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It works on at least one asset, and every asset is settled.
    Closed {
        /// On what it rested.
        basis: Basis,
        /// Progress per asset.
        rollout: Rollout,
    },
    /// Everything was taken back.
    RolledBack {
        /// On what it rested.
        basis: Basis,
        /// Progress per asset.
        rollout: Rollout,
    },
    /// It cannot be applied; an alternative was agreed.
    CannotApply {
        /// The alternative.
        agreed: Box<AgreedAlternative>,
    },
    /// It was given up.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Stage {
    /// How far preparation and tests have come.
    pub fn preparation(&self) -> Option<Preparation> {
        match self {
            Stage::Preparing(preparation) => Some((**preparation).clone()),
            Stage::Ready(ready) => Some(Preparation::Confirmed(ready.confirmed.clone())),
            Stage::Rollout { basis, .. }
            | Stage::Ended(Ended::Closed { basis, .. } | Ended::RolledBack { basis, .. }) => {
                Some(match basis {
                    Basis::Regular(ready) => Preparation::Confirmed(ready.confirmed.clone()),
                    Basis::Emergency(preparation) => (**preparation).clone(),
                })
            }
            Stage::Ended(_) => None,
        }
    }

    /// The consent, if there is one.
    pub fn ready(&self) -> Option<&Ready> {
        match self {
            Stage::Ready(ready) => Some(ready),
            Stage::Rollout { basis: Basis::Regular(ready), .. }
            | Stage::Ended(
                Ended::Closed { basis: Basis::Regular(ready), .. }
                | Ended::RolledBack { basis: Basis::Regular(ready), .. },
            ) => Some(ready),
            _ => None,
        }
    }
}
