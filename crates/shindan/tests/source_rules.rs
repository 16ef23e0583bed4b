//! Mechanical rules of docs/ARCHITECTURE.md and CONTRIBUTING.md, read off the sources.
#![allow(clippy::expect_used)]

mod support;

use support::{CORE, Source, none, packages, root, shipped};

fn of_core(wanted: impl Fn(&str) -> bool + Copy) -> Vec<String> {
    CORE.iter().flat_map(|package| shipped(package)).flat_map(|source| source.places(wanted)).collect()
}

fn of_all(wanted: impl Fn(&str) -> bool + Copy) -> Vec<String> {
    packages().iter().flat_map(|package| shipped(package)).flat_map(|source| source.places(wanted)).collect()
}

#[test]
fn the_core_touches_nothing_outside() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::io::stdin",
        "std::io::stdout",
        "std::io::stderr",
        "std::os::",
        "std::{",
        "SystemTime",
        "Instant::",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
        "print!(",
        "env::var",
    ];
    none("the core must not do this", &of_core(|line| outside.iter().any(|word| line.contains(word))));
}

#[test]
fn the_core_has_no_async_and_no_order_by_chance() {
    let std_maps = |line: &str| line.contains("HashMap") && !line.contains("FxHashMap");
    let std_sets = |line: &str| line.contains("HashSet") && !line.contains("FxHashSet");
    none("the core must not do this", &of_core(|line| line.contains("async ") || line.contains(".await")));
    none("iteration order would differ from run to run", &of_core(|line| std_maps(line) || std_sets(line)));
}

#[test]
fn only_the_clock_reads_the_time_and_unsafe_code_has_its_places() {
    for (exception, files) in [
        ("allow(clippy::disallowed_methods)", &["crates/shindan-app/src/clock.rs"][..]),
        // Files are mapped, and memory is given back to the system.
        (
            "allow(unsafe_code)",
            &["crates/shindan-app/src/data_folder.rs", "crates/shindan-app/src/memory.rs"],
        ),
    ] {
        let places = of_all(|line| line.contains(exception));
        let elsewhere: Vec<String> = places
            .iter()
            .filter(|place| {
                !files.iter().any(|file| place.starts_with(file)) && !place.starts_with("crates/xtask")
            })
            .cloned()
            .collect();
        none(&format!("{exception} belongs to {files:?}"), &elsewhere);
        for file in files {
            let found = places.iter().any(|place| place.starts_with(file));
            assert!(found, "{exception} was not found in {file}: is this test blind?");
        }
    }
}

#[test]
fn only_one_module_connects_and_only_one_starts_scanners() {
    for (sign, file) in [
        ("TcpStream::connect", "crates/shindan-probe/src/connection.rs"),
        ("to_socket_addrs", "crates/shindan-probe/src/connection.rs"),
        ("Command::new(", "crates/shindan-probe/src/scanners/process/mod.rs"),
        ("ureq::", "crates/shindan-fetch/src/"),
    ] {
        let places = of_all(|line| line.contains(sign) && !line.contains("clap::"));
        let elsewhere: Vec<String> = places
            .iter()
            .filter(|place| !place.starts_with(file) && !place.starts_with("crates/xtask"))
            .cloned()
            .collect();
        none(&format!("{sign} belongs to {file}"), &elsewhere);
        assert!(!places.is_empty(), "{sign} was not found: is this test blind?");
    }
}

/// The server for people, and the source that tests play. (A test may listen where it likes; it is not looked at here.)
#[test]
fn only_the_server_and_the_mirror_listen() {
    let allowed = ["crates/shindan-server/src/serve.rs", "crates/shindan-mirror/src/"];
    let places = of_all(|line| line.contains("TcpListener"));
    for file in allowed {
        assert!(
            places.iter().any(|place| place.starts_with(file)),
            "{file} does not listen: is this test blind?"
        );
    }
    let elsewhere: Vec<String> = places
        .into_iter()
        .filter(|place| {
            !allowed.iter().any(|file| place.starts_with(file)) && !place.starts_with("crates/xtask")
        })
        .collect();
    none("only the server and the mirror of the tests listen", &elsewhere);
}

/// CI turns warnings into errors, so what matters is that each lint is on and that nobody turns it off.
#[test]
fn lints_against_panics_and_missing_documents_are_on_everywhere() {
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("readable");
    for lint in ["missing_docs", "unwrap_used", "expect_used", "panic", "all"] {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{lint} =")));
        assert!(line.is_some_and(|l| l.contains("warn") || l.contains("deny")), "{lint} is on");
    }
    for lint in ["unsafe_code", "unused_must_use", "todo", "unimplemented", "dbg_macro", "disallowed_methods"]
    {
        assert!(workspace.contains(&format!("{lint} = \"deny\"")), "{lint} is denied");
    }
    for package in packages() {
        let manifest = std::fs::read_to_string(root().join("crates").join(&package).join("Cargo.toml"));
        let manifest = manifest.expect("readable");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package} uses the lints of the workspace");
    }
    let off = |line: &str| {
        line.contains("allow(")
            && ["unwrap_used", "expect_used", "panic", "missing_docs", "todo", "clippy::all", "warnings"]
                .iter()
                .any(|lint| line.contains(lint))
    };
    let shipped: Vec<String> = of_all(off).into_iter().filter(|p| !p.starts_with("crates/xtask")).collect();
    none("a lint is turned off in what ships", &shipped);
}

/// Clippy misses what these do in silence.
#[test]
fn nothing_that_ships_stops_on_purpose() {
    let stops = [
        "unreachable!(",
        "std::process::exit",
        "process::abort",
        "unwrap_unchecked",
        "assert!(",
        "assert_eq!(",
    ];
    let all = of_all(|line| stops.iter().any(|stop| line.contains(stop)) && !line.contains("debug_assert"));
    let shipped: Vec<String> = all.into_iter().filter(|p| !p.starts_with("crates/xtask")).collect();
    none("this ends the program on some input", &shipped);
}

#[test]
fn no_format_knows_another() {
    for kind in ["advisory", "inventory"] {
        let sources: Vec<Source> = shipped("shindan-formats");
        let folder = format!("crates/shindan-formats/src/{kind}/");
        let format_of = |name: &str| Some(name.strip_prefix(&folder)?.split_once('/')?.0.to_owned());
        let mut formats: Vec<String> = sources.iter().filter_map(|source| format_of(&source.name)).collect();
        formats.sort();
        formats.dedup();
        // Parts that several formats took over from one another are shared on purpose.
        formats.retain(|format| !matches!(format.as_str(), "cve_record" | "microsoft"));
        assert!(formats.len() >= 4, "{formats:?}");
        for source in &sources {
            let Some(own) = format_of(&source.name) else { continue };
            for other in formats.iter().filter(|format| **format != own) {
                let names =
                    [format!("super::{other}::"), format!("{kind}::{other}::"), format!("super::{other};")];
                let known = source.places(|line| names.iter().any(|name| line.contains(name.as_str())));
                none(&format!("{own} must not know {other}"), &known);
            }
        }
    }
}

#[test]
fn words_are_not_in_the_code_that_runs_the_program() {
    let japanese = |line: &str| line.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c));
    // What the people of the demo's hospital write is content, as the files of `crates/shindan-app/demo` are.
    let is_content = |source: &Source| {
        [
            "assessments.rs",
            "cast.rs",
            "collection.rs",
            "days.rs",
            "devices.rs",
            "lately.rs",
            "story.rs",
            "vendor.rs",
        ]
        .iter()
        .any(|name| source.name.ends_with(&format!("src/demo/{name}")))
    };
    let sources = ["shindan", "shindan-app"].iter().flat_map(|package| shipped(package));
    let places: Vec<String> =
        sources.filter(|source| !is_content(source)).flat_map(|source| source.places(japanese)).collect();
    none("words belong to crates/shindan-report/words", &places);
}

#[test]
fn functions_fit_a_screen() {
    for source in packages().iter().flat_map(|package| shipped(package)) {
        let mut open: Option<(usize, String)> = None;
        for (number, line) in &source.lines {
            let indent: String = line.chars().take_while(|c| *c == ' ').collect();
            let rest = line.trim_start();
            let begins = rest.starts_with("fn ")
                || (rest.contains(" fn ") && (rest.starts_with("pub") || rest.starts_with("const ")));
            if begins && !rest.ends_with(['}', ';']) {
                open = Some((*number, format!("{indent}}}")));
            } else if let Some((start, end)) = open.as_ref().filter(|(_, end)| line == end) {
                let length = number - start + 1;
                assert!(length <= 80, "{}:{start}: {length} lines (to \"{end}\"); split it", source.name);
                open = None;
            }
        }
    }
}

#[test]
fn names_say_what_things_are() {
    let lazy = |line: &str| {
        ["mod utils", "mod util;", "mod helpers", "mod misc", "mod common;"]
            .iter()
            .any(|name| line.contains(name))
            || (line.contains("type ") && (line.ends_with("= String;") || line.ends_with("= &'static str;")))
    };
    none("a name that says nothing, or a notion without a type", &of_all(lazy));
}

#[test]
fn every_crate_says_what_must_not_happen_in_it() {
    for package in packages() {
        let folder = root().join("crates").join(&package).join("src");
        let library = folder.join("lib.rs");
        let head = if library.exists() { library } else { folder.join("main.rs") };
        let text = std::fs::read_to_string(&head).expect("readable");
        let documentation: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
        assert!(documentation.len() > 100, "{package} says what it is for");
        assert!(
            package == "xtask" || documentation.contains("Invariants"),
            "{package} states its invariants"
        );
    }
}

#[test]
fn versions_of_dependencies_stand_in_one_place() {
    for package in packages() {
        let manifest = root().join("crates").join(&package).join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).expect("readable");
        let mut dependencies = false;
        for line in text.lines() {
            if line.starts_with('[') {
                dependencies = line.contains("dependencies");
            } else if dependencies && line.contains('=') && !line.starts_with('#') {
                assert!(
                    line.contains("workspace"),
                    "{package}: put this into [workspace.dependencies]: {line}"
                );
            }
        }
    }
}

/// A history that shows `case.opened` instead of words is not for people: every variant of every event has words in both languages.
/// `process/coding.rs` says why; an enum with a tag of its own would be taken for one event called `type`.
#[test]
fn events_leave_name_and_data_to_the_ledger() {
    let tagged: Vec<String> = shipped("shindan-domain")
        .iter()
        .flat_map(|source| source.places(|line| line.contains("content = \"data\"")))
        .collect();
    none("these have a tag beside the ledger's", &tagged);
}

#[test]
fn every_event_of_every_history_has_words() {
    let sources = shipped("shindan-domain");
    let lines: Vec<&str> =
        sources.iter().flat_map(|source| source.lines.iter().map(|(_, line)| line.as_str())).collect();
    let named =
        sources.iter().find(|source| source.name.ends_with("src/ledger/entry.rs")).expect("kinds are named");
    let kinds: Vec<&str> = named.lines.iter().map(|(_, line)| line.as_str()).collect();
    let words = |lang: &str| -> String {
        let folder = root().join("crates/shindan-report/words");
        let files = std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path());
        let own = files.filter(|path| path.to_string_lossy().ends_with(&format!(".{lang}.ftl")));
        own.map(|path| std::fs::read_to_string(path).expect("readable")).collect::<Vec<_>>().join("\n")
    };
    let words = [words("ja"), words("en")];
    let kebab = |name: &str| {
        let mut text = String::new();
        for character in name.chars() {
            if character.is_uppercase() && !text.is_empty() {
                text.push('-');
            }
            text.extend(character.to_lowercase());
        }
        text
    };
    let (mut kind, mut seen, mut missing) = (String::new(), 0, Vec::new());
    for line in &lines {
        if let Some(rest) = line.trim().strip_prefix("const KIND: Kind = ") {
            // Master data of several kinds has one kind of event, whose words are looked at by the tests of each kind.
            let name = rest.strip_prefix("Kind::").map(|name| format!("{} = \"", name.trim_end_matches(';')));
            let stated = name.and_then(|name| kinds.iter().find_map(|line| line.trim().strip_prefix(&name)));
            kind = stated.and_then(|text| text.split('"').next()).unwrap_or_default().to_owned();
        }
        let Some(event) = line.trim().strip_prefix("type Event = ") else { continue };
        if kind.is_empty() {
            continue;
        }
        let name = event.trim_end_matches(';');
        let begin = format!("pub enum {name} {{");
        let Some(at) = lines.iter().position(|line| *line == begin) else { continue };
        for variant in lines.iter().skip(at + 1).take_while(|line| **line != "}") {
            let own =
                variant.strip_prefix("    ").filter(|own| own.starts_with(|c: char| c.is_ascii_uppercase()));
            let Some(own) = own else { continue };
            let called: String = own.chars().take_while(char::is_ascii_alphanumeric).collect();
            let key = format!("event-{kind}-{}", kebab(&called));
            seen += 1;
            let known = |words: &String| words.lines().any(|line| line.starts_with(&format!("{key} =")));
            if !words.iter().all(known) {
                missing.push(key);
            }
        }
    }
    assert!(seen > 100, "the events were found: {seen}");
    none("these events have no words", &missing);
}
