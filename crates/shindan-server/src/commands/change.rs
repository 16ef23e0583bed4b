//! Commands on changes (SPEC.md section 4, row ②-4). The gate is the use case's.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::RecordsError;
use shindan_app::records::changes::{self, TestDone};
use shindan_app::records::rollouts::{self, AlternativeGiven, Shown};
use shindan_domain::change::{ChangeKind, Consent, Notice, PlanDraft, PlannedTest, TestPlace, TestResult};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{CaseId, ChangeId, PartyId, PatchId, SystemId};
use utoipa::ToSchema;

use super::given::{Paper, PartnerFile, commands};
use super::words;
use crate::command::{Command, Outcome, Session};

/// Plans a change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanChange {
    /// What kind of measure.
    #[schema(schema_with = words::change_kind)]
    kind: ChangeKind,
    /// What it is called in lists.
    title: String,
    /// What is done, step by step.
    description: String,
    /// The case that it carries out: number or id.
    case: String,
    /// The system: name or id.
    system: String,
    /// Assets: keys of the register.
    assets: Vec<String>,
    /// The patch: number or id.
    #[serde(default)]
    patch: Option<String>,
    /// The medical institution whose consent is needed: name or id.
    institution: String,
}

impl Command for PlanChange {
    const KIND: Kind = Kind::Change;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Plan a change";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let draft = PlanDraft {
            case: CaseId(s.named(Kind::Case, &self.case)?),
            system: SystemId(s.named(Kind::System, &self.system)?),
            patch: self.patch.map(|called| s.named(Kind::Patch, &called)).transpose()?.map(PatchId),
            institution: PartyId(s.named(Kind::Party, &self.institution)?),
            kind: self.kind,
            title: self.title,
            description: self.description,
            assets: self.assets,
        };
        changes::plan(s.records, &s.who, &s.call, draft).map(Into::into)
    }
}

/// A measure that was agreed instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alternative {
    /// What is done instead.
    text: String,
    /// Until when, a day in Japan.
    #[schema(value_type = String)]
    until: Date,
    /// SHA-256 of the upload: the paper or file.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    document: Option<Hash>,
}

impl Alternative {
    fn given(self, s: &Session<'_>) -> Result<AlternativeGiven, RecordsError> {
        let document = self.document.map(|hash| s.upload(&hash)).transpose()?;
        Ok(AlternativeGiven { text: self.text, until: self.until, document })
    }
}

commands! {
    Change, ChangeId;

    /// Says which patch is applied.
    ChoosePatch ("choose-patch", "Say which patch is applied") {
        /// The patch: number or id.
        patch: String,
    }
    |b, s, change| {
        let patch = PatchId(s.named(Kind::Patch, &b.patch)?);
        changes::choose_patch(s.records, &s.who, &s.call, change, patch)
    };

    /// Assesses the impact on the system.
    AssessImpact ("assess-impact", "Assess the impact") {
        /// The assessment.
        text: String,
        /// How long the system stops, in minutes.
        stop_minutes: u32,
        /// SHA-256 of uploads that it rests on.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, change| {
        let documents = s.uploads(&b.documents)?;
        changes::assess_impact(s.records, &s.who, &s.call, change, (b.text, b.stop_minutes), &documents)
    };

    /// Plans the tests.
    PlanTests ("plan-tests", "Plan the tests") {
        /// Tests: `name`, `expected`, `mandatory`.
        #[schema(value_type = Vec<Object>)]
        tests: Vec<PlannedTest>,
    }
    |b, s, change| changes::plan_tests(s.records, &s.who, &s.call, change, b.tests);

    /// Records a test that was run.
    RunTest ("run-test", "Record a test that was run") {
        /// Name of the planned test.
        test: String,
        /// What it came to.
        #[schema(schema_with = words::test_result)]
        result: TestResult,
        /// Where it was run: `{"environment": ID}` or `{"elsewhere": TEXT}`; never in production.
        #[schema(value_type = Object)]
        place: TestPlace,
        /// SHA-256 of uploads: protocols, pictures.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
        /// What was seen.
        #[serde(default)]
        note: String,
        /// SHA-256 of the upload: the file of the patch as it was installed.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        file: Option<Hash>,
    }
    |b, s, change| {
        let documents = s.uploads(&b.documents)?;
        let file = b.file.map(|hash| s.upload(&hash)).transpose()?;
        let done = TestDone { test: b.test, result: b.result, place: b.place, documents, note: b.note, file };
        changes::run_test(s.records, &s.who, &s.call, change, done)
    };

    /// Confirms the results as somebody who did not test.
    ConfirmTests ("confirm-tests", "Confirm the test results as a second person") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, change| {
        let word = s.word(b.paper, b.partner_file)?;
        changes::confirm_results(s.records, &s.who, &s.call, change, &word)
    };

    /// Records the consent of the medical institution.
    ConsentToChange ("consent", "Record the institution's consent") {
        /// From when it may be applied.
        #[schema(value_type = String)]
        from: Timestamp,
        /// Until when.
        #[schema(value_type = String)]
        until: Timestamp,
        /// How long the system may stop, in minutes.
        stop_minutes: u32,
        /// How it is taken back if it goes wrong.
        roll_back: String,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, change| {
        let word = s.word(b.paper, b.partner_file)?;
        let consent = Consent { from: b.from, until: b.until, stop_minutes: b.stop_minutes, roll_back: b.roll_back };
        changes::consent(s.records, &s.who, &s.call, change, consent, &word)
    };

    /// Records that the institution took its consent back.
    WithdrawConsent ("withdraw-consent", "Record that the consent was taken back") {
        /// Why.
        reason: String,
    }
    |b, s, change| changes::withdraw_consent(s.records, &s.who, &s.call, change, b.reason);

    /// Declares an emergency: tests come afterwards, and every report shows it.
    DeclareEmergency ("emergency", "Declare an emergency") {
        /// Why there is no time.
        reason: String,
        /// Which department or function of the institution was told.
        told: String,
        /// How.
        how: String,
        /// When.
        #[schema(value_type = String)]
        told_at: Timestamp,
    }
    |b, s, change| {
        let notice = Notice { told: b.told, how: b.how, at: b.told_at };
        changes::declare_emergency(s.records, &s.who, &s.call, change, b.reason, notice)
    };

    /// Approves the emergency.
    ApproveEmergency ("approve-emergency", "Approve the emergency") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, change| {
        let word = s.word(b.paper, b.partner_file)?;
        changes::approve_emergency(s.records, &s.who, &s.call, change, &word)
    };

    /// Gives a change up before it is applied.
    CancelChange ("cancel", "Give the change up") {
        /// Why.
        reason: String,
    }
    |b, s, change| changes::cancel(s.records, &s.who, &s.call, change, b.reason);

    /// Applies it. Refused while the gate is blocked, with every blocker.
    ApplyChange ("apply", "Apply it, if the gate is open") {
        /// Assets: keys of the register; none: all that are left.
        #[serde(default)]
        assets: Vec<String>,
        /// SHA-256 of the upload: the file of the patch, hashed again now.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        file: Option<Hash>,
    }
    |b, s, change| {
        let file = b.file.map(|hash| s.upload(&hash)).transpose()?;
        rollouts::apply(s.records, &s.who, &s.call, change, b.assets, file.as_deref())
    };

    /// Records that it failed on an asset.
    FailChange ("fail", "Record that it failed on an asset") {
        /// The asset.
        asset: String,
        /// What happened.
        reason: String,
    }
    |b, s, change| rollouts::fail(s.records, &s.who, &s.call, change, b.asset, b.reason);

    /// Leaves assets out.
    LeaveOut ("leave-out", "Leave assets out") {
        /// Assets.
        assets: Vec<String>,
        /// Why.
        reason: String,
        /// What was agreed instead.
        #[serde(default)]
        alternative: Option<Alternative>,
    }
    |b, s, change| {
        let alternative = b.alternative.map(|agreed| agreed.given(s)).transpose()?;
        rollouts::leave_out(s.records, &s.who, &s.call, change, b.assets, b.reason, alternative)
    };

    /// Confirms after the change, with new inventories that are matched again.
    ConfirmAfter ("confirm-after", "Confirm after the change with new inventories") {
        /// Assets; none: all that were applied to.
        #[serde(default)]
        assets: Vec<String>,
        /// SHA-256 of uploads: new inventories.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        inventories: Vec<Hash>,
        /// The register of the data folder, too.
        #[serde(default)]
        register: bool,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, change| {
        let word = s.word(b.paper, b.partner_file)?;
        let shown = Shown::Rematch { inventories: s.uploads(&b.inventories)?, register: b.register };
        rollouts::confirm_after(s.records, &s.who, &s.call, change, b.assets, shown, &word)
    };

    /// Records that it was taken back.
    RollBack ("roll-back", "Record that it was taken back") {
        /// Assets.
        assets: Vec<String>,
        /// Why.
        reason: String,
    }
    |b, s, change| rollouts::roll_back(s.records, &s.who, &s.call, change, b.assets, b.reason);

    /// Closes a change in which nothing is left to do.
    CloseChange ("close", "Close a change in which nothing is left to do") {}
    |_body, s, change| rollouts::close(s.records, &s.who, &s.call, change);

    /// Says that it cannot be applied: back to the decision, with what was agreed instead.
    CannotApply ("cannot-apply", "Say that it cannot be applied") {
        /// Why.
        reason: String,
        /// What was agreed instead.
        alternative: Alternative,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, change| {
        let word = s.word(b.paper, b.partner_file)?;
        let alternative = b.alternative.given(s)?;
        rollouts::cannot_apply(s.records, &s.who, &s.call, change, b.reason, alternative, &word)
    };
}
