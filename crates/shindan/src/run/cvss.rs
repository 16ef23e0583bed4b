//! `cvss VECTOR... | -`

use std::io::{BufRead, Write};

use shindan_report::json;

use super::not_written;
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Scores vectors, one JSON line each, in input order. `-` stands for the lines of standard input.
pub fn run(vectors: &[String], face: &Face) -> Exit {
    let mut malformed = false;
    let written = write_to(None, |out| {
        for vector in vectors {
            if vector != "-" {
                malformed |= !score(vector, out)?;
                continue;
            }
            for line in std::io::stdin().lock().lines() {
                let line = line?;
                if !line.trim().is_empty() {
                    malformed |= !score(line.trim(), out)?;
                }
            }
        }
        Ok(())
    });
    match written {
        Err(error) => not_written(&error, face),
        Ok(()) if malformed => Exit::Unreadable,
        Ok(()) => Exit::Done,
    }
}

/// False if the vector is malformed.
fn score(vector: &str, out: &mut dyn Write) -> std::io::Result<bool> {
    let scores = shindan_domain::cvss::score(vector);
    json::write_cvss(vector, &scores, out)?;
    Ok(scores.is_ok())
}
