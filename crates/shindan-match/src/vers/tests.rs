use proptest::prelude::*;

use super::*;

fn vers(text: &str) -> Vers {
    Vers::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The letters `a` to `i` that lie in the range, under the order of texts.
fn letters(text: &str) -> String {
    let range = vers(text);
    ('a'..='i').filter(|letter| contains(&range, &letter.to_string()).unwrap()).collect()
}

#[test]
fn containment_follows_the_specification() {
    for (range, expected) in [
        ("vers:lexicographic/*", "abcdefghi"),
        ("vers:none/*", ""),
        ("vers:lexicographic/c", "c"),
        ("vers:lexicographic/!=c", "abdefghi"),
        ("vers:lexicographic/!=c|!=d", "abefghi"),
        ("vers:lexicographic/<c", "ab"),
        ("vers:lexicographic/<=c", "abc"),
        ("vers:lexicographic/>g", "hi"),
        ("vers:lexicographic/>=g", "ghi"),
        ("vers:lexicographic/b|>=d|<f", "bde"),
        ("vers:lexicographic/>=b|!=d|<=f", "bcef"),
        ("vers:lexicographic/<b|>d|<=f|>=h", "aefhi"),
        ("vers:lexicographic/<=c|!=b|e", "ace"),
        // Not sorted.
        ("vers:lexicographic/<f|>=d|b", "bde"),
        // Redundant constraints fall away.
        ("vers:lexicographic/<b|<d", "abc"),
        ("vers:lexicographic/>e|>=g", "fghi"),
        ("vers:lexicographic/>b|>=c|d|<e|f|<g|>=h", "cdefhi"),
        // An inequality beside other constraints adds nothing.
        ("vers:lexicographic/b|!=d", "b"),
    ] {
        assert_eq!(letters(range), expected, "{range}");
    }
}

#[test]
fn validity_follows_clause_5_4() {
    let check = |text: &str| validate(&vers(text)).map_err(|error| error.to_string());
    for valid in ["a", "!=a", "*", "a|b|>c", "<a|!=b|>c|<d|>=e", "!=a|!=b", "a|>b|<=c|d"] {
        assert_eq!(check(&format!("vers:lexicographic/{valid}")), Ok(()), "{valid}");
    }
    for (invalid, reason) in [
        ("b|a", "\"a\" stands after \"b\" but is lower"),
        ("a|a", "\"a\" stands in two constraints"),
        (">=a|<a", "\"a\" stands in two constraints"),
        ("a|<b", "\"<b\" must not follow \"a\""),
        ("<a|<=b", "\"<=b\" must not follow \"<a\""),
        (">a|!=b|>c", "\">c\" must not follow \">a\""),
        (">a|b|>c", "\">c\" must not follow \">a\""),
        (">a|b|<c", "\"<c\" must not follow \"b\""),
        ("<a|b|<c", "\"<c\" must not follow \"b\""),
    ] {
        assert_eq!(check(&format!("vers:lexicographic/{invalid}")), Err(reason.to_owned()), "{invalid}");
    }
}

#[test]
fn what_has_no_order_is_unknown() {
    let unknown = |text: &str, version: &str| contains(&vers(text), version);
    assert_eq!(unknown("vers:conan/<2", "1"), Err(VersUnknown::UnknownType("conan".to_owned())));
    assert_eq!(unknown("vers:all/<V3.0.3", "V3.0.2"), Err(VersUnknown::UnknownType("all".to_owned())));
    assert_eq!(
        unknown("vers:datetime/<x", "2024-01-01T00:00:00Z"),
        Err(VersUnknown::Timestamp("x".to_owned()))
    );
    assert!(matches!(unknown("vers:semver/<2.0.0", "so what"), Err(VersUnknown::Order(_))));
    // The same text needs no order, as long as only one constraint speaks of it.
    assert_eq!(unknown("vers:conan/1.0|>=2.0", "1.0"), Ok(true));
    assert_eq!(unknown("vers:conan/!=1.0", "1.0"), Ok(false));
    assert!(unknown("vers:conan/<1.0", "1.0").is_err());
    assert_eq!(unknown("vers:conan/*", "anything"), Ok(true));
    assert_eq!(
        claim(&vers("vers:all/<V3.0.3")),
        VersionClaim::Undetermined {
            code: Code::RangeUndetermined,
            params: Params::from([("text".to_owned(), "vers:all/<V3.0.3".to_owned())]),
        }
    );
    assert_eq!(claim(&vers("vers:all/*")), VersionClaim::All);
    assert_eq!(claim(&vers("vers:none/*")), VersionClaim::ranged(Vec::new()));
}

#[test]
fn claims_are_ranges_and_exceptions() {
    // Facts: CVE-2021-44228 and log4j-core.
    let log4j = claim(&vers("vers:maven/>=2.0-beta9|!=2.3.1|!=2.12.2|<2.15.0|3"));
    let range = |lower, upper| VersionRange { scheme: Scheme::Maven, lower, upper };
    let expected = VersionClaim::Ranged {
        ranges: vec![
            range(Bound::Inclusive("2.0-beta9".to_owned()), Bound::Exclusive("2.15.0".to_owned())),
            VersionRange::exactly(Scheme::Maven, "3"),
        ],
        except: vec![
            VersionRange::exactly(Scheme::Maven, "2.3.1"),
            VersionRange::exactly(Scheme::Maven, "2.12.2"),
        ],
    };
    assert_eq!(log4j, expected);
    let all_but = claim(&vers("vers:pypi/!=5"));
    let except = vec![VersionRange::exactly(Scheme::Pypi, "5")];
    assert_eq!(all_but, VersionClaim::Ranged { ranges: vec![VersionRange::all(Scheme::Pypi)], except });
}

#[test]
fn native_ranges_keep_their_meaning() {
    let convert = |kind: &str, text: &str| from_native(kind, text).map(|vers| vers.to_string());
    for (kind, native, expected) in [
        ("npm", ">=1.5.2 || >=1.4.11 <1.5.0", "vers:npm/>=1.4.11|<1.5.0|>=1.5.2"),
        ("npm", "^0.2.3", "vers:npm/>=0.2.3|<0.3.0"),
        ("npm", "^0.0.3", "vers:npm/>=0.0.3|<0.0.4"),
        ("npm", "~1", "vers:npm/>=1.0.0|<2.0.0"),
        ("npm", "1.2.3 - 2", "vers:npm/>=1.2.3|<3.0.0"),
        ("npm", ">1.x", "vers:npm/>=2.0.0"),
        ("npm", "v1.2.3-rc.1+build", "vers:npm/1.2.3-rc.1"),
        ("npm", "*", "vers:npm/*"),
        ("gem", "~> 2.0.8", "vers:gem/>=2.0.8|<2.1"),
        ("gem", "~> 2", "vers:gem/>=2|<3"),
        ("nuget", "[1.0.0, 2.0.0)", "vers:nuget/>=1.0.0|<2.0.0"),
        ("nuget", "(,1.0.0]", "vers:nuget/<=1.0.0"),
        ("nuget", "[1.0.0]", "vers:nuget/1.0.0"),
        ("nuget", "1.0.0", "vers:nuget/>=1.0.0"),
        ("pypi", ">= 1.0, != 1.5", "vers:pypi/>=1.0|!=1.5"),
    ] {
        assert_eq!(convert(kind, native), Ok(expected.to_owned()), "{kind} {native}");
    }
    let not_understood = |text: &str| Err(NativeRangeError::NotUnderstood(text.to_owned()));
    for (kind, native) in [
        ("npm", ""),
        ("npm", "latest"),
        ("npm", ">=1 ||"),
        ("npm", "<>1"),
        ("npm", "1.x.3"),
        ("nuget", "(1.0)"),
        ("nuget", "[1,2,3]"),
        ("nuget", "(,)"),
        ("pypi", "~=1.4"),
        ("pypi", "==1.*"),
        ("gem", "~> x"),
    ] {
        assert_eq!(convert(kind, native), not_understood(native), "{kind} {native}");
    }
    // One sequence of constraints would mean something else.
    for (kind, native) in
        [("npm", "<=2.0.0 || >1.0.0 <3.0.0"), ("npm", "1.1.2 1.2.2"), ("npm", ">=5.0.3 >=4.2.1")]
    {
        assert_eq!(convert(kind, native), Err(NativeRangeError::NotExpressible(native.to_owned())));
    }
    assert_eq!(convert("conan", "<1"), Err(NativeRangeError::UnknownNotation("conan".to_owned())));
}

const COMPARATORS: [Comparator; 6] = [
    Comparator::Equal,
    Comparator::NotEqual,
    Comparator::Less,
    Comparator::LessOrEqual,
    Comparator::Greater,
    Comparator::GreaterOrEqual,
];

proptest! {
    /// Clause 5.4 makes every constraint of a valid range count; a model asks the constraints around a letter.
    #[test]
    fn valid_ranges_agree_with_a_model(choice in proptest::collection::vec(proptest::option::of(0usize..6), 8)) {
        let list: Vec<Constraint> = choice.iter().zip('a'..).filter_map(|(chosen, letter)| {
            Some(Constraint { comparator: COMPARATORS[(*chosen)?], version: letter.to_string() })
        }).collect();
        prop_assume!(!list.is_empty());
        let range = Vers::new("lexicographic", Constraints::List(list.clone())).unwrap();
        prop_assume!(validate(&range).is_ok());
        let only_inequalities = list.iter().all(|c| c.comparator == Comparator::NotEqual);
        for letter in 'a'..='i' {
            let text = letter.to_string();
            let own = list.iter().find(|c| c.version == text).map(|c| c.comparator);
            let ends: Vec<&Constraint> =
                list.iter().filter(|c| c.comparator.is_lower() || c.comparator.is_upper()).collect();
            let before = ends.iter().rev().find(|c| c.version < text);
            let after = ends.iter().find(|c| c.version > text);
            let between = before.map_or(after.is_some_and(|c| c.comparator.is_upper()), |c| c.comparator.is_lower());
            let expected = match own {
                Some(Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual) => true,
                Some(_) => false,
                None => between || only_inequalities,
            };
            prop_assert_eq!(contains(&range, &text), Ok(expected), "{} {}", range, letter);
        }
    }

    /// Ranges and exceptions say the same as the specifier they come from.
    #[test]
    fn ranges_agree_with_containment(choice in proptest::collection::vec(proptest::option::of(0usize..6), 6)) {
        let list: Vec<Constraint> = choice.iter().enumerate().filter_map(|(number, chosen)| {
            Some(Constraint { comparator: COMPARATORS[(*chosen)?], version: format!("{}.0.0", number * 2) })
        }).collect();
        prop_assume!(!list.is_empty());
        let range = Vers::new("semver", Constraints::List(list)).unwrap();
        let (ranges, except) = to_ranges(&range).unwrap();
        for number in 0..13 {
            let version = format!("{number}.0.0");
            let lies_in = |list: &[VersionRange]| {
                list.iter().any(|range| crate::version::contains(range, &version).unwrap())
            };
            let claimed = lies_in(&ranges) && !lies_in(&except);
            prop_assert_eq!(contains(&range, &version), Ok(claimed), "{} {}", range, version);
        }
    }

    #[test]
    fn never_panics(tail in "[a-z0-9<>=!*|%./ -]{0,40}", native in "[0-9x.*<>=~^|, v()\\[\\]-]{0,30}", version in "\\PC*") {
        for kind in ["npm", "pypi", "gem", "nuget", "datetime", "conan"] {
            let _ = from_native(kind, &native).is_ok();
            if let Ok(range) = Vers::parse(&format!("vers:{kind}/{tail}")) {
                let _ = (contains(&range, &version), sorted(&range), validate(&range), claim(&range));
            }
        }
    }
}
