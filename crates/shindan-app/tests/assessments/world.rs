//! A hospital with a patient portal, its test environment and its live one, and a plan to assess it.

use core::net::IpAddr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use serde_json::{Value, json};
use shindan_app::records::assessments::findings::{self, VerdictAsked};
use shindan_app::records::assessments::reports::Handed;
use shindan_app::records::assessments::runs::{self, About, ExceptionAsked, RunAsked};
use shindan_app::records::assessments::{self, PlanOrder, SourceStated, reports, targets};
use shindan_app::records::people::{self, TokenWanted};
use shindan_app::records::sightings::TakenWhen;
use shindan_app::records::{Call, Done, Entered, Records, RecordsError, WordGiven, ledger};
use shindan_domain::assessment::{
    ApplicationKind, Assessment, AssessmentPlan, Decided, FindingVerdict, Presence, Way,
};
use shindan_domain::calendar::day;
use shindan_domain::case::Subject;
use shindan_domain::inventory::Exposure;
use shindan_domain::ledger::Stream;
use shindan_domain::organisation::{Environment, Party, PartyKind, Purpose};
use shindan_domain::people::{Role, Scope};
use shindan_domain::process::Process;
use shindan_domain::record_id::{
    AssessmentId, AssessmentPlanId, EnvironmentId, PartyId, PersonId, ScanFindingId,
};
use uuid::Uuid;

use crate::hospital::Hospital;

pub const SITE: &str = "https://test.example";
pub const PORTAL: &str = "portal.war";

/// What the name server of this test knows.
pub fn resolve(host: &str) -> Option<BTreeSet<IpAddr>> {
    let address = match host {
        "test.example" => "192.0.2.7",
        "live.example" => "192.0.2.8",
        "alias.example" => "192.0.2.66",
        _ => return None,
    };
    Some(BTreeSet::from([address.parse().unwrap()]))
}

/// Rule, path, and risk from 0 (informational) to 3.
pub type Alert<'a> = (&'a str, &'a str, u8);

pub struct World {
    pub hospital: Hospital,
    pub test: EnvironmentId,
    pub live: EnvironmentId,
    pub plan: AssessmentPlanId,
    files: u32,
}

type Who = fn(&Hospital) -> &Entered;

pub fn admin(hospital: &Hospital) -> &Entered {
    &hospital.admin
}

pub fn manager(hospital: &Hospital) -> &Entered {
    &hospital.manager
}

pub fn operator(hospital: &Hospital) -> &Entered {
    &hospital.operator
}

pub fn colleague(hospital: &Hospital) -> &Entered {
    &hospital.colleague
}

pub fn approver(hospital: &Hospital) -> &Entered {
    &hospital.approver
}

pub fn auditor(hospital: &Hospital) -> &Entered {
    &hospital.auditor
}

impl World {
    pub fn new(name: &str) -> World {
        World::of(name, ApplicationKind::Web)
    }

    /// The test environment is permitted at [`SITE`]; the source of the portal cannot be had.
    pub fn of(name: &str, application: ApplicationKind) -> World {
        let mut hospital = Hospital::new(&format!("assessments-{name}"));
        let system = hospital.system;
        let mut environment = |name: &str, purpose| {
            let differences = (purpose == Purpose::Test).then(|| "患者データは匿名化".to_owned());
            EnvironmentId(hospital.keep(Environment { system, name: name.to_owned(), purpose, differences }))
        };
        let (test, live) =
            (environment("試験環境", Purpose::Test), environment("本番環境", Purpose::Production));
        let plan = AssessmentPlanId(Uuid::nil());
        let mut world = World { hospital, test, live, plan, files: 0 };
        world.plan = world.lay_down(application);
        world.not_obtainable(PORTAL).unwrap();
        if application != ApplicationKind::MedicalDevice {
            world.permit(manager, test, SITE).unwrap();
        }
        world
    }

    pub fn by<T>(&mut self, who: Who, step: impl FnOnce(&mut Records, &Entered, &Call) -> T) -> T {
        let who = who(&self.hospital).clone();
        self.as_person(&who, step)
    }

    pub fn as_person<T>(
        &mut self,
        who: &Entered,
        step: impl FnOnce(&mut Records, &Entered, &Call) -> T,
    ) -> T {
        let call = self.hospital.call();
        step(&mut self.hospital.records, who, &call)
    }

    /// A further person.
    pub fn person(&mut self, name: &str, roles: &[Role]) -> Entered {
        let token = TokenWanted { purpose: "test".to_owned(), scope: Scope::Write, days: 3000 };
        let roles = roles.iter().copied().collect();
        let text = self.by(admin, |records, who, call| {
            let done = people::register(records, who, call, name, roles).unwrap();
            let person = PersonId(done.stream.id);
            people::issue_token(records, who, call, person, token).unwrap().1.unwrap()
        });
        self.hospital.records.enter(&text, self.hospital.now).unwrap()
    }

    pub fn lay_down(&mut self, application: ApplicationKind) -> AssessmentPlanId {
        let order = PlanOrder {
            name: "患者ポータル".to_owned(),
            subject: Subject::System(self.hospital.system),
            application,
            checks: BTreeSet::new(),
            interval_days: 365,
            notice_days: 30,
            on_release: true,
            responsible: self.hospital.manager.person(),
            first_due: "2026-12-01".parse().unwrap(),
            exposure: Exposure::Open,
            affects_patients: true,
            merge_rules: BTreeSet::new(),
        };
        let done =
            self.by(manager, |records, who, call| assessments::lay_down(records, who, call, order)).unwrap();
        AssessmentPlanId(done.stream.id)
    }

    pub fn state_source(&mut self, name: &str, stated: &SourceStated) -> Result<Done, RecordsError> {
        let (plan, name) = (self.plan, name.to_owned());
        self.by(operator, |records, who, call| {
            assessments::state_deliverable(records, who, call, plan, name, stated)
        })
    }

    pub fn not_obtainable(&mut self, name: &str) -> Result<Done, RecordsError> {
        let request = self.hospital.file("request.txt", "ソースコードの開示依頼");
        let answer = self.hospital.file("answer.txt", "開示できない");
        self.state_source(name, &SourceStated::NotObtainable { why: "契約".to_owned(), request, answer })
    }

    pub fn available(&mut self, name: &str) -> Result<Done, RecordsError> {
        self.state_source(name, &SourceStated::Available { place: "https://git.example/portal".to_owned() })
    }

    pub fn permit(
        &mut self,
        who: Who,
        environment: EnvironmentId,
        target: &str,
    ) -> Result<Done, RecordsError> {
        let permitted = (target.parse().unwrap(), "診断のために用意した".to_owned());
        self.by(who, |records, who, call| {
            targets::permit(records, who, call, environment, permitted, &resolve)
        })
    }

    pub fn asked(&self, environment: Option<EnvironmentId>, way: Way, targets: &[&str]) -> RunAsked {
        RunAsked {
            plan: self.plan,
            way,
            environment,
            deliverables: BTreeSet::new(),
            targets: targets.iter().map(|target| target.parse().unwrap()).collect(),
            version: "2.0".to_owned(),
            planned_for: day(self.hospital.now),
            tester: None,
        }
    }

    pub fn plan_run(&mut self, who: Who, asked: RunAsked) -> Result<AssessmentId, RecordsError> {
        let done = self.by(who, |records, who, call| runs::plan(records, who, call, asked, &resolve))?;
        Ok(AssessmentId(done.stream.id))
    }

    pub fn start(&mut self, who: Who, run: AssessmentId) -> Result<Done, RecordsError> {
        self.by(who, |records, who, call| runs::start(records, who, call, run, &resolve))
    }

    /// A run from outside in the test environment, started by the operator, who tests.
    pub fn started(&mut self) -> AssessmentId {
        let asked = self.asked(Some(self.test), Way::Outside, &[SITE]);
        let run = self.plan_run(operator, asked).unwrap();
        self.start(operator, run).unwrap();
        run
    }

    /// A run of source code.
    pub fn source_run(&mut self) -> AssessmentId {
        let asked = self.asked(None, Way::Source, &[]);
        let run = self.plan_run(operator, asked).unwrap();
        self.start(operator, run).unwrap();
        run
    }

    pub fn ask_exception(
        &mut self,
        who: Who,
        run: AssessmentId,
        days: (i64, i64),
    ) -> Result<Done, RecordsError> {
        let today = day(self.hospital.now);
        let institution = PartyId(self.hospital.keep(Party {
            name: "中央病院".to_owned(),
            kind: PartyKind::Institution,
            contact: None,
            pinned_keys: Vec::new(),
        }));
        let asked = ExceptionAsked {
            reason: "本番だけに連携がある".to_owned(),
            institution,
            notice: self.hospital.file("notice.txt", "深夜に診断します"),
            from: today.checked_add(days.0.days()).unwrap(),
            until: today.checked_add(days.1.days()).unwrap(),
        };
        self.by(who, |records, who, call| runs::ask_exception(records, who, call, run, asked))
    }

    pub fn approve_exception(&mut self, who: &Entered, run: AssessmentId) -> Result<Done, RecordsError> {
        self.as_person(who, |records, who, call| {
            runs::approve_exception(records, who, call, run, &WordGiven::Software)
        })
    }

    pub fn import(&mut self, run: AssessmentId, files: &[PathBuf]) -> Result<Done, RecordsError> {
        self.import_as(operator, run, files)
    }

    pub fn import_as(
        &mut self,
        who: Who,
        run: AssessmentId,
        files: &[PathBuf],
    ) -> Result<Done, RecordsError> {
        self.by(who, |records, who, call| {
            reports::import(records, who, call, run, Handed { files, ..Handed::default() })
                .map(|(done, _)| done)
        })
    }

    /// Somebody who did not test says that the scans of these files were made now.
    pub fn import_made_now(&mut self, run: AssessmentId, files: &[PathBuf]) -> Result<Done, RecordsError> {
        let taken = Some(TakenWhen::At(self.hospital.now));
        self.by(manager, |records, who, call| {
            reports::import(records, who, call, run, Handed { files, taken, ..Handed::default() })
                .map(|(done, _)| done)
        })
    }

    pub fn explain(&mut self, who: Who, run: AssessmentId, report: &Path) -> Result<Done, RecordsError> {
        let name = report.file_name().unwrap().to_string_lossy().into_owned();
        let said = (About::Report(name), "転送先のサーバだった。停止を確認した".to_owned());
        self.by(who, |records, who, call| runs::explain(records, who, call, run, said, &WordGiven::Software))
    }

    pub fn close(&mut self, run: AssessmentId) -> Result<Done, RecordsError> {
        self.by(manager, |records, who, call| runs::close(records, who, call, run, "完了".to_owned()))
    }

    pub fn propose(&mut self, who: &Entered, findings: &[&str], until: &str) -> Result<Done, RecordsError> {
        let plan = self.plan;
        let asked = VerdictAsked {
            findings: findings.iter().map(|one| (*one).to_owned()).collect(),
            verdict: FindingVerdict::FalsePositive,
            reason: "試験用の頁".to_owned(),
            until: until.parse().unwrap(),
            documents: Vec::new(),
        };
        self.as_person(who, |records, who, call| findings::propose(records, who, call, plan, &asked))
    }

    pub fn approve_finding(&mut self, who: &Entered, id: ScanFindingId) -> Result<Done, RecordsError> {
        self.as_person(who, |records, who, call| {
            findings::approve(records, who, call, id, &WordGiven::Software)
        })
    }

    /// Findings by rule: identity, presence, whether something has to be decided, what counts.
    pub fn rows(&self) -> Vec<(String, String, Presence, bool, Decided)> {
        let (records, who) = (&self.hospital.records, &self.hospital.auditor);
        let mut all = findings::list(records, who, self.plan, day(self.hospital.now), |_, rows| {
            let row = |row: &shindan_domain::assessment::FindingRow<'_>| {
                let rule = row.known.result.rule.clone();
                (rule, row.fingerprint.to_string(), row.known.presence, row.is_open(), row.decided)
            };
            rows.iter().map(row).collect::<Vec<_>>()
        })
        .unwrap();
        all.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        all
    }

    pub fn finding(&self, rule: &str) -> (String, Presence, bool, Decided) {
        let found: Vec<_> = self.rows().into_iter().filter(|row| row.0 == rule).collect();
        assert_eq!(found.len(), 1, "{rule}: {found:?}");
        let (_, fingerprint, presence, open, decided) = found[0].clone();
        (fingerprint, presence, open, decided)
    }

    pub fn state<P: Process>(&self, id: impl Into<Uuid>) -> P {
        let record = self.hospital.records.store().record(Stream::new(P::KIND, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    pub fn run(&self, id: AssessmentId) -> Assessment {
        self.state(id)
    }

    pub fn plan(&self) -> AssessmentPlan {
        self.state(self.plan)
    }

    pub fn refusals(&self) -> usize {
        self.hospital.records.store().refusals(None, 1000).unwrap().len()
    }

    /// A report of ZAP about sites: each with its alerts (rule, path, risk).
    pub fn zap(&mut self, sites: &[(&str, &[Alert<'_>])]) -> PathBuf {
        let alert = |site: &str, (rule, path, risk): &Alert<'_>| {
            json!({"pluginid": rule, "alert": format!("alert {rule}"), "riskcode": risk.to_string(),
                "confidence": "3", "desc": "説明", "solution": "対策", "cweid": "79",
                "instances": [{"uri": format!("{site}{path}"), "method": "GET", "param": "", "evidence": "x"}]})
        };
        let site = |(name, alerts): &(&str, &[Alert<'_>])| {
            let alerts: Vec<Value> = alerts.iter().map(|one| alert(name, one)).collect();
            json!({"@name": name, "alerts": alerts})
        };
        let sites: Vec<Value> = sites.iter().map(site).collect();
        let report = json!({"@programName": "ZAP", "@version": "2.15.0", "@generated": self.hospital.now.to_string(),
            "site": sites});
        self.file("zap", &report)
    }

    /// SARIF of several runs of one tool: each with its results (rule, file, code).
    pub fn sarif(&mut self, tool: &str, runs: &[&[(&str, &str, &str)]]) -> PathBuf {
        let result = |(rule, file, code): &(&str, &str, &str)| {
            json!({"ruleId": rule, "level": "error", "message": {"text": format!("found by {rule}")},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": file},
                    "region": {"startLine": 7, "snippet": {"text": code}}}}]})
        };
        let now = self.hospital.now.to_string();
        let run = |results: &&[(&str, &str, &str)]| {
            let results: Vec<Value> = results.iter().map(result).collect();
            json!({"tool": {"driver": {"name": tool, "version": "1.0"}}, "results": results,
                "invocations": [{"executionSuccessful": true, "startTimeUtc": now}]})
        };
        let runs: Vec<Value> = runs.iter().map(run).collect();
        self.file(tool, &json!({"version": "2.1.0", "runs": runs}))
    }

    fn file(&mut self, name: &str, content: &Value) -> PathBuf {
        self.files += 1;
        self.hospital.file(&format!("{name}-{}.json", self.files), &content.to_string())
    }

    /// The chain is whole, and building all records anew from it gives what is there.
    pub fn check_ledger(&mut self) {
        let checked = ledger::verify(&self.hospital.records, &[], true).unwrap();
        assert!(checked.is_whole() && checked.differences.is_some(), "{checked:?}");
        let (plan, rows) = (self.plan(), self.rows());
        let admin = self.hospital.admin.clone();
        ledger::rebuild(&mut self.hospital.records, &admin).unwrap();
        assert_eq!((self.plan(), self.rows()), (plan, rows));
    }
}
