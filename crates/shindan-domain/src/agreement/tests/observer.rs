//! What somebody knows who reads SPEC.md section 4 (⑤-1) and sees only which steps were accepted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::agreement::{AgreementEvent, Content, Involvement, Stance};
use crate::approval::Word;
use crate::calendar::day;
use crate::process::Occurrence;
use crate::record_id::PartyId;

/// One agreement, as far as it can be seen from outside.
#[derive(Default)]
pub struct Observer {
    /// Duty → text and what each party has to do with it.
    duties: BTreeMap<String, (String, BTreeMap<String, Involvement>)>,
    signing: BTreeSet<String>,
    days: Option<(Date, Date)>,
    discussed: bool,
    /// Who agrees to which duty as it is now.
    agreed: BTreeSet<(String, String)>,
    /// Who confirmed everything as it is now.
    confirmed: BTreeSet<String>,
    /// First day, day of review, of what both confirmed.
    both: Vec<(Date, Date)>,
    /// Something changed since the last time that all confirmed.
    stale: bool,
    ended: bool,
    pub voided: u32,
    pub in_force: u32,
}

impl Observer {
    /// A valid agreement, by the words of the specification.
    pub fn valid(&self, today: Date) -> bool {
        let turn = self.both.iter().rfind(|(from, _)| *from <= today);
        !self.ended && !self.stale && turn.is_some_and(|(_, review)| today <= *review)
    }

    fn reads(&mut self, content: &Content) {
        self.signing = content.parties.iter().filter(|one| one.signs).map(|one| one.name.clone()).collect();
        self.days = Some((content.from, content.review));
        let duties = content.duties.iter();
        let duties: BTreeMap<_, _> =
            duties.map(|duty| (duty.key.clone(), (duty.text.clone(), duty.involvement.clone()))).collect();
        let before = std::mem::replace(&mut self.duties, duties);
        for (key, said) in before {
            if self.duties.get(&key) != Some(&said) {
                self.agreed.retain(|(duty, _)| *duty != key);
            }
        }
        self.unconfirm();
    }

    fn unconfirm(&mut self) {
        self.voided += u32::from(!self.confirmed.is_empty());
        self.confirmed.clear();
    }

    fn turns(&mut self, key: &str) {
        self.agreed.retain(|(duty, _)| duty != key);
        self.unconfirm();
    }

    pub fn saw(&mut self, event: &AgreementEvent, when: &Occurrence, works_for: impl Fn(u8) -> PartyId) {
        use AgreementEvent as E;
        assert!(!self.ended, "nothing follows the end: {event:?}");
        match event {
            E::Drafted { content, .. } => self.reads(content),
            E::Taken { content, .. } => {
                self.reads(content);
                self.discussed = false;
            }
            E::PartyAdded { member, .. } => {
                if member.signs {
                    self.signing.insert(member.name.clone());
                }
                self.unconfirm();
            }
            E::PartyRemoved { name } => {
                self.signing.remove(name);
                self.agreed.retain(|(_, party)| party != name);
                let touched: Vec<String> = self
                    .duties
                    .iter()
                    .filter(|(_, (_, involved))| involved.contains_key(name))
                    .map(|(key, _)| key.clone())
                    .collect();
                for key in touched {
                    self.turns(&key);
                    self.duties.get_mut(&key).unwrap().1.remove(name);
                }
                self.unconfirm();
            }
            E::DutyAdded { duty } | E::DutyChanged { duty } => {
                self.turns(&duty.key);
                self.duties.insert(duty.key.clone(), (duty.text.clone(), duty.involvement.clone()));
            }
            E::DutyRemoved { duty, .. } => {
                self.turns(duty);
                self.duties.remove(duty);
            }
            E::Assigned { assignments } => {
                for one in assignments {
                    self.turns(&one.duty);
                    let involved = &mut self.duties.get_mut(&one.duty).unwrap().1;
                    match one.involvement {
                        Some(involvement) => involved.insert(one.party.clone(), involvement),
                        None => involved.remove(&one.party),
                    };
                }
            }
            E::DatesSet { from, review } => {
                self.days = Some((*from, *review));
                self.unconfirm();
            }
            E::Proposed { .. } => {
                self.one_accountable_each();
                self.discussed = true;
            }
            E::Withdrawn { .. } => {
                self.discussed = false;
                self.unconfirm();
            }
            E::Discussed { duty, remark } => {
                assert!(self.discussed);
                let pair = (duty.clone(), remark.party.clone());
                match remark.stance {
                    Stance::Agreed => drop(self.agreed.insert(pair)),
                    Stance::Open => {
                        self.agreed.remove(&pair);
                        if self.signing.contains(&remark.party) {
                            self.unconfirm();
                        }
                    }
                }
            }
            E::Confirmed { party, word, .. } => self.hears(party, word, when, works_for),
            E::Revised { from, review, .. } => {
                assert!(!self.both.is_empty(), "only what was in force is revised");
                self.days = Some((*from, *review));
                self.discussed = false;
                self.unconfirm();
            }
            E::Reopened { .. } => {
                self.stale = true;
                self.unconfirm();
            }
            E::Ended { .. } => self.ended = true,
        }
    }

    fn hears(&mut self, party: &str, word: &Word, when: &Occurrence, works_for: impl Fn(u8) -> PartyId) {
        assert!(self.discussed, "what nobody proposed nobody confirms");
        self.one_accountable_each();
        for key in self.duties.keys() {
            for name in &self.signing {
                assert!(self.agreed.contains(&(key.clone(), name.clone())), "{name} has not agreed to {key}");
            }
        }
        assert!(self.signing.contains(party));
        let number = u8::try_from(super::NAMES.iter().position(|name| *name == party).unwrap()).unwrap();
        let spoke = match word {
            Word::Software => Some(when.actor.person),
            Word::Paper { person, .. } => *person,
            Word::PartnerFile { party, .. } => {
                assert_eq!(*party, crate::model::party(number), "signed by another party's key");
                None
            }
        };
        if let Some(person) = spoke {
            let who = (0..4).find(|who| crate::model::person(*who) == person).unwrap();
            assert_eq!(works_for(who), crate::model::party(number), "who speaks works for the party");
        }
        let (from, review) = self.days.unwrap();
        assert!(day(when.at) < review, "what is reviewed today or before is not confirmed");
        self.confirmed.insert(party.to_owned());
        if self.confirmed == self.signing {
            assert!(self.signing.len() >= 2, "nobody agrees with themselves");
            self.both.push((from, review));
            self.in_force += 1;
            self.stale = false;
            self.discussed = false;
            self.confirmed.clear();
        }
    }

    fn one_accountable_each(&self) {
        for (key, (_, involved)) in &self.duties {
            let doing: Vec<_> = involved.iter().filter(|(_, one)| **one == Involvement::Does).collect();
            assert_eq!(doing.len(), 1, "exactly one accountable party: {key}");
            assert!(self.signing.contains(doing[0].0), "who answers signs: {key}");
        }
        assert!(!self.duties.is_empty());
    }
}
