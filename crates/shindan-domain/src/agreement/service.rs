//! The gate of a service: a system with IoT or medical devices is not put in service, and takes no such device in while it is
//! in service, without a valid agreement (SPEC.md section 4, ⑤-1).

use jiff::civil::Date;

use super::{Agreement, Cause, CauseKind, Standing};
use crate::calendar::day;
use crate::device::{Device, DeviceCategory, DeviceState};
use crate::organisation::{Asset, MasterData, MasterEvent, ServiceState, System};
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{PartyId, SystemId};

/// A device that needs an agreement: an IoT or a medical device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needing {
    /// What it is called.
    pub asset: String,
    /// What it is.
    pub category: DeviceCategory,
}

impl Needing {
    /// The device, if it needs an agreement: an IoT or a medical device that is neither disconnected nor disposed of.
    pub fn of(device: &Device) -> Option<Needing> {
        let gone = matches!(device.state(), DeviceState::Disconnected | DeviceState::Disposed);
        let asset = device.name.clone();
        (needs_agreement(device.category) && !gone).then_some(Needing { asset, category: device.category })
    }
}

/// Whether a service with such a device needs an agreement on roles.
pub fn needs_agreement(category: DeviceCategory) -> bool {
    matches!(category, DeviceCategory::MedicalDevice | DeviceCategory::IotDevice)
}

/// What re-opens the agreements of a device's system: that the device is of another kind, is used otherwise, or is connected
/// otherwise. What was not stated before and is stated now for the first time is a change of the line, and none of the use.
pub fn causes(before: &Device, after: &Device) -> Vec<Cause> {
    let concerned = needs_agreement(before.category) || needs_agreement(after.category);
    let cause = |kind| Cause { kind, asset: Some(after.name.clone()), text: String::new() };
    let used = |device: &Device| {
        device.usage().map(|usage| (usage.given.intended.clone(), usage.given.actual.clone()))
    };
    let mut causes = Vec::new();
    if concerned && before.category != after.category {
        causes.push(cause(CauseKind::DeviceKind));
    }
    if concerned && used(before).is_some() && used(before) != used(after) {
        causes.push(cause(CauseKind::DeviceUse));
    }
    if before.remote_line != after.remote_line {
        causes.push(cause(CauseKind::DeviceConnection));
    }
    causes
}

/// What re-opens the agreements of the systems that a device comes to or leaves: they were agreed upon other devices. One that
/// is disconnected or disposed of has left; one that is seen after that is an alarm and has not come. A device that becomes
/// another kind where it is has its own cause ([`causes`]).
pub fn comings(before: Option<&Device>, after: &Device) -> Vec<(SystemId, Cause)> {
    let place = |device: &Device| {
        let counts = Needing::of(device).is_some() && device.state() != DeviceState::SeenAgain;
        device.system.filter(|_| counts)
    };
    let (from, to) = (before.and_then(place), place(after));
    let another_kind =
        before.is_some_and(|before| before.system == after.system && before.category != after.category);
    if from == to || another_kind {
        return Vec::new();
    }
    came_and_went(&after.name, from, to)
}

/// The causes of a device that was in one system and is in another one.
pub fn came_and_went(name: &str, from: Option<SystemId>, to: Option<SystemId>) -> Vec<(SystemId, Cause)> {
    let cause = |kind| Cause { kind, asset: Some(name.to_owned()), text: String::new() };
    let left = from.filter(|_| from != to).map(|system| (system, cause(CauseKind::DeviceRemoved)));
    let came = to.filter(|_| from != to).map(|system| (system, cause(CauseKind::DeviceAdded)));
    left.into_iter().chain(came).collect()
}

/// What is recorded about a system. The use case looks it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFacts {
    /// Who runs it.
    pub operator: PartyId,
    /// Who supplies it.
    pub provider: PartyId,
    /// Whether it is in service.
    pub service: ServiceState,
    /// Its devices that need an agreement; when one comes, that one.
    pub devices: Vec<Needing>,
    /// Its agreements, with their numbers.
    pub agreements: Vec<(String, Agreement)>,
}

impl ServiceFacts {
    /// Whether an agreement of the system counts on a day. One between others than those who run and supply it now does not.
    pub fn standing(&self, agreement: &Agreement, today: Date) -> Standing {
        let standing = agreement.standing(today);
        let Some(version) = agreement.version_on(today) else { return standing };
        let signed = |party| {
            let mut names = version.confirmed.keys();
            names.any(|name| agreement.bound.get(name) == Some(&party))
        };
        let signed = signed(self.operator) && signed(self.provider);
        if standing == Standing::Valid && !signed { Standing::OtherParties } else { standing }
    }

    /// Everything that stands against these devices being in service; empty without any, or with a valid agreement.
    pub fn blockers(&self, today: Date) -> Vec<Reason> {
        let valid = |agreement: &Agreement| self.standing(agreement, today) == Standing::Valid;
        if self.devices.is_empty() || self.agreements.iter().any(|(_, agreement)| valid(agreement)) {
            return Vec::new();
        }
        let mut blockers: Vec<Reason> = self.devices.iter().map(needs).collect();
        if self.agreements.is_empty() {
            blockers.push(Reason::new(ReasonCode::AgreementAbsent));
        }
        for (number, agreement) in &self.agreements {
            let reason = Reason::new(ReasonCode::AgreementDoesNotCount).with("agreement", number);
            blockers.push(reason.with("standing", self.standing(agreement, today)));
        }
        blockers
    }

    /// Lets the devices of these facts come to the system: free while it is not in service.
    ///
    /// # Errors
    /// [`ReasonCode::ServiceNeedsAgreement`] with each device and each agreement that does not count: agree first, or take the
    /// service out of service.
    pub fn admit(&self, today: Date) -> Result<(), Refusal> {
        if self.service == ServiceState::InService { self.in_service(today) } else { Ok(()) }
    }

    fn in_service(&self, today: Date) -> Result<(), Refusal> {
        let blockers = self.blockers(today);
        if blockers.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(ReasonCode::ServiceNeedsAgreement).missing(blockers))
    }
}

fn needs(device: &Needing) -> Reason {
    let reason = Reason::new(ReasonCode::DeviceNeedsAgreement).with("asset", &device.asset);
    reason.with("category", device.category)
}

impl MasterData<System> {
    /// Puts the system in service, or out of it. The one way to change it: `change` does not.
    ///
    /// # Errors
    /// [`ReasonCode::ServiceNeedsAgreement`] for a system with IoT or medical devices without a valid agreement;
    /// [`ReasonCode::NothingChanges`], [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::RecordEnded`].
    pub fn set_service(
        &self,
        service: ServiceState,
        reason: String,
        facts: &ServiceFacts,
        by: &Occurrence,
    ) -> Result<MasterEvent<System>, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        if service == ServiceState::InService && service != self.particulars.service {
            facts.in_service(day(by.at))?;
        }
        self.replace(System { service, ..self.particulars.clone() }, reason)
    }
}

impl MasterData<Asset> {
    /// Changes what an asset's record says, also to which system it belongs. `comes_to`: the system that it comes to with the
    /// device that it is, if that needs an agreement.
    ///
    /// # Errors
    /// [`ReasonCode::ServiceNeedsAgreement`] for a device that comes to a system in service without a valid agreement;
    /// [`ReasonCode::FieldFixed`] for its key; those of [`MasterData::change`].
    pub fn change_placed(
        &self,
        particulars: Asset,
        reason: String,
        comes_to: Option<&ServiceFacts>,
        by: &Occurrence,
    ) -> Result<MasterEvent<Asset>, Refusal> {
        if particulars.key != self.particulars.key {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", Label::Asset.as_str()));
        }
        if let Some(facts) = comes_to {
            facts.admit(day(by.at))?;
        }
        self.replace(particulars, reason)
    }
}
