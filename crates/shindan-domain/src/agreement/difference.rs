//! In what two versions of an agreement differ.

use super::content::{Content, Coverage, Duty, Member};
use crate::process::{Label, Shown};
use crate::terms;

terms! {
    /// What a difference is about.
    pub enum DifferenceKind ("agreement-difference") {
        /// A duty was added.
        DutyAdded = "duty-added",
        /// A duty was removed.
        DutyRemoved = "duty-removed",
        /// A duty says something else.
        DutyText = "duty-text",
        /// A duty is about something else.
        DutyTopic = "duty-topic",
        /// A duty covers something else.
        DutyCovers = "duty-covers",
        /// A party has something else to do with a duty.
        Involvement = "involvement",
        /// A party was added.
        PartyAdded = "party-added",
        /// A party was removed.
        PartyRemoved = "party-removed",
        /// A party takes part as something else.
        PartyPart = "party-part",
        /// A party signs, or does not.
        PartySigns = "party-signs",
        /// Title or system are called otherwise.
        Name = "name",
        /// It is in force from another day.
        From = "from",
        /// It is reviewed until another day.
        Review = "review",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What it is about.
    pub kind: DifferenceKind,
    /// Key of the duty.
    pub duty: Option<String>,
    /// Name of the party.
    pub party: Option<String>,
    /// Before; `None`: it was not there.
    pub before: Option<Shown>,
    /// After; `None`: it is not there.
    pub after: Option<Shown>,
}

impl Difference {
    fn of(kind: DifferenceKind, before: Option<Shown>, after: Option<Shown>) -> Self {
        Difference { kind, duty: None, party: None, before, after }
    }

    fn duty(self, key: &str) -> Self {
        Difference { duty: Some(key.to_owned()), ..self }
    }

    fn party(self, name: &str) -> Self {
        Difference { party: Some(name.to_owned()), ..self }
    }

    /// Columns of [`Difference::row`].
    pub const COLUMNS: [Label; 5] = [Label::Kind, Label::Duty, Label::Party, Label::Before, Label::After];

    /// A row of a list.
    pub fn row(&self) -> Vec<Option<Shown>> {
        vec![
            Some(self.kind.term().into()),
            self.duty.as_ref().map(Shown::from),
            self.party.as_ref().map(Shown::from),
            self.before.clone(),
            self.after.clone(),
        ]
    }
}

/// In what `after` differs from `before`, in the order of the table. Empty exactly if they say the same, but for the number
/// of the version and the order of duties and parties.
pub fn differences(before: &Content, after: &Content) -> Vec<Difference> {
    use DifferenceKind as K;
    let mut all = Vec::new();
    for (old, new) in [(&before.title, &after.title), (&before.system, &after.system)] {
        if old != new {
            all.push(Difference::of(K::Name, Some(old.into()), Some(new.into())));
        }
    }
    for (kind, old, new) in [(K::From, before.from, after.from), (K::Review, before.review, after.review)] {
        if old != new {
            all.push(Difference::of(kind, Some(old.into()), Some(new.into())));
        }
    }
    parties(before, after, &mut all);
    for old in &before.duties {
        match after.duty(&old.key) {
            Some(new) => duty(old, new, &mut all),
            None => all.push(Difference::of(K::DutyRemoved, Some((&old.text).into()), None).duty(&old.key)),
        }
    }
    for new in after.duties.iter().filter(|duty| before.duty(&duty.key).is_none()) {
        all.push(Difference::of(K::DutyAdded, None, Some((&new.text).into())).duty(&new.key));
        involved(&Duty { involvement: Default::default(), ..new.clone() }, new, &mut all);
    }
    all
}

fn parties(before: &Content, after: &Content, all: &mut Vec<Difference>) {
    use DifferenceKind as K;
    for old in &before.parties {
        match after.party(&old.name) {
            None => all.push(Difference::of(K::PartyRemoved, Some(part(old)), None).party(&old.name)),
            Some(new) => {
                if new.part != old.part {
                    all.push(Difference::of(K::PartyPart, Some(part(old)), Some(part(new))).party(&old.name));
                }
                if new.signs != old.signs {
                    let (before, after) = (old.signs.into(), new.signs.into());
                    all.push(Difference::of(K::PartySigns, Some(before), Some(after)).party(&old.name));
                }
            }
        }
    }
    for new in after.parties.iter().filter(|member| before.party(&member.name).is_none()) {
        all.push(Difference::of(K::PartyAdded, None, Some(part(new))).party(&new.name));
    }
}

fn part(member: &Member) -> Shown {
    member.part.term().into()
}

fn duty(old: &Duty, new: &Duty, all: &mut Vec<Difference>) {
    use DifferenceKind as K;
    if old.text != new.text {
        all.push(
            Difference::of(K::DutyText, Some((&old.text).into()), Some((&new.text).into())).duty(&old.key),
        );
    }
    if old.topic != new.topic {
        let (before, after) = (old.topic.term().into(), new.topic.term().into());
        all.push(Difference::of(K::DutyTopic, Some(before), Some(after)).duty(&old.key));
    }
    if old.covers != new.covers {
        all.push(Difference::of(K::DutyCovers, covers(old), covers(new)).duty(&old.key));
    }
    involved(old, new, all);
}

fn involved(old: &Duty, new: &Duty, all: &mut Vec<Difference>) {
    let mut names: Vec<&String> = old.involvement.keys().chain(new.involvement.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (before, after) = (old.involvement.get(name), new.involvement.get(name));
        if before != after {
            let shown = |one: Option<&super::Involvement>| one.map(|one| one.term().into());
            let difference = Difference::of(DifferenceKind::Involvement, shown(before), shown(after));
            all.push(difference.duty(&new.key).party(name));
        }
    }
}

/// What a duty covers, for people; `None` if nothing is named.
pub(super) fn covers(duty: &Duty) -> Option<Shown> {
    let one = |one: &Coverage| -> Vec<Shown> {
        let kind = one.kind().term().into();
        let what = match one {
            Coverage::PatchingOfCategory { category } => Some(category.term().into()),
            _ => one.what().map(Shown::from),
        };
        std::iter::once(kind).chain(what).collect()
    };
    let all: Vec<Shown> = duty.covers.iter().flat_map(one).collect();
    (!all.is_empty()).then_some(Shown::List(all))
}
