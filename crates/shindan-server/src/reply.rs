//! What a request is answered with.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::response::Response;
use serde_json::Value;

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// 200, or 201 for a record that began.
    pub status: StatusCode,
    /// The body, as JSON.
    pub body: Vec<u8>,
    /// The revision of the record that it is about.
    pub revision: Option<u64>,
    /// Where the record is that began.
    pub location: Option<String>,
}

impl Reply {
    /// A result with this body.
    pub(crate) fn new(body: Vec<u8>) -> Reply {
        Reply { status: StatusCode::OK, body, revision: None, location: None }
    }

    /// A result from a value.
    pub(crate) fn of(value: &Value) -> Reply {
        Reply::new(value.to_string().into_bytes())
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = bytes(self.status, self.body);
        // Both texts are of our own making, ASCII only; an answer without them would still be whole.
        let header = |text: String| HeaderValue::try_from(text).ok();
        if let Some(tag) = self.revision.and_then(|revision| header(format!("\"{revision}\""))) {
            response.headers_mut().insert(ETAG, tag);
        }
        if let Some(location) = self.location.and_then(header) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

/// An answer of JSON that no cache keeps.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
    bytes(status, body.to_string().into_bytes())
}

fn bytes(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
