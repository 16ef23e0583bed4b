//! Use cases on agreements on roles (SPEC.md section 4, ⑤-1): draft, discuss, confirm, revise. Files to and from the other side
//! stand in `agreement_files`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::agreement::{
    Agreement, AgreementEvent, Assignment, Between, Cause, Content, Draft, Duty, Member, Remark, Template,
};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{MasterData, Party, System};
use shindan_domain::people::Action;
use shindan_domain::process::{Occurrence, ReasonCode, Refusal};
use shindan_domain::record_id::{AgreementId, PartyId, SystemId};

use super::step::nothing;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// What a new agreement is to say.
#[derive(Debug, Clone)]
pub struct NewAgreement {
    /// About which system.
    pub system: SystemId,
    /// What it is called.
    pub title: String,
    /// Who takes part besides operator and provider of the system, and whether they sign.
    pub further: Vec<(PartyId, bool)>,
    /// First day on which it is in force.
    pub from: Date,
    /// Last day on which it is valid.
    pub review: Date,
    /// Duties to begin with.
    pub template: Option<Template>,
    /// In which language these are taken: `ja` or `en`.
    pub language: &'static str,
}

impl Records {
    /// A party as an agreement names it.
    fn member(&self, party: PartyId, signs: bool) -> Result<Member, RecordsError> {
        let Party { name, kind, .. } = self.existing::<MasterData<Party>>(party)?.particulars;
        Ok(Member { name, part: kind, signs })
    }

    /// The party of an agreement that a person means: its name there, or what the party is called here.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`] if nobody is called so.
    pub fn party_of_agreement(&self, agreement: &Agreement, called: &str) -> Result<String, RecordsError> {
        if agreement.content.party(called).is_some() {
            return Ok(called.to_owned());
        }
        let party = PartyId(super::find(self, Kind::Party, called)?.id);
        let bound = agreement
            .bound
            .iter()
            .find(|(name, bound)| **bound == party && agreement.content.party(name).is_some());
        bound.map(|(name, _)| name.clone()).ok_or_else(|| RecordsError::Unknown(called.to_owned()))
    }

    pub(super) fn between_of(&self, agreement: AgreementId) -> Result<Between, RecordsError> {
        self.between(self.existing::<Agreement>(agreement)?.system)
    }
}

/// Begins a draft between operator and provider of the system and whoever else takes part.
///
/// # Errors
/// Refused without a title, for days in the wrong order, and for a system that its operator supplies alone.
pub fn new(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    new: NewAgreement,
) -> Result<Done, RecordsError> {
    records.begin::<Agreement>(who, call, Action::Operate, |records, _| {
        let system: System = records.existing::<MasterData<System>>(new.system)?.particulars;
        let between = Between { operator: system.operator, provider: system.provider };
        let own = [(system.operator, true), (system.provider, true)];
        let (mut parties, mut bound) = (Vec::new(), BTreeMap::new());
        let further = new.further.iter().copied().filter(|(party, _)| own.iter().all(|one| one.0 != *party));
        for (party, signs) in own.into_iter().chain(further) {
            let member = records.member(party, signs)?;
            bound.insert(member.name.clone(), party);
            parties.push(member);
        }
        let duties = new.template.map(|pack| pack.duties(new.language, &parties)).unwrap_or_default();
        let (title, from, review) = (new.title, new.from, new.review);
        let content = Content { title, system: system.name, version: 1, from, review, parties, duties };
        let draft = Draft { system: new.system, bound, content, document: None };
        Agreement::draft(draft, between).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// A command that changes the content, or brings it further, and looks at who runs and supplies the system.
fn edit(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    command: impl FnOnce(&Agreement, Between, &Occurrence) -> Result<AgreementEvent, Refusal>,
) -> Result<Done, RecordsError> {
    records.step::<Agreement, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| records.between_of(id),
        |state, between, by| command(state, between, by),
    )
}

/// Adds a party.
///
/// # Errors
/// Refused for one that takes part already, and once the version is in force.
pub fn add_party(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    party: PartyId,
    signs: bool,
) -> Result<Done, RecordsError> {
    let member = records.member(party, signs)?;
    edit(records, who, call, id, |state, between, _| state.add_party(member, party, between))
}

/// Removes a party, from every duty, too.
///
/// # Errors
/// Refused for operator and provider of the system.
pub fn remove_party(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    name: String,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| state.remove_party(name, between))
}

/// Adds a duty.
///
/// # Errors
/// Refused for a key that is there already, and without a text.
pub fn add_duty(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    duty: Duty,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| state.add_duty(duty, between))
}

/// Changes a duty: what `change` makes of it.
///
/// # Errors
/// Refused for a duty that is none, and if nothing changes.
pub fn change_duty(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    key: &str,
    change: impl FnOnce(&mut Duty),
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| {
        let unknown = Duty {
            key: key.to_owned(),
            topic: shindan_domain::agreement::DutyTopic::Other,
            text: String::new(),
            covers: Vec::new(),
            involvement: BTreeMap::new(),
        };
        let mut duty = state.content.duty(key).cloned().unwrap_or(unknown);
        change(&mut duty);
        state.change_duty(duty, between)
    })
}

/// Removes a duty.
///
/// # Errors
/// Refused without a reason.
pub fn remove_duty(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    key: String,
    reason: String,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| state.remove_duty(key, reason, between))
}

/// Sets what parties have to do with duties.
///
/// # Errors
/// Refused for duties and parties that are none, and if nothing changes.
pub fn assign(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    assignments: Vec<Assignment>,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| state.assign(assignments, between))
}

/// Sets other days.
///
/// # Errors
/// Refused for days in the wrong order.
pub fn set_dates(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    from: Option<Date>,
    review: Option<Date>,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, _| {
        let (from, review) = (from.unwrap_or(state.content.from), review.unwrap_or(state.content.review));
        state.set_dates(from, review, between)
    })
}

/// Proposes it to the other parties.
///
/// # Errors
/// Refused while a duty has no accountable party or more than one; each is named.
pub fn propose(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
) -> Result<Done, RecordsError> {
    edit(records, who, call, id, |state, between, by| state.propose(between, by))
}

/// Takes the proposal back.
///
/// # Errors
/// Refused without a reason.
pub fn withdraw(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    reason: String,
) -> Result<Done, RecordsError> {
    records
        .step::<Agreement, _>(who, call, Action::Operate, id, nothing, |state, (), _| state.withdraw(reason))
}

/// Records what a party said about duties: one, several, or every one (`duties` is empty). `file`: minutes, mail.
///
/// # Errors
/// Refused before it is proposed, and for a party that does not agree and does not say why.
pub fn discuss(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    duties: Vec<String>,
    remark: Remark,
    file: Option<PathBuf>,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Agreement, id);
    records.act(who, call, Action::Operate, Some(stream), |act| {
        let document = file.map(|file| act.records().take_in(&file, act.occurrence.at)).transpose()?;
        let remark = Remark { document, ..remark };
        let duties = match duties.is_empty() {
            true => act.state::<Agreement>(id)?.content.duties.into_iter().map(|duty| duty.key).collect(),
            false => duties,
        };
        act.change::<Agreement>(id, |state, by| {
            duties.into_iter().map(|duty| state.discuss(duty, remark.clone(), by)).collect()
        })?;
        Ok(stream)
    })
}

/// So many digits of a hash at least name a content: as many as the paper shows in groups.
const DIGITS: usize = 16;

/// Records that a party confirms the content that it saw: its own word in the software, on paper, or by its signed file.
/// `seen`: the hash of that content, or its first 16 digits, as the page and the paper show it; a signed file names it itself.
///
/// # Errors
/// Refused for another content than the present one, while a duty is open, and for a word that is not the party's.
pub fn confirm(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    party: String,
    seen: Option<&str>,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Agreement, id);
    records.step::<Agreement, _>(
        who,
        call,
        word.action(Action::Approve),
        id,
        |records, by| {
            let hash = records.existing::<Agreement>(id)?.content.hash();
            let fits = match seen {
                Some(typed) => means(typed, hash),
                // The file is checked for the hash when the word is taken in.
                None => matches!(word, WordGiven::PartnerFile { .. } | WordGiven::SealedFile { .. }),
            };
            if !fits {
                let refusal = Refusal::new(ReasonCode::AgreementContentDiffers).with("expected", hash);
                let refusal = refusal.with("found", seen.unwrap_or_default());
                return Err(RecordsError::refused(Some(stream), refusal));
            }
            Ok((hash, records.spoken(word, stream, by)?, records.between_of(id)?))
        },
        |state, (hash, spoken, between), by| state.confirm(party, hash, spoken, between, by),
    )
}

/// Whether what a person typed means a hash: its first digits, with or without spaces between them.
fn means(typed: &str, hash: Hash) -> bool {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    digits.len() >= DIGITS && hash.to_string().starts_with(&digits)
}

/// Begins a further version.
///
/// # Errors
/// Refused without a reason, and unless a version is in force.
pub fn revise(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    from: Date,
    review: Date,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Agreement, _>(who, call, Action::Operate, id, nothing, |state, (), by| {
        state.revise(from, review, reason, by)
    })
}

/// Records that something changed on which it rests.
///
/// # Errors
/// Refused for the same cause again.
pub fn reopen(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    cause: Cause,
) -> Result<Done, RecordsError> {
    records.step::<Agreement, _>(who, call, Action::Operate, id, nothing, |state, (), _| state.reopen(cause))
}

/// Ends it.
///
/// # Errors
/// Refused without a reason.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AgreementId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Agreement, _>(who, call, Action::Manage, id, nothing, |state, (), _| state.end(reason))
}
