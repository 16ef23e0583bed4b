//! 協議: what the parties said about each duty, and whether they agree on it.
//!
//! A remark is recorded by one person for whichever party made it – in a meeting, by mail, by telephone – and binds nobody.
//! What binds is the confirmation.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::inquiry::Way;
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// What a party says about a duty.
    pub enum Stance ("stance") {
        /// 合意
        Agreed = "agreed",
        /// 未合意
        Open = "open",
    }
}

/// What a party said about a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Name of the party.
    pub party: String,
    /// Whether it agrees.
    pub stance: Stance,
    /// What it said; needed unless it agrees.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// By what way.
    pub way: Way,
    /// On which day, in Japan.
    pub on: Date,
    /// Minutes, mail …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A remark with who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The remark.
    pub remark: Remark,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What was said about a duty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Discussion {
    /// 初回確認日: on which day it was first spoken about.
    pub first: Option<Date>,
    /// 完了日: on which day the last party that signs agreed; present while all of them do.
    pub completed: Option<Date>,
    /// Everything that was said, oldest first.
    pub remarks: Vec<Recorded>,
    /// Names of the parties that agree to the duty as it is now.
    pub agreed: BTreeSet<String>,
}

impl Discussion {
    /// Takes a remark in; `signing`: names of the parties that sign.
    pub(super) fn said(&mut self, recorded: Recorded, signing: &[&str]) {
        let remark = &recorded.remark;
        self.first = Some(self.first.map_or(remark.on, |first| first.min(remark.on)));
        match remark.stance {
            Stance::Agreed => self.agreed.insert(remark.party.clone()),
            Stance::Open => self.agreed.remove(&remark.party),
        };
        let on = remark.on;
        self.remarks.push(recorded);
        self.settle(signing, on);
    }

    /// Nobody agrees to what it says now.
    pub(super) fn reset(&mut self) {
        self.agreed.clear();
        self.completed = None;
    }

    /// Sees whether all who sign agree; if they do so since now, `on` is the day.
    pub(super) fn settle(&mut self, signing: &[&str], on: Date) {
        let all = !signing.is_empty() && signing.iter().all(|name| self.agreed.contains(*name));
        self.completed = if all { Some(self.completed.unwrap_or(on)) } else { None };
    }
}
