//! The forms of answers, for the description of the interface. The tests hold every answer against them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

mod assessments;
mod collect;

pub use assessments::{
    AssessmentChecksShape, AssessmentTimingShape, DiagnosticShape, FindingsShape, NeverAssessedShape,
    PlanTimedShape,
};

pub use collect::{CollectionShape, SourceCalendarShape, SourceProposalsShape, SourceStatusShape, SyncShape};

/// A reason: code, particulars, and words in the language of `Accept-Language`.
#[derive(Debug, ToSchema)]
pub struct ReasonShape {
    /// Stable.
    pub code: String,
    /// Particulars.
    pub params: BTreeMap<String, String>,
    /// In words.
    pub text: String,
}

/// Why a request was not answered with a result (RFC 9457).
#[derive(Debug, ToSchema)]
pub struct ProblemShape {
    /// `urn:shindan:problem:` and the code.
    pub r#type: String,
    /// What kind of problem it is.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// Stable; what programs look at.
    pub code: String,
    /// What happened and what to do. Not with status 500, which says nothing more.
    #[schema(required = false)]
    pub detail: Option<String>,
    /// Particulars. Not with status 500.
    #[schema(required = false)]
    pub params: Option<BTreeMap<String, Value>>,
    /// With a refused step: what the record is called.
    #[schema(required = false)]
    pub record: Option<String>,
    /// With a refused step: why.
    #[schema(required = false)]
    pub reason: Option<ReasonShape>,
    /// With a refused step: everything that is missing for it.
    #[schema(required = false)]
    pub missing: Option<Vec<ReasonShape>>,
}

/// Which record a command was about.
#[derive(Debug, ToSchema)]
pub struct RecordName {
    /// What it is.
    pub kind: String,
    /// Which one.
    pub id: String,
    /// Its display number, if it has one.
    #[schema(required = true)]
    pub number: Option<String>,
}

/// Entries of the ledger that were written.
#[derive(Debug, ToSchema)]
pub struct Written {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// What a command did.
#[derive(Debug, ToSchema)]
pub struct DoneShape {
    /// `shindan.done/1`
    pub schema: String,
    /// The record.
    pub record: RecordName,
    /// Its entries now; also the entity tag.
    pub revision: u64,
    /// What was written; `null` if nothing had to be.
    #[schema(required = true)]
    pub entries: Option<Written>,
    /// True if the request was done before, with the same key: nothing was written now.
    pub repeated: bool,
    /// A new token, once; `null` if the request is repeated.
    #[schema(required = false)]
    pub token: Option<String>,
    /// With the verification of a patch: `genuine`, `tampered`, `no-means`, `key-not-acceptable`, `unreadable`.
    #[schema(required = false)]
    pub verdict: Option<String>,
    /// With a sealed file: SHA-256 of its bytes; `null` if the request is repeated.
    #[schema(required = false)]
    pub sealed: Option<String>,
    /// With the import of a sealed file: its `number` …
    #[schema(required = false)]
    pub number: Option<u64>,
    /// … and the signed receipt for the partner, as the text of a file.
    #[schema(required = false)]
    pub receipt: Option<String>,
    /// With reports of scanners: what could not be read in them, and what was read with a tolerance; `null` if the request is
    /// repeated.
    #[schema(required = false)]
    pub diagnostics: Option<Vec<DiagnosticShape>>,
}

/// What a comparison with vulnerability information did.
#[derive(Debug, ToSchema)]
pub struct CaseRefreshShape {
    /// `shindan.case-refreshed/1`
    pub schema: String,
    /// What was written; `null` if nothing had to be.
    #[schema(required = true)]
    pub entries: Option<Written>,
    /// True if the request was done before, with the same key: nothing was compared now.
    pub repeated: bool,
    /// `shindan.case-refresh/1`, as the command line writes it; `null` if the request is repeated.
    #[schema(required = true)]
    pub report: Option<BTreeMap<String, Value>>,
}

/// A case that refused what was decided for many.
#[derive(Debug, ToSchema)]
pub struct RefusedCaseShape {
    /// The case.
    pub record: RecordName,
    /// Why.
    pub reason: CodeShape,
    /// Everything that is missing.
    pub missing: Vec<CodeShape>,
}

/// A reason without words.
#[derive(Debug, ToSchema)]
pub struct CodeShape {
    /// Stable.
    pub code: String,
    /// Particulars.
    pub params: BTreeMap<String, Value>,
}

/// What became of many cases that were decided at once.
#[derive(Debug, ToSchema)]
pub struct CaseDecisionsShape {
    /// `shindan.case-decisions/1`
    pub schema: String,
    /// What was written; `null` if every case refused.
    #[schema(required = true)]
    pub entries: Option<Written>,
    /// True if the request was done before, with the same key; which cases it was, the ledger says.
    pub repeated: bool,
    /// Cases that were decided.
    pub decided: Vec<RecordName>,
    /// Cases that refused.
    pub refused: Vec<RefusedCaseShape>,
}

/// What has ended by itself.
#[derive(Debug, ToSchema)]
pub struct CaseExpiryShape {
    /// `shindan.case-expiry/1`
    pub schema: String,
    /// Cases that were opened again, and exclusions that ended.
    pub ended: Vec<RecordName>,
}

/// Whether a change may be applied now.
#[derive(Debug, ToSchema)]
pub struct GateShape {
    /// `shindan.gate/1`
    pub schema: String,
    /// True if it may.
    pub open: bool,
    /// On which path; `null` if it may not.
    #[schema(required = true)]
    pub path: Option<String>,
    /// Everything that is missing.
    pub missing: Vec<CodeShape>,
}

/// What the records of a day show about each control and requirement.
#[derive(Debug, ToSchema)]
pub struct ControlStatusShape {
    /// `shindan.control/1`
    pub schema: String,
    /// The day in Japan.
    pub as_of: String,
    /// The moment up to which entries count.
    pub until: String,
    /// When it was made.
    pub made: String,
    /// Which installation.
    pub installation: String,
    /// Entries of the ledger that count.
    pub entries: u64,
    /// How many controls have each verdict.
    pub summary: BTreeMap<String, u64>,
    /// Each control: `id`, `number`, `text`, `verdict`, `gaps`, `undetermined`, `shown`.
    pub controls: Vec<BTreeMap<String, Value>>,
}

/// Devices about which something is to be done.
#[derive(Debug, ToSchema)]
pub struct DeviceAlarmsShape {
    /// `shindan.devices/1`
    pub schema: String,
    /// The day in Japan.
    pub as_of: String,
    /// When it was made.
    pub made: String,
    /// How many dossiers there are.
    pub dossiers: u64,
    /// Each device: `id`, `number`, `name`, `asset`, `category`, `state`, `system`, `open_since`, `days_open`, `why`,
    /// `alarms`.
    pub devices: Vec<BTreeMap<String, Value>>,
}

/// A line of a list.
#[derive(Debug, ToSchema)]
pub struct RowShape {
    /// Which record.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// Its display number.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its state.
    pub state: String,
    /// True while something is to be done.
    pub open: bool,
    /// How urgent it is.
    #[schema(required = true)]
    pub priority: Option<String>,
    /// When the next step is due, as a day in Japan.
    #[schema(required = true)]
    pub due: Option<String>,
    /// True if that day is over.
    pub overdue: bool,
    /// Its entries.
    pub revision: u64,
    /// When it was last changed.
    pub changed: String,
}

/// A page of a list.
#[derive(Debug, ToSchema)]
pub struct ListShape {
    /// `shindan.records/1`
    pub schema: String,
    /// Its lines.
    pub records: Vec<RowShape>,
    /// The cursor of the next page; `null` after the last.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Who did something.
#[derive(Debug, ToSchema)]
pub struct PersonName {
    /// Which person.
    pub id: String,
    /// Their name, unless it was erased.
    #[schema(required = true)]
    pub name: Option<String>,
}

/// A line of a record's history.
#[derive(Debug, ToSchema)]
pub struct HistoryShape {
    /// Number of the entry.
    pub sequence: u64,
    /// When.
    pub at: String,
    /// Who.
    pub person: PersonName,
    /// What.
    pub event: String,
}

/// A record.
#[derive(Debug, ToSchema)]
pub struct RecordShape {
    /// `shindan.record/1`
    pub schema: String,
    /// Which one.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// Its display number.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its entries; also the entity tag.
    pub revision: u64,
    /// Its state.
    pub state: String,
    /// Values by name.
    pub facts: BTreeMap<String, Value>,
    /// Lists by name.
    pub lists: BTreeMap<String, Value>,
    /// What is missing for the next step.
    pub next: Vec<ReasonShape>,
    /// Its entries, if `history=true`.
    pub history: Vec<HistoryShape>,
}

/// An entry of the ledger and its hash.
#[derive(Debug, ToSchema)]
pub struct EntryShape {
    /// The entry; its RFC 8785 form is what was hashed.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub entry: Value,
    /// SHA-256 over the hash before it and its bytes.
    pub hash: String,
}

/// Entries of the ledger.
#[derive(Debug, ToSchema)]
pub struct EntriesShape {
    /// `shindan.entries/1`
    pub schema: String,
    /// Entries, the first first.
    pub entries: Vec<EntryShape>,
    /// What `after` has to be for the next page; `null` after the last.
    #[schema(required = true)]
    pub next: Option<u64>,
}

/// The last entry.
#[derive(Debug, ToSchema)]
pub struct LastShape {
    /// Its number.
    pub sequence: u64,
    /// Its hash.
    pub hash: String,
}

/// Something wrong in the ledger.
#[derive(Debug, ToSchema)]
pub struct LedgerProblem {
    /// Stable.
    pub code: String,
    /// The first entry that it concerns.
    #[schema(required = true)]
    pub sequence: Option<u64>,
    /// In English words.
    pub text: String,
}

/// Something that is not what the entries give.
#[derive(Debug, ToSchema)]
pub struct DifferenceShape {
    /// What the record is.
    #[schema(required = true)]
    pub kind: Option<String>,
    /// Which one.
    #[schema(required = true)]
    pub id: Option<String>,
    /// What differs.
    pub what: String,
}

/// What verifying the ledger found.
#[derive(Debug, ToSchema)]
pub struct VerificationShape {
    /// `shindan.verification/1`
    pub schema: String,
    /// True if nothing is wrong.
    pub whole: bool,
    /// How many entries there are.
    pub entries: u64,
    /// The last one.
    pub last: LastShape,
    /// The last entry that a valid checkpoint covers.
    pub covered: u64,
    /// How many checkpoints were compared.
    pub checkpoints: u64,
    /// What is wrong with the entries.
    pub problems: Vec<LedgerProblem>,
    /// What is wrong with the states; `null` if that was not asked for.
    #[schema(required = true)]
    pub differences: Option<Vec<DifferenceShape>>,
    /// What lies beside the ledger (register of assets, knowledge base, wording) and is not as it noted.
    pub beside: Vec<BesideShape>,
}

/// A part beside the ledger that is not as the ledger noted it.
#[derive(Debug, ToSchema)]
pub struct BesideShape {
    /// `register`, `knowledge` or `wording`.
    pub part: String,
    /// What was noted last.
    pub noted: KeptShape,
    /// What is there; `null` if there is nothing.
    #[schema(required = true)]
    pub found: Option<KeptShape>,
}

/// A part beside the ledger.
#[derive(Debug, ToSchema)]
pub struct KeptShape {
    /// `register`, `knowledge` or `wording`.
    pub part: String,
    /// Last record of the register, generation of the knowledge base, number of texts.
    pub number: u64,
    /// SHA-256.
    pub sha256: String,
}

/// A signed checkpoint.
#[derive(Debug, ToSchema)]
pub struct CheckpointShape {
    /// `shindan.checkpoint/1`
    pub schema: String,
    /// Its parts.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub checkpoint: Value,
    /// The text form, for print and for sending to the other party.
    pub text: String,
}

/// A refused step.
#[derive(Debug, ToSchema)]
pub struct RefusalShape {
    /// When.
    pub at: String,
    /// Who wanted it.
    #[schema(required = true)]
    pub person: Option<String>,
    /// What was wanted.
    pub action: String,
    /// What the record is.
    #[schema(required = true)]
    pub kind: Option<String>,
    /// Which one.
    #[schema(required = true)]
    pub id: Option<String>,
    /// Why it was refused.
    pub reason: ReasonShape,
    /// What was missing.
    pub missing: Vec<ReasonShape>,
}

/// Refused steps.
#[derive(Debug, ToSchema)]
pub struct RefusalsShape {
    /// `shindan.refusals/1`
    pub schema: String,
    /// The last first.
    pub refusals: Vec<RefusalShape>,
}

/// Who is asking.
#[derive(Debug, ToSchema)]
pub struct MeShape {
    /// `shindan.me/1`
    pub schema: String,
    /// Which person.
    pub person: String,
    /// Their name.
    #[schema(required = true)]
    pub name: Option<String>,
    /// Their roles.
    pub roles: Vec<String>,
    /// What the token permits.
    pub scope: String,
}

/// A file that was sent, for commands to name.
#[derive(Debug, ToSchema)]
pub struct UploadShape {
    /// `shindan.upload/1`
    pub schema: String,
    /// What commands name it by.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// Its name, without folders.
    pub name: String,
}

/// The card of this installation.
#[derive(Debug, ToSchema)]
pub struct CardShape {
    /// `shindan.exchange-card/1`
    pub schema: String,
    /// This installation.
    pub installation: String,
    /// Name of the organisation on it.
    pub party: String,
    /// Its public key.
    pub key: String,
    /// For whom encrypted files are made.
    pub recipient: String,
    /// SHA-256 of the card.
    pub fingerprint: String,
    /// What the partner is told by another way than the file.
    pub read_aloud: String,
    /// `null`: only the command line writes files.
    #[schema(required = true)]
    pub path: Option<String>,
    /// The signed file for the partner, as its text.
    pub card: String,
}

/// A file in a sealed file.
#[derive(Debug, ToSchema)]
pub struct SealedContentShape {
    /// Its name: relative, with `/` between folders.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// What it is.
    pub r#type: String,
}

/// What a sealed file says of itself.
#[derive(Debug, ToSchema)]
pub struct SealedHeadShape {
    /// Who made it, as they call themselves.
    pub party: String,
    /// Their installation.
    pub sender: String,
    /// For which installation it is.
    pub receiver: String,
    /// Its number.
    pub sequence: u64,
    /// When it was made.
    pub created: String,
    /// From when on it is refused.
    pub expires: String,
    /// Whether only the receiver can read it.
    pub encrypted: bool,
    /// What is in it.
    pub contents: Vec<SealedContentShape>,
    /// Earlier numbers that it calls void.
    pub void: Vec<u64>,
}

/// What was found of a sealed file.
#[derive(Debug, ToSchema)]
pub struct SealedFileShape {
    /// `shindan.sealed-file/1`
    pub schema: String,
    /// Whether it would be accepted now.
    pub accepted: bool,
    /// Why not; `null` if it would be.
    #[schema(required = true)]
    pub reason: Option<CodeShape>,
    /// Each check: `passed`, `failed` or `not-made`.
    pub checks: BTreeMap<String, String>,
    /// What it says of itself; `null` if its signature does not hold.
    #[schema(required = true)]
    pub manifest: Option<SealedHeadShape>,
}

/// A sealed file that was accepted.
#[derive(Debug, ToSchema)]
pub struct ReceivedFileShape {
    /// `shindan.received-file/1`
    pub schema: String,
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub created: String,
    /// When it was accepted.
    pub received: String,
    /// SHA-256 of the sealed file.
    pub sealed: String,
    /// What was in it, in the order of `…/contents/1`, `…/contents/2`.
    pub contents: Vec<SealedContentShape>,
}

/// In what two versions of an agreement differ.
#[derive(Debug, ToSchema)]
pub struct AgreementDiffShape {
    /// `shindan.agreement-diff/1`
    pub schema: String,
    /// The version before.
    pub from: u32,
    /// The version after.
    pub to: u32,
    /// Each difference: `kind`, `duty`, `party`, `before`, `after`.
    pub differences: Vec<BTreeMap<String, Value>>,
}
