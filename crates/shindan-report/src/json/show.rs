//! `shindan.kb-show/1`: one vulnerability with every source's opinion, side by side.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, Affected, Justification, Opinion, Remediation,
};
use shindan_domain::diagnostic::Params;
use shindan_domain::finding::VulnerabilityFacts;
use shindan_domain::version::{Bound, VersionClaim, VersionRange};

use super::views::{CvssView, EpssView, KevView, SsvcView, filled, tenths, time};
use super::write_line;

/// Writes one vulnerability as one line of JSON. Of each advisory only what concerns this vulnerability is shown:
/// statements about the other ones it names belong to their own pages.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_kb_show<'a, W: Write>(
    facts: &VulnerabilityFacts,
    opinions: impl IntoIterator<Item = impl Into<Opinion<'a>>>,
    writer: W,
) -> Result<(), serde_json::Error> {
    let opinions = opinions.into_iter().map(Into::into);
    let opinions = opinions.map(|o: Opinion<'a>| OpinionView::about(o, &indices_of(o.advisory, facts)));
    let view = ShowView {
        schema: "shindan.kb-show/1",
        id: &facts.id,
        aliases: &facts.aliases,
        title: &facts.title,
        title_ja: facts.title_ja.as_deref(),
        kind: facts.kind.as_str(),
        published: facts.published,
        cvss: facts.cvss.as_ref().map(CvssView::from),
        kev: facts.kev.as_ref().map(KevView::from),
        epss: facts.epss.as_ref().map(EpssView::from),
        ssvc: facts.ssvc.as_ref().map(SsvcView::from),
        support_end: facts.support_end.as_deref(),
        opinions: opinions.collect(),
    };
    write_line(writer, &view)
}

/// Which entries of the advisory are this vulnerability: the same id, or one of its one-to-one identifiers. All of
/// them if the advisory itself was asked for (a document that names several).
pub(crate) fn indices_of(advisory: &Advisory, facts: &VulnerabilityFacts) -> Vec<u32> {
    if facts.id == advisory.id {
        return (0..).take(advisory.vulnerabilities.len()).collect();
    }
    let is_same = |id: &String| *id == facts.id || facts.aliases.contains(id);
    let entries = (0u32..).zip(&advisory.vulnerabilities);
    entries.filter(|(_, v)| is_same(&v.id) || v.aliases.iter().any(is_same)).map(|(index, _)| index).collect()
}

/// The statements of the advisory that concern these entries of it.
pub(crate) fn statements<'a>(advisory: &'a Advisory, indices: &[u32]) -> impl Iterator<Item = &'a Affected> {
    advisory
        .affected
        .iter()
        .filter(|a| a.vulnerabilities.is_empty() || a.vulnerabilities.iter().any(|i| indices.contains(i)))
}

#[derive(Serialize)]
struct ShowView<'a> {
    schema: &'static str,
    id: &'a str,
    aliases: &'a [String],
    title: &'a str,
    title_ja: Option<&'a str>,
    kind: &'static str,
    #[serde(serialize_with = "time")]
    published: Option<Timestamp>,
    cvss: Option<CvssView<'a>>,
    kev: Option<KevView<'a>>,
    epss: Option<EpssView<'a>>,
    ssvc: Option<SsvcView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_end: Option<&'a str>,
    opinions: Vec<OpinionView<'a>>,
}

#[derive(Serialize)]
struct OpinionView<'a> {
    source: &'a str,
    id: &'a str,
    title: &'a str,
    format: &'static str,
    #[serde(serialize_with = "time")]
    published: Option<Timestamp>,
    #[serde(serialize_with = "time")]
    modified: Option<Timestamp>,
    #[serde(serialize_with = "time")]
    withdrawn: Option<Timestamp>,
    document: Option<DocumentView<'a>>,
    pointer: &'a str,
    references: &'a [String],
    vulnerabilities: Vec<AdvisedView<'a>>,
    affected: Vec<AffectedView<'a>>,
}

impl<'a> OpinionView<'a> {
    fn about(opinion: Opinion<'a>, indices: &[u32]) -> Self {
        let advisory = opinion.advisory;
        let concerned = (0u32..).zip(&advisory.vulnerabilities).filter(|(index, _)| indices.contains(index));
        OpinionView {
            source: &advisory.source,
            id: &advisory.id,
            title: &advisory.title,
            format: advisory.format.as_str(),
            published: advisory.published,
            modified: advisory.modified,
            withdrawn: advisory.withdrawn,
            document: opinion.document.map(|d| DocumentView {
                path: &d.path,
                sha256: &d.sha256,
                size: d.size,
            }),
            pointer: &advisory.pointer,
            references: &advisory.references,
            vulnerabilities: concerned.map(|(_, v)| AdvisedView::from(v)).collect(),
            affected: statements(advisory, indices).map(|a| AffectedView::of(a, advisory)).collect(),
        }
    }
}

/// The bytes an advisory was read from: with the hash anybody can tell whether they still are the same.
#[derive(Serialize)]
struct DocumentView<'a> {
    path: &'a str,
    sha256: &'a str,
    size: u64,
}

#[derive(Serialize)]
struct AdvisedView<'a> {
    id: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    summary: &'a str,
    cvss: Vec<VectorView<'a>>,
    cwe: &'a [String],
    remediations: Vec<RemediationView<'a>>,
}

impl<'a> From<&'a AdvisedVulnerability> for AdvisedView<'a> {
    fn from(advised: &'a AdvisedVulnerability) -> Self {
        let vectors = advised.cvss.iter();
        AdvisedView {
            id: &advised.id,
            aliases: &advised.aliases,
            kind: advised.kind.as_str(),
            summary: &advised.summary,
            cvss: vectors
                .map(|c| VectorView { vector: &c.vector, printed: c.printed_x10.map(tenths) })
                .collect(),
            cwe: &advised.cwe,
            remediations: advised.remediations.iter().map(RemediationView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct VectorView<'a> {
    vector: &'a str,
    /// The score that the source printed beside the vector.
    printed: Option<f64>,
}

#[derive(Serialize)]
struct RemediationView<'a> {
    category: &'a str,
    details: &'a str,
    url: Option<&'a str>,
}

impl<'a> From<&'a Remediation> for RemediationView<'a> {
    fn from(remediation: &'a Remediation) -> Self {
        RemediationView {
            category: &remediation.category,
            details: &remediation.details,
            url: remediation.url.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct AffectedView<'a> {
    vendor: Option<&'a str>,
    product: Option<&'a str>,
    purl: Option<&'a str>,
    cpe: Option<&'a str>,
    status: &'static str,
    text: Option<&'a str>,
    ranges: Vec<RangeView<'a>>,
    state: &'static str,
    except: Vec<RangeView<'a>>,
    /// Why the versions are undetermined.
    code: Option<&'static str>,
    params: Option<&'a Params>,
    /// The vulnerabilities that the statement is about.
    vulnerabilities: Vec<&'a str>,
    ecosystem: Option<&'a str>,
    package: Option<&'a str>,
    cpes: &'a [String],
    models: &'a [String],
    fixed_versions: &'a [String],
    /// All names, whatever the group.
    platforms: Vec<&'a str>,
    platform_groups: &'a [Vec<String>],
    updates: &'a [String],
    justification: Option<&'static str>,
    impact: Option<&'a str>,
    pointer: &'a str,
}

impl<'a> AffectedView<'a> {
    fn of(affected: &'a Affected, advisory: &'a Advisory) -> Self {
        let product = &affected.product;
        let (state, ranges, except) = match &affected.versions {
            VersionClaim::All => ("all", [].as_slice(), [].as_slice()),
            VersionClaim::Ranged { ranges, except } => ("ranged", ranges.as_slice(), except.as_slice()),
            VersionClaim::Undetermined { .. } => ("undetermined", [].as_slice(), [].as_slice()),
        };
        let (code, params) = match &affected.versions {
            VersionClaim::Undetermined { code, params } => (Some(code.as_str()), Some(params)),
            _ => (None, None),
        };
        AffectedView {
            vendor: product.vendor.as_deref(),
            product: product.product.as_deref().or(product.package.as_deref()),
            purl: product.purl.as_deref(),
            cpe: product.cpes.first().map(String::as_str),
            status: affected.status.as_str(),
            text: filled(&affected.text),
            ranges: ranges.iter().map(RangeView::from).collect(),
            state,
            except: except.iter().map(RangeView::from).collect(),
            code,
            params,
            vulnerabilities: named(affected, advisory),
            ecosystem: product.ecosystem.as_deref(),
            package: product.package.as_deref(),
            cpes: &product.cpes,
            models: &product.models,
            fixed_versions: &affected.fixed_versions,
            platforms: affected.platforms.iter().flatten().map(String::as_str).collect(),
            platform_groups: &affected.platforms,
            updates: &affected.updates,
            justification: affected.justification.map(Justification::as_str),
            impact: filled(&affected.impact),
            pointer: &affected.pointer,
        }
    }
}

fn named<'a>(affected: &Affected, advisory: &'a Advisory) -> Vec<&'a str> {
    let all = (0u32..).zip(&advisory.vulnerabilities);
    all.filter(|(index, _)| affected.vulnerabilities.is_empty() || affected.vulnerabilities.contains(index))
        .map(|(_, v)| v.id.as_str())
        .collect()
}

/// OSV's words for the ends of a range. `introduced` is `"0"` where nothing limits the range below; a lower end that
/// does not belong to the range, which OSV cannot say, is `introduced_after`.
#[derive(Serialize)]
struct RangeView<'a> {
    scheme: &'static str,
    introduced: Option<&'a str>,
    introduced_after: Option<&'a str>,
    fixed: Option<&'a str>,
    last_affected: Option<&'a str>,
}

impl<'a> From<&'a VersionRange> for RangeView<'a> {
    fn from(range: &'a VersionRange) -> Self {
        let (introduced, introduced_after) = match &range.lower {
            Bound::Unbounded => (Some("0"), None),
            Bound::Inclusive(version) => (Some(version.as_str()), None),
            Bound::Exclusive(version) => (None, Some(version.as_str())),
        };
        let (fixed, last_affected) = match &range.upper {
            Bound::Unbounded => (None, None),
            Bound::Exclusive(version) => (Some(version.as_str()), None),
            Bound::Inclusive(version) => (None, Some(version.as_str())),
        };
        RangeView { scheme: range.scheme.as_str(), introduced, introduced_after, fixed, last_affected }
    }
}
