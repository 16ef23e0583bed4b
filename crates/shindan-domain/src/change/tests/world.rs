//! A patch, a change, a file on a disk, and people who try everything.

use jiff::civil::date;

use super::observer::Observer;
use crate::alternative::Alternative;
use crate::approval::Word;
use crate::change::{
    Change, ChangeEvent, ChangeKind, Consent, Gate, Impact, Notice, PlanDraft, PlannedTest, Proof, TestPlace,
    TestReport, TestResult,
};
use crate::ledger::Hash;
use crate::model::{History, Step, by, document, id, minute, party, word};
use crate::organisation::{Environment, MasterData, Purpose};
use crate::patch::{EffectProof, Patch, PatchAtHand, PatchEvent, PatchParticulars};
use crate::process::{Occurrence, Refusal};
use crate::record_id::{CaseId, EnvironmentId, PatchId, SystemId};
use crate::step::Spoken;
use crate::verification::{Check, CheckOutcome, Method, Verdict, VerificationCode};

pub const ASSETS: [&str; 2] = ["server-1", "server-2"];
const PATCH: u8 = 50;
const SYSTEM: u8 = 60;
const TEST: u8 = 70;
const PRODUCTION: u8 = 71;

pub struct World {
    kind: ChangeKind,
    pub patch: History<Patch>,
    pub change: History<Change>,
    pub observer: Observer,
    disk: Hash,
    minutes: i64,
    /// Diligent people declare an emergency here.
    hurried: bool,
}

pub fn environment(purpose: Purpose) -> MasterData<Environment> {
    MasterData {
        particulars: Environment {
            system: SystemId(id(SYSTEM)),
            name: "environment".to_owned(),
            purpose,
            differences: None,
        },
        history: Vec::new(),
        ended: None,
    }
}

pub fn plan(kind: ChangeKind) -> PlanDraft {
    PlanDraft {
        kind,
        title: "update".to_owned(),
        description: "install and restart".to_owned(),
        case: CaseId(id(80)),
        system: SystemId(id(SYSTEM)),
        assets: ASSETS.map(str::to_owned).to_vec(),
        patch: (kind == ChangeKind::Patch).then_some(PatchId(id(PATCH))),
        institution: party(0),
    }
}

fn particulars(extra: bool) -> PatchParticulars {
    let more = extra.then(|| "CVE-2026-2".to_owned());
    PatchParticulars {
        name: "KB1".to_owned(),
        maker: party(3),
        cases: vec![CaseId(id(80))],
        vulnerabilities: std::iter::once("CVE-2026-1".to_owned()).chain(more).collect(),
        expected: Vec::new(),
    }
}

pub fn verdict(file: Hash, what: u8) -> Verdict {
    let check = |method, outcome| {
        let mut check = Check::new(method, outcome, VerificationCode::DigestEqual);
        check.channel = "maker's page".parse().ok();
        check
    };
    let checks = match what % 8 {
        0..=2 => vec![check(Method::Sha256, CheckOutcome::Passed)],
        3 => vec![check(Method::OpenPgpDetached, CheckOutcome::KeyNotAcceptable)],
        4 => vec![
            check(Method::OpenPgpDetached, CheckOutcome::Passed),
            check(Method::Sha256, CheckOutcome::Mismatch),
        ],
        5 => Vec::new(),
        6 => vec![check(Method::Sha1, CheckOutcome::Passed)],
        _ => vec![check(Method::Minisign, CheckOutcome::Unreadable)],
    };
    Verdict::conclude(checks, file.to_string(), 7)
}

impl World {
    pub fn new(kind: ChangeKind, hurried: bool) -> World {
        let mut world = World {
            kind,
            patch: History::new(),
            change: History::new(),
            observer: Observer::default(),
            disk: document(0).sha256,
            minutes: 0,
            hurried,
        };
        let when = by(0, 0);
        let registered =
            Patch::register(particulars(false), document(0), "portal".parse().unwrap(), false).unwrap();
        world.accept_patch(Ok(registered), when);
        world.accept_change(Change::plan(plan(kind)), when);
        world
    }

    fn accept_patch(&mut self, answer: Result<PatchEvent, Refusal>, when: Occurrence) {
        if let Ok(event) = answer {
            self.observer.patch_event(&event, &when);
            self.patch.record(&event, when);
        }
        let usable = self.patch.state().is_usable();
        assert_eq!(usable, self.observer.usable(), "usable: {:?}", self.patch.state());
    }

    fn accept_change(&mut self, answer: Result<ChangeEvent, Refusal>, when: Occurrence) {
        match answer {
            Ok(event) => {
                self.observer.change_event(self.kind, self.disk, &event, &when);
                self.change.record(&event, when);
            }
            Err(refusal) => assert!(!refusal.reason.code.as_str().is_empty()),
        }
    }

    pub fn take(&mut self, step: Step) {
        self.minutes += i64::from(step.minutes);
        let when = by(step.who, self.minutes);
        let (first, second) = (step.first, step.second);
        let text = || "because".to_owned();
        let spoken = word(first, second.checked_sub(1));
        // Half of the steps are the ones that lead on, so that the walk gets far.
        if step.what >= 128 {
            return self.lead_on(step, when, spoken);
        }
        match step.what % 64 {
            10 => {
                let (file, quarantined) =
                    (document(first), self.observer.quarantine.contains(&document(first).sha256));
                let answer = self.patch.state().replace_file(
                    file.clone(),
                    "portal".parse().unwrap(),
                    text(),
                    quarantined,
                );
                if answer.is_ok() {
                    self.disk = file.sha256;
                }
                self.accept_patch(answer, when);
            }
            // Somebody changes the file on the disk, or puts it back.
            11 => {
                self.disk =
                    if first == 0 { Hash::of(b"changed") } else { self.patch.state().file.document.sha256 }
            }
            12..=18 => {
                let about = if second == 3 { self.disk } else { self.patch.state().file.document.sha256 };
                let answer = self.patch.state().verify(verdict(about, step.what.wrapping_add(first * 3)));
                self.accept_patch(answer, when);
            }
            19 | 20 => {
                let documents = if second == 0 { Vec::new() } else { vec![document(9)] };
                let answer = self.patch.state().propose_alternative(text(), documents);
                self.accept_patch(answer, when);
            }
            21 | 22 => {
                let answer = self.patch.state().approve_alternative(spoken, &when);
                self.accept_patch(answer, when);
            }
            23 if first == 0 => {
                let answer = self.patch.state().reject_alternative(text());
                self.accept_patch(answer, when);
            }
            24..=27 => self.prove_effect(step, when),
            28 | 29 => {
                let answer = self.patch.state().confirm_effect(spoken, &when);
                self.accept_patch(answer, when);
            }
            30 if first == 0 => {
                let answer = self.patch.state().reject_effect(text());
                self.accept_patch(answer, when);
            }
            31 if first == 0 && second == 0 => {
                let answer = match step.who {
                    0 => self.patch.state().withdraw(text()),
                    who => self.patch.state().change(particulars(who == 1), text()),
                };
                self.accept_patch(answer, when);
            }
            _ => self.change_step(step, when, spoken),
        }
    }

    fn prove_effect(&mut self, step: Step, when: Occurrence) {
        let (purpose, environment_id) =
            if step.second == 3 { (Purpose::Production, PRODUCTION) } else { (Purpose::Test, TEST) };
        let tested_in = environment(purpose);
        let environment = EnvironmentId(id(environment_id));
        let remaining = u32::from(step.who == 3);
        let proof = match step.first {
            0 | 1 => {
                let (matched_at, inventory) = (when.at, document(4));
                EffectProof::Rematch { environment, knowledge: 7, matched_at, remaining, inventory }
            }
            2 => EffectProof::Rescan { environment, remaining, document: document(5) },
            _ => EffectProof::Statement { text: "the page says so".to_owned(), document: document(6) },
        };
        let is_test = purpose == Purpose::Test || step.first == 3;
        let answer = self.patch.state().prove_effect(proof, Some((environment, &tested_in)), &when);
        assert!(is_test || answer.is_err(), "never in production");
        self.accept_patch(answer, when);
    }

    /// The step that a diligent person would take next.
    fn lead_on(&mut self, step: Step, when: Occurrence, spoken: Word) {
        use crate::change::ChangeState as State;
        use crate::patch::PatchState;
        let choice = usize::from(step.what % 4);
        let patch_step = match self.patch.state().state() {
            PatchState::Quarantined => Some(10),
            PatchState::EffectToProve | PatchState::NotEffective => Some(24),
            PatchState::EffectToConfirm => Some(28),
            PatchState::AlternativeProposed => Some(21),
            PatchState::NoMeans => Some(19),
            PatchState::Usable | PatchState::Withdrawn => None,
            _ => Some(16),
        };
        if let Some(what) = patch_step.filter(|_| choice > 0) {
            return self.take(Step { what, ..step });
        }
        if self.hurried && self.observer.applied_in_emergency == 0 {
            let (what, first) = [(52, 0), (53, 1), (53, 1), (55, step.first)][choice];
            return self.change_step(Step { what, first, ..step }, when, spoken);
        }
        let next = match self.change.state().state() {
            State::Applied | State::ConfirmedAfter if self.hurried => {
                [40, 42, 44, 47, 57, 57, 55, 63][usize::from(step.what / 4 % 8)]
            }
            State::Planned => 40,
            State::ImpactAssessed => 42,
            State::TestsPlanned => 44,
            State::TestsRun => [44, 44, 47, 47][choice],
            State::ResultConfirmed | State::ConsentWithdrawn => 49,
            State::Consented => 55,
            State::Applied => [55, 57, 57, 61][choice],
            _ => 63,
        };
        self.change_step(Step { what: next, ..step }, when, spoken);
    }

    fn change_step(&mut self, step: Step, when: Occurrence, spoken: Word) {
        let (first, second) = (step.first, step.second);
        let text = || "because".to_owned();
        let asset = || vec![ASSETS[usize::from(first % 2)].to_owned()];
        let change = self.change.state().clone();
        let patch = self.patch.state().clone();
        let hash_now = (step.who != 3 || second != 3).then_some(self.disk);
        let at_hand = (second != 2 || first != 2).then_some(PatchAtHand {
            id: PatchId(id(PATCH)),
            patch: &patch,
            hash_now,
        });
        let answer = match step.what % 64 {
            40 | 41 => change.assess_impact(Impact { text: text(), stop_minutes: 10, documents: Vec::new() }),
            42 | 43 => change.plan_tests(tests(first)),
            44..=46 => {
                let purpose = if second == 3 { Purpose::Production } else { Purpose::Test };
                let place = EnvironmentId(id(TEST));
                let report = TestReport {
                    test: format!("test-{}", first % 3),
                    result: if step.who == 3 && second == 1 {
                        TestResult::Failed
                    } else {
                        TestResult::Passed
                    },
                    place: TestPlace::Environment(place),
                    documents: vec![document(8)],
                    note: String::new(),
                };
                let answer = change.run_test(report, Some((place, &environment(purpose))), at_hand);
                assert!(purpose == Purpose::Test || answer.is_err(), "never in production");
                answer
            }
            47 | 48 => change.confirm_results(spoken, at_hand, &when),
            49 | 50 => {
                let (from, until) =
                    (minute(self.minutes + i64::from(first) * 100 - 50), minute(self.minutes + 3000));
                let consent = Consent { from, until, stop_minutes: 10, roll_back: text() };
                let spoken = Spoken { word: spoken, giver_party: Some(party(second % 2)) };
                change.consent(consent, spoken, &when)
            }
            51 if first == 0 => change.withdraw_consent(text()),
            52 if first == 0 => {
                let notice =
                    Notice { told: "ward office".to_owned(), how: "telephone".to_owned(), at: when.at };
                change.declare_emergency(text(), notice, &when)
            }
            53 if first == 1 => change.approve_emergency(spoken, &when),
            54..=56 => {
                let open = matches!(change.gate(at_hand, &when), Gate::Open(_));
                let answer = change.apply_to(asset(), at_hand, &when);
                assert!(open || answer.is_err(), "only through the gate");
                if let Err(refusal) = &answer
                    && !open
                {
                    assert!(!refusal.missing.is_empty(), "every blocker is named");
                    self.observer.refused_while_tampered += u32::from(self.observer.tampered());
                }
                answer
            }
            57 | 58 => change.confirm_after(asset(), self.proof(step, when), spoken, &when),
            59 if second == 0 => change.fail(asset().remove(0), text()),
            60 if second == 0 => {
                let alternative = Alternative { text: text(), until: date(2030, 1, 1), document: None };
                change.leave_out(asset(), text(), Some(alternative), &when)
            }
            61 if second == 0 => change.roll_back(asset(), text()),
            62 if first == 0 && second == 0 => {
                let alternative = Alternative { text: text(), until: date(2030, 1, 1), document: None };
                match step.who {
                    0 => change.cancel(text()),
                    _ => change.cannot_apply(text(), alternative, spoken, &when),
                }
            }
            63 => change.close(),
            _ => return,
        };
        self.accept_change(answer, when);
    }

    fn proof(&self, step: Step, when: Occurrence) -> Proof {
        let remaining = u32::from(step.second == 3);
        let at = if step.who == 3 { minute(-1) } else { when.at };
        match self.kind {
            _ if step.first == 3 => {
                Proof::FixedBuild { document: document(30), text: "KB1 is in".to_owned() }
            }
            ChangeKind::Patch => Proof::Rematched { knowledge: 8, at, remaining },
            ChangeKind::Replacement => {
                let (retired, successor) = (document(31), "server-3".to_owned());
                Proof::Replaced { retired, successor, knowledge: 8, at, remaining }
            }
            _ => Proof::Effect {
                text: "port closed".to_owned(),
                document: document(32),
                review: date(2030, 1, 1),
            },
        }
    }
}

fn tests(choice: u8) -> Vec<PlannedTest> {
    let test = |number: u8, mandatory| PlannedTest {
        name: format!("test-{number}"),
        expected: "it starts".to_owned(),
        mandatory,
    };
    match choice {
        0 => vec![test(0, false)],
        1 => vec![test(0, true), test(1, false)],
        2 => vec![test(0, true), test(1, true)],
        _ => vec![test(0, true), test(1, false), test(2, true)],
    }
}
