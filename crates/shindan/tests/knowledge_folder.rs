//! The data folder through the real executable: damaged, missing, killed, two at once, read-only, full.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use common::{Folder, check, command, data, knowledge, run, text};

fn index_files(data_dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data_dir.join("kb")).expect("folder");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "kb"));
    paths.sort();
    paths
}

/// Every command that reads the knowledge base, in words that name what to do.
#[track_caller]
fn all_refuse(data_dir: &Path, named: &str) {
    let dir = text(data_dir);
    let bom = data("inventories/bom.json");
    let cases: [&[&str]; 5] = [
        &["check", text(&bom), "--data-dir", dir, "--format", "json"],
        &["who", "CVE-2024-11111", text(&bom), "--data-dir", dir],
        &["kb", "status", "--data-dir", dir],
        &["kb", "show", "CVE-2024-11111", "--data-dir", dir],
        &["kb", "export", "--data-dir", dir, "--format", "jsonl"],
    ];
    for arguments in cases {
        for lang in ["ja", "en"] {
            let said = run(arguments.iter().chain(&["--lang", lang])).ends(4);
            assert_eq!(said.stdout, "", "{arguments:?}");
            said.complains(&["shindan kb build", named]);
        }
    }
}

#[test]
fn a_missing_base_is_named_and_says_what_to_do() {
    let folder = Folder::new();
    all_refuse(&folder.join("none"), "none");
    std::fs::create_dir_all(folder.join("empty/kb")).unwrap();
    all_refuse(&folder.join("empty"), "empty");
}

#[test]
fn a_damaged_pointer_or_a_missing_generation() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let pointer = data_dir.join("kb/CURRENT");
    let good = std::fs::read(&pointer).unwrap();
    let damaged: [&[u8]; 6] = [
        b"",
        b"\0\0\0\0",
        b"generation",
        b"generation -1\n",
        b"\xff\xfe",
        b"generation 99999999999999999999\n",
    ];
    for content in damaged {
        std::fs::write(&pointer, content).unwrap();
        all_refuse(&data_dir, "CURRENT");
    }
    std::fs::write(&pointer, "generation 7\n").unwrap();
    all_refuse(&data_dir, "index-000007.kb");
    // Whatever the pointer says, building anew works and leaves what is there alone.
    std::fs::write(&pointer, "nonsense").unwrap();
    let before = std::fs::read(data_dir.join("kb/index-000001.kb")).unwrap();
    run(["kb", "build", "--add", "--data-dir", text(&data_dir), text(&data("advisories"))]).ends(4);
    assert_eq!(std::fs::read(data_dir.join("kb/index-000001.kb")).unwrap(), before);
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("advisories"))]).ends(0);
    assert_eq!(index_files(&data_dir), [data_dir.join("kb/index-000002.kb")]);
    assert_ne!(std::fs::read(&pointer).unwrap(), good);
    check(&data_dir, &data("inventories/bom.json"), &[]).ends(0);
}

#[test]
fn an_index_that_is_no_index_or_of_another_version() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let path = index_files(&data_dir).remove(0);
    let good = std::fs::read(&path).unwrap();
    for content in [b"".as_slice(), b"SHINDAN", b"not an index at all", &good[..20], &good[..good.len() / 2]]
    {
        std::fs::write(&path, content).unwrap();
        all_refuse(&data_dir, "index-000001.kb");
    }
    let mut newer = good;
    newer[8..12].copy_from_slice(&77_u32.to_le_bytes());
    std::fs::write(&path, newer).unwrap();
    all_refuse(&data_dir, "77");
}

/// A damaged byte in any section: an error that says "rebuild", or the same answer as before; never another answer.
#[test]
fn damage_in_every_section_is_noticed_or_harmless() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let path = index_files(&data_dir).remove(0);
    let good = std::fs::read(&path).unwrap();
    let inventories = data("inventories");
    let dir = text(&data_dir).to_owned();
    let ask: [&[&str]; 4] = [
        &["check", text(&inventories), "--data-dir", &dir, "--format", "json", "--now", common::NOW],
        &[
            "who",
            "CVE-2024-22222",
            text(&inventories),
            "--data-dir",
            &dir,
            "--format",
            "json",
            "--now",
            common::NOW,
        ],
        &["kb", "status", "--data-dir", &dir, "--format", "json"],
        &["kb", "export", "--data-dir", &dir, "--format", "jsonl"],
    ];
    let right: Vec<String> = ask.iter().map(|a| run(*a).ends(0).stdout).collect();
    let number = |at: usize| u64::from_le_bytes(good[at..at + 8].try_into().unwrap()) as usize;
    let count = u32::from_le_bytes(good[12..16].try_into().unwrap()) as usize;
    let (mut noticed, mut places) = (0, Vec::new());
    for entry in (0..count).map(|n| 24 + n * 32) {
        let (offset, length) = (number(entry + 8), number(entry + 16));
        places.push(entry);
        if length > 0 {
            places.extend([offset, offset + length / 2, offset + length - 1]);
        }
    }
    for place in places {
        let mut damaged = good.clone();
        damaged[place] ^= 0x55;
        std::fs::write(&path, &damaged).unwrap();
        for (arguments, right) in ask.iter().zip(&right) {
            let said = run(arguments.iter().chain(&["--lang", "en"]));
            match said.code {
                // Lines of an export that came before the damage were right.
                4 => {
                    noticed += 1;
                    assert!(right.starts_with(&said.stdout), "byte {place}: {said}");
                    said.complains(&["index-000001.kb", "Rebuild"]);
                }
                code => {
                    assert_eq!(code, 0, "byte {place}: {said}");
                    assert_eq!(&said.stdout, right, "byte {place} of {arguments:?} was damaged in silence");
                }
            }
        }
    }
    assert!(noticed > count * 4, "{noticed}");
    // Who asks how the knowledge base stands hears of any damage in its tables (those of updates are empty here).
    for section in [2, 4, 5, 7, 19] {
        let entry = (0..count).map(|n| 24 + n * 32).find(|at| good[*at] == section).expect("a table");
        let mut damaged = good.clone();
        damaged[number(entry + 8) + number(entry + 16) - 1] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        run(["kb", "status", "--data-dir", &dir, "--lang", "en"])
            .ends(4)
            .complains(&["index-000001.kb", "Rebuild"]);
    }
    // What `--add` would take along is verified, too.
    let mut damaged = good.clone();
    let advisories =
        (0..count).map(|n| 24 + n * 32).find(|entry| good[*entry] == 8).expect("section 8: advisories");
    let advisory = number(advisories + 8) + number(advisories + 16) / 2;
    damaged[advisory] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let more = data("more");
    run(["kb", "build", "--add", "--data-dir", &dir, text(&more)]).ends(4).complains(&["shindan kb build"]);
}

/// Enough documents that a build takes a while.
fn many_advisories(folder: &Folder) -> PathBuf {
    let pattern = std::fs::read_to_string(data("advisories/ghsa.json")).unwrap();
    for number in 0..400 {
        let one = pattern
            .replace("GHSA-2222-3333-4444", &format!("GHSA-2222-3333-{number:04}"))
            .replace("CVE-2024-11111", &format!("CVE-2024-{}", 50_000 + number));
        folder.write(&format!("many/{number}.json"), one);
    }
    folder.write("many/first.json", pattern);
    folder.join("many")
}

/// Builds are killed at many moments: the base is whole and readable after each.
#[test]
#[cfg(unix)]
fn a_killed_build_leaves_the_old_generation_readable() {
    let folder = Folder::new();
    let data_dir = folder.join("data");
    let many = many_advisories(&folder);
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("advisories"))]).ends(0);
    let mut killed = 0;
    for round in 0..40_u64 {
        let mut child = command(["kb", "build", "--data-dir", text(&data_dir), text(&many)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round * 3 % 97));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        // Either generation is whole, and both hold this one.
        let answer = check(&data_dir, &data("inventories/bom.json"), &[]).ends(0).json();
        assert!(answer["summary"]["findings"].as_u64().unwrap() >= 1, "{answer:#}");
    }
    assert!(killed > 0, "no build was killed");
    // What they left behind is gone after the next build, and the lock of a dead process holds nobody up.
    run(["kb", "build", "--data-dir", text(&data_dir), text(&many)]).ends(0);
    let names: Vec<String> = std::fs::read_dir(data_dir.join("kb"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|n| !n.contains("tmp-")), "{names:?}");
    assert!(names.iter().filter(|n| n.ends_with(".kb")).count() <= 2, "{names:?}");
}

/// Builds at the same time follow each other: none is lost, and a reader always finds a whole base.
#[test]
fn builds_at_the_same_time_take_turns() {
    let folder = Folder::new();
    let data_dir = folder.join("data");
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("advisories/ghsa.json"))]).ends(0);
    let parts = ["advisories/rustsec.json", "advisories/pysec.json", "more/device.json", "more/jvn.xml"];
    let mut children: Vec<_> = parts
        .iter()
        .map(|part| {
            command(["kb", "build", "--add", "--data-dir", text(&data_dir), text(&data(part))])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    while children.iter_mut().any(|c| c.try_wait().unwrap().is_none()) {
        check(&data_dir, &data("inventories/bom.json"), &[]).ends(0);
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let status = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    assert_eq!((&status["generation"], &status["advisories"]), (&5.into(), &5.into()), "{status:#}");
}

/// The folder is a file, or its place does not exist and cannot be made.
#[test]
fn a_data_folder_that_cannot_be_used() {
    let folder = Folder::new();
    let file = folder.write("file", "I am a file");
    let bom = data("inventories/bom.json");
    check(&file, &bom, &[]).ends(4).complains(&["file"]);
    run(["kb", "build", "--data-dir", text(&file), text(&data("advisories"))]).ends(3).complains(&["file"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "I am a file");
}

/// No room: the size of files is limited, as a full disk would. The old generation stays in force.
#[test]
#[cfg(unix)]
fn no_room_for_a_new_generation() {
    let folder = Folder::new();
    let data_dir = folder.join("data");
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("advisories"))]).ends(0);
    let many = many_advisories(&folder);
    // The signal is ignored, so that writing fails as it does on a full disk.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_shindan")])
        .args(["kb", "build", "--data-dir", text(&data_dir), text(&many), "--lang", "en"])
        .env_remove("SHINDAN_LANG")
        .output()
        .unwrap();
    common::said(output).ends(3).complains(&["index-"]);
    let answer = check(&data_dir, &data("inventories/bom.json"), &[]).ends(0).json();
    assert_eq!((&answer["knowledge"]["generation"], &answer["summary"]["findings"]), (&1.into(), &3.into()));
    let names: Vec<String> = std::fs::read_dir(data_dir.join("kb"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|n| !n.contains("tmp-")), "nothing is left behind: {names:?}");
}
