//! Fixtures: persons, words, findings, policies.

mod assessed;
mod assessed_walks;
mod closing;
mod grouped;
mod machine;
mod observer;
mod refreshing;
mod replaying;
mod stated;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::analysis::{AnalysisInputs, Effect, FrozenStep, FrozenVulnerability, UsedRules};
use super::commands::{DecisionOrder, JudgementOrder};
use super::found::Rematch;
use super::grouping::Matched;
use super::refresh::{Judged, Plan, Settings, refresh};
use super::settle::{Applicability, Treatment};
use super::{Case, CaseEvent, Subject};
use crate::advisory::{Justification, KevEntry};
use crate::approval::Word;
use crate::evidence::Document;
use crate::finding::{Decided, EpssScore, Finding, Grounds, VulnerabilityFacts};
use crate::inventory::{Asset, Component};
use crate::ledger::{Actor, Hash, Through};
use crate::policy::{Content, DaysByPriority, DueDates, DuePolicy, Policy};
use crate::priority::Decision;
use crate::process::{Occurrence, Process, Refusal, decode, encode};
use crate::record_id::{CaseId, PersonId, PolicyId, ReleaseId, SystemId};

pub(super) fn person(number: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(number) + 1))
}

pub(super) fn time(day: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + day * 86_400).unwrap()
}

pub(super) fn by(number: u8, day: i64) -> Occurrence {
    Occurrence { at: time(day), actor: Actor { person: person(number), through: Through::Session } }
}

pub(super) fn on(day: i64) -> jiff::civil::Date {
    crate::calendar::day(time(day))
}

pub(super) fn document() -> Document {
    Document { sha256: Hash::of(b"evidence"), size: 8, name: "evidence.pdf".to_owned() }
}

pub(super) fn paper(signer: u8) -> Word {
    Word::Paper { signer: "S".to_owned(), person: Some(person(signer)), document: document() }
}

pub(super) fn case_id(number: u128) -> CaseId {
    CaseId(Uuid::from_u128(number))
}

pub(super) fn system() -> Subject {
    Subject::System(SystemId(Uuid::from_u128(77)))
}

pub(super) fn release() -> Subject {
    Subject::Release(ReleaseId(Uuid::from_u128(78)))
}

/// One finding, as matching would give it.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub cve: u32,
    pub place: u32,
    pub version: &'static str,
    pub fix: Option<&'static str>,
    pub priority: Decision,
    pub kev: bool,
    pub epss: &'static str,
}

pub(super) fn hit(cve: u32, place: u32) -> Hit {
    Hit {
        cve,
        place,
        version: "1.0",
        fix: Some("1.2"),
        priority: Decision::Scheduled,
        kev: false,
        epss: "0.01",
    }
}

pub(super) fn cve(number: u32) -> String {
    format!("CVE-2026-{number:04}")
}

pub(super) fn key(place: u32) -> String {
    format!("id:PC-{place:03}")
}

pub(super) fn asset_key(asset: &Asset) -> Arc<str> {
    format!("id:{}", asset.asset_id).into()
}

pub(super) fn matched(hits: &[Hit]) -> Vec<Matched> {
    let of = |hit: &Hit| {
        let id = cve(hit.cve);
        let kev = KevEntry {
            cve: id.clone(),
            date_added: "2026-09-01".to_owned(),
            due_date: String::new(),
            ransomware: false,
        };
        let facts = VulnerabilityFacts {
            aliases: vec![id.clone(), format!("GHSA-{:04}", hit.cve)],
            id,
            kev: hit.kev.then_some(kev),
            epss: Some(EpssScore {
                score: hit.epss.to_owned(),
                percentile: String::new(),
                date: String::new(),
            }),
            published: Some(time(-3)),
            ..VulnerabilityFacts::default()
        };
        let asset = Asset { asset_id: format!("PC-{:03}", hit.place), ..Asset::default() };
        let component = Component {
            name: "viewer".to_owned(),
            version: Some(hit.version.to_owned()),
            ..Component::default()
        };
        let grounds = Grounds {
            advisories: vec![format!("JVNDB-2026-{:06}", hit.cve)],
            fixed_versions: hit.fix.iter().map(|fix| (*fix).to_owned()).collect(),
            ..Grounds::default()
        };
        let finding = Finding {
            vulnerability: Arc::new(facts),
            component: component.into(),
            asset: Some(Arc::new(asset)),
            input: 0,
            grounds: Arc::new(grounds),
            decided: Arc::new(Decided { priority: hit.priority, path: Vec::new() }),
        };
        Matched::new(finding, asset_key)
    };
    hits.iter().map(of).collect()
}

/// Everything was judged at these places.
pub(super) fn judged(places: impl IntoIterator<Item = u32>, day: i64) -> Judged {
    Judged {
        rematch: Rematch { knowledge: 7, at: time(day) },
        assets: places.into_iter().map(|place| key(place).into()).collect(),
        components_complete: true,
        doubtful_places: Default::default(),
        doubtful: Default::default(),
    }
}

pub(super) fn policy_id() -> PolicyId {
    PolicyId(Uuid::from_u128(99))
}

pub(super) fn due_policy() -> DuePolicy {
    let days = |immediate, out_of_cycle, scheduled| DaysByPriority { immediate, out_of_cycle, scheduled };
    let content = Content::DueDates(DueDates {
        decide: days(1, 7, 30),
        done: days(3, 14, 90),
        verify_after_change: 2,
        chase_inquiry: 7,
        review: 180,
    });
    let event = Policy::propose("due".to_owned(), content, "first".to_owned()).unwrap();
    let policy = Policy::apply(None, &event, &by(0, -10)).unwrap();
    assert_eq!(policy.due_policy(policy_id()), None, "a proposal gives no due dates");
    let event = policy.approve(1, Word::Software, &by(1, -9)).unwrap();
    let policy = Policy::apply(Some(policy), &event, &by(1, -9)).unwrap();
    policy.due_policy(policy_id()).unwrap()
}

/// A case with its history, so that every test also shows that the fold of the events is the state.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub case: Case,
    pub events: Vec<(CaseEvent, Occurrence)>,
}

impl Told {
    pub fn open(hits: &[Hit], due: Option<&DuePolicy>) -> Told {
        let settings = Settings { due, surge_epss: None };
        let plan = refresh(system(), &[], &matched(hits), &judged([], 0), &settings, time(0));
        let event = plan.open.into_iter().next().unwrap();
        Told::first(event, &by(0, 0))
    }

    pub fn first(event: CaseEvent, when: &Occurrence) -> Told {
        let case = Case::apply(None, &event, when).unwrap();
        Told { case, events: vec![(event, *when)] }
    }

    pub fn tell(&mut self, event: CaseEvent, when: &Occurrence) {
        self.case = Case::apply(Some(self.case.clone()), &event, when).unwrap();
        self.events.push((event, *when));
    }

    pub fn try_step(&mut self, result: Result<CaseEvent, Refusal>, when: &Occurrence) -> Result<(), Refusal> {
        result.map(|event| self.tell(event, when))
    }

    pub fn step(&mut self, result: Result<CaseEvent, Refusal>, when: &Occurrence) {
        self.try_step(result, when).unwrap_or_else(|refusal| panic!("{refusal} {:?}", refusal.missing));
    }

    pub fn refresh(&mut self, hits: &[Hit], judged: &Judged, day: i64) -> Plan {
        let case = self.case.clone();
        let settings = Settings { due: None, surge_epss: "0.5".parse().ok() };
        let plan =
            refresh(case.subject, &[(case_id(1), &case)], &matched(hits), judged, &settings, time(day));
        for (_, events) in &plan.change {
            for event in events {
                self.tell(event.clone(), &by(0, day));
            }
        }
        plan
    }

    /// Rebuilds the state from the events as they would stand in the ledger.
    pub fn check(&self) {
        let mut state: Option<Case> = None;
        for (event, when) in &self.events {
            let written = encode::<Case>(event).unwrap();
            crate::ledger::canonical(&written.payload).unwrap();
            let read = decode::<Case>(&written.event, written.version, &written.payload).unwrap();
            assert_eq!(read, *event);
            state = Some(Case::apply(state, &read, when).unwrap());
        }
        assert_eq!(state.as_ref(), Some(&self.case));
        let text = serde_json::to_string(&self.case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), self.case);
        let (filed, view) = (self.case.filed(), self.case.view());
        assert_eq!(filed.status, view.status);
    }

    /// Judged affected by 0, analysed by 1, decided by 2, approved by 3.
    pub fn approved(hits: &[Hit], treatment: Treatment) -> Told {
        let mut told = Told::open(hits, None);
        told.step(told.case.judge(affected()), &by(0, 1));
        told.step(told.case.analyse(inputs(&told.case), None), &by(1, 2));
        told.step(told.case.decide(decision(treatment, 30), &by(2, 3)), &by(2, 3));
        told.step(told.case.approve(Word::Software, &by(3, 4)), &by(3, 4));
        told
    }
}

pub(super) fn affected() -> JudgementOrder {
    order(Applicability::Affected)
}

pub(super) fn order(applicability: Applicability) -> JudgementOrder {
    let justification = (applicability == Applicability::NotAffected)
        .then_some(Justification::VulnerableCodeNotInExecutePath);
    JudgementOrder { applicability, justification, note: "looked".to_owned(), documents: Vec::new() }
}

pub(super) fn decision(treatment: Treatment, until: i64) -> DecisionOrder {
    let accept_until = (treatment == Treatment::Accept).then(|| on(until));
    DecisionOrder { treatment, reason: "because".to_owned(), accept_until }
}

pub(super) fn inputs(case: &Case) -> AnalysisInputs {
    let frozen = |(id, fact): (&String, &super::found::VulnerabilityFact)| {
        let frozen = FrozenVulnerability {
            kind: fact.kind,
            cvss: fact.cvss.iter().cloned().collect(),
            epss: fact.epss.clone(),
            kev: None,
            ssvc: None,
        };
        (id.clone(), frozen)
    };
    let vulnerabilities: BTreeMap<_, _> = case.vulnerabilities.iter().map(frozen).collect();
    AnalysisInputs {
        leading: vulnerabilities.keys().next().unwrap().clone(),
        vulnerabilities,
        exposure: None,
        exposure_text: None,
        role: None,
        role_text: None,
        patient_safety: Effect::Minor,
        availability: Effect::Serious,
        rules: UsedRules {
            policy: None,
            rules_id: "r".to_owned(),
            rules_version: "1".to_owned(),
            table_id: "t".to_owned(),
        },
        path: vec![FrozenStep {
            point: "exploitation".to_owned(),
            value: "none".to_owned(),
            origin: "policy-default".to_owned(),
            evidence: String::new(),
            defaulted: true,
        }],
        outcome: case.priority,
        departs: None,
        note: "n".to_owned(),
    }
}
