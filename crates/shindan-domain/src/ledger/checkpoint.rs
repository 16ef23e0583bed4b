//! A signed statement of how far the ledger had come, to be kept by somebody else.
//!
//! The text form is made for print and for sending to the other party; what is signed is every line before the
//! signature, as UTF-8 with line feeds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Hash;
use crate::record_id::InstallationId;

/// How far the ledger had come. 検証点
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Whose ledger.
    pub installation: InstallationId,
    /// Number of the last entry.
    pub sequence: u64,
    /// Its hash, which fixes everything before it.
    pub hash: Hash,
    /// When it was made, UTC.
    pub at: Timestamp,
    /// The Ed25519 public key of the installation (RFC 8032), 64 hexadecimal digits.
    pub key: String,
    /// The Ed25519 signature over [`Checkpoint::signed`], 128 hexadecimal digits.
    pub signature: String,
}

/// The text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CheckpointError {
    /// Line, from 1.
    pub line: usize,
    /// What should stand there.
    pub reason: String,
}

const TITLE: &str = "shindan ledger checkpoint 1";

impl Checkpoint {
    /// The bytes that are signed.
    pub fn signed(&self) -> Vec<u8> {
        self.statement().into_bytes()
    }

    /// The text form: the signed lines and the signature.
    pub fn to_text(&self) -> String {
        format!("{}signature: {}\n", self.statement(), self.signature)
    }

    fn statement(&self) -> String {
        let Checkpoint { installation, sequence, hash, at, key, .. } = self;
        format!(
            "{TITLE}\ninstallation: {installation}\nsequence: {sequence}\nhash: {hash}\nat: {at}\nkey: {key}\n"
        )
    }

    /// Reads the text form. Whether the signature holds is not checked here.
    ///
    /// # Errors
    /// [`CheckpointError`] names the line that is not as it should be.
    pub fn from_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = Lines { lines: text.trim_start_matches('\u{feff}').lines(), number: 0 };
        if lines.next() != TITLE {
            return Err(lines.wrong(TITLE));
        }
        let checkpoint = Checkpoint {
            installation: lines.field("installation")?,
            sequence: lines.field("sequence")?,
            hash: lines.field("hash")?,
            at: lines.field("at")?,
            key: lines.field("key")?,
            signature: lines.field("signature")?,
        };
        match lines.next() {
            "" => Ok(checkpoint),
            _ => Err(lines.wrong("nothing more")),
        }
    }
}

/// Lines with their number.
struct Lines<'a> {
    lines: std::str::Lines<'a>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> &'a str {
        self.number += 1;
        self.lines.next().unwrap_or_default().trim_end()
    }

    fn wrong(&self, expected: &str) -> CheckpointError {
        CheckpointError { line: self.number, reason: expected.to_owned() }
    }

    fn field<T: std::str::FromStr>(&mut self, name: &str) -> Result<T, CheckpointError> {
        let line = self.next();
        let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": "));
        value.and_then(|value| value.parse().ok()).ok_or_else(|| self.wrong(&format!("{name}: …")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Checkpoint {
        Checkpoint {
            installation: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            sequence: 42,
            hash: Hash::of(b"42"),
            at: "2026-11-26T01:02:03.004Z".parse().unwrap(),
            key: "ab".repeat(32),
            signature: "cd".repeat(64),
        }
    }

    #[test]
    fn the_text_form_round_trips_and_survives_a_printers_line_ends() {
        let checkpoint = sample();
        assert_eq!(Checkpoint::from_text(&checkpoint.to_text()), Ok(checkpoint.clone()));
        assert_eq!(
            Checkpoint::from_text(&checkpoint.to_text().replace('\n', "\r\n")),
            Ok(checkpoint.clone())
        );
        assert!(checkpoint.to_text().as_bytes().starts_with(&checkpoint.signed()));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let text = sample().to_text().replace("sequence: 42", "sequence: many");
        assert_eq!(Checkpoint::from_text(&text).unwrap_err().line, 3);
        assert_eq!(Checkpoint::from_text("").unwrap_err().line, 1);
        let more = sample().to_text() + "sequence: 43\n";
        assert_eq!(Checkpoint::from_text(&more).unwrap_err().line, 8);
    }
}
