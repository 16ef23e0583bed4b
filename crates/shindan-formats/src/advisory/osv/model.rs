//! The parts of an OSV record that are read. Unknown fields are passed over; empty lists may be `null`.
//!
//! Source: OSV schema 1.7.

use serde::Deserialize;

use crate::json::{Str, null_as_default};

#[derive(Debug, Deserialize)]
pub(super) struct Record<'a> {
    #[serde(borrow)]
    pub id: Str<'a>,
    #[serde(default, borrow)]
    pub modified: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub published: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub withdrawn: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub aliases: Vec<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub upstream: Vec<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub related: Vec<Str<'a>>,
    #[serde(default, borrow)]
    pub summary: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub details: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub severity: Vec<Severity<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub affected: Vec<AffectedPackage<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub references: Vec<Reference<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub database_specific: DatabaseSpecific<'a>,
}

/// The answer of the OSV API: a list of records.
#[derive(Debug, Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(borrow, deserialize_with = "null_as_default")]
    pub vulns: Vec<&'a serde_json::value::RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Severity<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub score: Str<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AffectedPackage<'a> {
    #[serde(default, borrow)]
    pub package: Option<Package<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub severity: Vec<Severity<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub ranges: Vec<Range<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub versions: Vec<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub database_specific: DatabaseSpecific<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub ecosystem_specific: DatabaseSpecific<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package<'a> {
    #[serde(borrow)]
    pub ecosystem: Str<'a>,
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(default, borrow)]
    pub purl: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Range<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Str<'a>,
    #[serde(default, borrow)]
    pub repo: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub events: Vec<Event<'a>>,
}

/// One event; the schema allows one field each, some old records have two.
#[derive(Debug, Deserialize, Default, Clone)]
pub(super) struct Event<'a> {
    #[serde(default, borrow)]
    pub introduced: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub fixed: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub last_affected: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub limit: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(rename = "type", default, borrow)]
    pub kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub url: Str<'a>,
}

/// What RustSec, GitHub and Ubuntu put into the free part of a record. Its shape is each database's own affair, so nothing in
/// it may make the record unreadable.
#[derive(Debug, Deserialize, Default)]
pub(super) struct DatabaseSpecific<'a> {
    #[serde(default, borrow)]
    pub informational: Option<&'a serde_json::value::RawValue>,
    #[serde(default, borrow)]
    pub cwe_ids: Option<&'a serde_json::value::RawValue>,
    /// Ubuntu: which subscription the fix needs.
    #[serde(default, borrow)]
    pub availability: Option<&'a serde_json::value::RawValue>,
}
