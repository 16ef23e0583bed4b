//! By what a finding is the same one in the next run (SPEC.md section 4, ③: stable identity).
//!
//! ```text
//! component   tool, rule or identifier, component, file, object       never its version
//! source      tool, rule, file, the code there or the tool's own fingerprint   never the line, unless there is nothing else
//! web         tool, rule, host, port, method, path, parameter         never values of a query
//! host        tool, rule, host, port, protocol
//! ```
//!
//! The version of the tool, its severity and its words are no part of it: decisions survive a new version of the tool.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::report::ScanResult;
use crate::ledger::Hash;
use crate::terms;

terms! {
    /// What the identity of a finding rests on.
    pub enum IdentityBasis ("scan-identity") {
        /// A component and the vulnerability's identifier.
        Component = "component",
        /// A file and the code in it, or the tool's own fingerprint.
        Source = "source",
        /// An address of a web application.
        Web = "web",
        /// A host and port.
        Host = "host",
        /// The rule alone: the target as a whole.
        Target = "target",
    }
}

/// The identity of a finding: the first 12 bytes of a SHA-256, as 24 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 12]);

/// The text is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the identity of a finding (24 hexadecimal digits)")]
pub struct NotAFingerprint(pub String);

impl Fingerprint {
    /// The identity of a finding of this kind of tool.
    pub fn of(tool: &str, result: &ScanResult) -> Self {
        Self::numbered(tool, result, 0)
    }

    /// The identity of the `nth` of several findings that are otherwise alike (the same code twice in a file): 0 for the first.
    pub fn numbered(tool: &str, result: &ScanResult, nth: u32) -> Self {
        let mut text = String::from("shindan finding 1\n");
        let mut part = |part: &str| {
            // Lengths keep parts apart whatever they contain.
            text.push_str(&part.len().to_string());
            text.push(':');
            text.push_str(part);
            text.push('\n');
        };
        part(tool);
        part(basis(result).as_str());
        for one in parts(result) {
            part(&one);
        }
        if nth > 0 {
            part(&nth.to_string());
        }
        let Hash(bytes) = Hash::of(text.as_bytes());
        let mut short = [0; 12];
        short.copy_from_slice(&bytes[..12]);
        Fingerprint(short)
    }
}

/// What the identity rests on.
pub fn basis(result: &ScanResult) -> IdentityBasis {
    let place = &result.place;
    if place.component.is_some() {
        IdentityBasis::Component
    } else if place.file.is_some() {
        IdentityBasis::Source
    } else if place.path.is_some() {
        IdentityBasis::Web
    } else if place.host.is_some() {
        IdentityBasis::Host
    } else {
        IdentityBasis::Target
    }
}

fn parts(result: &ScanResult) -> Vec<String> {
    let place = &result.place;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let port = place.port.map(|port| port.to_string()).unwrap_or_default();
    match basis(result) {
        IdentityBasis::Component => {
            vec![
                result.rule.clone(),
                text(&place.component),
                text(&place.file),
                text(&place.object),
                text(&place.host),
            ]
        }
        IdentityBasis::Source => {
            let told = result.tool_fingerprint.clone().or_else(|| place.code.as_deref().map(squeezed));
            let line = || place.line.map(|line| format!("line {line}")).unwrap_or_default();
            vec![result.rule.clone(), text(&place.file), told.unwrap_or_else(line), text(&place.object)]
        }
        IdentityBasis::Web => vec![
            result.rule.clone(),
            text(&place.host),
            port,
            text(&place.method),
            text(&place.path),
            text(&place.parameter),
            text(&place.object),
        ],
        IdentityBasis::Host => {
            vec![result.rule.clone(), text(&place.host), port, text(&place.protocol), text(&place.object)]
        }
        IdentityBasis::Target => vec![result.rule.clone(), text(&place.object)],
    }
}

/// Code without its spacing: an indented line is the same line.
fn squeezed(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotAFingerprint(text.to_owned());
        if text.len() != 24 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refused());
        }
        let mut bytes = [0; 12];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(at * 2..at * 2 + 2).ok_or_else(refused)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refused())?;
        }
        Ok(Fingerprint(bytes))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
