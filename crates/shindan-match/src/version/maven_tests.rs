use std::cmp::Ordering;

use proptest::prelude::*;
use shindan_domain::version::Scheme;

use super::super::test_support::{assert_genuine, assert_lines, no_panic_tests};
use crate::version::{compare, key};

/// From the examples of the specification and from artifacts.
const FACTS: &str = "
    1 < 1.1
    1-snapshot < 1
    1 < 1-sp
    1-foo2 < 1-foo10
    1.foo = 1-foo
    1-foo < 1-1
    1-1 < 1.1
    1.ga = 1-ga
    1-ga = 1-0
    1-0 = 1.0
    1.0 = 1
    1-sp > 1-ga
    1-sp.1 > 1-ga.1
    1-sp-1 < 1-ga-1
    1-ga-1 = 1-1
    1-a1 = 1-alpha-1
    1.0.0-foo.0.0 = 1-foo
    1.0.0-0.0.0 = 1
    1-1.foo-bar1baz-.1 = 1-1.foo-bar-1-baz-0.1
    1-0-2 = 1-2
    2.0-beta9 < 2.0-rc1
    2.0-rc1 < 2.0
    2.12.1 < 2.12.2
    2.12.2 < 2.15.0
    2.14.1 < 2.15.0
    4.1.94.Final = 4.1.94
    4.1.93.Final < 4.1.94.Final
    5.0.0.Alpha1 < 5.0.0.Beta1
    9.4.0.M1 < 9.4.0.RC0
    9.4.0.RC1 < 9.4.0.v20161208
    9.4.0 < 9.4.0.v20161208
    32.0.0-android < 32.0.1-android
    32.0.0-android < 32.0.0-jre
    2.13.9.Final-redhat-00003 > 2.13.9.Final
    1.0.RC1 = 1.0-rc-1
    1.0-SNAPSHOT < 1.0
    1.0-20240101.120000-1 > 1.0
    1.0-A < 1.0-b
    1.0-Ä = 1.0-ä
    1.0.alpha < 1
    1.0.alpha < 1-foo
";

#[test]
fn facts_are_in_order() {
    assert_lines(Scheme::Maven, FACTS, 40);
}

#[test]
fn genuine_lines_hold() {
    assert_genuine(Scheme::Maven, "maven-versions.txt", &[]);
}

#[test]
fn nothing_and_control_characters_have_no_order() {
    for version in ["", " ", "1.0\u{1}", "1\u{0}2"] {
        assert!(key(Scheme::Maven, version).is_err(), "{version:?}");
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(u128),
    Word(String),
}

/// The specification step by step: split, replace, trim, pad, compare.
fn tokens(version: &str) -> Vec<(char, Token)> {
    let lower = version.to_lowercase();
    let mut pieces: Vec<(char, String)> = vec![('.', String::new())];
    for c in lower.chars() {
        if c == '.' || c == '-' {
            pieces.push((c, String::new()));
            continue;
        }
        let (_, last) = pieces.last_mut().expect("one");
        if last.chars().next_back().is_some_and(|p| p.is_ascii_digit() != c.is_ascii_digit()) {
            if c.is_ascii_digit() {
                let full = match last.as_str() {
                    "a" => "alpha",
                    "b" => "beta",
                    "m" => "milestone",
                    other => other,
                };
                *last = full.to_owned();
            }
            pieces.push(('-', c.to_string()));
        } else {
            last.push(c);
        }
    }
    let mut tokens: Vec<(char, Token)> = pieces
        .into_iter()
        .map(|(prefix, piece)| match piece.as_str() {
            "" => (prefix, Token::Number(0)),
            "final" | "ga" | "release" => ('-', Token::Word(String::new())),
            "cr" => ('-', Token::Word("rc".to_owned())),
            word if !word.starts_with(|c: char| c.is_ascii_digit()) => ('-', Token::Word(word.to_owned())),
            number => (prefix, Token::Number(number.parse().expect("number"))),
        })
        .collect();
    let null = |token: &Token| *token == Token::Number(0) || *token == Token::Word(String::new());
    let mut end = tokens.len();
    loop {
        while end > 0 && null(&tokens[end - 1].1) {
            tokens.remove(end - 1);
            end -= 1;
        }
        // To the next hyphen on the left.
        while end > 0 && tokens[end - 1].0 != '-' {
            end -= 1;
        }
        if end == 0 {
            return tokens;
        }
        end -= 1;
    }
}

fn direct(a: &str, b: &str) -> Ordering {
    let (a, b) = (tokens(a), tokens(b));
    for i in 0..a.len().max(b.len()) {
        let pad = |other: &(char, Token)| match other.0 {
            '.' => ('.', Token::Number(0)),
            _ => ('-', Token::Word(String::new())),
        };
        let (x, y) = match (a.get(i), b.get(i)) {
            (Some(x), Some(y)) => (x.clone(), y.clone()),
            (Some(x), None) => (x.clone(), pad(x)),
            (None, Some(y)) => (pad(y), y.clone()),
            (None, None) => return Ordering::Equal,
        };
        let kind = |token: &(char, Token)| match token {
            (_, Token::Word(_)) => 0,
            ('-', _) => 1,
            _ => 2,
        };
        let known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
        let place = |word: &str| known.iter().position(|k| *k == word).unwrap_or(known.len());
        let order = kind(&x).cmp(&kind(&y)).then_with(|| match (&x.1, &y.1) {
            (Token::Number(x), Token::Number(y)) => x.cmp(y),
            (Token::Word(x), Token::Word(y)) => place(x).cmp(&place(y)).then_with(|| x.cmp(y)),
            _ => Ordering::Equal,
        });
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

const VERSION: &str = "[0-2]{1,2}([.-]?(0|1|10|a|b|m|alpha|RC|cr|ga|Final|sp|SNAPSHOT|foo|x|ä)?){0,6}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn keys_order_as_the_specification_says(a in VERSION, b in VERSION) {
        prop_assert_eq!(compare(Scheme::Maven, &a, &b), Ok(direct(&a, &b)), "{:?} {:?}", tokens(&a), tokens(&b));
    }

    #[test]
    fn trailing_nulls_do_not_count(a in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}", tail in "(\\.0|-0|\\.ga|-final|\\.|-){0,4}") {
        prop_assert_eq!(key(Scheme::Maven, &a), key(Scheme::Maven, &format!("{a}{tail}")));
    }
}

no_panic_tests!(Scheme::Maven, "[0-9a-cm.é-]{0,16}");
