//! The list of products of endoflife.date. A product itself is read by [`crate::advisory::end_of_life`].
//!
//! Source: `https://endoflife.date/api/v1/products` (an object with `result`) and the older `/api/all.json` (an array of
//! names).

use std::collections::BTreeSet;

use serde::Deserialize;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::refuse_page;
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Names(Vec<String>),
    Products(Products),
}

#[derive(Deserialize)]
struct Products {
    #[serde(default)]
    total: Option<usize>,
    result: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    name: String,
}

/// Reads the names of all products, fit for an address and for the name of a file.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `json-invalid` and its kin, `feed-empty` without products, `list-too-long`;
/// `field-invalid` for a name with other signs than small letters, digits, `-`, `_`, `.` and `+`, and for a number of products
/// other than the one announced.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<BTreeSet<String>, Diagnostic> {
    refuse_page(bytes, path)?;
    let (total, names) = match json::read::<Document>(bytes, path, limits)? {
        Document::Names(names) => (None, names),
        Document::Products(products) => {
            (products.total, products.result.into_iter().map(|product| product.name).collect())
        }
    };
    let place = Place::file(path);
    if names.is_empty() {
        return Err(Diagnostic::new(Code::FeedEmpty, place));
    }
    if names.len() > limits.entries {
        return Err(Diagnostic::new(Code::ListTooLong, place).with("limit", limits.entries));
    }
    if let Some(total) = total.filter(|total| *total != names.len()) {
        let told = Diagnostic::new(Code::FieldInvalid, place).with("field", "total");
        return Err(told.with("value", total).with("expected", names.len()));
    }
    if let Some(odd) = names.iter().find(|name| !is_name(name)) {
        let told = Diagnostic::new(Code::FieldInvalid, place).with("field", "name");
        return Err(told.with("value", shorten(odd, 60)).with("expected", "the name of a product"));
    }
    Ok(names.into_iter().collect())
}

fn is_name(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.+".contains(&byte);
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    begins && name.len() <= 100 && name.bytes().all(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<BTreeSet<String>, Diagnostic> {
        read(text.as_bytes(), "products.json", &Limits::DEFAULT)
    }

    #[test]
    fn both_forms() {
        let newer = r#"{"schema_version":"1.2.0","total":2,"result":[{"name":"windows-server","label":"x"},
            {"name":"notepad++"}]}"#;
        let names = read_text(newer).expect("reads");
        assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), ["notepad++", "windows-server"]);
        assert_eq!(read_text(r#"["php","4d"]"#).expect("reads").len(), 2);
    }

    #[test]
    fn what_is_wrong_is_an_error() {
        let table = [
            ("", Code::FileEmpty),
            ("<!doctype html>", Code::PageInsteadOfData),
            ("[]", Code::FeedEmpty),
            (r#"{"total":0,"result":[]}"#, Code::FeedEmpty),
            (r#"{"total":3,"result":[{"name":"php"}]}"#, Code::FieldInvalid),
            (r#"["../php"]"#, Code::FieldInvalid),
            (r#"["a/b"]"#, Code::FieldInvalid),
            (r#"["..."]"#, Code::FieldInvalid),
            (r#"[1]"#, Code::FieldInvalid),
            (r#"{"message":"x"}"#, Code::FieldInvalid),
            (r#"["php""#, Code::JsonInvalid),
        ];
        for (text, code) in table {
            assert_eq!(read_text(text).expect_err("must be refused").code, code, "{text}");
        }
    }
}
