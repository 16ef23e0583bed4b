//! The parts of Palo Alto Networks' records that are read. Unknown fields are passed over; lists may be `null`.
//!
//! Source: CVE Record Format 5.0, with the additions seen in the maker's own documents (`datePublic`, `x_affectedList`).

use serde::Deserialize;

use crate::advisory::cve_record::model::{Cvss, Product, Text};
use crate::json::{Str, null_as_default};

#[derive(Deserialize)]
pub(super) struct Record<'a> {
    #[serde(rename = "cveMetadata", borrow)]
    pub metadata: Metadata<'a>,
    #[serde(borrow)]
    pub containers: Containers<'a>,
}

#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
    /// A CVE number, or one of the maker's own (`PAN-SA-2025-0007`).
    #[serde(rename = "cveId", borrow)]
    pub id: Str<'a>,
    #[serde(default, borrow)]
    pub state: Option<Str<'a>>,
    #[serde(rename = "dateUpdated", default, borrow)]
    pub updated: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Containers<'a> {
    #[serde(borrow)]
    pub cna: Container<'a>,
}

#[derive(Deserialize)]
pub(super) struct Container<'a> {
    #[serde(default, borrow)]
    pub title: Option<Str<'a>>,
    #[serde(rename = "datePublic", default, borrow)]
    pub public: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub timeline: Vec<Event<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub descriptions: Vec<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub affected: Vec<Product<'a>>,
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
    /// Every affected version by name: `PAN-OS 10.1.14-h9`.
    #[serde(rename = "x_affectedList", default, borrow, deserialize_with = "null_as_default")]
    pub affected_list: Vec<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Event<'a> {
    #[serde(default, borrow)]
    pub time: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Metric<'a> {
    #[serde(rename = "cvssV3_1", default, borrow)]
    pub v31: Option<Cvss<'a>>,
    #[serde(rename = "cvssV4_0", default, borrow)]
    pub v4: Option<Cvss<'a>>,
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
}
