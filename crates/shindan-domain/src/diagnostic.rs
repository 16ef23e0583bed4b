//! What is wrong, where, and with which particulars: *code + parameters + place*. Words are added at the edge.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a diagnostic is for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// Read with a tolerance or a default; the result is complete but deserves a look.
    Warning,
    /// A part of the input could not be read. The exit code says so (3).
    Error,
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// Every diagnostic and every reason for *undetermined*. Stable: scripts depend on the text form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// All codes, in the order of their definition. The words of each language are tested against this.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable text form, as in JSON output.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The severity that this code has wherever it occurs.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    // ---- reading any input -------------------------------------------------------------------------
    /// The file or folder does not exist or cannot be opened. Params: `reason`.
    FileUnreadable = "file-unreadable", Error;
    /// The file has no content.
    FileEmpty = "file-empty", Error;
    /// A folder that was named holds no file.
    FolderEmpty = "folder-empty", Error;
    /// Larger than the limit. Params: `size`, `limit` (bytes).
    FileTooLarge = "file-too-large", Error;
    /// Content is of no format this program reads. Params: `hint` (what was seen).
    FormatUnknown = "format-unknown", Error;
    /// A known format in a version or dialect that this program does not read. Params: `format`, `version`.
    FormatUnsupported = "format-unsupported", Error;
    /// Not UTF-8 (nor, where allowed, CP932 / UTF-16). Params: `offset` (bytes).
    EncodingInvalid = "encoding-invalid", Error;
    /// Not valid JSON. Params: `reason`.
    JsonInvalid = "json-invalid", Error;
    /// A second value follows the first one in a JSON file.
    JsonTrailingContent = "json-trailing-content", Error;
    /// Not well-formed XML. Params: `reason`.
    XmlInvalid = "xml-invalid", Error;
    /// The XML declares entities or a DOCTYPE with an internal subset; refused, never expanded.
    XmlEntityRefused = "xml-entity-refused", Error;
    /// Not valid TOML. Params: `reason`.
    TomlInvalid = "toml-invalid", Error;
    /// Not valid YAML. Params: `reason`.
    YamlInvalid = "yaml-invalid", Error;
    /// A CSV row cannot be read. Params: `reason`.
    CsvInvalid = "csv-invalid", Error;
    /// Nested deeper than the limit. Params: `limit`.
    DepthExceeded = "depth-exceeded", Error;
    /// A line is longer than the limit. Params: `limit` (bytes).
    LineTooLong = "line-too-long", Error;
    /// The archive cannot be read. Params: `reason`.
    ArchiveInvalid = "archive-invalid", Error;
    /// The archive has more entries than the limit. Params: `limit`.
    ArchiveTooManyEntries = "archive-too-many-entries", Error;
    /// An entry inflates beyond the permitted ratio or size. Params: `limit`.
    ArchiveBomb = "archive-bomb", Error;
    /// An entry's name leaves the archive (`..`, absolute). Params: `name`.
    ArchivePathTraversal = "archive-path-traversal", Error;
    /// An archive inside an archive; not opened. Params: `name`.
    ArchiveNested = "archive-nested", Error;
    /// A symbolic link or special file inside a folder was not followed. Params: `hint`.
    LinkSkipped = "link-skipped", Warning;
    /// A file in a folder or archive that is of no interest here was passed over. Params: `hint`.
    FileSkipped = "file-skipped", Note;
    /// A required field is absent. Params: `field`.
    FieldMissing = "field-missing", Error;
    /// A field has a value outside its definition. Params: `field`, `value`, `expected`.
    FieldInvalid = "field-invalid", Error;
    /// A field has a value outside its definition, which was read tolerantly. Params: `field`, `value`, `expected`;
    /// `cell` in ledgers.
    FieldTolerated = "field-tolerated", Warning;
    /// A data pack or policy has a field that this program does not know; a misspelt field would be lost in silence.
    /// Params: `field`, `expected`.
    FieldUnknown = "field-unknown", Error;
    /// The document violates its specification without effect on matching. Params: `rule`; inventories add `count`
    /// (how often) and `value` (the first one).
    SpecViolation = "spec-violation", Warning;
    /// A reference points to nothing. Params: `field`, `value`.
    ReferenceDangling = "reference-dangling", Error;
    /// References form a circle. Params: `value`, `length` (how many steps it takes).
    ReferenceCycle = "reference-cycle", Warning;
    /// The same identifier is defined twice. Params: `field`, `value`.
    DuplicateIdentifier = "duplicate-identifier", Warning;
    /// A date or time could not be read. Params: `field`, `value`; `cell` in ledgers.
    DateInvalid = "date-invalid", Warning;
    /// A service answered with an error inside the document (MyJVN `retCd`). Params: `code`, `message`.
    SourceReportedError = "source-reported-error", Error;
    /// A source's own "there is nothing" entry was passed over.
    SourcePlaceholder = "source-placeholder", Note;
    /// The document is one page of a longer answer. Params: `first`, `last`, `total` (records, counted from 1).
    FeedPage = "feed-page", Note;
    /// A list of news has no entries although its source always keeps some in it. It is not "nothing new".
    FeedEmpty = "feed-empty", Error;
    /// A web page came instead of what was asked for. Params: `title` (`-` if it has none).
    PageInsteadOfData = "page-instead-of-data", Error;
    /// An address that a source names is not followed. Params: `value`, `reason` (`unreadable`, `not-https`,
    /// `credentials`, `other-host`, `leaves-folder`).
    AddressRefused = "address-refused", Error;
    /// A list has more entries than the limit. Params: `limit`.
    ListTooLong = "list-too-long", Error;
    /// A list of digests has two different ones for one file. Params: `name`.
    DigestsContradict = "digests-contradict", Error;
    /// A part of a mail cannot be read. Params: `part` (its media type or header), `reason` (`charset-unknown`,
    /// `charset-invalid`, `transfer-encoding`, `boundary`, `too-many-parts`).
    MailPartUnreadable = "mail-part-unreadable", Error;

    // ---- advisories --------------------------------------------------------------------------------
    /// The advisory names no product that could be matched. Params: `id`.
    AdvisoryWithoutProduct = "advisory-without-product", Warning;
    /// An opinion that clears a product does not tell which version it means, and is used for nothing that only bears
    /// the same name. Params: `name`.
    OpinionWithoutVersion = "opinion-without-version", Warning;
    /// Two records of the same source and id with different content; the newer one was kept. Params: `id`.
    AdvisoryReplaced = "advisory-replaced", Note;
    /// The advisory was withdrawn or rejected by its source; it makes no findings. Params: `id`.
    AdvisoryWithdrawn = "advisory-withdrawn", Note;
    /// A CVSS vector is malformed. Params: `vector`, `reason`.
    CvssInvalid = "cvss-invalid", Warning;
    /// The ecosystem is not known to this program. Params: `ecosystem`.
    EcosystemUnknown = "ecosystem-unknown", Warning;
    /// Windows Update's catalogue for scans without a network (`wsusscn2.cab`) is not read.
    UpdateCatalogueRefused = "update-catalogue-refused", Error;
    /// An inventory that states no vulnerabilities was given as an advisory. Params: `format`.
    VulnerabilitiesNotStated = "vulnerabilities-not-stated", Warning;

    // ---- inventories -------------------------------------------------------------------------------
    /// The inventory lists nothing.
    InventoryEmpty = "inventory-empty", Error;
    /// Vulnerabilities that the inventory states in a notation that is not read (the vulnerability extension of
    /// CycloneDX 1.2 and 1.3, the security profile of SPDX 3) were not used. Params: `count`.
    EmbeddedVulnerabilitiesIgnored = "embedded-vulnerabilities-ignored", Note;
    /// Services that the inventory lists were not matched; only components are. Params: `count`.
    ServicesNotMatched = "services-not-matched", Note;
    /// The inventory refers to other documents (SPDX `externalDocumentRefs`); what they list is not part of it.
    /// Params: `count`.
    ReferencedDocumentsNotRead = "referenced-documents-not-read", Note;
    /// A purl is malformed. Params: `purl`, `reason`.
    PurlInvalid = "purl-invalid", Warning;
    /// A CPE name is malformed. Params: `cpe`, `reason`.
    CpeInvalid = "cpe-invalid", Warning;
    /// A requirement is not pinned to one version. Params: `requirement`.
    RequirementUnpinned = "requirement-unpinned", Warning;
    /// The file names direct dependencies only; what those bring along is not listed and was not looked up.
    DependenciesDirectOnly = "dependencies-direct-only", Warning;
    /// The file may list more packages than are used. Params: `format`.
    InventoryExceedsUse = "inventory-exceeds-use", Note;
    /// A requirement line that is not a package (option, include, URL). Params: `line`.
    RequirementNotPackage = "requirement-not-package", Warning;
    /// A device row lacks maker, model or firmware. Params: `row`, `field`.
    DeviceFieldMissing = "device-field-missing", Warning;
    /// The list of packages does not name the release of its system; it was derived. Params: `release`
    /// (`debian-12`), `evidence` (what it was derived from).
    ReleaseDerived = "release-derived", Note;
    /// Neither the list of packages nor its versions tell the system or its release. Params: `count` (packages).
    ReleaseNotDerived = "release-not-derived", Warning;
    /// Packages that are not installed (removed, configuration left behind) were passed over. Params: `count`.
    PackagesNotInstalled = "packages-not-installed", Note;
    /// The list of packages leaves out what advisories need. Params: `count` (packages), `fields` (`EPOCH`,
    /// `SOURCERPM`).
    PackageDetailsMissing = "package-details-missing", Warning;
    /// A column of a device list is not known and was not used. Params: `column`.
    ColumnUnknown = "column-unknown", Note;
    /// The workbook is protected by a password.
    WorkbookEncrypted = "workbook-encrypted", Error;
    /// A workbook, or a part of it, is not built as its format demands. Params: `reason`.
    WorkbookInvalid = "workbook-invalid", Error;
    /// A sheet holds more than is read; the rest was left out. Params: `unit` (rows, columns, cells, bytes, texts,
    /// sheets), `limit`.
    SheetTooLarge = "sheet-too-large", Error;
    /// No table that looks like a ledger. Params: `sheets` (their names).
    LedgerNotFound = "ledger-not-found", Error;
    /// The sheet that was asked for is not there. Params: `sheet`, `sheets` (the names that are).
    SheetMissing = "sheet-missing", Error;
    /// Another table looks like a ledger, too, and was not read. Params: `sheet`, `row`, `count` (rows).
    TableNotRead = "table-not-read", Warning;
    /// A mapping names a column or heading that the ledger does not have. Params: `field`, `value`.
    MappingColumnMissing = "mapping-column-missing", Error;
    /// Two columns could mean the same; one was chosen. Params: `field`, `column` (chosen), `other`.
    ColumnAmbiguous = "column-ambiguous", Warning;
    /// What a column holds does not fit its heading. Params: `column`, `field`.
    ColumnDoubtful = "column-doubtful", Warning;
    /// A column only counts the rows and is no number of the asset. Params: `column`.
    ColumnCountsRows = "column-counts-rows", Note;
    /// A value is written once for a block of rows; the blank cells below were filled with it. Params: `column`,
    /// `count` (cells).
    ColumnFilledDown = "column-filled-down", Warning;
    /// The heading of a section was taken for what the rows below it leave blank. Params: `section`, `field`, `count`.
    SectionApplied = "section-applied", Note;
    /// A value of the mapping was taken where the ledger has none. Params: `field`, `value`, `count`.
    DefaultApplied = "default-applied", Note;
    /// Rows that are no assets. Params: `why` (above-headings, section, total …), `count`, `rows`.
    RowsLeftOut = "rows-left-out", Note;
    /// Rows that are hidden in the sheet (by a filter, for instance) were read all the same. Params: `count`.
    HiddenRowsRead = "hidden-rows-read", Note;
    /// A cell holds an error, or a formula that was never calculated. Params: `cell`, `field`, `value`.
    CellError = "cell-error", Warning;
    /// A cell does not hold what its column demands. Params: `cell`, `field`, `value`, `expected`.
    CellInvalid = "cell-invalid", Warning;
    /// A version is stored as a number, so that zeros at its end may have been lost. Params: `cell`, `value`.
    VersionIsNumber = "version-is-number", Warning;
    /// The spreadsheet program made a date of what was typed as a version; it was not used. Params: `cell`, `value`.
    VersionIsDate = "version-is-date", Warning;
    /// Assets that the ledger calls disposed of or returned were not judged. Params: `count`.
    AssetsRetired = "assets-retired", Note;
    /// Assets that are no longer in their ledger are judged all the same, until somebody decides. Params: `count`.
    AssetsNotInLedger = "assets-not-in-ledger", Warning;
    /// A record of the register of assets is damaged or missing. Params: `reason`.
    RegisterDamaged = "register-damaged", Error;
    /// The list of installed updates is cut off: it announces more than it names, and was not used. Params: `stated`,
    /// `found`.
    UpdatesIncomplete = "updates-incomplete", Error;
    /// The file does not tell which updates are installed.
    UpdatesUnknown = "updates-unknown", Warning;
    /// The list names cumulative updates by the build that they bring, not by number: the build was used. DISM.
    UpdatesByBuild = "updates-by-build", Note;
    /// Entries among the updates that have no number were passed over. Params: `count`.
    UpdatesWithoutNumber = "updates-without-number", Note;
    /// The file speaks of a Windows and does not tell which one, or tells one that is not known. Params: `name` (with
    /// the version, if it is told).
    WindowsNotNamed = "windows-not-named", Warning;
    /// Entries among the installed programs that are updates, or parts of another program, were passed over. Params:
    /// `updates`, `parts` (counts).
    ProgramsPassedOver = "programs-passed-over", Note;
    /// What the file tells was added to what another file tells about the same host. Params: `file`, `host` (may be
    /// empty).
    HostJoined = "host-joined", Note;
    /// The file does not name its host, and the files beside it are of several hosts: it was not added to any. Params:
    /// `count` (hosts).
    HostAmbiguous = "host-ambiguous", Warning;
    /// Two files about one host contradict each other and were not joined. Params: `file`, `first`, `second` (builds, or
    /// updates of which neither file has the other's).
    HostContradiction = "host-contradiction", Warning;
    // ---- sightings
    /// A line of a file of sightings cannot be read: what stood in it is not compared. Params: `value`.
    SightingLineUnreadable = "sighting-line-unreadable", Error;
    /// A file of sightings names no device. Nothing can be concluded from it. Params: `format`, `skipped`.
    SightingsNone = "sightings-none", Error;
    /// A scan did not come to its end. Params: `reason`.
    SightingScanUnfinished = "sighting-scan-unfinished", Error;
    // ---- reports of scanners
    /// A scan did not come to its end, or left targets out: what it does not name is not gone. Params: `reason`.
    ScanUnfinished = "scan-unfinished", Warning;
    /// The file is no report of a scan but another kind of document, which is read elsewhere. Params: `format`, `verb` (the
    /// command that reads it).
    ScanReadElsewhere = "scan-read-elsewhere", Error;
    /// An entry of a report cannot be read: its finding is missing here. Params: `entry` (which), `reason`.
    ScanEntryUnreadable = "scan-entry-unreadable", Error;
    /// A report that holds nothing: neither findings nor anything that shows that a scan took place. Params: `format`.
    ScanEmpty = "scan-empty", Error;
    /// Neither the report nor anybody else tells when the scan took place: nothing is gone by it, and it proves nothing. Params: `tool`.
    ScanTimeUntold = "scan-time-untold", Warning;
    /// A time without a zone was taken as Japan's. Params: `field`, `value`.
    ScanTimeWithoutZone = "scan-time-without-zone", Note;
    /// More findings than are read; the rest was left out. Params: `limit`.
    ScanTooMany = "scan-too-many", Error;
    /// A table needs to be told which column holds what. Params: `columns` (the headings there are).
    ScanMappingMissing = "scan-mapping-missing", Error;
    /// The report names no version of its tool. Params: `tool`.
    ScanToolVersionMissing = "scan-tool-version-missing", Note;
    /// A version that was disclosed could not be held against the knowledge base, or not without doubt. Params: `product`,
    /// `version`.
    ScanVersionNotMatched = "scan-version-not-matched", Warning;
    /// A check could not be carried out: it is neither passed nor failed. Params: `rule`, `reason`.
    ScanCheckNotCarriedOut = "scan-check-not-carried-out", Warning;
    /// A redirect leads out of what is permitted and was not followed. Params: `from`, `to`.
    ScanRedirectNotFollowed = "scan-redirect-not-followed", Note;
    /// A name leads to an address outside of what is permitted; it was not connected to. Params: `host`, `address`.
    ScanAddressNotPermitted = "scan-address-not-permitted", Warning;

    // ---- why something could not be judged ---------------------------------------------------------
    /// The component has no version, and advisories for it exist. Params: `name`.
    VersionMissing = "version-missing", Warning;
    /// The component's version cannot be ordered in the scheme of the advisory. Params: `version`, `scheme`.
    OrderUnknown = "order-unknown", Warning;
    /// The advisory's version text could not be turned into ranges. Params: `text`.
    RangeUndetermined = "range-undetermined", Warning;
    /// The advisory gives commits only, no versions. Params: `repository`.
    RangeGitOnly = "range-git-only", Warning;
    /// The component carries no identifier (purl, CPE, maker and model) to match by. Params: `name`.
    IdentifierMissing = "identifier-missing", Warning;
    /// The knowledge base holds no advisory for this ecosystem, so silence says nothing. Params: `ecosystem`.
    EcosystemNotCovered = "ecosystem-not-covered", Warning;
    /// The distribution release of the package is not stated, and releases differ. Params: `name`.
    ReleaseUnknown = "release-unknown", Warning;
    /// No advisory in the knowledge base names this maker. Params: `maker`.
    MakerUnknown = "maker-unknown", Warning;
    /// Advisories name this maker, none this model; a spelling may differ. Params: `maker`, `model`.
    ModelUnknown = "model-unknown", Warning;
    /// No advisory in the knowledge base names this vendor and product; a name may differ. Params: `product`.
    ProductUnknown = "product-unknown", Warning;
    /// The advisory names the maker's products only loosely ("multiple products"). Params: `product`.
    ProductAmbiguous = "product-ambiguous", Warning;
    /// The vulnerability holds only on a platform that the inventory does not show. Params: `platform`.
    PlatformUnknown = "platform-unknown", Warning;
    /// The source is still investigating. Params: `source`.
    UnderInvestigation = "under-investigation", Warning;
    /// Whether the update with the fix is installed cannot be told. Params: `version` (what is known of it: `10.0.17763`,
    /// without its revision, or with the one that it has at least; may be empty), `told_by` (`build`: the advisory gives
    /// builds; `update`: it gives updates only).
    UpdateStateUnknown = "update-state-unknown", Warning;
    /// No advisory in the knowledge base names this installed program; a name may differ. Params: `maker` (may be empty),
    /// `program`.
    ProgramUnknown = "program-unknown", Warning;
    /// A person said that no advisory names this maker and model, and judges it by hand. Params: `maker`, `model`,
    /// `reason`.
    IdentityJudgedByHand = "identity-judged-by-hand", Warning;
    /// A person said which product this maker and model are; no advisory in the knowledge base names that product.
    /// Params: `maker`, `model`, `product`.
    ConfirmedProductUnknown = "confirmed-product-unknown", Warning;
    /// The hardware runs one of several pieces of software, and its name does not tell which. Params: `maker`, `model`,
    /// `products`.
    SoftwareUnsettled = "software-unsettled", Warning;
    /// The date on which support ends cannot be read, so that nobody can tell whether it has ended. Params: `value`.
    SupportEndUnreadable = "support-end-unreadable", Warning;

    // ---- about the answer --------------------------------------------------------------------------
    /// Support of a device or product ends soon. Params: `name`, `date` (the first day without), `days` (until then).
    SupportEndsSoon = "support-ends-soon", Note;
    /// The same for all of the answer. Params: `count`, `date` (the first of them), `names` (the first few).
    SupportEndsSoonSummary = "support-ends-soon-summary", Note;

    // ---- data packs and policies -------------------------------------------------------------------
    /// Guideline packs contradict themselves or one another. Params: `catalog`, `entry`, `reason`.
    CatalogConflict = "catalog-conflict", Error;
    /// A text taken for a page of the annex has no row number (②-2).
    AnnexWithoutRows = "annex-without-rows", Error;
    /// A text taken for a page of the annex has more different pieces than a page can have. Params: `count`, `limit`.
    AnnexTooLong = "annex-too-long", Error;
    /// A decision table is not complete and unambiguous. Params: `table`, `reason`.
    DecisionTableInvalid = "decision-table-invalid", Error;

    // ---- knowledge base ----------------------------------------------------------------------------
    /// There is no knowledge base in the data folder.
    KnowledgeMissing = "knowledge-missing", Error;
    /// The newest document is older than allowed. Params: `newest`, `days`, `limit`.
    KnowledgeStale = "knowledge-stale", Error;
    /// The knowledge base was used although it is older than allowed. Params: `newest`, `days`, `limit`.
    KnowledgeStaleAllowed = "knowledge-stale-allowed", Warning;
    /// The index file is damaged; rebuild it. Params: `reason`.
    KnowledgeDamaged = "knowledge-damaged", Error;
    /// The index was written by another version of this program; rebuild it. Params: `found`, `expected`.
    KnowledgeVersion = "knowledge-version", Error;
    /// Two CVE numbers would have been fused by an alias; they stay apart. Params: `first`, `second`, `through`.
    AliasFusionRefused = "alias-fusion-refused", Note;

    // ---- sources that the knowledge base rests on ----------------------------------------------------
    /// No look at a source has ever succeeded: nothing of it is known here. Params: `name`, `title`, `failure` (of the last look,
    /// if there was one).
    SourceNeverChecked = "source-never-checked", Warning;
    /// A source was not looked at in time. Params: `name`, `title`, `at` (day of the last look that succeeded).
    SourceCheckOverdue = "source-check-overdue", Warning;
    /// The last look at a source failed. Params: `name`, `title`, `failure`, `at` (day of the last look that succeeded).
    SourceCheckFailed = "source-check-failed", Warning;
    /// What a source brought is suspicious, and no person has said why. Params: `name`, `title`, `alarms` (kinds).
    SourceSuspicious = "source-suspicious", Warning;
    /// A source is not looked at any more, and what it told is still used. Params: `name`, `title`, `state`, `at` (day of the
    /// last look that succeeded).
    SourceStopped = "source-stopped", Warning;
    /// The knowledge rests on collected sources, and how they stand cannot be told. Params: `reason`.
    SourcesNotTold = "sources-not-told", Warning;

    // ---- stored lists ------------------------------------------------------------------------------
    /// Something that the portfolio keeps is damaged; nothing is answered from it. Params: `reason`.
    PortfolioDamaged = "portfolio-damaged", Error;

    // ---- collecting --------------------------------------------------------------------------------
    /// Advisories that are not for everybody (TLP): a list that is not asked for, or a document that was sent all the same.
    /// Params: `tlp` (the label), `value` (the address).
    AdvisoriesRestricted = "advisories-restricted", Warning;
    /// Documents that came without digest and signature, which their source does not promise. Params: `count`.
    DocumentsUnproven = "documents-unproven", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A position inside an input. Every part is optional but the path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// Path as the user gave it.
    pub path: String,
    /// Entry inside an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Line, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column, counted from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// JSON pointer (RFC 6901), XML path or column name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Place { path: path.into(), ..Place::default() }
    }

    /// The same place, with a line (from 1).
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place, with a field (JSON pointer, XML path or column name).
    #[must_use]
    pub fn at_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Place {
    /// `path!member:line:column#field`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(member) = &self.member {
            write!(f, "!{member}")?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        if let Some(field) = &self.field {
            write!(f, "#{field}")?;
        }
        Ok(())
    }
}

/// Parameters of a code, by name, in a fixed order.
pub type Params = BTreeMap<String, String>;

/// One thing to tell the user about an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What.
    pub code: Code,
    /// With which particulars.
    #[serde(default)]
    pub params: Params,
    /// Where.
    pub place: Place,
}

impl Diagnostic {
    /// A diagnostic without parameters.
    pub fn new(code: Code, place: Place) -> Self {
        Diagnostic { code, params: Params::new(), place }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Shorthand for the severity of the code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
