//! A patch and a change together, driven by random people who try everything at any time. An observer that knows only
//! what was accepted (and SPEC.md, section 4, ②-3 and ②-4) says whether a gate was walked around.

mod cases;
mod observer;
mod world;

use std::collections::BTreeSet;

use super::{ChangeKind, ChangeState};
use crate::model::for_random_steps;
use crate::patch::PatchState;
use world::World;

#[test]
fn no_path_leads_around_the_gate() {
    let mut changes = BTreeSet::new();
    let mut patches = BTreeSet::new();
    let mut applied = [0_u32; 2];
    let mut tampered_attempts = 0;
    for_random_steps(400, 120, |steps| {
        let kind = ChangeKind::ALL[usize::from(steps[0].first) % ChangeKind::ALL.len()];
        // Most of them apply a patch: that is where most gates are.
        let kind = if steps[0].second > 0 { ChangeKind::Patch } else { kind };
        let mut world = World::new(kind, steps[0].who == 3);
        for step in steps {
            world.take(*step);
            changes.insert(world.change.state().state());
            patches.insert(world.patch.state().state());
        }
        world.change.check_fold();
        world.patch.check_fold();
        applied[0] += world.observer.applied_regularly;
        applied[1] += world.observer.applied_in_emergency;
        tampered_attempts += world.observer.refused_while_tampered;
    });
    // The walk has to go everywhere, or it would prove nothing.
    assert_eq!(changes, ChangeState::ALL.iter().copied().collect(), "states of changes that were reached");
    assert_eq!(patches, PatchState::ALL.iter().copied().collect(), "states of patches that were reached");
    assert!(applied.iter().all(|count| *count > 50), "{applied:?}");
    assert!(tampered_attempts > 10, "{tampered_attempts}");
}

/// A test environment, also for the tests of patches.
pub fn test_environment() -> crate::organisation::MasterData<crate::organisation::Environment> {
    world::environment(crate::organisation::Purpose::Test)
}
