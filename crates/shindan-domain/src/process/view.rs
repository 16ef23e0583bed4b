//! What a person is shown of a record: labelled values and lists, without words. One form for table, JSON, page and API.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Reason;
use crate::evidence::Document;
use crate::ledger::Stream;
use crate::record_id::PersonId;
use crate::term::Term;

macro_rules! labels {
    ($($name:ident = $text:literal;)*) => {
        /// The name of a field, a list or a column. Words stand under `label-<text>`; a test names what lacks them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Label {
            $(#[doc = concat!("The field `", $text, "`.")] #[serde(rename = $text)] $name,)*
        }

        impl Label {
            /// All, in the order of their definition.
            pub const ALL: &'static [Label] = &[$(Label::$name,)*];

            /// The stable text form: the field's name in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Label::$name => $text,)* }
            }
        }
    };
}

labels! {
    // ---- any record
    State = "state";
    Title = "title";
    Name = "name";
    Kind = "kind";
    Reason = "reason";
    Since = "since";
    Until = "until";
    Due = "due";
    Date = "date";
    By = "by";
    At = "at";
    Note = "note";
    Documents = "documents";
    Document = "document";
    Result = "result";
    Number = "number";
    // ---- approval
    Approval = "approval";
    Means = "means";
    Signer = "signer";
    // ---- people
    Roles = "roles";
    Role = "role";
    Tokens = "tokens";
    Token = "token";
    Expires = "expires";
    Scope = "scope";
    // ---- organisation, patch, change, inquiry, confirmation, review
    Action = "action";
    Affected = "affected";
    Agreed = "agreed";
    Alternative = "alternative";
    AlternativeUntil = "alternative-until";
    AnsweredBy = "answered-by";
    AppliedAt = "applied-at";
    AppliedBy = "applied-by";
    ApprovedBy = "approved-by";
    AssessedBy = "assessed-by";
    Asset = "asset";
    Assets = "assets";
    Case = "case";
    Cases = "cases";
    Channel = "channel";
    Checks = "checks";
    ClosedBy = "closed-by";
    Computed = "computed";
    Consent = "consent";
    ConsentFrom = "consent-from";
    ConsentStop = "consent-stop";
    ConsentUntil = "consent-until";
    Contact = "contact";
    Content = "content";
    DeclaredBy = "declared-by";
    Description = "description";
    Differences = "differences";
    Done = "done";
    Effect = "effect";
    EffectConfirmed = "effect-confirmed";
    EmergencyApproval = "emergency-approval";
    EmergencyReason = "emergency-reason";
    EndedAt = "ended-at";
    Environment = "environment";
    Expected = "expected";
    File = "file";
    Fingerprint = "fingerprint";
    Format = "format";
    FormerFiles = "former-files";
    History = "history";
    Impact = "impact";
    Institution = "institution";
    InstructedBy = "instructed-by";
    Insufficient = "insufficient";
    IntervalDays = "interval-days";
    IsEmergency = "is-emergency";
    Item = "item";
    Items = "items";
    JudgedBy = "judged-by";
    Judgement = "judgement";
    LastSeen = "last-seen";
    Maker = "maker";
    Mandatory = "mandatory";
    MayPatch = "may-patch";
    Method = "method";
    Next = "next";
    Notice = "notice";
    NoticeAt = "notice-at";
    ObtainedFrom = "obtained-from";
    OpenCases = "open-cases";
    Operator = "operator";
    Overrides = "overrides";
    Owner = "owner";
    Party = "party";
    Patch = "patch";
    Patcher = "patcher";
    Path = "path";
    PinnedKeys = "pinned-keys";
    Place = "place";
    PlannedAt = "planned-at";
    PlannedBy = "planned-by";
    Product = "product";
    Progress = "progress";
    Proof = "proof";
    ProofAlternative = "proof-alternative";
    ProposedBy = "proposed-by";
    Provider = "provider";
    Purpose = "purpose";
    Question = "question";
    Questions = "questions";
    Release = "release";
    Remaining = "remaining";
    Replies = "replies";
    ReportedBy = "reported-by";
    Requirements = "requirements";
    Respondent = "respondent";
    Responsible = "responsible";
    ResultsConfirmed = "results-confirmed";
    ReviewOn = "review-on";
    Reviewed = "reviewed";
    ReviewedBy = "reviewed-by";
    RollBack = "roll-back";
    Rounds = "rounds";
    Sboms = "sboms";
    Sendings = "sendings";
    SentBack = "sent-back";
    Service = "service";
    Sha256 = "sha256";
    Site = "site";
    Sites = "sites";
    Snapshot = "snapshot";
    Statement = "statement";
    StopMinutes = "stop-minutes";
    Subject = "subject";
    Successor = "successor";
    SupportEnd = "support-end";
    System = "system";
    Test = "test";
    TestRuns = "test-runs";
    Tests = "tests";
    Undetermined = "undetermined";
    Value = "value";
    Verifications = "verifications";
    Version = "version";
    Vulnerabilities = "vulnerabilities";
    Way = "way";
    WithdrawnBecause = "withdrawn-because";
    // ---- cases, policy, control
    Remediation = "remediation";
    Vulnerability = "vulnerability";
    Aliases = "aliases";
    Places = "places";
    Component = "component";
    Priority = "priority";
    Applicability = "applicability";
    Justification = "justification";
    Treatment = "treatment";
    Analysis = "analysis";
    Decision = "decision";
    Confirmation = "confirmation";
    DecideBy = "decide-by";
    DoneBy = "done-by";
    Published = "published";
    Noticed = "noticed";
    Decided = "decided";
    HoursToNotice = "hours-to-notice";
    HoursToDecide = "hours-to-decide";
    HoursToDone = "hours-to-done";
    Policy = "policy";
    Kev = "kev";
    Epss = "epss";
    Cvss = "cvss";
    Exposure = "exposure";
    AssetRole = "asset-role";
    PatientSafety = "patient-safety";
    Availability = "availability";
    Outcome = "outcome";
    Departs = "departs";
    Origin = "origin";
    Point = "point";
    Evidence = "evidence";
    Defaulted = "defaulted";
    Inherited = "inherited";
    Overridden = "overridden";
    Reopened = "reopened";
    Outdated = "outdated";
    Past = "past";
    Review = "review";
    Change = "change";
    Gone = "gone";
    Versions = "versions";
    Days = "days";
    DecideDays = "decide-days";
    DoneDays = "done-days";
    VerifyAfterChange = "verify-after-change";
    ChaseInquiry = "chase-inquiry";
    ReviewDays = "review-days";
    ConfirmDays = "confirm-days";
    JudgeDays = "judge-days";
    Immediate = "immediate";
    OutOfCycle = "out-of-cycle";
    Scheduled = "scheduled";
    Rules = "rules";
    RulesVersion = "rules-version";
    Table = "table";
    SurgeEpss = "surge-epss";
    Control = "control";
    Proposed = "proposed";
    // ---- organisation, patch, change, inquiry, confirmation, review
    TestedAt = "tested-at";
    Substitute = "substitute";
    AppliedPath = "applied-path";
    // ---- comparisons with vulnerability information
    Comparisons = "comparisons";
    Components = "components";
    Findings = "findings";
    Lists = "lists";
    // ---- beside the ledger
    Kept = "kept";
    KeptPart = "kept-part";
    // ---- devices
    DeviceCategory = "device-category";
    DeviceMacs = "mac-addresses";
    DeviceAddresses = "ip-addresses";
    DeviceDhcp = "dhcp";
    DeviceHostNames = "host-names";
    DeviceSerial = "serial-number";
    DeviceFirmware = "firmware";
    DeviceIntendedUse = "intended-use";
    DeviceActualUse = "actual-use";
    DeviceUse = "use-comparison";
    DeviceUses = "uses";
    DeviceRemoteLine = "remote-line";
    DeviceLineOwner = "line-owner";
    DeviceLineProvider = "line-provider";
    DeviceUpdateMethod = "update-method";
    DeviceNextUpdate = "next-update";
    DeviceUpdates = "updates";
    DeviceInformation = "maker-information";
    DeviceAnalyses = "risk-analyses";
    DeviceMeasures = "measures";
    DeviceLikelihood = "likelihood";
    DeviceConfidentiality = "confidentiality";
    DeviceRules = "operating-rules";
    DeviceDepartment = "department";
    DeviceProvisions = "provisions";
    DeviceLife = "life";
    DeviceHow = "how";
    DeviceChecked = "checked-at";
    DeviceDisconnection = "disconnection";
    DeviceSeenAs = "seen-as";

    // ---- sightings
    AbsentDays = "absent-days";
    Addresses = "addresses";
    Basis = "basis";
    ComparedAt = "compared-at";
    ComparedWith = "compared-with";
    Device = "device";
    Discrepancies = "discrepancies";
    Files = "files";
    FirstSeen = "first-seen";
    HardwareMaker = "hardware-maker";
    KnownDevices = "known-devices";
    Mac = "mac";
    Network = "network";
    NewDiscrepancies = "new-discrepancies";
    Observed = "observed";
    Port = "port";
    Ranges = "ranges";
    RegisterKey = "register-key";
    RegisteredAs = "registered-as";
    RegisteredValue = "registered-value";
    ReopenedDiscrepancies = "reopened-discrepancies";
    ResolvedDiscrepancies = "resolved-discrepancies";
    SeenDevices = "seen-devices";
    SeenNames = "seen-names";
    SeenVersion = "seen-version";
    Skipped = "skipped";
    TakenAt = "taken-at";
    Unreadable = "unreadable";

    // ---- agreements
    Part = "part";
    Accountable = "accountable";
    After = "after";
    Before = "before";
    Cause = "cause";
    Comment = "comment";
    Completed = "completed";
    Confirmations = "confirmations";
    ContentHash = "content-hash";
    Covers = "covers";
    Discussion = "discussion";
    Duties = "duties";
    Duty = "duty";
    DutyRoles = "duty-roles";
    FirstChecked = "first-checked";
    From = "from";
    InformedParties = "informed-parties";
    NotAgreed = "not-agreed";
    Parties = "parties";
    PastConfirmations = "past-confirmations";
    Reopenings = "reopenings";
    RenewedBy = "renewed-by";
    Signs = "signs";
    Stance = "stance";
    SupportingParties = "supporting-parties";
    ApprovingParties = "approving-parties";
    Topic = "topic";
    ValidUntil = "valid-until";
    Voided = "voided";

    // ---- exchange
    PartnerInstallation = "partner-installation";
    PartnerKeys = "partner-keys";
    Compared = "compared";
    Sequence = "sequence";
    NextToSend = "next-to-send";
    NextExpected = "next-expected";
    SentFiles = "sent-files";
    ReceivedFiles = "received-files";
    RefusedImports = "refused-imports";
    BundlesTaken = "bundles-taken";
    BundlesRefused = "bundles-refused";
    BundlesMade = "bundles-made";
    BundleNumber = "bundle-number";
    BundleHolds = "bundle-holds";
    MadeAt = "made-at";
    SenderLooked = "sender-looked";
    ChangedSince = "changed-since";
    VoidNumbers = "void-numbers";
    SealedContents = "sealed-contents";
    Encrypted = "encrypted";
    AcknowledgedAt = "acknowledged-at";

    // ---- interfaces
    Direction = "direction";
    ExchangedData = "exchanged-data";
    FormerTests = "former-tests";
    IntegrityTests = "integrity-tests";
    Mechanism = "mechanism";
    Protocol = "protocol";
    SetUp = "set-up";

    // ---- assessments
    AffectsPatients = "affects-patients";
    ApplicationKind = "application-kind";
    Assessment = "assessment";
    AssessmentChecks = "assessment-checks";
    AssessmentPlan = "assessment-plan";
    Assessments = "assessments";
    Back = "back";
    ChecksFrom = "checks-from";
    Dated = "dated";
    Completion = "completion";
    Decisions = "decisions";
    Deliverable = "deliverable";
    Deliverables = "deliverables";
    Exceptions = "exceptions";
    ExplainedReports = "explained-reports";
    Finding = "finding";
    FindingLevel = "finding-level";
    FormerTargets = "former-targets";
    Fresh = "fresh";
    JoinedFindings = "joined-findings";
    LastAssessed = "last-assessed";
    MergeRules = "merge-rules";
    NoLongerThere = "no-longer-there";
    NotLookedAt = "not-looked-at";
    NotReached = "not-reached";
    NoticeDays = "notice-days";
    OnRelease = "on-release";
    Other = "other";
    ReportResults = "report-results";
    PlannedFor = "planned-for";
    Reports = "reports";
    Rule = "rule";
    Same = "same";
    ScanFindings = "scan-findings";
    ScanTargets = "scan-targets";
    ScansBegun = "scans-begun";
    ScanHow = "scan-how";
    ScanDetail = "scan-detail";
    StartedAt = "started-at";
    StartedBy = "started-by";
    Still = "still";
    Strayed = "strayed";
    Target = "target";
    Tester = "tester";
    Tool = "tool";

    // ---- collecting
    AdHocReason = "ad-hoc-reason";
    Alarms = "alarms";
    Bytes = "bytes";
    CheckBy = "check-by";
    CheckEnded = "check-ended";
    ClockSkew = "clock-skew";
    ConfirmedAt = "confirmed-at";
    ConfirmedBy = "confirmed-by";
    ConfirmWithin = "confirm-within";
    DropPercent = "drop-percent";
    Etag = "etag";
    Fetches = "fetches";
    HttpStatus = "http-status";
    IntervalHours = "interval-hours";
    Licence = "licence";
    MayLeaveOut = "may-leave-out";
    NewItems = "new-items";
    Newest = "newest";
    NotModified = "not-modified";
    Pauses = "pauses";
    ReceivedAt = "received-at";
    ReminderDays = "reminder-days";
    SkewMinutes = "skew-minutes";
    Source = "source";
    SourceAddress = "source-address";
    SourceAddresses = "source-addresses";
    SourceCheck = "source-check";
    SourceRows = "source-rows";
    StandstillDays = "standstill-days";
    UnchangedDays = "unchanged-days";
    UpdatedAt = "updated-at";
    // ---- notifications
    Language = "language";
    Messages = "messages";
    ToldAt = "told-at";
    ToldUpTo = "told-up-to";
    Topics = "topics";
}

/// A value that is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A text that people or sources gave; shown as it is.
    Text(String),
    /// A term, for which there are words.
    Term(Term),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A moment, UTC.
    Time(Timestamp),
    /// A day in Japan.
    Day(Date),
    /// A person; the name is looked up at the edge.
    Person(PersonId),
    /// Another record; number and title are looked up at the edge.
    Record(Stream),
    /// A reason, for which there are words.
    Reason(Reason),
    /// A kept document.
    Document(Document),
    /// Several of them.
    List(Vec<Shown>),
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its name.
    pub label: Label,
    /// Its value.
    pub value: Shown,
}

/// A column of a list; the same as a label.
pub type Column = Label;

/// A list inside a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name.
    pub label: Label,
    /// Names of the columns.
    pub columns: Vec<Column>,
    /// Rows with one value a column; `None`: nothing there.
    pub rows: Vec<Vec<Option<Shown>>>,
}

/// What a person is shown of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The state.
    pub status: Term,
    /// Labelled values in reading order. Empty values are left out.
    pub facts: Vec<Fact>,
    /// Lists.
    pub sections: Vec<Section>,
    /// What is missing for the next step, each in words of its own; empty if nothing is to be done.
    pub next: Vec<Reason>,
}

impl View {
    /// A view that shows the state.
    pub fn new(status: Term) -> Self {
        View { status, facts: Vec::new(), sections: Vec::new(), next: Vec::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn fact(mut self, label: Label, value: impl Into<Shown>) -> Self {
        self.facts.push(Fact { label, value: value.into() });
        self
    }

    /// Adds a value if there is one.
    #[must_use]
    pub fn maybe(self, label: Label, value: Option<impl Into<Shown>>) -> Self {
        match value {
            Some(value) => self.fact(label, value),
            None => self,
        }
    }

    /// Adds a list unless it is empty.
    #[must_use]
    pub fn section(mut self, label: Label, columns: &[Column], rows: Vec<Vec<Option<Shown>>>) -> Self {
        if !rows.is_empty() {
            self.sections.push(Section { label, columns: columns.to_vec(), rows });
        }
        self
    }

    /// Says what is missing for the next step.
    #[must_use]
    pub fn next(mut self, missing: impl IntoIterator<Item = Reason>) -> Self {
        self.next.extend(missing);
        self
    }
}

macro_rules! shown_from {
    ($($from:ty => $variant:ident;)*) => {$(
        impl From<$from> for Shown {
            fn from(value: $from) -> Shown {
                Shown::$variant(value)
            }
        }
    )*};
}

shown_from! {
    String => Text;
    Term => Term;
    i64 => Number;
    bool => Flag;
    Timestamp => Time;
    Date => Day;
    PersonId => Person;
    Stream => Record;
    Reason => Reason;
    Document => Document;
    Vec<Shown> => List;
}

impl From<&str> for Shown {
    fn from(value: &str) -> Shown {
        Shown::Text(value.to_owned())
    }
}

impl From<&String> for Shown {
    fn from(value: &String) -> Shown {
        Shown::Text(value.clone())
    }
}
