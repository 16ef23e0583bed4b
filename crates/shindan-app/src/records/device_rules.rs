//! Use cases on the operating rule of a device: write from the dossier, approve, send back, print.

use std::io::Read;

use shindan_domain::calendar::day;
use shindan_domain::device::{Device, Rule, RuleText};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{DeviceId, PartyId};
use shindan_report::devices::{RuleSheet, rule_html};
use shindan_report::{Lang, Words};

use super::step::nothing;
use super::words_given::{DOCUMENT_LIMIT, WordGiven};
use super::{Call, Done, Entered, Records, RecordsError};

/// The languages of a rule, in the order of its documents.
const LANGUAGES: [Lang; 2] = [Lang::Ja, Lang::En];

/// Writes the next version of the rule from the dossier, prints it in both languages and keeps both.
///
/// # Errors
/// Refused with everything that the dossier lacks.
pub fn write(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    text: RuleText,
) -> Result<Done, RecordsError> {
    let about = Stream::new(Kind::Device, id);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let device = act.state::<Device>(id)?;
        device.check_rule(&text).map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
        let records = act.records();
        let number = records.called(about).unwrap_or_else(|| about.id.to_string());
        let party = |id: PartyId| records.called(Stream::new(Kind::Party, id));
        let asset = records.existing::<MasterData<Asset>>(device.asset)?.particulars;
        let patcher = match asset.patcher {
            Patcher::Party(id) => party(id),
            Patcher::ToBeSettled(_) => None,
        };
        let method = device.updates.as_ref().and_then(|calendar| calendar.method.responsible);
        let sheet = RuleSheet {
            device: &device,
            text: &text,
            number: &number,
            version: device.next_rule(),
            written: day(act.occurrence.at),
            system: device.system.and_then(|system| records.called(Stream::new(Kind::System, system))),
            owner: party(asset.owner),
            updated_by: method.and_then(party).or(patcher),
            line_owner: device.remote_line.as_ref().and_then(|line| line.owner).and_then(party),
            line_provider: device.remote_line.as_ref().and_then(|line| line.provider).and_then(party),
        };
        let mut documents = Vec::new();
        for lang in LANGUAGES {
            let page = rule_html(&sheet, &Words::new(lang)).map_err(RecordsError::stored)?;
            let name = format!("{number}-rule-{}.{}.html", sheet.version, lang.as_str());
            documents.push(records.take_in_bytes(page.as_bytes(), &name, act.occurrence.at)?);
        }
        act.change::<Device>(id, |state, _| Ok(vec![state.write_rule(text.clone(), documents)?]))?;
        Ok(about)
    })
}

/// Approves the rule that waits.
///
/// # Errors
/// Refused for who wrote it or analysed the risk, and once the dossier says something else.
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        word.action(Action::Approve),
        id,
        |records, by| records.word(word, Action::Approve, Stream::new(Kind::Device, id), by),
        |state, word, by| state.approve_rule(word, by),
    )
}

/// Sends the rule that waits back.
///
/// # Errors
/// Refused without a reason, and if none waits.
pub fn send_back(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(who, call, Action::Approve, id, nothing, |state, (), _| {
        state.send_rule_back(reason)
    })
}

/// The kept page of a version of the rule; the newest approved one, else the newest, unless a version is named.
///
/// # Errors
/// Refused if there is no such version; those of the store, among them a page that was altered on the disk.
pub fn print(
    records: &Records,
    who: &Entered,
    id: DeviceId,
    version: Option<u32>,
    lang: Lang,
) -> Result<Vec<u8>, RecordsError> {
    let about = Stream::new(Kind::Device, id);
    let refused = |refusal| RecordsError::refused(Some(about), refusal);
    who.permit(Action::Read).map_err(refused)?;
    let device: Device = records.existing(id)?;
    let wanted: Option<&Rule> = match version {
        Some(version) => device.rules.iter().find(|rule| rule.version == version),
        None => device.approved_rule().or(device.rules.last()),
    };
    let place = LANGUAGES.iter().position(|known| *known == lang).unwrap_or_default();
    let document = wanted.and_then(|rule| rule.documents.get(place));
    let document = document.ok_or_else(|| refused(Refusal::new(ReasonCode::DeviceNoRule)))?;
    let mut page = Vec::new();
    let file = records.store().open_document(&document.sha256)?;
    file.take(DOCUMENT_LIMIT).read_to_end(&mut page).map_err(RecordsError::stored)?;
    Ok(page)
}
