//! The parts of NVD's answer that are read. Unknown fields are passed over; lists may be `null`.
//!
//! Source: NVD CVE API 2.0, `cve_api_json_2.0.schema`, with the fields of 2026 (`affected`, `ssvcV203`).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::advisory::cve_record::model::{Configuration, Cvss, Product, Text};
use crate::json::{Str, null_as_default};

#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(rename = "resultsPerPage", default)]
    pub results_per_page: Option<u64>,
    #[serde(rename = "startIndex", default)]
    pub start_index: Option<u64>,
    #[serde(rename = "totalResults", default)]
    pub total_results: Option<u64>,
    #[serde(default, borrow)]
    pub version: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub timestamp: Option<Str<'a>>,
    /// Each is read by itself, so that a damaged one does not take the others with it.
    #[serde(borrow)]
    pub vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Item<'a> {
    #[serde(borrow)]
    pub cve: Cve<'a>,
}

#[derive(Deserialize)]
pub(super) struct Cve<'a> {
    #[serde(borrow)]
    pub id: Str<'a>,
    #[serde(default, borrow)]
    pub published: Option<Str<'a>>,
    #[serde(rename = "lastModified", default, borrow)]
    pub modified: Option<Str<'a>>,
    #[serde(rename = "vulnStatus", default, borrow)]
    pub status: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub descriptions: Vec<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub affected: Vec<AffectedBy<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub metrics: Metrics<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub weaknesses: Vec<Weakness<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub configurations: Vec<Configuration<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub references: Vec<Reference<'a>>,
    #[serde(rename = "cisaExploitAdd", default, borrow)]
    pub exploit_add: Option<Str<'a>>,
    #[serde(rename = "cisaActionDue", default, borrow)]
    pub action_due: Option<Str<'a>>,
}

/// What one source says about products, in the form of the CVE record.
#[derive(Deserialize)]
pub(super) struct AffectedBy<'a> {
    #[serde(rename = "affectedData", default, borrow, deserialize_with = "null_as_default")]
    pub data: Vec<Product<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct Metrics<'a> {
    #[serde(rename = "cvssMetricV2", default, borrow, deserialize_with = "null_as_default")]
    pub v2: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV30", default, borrow, deserialize_with = "null_as_default")]
    pub v30: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV31", default, borrow, deserialize_with = "null_as_default")]
    pub v31: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV40", default, borrow, deserialize_with = "null_as_default")]
    pub v40: Vec<Metric<'a>>,
    #[serde(rename = "ssvcV203", default, borrow, deserialize_with = "null_as_default")]
    pub ssvc: Vec<SsvcMetric<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Metric<'a> {
    #[serde(rename = "cvssData", borrow)]
    pub data: Cvss<'a>,
}

#[derive(Deserialize)]
pub(super) struct SsvcMetric<'a> {
    #[serde(rename = "ssvcData", borrow)]
    pub data: Ssvc<'a>,
}

#[derive(Deserialize)]
pub(super) struct Ssvc<'a> {
    #[serde(default, borrow)]
    pub timestamp: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub options: Vec<BTreeMap<Str<'a>, Str<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Weakness<'a> {
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub description: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub url: Str<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub tags: Vec<Str<'a>>,
}
