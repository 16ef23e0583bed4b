//! Everything that is answered instead of a result: problem details for HTTP interfaces (RFC 9457), in the reader's language.
//!
//! The one place that gives an error its status. What went wrong inside the program is written to standard error, and the
//! answer is always the same.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::Response;
use serde_json::{Value, json};
use shindan_app::error::AppError;
use shindan_app::records::{Records, RecordsError};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_report::words::{self, Lang, Words};
use shindan_store::StoreError;

use crate::reply;

/// Why a request was not answered with a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Stable; words stand under `problem-<code>` and `problem-title-<code>`.
    code: &'static str,
    status: u16,
    params: Vec<(&'static str, Param)>,
    refusal: Option<Refusal>,
    /// What the record is called that a refusal is about.
    record: Option<String>,
}

/// A problem in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What kind of problem it is.
    pub title: String,
    /// What happened and what to do; empty for a fault inside the program.
    pub detail: String,
    /// What the record is called that a refused step is about.
    pub record: Option<String>,
    /// With a refused step: everything that is missing for it, in words and as it is.
    pub missing: Vec<(String, Reason)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Param {
    Text(String),
    Number(u64),
}

/// Every code with its status, for the description of the interface and the test of words.
pub(crate) const CODES: &[(&str, u16)] = &[
    ("body-incomplete", 400),
    ("body-invalid", 400),
    ("header-invalid", 400),
    ("query-invalid", 400),
    ("value-invalid", 400),
    ("token-missing", 401),
    ("token-unknown", 401),
    ("forbidden", 403),
    ("path-unknown", 404),
    ("record-unknown", 404),
    ("method-unknown", 405),
    ("too-slow", 408),
    ("conflict", 409),
    ("knowledge-missing", 409),
    ("record-ambiguous", 409),
    ("register-missing", 409),
    ("revision-differs", 412),
    ("body-too-large", 413),
    ("media-type", 415),
    ("file-unreadable", 422),
    ("key-reused", 422),
    ("refused", 422),
    ("nothing-to-undo", 409),
    ("busy", 503),
    ("clock", 503),
    ("locked", 503),
    ("not-set-up", 503),
    ("full", 507),
];

impl Problem {
    /// A problem with the words of this code.
    pub fn new(code: &'static str, status: u16) -> Problem {
        Problem { code, status, params: Vec::new(), refusal: None, record: None }
    }

    /// The same with a particular.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.params.push((name, Param::Text(value.into())));
        self
    }

    fn number(mut self, name: &'static str, value: u64) -> Problem {
        self.params.push((name, Param::Number(value)));
        self
    }

    /// A header that cannot be understood.
    pub(crate) fn header(name: &str, value: &str) -> Problem {
        Problem::new("header-invalid", 400).with("header", name).with("value", value)
    }

    /// A body of more bytes than permitted.
    pub(crate) fn too_large(limit: u64) -> Problem {
        Problem::new("body-too-large", 413).with("limit", limit.to_string())
    }

    /// A body that cannot be understood.
    pub(crate) fn of_json(error: &serde_json::Error) -> Problem {
        Problem::new("body-invalid", 400).with("reason", error.to_string())
    }

    /// Stable.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The field that a value was refused for, as the body calls it.
    pub fn field(&self) -> Option<&str> {
        self.params.iter().find_map(|(name, value)| match value {
            Param::Text(text) if *name == "field" => Some(text.as_str()),
            _ => None,
        })
    }

    /// Every reason with a refused step: why, and what is missing.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What an error of a use case is answered with; `records` name what it is about. `seen`: whether the client said which
    /// revision it saw.
    pub fn of(error: RecordsError, records: Option<&Records>, seen: bool) -> Problem {
        let called = |stream| {
            let called = records.and_then(|records| records.called(stream));
            called.unwrap_or_else(|| stream.id.to_string())
        };
        match error {
            RecordsError::TokenMissing => Problem::new("token-missing", 401),
            RecordsError::TokenUnknown => Problem::new("token-unknown", 401),
            // Only pages have sessions: they show the log-in.
            RecordsError::SessionUnknown => Problem::new("token-unknown", 401),
            RecordsError::Refused { about, refusal } => {
                let problem = match is_about_who_asks(refusal.reason.code) {
                    true => Problem::new("forbidden", 403),
                    false => Problem::new("refused", 422),
                };
                Problem { record: about.map(called), refusal: Some(refusal), ..problem }
            }
            RecordsError::Conflict { stream, expected, found } => {
                let problem =
                    if seen { Problem::new("revision-differs", 412) } else { Problem::new("conflict", 409) };
                problem.with("record", called(stream)).number("expected", expected).number("found", found)
            }
            RecordsError::Unknown(called) => Problem::new("record-unknown", 404).with("called", called),
            RecordsError::Ambiguous { called, candidates } => Problem::new("record-ambiguous", 409)
                .with("called", called)
                .with("candidates", candidates.join(", ")),
            RecordsError::Invalid { field, value } => {
                Problem::new("value-invalid", 400).with("field", field).with("value", value)
            }
            // What was sent; of where it lies, only the name is told.
            RecordsError::Unreadable { path, reason } => {
                let name = file_name(&path.to_string_lossy());
                Problem::new("file-unreadable", 422).with("file", name).with("reason", reason)
            }
            RecordsError::Missing(_) => Problem::new("not-set-up", 503),
            RecordsError::App(error) => Problem::of_app(error),
            RecordsError::Store(error) => Problem::of_store(&error),
            other => Problem::internal(&other),
        }
    }

    fn of_app(error: AppError) -> Problem {
        match error {
            AppError::NothingReadable(diagnostics)
            | AppError::Pack(diagnostics)
            | AppError::FilesUnreadable(diagnostics) => {
                let codes: BTreeSet<&str> = diagnostics.iter().map(|found| found.code.as_str()).collect();
                let reason = codes.into_iter().collect::<Vec<_>>().join(", ");
                let files: BTreeSet<String> =
                    diagnostics.iter().map(|found| file_name(&found.place.path)).collect();
                let files = files.into_iter().collect::<Vec<_>>().join(", ");
                Problem::new("file-unreadable", 422).with("file", files).with("reason", reason)
            }
            AppError::AssetUnknown(asset) => Problem::new("record-unknown", 404).with("called", asset),
            AppError::NotFound(id) => Problem::new("record-unknown", 404).with("called", id),
            AppError::NothingToUndo => Problem::new("nothing-to-undo", 409),
            AppError::KnowledgeMissing(_) => Problem::new("knowledge-missing", 409),
            AppError::RegisterMissing(_) => Problem::new("register-missing", 409),
            other => Problem::internal(&other),
        }
    }

    fn of_store(error: &StoreError) -> Problem {
        match error {
            StoreError::Locked => Problem::new("locked", 503),
            StoreError::Full => Problem::new("full", 507),
            // An upload that may be larger than what its command takes.
            StoreError::TooLarge { limit } => Problem::too_large(*limit),
            StoreError::ClockBackwards { last, now } => {
                Problem::new("clock", 503).with("last", last.to_string()).with("now", now.to_string())
            }
            StoreError::KeyReused { key } => Problem::new("key-reused", 422).with("key", key.clone()),
            StoreError::Cursor(cursor) => {
                Problem::new("query-invalid", 400).with("name", "cursor").with("value", cursor.clone())
            }
            other => Problem::internal(other),
        }
    }

    /// A fault inside the program or its files: written to standard error, and not told.
    pub fn internal(error: &dyn std::fmt::Display) -> Problem {
        // Standard error is this server's log. If it is closed, there is nobody to tell.
        let _unheard =
            std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("shindan serve: {error}\n"));
        Problem::new("internal", 500)
    }

    /// What is told in this language, for a page.
    pub fn told(&self, lang: Lang) -> Told {
        // As pages write days and times.
        let words = Words::new(lang).dated(words::Calendar::Western).in_japan_time();
        let body = self.body(&words);
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let missing = self.refusal.iter().flat_map(|refusal| &refusal.missing);
        Told {
            title: text("title"),
            detail: text("detail"),
            record: self.record.clone(),
            missing: missing.map(|reason| (words.reason(reason), reason.clone())).collect(),
        }
    }

    /// The answer in this language.
    pub(crate) fn into_response(self, lang: Lang) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = if status == StatusCode::INTERNAL_SERVER_ERROR {
            internal_body()
        } else {
            self.body(&Words::new(lang))
        };
        let mut response = reply::json(status, &body);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            401 => drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            503 => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("1"))),
            _ => {}
        }
        response
    }

    fn body(&self, words: &Words) -> Value {
        let values: Vec<(&str, words::Value<'_>)> =
            self.params.iter().map(|(name, value)| (*name, value.into())).collect();
        let detail = match &self.refusal {
            Some(refusal) => words.reason(&refusal.reason),
            None => words.get(&format!("problem-{}", self.code), &values),
        };
        let params: serde_json::Map<String, Value> =
            self.params.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())).collect();
        let mut body = json!({
            "type": format!("urn:shindan:problem:{}", self.code),
            "title": words.t(&format!("problem-title-{}", self.code)),
            "status": self.status,
            "detail": detail,
            "code": self.code,
            "params": params,
        });
        if let (Some(refusal), Some(fields)) = (&self.refusal, body.as_object_mut()) {
            fields.insert("record".to_owned(), json!(self.record));
            fields.insert("reason".to_owned(), reason(&refusal.reason, words));
            fields
                .insert("missing".to_owned(), refusal.missing.iter().map(|one| reason(one, words)).collect());
        }
        body
    }
}

/// Whether a refusal is about role or token, whatever is asked for.
fn is_about_who_asks(code: ReasonCode) -> bool {
    use ReasonCode::{RoleMissing, TokenReadsOnly, TokenWithoutSecondFactor};
    matches!(code, RoleMissing | TokenReadsOnly | TokenWithoutSecondFactor)
}

/// The name of a file; where it lies on the server is not told.
pub(crate) fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name();
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn reason(reason: &Reason, words: &Words) -> Value {
    json!({"code": reason.code, "params": reason.params, "text": words.reason(reason)})
}

/// The same for every fault, so that nothing of the inside shows.
fn internal_body() -> Value {
    json!({"type": "urn:shindan:problem:internal", "title": "Internal Server Error", "status": 500, "code": "internal"})
}

impl Param {
    fn to_json(&self) -> Value {
        match self {
            Param::Text(text) => json!(text),
            Param::Number(number) => json!(number),
        }
    }
}

impl<'a> From<&'a Param> for words::Value<'a> {
    fn from(param: &'a Param) -> Self {
        match param {
            Param::Text(text) => words::Value::Text(text),
            Param::Number(number) => words::Value::Count(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        for lang in [Lang::Ja, Lang::En] {
            let words = Words::new(lang);
            for (code, _) in CODES {
                assert!(
                    words.known(&format!("problem-title-{code}")).is_some(),
                    "{lang}: {code} has no title"
                );
                let told_by_its_reason = matches!(*code, "forbidden" | "refused");
                assert!(
                    told_by_its_reason || words.known(&format!("problem-{code}")).is_some(),
                    "{lang}: {code}"
                );
            }
        }
    }

    #[test]
    fn a_fault_inside_tells_nothing() {
        let problem = Problem::internal(&"the file /secret/place is damaged");
        let body = serde_json::to_string(&internal_body()).unwrap();
        assert_eq!(problem.into_response(Lang::Ja).status(), 500);
        assert!(!body.contains("secret"));
    }
}
