//! Test tools shared by the schemes: files of `a < b` lines, and input that no writer of versions would make.

use std::cmp::Ordering;

use shindan_domain::version::Scheme;

use super::compare;

/// The lines of `table` that do not hold under `scheme`, each with what was found instead.
///
/// Blank lines and lines that begin with `#` or `//` are skipped; a line is `a < b`, `a = b` or `a > b`.
pub fn wrong_lines(scheme: Scheme, table: &str) -> (usize, Vec<(String, String)>) {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for line in table.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        let words: Vec<&str> = line.split(' ').collect();
        let [a, sign, b] = words[..] else { panic!("not a line of an order table: {line}") };
        let expected = match sign {
            "<" => Ordering::Less,
            "=" => Ordering::Equal,
            ">" => Ordering::Greater,
            _ => panic!("not a line of an order table: {line}"),
        };
        checked += 1;
        let found = compare(scheme, a, b);
        let back = compare(scheme, b, a);
        if found != Ok(expected) || back != Ok(expected.reverse()) {
            wrong.push((line.to_owned(), format!("{found:?}")));
        }
    }
    (checked, wrong)
}

/// Asserts that every line of `table` holds.
pub fn assert_lines(scheme: Scheme, table: &str, at_least: usize) {
    let (checked, wrong) = wrong_lines(scheme, table);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= at_least, "only {checked} lines");
}

/// Asserts that the lines of the genuine file hold, save the `known` ones, and that those do not.
pub fn assert_genuine(scheme: Scheme, file: &str, known: &[(&str, &str)]) {
    let Some(path) = shindan_testdata::path(&format!("versions/{file}")) else { return };
    let table = std::fs::read_to_string(path).expect("readable");
    let (checked, wrong) = wrong_lines(scheme, &table);
    let unexpected: Vec<_> = wrong.iter().filter(|(line, _)| !known.iter().any(|(k, _)| k == line)).collect();
    assert!(unexpected.is_empty(), "{} of {checked} lines: {unexpected:#?}", unexpected.len());
    let stale: Vec<_> = known.iter().filter(|(k, _)| !wrong.iter().any(|(line, _)| line == k)).collect();
    assert!(stale.is_empty(), "these lines hold after all: {stale:#?}");
}

/// Property tests that every scheme has to pass: no panic, and `out` unchanged by an error.
macro_rules! no_panic_tests {
    ($scheme:expr, $pattern:literal) => {
        fn keeps_out_on_error(text: &str) {
            let mut out = b"kept".to_vec();
            match $crate::version::write_key($scheme, text, &mut out) {
                Ok(()) => assert!(out.len() > 4 && out.starts_with(b"kept"), "{text:?}"),
                Err(error) => {
                    assert_eq!(out, b"kept", "{text:?}");
                    assert_eq!(error.version, text);
                }
            }
        }

        proptest! {
            #[test]
            fn no_panic_on_any_text(text in any::<String>()) {
                keeps_out_on_error(&text);
            }

            #[test]
            fn no_panic_on_likely_text(text in $pattern) {
                keeps_out_on_error(&text);
                let mut broken = text.clone();
                broken.push('ア');
                keeps_out_on_error(&broken);
            }
        }

        #[test]
        fn no_panic_and_no_delay_on_long_text() {
            for part in
                ["1", "1.", "a", "1a", "~", "-", "-0", ".0", "0", "((((", "é", "alpha1-", ":", "_p1", " "]
            {
                keeps_out_on_error(&part.repeat(300_000 / part.len()));
            }
        }
    };
}
pub(super) use no_panic_tests;
