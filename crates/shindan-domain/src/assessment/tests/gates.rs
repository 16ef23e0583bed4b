//! The gates of a run, over random histories.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::RunState;
use super::walk::{setting, tries, walk};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_history_leads_around_the_gates(setting in setting(), tries in tries()) {
        walk(setting, tries);
    }
}

/// The walks would prove nothing if they never arrived.
#[test]
fn walks_arrive() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut starts, mut on_production, mut scans, mut closings, mut refused) = (0, 0, 0, 0, 0);
    let mut states = BTreeSet::new();
    for _ in 0..1500 {
        let setting = setting().new_tree(&mut runner).unwrap().current();
        let tries = tries().new_tree(&mut runner).unwrap().current();
        let Some((state, seen)) = walk(setting, tries) else {
            refused += 1;
            continue;
        };
        states.insert(state);
        starts += seen.starts;
        on_production += seen.starts_on_production;
        scans += seen.scans;
        closings += seen.closings;
    }
    let all = (starts, on_production, scans, closings, refused);
    assert!(starts > 50 && on_production > 10 && scans > 20 && closings > 10 && refused > 50, "{all:?}");
    assert_eq!(states.len(), RunState::ALL.len(), "{states:?}");
}
