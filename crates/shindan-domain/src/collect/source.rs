//! 情報源: where vulnerability information comes from, how often it is looked at and who answers for that.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::address::permit;
use super::source_event::SourceEvent;
use super::source_shown;
use super::timing::PlanSpan;
use crate::ledger::Kind;
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::{InstallationId, PersonId};
use crate::step::{Step, ended, out_of_order};
use crate::terms;

terms! {
    /// What a source is: how it is fetched and read. SPEC.md section 4, ④-2.
    pub enum SourceKind ("source-kind") {
        /// MyJVN API, vulnerability information (HND).
        MyjvnHnd = "myjvn-hnd",
        /// MyJVN API, alerts (OKA).
        MyjvnOka = "myjvn-oka",
        /// RSS of JVN.
        JvnRss = "jvn-rss",
        /// Yearly and new feeds of JVN iPedia, with IPA's lists of checksums.
        JvndbFeeds = "jvndb-feeds",
        /// RSS of JPCERT/CC.
        JpcertRss = "jpcert-rss",
        /// RSS of IPA's alerts.
        IpaRss = "ipa-rss",
        /// RSS of NCO, formerly NISC.
        NcoRss = "nco-rss",
        /// Any RSS or Atom feed.
        Feed = "feed",
        /// CISA's catalogue of exploited vulnerabilities.
        Kev = "kev",
        /// FIRST's probabilities of exploitation.
        Epss = "epss",
        /// OSV.
        Osv = "osv",
        /// CVE List, version 5.
        CveList = "cve-list",
        /// NVD API 2.0.
        Nvd = "nvd",
        /// A provider of CSAF.
        Csaf = "csaf",
        /// endoflife.date.
        Endoflife = "endoflife",
        /// A mailing list: mails are dropped in.
        Mail = "mail",
        /// Telephone, paper, a web page that a person reads.
        Hand = "hand",
    }
}

impl SourceKind {
    /// False if a person brings what it says.
    pub fn is_fetched(self) -> bool {
        !matches!(self, SourceKind::Mail | SourceKind::Hand)
    }

    /// One of those that the row names: JPCERT/CC, NISC (now NCO), IPA *and the like*. JVN is IPA's and JPCERT/CC's.
    pub fn is_named_body(self) -> bool {
        matches!(
            self,
            SourceKind::MyjvnHnd
                | SourceKind::MyjvnOka
                | SourceKind::JvnRss
                | SourceKind::JvndbFeeds
                | SourceKind::JpcertRss
                | SourceKind::IpaRss
                | SourceKind::NcoRss
        )
    }
}

terms! {
    /// Whether a source is looked at.
    pub enum SourceState ("source-state") {
        /// It is.
        Active = "active",
        /// For a time it is not.
        Paused = "paused",
        /// It is not any more.
        Ended = "ended",
    }
}

/// From when on what a source says is suspicious; `None`: nobody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// So many percent fewer rows or bytes than before, 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_percent: Option<u8>,
    /// The newest date in it is so many days old, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standstill_days: Option<u16>,
    /// The same bytes came for so many days, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchanged_days: Option<u16>,
    /// Its clock and ours differ by so many minutes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_minutes: Option<u16>,
}

impl Thresholds {
    /// For a source about which nobody said anything: half of it is gone, or clocks differ by ten minutes.
    pub const USUAL: Thresholds = Thresholds {
        drop_percent: Some(50),
        standstill_days: None,
        unchanged_days: None,
        skew_minutes: Some(10),
    };
}

impl SourceDraft {
    /// So many days after the interval a source is overdue, if nobody says otherwise.
    pub const REMINDER_DAYS: u16 = 1;
    /// Within how many days a check is confirmed, if nobody says otherwise.
    pub const CONFIRM_DAYS: u16 = 31;
}

/// A source as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDraft {
    /// Short name in commands and folders, `[a-z0-9-]`, unique. Fixed.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is. Fixed.
    pub kind: SourceKind,
    /// Where it is fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// After how many hours it is looked at again; `None`: only when a person does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_hours: Option<u32>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PersonId>,
    /// So many days after the interval it is overdue, and the responsible person is reminded.
    pub reminder_days: u16,
    /// Within how many days a person confirms that its checks were looked at.
    pub confirm_days: u16,
    /// From when on it is suspicious.
    pub thresholds: Thresholds,
    /// Under which terms its content may be passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Its terms are unclear, so that a bundle for a closed network may leave it out.
    pub may_leave_out: bool,
}

/// Ten years; nobody plans further.
const MOST_DAYS: u32 = 3660;
/// As [`MOST_DAYS`].
const MOST_HOURS: u32 = MOST_DAYS * 24;
/// Names that Windows gives to devices: no folder can have them.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl SourceDraft {
    fn check(&self) -> Result<(), Refusal> {
        if !is_name(&self.name) {
            return Err(Refusal::new(ReasonCode::SourceNameInvalid).with("value", &self.name));
        }
        text_given(Label::Title.as_str(), &self.title)?;
        if let Some(licence) = &self.licence {
            text_given(Label::Licence.as_str(), licence)?;
        }
        if self.kind.is_fetched() && self.addresses.is_empty() {
            return Err(Refusal::new(ReasonCode::SourceAddressMissing).with("kind", self.kind));
        }
        self.addresses.iter().try_for_each(|address| permit(address))?;
        let different: BTreeSet<&String> = self.addresses.iter().collect();
        if different.len() != self.addresses.len() {
            return Err(Refusal::new(ReasonCode::SourceAddressTwice));
        }
        within(Label::IntervalHours, self.interval_hours, (1, MOST_HOURS))?;
        within(Label::ReminderDays, Some(u32::from(self.reminder_days)), (0, MOST_DAYS))?;
        within(Label::ConfirmWithin, Some(u32::from(self.confirm_days)), (1, MOST_DAYS))?;
        let Thresholds { drop_percent, standstill_days, unchanged_days, skew_minutes } = self.thresholds;
        within(Label::DropPercent, drop_percent.map(u32::from), (1, 100))?;
        within(Label::StandstillDays, standstill_days.map(u32::from), (1, MOST_DAYS))?;
        within(Label::UnchangedDays, unchanged_days.map(u32::from), (1, MOST_DAYS))?;
        within(Label::SkewMinutes, skew_minutes.map(u32::from), (1, u32::from(u16::MAX)))
    }
}

fn is_name(name: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let device = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (1..=64).contains(&name.len())
        && name.bytes().all(letters)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !DEVICES.contains(&device)
}

fn within(field: Label, value: Option<u32>, (from, to): (u32, u32)) -> Result<(), Refusal> {
    match value {
        Some(value) if !(from..=to).contains(&value) => {
            let refusal = Refusal::new(ReasonCode::SourceSettingInvalid).with("field", field.as_str());
            Err(refusal.with("value", value).with("least", from).with("most", to))
        }
        _ => Ok(()),
    }
}

/// What a source was before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerSource {
    /// What it was.
    pub draft: SourceDraft,
    /// Until when.
    pub until: Timestamp,
    /// Who changed it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

/// A time during which it is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// From when.
    pub from: Timestamp,
    /// Until when; `None`: still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Who paused it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

/// How a source ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEnd {
    /// Why.
    pub reason: String,
    /// Who ended it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 情報源
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As it is looked at now.
    pub draft: SourceDraft,
    /// Since when.
    pub added: Timestamp,
    /// Who added it.
    pub added_by: PersonId,
    /// What it was before, oldest first.
    pub history: Vec<FormerSource>,
    /// When it was not looked at, oldest first.
    pub pauses: Vec<Pause>,
    /// Present once it has ended.
    pub ended: Option<SourceEnd>,
}

impl Source {
    /// Adds a source. `names` are those of all others, also of ended ones: their folders and records stay.
    ///
    /// # Errors
    /// [`ReasonCode::SourceNameInvalid`], [`ReasonCode::SourceNameTaken`], [`ReasonCode::TextMissing`],
    /// [`ReasonCode::SourceAddressMissing`], [`ReasonCode::SourceAddressInvalid`], [`ReasonCode::SourceAddressSecret`],
    /// [`ReasonCode::SourceAddressTwice`], [`ReasonCode::SourceSettingInvalid`].
    pub fn add<'a>(
        draft: SourceDraft,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<SourceEvent, Refusal> {
        Source::add_from(draft, names, None)
    }

    /// As [`Source::add`]. `from`: the installation whose bundle brought it, if one did.
    ///
    /// # Errors
    /// As [`Source::add`].
    pub fn add_from<'a>(
        draft: SourceDraft,
        names: impl IntoIterator<Item = &'a str>,
        from: Option<InstallationId>,
    ) -> Result<SourceEvent, Refusal> {
        draft.check()?;
        if names.into_iter().any(|name| name == draft.name) {
            return Err(Refusal::new(ReasonCode::SourceNameTaken).with("value", &draft.name));
        }
        Ok(SourceEvent::Added { draft, from })
    }

    /// Changes how it is looked at. A paused one can be changed, too.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::FieldFixed`] for name and kind, [`ReasonCode::NothingChanges`], and those of
    /// [`Source::add`].
    pub fn change(&self, draft: SourceDraft, reason: String) -> Result<SourceEvent, Refusal> {
        self.looked_at()?;
        let fixed =
            [(self.draft.name != draft.name, Label::Name), (self.draft.kind != draft.kind, Label::Kind)];
        if let Some((_, field)) = fixed.into_iter().find(|(changed, _)| *changed) {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", field.as_str()));
        }
        if draft == self.draft {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        draft.check()?;
        Ok(SourceEvent::Changed { draft, reason })
    }

    /// Stops looking at it for a time.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn pause(&self, reason: String) -> Result<SourceEvent, Refusal> {
        self.looked_at()?;
        if self.state() != SourceState::Active {
            return Err(out_of_order(self.state().term(), Step::PauseSource));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(SourceEvent::Paused { reason })
    }

    /// Looks at it again.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::StepOutOfOrder`].
    pub fn resume(&self) -> Result<SourceEvent, Refusal> {
        self.looked_at()?;
        if self.state() != SourceState::Paused {
            return Err(out_of_order(self.state().term(), Step::ResumeSource));
        }
        Ok(SourceEvent::Resumed)
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<SourceEvent, Refusal> {
        self.looked_at()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(SourceEvent::Ended { reason })
    }

    /// Whether it is looked at.
    pub fn state(&self) -> SourceState {
        if self.ended.is_some() {
            SourceState::Ended
        } else if self.pauses.last().is_some_and(|pause| pause.until.is_none()) {
            SourceState::Paused
        } else {
            SourceState::Active
        }
    }

    /// When it was and is to be looked at how often, oldest first, without the times of pauses.
    pub fn plan(&self) -> Vec<PlanSpan> {
        let end = self.ended.as_ref().map(|end| end.at);
        let mut from = self.added;
        let mut intervals = Vec::new();
        for former in &self.history {
            intervals.push(PlanSpan {
                from,
                until: Some(former.until),
                interval_hours: former.draft.interval_hours,
            });
            from = former.until;
        }
        intervals.push(PlanSpan { from, until: end, interval_hours: self.draft.interval_hours });
        let mut spans = Vec::new();
        for mut span in intervals {
            for pause in &self.pauses {
                let pause_ends = pause.until.or(end);
                // Changed while paused: it begins with the end of the pause, or never.
                if pause.from <= span.from {
                    match pause_ends {
                        None => span.until = Some(span.from),
                        Some(ends) => span.from = span.from.max(ends),
                    }
                    continue;
                }
                if span.until.is_some_and(|until| until <= pause.from) {
                    continue;
                }
                spans.push(PlanSpan { until: Some(pause.from), ..span });
                match pause_ends {
                    None => span.until = Some(span.from),
                    Some(ends) => span.from = ends,
                }
            }
            spans.push(span);
        }
        spans.retain(|span| span.until.is_none_or(|until| until > span.from));
        spans
    }

    /// What is missing: somebody who answers for it.
    pub(super) fn missing(&self) -> Vec<Reason> {
        let nobody = self.state() != SourceState::Ended && self.draft.responsible.is_none();
        nobody.then(|| Reason::new(ReasonCode::SourceWithoutResponsible)).into_iter().collect()
    }

    fn looked_at(&self) -> Result<(), Refusal> {
        match self.ended {
            None => Ok(()),
            Some(_) => Err(ended(self.state().term())),
        }
    }

    fn changed(mut self, event: &SourceEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        let state = self.state();
        match (state, event) {
            (SourceState::Active | SourceState::Paused, SourceEvent::Changed { draft, reason }) => {
                let former = std::mem::replace(&mut self.draft, draft.clone());
                self.history.push(FormerSource { draft: former, until: at, by, reason: reason.clone() });
            }
            (SourceState::Active, SourceEvent::Paused { reason }) => {
                self.pauses.push(Pause { from: at, until: None, by, reason: reason.clone() });
            }
            (SourceState::Paused, SourceEvent::Resumed) => {
                let Some(pause) = self.pauses.last_mut() else { return Err(OutOfOrder::new(event, state)) };
                pause.until = Some(at);
            }
            (SourceState::Active | SourceState::Paused, SourceEvent::Ended { reason }) => {
                self.ended = Some(SourceEnd { reason: reason.clone(), by, at });
            }
            _ => return Err(OutOfOrder::new(event, state)),
        }
        Ok(self)
    }
}

impl Process for Source {
    const KIND: Kind = Kind::Source;
    type Event = SourceEvent;

    fn apply(state: Option<Self>, event: &SourceEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, SourceEvent::Added { draft, from: _ }) => Ok(Source {
                draft: draft.clone(),
                added: when.at,
                added_by: when.actor.person,
                history: Vec::new(),
                pauses: Vec::new(),
                ended: None,
            }),
            (Some(source), event) => source.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        source_shown::filed(self)
    }

    fn view(&self) -> View {
        source_shown::view(self)
    }
}
