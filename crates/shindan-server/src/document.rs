//! A document that is given out piece by piece, however large it is.

use std::fs::File;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use shindan_domain::ledger::Hash;

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    file: File,
    left: u64,
    sha256: Hash,
}

impl Document {
    /// The document in an open file.
    ///
    /// # Errors
    /// If the system does not tell its size.
    pub(crate) fn new(file: File, sha256: Hash) -> std::io::Result<Document> {
        let left = file.metadata()?.len();
        Ok(Document { file, left, sha256 })
    }

    /// Nothing in it is shown by a browser: what somebody sent does not become a page of this server.
    pub(crate) fn into_response(self) -> Response {
        let name = format!("attachment; filename=\"{}\"", self.sha256);
        let mut response = Response::new(Body::new(self));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(name) = HeaderValue::try_from(name) {
            headers.insert(CONTENT_DISPOSITION, name);
        }
        response
    }

    fn piece(&mut self) -> std::io::Result<Bytes> {
        let size = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut bytes = vec![0; size];
        self.file.read_exact(&mut bytes)?;
        self.left -= size as u64;
        Ok(bytes.into())
    }
}

impl HttpBody for Document {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let piece = tokio::task::block_in_place(|| self.piece());
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
