//! The outside check of a web application: what can be seen without any tool, and without changing anything (SPEC.md section 4,
//! ③-1). Requests are GET and TRACE; nothing is guessed, nothing is sent in fields.
//!
//! Not looked at: whether an authority vouches for the certificate, single ciphers, anything behind a login.

mod disclosure;
mod headers;
mod paths;
mod record;
mod transport;

use std::sync::atomic::AtomicBool;

use shindan_domain::assessment::{OutsideRule as Rule, OutsideRules, ScanReport};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::clock::{Clock, Limits};
use crate::connection::{Session, Trouble};
use crate::http::{Answer, exchange};
use crate::permit::Permit;
use crate::target::{Scheme, Target};
use record::Record;

/// The kind of tool under which findings are recognised again.
pub const TOOL_KEY: &str = "shindan-outside";
/// Most redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// A part of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The page, with redirects.
    Page,
    /// TLS and certificate.
    Transport,
    /// Paths that are often left open.
    Paths,
    /// Methods and origins.
    Methods,
    /// Nothing is left to do.
    Done,
}

/// How far the check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What begins now.
    pub stage: Stage,
    /// Stages that are done.
    pub done: u32,
    /// Stages in all.
    pub of: u32,
}

/// Checks a target within what is permitted. Titles of findings are the English ones; the Japanese ones stand in the pack under
/// the same rule. What could not be carried out is a diagnostic, and the report then is unfinished; this never fails.
pub fn check(
    target: &Target,
    permit: &Permit,
    rules: &OutsideRules,
    limits: &Limits,
    clock: Clock,
    progress: &mut dyn FnMut(Step),
    cancel: &AtomicBool,
) -> ScanReport {
    let started = clock.now();
    let mut session = Session::new((target, permit), limits, clock, cancel);
    let mut record = Record::new(rules, target);
    let mut step = |stage: Stage, done| progress(Step { stage, done, of: 4 });

    step(Stage::Page, 0);
    let walk = walk(&mut session, target);
    let base = walk.answers.last().map_or_else(|| target.clone(), |answer| answer.target.clone());
    // Redirects between ports that fail lead nowhere: what was reached last is looked at.
    let base = walk.broken.as_ref().map_or(base, |(at, _)| at.clone());
    record.base(&base);
    encryption_of_plain(&mut session, &mut record, target, &walk);
    headers::judge(&mut record, &base, &walk);
    disclosure::judge(&mut record, &base, &walk);

    step(Stage::Transport, 1);
    transport::judge(&mut session, &mut record, &base);

    step(Stage::Paths, 2);
    paths::judge(&mut session, &mut record, &base, &walk);

    step(Stage::Methods, 3);
    origins(&mut session, &mut record, &base);
    trace(&mut session, &mut record, &base);

    step(Stage::Done, 4);
    let mut report = record.finish();
    report.started = Some(started);
    report.ended = Some(clock.now());
    report.touched.extend(std::mem::take(&mut session.touched));
    report.diagnostics.append(&mut session.diagnostics);
    report
}

/// The answers from the target to the page that its redirects lead to.
struct Walk {
    answers: Vec<Answer>,
    /// Where it came to a stop, and why.
    broken: Option<(Target, Trouble)>,
}

impl Walk {
    /// The page, if it was reached.
    fn page(&self) -> Result<&Answer, Trouble> {
        match (&self.broken, self.answers.last()) {
            (Some((_, trouble)), _) => Err(trouble.clone()),
            (None, Some(page)) => Ok(page),
            (None, None) => Err(Trouble::BrokenOff),
        }
    }
}

fn walk(session: &mut Session<'_>, target: &Target) -> Walk {
    let mut walk = Walk { answers: Vec::new(), broken: None };
    let mut next = target.clone();
    for _ in 0..=MOST_REDIRECTS {
        let answer = match exchange(session, &next, "GET", &[]) {
            Ok(answer) => answer,
            Err(trouble) => {
                walk.broken = Some((next, trouble));
                break;
            }
        };
        let from = next.clone();
        let location = answer.location().map(|location| (location.to_owned(), from.join(location)));
        walk.answers.push(answer);
        match location {
            None => break,
            Some((_, Ok(to))) if session.permits(&to) && to != from => next = to,
            Some((given, to)) => {
                let to = to.map_or_else(|_| given.chars().take(200).collect(), |to| to.to_string());
                let diagnostic =
                    Diagnostic::new(Code::ScanRedirectNotFollowed, Place::file(target.to_string()));
                session.diagnostics.push(diagnostic.with("from", &from).with("to", to));
                break;
            }
        }
    }
    walk
}

fn leads_to_https(answers: &[Answer]) -> bool {
    answers.iter().any(|answer| {
        let to = answer.location().and_then(|location| answer.target.join(location).ok());
        to.is_some_and(|to| to.scheme == Scheme::Https)
    })
}

/// Plain HTTP must lead to HTTPS: at the target itself, or beside an encrypted one as far as that is permitted.
fn encryption_of_plain(session: &mut Session<'_>, record: &mut Record<'_>, target: &Target, walk: &Walk) {
    let rule = Rule::NoHttpsRedirect;
    if target.scheme == Scheme::Http {
        match (walk.answers.first(), &walk.broken) {
            (None, Some((_, trouble))) => record.trouble(rule, trouble),
            (None, None) => record.trouble(rule, &Trouble::BrokenOff),
            (Some(_), _) if leads_to_https(&walk.answers) => record.passed(rule),
            (Some(answer), _) => {
                record.found(rule, record.web(target, "GET"), &format!("status {}", answer.status))
            }
        }
        return;
    }
    match session.plain_beside(target) {
        None => record.does_not_apply(rule),
        Some(plain) => match exchange(session, &plain, "GET", &[]) {
            Ok(answer) if leads_to_https(std::slice::from_ref(&answer)) => record.passed(rule),
            Ok(answer) => record.found(rule, record.web(&plain, "GET"), &format!("status {}", answer.status)),
            // Nothing listens there: nothing is told in the clear.
            Err(Trouble::Refused) => record.does_not_apply(rule),
            Err(trouble) => record.trouble(rule, &trouble),
        },
    }
}

/// An origin that nobody has (RFC 2606).
const STRANGER: &str = "https://outside-check.invalid";

fn origins(session: &mut Session<'_>, record: &mut Record<'_>, base: &Target) {
    let rule = Rule::CorsAnyOrigin;
    match exchange(session, base, "GET", &[("Origin", STRANGER)]) {
        Err(trouble) => record.trouble(rule, &trouble),
        Ok(answer) => {
            let allowed = answer.header("access-control-allow-origin").unwrap_or_default();
            let credentials = answer.header("access-control-allow-credentials").unwrap_or_default();
            if (allowed == "*" || allowed == STRANGER) && credentials.eq_ignore_ascii_case("true") {
                let evidence =
                    format!("Access-Control-Allow-Origin: {allowed}; Access-Control-Allow-Credentials: true");
                let mut place = record.web(base, "GET");
                place.parameter = Some("access-control-allow-origin".to_owned());
                record.found(rule, place, &evidence);
            } else {
                record.passed(rule);
            }
        }
    }
}

fn trace(session: &mut Session<'_>, record: &mut Record<'_>, base: &Target) {
    const MARK: &str = "b7c1f0d2";
    match exchange(session, base, "TRACE", &[("X-Outside-Check", MARK)]) {
        Err(trouble) => record.trouble(Rule::TraceEnabled, &trouble),
        Ok(answer) if answer.status == 200 && answer.text().contains(MARK) => {
            record.found(
                Rule::TraceEnabled,
                record.web(base, "TRACE"),
                "TRACE is answered with the request itself",
            );
        }
        Ok(answer) => match answer.whole {
            Err(trouble) if answer.status == 200 => record.trouble(Rule::TraceEnabled, &trouble),
            _ => record.passed(Rule::TraceEnabled),
        },
    }
}
