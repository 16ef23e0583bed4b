//! A security assessment of a web application whose source nobody gives out (③-1 to ③-3).
//!
//! - The source was asked for and refused, both on file: the assessment is from outside, on the running application.
//! - A run against production is refused and takes place in the test environment instead; a monitor's address is refused as a target.
//! - ZAP and nmap find three things: a case closed by a re-test, a case under way, and a false positive that another person approved.
//! - The re-test finds something new, about which nothing is decided yet.
//! - The assessment of the maintenance line is overdue.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use shindan_domain::assessment::{ApplicationKind, FindingVerdict, MergeRule, Target, Way};
use shindan_domain::calendar::day;
use shindan_domain::case::{Subject, Treatment};
use shindan_domain::inventory::Exposure;
use shindan_domain::organisation::{Environment, Purpose};
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, EnvironmentId, ScanFindingId};
use shindan_domain::sighting::IpRange;

use super::cast::{approver, colleague, manager, operator};
use super::story::Works;
use crate::records::assessments::findings::{self, VerdictAsked};
use crate::records::assessments::reports::Handed;
use crate::records::assessments::runs::{self, RunAsked};
use crate::records::assessments::{self, PlanOrder, SourceStated, cases as finding_cases, reports, targets};
use crate::records::{Done, RecordsError, WordGiven, cases};

/// The test server; from the addresses for documentation (RFC 5737), as all of the demo.
const TEST_SERVER: &str = "198.51.100.20";
/// The portal on it.
const TEST_PORTAL: &str = "https://198.51.100.20:8443/portal";
/// The server that patients' images come from.
const LIVE_SERVER: &str = "198.51.100.10";
/// The monitors' network, in which the demo's switch saw its neighbours.
const MONITOR_NETWORK: &str = "192.0.2.0/24";

/// What can be looked at.
pub(super) struct Assessed {
    pub plan: AssessmentPlanId,
    /// The re-test.
    pub run: AssessmentId,
}

impl Works {
    /// What happened about assessments. `files`: the folder with the letters and reports.
    ///
    /// # Errors
    /// Those of the use cases; a step that should be refused and is not.
    pub(super) fn assessed(&mut self, files: &Path) -> Result<Assessed, RecordsError> {
        let test = self.environment("画像管理 検証環境", Purpose::Test)?;
        let live = self.environment("画像管理 本番環境", Purpose::Production)?;
        self.overdue_plan()?;
        let plan = self.plan_of_portal(files)?;
        self.never_scanned(test)?;
        self.permit(test, TEST_SERVER, "検証用サーバー。個人情報なし、本番とは別の網")?;
        self.permit(live, LIVE_SERVER, "本番サーバー。例外の承認がある場合に限る")?;
        self.not_on_production(plan, live)?;

        self.wait_until("2024-12-02T00:00:00Z")?;
        let first = self.run_in_test(plan, test, "3.2.0")?;
        self.wait_until("2024-12-02T02:00:00Z")?;
        self.read_reports(first, vec![files.join("zap.json"), files.join("nmap.xml")])?;
        self.false_positive(plan)?;
        self.measures(plan)?;
        let note = "所見3件すべてに決定あり".to_owned();
        self.cast.step(manager, |records, who, call| runs::close(records, who, call, first, note))?;

        self.wait_until("2024-12-16T00:00:00Z")?;
        let again = self.run_in_test(plan, test, "3.2.1")?;
        self.wait_until("2024-12-16T02:00:00Z")?;
        self.read_reports(again, vec![files.join("zap-retest.json")])?;
        self.closed_by_retest()?;
        Ok(Assessed { plan, run: again })
    }

    fn environment(&mut self, name: &str, purpose: Purpose) -> Result<EnvironmentId, RecordsError> {
        let differences = match purpose {
            Purpose::Test => {
                Some("版と設定は本番と同じ。画像は架空の3件、認証は院内の認証基盤と未接続".to_owned())
            }
            _ => None,
        };
        let environment = Environment { system: self.pacs, name: name.to_owned(), purpose, differences };
        self.cast.keep(environment).map(EnvironmentId)
    }

    fn lay_down(&mut self, order: PlanOrder) -> Result<AssessmentPlanId, RecordsError> {
        let done =
            self.cast.step(manager, |records, who, call| assessments::lay_down(records, who, call, order))?;
        Ok(AssessmentPlanId(done.stream.id))
    }

    /// Nobody assessed the devices of the maintenance line, and nobody asked what was delivered.
    fn overdue_plan(&mut self) -> Result<(), RecordsError> {
        self.lay_down(PlanOrder {
            name: "保守回線の装置".to_owned(),
            subject: Subject::System(self.line),
            application: ApplicationKind::NetworkDevice,
            checks: BTreeSet::new(),
            interval_days: 365,
            notice_days: 30,
            on_release: false,
            responsible: self.cast.operator.person(),
            first_due: self.cast.days.day(date(2024, 9, 30)),
            exposure: Exposure::Open,
            affects_patients: false,
            merge_rules: BTreeSet::new(),
        })?;
        Ok(())
    }

    /// The portal's plan; its source cannot be had, so that it is assessed from outside.
    fn plan_of_portal(&mut self, files: &Path) -> Result<AssessmentPlanId, RecordsError> {
        let plan = self.lay_down(PlanOrder {
            name: "画像参照ポータル".to_owned(),
            subject: Subject::System(self.pacs),
            application: ApplicationKind::Web,
            checks: BTreeSet::new(),
            interval_days: 365,
            notice_days: 60,
            on_release: true,
            responsible: self.cast.operator.person(),
            first_due: self.cast.days.day(date(2024, 12, 31)),
            exposure: Exposure::Controlled,
            affects_patients: true,
            merge_rules: BTreeSet::from([MergeRule::SameIdentifier]),
        })?;
        let stated = SourceStated::NotObtainable {
            why: "使用許諾契約により提供されない".to_owned(),
            request: files.join("source-request.txt"),
            answer: files.join("source-refusal.txt"),
        };
        let name = "画像参照ポータル 3.2".to_owned();
        self.cast.step(operator, |records, who, call| {
            assessments::state_deliverable(records, who, call, plan, name, &stated)
        })?;
        Ok(plan)
    }

    /// The monitors' network is clinical: no list of targets takes an address of it.
    fn never_scanned(&mut self, environment: EnvironmentId) -> Result<(), RecordsError> {
        let range: IpRange = MONITOR_NETWORK.parse().map_err(RecordsError::stored)?;
        let note = "生体情報モニタ。通信が乱れると警報が届かない".to_owned();
        let network = ("モニタ系ネットワーク".to_owned(), range, note);
        self.cast.step(manager, |records, who, call| targets::mark_clinical(records, who, call, network))?;
        let permitted = self.permit(environment, "192.0.2.52", "救急外来の装置も見ておきたい");
        must_be_refused(permitted, "a clinical network became a target")
    }

    fn permit(&mut self, environment: EnvironmentId, what: &str, note: &str) -> Result<Done, RecordsError> {
        let permitted = (target(what)?, note.to_owned());
        self.cast.step(manager, |records, who, call| {
            targets::permit(records, who, call, environment, permitted, &unknown)
        })
    }

    fn planned_run(
        &mut self,
        plan: AssessmentPlanId,
        environment: EnvironmentId,
        targets: BTreeSet<Target>,
        version: &str,
    ) -> Result<AssessmentId, RecordsError> {
        let asked = RunAsked {
            plan,
            way: Way::Outside,
            environment: Some(environment),
            deliverables: BTreeSet::new(),
            targets,
            version: version.to_owned(),
            planned_for: day(self.cast.now),
            tester: None,
        };
        let done =
            self.cast.step(operator, |records, who, call| runs::plan(records, who, call, asked, &unknown))?;
        Ok(AssessmentId(done.stream.id))
    }

    /// Against production without an exception: the start is refused, and the run is given up.
    fn not_on_production(&mut self, plan: AssessmentPlanId, live: EnvironmentId) -> Result<(), RecordsError> {
        let run = self.planned_run(plan, live, BTreeSet::from([target(LIVE_SERVER)?]), "3.2.0")?;
        let started =
            self.cast.step(operator, |records, who, call| runs::start(records, who, call, run, &unknown));
        must_be_refused(started, "production was scanned without an exception")?;
        let reason = "例外を申請せず、検証環境で行う".to_owned();
        self.cast.step(operator, |records, who, call| runs::cancel(records, who, call, run, reason))?;
        Ok(())
    }

    fn run_in_test(
        &mut self,
        plan: AssessmentPlanId,
        test: EnvironmentId,
        version: &str,
    ) -> Result<AssessmentId, RecordsError> {
        let targets = BTreeSet::from([target(TEST_SERVER)?, target(TEST_PORTAL)?]);
        let run = self.planned_run(plan, test, targets, version)?;
        self.cast.step(operator, |records, who, call| runs::start(records, who, call, run, &unknown))?;
        Ok(run)
    }

    fn read_reports(&mut self, run: AssessmentId, files: Vec<PathBuf>) -> Result<(), RecordsError> {
        self.cast.step(operator, |records, who, call| {
            reports::import(records, who, call, run, Handed { files: &files, ..Handed::default() })
        })?;
        Ok(())
    }

    /// Proposed by the operator, approved by somebody else, until the portal is replaced.
    fn false_positive(&mut self, plan: AssessmentPlanId) -> Result<(), RecordsError> {
        let today = day(self.cast.now);
        let (records, who) = (&self.cast.records, &self.cast.operator);
        let found = findings::list(records, who, plan, today, |_, rows| {
            let row = rows.iter().find(|row| row.known.result.rule == "10202");
            row.map(|row| row.fingerprint.to_string())
        })?;
        let asked = VerdictAsked {
            findings: Vec::from_iter(found),
            verdict: FindingVerdict::FalsePositive,
            reason: "検索だけを行うフォームで、何も書き換えない".to_owned(),
            until: self.cast.days.day(date(2029, 12, 31)),
            documents: Vec::new(),
        };
        let done = self
            .cast
            .step(operator, |records, who, call| findings::propose(records, who, call, plan, &asked))?;
        let decision = ScanFindingId(done.stream.id);
        self.cast.step(approver, |records, who, call| {
            findings::approve(records, who, call, decision, &WordGiven::Software)
        })?;
        Ok(())
    }

    /// The others become cases: the provider mends the search, and the test server's old protocol is to be switched off.
    fn measures(&mut self, plan: AssessmentPlanId) -> Result<(), RecordsError> {
        self.cast
            .step(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &[]))?;
        let mended = self.case("zap:40018")?;
        let reason = "提供事業者が版 3.2.1 で直す";
        self.decide(mended, "検索の値から患者の一覧が読める", (Treatment::Patch, reason), None)?;
        self.approve(mended)?;
        self.case("CVE-2014-3566").map(drop)
    }

    /// What the re-test no longer finds closes the case; who confirms is not who took its report in.
    fn closed_by_retest(&mut self) -> Result<(), RecordsError> {
        let case = self.case("zap:40018")?;
        self.cast.step(colleague, |records, who, call| {
            cases::confirm(records, who, call, case, None, &WordGiven::Software)
        })?;
        self.cast.step(operator, |records, who, call| cases::close(records, who, call, case))?;
        Ok(())
    }

    /// The reports tell when they were made: the steps about them are at those times.
    fn wait_until(&mut self, moment: &str) -> Result<(), RecordsError> {
        let moment = self.cast.days.time(moment.parse().map_err(RecordsError::stored)?);
        if self.cast.now > moment {
            return Err(RecordsError::Stored(format!(
                "the demo's story is later than its reports: {moment}"
            )));
        }
        self.cast.now = moment;
        Ok(())
    }
}

/// The demo takes no network: addresses stand for hosts, and no name is looked up.
fn unknown(_: &str) -> Option<BTreeSet<core::net::IpAddr>> {
    None
}

fn target(text: &str) -> Result<Target, RecordsError> {
    text.parse().map_err(RecordsError::stored)
}

fn must_be_refused<T>(outcome: Result<T, RecordsError>, otherwise: &str) -> Result<(), RecordsError> {
    match outcome {
        Err(RecordsError::Refused { .. }) => Ok(()),
        Err(other) => Err(other),
        Ok(_) => Err(RecordsError::Stored(otherwise.to_owned())),
    }
}
