//! What the gate of a service looks at (SPEC.md section 4, ⑤-1), and what a change of a device does to the agreements of its
//! system. The gate itself is the domain's.

use shindan_domain::agreement::{
    Agreement, Between, Cause, Needing, ServiceFacts, came_and_went, causes, comings,
};
use shindan_domain::calendar::day;
use shindan_domain::device::{Device, DeviceCategory, DeviceState};
use shindan_domain::inventory::AssetKind;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Particulars, System};
use shindan_domain::process::{Process, ReasonCode, Refusal, Relation};
use shindan_domain::record_id::SystemId;
use uuid::Uuid;

use super::{Act, Records, RecordsError};
use crate::data_folder::DataFolder;
use crate::register;

impl Records {
    /// Between whom an agreement about a system must be.
    pub(super) fn between(&self, system: SystemId) -> Result<Between, RecordsError> {
        let System { operator, provider, .. } = self.existing::<MasterData<System>>(system)?.particulars;
        Ok(Between { operator, provider })
    }

    /// Records of a kind that are linked to another one.
    fn linked<P: Process>(&self, relation: Relation, to: Stream) -> Result<Vec<(Uuid, P)>, RecordsError> {
        let target = to.id.hyphenated().to_string();
        let rows = self.store().linked(relation, &target)?;
        let rows = rows.into_iter().filter(|row| row.stream.kind == P::KIND);
        rows.map(|row| Ok((row.stream.id, self.existing::<P>(row.stream.id)?))).collect()
    }

    /// Agreements about a system.
    pub(super) fn agreements_of(&self, system: SystemId) -> Result<Vec<(Uuid, Agreement)>, RecordsError> {
        self.linked(Relation::Subject, Stream::new(Kind::System, system))
    }

    /// The dossier of the device that an asset is, unless it is disposed of.
    fn device_of(&self, asset: Uuid) -> Result<Option<(Uuid, Device)>, RecordsError> {
        let devices = self.linked::<Device>(Relation::PartOf, Stream::new(Kind::Asset, asset))?;
        Ok(devices.into_iter().find(|(_, device)| device.state() != DeviceState::Disposed))
    }

    /// The asset, if the register knows it as a device that needs an agreement and nobody keeps its dossier.
    fn without_dossier(&self, id: Uuid, asset: &MasterData<Asset>) -> Result<Option<Needing>, RecordsError> {
        let dossiers = self.linked::<Device>(Relation::PartOf, Stream::new(Kind::Asset, id))?;
        if asset.ended.is_some() || !dossiers.is_empty() {
            return Ok(None);
        }
        let registered = register::shared(&DataFolder::new(self.root()))?;
        let known = registered.assets.get(&asset.particulars.key).filter(|known| !known.asset.retired);
        let category = match known.and_then(|known| known.asset.kind) {
            Some(AssetKind::MedicalDevice) => DeviceCategory::MedicalDevice,
            Some(AssetKind::IotDevice) => DeviceCategory::IotDevice,
            _ => return Ok(None),
        };
        Ok(Some(Needing { asset: asset.particulars.name.clone(), category }))
    }

    /// What is recorded about a system, with its devices that need an agreement, or with the one that comes to it.
    pub(super) fn service_facts(
        &self,
        system: SystemId,
        coming: Option<Needing>,
    ) -> Result<ServiceFacts, RecordsError> {
        let System { operator, provider, service, .. } =
            self.existing::<MasterData<System>>(system)?.particulars;
        let devices = match coming {
            Some(device) => vec![device],
            None => {
                let of_system = Stream::new(Kind::System, system);
                let devices = self.linked::<Device>(Relation::Subject, of_system)?;
                let assets = self.linked::<MasterData<Asset>>(Relation::PartOf, of_system)?;
                let mut needing: Vec<_> =
                    devices.iter().filter_map(|(_, device)| Needing::of(device)).collect();
                for (id, asset) in assets {
                    needing.extend(self.without_dossier(id, &asset)?);
                }
                needing
            }
        };
        let agreements = self.agreements_of(system)?.into_iter();
        let called =
            |id: Uuid| self.called(Stream::new(Kind::Agreement, id)).unwrap_or_else(|| id.to_string());
        let agreements = agreements.map(|(id, agreement)| (called(id), agreement)).collect();
        Ok(ServiceFacts { operator, provider, service, devices, agreements })
    }
}

impl Act<'_> {
    /// What an act on devices means for their systems, whichever use case it is: every act ends with it. A device that comes to
    /// a system, or into use there, or is of a kind that needs an agreement now, is admitted or refused by the domain; a change
    /// of its kind, use or connection, and that it comes or leaves, re-opens the agreements, in the same act. What comes is
    /// admitted by the agreement as it was before the act.
    ///
    /// # Errors
    /// [`ReasonCode::ServiceNeedsAgreement`] for an IoT or a medical device and a system in service without a valid agreement;
    /// those of reading.
    pub(super) fn look_at_devices(&mut self) -> Result<(), RecordsError> {
        let mut reopened: Vec<(SystemId, Cause)> = Vec::new();
        for (id, before, after) in self.touched::<MasterData<Asset>>()? {
            let from = before.map(|before| self.place_without_dossier(id, &before)).transpose()?.flatten();
            let to = self.place_without_dossier(id, &after)?;
            let (left, comes_to) =
                (from.as_ref().map(|(system, _)| *system), to.as_ref().map(|(system, _)| *system));
            if let (Some((system, needing)), true) = (to, left != comes_to) {
                self.admit_to(system, needing)?;
            }
            reopened.extend(came_and_went(&after.particulars.name, left, comes_to));
        }
        for (_, before, after) in self.touched::<Device>()? {
            if before.is_some() || !self.was_known_without_dossier(&after)? {
                reopened.extend(comings(before.as_ref(), &after));
            }
            let stays = before.as_ref().filter(|before| before.system == after.system);
            // What is seen again after its disconnection is an alarm to be recorded, and not put into use by that.
            let used = |device: &&Device| device.state() != DeviceState::SeenAgain;
            if used(&&after) && stays.filter(used).and_then(Needing::of).is_none() {
                self.admit(&after)?;
            }
            if let (Some(before), Some(system)) = (stays, after.system) {
                reopened.extend(causes(before, &after).into_iter().map(|cause| (system, cause)));
            }
        }
        reopened.iter().try_for_each(|(system, cause)| self.reopen_agreements(*system, cause))
    }

    /// To which system an asset belongs that needs an agreement and has no dossier.
    fn place_without_dossier(
        &self,
        id: Uuid,
        asset: &MasterData<Asset>,
    ) -> Result<Option<(SystemId, Needing)>, RecordsError> {
        let Some(system) = asset.particulars.system else { return Ok(None) };
        Ok(self.records().without_dossier(id, asset)?.map(|needing| (system, needing)))
    }

    /// True if the asset of a new dossier was known before as such a device of the same system: then none comes.
    fn was_known_without_dossier(&self, device: &Device) -> Result<bool, RecordsError> {
        let Some((_, asset)) = self.records().state::<MasterData<Asset>>(device.asset.0)? else {
            return Ok(false);
        };
        let place = self.place_without_dossier(device.asset.0, &asset)?;
        Ok(place.is_some_and(|(system, _)| device.system == Some(system)))
    }

    fn admit(&self, device: &Device) -> Result<(), RecordsError> {
        let (Some(system), Some(needing)) = (device.system, Needing::of(device)) else { return Ok(()) };
        self.admit_to(system, needing)
    }

    fn admit_to(&self, system: SystemId, needing: Needing) -> Result<(), RecordsError> {
        let facts = self.records().service_facts(system, Some(needing))?;
        let about = Stream::new(Kind::System, system);
        facts.admit(day(self.occurrence.at)).map_err(|refusal| RecordsError::refused(Some(about), refusal))
    }

    /// Re-opens every agreement about a system that rests on what changed.
    fn reopen_agreements(&mut self, system: SystemId, cause: &Cause) -> Result<(), RecordsError> {
        for (id, _) in self.records().agreements_of(system)? {
            // A draft that nobody was shown rests on nothing yet, and what has ended counts for nothing.
            self.change::<Agreement>(id, |state, _| match state.reopen(cause.clone()) {
                Ok(event) => Ok(vec![event]),
                Err(refusal) if passed_over(&refusal) => Ok(Vec::new()),
                Err(refusal) => Err(refusal),
            })?;
        }
        Ok(())
    }
}

fn passed_over(refusal: &Refusal) -> bool {
    matches!(refusal.reason.code, ReasonCode::NothingChanges | ReasonCode::RecordEnded)
}

/// A kind of record of the organisation, and by which commands of the domain it is changed.
pub trait Kept: Particulars {
    /// Changes what a record says to `next`, by `change` unless the domain has commands of their own for some of it.
    ///
    /// # Errors
    /// What the domain refuses.
    fn altered(act: &mut Act<'_>, id: Uuid, next: Self, reason: String) -> Result<(), RecordsError> {
        act.change::<MasterData<Self>>(id, |record, _| Ok(vec![record.change(next, reason)?]))?;
        Ok(())
    }
}

macro_rules! kept {
    ($($name:ident),+) => { $(impl Kept for shindan_domain::organisation::$name {})+ };
}
kept!(Party, Site, Environment, Product, Release, Deployment);

impl Kept for System {
    /// Whether it is in service has its own command, and its gate.
    fn altered(act: &mut Act<'_>, id: Uuid, next: Self, reason: String) -> Result<(), RecordsError> {
        let now = act.state::<MasterData<System>>(id)?.particulars;
        let service = next.service;
        let facts = act.records().service_facts(SystemId(id), None)?;
        let facts = ServiceFacts { operator: next.operator, provider: next.provider, ..facts };
        let rest = System { service: now.service, ..next };
        if rest != now || service == now.service {
            let reason = reason.clone();
            act.change::<MasterData<System>>(id, |record, _| Ok(vec![record.change(rest, reason)?]))?;
        }
        if service != now.service {
            act.change::<MasterData<System>>(id, |record, by| {
                Ok(vec![record.set_service(service, reason, &facts, by)?])
            })?;
        }
        Ok(())
    }
}

impl Kept for Asset {
    /// To which system it belongs has its own command, and its gate; the dossier of the device that it is follows.
    fn altered(act: &mut Act<'_>, id: Uuid, next: Self, reason: String) -> Result<(), RecordsError> {
        let now = act.state::<MasterData<Asset>>(id)?.particulars;
        let moved = now.system != next.system;
        let device = if moved { act.records().device_of(id)? } else { None };
        let needing = device.as_ref().and_then(|(_, device)| Needing::of(device));
        let facts = match (next.system, needing) {
            (Some(system), Some(needing)) => Some(act.records().service_facts(system, Some(needing))?),
            _ => None,
        };
        let system = next.system;
        let because = reason.clone();
        act.change::<MasterData<Asset>>(id, |record, by| {
            Ok(vec![record.change_placed(next, because, facts.as_ref(), by)?])
        })?;
        if let Some((device, _)) = device {
            act.change::<Device>(device, |state, _| {
                let mut particulars = state.particulars();
                if particulars.system == system {
                    return Ok(Vec::new());
                }
                particulars.system = system;
                Ok(vec![state.change(particulars, reason)?])
            })?;
        }
        Ok(())
    }
}
