//! Commands on cases (SPEC.md section 4, row ②-2).

use jiff::civil::Date;
use shindan_app::records::analysis::AnalysisOrder;
use shindan_app::records::cases::{self, Bulk, DecideOrder, JudgeOrder};
use shindan_app::records::{Done, RecordsError};
use shindan_domain::advisory::Justification;
use shindan_domain::case::analysis::Effect;
use shindan_domain::case::{Applicability, Treatment};
use shindan_domain::ledger::{Hash, Kind};
use shindan_domain::priority::Decision;
use shindan_domain::record_id::CaseId;

use super::given::{Paper, PartnerFile, commands};
use super::words;

/// What became of the one case that was decided.
fn one(bulk: Bulk) -> Result<Done, RecordsError> {
    match (bulk.done, bulk.refused.into_iter().next()) {
        (_, Some((stream, refusal))) => Err(RecordsError::Refused { about: Some(stream), refusal }),
        (Some(done), None) => Ok(done),
        (None, None) => Err(RecordsError::Unknown(String::new())),
    }
}

commands! {
    Case, CaseId;

    /// Judges whether the system is affected.
    JudgeCase ("judge", "Judge whether the system is affected") {
        /// Whether it applies.
        #[schema(schema_with = words::applicability)]
        applicability: Applicability,
        /// Why it is not affected, as in VEX.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        justification: Option<Justification>,
        /// In the words of who judges.
        note: String,
        /// SHA-256 of uploads that it rests on.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, case| {
        let documents = s.uploads(&b.documents)?;
        let order = JudgeOrder { applicability: b.applicability, justification: b.justification, note: b.note, documents };
        cases::judge(s.records, &s.who, &s.call, case, &order)
    };

    /// Analyses the risk. What is known is frozen; the table gives the priority.
    AnalyseCase ("analyse", "Analyse the risk with what is known now") {
        /// Effect on the safety of patients.
        #[schema(schema_with = words::effect)]
        patient_safety: Effect,
        /// Effect on the availability of the service.
        #[schema(schema_with = words::effect)]
        availability: Effect,
        /// In the words of the analyst.
        note: String,
        /// Another priority than that of the table; with `departs_because`.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        departs: Option<Decision>,
        /// Why.
        #[serde(default)]
        departs_because: Option<String>,
    }
    |b, s, case| {
        let departs = b.departs.map(|decision| (decision, b.departs_because.unwrap_or_default()));
        let order =
            AnalysisOrder { patient_safety: b.patient_safety, availability: b.availability, note: b.note, departs };
        cases::analyse(s.records, &s.who, &s.call, case, &order)
    };

    /// Decides the measure.
    DecideCase ("decide", "Decide the measure") {
        /// The measure.
        #[schema(schema_with = words::treatment)]
        treatment: Treatment,
        /// Why.
        reason: String,
        /// Last day of an acceptance.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        until: Option<Date>,
    }
    |b, s, case| {
        let order = DecideOrder { treatment: b.treatment, reason: b.reason, until: b.until };
        cases::decide(s.records, &s.who, &s.call, &[case], &order).and_then(one)
    };

    /// Approves the decision; never who analysed or decided.
    ApproveCase ("approve", "Approve the decision") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, case| {
        let word = s.word(b.paper, b.partner_file)?;
        cases::approve(s.records, &s.who, &s.call, case, &word)
    };

    /// Does not approve, or takes one's own decision back.
    RejectCase ("reject", "Do not approve, or take one's own decision back") {
        /// Why.
        reason: String,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, case| {
        let word = s.word(b.paper, b.partner_file)?;
        cases::reject(s.records, &s.who, &s.call, case, &b.reason, &word)
    };

    /// Shows the effect of a setting, a mitigation, an isolation.
    ShowCaseEffect ("show-effect", "Show the effect of the measure") {
        /// Assets of the case.
        assets: Vec<String>,
        /// SHA-256 of the upload that shows it.
        #[schema(value_type = String)]
        document: Hash,
        /// What it shows.
        note: String,
    }
    |b, s, case| {
        let file = s.upload(&b.document)?;
        cases::show_effect(s.records, &s.who, &s.call, case, &b.assets, (&file, &b.note))
    };

    /// Shows that a patch repaired it: by the last comparison, or by evidence of the installed build.
    ProveCaseFixed ("prove-fixed", "Show that an asset is repaired") {
        /// The asset.
        asset: String,
        /// SHA-256 of the upload that shows the build; without it, the last comparison counts.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        document: Option<Hash>,
    }
    |b, s, case| {
        let document = b.document.map(|hash| s.upload(&hash)).transpose()?;
        cases::prove_fixed(s.records, &s.who, &s.call, case, &b.asset, document.as_ref())
    };

    /// Records that a place was replaced: the old asset was retired, the new one compared.
    ReplaceAsset ("replace", "Record that an asset was replaced") {
        /// The asset of the case.
        asset: String,
        /// SHA-256 of the upload that shows that it was retired.
        #[schema(value_type = String)]
        retired: Hash,
        /// What stands in its place, as it was compared.
        successor: String,
    }
    |b, s, case| {
        let retired = s.upload(&b.retired)?;
        cases::replace(s.records, &s.who, &s.call, case, &b.asset, (&retired, &b.successor))
    };

    /// Confirms the proof as a second person.
    ConfirmCase ("confirm", "Confirm the proof as a second person") {
        /// When it is looked at again, where the treatment asks for it.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        review: Option<Date>,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, case| {
        let word = s.word(b.paper, b.partner_file)?;
        cases::confirm(s.records, &s.who, &s.call, case, b.review, &word)
    };

    /// Closes a case whose proof is complete.
    CloseCase ("close", "Close a case whose proof is complete") {}
    |_body, s, case| cases::close(s.records, &s.who, &s.call, case);

    /// Opens an approved, accepted or closed case again.
    ReopenCase ("reopen", "Open it again") {
        /// Why.
        reason: String,
    }
    |b, s, case| cases::reopen(s.records, &s.who, &s.call, case, &b.reason);

    /// Takes over the decision that was approved for the release.
    InheritCase ("inherit", "Take over the decision for the release") {
        /// The case of the release: number or id.
        from: String,
    }
    |b, s, case| {
        let from = CaseId(s.named(Kind::Case, &b.from)?);
        cases::inherit(s.records, &s.who, &s.call, case, from)
    };

    /// Departs from the decision for the release.
    OverrideCase ("override", "Depart from the decision for the release") {
        /// Why.
        reason: String,
    }
    |b, s, case| cases::override_inherited(s.records, &s.who, &s.call, case, &b.reason);

    /// Sets the due date anew, after the policy in force.
    SetCaseDue ("set-due", "Set the due date anew, after the policy in force") {}
    |_body, s, case| cases::set_due(s.records, &s.who, &s.call, case);
}
