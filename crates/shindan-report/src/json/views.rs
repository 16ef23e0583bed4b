//! Views that several documents share.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use shindan_domain::advisory::{KevEntry, SsvcPoints};
use shindan_domain::diagnostic::{Diagnostic, Params, Place};
use shindan_domain::finding::{CvssScore, EpssScore, VexOpinion};

use crate::words::{EnglishText, code_text};

/// A score × 10 as a number with one decimal.
pub(crate) fn tenths(score: u8) -> f64 {
    f64::from(score) / 10.0
}

pub(super) fn time<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

#[derive(Serialize)]
pub(crate) struct DiagnosticView<'a> {
    code: &'static str,
    severity: &'static str,
    params: &'a Params,
    place: PlaceView<'a>,
    text: EnglishText<'a>,
}

impl<'a> From<&'a Diagnostic> for DiagnosticView<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        DiagnosticView {
            code: diagnostic.code.as_str(),
            severity: crate::words::severity_key(diagnostic.severity()),
            params: &diagnostic.params,
            place: PlaceView::from(&diagnostic.place),
            text: code_text(diagnostic.code, &diagnostic.params),
        }
    }
}

#[derive(Serialize)]
struct PlaceView<'a> {
    path: &'a str,
    member: Option<&'a str>,
    line: Option<u64>,
    column: Option<u64>,
    field: Option<&'a str>,
}

impl<'a> From<&'a Place> for PlaceView<'a> {
    fn from(place: &'a Place) -> Self {
        PlaceView {
            path: &place.path,
            member: place.member.as_deref(),
            line: place.line,
            column: place.column,
            field: place.field.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct CvssView<'a> {
    version: &'a str,
    score: f64,
    severity: &'a str,
    vector: &'a str,
}

impl<'a> From<&'a CvssScore> for CvssView<'a> {
    fn from(cvss: &'a CvssScore) -> Self {
        CvssView {
            version: &cvss.version,
            score: tenths(cvss.score_x10),
            severity: &cvss.severity,
            vector: &cvss.vector,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct KevView<'a> {
    date_added: &'a str,
    due_date: Option<&'a str>,
    ransomware: bool,
}

impl<'a> From<&'a KevEntry> for KevView<'a> {
    fn from(kev: &'a KevEntry) -> Self {
        KevView { date_added: &kev.date_added, due_date: filled(&kev.due_date), ransomware: kev.ransomware }
    }
}

/// EPSS stays the decimal text of its source: no rounding by a reader.
#[derive(Serialize)]
pub(crate) struct EpssView<'a> {
    score: &'a str,
    percentile: Option<&'a str>,
    date: Option<&'a str>,
}

impl<'a> From<&'a EpssScore> for EpssView<'a> {
    fn from(epss: &'a EpssScore) -> Self {
        EpssView { score: &epss.score, percentile: filled(&epss.percentile), date: filled(&epss.date) }
    }
}

#[derive(Serialize)]
pub(super) struct SsvcView<'a> {
    exploitation: Option<&'a str>,
    automatable: Option<&'a str>,
    technical_impact: Option<&'a str>,
    #[serde(serialize_with = "time")]
    timestamp: Option<Timestamp>,
}

impl<'a> From<&'a SsvcPoints> for SsvcView<'a> {
    fn from(points: &'a SsvcPoints) -> Self {
        SsvcView {
            exploitation: points.exploitation.as_deref(),
            automatable: points.automatable.as_deref(),
            technical_impact: points.technical_impact.as_deref(),
            timestamp: points.timestamp,
        }
    }
}

/// Somebody's word that a component is not affected, or contains the fix.
#[derive(Serialize)]
pub(super) struct OpinionView<'a> {
    status: &'static str,
    justification: Option<&'static str>,
    impact: Option<&'a str>,
    source: &'a str,
    advisory: &'a str,
    identifier: &'a str,
    place: &'a str,
    update: Option<&'a str>,
}

impl<'a> From<&'a VexOpinion> for OpinionView<'a> {
    fn from(opinion: &'a VexOpinion) -> Self {
        OpinionView {
            status: opinion.status.as_str(),
            justification: opinion.justification.map(|justification| justification.as_str()),
            impact: filled(&opinion.impact),
            source: &opinion.source,
            advisory: &opinion.advisory,
            identifier: &opinion.identifier,
            place: &opinion.place,
            update: opinion.update.as_deref(),
        }
    }
}

/// An empty text is "nothing".
pub(super) fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
