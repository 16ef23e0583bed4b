//! What can be entered into the dossier, and the dossier after it.

use jiff::civil::Date;

use super::{
    AnalysisGiven, Dated, Device, DeviceEvent, DeviceParticulars, DeviceStage, InformationGiven,
    UpdateCalendar, UpdateDone, UpdateMethod, UseComparison, UseStatement,
};
use crate::calendar::{after, day, in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::step::ended;

impl Device {
    /// Opens the dossier of a device that is in use.
    ///
    /// # Errors
    /// Those of [`DeviceParticulars::check`].
    pub fn register(particulars: DeviceParticulars) -> Result<DeviceEvent, Refusal> {
        let particulars = sorted(particulars);
        particulars.check()?;
        Ok(DeviceEvent::Registered { particulars })
    }

    /// Changes what the device is.
    ///
    /// # Errors
    /// [`ReasonCode::FieldFixed`] for another asset, [`ReasonCode::NothingChanges`], [`ReasonCode::TextMissing`] without a
    /// reason, [`ReasonCode::RecordEnded`]; those of [`DeviceParticulars::check`].
    pub fn change(&self, particulars: DeviceParticulars, reason: String) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        let particulars = sorted(particulars);
        if particulars.asset != self.asset || particulars.key != self.key {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", Label::Asset.as_str()));
        }
        if particulars == self.particulars() {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        particulars.check()?;
        Ok(DeviceEvent::Changed { particulars, reason })
    }

    /// Files information of the maker. What came before stays.
    ///
    /// # Errors
    /// [`ReasonCode::DocumentMissing`]; [`ReasonCode::TextMissing`] without its facts; [`ReasonCode::DateInFuture`];
    /// [`ReasonCode::RecordEnded`].
    pub fn inform(&self, information: InformationGiven, by: &Occurrence) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        text_given(Label::Content.as_str(), &information.content)?;
        information.document.check()?;
        if let Some(dated) = information.dated {
            past_day(dated, by)?;
        }
        Ok(DeviceEvent::Informed { information })
    }

    /// States how the device is used, compared by a person with what its maker intends. A difference has a case, which the
    /// caller opens in the same act or has open.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without either use or a reason, also for *no difference*;
    /// [`ReasonCode::DeviceUseWithoutCase`]; [`ReasonCode::DeviceCaseNotNeeded`]; [`ReasonCode::NothingChanges`] for the
    /// same statement again; [`ReasonCode::DocumentMissing`]; [`ReasonCode::RecordEnded`].
    pub fn state_use(&self, statement: UseStatement) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        text_given(Label::DeviceIntendedUse.as_str(), &statement.intended)?;
        text_given(Label::DeviceActualUse.as_str(), &statement.actual)?;
        text_given(Label::Reason.as_str(), &statement.reason)?;
        statement.documents.iter().try_for_each(Document::check)?;
        match (statement.comparison, statement.case) {
            (UseComparison::Differs, None) => return Err(Refusal::new(ReasonCode::DeviceUseWithoutCase)),
            (UseComparison::Same, Some(_)) => return Err(Refusal::new(ReasonCode::DeviceCaseNotNeeded)),
            _ => {}
        }
        if self.usage().is_some_and(|usage| usage.given == statement) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(DeviceEvent::UseStated { statement })
    }

    /// Records the risk analysis from the maker's information and the use.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceDossierIncomplete`] with what it would have to rest on; [`ReasonCode::TextMissing`];
    /// [`ReasonCode::DocumentMissing`]; [`ReasonCode::RecordEnded`].
    pub fn analyse(&self, analysis: AnalysisGiven) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        incomplete(self.facts_missing())?;
        text_given(Label::Content.as_str(), &analysis.content)?;
        text_given(Label::DeviceMeasures.as_str(), &analysis.measures)?;
        analysis.documents.iter().try_for_each(Document::check)?;
        Ok(DeviceEvent::Analysed { analysis })
    }

    /// Lays down how the device is updated and when somebody looks for updates next.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`]; [`ReasonCode::DeviceIntervalInvalid`] for no days; [`ReasonCode::DateNotInFuture`];
    /// [`ReasonCode::NothingChanges`]; [`ReasonCode::RecordEnded`].
    pub fn plan_updates(
        &self,
        method: UpdateMethod,
        next: Option<Date>,
        by: &Occurrence,
    ) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        text_given(Label::DeviceHow.as_str(), &method.how)?;
        if method.interval_days == 0 {
            return Err(Refusal::new(ReasonCode::DeviceIntervalInvalid));
        }
        let next = next.unwrap_or_else(|| after(day(by.at), method.interval_days));
        in_future(Label::Next, next, by)?;
        if self.updates.as_ref().is_some_and(|known| known.method == method && known.next == next) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(DeviceEvent::UpdatesPlanned { method, next })
    }

    /// Records that somebody looked for updates, or applied one. It is due again after the interval, or on `next`.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceDossierIncomplete`] without an update method; [`ReasonCode::TextMissing`] without a note;
    /// [`ReasonCode::DateInFuture`], [`ReasonCode::DateNotInFuture`]; [`ReasonCode::DocumentMissing`];
    /// [`ReasonCode::RecordEnded`].
    pub fn updated(
        &self,
        done: UpdateDone,
        next: Option<Date>,
        by: &Occurrence,
    ) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        let Some(calendar) = &self.updates else {
            return incomplete(vec![Reason::new(ReasonCode::DeviceUpdateMethodMissing)])
                .and(Err(Refusal::new(ReasonCode::DeviceDossierIncomplete)));
        };
        text_given(Label::Note.as_str(), &done.note)?;
        past_day(done.on, by)?;
        done.documents.iter().try_for_each(Document::check)?;
        let next = next.unwrap_or_else(|| after(done.on, calendar.method.interval_days));
        in_future(Label::Next, next, by)?;
        Ok(DeviceEvent::Updated { done, next })
    }

    /// Refuses what is entered into the dossier of a device that is gone.
    pub(super) fn kept(&self) -> Result<(), Refusal> {
        match self.stage {
            DeviceStage::Disposed { .. } => Err(ended(self.state().term())),
            _ => Ok(()),
        }
    }

    /// What a risk analysis would have to rest on.
    pub(super) fn facts_missing(&self) -> Vec<Reason> {
        let information = self.information.is_empty().then_some(ReasonCode::DeviceInformationMissing);
        let usage = self.uses.is_empty().then_some(ReasonCode::DeviceUseNotStated);
        [information, usage].into_iter().flatten().map(Reason::new).collect()
    }

    /// The device after an event; `None` if it cannot happen at this stage.
    pub(super) fn changed(mut self, event: &DeviceEvent, when: &Occurrence) -> Option<Device> {
        let is_kept = self.kept().is_ok();
        match event {
            DeviceEvent::Registered { .. } => return None,
            DeviceEvent::Stopped { .. }
            | DeviceEvent::DisconnectionConfirmed { .. }
            | DeviceEvent::BackInUse { .. }
            | DeviceEvent::Disposed { .. }
            | DeviceEvent::SeenAgain { .. } => return self.lived(event, when),
            _ if !is_kept => return None,
            DeviceEvent::Changed { particulars, .. } => self.set(particulars),
            DeviceEvent::Informed { information } => {
                self.information.push(dated(information, when));
                self.another_fact();
            }
            DeviceEvent::UseStated { statement } => {
                self.uses.push(dated(statement, when));
                self.another_fact();
            }
            DeviceEvent::Analysed { analysis } => {
                self.analyses.push((self.facts, dated(analysis, when)));
                self.edition = self.edition.saturating_add(1);
            }
            DeviceEvent::UpdatesPlanned { method, next } => {
                let done = self.updates.take().map(|calendar| calendar.done).unwrap_or_default();
                self.updates = Some(UpdateCalendar { method: method.clone(), next: *next, done });
                self.edition = self.edition.saturating_add(1);
            }
            DeviceEvent::Updated { done, next } => {
                let calendar = self.updates.as_mut()?;
                calendar.done.push(dated(done, when));
                calendar.next = *next;
                if let Some(firmware) = &done.firmware {
                    self.network.firmware = Some(firmware.clone());
                }
            }
            DeviceEvent::RuleWritten { .. }
            | DeviceEvent::RuleApproved { .. }
            | DeviceEvent::RuleSentBack { .. } => self.ruled(event, when)?,
        }
        Some(self)
    }

    /// Takes over what the device is. Which firmware runs changes with every update and is no fact of the analysis.
    fn set(&mut self, particulars: &DeviceParticulars) {
        let same_but_firmware = {
            let mut now = particulars.clone();
            now.network.firmware.clone_from(&self.network.firmware);
            now == self.particulars()
        };
        self.name.clone_from(&particulars.name);
        self.system = particulars.system;
        self.category = particulars.category;
        self.network = particulars.network.clone();
        self.remote_line.clone_from(&particulars.remote_line);
        self.support_ends.clone_from(&particulars.support_ends);
        if !same_but_firmware {
            self.another_fact();
        }
    }

    fn another_fact(&mut self) {
        self.facts = self.facts.saturating_add(1);
        self.edition = self.edition.saturating_add(1);
    }
}

pub(super) fn registered(particulars: &DeviceParticulars, when: &Occurrence) -> Device {
    let particulars = particulars.clone();
    Device {
        asset: particulars.asset,
        key: particulars.key,
        name: particulars.name,
        system: particulars.system,
        category: particulars.category,
        network: particulars.network,
        remote_line: particulars.remote_line,
        support_ends: particulars.support_ends,
        information: Vec::new(),
        uses: Vec::new(),
        analyses: Vec::new(),
        updates: None,
        rules: Vec::new(),
        stage: DeviceStage::InUse { since: when.at },
        past: Vec::new(),
        facts: 0,
        edition: 0,
    }
}

/// A refusal with everything that is missing, if something is.
pub(super) fn incomplete(missing: Vec<Reason>) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DeviceDossierIncomplete).missing(missing))
}

/// Refuses a day that has not come yet.
fn past_day(date: Date, by: &Occurrence) -> Result<(), Refusal> {
    if date <= day(by.at) {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DateInFuture).with("field", Label::Date.as_str()).with("date", date))
}

fn sorted(mut particulars: DeviceParticulars) -> DeviceParticulars {
    particulars.support_ends.sort();
    particulars.support_ends.dedup();
    particulars
}

pub(super) fn dated<T: Clone>(given: &T, when: &Occurrence) -> Dated<T> {
    Dated { given: given.clone(), by: when.actor.person, at: when.at }
}
