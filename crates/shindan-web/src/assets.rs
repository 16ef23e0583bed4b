//! Style, script and icon, from the executable. Their address holds the hash of their bytes, so that a browser may keep them.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Response, StatusCode};
use shindan_domain::ledger::Hash;

struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset { name: "app.css", media: "text/css; charset=utf-8", bytes: include_bytes!("../assets/app.css") },
    Asset {
        name: "print.css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../assets/print.css"),
    },
    Asset {
        name: "figure.css",
        media: "text/css; charset=utf-8",
        bytes: shindan_report::figure::STYLE.as_bytes(),
    },
    Asset {
        name: "app.js",
        media: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/app.js"),
    },
    Asset {
        name: "htmx.min.js",
        media: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/htmx.min.js"),
    },
    Asset {
        name: "paper.css",
        media: "text/css; charset=utf-8",
        bytes: shindan_report::paper::html::STYLE.as_bytes(),
    },
    Asset { name: "icon.svg", media: "image/svg+xml", bytes: include_bytes!("../assets/icon.svg") },
];

/// A part of the hash of all assets: another version of the program has other addresses.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Vec::new();
    for asset in ASSETS {
        all.extend_from_slice(asset.bytes);
    }
    Hash::of(&all).to_string().chars().take(12).collect()
});

/// Where the assets of this version are: `/assets/0123456789ab`.
pub(crate) fn base() -> String {
    format!("/assets/{}", *VERSION)
}

/// `GET /assets/{version}/{name}`
pub(crate) fn asset(name: &str) -> Response<Body> {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        let mut missing = Response::new(Body::empty());
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::new(Body::from(asset.bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
