//! A person's word as it is given – in the software, on paper, by the partner's signed file – and files as evidence
//! (SPEC.md section 2).

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::approval::Word;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, Party};
use shindan_domain::people::{Action, Person, PersonState, permit};
use shindan_domain::process::{Occurrence, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{PartyId, PersonId};
use shindan_domain::step::Spoken;
use shindan_domain::verification::{CheckOutcome, Verdict};
use shindan_verify::{Artefact, Means, Pin, SignatureMeans};

use super::{Records, RecordsError, find};

/// The largest document that is taken in, in bytes.
pub const DOCUMENT_LIMIT: u64 = 256 << 20;
/// The largest file of a patch that is taken in, in bytes.
pub const PATCH_LIMIT: u64 = 16 << 30;
/// So long a document is kept that no entry names: the step that it is for may still be mended and asked for again.
const UNUSED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
/// The largest signature or key that is read, in bytes.
const KEY_LIMIT: u64 = 4 << 20;

/// How a word is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WordGiven {
    /// By the person who acts, in the software.
    #[default]
    Software,
    /// On paper: the scan, who signed it, and who that is here.
    Paper {
        /// The scan.
        scan: PathBuf,
        /// The name on the paper.
        signer: String,
        /// The signer as a person known here.
        person: Option<PersonId>,
    },
    /// By the partner's sealed file, which was accepted before (`exchange import`): its own signature is the word's.
    SealedFile {
        /// The sealed file.
        file: PathBuf,
        /// Name of the signer; else the name on the partner's card.
        signer: Option<String>,
        /// Number, id or name of the party; else whose installation sealed it.
        party: Option<String>,
    },
    /// By the partner's signed file.
    PartnerFile {
        /// The file.
        file: PathBuf,
        /// Its detached signature.
        signature: PathBuf,
        /// The party's key; it counts only if its fingerprint is pinned for the party.
        key: PathBuf,
        /// Name of the signer, as the file states it.
        signer: String,
        /// Number, id or name of the party.
        party: String,
    },
}

/// Keys that are pinned for a party.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pinned {
    /// The party.
    pub party: PartyId,
    /// Without those that this person pinned: alone they could make the party say anything.
    pub not_by: Option<PersonId>,
}

impl WordGiven {
    /// What permits a person to record it: to give one's own word takes the role for it; a word on paper or by file is
    /// recorded.
    pub fn action(&self, own: Action) -> Action {
        match self {
            WordGiven::Software => own,
            WordGiven::Paper { .. } | WordGiven::PartnerFile { .. } | WordGiven::SealedFile { .. } => {
                Action::Operate
            }
        }
    }
}

impl Records {
    /// Takes a word about a record in, with its document. `by`: who acts in the software, and when.
    ///
    /// # Errors
    /// Refused if a signer who is known here has no role for such a word ([`ReasonCode::RoleMissing`]) or is another person
    /// than was said ([`ReasonCode::SignerIsAnother`]), for a partner who has no say there
    /// ([`ReasonCode::PartnerFileNotHere`], [`ReasonCode::OtherParty`]), and for a partner's file that is not proven or not
    /// about the record ([`ReasonCode::NoPinnedKey`], [`ReasonCode::PartnerFileNotProven`],
    /// [`ReasonCode::PartnerFileOtherRecord`], [`ReasonCode::PartnerFileUsed`]); [`RecordsError::Unreadable`] for a file.
    pub(super) fn word(
        &self,
        given: &WordGiven,
        action: Action,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Word, RecordsError> {
        self.word_of(given, action, about, by, Records::who_may_approve)
    }

    /// As [`Records::word`], where the system's provider has a say, too: what is done instead of a change.
    ///
    /// # Errors
    /// As [`Records::word`].
    pub(super) fn agreement(
        &self,
        given: &WordGiven,
        action: Action,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Word, RecordsError> {
        self.word_of(given, action, about, by, Records::who_may_agree)
    }

    /// As [`Records::word`], that a device is disconnected: a contractor who has to do with it has a say.
    ///
    /// # Errors
    /// As [`Records::word`], and [`ReasonCode::DeviceLetterUnclear`].
    pub(super) fn disconnection(
        &self,
        given: &WordGiven,
        action: Action,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Word, RecordsError> {
        self.word_of(given, action, about, by, Records::who_may_disconnect)
    }

    fn word_of(
        &self,
        given: &WordGiven,
        action: Action,
        about: Stream,
        by: &Occurrence,
        partners: fn(&Records, Stream) -> Result<BTreeSet<PartyId>, RecordsError>,
    ) -> Result<Word, RecordsError> {
        let party = match given {
            WordGiven::PartnerFile { party, .. } => Some(PartyId(find(self, Kind::Party, party)?.id)),
            WordGiven::SealedFile { file, party, .. } => {
                Some(self.sealed_by(file, party.as_ref(), by.at)?.party)
            }
            WordGiven::Software | WordGiven::Paper { .. } => None,
        };
        if let Some(party) = party {
            let partners = partners(self, about)?;
            if !partners.contains(&party) {
                let code = match partners.is_empty() {
                    true => ReasonCode::PartnerFileNotHere,
                    false => ReasonCode::OtherParty,
                };
                return Err(RecordsError::refused(Some(about), Refusal::new(code)));
            }
        }
        let signer = self.signer(given)?;
        if let Some(person) = signer {
            permit(action, self.person(person)?.roles.iter().copied())
                .map_err(|refusal| RecordsError::refused(None, refusal))?;
        }
        self.taken(given, signer, about, by)
    }

    /// Takes a word in for which no role is asked – a consent, a report: whose word it is, is what counts.
    ///
    /// # Errors
    /// As [`Records::word`], without the roles and without asking which partner has a say: the record does.
    pub(super) fn spoken(
        &self,
        given: &WordGiven,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Spoken, RecordsError> {
        let signer = self.signer(given)?;
        let giver = match given {
            WordGiven::Software => Some(by.actor.person),
            WordGiven::Paper { .. } => signer,
            WordGiven::PartnerFile { .. } | WordGiven::SealedFile { .. } => None,
        };
        let giver_party = match giver {
            Some(person) => self.person(person)?.party,
            None => None,
        };
        Ok(Spoken { word: self.taken(given, signer, about, by)?, giver_party })
    }

    /// Who signed a paper, if they are known here: the person who is named beside it, else the only one of that name. Who
    /// worked on a record cannot become somebody unknown by leaving out who they are.
    ///
    /// # Errors
    /// [`ReasonCode::SignerIsAnother`] if the name is that of other people here than the one who is named beside it;
    /// [`ReasonCode::PersonInactive`]; [`RecordsError::Ambiguous`] if several have the name.
    fn signer(&self, given: &WordGiven) -> Result<Option<PersonId>, RecordsError> {
        let WordGiven::Paper { signer, person, .. } = given else { return Ok(None) };
        let refused = |refusal: Refusal| Err(RecordsError::refused(None, refusal));
        let names = self.store.names()?;
        let same = names.iter().filter(|(_, name)| plain(name) == plain(signer));
        let same: Vec<PersonId> = same.map(|(person, _)| *person).collect();
        let found = match (person, same.as_slice()) {
            (Some(person), []) => *person,
            (Some(person), same) if same.contains(person) => *person,
            (Some(_), _) => return refused(Refusal::new(ReasonCode::SignerIsAnother).with("signer", signer)),
            (None, []) => return Ok(None),
            (None, [one]) => *one,
            (None, several) => {
                let candidates = several.iter().map(ToString::to_string).collect();
                return Err(RecordsError::Ambiguous { called: signer.clone(), candidates });
            }
        };
        match self.person(found)?.state {
            PersonState::Active => Ok(Some(found)),
            PersonState::Inactive => refused(Refusal::new(ReasonCode::PersonInactive)),
        }
    }

    fn taken(
        &self,
        given: &WordGiven,
        person: Option<PersonId>,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Word, RecordsError> {
        match given {
            WordGiven::Software => Ok(Word::Software),
            WordGiven::Paper { scan, signer, .. } => {
                let document = self.take_in(scan, by.at)?;
                Ok(Word::Paper { signer: signer.trim().to_owned(), person, document })
            }
            WordGiven::SealedFile { file, signer, party } => {
                let sealed = self.sealed_by(file, party.as_ref(), by.at)?;
                self.sealed_word(sealed, signer.as_deref(), about, by)
            }
            WordGiven::PartnerFile { file, signature, key, signer, party } => {
                let party = PartyId(find(self, Kind::Party, party)?.id);
                let pinned = Pinned { party, not_by: Some(by.actor.person) };
                let (document, key) = self.take_in_signed(file, signature, key, pinned, by.at)?;
                self.check_about(std::slice::from_ref(&document), &document, party, about)?;
                Ok(Word::PartnerFile { party, signer: signer.trim().to_owned(), key, document })
            }
        }
    }

    /// Keeps a file that a party signed, if a key that is pinned for the party verifies it; answers the file and the
    /// fingerprint of the key.
    ///
    /// # Errors
    /// [`ReasonCode::NoPinnedKey`], [`ReasonCode::KeyPinnedByRecorder`], [`ReasonCode::PartnerFileNotProven`];
    /// [`RecordsError::Unreadable`].
    pub(super) fn take_in_signed(
        &self,
        file: &Path,
        signature: &Path,
        key: &Path,
        pinned: Pinned,
        at: Timestamp,
    ) -> Result<(Document, String), RecordsError> {
        let stream = Stream::new(Kind::Party, pinned.party);
        let pins = self.pins_but(pinned, at)?;
        if pins.is_empty() {
            let code = match self.pins(pinned.party, at)?.is_empty() {
                true => ReasonCode::NoPinnedKey,
                false => ReasonCode::KeyPinnedByRecorder,
            };
            let name = self.called(stream).unwrap_or_else(|| pinned.party.to_string());
            return Err(RecordsError::refused(Some(stream), Refusal::new(code).with("party", name)));
        }
        let (signature, key) = (read_small(signature)?, read_small(key)?);
        // What is verified is what is kept: the bytes under the hash, not the file that might change meanwhile.
        let document = self.take_in(file, at)?;
        let mut kept = self.store.open_document(&document.sha256)?;
        let mut artefact = Artefact::new(&document.name, &mut kept);
        let means = SignatureMeans { signature: &signature, keys: &[&key], anchors: &[], sigstore: None };
        let verdict = shindan_verify::verify(&mut artefact, &[Means::Signature(means)], &pins, at, None)
            .map_err(|error| RecordsError::unreadable(file, &error))?;
        match signer_of(&verdict) {
            Some(signer) => Ok((document, signer)),
            None => {
                let reason = Reason::new(ReasonCode::PartnerFileNotProven).with("result", verdict.outcome);
                Err(RecordsError::refused(Some(stream), reason.into()))
            }
        }
    }

    /// The keys whose signatures count as a party's at a moment.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`]; [`RecordsError::Stored`] for a fingerprint that is none.
    pub(super) fn pins(&self, party: PartyId, at: Timestamp) -> Result<Vec<Pin>, RecordsError> {
        self.pins_but(Pinned { party, not_by: None }, at)
    }

    fn pins_but(&self, pinned: Pinned, at: Timestamp) -> Result<Vec<Pin>, RecordsError> {
        let Pinned { party, not_by } = pinned;
        let stream = Stream::new(Kind::Party, party);
        let (_, record) =
            self.state::<MasterData<Party>>(party)?.ok_or_else(|| RecordsError::unknown(stream))?;
        if record.ended.is_some() {
            return Ok(Vec::new());
        }
        let keys = record.particulars.keys_at(at).filter(|key| Some(key.pinned_by) != not_by);
        keys.map(|key| key.fingerprint.parse().map_err(RecordsError::stored)).collect()
    }

    fn person(&self, person: PersonId) -> Result<Person, RecordsError> {
        let stream = Stream::new(Kind::Person, person);
        let (_, state) = self.state::<Person>(person)?.ok_or_else(|| RecordsError::unknown(stream))?;
        Ok(state)
    }

    /// Keeps a file as evidence.
    ///
    /// # Errors
    /// [`RecordsError::Unreadable`]; those of the store, among them a file that is too large.
    pub(super) fn take_in(&self, path: &Path, at: Timestamp) -> Result<Document, RecordsError> {
        self.take_in_up_to(path, DOCUMENT_LIMIT, at)
    }

    /// Keeps several files.
    ///
    /// # Errors
    /// As [`Records::take_in`].
    pub(super) fn take_in_all(
        &self,
        paths: &[PathBuf],
        at: Timestamp,
    ) -> Result<Vec<Document>, RecordsError> {
        paths.iter().map(|path| self.take_in(path, at)).collect()
    }

    /// Keeps a file of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Records::take_in`].
    pub(super) fn take_in_up_to(
        &self,
        path: &Path,
        limit: u64,
        at: Timestamp,
    ) -> Result<Document, RecordsError> {
        let mut file = File::open(path).map_err(|error| RecordsError::unreadable(path, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(self.store.keep(&mut file, &name, limit, at)?)
    }

    /// Removes documents that were taken in for a step that was then refused or given up, days ago: no entry names them.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) fn forget_unused(&mut self, now: Timestamp) -> Result<(), RecordsError> {
        let before = now.checked_sub(UNUSED_KEPT).map_err(RecordsError::stored)?;
        self.store.remove_unreferenced(before)?;
        Ok(())
    }

    /// Keeps bytes that this program made.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) fn take_in_bytes(
        &self,
        mut bytes: &[u8],
        name: &str,
        at: Timestamp,
    ) -> Result<Document, RecordsError> {
        Ok(self.store.keep(&mut bytes, name, DOCUMENT_LIMIT, at)?)
    }
}

/// A name for comparing: spaces and the case of letters make no other person.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Who signed, if the verdict proves that somebody did.
fn signer_of(verdict: &Verdict) -> Option<String> {
    let good = |outcome| outcome == CheckOutcome::Passed;
    let signer = verdict.checks.iter().find(|check| good(check.outcome))?.signer.clone()?;
    verdict.is_genuine().then_some(signer)
}

/// A signature or key: small by nature, so that a wrong file does not fill the memory.
fn read_small(path: &Path) -> Result<Vec<u8>, RecordsError> {
    use std::io::Read;
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(KEY_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
