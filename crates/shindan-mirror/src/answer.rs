//! The answer to one request: the page, a part of it, or what goes wrong.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::fault::Fault;
use crate::page::Page;
use crate::request::Seen;

const HTML: &[u8] = b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html><head><title>Maintenance</title></head></html>\n";

/// What is going to be sent.
struct Answer<'a> {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    fn bare(status: u16) -> Answer<'a> {
        Answer { status, headers: Vec::new(), body: b"" }
    }

    fn with(mut self, name: &'static str, value: Option<String>) -> Answer<'a> {
        self.headers.extend(value.map(|value| (name, value)));
        self
    }
}

pub(crate) fn send(
    mut stream: &TcpStream,
    seen: &Seen,
    page: Option<&Page>,
    fault: Option<&Fault>,
    date: Option<&str>,
    stop: &AtomicBool,
) -> io::Result<()> {
    let answer = match fault {
        Some(Fault::Refuse) => return Ok(()),
        Some(Fault::Garbage) => return stream.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n"),
        Some(fault) => faulty(fault, page, seen),
        None => plain(page, seen),
    };
    let date = if let Some(Fault::Date(other)) = fault { Some(other.as_str()) } else { date };
    stream.write_all(head(&answer, fault, date).as_bytes())?;
    if seen.method == "HEAD" || answer.status == 304 {
        return Ok(());
    }
    match fault {
        Some(Fault::CutAfter(bytes)) => stream.write_all(answer.body.get(..*bytes).unwrap_or(answer.body)),
        Some(Fault::Slow { piece, rest }) => {
            for part in answer.body.chunks((*piece).max(1)) {
                std::thread::sleep(*rest);
                if stop.load(Ordering::SeqCst) {
                    return Ok(());
                }
                stream.write_all(part)?;
            }
            Ok(())
        }
        _ => stream.write_all(answer.body),
    }
}

fn head(answer: &Answer<'_>, fault: Option<&Fault>, date: Option<&str>) -> String {
    let mut head = format!("HTTP/1.1 {} Played\r\nConnection: close\r\n", answer.status);
    let length = match fault {
        Some(Fault::Length(length)) => Some(*length),
        Some(Fault::NoLength) => None,
        _ => Some(answer.body.len() as u64),
    };
    if let Some(length) = length.filter(|_| answer.status != 304) {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    if let Some(date) = date {
        head.push_str(&format!("Date: {date}\r\n"));
    }
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head
}

fn faulty<'a>(fault: &Fault, page: Option<&'a Page>, seen: &Seen) -> Answer<'a> {
    match fault {
        Fault::Status(status) => Answer::bare(*status),
        Fault::TooMany(after) => Answer::bare(429).with("Retry-After", after.clone()),
        Fault::Unavailable(after) => Answer::bare(503).with("Retry-After", after.clone()),
        Fault::NotModified => Answer::bare(304),
        Fault::Redirect(to) => Answer::bare(302).with("Location", Some(to.clone())),
        Fault::Html => {
            Answer { body: HTML, ..Answer::bare(200) }.with("Content-Type", Some("text/html".to_owned()))
        }
        Fault::Range(range) => {
            Answer { status: 206, ..whole(page) }.with("Content-Range", Some(range.clone()))
        }
        Fault::IgnoreRange => whole(page),
        _ => plain(page, seen),
    }
}

fn whole(page: Option<&Page>) -> Answer<'_> {
    let Some(page) = page else { return Answer::bare(404) };
    let answer = Answer { body: &page.bytes, ..Answer::bare(200) };
    described(answer, page)
}

fn described<'a>(answer: Answer<'a>, page: &Page) -> Answer<'a> {
    answer
        .with("Content-Type", Some(page.content_type.clone()))
        .with("ETag", page.etag.clone())
        .with("Last-Modified", page.last_modified.clone())
}

fn plain<'a>(page: Option<&'a Page>, seen: &Seen) -> Answer<'a> {
    let Some(page) = page else { return Answer::bare(404) };
    if unchanged(page, seen) {
        return described(Answer::bare(304), page);
    }
    let Some(from) = wanted_from(seen).filter(|_| same_as_before(page, seen)) else {
        return whole(Some(page));
    };
    let total = page.bytes.len();
    match page.bytes.get(from..).filter(|rest| !rest.is_empty()) {
        Some(rest) => {
            let range = format!("bytes {from}-{}/{total}", total - 1);
            let answer = Answer { body: rest, ..Answer::bare(206) };
            described(answer, page).with("Content-Range", Some(range))
        }
        None => Answer::bare(416).with("Content-Range", Some(format!("bytes */{total}"))),
    }
}

/// If-None-Match beats If-Modified-Since (RFC 9110, 13.2.2). Dates are compared as texts, as many servers do.
fn unchanged(page: &Page, seen: &Seen) -> bool {
    match (seen.header("if-none-match"), seen.header("if-modified-since")) {
        (Some(tag), _) => page.etag.as_deref() == Some(tag),
        (None, Some(date)) => page.last_modified.as_deref() == Some(date),
        (None, None) => false,
    }
}

/// Whether a part may be sent: If-Range names what the client has.
fn same_as_before(page: &Page, seen: &Seen) -> bool {
    seen.header("if-range")
        .is_none_or(|known| [page.etag.as_deref(), page.last_modified.as_deref()].contains(&Some(known)))
}

fn wanted_from(seen: &Seen) -> Option<usize> {
    seen.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}
