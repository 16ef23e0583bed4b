//! At which addresses devices were seen, by their hardware addresses: for those whose address the register and the dossiers do not tell.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::sighting::{KnownDevice, MacAddress, SightingImport};

use super::{files, known};
use crate::records::{Records, RecordsError};

/// For so long an address at which a device was seen counts as its own, besides the last one: leases change within days, and a table of
/// neighbours may be a month old before the next one is read.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The devices whose key in the register is wanted, by what people call them, with the addresses at which one of their hardware
/// addresses was seen: at the last sighting that tells an address, however old, and at all of the last 30 days.
///
/// # Errors
/// Those of the store; for a kept file of sightings that cannot be read any more: what it tells is not known then.
pub(in crate::records) fn whereabouts(
    records: &Records,
    wanted: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Result<Vec<(String, BTreeSet<IpAddr>)>, RecordsError> {
    let mut devices = known::devices(records)?;
    devices.retain(|device| wanted(&device.register_key) && !device.macs.is_empty());
    let mut seen: BTreeMap<MacAddress, Seen> =
        devices.iter().flat_map(|device| &device.macs).map(|mac| (*mac, Seen::default())).collect();
    if !seen.is_empty() {
        look(records, &mut seen, now)?;
    }
    let addresses = |device: &KnownDevice| {
        let seen = device.macs.iter().filter_map(|mac| seen.get(mac));
        seen.flat_map(|seen| seen.last.iter().chain(&seen.recent).copied()).collect::<BTreeSet<_>>()
    };
    let all = devices.iter().map(|device| (device.label.clone(), addresses(device)));
    Ok(all.filter(|(_, addresses)| !addresses.is_empty()).collect())
}

/// Where one hardware address was seen.
#[derive(Default)]
struct Seen {
    /// When it was last seen with an address.
    at: Option<Timestamp>,
    /// With which then.
    last: BTreeSet<IpAddr>,
    /// Those of the last days.
    recent: BTreeSet<IpAddr>,
}

/// Reads what was imported, the newest first, as far back as is needed.
fn look(
    records: &Records,
    seen: &mut BTreeMap<MacAddress, Seen>,
    now: Timestamp,
) -> Result<(), RecordsError> {
    let since = now.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
    let taken = |import: &SightingImport| import.files.iter().map(|file| file.taken).max();
    let mut imports: Vec<SightingImport> =
        records.all::<SightingImport>()?.into_iter().map(|(_, import)| import).collect();
    imports.sort_by_key(taken);
    for import in imports.iter().rev() {
        let newest = taken(import);
        // Nothing in this import, or in an older one, is newer than what is known of each.
        if newest.is_none_or(|newest| newest < since) && seen.values().all(|one| one.at >= newest) {
            break;
        }
        for file in files::again(records, import)? {
            for sight in file.sights(now) {
                let known = sight.observed.mac.and_then(|mac| seen.get_mut(&mac));
                let Some(known) = known.filter(|_| !sight.observed.addresses.is_empty()) else { continue };
                if known.at < Some(sight.at) {
                    known.last.clear();
                }
                if known.at <= Some(sight.at) {
                    known.at = Some(sight.at);
                    known.last.extend(&sight.observed.addresses);
                }
                if sight.at >= since {
                    known.recent.extend(&sight.observed.addresses);
                }
            }
        }
    }
    Ok(())
}
