//! 接続: data exchange with another party, with the mechanism that shows whether data was altered on the way, and the tests of
//! that mechanism (SPEC.md section 4, ③-1).
//!
//! ```text
//! without a mechanism ─► untested ─► tested ─► due again on the next day
//!        (a gap)           ▲  └────► failed (a gap)
//!                          └─ mechanism or protocol changed: what was tested was another one
//! ```

mod commands;
mod event;
mod shown;
#[cfg(test)]
mod tests;

pub use event::InterfaceEvent;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{CaseId, PartyId, PersonId, SystemId};
use crate::term::Term;
use crate::terms;

terms! {
    /// How far the proof has come that an interface notices altered data.
    pub enum InterfaceState ("interface-state") {
        /// Nothing would notice that data was altered on the way.
        WithoutMechanism = "without-mechanism",
        /// There is a mechanism; nobody has tried whether it notices anything.
        Untested = "untested",
        /// 試験済み: altered data was refused.
        Tested = "tested",
        /// Altered data was accepted.
        Failed = "test-failed",
        /// The interface is no longer operated.
        Ended = "ended",
    }
}

terms! {
    /// 完全性を検証する仕組み: what notices that data was altered on the way.
    pub enum Mechanism ("integrity-mechanism") {
        /// Sealed files of this program, signed by the sender.
        SealedExchange = "sealed-exchange",
        /// TLS with certificates on both sides.
        MutualTls = "mutual-tls",
        /// TLS, and a hash of each message that the receiver compares.
        TlsAndHash = "tls-and-hash",
        /// A private line or VPN, and a hash of each message that the receiver compares (HL7, FHIR, DICOM).
        VpnAndHash = "vpn-and-hash",
        /// Each message is signed (XML signature, JWS, CMS).
        SignedMessages = "signed-messages",
        /// A hash is compared that came another way (paper, telephone).
        HashAnotherWay = "hash-another-way",
    }
}

terms! {
    /// Which way data goes, seen from the system.
    pub enum Direction ("interface-direction") {
        /// 送信
        Sends = "sends",
        /// 受信
        Receives = "receives",
        /// 双方向
        BothWays = "both-ways",
    }
}

terms! {
    /// What came of sending altered data on purpose.
    pub enum IntegrityResult ("integrity-result") {
        /// It was noticed and refused.
        Refused = "refused",
        /// It was accepted: the mechanism does not work.
        Accepted = "accepted",
    }
}

/// An interface as it is operated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceDraft {
    /// What it is called.
    pub name: String,
    /// Whose data exchange it is. Fixed.
    pub system: SystemId,
    /// With whom. Fixed.
    pub counterpart: PartyId,
    /// Which way data goes.
    pub direction: Direction,
    /// Which data: `検査結果`, `処方`.
    pub data: String,
    /// Over what: `HL7 v2 over IPsec-VPN`.
    pub protocol: String,
    /// What notices altered data; `None` is a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mechanism: Option<Mechanism>,
    /// How the mechanism is set up, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_up: Option<String>,
}

impl InterfaceDraft {
    /// Whether a test of one says something about the other.
    fn is_tested_alike(&self, other: &InterfaceDraft) -> bool {
        self.mechanism == other.mechanism
            && self.protocol == other.protocol
            && self.set_up == other.set_up
            && self.direction == other.direction
    }
}

/// A test of the mechanism.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrityTest {
    /// On which day, in Japan.
    pub on: Date,
    /// What was altered and how it was sent.
    pub method: String,
    /// What came of it.
    pub result: IntegrityResult,
    /// What shows it.
    pub documents: Vec<Document>,
    /// When it is tested again, a day in Japan.
    pub next: Date,
}

/// A test with who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestMade {
    /// The test.
    pub test: IntegrityTest,
    /// The mechanism that was tested.
    pub mechanism: Mechanism,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What an interface was before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerInterface {
    /// What it was.
    pub draft: InterfaceDraft,
    /// Until when.
    pub until: Timestamp,
    /// Who changed it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

/// How an interface ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceEnd {
    /// Why.
    pub reason: String,
    /// Who ended it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 接続
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// As it is operated now.
    pub draft: InterfaceDraft,
    /// Tests of what it is now, oldest first.
    pub tests: Vec<TestMade>,
    /// Tests of what it was before.
    pub former_tests: Vec<TestMade>,
    /// What it was before, oldest first.
    pub history: Vec<FormerInterface>,
    /// The last case about it: that nothing notices altered data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Present once it has ended.
    pub ended: Option<InterfaceEnd>,
}

impl Interface {
    /// How far the proof has come.
    pub fn state(&self) -> InterfaceState {
        if self.ended.is_some() {
            return InterfaceState::Ended;
        }
        match (self.draft.mechanism, self.tests.last()) {
            (None, _) => InterfaceState::WithoutMechanism,
            (Some(_), None) => InterfaceState::Untested,
            (Some(_), Some(made)) => match made.test.result {
                IntegrityResult::Refused => InterfaceState::Tested,
                IntegrityResult::Accepted => InterfaceState::Failed,
            },
        }
    }

    /// When it is to be tested again.
    pub fn due(&self) -> Option<Date> {
        let last = self.tests.last().filter(|_| self.ended.is_none())?;
        Some(last.test.next)
    }

    /// True if it should have been tested again before this day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due().is_some_and(|due| today > due)
    }
}

impl Process for Interface {
    const KIND: Kind = Kind::Interface;
    type Event = InterfaceEvent;

    fn apply(state: Option<Self>, event: &InterfaceEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, InterfaceEvent::Registered { draft, case }) => Ok(Interface {
                draft: draft.clone(),
                tests: Vec::new(),
                former_tests: Vec::new(),
                history: Vec::new(),
                case: *case,
                ended: None,
            }),
            (Some(interface), event) => interface.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}

/// Every term that interfaces can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = InterfaceState::terms().collect();
    all.extend(Mechanism::terms());
    all.extend(Direction::terms());
    all.extend(IntegrityResult::terms());
    all
}
