//! The parts of a CVE record that are read. Unknown fields are passed over; lists may be `null`.
//!
//! Source: CVE Record Format 5.0 to 5.2, `CVE_Record_Format.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::advisory::cve_record::model::{Configuration, Cvss, Product, Text};
use crate::json::{Str, null_as_default};

#[derive(Deserialize)]
pub(super) struct Record<'a> {
    #[serde(rename = "dataVersion", default, borrow)]
    pub data_version: Option<Str<'a>>,
    #[serde(rename = "cveMetadata", borrow)]
    pub metadata: Metadata<'a>,
    #[serde(borrow)]
    pub containers: Containers<'a>,
}

#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
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
pub(super) struct Containers<'a> {
    #[serde(borrow)]
    pub cna: Container<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub adp: Vec<Container<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Container<'a> {
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
pub(super) struct Metric<'a> {
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

/// A metric of another kind; the shape of its content depends on `type`.
#[derive(Deserialize)]
pub(super) struct Other<'a> {
    #[serde(rename = "type", default, borrow)]
    pub kind: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub content: Option<&'a RawValue>,
}

/// The content of `other` with `type` `ssvc`: CISA's decision points.
#[derive(Deserialize)]
pub(super) struct Ssvc<'a> {
    #[serde(default, borrow)]
    pub timestamp: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub options: Vec<BTreeMap<Str<'a>, Str<'a>>>,
}

/// The content of `other` with `type` `kev`.
#[derive(Deserialize)]
pub(super) struct Kev<'a> {
    #[serde(rename = "dateAdded", borrow)]
    pub date_added: Str<'a>,
}

#[derive(Deserialize)]
pub(super) struct ProblemType<'a> {
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub descriptions: Vec<Problem<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Problem<'a> {
    #[serde(rename = "cweId", default, borrow)]
    pub cwe: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub url: Str<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub tags: Vec<Str<'a>>,
}
