//! What a scanner's report says, whatever its format (SPEC.md section 4, ③-1 to ③-3). Values are kept as the tool gives them;
//! what they mean here (severity, identity) is decided by tables and rules that people can read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::diagnostic::Diagnostic;
use crate::identifier::FindingKind;
use crate::terms;

terms! {
    /// Forms of reports that are read.
    pub enum ScanFormat ("scan-format") {
        /// SARIF 2.1.0 (OASIS).
        Sarif = "sarif",
        /// ZAP, XML.
        ZapXml = "zap-xml",
        /// ZAP, JSON.
        ZapJson = "zap-json",
        /// Nuclei, JSON or JSON lines.
        Nuclei = "nuclei",
        /// OpenVAS / Greenbone, XML.
        OpenvasXml = "openvas-xml",
        /// OpenVAS / Greenbone, CSV.
        OpenvasCsv = "openvas-csv",
        /// nmap, XML, with its scripts.
        NmapXml = "nmap-xml",
        /// Nessus, `.nessus` (XML); also Tenable's web scanner.
        NessusXml = "nessus-xml",
        /// Nessus and Tenable, CSV.
        NessusCsv = "nessus-csv",
        /// Nikto, XML.
        NiktoXml = "nikto-xml",
        /// Nikto, JSON.
        NiktoJson = "nikto-json",
        /// Nikto, CSV.
        NiktoCsv = "nikto-csv",
        /// Wapiti, XML.
        WapitiXml = "wapiti-xml",
        /// Wapiti, JSON.
        WapitiJson = "wapiti-json",
        /// testssl.sh, CSV.
        TestsslCsv = "testssl-csv",
        /// testssl.sh, JSON.
        TestsslJson = "testssl-json",
        /// SSLyze, JSON.
        SslyzeJson = "sslyze-json",
        /// ssh-audit, JSON.
        SshAudit = "ssh-audit",
        /// Trivy, JSON.
        Trivy = "trivy",
        /// Grype, JSON.
        Grype = "grype",
        /// OSV-Scanner, JSON.
        OsvScanner = "osv-scanner",
        /// OWASP Dependency-Check, XML.
        DependencyCheck = "dependency-check",
        /// `npm audit --json`
        NpmAudit = "npm-audit",
        /// pip-audit, JSON.
        PipAudit = "pip-audit",
        /// Semgrep, JSON.
        Semgrep = "semgrep",
        /// Bandit, JSON.
        Bandit = "bandit",
        /// njsscan and mobsfscan, JSON.
        Njsscan = "njsscan",
        /// Lynis, `lynis-report.dat`.
        Lynis = "lynis",
        /// OpenSCAP, ARF or XCCDF results (XML).
        Openscap = "openscap",
        /// CycloneDX with vulnerabilities (VDR), JSON or XML.
        CyclonedxVdr = "cyclonedx-vdr",
        /// A table whose columns were named by a person.
        Table = "scan-table",
        /// The outside check of this program.
        Outside = "outside-check",
    }
}

terms! {
    /// Whether a scan came to its end, as its report tells.
    pub enum Completion ("scan-completion") {
        /// The report says so.
        Finished = "finished",
        /// It was broken off, or says that targets were left out: what it does not name is not gone.
        Unfinished = "unfinished",
        /// The format does not tell.
        NotTold = "not-told",
    }
}

terms! {
    /// How it is known when a scan took place. Without that a report shows what is there, but not that anything went.
    pub enum Dated ("scan-dated") {
        /// The report tells.
        Told = "told",
        /// The report does not tell; somebody who neither carried the run out nor scanned stated it.
        Stated = "stated",
        /// The report does not tell; the scan was begun by this program.
        MadeHere = "made-here",
        /// Nobody knows: it may be from long before anything was repaired.
        Untold = "untold",
    }
}

terms! {
    /// Entries of a report that are no findings. They are counted, never dropped in silence.
    pub enum LeftOut ("scan-left-out") {
        /// The check was passed.
        Passed = "passed",
        /// The check does not apply, or was not carried out.
        NotApplicable = "not-applicable",
        /// A note about the run itself (time, settings, plug-ins).
        AboutTheRun = "about-the-run",
        /// Suppressed in the source or by the tool's own list; kept as a finding with that mark where the report names it.
        Suppressed = "suppressed",
        /// The same finding once more at the same place.
        Repeated = "repeated",
    }
}

/// A scanner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// As people call it: `ZAP`, `Semgrep OSS`.
    pub name: String,
    /// Its kind, by which findings are recognised again whatever the version: lower case, `zap`, `semgrep`, `codeql`.
    pub key: String,
    /// Its version, if the report tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Where a finding is. What a tool does not tell is absent; at least one field besides `port` is present, else the finding is
/// about the target as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ScanPlace {
    /// Host name or address as given, lower case, without port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// `tcp`, `udp`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The whole address as given, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address without scheme, host, query and fragment: `/login`. Begins with `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `GET`, `POST`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Parameter, header or cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// File of a source tree, with `/`, without a leading `./` or `file:///`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// First line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The code found there, or the tool's hash of it: it is the same finding when lines above it change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Component: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Component: its version. Not a part of the identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Component: purl as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Anything else that is hit: an object of a cluster, a layer of an image, a setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

/// One finding as its tool states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanResult {
    /// The tool's identifier of the check: plug-in number, rule, template. For components the vulnerability's identifier.
    pub rule: String,
    /// One line.
    pub title: String,
    /// What it is, as the tool explains it; at most [`LONGEST_TEXT`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What the tool advises; at most [`LONGEST_TEXT`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice: String,
    /// What shows it, as the tool gives it; at most [`LONGEST_TEXT`] characters. Secrets that a tool prints are not taken over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// Weakness in a program, or one in the way it is set up.
    pub kind: FindingKind,
    /// The tool's own word or number for the severity, as given: `High`, `3`, `ERROR`. Empty if it gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub severity: String,
    /// The tool's word for how sure it is, as given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confidence: String,
    /// CVSS vectors as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cvss: Vec<String>,
    /// CVSS base score × 10 without a vector, if that is all there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_x10: Option<u8>,
    /// CVE, GHSA and the like.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub identifiers: BTreeSet<String>,
    /// CWE numbers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cwe: BTreeSet<u32>,
    /// Where.
    pub place: ScanPlace,
    /// The version that holds the fix, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_version: Option<String>,
    /// The tool's own stable fingerprint, with its name: `primaryLocationLineHash:3a5b…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_fingerprint: Option<String>,
    /// Why the tool itself calls it suppressed. It stays a finding: only a person here decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<String>,
    /// Where more is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// How often the report names it at this place; at least 1.
    pub count: u32,
}

/// Most characters of one text of a finding.
pub const LONGEST_TEXT: usize = 2_000;

impl ScanResult {
    /// A finding of a rule at a place, with nothing else told.
    pub fn new(
        rule: impl Into<String>,
        title: impl Into<String>,
        kind: FindingKind,
        place: ScanPlace,
    ) -> Self {
        ScanResult {
            rule: rule.into(),
            title: title.into(),
            text: String::new(),
            advice: String::new(),
            evidence: String::new(),
            kind,
            severity: String::new(),
            confidence: String::new(),
            cvss: Vec::new(),
            score_x10: None,
            identifiers: BTreeSet::new(),
            cwe: BTreeSet::new(),
            place,
            fixed_version: None,
            tool_fingerprint: None,
            suppressed: None,
            references: Vec::new(),
            count: 1,
        }
    }
}

/// What one run of one scanner reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanReport {
    /// The form of the report.
    pub format: ScanFormat,
    /// Which scanner.
    pub tool: Tool,
    /// When the scan began, if the report tells. Times without a zone are taken as Japan's, and that is a diagnostic.
    pub started: Option<Timestamp>,
    /// When it ended, if the report tells.
    pub ended: Option<Timestamp>,
    /// Whether it came to its end.
    pub completion: Completion,
    /// Hosts, addresses and URLs that the report says were looked at, whether or not anything was found there; for source code
    /// the folder or image. Every host of a finding is in it.
    pub touched: BTreeSet<String>,
    /// Rules that the report says were carried out, if it lists them. `None`: it does not tell.
    pub rules: Option<BTreeSet<String>>,
    /// How much it did, for tools that list no rules. `None`: it does not tell.
    pub profile: Option<Profile>,
    /// Findings in the order of the report.
    pub results: Vec<ScanResult>,
    /// Entries that are no findings.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// What could not be read, and what was read with a tolerance.
    pub diagnostics: Vec<Diagnostic>,
}

impl ScanFormat {
    /// True if tools that write this form assess source code or the components that it is built from. SARIF and tables are written by
    /// tools of every kind.
    pub fn looks_at_source(self) -> bool {
        use ScanFormat as F;
        matches!(
            self,
            F::Sarif
                | F::Table
                | F::Trivy
                | F::Grype
                | F::OsvScanner
                | F::DependencyCheck
                | F::NpmAudit
                | F::PipAudit
                | F::Semgrep
                | F::Bandit
                | F::Njsscan
                | F::CyclonedxVdr
        )
    }

    /// True if tools that write this form look at a running application or host from outside. SARIF and tables are written by tools of
    /// every kind.
    pub fn looks_from_outside(self) -> bool {
        use ScanFormat as F;
        match self {
            F::Sarif | F::Table => true,
            // Those that look at settings on the host itself do neither.
            F::Lynis | F::Openscap => false,
            other => !other.looks_at_source(),
        }
    }

    /// True if a host that is named without a port says nothing about a web application on it: these tools look at ports and services.
    pub fn is_of_ports(self) -> bool {
        matches!(self, ScanFormat::NmapXml | ScanFormat::SshAudit)
    }
}

impl ScanReport {
    /// An empty report.
    pub fn new(format: ScanFormat, name: &str, key: &str) -> Self {
        ScanReport {
            format,
            tool: Tool { name: name.to_owned(), key: key.to_owned(), version: None },
            started: None,
            ended: None,
            completion: Completion::NotTold,
            touched: BTreeSet::new(),
            rules: None,
            profile: None,
            results: Vec::new(),
            left_out: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// The same with shorter texts, for the list of what is known: the report itself holds all of them.
    #[must_use]
    pub fn for_list(&self, characters: usize) -> ScanReport {
        let mut short = self.clone();
        for result in &mut short.results {
            for text in [&mut result.text, &mut result.advice, &mut result.evidence] {
                if let Some((at, _)) = text.char_indices().nth(characters) {
                    text.truncate(at);
                    text.push('…');
                }
            }
        }
        short
    }

    /// When the scan took place: its begin, or its end if only that is told.
    pub fn taken(&self) -> Option<Timestamp> {
        self.started.or(self.ended)
    }

    /// Counts an entry that is no finding.
    pub fn leave_out(&mut self, why: LeftOut) {
        *self.left_out.entry(why).or_default() += 1;
    }
}
