//! The contract of the command line, on the real executable: commands, options, forms, exit codes, streams, languages.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use std::io::Read;
use std::process::Stdio;

use common::{Folder, NOW, check, command, data, follows, knowledge, run, run_with_input, said, text, zip};
use serde_json::Value;

fn vulnerabilities(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().unwrap().iter().map(|f| f["vulnerability"].as_str().unwrap()).collect()
}

#[test]
fn a_base_is_built_from_files_folders_and_archives_in_any_mixture() {
    let folder = Folder::new();
    let kev = std::fs::read(data("more/kev.json")).unwrap();
    let pysec = std::fs::read(data("advisories/pysec.json")).unwrap();
    let archive = folder.write("all.zip", zip(&[("in/PYSEC.json", &pysec), ("kev.json", &kev)]));
    let nested = folder.join("advisories/deeper");
    std::fs::create_dir_all(&nested).unwrap();
    std::fs::copy(data("advisories/rustsec.json"), nested.join("without-extension")).unwrap();
    let data_dir = folder.join("data");
    let built = run([
        "kb",
        "build",
        text(&data("advisories/ghsa.json")),
        text(&archive),
        text(&folder.join("advisories")),
        "--data-dir",
        text(&data_dir),
    ])
    .ends(0);
    assert!(built.stdout.contains("GitHub") && built.stdout.contains("PyPA"), "{built}");
    let answer = check(&data_dir, &data("inventories/bom.json"), &[]).ends(0).json();
    assert_eq!(vulnerabilities(&answer), ["CVE-2024-11111", "CVE-2024-22222", "PYSEC-2024-9002"]);
    assert!(!answer["findings"][0]["kev"].is_null());
}

#[test]
fn a_build_replaces_and_add_extends() {
    let folder = Folder::new();
    let data_dir = folder.join("data");
    let build = |more: &[&str]| run(["kb", "build", "--data-dir", text(&data_dir)].iter().chain(more));
    let shown = |id: &str| run(["kb", "show", id, "--data-dir", text(&data_dir), "--format", "json"]);
    build(&[text(&data("advisories/ghsa.json"))]).ends(0);
    build(&["--add", text(&data("advisories/rustsec.json"))]).ends(0);
    shown("cve-2024-11111").ends(0);
    shown("CVE-2024-22222").ends(0);
    build(&[text(&data("advisories/pysec.json"))]).ends(0);
    shown("CVE-2024-11111").ends(4).complains(&["CVE-2024-11111"]);
    shown("PYSEC-2024-9002").ends(0);
    let status = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    follows("kb-status-1.json", &status);
    assert_eq!((&status["generation"], &status["advisories"]), (&3.into(), &1.into()));
    // What is added again counts once.
    build(&["--add", text(&data("advisories/pysec.json"))]).ends(0);
    let again = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    assert_eq!((&again["documents"], &again["sources"]), (&1.into(), &status["sources"]));
    // A build of which nothing can be read leaves everything as it was.
    let empty = folder.write("empty.json", "");
    build(&[text(&empty)]).ends(3).complains(&["empty.json"]);
    shown("PYSEC-2024-9002").ends(0);
    // There is nothing to add to; nothing is made.
    let elsewhere = folder.join("elsewhere");
    run(["kb", "build", "--add", "--data-dir", text(&elsewhere), text(&data("advisories"))]).ends(4);
    assert!(!elsewhere.exists());
}

#[test]
fn one_to_one_identifiers_are_aliases_and_the_cve_is_the_name() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let answer = check(&data_dir, &data("inventories"), &[]).ends(0).json();
    follows("check-1.json", &answer);
    for finding in answer["findings"].as_array().unwrap() {
        let aliases: Vec<&str> =
            finding["aliases"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        let name = finding["vulnerability"].as_str().unwrap();
        assert!(aliases.contains(&name), "{finding:#}");
        let has_cve = aliases.iter().any(|a| a.starts_with("CVE-"));
        assert_eq!(name.starts_with("CVE-"), has_cve, "{finding:#}");
        assert!(!finding["path"].as_array().unwrap().is_empty(), "{finding:#}");
        for key in ["method", "identifier", "range", "source", "confidence"] {
            assert!(!finding["basis"][key].as_str().unwrap().is_empty(), "{key} of {finding:#}");
        }
    }
    let crate_finding = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["vulnerability"] == "CVE-2024-22222")
        .expect("the crate is hit");
    let mut aliases: Vec<&str> =
        crate_finding["aliases"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    aliases.sort_unstable();
    assert_eq!(aliases, ["CVE-2024-22222", "GHSA-5555-6666-7777", "RUSTSEC-2024-9001"]);
    assert_eq!(crate_finding["advisories"], serde_json::json!(["RUSTSEC-2024-9001"]));
    assert_eq!(crate_finding["fixed_versions"], serde_json::json!(["2.0.0"]));
    // Any of the identifiers leads to the same vulnerability, in any case.
    for id in ["CVE-2024-22222", "rustsec-2024-9001", "Ghsa-5555-6666-7777"] {
        let shown = run(["kb", "show", id, "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
        follows("kb-show-1.json", &shown);
        assert_eq!(shown["id"], "CVE-2024-22222");
    }
}

#[test]
fn who_gives_the_findings_of_check_for_one_vulnerability() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let inventories = data("inventories");
    let whole = check(&data_dir, &inventories, &[]).ends(0).json();
    for id in ["CVE-2024-33333", "EXM-2024-01", "GHSA-2222-3333-4444", "JVNDB-2024-900001", "PYSEC-2024-9002"]
    {
        let who =
            ["who", id, "--data-dir", text(&data_dir), "--now", NOW, "--format", "json", text(&inventories)];
        let answer = run(who).ends(0).json();
        follows("check-1.json", &answer);
        let names = vulnerabilities(&answer);
        assert_eq!(names.len(), 1, "{id}: {names:?}");
        let same: Vec<&Value> = whole["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["vulnerability"].as_str() == Some(names[0]))
            .collect();
        assert_eq!(same, answer["findings"].as_array().unwrap().iter().collect::<Vec<_>>());
    }
    run(["who", "CVE-1999-0001", "--data-dir", text(&data_dir), text(&data("inventories"))])
        .ends(4)
        .complains(&["CVE-1999-0001"]);
}

#[test]
fn export_shows_every_advisory_as_show_does() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let exported = run(["kb", "export", "--data-dir", text(&data_dir), "--format", "jsonl"]).ends(0);
    let lines: Vec<Value> = exported.stdout.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines.len(), 6);
    let mut sources = Vec::new();
    for line in &lines {
        follows("kb-show-1.json", line);
        for opinion in line["opinions"].as_array().unwrap() {
            sources.push(opinion["source"].as_str().unwrap().to_owned());
            for affected in opinion["affected"].as_array().unwrap() {
                let state = affected["state"].as_str().unwrap();
                assert!(["ranged", "all", "undetermined"].contains(&state), "{affected:#}");
            }
        }
    }
    sources.sort();
    assert_eq!(sources, ["CVE", "Example Medical", "GitHub", "JVN iPedia", "PyPA", "RustSec"]);
}

/// Device lists: headers in both languages, UTF-8 with and without byte order mark, CP932.
#[test]
fn device_lists_in_both_languages_and_all_encodings() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let whole = std::fs::read_to_string(data("inventories/devices.csv")).unwrap();
    let english = "asset_id,KIND,Maker,model,serial,firmware,place,zone,exposure,patched_by,support_end\n\
                   M-1,medical-device,Example Medical,Monitor X1,S1,3.1,ward,lan,internal,provider,2030-03-31\n\
                   M-2,medical-device,Example Medical,Monitor X2,S2,2.3,ward,lan,internal,provider,2030-03-31\n";
    let few = "model,maker,firmware\nMonitor X1,Example Medical,3.1\nMonitor X2,Example Medical,2.3\n";
    // メーカー,型番,バージョン in CP932
    let cp932 = [
        b"\x83\x81\x81\x5b\x83\x4a\x81\x5b,\x8c\x5e\x94\xd4,\x83\x6f\x81\x5b\x83\x57\x83\x87\x83\x93\r\n"
            .as_slice(),
        b"Example Medical,Monitor X1,3.1\r\nExample Medical,Monitor X2,2.3\r\n",
    ]
    .concat();
    let lists: [(&str, Vec<u8>); 5] = [
        ("ja.csv", whole.clone().into_bytes()),
        ("bom.csv", [b"\xef\xbb\xbf".as_slice(), whole.as_bytes()].concat()),
        ("en.csv", english.into()),
        ("few.csv", few.into()),
        ("cp932.csv", cp932),
    ];
    for (name, content) in lists {
        let path = folder.write(name, content);
        let answer = check(&data_dir, &path, &[]).ends(0).json();
        assert_eq!(vulnerabilities(&answer), ["CVE-2024-33333", "CVE-2024-44444"], "{name}");
        let assets: Vec<&Value> =
            answer["findings"].as_array().unwrap().iter().map(|f| &f["asset"]).collect();
        if name != "few.csv" && name != "cp932.csv" {
            assert_eq!(assets, ["M-1", "M-2"], "{name}");
        }
    }
}

#[test]
fn json_does_not_depend_on_the_language() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let broken = folder.write("broken.json", "{\"bomFormat\":\"CycloneDX\",");
    let both = |arguments: &[&str], code: i32| {
        let ja = run(arguments.iter().chain(&["--lang", "ja"])).ends(code);
        let en = run(arguments.iter().chain(&["--lang", "en"])).ends(code);
        assert_eq!(ja.stdout, en.stdout);
        ja.json()
    };
    let (dir, bom) = (text(&data_dir).to_owned(), data("inventories"));
    let answer =
        both(&["check", text(&bom), text(&broken), "--data-dir", &dir, "--format", "json", "--now", NOW], 3);
    follows("check-1.json", &answer);
    both(&["kb", "status", "--data-dir", &dir, "--format", "json"], 0);
    both(&["kb", "show", "CVE-2024-11111", "--data-dir", &dir, "--format", "json"], 0);
    let crosswalk = both(&["crosswalk", "show", "--format", "json"], 0);
    follows("crosswalk-1.json", &crosswalk);
}

#[test]
fn tables_and_reports_are_japanese_unless_asked_otherwise() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let inventories = data("inventories");
    let arguments = ["check", text(&inventories), "--data-dir", text(&data_dir), "--now", NOW];
    let ja = run(arguments).ends(0).stdout;
    assert!(ja.contains("部品・機器"), "{ja}");
    let en = run(arguments.iter().chain(&["--lang", "en"])).ends(0).stdout;
    assert!(en.contains("Undetermined") && !en.contains("部品・機器"), "{en}");
    let by_environment = said(command(arguments).env("SHINDAN_LANG", "en").output().unwrap()).ends(0).stdout;
    assert_eq!(by_environment, en);
    let page = run(arguments.iter().chain(&["--format", "html"])).ends(0).stdout;
    assert!(page.contains("<html lang=\"ja\""), "{page}");
    for lang in ["ja", "en"] {
        for format in ["table", "csv"] {
            assert!(
                !run(["crosswalk", "show", "--format", format, "--lang", lang]).ends(0).stdout.is_empty()
            );
        }
    }
}

#[test]
fn output_goes_to_a_file_and_streams_are_kept_apart() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let answer = folder.join("answer.json");
    let said = check(&data_dir, &data("inventories/bom.json"), &["--output", text(&answer)]).ends(0);
    assert_eq!(said.stdout, "");
    let written: Value = serde_json::from_slice(&std::fs::read(&answer).unwrap()).unwrap();
    assert_eq!(vulnerabilities(&written).len(), 3);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
    for format in ["table", "html"] {
        let output = folder.join(format);
        let inventories = data("inventories");
        let base = ["check", text(&inventories), "--data-dir", text(&data_dir)];
        run(base.iter().chain(&["--format", format, "--output", text(&output)])).ends(0);
        assert!(std::fs::metadata(&output).unwrap().len() > 500);
        assert!(!std::fs::read_to_string(&output).unwrap().contains('\u{1b}'), "no colour in files");
    }
    // Messages go to standard error; standard output stays one JSON document.
    let broken = folder.write("broken.json", "{");
    let said = check(&data_dir, &broken, &[]).ends(3).complains(&["broken.json"]);
    follows("check-1.json", &said.json());
    // What cannot be written is named.
    let nowhere = folder.join("no/such/answer.json");
    check(&data_dir, &data("inventories/bom.json"), &["--output", text(&nowhere)])
        .ends(3)
        .complains(&["answer.json"]);
}

#[test]
#[cfg(unix)]
fn a_device_as_output_is_written_to_and_a_link_is_followed() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let bom = data("inventories/bom.json");
    check(&data_dir, &bom, &["--output", "/dev/null"]).ends(0);
    let meta = std::fs::metadata("/dev/null").unwrap();
    assert!(!meta.is_file(), "the device was replaced by a file");
    let said = check(&data_dir, &bom, &["--output", "/dev/stdout"]).ends(0);
    assert_eq!(vulnerabilities(&said.json()).len(), 3);
    let target = folder.write("target.json", "old");
    let link = folder.join("link.json");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    check(&data_dir, &bom, &["--output", text(&link)]).ends(0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().starts_with('{'));
}

/// `| head` and streams that nobody reads or that are full.
#[test]
#[cfg(unix)]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let dir = text(&data_dir);
    let inventories = data("inventories");
    let cases: [&[&str]; 5] = [
        &["check", text(&inventories), "--data-dir", dir, "--format", "html", "--now", NOW],
        &["check", text(&inventories), "--data-dir", dir, "--format", "json", "--now", NOW],
        &["kb", "export", "--data-dir", dir, "--format", "jsonl"],
        &["crosswalk", "show"],
        &["cvss", "AV:N/AC:L/Au:N/C:P/I:P/A:P"],
    ];
    for arguments in cases {
        let mut child =
            command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        let said = said(child.wait_with_output().unwrap()).ends(0);
        assert_eq!(said.stderr, "", "{arguments:?}");
    }
    // Nobody reads standard error: the exit code still tells.
    let broken = folder.write("broken.json", "{");
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let arguments = ["check", text(&broken), "--data-dir", dir, "--format", "json"];
    said(command(arguments).stderr(full()).output().unwrap()).ends(3);
    let mut child = command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    // A full disk under standard output is told.
    said(command(cases[1]).stdout(full()).output().unwrap()).ends(3).complains(&["os error 28"]);
}

/// Each pair of the precedence 2, 4, 3, 1, 0.
#[test]
fn exit_codes_and_their_precedence() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let missing = folder.join("no-data");
    let broken = folder.write("broken.json", "{");
    let bom = data("inventories/bom.json");
    let clean = data("inventories/clean.json");
    let (fail, stale) = (["--fail-on", "scheduled"], ["--max-age", "1"]);
    let with = |paths: &[&std::path::Path], dir: &std::path::Path, more: &[&[&str]]| {
        let mut arguments = vec!["check"];
        arguments.extend(paths.iter().map(|p| text(p)));
        arguments.extend(["--data-dir", text(dir), "--now", NOW, "--format", "json"]);
        arguments.extend(more.iter().copied().flatten());
        run(arguments).code
    };
    assert_eq!(with(&[&bom], &data_dir, &[]), 0, "findings alone");
    assert_eq!(with(&[&bom], &data_dir, &[&fail]), 1);
    assert_eq!(with(&[&clean], &data_dir, &[&fail]), 0, "the condition is not met");
    assert_eq!(with(&[&broken], &data_dir, &[]), 3);
    assert_eq!(with(&[&bom], &data_dir, &[&stale]), 4);
    assert_eq!(with(&[&bom], &missing, &[]), 4);
    // 3 before 1, 4 before 3 and 1, 2 before all.
    assert_eq!(with(&[&bom, &broken], &data_dir, &[&fail]), 3);
    assert_eq!(with(&[&broken], &data_dir, &[&stale]), 4);
    assert_eq!(with(&[&broken], &missing, &[]), 4);
    assert_eq!(with(&[&bom], &data_dir, &[&stale, &fail]), 4);
    assert_eq!(with(&[&bom, &broken], &data_dir, &[&stale, &fail]), 4);
    let wrong = ["--fail-on", "soon"];
    assert_eq!(with(&[&bom], &missing, &[&wrong]), 2);
    assert_eq!(with(&[&broken], &data_dir, &[&wrong]), 2);
    assert_eq!(with(&[&bom], &data_dir, &[&fail, &wrong]), 2);
    assert_eq!(with(&[&clean], &data_dir, &[&wrong]), 2);
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    let cases: [&[&str]; 10] = [
        &[],
        &["no-such-verb"],
        &["check", "x"],
        &["check", "x", "--data-dir", "y", "--format", "pdf"],
        &["check", "x", "--data-dir", "y", "--now", "yesterday"],
        &["check", "x", "--data-dir", "y", "--max-age", "-1"],
        &["check", "x", "--data-dir", "y", "--lang", "fr"],
        &["version-order", "no-such-scheme"],
        &["cvss"],
        &["kb", "export", "--data-dir", "x"],
    ];
    for arguments in cases {
        let said = run(arguments).ends(2);
        assert_eq!(said.stdout, "", "{arguments:?}");
        assert!(!said.stderr.is_empty(), "{arguments:?}");
    }
    run(["--help"]).ends(0);
    run(["check", "--help"]).ends(0);
    run(["--version"]).ends(0);
}

#[test]
fn fail_on_takes_every_priority_and_undetermined() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    // One finding is out of cycle, two are scheduled.
    let bom = data("inventories/bom.json");
    let answer = check(&data_dir, &bom, &[]).json();
    assert_eq!(answer["summary"]["by_priority"]["out-of-cycle"], 1, "{answer:#}");
    for (value, code) in
        [("immediate", 0), ("out-of-cycle", 1), ("scheduled", 1), ("defer", 1), ("undetermined", 0)]
    {
        check(&data_dir, &bom, &["--fail-on", value]).ends(code);
    }
    check(&data_dir, &bom, &["--fail-on", "immediate", "--fail-on", "defer"]).ends(1);
    for value in ["immediate", "out-of-cycle", "scheduled", "defer", "undetermined"] {
        check(&data_dir, &data("inventories/clean.json"), &["--fail-on", value]).ends(0);
    }
    let unversioned = folder.write(
        "unversioned.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"example-pad","purl":"pkg:npm/example-pad"}]}"#,
    );
    let answer = check(&data_dir, &unversioned, &["--fail-on", "undetermined"]).ends(1).json();
    assert_eq!(answer["undetermined"][0]["code"], "version-missing");
    assert_eq!(answer["undetermined"][0]["vulnerability"], "CVE-2024-11111");
    check(&data_dir, &unversioned, &["--fail-on", "defer"]).ends(0);
}

#[test]
fn age_is_that_of_the_newest_document_at_the_given_time() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    // The newest document is of 2024-06-05 in Japan.
    let at = |now: &str, more: &[&str]| {
        let bom = data("inventories/bom.json");
        let base = ["check", text(&bom), "--data-dir", text(&data_dir), "--format", "json", "--now", now];
        run(base.iter().chain(more))
    };
    let fresh = at("2024-06-10T00:00:00Z", &["--max-age", "6"]).ends(0).json();
    assert_eq!(fresh["as_of"], "2024-06-10T00:00:00Z");
    assert_eq!(fresh["remarks"], serde_json::json!([]));
    let stale = at("2024-06-13", &["--max-age", "6", "--lang", "en"]).ends(4);
    assert_eq!(stale.json()["remarks"][0]["code"], "knowledge-stale");
    assert!(!stale.stderr.is_empty());
    assert_eq!(vulnerabilities(&stale.json()).len(), 3, "the answer is printed all the same");
    let allowed = at("2024-06-13T00:00:00+09:00", &["--max-age", "6", "--allow-stale"]).ends(0);
    assert_eq!(allowed.json()["remarks"][0]["code"], "knowledge-stale-allowed");
    assert!(!allowed.stderr.is_empty(), "it says so: {allowed}");
}

#[test]
fn version_order_knows_every_scheme() {
    let schemes = "semver npm cargo go pypi maven nuget gem composer deb rpm apk pub cran hackage generic";
    let ecosystems = "crates.io CRATES.IO PyPI pypi NPM Go Maven NuGet RubyGems rubygems Packagist Debian Debian:12 \
                      Ubuntu:22.04 Alpine Alpine:v3.19 AlmaLinux Pub CRAN Hackage Hex SwiftURL";
    let stems = "alpine-versions cran-versions debian-versions hackage-versions maven-versions nuget-versions \
                 packagist-versions pub-versions pypi-versions redhat-versions rubygems-versions semver-versions";
    let with_blanks = ["Red Hat", "Rocky Linux", "rocky linux:9", "SUSE", "openSUSE", "GitHub Actions"];
    let lines = b"// a comment\n# another\n\n1.0.0 < 2.0.0\n  1.2.3 = 1.2.3\r\n10.0.0 > 9.0.0\n";
    let names = [schemes, ecosystems, stems].into_iter().flat_map(str::split_whitespace).chain(with_blanks);
    for name in names {
        let said = run_with_input(&["version-order", name], lines).ends(0);
        assert_eq!(said.stdout.trim_end(), "3 passed, 0 failed", "{name}: {said}");
    }
    let said =
        run_with_input(&["version-order", "semver"], b"1.0.0 < 2.0.0\n2.0.0 < 1.0.0\nnonsense\n").ends(1);
    assert!(said.stdout.contains("2.0.0 < 1.0.0") && said.stdout.contains("nonsense"), "{said}");
    assert!(said.stdout.trim_end().ends_with("1 passed, 2 failed"), "{said}");
    assert_eq!(run_with_input(&["version-order", "deb"], b"").ends(0).stdout, "0 passed, 0 failed\n");
    run_with_input(&["version-order", "deb"], b"1 < \xff\n").ends(3);
}

#[test]
fn cvss_scores_arguments_and_standard_input() {
    let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let v2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P";
    let lines =
        |text: &str| -> Vec<Value> { text.lines().map(|l| serde_json::from_str(l).unwrap()).collect() };
    let said = run(["cvss", v3, v2]).ends(0);
    let scored = lines(&said.stdout);
    for line in &scored {
        follows("cvss-1.json", line);
    }
    assert_eq!((&scored[0]["score"], &scored[0]["version"]), (&9.8.into(), &"3.1".into()));
    assert_eq!(scored[1]["score"], 7.5);
    let mut input = format!("{v2}\n\nCVSS:3.1/AV:N\n").into_bytes();
    input.extend_from_slice(b"AV:N/\xff\n");
    input.extend(std::iter::repeat_n(b'A', 3 << 20));
    input.extend_from_slice(format!("\n{v3}").as_bytes());
    let said = run_with_input(&["cvss", "-"], &input).ends(3);
    let scored = lines(&said.stdout);
    assert_eq!(scored.len(), 5, "{said}");
    for line in &scored {
        follows("cvss-1.json", line);
    }
    let failed: Vec<bool> = scored.iter().map(|l| !l["error"].is_null()).collect();
    assert_eq!(failed, [false, true, true, true, false]);
    assert!(scored[3].to_string().len() < 20_000, "a long line is not repeated whole");
    assert!(scored[1]["score"].is_null());
}

#[test]
fn crosswalk_has_three_forms_and_takes_packs() {
    let json = run(["crosswalk", "show", "--format", "json"]).ends(0).json();
    follows("crosswalk-1.json", &json);
    for lang in ["ja", "en"] {
        let table = run(["crosswalk", "show", "--lang", lang]).ends(0).stdout;
        for row in ["②-2", "③-1", "④-1", "⑤-1"] {
            assert!(table.contains(row), "{row} {lang}");
        }
    }
    let csv = run(["crosswalk", "show", "--format", "csv"]).ends(0).stdout;
    assert!(csv.lines().count() > 5, "{csv}");
    let folder = Folder::new();
    let broken = folder.write("own.toml", "id = \n");
    run(["crosswalk", "show", "--pack", text(&broken)]).ends(3).complains(&["own.toml"]);
    run(["crosswalk", "show", "--pack", text(&folder.join("none.toml"))]).ends(3).complains(&["none.toml"]);
}

#[test]
fn no_color_and_color() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let inventories = data("inventories");
    let arguments = ["check", text(&inventories), "--data-dir", text(&data_dir), "--now", NOW];
    assert!(!run(arguments).stdout.contains('\u{1b}'), "no colour into a pipe");
    let always = run(arguments.iter().chain(&["--color", "always"])).ends(0).stdout;
    assert!(always.contains('\u{1b}'));
    let plain = said(command(arguments).env("NO_COLOR", "1").output().unwrap()).ends(0).stdout;
    assert_eq!(plain, run(arguments).stdout);
}

/// The same documents give the same bytes, and the order in which they are named changes nothing.
#[test]
fn builds_are_deterministic() {
    let folder = Folder::new();
    let files = ["advisories/ghsa.json", "advisories/rustsec.json", "advisories/pysec.json"];
    let more = ["more/kev.json", "more/epss.csv", "more/device.json", "more/jvn.xml", "more/cve.json"];
    // Two documents with the same date that say something different.
    let other = std::fs::read_to_string(data(files[0])).unwrap().replace("1.3.0", "1.2.0");
    let other = folder.write("other.json", other);
    let mut paths: Vec<String> = files.iter().chain(&more).map(|f| text(&data(f)).to_owned()).collect();
    paths.push(text(&other).to_owned());
    let build = |name: &str, paths: &[String]| {
        let dir = folder.join(name);
        let arguments = ["kb", "build", "--data-dir", text(&dir)].map(str::to_owned);
        run(arguments.iter().chain(paths)).ends(0);
        let answer = check(&dir, &data("inventories"), &[]).ends(0).json();
        let exported = run(["kb", "export", "--data-dir", text(&dir), "--format", "jsonl"]).ends(0).stdout;
        (std::fs::read(dir.join("kb/index-000001.kb")).unwrap(), answer, exported)
    };
    let (bytes, mut answer, exported) = build("first", &paths);
    paths.reverse();
    let (again, mut answer_again, exported_again) = build("second", &paths);
    assert_eq!(exported, exported_again);
    for answer in [&mut answer, &mut answer_again] {
        answer["knowledge"]["built_at"] = Value::Null;
    }
    assert_eq!(answer, answer_again);
    // The time of the build stands in the summary, which is the last section, and in checksums of the table: nothing
    // else may differ.
    let before_summary = |bytes: &[u8]| -> Vec<u8> {
        let mark = b"{\"summary\":{";
        let summary = bytes.windows(mark.len()).rposition(|w| w == mark).expect("summary");
        // The header tells how many sections the table behind it has, 32 bytes each.
        let sections = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
        bytes[24 + 32 * sections..summary].to_vec()
    };
    assert!(before_summary(&bytes) == before_summary(&again), "the order of the inputs shows in the index");
}

#[test]
fn the_demo_runs_in_an_empty_folder_and_spares_others() {
    let folder = Folder::new();
    let other = folder.write("mine/file.txt", "mine");
    run(["demo", text(other.parent().unwrap())]).ends(2).complains(&["mine"]);
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "mine");
    let demo = folder.join("demo");
    for _ in 0..2 {
        let said = run(["demo", text(&demo), "--lang", "en"]).ends(0);
        assert!(said.stdout.contains("report.html"), "{said}");
        assert!(std::fs::metadata(demo.join("report.html")).unwrap().len() > 10_000);
    }
    // What it says to try next works; the default folder is below the present one.
    let mut child = command(["demo"]).current_dir(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    let mut tried = 0;
    // Commands are shown with the name by which the program was called, so that they can be copied.
    let called = format!("  {} ", env!("CARGO_BIN_EXE_shindan"));
    for line in said.lines().filter_map(|l| l.strip_prefix(called.as_str())) {
        if line.contains("SBOM.json") {
            continue;
        }
        tried += 1;
        let output = command(line.split(' ')).current_dir(folder.path()).output().unwrap();
        // The one that shows what the gate blocks is refused, as the text beside it says.
        let expected = if line.starts_with("change gate") { 5 } else { 0 };
        assert_eq!(
            output.status.code(),
            Some(expected),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(tried >= 9, "{said}");
}
