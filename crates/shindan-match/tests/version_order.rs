//! Version order against known answers: facts of our own selection, and the genuine files where they are present.

use shindan_domain::version::Scheme;
use shindan_match::version::{compare, key, oracle::check_lines};

/// Every file of known orders, by its stem, and the scheme it is for.
const FILES: [(&str, Scheme); 12] = [
    ("alpine", Scheme::Apk),
    ("cran", Scheme::Cran),
    ("debian", Scheme::Deb),
    ("hackage", Scheme::Hackage),
    ("maven", Scheme::Maven),
    ("nuget", Scheme::Nuget),
    ("packagist", Scheme::Composer),
    ("pub", Scheme::Pub),
    ("pypi", Scheme::Pypi),
    ("redhat", Scheme::Rpm),
    ("rubygems", Scheme::Gem),
    ("semver", Scheme::Semver),
];

/// Lines of those files that do not hold here: stem, line, and the specification's reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "packagist",
    "1.2.3.# = 1.2.3.1",
    "not an order: the file also has 1.2.3.# = 1.2.3, and 1.2.3 < 1.2.3.1 (as 1.0.0 > 1.0). version_compare drops \
     characters that are neither letters nor digits, so 1.2.3.# is 1.2.3",
)];

#[test]
fn genuine_files() {
    let Some(folder) = shindan_testdata::path("versions") else { return };
    let mut seen: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix("-versions.txt").map(str::to_owned))
        .collect();
    seen.sort();
    assert_eq!(seen, FILES.map(|(stem, _)| stem), "files without a scheme, or schemes without a file");

    let mut wrong = Vec::new();
    for (stem, scheme) in FILES {
        assert_eq!(stem.parse(), Ok(scheme));
        let text = std::fs::read_to_string(folder.join(format!("{stem}-versions.txt"))).unwrap();
        let report = check_lines(scheme, &text);
        assert!(report.passed >= 10, "{stem}: only {} lines were compared", report.passed);
        let mut expected: Vec<&str> =
            EXCEPTIONS.iter().filter(|(of, ..)| *of == stem).map(|(_, line, _)| *line).collect();
        for failed in report.failed {
            match expected.iter().position(|line| *line == failed.text) {
                Some(place) => {
                    expected.remove(place);
                }
                None => wrong.push(format!("{stem}:{}: {}: {}", failed.line, failed.text, failed.got)),
            }
        }
        wrong.extend(expected.iter().map(|line| format!("{stem}: the exception \"{line}\" is not needed")));
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

/// Facts per scheme, from the specifications; the path is that of the file.
const FACTS: [(Scheme, &str); 10] = [
    (Scheme::Semver, include_str!("data/order/semver.txt")),
    (Scheme::Npm, include_str!("data/order/npm.txt")),
    (Scheme::Go, include_str!("data/order/go.txt")),
    (Scheme::Pypi, include_str!("data/order/pypi.txt")),
    (Scheme::Nuget, include_str!("data/order/nuget.txt")),
    (Scheme::Gem, include_str!("data/order/gem.txt")),
    (Scheme::Composer, include_str!("data/order/composer.txt")),
    (Scheme::Pub, include_str!("data/order/pub.txt")),
    (Scheme::Cran, include_str!("data/order/cran.txt")),
    (Scheme::Hackage, include_str!("data/order/hackage.txt")),
];

#[test]
fn facts() {
    for (scheme, text) in FACTS {
        let report = check_lines(scheme, text);
        assert_eq!(report.failed, [], "{scheme}");
        assert!(report.passed >= 10, "{scheme}: only {} lines were compared", report.passed);
    }
}

/// Versions that a scheme must not order: a guess would become "not affected".
#[test]
fn refused() {
    let refused: [(Scheme, &[&str]); 9] = [
        (
            Scheme::Semver,
            &[
                "",
                " ",
                "latest",
                "1.",
                "1..2",
                ".1",
                "1.2.3-",
                "1.2.3-a..b",
                "1.2.3-a_b",
                "1.x",
                "4e9a1b2",
                "1.2.3 4",
            ],
        ),
        (Scheme::Npm, &["", "=", "v", "^1.2.3", "1.2.x", "git+ssh://x", "file:../a", "1.2beta"]),
        (Scheme::Go, &["", "go", "(devel)", "devel", "v", "1rc1"]),
        (
            Scheme::Pypi,
            &[
                "",
                "1.0-custom",
                "latest",
                "1..0",
                "1.0+",
                "1.0+a..b",
                "1!",
                "1.0.post1.post2",
                "2004d",
                "1.0*",
                "１.０",
            ],
        ),
        (Scheme::Nuget, &["", "1.2.3.4.5", "1.0-", "1.0-a_b", "[1.0]", "1.*"]),
        (Scheme::Gem, &["", "a", "1..2", "1.", "1-", "1_2", "1.0+build", ">= 1"]),
        (Scheme::Composer, &["", "dev-main", "1.0-foo", "8.x-1.0", "main", "1.0 || 2.0", "#"]),
        (Scheme::Cran, &["", "1.", "1.a", "1--2", "-1"]),
        (Scheme::Hackage, &["", "1.", "1-2", "1.0-tag"]),
    ];
    for (scheme, versions) in refused {
        for version in versions {
            let got = key(scheme, version);
            assert!(got.is_err(), "{scheme} ordered \"{version}\": {got:?}");
        }
    }
}

/// What has a place only by convention can be compared, but has no key.
#[test]
fn conventions_do_not_reach_ranges() {
    use shindan_domain::version::{Bound, VersionRange};
    use std::cmp::Ordering;

    for (scheme, version) in [(Scheme::Pypi, "1.5-custom"), (Scheme::Composer, "dev-main")] {
        assert_eq!(compare(scheme, version, "1.0"), Ok(Ordering::Less));
        let range = VersionRange {
            scheme,
            lower: Bound::Inclusive("1.0".to_owned()),
            upper: Bound::Exclusive("2.0".to_owned()),
        };
        assert!(shindan_match::version::contains(&range, version).is_err(), "{version} is not safe");
    }
    for (scheme, name) in [(Scheme::Pypi, "latest"), (Scheme::Semver, "latest"), (Scheme::Composer, "##")] {
        assert!(compare(scheme, name, "1.0").is_err());
    }
}
