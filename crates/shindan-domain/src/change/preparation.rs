//! 影響評価・試験: what comes before an application.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ChangeState;
use crate::approval::Given;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{EnvironmentId, PersonId};
use crate::terms;

/// 影響評価: what the change means for the medical information system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// What may be affected: functions, connected systems, care.
    pub text: String,
    /// Whether the system stops, and for how long, in minutes; 0: it does not.
    pub stop_minutes: u32,
    /// What was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

impl Impact {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Impact.as_str(), &self.text)?;
        self.documents.iter().try_for_each(Document::check)
    }
}

/// 試験項目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTest {
    /// Its name, unique in the plan.
    pub name: String,
    /// What has to come out.
    pub expected: String,
    /// Whether the change may not be applied without it.
    pub mandatory: bool,
}

terms! {
    /// What a test came to.
    pub enum TestResult ("test-result") {
        /// 合格
        Passed = "passed",
        /// 不合格
        Failed = "failed",
    }
}

/// Where a test was run. Never in a production environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestPlace {
    /// In a test environment that is recorded.
    Environment(EnvironmentId),
    /// Elsewhere, such as at the provider.
    Elsewhere(String),
}

/// 試験
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRun {
    /// Name of the planned test.
    pub test: String,
    /// What it came to.
    pub result: TestResult,
    /// Where it was run.
    pub place: TestPlace,
    /// SHA-256 of the patch's file that was tested, if the change applies one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Hash>,
    /// Protocols, pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// What was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who tested.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// The impact is assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactAssessed {
    /// What it is.
    pub impact: Impact,
    /// Who assessed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// The tests are planned: at least one of them is mandatory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestsPlanned {
    /// What came before.
    pub assessed: ImpactAssessed,
    /// The tests.
    pub tests: Vec<PlannedTest>,
}

/// Tests were run: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// What came before.
    pub planned: TestsPlanned,
    /// Every run, oldest first; the last one of a test counts.
    pub runs: Vec<TestRun>,
}

/// The results were confirmed by somebody who ran none of the tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// What came before.
    pub tested: Tested,
    /// The confirmation.
    pub confirmation: Given,
}

/// How far the preparation has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preparation {
    /// Nothing but the plan.
    Planned,
    /// 影響評価済み
    ImpactAssessed(ImpactAssessed),
    /// 試験計画済み
    TestsPlanned(TestsPlanned),
    /// 試験実施
    Tested(Tested),
    /// 試験結果確認済み
    Confirmed(Confirmed),
}

impl ImpactAssessed {
    /// The next stage.
    pub(super) fn planned(self, tests: Vec<PlannedTest>) -> TestsPlanned {
        TestsPlanned { assessed: self, tests }
    }
}

impl TestsPlanned {
    /// The next stage.
    pub(super) fn run(self, run: TestRun) -> Tested {
        Tested { planned: self, runs: vec![run] }
    }
}

impl Tested {
    /// Another run.
    pub(super) fn run(mut self, run: TestRun) -> Tested {
        self.runs.push(run);
        self
    }

    /// The next stage.
    pub(super) fn confirmed(self, confirmation: Given) -> Confirmed {
        Confirmed { tested: self, confirmation }
    }

    /// The run that counts for a test.
    pub fn last_run(&self, test: &str) -> Option<&TestRun> {
        self.runs.iter().rev().find(|run| run.test == test)
    }

    /// Who ran any of the tests.
    pub fn testers(&self) -> BTreeSet<PersonId> {
        self.runs.iter().map(|run| run.by).collect()
    }

    /// Mandatory tests that were not run, did not pass, or tested another file than `file`.
    pub fn test_blockers(&self, file: Option<Hash>) -> Vec<Reason> {
        let mandatory = self.planned.tests.iter().filter(|test| test.mandatory);
        let blocker = |test: &PlannedTest| {
            let code = match self.last_run(&test.name) {
                None => ReasonCode::TestNotRun,
                Some(run) if run.result != TestResult::Passed => ReasonCode::TestFailed,
                Some(run) if file.is_some() && run.file != file => ReasonCode::TestOfOtherFile,
                Some(_) => return None,
            };
            Some(Reason::new(code).with("test", &test.name))
        };
        mandatory.filter_map(blocker).collect()
    }
}

impl Preparation {
    /// As a state of the change.
    pub fn state(&self) -> ChangeState {
        match self {
            Preparation::Planned => ChangeState::Planned,
            Preparation::ImpactAssessed(_) => ChangeState::ImpactAssessed,
            Preparation::TestsPlanned(_) => ChangeState::TestsPlanned,
            Preparation::Tested(_) => ChangeState::TestsRun,
            Preparation::Confirmed(_) => ChangeState::ResultConfirmed,
        }
    }

    /// The assessed impact.
    pub fn assessed(&self) -> Option<&ImpactAssessed> {
        match self {
            Preparation::Planned => None,
            Preparation::ImpactAssessed(assessed) => Some(assessed),
            Preparation::TestsPlanned(planned) => Some(&planned.assessed),
            Preparation::Tested(tested) => Some(&tested.planned.assessed),
            Preparation::Confirmed(confirmed) => Some(&confirmed.tested.planned.assessed),
        }
    }

    /// The planned tests.
    pub fn tests(&self) -> &[PlannedTest] {
        match self {
            Preparation::Planned | Preparation::ImpactAssessed(_) => &[],
            Preparation::TestsPlanned(planned) => &planned.tests,
            Preparation::Tested(tested) => &tested.planned.tests,
            Preparation::Confirmed(confirmed) => &confirmed.tested.planned.tests,
        }
    }

    /// The tests that were run.
    pub fn tested(&self) -> Option<&Tested> {
        match self {
            Preparation::Tested(tested) => Some(tested),
            Preparation::Confirmed(confirmed) => Some(&confirmed.tested),
            Preparation::Planned | Preparation::ImpactAssessed(_) | Preparation::TestsPlanned(_) => None,
        }
    }

    /// Everything that is missing until the results are confirmed. `file`: SHA-256 of the patch's file, if there is one.
    pub fn blockers(&self, file: Option<Hash>) -> Vec<Reason> {
        let missing = |codes: &[ReasonCode]| codes.iter().copied().map(Reason::new).collect::<Vec<_>>();
        let confirmation = ReasonCode::TestsNotConfirmed;
        match self {
            Preparation::Planned => {
                missing(&[ReasonCode::ImpactNotAssessed, ReasonCode::TestsNotPlanned, confirmation])
            }
            Preparation::ImpactAssessed(_) => missing(&[ReasonCode::TestsNotPlanned, confirmation]),
            Preparation::TestsPlanned(planned) => {
                let mandatory = planned.tests.iter().filter(|test| test.mandatory);
                let not_run =
                    |test: &PlannedTest| Reason::new(ReasonCode::TestNotRun).with("test", &test.name);
                mandatory.map(not_run).chain(missing(&[confirmation])).collect()
            }
            Preparation::Tested(tested) => {
                let mut blockers = tested.test_blockers(file);
                blockers.extend(missing(&[confirmation]));
                blockers
            }
            Preparation::Confirmed(confirmed) => confirmed.tested.test_blockers(file),
        }
    }
}

/// Refuses tests of which none is mandatory, that have the same name, or that leave out one of `before`.
pub(super) fn check_tests(tests: &[PlannedTest], before: &[PlannedTest]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for test in tests {
        text_given(Label::Test.as_str(), &test.name)?;
        text_given(Label::Expected.as_str(), &test.expected)?;
        if !names.insert(&test.name) {
            return Err(Refusal::new(ReasonCode::TestTwice).with("test", &test.name));
        }
    }
    if !tests.iter().any(|test| test.mandatory) {
        return Err(Refusal::new(ReasonCode::NoMandatoryTest));
    }
    match before.iter().find(|test| !tests.contains(test)) {
        Some(dropped) => Err(Refusal::new(ReasonCode::TestDropped).with("test", &dropped.name)),
        None => Ok(()),
    }
}
