//! What was told, as records: advisories, their documents, rows of KEV and EPSS. Pages and exports show them, and a build that adds to
//! the knowledge reads them again.
//!
//! Fields stand by position, without their names (postcard, wire format 1): what is written costs a fifth of writing JSON and is
//! shorter. Whoever changes the types of `shindan_domain::advisory` or the order of an enumeration in them raises
//! [`FORMAT_VERSION`](super::layout::FORMAT_VERSION); a test below notices.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::layout::IndexError;

/// Appends the stored form.
///
/// # Errors
/// Only if a value cannot be written, which would be a defect of this program.
pub(super) fn encode<T: Serialize>(told: &T, body: Vec<u8>) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_extend(told, body)
}

/// What a stored form stands for; `otherwise` says what is damaged if it stands for nothing.
///
/// # Errors
/// [`IndexError::Damaged`]
pub(super) fn decode<T: DeserializeOwned>(body: &[u8], otherwise: &'static str) -> Result<T, IndexError> {
    match postcard::take_from_bytes(body) {
        Ok((told, [])) => Ok(told),
        Ok(_) | Err(_) => Err(IndexError::Damaged(otherwise)),
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::advisory::{
        AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, CvssOpinion, Enrichment, EpssEntry,
        Justification, KevEntry, ProductRef, Remediation, SourceDocument, SsvcPoints, Status, Supersedence,
    };
    use shindan_domain::diagnostic::Code;
    use shindan_domain::identifier::FindingKind;
    use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;
    use crate::index::layout::FORMAT_VERSION;

    fn product(mark: &str) -> ProductRef {
        let text = |name: &str| Some(format!("{name} {mark}"));
        ProductRef {
            ecosystem: text("ecosystem"),
            package: text("package"),
            purl: text("purl"),
            cpes: vec!["cpe".to_owned()],
            vendor: text("vendor"),
            product: text("product"),
            models: vec!["model".to_owned(), "other".to_owned()],
            bom_link: text("link"),
            version: text("version"),
        }
    }

    fn vulnerability() -> AdvisedVulnerability {
        AdvisedVulnerability {
            id: "CVE-2026-1".to_owned(),
            aliases: vec!["GHSA-x".to_owned()],
            kind: FindingKind::IntegrityUnchecked,
            summary: "要約".to_owned(),
            cvss: vec![CvssOpinion { vector: "AV:N".to_owned(), printed_x10: Some(98) }],
            ssvc: Some(SsvcPoints {
                exploitation: Some("poc".to_owned()),
                automatable: Some("no".to_owned()),
                technical_impact: Some("total".to_owned()),
                timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
            }),
            cwe: vec!["CWE-79".to_owned()],
            remediations: vec![Remediation {
                category: "vendor_fix".to_owned(),
                details: "update".to_owned(),
                url: Some("https://example.com/".to_owned()),
            }],
            support_end: Some("2026-11-28".to_owned()),
        }
    }

    /// Every field filled, and every kind of claim.
    fn full() -> Advisory {
        let range = VersionRange {
            scheme: Scheme::Generic,
            lower: Bound::Inclusive("1".to_owned()),
            upper: Bound::Exclusive("2".to_owned()),
        };
        let ranged =
            VersionClaim::Ranged { ranges: vec![range], except: vec![VersionRange::all(Scheme::Deb)] };
        let params = [("text".to_owned(), "all of them".to_owned())].into();
        let unclear = VersionClaim::Undetermined { code: Code::RangeUndetermined, params };
        let affected = [ranged, VersionClaim::All, unclear].map(|versions| Affected {
            vulnerabilities: vec![0, 300],
            product: product("itself"),
            status: Status::UnderInvestigation,
            versions,
            text: "before 2".to_owned(),
            fixed_versions: vec!["2".to_owned()],
            platforms: vec![vec!["cpe".to_owned()]],
            updates: vec!["KB1".to_owned()],
            within: Some(Box::new(product("around"))),
            justification: Justification::ALL.last().copied(),
            impact: "none".to_owned(),
            pointer: "/affected/0".to_owned(),
        });
        let time = |second| Some(jiff::Timestamp::new(second, 5).unwrap());
        Advisory {
            title: "題名".to_owned(),
            language: Some("ja".to_owned()),
            published: time(1),
            modified: time(1_764_288_000),
            revision: Some(7),
            withdrawn: time(-1),
            vulnerabilities: vec![vulnerability(), AdvisedVulnerability::default()],
            affected: affected.into(),
            exploitability: true,
            supersedes: vec![Supersedence { newer: "KB2".to_owned(), older: "KB1".to_owned() }],
            references: vec!["https://example.com/1".to_owned()],
            document: 70_000,
            pointer: "/vulns/0".to_owned(),
            ..Advisory::new("GHSA-x", "GitHub", AdvisoryFormat::PaloAlto)
        }
    }

    type Named = (Vec<Status>, Vec<Justification>, Vec<Scheme>, Vec<FindingKind>, Vec<AdvisoryFormat>);

    /// Every value of each enumeration, by name: what stands in another place is another form.
    fn named() -> Named {
        use AdvisoryFormat::{
            Csaf, Cve5, Cvrf, CyclonedxVex, DebianTracker, EndOfLife, Epss, Jvnrss, Kev, Nvd, Oka, OpenVex,
            Osv, PaloAlto, PhpAdvisory, RubyAdvisory, Rustsec, Vuldef,
        };
        use FindingKind::{
            EndOfLife as Ended, IntegrityUnchecked, Misconfiguration, Unmaintained, Unsound, UseDiffers,
            Vulnerability,
        };
        (
            vec![Status::Affected, Status::NotAffected, Status::Fixed, Status::UnderInvestigation],
            Justification::ALL.into(),
            Scheme::ALL.into(),
            vec![
                Vulnerability,
                Misconfiguration,
                Unmaintained,
                Unsound,
                Ended,
                UseDiffers,
                IntegrityUnchecked,
            ],
            vec![
                Osv,
                Csaf,
                Cve5,
                Vuldef,
                Jvnrss,
                Kev,
                Epss,
                Nvd,
                Oka,
                OpenVex,
                CyclonedxVex,
                DebianTracker,
                Cvrf,
                EndOfLife,
                Rustsec,
                RubyAdvisory,
                PhpAdvisory,
                PaloAlto,
            ],
        )
    }

    fn document() -> SourceDocument {
        SourceDocument {
            path: "all.zip!A-1.json".to_owned(),
            sha256: "00".to_owned(),
            size: 1 << 40,
            format: Some(AdvisoryFormat::PaloAlto),
            source: "GitHub".to_owned(),
            records: 1,
            rejected: 2,
            newest: Some(jiff::Timestamp::UNIX_EPOCH),
        }
    }

    fn rows() -> Vec<Enrichment> {
        let text = str::to_owned;
        vec![
            Enrichment::Kev(KevEntry {
                cve: text("CVE-2026-1"),
                date_added: text("2026-11-01"),
                due_date: text("2026-11-22"),
                ransomware: true,
            }),
            Enrichment::Epss(EpssEntry {
                cve: text("CVE-2026-2"),
                score: text("0.5"),
                percentile: text("0.9"),
                date: text("2026-11-28"),
            }),
        ]
    }

    fn is_read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(told: T) {
        let body = encode(&told, Vec::new()).unwrap();
        assert_eq!(decode(&body, "whole"), Ok(told));
        for cut in 0..body.len() {
            assert!(decode::<T>(&body[..cut], "cut").is_err(), "cut at {cut}");
        }
        assert!(decode::<T>(&[&body[..], b"\0"].concat(), "longer").is_err(), "more than was written");
    }

    #[test]
    fn what_was_written_is_read() {
        is_read(full());
        is_read(Advisory::new("A-1", "", AdvisoryFormat::Osv));
        is_read(document());
        is_read(rows());
        is_read(named());
    }

    /// Careless and hostile dates, too: what is written is read.
    #[test]
    fn every_time_is_read_again() {
        for second in [i64::MIN, -1, 0, 9_223_372_037, 16_725_225_600] {
            let time = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MIN);
            for time in [time, jiff::Timestamp::MAX] {
                let points = SsvcPoints { timestamp: Some(time), ..SsvcPoints::default() };
                let mut one = vulnerability();
                one.ssvc = Some(points);
                is_read(SourceDocument { newest: Some(time), ..document() });
                is_read(Advisory { modified: Some(time), vulnerabilities: vec![one], ..full() });
            }
        }
    }

    /// An index that an older program wrote is refused, never read with its fields in other places.
    #[test]
    fn another_form_is_another_format_version() {
        let body = encode(&(full(), document(), rows(), named()), Vec::new()).unwrap();
        let form = (FORMAT_VERSION, body.len(), format!("{:016x}", xxh3_64(&body)));
        let known = (12, 1324, "68a2c1e076d00449".to_owned());
        assert_eq!(
            form, known,
            "the form of what is told changed: raise FORMAT_VERSION, then put the new form here"
        );
    }
}
