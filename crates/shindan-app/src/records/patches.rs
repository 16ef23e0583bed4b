//! Use cases on patches: take the file in, prove it genuine, prove its effect (SPEC.md section 4, ②-3).

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::case::Case;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{Environment, MasterData};
use shindan_domain::patch::{EffectProof, ExpectedValue, Patch, PatchParticulars};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode, Relation};
use shindan_domain::record_id::{CaseId, EnvironmentId, PatchId};
use shindan_domain::verification::{Channel, Method, Outcome, Verdict};

use super::step::nothing;
use super::words_given::{PATCH_LIMIT, WordGiven};
use super::{Call, Done, Entered, Records, RecordsError};
use crate::patch_verification::{self, DigestKind, VerificationRequest};

/// A file to be taken in as a patch.
#[derive(Debug, Clone)]
pub struct Registration {
    /// What it is.
    pub particulars: PatchParticulars,
    /// The file.
    pub file: PathBuf,
    /// Where it was fetched.
    pub obtained_from: Channel,
}

/// Takes a patch in. The file is kept by its hash.
///
/// # Errors
/// Refused for a file that stands in quarantine in any record, and without case and vulnerability.
pub fn register(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    registration: Registration,
) -> Result<Done, RecordsError> {
    records.begin::<Patch>(who, call, Action::Operate, |records, by| {
        let Registration { particulars, file, obtained_from } = registration;
        let document = records.take_in_up_to(&file, PATCH_LIMIT, by.at)?;
        let quarantined = records.is_quarantined(&document.sha256)?;
        Patch::register(particulars, document, obtained_from, quarantined)
            .map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// Corrects or extends what a patch is.
///
/// # Errors
/// Refused without a reason, or if nothing changes.
pub fn correct(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    reason: String,
    edit: impl FnOnce(&mut PatchParticulars),
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(who, call, Action::Operate, patch, nothing, |state, (), _| {
        let mut particulars = state.particulars.clone();
        edit(&mut particulars);
        state.change(particulars, reason)
    })
}

/// Verifies a file as a patch and records what came of it. Only keys that are pinned for the maker count; the values that
/// were registered with the patch are compared, too.
///
/// # Errors
/// Refused if a key is given and none is pinned for the maker ([`ReasonCode::NoPinnedKey`]), if the file is another one,
/// and if the proof rests on what came the same way as the file; those of reading the files.
pub fn verify(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    request: VerificationRequest,
    at: Timestamp,
) -> Result<(Done, Verdict), RecordsError> {
    let mut found = None;
    let done = records.step::<Patch, _>(
        who,
        call,
        Action::Operate,
        patch,
        |records, _| {
            let state: Patch = records.existing(patch)?;
            let verdict = records.verdict(&state, request, at)?;
            found = Some(verdict.clone());
            Ok(verdict)
        },
        |state, verdict, _| state.verify(verdict),
    )?;
    match found {
        Some(verdict) => Ok((done, verdict)),
        // The same request was carried out before: what came of it stands in the record.
        None => {
            let state: Patch = records.existing(patch)?;
            let last = state.verifications.last();
            let verdict = last.map(|verified| verified.verdict.clone());
            let empty = || Verdict::conclude(Vec::new(), String::new(), 0);
            Ok((done, verdict.unwrap_or_else(empty)))
        }
    }
}

impl Records {
    fn verdict(
        &self,
        patch: &Patch,
        mut request: VerificationRequest,
        at: Timestamp,
    ) -> Result<Verdict, RecordsError> {
        request.pins = self.pins(patch.particulars.maker, at)?;
        let keyed = [&request.keys, &request.certificates].into_iter().any(|given| !given.is_empty());
        if request.pins.is_empty() && (keyed || !request.minisign_keys.is_empty()) {
            let maker = Stream::new(Kind::Party, patch.particulars.maker);
            let name = self.called(maker).unwrap_or_else(|| maker.id.to_string());
            let reason = Reason::new(ReasonCode::NoPinnedKey).with("party", name);
            return Err(RecordsError::refused(Some(maker), reason.into()));
        }
        let mut verdict = patch_verification::verify(&request, at)?;
        for expected in &patch.particulars.expected {
            let Some(kind) = digest(expected.method) else { continue };
            let compared = VerificationRequest {
                file: request.file.clone(),
                name: request.name.clone(),
                digests: vec![(kind, expected.value.clone())],
                channel: Some(expected.channel.clone()),
                ..VerificationRequest::default()
            };
            let further = patch_verification::verify(&compared, at)?;
            // Two readings of a file that changed between them are no verdict about one file.
            let same = further.sha256 == verdict.sha256;
            verdict.checks.extend(further.checks);
            let hash = if same { verdict.sha256 } else { further.sha256 };
            verdict = Verdict::conclude(verdict.checks, hash, verdict.size);
            if !same {
                let reason = Reason::new(ReasonCode::VerdictInconsistent);
                return Err(RecordsError::refused(None, reason.into()));
            }
        }
        Ok(verdict)
    }

    /// Whether a file stands in quarantine in any record.
    pub(super) fn is_quarantined(&self, hash: &Hash) -> Result<bool, RecordsError> {
        let all = self.all::<Patch>()?;
        Ok(all.iter().any(|(_, patch)| patch.quarantined().any(|document| document.sha256 == *hash)))
    }

    /// The cases that a patch is to remedy: those that it names, else those of its vulnerabilities.
    pub(super) fn remedied_cases(&self, patch: &Patch) -> Result<Vec<Case>, RecordsError> {
        if !patch.particulars.cases.is_empty() {
            return patch.particulars.cases.iter().map(|case| self.existing(*case)).collect();
        }
        let mut found = Vec::new();
        for vulnerability in &patch.particulars.vulnerabilities {
            for row in self.store().linked(Relation::Vulnerability, vulnerability)? {
                if row.stream.kind == Kind::Case && row.open && !found.contains(&row.stream.id) {
                    found.push(row.stream.id);
                }
            }
        }
        found.into_iter().map(|case| self.existing(CaseId(case))).collect()
    }
}

fn digest(method: Method) -> Option<DigestKind> {
    match method {
        Method::Sha256 => Some(DigestKind::Sha256),
        Method::Sha384 => Some(DigestKind::Sha384),
        Method::Sha512 => Some(DigestKind::Sha512),
        Method::Sha1 => Some(DigestKind::Sha1),
        Method::Md5 => Some(DigestKind::Md5),
        _ => None,
    }
}

/// A value that the maker published, from `sha256:HEX`.
///
/// # Errors
/// [`RecordsError::Invalid`].
pub fn expected_value(text: &str, channel: &Channel) -> Result<ExpectedValue, RecordsError> {
    let invalid = || RecordsError::Invalid { field: "expect".to_owned(), value: text.to_owned() };
    let (name, value) = text.split_once(':').ok_or_else(invalid)?;
    let method = Method::ALL.iter().copied().find(|method| method.as_str() == name);
    let method = method.filter(|method| digest(*method).is_some()).ok_or_else(invalid)?;
    let value = value.trim().to_ascii_lowercase();
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(invalid());
    }
    Ok(ExpectedValue { method, value, channel: channel.clone() })
}

/// How it is shown that the weakness is gone.
#[derive(Debug, Clone)]
pub enum EffectShown {
    /// The program matches the inventory of a test environment again.
    Rematch {
        /// The test environment.
        environment: EnvironmentId,
        /// Its inventory with the patch.
        inventory: PathBuf,
    },
    /// A scan of the test environment, read by a person.
    Scan {
        /// The test environment.
        environment: EnvironmentId,
        /// The scan.
        file: PathBuf,
        /// Findings in question that it still shows.
        remaining: u32,
    },
    /// A stated proof.
    Statement {
        /// What shows it.
        text: String,
        /// The document.
        file: PathBuf,
    },
}

/// Shows whether the weakness is gone with the patch. What the program computes stands by itself; what a person states waits
/// for a second one.
///
/// # Errors
/// Refused unless the file is believed, outside a recorded test environment, and where the inventory proves nothing.
pub fn show_effect(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    shown: EffectShown,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(
        who,
        call,
        Action::Operate,
        patch,
        |records, by| records.effect(patch, shown, by.at),
        |state, (proof, environment), by| {
            let tested_in = environment.as_ref().map(|(id, record)| (*id, record));
            state.prove_effect(proof, tested_in, by)
        },
    )
}

type TestedIn = Option<(EnvironmentId, MasterData<Environment>)>;

impl Records {
    fn effect(
        &self,
        patch: PatchId,
        shown: EffectShown,
        at: Timestamp,
    ) -> Result<(EffectProof, TestedIn), RecordsError> {
        match shown {
            EffectShown::Rematch { environment, inventory } => {
                let state: Patch = self.existing(patch)?;
                let tested_in = self.existing(environment)?;
                let rematched = self.match_again(std::slice::from_ref(&inventory), false, at)?;
                let cases = self.remedied_cases(&state)?;
                let stream = Stream::new(Kind::Patch, patch);
                let remaining = rematched
                    .remaining(&cases, &state.particulars.vulnerabilities)
                    .map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
                let proof = EffectProof::Rematch {
                    environment,
                    knowledge: rematched.rematch.knowledge,
                    matched_at: rematched.rematch.at,
                    remaining,
                    inventory: self.take_in(&inventory, at)?,
                };
                Ok((proof, Some((environment, tested_in))))
            }
            EffectShown::Scan { environment, file, remaining } => {
                let document = self.take_in(&file, at)?;
                let proof = EffectProof::Rescan { environment, remaining, document };
                Ok((proof, Some((environment, self.existing(environment)?))))
            }
            EffectShown::Statement { text, file } => {
                let document = self.take_in(&file, at)?;
                Ok((EffectProof::Statement { text, document }, None))
            }
        }
    }
}

/// Confirms, as a second person, an effect that was stated.
///
/// # Errors
/// Refused for who stated it.
pub fn confirm_effect(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(
        who,
        call,
        word.action(Action::Confirm),
        patch,
        |records, by| records.word(word, Action::Confirm, Stream::new(Kind::Patch, patch), by),
        |state, word, by| state.confirm_effect(word, by),
    )
}

/// Does not confirm an effect that was stated.
///
/// # Errors
/// Refused without a reason, or if nothing waits for confirmation.
pub fn reject_effect(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(who, call, Action::Confirm, patch, nothing, |state, (), _| {
        state.reject_effect(reason)
    })
}

/// Proposes what is done instead of a proof that the maker gives no means for.
///
/// # Errors
/// Refused unless the verification came to *no means*, and without documents.
pub fn propose_alternative(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    text: String,
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(
        who,
        call,
        Action::Operate,
        patch,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, _| state.propose_alternative(text, documents),
    )
}

/// Approves the alternative.
///
/// # Errors
/// Refused for who proposed it or verified the file.
pub fn approve_alternative(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(
        who,
        call,
        word.action(Action::Approve),
        patch,
        |records, by| records.word(word, Action::Approve, Stream::new(Kind::Patch, patch), by),
        |state, word, by| state.approve_alternative(word, by),
    )
}

/// Rejects the alternative.
///
/// # Errors
/// Refused without a reason, or if none is proposed.
pub fn reject_alternative(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(who, call, Action::Approve, patch, nothing, |state, (), _| {
        state.reject_alternative(reason)
    })
}

/// Puts another file in the place of the one that was taken in; everything is to be proven anew.
///
/// # Errors
/// Refused for the same file, and for one that stands in quarantine anywhere.
pub fn replace_file(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    file: &Path,
    obtained_from: Channel,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Patch, _>(
        who,
        call,
        Action::Operate,
        patch,
        |records, by| {
            let document = records.take_in_up_to(file, PATCH_LIMIT, by.at)?;
            let quarantined = records.is_quarantined(&document.sha256)?;
            Ok((document, quarantined))
        },
        |state, (document, quarantined), _| state.replace_file(document, obtained_from, reason, quarantined),
    )
}

/// Withdraws a patch.
///
/// # Errors
/// Refused without a reason.
pub fn withdraw(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    patch: PatchId,
    reason: String,
) -> Result<Done, RecordsError> {
    records
        .step::<Patch, _>(who, call, Action::Operate, patch, nothing, |state, (), _| state.withdraw(reason))
}

/// Whether a verdict lets the patch go on.
pub fn is_believed(verdict: &Verdict) -> bool {
    verdict.outcome == Outcome::Genuine
}
