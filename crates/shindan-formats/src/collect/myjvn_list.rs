//! Lists that the MyJVN API answers with: alerts (`getAlertList`) and the paging of any list.
//!
//! Source: MyJVN API v3.2 "HND" (XML and JSON) and v4.0 "OKA" (JSON), `status_3.3.xsd`. Errors are told in the status of
//! the answer and never in the HTTP status; without hits, the list of alerts holds one entry that says so.

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::feed::{self, Feed, FeedKind};
use super::item::{self, Raw};
use super::{FeedItem, refuse_page};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{self, Element, XmlReader};

const STATUS: &str = "http://jvndb.jvn.jp/myjvn/Status";

/// Where a page stands in the whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Number of its first record, from 1 (`firstRes`).
    pub first: u64,
    /// How many records it holds (`totalResRet`).
    pub returned: u64,
    /// How many records there are (`totalRes`).
    pub total: u64,
}

impl Page {
    /// The `startItem` of the next page; `None` behind the last one. An empty page has no next one, whatever it announces,
    /// so that nobody asks forever; [`Page::is_short`] tells it.
    pub fn next(&self) -> Option<u64> {
        let next = self.first.saturating_add(self.returned);
        (self.returned > 0 && next <= self.total).then_some(next)
    }

    /// True if the page is empty although records should be on it.
    pub fn is_short(&self) -> bool {
        self.returned == 0 && self.first <= self.total
    }
}

/// A page of the list of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertList {
    /// The alerts. An answer without any is in order: it is the source's "there is none".
    pub items: Vec<FeedItem>,
    /// Where the page stands.
    pub page: Page,
    /// What could not be read of single alerts, and `source-placeholder` for the entry that says that there is none.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads an answer of `getAlertList`, as XML or JSON.
///
/// # Errors
/// As [`feed::read`], `json-invalid` and its kin for JSON; `source-reported-error` if the status tells one;
/// `field-missing` without a status, because then nothing tells that the answer is whole; `field-invalid` for numbers
/// that are none; `format-unsupported` for the answer of another method.
pub fn alerts(bytes: &[u8], path: &str, limits: &Limits) -> Result<AlertList, Diagnostic> {
    refuse_page(bytes, path)?;
    let (feed, status) = if is_json(bytes) {
        read_json(bytes, path, limits)?
    } else {
        feed::read_with_status(bytes, path, limits)?
    };
    let status = status.ok_or_else(|| missing("status", path))?;
    let page = status.page(path)?;
    if !matches!(status.method.as_str(), "getAlertList" | "") {
        let told = Diagnostic::new(Code::FormatUnsupported, Place::file(path)).with("format", "MyJVN");
        return Err(told.with("version", shorten(&status.method, 40)));
    }
    let mut list = AlertList { items: feed.items, page, diagnostics: feed.diagnostics };
    let placeholder = list.diagnostics.iter().any(|told| told.code == Code::SourcePlaceholder);
    if placeholder {
        // The entry may be counted or not; it is no record either way.
        list.page.returned = list.items.len() as u64;
        list.page.total = list.page.total.min(list.page.returned);
    }
    let unreadable = list
        .diagnostics
        .iter()
        .filter(|told| matches!(told.code, Code::FieldMissing | Code::DuplicateIdentifier));
    let found = (list.items.len() + unreadable.count()) as u64;
    if found != list.page.returned {
        let told = Diagnostic::new(Code::SpecViolation, Place::file(path)).with("rule", "totalResRet");
        list.diagnostics.push(told.with("announced", list.page.returned).with("found", found));
    }
    Ok(list)
}

/// Reads where a page of any list stands, such as `getVulnOverviewList`. Its records are read by
/// [`crate::advisory::jvn`].
///
/// # Errors
/// As [`alerts`].
pub fn page(bytes: &[u8], path: &str, limits: &Limits) -> Result<Page, Diagnostic> {
    refuse_page(bytes, path)?;
    if is_json(bytes) {
        let answer: Value = json::read(bytes, path, limits)?;
        let status = status_of(&answer).ok_or_else(|| missing("status", path))?;
        return status.page(path);
    }
    let text = xml::decode(bytes, path)?;
    let mut reader = XmlReader::open(&text, path, limits)?;
    let mut status = None;
    // Read to the end: a page that is cut off behind its status would be short of records.
    while let Some(child) = reader.next_child()? {
        if child.is(STATUS, "Status") {
            status = Some(Status::of_element(&child));
        }
    }
    status.ok_or_else(|| missing("status", path))?.page(path)
}

/// True for the title of the entry that stands for no entry at all.
pub(super) fn says_none(title: &str) -> bool {
    let title = title.trim();
    title.starts_with("該当する")
        && ["情報はありません", "情報はありません。"].iter().any(|end| title.ends_with(end))
}

/// The status of an answer, its values as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Status {
    method: String,
    result: String,
    error: String,
    message: String,
    total: String,
    returned: String,
    first: String,
    line: Option<u64>,
}

impl Status {
    pub(super) fn of_element(element: &Element) -> Self {
        let value = |name: &str| element.attribute(name).unwrap_or_default().trim().to_owned();
        Status { line: Some(element.line), ..Status::of(value) }
    }

    fn of(value: impl Fn(&str) -> String) -> Self {
        Status {
            method: value("method"),
            result: value("retCd"),
            error: value("errCd"),
            message: value("errMsg"),
            total: value("totalRes"),
            returned: value("totalResRet"),
            first: value("firstRes"),
            line: None,
        }
    }

    fn place(&self, path: &str) -> Place {
        let place = Place::file(path);
        match self.line {
            Some(line) => place.at_line(line),
            None => place,
        }
    }

    /// # Errors
    /// `source-reported-error`; `retCd` is 0 for success and `errCd` is empty then.
    pub(super) fn refuse_error(&self, path: &str) -> Result<(), Diagnostic> {
        if matches!(self.result.as_str(), "0" | "") && matches!(self.error.as_str(), "0" | "") {
            return Ok(());
        }
        let shown = if self.error.is_empty() { &self.result } else { &self.error };
        let told = Diagnostic::new(Code::SourceReportedError, self.place(path));
        Err(told.with("code", shorten(shown, 40)).with("message", shorten(&self.message, 200)))
    }

    fn page(&self, path: &str) -> Result<Page, Diagnostic> {
        self.refuse_error(path)?;
        let number = |name: &str, value: &str| {
            value.parse::<u64>().map_err(|_| {
                let told = Diagnostic::new(Code::FieldInvalid, self.place(path)).with("field", name);
                told.with("value", shorten(value, 40)).with("expected", "a number")
            })
        };
        let total = number("totalRes", &self.total)?;
        let returned = number("totalResRet", &self.returned)?;
        // Without records there may be no first one.
        let first = if total == 0 && self.first.is_empty() { 1 } else { number("firstRes", &self.first)? };
        Ok(Page { first: first.max(1), returned, total })
    }
}

fn missing(field: &str, path: &str) -> Diagnostic {
    Diagnostic::new(Code::FieldMissing, Place::file(path)).with("field", field)
}

fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The status stands at the top or in the feed, under either of two names.
fn status_of(answer: &Value) -> Option<Status> {
    let keys = ["status", "status:Status"];
    let within =
        |value: &Value| keys.iter().find_map(|key| value.get(key).filter(|s| s.is_object()).cloned());
    let status = within(answer).or_else(|| answer.get("feed").and_then(within))?;
    Some(Status::of(|name| status.get(name).map(plain).unwrap_or_default()))
}

/// Numbers are written with and without quotation marks.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn read_json(bytes: &[u8], path: &str, limits: &Limits) -> Result<(Feed, Option<Status>), Diagnostic> {
    let answer: Value = json::read(bytes, path, limits)?;
    let status = status_of(&answer);
    let mut diagnostics = Vec::new();
    let mut items: Vec<FeedItem> = Vec::new();
    let entries = answer.pointer("/feed/entry").and_then(Value::as_array);
    // An answer that tells an error need not hold a list.
    if entries.is_none() && status.as_ref().is_none_or(|status| status.refuse_error(path).is_ok()) {
        return Err(missing("feed.entry", path));
    }
    for (number, entry) in entries.into_iter().flatten().enumerate() {
        let place = Place::file(path).at_field(format!("/feed/entry/{number}"));
        let raw = entry_of(entry);
        if says_none(&raw.title) {
            diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, place));
            continue;
        }
        let Some(read) = item::finish(raw, &place, &mut diagnostics) else { continue };
        if items.iter().any(|known| known.id == read.id) {
            let told = Diagnostic::new(Code::DuplicateIdentifier, place).with("field", "id");
            diagnostics.push(told.with("value", &read.id));
            continue;
        }
        items.push(read);
    }
    let title = answer.pointer("/feed/title").map(plain).unwrap_or_default();
    Ok((Feed { kind: FeedKind::Atom, title, updated: None, items, diagnostics }, status))
}

/// The keys differ between HND (`published`, `updated`, in one example `update`) and OKA (`public`, `modified`).
fn entry_of(entry: &Value) -> Raw {
    let text = |key: &str| entry.get(key).map(plain).filter(|text| !text.is_empty());
    let time = |keys: &[&'static str]| keys.iter().find_map(|key| text(key).map(|text| (*key, text)));
    Raw {
        ids: vec![text("id")],
        title: text("title").unwrap_or_default(),
        link: text("link"),
        published: time(&["published", "public", "created"]),
        updated: time(&["updated", "update", "modified"]),
        dated: None,
        text: text("summary").unwrap_or_default(),
        // Related information stands in lists inside the entry.
        naming: vec![entry.to_string()],
        category: entry.pointer("/category/term").map(plain),
    }
}

#[cfg(test)]
#[path = "myjvn_list_tests.rs"]
mod tests;
