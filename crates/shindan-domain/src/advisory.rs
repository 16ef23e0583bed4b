//! Advisories: one source's opinion, in one shape for every format.
//!
//! These types derive serde because the knowledge base stores them, by position and without names of fields
//! (`shindan_match::index::told`), so that each field is always written. That form is derived and recomputable and is
//! **not** a contract. The JSON that users see is written by `shindan-report`. [`SsvcPoints`], [`KevEntry`] and [`Justification`]
//! stand in the ledger besides: their JSON stays what it is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identifier::FindingKind;
use crate::version::VersionClaim;

/// The format a document was recognised as, from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdvisoryFormat {
    /// OSV schema 1.x.
    Osv,
    /// CSAF 2.0 and 2.1 (security advisory or VEX profile).
    Csaf,
    /// CVE JSON 5.x.
    Cve5,
    /// JVN VULDEF (MyJVN HND detail).
    Vuldef,
    /// JVNRSS (MyJVN overview, JVN iPedia feeds), both `mod_sec` dialects.
    Jvnrss,
    /// CISA Known Exploited Vulnerabilities, JSON or CSV.
    Kev,
    /// FIRST EPSS CSV, all header generations.
    Epss,
    /// NVD CVE API 2.0.
    Nvd,
    /// MyJVN "OKA" JSON 4.0.
    Oka,
    /// OpenVEX 0.0.x and 0.2.
    OpenVex,
    /// CycloneDX documents that state vulnerabilities (VEX, VDR), JSON.
    CyclonedxVex,
    /// Debian security tracker JSON.
    DebianTracker,
    /// CVRF 1.1 and 1.2 (Microsoft, Fortinet, Cisco).
    Cvrf,
    /// endoflife.date, API v1 and the older per-product form.
    EndOfLife,
    /// RustSec advisories as written (Markdown with a TOML head, or TOML).
    Rustsec,
    /// Ruby advisory database, YAML.
    RubyAdvisory,
    /// PHP security advisories (FriendsOfPHP), YAML.
    PhpAdvisory,
    /// Palo Alto Networks' own advisory JSON.
    PaloAlto,
}

impl AdvisoryFormat {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            AdvisoryFormat::Osv => "osv",
            AdvisoryFormat::Csaf => "csaf",
            AdvisoryFormat::Cve5 => "cve5",
            AdvisoryFormat::Vuldef => "vuldef",
            AdvisoryFormat::Jvnrss => "jvnrss",
            AdvisoryFormat::Kev => "kev",
            AdvisoryFormat::Epss => "epss",
            AdvisoryFormat::Nvd => "nvd",
            AdvisoryFormat::Oka => "oka",
            AdvisoryFormat::OpenVex => "openvex",
            AdvisoryFormat::CyclonedxVex => "cyclonedx-vex",
            AdvisoryFormat::DebianTracker => "debian-tracker",
            AdvisoryFormat::Cvrf => "cvrf",
            AdvisoryFormat::EndOfLife => "end-of-life",
            AdvisoryFormat::Rustsec => "rustsec",
            AdvisoryFormat::RubyAdvisory => "ruby-advisory",
            AdvisoryFormat::PhpAdvisory => "php-advisory",
            AdvisoryFormat::PaloAlto => "palo-alto",
        }
    }
}

/// The bytes a fact came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDocument {
    /// Path as given, `!member` appended for an archive entry.
    pub path: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// What it was recognised as; `None` if it could not be read.
    pub format: Option<AdvisoryFormat>,
    /// Name of the source; `unknown` if the document does not tell.
    pub source: String,
    /// Advisories or rows kept when it was read.
    pub records: u64,
    /// Records (or the document itself) rejected.
    pub rejected: u64,
    /// Greatest date in it.
    #[serde(with = "by_position::time")]
    pub newest: Option<Timestamp>,
}

/// One document's opinion about one or several vulnerabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advisory {
    /// The source's identifier: `RUSTSEC-2021-0003`, `JVNDB-2022-000097`, `ICSMA-20-184-01`, `CVE-2024-6800`.
    pub id: String,
    /// Who says it: `RustSec`, `PyPA`, `GitHub`, `JVN iPedia`, `CISA`, `CVE`, …
    pub source: String,
    /// Format it was read from.
    pub format: AdvisoryFormat,
    /// Title as given.
    pub title: String,
    /// Language of the texts (BCP 47), if known.
    pub language: Option<String>,
    /// First published.
    #[serde(with = "by_position::time")]
    pub published: Option<Timestamp>,
    /// Last changed.
    #[serde(with = "by_position::time")]
    pub modified: Option<Timestamp>,
    /// Number of this issue of the document, where its format counts them (OpenVEX, CycloneDX). Of two with the same
    /// id the greater one replaces the other; dates decide where one of them has no number.
    pub revision: Option<u64>,
    /// Set if the source took it back (OSV `withdrawn`, CVE `REJECTED`): it makes no findings.
    #[serde(with = "by_position::time")]
    pub withdrawn: Option<Timestamp>,
    /// The vulnerabilities it names; never empty. More than one: linked, never fused.
    pub vulnerabilities: Vec<AdvisedVulnerability>,
    /// What it says about products.
    pub affected: Vec<Affected>,
    /// True if the document was made to say whether products are affected (VEX: CSAF category `csaf_vex`, OpenVEX,
    /// CycloneDX `analysis`). Its *not affected* and *fixed* turn findings of other sources about the very same
    /// product; those of an ordinary advisory hold within that advisory only.
    pub exploitability: bool,
    /// Which updates replace which (Microsoft `Supercedence`), by their names as in [`Affected::updates`].
    pub supersedes: Vec<Supersedence>,
    /// Where more can be read; the first one is the advisory's own page if there is one.
    pub references: Vec<String>,
    /// Index of the source document within the knowledge base; set by whoever reads the document.
    pub document: u32,
    /// Place inside the document (JSON pointer or XML path); empty for the whole of it.
    pub pointer: String,
}

/// One update replaces another: whoever has the newer one has what the older one brought.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Supersedence {
    /// `KB5034122`
    pub newer: String,
    /// `KB5033372`
    pub older: String,
}

impl Advisory {
    /// An advisory that says nothing yet.
    pub fn new(id: impl Into<String>, source: impl Into<String>, format: AdvisoryFormat) -> Self {
        Advisory {
            id: id.into(),
            source: source.into(),
            format,
            title: String::new(),
            language: None,
            published: None,
            modified: None,
            revision: None,
            withdrawn: None,
            vulnerabilities: Vec::new(),
            affected: Vec::new(),
            exploitability: false,
            supersedes: Vec::new(),
            references: Vec::new(),
            document: 0,
            pointer: String::new(),
        }
    }
}

/// An advisory together with the document it was read from, where that is known.
#[derive(Debug, Clone, Copy)]
pub struct Opinion<'a> {
    /// What is said.
    pub advisory: &'a Advisory,
    /// The bytes it was read from.
    pub document: Option<&'a SourceDocument>,
}

impl<'a> From<&'a Advisory> for Opinion<'a> {
    fn from(advisory: &'a Advisory) -> Self {
        Opinion { advisory, document: None }
    }
}

/// A vulnerability as one advisory describes it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AdvisedVulnerability {
    /// CVE if there is one; else the advisory's id, with `#n` appended if it describes several without a CVE.
    pub id: String,
    /// One-to-one identifiers besides `id`. Identifiers of documents do not belong here.
    pub aliases: Vec<String>,
    /// What kind of finding it makes.
    pub kind: FindingKind,
    /// Short text as given, without markup, cut at about 400 characters.
    pub summary: String,
    /// CVSS vectors as given.
    pub cvss: Vec<CvssOpinion>,
    /// SSVC decision points that the source publishes.
    #[serde(with = "by_position::points")]
    pub ssvc: Option<SsvcPoints>,
    /// `CWE-79` …
    pub cwe: Vec<String>,
    /// What the source tells the user to do.
    pub remediations: Vec<Remediation>,
    /// For [`FindingKind::EndOfLife`]: the day from which on there is no support, `YYYY-MM-DD`; the finding exists
    /// from that day on.
    pub support_end: Option<String>,
}

/// A CVSS vector with the score that its source printed beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CvssOpinion {
    /// As given. CVSS v2 vectors have no prefix.
    pub vector: String,
    /// The printed base score × 10, if one was printed. The score used is always computed from the vector.
    pub printed_x10: Option<u8>,
}

/// SSVC decision points as published by CISA (Vulnrichment). Values in lower case.
/// Source: SSVC `ssvc:E:1.1.0`, `ssvc:A:2.0.0`, `ssvc:TI:1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SsvcPoints {
    /// `none`, `poc`, `active`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploitation: Option<String>,
    /// `no`, `yes`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatable: Option<String>,
    /// `partial`, `total`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_impact: Option<String>,
    /// When the source decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

/// What the source tells the user to do. Categories as in CSAF 2.0 section 3.2.3.12.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remediation {
    /// `vendor_fix`, `mitigation`, `workaround`, `none_available`, `no_fix_planned`
    pub category: String,
    /// Text as given, cut at about 400 characters.
    pub details: String,
    /// Where to get it.
    pub url: Option<String>,
}

/// What the source says about a product, as in VEX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The claimed versions are affected.
    Affected,
    /// The claimed versions are not affected.
    NotAffected,
    /// The claimed versions contain the fix.
    Fixed,
    /// The source does not know yet.
    UnderInvestigation,
}

impl Status {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Affected => "affected",
            Status::NotAffected => "not_affected",
            Status::Fixed => "fixed",
            Status::UnderInvestigation => "under_investigation",
        }
    }
}

/// Why a product is not affected. Source: CISA "VEX Status Justifications" 2022, as in CSAF 2.0 section 3.2.3.6
/// (`flags`) and OpenVEX; CycloneDX `analysis.justification` is mapped to the nearest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Justification {
    /// The component is not in the product.
    ComponentNotPresent,
    /// The component is there, its vulnerable code is not.
    VulnerableCodeNotPresent,
    /// The vulnerable code is never executed.
    VulnerableCodeNotInExecutePath,
    /// An attacker cannot reach the vulnerable code.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Protection in the product stops the attack.
    InlineMitigationsAlreadyExist,
}

impl Justification {
    /// All.
    pub const ALL: [Justification; 5] = [
        Justification::ComponentNotPresent,
        Justification::VulnerableCodeNotPresent,
        Justification::VulnerableCodeNotInExecutePath,
        Justification::VulnerableCodeCannotBeControlledByAdversary,
        Justification::InlineMitigationsAlreadyExist,
    ];

    /// The stable text form, as in CSAF, OpenVEX and JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Justification::ComponentNotPresent => "component_not_present",
            Justification::VulnerableCodeNotPresent => "vulnerable_code_not_present",
            Justification::VulnerableCodeNotInExecutePath => "vulnerable_code_not_in_execute_path",
            Justification::VulnerableCodeCannotBeControlledByAdversary => {
                "vulnerable_code_cannot_be_controlled_by_adversary"
            }
            Justification::InlineMitigationsAlreadyExist => "inline_mitigations_already_exist",
        }
    }
}

/// One statement: these versions of this product have this status for these vulnerabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Affected {
    /// Indices into [`Advisory::vulnerabilities`]; empty means all of them.
    pub vulnerabilities: Vec<u32>,
    /// Which product.
    pub product: ProductRef,
    /// With which status.
    pub status: Status,
    /// Which versions.
    pub versions: VersionClaim,
    /// The version text as the source wrote it (free text, range expression or product name); empty if structured.
    pub text: String,
    /// Versions that contain the fix, as written.
    pub fixed_versions: Vec<String>,
    /// Platform conditions: of every group one CPE name must be present too (CPE configurations: the other nodes of
    /// an AND; CSAF relationships). Empty: unconditional.
    pub platforms: Vec<Vec<String>>,
    /// Updates (`KB5034122`) of which any one contains the fix. Where the installed updates are known, one of these, or
    /// one that supersedes it, settles the statement.
    pub updates: Vec<String>,
    /// The product of which `product` is a part, where the statement holds for the part inside that product only
    /// (OpenVEX `subcomponents`, CSAF relationships of a VEX). Its package URL and CPE names keep the version if the
    /// source names one, or it stands beside them ([`ProductRef::version`]): the statement then holds inside that
    /// version only.
    pub within: Option<Box<ProductRef>>,
    /// Why the product is not affected, if the source gives a reason of the standard list.
    pub justification: Option<Justification>,
    /// What the source says about the effect or the reason, as written, cut at about 400 characters.
    pub impact: String,
    /// JSON pointer or XML path of the statement inside the document.
    pub pointer: String,
}

impl Affected {
    /// An unconditional statement about a product; the rest is left empty.
    pub fn new(product: ProductRef, status: Status, versions: VersionClaim) -> Self {
        Affected {
            vulnerabilities: Vec::new(),
            product,
            status,
            versions,
            text: String::new(),
            fixed_versions: Vec::new(),
            platforms: Vec::new(),
            updates: Vec::new(),
            within: None,
            justification: None,
            impact: String::new(),
            pointer: String::new(),
        }
    }
}

/// How the source names a product. Every way it gives is kept; matching tries each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProductRef {
    /// OSV ecosystem with release (`crates.io`, `Debian:12`), if the source names packages.
    pub ecosystem: Option<String>,
    /// Package name within the ecosystem, as written.
    pub package: Option<String>,
    /// Package URL without version, if given or derivable.
    pub purl: Option<String>,
    /// CPE names: 2.3 formatted strings; 2.2 URIs are converted when read. The version attribute is not
    /// evaluated (see `versions`); the others are.
    pub cpes: Vec<String>,
    /// Maker, as written.
    pub vendor: Option<String>,
    /// Product name, as written.
    pub product: Option<String>,
    /// Model numbers (CSAF `product_identification_helper.model_numbers`), as written.
    pub models: Vec<String>,
    /// BOM-Link of an element of a CycloneDX document: `urn:cdx:serial/version#bom-ref`.
    pub bom_link: Option<String>,
    /// The one version meant, as written, where the source states it beside names and identifiers and not in them.
    /// Only of a product inside which a statement holds ([`Affected::within`]); statements about a product have
    /// [`Affected::versions`].
    pub version: Option<String>,
}

/// Facts about a CVE that are not opinions about products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrichment {
    /// CISA Known Exploited Vulnerabilities.
    Kev(KevEntry),
    /// FIRST Exploit Prediction Scoring System.
    Epss(EpssEntry),
}

/// One row of the KEV catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KevEntry {
    /// CVE number.
    pub cve: String,
    /// `YYYY-MM-DD`
    pub date_added: String,
    /// `YYYY-MM-DD`, CISA's due date for US agencies; empty if none.
    #[serde(default)]
    pub due_date: String,
    /// True if known to be used by ransomware.
    #[serde(default)]
    pub ransomware: bool,
}

/// One row of an EPSS file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpssEntry {
    /// CVE number.
    pub cve: String,
    /// Probability 0 to 1 as plain decimal text (`0.00005`, never `5e-05`).
    pub score: String,
    /// Percentile 0 to 1 as plain decimal text; empty if the file has none (2021-04).
    #[serde(default)]
    pub percentile: String,
    /// `YYYY-MM-DD` from the header; empty if the file does not tell.
    #[serde(default)]
    pub date: String,
}

/// Forms in which every field stands, for what is stored without names.
mod by_position {
    /// A time as seconds and nanoseconds since 1970.
    pub(super) mod time {
        use jiff::Timestamp;
        use serde::de::Error;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        pub(in super::super) fn serialize<S: Serializer>(
            time: &Option<Timestamp>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            time.map(|time| (time.as_second(), time.subsec_nanosecond())).serialize(serializer)
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Timestamp>, D::Error> {
            let parts = Option::<(i64, i32)>::deserialize(deserializer)?;
            let time = parts.map(|(second, nanosecond)| Timestamp::new(second, nanosecond));
            time.transpose().map_err(D::Error::custom)
        }
    }

    /// SSVC decision points, whose own form leaves out what is not decided.
    pub(super) mod points {
        use jiff::Timestamp;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        use super::super::SsvcPoints;

        #[derive(Serialize, Deserialize)]
        struct Stored(
            Option<String>,
            Option<String>,
            Option<String>,
            #[serde(with = "super::time")] Option<Timestamp>,
        );

        pub(in super::super) fn serialize<S: Serializer>(
            points: &Option<SsvcPoints>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            let stored = points.clone().map(
                |SsvcPoints { exploitation, automatable, technical_impact, timestamp }| {
                    Stored(exploitation, automatable, technical_impact, timestamp)
                },
            );
            stored.serialize(serializer)
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<SsvcPoints>, D::Error> {
            let stored = Option::<Stored>::deserialize(deserializer)?;
            Ok(stored.map(|Stored(exploitation, automatable, technical_impact, timestamp)| SsvcPoints {
                exploitation,
                automatable,
                technical_impact,
                timestamp,
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the ledger keeps its form: entries that were written before are read, and written again they are the same.
    #[test]
    fn what_stands_in_the_ledger_keeps_its_form() {
        for written in [
            r#"{"exploitation":"poc","automatable":"no","technical_impact":"total","timestamp":"2024-07-18T17:23:37.5Z"}"#,
            r#"{"exploitation":"active"}"#,
            "{}",
        ] {
            let points: SsvcPoints = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&points).unwrap(), written);
        }
        let kev: KevEntry =
            serde_json::from_str(r#"{"cve":"CVE-2026-1","date_added":"2026-11-01"}"#).unwrap();
        let written = r#"{"cve":"CVE-2026-1","date_added":"2026-11-01","due_date":"","ransomware":false}"#;
        assert_eq!(serde_json::to_string(&kev).unwrap(), written);
    }
}
