//! Every form of an answer, on the demo's data and the real executable: what it is, how it ends, where it goes.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use common::{Folder, Said, command, follows, run, said, text};
use serde_json::Value;

const FORMS: [&str; 8] = ["table", "json", "jsonl", "html", "csv", "xlsx", "sarif", "cyclonedx-vex"];
/// The time of the demo.
const NOW: &str = "2024-10-15T00:00:00Z";

/// Inventory and knowledge of the demo, made once for all tests of this file.
struct Demo {
    folder: PathBuf,
}

impl Demo {
    fn get() -> &'static Demo {
        static DEMO: OnceLock<Demo> = OnceLock::new();
        DEMO.get_or_init(|| {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("forms-demo");
            run(["demo", text(&folder)]).ends(0);
            Demo { folder }
        })
    }

    fn inventory(&self) -> PathBuf {
        self.folder.join("inventory")
    }

    /// `check` of the demo in a form, with more arguments.
    fn arguments(&self, form: &str, more: &[&str]) -> Vec<String> {
        let (inventory, data) = (self.inventory(), self.folder.join("data"));
        let base = ["check", text(&inventory), "--data-dir", text(&data), "--now", NOW, "--format", form];
        base.iter().chain(more).map(|argument| (*argument).to_owned()).collect()
    }

    fn check(&self, form: &str, more: &[&str]) -> Said {
        run(self.arguments(form, more))
    }

    fn bytes(&self, form: &str) -> Output {
        command(self.arguments(form, &[])).output().unwrap()
    }

    fn json(&self) -> Value {
        self.check("json", &[]).ends(0).json()
    }
}

fn count(value: &Value, key: &str) -> usize {
    value[key].as_array().unwrap_or_else(|| panic!("no {key}")).len()
}

#[test]
fn json_opens_with_coverage() {
    let answer = Demo::get().check("json", &[]).ends(0);
    follows("check-1.json", &answer.json());
    assert!(answer.stdout.find("\"coverage\":").unwrap() < answer.stdout.find("\"findings\":[").unwrap());
    let table = Demo::get().check("table", &["--lang", "en"]).ends(0).stdout;
    let third = table.lines().nth(2).unwrap();
    assert!(third.starts_with("Coverage: "), "{table}");
    let page = Demo::get().check("html", &["--lang", "en"]).ends(0).stdout;
    assert!(page.find("Coverage: ").unwrap() < page.find("<h2>").unwrap());
}

/// The same as in JSON, but for the order: first with which knowledge, then what was found, in the end how much was covered.
#[test]
fn lines_tell_what_json_tells() {
    let demo = Demo::get();
    let whole = demo.json();
    let said = demo.check("jsonl", &[]).ends(0).stdout;
    let mut lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        follows("check-lines-1.json", line);
    }
    let mut last = lines.pop().unwrap();
    let first = lines.remove(0);
    assert_eq!((&first["line"], &last["line"]), (&"begin".into(), &"end".into()));
    assert_eq!((&first["as_of"], &first["knowledge"]), (&whole["as_of"], &whole["knowledge"]));
    last.as_object_mut().unwrap().remove("line");
    for (key, value) in last.as_object().unwrap() {
        assert_eq!(value, &whole[key], "{key}");
    }
    assert_eq!(last.as_object().unwrap().len(), 5);
    for (kind, key) in
        [("finding", "findings"), ("not-affected", "not_affected"), ("undetermined", "undetermined")]
    {
        let mut told: Vec<String> =
            lines.iter().filter(|line| line["line"] == kind).map(without_kind).collect();
        let mut expected: Vec<String> = whole[key].as_array().unwrap().iter().map(Value::to_string).collect();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{key}");
    }
    assert!(count(&whole, "findings") > 0 && count(&whole, "undetermined") > 0);
}

/// Thousands of devices with their systems are judged in several parts, one of which ends between a device and its system: what is counted is
/// the same.
#[test]
fn lines_of_several_parts_count_what_json_counts() {
    let (demo, folder) = (Demo::get(), Folder::new());
    let mut ledger = "管理番号,種別,メーカー,型番,バージョン,OS\nA-0,端末,メーカー,機種,1,\n".to_owned();
    for number in 1..9_000 {
        ledger.push_str(&format!("A-{number},端末,メーカー,機種,1,Windows 10\n"));
    }
    let (path, data) = (folder.write("ledger.csv", ledger), demo.folder.join("data"));
    let arguments = ["check", text(&path), "--data-dir", text(&data), "--now", NOW, "--format"];
    let answer = |form| run(arguments.iter().copied().chain([form])).ends(0);
    let whole = answer("json").json();
    let said = answer("jsonl").stdout;
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!((&first["line"], &last["line"]), (&"begin".into(), &"end".into()));
    for key in ["coverage", "summary", "inputs", "evidence", "remarks"] {
        assert_eq!(last[key], whole[key], "{key}");
    }
    let told: Vec<&str> = lines.iter().filter(|line| line["line"] == "undetermined").map(pointer).collect();
    let expected: Vec<&str> = whole["undetermined"].as_array().unwrap().iter().map(pointer).collect();
    assert!(told.len() > 16_384, "more than two parts: {}", told.len());
    assert_eq!(told, expected, "in the same order");
}

fn pointer(entry: &Value) -> &str {
    entry["component"]["pointer"].as_str().unwrap()
}

/// How a check ends does not depend on whether somebody reads to the end.
#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_changes_no_exit_code() {
    for form in ["json", "jsonl"] {
        let mut child = command(Demo::get().arguments(form, &["--fail-on", "immediate"]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        drop(child.stdout.take());
        assert_eq!(said(child.wait_with_output().unwrap()).ends(1).stderr, "", "{form}");
    }
}

fn without_kind(line: &Value) -> String {
    let mut line = line.clone();
    line.as_object_mut().unwrap().remove("line");
    line.to_string()
}

/// Without knowledge there is no line at all, nor a file that looks like an answer.
#[test]
fn lines_without_knowledge_are_none() {
    let (demo, folder) = (Demo::get(), Folder::new());
    let (data, output) = (folder.path().join("none"), folder.path().join("answer.jsonl"));
    let inventory = demo.inventory();
    let arguments = ["check", text(&inventory), "--data-dir", text(&data), "--format", "jsonl"];
    let said = run(arguments).ends(4);
    assert_eq!(said.stdout, "");
    run(arguments.iter().copied().chain(["--output", text(&output)])).ends(4);
    assert!(!output.exists());
}

#[test]
fn csv_has_a_row_for_everything() {
    let answer = Demo::get().json();
    for (lang, coverage, finding, undetermined) in
        [("ja", "調査の範囲,", "該当,", "判定不能,"), ("en", "Coverage,", "Finding,", "Undetermined,")]
    {
        let csv = Demo::get().check("csv", &["--lang", lang]).ends(0).stdout;
        assert!(csv.starts_with('\u{feff}'), "a byte order mark for Excel");
        assert!(csv.lines().nth(1).unwrap().starts_with(coverage));
        let rows = |start: &str| csv.matches(&format!("\r\n{start}")).count();
        assert_eq!(rows(finding), count(&answer, "findings"));
        assert_eq!(rows(undetermined), count(&answer, "undetermined"));
    }
}

#[test]
fn who_has_csv_too() {
    let demo = Demo::get();
    let (inventory, data) = (demo.inventory(), demo.folder.join("data"));
    let who = |form: &str| {
        let base = ["who", "CVE-2024-21762", text(&inventory), "--data-dir", text(&data), "--now", NOW];
        run(base.iter().chain(&["--format", form])).ends(0)
    };
    let findings = count(&who("json").json(), "findings");
    assert!(findings > 0);
    assert_eq!(who("csv").stdout.matches("\r\n該当,").count(), findings);
}

#[test]
fn sarif_has_a_result_for_everything() {
    let answer = Demo::get().json();
    let sarif = Demo::get().check("sarif", &[]).ends(0).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(count(run, "results"), count(&answer, "findings") + count(&answer, "undetermined"));
    assert_eq!(run["invocations"][0]["exitCode"], 0);
    let first = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(first["descriptor"]["id"], "coverage");
}

#[test]
fn sarif_tells_the_exit_code_that_follows() {
    let demo = Demo::get();
    let failed = demo.check("sarif", &["--fail-on", "immediate"]).ends(1).json();
    let invocation = &failed["runs"][0]["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&1.into(), &true.into()));
    let folder = Folder::new();
    let broken = folder.write("broken.json", "{\"bomFormat\":\"CycloneDX\",");
    let unreadable = demo.check("sarif", &[text(&broken)]).ends(3).json();
    let invocation = &unreadable["runs"][0]["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&3.into(), &false.into()));
    let stale = demo.check("sarif", &["--max-age", "0"]).ends(4).json();
    assert_eq!(stale["runs"][0]["invocations"][0]["exitCode"], 4);
}

/// The document lists what was found as components: checked again, it gives the same packages and vulnerabilities.
#[test]
fn vex_is_an_inventory_that_gives_the_same_answer() {
    let demo = Demo::get();
    let folder = Folder::new();
    let vex = folder.join("answer.vex.json");
    demo.check("cyclonedx-vex", &["--output", text(&vex)]).ends(0);
    let data = demo.folder.join("data");
    let again = run(["check", text(&vex), "--data-dir", text(&data), "--now", NOW, "--format", "json"]);
    let packages = |answer: &Value| -> std::collections::BTreeSet<(String, String)> {
        let findings = answer["findings"].as_array().unwrap().iter();
        findings
            .filter_map(|finding| {
                let purl = finding["component"]["purl"].as_str()?;
                Some((purl.to_owned(), finding["vulnerability"].as_str()?.to_owned()))
            })
            .collect()
    };
    let wanted = packages(&demo.json());
    assert!(wanted.len() > 5);
    assert_eq!(packages(&again.ends(0).json()), wanted);
}

#[test]
fn a_workbook_is_a_workbook() {
    let output = Demo::get().bytes("xlsx");
    assert_eq!(output.status.code(), Some(0));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(output.stdout)).unwrap();
    let mut book = String::new();
    archive.by_name("xl/workbook.xml").unwrap().read_to_string(&mut book).unwrap();
    for sheet in ["概要", "まず対応するもの", "該当一覧", "判定不能", "情報機器等", "情報源", "根拠"]
    {
        assert!(book.contains(&format!("name=\"{sheet}\"")), "{sheet}");
    }
}

/// A workbook on a terminal would be noise; `script` gives the program one.
#[test]
#[cfg(target_os = "linux")]
fn a_workbook_is_not_shown_on_a_terminal() {
    let arguments = Demo::get().arguments("xlsx", &[]);
    let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    let line = format!("{} {}", env!("CARGO_BIN_EXE_shindan"), quoted.join(" "));
    let ran = Command::new("script").args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).output();
    let Ok(output) = ran else {
        eprintln!("SKIPPED: there is no `script` to give the program a terminal");
        return;
    };
    assert_eq!(output.status.code(), Some(2));
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("--output") && !shown.contains("PK\u{3}\u{4}"), "{shown}");
}

/// A file is there whole or not at all, in every form; an older one stays if the new one cannot be made.
#[test]
fn files_are_replaced_at_once() {
    let demo = Demo::get();
    let folder = Folder::new();
    for form in FORMS {
        let file = folder.write(&format!("answer.{form}"), "older");
        demo.check(form, &["--output", text(&file)]).ends(0);
        let written = std::fs::read(&file).unwrap();
        assert!(written.len() > 1_000, "{form}");
        assert_ne!(written, b"older");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{form} leaves nothing beside it");
        std::fs::remove_file(&file).unwrap();
        let nowhere = folder.join("no/such/answer");
        demo.check(form, &["--output", text(&nowhere)]).ends(3).complains(&["answer"]);
    }
    // An older answer survives a run that cannot be finished: the knowledge is missing.
    let file = folder.write("kept.xlsx", "older");
    let (inventory, missing) = (demo.inventory(), folder.join("no-data"));
    for form in FORMS {
        let arguments = ["check", text(&inventory), "--data-dir", text(&missing), "--format", form];
        run(arguments.iter().chain(&["--output", text(&file)])).ends(4);
        assert_eq!(std::fs::read(&file).unwrap(), b"older", "{form}");
    }
}

/// `| head` in every form: no message, no failure.
#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_error() {
    for form in FORMS {
        let mut child = command(Demo::get().arguments(form, &[]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        drop(child.stdout.take());
        let said = said(child.wait_with_output().unwrap()).ends(0);
        assert_eq!(said.stderr, "", "{form}");
    }
}

/// A full disk is told, in every form.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    for form in FORMS {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(Demo::get().arguments(form, &[])).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{form}");
        assert!(!output.stderr.is_empty(), "{form}");
    }
}

/// The same question gives the same bytes, in every form.
#[test]
fn answers_are_deterministic() {
    for form in FORMS {
        assert!(Demo::get().bytes(form).stdout == Demo::get().bytes(form).stdout, "{form}");
    }
}

#[test]
fn a_form_that_is_none_is_wrong_usage() {
    run(Demo::get().arguments("pdf", &[])).ends(2).complains(&["cyclonedx-vex", "xlsx"]);
}
