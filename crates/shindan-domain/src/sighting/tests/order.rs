//! Properties: neither the order of lines nor repetitions make a difference; leases that move make no flood; a second
//! import of the same writes nothing.

use proptest::prelude::*;

use super::super::{Plan, Sighting, SightingEvent, refresh};
use super::*;
use crate::model::{History, by, id};
use crate::process::Process;
use crate::record_id::SightingId;

fn mac(number: u8) -> String {
    // Some are of their own making.
    let first = if number % 5 == 4 { "da" } else { "00" };
    format!("{first}:0c:29:00:00:{number:02x}")
}

fn observed() -> impl Strategy<Value = (Observed, i64)> {
    (0..12_u8, 0..8_u8, 0..6_u8, 0..4_u8, 0..3_i64).prop_map(|(hardware, address, name, what, minutes)| {
        let hardware = if hardware < 8 { mac(hardware) } else { String::new() };
        let mut one = match what {
            0 => leased(&hardware, &format!("10.0.0.{address}")),
            _ => seen(&hardware, &format!("10.0.0.{address}")),
        };
        if name < 4 {
            one.names.insert(if what == 1 { format!("HOST-{name}") } else { format!("host-{name}.example") });
        }
        if what == 2 {
            one.version = Some(format!("{minutes}.{name}"));
        }
        (one, minutes)
    })
}

fn known() -> impl Strategy<Value = Vec<KnownDevice>> {
    let one = (0..8_u8, 0..8_u8, 0..6_u8, 0..3_u8);
    proptest::collection::vec(one, 0..6).prop_map(|all| {
        let make = |(at, (hardware, address, name, state)): (usize, (u8, u8, u8, u8))| {
            let mut device = device(&format!("id:{at}"), &mac(hardware));
            device.addresses.insert(format!("10.0.0.{address}").parse().unwrap());
            if name < 4 {
                device.names.insert(format!("host-{name}"));
            }
            device.firmware = (name == 5).then(|| "1.0".to_owned());
            if state == 0 {
                device.state = KnownState::Retired { since: None, disconnected: None };
            }
            device
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

fn run(observed: &[(Observed, i64)], devices: &[KnownDevice]) -> Comparison {
    let sights: Vec<Sight<'_>> =
        observed.iter().map(|(observed, at)| Sight { observed, at: minute(*at), network: None }).collect();
    compare(&sights, devices)
}

/// Carries out a plan, as the ledger does.
fn carry_out(records: &mut Vec<History<Sighting>>, plan: &Plan, minutes: i64) {
    for (which, event) in &plan.change {
        let at = records
            .iter()
            .enumerate()
            .position(|(number, _)| SightingId(id(u8::try_from(number).unwrap())) == *which);
        records[at.unwrap()].record(event, by(0, minutes));
    }
    for event in &plan.open {
        let mut history = History::new();
        history.record(event, by(0, minutes));
        records.push(history);
    }
}

fn plan(records: &[History<Sighting>], result: &Comparison, devices: &[KnownDevice]) -> Plan {
    let existing: Vec<(SightingId, &Sighting)> = records
        .iter()
        .enumerate()
        .map(|(number, history)| (SightingId(id(u8::try_from(number).unwrap())), history.state()))
        .collect();
    refresh(&existing, result, None, devices, &by(0, 100)).unwrap()
}

proptest! {
    #[test]
    fn order_and_repetition_make_no_difference(
        lines in proptest::collection::vec(observed(), 0..24),
        devices in known(),
        turn in any::<u64>(),
        twice in 0..24_usize,
    ) {
        let expected = run(&lines, &devices);
        let mut other = lines.clone();
        if let Some(line) = lines.get(twice) {
            other.push(line.clone());
        }
        let size = other.len();
        for at in 0..size {
            let with = usize::try_from(turn.rotate_left(u32::try_from(at).unwrap()) % 64).unwrap() % size;
            other.swap(at, with);
        }
        prop_assert_eq!(run(&other, &devices), expected);
    }

    #[test]
    fn one_result_of_a_kind_for_each_identity_however_often_it_was_seen(
        lines in proptest::collection::vec(observed(), 0..24),
        devices in known(),
    ) {
        let result = run(&lines, &devices);
        let all: BTreeSet<_> = found(&result).into_iter().collect();
        prop_assert_eq!(all.len(), result.discrepancies.len());
        // An observer that counts: never more unknown devices than hardware addresses, names and retired addresses.
        let macs: BTreeSet<_> = lines.iter().filter_map(|(one, _)| one.mac).filter(|mac| !mac.is_local()).collect();
        let names: BTreeSet<_> = lines.iter().filter(|(one, _)| one.mac.is_none()).flat_map(|(one, _)| &one.names).collect();
        let retired = devices.iter().filter(|device| !device.is_in_use()).flat_map(|device| &device.addresses).count();
        let unknown = result.discrepancies.iter().filter(|one| one.kind == SightingKind::UnknownDevice).count();
        prop_assert!(unknown <= macs.len() + names.len() + retired);
        for one in &result.discrepancies {
            if let Some(mac) = one.evidence.mac.filter(|_| one.kind == SightingKind::UnknownDevice) {
                prop_assert!(!mac.is_local(), "those of their own making are counted, not listed");
                prop_assert!(devices.iter().all(|device| !device.macs.contains(&mac)), "registered, and called unknown");
            }
        }
        prop_assert!(result.known <= result.seen);
    }

    #[test]
    fn leases_that_move_are_one_device(addresses in proptest::collection::vec(0..250_u8, 1..60), registered in any::<bool>()) {
        let mac = "00:0c:29:00:00:01";
        let lines: Vec<(Observed, i64)> =
            addresses.iter().map(|address| (leased(mac, &format!("10.0.0.{address}")), i64::from(*address))).collect();
        let mut known = device("a", mac);
        known.addresses.insert("10.0.1.1".parse().unwrap());
        let devices = if registered { vec![known] } else { Vec::new() };
        let result = run(&lines, &devices);
        prop_assert_eq!(result.seen, 1);
        prop_assert_eq!(result.discrepancies.len(), usize::from(!registered));
    }

    #[test]
    fn the_same_again_writes_nothing(
        first in proptest::collection::vec(observed(), 0..16),
        second in proptest::collection::vec(observed(), 0..16),
        before in known(),
        after in known(),
    ) {
        let mut records: Vec<History<Sighting>> = Vec::new();
        for (minutes, (lines, devices)) in (10..).zip([(&first, &before), (&second, &after), (&first, &after)]) {
            let result = run(lines, devices);
            let step = plan(&records, &result, devices);
            carry_out(&mut records, &step, minutes);
            let again = plan(&records, &result, devices);
            prop_assert_eq!(again, Plan::default());
            let keys: BTreeSet<_> = records.iter().map(|one| (one.state().found.kind, one.state().found.identity.clone())).collect();
            prop_assert_eq!(keys.len(), records.len(), "one record for each kind and identity");
        }
        for one in &records {
            one.check_fold();
            prop_assert_eq!(one.state().filed().open, one.state().is_open());
        }
    }
}

#[test]
fn a_name_that_gets_a_hardware_address_stays_one_open_record() {
    let mut records: Vec<History<Sighting>> = Vec::new();
    let both =
        Observed { names: BTreeSet::from(["Pump-3".to_owned()]), ..seen("00:0c:29:00:00:01", "10.0.0.4") };
    let scan = [(named("pump-3.example", "10.0.0.4"), 0), (named("pump-3", "10.0.0.4"), 0)];
    for (minutes, lines) in (1..).zip([vec![scan[1].clone()], vec![(both.clone(), 1)], vec![scan[1].clone()]])
    {
        let step = plan(&records, &run(&lines, &[]), &[]);
        carry_out(&mut records, &step, minutes);
        let open = records.iter().filter(|one| one.state().is_open()).count();
        assert_eq!(open, 1, "{minutes}");
    }
    assert_eq!(records[1].state().found.identity, "mac:00:0c:29:00:00:01");
    // Registered: both are known.
    let devices = [device("a", "00:0c:29:00:00:01")];
    let step = plan(&records, &run(&[(both, 2)], &devices), &devices);
    assert!(matches!(step.change.as_slice(), [(_, SightingEvent::Resolved { .. })]));
    carry_out(&mut records, &step, 9);
    assert!(records.iter().all(|one| !one.state().is_open()));
}
