//! Where a page of the NVD's API 2.0 stands in the whole answer. Its records are read by [`crate::advisory::nvd`].
//!
//! `totalResults` grows while somebody pages, so that the page alone tells whether there is a next one.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::refuse_page;
use crate::advisory::dates::{self, DateText};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NvdPage {
    /// Which answer it is a page of, such as `NVD_CVE`.
    pub format: String,
    /// Number of its first record, from 0.
    pub start: u64,
    /// How many records it holds, counted.
    pub returned: u64,
    /// How many there were when it was made.
    pub total: u64,
    /// When it was made. Times of the NVD are UTC.
    pub made: Timestamp,
}

impl NvdPage {
    /// The `startIndex` of the next page; `None` behind the last one.
    pub fn next(&self) -> Option<u64> {
        let next = self.start.saturating_add(self.returned);
        (self.returned > 0 && next < self.total).then_some(next)
    }

    /// True if this page begins where `before` ends and nothing has been taken away in between. Otherwise records may have
    /// been missed, and paging begins anew.
    pub fn follows(&self, before: &NvdPage) -> bool {
        self.format == before.format
            && self.start == before.start.saturating_add(before.returned)
            && self.total >= before.total
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    results_per_page: u64,
    start_index: u64,
    total_results: u64,
    format: String,
    version: String,
    timestamp: String,
    #[serde(default)]
    vulnerabilities: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    products: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    match_strings: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    cve_changes: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    sources: Option<Vec<IgnoredAny>>,
}

/// Reads a page.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `json-invalid` and its kin, `field-missing`; `format-unsupported` for another
/// version of the API; `field-invalid` if the page does not hold as many records as it announces, or is empty
/// although records should be on it: such a page is never the end of the answer.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<NvdPage, Diagnostic> {
    refuse_page(bytes, path)?;
    let raw: Raw = json::read(bytes, path, limits)?;
    let place = Place::file(path);
    if raw.version != "2.0" {
        let told = Diagnostic::new(Code::FormatUnsupported, place).with("format", shorten(&raw.format, 40));
        return Err(told.with("version", shorten(&raw.version, 40)));
    }
    let lists = [raw.vulnerabilities, raw.products, raw.match_strings, raw.cve_changes, raw.sources];
    let records = lists.into_iter().flatten().map(|list| list.len() as u64).next();
    let records = records
        .ok_or_else(|| Diagnostic::new(Code::FieldMissing, place.clone()).with("field", "vulnerabilities"))?;
    let invalid = |field: &str, value: u64, expected: String| {
        let told = Diagnostic::new(Code::FieldInvalid, place.clone()).with("field", field);
        Err(told.with("value", value).with("expected", expected))
    };
    if records != raw.results_per_page {
        return invalid("resultsPerPage", raw.results_per_page, records.to_string());
    }
    if raw.start_index.checked_add(records).is_none_or(|end| end > raw.total_results) {
        let expected = format!("at least {}", raw.start_index.saturating_add(records));
        return invalid("totalResults", raw.total_results, expected);
    }
    if records == 0 && raw.start_index < raw.total_results {
        return invalid("resultsPerPage", 0, "1 or more".to_owned());
    }
    let DateText::At(made) = dates::parse(&raw.timestamp) else {
        let told = Diagnostic::new(Code::FieldInvalid, place).with("field", "timestamp");
        return Err(told.with("value", shorten(&raw.timestamp, 60)).with("expected", "a time"));
    };
    let format = shorten(&raw.format, 40);
    Ok(NvdPage { format, start: raw.start_index, returned: records, total: raw.total_results, made })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(start: u64, records: u64, announced: u64, total: u64) -> Result<NvdPage, Diagnostic> {
        let list = vec!["{}"; usize::try_from(records).unwrap_or(0)].join(",");
        let text = format!(
            r#"{{"resultsPerPage":{announced},"startIndex":{start},"totalResults":{total},"format":"NVD_CVE",
            "version":"2.0","timestamp":"2026-10-08T08:41:24.983","vulnerabilities":[{list}]}}"#
        );
        read(text.as_bytes(), "p.json", &Limits::DEFAULT)
    }

    #[test]
    fn pages_follow_one_another_while_the_answer_grows() {
        let first = page(0, 3, 3, 7).expect("reads");
        assert_eq!(first.next(), Some(3));
        let second = page(3, 3, 3, 8).expect("reads");
        assert!(second.follows(&first));
        let third = page(6, 2, 2, 8).expect("reads");
        assert_eq!((third.next(), third.follows(&second), third.follows(&first)), (None, true, false));
        assert!(!page(6, 1, 1, 7).expect("reads").follows(&second), "records were taken away");
        assert_eq!(page(0, 0, 0, 0).expect("an empty answer").next(), None);
        assert_eq!(first.made.to_string(), "2026-10-08T08:41:24.983Z");
    }

    #[test]
    fn short_pages_are_no_end() {
        for (start, records, announced, total) in
            [(0, 2, 3, 8), (3, 0, 0, 8), (6, 3, 3, 8), (u64::MAX, 1, 1, 8)]
        {
            assert_eq!(page(start, records, announced, total).expect_err("short").code, Code::FieldInvalid);
        }
        let read = |text: &str| read(text.as_bytes(), "p", &Limits::DEFAULT).expect_err("refused").code;
        assert_eq!(read("{\"message\":\"API rate limit exceeded\"}"), Code::FieldMissing);
        assert_eq!(read("<!doctype HTML>"), Code::PageInsteadOfData);
        assert_eq!(read(""), Code::FileEmpty);
        assert_eq!(read("{\"resultsPerPage\":1"), Code::JsonInvalid);
    }

    #[test]
    fn genuine_pages() {
        for api in ["cve-api", "cpe-api"] {
            for case in ["increase", "3_pages"] {
                let mut before: Option<NvdPage> = None;
                for start in [0, 3, 6] {
                    let Some(path) = shindan_testdata::path(&format!("nvd/{api}/{case}/{start}-3.json"))
                    else {
                        return;
                    };
                    let page = read(&std::fs::read(path).expect("readable"), "p", &Limits::DEFAULT);
                    let page = page.expect("reads");
                    assert_eq!(page.start, start);
                    if let Some(before) = &before {
                        assert_eq!(before.next(), Some(page.start));
                        assert!(page.follows(before), "{api} {case} {start}");
                    }
                    before = Some(page);
                }
                assert_eq!(before.and_then(|page| page.next()), None, "{api} {case}");
            }
        }
    }
}
