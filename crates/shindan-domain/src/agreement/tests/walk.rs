//! Random histories of a system, its devices and its agreement.

use super::observer::Observer;
use super::*;
use crate::calendar::day;
use crate::model::{Step, for_random_steps, word};
use crate::organisation::{MasterData, ServiceState, System};
use crate::process::Occurrence;

struct World {
    system: History<MasterData<System>>,
    agreement: History<Agreement>,
    devices: Vec<Needing>,
    observer: Observer,
    put: u32,
    kept_out: u32,
    let_in: u32,
}

fn works_for(who: u8) -> PartyId {
    party(who % 3)
}

fn spoken(first: u8, second: u8, who: u8) -> Spoken {
    let signer = second.checked_sub(1);
    let word = word(first, signer);
    let giver = match &word {
        Word::Software => Some(who),
        Word::Paper { .. } => signer,
        Word::PartnerFile { .. } => None,
    };
    Spoken { word, giver_party: giver.map(works_for) }
}

impl World {
    fn new() -> Self {
        let mut system = History::new();
        let particulars = System {
            name: "モニタ監視".to_owned(),
            operator: party(0),
            provider: party(1),
            sites: Vec::new(),
            service: ServiceState::Preparing,
        };
        system.record(&MasterData::register(particulars).unwrap(), by(0, 0));
        let mut world = World {
            system,
            agreement: History::new(),
            devices: vec![Needing { asset: "MON-0".to_owned(), category: DeviceCategory::MedicalDevice }],
            observer: Observer::default(),
            put: 0,
            kept_out: 0,
            let_in: 0,
        };
        let content = content(date(2026, 11, 26), date(2026, 12, 16));
        world.agreed(Agreement::draft(draft(content), between()), by(0, 0));
        world
    }

    fn facts(&self, devices: Vec<Needing>) -> ServiceFacts {
        let System { operator, provider, service, .. } = self.system.state().particulars;
        let agreements = vec![("MED-2026-0001".to_owned(), self.agreement.state().clone())];
        ServiceFacts { operator, provider, service, devices, agreements }
    }

    fn agreed(&mut self, answer: Result<AgreementEvent, Refusal>, when: Occurrence) {
        let Ok(event) = answer else { return };
        self.observer.saw(&event, &when, works_for);
        self.agreement.record(&event, when);
    }

    fn edit(&mut self, step: Step, when: Occurrence) {
        let state = self.agreement.state().clone();
        let key = ["patch", "accounts", "logs", "backup"][usize::from(step.first)];
        let name = NAMES[usize::from(step.second % 3)];
        let answer = match step.minutes % 7 {
            0 => state.add_duty(duty(key, name), between()),
            1 => state.change_duty(Duty { text: format!("{}", step.minutes), ..duty(key, name) }, between()),
            2 => state.remove_duty(key.to_owned(), "統合".to_owned(), between()),
            3 => {
                let involvement = Involvement::ALL.get(usize::from(step.minutes % 5)).copied();
                let one = Assignment { duty: key.to_owned(), party: name.to_owned(), involvement };
                state.assign(vec![one], between())
            }
            4 => {
                let signs = step.first.is_multiple_of(2);
                state.add_party(member(MAKER, PartyKind::Manufacturer, signs), party(2), between())
            }
            5 => state.remove_party(name.to_owned(), between()),
            _ => state.set_dates(
                day(when.at),
                day(when
                    .at
                    .checked_add(jiff::SignedDuration::from_hours(24 * i64::from(step.first * 6)))
                    .unwrap()),
                between(),
            ),
        };
        self.agreed(answer, when);
    }

    /// As two sides that want to come to an end would do it.
    fn come_to_terms(&mut self, minutes: i64, until: u8) {
        let today = day(by(0, minutes).at);
        let proposed = self.agreement.state().propose(between(), &by(0, minutes));
        self.agreed(proposed, by(0, minutes));
        let keys: Vec<String> =
            self.agreement.state().content.duties.iter().map(|duty| duty.key.clone()).collect();
        for key in keys {
            for name in NAMES {
                let state = self.agreement.state().clone();
                let remark = remark(name, Stance::Agreed, today);
                self.agreed(state.discuss(key.clone(), remark, &by(0, minutes)), by(0, minutes));
            }
        }
        for number in 0..until {
            let state = self.agreement.state().clone();
            let name = NAMES[usize::from(number)].to_owned();
            let (hash, when) = (state.content.hash(), by(number, minutes));
            self.agreed(state.confirm(name, hash, software(number), between(), &when), when);
        }
    }

    fn serve(&mut self, step: Step, when: Occurrence) {
        let to = ServiceState::ALL[usize::from(step.first)];
        let state = self.system.state().clone();
        let facts = self.facts(self.devices.clone());
        let answer = state.set_service(to, "決定".to_owned(), &facts, &when);
        let free = state.change(System { service: to, ..state.particulars.clone() }, "change".to_owned());
        assert!(free.is_err() || to == state.particulars.service, "no way around the gate");
        let valid = self.observer.valid(day(when.at));
        match answer {
            Ok(event) => {
                if to == ServiceState::InService {
                    assert!(self.devices.is_empty() || valid, "in service without a valid agreement");
                    self.put += u32::from(!self.devices.is_empty());
                }
                self.system.record(&event, when);
            }
            Err(refusal) if refusal.reason.code == ReasonCode::ServiceNeedsAgreement => {
                assert!(!self.devices.is_empty() && !valid, "refused although all is in order");
                assert!(refusal.missing.len() > self.devices.len(), "each device and each agreement");
            }
            Err(_) => {}
        }
    }

    fn device(&mut self, step: Step, when: Occurrence) {
        if step.first == 0 {
            self.devices.pop();
        } else {
            let device =
                Needing { asset: format!("MON-{}", self.devices.len()), category: DeviceCategory::IotDevice };
            let facts = self.facts(vec![device.clone()]);
            if facts.admit(day(when.at)).is_err() {
                self.kept_out += 1;
                assert!(facts.service == ServiceState::InService && !self.observer.valid(day(when.at)));
                return;
            }
            assert!(facts.service != ServiceState::InService || self.observer.valid(day(when.at)));
            self.let_in += u32::from(facts.service == ServiceState::InService);
            self.devices.push(device);
        }
        let name = format!("MON-{}", self.devices.len());
        let system = Some(SystemId(id(50)));
        let (from, to) = if step.first == 0 { (system, None) } else { (None, system) };
        for (_, cause) in came_and_went(&name, from, to) {
            self.agreed(self.agreement.state().reopen(cause), when);
        }
        assert_eq!(self.agreement.state().valid_on(day(when.at)), None, "agreed upon without this device");
    }

    fn step(&mut self, step: Step, minutes: i64) {
        let when = by(step.who, minutes);
        let state = self.agreement.state().clone();
        let today = day(when.at);
        match step.what % 32 {
            0..=2 => self.edit(step, when),
            3..=9 => self.come_to_terms(minutes, step.first),
            10 => self.agreed(state.withdraw("再考".to_owned()), when),
            11..=13 => {
                let stance = if step.minutes.is_multiple_of(3) { Stance::Open } else { Stance::Agreed };
                let key = ["patch", "accounts", "logs", "backup"][usize::from(step.first)];
                let remark = remark(NAMES[usize::from(step.second % 3)], stance, today);
                self.agreed(state.discuss(key.to_owned(), remark, &when), when);
            }
            14..=18 => {
                let name = NAMES[usize::from(step.who % 3)].to_owned();
                let spoken = spoken(step.first, step.second, step.who);
                self.agreed(state.confirm(name, state.content.hash(), spoken, between(), &when), when);
            }
            19..=20 => {
                let days = 24 * 5 * i64::from(step.first);
                let review = day(when.at.checked_add(jiff::SignedDuration::from_hours(days)).unwrap());
                self.agreed(state.revise(today, review, "見直し".to_owned(), &when), when);
            }
            21 if step.minutes < 40 => self.agreed(state.end("終了".to_owned()), when),
            22 => {
                let mut content = state.content.clone();
                content.version += u32::from(step.first == 0);
                content.duties.push(duty("taken", NAMES[usize::from(step.second % 2)]));
                self.agreed(state.take(content, bound(), document(3), between()), when);
            }
            23..=25 => self.device(step, when),
            _ => self.serve(step, when),
        }
    }
}

#[test]
fn no_system_is_put_in_service_without_a_valid_agreement() {
    let (mut put, mut kept_out, mut let_in, mut in_force, mut voided) = (0, 0, 0, 0, 0);
    let mut reached = std::collections::BTreeSet::new();
    let mut standings = std::collections::BTreeSet::new();
    for_random_steps(600, 60, |steps| {
        let mut world = World::new();
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes) * 6;
            world.step(step, minutes);
            let today = day(by(0, minutes).at);
            let state = world.agreement.state();
            assert_eq!(state.valid_on(today).is_some(), world.observer.valid(today));
            reached.insert(state.state());
            standings.insert(state.standing(today));
        }
        put += world.put;
        kept_out += world.kept_out;
        let_in += world.let_in;
        in_force += world.observer.in_force;
        voided += world.observer.voided;
        world.agreement.check_fold();
        world.system.check_fold();
    });
    assert_eq!(reached, AgreementState::ALL.iter().copied().collect());
    assert!(standings.len() >= 5, "{standings:?}");
    let counts = [put, kept_out, let_in, in_force, voided];
    let least = [100, 20, 30, 500, 100];
    assert!(counts.iter().zip(least).all(|(count, least)| *count > least), "{counts:?}");
}
