//! 相手方の署名付きファイル as a word: whose counts about which record, and that the file is about it (SPEC.md section 2).
//!
//! A signature shows who signed, not what for. So the file must name the record, it is a word about a record only once, the
//! party must be one that the record concerns, and who pinned a key does not record what it signs. What is approved inside
//! the house alone (policies, reviews, exclusions, alternatives to the proof of a patch) is never approved by another's file.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use shindan_domain::case::{Case, Subject};
use shindan_domain::change::{Change, PlanDraft};
use shindan_domain::device::Device;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Deployment, MasterData, Party, PartyKind, Patcher, Site, System};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{AgreementId, PartyId, SystemId};
use shindan_report::{Lang, Words};

use super::{Records, RecordsError};

/// So far into a partner's file the record is looked for, in bytes.
const NAMED_WITHIN: u64 = 16 << 20;

impl Records {
    /// The parties whose signed file counts as an approval or a confirmation of a record: who runs the system, and of a
    /// change the institution whose consent it needs.
    pub(super) fn who_may_approve(&self, about: Stream) -> Result<BTreeSet<PartyId>, RecordsError> {
        match about.kind {
            Kind::Case => {
                let case: Case = self.existing(about.id)?;
                let mut parties = BTreeSet::new();
                if let Some(system) = self.system_of(&case)? {
                    parties.insert(self.existing::<MasterData<System>>(system)?.particulars.operator);
                }
                if let Subject::Deployment(deployment) = case.subject {
                    let site = self.existing::<MasterData<Deployment>>(deployment)?.particulars.site;
                    parties.extend(
                        self.state::<MasterData<Site>>(site)?.map(|(_, site)| site.particulars.party),
                    );
                }
                Ok(parties)
            }
            Kind::Change => {
                let plan = self.existing::<Change>(about.id)?.plan;
                let system = self.state::<MasterData<System>>(plan.system)?;
                let runs = system.map(|(_, system)| system.particulars.operator);
                Ok(runs.into_iter().chain([plan.institution]).collect())
            }
            _ => Ok(BTreeSet::new()),
        }
    }

    /// The parties that agree on what is done instead of a change: as [`Records::who_may_approve`], and the system's provider.
    pub(super) fn who_may_agree(&self, about: Stream) -> Result<BTreeSet<PartyId>, RecordsError> {
        let mut parties = self.who_may_approve(about)?;
        if about.kind == Kind::Change {
            let plan = self.existing::<Change>(about.id)?.plan;
            let system = self.state::<MasterData<System>>(plan.system)?;
            parties.extend(system.map(|(_, system)| system.particulars.provider));
        }
        Ok(parties)
    }

    /// The parties whose signed file confirms that a device is disconnected: who has to do with it – its owner, who patches it,
    /// who keeps or uses its remote-maintenance line, who looks for its updates, who runs or supplies its system.
    pub(super) fn who_may_disconnect(&self, about: Stream) -> Result<BTreeSet<PartyId>, RecordsError> {
        let device: Device = self.existing(about.id)?;
        let asset = self.existing::<MasterData<Asset>>(device.asset)?.particulars;
        let mut parties = BTreeSet::from([asset.owner]);
        if let Patcher::Party(party) = asset.patcher {
            parties.insert(party);
        }
        parties.extend(device.remote_line.iter().flat_map(|line| [line.owner, line.provider]).flatten());
        parties.extend(device.updates.iter().filter_map(|calendar| calendar.method.responsible));
        if let Some(system) = device.system {
            let System { operator, provider, .. } = self.existing::<MasterData<System>>(system)?.particulars;
            parties.extend([operator, provider]);
        }
        Ok(parties)
    }

    /// The system that a case is about, if it is about one.
    fn system_of(&self, case: &Case) -> Result<Option<SystemId>, RecordsError> {
        match case.subject {
            Subject::System(system) => Ok(Some(system)),
            Subject::Deployment(deployment) => {
                Ok(self.existing::<MasterData<Deployment>>(deployment)?.particulars.system)
            }
            Subject::Release(_) | Subject::Register => Ok(None),
        }
    }

    /// Checks that a kept file which a party signed is about this record – one of `said` names it –, and that `signed` is given
    /// for it for the first time. An instruction is reported on item by item; there one file may answer several.
    ///
    /// An agreement is confirmed by its content, which both sides have, and not by a number of one side.
    ///
    /// # Errors
    /// [`ReasonCode::PartnerFileOtherRecord`], [`ReasonCode::PartnerFileUsed`]; those of [`Records::check_confirms`].
    pub(super) fn check_about(
        &self,
        said: &[Document],
        signed: &Document,
        signed_by: PartyId,
        about: Stream,
    ) -> Result<(), RecordsError> {
        let number = self.store.record(about)?.and_then(|record| record.row.number);
        let id = about.id.to_string();
        let called = number.as_ref().unwrap_or(&id);
        let refused = |code| {
            let refusal = Refusal::new(code).with("record", called);
            Err(RecordsError::refused(Some(about), refusal))
        };
        let about_it = match about.kind {
            Kind::Agreement => self.one_confirms(said, signed_by, AgreementId(about.id))?,
            Kind::Device => self.one_tells_disconnection(said, &[called, &id], about)?,
            _ => self.one_names(said, &[called, &id])?,
        };
        if !about_it {
            return refused(ReasonCode::PartnerFileOtherRecord);
        }
        let hash = signed.sha256.to_string();
        let entries = self.store.entries_of(about)?;
        let used = entries.iter().any(|stored| stored.entry.payload.to_string().contains(&hash));
        if used && about.kind != Kind::Instruction {
            return refused(ReasonCode::PartnerFileUsed);
        }
        Ok(())
    }

    /// Whether one of these kept files names a record.
    fn one_names(&self, said: &[Document], called: &[&str]) -> Result<bool, RecordsError> {
        for document in said {
            let bytes = self.said_in(document)?;
            if called.iter().any(|name| names(&bytes, name)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The bytes of a kept file in which a record is looked for. Text in UTF-16 is found as well: between the letters of a
    /// number there stand zeros.
    fn said_in(&self, document: &Document) -> Result<Vec<u8>, RecordsError> {
        let mut bytes = Vec::new();
        let file = self.store.open_document(&document.sha256)?;
        file.take(NAMED_WITHIN)
            .read_to_end(&mut bytes)
            .map_err(|error| RecordsError::unreadable(Path::new(&document.name), &error))?;
        bytes.retain(|byte| *byte != 0);
        Ok(bytes)
    }

    /// Whether one of these kept files says that a device is disconnected: in a line of its own, as a file that only names
    /// the device may say the contrary.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceLetterUnclear`] for one that names the device without that line.
    fn one_tells_disconnection(
        &self,
        said: &[Document],
        called: &[&str],
        about: Stream,
    ) -> Result<bool, RecordsError> {
        let lines: Vec<String> =
            called.iter().flat_map(|name| in_either_language("letter-disconnected", name)).collect();
        for document in said {
            if says(&self.said_in(document)?, &lines) {
                return Ok(true);
            }
        }
        if self.one_names(said, called)? {
            let line = lines.join(" | ");
            let refusal = Refusal::new(ReasonCode::DeviceLetterUnclear).with("line", line);
            return Err(RecordsError::refused(Some(about), refusal));
        }
        Ok(false)
    }

    /// Whether one of these kept files confirms what an agreement says; if none does, why the last one does not.
    fn one_confirms(
        &self,
        said: &[Document],
        signed_by: PartyId,
        agreement: AgreementId,
    ) -> Result<bool, RecordsError> {
        let mut refused = None;
        for document in said {
            match self.check_confirms(document, signed_by, agreement) {
                Ok(()) => return Ok(true),
                // What the party has not confirmed is not confirmed by another file beside it.
                Err(RecordsError::Refused { about, refusal })
                    if refusal.reason.code != ReasonCode::AgreementFileUnconfirmed =>
                {
                    refused = Some(RecordsError::Refused { about, refusal });
                }
                Err(error) => return Err(error),
            }
        }
        refused.map_or(Ok(false), Err)
    }

    /// Checks that a change is planned on the system that its case is about, and for an institution that runs it: else any
    /// institution's consent and any system's test environment would do.
    ///
    /// # Errors
    /// [`ReasonCode::SystemNotOfCase`], [`ReasonCode::InstitutionNotConcerned`]; [`RecordsError::Unknown`].
    pub(super) fn check_concerned(&self, case: &Case, draft: &PlanDraft) -> Result<(), RecordsError> {
        let refused = |code| Err(RecordsError::refused(None, Refusal::new(code)));
        let system = self.existing::<MasterData<System>>(draft.system)?.particulars;
        if self.system_of(case)?.is_some_and(|of_case| of_case != draft.system) {
            return refused(ReasonCode::SystemNotOfCase);
        }
        let mut concerned = BTreeSet::from([system.operator]);
        for site in system.sites {
            concerned.extend(self.state::<MasterData<Site>>(site)?.map(|(_, site)| site.particulars.party));
        }
        let mut institutions = BTreeSet::new();
        for party in concerned {
            if self.is_institution(party)? {
                institutions.insert(party);
            }
        }
        // A service that its provider runs names no institution: then it is one of those that use it.
        let fits = match institutions.is_empty() {
            true => self.is_institution(draft.institution)?,
            false => institutions.contains(&draft.institution),
        };
        if fits { Ok(()) } else { refused(ReasonCode::InstitutionNotConcerned) }
    }

    fn is_institution(&self, party: PartyId) -> Result<bool, RecordsError> {
        let known = self.state::<MasterData<Party>>(party)?;
        let institution = |party: MasterData<Party>| {
            party.ended.is_none() && party.particulars.kind == PartyKind::Institution
        };
        Ok(known.is_some_and(|(_, party)| institution(party)))
    }
}

/// What a letter says in a line of its own, in each language.
pub(super) fn in_either_language(key: &str, about: &str) -> Vec<String> {
    Lang::ALL.iter().map(|lang| format!("{} {about}", Words::new(*lang).t(key))).collect()
}

/// Whether a text says one of these, each in a line of its own: beside other words it may be denied. The case of letters and
/// the width of spaces make no difference.
pub(super) fn says(text: &[u8], lines: &[String]) -> bool {
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let wanted: Vec<String> = lines.iter().map(|line| plain(line)).collect();
    let text = String::from_utf8_lossy(text);
    text.trim_start_matches('\u{feff}').lines().any(|line| wanted.contains(&plain(line)))
}

/// Whether a text names a record, as a word of its own: `MED-2026-0042` is not named by `MED-2026-00421`.
fn names(text: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    let starts = text.windows(name.len().max(1)).enumerate().filter(|(_, part)| *part == name);
    starts.map(|(start, _)| start).any(|start| {
        let before = start.checked_sub(1).and_then(|place| text.get(place));
        let after = text.get(start + name.len());
        before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
            && after.is_none_or(|byte| !byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_in_a_line_of_its_own() {
        let lines = ["confirms MED-2026-0042 0abc".to_owned(), "確認 MED-2026-0042 0abc".to_owned()];
        for (text, said) in [
            ("Dear all,\r\nConfirms  MED-2026-0042\t0ABC \r\nYours", true),
            ("\u{feff}確認\u{3000}MED-2026-0042 0abc", true),
            ("We do not say that this confirms MED-2026-0042 0abc", false),
            ("confirms MED-2026-0042 0abc not", false),
            ("confirms MED-2026-0042", false),
            ("MED-2026-0042 0abc", false),
        ] {
            assert_eq!(says(text.as_bytes(), &lines), said, "{text}");
        }
    }

    #[test]
    fn a_number_is_named_as_a_word_of_its_own() {
        for (text, named) in [
            ("MED-2026-0042", true),
            ("案件MED-2026-0042に同意します。", true),
            ("MED-2026-0042.", true),
            ("MED-2026-00421", false),
            ("MED-2026-004", false),
            ("XMED-2026-0042 A-MED-2026-0042", false),
            ("MED-2026-00421 and MED-2026-0042", true),
            ("", false),
        ] {
            assert_eq!(names(text.as_bytes(), "MED-2026-0042"), named, "{text}");
        }
    }
}
