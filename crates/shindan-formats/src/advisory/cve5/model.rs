//! The parts of a CVE record that are read. Unknown fields are passed over; lists may be `null`.
//!
//! Source: CVE Record Format 5.0 to 5.2, `CVE_Record_Format.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Str, null_as_default, tenths};

#[derive(Deserialize)]
pub(in crate::advisory) struct Record<'a> {
    #[serde(rename = "dataVersion", default, borrow)]
    pub data_version: Option<Str<'a>>,
    #[serde(rename = "cveMetadata", borrow)]
    pub metadata: Metadata<'a>,
    #[serde(borrow)]
    pub containers: Containers<'a>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Metadata<'a> {
    #[serde(rename = "cveId", borrow)]
    pub id: Str<'a>,
    #[serde(default, borrow)]
    pub state: Option<Str<'a>>,
    #[serde(rename = "datePublished", default, borrow)]
    pub published: Option<Str<'a>>,
    #[serde(rename = "dateUpdated", default, borrow)]
    pub updated: Option<Str<'a>>,
    #[serde(rename = "dateRejected", default, borrow)]
    pub rejected: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Containers<'a> {
    #[serde(borrow)]
    pub cna: Container<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub adp: Vec<Container<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Container<'a> {
    #[serde(default, borrow)]
    pub title: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub descriptions: Vec<Text<'a>>,
    #[serde(rename = "rejectedReasons", default, borrow, deserialize_with = "null_as_default")]
    pub rejected_reasons: Vec<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub affected: Vec<Product<'a>>,
    #[serde(rename = "cpeApplicability", default, borrow, deserialize_with = "null_as_default")]
    pub applicability: Vec<Configuration<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub metrics: Vec<Metric<'a>>,
    #[serde(rename = "problemTypes", default, borrow, deserialize_with = "null_as_default")]
    pub problem_types: Vec<ProblemType<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub references: Vec<Reference<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub solutions: Vec<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub workarounds: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Text<'a> {
    #[serde(default, borrow)]
    pub lang: Option<Str<'a>>,
    #[serde(borrow)]
    pub value: Str<'a>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Product<'a> {
    #[serde(default, borrow)]
    pub vendor: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub product: Option<Str<'a>>,
    #[serde(rename = "collectionURL", default, borrow)]
    pub collection_url: Option<Str<'a>>,
    #[serde(rename = "packageName", default, borrow)]
    pub package_name: Option<Str<'a>>,
    #[serde(rename = "packageURL", default, borrow)]
    pub package_url: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub cpes: Vec<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub platforms: Vec<Str<'a>>,
    #[serde(default, borrow)]
    pub repo: Option<Str<'a>>,
    #[serde(rename = "defaultStatus", default, borrow)]
    pub default_status: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub versions: Vec<VersionEntry<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct VersionEntry<'a> {
    #[serde(borrow)]
    pub version: Str<'a>,
    #[serde(borrow)]
    pub status: Str<'a>,
    #[serde(rename = "versionType", default, borrow)]
    pub version_type: Option<Str<'a>>,
    #[serde(rename = "lessThan", default, borrow)]
    pub less_than: Option<Str<'a>>,
    #[serde(rename = "lessThanOrEqual", default, borrow)]
    pub less_than_or_equal: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub changes: Vec<Change<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Change<'a> {
    #[serde(borrow)]
    pub at: Str<'a>,
    #[serde(borrow)]
    pub status: Str<'a>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Configuration<'a> {
    #[serde(default, borrow)]
    pub operator: Option<Str<'a>>,
    #[serde(default)]
    pub negate: Option<bool>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub nodes: Vec<Node<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Node<'a> {
    #[serde(default, borrow)]
    pub operator: Option<Str<'a>>,
    #[serde(default)]
    pub negate: Option<bool>,
    #[serde(rename = "cpeMatch", default, borrow, deserialize_with = "null_as_default")]
    pub matches: Vec<CpeMatch<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct CpeMatch<'a> {
    pub vulnerable: bool,
    #[serde(borrow)]
    pub criteria: Str<'a>,
    #[serde(rename = "versionStartIncluding", default, borrow)]
    pub start_including: Option<Str<'a>>,
    #[serde(rename = "versionStartExcluding", default, borrow)]
    pub start_excluding: Option<Str<'a>>,
    #[serde(rename = "versionEndIncluding", default, borrow)]
    pub end_including: Option<Str<'a>>,
    #[serde(rename = "versionEndExcluding", default, borrow)]
    pub end_excluding: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Metric<'a> {
    #[serde(rename = "cvssV2_0", default, borrow)]
    pub v2: Option<Cvss<'a>>,
    #[serde(rename = "cvssV3_0", default, borrow)]
    pub v30: Option<Cvss<'a>>,
    #[serde(rename = "cvssV3_1", default, borrow)]
    pub v31: Option<Cvss<'a>>,
    #[serde(rename = "cvssV4_0", default, borrow)]
    pub v4: Option<Cvss<'a>>,
    #[serde(default, borrow)]
    pub other: Option<Other<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Cvss<'a> {
    #[serde(rename = "vectorString", default, borrow)]
    pub vector: Option<Str<'a>>,
    #[serde(rename = "baseScore", default, deserialize_with = "tenths")]
    pub score: Option<u8>,
}

/// A metric of another kind; the shape of its content depends on `type`.
#[derive(Deserialize)]
pub(in crate::advisory) struct Other<'a> {
    #[serde(rename = "type", default, borrow)]
    pub kind: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub content: Option<&'a RawValue>,
}

/// The content of `other` with `type` `ssvc`: CISA's decision points.
#[derive(Deserialize)]
pub(in crate::advisory) struct Ssvc<'a> {
    #[serde(default, borrow)]
    pub timestamp: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub options: Vec<BTreeMap<Str<'a>, Str<'a>>>,
}

/// The content of `other` with `type` `kev`.
#[derive(Deserialize)]
pub(in crate::advisory) struct Kev<'a> {
    #[serde(rename = "dateAdded", borrow)]
    pub date_added: Str<'a>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct ProblemType<'a> {
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub descriptions: Vec<Problem<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Problem<'a> {
    #[serde(rename = "cweId", default, borrow)]
    pub cwe: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(in crate::advisory) struct Reference<'a> {
    #[serde(borrow)]
    pub url: Str<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub tags: Vec<Str<'a>>,
}
