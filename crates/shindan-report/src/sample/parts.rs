//! What findings are made of, with what the sample leaves out filled in.

use std::sync::Arc;

use jiff::Timestamp;
use shindan_domain::advisory::KevEntry;
use shindan_domain::finding::{Confidence, CvssScore, EpssScore, MatchBasis, MatchMethod, NameReading};
use shindan_domain::inventory::{Asset, AssetKind, Component, Exposure};
use shindan_domain::priority::PathStep;

pub(super) fn asset(id: &str, kind: AssetKind, place: &str, exposure: Option<Exposure>) -> Arc<Asset> {
    Arc::new(Asset {
        asset_id: id.to_owned(),
        kind: Some(kind),
        place: Some(place.to_owned()),
        exposure,
        patched_by: (kind != AssetKind::MedicalDevice).then(|| "株式会社サンプル保守".to_owned()),
        ..Asset::default()
    })
}

pub(super) fn device(maker: &str, model: &str, firmware: &str, pointer: &str) -> Component {
    let firmware = (!firmware.is_empty()).then(|| firmware.to_owned());
    Component {
        name: format!("{maker} {model}"),
        version: firmware.clone(),
        maker: Some(maker.to_owned()),
        model: Some(model.to_owned()),
        firmware,
        pointer: pointer.to_owned(),
        ..Component::default()
    }
}

pub(super) fn package(name: &str, version: &str, purl: &str) -> Component {
    Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: Some(purl.to_owned()),
        pointer: "/components/17".to_owned(),
        ..Component::default()
    }
}

/// A basis that still lacks who says so.
pub(super) struct Half(MatchBasis);

pub(super) fn basis(method: MatchMethod, identifier: &str, range: &str, confidence: Confidence) -> Half {
    Half(MatchBasis {
        method,
        identifier: identifier.to_owned(),
        range: range.to_owned(),
        advisory: String::new(),
        source: String::new(),
        place: String::new(),
        confidence,
        reading: None,
    })
}

impl Half {
    pub(super) fn reads(mut self, reading: NameReading) -> Half {
        self.0.reading = Some(reading);
        self
    }

    pub(super) fn says(mut self, advisory: &str, source: &str, place: &str) -> MatchBasis {
        self.0.advisory = advisory.to_owned();
        self.0.source = source.to_owned();
        self.0.place = place.to_owned();
        self.0
    }
}

pub(super) fn step(
    point: &'static str,
    value: &'static str,
    origin: &'static str,
    evidence: &str,
    defaulted: bool,
) -> PathStep {
    PathStep { point, value, origin, evidence: evidence.to_owned(), defaulted }
}

pub(super) fn cvss(version: &str, score_x10: u8, severity: &str, vector: &str) -> CvssScore {
    CvssScore {
        version: version.to_owned(),
        score_x10,
        severity: severity.to_owned(),
        vector: vector.to_owned(),
    }
}

pub(super) fn kev(cve: &str, added: &str, due: &str, ransomware: bool) -> KevEntry {
    KevEntry { cve: cve.to_owned(), date_added: added.to_owned(), due_date: due.to_owned(), ransomware }
}

pub(super) fn epss(score: &str, percentile: &str) -> EpssScore {
    EpssScore { score: score.to_owned(), percentile: percentile.to_owned(), date: "2026-11-20".to_owned() }
}

/// The sample's times are written by us; one that does not parse becomes the epoch and shows in every snapshot.
pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}
