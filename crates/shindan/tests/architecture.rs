//! The rules of docs/ARCHITECTURE.md, as tests: which crate may depend on which, and how large a file may be.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What tests may use: genuine data, and a source on loopback that goes wrong on request.
const FOR_TESTS: [&str; 2] = ["shindan-testdata", "shindan-mirror"];

/// Crate → what it may depend on, besides [`FOR_TESTS`] in tests. Any other edge is an error.
const ALLOWED: &[(&str, &[&str])] = &[
    ("shindan-domain", &[]),
    ("shindan-match", &["shindan-domain"]),
    ("shindan-formats", &["shindan-domain"]),
    ("shindan-report", &["shindan-domain"]),
    // Typesetting and fonts for whoever hands out a paper; nothing else knows that it exists.
    ("shindan-pdf", &["shindan-report"]),
    ("shindan-store", &["shindan-domain"]),
    ("shindan-verify", &["shindan-domain"]),
    ("shindan-exchange", &["shindan-domain"]),
    ("shindan-probe", &["shindan-domain"]),
    ("shindan-fetch", &[]),
    ("shindan-notify", &["shindan-fetch"]),
    (
        "shindan-app",
        &[
            "shindan-domain",
            "shindan-match",
            "shindan-formats",
            "shindan-report",
            "shindan-store",
            "shindan-verify",
            "shindan-exchange",
            "shindan-fetch",
        ],
    ),
    (
        "shindan-server",
        &["shindan-app", "shindan-probe", "shindan-report", "shindan-store", "shindan-domain"],
    ),
    (
        "shindan-web",
        &[
            "shindan-server",
            "shindan-app",
            "shindan-pdf",
            "shindan-report",
            "shindan-store",
            "shindan-domain",
        ],
    ),
    (
        "shindan",
        &[
            "shindan-server",
            "shindan-web",
            "shindan-notify",
            "shindan-pdf",
            "shindan-app",
            "shindan-probe",
            "shindan-report",
            "shindan-store",
            "shindan-domain",
        ],
    ),
    ("shindan-mirror", &[]),
    ("shindan-testdata", &[]),
    ("xtask", &["shindan-testdata"]),
    // What reads foreign bytes.
    (
        "shindan-fuzz",
        &["shindan-domain", "shindan-exchange", "shindan-formats", "shindan-match", "shindan-verify"],
    ),
];

/// Crates whose business is IO, time or chance: none of the core may depend on them, however indirectly intended. (`uuid` is
/// used without the features that make new ones.)
const NOT_IN_THE_CORE: &[&str] = &[
    "tokio",
    "reqwest",
    "ureq",
    "hyper",
    "axum",
    "rusqlite",
    "sqlx",
    "rand",
    "getrandom",
    "fastrand",
    "memmap2",
    "clap",
    "indicatif",
    "chrono",
    "time",
    "walkdir",
    "rayon",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn metadata() -> serde_json::Value {
    let cargo = std::env::var_os("CARGO").expect("run by cargo");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

/// Crate → (dependency, is it for tests only)
fn edges() -> BTreeMap<String, BTreeSet<(String, bool)>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages").clone();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let edges = dependencies
                .iter()
                .map(|d| (d["name"].as_str().expect("name").to_owned(), d["kind"].as_str() == Some("dev")));
            (package["name"].as_str().expect("name").to_owned(), edges.collect())
        })
        .collect()
}

#[test]
fn data_flows_one_way_through_the_crates() {
    let edges = edges();
    let known: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    for (package, dependencies) in &edges {
        let allowed = known.get(package.as_str()).unwrap_or_else(|| panic!("{package} has no rule here"));
        for (dependency, for_tests) in dependencies {
            let ours = edges.contains_key(dependency);
            if ours && !(*for_tests && FOR_TESTS.contains(&dependency.as_str())) {
                assert!(allowed.contains(&dependency.as_str()), "{package} must not depend on {dependency}");
            }
        }
    }
    assert!(edges.len() >= 7, "the whole workspace was looked at");
}

#[test]
fn the_core_has_no_io_no_clock_and_no_chance() {
    let edges = edges();
    for package in [
        "shindan-domain",
        "shindan-match",
        "shindan-formats",
        "shindan-report",
        "shindan-verify",
        "shindan-exchange",
    ] {
        for (dependency, for_tests) in &edges[package] {
            assert!(
                *for_tests || !NOT_IN_THE_CORE.contains(&dependency.as_str()),
                "{package} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn only_the_crate_that_fetches_has_an_http_client() {
    let clients =
        ["ureq", "reqwest", "attohttpc", "minreq", "isahc", "curl", "hyper-rustls", "webpki-root-certs"];
    let mut found = 0;
    for (package, dependencies) in edges() {
        for (dependency, _) in dependencies {
            if clients.contains(&dependency.as_str()) {
                assert!(package == "shindan-fetch", "{package} must not fetch: {dependency}");
                found += 1;
            }
        }
    }
    assert!(found > 0, "no client was found: is this test blind?");
}

#[test]
fn nothing_that_ships_depends_on_test_data() {
    for (package, dependencies) in edges() {
        for helper in FOR_TESTS {
            assert!(
                package == "xtask" || !dependencies.contains(&(helper.to_owned(), false)),
                "{package} needs {helper} to build"
            );
        }
    }
}

/// What draws SVG for typst's HTML is stood in for (third-party/typst-svg). An update of typst that no longer takes the stand-in brings
/// all of it back: fourteen packages, and tables with addresses that every start has to set right.
#[test]
fn nothing_that_renders_pdf_files_is_built_in() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is readable");
    let packages: Vec<&str> = lock.split("[[package]]").collect();
    let of = |name: &str| packages.iter().find(|one| one.contains(&format!("name = \"{name}\"\n")));
    let stand_in = of("typst-svg").expect("typst-html needs a crate of this name");
    assert!(!stand_in.contains("source = "), "it is not the one in third-party/: {stand_in}");
    for renderer in ["hayro", "hayro-svg", "hayro-interpret", "vello_cpu"] {
        assert!(of(renderer).is_none(), "{renderer} is built in again");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder is readable") {
        let path = entry.expect("entry is readable").path();
        if path.is_dir() {
            if !path.ends_with("target") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn files_stay_readable_and_say_what_they_are() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    assert!(files.len() > 50, "the sources were found");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("source is readable");
        let lines = text.lines().count();
        assert!(lines <= 620, "{} has {lines} lines; split it", file.display());
        // A module of tests is explained by the module it tests.
        let tests = file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
        assert!(tests || text.starts_with("//!"), "{} does not say what it is for", file.display());
    }
}

#[test]
fn no_file_names_a_package_registry_or_a_path_of_one_machine() {
    // Written in parts, so that this file does not name them either.
    let forbidden: Vec<String> = [
        ["registry.", "npmjs"],
        ["pypi.", "org"],
        ["pythonhosted.", "org"],
        ["proxy.", "golang"],
        ["repo.maven.", "apache"],
        ["repo1.", "maven"],
        ["static.", "crates.io"],
        ["index.", "crates.io"],
        ["/root", "/"],
        ["/work", "/main"],
        ["/work", "/wt"],
    ]
    .iter()
    .map(|parts| parts.concat())
    .collect();
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Ok(listed) = listed else {
        eprintln!("SKIPPED: git is not installed");
        return;
    };
    if !listed.status.success() {
        eprintln!("SKIPPED: not a git checkout");
        return;
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    for name in names.split('\0').filter(|n| !n.is_empty() && *n != "Cargo.lock") {
        let Ok(bytes) = std::fs::read(root().join(name)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for word in &forbidden {
            assert!(!text.contains(word.as_str()), "{name} contains {word}");
        }
    }
}
