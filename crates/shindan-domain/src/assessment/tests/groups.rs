//! Findings that are one: joined by rule, taken apart by a person, reversible; the last word about a pair counts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::plan::Joined;
use super::super::{AssessmentPlan, Fingerprint, Groups, MergeRule, Standing};
use super::{component, original, plan, report, scope, source};
use crate::calendar::day;
use crate::model::{by, minute, person};
use crate::process::Process;

const TOOLS: [&str; 3] = ["trivy", "grype", "osv-scanner"];

/// One finding: tool, weakness, component, file.
type One = (u8, u8, u8, u8);

fn standing(all: &[One]) -> Standing {
    let mut standing = Standing::default();
    for (number, tool) in (0..).zip(TOOLS) {
        let of_tool = all.iter().filter(|(own, ..)| TOOLS[usize::from(*own)] == tool);
        let result = |(_, weakness, name, file): &One| {
            let mut result = component(
                &format!("CVE-2026-{weakness}"),
                &format!("library-{name}"),
                &format!("{file}.lock"),
            );
            // Some name two weaknesses.
            if file % 3 == 2 {
                result.identifiers.insert(format!("CVE-2026-{}", weakness + 1));
            }
            result
        };
        let results: BTreeMap<One, _> = of_tool.map(|one| (*one, result(one))).collect();
        standing.take(&report(tool, &[], results.into_values().collect()), original(number), &scope(1));
    }
    standing
}

/// Words of persons: which two (by number), and whether they are one.
fn say(
    plan: &mut AssessmentPlan,
    keys: &[Fingerprint],
    words: &[(u8, u8, bool)],
) -> Vec<(usize, usize, bool)> {
    let mut said = Vec::new();
    for (one, other, same) in words {
        let (one, other) = (usize::from(*one) % keys.len(), usize::from(*other) % keys.len());
        let Ok(event) = plan.join((keys[one], keys[other]), *same, "compared".to_owned()) else {
            assert_eq!(one, other, "only one and the same is refused");
            continue;
        };
        *plan = AssessmentPlan::apply(Some(plan.clone()), &event, &by(1, 0)).unwrap();
        said.push((one, other, *same));
    }
    said
}

/// The partition that groups make.
fn partition(groups: &Groups, keys: &[Fingerprint]) -> BTreeSet<BTreeSet<Fingerprint>> {
    keys.iter().map(|key| groups.members(*key)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn words_of_persons_count(
        all in proptest::collection::vec((0..3_u8, 0..3_u8, 0..2_u8, 0..4_u8), 2..9),
        words in proptest::collection::vec((0..9_u8, 0..9_u8, any::<bool>()), 0..8),
        rule in any::<bool>(),
    ) {
        let standing = standing(&all);
        let keys: Vec<Fingerprint> = standing.findings.keys().copied().collect();
        let rules: &[MergeRule] = if rule { &[MergeRule::SameIdentifier] } else { &[] };
        let by_rule = Groups::of(&plan(rules), &standing);
        // No rule makes two findings of one tool one, and none joins what has no identifier in common.
        for group in partition(&by_rule, &keys) {
            let tools: BTreeSet<&str> = group.iter().map(|one| standing.findings[one].tool.as_str()).collect();
            prop_assert_eq!(tools.len(), group.len());
            prop_assert!(rule || group.len() == 1);
        }
        let mut plan = plan(rules);
        let said = say(&mut plan, &keys, &words);
        let groups = Groups::of(&plan, &standing);
        // A partition with a primary of its own for each part.
        for key in &keys {
            let members = groups.members(*key);
            prop_assert!(members.contains(key) && members.contains(&groups.primary(*key)));
            for member in &members {
                prop_assert_eq!(&groups.members(*member), &members);
                prop_assert_eq!(groups.primary(*member), groups.primary(*key));
            }
        }
        let pair = |one: usize, other: usize| (one.min(other), one.max(other));
        let last: BTreeMap<(usize, usize), bool> =
            said.iter().map(|(one, other, same)| (pair(*one, *other), *same)).collect();
        let apart_at_all = last.values().any(|same| !same);
        for ((one, other), same) in &last {
            let together = groups.members(keys[*one]).contains(&keys[*other]);
            if !*same {
                prop_assert!(!together, "taken apart, and still one");
            } else if !apart_at_all {
                prop_assert!(together, "joined, and still two");
            }
        }
    }

    /// What was joined and taken apart again is as before, and the other way round.
    #[test]
    fn words_can_be_taken_back(
        all in proptest::collection::vec((0..3_u8, 0..3_u8, 0..2_u8, 0..4_u8), 2..9),
        one in 0..9_u8, other in 0..9_u8, rule in any::<bool>(),
    ) {
        let standing = standing(&all);
        let keys: Vec<Fingerprint> = standing.findings.keys().copied().collect();
        let rules: &[MergeRule] = if rule { &[MergeRule::SameIdentifier] } else { &[] };
        let before = partition(&Groups::of(&plan(rules), &standing), &keys);
        let (a, b) = (usize::from(one) % keys.len(), usize::from(other) % keys.len());
        prop_assume!(a != b);
        let together = before.iter().any(|group| group.contains(&keys[a]) && group.contains(&keys[b]));
        let mut plan = plan(rules);
        say(&mut plan, &keys, &[(a as u8, b as u8, !together), (b as u8, a as u8, together)]);
        prop_assert_eq!(partition(&Groups::of(&plan, &standing), &keys), before);
        prop_assert_eq!(plan.joined.len(), 2, "both words are kept");
    }
}

#[test]
fn a_rule_joins_what_two_tools_say_of_one_component() {
    let all = [(0, 1, 0, 0), (1, 1, 0, 1), (2, 1, 1, 0)];
    let standing = standing(&all);
    let keys: Vec<Fingerprint> = standing.findings.keys().copied().collect();
    let sizes = |rules: &[MergeRule]| -> Vec<usize> {
        partition(&Groups::of(&plan(rules), &standing), &keys).iter().map(BTreeSet::len).collect()
    };
    let mut by_rule = sizes(&[MergeRule::SameIdentifier]);
    by_rule.sort_unstable();
    assert_eq!(by_rule, [1, 2], "the third is about another component");
    assert_eq!(sizes(&[]), [1, 1, 1]);
}

#[test]
fn a_rule_joins_one_weakness_at_one_line() {
    let mut standing = Standing::default();
    for (number, tool, line) in [(1, "semgrep", 12), (2, "codeql", 12), (3, "bandit", 13)] {
        let mut result = source(&format!("{tool}-sql"), "src/login.py", line, "execute(name)");
        result.cwe.insert(89);
        standing.take(&report(tool, &[], vec![result]), original(number), &scope(number));
    }
    let groups = Groups::of(&plan(&[MergeRule::SameWeaknessAndPlace]), &standing);
    let sizes: BTreeSet<usize> = standing.findings.keys().map(|one| groups.members(*one).len()).collect();
    assert_eq!(sizes, BTreeSet::from([1, 2]));
    assert!(Groups::of(&plan(&[MergeRule::SameIdentifier]), &standing) == Groups::default());
}

/// Who is named as the one that stays by a person stays, by the last word.
#[test]
fn the_last_word_names_the_one_that_stays() {
    let standing = standing(&[(0, 1, 0, 0), (1, 1, 0, 1)]);
    let keys: Vec<Fingerprint> = standing.findings.keys().copied().collect();
    let mut plan = plan(&[]);
    for (primary, other) in [(0, 1), (1, 0)] {
        plan.joined.push(Joined {
            primary: keys[primary],
            other: keys[other],
            same: true,
            reason: "the same".to_owned(),
            by: person(1),
            on: day(minute(0)),
            at: jiff::Timestamp::UNIX_EPOCH,
        });
        assert_eq!(Groups::of(&plan, &standing).primary(keys[other]), keys[primary]);
    }
}
