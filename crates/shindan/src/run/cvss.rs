//! `cvss VECTOR... | -`

use std::io::{BufRead, Read, Write};

use shindan_report::json;

use super::{not_written, stdin_unreadable};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Longest line that is looked at; no vector comes near it.
const LONGEST: u64 = 4096;

/// Scores vectors, one JSON line each, in input order. `-` stands for the lines of standard input.
pub fn run(vectors: &[String], face: &Face) -> Exit {
    let mut malformed = false;
    let mut input_error = None;
    let written = write_to(None, |out| {
        for vector in vectors {
            if vector != "-" {
                malformed |= !score(vector, out)?;
                continue;
            }
            let mut lines = Lines { input: std::io::stdin().lock() };
            loop {
                match lines.next() {
                    Ok(Some(line)) if line.trim().is_empty() => {}
                    Ok(Some(line)) => malformed |= !score(line.trim(), out)?,
                    Ok(None) => break,
                    Err(error) => {
                        input_error = Some(error);
                        break;
                    }
                }
            }
        }
        Ok(())
    });
    match (written, input_error) {
        (Err(error), _) => not_written(&error, face),
        (Ok(()), Some(error)) => stdin_unreadable(&error, face),
        (Ok(()), None) if malformed => Exit::Unreadable,
        (Ok(()), None) => Exit::Done,
    }
}

/// Lines of foreign input: not UTF-8 perhaps, and of any length. Memory holds the beginning of one.
struct Lines<R> {
    input: R,
}

impl<R: BufRead> Lines<R> {
    /// The next line, `None` at the end. What is not UTF-8 is replaced, and a line that is too long ends in `…`: both
    /// make a vector malformed, so that neither passes for a good one.
    fn next(&mut self) -> std::io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        let mut text = String::from_utf8_lossy(&line).into_owned();
        if !line.ends_with(b"\n") && read as u64 == LONGEST && self.skip_line()? {
            text.push('…');
        }
        Ok(Some(text))
    }

    /// Passes over the rest of the line. False if there was none.
    fn skip_line(&mut self) -> std::io::Result<bool> {
        let mut anything = false;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(anything);
            }
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    self.input.consume(end + 1);
                    return Ok(anything || end > 0);
                }
                None => {
                    let length = buffer.len();
                    self.input.consume(length);
                    anything = true;
                }
            }
        }
    }
}

/// False if the vector is malformed.
fn score(vector: &str, out: &mut dyn Write) -> std::io::Result<bool> {
    let scores = shindan_domain::cvss::score(vector);
    json::write_cvss(vector, &scores, out)?;
    Ok(scores.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<String> {
        let mut lines = Lines { input };
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn lines_of_any_kind() {
        assert_eq!(lines(b"a\nb"), ["a\n", "b"]);
        assert_eq!(lines(b"\xff\n"), ["\u{fffd}\n"]);
        let long = [vec![b'x'; 10_000], b"\nnext\n".to_vec()].concat();
        let read = lines(&long);
        assert!(read[0].ends_with('…') && read[0].len() < 5000);
        assert_eq!(read[1..], ["next\n"]);
        let exact = [vec![b'x'; 4096], b"\nnext".to_vec()].concat();
        assert_eq!(lines(&exact)[1..], ["next"]);
        assert!(!lines(&exact)[0].ends_with('…'));
    }
}
