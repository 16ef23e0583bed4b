//! A file that is given out piece by piece, however large it is: a document of the records, or what was made for the answer.

use std::fs::File;
use std::io::{Cursor, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;
/// A page that was made here and is opened by itself: it may show its own style, and nothing else.
const PAGE_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// Anything that somebody sent.
    Bytes,
    /// JSON that was made here.
    Json,
    /// A self-contained page that was made here.
    Page,
}

impl Media {
    fn name(self) -> &'static str {
        match self {
            Media::Bytes => "application/octet-stream",
            Media::Json => "application/json",
            Media::Page => "text/html; charset=utf-8",
        }
    }
}

/// A file that is open for the answer.
pub(crate) struct Document {
    from: Box<dyn Read + Send>,
    left: u64,
    name: String,
    media: Media,
}

impl Document {
    /// The document in an open file. `name`: what it is called where it is saved; folders in it do not count.
    ///
    /// # Errors
    /// If the system does not tell its size.
    pub(crate) fn new(file: File, name: impl Into<String>) -> std::io::Result<Document> {
        let left = file.metadata()?.len();
        Ok(Document { from: Box::new(file), left, name: name.into(), media: Media::Bytes })
    }

    /// What was made for the answer.
    pub(crate) fn made(bytes: Vec<u8>, name: impl Into<String>, media: Media) -> Document {
        let left = bytes.len() as u64;
        Document { from: Box::new(Cursor::new(bytes)), left, name: name.into(), media }
    }

    /// Nothing in it is shown by a browser in the name of this server: it is saved, and what somebody sent has no type.
    pub(crate) fn into_response(self) -> Response {
        let (name, media) = (disposition(&self.name), self.media);
        let mut response = Response::new(Body::new(self));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.name()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if media == Media::Page {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
        }
        if let Ok(name) = HeaderValue::try_from(name) {
            headers.insert(CONTENT_DISPOSITION, name);
        }
        response
    }

    fn piece(&mut self) -> std::io::Result<Bytes> {
        let size = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut bytes = vec![0; size];
        self.from.read_exact(&mut bytes)?;
        self.left -= size as u64;
        Ok(bytes.into())
    }
}

/// The name in both forms of RFC 6266: for old programs in plain letters, for others as it is (RFC 8187).
pub(crate) fn disposition(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let mut coded = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' => coded.push(char::from(byte)),
            other => coded.push_str(&format!("%{other:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_no_header_and_leads_nowhere() {
        assert_eq!(disposition("1.shindan"), "attachment; filename=\"1.shindan\"");
        assert_eq!(
            disposition("in/../a b.json"),
            "attachment; filename=\"a_b.json\"; filename*=UTF-8''a%20b.json"
        );
        assert_eq!(
            disposition("x\"; filename=\"y\r\nset-cookie: z"),
            "attachment; filename=\"x___filename__y__set-cookie__z\"; \
             filename*=UTF-8''x%22%3B%20filename%3D%22y%0D%0Aset-cookie%3A%20z"
        );
        assert_eq!(
            disposition("表.json"),
            "attachment; filename=\"_.json\"; filename*=UTF-8''%E8%A1%A8.json"
        );
    }
}
