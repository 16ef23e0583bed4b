//! What a comparison does to the records that there are: open, found again, opened again, resolved. The same comparison
//! twice does nothing the second time.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::known::{by_dossier, folded};
use super::{
    Absence, Comparison, Discrepancy, KnownDevice, KnownState, Resolution, Sighting, SightingEvent,
    SightingKind, SightingStage, is_same_version,
};
use crate::calendar::day;
use crate::process::{Occurrence, OutOfOrder, Process};
use crate::record_id::SightingId;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Records to begin.
    pub open: Vec<SightingEvent>,
    /// Records to change.
    pub change: Vec<(SightingId, SightingEvent)>,
}

/// Puts what was found beside all records of discrepancies. `absence`: the devices that were not seen, if somebody asked for
/// them; `when`: the time of the comparison and who made it.
///
/// # Errors
/// [`OutOfOrder`] is a defect of this program.
pub fn refresh(
    existing: &[(SightingId, &Sighting)],
    compared: &Comparison,
    absence: Option<&Absence>,
    devices: &[KnownDevice],
    when: &Occurrence,
) -> Result<Plan, OutOfOrder> {
    let dossiers = by_dossier(devices);
    let records: BTreeMap<(SightingKind, &str), SightingId> =
        existing.iter().map(|(id, one)| ((one.found.kind, one.known_as(&dossiers)), *id)).collect();
    let by_name = unknown_names(existing, compared);
    // Several discrepancies may belong to one record: each sees what the one before did to it.
    let mut now: BTreeMap<SightingId, Cow<'_, Sighting>> =
        existing.iter().map(|(id, one)| (*id, Cow::Borrowed(*one))).collect();
    let missing = absence.map(|absence| absence.discrepancies.as_slice()).unwrap_or_default();
    let mut plan = Plan::default();
    let mut found: BTreeSet<SightingId> = BTreeSet::new();
    for discrepancy in compared.discrepancies.iter().chain(missing) {
        let known = records.get(&(discrepancy.kind, discrepancy.identity.as_str())).copied();
        // Seen by its name only, and known by name and hardware address: it has its record, or one of several.
        let named = || {
            let name = discrepancy.identity.strip_prefix("name:")?;
            by_name.get(name).filter(|_| discrepancy.kind == SightingKind::UnknownDevice)
        };
        let record = match (known, named().map(Vec::as_slice)) {
            (Some(id), _) | (None, Some(&[id])) => Some(id),
            (None, Some(several)) => {
                found.extend(several);
                continue;
            }
            (None, None) => None,
        };
        let Some((id, one)) = record.and_then(|id| Some((id, now.get_mut(&id)?))) else {
            plan.open.push(Sighting::open(discrepancy.clone()));
            continue;
        };
        found.insert(id);
        if let Some(event) = one.missing_after(discrepancy, day(when.at)) {
            *one = Cow::Owned(Sighting::apply(Some(one.clone().into_owned()), &event, when)?);
            plan.change.push((id, event));
        }
    }
    let by_key: BTreeMap<&str, &KnownDevice> =
        devices.iter().map(|device| (device.key.as_str(), device)).collect();
    for (id, one) in existing.iter().filter(|(id, _)| !found.contains(id)) {
        let key = one.known_as(&dossiers);
        plan.change.extend(end(one, (key, by_key.get(key).copied()), compared).map(|event| (*id, event)));
    }
    Ok(plan)
}

/// Unknown devices that are known by hardware address and are not resolved, by their names.
fn unknown_names(
    existing: &[(SightingId, &Sighting)],
    compared: &Comparison,
) -> BTreeMap<String, Vec<SightingId>> {
    let mut names: BTreeMap<String, Vec<SightingId>> = BTreeMap::new();
    for (id, one) in existing {
        let resolved = matches!(one.stage, SightingStage::Resolved { .. });
        let known = compared.identified.contains_key(&one.found.identity);
        let unknown = one.found.kind == SightingKind::UnknownDevice && !known && !resolved;
        if !unknown || one.found.evidence.mac.is_none() {
            continue;
        }
        for name in &one.found.evidence.names {
            names.entry(folded(name)).or_default().push(*id);
        }
    }
    names
}

/// How a discrepancy that was not found came to its end, if anything shows that it did. That it was not found shows nothing:
/// the device may stand on another network.
fn end(
    one: &Sighting,
    (identity, device): (&str, Option<&KnownDevice>),
    compared: &Comparison,
) -> Option<SightingEvent> {
    if !matches!(one.stage, SightingStage::Open { .. } | SightingStage::Explained { .. }) {
        return None;
    }
    let Discrepancy { kind, evidence, .. } = &one.found;
    let last_seen = compared.last_seen.get(identity).copied();
    let retired = device.is_some_and(|device| !device.is_in_use());
    let (how, at) = match kind {
        SightingKind::UnknownDevice | SightingKind::RandomisedDevice
            if compared.identified.contains_key(identity) =>
        {
            (Resolution::Known, None)
        }
        // It has its record by its name already.
        SightingKind::RandomisedDevice => return None,
        SightingKind::UnknownDevice => {
            compared.also_called.get(identity)?;
            (Resolution::SameDevice, None)
        }
        SightingKind::RetiredSeen => match device?.state {
            KnownState::InUse => (Resolution::InUseAgain, None),
            KnownState::Retired { disconnected, .. } => (Resolution::Disconnected, Some(disconnected?)),
        },
        SightingKind::NotSeen if retired => (Resolution::NotInUse, None),
        SightingKind::NotSeen => {
            let seen = last_seen.filter(|seen| evidence.last_seen.is_none_or(|before| *seen > before))?;
            (Resolution::Seen, Some(seen))
        }
        SightingKind::FirmwareChanged | SightingKind::AddressChanged if retired => {
            (Resolution::NotInUse, None)
        }
        SightingKind::FirmwareChanged => {
            let registered = device?.firmware.as_deref();
            let recorded = registered
                .zip(evidence.version.as_deref())
                .is_some_and(|(registered, seen)| is_same_version(registered, seen));
            let compared = compared.compared.contains(&(*kind, identity.to_owned()))
                && last_seen.is_some_and(|seen| Some(seen) >= evidence.last_seen);
            (recorded || compared).then_some((Resolution::AsRegistered, last_seen))?
        }
        SightingKind::AddressChanged => {
            let addresses = &device?.addresses;
            let recorded = evidence.addresses.iter().any(|address| addresses.contains(address));
            let compared = compared.compared.contains(&(*kind, identity.to_owned()))
                && last_seen.is_some_and(|seen| Some(seen) >= evidence.last_seen);
            (recorded || compared || addresses.is_empty()).then_some((Resolution::AsRegistered, last_seen))?
        }
    };
    // A disconnection that was confirmed before the last sighting is refused here, as everywhere.
    one.resolve(how, at).ok()
}
