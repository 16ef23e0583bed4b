//! What each source says about one vulnerability, side by side: for pages. The same as `kb show`, in parts.

use jiff::Timestamp;
use shindan_domain::advisory::{Justification, Opinion, Remediation, Status};
use shindan_domain::cvss;
use shindan_domain::finding::VulnerabilityFacts;
use shindan_domain::version::VersionClaim;

use crate::json::show::{indices_of, statements};
use crate::table::{product, versions};
use crate::words::Words;

/// One source's opinion.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceOpinion {
    /// Who says it.
    pub source: String,
    /// The source's identifier.
    pub id: String,
    /// Title as given.
    pub title: String,
    /// Short text as given.
    pub summary: String,
    /// Scores: what the source gives, computed from its vectors.
    pub scores: Vec<SourceScore>,
    /// `CWE-79` …
    pub cwe: Vec<String>,
    /// First published.
    pub published: Option<Timestamp>,
    /// Last changed.
    pub modified: Option<Timestamp>,
    /// The source took it back.
    pub withdrawn: Option<Timestamp>,
    /// The first reference that is an address of the web.
    pub url: Option<String>,
    /// What it says about products.
    pub statements: Vec<SourceStatement>,
    /// What it tells the user to do.
    pub remediations: Vec<Remediation>,
    /// Path and SHA-256 of the document, where they are known.
    pub document: Option<(String, String)>,
}

/// A CVSS vector with its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceScore {
    /// As given.
    pub vector: String,
    /// Score × 10, computed from the vector; `None` if it cannot be read.
    pub score_x10: Option<u8>,
    /// `none`, `low`, `medium`, `high`, `critical`.
    pub severity: Option<&'static str>,
    /// What the source printed beside it × 10, if anything.
    pub printed_x10: Option<u8>,
}

/// What is said about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceStatement {
    /// Product as the source names it.
    pub product: String,
    /// With which status.
    pub status: Status,
    /// Which versions, in words; several lines if there are several ranges.
    pub versions: String,
    /// True if the versions could not be understood: never read as "all" or "none".
    pub undetermined: bool,
    /// Versions that contain the fix, as written.
    pub fixed: Vec<String>,
    /// Why not affected, if the source gives a reason of the standard list.
    pub justification: Option<Justification>,
    /// What the source says about it, as written.
    pub impact: String,
}

/// Every opinion in its order. Of each only what concerns this vulnerability.
pub fn opinions<'a>(
    facts: &VulnerabilityFacts,
    opinions: impl IntoIterator<Item = Opinion<'a>>,
    words: &Words,
) -> Vec<SourceOpinion> {
    opinions.into_iter().map(|opinion| one(facts, opinion, words)).collect()
}

fn one(facts: &VulnerabilityFacts, opinion: Opinion<'_>, words: &Words) -> SourceOpinion {
    let advisory = opinion.advisory;
    let indices = indices_of(advisory, facts);
    let concerned: Vec<_> = (0u32..)
        .zip(&advisory.vulnerabilities)
        .filter(|(index, _)| indices.contains(index))
        .map(|(_, vulnerability)| vulnerability)
        .collect();
    let statement = |affected: &shindan_domain::advisory::Affected| SourceStatement {
        product: product(affected),
        status: affected.status,
        versions: versions(affected, words),
        undetermined: matches!(affected.versions, VersionClaim::Undetermined { .. }),
        fixed: affected.fixed_versions.clone(),
        justification: affected.justification,
        impact: affected.impact.clone(),
    };
    let score = |given: &shindan_domain::advisory::CvssOpinion| {
        // A vector that cannot be read is shown as its source wrote it, with "?" for the score: never as a score of 0.
        let read = cvss::score(&given.vector).ok();
        SourceScore {
            vector: given.vector.clone(),
            score_x10: read.as_ref().map(|scores| scores.score_x10),
            severity: read.map(|scores| scores.severity.as_str()),
            printed_x10: given.printed_x10,
        }
    };
    let web = |address: &&String| address.starts_with("https://") || address.starts_with("http://");
    SourceOpinion {
        source: advisory.source.clone(),
        id: advisory.id.clone(),
        title: advisory.title.clone(),
        summary: concerned.first().map(|one| one.summary.clone()).unwrap_or_default(),
        scores: concerned.iter().flat_map(|one| one.cvss.iter().map(score)).collect(),
        cwe: concerned.iter().flat_map(|one| one.cwe.iter().cloned()).collect(),
        published: advisory.published,
        modified: advisory.modified,
        withdrawn: advisory.withdrawn,
        url: advisory.references.iter().find(web).cloned(),
        statements: statements(advisory, &indices).map(statement).collect(),
        remediations: concerned.iter().flat_map(|one| one.remediations.iter().cloned()).collect(),
        document: opinion.document.map(|document| (document.path.clone(), document.sha256.clone())),
    }
}
