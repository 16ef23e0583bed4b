//! Sessions in the browser and the log of log-ins: on the terminal and as JSON.

use std::io;

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::people::LoginOutcome;
use shindan_domain::record_id::{PersonId, SessionId};

use crate::dates;
use crate::table::Style;
use crate::table::layout::{self, line, plain, put};
use crate::words::Words;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    /// Which one.
    pub id: SessionId,
    /// When the person logged in, UTC.
    pub begun_at: Timestamp,
    /// When it was used last, UTC.
    pub seen_at: Timestamp,
    /// When it ends unless it is used, UTC.
    pub expires: Timestamp,
    /// From where the person logged in.
    pub address: String,
    /// What their browser called itself.
    pub agent: String,
}

/// A line of the log of log-ins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoginRow {
    /// Its number; later ones are larger.
    pub number: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: LoginOutcome,
    /// Who; `None`: nobody is called what was typed, or several are.
    pub person: Option<PersonId>,
    /// Their name, unless it was erased.
    pub name: Option<String>,
    /// From where.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// Sessions of a person.
pub fn sessions(rows: &[SessionRow], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        line(&mut out, &words.t("accounts-no-sessions"));
        return out;
    }
    let keys = ["session", "begun", "seen", "expires", "address", "agent"];
    let head = keys.map(|key| words.t(&format!("accounts-col-{key}")));
    let mut table = layout::table(&head, style);
    for row in rows {
        table.add_row(vec![
            plain(row.id.to_string()),
            plain(dates::minute(row.begun_at, words)),
            plain(dates::minute(row.seen_at, words)),
            plain(dates::minute(row.expires, words)),
            plain(&row.address),
            plain(&row.agent),
        ]);
    }
    put(&mut out, &table);
    out
}

/// Lines of the log, and where the page before begins.
pub fn logins(rows: &[LoginRow], more: bool, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        line(&mut out, &words.t("accounts-no-logins"));
        return out;
    }
    let keys = ["at", "outcome", "person", "address", "agent"];
    let head = keys.map(|key| words.t(&format!("accounts-col-{key}")));
    let mut table = layout::table(&head, style);
    for row in rows {
        let nobody = || match row.person {
            Some(person) => person.to_string(),
            None => words.t("accounts-nobody"),
        };
        table.add_row(vec![
            plain(dates::minute(row.at, words)),
            plain(words.term(row.outcome.term())),
            plain(row.name.clone().unwrap_or_else(nobody)),
            plain(&row.address),
            plain(&row.agent),
        ]);
    }
    put(&mut out, &table);
    if let (true, Some(last)) = (more, rows.last()) {
        line(&mut out, &words.get("accounts-more", &[("number", last.number.to_string().as_str().into())]));
    }
    out
}

#[derive(Serialize)]
struct Sessions<'a> {
    schema: &'static str,
    person: PersonId,
    sessions: &'a [SessionRow],
}

#[derive(Serialize)]
struct Logins<'a> {
    schema: &'static str,
    logins: &'a [LoginRow],
    /// The `--before` of the next page.
    before: Option<u64>,
}

/// Sessions as `shindan.sessions/1`.
///
/// # Errors
/// Those of writing.
pub fn write_sessions(out: impl io::Write, person: PersonId, rows: &[SessionRow]) -> serde_json::Result<()> {
    serde_json::to_writer_pretty(out, &Sessions { schema: "shindan.sessions/1", person, sessions: rows })
}

/// The log as `shindan.logins/1`.
///
/// # Errors
/// Those of writing.
pub fn write_logins(out: impl io::Write, rows: &[LoginRow], more: bool) -> serde_json::Result<()> {
    let before = if more { rows.last().map(|row| row.number) } else { None };
    serde_json::to_writer_pretty(out, &Logins { schema: "shindan.logins/1", logins: rows, before })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn what_the_browser_says_of_itself_cannot_move_the_cursor() {
        let row = LoginRow {
            number: 7,
            at: Timestamp::UNIX_EPOCH,
            outcome: LoginOutcome::Failed,
            person: None,
            name: None,
            address: "192.0.2.7".to_owned(),
            agent: "evil\u{1b}[2J\u{202e}".to_owned(),
        };
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let style = Style { color: false, width: None, max_age_days: None };
            let text = logins(std::slice::from_ref(&row), true, &words, &style);
            assert!(text.contains("192.0.2.7") && text.contains(&words.t("accounts-nobody")), "{text}");
            assert!(text.contains("--before 7"), "{text}");
            assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
            assert!(!logins(std::slice::from_ref(&row), false, &words, &style).contains("--before"));
        }
    }
}
