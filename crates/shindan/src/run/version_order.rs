//! `version-order SCHEME < lines`

use std::io::Read;

use shindan_app::version_order;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::Scheme;

use super::{not_written, stdin_unreadable};
use crate::exit::Exit;
use crate::output::{Face, say, write_to};

/// Most that is read from standard input: a list of known orders has some thousands of lines.
const MOST_BYTES: u64 = 256 << 20;

/// Checks the lines on standard input.
pub fn run(scheme: Scheme, face: &Face) -> Exit {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    if let Err(error) = read {
        return stdin_unreadable(&error, face);
    }
    if bytes.len() as u64 > MOST_BYTES {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Place::file("stdin"));
        say!("{}", face.line(&diagnostic.with("size", bytes.len()).with("limit", MOST_BYTES)));
        return Exit::Unreadable;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        say!("{}: {}", face.words.t("cli-error"), face.words.t("cli-stdin-not-utf8"));
        return Exit::Unreadable;
    };
    let report = version_order::check_lines(scheme, &text);
    let written = write_to(None, |out| {
        for line in &report.failed {
            writeln!(out, "{}: {}: {}", line.line, line.text, line.got)?;
        }
        writeln!(out, "{} passed, {} failed", report.passed, report.failed.len())
    });
    match written {
        Err(error) => not_written(&error, face),
        Ok(()) if report.failed.is_empty() => Exit::Done,
        Ok(()) => Exit::FailOn,
    }
}
