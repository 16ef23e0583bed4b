//! What can happen to an agreement.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::{Assignment, Content, Duty, Member};
use super::{Cause, Remark};
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::Event;
use crate::record_id::{PartyId, SystemId};

/// What can happen to an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementEvent {
    /// A draft was begun.
    Drafted {
        /// The system here.
        system: SystemId,
        /// Which party here each name means.
        bound: BTreeMap<String, PartyId>,
        /// What it says.
        content: Content,
        /// The file of the other party that it was taken from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Document>,
    },
    /// A party was added.
    PartyAdded {
        /// The party.
        member: Member,
        /// Which party here it is.
        party: PartyId,
    },
    /// A party was removed, from every duty, too.
    PartyRemoved {
        /// Its name.
        name: String,
    },
    /// A duty was added.
    DutyAdded {
        /// The duty.
        duty: Duty,
    },
    /// A duty says something else.
    DutyChanged {
        /// What it says now.
        duty: Duty,
    },
    /// A duty was removed.
    DutyRemoved {
        /// Its key.
        duty: String,
        /// Why.
        reason: String,
    },
    /// What parties have to do with duties was set.
    Assigned {
        /// What was set.
        assignments: Vec<Assignment>,
    },
    /// Other days.
    DatesSet {
        /// First day on which it is in force.
        from: Date,
        /// Last day on which it is valid.
        review: Date,
    },
    /// It was proposed to the other parties.
    Proposed {
        /// What was proposed.
        hash: Hash,
    },
    /// The proposal was taken back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Something was said about a duty.
    Discussed {
        /// Key of the duty.
        duty: String,
        /// What.
        remark: Remark,
    },
    /// A party confirmed it.
    Confirmed {
        /// Name of the party.
        party: String,
        /// What it confirmed.
        hash: Hash,
        /// Its word.
        word: Word,
    },
    /// A further version was begun.
    Revised {
        /// First day on which that is in force.
        from: Date,
        /// Last day on which that is valid.
        review: Date,
        /// Why.
        reason: String,
    },
    /// The other party's file was taken over.
    Taken {
        /// What it says.
        content: Content,
        /// Which party here each name means.
        bound: BTreeMap<String, PartyId>,
        /// The file.
        document: Document,
    },
    /// Something changed on which it rests.
    Reopened {
        /// What.
        cause: Cause,
    },
    /// It ended.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for AgreementEvent {}
