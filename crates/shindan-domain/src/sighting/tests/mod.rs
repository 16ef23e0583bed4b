//! Comparisons and the process of a discrepancy.

mod comparing;
mod order;
mod walk;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Comparison, KnownDevice, KnownState, Lease, LeaseState, Observed, Sight, SightingKind, compare};
use crate::model::minute;

fn device(key: &str, mac: &str) -> KnownDevice {
    KnownDevice {
        stream: None,
        key: key.to_owned(),
        register_key: key.to_owned(),
        label: key.to_uppercase(),
        macs: mac.parse().into_iter().collect(),
        serial: None,
        addresses: BTreeSet::new(),
        names: BTreeSet::new(),
        network: None,
        firmware: None,
        state: KnownState::InUse,
    }
}

fn retired(key: &str, mac: &str) -> KnownDevice {
    KnownDevice { state: KnownState::Retired { since: None, disconnected: None }, ..device(key, mac) }
}

fn seen(mac: &str, address: &str) -> Observed {
    Observed {
        mac: mac.parse().ok(),
        addresses: address.parse().into_iter().collect(),
        ..Observed::default()
    }
}

fn named(name: &str, address: &str) -> Observed {
    Observed { names: BTreeSet::from([name.to_owned()]), ..seen("", address) }
}

fn leased(mac: &str, address: &str) -> Observed {
    let lease = Some(Lease { state: LeaseState::Active, renewed: None, ends: None });
    Observed { lease, ..seen(mac, address) }
}

fn sights(observed: &[Observed], at: Timestamp) -> Vec<Sight<'_>> {
    observed.iter().map(|observed| Sight { observed, at, network: None }).collect()
}

fn compared(observed: &[Observed], devices: &[KnownDevice]) -> Comparison {
    compare(&sights(observed, minute(0)), devices)
}

fn found(comparison: &Comparison) -> Vec<(SightingKind, &str)> {
    comparison.discrepancies.iter().map(|one| (one.kind, one.identity.as_str())).collect()
}
