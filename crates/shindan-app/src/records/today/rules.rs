//! Which states of which records wait for which step, and who may take it.

use shindan_domain::case::Step as CaseStep;
use shindan_domain::ledger::Kind;
use shindan_domain::people::Action;
use shindan_domain::step::Step;
use shindan_domain::term::Term;

use super::Area;
use super::gates::{self, Gate};

/// A step that waits for somebody.
pub(super) struct Rule {
    /// Of what.
    pub kind: Kind,
    /// In which state, as the text of a term; `None`: in any that is open.
    pub status: Option<&'static str>,
    /// Who may take it.
    pub action: Action,
    /// The step; `None` where what the record says itself is all there is.
    pub step: Option<Term>,
    /// Where it belongs in the navigation.
    pub area: Area,
    /// Whether a record of that state waits for a person.
    pub gate: Gate,
}

impl Rule {
    /// Whether few records of the state need the step, and those are young.
    pub fn is_rare(&self) -> bool {
        self.step == Some(Step::ApproveEmergency.term()) || self.step == Some(Step::DeviceApproveRule.term())
    }
}

fn rule(
    kind: Kind,
    status: impl Into<Option<&'static str>>,
    action: Action,
    step: impl Into<Option<Term>>,
    area: Area,
    gate: Gate,
) -> Rule {
    Rule { kind, status: status.into(), action, step: step.into(), area, gate }
}

/// All of them, approvals and confirmations first: they hold up other people.
pub(super) fn rules() -> Vec<Rule> {
    let mut all = approvals();
    all.extend(confirmations());
    all.extend(work());
    all
}

fn approvals() -> Vec<Rule> {
    use Action::Approve;
    use Area::{Assets, Cases, Evidence, Settings};
    let approve = || CaseStep::Approve.term();
    vec![
        rule(
            Kind::Change,
            "planned",
            Approve,
            Step::ApproveEmergency.term(),
            Cases,
            gates::approve_emergency,
        ),
        rule(
            Kind::Change,
            "impact-assessed",
            Approve,
            Step::ApproveEmergency.term(),
            Cases,
            gates::approve_emergency,
        ),
        rule(
            Kind::Change,
            "tests-planned",
            Approve,
            Step::ApproveEmergency.term(),
            Cases,
            gates::approve_emergency,
        ),
        rule(
            Kind::Change,
            "tests-run",
            Approve,
            Step::ApproveEmergency.term(),
            Cases,
            gates::approve_emergency,
        ),
        rule(
            Kind::Change,
            "applied",
            Approve,
            Step::ApproveEmergency.term(),
            Cases,
            gates::approve_emergency,
        ),
        rule(Kind::Case, "decided", Approve, approve(), Cases, gates::approve_case),
        rule(Kind::Case, "judged", Approve, approve(), Cases, gates::approve_case),
        rule(
            Kind::Patch,
            "alternative-proposed",
            Approve,
            Step::DecideAlternative.term(),
            Cases,
            gates::approve_patch,
        ),
        rule(Kind::ScanFinding, "proposed", Approve, approve(), Evidence, gates::approve_verdict),
        rule(Kind::Assessment, "exception-awaited", Approve, approve(), Evidence, gates::approve_exception),
        rule(Kind::Review, "reviewed", Approve, Step::Approve.term(), Evidence, gates::approve_review),
        rule(Kind::Control, "proposed", Approve, approve(), Evidence, gates::approve_exclusion),
        rule(
            Kind::Agreement,
            "proposed",
            Approve,
            Step::ConfirmAgreement.term(),
            Evidence,
            gates::confirm_agreement,
        ),
        rule(Kind::Device, None, Approve, Step::DeviceApproveRule.term(), Assets, gates::approve_device_rule),
        rule(Kind::Policy, None, Approve, approve(), Settings, gates::approve_policy),
    ]
}

fn confirmations() -> Vec<Rule> {
    use Action::{Confirm, KeepOrganisation, Manage};
    use Area::{Assets, Cases, Evidence, Settings, Vulnerabilities};
    let results = Step::ConfirmResults.term();
    vec![
        rule(Kind::Case, "in-progress", Confirm, CaseStep::Confirm.term(), Cases, gates::confirm_case),
        rule(Kind::Change, "tests-run", Confirm, results, Cases, gates::confirm_results),
        rule(Kind::Change, "applied", Confirm, Step::ConfirmAfter.term(), Cases, gates::confirm_after),
        rule(
            Kind::Patch,
            "effect-to-confirm",
            Confirm,
            Step::ConfirmEffect.term(),
            Cases,
            gates::confirm_effect,
        ),
        rule(Kind::Device, "stopped", Confirm, Step::DeviceConfirmDisconnected.term(), Assets, gates::always),
        rule(Kind::Device, "faulty", Confirm, Step::DeviceConfirmDisconnected.term(), Assets, gates::always),
        rule(
            Kind::Device,
            "seen-again",
            Confirm,
            Step::DeviceConfirmDisconnected.term(),
            Assets,
            gates::always,
        ),
        rule(Kind::SourceCheck, None, Confirm, CaseStep::Confirm.term(), Vulnerabilities, gates::always),
        rule(Kind::Instruction, "reported", Manage, Step::Judge.term(), Evidence, gates::judge_report),
        rule(Kind::Instruction, "ready", Manage, Step::Close.term(), Evidence, gates::close_instruction),
        rule(Kind::Inquiry, "answered", Manage, Step::Judge.term(), Cases, gates::always),
        rule(Kind::Exchange, None, KeepOrganisation, Step::ConfirmCard.term(), Settings, gates::confirm_card),
    ]
}

fn work() -> Vec<Rule> {
    use Action::{Manage, Operate};
    use Area::{Assets, Cases, Evidence, Vulnerabilities};
    vec![
        rule(
            Kind::Notice,
            "notice-to-be-judged",
            Operate,
            CaseStep::Judge.term(),
            Vulnerabilities,
            gates::always,
        ),
        rule(Kind::Notice, "notice-updated", Operate, CaseStep::Judge.term(), Vulnerabilities, gates::always),
        rule(Kind::Case, "detected", Operate, CaseStep::Judge.term(), Cases, gates::judge_case),
        rule(Kind::Case, "reopened", Operate, CaseStep::Judge.term(), Cases, gates::judge_case),
        rule(Kind::Case, "judged", Operate, CaseStep::Analyse.term(), Cases, gates::analyse_case),
        rule(Kind::Case, "analysed", Operate, CaseStep::Analyse.term(), Cases, gates::analyse_case),
        rule(Kind::Case, "analysed", Operate, CaseStep::Decide.term(), Cases, gates::decide_case),
        rule(Kind::Case, "approved", Operate, CaseStep::RecordEvidence.term(), Cases, gates::treat_case),
        rule(Kind::Case, "in-progress", Operate, CaseStep::RecordEvidence.term(), Cases, gates::treat_case),
        rule(Kind::Case, "approved", Operate, CaseStep::Close.term(), Cases, gates::close_case),
        rule(Kind::Case, "confirmed", Operate, CaseStep::Close.term(), Cases, gates::close_case),
        rule(Kind::Patch, "registered", Operate, Step::VerifyPatch.term(), Cases, gates::always),
        rule(Kind::Patch, "effect-to-prove", Operate, Step::ProveEffect.term(), Cases, gates::always),
        rule(Kind::Change, "planned", Operate, Step::AssessImpact.term(), Cases, gates::always),
        rule(Kind::Change, "impact-assessed", Operate, Step::PlanTests.term(), Cases, gates::always),
        rule(Kind::Change, "tests-planned", Operate, Step::RunTest.term(), Cases, gates::always),
        rule(Kind::Change, "result-confirmed", Operate, Step::Consent.term(), Cases, gates::always),
        rule(Kind::Change, "consented", Operate, Step::Apply.term(), Cases, gates::always),
        rule(Kind::Change, "confirmed-after", Operate, Step::Close.term(), Cases, gates::always),
        rule(Kind::Inquiry, "drafted", Operate, Step::Send.term(), Cases, gates::always),
        rule(Kind::Inquiry, "sent", Operate, Step::Chase.term(), Cases, gates::chase),
        rule(Kind::Sighting, None, Operate, Step::ExplainSighting.term(), Assets, gates::always),
        rule(Kind::Assessment, "reported", Manage, Step::Close.term(), Evidence, gates::always),
        rule(Kind::Review, "planned", Manage, Step::Review.term(), Evidence, gates::review_soon),
    ]
}
