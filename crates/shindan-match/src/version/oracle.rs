//! Checks lines of known answers, `a < b`, `a = b`, `a > b`, against the order of a scheme.

use std::cmp::Ordering;

use shindan_domain::version::Scheme;

use super::compare;

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderReport {
    /// How many lines agree.
    pub passed: usize,
    /// The lines that do not.
    pub failed: Vec<FailedLine>,
}

/// A line that does not agree with the order, or that says nothing that could be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLine {
    /// Number of the line, from 1.
    pub line: usize,
    /// The line, without blanks around it.
    pub text: String,
    /// The comparison as it came out, or why there is none.
    pub got: String,
}

/// Checks every line of `text`. Blank lines and lines that begin with `//` or `#` are skipped; whatever else is not a
/// comparison, or compares a version that has no order, is a failure.
pub fn check_lines(scheme: Scheme, text: &str) -> OrderReport {
    let mut report = OrderReport::default();
    for (index, line) in text.lines().enumerate() {
        let line = if index == 0 { line.trim_start_matches('\u{feff}') } else { line }.trim();
        if line.is_empty() || line.starts_with("//") || line.starts_with('#') {
            continue;
        }
        match check_line(scheme, line) {
            Ok(()) => report.passed += 1,
            Err(got) => report.failed.push(FailedLine { line: index + 1, text: line.to_owned(), got }),
        }
    }
    report
}

fn check_line(scheme: Scheme, line: &str) -> Result<(), String> {
    let comparison = Comparison::parse(line)?;
    let got = compare(scheme, comparison.left, comparison.right).map_err(|unknown| unknown.to_string())?;
    if got == comparison.expected {
        return Ok(());
    }
    Err(format!("{} {} {}", comparison.left, sign(got), comparison.right))
}

fn sign(ordering: Ordering) -> char {
    match ordering {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    }
}

struct Comparison<'a> {
    left: &'a str,
    expected: Ordering,
    right: &'a str,
}

impl<'a> Comparison<'a> {
    /// A sign counts only with a blank on either side, since versions may hold signs and blanks of their own.
    fn parse(line: &'a str) -> Result<Self, String> {
        let mut found = None;
        for (place, sign) in line.match_indices(['<', '=', '>']) {
            let (left, rest) = line.split_at(place);
            let right = rest.strip_prefix(sign).unwrap_or(rest);
            if !left.ends_with([' ', '\t']) || !right.starts_with([' ', '\t']) {
                continue;
            }
            if found.is_some() {
                return Err("more than one comparison".to_owned());
            }
            let expected = match sign {
                "<" => Ordering::Less,
                "=" => Ordering::Equal,
                _ => Ordering::Greater,
            };
            found = Some(Comparison { left: left.trim(), expected, right: right.trim() });
        }
        match found {
            Some(comparison) if comparison.left.is_empty() || comparison.right.is_empty() => {
                Err("a version is missing".to_owned())
            }
            Some(comparison) => Ok(comparison),
            None => Err("not a comparison: expected `a < b`, `a = b` or `a > b`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_and_unreadable_lines_fail_with_their_number() {
        let text = "\u{feff}# comment\n// comment\n\n1.0 < 1.1\r\n1.0 > 1.1\n1.0\n1.0 <1.1\n1.0 < x\n1 < 2 < 3\n< 1\n";
        let report = check_lines(Scheme::Semver, text);
        assert_eq!(report.passed, 1);
        let failed: Vec<(usize, &str)> = report.failed.iter().map(|f| (f.line, f.text.as_str())).collect();
        assert_eq!(
            failed,
            [(5, "1.0 > 1.1"), (6, "1.0"), (7, "1.0 <1.1"), (8, "1.0 < x"), (9, "1 < 2 < 3"), (10, "< 1"),]
        );
        assert_eq!(report.failed[0].got, "1.0 < 1.1");
        assert!(report.failed[3].got.contains("has no order under semver"), "{}", report.failed[3].got);
        assert_eq!(report.failed[4].got, "more than one comparison");
    }
}
