//! The answers of the API, as far as they are used. Unknown fields are passed over.
//!
//! Source: endoflife.date API v1, OpenAPI 1.2.0; the older API, `/api/{product}.json`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Str, null_as_default};

#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(default, borrow)]
    pub generated_at: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub last_modified: Option<Str<'a>>,
    #[serde(borrow)]
    pub result: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct Product<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(default, borrow)]
    pub label: Option<Str<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub identifiers: Vec<Identifier<'a>>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub labels: Labels<'a>,
    #[serde(default, borrow, deserialize_with = "null_as_default")]
    pub links: Links<'a>,
    #[serde(default, borrow)]
    pub releases: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
pub(super) struct Identifier<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub id: Str<'a>,
}

/// How the product calls its phases of support; `null` where it has none.
#[derive(Deserialize, Default)]
pub(super) struct Labels<'a> {
    #[serde(default, borrow)]
    pub eoas: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub eol: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub eoes: Option<Str<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct Links<'a> {
    #[serde(default, borrow)]
    pub html: Option<Str<'a>>,
    #[serde(rename = "releasePolicy", default, borrow)]
    pub release_policy: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Release<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(default, borrow)]
    pub label: Option<Str<'a>>,
    #[serde(rename = "eoasFrom", default, borrow)]
    pub eoas_from: Option<Str<'a>>,
    #[serde(rename = "isEol", default)]
    pub is_eol: Option<bool>,
    #[serde(rename = "eolFrom", default, borrow)]
    pub eol_from: Option<Str<'a>>,
    #[serde(rename = "eoesFrom", default, borrow)]
    pub eoes_from: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub latest: Option<Latest<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Latest<'a> {
    #[serde(default, borrow)]
    pub name: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub link: Option<Str<'a>>,
}

/// One cycle of the older form. Dates may be `true` or `false`; names may be written as numbers, whose text is kept
/// (`22.10` is not `22.1`).
#[derive(Deserialize)]
pub(super) struct OldCycle<'a> {
    #[serde(borrow)]
    pub cycle: &'a RawValue,
    #[serde(rename = "releaseLabel", default, borrow)]
    pub label: Option<Str<'a>>,
    #[serde(default, borrow)]
    pub eol: Option<DateOrFlag<'a>>,
    #[serde(default, borrow)]
    pub support: Option<DateOrFlag<'a>>,
    #[serde(rename = "extendedSupport", default, borrow)]
    pub extended: Option<DateOrFlag<'a>>,
    #[serde(default, borrow)]
    pub latest: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub link: Option<Str<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum DateOrFlag<'a> {
    Flag(bool),
    #[serde(borrow)]
    Date(Str<'a>),
}

/// A text, or a number as it is written.
pub(super) fn scalar(raw: &RawValue) -> Option<String> {
    let text = raw.get().trim();
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number.then(|| text.to_owned())
}
