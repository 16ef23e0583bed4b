//! Random steps and re-tests by random persons: a case from findings is never closed without a re-test after the approval or the
//! measure's own proof.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::assessed::{finding, opened, place, retest};
use super::machine::{Try, tries, walk_from};
use super::observer::Observer;
use super::*;
use crate::case::CaseState;

/// A report comes in: of a scan today or some days ago, which found some places and no longer finds others. Or a comparison, which
/// must change nothing.
fn another_report(told: &mut Told, attempt: Try, day: i64) {
    let choice = attempt.choice;
    if choice >= 240 {
        let mut everything = judged(0..2, day);
        everything.assets.extend([place(0).into(), place(1).into()]);
        let plan = told.refresh(&[hit(1, 1)], &everything, day);
        assert!(plan.change.is_empty() && plan.gone.is_empty(), "a comparison changed it");
        return;
    }
    let of = |bits: u8| -> BTreeSet<String> {
        (0u32..2).filter(|bit| (bits >> bit) & 1 == 1).map(place).collect()
    };
    // Most reports no longer find anything, else walks would hardly ever arrive.
    let (seen, gone) =
        if choice.is_multiple_of(4) { (of(choice >> 2), of(choice >> 4)) } else { (of(0), of(3)) };
    let began = day - i64::from(attempt.word);
    let when = by(attempt.person, day);
    let retest = retest(u128::from(choice), began);
    let events = told.case.retested(&seen, &gone, &retest, &when).unwrap();
    for event in &events {
        told.tell(event.clone(), &when);
    }
    let again = told.case.retested(&seen, &gone, &retest, &when).unwrap();
    assert_eq!(again, Vec::new(), "the same report twice");
}

fn walk(tries: Vec<Try>) -> (BTreeSet<CaseState>, Observer) {
    walk_from(opened(&[finding(0), finding(1)]), tries, another_report)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_path_leads_around_the_re_test(tries in tries()) {
        walk(tries);
    }
}

/// The walks would prove nothing if they never arrived.
#[test]
fn walks_arrive() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut closings, mut by_retest, mut states) = (0, 0, BTreeSet::new());
    for _ in 0..400 {
        let tries = tries().new_tree(&mut runner).unwrap().current();
        let (visited, observer) = walk(tries);
        closings += observer.closings;
        by_retest += observer.by_retest;
        states.extend(visited);
    }
    assert!(closings > 20 && by_retest > 5, "{closings} {by_retest}");
    assert_eq!(states.len(), CaseState::ALL.len(), "{states:?}");
}
