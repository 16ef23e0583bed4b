//! Random steps of a run by random persons, while what is permitted and protected changes under it. An observer who only knows what was
//! said and done, and who knows targets as numbers, looks at every start, scan and closing.

use std::collections::BTreeSet;

use core::net::IpAddr;

use proptest::prelude::*;

use super::super::report::{Completion, ScanFormat, Tool};
use super::super::run::{Counts, ReportRead, Scan};
use super::super::{
    ApplicationKind, Assessment, Ground, Protected, ProtectedKind, Resolved, RunOrder, RunState, Target, Way,
};
use super::names;
use crate::approval::Word;
use crate::calendar::day;
use crate::model::{History, by, document, id, minute, party, person, word};
use crate::organisation::Purpose;
use crate::process::{Occurrence, Refusal};
use crate::record_id::{AssessmentPlanId, EnvironmentId, PersonId};

const DAY: i64 = 24 * 60;
const TESTER: u8 = 2;

/// One target: addresses 10.0.0.x from the first to the last, written in one of several ways.
#[derive(Debug, Clone, Copy)]
pub struct Aim {
    first: u8,
    last: u8,
    written: u8,
}

impl Aim {
    fn target(self) -> Target {
        let Aim { first, last, written } = self;
        let text = match written % 4 {
            0 => format!("http://10.0.0.{first}:8080/app"),
            1 => format!("host-{first}.example"),
            2 => format!("https://[::ffff:10.0.0.{first}]/"),
            _ => format!("10.0.0.{first}-10.0.0.{last}"),
        };
        text.parse().unwrap()
    }

    fn addresses(self) -> impl Iterator<Item = u8> {
        let last = if self.written % 4 == 3 { self.last } else { self.first };
        self.first..=last
    }
}

pub fn aim() -> impl Strategy<Value = Aim> {
    (1..12_u8, 0..4_u8, 0..4_u8).prop_map(|(first, more, written)| Aim { first, last: first + more, written })
}

#[derive(Debug, Clone, Copy)]
pub struct Try {
    what: u8,
    person: u8,
    means: u8,
    choice: u8,
    days: u8,
}

pub fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..16_u8, 0..5_u8, 0..6_u8, any::<u8>(), 0..4_u8)
        .prop_map(|(what, person, means, choice, days)| Try { what, person, means, choice, days });
    proptest::collection::vec(one, 1..40)
}

#[derive(Debug, Clone)]
pub struct Setting {
    pub medical: bool,
    pub production: bool,
    pub way: u8,
    pub aims: Vec<Aim>,
}

pub fn setting() -> impl Strategy<Value = Setting> {
    (0..8_u8, any::<bool>(), 0..6_u8, proptest::collection::vec(aim(), 0..3))
        .prop_map(|(medical, production, way, aims)| Setting { medical: medical == 0, production, way, aims })
}

/// What is permitted and protected now, as numbers.
struct Site {
    permitted: BTreeSet<u8>,
    names_permitted: bool,
    protected: BTreeSet<u8>,
}

struct Asked {
    by: PersonId,
    from: i64,
    until: i64,
    approved: Option<Option<PersonId>>,
}

/// What an observer saw.
#[derive(Default)]
pub struct Seen {
    asked: Option<Asked>,
    starter: Option<PersonId>,
    reports: Vec<(u8, bool, bool)>,
    explained: BTreeSet<u8>,
    pub starts_on_production: u32,
    pub starts: u32,
    pub scans: u32,
    pub closings: u32,
}

pub struct Walk {
    setting: Setting,
    site: Site,
    today: i64,
    history: History<Assessment>,
    pub seen: Seen,
}

impl Walk {
    fn way(&self) -> Way {
        match self.setting.way {
            0 => Way::Source,
            1 => Way::Configuration,
            _ => Way::Outside,
        }
    }

    fn order(&self) -> RunOrder {
        let purpose = if self.setting.production { Purpose::Production } else { Purpose::Test };
        RunOrder {
            plan: AssessmentPlanId(id(50)),
            title: "患者ポータル".to_owned(),
            way: self.way(),
            environment: Some(EnvironmentId(id(51))),
            purpose: Some(purpose),
            differences: None,
            deliverables: names(&["portal"]),
            targets: self.setting.aims.iter().map(|aim| aim.target()).collect(),
            version: "2.0".to_owned(),
            planned_for: day(minute(0)),
            tester: person(TESTER),
        }
    }

    /// Calls a command with the site as it is now.
    fn on<T>(&self, command: impl FnOnce(Ground<'_>) -> T) -> T {
        let address = |last: &u8| -> IpAddr { [10, 0, 0, *last].into() };
        let mut permitted: Vec<Target> =
            self.site.permitted.iter().map(|last| address(last).to_string().parse().unwrap()).collect();
        // Neighbouring addresses are permitted as one range, as people do.
        let all: Vec<u8> = self.site.permitted.iter().copied().collect();
        for run in all.chunk_by(|one, next| one + 1 == *next) {
            let text = format!("10.0.0.{}-10.0.0.{}", run[0], run[run.len() - 1]);
            permitted.push(text.parse().unwrap());
        }
        if self.site.names_permitted {
            permitted.extend((0..=20).map(|last| format!("host-{last}.example").parse().unwrap()));
        }
        let protected = |last: &u8| Protected {
            kind: ProtectedKind::ClinicalNetwork,
            name: format!("ward {last}"),
            ranges: vec![address(last).to_string().parse().unwrap()],
            hosts: BTreeSet::new(),
        };
        let protected: Vec<Protected> = self.site.protected.iter().map(protected).collect();
        let resolved: Resolved =
            (0..=20).map(|last| (format!("host-{last}.example"), BTreeSet::from([address(&last)]))).collect();
        let application =
            if self.setting.medical { ApplicationKind::MedicalDevice } else { ApplicationKind::Web };
        command(Ground {
            production: &[],
            application,
            deliverables: &names(&["portal"]),
            permitted: &permitted,
            protected: &protected,
            resolved: &resolved,
        })
    }

    /// Scans are about to be made: is that right?
    fn check_scan(&self, when: &Occurrence) {
        let asked = self.seen.asked.as_ref();
        if self.setting.production {
            let asked = asked.expect("production without an exception");
            let giver = asked.approved.expect("production without an approval");
            assert_ne!(giver, Some(asked.by), "approved by who asked for it");
            assert_ne!(giver, Some(person(TESTER)), "approved by the tester");
            assert!((asked.from..=asked.until).contains(&self.today), "on another day");
            assert_eq!(day(when.at), day(minute(self.today * DAY)));
        }
        if self.way() != Way::Outside {
            return;
        }
        assert!(!self.setting.medical, "a medical device from outside");
        assert!(!self.setting.aims.is_empty(), "no target");
        for aim in &self.setting.aims {
            for address in aim.addresses() {
                assert!(!self.site.protected.contains(&address), "{aim:?} is protected");
                let named = aim.written % 4 == 1 && self.site.names_permitted;
                assert!(named || self.site.permitted.contains(&address), "{aim:?} is not permitted");
            }
        }
    }

    fn check_close(&self, undecided: u64) {
        let reports = &self.seen.reports;
        assert_eq!(undecided, 0, "closed with findings that nobody decided about");
        assert!(reports.iter().any(|(_, finished, _)| *finished), "closed without a report that is whole");
        let flagged = reports.iter().filter(|(_, _, flagged)| *flagged);
        assert!(flagged.clone().all(|(number, ..)| self.seen.explained.contains(number)), "not explained");
    }

    fn tell(&mut self, event: &super::super::AssessmentEvent, when: &Occurrence) {
        self.history.record(event, *when);
    }

    fn step(&mut self, attempt: Try) {
        self.today += i64::from(attempt.days / 2);
        let when = by(attempt.person, self.today * DAY);
        match attempt.what {
            0 | 1 => self.ask(attempt, &when),
            2..=4 => self.approve(attempt, &when),
            5 | 6 => self.start(&when),
            7 => self.scan(&when),
            8 | 9 => self.read(attempt, &when),
            10 | 11 => self.explain(attempt, &when),
            12 => self.close(attempt, &when),
            13 if attempt.choice < 20 => {
                if let Ok(event) = self.history.state().cancel("later".to_owned()) {
                    self.tell(&event, &when);
                }
            }
            14 if attempt.choice < 128 => drop(self.site.permitted.remove(&(attempt.choice % 16))),
            14 => self.site.names_permitted ^= true,
            15 if attempt.choice < 128 => drop(self.site.protected.insert(attempt.choice % 16)),
            15 => self.site.protected.clear(),
            _ => self.site.permitted.extend(1..16),
        }
    }

    fn ask(&mut self, attempt: Try, when: &Occurrence) {
        let from = self.today + i64::from(attempt.choice % 4) - 1;
        let until = from + i64::from(attempt.choice / 4 % 5) - 1;
        let days = (day(minute(from * DAY)), day(minute(until * DAY)));
        let mut notice = document(attempt.choice);
        notice.size = u64::from(attempt.choice >= 40);
        let notified = notice.size > 0;
        let reason =
            if attempt.choice.is_multiple_of(16) { " " } else { "only production has the interface" };
        let asked = self.history.state().ask_exception(reason.to_owned(), (party(1), notice), days, when);
        let Ok(event) = asked else { return };
        assert!(notified && from <= until && !reason.trim().is_empty(), "asked without what it needs");
        self.tell(&event, when);
        self.seen.asked = Some(Asked { by: when.actor.person, from, until, approved: None });
    }

    fn approve(&mut self, attempt: Try, when: &Occurrence) {
        let given = given(attempt);
        let Ok(event) = self.history.state().approve_exception(given.clone(), when) else { return };
        assert!(!matches!(given, Word::PartnerFile { .. }));
        self.tell(&event, when);
        let asked = self.seen.asked.as_mut().expect("approved, and nobody asked");
        asked.approved = Some(given.giver(when.actor.person));
    }

    fn start(&mut self, when: &Occurrence) {
        let Ok(event) = self.on(|ground| self.history.state().start(ground, when)) else { return };
        self.check_scan(when);
        self.tell(&event, when);
        self.seen.starter = Some(when.actor.person);
        self.seen.starts += 1;
        self.seen.starts_on_production += u32::from(self.setting.production);
    }

    fn scan(&mut self, when: &Occurrence) {
        let order = &self.history.state().order;
        let target = order.targets.first().filter(|_| order.way == Way::Outside).cloned();
        let scan = Scan { tool: "nmap".to_owned(), version: None, target, folder: None, once: None };
        let may: Result<(), Refusal> =
            self.on(|ground| self.history.state().begin_scan(scan, ground, when).map(drop));
        if may.is_ok() {
            assert!(self.seen.starter.is_some(), "a scan before the start");
            self.check_scan(when);
            self.seen.scans += 1;
        }
    }

    fn read(&mut self, attempt: Try, when: &Occurrence) {
        let (finished, flagged) = (!attempt.choice.is_multiple_of(4), attempt.choice.is_multiple_of(3));
        let number = attempt.choice % 8;
        let read = ReportRead {
            document: document(number),
            format: ScanFormat::Sarif,
            tool: Tool { name: "ZAP".to_owned(), key: "zap".to_owned(), version: None },
            started: None,
            ended: None,
            completion: if finished { Completion::NotTold } else { Completion::Unfinished },
            findings: 1,
            counts: Counts::default(),
            left_out: [].into(),
            unreadable: 0,
            touched: 1,
            strayed: if flagged { names(&["10.9.9.9"]) } else { BTreeSet::new() },
            strayed_count: u64::from(flagged),
            before_start: false,
            in_future: false,
            dated: None,
            outside_exception: false,
            covered: if finished { self.history.state().order.targets.clone() } else { BTreeSet::new() },
        };
        if let Ok(event) = self.history.state().read(vec![read], when) {
            assert!(self.seen.starter.is_some() && self.seen.closings == 0);
            self.tell(&event, when);
            self.seen.reports.push((number, finished, flagged));
        }
    }

    fn explain(&mut self, attempt: Try, when: &Occurrence) {
        let (number, given) = (attempt.choice % 8, given(attempt));
        let state = self.history.state();
        let said = state.explain(document(number), "the proxy of the site".to_owned(), given.clone(), when);
        let Ok(event) = said else { return };
        let giver = given.giver(when.actor.person);
        assert!(giver != Some(person(TESTER)) && (giver.is_none() || giver != self.seen.starter));
        self.tell(&event, when);
        self.seen.explained.insert(number);
    }

    fn close(&mut self, attempt: Try, when: &Occurrence) {
        let undecided = u64::from(attempt.choice.is_multiple_of(4));
        let first = (undecided > 0).then(|| "one".to_owned());
        if let Ok(event) = self.history.state().close("done".to_owned(), (first, undecided)) {
            self.check_close(undecided);
            self.tell(&event, when);
            self.seen.closings += 1;
        }
    }
}

/// A word by the person who acts, on paper by another one (or by nobody who is known), or by a partner's file.
fn given(attempt: Try) -> Word {
    let signer = (attempt.choice % 6 < 5).then_some(attempt.choice % 6);
    word(attempt.means, signer)
}

pub fn walk(setting: Setting, tries: Vec<Try>) -> Option<(RunState, Seen)> {
    let site = Site { permitted: (1..14).collect(), names_permitted: true, protected: BTreeSet::from([14]) };
    let mut walk = Walk { setting, site, today: 0, history: History::new(), seen: Seen::default() };
    let planned = walk.on(|ground| Assessment::plan(walk.order(), ground));
    let event = planned.ok()?;
    walk.tell(&event, &by(0, 0));
    for attempt in tries {
        walk.step(attempt);
    }
    walk.history.check_fold();
    Some((walk.history.state().state(), walk.seen))
}
