//! The parts of a CVE record that NVD's answers repeat. Unknown fields are passed over; lists may be `null`.
//!
//! Source: CVE Record Format 5.0 to 5.2, `CVE_Record_Format.json`.

use serde::Deserialize;

use crate::json::{Str, null_as_default, tenths};

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
pub(in crate::advisory) struct Cvss<'a> {
    #[serde(rename = "vectorString", default, borrow)]
    pub vector: Option<Str<'a>>,
    #[serde(rename = "baseScore", default, deserialize_with = "tenths")]
    pub score: Option<u8>,
}
