//! Foreign short texts, damaged: package URLs, CPE names, vers ranges, versions of every scheme, CVSS vectors, lines of
//! known orders. Each is read or refused, never a panic; what is read can be written and read again.

#![allow(clippy::expect_used)] // helpers outside #[test] functions may fail a test, too

use shindan_domain::cpe::Cpe;
use shindan_domain::purl::Purl;
use shindan_domain::vers::Vers;
use shindan_domain::version::Scheme;
use shindan_domain::{cpe, cvss, identifier};
use shindan_match::version::{self, oracle};

/// Numbers that are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).expect("below a usize")
    }
}

const ODD: &[char] = &[
    ':', '/', '@', '?', '#', '%', '&', '=', '|', '<', '>', '!', '*', '\\', '.', '-', '_', '+', '~', '^', ' ',
    '\t', '0', '9', 'a', 'Z', '\0', '\u{7f}', 'é', '診', '１', '\u{3000}', '😀', '\u{fffd}', '\u{202e}',
];

/// Cuts, changes, doubles, removes, exchanges: up to four times, and now and then many times the length.
fn changed(text: &str, numbers: &mut Numbers) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(4) {
        if chars.is_empty() {
            break;
        }
        let at = numbers.below(chars.len());
        let end = (at + 1 + numbers.below(8)).min(chars.len());
        match numbers.below(7) {
            0 => chars.truncate(at),
            1 => chars[at] = ODD[numbers.below(ODD.len())],
            2 => chars.insert(at, ODD[numbers.below(ODD.len())]),
            3 => drop(chars.drain(at..end)),
            4 => {
                let piece = chars[at..end].to_vec();
                chars.splice(at..at, piece);
            }
            5 => {
                let other = numbers.below(chars.len());
                chars.swap(at, other);
            }
            _ => {
                let piece = vec![ODD[numbers.below(ODD.len())]; numbers.below(300)];
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}

fn over(seeds: &[&str], rounds: usize, mut each: impl FnMut(&str)) {
    let mut numbers = Numbers(2026);
    for seed in seeds {
        each(seed);
        for _ in 0..rounds {
            each(&changed(seed, &mut numbers));
        }
    }
}

#[test]
fn package_urls() {
    let seeds = [
        "pkg:npm/%40scope/name@1.2.3",
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar&classifier=sources#a/b",
        "pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12",
        "pkg:golang/github.com/a/b@v1.0.0#sub/path",
        "pkg:github/a/b@main",
        "pkg:pypi/Django_Name@4.0",
        "pkg:oci/image@sha256%3Aabc?repository_url=registry.example/x",
    ];
    over(&seeds, 6_000, |text| {
        let Ok(purl) = Purl::parse(text) else { return };
        let written = purl.to_string();
        let again = Purl::parse(&written).map(|p| p.to_string());
        assert_eq!(again.as_deref(), Ok(written.as_str()), "{text:?}");
        let _ = purl.full_version();
        let _ = purl.osv_ecosystem();
    });
}

#[test]
fn cpe_names() {
    let seeds = [
        "cpe:2.3:a:vendor:product:1.0:update:*:ja:*:windows:x64:-",
        "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*",
        "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
        "cpe:/o:nec:aterm_wg2600hm4_firmware",
        "cpe:2.3:a:back\\:slash\\\\es:q\\?mark\\*:??1*:*:*:*:*:*:*:*",
    ];
    over(&seeds, 6_000, |text| {
        let _ = cpe::vendor_product(text);
        let Ok(name) = Cpe::parse(text) else { return };
        let written = name.to_string();
        assert_eq!(Cpe::parse(&written).as_ref(), Ok(&name), "{text:?} as {written:?}");
        let _ = Cpe::parse(&name.to_uri());
    });
}

#[test]
fn vers_ranges() {
    let seeds = [
        "vers:npm/>=1.0.0|<2.0.0|!=1.5.0",
        "vers:pypi/*",
        "vers:maven/>1.0|<=2.0|3.0",
        "vers:all/<V3.0.3",
        "vers:deb/>=1%3A2.0-1|<1%3A3.0",
        "vers:generic/1|2|3",
    ];
    over(&seeds, 4_000, |text| {
        let Ok(vers) = Vers::parse(text) else { return };
        let written = vers.to_string();
        assert_eq!(Vers::parse(&written).map(|v| v.to_string()).as_deref(), Ok(written.as_str()), "{text:?}");
        let _ = shindan_match::vers::contains(&vers, "1.5.0");
        let _ = shindan_match::vers::claim(&vers);
        let _ = shindan_match::vers::to_ranges(&vers);
        let _ = shindan_match::vers::validate(&vers);
        let _ = shindan_match::vers::sorted(&vers);
    });
}

#[test]
fn versions_of_every_scheme() {
    let seeds = [
        "1.2.3-rc.1+build.5",
        "1:2.30.2-1+deb11u2~bpo10",
        "1!2.0.post1.dev3+local.7",
        "v6 R4",
        "2.0-beta9",
        "3.0.11_rc1-r2",
        "99999999999999999999999999.0",
        "dev-master",
        "１．２．３",
    ];
    for scheme in Scheme::ALL {
        over(&seeds, 400, |text| {
            let key = version::key(scheme, text);
            if key.is_ok() {
                assert_eq!(
                    version::compare(scheme, text, text),
                    Ok(std::cmp::Ordering::Equal),
                    "{scheme} {text:?}"
                );
            }
            // The same both ways round, and the same in keys.
            let forth = version::compare(scheme, text, "1.2.3");
            let back = version::compare(scheme, "1.2.3", text);
            assert_eq!(forth.clone().ok(), back.ok().map(std::cmp::Ordering::reverse), "{scheme} {text:?}");
        });
    }
}

#[test]
fn vectors_identifiers_and_lines() {
    let seeds = [
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/MAV:A",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A",
        "AV:N/AC:L/Au:N/C:P/I:P/A:P/E:POC/CDP:LM",
        "CVE-2024-11111",
        "GHSA-2222-3333-4444",
        "1.0.0 < 2.0.0\n// comment\n2 = 2\n3 > 1",
    ];
    over(&seeds, 4_000, |text| {
        if let Ok(scores) = cvss::score(text) {
            assert!(scores.score_x10 <= 100, "{text:?}");
        }
        let _ = cvss::vector_points(text);
        let _ = identifier::family(text);
        let _ = identifier::is_cve(text);
        let _ = text.parse::<Scheme>();
        let _ = Scheme::of_ecosystem(text);
        let report = oracle::check_lines(Scheme::Semver, text);
        assert!(report.passed + report.failed.len() <= text.lines().count());
    });
}
