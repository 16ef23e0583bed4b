//! Commands on patches (SPEC.md section 4, row ②-3): take the file in, prove it genuine, prove its effect.

use serde::Deserialize;
use shindan_app::patch_verification::{DigestKind, VerificationRequest};
use shindan_app::records::patches::{self, EffectShown, Registration, expected_value};
use shindan_app::records::{RecordsError, organisation::needed};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::patch::{ExpectedValue, PatchParticulars};
use shindan_domain::process::Label;
use shindan_domain::record_id::{CaseId, EnvironmentId, PatchId};
use shindan_domain::verification::Channel;
use utoipa::ToSchema;

use super::given::{Paper, PartnerFile, commands, id};
use crate::command::{Command, Outcome, Session};

/// Takes a patch in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterPatch {
    /// What the maker calls it.
    name: String,
    /// Who made it: name or id of a party.
    maker: String,
    /// SHA-256 of the upload: the file.
    #[schema(value_type = String)]
    file: Hash,
    /// Where the file was fetched.
    #[schema(value_type = String)]
    obtained_from: Channel,
    /// Cases that it is to remedy: numbers or ids.
    #[serde(default)]
    cases: Vec<String>,
    /// Vulnerabilities that it is to remedy.
    #[serde(default)]
    vulnerabilities: Vec<String>,
    /// What the maker published to verify it: `sha256:HEX`; with `channel`.
    #[serde(default)]
    expected: Vec<String>,
    /// Where the maker published it: another way than the file's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    channel: Option<Channel>,
}

impl Command for RegisterPatch {
    const KIND: Kind = Kind::Patch;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Take a patch in";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let particulars = PatchParticulars {
            name: self.name,
            maker: s.party(&self.maker)?,
            cases: s.cases(&self.cases)?,
            vulnerabilities: self.vulnerabilities,
            expected: expected(&self.expected, self.channel.as_ref())?,
        };
        let registration =
            Registration { particulars, file: s.upload(&self.file)?, obtained_from: self.obtained_from };
        patches::register(s.records, &s.who, &s.call, registration).map(Into::into)
    }
}

impl Session<'_> {
    /// Cases that a body names.
    pub(crate) fn cases(&self, called: &[String]) -> Result<Vec<CaseId>, RecordsError> {
        called.iter().map(|case| self.named(Kind::Case, case).map(CaseId)).collect()
    }
}

fn expected(texts: &[String], channel: Option<&Channel>) -> Result<Vec<ExpectedValue>, RecordsError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let channel = needed(channel, Label::Channel)?;
    texts.iter().map(|text| expected_value(text, channel)).collect()
}

/// Verifies the file and records what came of it. Files are uploads, named by their SHA-256. Of keys only those count that are
/// pinned for the maker; values that were registered with the patch are compared, too. Without any means nothing is proven.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyPatch {
    /// The file of the patch.
    #[schema(value_type = String)]
    file: Hash,
    /// Name under which its maker publishes it; that of the upload unless given.
    #[serde(default)]
    name: Option<String>,
    /// Published digests: `sha256:HEX` (sha384, sha512, sha1, md5).
    #[serde(default)]
    digests: Vec<String>,
    /// Lists of checksums.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    checksums: Vec<Hash>,
    /// A signature over the list of checksums.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    checksums_signature: Option<Hash>,
    /// Detached signatures of any kind.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    signatures: Vec<Hash>,
    /// OpenPGP and minisign keys.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    keys: Vec<Hash>,
    /// Sigstore bundles.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    sigstore: Vec<Hash>,
    /// Sigstore's `trusted_root.json`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    trust_root: Option<Hash>,
    /// Who must have signed the bundle.
    #[serde(default)]
    identity: Option<String>,
    /// Who must have vouched for that identity.
    #[serde(default)]
    issuer: Option<String>,
    /// Detached CMS signatures.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    cms: Vec<Hash>,
    /// Trusted certificates.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    certificates: Vec<Hash>,
    /// Verify the signature inside a PE file.
    #[serde(default)]
    authenticode: bool,
    /// apt's `InRelease` or `Release`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    release: Option<Hash>,
    /// `Release.gpg`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    release_signature: Option<Hash>,
    /// apt's list of packages.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    packages: Option<Hash>,
    /// Verify the signature inside an RPM package.
    #[serde(default)]
    rpm: bool,
    /// Where the digests, lists and keys came from: another way than the file's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    channel: Option<Channel>,
}

impl VerifyPatch {
    fn request(self, s: &Session<'_>) -> Result<VerificationRequest, RecordsError> {
        let one = |hash: Option<Hash>| hash.map(|hash| s.upload(&hash)).transpose();
        Ok(VerificationRequest {
            file: s.upload(&self.file)?,
            name: self.name,
            digests: self.digests.iter().map(|text| digest(text)).collect::<Result<_, _>>()?,
            checksums: s.uploads(&self.checksums)?,
            checksums_signature: one(self.checksums_signature)?,
            signatures: s.uploads(&self.signatures)?,
            keys: s.uploads(&self.keys)?,
            // Of these a text could name a file of the server.
            minisign_keys: Vec::new(),
            sigstore: s.uploads(&self.sigstore)?,
            trust_root: one(self.trust_root)?,
            identity: self.identity,
            issuer: self.issuer,
            cms: s.uploads(&self.cms)?,
            certificates: s.uploads(&self.certificates)?,
            authenticode: self.authenticode,
            release: one(self.release)?,
            release_signature: one(self.release_signature)?,
            packages: one(self.packages)?,
            rpm: self.rpm,
            // Those that are pinned for the maker; the use case sees to it.
            pins: Vec::new(),
            channel: self.channel,
        })
    }
}

/// A published digest, from `sha256:HEX`.
fn digest(text: &str) -> Result<(DigestKind, String), RecordsError> {
    let invalid = || RecordsError::Invalid { field: "digests".to_owned(), value: text.to_owned() };
    let (name, value) = text.split_once(':').ok_or_else(invalid)?;
    let kind = match name {
        "sha256" => DigestKind::Sha256,
        "sha384" => DigestKind::Sha384,
        "sha512" => DigestKind::Sha512,
        "sha1" => DigestKind::Sha1,
        "md5" => DigestKind::Md5,
        _ => return Err(invalid()),
    };
    Ok((kind, value.trim().to_owned()))
}

impl Command for VerifyPatch {
    const KIND: Kind = Kind::Patch;
    const NAME: Option<&'static str> = Some("verify");
    const SUMMARY: &'static str = "Verify the file and record the verdict";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        let request = self.request(s)?;
        let (patch, now) = (PatchId(id(about)?), s.call.now);
        let (done, verdict) = patches::verify(s.records, &s.who, &s.call, patch, request, now)?;
        Ok(Outcome::from(done).telling("verdict", serde_json::json!(verdict.outcome)))
    }
}

/// Shows whether the weakness is gone with the patch: by `rematch`, `scan` or `statement`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShowPatchEffect {
    /// The test environment, with `rematch` and `scan`: name or id.
    #[serde(default)]
    environment: Option<String>,
    /// SHA-256 of the upload: inventory of the test environment with the patch, which is matched again.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    rematch: Option<Hash>,
    /// SHA-256 of the upload: a scan of the test environment.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    scan: Option<Hash>,
    /// Findings in question that the scan still shows.
    #[serde(default)]
    remaining: Option<u32>,
    /// SHA-256 of the upload that shows it otherwise.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    statement: Option<Hash>,
    /// What the statement shows.
    #[serde(default)]
    note: Option<String>,
}

impl Command for ShowPatchEffect {
    const KIND: Kind = Kind::Patch;
    const NAME: Option<&'static str> = Some("show-effect");
    const SUMMARY: &'static str = "Show whether the weakness is gone with the patch";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        let environment = s.named_if(Kind::Environment, self.environment.as_ref(), EnvironmentId)?;
        let shown = match (self.rematch, self.scan, self.statement) {
            (Some(inventory), None, None) => EffectShown::Rematch {
                environment: needed(environment, Label::Environment)?,
                inventory: s.upload(&inventory)?,
            },
            (None, Some(scan), None) => EffectShown::Scan {
                environment: needed(environment, Label::Environment)?,
                file: s.upload(&scan)?,
                remaining: needed(self.remaining, Label::Remaining)?,
            },
            (None, None, statement) => EffectShown::Statement {
                text: needed(self.note, Label::Note)?,
                file: s.upload(&needed(statement, Label::Document)?)?,
            },
            _ => {
                let value = "rematch, scan, statement".to_owned();
                return Err(RecordsError::Invalid { field: "show-effect".to_owned(), value });
            }
        };
        patches::show_effect(s.records, &s.who, &s.call, PatchId(id(about)?), shown).map(Into::into)
    }
}

commands! {
    Patch, PatchId;

    /// Corrects or extends what a patch is; lists are extended.
    CorrectPatch ("correct", "Correct or extend what a patch is") {
        /// What the maker calls it.
        #[serde(default)]
        name: Option<String>,
        /// Further cases: numbers or ids.
        #[serde(default)]
        cases: Vec<String>,
        /// Further vulnerabilities.
        #[serde(default)]
        vulnerabilities: Vec<String>,
        /// Further published values: `sha256:HEX`; with `channel`.
        #[serde(default)]
        expected: Vec<String>,
        /// Where the maker published them.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        channel: Option<Channel>,
        /// Why.
        reason: String,
    }
    |b, s, patch| {
        let cases = s.cases(&b.cases)?;
        let expected = expected(&b.expected, b.channel.as_ref())?;
        let (name, vulnerabilities) = (b.name, b.vulnerabilities);
        patches::correct(s.records, &s.who, &s.call, patch, b.reason, |particulars| {
            particulars.name = name.unwrap_or_else(|| std::mem::take(&mut particulars.name));
            particulars.cases.extend(cases);
            particulars.vulnerabilities.extend(vulnerabilities);
            particulars.expected.extend(expected);
        })
    };

    /// Confirms, as a second person, an effect that was stated.
    ConfirmEffect ("confirm-effect", "Confirm a stated effect as a second person") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, patch| {
        let word = s.word(b.paper, b.partner_file)?;
        patches::confirm_effect(s.records, &s.who, &s.call, patch, &word)
    };

    /// Does not confirm an effect that was stated.
    RejectEffect ("reject-effect", "Do not confirm a stated effect") {
        /// Why.
        reason: String,
    }
    |b, s, patch| patches::reject_effect(s.records, &s.who, &s.call, patch, b.reason);

    /// Proposes what is done instead of a proof that the maker gives no means for.
    ProposeAlternative ("propose-alternative", "Propose what is done instead of a proof") {
        /// What is done instead.
        text: String,
        /// SHA-256 of uploads that show it.
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, patch| {
        let documents = s.uploads(&b.documents)?;
        patches::propose_alternative(s.records, &s.who, &s.call, patch, b.text, &documents)
    };

    /// Approves what is done instead of a proof.
    ApproveAlternative ("approve-alternative", "Approve what is done instead of a proof") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, patch| {
        let word = s.word(b.paper, b.partner_file)?;
        patches::approve_alternative(s.records, &s.who, &s.call, patch, &word)
    };

    /// Rejects what is to be done instead of a proof.
    RejectAlternative ("reject-alternative", "Reject what is to be done instead of a proof") {
        /// Why.
        reason: String,
    }
    |b, s, patch| patches::reject_alternative(s.records, &s.who, &s.call, patch, b.reason);

    /// Puts another file in the place of the one that was taken in; everything is to be proven anew.
    ReplaceFile ("replace-file", "Put another file in the place of the one that was taken in") {
        /// SHA-256 of the upload: the file.
        #[schema(value_type = String)]
        file: Hash,
        /// Where it was fetched.
        #[schema(value_type = String)]
        obtained_from: Channel,
        /// Why.
        reason: String,
    }
    |b, s, patch| {
        let file = s.upload(&b.file)?;
        patches::replace_file(s.records, &s.who, &s.call, patch, &file, b.obtained_from, b.reason)
    };

    /// Withdraws a patch.
    WithdrawPatch ("withdraw", "Withdraw a patch") {
        /// Why.
        reason: String,
    }
    |b, s, patch| patches::withdraw(s.records, &s.who, &s.call, patch, b.reason);
}
