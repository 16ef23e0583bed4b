//! The hospital with its provider, a test environment, and a case that a patch is to remedy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::SignedDuration;
use shindan_app::patch_verification::VerificationRequest;
use shindan_app::records::changes::{self, TestDone};
use shindan_app::records::organisation;
use shindan_app::records::patches::{self, EffectShown, Registration, expected_value};
use shindan_app::records::rollouts::{self, Shown};
use shindan_app::records::{Call, Done, Entered, RecordsError, WordGiven};
use shindan_domain::case::{Subject, Treatment};
use shindan_domain::change::{Change, ChangeKind, Consent, PlanDraft, PlannedTest, TestPlace, TestResult};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{Environment, Party, PartyKind, Purpose, ServiceState, System};
use shindan_domain::patch::{Patch, PatchParticulars};
use shindan_domain::process::{Process, ReasonCode, Refusal};
use shindan_domain::record_id::{CaseId, ChangeId, EnvironmentId, PartyId, PatchId, SystemId};
use shindan_domain::verification::Verdict;

use crate::hospital::Hospital;

/// Content of the patch as its maker published it.
pub const PATCH: &[u8] = b"ward-viewer 1.2.0, as published\n";

pub struct Works {
    pub hospital: Hospital,
    pub institution: PartyId,
    pub provider: PartyId,
    pub test: EnvironmentId,
    pub live: EnvironmentId,
    pub case: CaseId,
    /// The file of the patch.
    pub file: PathBuf,
}

impl Works {
    /// A case about `ward-viewer`, decided as `treatment` and approved.
    pub fn new(name: &str, treatment: Treatment) -> Works {
        let mut hospital = Hospital::new(&format!("changes-{name}"));
        hospital.learn(&[("CVE-2026-2001", "ward-viewer", "1.2.0", true)]);
        let institution = PartyId(hospital.keep(party("中央病院", PartyKind::Institution)));
        let provider = PartyId(hospital.keep(party("カルテ工業", PartyKind::Provider)));
        let system = SystemId(hospital.keep(System {
            name: "病棟システム".to_owned(),
            operator: institution,
            provider,
            sites: Vec::new(),
            service: ServiceState::InService,
        }));
        hospital.system = system;
        let environment =
            |name: &str, purpose| Environment { system, name: name.to_owned(), purpose, differences: None };
        let test = EnvironmentId(hospital.keep(environment("検証環境", Purpose::Test)));
        let live = EnvironmentId(hospital.keep(environment("本番環境", Purpose::Production)));
        let list = hospital.list("live.json", &[("ward-viewer", "1.0.0"), ("other", "3.0.0")]);
        hospital.refresh(&[list]);
        let case = hospital.case_of("ward-viewer");
        hospital.settle(case, treatment, None);
        let file = hospital.root.join("ward-viewer-1.2.0.bin");
        std::fs::write(&file, PATCH).unwrap();
        Works { hospital, institution, provider, test, live, case, file }
    }

    /// A step by somebody, a minute after the last one.
    pub fn by<T>(
        &mut self,
        who: fn(&Hospital) -> &Entered,
        step: impl FnOnce(&mut shindan_app::records::Records, &Entered, &Call) -> T,
    ) -> T {
        let call = self.hospital.call();
        let who = who(&self.hospital).clone();
        step(&mut self.hospital.records, &who, &call)
    }

    pub fn state<P: Process>(&self, kind: Kind, id: uuid::Uuid) -> P {
        let record = self.hospital.records.store().record(Stream::new(kind, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    pub fn patch(&self, id: PatchId) -> Patch {
        self.state(Kind::Patch, id.0)
    }

    pub fn change(&self, id: ChangeId) -> Change {
        self.state(Kind::Change, id.0)
    }

    /// Takes a file in as a patch for the case; its digest came by another way.
    pub fn register(&mut self, file: &Path) -> Result<PatchId, RecordsError> {
        let digest = Hash::of(PATCH).to_string();
        let page = "メーカーの公開ページ".parse().unwrap();
        let registration = Registration {
            particulars: PatchParticulars {
                name: "ward-viewer 1.2.0".to_owned(),
                maker: self.provider,
                cases: vec![self.case],
                vulnerabilities: Vec::new(),
                expected: vec![expected_value(&format!("sha256:{digest}"), &page).unwrap()],
            },
            file: file.to_owned(),
            obtained_from: "保守員の媒体".parse().unwrap(),
        };
        let done =
            self.by(operator, |records, who, call| patches::register(records, who, call, registration))?;
        Ok(PatchId(done.stream.id))
    }

    pub fn verify(&mut self, patch: PatchId, file: &Path) -> Result<Verdict, RecordsError> {
        let request = VerificationRequest { file: file.to_owned(), ..VerificationRequest::default() };
        self.by(operator, |records, who, call| patches::verify(records, who, call, patch, request, call.now))
            .map(|(_, verdict)| verdict)
    }

    pub fn effect(&mut self, patch: PatchId, inventory: PathBuf) -> Result<Done, RecordsError> {
        let environment = self.test;
        let shown = EffectShown::Rematch { environment, inventory };
        self.by(operator, |records, who, call| patches::show_effect(records, who, call, patch, shown))
    }

    /// Genuine and effective.
    pub fn usable_patch(&mut self) -> PatchId {
        let file = self.file.clone();
        let patch = self.register(&file).unwrap();
        self.verify(patch, &file).unwrap();
        let repaired = self.repaired("test-environment.json");
        self.effect(patch, repaired).unwrap();
        patch
    }

    /// An inventory in which the weakness is repaired.
    pub fn repaired(&self, name: &str) -> PathBuf {
        self.hospital.list(name, &[("ward-viewer", "1.2.0"), ("other", "3.0.0")])
    }

    pub fn plan(&mut self, kind: ChangeKind, patch: Option<PatchId>) -> Result<ChangeId, RecordsError> {
        let draft = PlanDraft {
            kind,
            title: "病棟ビューアの更新".to_owned(),
            description: "停止、更新、起動、表示の確認".to_owned(),
            case: self.case,
            system: self.hospital.system,
            assets: Vec::new(),
            patch,
            institution: self.institution,
        };
        let done = self.by(operator, |records, who, call| changes::plan(records, who, call, draft))?;
        Ok(ChangeId(done.stream.id))
    }

    pub fn assess(&mut self, change: ChangeId) {
        let impact = ("10 分間、病棟の表示が止まる".to_owned(), 10);
        self.by(operator, |records, who, call| {
            changes::assess_impact(records, who, call, change, impact, &[])
        })
        .unwrap();
        let test = PlannedTest {
            name: "表示".to_owned(),
            expected: "患者一覧が表示される".to_owned(),
            mandatory: true,
        };
        self.by(operator, |records, who, call| changes::plan_tests(records, who, call, change, vec![test]))
            .unwrap();
    }

    pub fn run_test(
        &mut self,
        change: ChangeId,
        environment: EnvironmentId,
        file: Option<PathBuf>,
        result: TestResult,
    ) -> Result<Done, RecordsError> {
        let protocol = self.hospital.file("protocol.txt", "患者一覧を表示した");
        let done = TestDone {
            test: "表示".to_owned(),
            result,
            place: TestPlace::Environment(environment),
            documents: vec![protocol],
            note: String::new(),
            file,
        };
        self.by(operator, |records, who, call| changes::run_test(records, who, call, change, done))
    }

    pub fn confirm_tests(&mut self, change: ChangeId) -> Result<Done, RecordsError> {
        self.by(colleague, |records, who, call| {
            changes::confirm_results(records, who, call, change, &WordGiven::Software)
        })
    }

    /// The institution's consent on paper, from now on for a day.
    pub fn consent(&mut self, change: ChangeId) -> Result<Done, RecordsError> {
        let scan = self.hospital.file("consent.pdf", "同意書（押印済み）");
        let word = WordGiven::Paper { scan, signer: "病院長 五郎".to_owned(), person: None };
        let from = self.hospital.now;
        let until = from.checked_add(SignedDuration::from_hours(24)).unwrap();
        let roll_back = "前の版を入れ直す".to_owned();
        let consent = Consent { from, until, stop_minutes: 15, roll_back };
        self.by(operator, |records, who, call| changes::consent(records, who, call, change, consent, &word))
    }

    /// Assessed, tested, confirmed and consented to.
    pub fn prepare(&mut self, change: ChangeId) {
        self.assess(change);
        let (environment, file) = (self.test, self.file.clone());
        self.run_test(change, environment, Some(file), TestResult::Passed).unwrap();
        self.confirm_tests(change).unwrap();
        self.consent(change).unwrap();
    }

    pub fn apply(&mut self, change: ChangeId, file: Option<PathBuf>) -> Result<Done, RecordsError> {
        self.by(operator, |records, who, call| {
            rollouts::apply(records, who, call, change, Vec::new(), file.as_deref())
        })
    }

    pub fn confirm_after(&mut self, change: ChangeId, inventory: PathBuf) -> Result<Done, RecordsError> {
        let shown = Shown::Rematch { inventories: vec![inventory], register: false };
        self.by(colleague, |records, who, call| {
            rollouts::confirm_after(records, who, call, change, Vec::new(), shown, &WordGiven::Software)
        })
    }

    /// Compares the system with this inventory.
    pub fn refresh(&mut self, inventory: PathBuf) {
        assert_eq!(self.hospital.case(self.case).subject, Subject::System(self.hospital.system));
        self.hospital.refresh(&[inventory]);
    }

    /// Every state is what its entries give, and no entry was touched.
    pub fn is_whole(&self) {
        let checked = shindan_app::records::ledger::verify(&self.hospital.records, &[], true).unwrap();
        assert!(checked.verified.is_whole(), "{:?}", checked.verified.problems);
        assert_eq!(checked.differences, Some(Vec::new()));
    }
}

fn party(name: &str, kind: PartyKind) -> Party {
    Party { name: name.to_owned(), kind, contact: None, pinned_keys: Vec::new() }
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

pub fn manager(hospital: &Hospital) -> &Entered {
    &hospital.manager
}

pub fn auditor(hospital: &Hospital) -> &Entered {
    &hospital.auditor
}

/// What a refusal names as missing.
pub fn missing(refusal: &Refusal) -> BTreeSet<ReasonCode> {
    refusal.missing.iter().map(|reason| reason.code).collect()
}

/// A key of a party, made by minisign and pinned; `None` if the tool is absent.
pub struct Key {
    folder: PathBuf,
    pub public: PathBuf,
}

impl Key {
    pub fn of(works: &mut Works, party: PartyId, name: &str) -> Option<Key> {
        let folder = works.hospital.root.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let public = folder.join("key.pub");
        let made = Command::new("minisign")
            .args(["-G", "-W", "-f", "-p"])
            .arg(&public)
            .arg("-s")
            .arg(folder.join("key.sec"))
            .output();
        match made {
            Ok(output) => assert!(output.status.success(), "{output:?}"),
            Err(error) => {
                assert!(std::env::var_os("SHINDAN_REQUIRE_TOOLS").is_none(), "minisign is needed: {error}");
                eprintln!("SKIPPED: minisign cannot be started: {error}");
                return None;
            }
        }
        let text = std::fs::read_to_string(&public).unwrap();
        let pinned = text.lines().nth(1).unwrap().trim().to_owned();
        let channel = "契約書の別紙".parse().unwrap();
        works
            .by(manager, |records, who, call| {
                let reason = "契約時に受領".to_owned();
                organisation::pin_key(records, who, call, party, &pinned, channel, reason)
            })
            .unwrap();
        Some(Key { folder, public })
    }

    /// A signature over a file.
    pub fn sign(&self, file: &Path) -> PathBuf {
        let signature = self.folder.join("signature.minisig");
        let signed = Command::new("minisign")
            .args(["-S", "-s"])
            .arg(self.folder.join("key.sec"))
            .arg("-m")
            .arg(file)
            .arg("-x")
            .arg(&signature)
            .output()
            .unwrap();
        assert!(signed.status.success(), "{signed:?}");
        signature
    }
}
