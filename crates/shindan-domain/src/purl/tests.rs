use proptest::prelude::*;

use super::*;

fn canonical(text: &str) -> String {
    Purl::parse(text).map(|purl| purl.to_string()).unwrap_or_else(|error| format!("error: {error}"))
}

fn key(text: &str) -> String {
    let purl = Purl::parse(text).unwrap();
    match purl.osv_ecosystem() {
        Some(key) => {
            let release = key.release.as_deref().unwrap_or("-");
            let names: Vec<&str> = key.names().collect();
            format!("{} {} {}", key.ecosystem, release, names.join(" "))
        }
        None => "none".to_owned(),
    }
}

fn advisory(ecosystem: &str, name: &str) -> String {
    let package = normalise_package(ecosystem, name);
    format!("{} {} {}", package.ecosystem, package.release.as_deref().unwrap_or("-"), package.name)
}

#[test]
fn source_rpms_have_the_epoch_of_their_package() {
    for (text, expected) in [
        (
            "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm",
            "1:3.0.7-24.el9",
        ),
        (
            "pkg:rpm/redhat/openssl-libs@1:3.0.7-24.el9?upstream=openssl-3.0.7-24.el9.src.rpm",
            "1:3.0.7-24.el9",
        ),
        ("pkg:rpm/redhat/bash@5.1.8-6.el9?upstream=bash-5.1.8-6.el9.src.rpm", "5.1.8-6.el9"),
        ("pkg:deb/debian/libssl3@1:3.0-1?upstream=openssl@3.0-1", "3.0-1"),
    ] {
        let purl = Purl::parse(text).unwrap();
        let key = purl.osv_ecosystem().unwrap();
        assert_eq!(key.source_version.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn plain_purls_borrow() {
    let purl = Purl::parse("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar#a/b").unwrap();
    assert!(matches!(purl.kind, Cow::Borrowed("maven")));
    assert!(matches!(purl.namespace, Some(Cow::Borrowed("org.apache.logging.log4j"))));
    assert!(matches!(purl.name, Cow::Borrowed("log4j-core")));
    assert!(matches!(purl.version, Some(Cow::Borrowed("2.14.1"))));
    assert!(matches!(purl.qualifiers, Cow::Borrowed("type=jar")));
    assert!(matches!(purl.subpath, Some(Cow::Borrowed("a/b"))));
}

#[test]
fn reads_what_the_wild_writes() {
    for (text, expected) in [
        ("pkg:npm/@babel/core@7.0.0", "pkg:npm/%40babel/core@7.0.0"),
        ("pkg:npm/@babel/core", "pkg:npm/%40babel/core"),
        ("pkg:npm/%40Angular/Core@1", "pkg:npm/%40angular/core@1"),
        ("PKG:PyPI/Zope.Interface@5", "pkg:pypi/zope-interface@5"),
        ("pkg:golang/github.com%2Fgorilla%2Fmux/x@v1", "pkg:golang/github.com/gorilla/mux/x@v1"),
        ("pkg:github/actions/checkout@feature/x", "pkg:github/actions/checkout@feature%2Fx"),
        ("pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=", "pkg:deb/debian/attr@1:2.4.47-2%2Bb1"),
        ("pkg:npm/x@1?vcs_url=https://a?b=c", "pkg:npm/x@1?vcs_url=https:%2F%2Fa%3Fb%3Dc"),
        ("pkg:generic/病院@1", "pkg:generic/%E7%97%85%E9%99%A2@1"),
        ("pkg:npm/x@", "pkg:npm/x"),
        ("pkg:npm/x?", "pkg:npm/x"),
        ("pkg:npm//x#../a/./b/", "pkg:npm/x#a/b"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn refuses_what_cannot_be_a_package() {
    for text in [
        "",
        "pkg",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "pkg:/",
        "npm/x@1",
        "pkg:npm/@1.0",
        "pkg:1npm/x",
        "pkg:n%70m/x",
        "pkg:npm/x%2",
        "pkg:npm/x%zz",
        "pkg:npm/%ff",
        "pkg:npm/x?a b=c",
        "pkg:npm/x?=c",
        "pkg:npm/x?a=1&A=2",
        "pkg:npm/x#a%2Fb",
        "pkg:swift/Alamofire@5",
        "pkg:cpan/LWP::UserAgent",
    ] {
        assert!(Purl::parse(text).is_err(), "{text} was read as {}", canonical(text));
    }
    let many: String = (0..100).map(|n| format!("k{n}=v&")).collect();
    assert_eq!(Purl::parse(&format!("pkg:npm/x?{many}")), Err(PurlError::TooManyQualifiers));
}

#[test]
fn qualifiers_are_read_one_by_one() {
    let purl = Purl::parse("pkg:rpm/redhat/openssl@3.0.7-6.el9?Arch=x86_64&epoch=1&upstream=a%2Bb").unwrap();
    assert_eq!(purl.qualifier("arch").as_deref(), Some("x86_64"));
    assert_eq!(purl.qualifier("upstream").as_deref(), Some("a+b"));
    assert_eq!(purl.qualifier("none"), None);
    assert_eq!(purl.full_version().as_deref(), Some("1:3.0.7-6.el9"));
}

#[test]
fn components_and_advisories_meet_in_one_key() {
    for (purl, ecosystem, name) in [
        ("pkg:cargo/tokio@1.0.0", "crates.io", "tokio"),
        ("pkg:pypi/Zope.Interface@5", "PyPI", "zope_interface"),
        ("pkg:npm/%40Babel/core@7", "npm", "@babel/core"),
        ("pkg:npm/lodash@4", "npm", "lodash"),
        ("pkg:golang/github.com/BurntSushi/toml@v1.0.0", "Go", "github.com/BurntSushi/toml"),
        ("pkg:golang/stdlib@1.21.0", "Go", "stdlib"),
        (
            "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            "Maven",
            "org.apache.logging.log4j:log4j-core",
        ),
        ("pkg:gem/rails@7", "RubyGems", "rails"),
        ("pkg:composer/Laravel/framework@9", "Packagist", "laravel/framework"),
        ("pkg:nuget/Newtonsoft.Json@12", "NuGet", "newtonsoft.json"),
        ("pkg:pub/http@1", "Pub", "http"),
        ("pkg:hex/phoenix@1", "Hex", "phoenix"),
        ("pkg:cran/A3@1", "CRAN", "A3"),
        ("pkg:swift/github.com/vapor/vapor@4", "SwiftURL", "https://github.com/vapor/vapor.git"),
        ("pkg:githubactions/tj-actions/changed-files@v35", "GitHub Actions", "tj-actions/changed-files"),
        ("pkg:github/tj-actions/changed-files@v35", "actions", "tj-actions/changed-files"),
        ("pkg:vscode-extension/ms-python/python@1", "VSCode", "ms-python.python"),
        ("pkg:deb/debian/curl@7?distro=debian-12", "Debian:12", "curl"),
        ("pkg:deb/debian/curl@7?distro=debian-12.5", "Debian:12", "curl"),
        ("pkg:deb/debian/curl@7?distro=bookworm", "Debian:bookworm", "curl"),
        ("pkg:deb/curl@7?distro=debian-bookworm", "Debian:12", "curl"),
        ("pkg:deb/ubuntu/curl@7?distro=ubuntu-22.04", "Ubuntu:22.04:LTS", "curl"),
        ("pkg:deb/ubuntu/curl@7?distro=jammy", "Ubuntu:22.04:LTS", "curl"),
        ("pkg:apk/alpine/curl@7?distro=alpine-3.18.4", "Alpine:v3.18", "curl"),
        ("pkg:apk/wolfi/curl@7?distro=wolfi-20230201", "Wolfi", "curl"),
        ("pkg:rpm/redhat/openssl@3?distro=rhel-9.2", "Red Hat:enterprise_linux:9::baseos", "openssl"),
        ("pkg:rpm/rocky/openssl@3?distro=rocky-9.3", "Rocky Linux:9", "openssl"),
        ("pkg:rpm/almalinux/openssl@3?distro=almalinux-8.8", "AlmaLinux:8", "openssl"),
        ("pkg:rpm/suse/openssl@3?distro=sles-15.5", "SUSE:Linux Enterprise Server 15 SP5", "openssl"),
        ("pkg:rpm/opensuse/openssl@3?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5", "openssl"),
    ] {
        assert_eq!(key(purl), advisory(ecosystem, name), "{purl}");
    }
}

#[test]
fn keys_keep_what_matters() {
    assert_eq!(
        key("pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl%403.0.11-1"),
        "Debian 12 openssl libssl3"
    );
    let text = "pkg:rpm/redhat/libcurl@7.76.1?upstream=curl-7.76.1-26.el9.src.rpm&distro=rhel-9.2";
    let purl = Purl::parse(text).unwrap();
    let package = purl.osv_ecosystem().unwrap();
    assert_eq!(package.source.as_deref(), Some("curl"));
    assert_eq!(package.source_version.as_deref(), Some("7.76.1-26.el9"));
    // No release is stated, or one of another distribution: unknown, not guessed.
    assert_eq!(key("pkg:deb/debian/curl@7"), "Debian - curl");
    assert_eq!(key("pkg:deb/debian/curl@7?distro=ubuntu-22.04"), "Debian - curl");
    // OSV has no such ecosystem, or a part is missing.
    for text in ["pkg:rpm/fedora/curl@7", "pkg:generic/openssl@1", "pkg:maven/log4j@1", "pkg:pypi/a/b@1"] {
        assert_eq!(key(text), "none", "{text}");
    }
    assert_eq!(advisory("Ubuntu:Pro:18.04:LTS", "bash"), "Ubuntu Pro:18.04 bash");
    assert_eq!(advisory("Red Hat:rhel_eus:9.2::baseos", "bash"), "Red Hat rhel_eus:9.2 bash");
    assert_eq!(advisory("Maven:https://repo.example.org", "a:b"), "Maven - a:b");
    assert_eq!(advisory("Somewhere:7", " x "), "Somewhere 7 x");
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*", tail in "[a-z@/%?#&=:.~0-9 ]{0,40}") {
        for text in [text, format!("pkg:npm/{tail}"), format!("pkg:deb/{tail}?distro={tail}&upstream={tail}")] {
            if let Ok(purl) = Purl::parse(&text) {
                let _ = (purl.osv_ecosystem(), purl.full_version());
            }
        }
    }

    #[test]
    fn any_ecosystem_text_is_harmless(ecosystem in "\\PC{0,30}", base in 0usize..8, name in "\\PC{0,20}") {
        let names = ["Debian", "Ubuntu", "Alpine", "Red Hat", "SUSE", "Photon OS", "PyPI", "SwiftURL"];
        normalise_package(&ecosystem, &name);
        normalise_package(&format!("{}:{ecosystem}", names[base]), &name);
    }

    #[test]
    fn canonical_form_is_stable(
        kind in "(npm|pypi|golang|deb|git|generic|huggingface)",
        namespace in proptest::option::of("[^#]{0,12}"),
        name in "[^/]{1,12}",
        version in proptest::option::of("\\PC{0,8}"),
        value in "\\PC{0,8}",
        subpath in proptest::option::of("\\PC{0,12}"),
    ) {
        let qualifiers = [("arch", value.as_str())];
        let parts = PurlParts {
            kind: &kind,
            namespace: namespace.as_deref(),
            name: &name,
            version: version.as_deref(),
            qualifiers: &qualifiers,
            subpath: subpath.as_deref(),
        };
        let purl = Purl::build(&parts).unwrap();
        let text = purl.to_string();
        let again = Purl::parse(&text).unwrap();
        prop_assert_eq!(again.to_string(), text.clone());
        prop_assert_eq!(again.name(), purl.name());
        prop_assert_eq!(again.namespace(), purl.namespace());
        prop_assert_eq!(again.version(), purl.version());
        prop_assert_eq!(again.subpath(), purl.subpath());
    }

    #[test]
    fn keys_are_stable(name in "[A-Za-z][A-Za-z0-9._-]{0,12}") {
        for (kind, ecosystem) in [("pypi", "PyPI"), ("npm", "npm"), ("nuget", "NuGet"), ("pub", "Pub")] {
            let text = format!("pkg:{kind}/{name}@1");
            let purl = Purl::parse(&text).unwrap();
            let key = purl.osv_ecosystem().unwrap();
            prop_assert_eq!(normalise_package(ecosystem, &name).name, key.name.into_owned());
        }
    }
}
