//! What changed in the CVE list: `deltaLog.json` (and `delta.json`, its newest entry) and the names of the files of a
//! release.
//!
//! Source: CVEProject/cvelistV5, `README.md` ("Releases") and `cves/deltaLog.json`. The log goes back some thirty days, so that
//! who asks for more needs the whole list.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier;

use super::locations::fetchable;
use super::refuse_page;
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// What one update of the list changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// When it was made.
    pub fetched: Timestamp,
    /// Records that were new.
    pub new: BTreeSet<String>,
    /// Records that were changed.
    pub updated: BTreeSet<String>,
}

/// The log, sorted by time. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeltaLog {
    /// The updates, the oldest first.
    pub deltas: Vec<Delta>,
    /// Numbers that do not fit, and records that the list could not take in.
    pub diagnostics: Vec<Diagnostic>,
}

impl DeltaLog {
    /// The records that are new or changed after this time; `None` if the log does not go back so far, so that changes
    /// in between are not in it.
    pub fn since(&self, time: Timestamp) -> Option<BTreeSet<&str>> {
        let reaches = self.deltas.first().is_some_and(|oldest| oldest.fetched <= time);
        let later = self.deltas.iter().filter(|delta| delta.fetched > time);
        let ids = later.flat_map(|delta| delta.new.iter().chain(&delta.updated)).map(String::as_str);
        reaches.then(|| ids.collect())
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Log(Vec<RawDelta>),
    One(RawDelta),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDelta {
    fetch_time: String,
    #[serde(default)]
    number_of_changes: Option<u64>,
    #[serde(default)]
    new: Vec<RawRecord>,
    #[serde(default)]
    updated: Vec<RawRecord>,
    #[serde(default)]
    error: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRecord {
    cve_id: String,
}

/// Reads `deltaLog.json` or `delta.json`.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `json-invalid` and its kin, `feed-empty` for a log without updates;
/// `field-invalid` for a time or a number of a record that is none: then nothing of the log is used.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<DeltaLog, Diagnostic> {
    refuse_page(bytes, path)?;
    let log = match json::read::<Document>(bytes, path, limits)? {
        Document::Log(log) => log,
        Document::One(delta) => vec![delta],
    };
    let mut deltas = Vec::new();
    let mut diagnostics = Vec::new();
    for (number, raw) in log.into_iter().enumerate() {
        let place = Place::file(path).at_field(format!("/{number}"));
        let changes = (raw.new.len() + raw.updated.len()) as u64;
        let errors = raw.error.len() as u64;
        if let Some(announced) = raw.number_of_changes
            && announced != changes
            && announced != changes + errors
        {
            let told = Diagnostic::new(Code::SpecViolation, place.clone()).with("rule", "numberOfChanges");
            diagnostics.push(told.with("announced", announced).with("found", changes));
        }
        if errors > 0 {
            let told = Diagnostic::new(Code::SourceReportedError, place.clone()).with("code", "error");
            diagnostics.push(told.with("message", errors));
        }
        let fetched = raw.fetch_time.parse().map_err(|_| invalid("fetchTime", &raw.fetch_time, &place))?;
        let (new, updated) = (ids(raw.new, &place)?, ids(raw.updated, &place)?);
        deltas.push(Delta { fetched, new, updated });
    }
    if deltas.is_empty() {
        return Err(Diagnostic::new(Code::FeedEmpty, Place::file(path)));
    }
    deltas.sort_by_key(|delta| delta.fetched);
    Ok(DeltaLog { deltas, diagnostics })
}

fn ids(records: Vec<RawRecord>, place: &Place) -> Result<BTreeSet<String>, Diagnostic> {
    let id = |record: RawRecord| {
        let known = identifier::is_cve(&record.cve_id) && record.cve_id.len() <= 40;
        if known { Ok(record.cve_id) } else { Err(invalid("cveId", &record.cve_id, place)) }
    };
    records.into_iter().map(id).collect()
}

fn invalid(field: &str, value: &str, place: &Place) -> Diagnostic {
    let told = Diagnostic::new(Code::FieldInvalid, place.clone()).with("field", field);
    told.with("value", shorten(value, 60)).with("expected", if field == "cveId" { "CVE-…" } else { "a time" })
}

/// A file of a release, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asset {
    /// The day that it is about, in UTC.
    pub day: Date,
    /// What it holds.
    pub kind: AssetKind,
}

/// What a file of a release holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssetKind {
    /// All records as of midnight, when the day begins: `2026-10-08_all_CVEs_at_midnight.zip.zip`.
    All,
    /// What changed since midnight, as of this full hour: `2026-10-08_delta_CVEs_at_1400Z.zip`.
    Delta(u8),
    /// What changed on the whole day: `2026-10-08_delta_CVEs_at_end_of_day.zip`.
    DeltaOfDay,
}

/// Reads the name of a file of a release; `None` for other files.
pub fn asset(name: &str) -> Option<Asset> {
    let (day, rest) = name.split_once('_')?;
    let day = (day.len() == 10).then(|| day.parse::<Date>().ok())??;
    let kind = match rest {
        // The archive of all records is an archive in an archive, and was not in the beginning.
        "all_CVEs_at_midnight.zip.zip" | "all_CVEs_at_midnight.zip" => AssetKind::All,
        "delta_CVEs_at_end_of_day.zip" => AssetKind::DeltaOfDay,
        _ => {
            let time = rest.strip_prefix("delta_CVEs_at_")?.strip_suffix("Z.zip")?;
            let hour = time.strip_suffix("00").filter(|hour| hour.len() == 2)?;
            let digits = hour.bytes().all(|byte| byte.is_ascii_digit());
            AssetKind::Delta(hour.parse().ok().filter(|hour| digits && *hour < 24)?)
        }
    };
    Some(Asset { day, kind })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Releases {
    Many(Vec<RawRelease>),
    One(RawRelease),
}

#[derive(Deserialize)]
struct RawRelease {
    assets: Vec<RawAsset>,
}

#[derive(Deserialize)]
struct RawAsset {
    name: String,
    browser_download_url: String,
}

/// Reads a release, or a list of them, as GitHub describes them: the archives with their addresses. Other files are left out.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `json-invalid` and its kin; `address-refused` for an archive that is not on one of these
/// hosts; `feed-empty` if there is no archive.
pub fn assets(
    bytes: &[u8],
    path: &str,
    hosts: &[&str],
    limits: &Limits,
) -> Result<BTreeMap<Asset, String>, Diagnostic> {
    refuse_page(bytes, path)?;
    let releases = match json::read::<Releases>(bytes, path, limits)? {
        Releases::Many(releases) => releases,
        Releases::One(release) => vec![release],
    };
    let place = Place::file(path);
    let mut found = BTreeMap::new();
    for raw in releases.into_iter().flat_map(|release| release.assets) {
        if let Some(asset) = asset(&raw.name) {
            let url = fetchable(&raw.browser_download_url, hosts)
                .map_err(|refusal| refusal.told(&raw.browser_download_url, &place))?;
            found.insert(asset, url);
        }
    }
    if found.is_empty() {
        return Err(Diagnostic::new(Code::FeedEmpty, place));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = r#"[
      {"fetchTime":"2026-10-08T10:07:00.000Z","numberOfChanges":2,
       "new":[{"cveId":"CVE-2026-106302","cveOrgLink":"https://www.cve.org/CVERecord?id=CVE-2026-106302",
               "githubLink":"https://example.org/a.json","dateUpdated":"2026-10-08T10:05:00.000Z"}],
       "updated":[{"cveId":"CVE-2025-0354"}],"error":[]},
      {"fetchTime":"2026-10-08T09:00:00.000Z","numberOfChanges":1,"new":[],"updated":[{"cveId":"CVE-2025-0001"}]}]"#;

    fn read_text(text: &str) -> Result<DeltaLog, Diagnostic> {
        read(text.as_bytes(), "deltaLog.json", &Limits::DEFAULT)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn changes_since_a_time_that_the_log_reaches() {
        let log = read_text(LOG).expect("reads");
        assert!(log.diagnostics.is_empty(), "{:?}", log.diagnostics);
        let since = log.since(at("2026-10-08T09:00:00Z")).expect("reaches");
        assert_eq!(since.into_iter().collect::<Vec<_>>(), ["CVE-2025-0354", "CVE-2026-106302"]);
        assert_eq!(log.since(at("2026-10-08T11:00:00Z")), Some(BTreeSet::new()));
        assert_eq!(log.since(at("2026-10-08T08:59:59Z")), None, "changes before the log are not known");
        let one = read_text(r#"{"fetchTime":"2026-10-08T09:00:00Z","new":[],"updated":[]}"#).expect("reads");
        assert_eq!(one.deltas.len(), 1);
    }

    #[test]
    fn damaged_logs_are_refused_and_odd_ones_told() {
        let table = [
            ("[]", Code::FeedEmpty),
            ("", Code::FileEmpty),
            ("<html>", Code::PageInsteadOfData),
            ("[{\"fetchTime\":\"now\"}]", Code::FieldInvalid),
            (r#"[{"fetchTime":"2026-10-08T09:00:00Z","new":[{"cveId":"../x"}]}]"#, Code::FieldInvalid),
            ("[{}]", Code::FieldInvalid),
            ("[{", Code::JsonInvalid),
        ];
        for (text, code) in table {
            assert_eq!(read_text(text).expect_err("must be refused").code, code, "{text}");
        }
        let odd = r#"[{"fetchTime":"2026-10-08T09:00:00Z","numberOfChanges":5,"new":[],"error":[{}]}]"#;
        let codes: Vec<Code> =
            read_text(odd).expect("reads").diagnostics.iter().map(|told| told.code).collect();
        assert_eq!(codes, [Code::SpecViolation, Code::SourceReportedError]);
    }

    #[test]
    fn archives_of_releases() {
        let release = |host: &str| {
            format!(
                r#"{{"tag_name":"x","assets":[{{"name":"2026-10-08_delta_CVEs_at_1400Z.zip",
                "browser_download_url":"https://{host}/a.zip"}},{{"name":"notes.txt","browser_download_url":"x"}}]}}"#
            )
        };
        let read = |text: &str| assets(text.as_bytes(), "r", &["example.org"], &Limits::DEFAULT);
        let one = read(&release("example.org")).expect("reads");
        let kinds: Vec<AssetKind> = one.keys().map(|asset| asset.kind).collect();
        assert_eq!(kinds, [AssetKind::Delta(14)]);
        assert_eq!(read(&format!("[{0},{0}]", release("example.org"))), Ok(one));
        for (text, code) in [
            (release("evil.org").as_str(), Code::AddressRefused),
            ("[]", Code::FeedEmpty),
            (r#"{"message":"API rate limit exceeded"}"#, Code::FieldInvalid),
            ("<html>", Code::PageInsteadOfData),
        ] {
            assert_eq!(read(text).expect_err("must be refused").code, code, "{text}");
        }
    }

    #[test]
    fn names_of_files() {
        let kind = |name: &str| asset(name).map(|asset| asset.kind);
        assert_eq!(kind("2026-10-08_all_CVEs_at_midnight.zip.zip"), Some(AssetKind::All));
        assert_eq!(kind("2026-10-08_delta_CVEs_at_1400Z.zip"), Some(AssetKind::Delta(14)));
        assert_eq!(kind("2026-10-08_delta_CVEs_at_end_of_day.zip"), Some(AssetKind::DeltaOfDay));
        for name in [
            "2026-10-08_delta_CVEs_at_2400Z.zip",
            "2026-13-08_all_CVEs_at_midnight.zip",
            "2026-10-08_delta_CVEs_at_+100Z.zip",
            "all_CVEs_at_midnight.zip",
            "2026-10-08_delta_CVEs_at_1430Z.zip",
            "",
        ] {
            assert_eq!(asset(name), None, "{name}");
        }
    }
}
