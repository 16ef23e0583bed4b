//! What VULDEF and JVNRSS have in common: identifiers, dates, products, scores.

use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat, CvssOpinion, Remediation};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;

use super::SOURCE;
use crate::advisory::{cpe_name, score};
use crate::text::shorten;
use crate::xml::Element;

/// Length to which summaries and remediations are cut, in characters.
pub(super) const SUMMARY: usize = 400;

/// `xml:lang` of the root.
pub(super) fn language(root: &Element) -> Option<String> {
    root.attributes
        .iter()
        .find(|a| a.name.local == "lang")
        .map(|a| a.value.trim().to_owned())
        .filter(|language| !language.is_empty())
}

/// Facts that the source states about the entry as a whole.
#[derive(Default)]
pub(super) struct EntryFacts {
    pub cves: Vec<String>,
    pub summary: String,
    pub cvss: Vec<CvssOpinion>,
    pub cwe: Vec<String>,
    pub remediations: Vec<Remediation>,
}

impl EntryFacts {
    /// Adds a CVE number once. CVE and NVD references name the same number twice.
    pub(super) fn add_cve(&mut self, text: &str) {
        let text = text.trim();
        if is_cve(text) {
            let cve = text.to_ascii_uppercase();
            if !self.cves.contains(&cve) {
                self.cves.push(cve);
            }
        }
    }

    /// Adds a weakness once; `CWE-Other` and `CWE-noinfo` say nothing.
    pub(super) fn add_cwe(&mut self, text: &str) {
        let text = text.trim();
        let number = text.strip_prefix("CWE-").unwrap_or_default();
        let real = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if real && !self.cwe.iter().any(|known| known == text) {
            self.cwe.push(text.to_owned());
        }
    }

    /// The vulnerabilities of the entry. One JVNDB number may hold several CVEs: they are linked, never fused.
    ///
    /// The score, the weakness and the summary belong to the JVNDB entry. With one vulnerability they are its own;
    /// with several, JVN prints one score for the whole (usually that of the worst), and to give it to each would
    /// state what the source does not. So they are left out then, and other sources of the CVE provide them. The
    /// remedy is meant for all of them.
    pub(super) fn vulnerabilities(self, id: &str) -> Vec<AdvisedVulnerability> {
        let EntryFacts { mut cves, summary, cvss, cwe, remediations } = self;
        if cves.is_empty() {
            // No CVE (yet): JVN's own number stands for the vulnerability.
            cves.push(id.to_owned());
        }
        if let [only] = cves.as_slice() {
            let id = only.clone();
            return vec![AdvisedVulnerability { id, summary, cvss, cwe, remediations, ..Default::default() }];
        }
        let each = |id| AdvisedVulnerability {
            id,
            summary: summary.clone(),
            remediations: remediations.clone(),
            ..Default::default()
        };
        cves.into_iter().map(each).collect()
    }
}

/// A CVSS vector with its printed score.
pub(super) fn cvss(vector: Option<&str>, printed: Option<&str>) -> Option<CvssOpinion> {
    let vector = vector.map(str::trim).filter(|v| !v.is_empty())?;
    Some(CvssOpinion { vector: vector.to_owned(), printed_x10: printed.and_then(score::tenths) })
}

/// An advisory of JVN iPedia with nothing in it but its identity.
pub(super) fn advisory(id: &str, title: &str, format: AdvisoryFormat, pointer: String) -> Advisory {
    Advisory {
        id: id.to_owned(),
        source: SOURCE.to_owned(),
        format,
        title: shorten(title, 1000),
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
        pointer,
    }
}

/// The CPE 2.3 name of a CPE 2.2 URI, reported if it is malformed.
pub(super) fn cpe(uri: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let uri = uri.trim();
    if uri.is_empty() {
        return None;
    }
    match cpe_name::to_cpe23(uri) {
        Ok(cpe) => Some(cpe),
        Err(reason) => {
            diagnostics.push(
                Diagnostic::new(Code::CpeInvalid, place.clone())
                    .with("cpe", shorten(uri, 200))
                    .with("reason", shorten(&reason, 200)),
            );
            None
        }
    }
}

/// True where the source names its products only as "several" (`(複数の製品)`, `cpe:/a:misc:multiple_vendors`).
pub(super) fn is_ambiguous(product: &str, cpe: Option<&str>) -> bool {
    let loose = ["複数の製品", "複数製品", "複数の機器", "multiple products"];
    let lower = product.to_lowercase();
    loose.iter().any(|word| lower.contains(word)) || cpe.is_some_and(|c| c.contains(":multiple_vendors"))
}
