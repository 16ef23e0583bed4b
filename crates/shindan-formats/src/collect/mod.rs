//! What sources of vulnerability information answer with: lists of news, mails, lists of digests, lists of changes, pages.
//!
//! The advisories themselves are read by [`crate::advisory`]; here is what tells *that* there is something new, and
//! whether the answer is the one that was asked for. Source: SPEC.md section 4, ④-2.
//!
//! Invariants, stated as absences: an answer that is damaged, of another kind or empty where it never is, is an error and
//! never an empty list. No address is taken from an answer that leads out of the source. Nothing in a mail is run.

pub mod checksums;
pub mod csaf_provider;
pub mod cve_delta;
pub mod eol_list;
pub mod feed;
mod item;
pub mod locations;
pub mod mail;
mod mime;
mod moments;
pub mod myjvn_list;
mod named;
pub mod nvd_page;
pub mod osv_changes;

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::text::shorten;

/// Identifiers of vulnerabilities that a text names: CVE, GHSA, JVN, JVNVU, JVNTA, JVNDB, VU.
pub fn named_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    named::collect(text, &mut found);
    found
}

/// One piece of news of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// What the source knows it by: the identifier it gives (`at260024`), else its `guid` or `id`, else its link. It stays the
    /// same when the source revises the item.
    pub id: String,
    /// The title, on one line.
    pub title: String,
    /// The page of it; only `http` and `https`.
    pub link: Option<String>,
    /// When it was published first.
    pub published: Option<Timestamp>,
    /// When it was changed last; the same as `published` where the source tells one time only and not which.
    pub updated: Option<Timestamp>,
    /// What it says, as plain text.
    pub text: String,
    /// Identifiers of vulnerabilities that it names: CVE, GHSA, JVN, JVNVU, JVNTA, JVNDB, VU.
    pub vulnerabilities: BTreeSet<String>,
    /// Which kind of news it is.
    pub class: ItemClass,
}

/// Kinds of news, as far as title and address tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemClass {
    /// 注意喚起: something to act on.
    Alert,
    /// An alert that was published before and has been changed: `(更新)`.
    Update,
    /// A weekly report, which repeats what was told before.
    Weekly,
    /// Neither title nor address tell.
    Other,
}

impl ItemClass {
    /// All kinds.
    pub const ALL: [ItemClass; 4] =
        [ItemClass::Alert, ItemClass::Update, ItemClass::Weekly, ItemClass::Other];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemClass::Alert => "alert",
            ItemClass::Update => "update",
            ItemClass::Weekly => "weekly",
            ItemClass::Other => "other",
        }
    }
}

/// Whether a list of this source may have no entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptiness {
    /// The source keeps its last entries in the list, so that an empty one is a fault of the source.
    NeverEmpty,
    /// The list holds what is new, which may be nothing.
    MayBeEmpty,
}

/// Refuses what is plainly another kind of answer, before any reader of a format complains about its details.
///
/// # Errors
/// `file-empty`; `page-instead-of-data` for a web page: an error page, the sign-in page of a proxy.
pub fn refuse_page(bytes: &[u8], path: &str) -> Result<(), Diagnostic> {
    let head = bytes.get(..bytes.len().min(2048)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    // An XML declaration and comments stand in front of pages, too.
    while let Some(after) = (rest.strip_prefix("<?").and_then(|inner| inner.split_once("?>")))
        .or_else(|| rest.strip_prefix("<!--").and_then(|inner| inner.split_once("-->")))
    {
        rest = after.1.trim_start();
    }
    if bytes.trim_ascii().is_empty() {
        return Err(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    let begins = |with: &str| rest.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body") {
        return Err(Diagnostic::new(Code::PageInsteadOfData, Place::file(path)).with("title", title_of(rest)));
    }
    Ok(())
}

/// What the page calls itself, which is often the reason why it came.
fn title_of(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let begin = lower.find("<title").and_then(|at| lower.get(at..)?.find('>').map(|end| at + end + 1));
    let end = begin.and_then(|begin| lower.get(begin..)?.find("</title").map(|end| begin + end));
    // Lower case of ASCII leaves every position where it was.
    let title = begin.zip(end).and_then(|(begin, end)| page.get(begin..end));
    shorten(title.unwrap_or("-"), 100)
}

/// The rows of a text with their numbers from 1: line ends cut off, blank ones and comments left out.
///
/// # Errors
/// `line-too-long` at the first line that is.
fn rows<'a>(text: &'a str, path: &str, limit: usize) -> Result<Vec<(u64, &'a str)>, Diagnostic> {
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.len() > limit {
            return Err(
                Diagnostic::new(Code::LineTooLong, Place::file(path).at_line(number)).with("limit", limit)
            );
        }
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            rows.push((number, line));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_refused_with_their_title() {
        for page in [
            "<!DOCTYPE html>\n<HTML><head><Title lang=\"ja\">503 混雑</Title>",
            "\u{feff}<html><title>503 混雑</title>",
            "<?xml version=\"1.0\"?><!-- x -->\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><title>503 混雑</title>",
        ] {
            let error = refuse_page(page.as_bytes(), "f").expect_err("a page");
            assert_eq!(
                (error.code, error.params["title"].as_str()),
                (Code::PageInsteadOfData, "503 混雑"),
                "{page}"
            );
        }
        assert_eq!(refuse_page(b"<html>", "f").expect_err("a page").params["title"], "-");
        assert_eq!(refuse_page(b" \n", "f").expect_err("empty").code, Code::FileEmpty);
        for data in ["{}", "<rss>", "<?xml version='1.0'?><feed/>", "<", "<?xml", "<!--"] {
            assert!(refuse_page(data.as_bytes(), "f").is_ok(), "{data}");
        }
    }

    #[test]
    fn rows_leave_out_blanks_and_comments_only() {
        let found = rows("# a\r\n\r\n b \r\nc", "f", 10).expect("short lines");
        assert_eq!(found, [(3, "b"), (4, "c")]);
        let error = rows("a\nbbbb", "f", 3).expect_err("too long");
        assert_eq!((error.code, error.place.line), (Code::LineTooLong, Some(2)));
    }
}
