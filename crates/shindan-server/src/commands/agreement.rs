//! Commands on agreements on roles (⑤-1). The paper, the file for the other side and the differences are read
//! ([`crate::give`]).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::agreements::{self, NewAgreement};
use shindan_app::records::{Done, RecordsError, organisation};
use shindan_domain::agreement::{
    Agreement, Assignment, Cause, CauseKind, Coverage, Duty, DutyTopic, Involvement, Remark, Stance,
};
use shindan_domain::calendar::day;
use shindan_domain::inquiry::Way;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{AgreementId, PartyId, SystemId};
use utoipa::ToSchema;

use super::given::{Paper, PartnerFile, commands};
use super::words;
use crate::command::{Command, Outcome, Session, Task, done_json};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shapes::DoneShape;

impl Session<'_> {
    /// The name under which an agreement has a party.
    fn agreed(&self, id: AgreementId, called: &str) -> Result<String, RecordsError> {
        let agreement: Agreement = organisation::state_of(self.records, id.0)?;
        self.records.party_of_agreement(&agreement, called)
    }

    /// Which party here each name of a file means.
    fn meant(&self, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, PartyId>, RecordsError> {
        given.iter().map(|(name, party)| Ok((name.clone(), self.party(party)?))).collect()
    }

    fn involved(
        &self,
        id: AgreementId,
        given: BTreeMap<String, Involvement>,
    ) -> Result<BTreeMap<String, Involvement>, RecordsError> {
        given.into_iter().map(|(called, one)| Ok((self.agreed(id, &called)?, one))).collect()
    }
}

/// Begins a draft; operator and provider of the system take part from the beginning.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAgreementGiven {
    /// The system: name or id.
    system: String,
    /// What it is called in lists.
    title: String,
    /// Other parties that take part and sign: names or ids.
    #[serde(default)]
    parties: Vec<String>,
    /// Parties that take part and do not sign.
    #[serde(default)]
    without_signature: Vec<String>,
    /// First day on which it is in force, a day in Japan; today unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Option<Date>,
    /// Last day on which it is valid, a day in Japan.
    #[schema(value_type = String)]
    review: Date,
    /// SHA-256 of an upload: a pack of duties to begin with; the one that ships unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    template: Option<Hash>,
    /// Begins without any duty.
    #[serde(default)]
    blank: bool,
    /// The language in which duties are taken is English, not Japanese.
    #[serde(default)]
    in_english: bool,
}

impl Command for NewAgreementGiven {
    const KIND: Kind = Kind::Agreement;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Begin an agreement on roles";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let parties = |called: &[String], signs| -> Result<Vec<(PartyId, bool)>, RecordsError> {
            called.iter().map(|one| Ok((s.party(one)?, signs))).collect()
        };
        let mut further = parties(&self.parties, true)?;
        further.extend(parties(&self.without_signature, false)?);
        let own = self.template.as_ref().map(|hash| s.upload(hash)).transpose()?;
        let template = match self.blank {
            true => None,
            false => Some(agreement_files::template(own.as_deref())?),
        };
        let new = NewAgreement {
            system: SystemId(s.named(Kind::System, &self.system)?),
            title: self.title,
            further,
            from: self.from.unwrap_or_else(|| day(s.call.now)),
            review: self.review,
            template,
            language: if self.in_english { "en" } else { "ja" },
        };
        agreements::new(s.records, &s.who, &s.call, new).map(Into::into)
    }
}

/// What a party said.
struct Said {
    party: String,
    stance: Stance,
    comment: String,
    way: Option<Way>,
    on: Option<Date>,
}

impl Session<'_> {
    fn discuss(
        &mut self,
        id: AgreementId,
        duties: Vec<String>,
        said: Said,
        document: Option<Hash>,
    ) -> Result<Done, RecordsError> {
        let party = self.agreed(id, &said.party)?;
        let file = document.map(|hash| self.upload(&hash)).transpose()?;
        let on = said.on.unwrap_or_else(|| day(self.call.now));
        let way = said.way.unwrap_or(Way::Meeting);
        let Said { stance, comment, .. } = said;
        let remark = Remark { party, stance, comment, way, on, document: None };
        agreements::discuss(self.records, &self.who, &self.call, id, duties, remark, file)
    }
}

commands! {
    Agreement, AgreementId;

    /// Adds a party.
    AddAgreementParty ("add-party", "Add a party") {
        /// The party: name or id.
        party: String,
        /// It does not sign, and cannot be accountable.
        #[serde(default)]
        without_signature: bool,
    }
    |b, s, id| {
        let party = s.party(&b.party)?;
        agreements::add_party(s.records, &s.who, &s.call, id, party, !b.without_signature)
    };

    /// Removes a party, from every duty, too.
    RemoveAgreementParty ("remove-party", "Remove a party") {
        /// The party: its name in the agreement, or its id.
        party: String,
    }
    |b, s, id| {
        let party = s.agreed(id, &b.party)?;
        agreements::remove_party(s.records, &s.who, &s.call, id, party)
    };

    /// Adds a duty.
    AddDuty ("add-duty", "Add a duty") {
        /// Its key, unique in the agreement.
        duty: String,
        /// What it is about.
        #[schema(schema_with = words::duty_topic)]
        topic: DutyTopic,
        /// What is to be done.
        text: String,
        /// What is compared with the records: `{"covers": "patching-of-all"}`,
        /// `{"covers": "patching-of-category", "category": …}`, `{"covers": "patching-of-asset", "asset": …}`,
        /// `{"covers": "every-line"}`, `{"covers": "line-of", "asset": …}`.
        #[serde(default)]
        #[schema(value_type = Vec<Object>)]
        covers: Vec<Coverage>,
        /// Party to what it has to do with it: `does`, `supports`, `is-informed`, `approves`.
        #[serde(default)]
        #[schema(value_type = BTreeMap<String, String>)]
        involvement: BTreeMap<String, Involvement>,
    }
    |b, s, id| {
        let involvement = s.involved(id, b.involvement)?;
        let duty = Duty { key: b.duty, topic: b.topic, text: b.text, covers: b.covers, involvement };
        agreements::add_duty(s.records, &s.who, &s.call, id, duty)
    };

    /// Changes a duty; nobody has agreed to what it says then. What is not named stays as it is.
    ChangeDuty ("change-duty", "Change a duty") {
        /// Its key.
        duty: String,
        /// What it is about.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        topic: Option<DutyTopic>,
        /// What is to be done.
        #[serde(default)]
        text: Option<String>,
        /// What is compared with the records, as for `add-duty`.
        #[serde(default)]
        #[schema(value_type = Option<Vec<Object>>)]
        covers: Option<Vec<Coverage>>,
    }
    |b, s, id| agreements::change_duty(s.records, &s.who, &s.call, id, &b.duty, |duty| {
        duty.topic = b.topic.unwrap_or(duty.topic);
        duty.text = b.text.unwrap_or_else(|| std::mem::take(&mut duty.text));
        duty.covers = b.covers.unwrap_or_else(|| std::mem::take(&mut duty.covers));
    });

    /// Removes a duty.
    RemoveDuty ("remove-duty", "Remove a duty") {
        /// Its key.
        duty: String,
        /// Why.
        reason: String,
    }
    |b, s, id| agreements::remove_duty(s.records, &s.who, &s.call, id, b.duty, b.reason);

    /// Sets what a party has to do with duties.
    AssignDuties ("assign", "Set what a party has to do with duties") {
        /// The party: its name in the agreement, or its id.
        party: String,
        /// Keys of the duties.
        duties: Vec<String>,
        /// `does`, `supports`, `is-informed`, `approves`; nothing unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        involvement: Option<Involvement>,
    }
    |b, s, id| {
        let (party, involvement) = (s.agreed(id, &b.party)?, b.involvement);
        let one = |duty| Assignment { duty, party: party.clone(), involvement };
        let assignments = b.duties.into_iter().map(one).collect();
        agreements::assign(s.records, &s.who, &s.call, id, assignments)
    };

    /// Sets other days. What is not named stays as it is.
    SetAgreementDates ("dates", "Set other days") {
        /// First day on which it is in force, a day in Japan.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        from: Option<Date>,
        /// Last day on which it is valid, a day in Japan.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        review: Option<Date>,
    }
    |b, s, id| agreements::set_dates(s.records, &s.who, &s.call, id, b.from, b.review);

    /// Proposes it to the other parties.
    ProposeAgreement ("propose", "Propose it to the other parties") {}
    |_body, s, id| agreements::propose(s.records, &s.who, &s.call, id);

    /// Takes the proposal back.
    WithdrawAgreement ("withdraw", "Take the proposal back") {
        /// Why.
        reason: String,
    }
    |b, s, id| agreements::withdraw(s.records, &s.who, &s.call, id, b.reason);

    /// Records that a party does not agree to duties yet.
    DiscussDuties ("discuss", "Record that a party does not agree to duties yet") {
        /// The party: its name in the agreement, or its id.
        party: String,
        /// Keys of the duties; every one if there are none.
        #[serde(default)]
        duties: Vec<String>,
        /// What it said.
        comment: String,
        /// By what way; a meeting unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        way: Option<Way>,
        /// On which day in Japan; today unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        on: Option<Date>,
        /// SHA-256 of an upload: minutes, mail.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        document: Option<Hash>,
    }
    |b, s, id| {
        let said = Said { party: b.party, stance: Stance::Open, comment: b.comment, way: b.way, on: b.on };
        s.discuss(id, b.duties, said, b.document)
    };

    /// Records that a party agrees to duties.
    AgreeToDuties ("agree", "Record that a party agrees to duties") {
        /// The party: its name in the agreement, or its id.
        party: String,
        /// Keys of the duties; every one if there are none.
        #[serde(default)]
        duties: Vec<String>,
        /// What it said besides.
        #[serde(default)]
        comment: String,
        /// By what way; a meeting unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        way: Option<Way>,
        /// On which day in Japan; today unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        on: Option<Date>,
        /// SHA-256 of an upload: minutes, mail.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        document: Option<Hash>,
    }
    |b, s, id| {
        let said = Said { party: b.party, stance: Stance::Agreed, comment: b.comment, way: b.way, on: b.on };
        s.discuss(id, b.duties, said, b.document)
    };

    /// Confirms the content that a party saw; with the last party it is in force.
    ConfirmAgreement ("confirm", "Confirm the content that a party saw") {
        /// The party: its name in the agreement, or its id.
        party: String,
        /// The hash of that content, or its first 16 digits.
        content: String,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, id| {
        let party = s.agreed(id, &b.party)?;
        let word = s.word(b.paper, b.partner_file)?;
        agreements::confirm(s.records, &s.who, &s.call, id, party, Some(&b.content), &word)
    };

    /// Begins a further version; the present one stays valid until the next is in force.
    ReviseAgreement ("revise", "Begin a further version") {
        /// First day on which that is in force, a day in Japan; today unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        from: Option<Date>,
        /// Last day on which that is valid, a day in Japan.
        #[schema(value_type = String)]
        review: Date,
        /// Why.
        reason: String,
    }
    |b, s, id| {
        let from = b.from.unwrap_or_else(|| day(s.call.now));
        agreements::revise(s.records, &s.who, &s.call, id, from, b.review, b.reason)
    };

    /// Records that something changed on which it rests.
    ReopenAgreement ("reopen", "Record that something changed on which it rests") {
        /// What changed.
        #[schema(schema_with = words::reopening_cause)]
        cause: CauseKind,
        /// Which device.
        #[serde(default)]
        asset: Option<String>,
        /// What changed, in words.
        reason: String,
    }
    |b, s, id| {
        let cause = Cause { kind: b.cause, asset: b.asset, text: b.reason };
        agreements::reopen(s.records, &s.who, &s.call, id, cause)
    };

    /// Takes the other side's file in as what is discussed, or as the next version.
    TakeAgreement ("take", "Take the other side's file in") {
        /// SHA-256 of the upload: the file.
        #[schema(value_type = String)]
        file: Hash,
        /// Name in the file to the party here: name or id; the one of the same name unless given.
        #[serde(default)]
        parties: BTreeMap<String, String>,
    }
    |b, s, id| {
        let file = s.upload(&b.file)?;
        let taking = Taking { agreement: Some(id), system: None, parties: s.meant(&b.parties)? };
        agreement_files::import(s.records, &s.who, &s.call, &file, &taking)
    };

    /// Ends it.
    EndAgreement ("end", "End it") {
        /// Why.
        reason: String,
    }
    |b, s, id| agreements::end(s.records, &s.who, &s.call, id, b.reason);
}

/// Takes the other side's file in as a new agreement: a proposal that is discussed and confirmed here. As another version of
/// one that is known here: `POST /api/v1/agreement/{record}/take`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportAgreement {
    /// SHA-256 of the upload: the file.
    #[schema(value_type = String)]
    file: Hash,
    /// The system here: name or id; the one that is called as in the file unless given.
    #[serde(default)]
    system: Option<String>,
    /// Name in the file to the party here: name or id; the one of the same name unless given.
    #[serde(default)]
    parties: BTreeMap<String, String>,
}

impl ImportAgreement {
    fn import(&self, s: &mut Session<'_>) -> Result<Done, RecordsError> {
        let file = s.upload(&self.file)?;
        let system = self.system.as_ref().map(|called| s.named(Kind::System, called)).transpose()?;
        let parties = s.meant(&self.parties)?;
        let taking = Taking { agreement: None, system: system.map(SystemId), parties };
        agreement_files::import(s.records, &s.who, &s.call, &file, &taking)
    }
}

impl Task for ImportAgreement {
    const NAME: &'static str = "agreement-import";
    const SUMMARY: &'static str = "Take the other side's file in as a new agreement";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let done = self.import(s).map_err(|error| s.problem(error))?;
        Ok(Reply::of(&done_json(&done, BTreeMap::new())))
    }
}
