//! Security assessments of a patient portal made by hand: a run in a test environment with a report that strayed, a run on production
//! by exception, findings in every state; and a device that nobody assessed. All of it is invented.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use shindan_domain::approval::{Given, Word};
use shindan_domain::assessment::decision::DecisionStage;
use shindan_domain::assessment::overview::{overview, reference};
use shindan_domain::assessment::plan::{AssessedBy, Deliverable, Trigger};
use shindan_domain::assessment::run::{Counts, Exception, Explained, RunStage, Start};
use shindan_domain::assessment::severity::{Bands, Scale, combinations};
use shindan_domain::assessment::{
    ApplicationKind, Assessment, AssessmentPlan, Availability, Check, CheckPack, Completion, FindingRow,
    FindingVerdict, Fingerprint, Known, LeftOut, Level, PlanDraft, Presence, Proposal, ReportRead, RunOrder,
    Scan, ScanBegun, ScanEnd, ScanEnded, ScanFinding, ScanFormat, ScanHow, ScanPlace, ScanResult, SeenBy,
    SeverityTable, Standing, Target, Tool, Way,
};
use shindan_domain::case::Subject;
use shindan_domain::evidence::Document;
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Exposure;
use shindan_domain::ledger::{Checkpoint, Hash, Kind, Stream};
use shindan_domain::localised::Localised;
use shindan_domain::organisation::Purpose;
use shindan_domain::priority::Decision;
use shindan_domain::record_id::{
    AssessmentId, AssessmentPlanId, CaseId, EnvironmentId, InstallationId, PartyId, PersonId, ScanFindingId,
    SystemId,
};
use uuid::Uuid;

use crate::assessments::{AssessmentReport, PlanPart, RunPart};
use crate::records::Names;

/// The day for which the sample holds.
pub(crate) const AS_OF: Date = date(2026, 11, 27);
/// What the short form must never show: hosts, addresses, paths, evidence, names of persons and files.
pub(crate) const PRIVATE: [&str; 12] = [
    "portal-test",
    "10.20",
    "192.168",
    "/login",
    "src/",
    "root:x:0:0",
    "山田",
    "佐藤",
    "zap-report",
    "検証環境A",
    "患者の少ない",
    "git.example",
];

/// A plan, what is known of its findings, and what is decided about them.
pub(crate) type KnownPlan = (AssessmentPlan, Standing, Vec<(ScanFindingId, ScanFinding)>);

/// Everything that a report borrows from.
pub(crate) struct Sample {
    pub(crate) plans: Vec<KnownPlan>,
    pub(crate) runs: Vec<Assessment>,
    pub(crate) names: Names,
    pub(crate) checks: CheckPack,
    pub(crate) severities: SeverityTable,
    pub(crate) checkpoint: Checkpoint,
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(number: u128) -> PersonId {
    PersonId(id(number))
}

fn document(name: &str) -> Document {
    Document { sha256: Hash::of(name.as_bytes()), size: 1_234, name: name.to_owned() }
}

fn both(ja: &str, en: &str) -> Localised {
    Localised { ja: ja.to_owned(), en: en.to_owned() }
}

fn texts(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn sample() -> Sample {
    let people = BTreeMap::from([(person(1), "山田 花子".to_owned()), (person(2), "佐藤 次郎".to_owned())]);
    let records = BTreeMap::from([
        (Stream::new(Kind::Party, id(20)), "中央病院 <情報部>".to_owned()),
        (Stream::new(Kind::Case, id(50)), "MED-2026-0050".to_owned()),
    ]);
    let severities = severities();
    let (plan, standing) = (portal(), standing());
    let decisions = decisions(&plan, &standing, &severities);
    Sample {
        plans: vec![(plan, standing, decisions), (pump(), Standing::default(), Vec::new())],
        runs: vec![in_test(), on_production(), given_up()],
        names: Names { people, records },
        checks: checks(),
        severities,
        checkpoint: Checkpoint {
            installation: InstallationId(id(1)),
            sequence: 1_842,
            hash: Hash::of(b"ledger"),
            at: time("2026-11-27T01:00:00Z"),
            key: "00".repeat(32),
            signature: "00".repeat(64),
        },
    }
}

impl Sample {
    /// Findings of each plan.
    pub(crate) fn rows(&self) -> Vec<Vec<FindingRow<'_>>> {
        let mut all = Vec::new();
        for (plan, standing, decisions) in &self.plans {
            all.push(overview(plan, standing, decisions, &self.severities, AS_OF));
        }
        all
    }

    /// The report of the service.
    pub(crate) fn report<'a>(&'a self, rows: &'a [Vec<FindingRow<'a>>]) -> AssessmentReport<'a> {
        let numbers = ["MED-2026-0101", "MED-2026-0102", "MED-2026-0103"];
        let run = |(index, run): (usize, &'a Assessment)| RunPart {
            id: AssessmentId(id(index as u128 + 30)),
            number: numbers[index],
            run,
            environment: run.order.environment.map(|one| if one.0 == id(40) { "検証環境A" } else { "本番" }),
        };
        let part = |(index, (plan, rows)): (usize, (&'a AssessmentPlan, &'a Vec<FindingRow<'a>>))| PlanPart {
            id: AssessmentPlanId(id(index as u128 + 10)),
            number: ["MED-2026-0011", "MED-2026-0012"][index],
            plan,
            runs: if index == 0 { self.runs.iter().enumerate().map(run).collect() } else { Vec::new() },
            rows,
        };
        let plans = self.plans.iter().map(|(plan, ..)| plan).zip(rows).enumerate();
        AssessmentReport {
            service: "患者ポータル <外来>",
            as_of: AS_OF,
            made: time("2026-11-27T01:05:00Z"),
            plans: plans.map(part).collect(),
            checks: &self.checks,
            severities: &self.severities,
            checkpoint: Some(&self.checkpoint),
            names: &self.names,
        }
    }
}

fn draft(name: &str, application: ApplicationKind, checks: &[&str], first_due: Date) -> PlanDraft {
    PlanDraft {
        name: name.to_owned(),
        subject: Subject::System(SystemId(id(2))),
        application,
        checks: texts(checks),
        checks_from: "shindan-checks 1.0.0".to_owned(),
        interval_days: 365,
        notice_days: 60,
        on_release: true,
        responsible: person(1),
        first_due,
        exposure: Exposure::Open,
        affects_patients: true,
        merge_rules: BTreeSet::new(),
    }
}

fn portal() -> AssessmentPlan {
    let stated = |availability| Deliverable { availability, by: person(2), on: date(2026, 4, 1) };
    let source = Availability::Available { place: "https://git.example/portal".to_owned() };
    let refused = Availability::NotObtainable {
        why: "製造元の営業秘密".to_owned(),
        request: document("開示依頼書.pdf"),
        answer: document("回答書.pdf"),
    };
    let checks = ["web-login", "web-session-end", "web-of-an-older-list"];
    AssessmentPlan {
        draft: draft("患者ポータル", ApplicationKind::Web, &checks, date(2026, 6, 30)),
        deliverables: BTreeMap::from([
            ("portal-web".to_owned(), stated(refused)),
            ("portal-batch".to_owned(), stated(source)),
        ]),
        trigger: Some(Trigger {
            release: "2.4.0".to_owned(),
            due: date(2026, 12, 20),
            on: date(2026, 11, 20),
        }),
        assessed: vec![AssessedBy {
            run: AssessmentId(id(30)),
            on: date(2026, 5, 20),
            way: Way::Outside,
            deliverables: texts(&["portal-web"]),
            purpose: Some(Purpose::Test),
        }],
        joined: Vec::new(),
        standing: Some(document("findings.json.gz")),
        ended: None,
    }
}

/// Nobody assessed it, nobody stated what was delivered, and it is late.
fn pump() -> AssessmentPlan {
    AssessmentPlan {
        draft: draft("輸液ポンプ管理", ApplicationKind::MedicalDevice, &["device-ports"], date(2026, 9, 30)),
        deliverables: BTreeMap::new(),
        trigger: None,
        assessed: Vec::new(),
        joined: Vec::new(),
        standing: None,
        ended: None,
    }
}

fn order(environment: u128, purpose: Purpose, targets: &[&str]) -> RunOrder {
    RunOrder {
        plan: AssessmentPlanId(id(10)),
        title: "患者ポータル".to_owned(),
        way: Way::Outside,
        environment: Some(EnvironmentId(id(environment))),
        purpose: Some(purpose),
        differences: (purpose == Purpose::Test).then(|| "WAFなし、利用者は10名分の架空データ".to_owned()),
        deliverables: texts(&["portal-web"]),
        targets: targets.iter().map(|text| text.parse::<Target>().unwrap()).collect(),
        version: "2.3.1".to_owned(),
        planned_for: date(2026, 5, 11),
        tester: person(2),
    }
}

fn read(name: &str, tool: (&str, Option<&str>), format: ScanFormat) -> ReportRead {
    ReportRead {
        document: document(name),
        format,
        tool: Tool {
            name: tool.0.to_owned(),
            key: tool.0.to_lowercase(),
            version: tool.1.map(str::to_owned),
        },
        started: Some(time("2026-05-11T01:10:00Z")),
        ended: Some(time("2026-05-11T03:00:00Z")),
        completion: Completion::Finished,
        findings: 6,
        counts: Counts { fresh: 4, still: 1, gone: 1, back: 1, not_looked_at: 0 },
        left_out: BTreeMap::from([(LeftOut::Passed, 118)]),
        unreadable: 0,
        touched: 2,
        strayed: BTreeSet::new(),
        strayed_count: 0,
        before_start: false,
        in_future: false,
        dated: None,
        outside_exception: false,
        covered: BTreeSet::new(),
    }
}

fn start(at: &str) -> Start {
    Start { resolved: BTreeMap::new(), by: person(2), at: time(at) }
}

fn in_test() -> Assessment {
    let mut strayed = read("zap-report.json", ("ZAP", Some("2.16.1")), ScanFormat::ZapJson);
    strayed.strayed = texts(&["192.168.7.9"]);
    strayed.strayed_count = 1;
    let explained = Explained {
        report: strayed.document.clone(),
        note: "試験環境の負荷分散装置。影響がないことを確認した。".to_owned(),
        given: Given { recorded_by: person(1), at: time("2026-05-13T02:00:00Z"), word: Word::Software },
    };
    Assessment {
        order: order(40, Purpose::Test, &["https://portal-test.example/", "10.20.0.5"]),
        exception: None,
        former_exceptions: Vec::new(),
        reports: vec![strayed, read("testssl.csv", ("testssl.sh", None), ScanFormat::TestsslCsv)],
        explained: vec![explained],
        not_reached: Vec::new(),
        scans: Vec::new(),
        readers: BTreeSet::new(),
        stage: RunStage::Closed {
            start: start("2026-05-11T01:00:00Z"),
            by: person(1),
            at: time("2026-05-20T05:00:00Z"),
            note: String::new(),
        },
    }
}

fn on_production() -> Assessment {
    let mut unfinished = read("nikto.xml", ("Nikto", Some("2.5.0")), ScanFormat::NiktoXml);
    unfinished.completion = Completion::Unfinished;
    unfinished.counts.not_looked_at = 3;
    unfinished.unreadable = 2;
    unfinished.before_start = true;
    unfinished.in_future = true;
    let exception = Exception {
        reason: "患者の少ない夜間に実施し、担当者が待機する".to_owned(),
        institution: PartyId(id(20)),
        notice: document("通知書.pdf"),
        from: date(2026, 11, 20),
        until: date(2026, 11, 22),
        by: person(2),
        at: time("2026-11-10T02:00:00Z"),
        approval: Some(Given {
            recorded_by: person(2),
            at: time("2026-11-12T02:00:00Z"),
            word: Word::Paper {
                signer: "山田 花子".to_owned(),
                person: None,
                document: document("承認.pdf"),
            },
        }),
    };
    Assessment {
        order: order(41, Purpose::Production, &["10.20.0.5"]),
        exception: Some(exception),
        former_exceptions: Vec::new(),
        reports: vec![unfinished],
        explained: Vec::new(),
        not_reached: Vec::new(),
        scans: vec![begun("nikto", Some(ScanHow::Failed)), begun("nmap", None)],
        readers: BTreeSet::new(),
        stage: RunStage::Started(start("2026-11-20T13:00:00Z")),
    }
}

fn begun(tool: &str, how: Option<ScanHow>) -> ScanBegun {
    let scan = Scan {
        tool: tool.to_owned(),
        version: Some("2.5.0".to_owned()),
        target: "10.20.0.5".parse().ok(),
        folder: None,
        once: None,
    };
    let end = |how| ScanEnd { how, exit: Some(1), detail: "no route <to> host".to_owned() };
    let ended = |how| ScanEnded { end: end(how), by: person(1), at: time("2026-11-20T13:20:00Z") };
    ScanBegun { scan, by: person(1), at: time("2026-11-20T13:10:00Z"), ended: how.map(ended) }
}

fn given_up() -> Assessment {
    let stage = RunStage::Cancelled {
        start: None,
        reason: "検証環境Aの障害".to_owned(),
        by: person(9),
        at: time("2026-03-01T00:00:00Z"),
    };
    Assessment { exception: None, reports: Vec::new(), explained: Vec::new(), stage, ..in_test() }
}

fn result(rule: &str, title: &str, severity: &str, place: ScanPlace) -> (&'static str, ScanResult) {
    let mut result = ScanResult::new(rule, title, FindingKind::Vulnerability, place);
    result.severity = severity.to_owned();
    result.evidence = "root:x:0:0".to_owned();
    ("zap", result)
}

fn web(path: &str) -> ScanPlace {
    ScanPlace {
        host: Some("portal-test.example".to_owned()),
        port: Some(443),
        path: Some(path.to_owned()),
        url: Some(format!("https://portal-test.example{path}")),
        parameter: Some("user".to_owned()),
        ..ScanPlace::default()
    }
}

fn found() -> Vec<((&'static str, ScanResult), Presence)> {
    let source = ScanPlace { file: Some("src/a.py".to_owned()), line: Some(12), ..ScanPlace::default() };
    vec![
        (result("40018", "SQL Injection <script>", "critical", web("/login")), Presence::Fresh),
        (result("10016", "Cross Site Scripting", "high", web("/search")), Presence::Back),
        (result("10020", "Missing Anti-clickjacking Header", "medium", web("/")), Presence::Still),
        (result("10038", "Content Security Policy Not Set", "medium", web("/news")), Presence::Still),
        (result("10202", "Absence of Anti-CSRF Tokens", "low", web("/form")), Presence::Fresh),
        (result("90022", "Application Error Disclosure", "odd", web("/error")), Presence::Fresh),
        (result("10027", "Suspicious Comments", "info", source), Presence::Fresh),
        (result("10011", "Cookie Without Secure Flag", "low", web("/logout")), Presence::Gone),
    ]
}

fn standing() -> Standing {
    let by = |number: u128, on| SeenBy { run: AssessmentId(id(number)), on };
    let (first, last) = (by(30, date(2026, 5, 11)), by(31, date(2026, 11, 20)));
    let known = |((tool, result), presence): ((&'static str, ScanResult), Presence)| {
        let known = Known {
            tool: tool.to_owned(),
            environment: Some(EnvironmentId(id(40))),
            deliverables: texts(&["portal-web"]),
            first: if presence == Presence::Fresh { last } else { first },
            last: if presence == Presence::Gone { first } else { last },
            profile: None,
            gone: (presence == Presence::Gone).then_some(last),
            presence,
            runs: BTreeSet::from([first.run, last.run]),
            scanned: None,
            looked_in: BTreeSet::new(),
            result,
        };
        (Fingerprint::of(tool, &known.result), known)
    };
    Standing { findings: found().into_iter().map(known).collect(), reports: BTreeSet::new() }
}

/// The second one is in a case, the third accepted, the fourth a false positive, the fifth awaits approval.
fn decisions(
    plan: &AssessmentPlan,
    standing: &Standing,
    table: &SeverityTable,
) -> Vec<(ScanFindingId, ScanFinding)> {
    let rows = overview(plan, standing, &[], table, AS_OF);
    let at = time("2026-11-21T00:00:00Z");
    let proposal =
        |verdict, until| Proposal {
            verdict, reason: "WAFで遮断".to_owned(), until, documents: Vec::new()
        };
    let approved = |verdict, until| DecisionStage::Approved {
        proposal: proposal(verdict, until),
        by: person(2),
        approval: Given { recorded_by: person(1), at, word: Word::Software },
    };
    let stages = [
        ("10016", DecisionStage::InCase { case: CaseId(id(50)), by: person(2), at }),
        ("10020", approved(FindingVerdict::Accepted, date(2027, 3, 31))),
        ("10038", approved(FindingVerdict::FalsePositive, date(2027, 5, 31))),
        (
            "10202",
            DecisionStage::Proposed {
                proposal: proposal(FindingVerdict::Accepted, date(2027, 3, 31)),
                by: person(2),
                at,
            },
        ),
    ];
    let decision = |(number, (rule, stage)): (u128, (&str, DecisionStage))| {
        let row = rows.iter().find(|row| row.known.result.rule == rule).unwrap();
        let finding = reference(AssessmentPlanId(id(10)), row);
        (ScanFindingId(id(number)), ScanFinding { finding, stage, past: Vec::new() })
    };
    (60..).zip(stages).map(decision).collect()
}

fn checks() -> CheckPack {
    let check = |key: &str, title, references: &[&str]| Check {
        key: key.to_owned(),
        kinds: BTreeSet::from([ApplicationKind::Web]),
        title,
        text: both("", ""),
        ways: BTreeSet::from([Way::Source, Way::Outside]),
        references: references.iter().map(|one| (*one).to_owned()).collect(),
    };
    CheckPack {
        id: "shindan-checks".to_owned(),
        version: "1.0.0".to_owned(),
        title: both("検査項目", "Checks"),
        checks: vec![
            check(
                "web-login",
                both("ログインの保護", "Protection of the login"),
                &["WSTG-ATHN-03", "ASVS 5.0 V6"],
            ),
            check("web-session-end", both("ログアウトと時間切れ", "Logout and time-out"), &["WSTG-SESS-06"]),
            check("web-not-chosen", both("選ばれていない項目", "Not chosen"), &[]),
        ],
    }
}

fn severities() -> SeverityTable {
    let bands =
        || Bands::new([(90, Level::Critical), (70, Level::High), (40, Level::Medium), (1, Level::Low)]);
    let words = [
        ("critical", Level::Critical),
        ("high", Level::High),
        ("medium", Level::Medium),
        ("low", Level::Low),
        ("info", Level::Informational),
    ];
    let words = words.into_iter().map(|(word, level)| (word.to_owned(), Some(level))).collect();
    let priority = |level: Option<Level>| match level {
        Some(Level::Critical) => Decision::Immediate,
        Some(Level::High) => Decision::OutOfCycle,
        Some(Level::Medium) | None => Decision::Scheduled,
        Some(Level::Low | Level::Informational) => Decision::Defer,
    };
    SeverityTable::new(
        ("shindan-severities".to_owned(), "1.0.0".to_owned(), both("深刻度の対応表", "Table of severities")),
        Scale::ALL.into_iter().map(|scale| (scale, bands())).collect(),
        BTreeMap::from([("*".to_owned(), words)]),
        combinations().map(|all| (all, priority(all.0))),
    )
    .unwrap()
}
