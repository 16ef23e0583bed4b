//! What happened at the demo's hospital after the check: the chain from advisory to verified patch as executed steps.
//!
//! - `CVE-2018-13379` on a VPN device: from detection to a patch that is proven, tested, approved, applied and verified; closed.
//! - `CVE-2020-5902` on a load balancer: the file of the patch is not what its maker published. It stops at the gate.
//! - `CVE-2020-6961` on bedside monitors: accepted until a day, on paper.
//! - `CVE-2023-40159` on the PACS: the provider is asked in Excel; it cannot be patched, an alternative is agreed.
//! - A regular confirmation that nobody reported on is overdue.
//! - Devices and roles: see [`super::devices`].
//! - A security assessment: see [`super::assessments`].
//! - A week of looking at sources: see [`super::collection`].
//!
//! Every step goes through the use cases that people call; the clock is the demo's own.

use std::path::Path;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use shindan_domain::case::analysis::Effect;
use shindan_domain::case::{Applicability, Subject, Treatment};
use shindan_domain::change::{ChangeKind, Consent, PlanDraft, PlannedTest, TestPlace, TestResult};
use shindan_domain::comparison::KeptPart;
use shindan_domain::inquiry::{Affected, MayPatch};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{Environment, Party, PartyKind, Purpose, ServiceState, System};
use shindan_domain::patch::PatchParticulars;
use shindan_domain::process::Relation;
use shindan_domain::record_id::{
    CaseId, ChangeId, EnvironmentId, InquiryId, PartyId, PatchId, PersonId, PolicyId, SystemId,
};
use shindan_report::{Lang, Words};

use super::cast::{Cast, approver, colleague, manager, operator};
use super::days::Days;
use super::provider::{Typed, filled};
use crate::data_folder::DataFolder;
use crate::patch_verification::VerificationRequest;
use crate::progress::Silent;
use crate::records::analysis::AnalysisOrder;
use crate::records::cases::{self, DecideOrder, JudgeOrder};
use crate::records::changes::{self, TestDone};
use crate::records::confirmations::{self, Again, InstructionOrder};
use crate::records::inquiries::{self, InquiryOrder, SentBy};
use crate::records::kept::keep;
use crate::records::patches::{self, EffectShown, Registration, expected_value};
use crate::records::refresh::{RefreshOrder, refresh};
use crate::records::rollouts::{self, Shown};
use crate::records::{RecordsError, WordGiven, policies};
use crate::register::{self, ImportOptions};

/// The policy of the demo's hospital; invented, like the hospital: the guidelines give no numbers.
const POLICY: &str = "schema = \"shindan.policy-proposal/1\"
title = \"脆弱性への対応期限\"

[due-dates]
verify-after-change = 3
chase-inquiry = 7
review = 180
decide = { immediate = 2, out-of-cycle = 7, scheduled = 30 }
done = { immediate = 14, out-of-cycle = 30, scheduled = 90 }
";

const PATCH: &[u8] = b"FortiOS 6.0.5 for FortiGate-60F (stands for the maker's file)\n";
const OTHER_PATCH: &[u8] = b"BIG-IP 15.1.0.4 (stands for the maker's file)\n";

/// Until when the provider brings an update, and a risk is accepted.
const UPDATE: Date = date(2025, 3, 31);

/// The hospital, in both installations.
pub(super) const HOSPITAL_NAME: &str = "サンプル総合病院";
/// Its vendor, in both installations.
pub(super) const VENDOR_NAME: &str = "株式会社サンプルメディカルシステムズ";

/// The hospital's organisation.
pub(super) struct Works {
    pub cast: Cast,
    pub hospital: PartyId,
    pub provider: PartyId,
    pub line: SystemId,
    pub pacs: SystemId,
    test: EnvironmentId,
}

/// Lets it happen. `ledger`: the list of devices that the demo checked. `reports`: the folder with letters and reports of scanners.
///
/// # Errors
/// Those of the use cases; a step that should be refused and is not.
pub(super) fn tell(
    cast: Cast,
    data: &DataFolder,
    ledger: &Path,
    reports: &Path,
) -> Result<Told, RecordsError> {
    let mut works = Works::begin(cast, data, ledger)?;
    let closed = works.closed_with_proof(data, ledger)?;
    let blocked = works.stopped_at_the_gate()?;
    works.accepted()?;
    works.answered_by_the_provider()?;
    works.missed_confirmation()?;
    let roles = works.devices_and_roles()?;
    if works.cast.days != Days::AS_WRITTEN {
        works.lately()?;
    }
    let assessed = works.assessed(reports)?;
    let ended = works.collected()?;
    let called = |stream| works.cast.records.called(stream).unwrap_or_default();
    Ok(Told {
        closed: called(Stream::new(Kind::Case, closed)),
        blocked: called(Stream::new(Kind::Change, blocked)),
        sighting: called(Stream::new(Kind::Sighting, roles.sighting)),
        agreement: called(Stream::new(Kind::Agreement, roles.agreement)),
        plan: called(Stream::new(Kind::AssessmentPlan, assessed.plan)),
        run: called(Stream::new(Kind::Assessment, assessed.run)),
        ended,
    })
}

/// What can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Number of the case that was closed with proof.
    pub closed: String,
    /// Number of the change that the gate stopped.
    pub blocked: String,
    /// Number of the sighting of the stopped monitor.
    pub sighting: String,
    /// Number of the agreement on roles that both sides confirmed.
    pub agreement: String,
    /// Number of the plan of the portal's assessment.
    pub plan: String,
    /// Number of its re-test.
    pub run: String,
    /// When the last step was taken.
    pub ended: Timestamp,
}

impl Works {
    /// Parties, systems, a policy in force, the register, and the cases that the check opens.
    fn begin(mut cast: Cast, data: &DataFolder, ledger: &Path) -> Result<Works, RecordsError> {
        let hospital = PartyId(cast.keep(party(HOSPITAL_NAME, PartyKind::Institution))?);
        let provider = PartyId(cast.keep(party(VENDOR_NAME, PartyKind::Provider))?);
        let system = |name: &str| System {
            name: name.to_owned(),
            operator: hospital,
            provider,
            sites: Vec::new(),
            service: ServiceState::InService,
        };
        let line = SystemId(cast.keep(system("電子カルテ保守回線"))?);
        let pacs = SystemId(cast.keep(system("画像管理システム"))?);
        let test = EnvironmentId(cast.keep(Environment {
            system: line,
            name: "検証環境".to_owned(),
            purpose: Purpose::Test,
            differences: Some("同型機1台、院内網とは未接続".to_owned()),
        })?);
        let file = cast.document("policy.toml", POLICY)?;
        let reason = "安全管理委員会の決定";
        let proposed =
            cast.step(manager, |records, who, call| policies::propose(records, who, call, &file, reason))?;
        let policy = PolicyId(proposed.stream.id);
        cast.step(approver, |records, who, call| {
            policies::approve(records, who, call, policy, None, &WordGiven::Software)
        })?;
        let mut works = Works { cast, hospital, provider, line, pacs, test };
        works.import(data, ledger)?;
        works.refresh()?;
        Ok(works)
    }

    /// Takes the hospital's ledger of devices into the register.
    fn import(&mut self, data: &DataFolder, ledger: &Path) -> Result<(), RecordsError> {
        let options = ImportOptions { ledger: Some("機器台帳".to_owned()), ..ImportOptions::default() };
        self.cast.step(operator, |records, who, call| {
            keep(records, who, call, KeptPart::Register, |author| {
                register::import(data, ledger, &options, Some(author), call.now)
            })
        })?;
        Ok(())
    }

    fn refresh(&mut self) -> Result<(), RecordsError> {
        let order = |as_of| RefreshOrder {
            subject: Subject::Register,
            paths: Vec::new(),
            register: true,
            complete: false,
            as_of: Some(as_of),
        };
        self.cast
            .step(operator, |records, who, call| refresh(records, who, call, &order(call.now), &Silent))?;
        Ok(())
    }

    /// The case about a vulnerability.
    pub(super) fn case(&self, vulnerability: &str) -> Result<CaseId, RecordsError> {
        let rows = self.cast.records.store().linked(Relation::Vulnerability, vulnerability)?;
        let case = rows.iter().find(|row| row.stream.kind == Kind::Case);
        case.map(|row| CaseId(row.stream.id)).ok_or_else(|| RecordsError::Unknown(vulnerability.to_owned()))
    }

    /// Judged affected, analysed and decided.
    pub(super) fn decide(
        &mut self,
        case: CaseId,
        note: &str,
        (treatment, reason): (Treatment, &str),
        until: Option<Date>,
    ) -> Result<(), RecordsError> {
        let judgement = JudgeOrder {
            applicability: Applicability::Affected,
            justification: None,
            note: note.to_owned(),
            documents: Vec::new(),
        };
        self.cast.step(operator, |records, who, call| cases::judge(records, who, call, case, &judgement))?;
        let analysis = AnalysisOrder {
            patient_safety: Effect::Serious,
            availability: Effect::Serious,
            note: note.to_owned(),
            departs: None,
        };
        self.cast.step(operator, |records, who, call| cases::analyse(records, who, call, case, &analysis))?;
        self.choose(case, (treatment, reason), until)
    }

    /// Decides on a measure.
    fn choose(
        &mut self,
        case: CaseId,
        (treatment, reason): (Treatment, &str),
        until: Option<Date>,
    ) -> Result<(), RecordsError> {
        let order = DecideOrder { treatment, reason: reason.to_owned(), until };
        let bulk = self
            .cast
            .step(operator, |records, who, call| cases::decide(records, who, call, &[case], &order))?;
        match bulk.refused.into_iter().next() {
            Some((about, refusal)) => Err(RecordsError::Refused { about: Some(about), refusal }),
            None => Ok(()),
        }
    }

    pub(super) fn approve(&mut self, case: CaseId) -> Result<(), RecordsError> {
        self.cast.step(approver, |records, who, call| {
            cases::approve(records, who, call, case, &WordGiven::Software)
        })?;
        Ok(())
    }

    /// Takes a patch in whose digest was read out on the phone, and verifies its file.
    fn patch(
        &mut self,
        name: &str,
        case: CaseId,
        published: &[u8],
        file: &[u8],
    ) -> Result<PatchId, RecordsError> {
        let path = self.cast.document(name, file)?;
        let phone = channel("メーカー窓口との電話での読み合わせ")?;
        let registration = Registration {
            particulars: PatchParticulars {
                name: name.to_owned(),
                maker: self.provider,
                cases: vec![case],
                vulnerabilities: Vec::new(),
                expected: vec![expected_value(&format!("sha256:{}", Hash::of(published)), &phone)?],
            },
            file: path.clone(),
            obtained_from: channel("保守員が持参した媒体")?,
        };
        let done = self
            .cast
            .step(operator, |records, who, call| patches::register(records, who, call, registration))?;
        let patch = PatchId(done.stream.id);
        let request = VerificationRequest { file: path, ..VerificationRequest::default() };
        self.cast.step(operator, |records, who, call| {
            patches::verify(records, who, call, patch, request, call.now)
        })?;
        Ok(patch)
    }

    /// Plans the change of a case, with its impact and its test.
    fn plan(&mut self, title: &str, case: CaseId, patch: PatchId) -> Result<ChangeId, RecordsError> {
        let draft = PlanDraft {
            kind: ChangeKind::Patch,
            title: title.to_owned(),
            description: "設定の保存、更新、再起動、接続の確認".to_owned(),
            case,
            system: self.line,
            assets: Vec::new(),
            patch: Some(patch),
            institution: self.hospital,
        };
        let done = self.cast.step(operator, |records, who, call| changes::plan(records, who, call, draft))?;
        let change = ChangeId(done.stream.id);
        let impact = ("更新の間、遠隔保守が30分間使えない。診療には影響しない".to_owned(), 30);
        self.cast.step(operator, |records, who, call| {
            changes::assess_impact(records, who, call, change, impact, &[])
        })?;
        let test = PlannedTest {
            name: "接続".to_owned(),
            expected: "更新後も保守端末から接続できる".to_owned(),
            mandatory: true,
        };
        self.cast.step(operator, |records, who, call| {
            changes::plan_tests(records, who, call, change, vec![test])
        })?;
        Ok(change)
    }

    fn closed_with_proof(&mut self, data: &DataFolder, ledger: &Path) -> Result<CaseId, RecordsError> {
        let case = self.case("CVE-2018-13379")?;
        let reason = "悪用が確認されており、外部に公開している";
        self.decide(case, "保守回線の装置。院外から到達できる", (Treatment::Patch, reason), None)?;
        self.approve(case)?;
        let name = "FGT_60F-v6.0.5.out";
        let patch = self.patch(name, case, PATCH, PATCH)?;
        let inventory = "管理番号,種別,メーカー,型番,バージョン\nTEST-01,保守回線機器,フォーティネット,FortiGate-60F,v6.0.5\n";
        let inventory = self.cast.document("test-environment.csv", inventory)?;
        let shown = EffectShown::Rematch { environment: self.test, inventory };
        self.cast
            .step(operator, |records, who, call| patches::show_effect(records, who, call, patch, shown))?;
        let change = self.plan("VPN-01 の FortiOS 更新", case, patch)?;
        self.test_and_consent(change, name)?;
        self.cast.days_later(2);
        let file = self.cast.folder.join(name);
        self.cast.step(operator, |records, who, call| {
            rollouts::apply(records, who, call, change, Vec::new(), Some(&file))
        })?;
        self.import_after(data, ledger)?;
        let shown = Shown::Rematch { inventories: Vec::new(), register: true };
        self.cast.step(colleague, |records, who, call| {
            rollouts::confirm_after(records, who, call, change, Vec::new(), shown, &WordGiven::Software)
        })?;
        self.cast.step(operator, |records, who, call| rollouts::close(records, who, call, change))?;
        self.cast.step(colleague, |records, who, call| {
            cases::confirm(records, who, call, case, None, &WordGiven::Software)
        })?;
        self.cast.step(operator, |records, who, call| cases::close(records, who, call, case))?;
        Ok(case)
    }

    /// The test passes, somebody else confirms it, and the hospital consents on paper.
    fn test_and_consent(&mut self, change: ChangeId, patch: &str) -> Result<(), RecordsError> {
        let tested = self.cast.days.day(date(2024, 10, 16));
        let protocol = format!("検証環境で更新し、接続を確認した（{tested}）\n");
        let protocol = self.cast.document("test-protocol.txt", protocol)?;
        let done = TestDone {
            test: "接続".to_owned(),
            result: TestResult::Passed,
            place: TestPlace::Environment(self.test),
            documents: vec![protocol],
            note: String::new(),
            file: Some(self.cast.folder.join(patch)),
        };
        self.cast.step(operator, |records, who, call| changes::run_test(records, who, call, change, done))?;
        self.cast.step(colleague, |records, who, call| {
            changes::confirm_results(records, who, call, change, &WordGiven::Software)
        })?;
        let scan = self.cast.document("consent.txt", "作業同意書（署名済みの写しの代わり）\n")?;
        let word = WordGiven::Paper { scan, signer: "病院長 五郎".to_owned(), person: None };
        let from = self.cast.now;
        let until = from.checked_add(SignedDuration::from_hours(24 * 5)).unwrap_or(from);
        let roll_back = "保存した設定と前の版に戻す".to_owned();
        let consent = Consent { from, until, stop_minutes: 30, roll_back };
        self.cast.step(operator, |records, who, call| {
            changes::consent(records, who, call, change, consent, &word)
        })?;
        Ok(())
    }

    /// The ledger of devices as it is after the update.
    fn import_after(&mut self, data: &DataFolder, ledger: &Path) -> Result<(), RecordsError> {
        let before = std::fs::read_to_string(ledger).map_err(crate::error::AppError::io(ledger))?;
        let after = before.replace("v6.0.4", "v6.0.5");
        let path = self.cast.document("devices-after.csv", after)?;
        self.import(data, &path)?;
        self.refresh()
    }

    fn stopped_at_the_gate(&mut self) -> Result<ChangeId, RecordsError> {
        let case = self.case("CVE-2020-5902")?;
        let reason = "悪用が確認されている";
        self.decide(case, "遠隔参照サービスの入口。院外から到達できる", (Treatment::Patch, reason), None)?;
        self.approve(case)?;
        let tampered = [OTHER_PATCH, b"and something else\n"].concat();
        let patch = self.patch("BIGIP-15.1.0.4.iso", case, OTHER_PATCH, &tampered)?;
        let change = self.plan("LB-01 の BIG-IP 更新", case, patch)?;
        let file = self.cast.folder.join("BIGIP-15.1.0.4.iso");
        let applied = self.cast.step(operator, |records, who, call| {
            rollouts::apply(records, who, call, change, Vec::new(), Some(&file))
        });
        match applied {
            Err(RecordsError::Refused { .. }) => Ok(change),
            Err(other) => Err(other),
            Ok(_) => Err(RecordsError::Stored("a tampered patch went through the gate".to_owned())),
        }
    }

    fn accepted(&mut self) -> Result<(), RecordsError> {
        let case = self.case("CVE-2020-6961")?;
        let until = Some(self.cast.days.day(UPDATE));
        let note = "ICU のモニタ。網は閉域で、ほかの機器から到達できない";
        let reason = "更新まで使えなくなる期間の方が危険が大きい。次の更改で解消する";
        self.decide(case, note, (Treatment::Accept, reason), until)?;
        let scan = self.cast.document("acceptance.txt", "リスク保有承認書（署名済みの写しの代わり）\n")?;
        let person = Some(self.cast.approver.person());
        let word = WordGiven::Paper { scan, signer: "承認 三郎".to_owned(), person };
        self.cast.step(operator, |records, who, call| cases::approve(records, who, call, case, &word))?;
        Ok(())
    }

    fn answered_by_the_provider(&mut self) -> Result<(), RecordsError> {
        let case = self.case("CVE-2023-40159")?;
        let reason = "患者の画像を扱う";
        self.decide(case, "画像系の網の中にある", (Treatment::Patch, reason), None)?;
        self.approve(case)?;
        let words = Words::new(Lang::Ja);
        let order = InquiryOrder {
            cases: vec![case],
            system: Some(self.pacs),
            provider: self.provider,
            due: self.cast.days.day(date(2024, 10, 31)),
            further: Vec::new(),
            note: String::new(),
        };
        let sent = self.cast.step(operator, |records, who, call| {
            inquiries::send(records, who, call, &order, SentBy::Form(words))
        })?;
        let inquiry = InquiryId(sent.stream.id);
        let (_, form) = inquiries::form_of(&self.cast.records, &self.cast.operator, inquiry)?;
        self.cast.document("inquiry.xlsx", &form)?;
        self.cast.days_later(3);
        let (affected, no) = (words.term(Affected::Affected.term()), words.term(MayPatch::No.term()));
        let update = self.cast.days.day(UPDATE);
        let answers = [
            ("D9", Typed::Text("品質保証部")),
            ("G12", Typed::Text(&affected)),
            ("H12", Typed::Text(&no)),
            ("I12", Typed::Text("画像系の網を分け、参照端末を限る")),
            ("J12", Typed::Day(update)),
        ];
        let answered = self.cast.document("inquiry-answered.xlsx", filled(&form, &answers)?)?;
        self.cast
            .step(operator, |records, who, call| inquiries::import(records, who, call, &answered, None))?;
        let month = update.strftime("%Y年%-m月");
        let judged = format!("網を分けて、{month}の更新を待つ");
        self.cast
            .step(manager, |records, who, call| inquiries::judge(records, who, call, inquiry, judged))?;
        // The case is back at its decision, with what was agreed.
        let reason = format!("提供事業者の回答による代替策。{month}に更新する");
        self.choose(case, (Treatment::Isolation, &reason), None)?;
        self.approve(case)
    }

    /// The manager asked the operator to confirm; nobody reported.
    fn missed_confirmation(&mut self) -> Result<(), RecordsError> {
        let operator: PersonId = self.cast.operator.person();
        let due = crate::clock::day_in_japan(self.cast.now).checked_add(jiff::Span::new().days(7));
        let order = InstructionOrder {
            title: "保守回線機器の定期確認".to_owned(),
            scope: vec![self.line],
            questions: vec!["版と更新、脆弱性への対応状況".to_owned()],
            operator: Some(operator),
            providers: false,
            due: due.map_err(RecordsError::stored)?,
            again: Again::Never,
        };
        self.cast.step(manager, |records, who, call| confirmations::instruct(records, who, call, order))?;
        self.cast.days_later(14);
        Ok(())
    }
}

pub(super) fn party(name: &str, kind: PartyKind) -> Party {
    Party { name: name.to_owned(), kind, contact: None, pinned_keys: Vec::new() }
}

fn channel(text: &str) -> Result<shindan_domain::verification::Channel, RecordsError> {
    text.parse().map_err(RecordsError::stored)
}
