//! Findings of several tools that are one weakness: by the rules of the plan, and by the word of a person, which counts more.

use std::collections::{BTreeMap, BTreeSet};

use super::Fingerprint;
use super::plan::{AssessmentPlan, MergeRule};
use super::standing::{Known, Standing};

/// Which findings are one: to each member that is not alone its primary, which is a member itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    primary: BTreeMap<Fingerprint, Fingerprint>,
    members: BTreeMap<Fingerprint, BTreeSet<Fingerprint>>,
}

impl Groups {
    /// The groups of a plan. Nothing is joined that no rule of the plan or person joins.
    pub fn of(plan: &AssessmentPlan, standing: &Standing) -> Self {
        let mut union = Union::default();
        for rule in &plan.draft.merge_rules {
            join_by_rule(*rule, plan, standing, &mut union);
        }
        let mut said = Vec::new();
        for joined in &plan.joined {
            let pair = (joined.primary, joined.other);
            // The last word about a pair counts.
            said.retain(|(one, _)| *one != pair && *one != (pair.1, pair.0));
            said.push((pair, joined.same));
        }
        let known = |one: &Fingerprint| standing.findings.contains_key(one);
        for ((primary, other), _) in said.iter().filter(|(_, same)| *same) {
            if known(primary) && known(other) {
                union.join(*primary, *other);
            }
        }
        let mut groups = union.groups();
        for ((primary, other), _) in said.iter().filter(|(_, same)| !*same) {
            take_apart(&mut groups, *primary, *other);
        }
        Groups::from(groups, &said)
    }

    fn from(groups: Vec<BTreeSet<Fingerprint>>, said: &[((Fingerprint, Fingerprint), bool)]) -> Self {
        let mut all = Groups::default();
        for group in groups.into_iter().filter(|group| group.len() > 1) {
            // Who is named as the one that stays by a person stays.
            let mut named = said.iter().filter(|(_, same)| *same).map(|((primary, _), _)| *primary);
            let named = named.rfind(|one| group.contains(one));
            let Some(primary) = named.or_else(|| group.first().copied()) else { continue };
            all.primary.extend(group.iter().map(|one| (*one, primary)));
            all.members.insert(primary, group);
        }
        all
    }

    /// The one that stands for this finding; the finding itself if it is alone.
    pub fn primary(&self, one: Fingerprint) -> Fingerprint {
        self.primary.get(&one).copied().unwrap_or(one)
    }

    /// All that are one with this finding, itself included.
    pub fn members(&self, one: Fingerprint) -> BTreeSet<Fingerprint> {
        self.members.get(&self.primary(one)).cloned().unwrap_or_else(|| BTreeSet::from([one]))
    }
}

fn join_by_rule(rule: MergeRule, plan: &AssessmentPlan, standing: &Standing, union: &mut Union) {
    let mut alike: BTreeMap<String, Vec<(Fingerprint, &Known)>> = BTreeMap::new();
    for (fingerprint, known) in &standing.findings {
        for key in keys(rule, known) {
            alike.entry(key).or_default().push((*fingerprint, known));
        }
    }
    for same in alike.into_values() {
        // Two findings of one tool are two: the tool itself tells them apart. Which of them another tool means, nobody knows.
        let tools: BTreeSet<&str> = same.iter().map(|(_, known)| known.tool.as_str()).collect();
        if tools.len() < same.len() {
            continue;
        }
        for (at, (one, known)) in same.iter().enumerate() {
            for (other, of) in same.iter().skip(at + 1) {
                if plan.word_about(*one, *other).is_none_or(|word| word.same) {
                    union.join_of_tools((*one, &known.tool), (*other, &of.tool));
                }
            }
        }
    }
}

fn keys(rule: MergeRule, known: &Known) -> Vec<String> {
    let place = &known.result.place;
    let host = || Some(format!("{}:{}", place.host.as_deref()?, place.port.map_or(0, u32::from)));
    match rule {
        MergeRule::SameIdentifier => {
            let component = place.component.as_ref().map(|name| name.to_lowercase());
            let Some(place) = component.or_else(host) else { return Vec::new() };
            known.result.identifiers.iter().map(|id| format!("{id} {place}")).collect()
        }
        MergeRule::SameWeaknessAndPlace => {
            let file = || Some(format!("{}:{}", place.file.as_deref()?, place.line?));
            let web = || {
                let parameter = place.parameter.as_deref().unwrap_or_default();
                Some(format!("{}{} {parameter}", host()?, place.path.as_deref()?))
            };
            let Some(place) = file().or_else(web) else { return Vec::new() };
            known.result.cwe.iter().map(|cwe| format!("{cwe} {place}")).collect()
        }
    }
}

/// `other` leaves the group that it shares with `primary`.
fn take_apart(groups: &mut Vec<BTreeSet<Fingerprint>>, primary: Fingerprint, other: Fingerprint) {
    let shared = groups.iter_mut().find(|group| group.contains(&primary) && group.contains(&other));
    if let Some(group) = shared {
        group.remove(&other);
        groups.push(BTreeSet::from([other]));
    }
}

/// Disjoint sets.
#[derive(Default)]
struct Union {
    parent: BTreeMap<Fingerprint, Fingerprint>,
    /// Tools of the members, by root; absent for one that is alone.
    tools: BTreeMap<Fingerprint, BTreeSet<String>>,
}

impl Union {
    fn root(&mut self, one: Fingerprint) -> Fingerprint {
        let mut at = one;
        let mut way = Vec::new();
        while let Some(parent) = self.parent.get(&at).copied().filter(|parent| *parent != at) {
            way.push(at);
            at = parent;
        }
        for step in way {
            self.parent.insert(step, at);
        }
        at
    }

    /// Joins them unless two findings of one tool would become one by it.
    fn join_of_tools(&mut self, (one, tool): (Fingerprint, &str), (other, of): (Fingerprint, &str)) {
        let (root, further) = (self.root(one), self.root(other));
        let known = |root, tool: &str| {
            self.tools.get(&root).cloned().unwrap_or_else(|| BTreeSet::from([tool.to_owned()]))
        };
        let (mut tools, more) = (known(root, tool), known(further, of));
        if root != further && tools.is_disjoint(&more) {
            self.join(one, other);
            tools.extend(more);
            self.tools.insert(root, tools);
        }
    }

    fn join(&mut self, one: Fingerprint, other: Fingerprint) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent.insert(one, one);
        self.parent.insert(other, one);
    }

    fn groups(mut self) -> Vec<BTreeSet<Fingerprint>> {
        let all: Vec<Fingerprint> = self.parent.keys().copied().collect();
        let mut groups: BTreeMap<Fingerprint, BTreeSet<Fingerprint>> = BTreeMap::new();
        for one in all {
            groups.entry(self.root(one)).or_default().insert(one);
        }
        groups.into_values().collect()
    }
}
