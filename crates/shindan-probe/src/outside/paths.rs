//! Paths below the target's folder that are often left open. The list is short and fixed; each is only read.

use shindan_domain::assessment::OutsideRule as Rule;

use super::Walk;
use super::record::Record;
use crate::connection::{Session, Trouble};
use crate::http::{Answer, exchange};
use crate::target::Target;

const FOLDERS: [&str; 4] = ["icons/", "backup/", "uploads/", "files/"];

/// What servers write into the listings that they make: Apache, nginx and lighttpd; Python; Tomcat; IIS; Jetty.
const LISTINGS: [&str; 5] = [
    "<title>index of ",
    "directory listing for ",
    "[to parent directory]",
    "<title>directory: ",
    "directory listing --",
];

pub(super) fn judge(session: &mut Session<'_>, record: &mut Record<'_>, base: &Target, walk: &Walk) {
    let folder = base.folder().to_owned();
    record.passed(Rule::DirectoryListing);
    if base.bare_path() == folder {
        match walk.page() {
            Ok(page) => listing(record, page),
            Err(trouble) => record.trouble(Rule::DirectoryListing, &trouble),
        }
    } else {
        ask(session, record, Rule::DirectoryListing, &base.with_path(&folder), |record, answer| {
            listing(record, answer)
        });
    }
    for name in FOLDERS {
        let at = base.with_path(&format!("{folder}{name}"));
        ask(session, record, Rule::DirectoryListing, &at, listing);
    }
    let at = base.with_path(&format!("{folder}.git/HEAD"));
    ask(session, record, Rule::GitExposed, &at, |record, answer| {
        exposed(
            record,
            Rule::GitExposed,
            answer,
            is_git_head(&answer.text()),
            "it reads as the head of a Git history",
        );
    });
    let at = base.with_path(&format!("{folder}.env"));
    ask(session, record, Rule::EnvExposed, &at, |record, answer| {
        exposed(
            record,
            Rule::EnvExposed,
            answer,
            is_settings(&answer.text()),
            "it reads as settings (values not shown)",
        );
    });
}

fn ask(
    session: &mut Session<'_>,
    record: &mut Record<'_>,
    rule: Rule,
    at: &Target,
    judge: impl FnOnce(&mut Record<'_>, &Answer),
) {
    match exchange(session, at, "GET", &[]) {
        Ok(answer) => judge(record, &answer),
        Err(trouble) => record.trouble(rule, &trouble),
    }
}

fn listing(record: &mut Record<'_>, answer: &Answer) {
    let text = answer.text().to_ascii_lowercase();
    let found = LISTINGS.iter().find(|sign| text.contains(**sign));
    let evidence = found.map(|sign| format!("the page says \"{sign}\"")).unwrap_or_default();
    exposed(record, Rule::DirectoryListing, answer, found.is_some(), &evidence);
}

/// What was cut off may still hold what was not found.
fn exposed(record: &mut Record<'_>, rule: Rule, answer: &Answer, found: bool, evidence: &str) {
    let whole: &Result<(), Trouble> = &answer.whole;
    match whole {
        _ if answer.status != 200 => record.passed(rule),
        _ if found => record.found(rule, record.web(&answer.target, "GET"), evidence),
        Err(trouble) => record.trouble(rule, trouble),
        Ok(()) => record.passed(rule),
    }
}

fn is_git_head(text: &str) -> bool {
    let line = text.trim_end();
    line.starts_with("ref: refs/") || (line.len() == 40 && line.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_settings(text: &str) -> bool {
    let name = |name: &str| {
        let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        name.len() >= 2 && name.bytes().all(fits)
    };
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some()
        && lines.all(|line| {
            line.trim_start_matches("export ").split_once('=').is_some_and(|(key, _)| name(key.trim()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_for_what_is_not_there_is_no_finding() {
        assert!(is_git_head("ref: refs/heads/main\n") && is_git_head(&"a1".repeat(20)));
        assert!(!is_git_head("<html>ref: refs/heads/main") && !is_git_head(""));
        assert!(is_settings("# x\nDB_PASSWORD=secret\n\nexport APP_KEY=1\n"));
        assert!(!is_settings("<html>\nA=B\n</html>") && !is_settings("") && !is_settings("a=b"));
    }
}
