//! Commands on security assessments: plans, what may be scanned, what never is (③-1 to ③-3).

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::RecordsError;
use shindan_app::records::assessments::cases;
use shindan_app::records::assessments::findings::{self, VerdictAsked};
use shindan_app::records::assessments::{self, PlanChange, PlanOrder, SourceStated, targets};
use shindan_domain::assessment::{ApplicationKind, FindingVerdict, MergeRule, Target};
use shindan_domain::case::Subject;
use shindan_domain::inventory::Exposure;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{
    AssessmentPlanId, ClinicalNetworkId, DeploymentId, EnvironmentId, PersonId, ReleaseId, ScanFindingId,
    SystemId,
};
use utoipa::ToSchema;

use super::given::{Paper, commands};
use super::words;
use crate::command::{Command, Outcome, Session};
use crate::resolve::names;

fn invalid(field: &str, value: &str) -> RecordsError {
    RecordsError::Invalid { field: field.to_owned(), value: value.to_owned() }
}

/// Lays down what is assessed, how often and by which checks. Exactly one of `system`, `release` and `deployment` is named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayAssessmentPlan {
    /// What is assessed.
    name: String,
    /// Of which system: name or id.
    #[serde(default)]
    system: Option<String>,
    /// Of which release, at its provider: version or id.
    #[serde(default)]
    release: Option<String>,
    /// Of which release at a site: id of the deployment.
    #[serde(default)]
    deployment: Option<String>,
    /// What it is. A medical device is never scanned from outside.
    #[schema(schema_with = words::application_kind)]
    kind: ApplicationKind,
    /// Keys of checks, as `assessment-checks` names them; all of the kind unless given.
    #[serde(default)]
    checks: BTreeSet<String>,
    /// At least every so many days.
    interval_days: u16,
    /// So many days before it is due, it is called due; fewer than the interval.
    notice_days: u16,
    /// Each release asks for one.
    #[serde(default)]
    on_release: bool,
    /// When it is due for the first time, a day in Japan.
    #[schema(value_type = String)]
    first_due: Date,
    /// Who sees to it: id or name; who sends the request unless given.
    #[serde(default)]
    responsible: Option<String>,
    /// From where it can be reached.
    #[schema(schema_with = words::exposure)]
    exposure: Exposure,
    /// Care of patients depends on it.
    #[serde(default)]
    affects_patients: bool,
    /// Rules by which findings of several tools are one; none unless given.
    #[serde(default)]
    #[schema(schema_with = words::merge_rules)]
    merge_rules: BTreeSet<MergeRule>,
}

impl LayAssessmentPlan {
    fn subject(&self, s: &Session<'_>) -> Result<Subject, RecordsError> {
        match (&self.system, &self.release, &self.deployment) {
            (Some(system), None, None) => Ok(Subject::System(SystemId(s.named(Kind::System, system)?))),
            (None, Some(release), None) => Ok(Subject::Release(ReleaseId(s.named(Kind::Release, release)?))),
            (None, None, Some(deployment)) => {
                Ok(Subject::Deployment(DeploymentId(s.named(Kind::Deployment, deployment)?)))
            }
            _ => Err(invalid("subject", "system, release, deployment")),
        }
    }
}

impl Command for LayAssessmentPlan {
    const KIND: Kind = Kind::AssessmentPlan;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Lay down what is assessed, how often and by which checks";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let order = PlanOrder {
            subject: self.subject(s)?,
            responsible: person(s, self.responsible.as_deref())?.unwrap_or(s.who.person()),
            name: self.name,
            application: self.kind,
            checks: self.checks,
            interval_days: self.interval_days,
            notice_days: self.notice_days,
            on_release: self.on_release,
            first_due: self.first_due,
            exposure: self.exposure,
            affects_patients: self.affects_patients,
            merge_rules: self.merge_rules,
        };
        assessments::lay_down(s.records, &s.who, &s.call, order).map(Into::into)
    }
}

fn person(s: &Session<'_>, called: Option<&str>) -> Result<Option<PersonId>, RecordsError> {
    called.map(|called| s.named(Kind::Person, called)).transpose().map(|id| id.map(PersonId))
}

commands! {
    AssessmentPlan, AssessmentPlanId;

    /// Changes a plan; what is absent stays. Of what it is and which kind, stays.
    ChangeAssessmentPlan ("change", "Change a plan of assessments") {
        /// What is assessed.
        #[serde(default)]
        name: Option<String>,
        /// Keys of checks.
        #[serde(default)]
        checks: Option<BTreeSet<String>>,
        /// At least every so many days.
        #[serde(default)]
        interval_days: Option<u16>,
        /// So many days before it is due, it is called due.
        #[serde(default)]
        notice_days: Option<u16>,
        /// Each release asks for one.
        #[serde(default)]
        on_release: Option<bool>,
        /// When it is due for the first time, a day in Japan.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        first_due: Option<Date>,
        /// Who sees to it: id or name.
        #[serde(default)]
        responsible: Option<String>,
        /// From where it can be reached.
        #[serde(default)]
        #[schema(schema_with = words::exposure)]
        exposure: Option<Exposure>,
        /// Care of patients depends on it.
        #[serde(default)]
        affects_patients: Option<bool>,
        /// Rules by which findings of several tools are one; an empty list ends all rules.
        #[serde(default)]
        #[schema(schema_with = words::merge_rules)]
        merge_rules: Option<BTreeSet<MergeRule>>,
        /// Why.
        reason: String,
    }
    |b, s, plan| {
        let wanted = PlanChange {
            responsible: person(s, b.responsible.as_deref())?,
            name: b.name,
            checks: b.checks,
            interval_days: b.interval_days,
            notice_days: b.notice_days,
            on_release: b.on_release,
            first_due: b.first_due,
            exposure: b.exposure,
            affects_patients: b.affects_patients,
            merge_rules: b.merge_rules,
        };
        assessments::change(s.records, &s.who, &s.call, plan, wanted, b.reason)
    };

    /// States whether the source of a deliverable can be had: `place`, or else `why` with `request` and `answer`. That decides which
    /// check is due.
    StateDeliverable ("state-deliverable", "State whether the source of a deliverable can be had") {
        /// What was delivered.
        name: String,
        /// The source can be had: where it is.
        #[serde(default)]
        place: Option<String>,
        /// The source cannot be had: why.
        #[serde(default)]
        why: Option<String>,
        /// SHA-256 of the upload: the request for it.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        request: Option<Hash>,
        /// SHA-256 of the upload: the refusal, or the clause that rules it out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        answer: Option<Hash>,
    }
    |b, s, plan| {
        let stated = match (b.place, b.why, b.request, b.answer) {
            (Some(place), None, None, None) => SourceStated::Available { place },
            (None, Some(why), Some(request), Some(answer)) => {
                SourceStated::NotObtainable { why, request: s.upload(&request)?, answer: s.upload(&answer)? }
            }
            (None, Some(_), None, _) => return Err(invalid("request", "")),
            (None, Some(_), _, None) => return Err(invalid("answer", "")),
            _ => return Err(invalid("place", "place; why, request, answer")),
        };
        assessments::state_deliverable(s.records, &s.who, &s.call, plan, b.name, &stated)
    };

    /// Says that something is no longer delivered.
    DropDeliverable ("drop-deliverable", "Say that something is no longer delivered") {
        /// What.
        name: String,
        /// Why.
        reason: String,
    }
    |b, s, plan| assessments::drop_deliverable(s.records, &s.who, &s.call, plan, (b.name, b.reason));

    /// Records a release, which asks for an assessment until a day.
    TriggerAssessment ("trigger", "Record a release, which asks for an assessment") {
        /// Which release or change.
        release: String,
        /// Until when it is to be assessed, a day in Japan.
        #[schema(value_type = String)]
        due: Date,
    }
    |b, s, plan| assessments::trigger(s.records, &s.who, &s.call, plan, (b.release, b.due));

    /// Proposes that findings are false positives, or that their risk is accepted until a day. It counts once another person approved
    /// it. One record of a decision begins for each finding; all of them, or none.
    ProposeVerdict ("propose-verdict", "Propose what is decided about findings") {
        /// Beginnings of the identities of findings, of at least four digits each.
        findings: Vec<String>,
        /// What.
        #[schema(schema_with = words::finding_verdict)]
        verdict: FindingVerdict,
        /// Why.
        reason: String,
        /// Last day on which it counts, a day in Japan.
        #[schema(value_type = String)]
        until: Date,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, plan| {
        if b.findings.is_empty() {
            return Err(invalid("findings", ""));
        }
        let documents = s.uploads(&b.documents)?;
        let asked = VerdictAsked {
            findings: b.findings,
            verdict: b.verdict,
            reason: b.reason,
            until: b.until,
            documents,
        };
        findings::propose(s.records, &s.who, &s.call, plan, &asked)
    };

    /// Opens cases for findings: those that share a remedy share a case. Without names, for every open finding that cannot wait.
    OpenCases ("open-cases", "Open cases for findings") {
        /// Beginnings of their identities.
        #[serde(default)]
        findings: Vec<String>,
    }
    |b, s, plan| cases::open_cases(s.records, &s.who, &s.call, plan, &b.findings);

    /// Takes two findings as one, whatever rules say. A later word about the two counts instead.
    JoinFindings ("join", "Take two findings as one") {
        /// Beginning of the identity of the one that stays.
        primary: String,
        /// Beginning of the identity of the one that is the same.
        other: String,
        /// Why.
        reason: String,
    }
    |b, s, plan| {
        findings::join(s.records, &s.who, &s.call, plan, (&b.primary, &b.other), (true, b.reason))
    };

    /// Takes two findings apart, whatever rules say. A later word about the two counts instead.
    SeparateFindings ("separate", "Take two findings apart") {
        /// Beginning of the identity of one.
        primary: String,
        /// Beginning of the identity of the other.
        other: String,
        /// Why.
        reason: String,
    }
    |b, s, plan| {
        findings::join(s.records, &s.who, &s.call, plan, (&b.primary, &b.other), (false, b.reason))
    };

    /// Ends a plan.
    EndAssessmentPlan ("end", "End a plan of assessments") {
        /// Why.
        reason: String,
    }
    |b, s, plan| assessments::end(s.records, &s.who, &s.call, plan, b.reason);
}

fn target(text: &str) -> Result<Target, RecordsError> {
    text.parse().map_err(|_| invalid("target", text))
}

/// Commands on the list of permitted targets, which begins with the first of them: they are about its environment.
mod permitted {
    use super::*;

    commands! {
        Environment, EnvironmentId;

        /// Permits a target of an environment. The list is `scan-targets/{record}`, by the id or name of the environment; its entity tag
        /// is the one of this command.
        PermitTarget ("permit-target", "Permit a target of an environment") {
            /// An address, a range, a host name, or an http(s) address.
            target: String,
            /// What it is, and why it may be scanned.
            note: String,
        }
        |b, s, environment| {
            let target = (target(&b.target)?, b.note);
            let names = names(s.records, [&target.0])?;
            targets::permit(s.records, &s.who, &s.call, environment, target, &|host| names.get(host))
        };

        /// Removes a target from the list of an environment. The entity tag is that of `scan-targets/{record}`.
        RemoveTarget ("remove-target", "Remove a target of an environment") {
            /// As the list names it.
            target: String,
            /// Why.
            reason: String,
        }
        |b, s, environment| {
            let target = (target(&b.target)?, b.reason);
            targets::remove(s.records, &s.who, &s.call, environment, target)
        };
    }
}
pub(crate) use permitted::{PermitTarget, RemoveTarget};

/// Marks a clinical network: nothing on it is ever scanned, whatever the role of who asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkClinicalNetwork {
    /// What it is called.
    name: String,
    /// Its addresses: `10.1.2.0/24`, `10.1.2.10-10.1.2.99`.
    range: String,
    /// What depends on it.
    note: String,
}

impl Command for MarkClinicalNetwork {
    const KIND: Kind = Kind::ClinicalNetwork;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Mark a clinical network: nothing on it is ever scanned";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let range = self.range.parse().map_err(|_| invalid("range", &self.range))?;
        targets::mark_clinical(s.records, &s.who, &s.call, (self.name, range, self.note)).map(Into::into)
    }
}

/// Commands on clinical networks.
mod clinical {
    use super::*;

    commands! {
        ClinicalNetwork, ClinicalNetworkId;

        /// Takes the mark of a clinical network away. An approver's decision.
        UnmarkClinicalNetwork ("unmark", "Take the mark of a clinical network away") {
            /// Why.
            reason: String,
        }
        |b, s, network| targets::unmark_clinical(s.records, &s.who, &s.call, network, b.reason);
    }
}
pub(crate) use clinical::UnmarkClinicalNetwork;

/// Commands on decisions about findings.
mod decided {
    use super::*;

    commands! {
        ScanFinding, ScanFindingId;

        /// Approves what is proposed about a finding. Another person than who proposed it.
        ApproveVerdict ("approve", "Approve what is proposed about a finding") {
            /// The word on paper, if it was given there.
            #[serde(default)]
            paper: Option<Paper>,
        }
        |b, s, decision| {
            let word = s.word(b.paper, None)?;
            findings::approve(s.records, &s.who, &s.call, decision, &word)
        };

        /// Sends what is proposed about a finding back.
        RejectVerdict ("reject", "Send what is proposed about a finding back") {
            /// Why.
            note: String,
        }
        |b, s, decision| findings::reject(s.records, &s.who, &s.call, decision, b.note);

        /// Takes back what counts about a finding: it is open again.
        WithdrawVerdict ("withdraw", "Take back what counts about a finding") {
            /// Why.
            reason: String,
        }
        |b, s, decision| findings::withdraw(s.records, &s.who, &s.call, decision, b.reason);
    }
}
pub(crate) use decided::{ApproveVerdict, RejectVerdict, WithdrawVerdict};
