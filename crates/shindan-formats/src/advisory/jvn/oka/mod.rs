//! MyJVN API v4.0 "OKA": JSON answers. Details (in the manner of CSAF, alone or inside a STIX bundle) and overviews are
//! read; lists of alerts, products, vendors and statistics are refused by name.
//!
//! Source: MyJVN API documents (2025-10), `myjvn_vuldef_1.0.csaf.json`, `myjvn_vuldef_1.0.stix.json`,
//! `jvnpid_extension_1.0.json`, `myjvn_feed_1.0.json`. The status stands under `status` in the examples and under
//! `status:Status` in the documents; both are read.

mod detail;
mod overview;
mod products;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use shindan_domain::advisory::AdvisoryFormat;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::super::walk::{items, text};
use super::{Frame, Reading, SOURCE, complete};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// Reads an answer. What stands in front of a damaged place is kept, with a diagnostic about the rest.
pub(in crate::advisory) fn read(document: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Oka, SOURCE);
    let mut answer = Answer::default();
    let damage = json::parse_into(Members(&mut answer), document, path, limits).err();
    let mut frame = Frame::default();
    if let Some(value) = answer.get("status").or_else(|| answer.get("status:Status")) {
        status(value, path, &mut frame, &mut reading);
    }
    let known = answer.records(path, &mut frame, &mut reading);
    match damage {
        Some(diagnostic) => reading.reject(diagnostic),
        None if known || frame.failed => complete(&frame, AdvisoryFormat::Oka, path, &mut reading),
        None => {}
    }
    if !known && !frame.failed {
        reading.reject(answer.refusal(path));
    }
    reading
}

/// The members of an answer, as far as they could be read.
#[derive(Default)]
struct Answer {
    members: Vec<(String, Value)>,
}

impl Answer {
    fn get(&self, key: &str) -> Option<&Value> {
        self.members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Reads the records; false if the answer holds none because it is of another kind.
    fn records(&self, path: &str, frame: &mut Frame, reading: &mut Reading) -> bool {
        if self.get("document").is_some() {
            frame.records += 1;
            let parts = |key: &str| self.get(key);
            detail::read(&parts, "", path, reading);
            return true;
        }
        if let Some(objects) = self.get("objects").and_then(Value::as_array) {
            return bundle(objects, path, frame, reading);
        }
        let Some(feed) = self.get("feed").filter(|_| !self.is_list_of_alerts()) else { return false };
        let language = text(feed, "lang");
        for (number, entry) in items(feed, "entry").enumerate() {
            frame.records += 1;
            overview::read(entry, &format!("/feed/entry/{number}"), language, path, reading);
        }
        true
    }

    fn schema(&self) -> &str {
        self.get("$schema").and_then(Value::as_str).unwrap_or_default()
    }

    /// Alerts are entries that hold items; entries of an overview hold products.
    fn is_list_of_alerts(&self) -> bool {
        let holds = |feed: &Value| items(feed, "entry").any(|entry| entry.get("items").is_some());
        self.method() == Some("getAlertList")
            || self.schema().contains("getalert")
            || self.get("feed").is_some_and(holds)
    }

    fn method(&self) -> Option<&str> {
        let status = self.get("status").or_else(|| self.get("status:Status"))?;
        text(status, "method")
    }

    /// What kind of answer this is, for whoever gave it as an advisory.
    fn refusal(&self, path: &str) -> Diagnostic {
        let alerts = self.is_list_of_alerts();
        let statistics = self.schema().contains("statistics");
        let products =
            ["jvn_product_dictionary", "jvn-product-dictionary"].iter().any(|key| self.get(key).is_some());
        let kind = match self.method() {
            Some(method) => method,
            None if alerts => "getAlertList",
            None if statistics => "getStatistics",
            None if products => "getProductList",
            None => "",
        };
        // The list of alerts has a JSON form in the older version of the API, too.
        let format = if self.schema().contains("getalert") { "MyJVN HND" } else { "MyJVN OKA" };
        Diagnostic::new(Code::FormatUnsupported, Place::file(path))
            .with("format", format)
            .with("version", shorten(kind, 40))
    }
}

/// Details inside a STIX bundle; false if there are none.
fn bundle(objects: &[Value], path: &str, frame: &mut Frame, reading: &mut Reading) -> bool {
    let mut known = false;
    for (number, object) in objects.iter().enumerate() {
        let Some(documents) = object.get("VULDEF-Document").and_then(Value::as_array) else { continue };
        known = true;
        for (index, document) in documents.iter().enumerate() {
            frame.records += 1;
            let parts = |key: &str| document.get(key);
            let pointer = format!("/objects/{number}/VULDEF-Document/{index}");
            detail::read(&parts, &pointer, path, reading);
        }
    }
    known
}

/// `retCd` is 0 for success; `errCd` is empty then. Numbers and texts are seen.
fn status(value: &Value, path: &str, frame: &mut Frame, reading: &mut Reading) {
    let written = |key: &str| match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (code, error) = (written("retCd"), written("errCd"));
    let place = || Place::file(path).at_field("/status");
    if !matches!(code.as_str(), "0" | "") || !matches!(error.as_str(), "0" | "") {
        frame.failed = true;
        let shown = if error.is_empty() { code } else { error };
        reading.reject(
            Diagnostic::new(Code::SourceReportedError, place())
                .with("code", shorten(&shown, 40))
                .with("message", shorten(&written("errMsg"), 200)),
        );
        return;
    }
    let announced = written("totalResRet");
    match announced.parse() {
        Ok(count) => frame.announced = Some(count),
        Err(_) if announced.is_empty() => {}
        Err(_) => reading.diagnostics.push(
            Diagnostic::new(Code::FieldTolerated, place())
                .with("field", "totalResRet")
                .with("value", shorten(&announced, 40))
                .with("expected", "a number"),
        ),
    }
}

/// Keeps each member as soon as it is read.
struct Members<'a>(&'a mut Answer);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value::<Value>()?;
            self.0.members.push((key, value));
        }
        Ok(())
    }
}
