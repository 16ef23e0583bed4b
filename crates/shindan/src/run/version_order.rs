//! `version-order SCHEME < lines`

use std::io::Read;

use shindan_app::version_order;
use shindan_domain::version::Scheme;

use super::not_written;
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Checks the lines on standard input.
pub fn run(scheme: Scheme, face: &Face) -> Exit {
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().read_to_end(&mut bytes) {
        return not_written(&error, face);
    }
    let Ok(text) = String::from_utf8(bytes) else {
        eprintln!("{}: {}", face.words.t("cli-error"), face.words.t("cli-stdin-not-utf8"));
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
