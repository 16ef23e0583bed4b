//! Facts about a vulnerability, gathered from every opinion when the index is built, stored in a few bytes.

use jiff::Timestamp;
use shindan_domain::advisory::{Advisory, KevEntry, SsvcPoints};
use shindan_domain::cvss;
use shindan_domain::finding::{CvssScore, EpssScore, VulnerabilityFacts};
use shindan_domain::identifier::FindingKind;

use super::layout::{Cursor, Encode, IndexError};
use crate::identity::Cluster;

/// In the order of the bytes that stand for them. What a person states ([`FindingKind::is_stated`]) stands in no index.
const KINDS: [FindingKind; 5] = [
    FindingKind::Vulnerability,
    FindingKind::Misconfiguration,
    FindingKind::Unmaintained,
    FindingKind::Unsound,
    FindingKind::EndOfLife,
];

/// Gathers the facts of a cluster from its members.
///
/// CVSS: the newest version of the standard wins, within it the highest score. SSVC: of each point the newest decision. Title: the
/// first non-empty one by advisory that describes the vulnerability; Japanese titles are kept beside it. A document that
/// was made to say whether products are affected (VEX) lends no title: its words are about its products. Withdrawn
/// advisories contribute nothing unless there is nothing else.
pub fn gather(
    cluster: &Cluster,
    advisories: &[Advisory],
    kev: Option<KevEntry>,
    epss: Option<EpssScore>,
) -> VulnerabilityFacts {
    let mut facts = VulnerabilityFacts {
        id: cluster.id.clone(),
        aliases: cluster.identifiers.clone(),
        kev,
        epss,
        ..VulnerabilityFacts::default()
    };
    let members: Vec<_> = cluster
        .members
        .iter()
        .filter_map(|&(a, v)| {
            let advisory = advisories.get(a as usize)?;
            Some((advisory, advisory.vulnerabilities.get(v as usize)?))
        })
        .collect();
    let any_live = members.iter().any(|(a, _)| a.withdrawn.is_none());
    let mut kinds = Vec::new();
    for (advisory, vulnerability) in members {
        if any_live && advisory.withdrawn.is_some() {
            continue;
        }
        kinds.push(vulnerability.kind);
        let japanese = advisory.language.as_deref().is_some_and(|l| l.starts_with("ja"));
        if !advisory.exploitability {
            name(&mut facts, advisory, &vulnerability.summary, japanese);
        }
        for opinion in &vulnerability.cvss {
            consider(&mut facts.cvss, &opinion.vector);
        }
        if let Some(points) = &vulnerability.ssvc {
            facts.ssvc = Some(match facts.ssvc.take() {
                Some(known) if known.timestamp < points.timestamp => over(&known, points),
                Some(known) => over(points, &known),
                None => points.clone(),
            });
        }
        // Two sources name different days: the earlier one is the one to prepare for.
        facts.support_end = match (facts.support_end, &vulnerability.support_end) {
            (Some(a), Some(b)) => Some(a.min(b.clone())),
            (a, b) => a.or(b.clone()),
        };
        facts.published = match (facts.published, advisory.published) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    if facts.title.is_empty() {
        facts.title = facts.title_ja.clone().unwrap_or_default();
    }
    // One source calls it a vulnerability: then it is one.
    facts.kind = kinds.iter().copied().min().unwrap_or_default();
    facts
}

/// Takes the advisory's title in its language, if there is none yet.
fn name(facts: &mut VulnerabilityFacts, advisory: &Advisory, summary: &str, japanese: bool) {
    if japanese && facts.title_ja.is_none() && !advisory.title.is_empty() {
        facts.title_ja = Some(advisory.title.clone());
    } else if !japanese && facts.title.is_empty() {
        facts.title = title(advisory, summary);
    }
}

fn title(advisory: &Advisory, summary: &str) -> String {
    if !advisory.title.is_empty() {
        return advisory.title.clone();
    }
    let first = summary.lines().next().unwrap_or_default();
    match first.char_indices().nth(160) {
        Some((cut, _)) => format!("{}…", first.get(..cut).unwrap_or(first)),
        None => first.to_owned(),
    }
}

/// The newer decision; what it leaves open stays as the older one decided it.
fn over(older: &SsvcPoints, newer: &SsvcPoints) -> SsvcPoints {
    let either = |newer: &Option<String>, older: &Option<String>| newer.clone().or_else(|| older.clone());
    SsvcPoints {
        exploitation: either(&newer.exploitation, &older.exploitation),
        automatable: either(&newer.automatable, &older.automatable),
        technical_impact: either(&newer.technical_impact, &older.technical_impact),
        timestamp: newer.timestamp,
    }
}

fn consider(best: &mut Option<CvssScore>, vector: &str) {
    // A malformed vector was reported when its document was read.
    let Ok(scores) = cvss::score(vector) else { return };
    let candidate = CvssScore {
        version: scores.version.as_str().to_owned(),
        score_x10: scores.score_x10,
        severity: scores.severity.as_str().to_owned(),
        vector: vector.to_owned(),
    };
    let rank = |c: &CvssScore| (c.version.clone(), c.score_x10);
    if best.as_ref().is_none_or(|b| rank(b) < rank(&candidate)) {
        *best = Some(candidate);
    }
}

/// Appends the stored form.
pub fn encode(facts: &VulnerabilityFacts, out: &mut Vec<u8>) {
    out.put_text(&facts.id);
    out.put_number(facts.aliases.len() as u64);
    for alias in &facts.aliases {
        out.put_text(alias);
    }
    out.put_text(&facts.title);
    out.put_text(facts.title_ja.as_deref().unwrap_or_default());
    out.push(KINDS.iter().position(|k| *k == facts.kind).unwrap_or_default() as u8);
    option(out, facts.cvss.as_ref(), |out, c| {
        out.put_text(&c.version);
        out.push(c.score_x10);
        out.put_text(&c.severity);
        out.put_text(&c.vector);
    });
    option(out, facts.kev.as_ref(), |out, k| {
        out.put_text(&k.cve);
        out.put_text(&k.date_added);
        out.put_text(&k.due_date);
        out.push(u8::from(k.ransomware));
    });
    option(out, facts.epss.as_ref(), |out, e| {
        out.put_text(&e.score);
        out.put_text(&e.percentile);
        out.put_text(&e.date);
    });
    option(out, facts.ssvc.as_ref(), |out, s| {
        for text in [&s.exploitation, &s.automatable, &s.technical_impact] {
            out.put_text(text.as_deref().unwrap_or_default());
        }
        put_time(out, s.timestamp);
    });
    put_time(out, facts.published);
    out.put_text(facts.support_end.as_deref().unwrap_or_default());
}

fn option<T>(out: &mut Vec<u8>, value: Option<&T>, write: impl FnOnce(&mut Vec<u8>, &T)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        write(out, value);
    }
}

/// Appends a time, or that there is none.
pub(super) fn put_time(out: &mut Vec<u8>, value: Option<Timestamp>) {
    // Seconds since 1970 shifted to be positive; 0 means none.
    let seconds = value.map_or(0, |t| (t.as_second() + (1 << 40)) as u64);
    out.put_number(seconds);
}

/// Reads the stored form.
///
/// # Errors
/// [`IndexError::Damaged`] if it is cut off or holds impossible values.
pub fn decode(body: &[u8]) -> Result<VulnerabilityFacts, IndexError> {
    let mut c = Cursor::new(body);
    let id = c.text()?.to_owned();
    let mut aliases = Vec::new();
    for _ in 0..c.count()? {
        aliases.push(c.text()?.to_owned());
    }
    let title = c.text()?.to_owned();
    let title_ja = Some(c.text()?).filter(|t| !t.is_empty()).map(str::to_owned);
    let kind = *KINDS.get(usize::from(c.byte()?)).ok_or(IndexError::Damaged("unknown kind"))?;
    let cvss = if c.byte()? == 0 {
        None
    } else {
        Some(CvssScore {
            version: c.text()?.to_owned(),
            score_x10: c.byte()?,
            severity: c.text()?.to_owned(),
            vector: c.text()?.to_owned(),
        })
    };
    let kev = if c.byte()? == 0 {
        None
    } else {
        Some(KevEntry {
            cve: c.text()?.to_owned(),
            date_added: c.text()?.to_owned(),
            due_date: c.text()?.to_owned(),
            ransomware: c.byte()? != 0,
        })
    };
    let epss = if c.byte()? == 0 {
        None
    } else {
        Some(EpssScore {
            score: c.text()?.to_owned(),
            percentile: c.text()?.to_owned(),
            date: c.text()?.to_owned(),
        })
    };
    let ssvc = if c.byte()? == 0 {
        None
    } else {
        let mut text = || -> Result<Option<String>, IndexError> {
            Ok(Some(c.text()?).filter(|t| !t.is_empty()).map(str::to_owned))
        };
        let (exploitation, automatable, technical_impact) = (text()?, text()?, text()?);
        Some(SsvcPoints { exploitation, automatable, technical_impact, timestamp: read_time(&mut c)? })
    };
    let published = read_time(&mut c)?;
    let support_end = Some(c.text()?).filter(|t| !t.is_empty()).map(str::to_owned);
    Ok(VulnerabilityFacts {
        id,
        aliases,
        title,
        title_ja,
        kind,
        cvss,
        kev,
        epss,
        ssvc,
        published,
        support_end,
    })
}

/// Reads what [`put_time`] wrote.
pub(super) fn read_time(c: &mut Cursor<'_>) -> Result<Option<Timestamp>, IndexError> {
    match c.number()? {
        0 => Ok(None),
        n => Timestamp::from_second(n as i64 - (1 << 40))
            .map(Some)
            .map_err(|_| IndexError::Damaged("time out of range")),
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::advisory::{AdvisedVulnerability, AdvisoryFormat};

    use super::*;

    /// "Acme's pump is not affected" is no name of a vulnerability that others have.
    #[test]
    fn a_document_about_products_does_not_name_the_vulnerability() {
        let told = |title: &str, vex: bool, language: Option<&str>| Advisory {
            title: title.to_owned(),
            exploitability: vex,
            language: language.map(str::to_owned),
            vulnerabilities: vec![AdvisedVulnerability {
                id: "CVE-2026-0001".to_owned(),
                summary: "No pump of ours calls the parser.".to_owned(),
                ..AdvisedVulnerability::default()
            }],
            ..Advisory::new(title, "Acme", AdvisoryFormat::OpenVex)
        };
        let titles = |advisories: &[Advisory]| {
            let members = (0..).zip(advisories).map(|(number, _)| (number, 0)).collect();
            let cluster = Cluster { id: "CVE-2026-0001".to_owned(), identifiers: Vec::new(), members };
            let facts = gather(&cluster, advisories, None, None);
            (facts.title, facts.title_ja)
        };
        let (denial, denial_ja) =
            (told("The pump is not affected", true, None), told("ポンプは影響なし", true, Some("ja")));
        assert_eq!(titles(&[denial.clone(), denial_ja.clone()]), (String::new(), None));
        let (plain, plain_ja) =
            (told("Overflow in a parser", false, None), told("パーサの欠陥", false, Some("ja")));
        let named = ("Overflow in a parser".to_owned(), Some("パーサの欠陥".to_owned()));
        assert_eq!(titles(&[denial, denial_ja, plain, plain_ja]), named);
    }

    /// A maker says when a vulnerability was first exploited; that must not undo what CISA decided before.
    #[test]
    fn a_newer_decision_leaves_the_other_points_as_they_were() {
        let points = |exploitation: Option<&str>, automatable: Option<&str>| SsvcPoints {
            exploitation: exploitation.map(str::to_owned),
            automatable: automatable.map(str::to_owned),
            ..SsvcPoints::default()
        };
        let merged = over(&points(Some("none"), Some("yes")), &points(Some("active"), None));
        assert_eq!(merged, points(Some("active"), Some("yes")));
    }
}
