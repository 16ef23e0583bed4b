//! 収集記録: that somebody looked at a source, what came of it, and what shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::address::permit;
use super::alarm::{Alarm, CheckFacts};
use super::check_event::SourceCheckEvent;
use super::check_shown;
use crate::calendar::not_in_future;
use crate::diagnostic::Params;
use crate::evidence::Document;
use crate::ledger::{Hash, Kind};
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::{InstallationId, PersonId, SourceCheckId, SourceId};
use crate::terms;

terms! {
    /// By what a source was looked at.
    pub enum CheckBy ("check-by") {
        /// The schedule of the running program.
        Schedule = "schedule",
        /// A person.
        Person = "check-by-person",
        /// A bundle that was carried in.
        Bundle = "check-by-bundle",
    }
}

terms! {
    /// What came of looking at a source.
    pub enum CheckResult ("check-result") {
        /// 新着あり
        NewItems = "new-items",
        /// 新着なし: the source answered, or a person said so.
        NothingNew = "nothing-new",
        /// 失敗: nobody knows whether there is anything new.
        Failed = "check-failed",
    }
}

terms! {
    /// Why a source could not be looked at.
    pub enum Failure ("check-failure") {
        /// It did not answer in time.
        Timeout = "timeout",
        /// Its name could not be looked up.
        Dns = "dns",
        /// It could not be reached.
        Connect = "connect",
        /// Its certificate was not accepted.
        Tls = "tls",
        /// It answered with an error.
        Status = "status",
        /// It asked to come back later, and again.
        RateLimited = "rate-limited",
        /// It sent more than is taken.
        TooLarge = "too-large",
        /// The answer ended too early.
        Cut = "cut",
        /// A web page came instead of data.
        Html = "html",
        /// It sent from one address to the next without end.
        RedirectLoop = "redirect-loop",
        /// It sent to an address that is not permitted.
        RedirectRefused = "redirect-refused",
        /// The address is not permitted.
        AddressRefused = "address-refused",
        /// The proxy did not let it through.
        Proxy = "proxy",
        /// What came could not be kept.
        Write = "write",
        /// Somebody stopped it.
        Cancelled = "cancelled",
        /// What came could not be read.
        Unreadable = "unreadable",
        /// There is nothing in it although there always was.
        Empty = "empty",
        /// It is not what its list of checksums says.
        Checksum = "checksum",
        /// Its signature is not genuine.
        Signature = "signature",
        /// Only a part of it came.
        Incomplete = "incomplete",
        /// The source said that it could not answer.
        SourceError = "source-error",
        /// The bundle does not bring it, or brings it as failed.
        NotInBundle = "not-in-bundle",
        /// The bundle brings nothing new, and its sender had not looked in time.
        StaleAtSender = "stale-at-sender",
        /// A person could not reach it.
        NotReached = "not-reached",
        /// A defect of this program.
        Defect = "defect",
    }
}

terms! {
    /// How a person looked.
    pub enum HandMeans ("hand-means") {
        /// 電話
        Telephone = "telephone",
        /// A mail that was read.
        Mail = "mail-read",
        /// Paper, or a circular.
        Paper = "paper-read",
        /// A web page that was read.
        WebPage = "web-page",
        /// A file that was carried in.
        CarriedFile = "carried-file",
    }
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// So many items are new.
    NewItems {
        /// How many, from 1.
        count: u64,
    },
    /// There is nothing new.
    NothingNew,
    /// Nobody knows.
    Failed {
        /// Why.
        failure: Failure,
        /// With which particulars; no secrets.
        #[serde(default, skip_serializing_if = "Params::is_empty")]
        params: Params,
    },
}

impl CheckOutcome {
    /// Which of the three.
    pub fn result(&self) -> CheckResult {
        match self {
            CheckOutcome::NewItems { .. } => CheckResult::NewItems,
            CheckOutcome::NothingNew => CheckResult::NothingNew,
            CheckOutcome::Failed { .. } => CheckResult::Failed,
        }
    }

    /// How many items are new; 0 where nobody knows.
    pub fn new_items(&self) -> u64 {
        match self {
            CheckOutcome::NewItems { count } => *count,
            CheckOutcome::NothingNew | CheckOutcome::Failed { .. } => 0,
        }
    }
}

/// What was asked of the source and what it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchMade {
    /// Address without secrets; the name of the file in a bundle.
    pub url: String,
    /// HTTP status of the last answer; `None`: none came, or the file came with a bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Mark of its version, as the source gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// SHA-256 of what came; with *not modified*, of what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
    /// Its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// When.
    pub fetched_at: Timestamp,
    /// The source said that nothing changed since the last time (304).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_modified: bool,
}

impl FetchMade {
    /// Whether it brought an answer: bytes whose hash is known, or *not modified*.
    pub fn answered(&self, by: CheckBy) -> bool {
        match (self.status, self.not_modified) {
            (Some(304), true) => true,
            (Some(200 | 206), false) => self.sha256.is_some(),
            (None, false) => by == CheckBy::Bundle && self.sha256.is_some(),
            _ => false,
        }
    }
}

/// What is in it, as far as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows of all that stands in the source (not of what changed lately), if that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// The newest date in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    /// As what it was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The source's clock minus ours, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_skew_seconds: Option<i64>,
    /// Only what changed was asked for, so that the bytes that came tell nothing about the size of the source.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changes_only: bool,
}

/// What a person says about a check that the program did not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandMade {
    /// How they looked.
    pub means: HandMeans,
    /// What they looked at and what it said.
    pub text: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// How a bundle brought what was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The installation that made the bundle.
    pub from: InstallationId,
    /// Number of the bundle.
    pub sequence: u64,
    /// When the sender's last check ended that did not fail; `None`: there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// It was not recent at the sender's, or the time of the bundle was over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
}

pub(super) fn informed(ended: Timestamp, carried: Option<&Carried>) -> Timestamp {
    carried.and_then(|carried| carried.as_of).map_or(ended, |at| at.min(ended))
}

/// A check as it was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDraft {
    /// Of which source.
    pub source: SourceId,
    /// Its short name, for lists.
    pub name: String,
    /// Why it was made outside the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// By what.
    pub by: CheckBy,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What was asked and answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fetches: Vec<FetchMade>,
    /// What a person says, if they looked themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<HandMade>,
    /// How a bundle brought it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// What is in it.
    #[serde(default)]
    pub counts: Counts,
    /// What is suspicious.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
}

impl CheckDraft {
    /// As of when what it told is known: what a bundle brings was known when its sender looked, not when it arrived.
    pub fn informed(&self) -> Timestamp {
        informed(self.ended, self.carried.as_ref())
    }

    fn check(&self, by: &Occurrence) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)?;
        if let Some(reason) = &self.reason {
            text_given(Label::Reason.as_str(), reason)?;
        }
        not_in_future(Label::CheckEnded, self.ended, by)?;
        if self.ended < self.started {
            return Err(Refusal::new(ReasonCode::CheckEndsBeforeStart));
        }
        if let Some(hand) = &self.by_hand {
            if self.by != CheckBy::Person {
                return Err(Refusal::new(ReasonCode::CheckHandNeedsPerson));
            }
            text_given(Label::Note.as_str(), &hand.text)?;
            hand.documents.iter().try_for_each(Document::check)?;
        }
        if self.by != CheckBy::Bundle {
            self.fetches.iter().try_for_each(|fetch| permit(&fetch.url))?;
        }
        self.is_shown()
    }

    /// *New* and *nothing new* rest on answers of the source, all of them, or on a person's word. A failure rests on nothing.
    fn is_shown(&self) -> Result<(), Refusal> {
        match self.outcome {
            CheckOutcome::Failed { .. } => return Ok(()),
            CheckOutcome::NewItems { count: 0 } => return Err(Refusal::new(ReasonCode::CheckNewIsNothing)),
            CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => {}
        }
        let unanswered = self.fetches.iter().find(|fetch| !fetch.answered(self.by));
        if let Some(fetch) = unanswered {
            return Err(Refusal::new(ReasonCode::CheckNotAnswered).with("value", &fetch.url));
        }
        if self.fetches.is_empty() && self.by_hand.is_none() {
            return Err(Refusal::new(ReasonCode::CheckWithoutAnswer));
        }
        Ok(())
    }
}

/// That a person looked at a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckConfirmed {
    /// What they say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 収集記録
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCheck {
    /// As it was carried out.
    pub draft: CheckDraft,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// Who looked at it.
    pub confirmed: Option<CheckConfirmed>,
}

impl SourceCheck {
    /// Records a check. Whether the source exists and is looked at, the caller knows: an ended source has none.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DateInFuture`], [`ReasonCode::CheckEndsBeforeStart`],
    /// [`ReasonCode::CheckHandNeedsPerson`], [`ReasonCode::DocumentMissing`], [`ReasonCode::SourceAddressInvalid`] and
    /// [`ReasonCode::SourceAddressSecret`] for what was fetched; for *new* and *nothing new* also
    /// [`ReasonCode::CheckNewIsNothing`], [`ReasonCode::CheckNotAnswered`] if a part did not come, and
    /// [`ReasonCode::CheckWithoutAnswer`] if nothing came and no person said it.
    pub fn carry_out(draft: CheckDraft, by: &Occurrence) -> Result<SourceCheckEvent, Refusal> {
        draft.check(by)?;
        Ok(SourceCheckEvent::CarriedOut(Box::new(draft)))
    }

    /// Confirms that a person looked at it. What failed stays failed.
    ///
    /// # Errors
    /// [`ReasonCode::CheckConfirmedAlready`], [`ReasonCode::TextMissing`] for a note that is blank, and without a note where the
    /// check failed or something is suspicious: then somebody has to say what was done.
    pub fn confirm(&self, note: Option<String>) -> Result<SourceCheckEvent, Refusal> {
        if self.confirmed.is_some() {
            return Err(Refusal::new(ReasonCode::CheckConfirmedAlready));
        }
        if note.is_some() || self.needs_a_word() {
            text_given(Label::Note.as_str(), note.as_deref().unwrap_or_default())?;
        }
        Ok(SourceCheckEvent::Confirmed { note })
    }

    /// What came of it.
    pub fn result(&self) -> CheckResult {
        self.draft.outcome.result()
    }

    /// What alarms and calendar look at.
    pub fn facts(&self, id: SourceCheckId) -> CheckFacts {
        let draft = &self.draft;
        let failure = match &draft.outcome {
            CheckOutcome::Failed { failure, .. } => Some(*failure),
            CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => None,
        };
        let sizes: Option<Vec<u64>> = draft.fetches.iter().map(|fetch| fetch.bytes).collect();
        let fresh = !draft.counts.changes_only && draft.fetches.iter().all(|fetch| !fetch.not_modified);
        let bytes = sizes.filter(|sizes| fresh && !sizes.is_empty());
        CheckFacts {
            check: id,
            source: draft.source,
            ended: draft.ended,
            result: draft.outcome.result(),
            new_items: draft.outcome.new_items(),
            failure,
            counts: draft.counts.clone(),
            bytes: bytes.map(|sizes| sizes.into_iter().fold(0, u64::saturating_add)),
            content: content(&draft.fetches),
            carried: draft.carried.clone(),
        }
    }

    /// A person still has to look at it. *Nothing new* may be confirmed, but nobody waits for it.
    pub fn is_to_be_confirmed(&self) -> bool {
        self.confirmed.is_none() && (self.needs_a_word() || self.result() == CheckResult::NewItems)
    }

    /// It failed, or something is suspicious.
    pub(super) fn needs_a_word(&self) -> bool {
        self.result() == CheckResult::Failed || !self.draft.alarms.is_empty()
    }

    /// What is missing: somebody who looks at it. *Nothing new* may be confirmed, but nobody waits for it.
    pub(super) fn missing(&self) -> Vec<Reason> {
        if self.confirmed.is_some() {
            return Vec::new();
        }
        let mut missing = Vec::new();
        if let CheckOutcome::Failed { failure, .. } = &self.draft.outcome {
            missing.push(Reason::new(ReasonCode::CheckToBeRepeated).with("failure", failure));
        }
        missing.extend(self.draft.alarms.iter().map(Alarm::reason));
        if self.is_to_be_confirmed() {
            missing.push(Reason::new(ReasonCode::CheckToBeConfirmed));
        }
        missing
    }
}

/// A hash over the hashes of all that is there, in the order of the addresses; `None` if one is not known.
fn content(fetches: &[FetchMade]) -> Option<Hash> {
    let mut parts: Vec<(&str, Hash)> = fetches
        .iter()
        .map(|fetch| fetch.sha256.map(|hash| (fetch.url.as_str(), hash)))
        .collect::<Option<_>>()?;
    if parts.is_empty() {
        return None;
    }
    parts.sort_unstable();
    let text: String = parts.iter().map(|(url, hash)| format!("{hash} {url}\n")).collect();
    Some(Hash::of(text.as_bytes()))
}

impl Process for SourceCheck {
    const KIND: Kind = Kind::SourceCheck;
    type Event = SourceCheckEvent;

    fn apply(state: Option<Self>, event: &SourceCheckEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, SourceCheckEvent::CarriedOut(draft)) => {
                Ok(SourceCheck { draft: (**draft).clone(), recorded_by: when.actor.person, confirmed: None })
            }
            (Some(mut check), SourceCheckEvent::Confirmed { note }) if check.confirmed.is_none() => {
                check.confirmed =
                    Some(CheckConfirmed { note: note.clone(), by: when.actor.person, at: when.at });
                Ok(check)
            }
            (Some(check), event) => Err(OutOfOrder::new(event, check.result())),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        check_shown::filed(self)
    }

    fn view(&self) -> View {
        check_shown::view(self)
    }
}
