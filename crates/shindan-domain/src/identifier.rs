//! Identifiers of vulnerabilities and the one rule by which they merge.
//!
//! Only one-to-one identifiers merge (CVE ↔ GHSA ↔ RUSTSEC …). Identifiers of *documents* that may name several
//! vulnerabilities (JVNDB, ICSMA, vendor bulletins) link and never fuse. Source: SPEC, section ④-1 "Identity".

use std::fmt;

use serde::{Deserialize, Serialize};

/// The family an identifier belongs to, read from its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `CVE-2024-21762`; the number has four digits or more.
    Cve,
    /// GitHub advisory `GHSA-xxxx-xxxx-xxxx`.
    Ghsa,
    /// Ecosystem databases that give one id to one vulnerability: RUSTSEC, PYSEC, GO, OSV, GSD, MAL …
    Ecosystem,
    /// Documents: JVNDB, JVN#, ICSA/ICSMA, FG-IR, RHSA, DSA … They link, they never fuse.
    Document,
}

/// Classifies an identifier by its form.
pub fn family(id: &str) -> Family {
    if is_cve(id) {
        return Family::Cve;
    }
    let prefix = id.split('-').next().unwrap_or(id).to_ascii_uppercase();
    match prefix.as_str() {
        "GHSA" => Family::Ghsa,
        "RUSTSEC" | "PYSEC" | "GO" | "OSV" | "GSD" | "MAL" | "HSEC" | "RSEC" | "EEF" | "PSF" | "SNYK"
        | "EUVD" => Family::Ecosystem,
        _ => Family::Document,
    }
}

/// True for `CVE-YYYY-N…` with at least four digits at the end (six and more exist).
pub fn is_cve(id: &str) -> bool {
    let mut parts = id.splitn(3, '-');
    let (Some(cve), Some(year), Some(number)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    cve.eq_ignore_ascii_case("CVE")
        && year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && number.len() >= 4
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// 脆弱性
    #[default]
    Vulnerability,
    /// 設定不備
    Misconfiguration,
    /// The component is no longer maintained (RustSec `unmaintained`, also `notice`).
    Unmaintained,
    /// The component offers an unsound interface (RustSec `unsound`).
    Unsound,
    /// The maker's support has ended.
    EndOfLife,
    /// A device is used otherwise than its maker intends (SPEC section 4, ⑤-1). A person finds it; no source states it.
    UseDiffers,
    /// Nothing in a data exchange would notice that data was altered (SPEC section 4, ③-1). A person finds it, too.
    IntegrityUnchecked,
}

impl FindingKind {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::Vulnerability => "vulnerability",
            FindingKind::Misconfiguration => "misconfiguration",
            FindingKind::Unmaintained => "unmaintained",
            FindingKind::Unsound => "unsound",
            FindingKind::EndOfLife => "end_of_life",
            FindingKind::UseDiffers => "use_differs",
            FindingKind::IntegrityUnchecked => "integrity_unchecked",
        }
    }

    /// True if a person states it: no source does, and no comparison finds or clears it.
    pub fn is_stated(self) -> bool {
        matches!(self, FindingKind::UseDiffers | FindingKind::IntegrityUnchecked)
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cve_numbers_may_have_six_digits() {
        assert_eq!(family("CVE-2026-106302"), Family::Cve);
        assert_eq!(family("CVE-2026-106"), Family::Document);
        assert_eq!(family("JVNDB-2022-000097"), Family::Document);
        assert_eq!(family("GHSA-43w2-9j62-hq99"), Family::Ghsa);
        assert_eq!(family("RUSTSEC-2021-0003"), Family::Ecosystem);
        assert_eq!(family("ICSMA-20-184-01"), Family::Document);
    }
}
