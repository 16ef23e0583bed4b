//! A mail that a person dropped in (`.eml`): an announcement of a maker or of JPCERT/CC, as one piece of news.
//!
//! Attachments are named and never opened, addresses in the text are never followed, and who sent the mail is what it
//! says of itself: nothing here proves it.

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::item::{self, Raw};
use super::mime::{self, Fault, Headers, Part};
use super::{FeedItem, refuse_page};
use crate::limits::Limits;
use crate::text::shorten;

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The news: subject, date, text; its id is the `Message-ID`. It has no link.
    pub item: FeedItem,
    /// Who sent it, by its own account.
    pub from: String,
    /// The attachments.
    pub attachments: Vec<Attachment>,
    /// Parts and headers that could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// An attachment. Its content is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name of the file by its own account, on one line; `-` if it has none.
    pub name: String,
    /// Its media type by its own account, such as `application/pdf`.
    pub kind: String,
    /// Size in the mail, encoded, in bytes.
    pub size: usize,
}

/// Reads a mail: parts, base64, quoted-printable, ISO-2022-JP, Shift_JIS, EUC-JP and UTF-8.
///
/// # Errors
/// `file-empty`, `file-too-large`, `page-instead-of-data`; `format-unknown` if it has no headers of a mail;
/// `mail-part-unreadable` for a structure that is cut off or nested without end, or if no text of it could be read.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Mail, Diagnostic> {
    refuse_page(bytes, path)?;
    let size = bytes.len() as u64;
    if size > limits.file_size {
        let told = Diagnostic::new(Code::FileTooLarge, Place::file(path)).with("size", size);
        return Err(told.with("limit", limits.file_size));
    }
    let unknown = || Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "text");
    let (headers, body) = Headers::split(bytes).ok_or_else(unknown)?;
    // Any text with a colon has something like a header; a mail tells who sent it and when.
    if headers.raw("from").is_none() || headers.raw("date").is_none() {
        return Err(unknown());
    }
    let parts = mime::parts(&headers, body).map_err(|fault| unreadable(fault, "body", path))?;
    let mut diagnostics = Vec::new();
    let text = text_of(&parts, path, &mut diagnostics)?;
    let mut header = |name: &str| match headers.text(name) {
        None => String::new(),
        Some(Ok(text)) => text,
        Some(Err(fault)) => {
            diagnostics.push(unreadable(fault, name, path));
            String::from_utf8_lossy(headers.raw(name).unwrap_or_default()).into_owned()
        }
    };
    let (subject, from, date) = (header("subject"), header("from"), header("date"));
    let id = Some(header("message-id")).filter(|id| !id.is_empty());
    let without_id = || format!("{date} {from} {subject}");
    let raw = Raw {
        ids: vec![Some(id.unwrap_or_else(without_id))],
        title: subject,
        dated: Some(("Date", date)).filter(|(_, date)| !date.is_empty()),
        text,
        ..Raw::default()
    };
    let place = Place::file(path);
    let Some(mut item) = item::finish(raw, &place, &mut diagnostics) else {
        return Err(Diagnostic::new(Code::FieldMissing, place).with("field", "Message-ID"));
    };
    // A mail is never changed: its one time is when it was sent.
    item.published = item.published.or(item.updated);
    let attachments = parts.iter().filter(|part| part.attached).map(attachment).collect();
    Ok(Mail { item, from: shorten(&from, 200), attachments, diagnostics })
}

fn attachment(part: &Part) -> Attachment {
    let name = shorten(part.file.as_deref().unwrap_or("-"), 200);
    Attachment { name, kind: shorten(&part.kind, 100), size: part.size }
}

/// The plain text; the text of pages where there is no plain one. A part that cannot be read is told.
fn text_of(parts: &[Part], path: &str, diagnostics: &mut Vec<Diagnostic>) -> Result<String, Diagnostic> {
    let mut plain = String::new();
    let mut pages = String::new();
    let mut first = None;
    for part in parts.iter().filter(|part| !part.attached) {
        match &part.text {
            Ok(text) if part.kind == "text/html" => pages.push_str(&without_code(text)),
            Ok(text) => {
                // What is plain text holds no tags; `<` is escaped so that nothing of it is taken for one.
                plain.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
                plain.push('\n');
            }
            Err(fault) => {
                let told = unreadable(*fault, &part.kind, path);
                first.get_or_insert_with(|| told.clone());
                diagnostics.push(told);
            }
        }
    }
    let text = if plain.trim().is_empty() { pages } else { plain };
    match first {
        Some(told) if text.trim().is_empty() => Err(told),
        _ => Ok(text),
    }
}

/// The page without its scripts and styles, which are no text.
fn without_code(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let lower = page.to_ascii_lowercase();
    let mut at = 0;
    loop {
        let rest = lower.get(at..).unwrap_or_default();
        let next =
            ["<script", "<style"].iter().filter_map(|tag| rest.find(tag).map(|begin| (begin, *tag))).min();
        let Some((begin, tag)) = next else { break };
        out.push_str(page.get(at..at + begin).unwrap_or_default());
        let close = tag.replace('<', "</");
        let inner = rest.get(begin..).unwrap_or_default();
        match inner.find(&close).and_then(|end| Some(end + inner.get(end..)?.find('>')? + 1)) {
            Some(length) => at += begin + length,
            None => return out,
        }
    }
    out.push_str(page.get(at..).unwrap_or_default());
    out
}

fn unreadable(fault: Fault, part: &str, path: &str) -> Diagnostic {
    let told = Diagnostic::new(Code::MailPartUnreadable, Place::file(path));
    told.with("part", shorten(part, 60)).with("reason", fault.as_str())
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
