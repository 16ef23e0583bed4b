//! Properties of the version keys: their order is that of a comparison written here from the specification, equal
//! versions have equal keys, and no input does harm.

// Helpers of tests are not themselves tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::cmp::Ordering;

use proptest::prelude::*;
use shindan_domain::version::Scheme;
use shindan_match::version::{compare, key, write_key};

/// A string of `text` with one character replaced, removed or inserted.
fn mutated(text: &str, place: usize, with: char, how: u8) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = place % (characters.len() + 1);
    match how % 3 {
        0 if place < characters.len() => characters[place] = with,
        1 if place < characters.len() => drop(characters.remove(place)),
        _ => characters.insert(place, with),
    }
    characters.into_iter().collect()
}

fn character() -> impl Strategy<Value = char> {
    prop::sample::select("0129.-_+!~^ vaAbBrRcCpdexX*#\u{3042}\u{ff11}".chars().collect::<Vec<_>>())
}

/// Small numbers collide often, large ones pass 64 bits.
fn digits() -> impl Strategy<Value = String> {
    prop_oneof![6 => "0|1|2|9|10|11", 1 => "[1-9][0-9]{0,3}", 1 => "[1-9][0-9]{18,25}"]
}

/// Compares two numbers of any size.
fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn keys_compare(scheme: Scheme, a: &str, b: &str) -> Ordering {
    key(scheme, a).unwrap().cmp(&key(scheme, b).unwrap())
}

// Semantic Versioning and its relatives

/// Precedence of two lists of identifiers (semver.org §11.4).
fn by_identifiers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (is_number(a), is_number(b)) {
                (true, true) => by_number(a, b),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[derive(Debug, Clone)]
struct SemverParts {
    numbers: Vec<String>,
    prerelease: Option<String>,
    build: Option<String>,
}

impl SemverParts {
    fn text(&self) -> String {
        let mut text = self.numbers.join(".");
        if let Some(prerelease) = &self.prerelease {
            text.push('-');
            text.push_str(prerelease);
        }
        if let Some(build) = &self.build {
            text.push('+');
            text.push_str(build);
        }
        text
    }

    /// §11, with numbers beyond the third, missing ones being 0.
    fn precedence(&self, other: &Self) -> Ordering {
        for place in 0..self.numbers.len().max(other.numbers.len()) {
            let [a, b] = [self, other].map(|v| v.numbers.get(place).map_or("0", String::as_str));
            let order = by_number(a, b);
            if order != Ordering::Equal {
                return order;
            }
        }
        match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => by_identifiers(a, b),
        }
    }
}

fn identifiers() -> impl Strategy<Value = String> {
    let identifier = prop_oneof![digits(), "alpha|beta|rc|rc1|a|A|-|a-b|1a|0a"];
    prop::collection::vec(identifier, 1..4).prop_map(|all| all.join("."))
}

fn semver_parts(numbers: std::ops::Range<usize>) -> impl Strategy<Value = SemverParts> {
    let release = prop::collection::vec(digits(), numbers);
    (release, prop::option::of(identifiers()), prop::option::of(identifiers()))
        .prop_map(|(numbers, prerelease, build)| SemverParts { numbers, prerelease, build })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn semver_order(a in semver_parts(1..6), b in semver_parts(1..6)) {
        for scheme in [Scheme::Semver, Scheme::Npm, Scheme::Go] {
            prop_assert_eq!(keys_compare(scheme, &a.text(), &b.text()), a.precedence(&b));
            prop_assert_eq!(key(scheme, &a.text()), key(scheme, &format!("v{}", a.text())));
        }
    }

    #[test]
    fn semver_order_of_the_crate(a in semver_parts(3..4), b in semver_parts(3..4)) {
        // The crate holds 64 bits.
        let (Ok(left), Ok(right)) = (semver::Version::parse(&a.text()), semver::Version::parse(&b.text())) else {
            return Ok(());
        };
        prop_assert_eq!(keys_compare(Scheme::Semver, &a.text(), &b.text()), left.cmp_precedence(&right));
    }

    #[test]
    fn what_the_semver_crate_reads_has_a_key(
        a in semver_parts(3..4), place: usize, with in character(), how: u8,
    ) {
        let text = mutated(&a.text(), place, with, how);
        if let (Ok(left), Ok(right)) = (semver::Version::parse(&text), semver::Version::parse(&a.text())) {
            prop_assert_eq!(keys_compare(Scheme::Semver, &text, &a.text()), left.cmp_precedence(&right));
        }
    }

    #[test]
    fn nuget_order(a in semver_parts(1..5), b in semver_parts(1..5)) {
        let lower = |v: &SemverParts| SemverParts {
            prerelease: v.prerelease.as_ref().map(|p| p.to_lowercase()),
            ..v.clone()
        };
        prop_assert_eq!(keys_compare(Scheme::Nuget, &a.text(), &b.text()), lower(&a).precedence(&lower(&b)));
        prop_assert_eq!(key(Scheme::Nuget, &a.text()), key(Scheme::Nuget, &a.text().to_uppercase()));
    }

    #[test]
    fn pub_order(a in semver_parts(3..4), b in semver_parts(3..4)) {
        let expected = a.precedence(&b).then_with(|| match (&a.build, &b.build) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => by_identifiers(a, b),
        });
        prop_assert_eq!(keys_compare(Scheme::Pub, &a.text(), &b.text()), expected);
    }

    #[test]
    fn lists_of_numbers(
        a in prop::collection::vec(any::<u32>().prop_map(|n| n % 12), 1..6),
        b in prop::collection::vec(any::<u32>().prop_map(|n| n % 12), 1..6),
    ) {
        let text = |list: &[u32], separator| {
            list.iter().map(u32::to_string).collect::<Vec<_>>().join(separator)
        };
        prop_assert_eq!(keys_compare(Scheme::Hackage, &text(&a, "."), &text(&b, ".")), a.cmp(&b));
        prop_assert_eq!(keys_compare(Scheme::Cran, &text(&a, "."), &text(&b, "-")), a.cmp(&b));
    }
}

// Python

#[derive(Debug, Clone)]
struct PythonParts {
    epoch: u64,
    release: Vec<u64>,
    /// 0 a, 1 b, 2 rc.
    pre: Option<(usize, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<String>,
}

/// A part that may be absent or without an end below or above all others, as in the reference's `_cmpkey`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Extended<T> {
    Below,
    Value(T),
    Above,
}

/// A word is below every number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum LocalPart {
    Word(String),
    Number(u128),
}

/// The reference's comparison key.
type PythonOrder =
    (u64, Vec<u64>, Extended<(usize, u64)>, Extended<u64>, Extended<u64>, Extended<Vec<LocalPart>>);

impl PythonParts {
    fn canonical(&self) -> String {
        self.spelled([".", "", "", "."], ["a", "b", "rc"], "post")
    }

    fn spelled(
        &self,
        [post, number, stage, local]: [&str; 4],
        labels: [&str; 3],
        post_label: &str,
    ) -> String {
        let mut text = String::new();
        if self.epoch > 0 {
            text.push_str(&format!("{}!", self.epoch));
        }
        text.push_str(&self.release.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
        if let Some((label, n)) = self.pre {
            text.push_str(&format!("{stage}{}{number}{n}", labels[label]));
        }
        if let Some(n) = self.post {
            text.push_str(&format!("{post}{post_label}{number}{n}"));
        }
        if let Some(n) = self.dev {
            text.push_str(&format!("{post}dev{number}{n}"));
        }
        if !self.local.is_empty() {
            text.push('+');
            text.push_str(&self.local.join(local));
        }
        text
    }

    fn order(&self) -> PythonOrder {
        let mut release = self.release.clone();
        while release.last() == Some(&0) {
            release.pop();
        }
        let pre = match self.pre {
            Some(pre) => Extended::Value(pre),
            None if self.post.is_none() && self.dev.is_some() => Extended::Below,
            None => Extended::Above,
        };
        let local = self.local.iter().map(|part| match part.parse() {
            Ok(number) => LocalPart::Number(number),
            Err(_) => LocalPart::Word(part.to_lowercase()),
        });
        (
            self.epoch,
            release,
            pre,
            self.post.map_or(Extended::Below, Extended::Value),
            self.dev.map_or(Extended::Above, Extended::Value),
            if self.local.is_empty() { Extended::Below } else { Extended::Value(local.collect()) },
        )
    }
}

fn small() -> impl Strategy<Value = u64> {
    prop_oneof![5 => 0_u64..3, 1 => 9_u64..12, 1 => any::<u32>().prop_map(u64::from)]
}

fn python_parts() -> impl Strategy<Value = PythonParts> {
    (
        prop_oneof![4 => Just(0), 1 => 0_u64..3],
        prop::collection::vec(small(), 1..5),
        prop::option::of((0_usize..3, small())),
        prop::option::of(small()),
        prop::option::of(small()),
        prop_oneof![3 => Just(Vec::new()), 2 => prop::collection::vec("0|1|02|10|a|b|ab|a1|1a|Z", 1..4)],
    )
        .prop_map(|(epoch, release, pre, post, dev, local)| PythonParts {
            epoch,
            release,
            pre,
            post,
            dev,
            local,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn python_order(a in python_parts(), b in python_parts()) {
        let (left, right) = (a.canonical(), b.canonical());
        let got = keys_compare(Scheme::Pypi, &left, &right);
        prop_assert_eq!(got, a.order().cmp(&b.order()));
        let crate_order = left.parse::<pep440_rs::Version>().unwrap().cmp(&right.parse().unwrap());
        prop_assert_eq!(got, crate_order);
    }

    #[test]
    fn python_spellings(
        a in python_parts(),
        separators in prop::array::uniform4("[-_.]"),
        labels in prop::sample::select(vec![["alpha", "Beta", "c"], ["A", "B", "PRE"], ["a", "b", "preview"]]),
        post in prop::sample::select(vec!["rev", "r", "POST"]),
        zeros in 0_usize..3,
    ) {
        let canonical = key(Scheme::Pypi, &a.canonical()).unwrap();
        let [s0, s1, s2, s3] = &separators;
        let spelled = a.spelled([s0, s1, s2, s3], labels, post);
        prop_assert_eq!(&key(Scheme::Pypi, &spelled).unwrap(), &canonical, "{}", spelled);
        prop_assert_eq!(&key(Scheme::Pypi, &format!(" V{}\n", spelled.to_uppercase())).unwrap(), &canonical);
        let mut longer = a.clone();
        longer.release.extend(std::iter::repeat_n(0, zeros));
        prop_assert_eq!(&key(Scheme::Pypi, &longer.canonical()).unwrap(), &canonical);
        if let (Some(n), None, None) = (a.post, a.dev, a.pre) && a.local.is_empty() {
            let bare = PythonParts { post: None, ..a };
            prop_assert_eq!(&key(Scheme::Pypi, &format!("{}-{n}", bare.canonical())).unwrap(), &canonical);
        }
    }

    #[test]
    fn what_pep440_rs_reads_has_a_key_and_no_more(
        a in python_parts(), place: usize, with in character(), how: u8,
    ) {
        let text = mutated(&a.canonical(), place, with, how);
        // That crate holds numbers in 64 bits; ours have no limit. A mutation may join two numbers into a longer one.
        prop_assume!(!text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.parse::<u64>().is_err() && !digits.is_empty()));
        match (text.parse::<pep440_rs::Version>(), key(Scheme::Pypi, &text)) {
            (Ok(left), Ok(own)) => {
                let canonical = a.canonical();
                let right = canonical.parse::<pep440_rs::Version>().unwrap();
                prop_assert_eq!(own.cmp(&key(Scheme::Pypi, &canonical).unwrap()), left.cmp(&right), "{}", text);
            }
            (Err(_), Err(_)) => {}
            (theirs, own) => prop_assert!(false, "{}: {:?} {:?}", text, theirs, own),
        }
    }
}

// RubyGems

/// `Gem::Version#<=>`: segments without the zeros that do not count, a missing one being 0, words below numbers.
fn by_segments(a: &[String], b: &[String]) -> Ordering {
    fn canonical(segments: &[String]) -> Vec<&str> {
        let first_word = segments.iter().position(|s| !is_number(s)).unwrap_or(segments.len());
        let (numbers, rest) = segments.split_at(first_word);
        let mut out = Vec::new();
        for half in [numbers, rest] {
            let start = out.len();
            out.extend(half.iter().map(String::as_str));
            while out.len() > start && out.last().is_some_and(|s| s.bytes().all(|b| b == b'0')) {
                out.pop();
            }
        }
        out
    }
    let (a, b) = (canonical(a), canonical(b));
    for place in 0..a.len().max(b.len()) {
        let [left, right] = [&a, &b].map(|list| list.get(place).copied().unwrap_or("0"));
        let order = match (is_number(left), is_number(right)) {
            (true, true) => by_number(left, right),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => left.cmp(right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn gem_segments() -> impl Strategy<Value = Vec<String>> {
    let segment = prop_oneof![4 => Just("0".to_owned()), 3 => digits(), 3 => "a|b|ab|rc|A|pre"];
    (digits(), prop::collection::vec(segment, 0..6)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn gem_order(a in gem_segments(), b in gem_segments()) {
        prop_assert_eq!(keys_compare(Scheme::Gem, &a.join("."), &b.join(".")), by_segments(&a, &b));
    }

    #[test]
    fn gem_zeros_and_hyphens(a in gem_segments(), zeros in 0_usize..3) {
        let canonical = key(Scheme::Gem, &a.join("."));
        let padded = format!("{}{}", a.join("."), ".0".repeat(zeros));
        prop_assert_eq!(key(Scheme::Gem, &padded), canonical);
        prop_assert_eq!(key(Scheme::Gem, &a.join("-")), key(Scheme::Gem, &a.join(".pre.")));
    }
}

// Composer

/// `version_compare`: part by part; what has no counterpart is compared with the mark of a number.
fn by_php(a: &[String], b: &[String]) -> Ordering {
    // Ranks of php_version_compare's table; `#` stands for a number and for the end.
    fn rank(word: &str) -> u8 {
        match word.to_ascii_lowercase().as_str() {
            "dev" => 0,
            "alpha" | "a" => 1,
            "beta" | "b" => 2,
            "rc" => 3,
            "#" => 4,
            "pl" | "p" | "patch" => 5,
            other => panic!("no stability: {other}"),
        }
    }
    for (left, right) in a.iter().zip(b) {
        let order = match (is_number(left), is_number(right)) {
            (true, true) => by_number(left, right),
            (true, false) => rank("#").cmp(&rank(right)),
            (false, true) => rank(left).cmp(&rank("#")),
            (false, false) => rank(left).cmp(&rank(right)),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    let surplus = |longer: &[String], shorter: &[String]| match longer.get(shorter.len()) {
        Some(part) if is_number(part) => Ordering::Greater,
        Some(part) => rank(part).cmp(&rank("#")),
        None => Ordering::Equal,
    };
    if a.len() >= b.len() { surplus(a, b) } else { surplus(b, a).reverse() }
}

fn composer_parts() -> impl Strategy<Value = Vec<String>> {
    let part = prop_oneof![4 => digits(), 3 => "dev|alpha|a|beta|b|RC|rc|pl|p|patch"];
    (digits(), prop::collection::vec(part, 0..6)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn composer_order(a in composer_parts(), b in composer_parts()) {
        prop_assert_eq!(keys_compare(Scheme::Composer, &a.join("."), &b.join(".")), by_php(&a, &b));
    }

    #[test]
    fn composer_spellings(a in composer_parts(), separator in "[-_.]") {
        let canonical = key(Scheme::Composer, &a.join("."));
        prop_assert_eq!(key(Scheme::Composer, &a.join(&separator)), canonical.clone());
        prop_assert_eq!(key(Scheme::Composer, &format!("V{}+build", a.join(".").to_uppercase())), canonical);
    }
}

// Every scheme

proptest! {
    #[test]
    fn any_text_does_no_harm(text in "\\PC{0,40}", other in "[0-9a-zA-Z.+_~^:!-]{0,20}") {
        for scheme in Scheme::ALL {
            for text in [&text, &other] {
                check_written(scheme, text)?;
            }
            // Whatever can be compared is compared the same way round.
            if let Ok(order) = compare(scheme, &text, &other) {
                prop_assert_eq!(compare(scheme, &other, &text), Ok(order.reverse()));
            }
        }
    }

    #[test]
    fn any_mutation_does_no_harm(
        version in prop::sample::select(vec![
            "1.2.3-rc.1+build", "v1.0.0", "go1.21rc2", "1!2.0a1.post2.dev3+local.4", "-class.-pre", "1.0.a.0.b-1",
            "2.x-dev", "dev-main", "1.2.3.#", "1.0.0.1-BETA", "0.1-2",
        ]),
        changes in prop::collection::vec((any::<usize>(), character(), any::<u8>()), 1..6),
    ) {
        let text = changes.iter().fold(version.to_owned(), |text, (place, with, how)| mutated(&text, *place, *with, *how));
        for scheme in Scheme::ALL {
            check_written(scheme, &text)?;
        }
    }
}

/// The key is appended, or nothing is; what has a key equals itself.
fn check_written(scheme: Scheme, text: &str) -> Result<(), TestCaseError> {
    let mut out = b"before".to_vec();
    match write_key(scheme, text, &mut out) {
        Ok(()) => {
            prop_assert!(out.starts_with(b"before") && out.len() > 6);
            prop_assert_eq!(compare(scheme, text, text), Ok(Ordering::Equal));
        }
        Err(unknown) => {
            prop_assert_eq!(out, b"before");
            prop_assert_eq!(unknown.version, text);
        }
    }
    Ok(())
}

#[test]
fn very_long_input_does_no_harm() {
    let units =
        ["1", "0", "a", ".", "1.", "0.", "a.", "-", "1-", "0a", "_", "+", "あ", " ", "x.", ".0", "rc1."];
    for unit in units {
        for start in ["", "1", "1.0-", "1.0+", "v", "go1.2", "1.0.post"] {
            let text = format!("{start}{}", unit.repeat(50_000));
            for scheme in Scheme::ALL {
                check_written(scheme, &text).unwrap();
            }
        }
    }
}
